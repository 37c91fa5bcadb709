"""A bug hunt's second question: not only where, but what should stand there. The repair is run and compared."""

from functools import partial
from itertools import combinations

import numpy as np

from adamkit.practice import guard, judging, programs, sandbox
from adamkit.practice.verdict import Verdict

#: Nearer than any bug comes to the right numbers; some programs work in float32.
CLOSE = {"rtol": 1e-5, "atol": 1e-7}


def judged(hunt, repairs, seconds):
    """The verdict on repairs: a dict {line: new text, "" to delete it}, or the whole program as text."""
    text, trouble = _text(hunt, repairs)
    if trouble:
        return judging.unusable(trouble)
    outcome = _run(hunt.program, text, seconds)
    if outcome.timed_out:
        return Verdict("error", f"Stopped: not done after {seconds:g} seconds")
    if outcome.crash or outcome.died or not outcome.values:
        crash = outcome.crash
        why = f"{crash.kind}: {' '.join(crash.message.split())}" if crash else outcome.died
        return Verdict("error", "Your program stopped with an error", f"> {why}" if why else "")
    (found,) = outcome.values
    return _verdict(hunt, found)


def _verdict(hunt, found):
    """What is left of the bugs, by the numbers that each set of them gives."""
    with guard.randomness_kept():
        if _same(found, programs.numbers(hunt.program, hunt.program.code)):
            names = " ".join(f"**{bug.name}**: {bug.why}" for bug in hunt.bugs)
            return Verdict("passed", f"Repaired: it gives the right numbers, all {len(found)} of them", names)
        for count in range(1, len(hunt.bugs) + 1):
            for left in combinations(hunt.bugs, count):
                if _same(found, programs.numbers(hunt.program, hunt.program.planted(left))):
                    done = len(hunt.bugs) - count
                    return Verdict("wrong", f"Not yet: {done} of {len(hunt.bugs)} repaired, the rest is as it was")
    return Verdict("wrong", "Not yet: it runs, and gives numbers that are neither the right ones nor the old ones")


def _same(found, numbers):
    return found.shape == numbers.shape and np.allclose(found, numbers, equal_nan=True, **CLOSE)


def _text(hunt, repairs):
    """(program, trouble)."""
    if isinstance(repairs, str):
        return repairs, ""
    if not isinstance(repairs, dict):
        return "", 'it takes a dict {line: new text}, such as {3: "x = 1"}, or the whole program as a text.'
    lines = hunt.lines
    for number, new in repairs.items():
        line = hunt.line(number)
        if line is None:
            return "", f"a repair is for a line, 1 to {len(lines)}; it was given {judging.shown(number)}."
        if not isinstance(new, str):
            return "", f"the new text of line {line} must be a text in quotes; it is {judging.shown(new)}."
        old = hunt.lines[line - 1]
        indent = "" if new[:1] in (" ", "\t", "") else old[: len(old) - len(old.lstrip())]
        lines[line - 1] = "\n".join(indent + part for part in new.splitlines())
    return "\n".join(lines) + "\n", ""


def _run(program, text, seconds):
    """The `sandbox.Outcome` of the trial; once more in a thread where torch does not work in a copied process."""
    outcome = sandbox.run(partial(_numbers, program, text), seconds)
    if outcome.crash and outcome.crash.needs_no_fork:
        outcome = sandbox.run(partial(_numbers, program, text), seconds, forked=False)
    return outcome


def _numbers(program, text):
    with guard.undone(), guard.nobody_there():
        yield programs.numbers(program, text)
