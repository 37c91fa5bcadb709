"""One check from its call to its verdict: what was handed in, the run beside the reference, what is kept of it."""

import math
from functools import partial, wraps

import numpy as np

from adamkit.practice import guard, judging, plays, progress, sandbox


def answered(check):
    """Makes a method ``check`` answer with a `Verdict` whatever it is called with, and whatever goes wrong.

    Random generators and libraries are afterwards as before. Only the reader's stop button gets through.
    """

    @wraps(check)
    def safe(self, *attempt, **options):
        try:
            with guard.randomness_kept():
                return check(self, *attempt, **options)
        except Exception as error:
            return judging.crashed_outside(sandbox.Crash.of(error))

    return safe


def misuse(exercise, attempt, seconds, seed, others):
    """The verdict on a call that is no call of ``check(attempt)``, or None."""
    if others:
        known = "seconds and seed"
        return judging.unusable(f"`check` has no argument {next(iter(others))!r}; beside the attempt it takes {known}.")
    if not attempt:
        return judging.not_attempted(exercise.key)
    if len(attempt) > 1:
        form = "one list, in square brackets" if exercise.is_value else "one attempt"
        return judging.unusable(f"`check` takes {form}; it was given {len(attempt)} values one after another.")
    if not _is_number(seconds) or not 0 < seconds < math.inf:
        return judging.unusable(f"seconds must be a number > 0; it is {judging.shown(seconds)}.")
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        return judging.unusable(f"seed must be a whole number >= 0; it is {judging.shown(seed)}.")
    return None


def _is_number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def judged(exercise, attempt, seconds, seed):
    """The verdict on an attempt that was handed in as it should be."""
    with guard.pristine():
        cases = list(exercise.cases(np.random.default_rng(seed)))
        expected = exercise.known(exercise.solution_code, cases, seed)
    outcome = _run(exercise, attempt, [*cases, cases[0]], seconds)
    found = outcome.values
    stuck = cases[len(found) % len(cases)]
    if outcome.timed_out:
        return judging.timed_out(seconds, stuck, outcome.still_running)
    if outcome.died:
        return judging.died(outcome.died, stuck)
    if outcome.crash:
        return judging.crashed_outside(outcome.crash)
    found += [found[-1]] * (len(cases) + 1 - len(found))
    for transcript, case in zip(found, [*cases, cases[0]], strict=True):
        transcript.case = case
    with guard.pristine():
        mistakes = [(mistake, partial(_played, exercise, mistake, cases, seed)) for mistake in exercise.mistakes]
        verdict = judging.judge(exercise, expected, found, mistakes)
    exercise.note_mistake(verdict)
    return progress.note_pass(exercise.key, verdict) if verdict.passed else verdict


def _played(exercise, mistake, cases, seed):
    return exercise.known(mistake.made, cases, seed)  # not before a verdict needs it: then it may be built


def _run(exercise, attempt, cases, seconds):
    """The outcome; once more in a thread where a library turns out not to work in a copied process."""
    outcome = sandbox.run(partial(_each, exercise, attempt, cases), seconds)
    if any(transcript.crash and transcript.crash.needs_no_fork for transcript in outcome.values):
        outcome = sandbox.run(partial(_each, exercise, attempt, cases), seconds, forked=False)
    return outcome


def _each(exercise, attempt, cases):
    for number, case in enumerate(cases):
        transcript = plays.play(exercise.how, attempt, case)
        yield transcript
        if (transcript.untouched and not number) or (transcript.crash and transcript.crash.kind == "MemoryError"):
            return  # a stub is a stub on every case, and filling the memory takes seconds each time
