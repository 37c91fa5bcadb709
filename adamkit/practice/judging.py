"""From transcripts to a verdict: right, a known mistake, or the first place where the numbers part."""

import numpy as np

from adamkit.practice.values import is_number_like, same_numbers
from adamkit.practice.verdict import Verdict

_HARD_STOPS = {"KeyboardInterrupt", "SystemExit", "GeneratorExit"}


def judge(exercise, expected, found, mistakes):
    """The verdict on a complete set of transcripts.

    Args:
        exercise: for its key and tolerance.
        expected, found: transcripts of the reference and of the attempt, case by case. ``found`` has
            one more at its end: the first case again, to catch what is remembered between calls.
        mistakes: pairs (mistake, function that plays it on all cases), tried only on failure.
    """
    again, found = found[-1], found[:-1]
    untouched = next((t.untouched for t in found if t.untouched), "")
    if untouched:
        return not_attempted(exercise.key, untouched)
    parted = [mine.difference(yours, exercise.tolerance) for mine, yours in zip(expected, found, strict=True)]
    if not any(parted):
        return _judge_manners(exercise, found, again)
    for mistake, play_all in mistakes:
        if _explains(play_all(), expected, found, exercise.tolerance):
            return Verdict("mistake", f"Not yet: {mistake.name}", mistake.body, mistake=mistake.name)
    for index, reason in enumerate(parted):
        if reason:
            return _first_failure(exercise, found[index], reason, found[0], again)
    raise AssertionError("unreachable: some case has parted")


def not_attempted(key, why=""):
    """The calm verdict on a stub. A stub as shipped says no more than that."""
    body = f"It seems unfinished: {why}." if "line" in why else ""
    return Verdict("open", f"{key}: not attempted yet", body)


def _judge_manners(exercise, found, again):
    """The numbers are right; what is left is what the code does beside them."""
    changed = next((t for t in found if t.changed_input), None)
    if changed:
        return _changed_input(changed)
    if not repeats(found[0], again):
        return _not_repeatable()
    numbers = sum(int(np.size(value)) for t in found for _, value in t.moments)
    counted = f"{len(found)} cases, {numbers} numbers" if len(found) > 1 else "the number is right"
    return Verdict("passed", f"{exercise.key}: passed ({counted})")


def _explains(wrong, expected, found, tolerance):
    """True when a mistake gives the attempt's numbers everywhere, and somewhere not the right ones."""
    # Where the mistake itself crashes it foretells no numbers, and that case says nothing.
    if any(not w.failed and w.difference(f, tolerance) for w, f in zip(wrong, found, strict=True)):
        return False
    # An attempt that crashes everywhere agrees with any mistake that does: numbers must be the evidence.
    return any(
        not w.failed and f.moments and e.difference(f, tolerance)
        for w, e, f in zip(wrong, expected, found, strict=True)
    )


def _first_failure(exercise, transcript, reason, first, again):
    if transcript.unusable:
        return Verdict("error", "This cannot be checked", _sentence(transcript.unusable))
    if transcript.crash:
        return _crashed(transcript)
    if transcript.changed_input:
        return _changed_input(transcript)
    if not repeats(first, again):
        return _not_repeatable()
    if exercise.is_value:
        return _wrong_number(exercise, transcript, reason[1])
    label, sentence = reason
    where = f"{label[0].upper()}{label[1:]}" if label else "At the end"
    return Verdict(
        "wrong",
        "Not yet",
        f"**Case:** {describe(transcript.case)}\n\n**{where}:** your code {sentence}.\n\n"
        "This is the first place where your numbers part from the reference, and no known mistake explains it.",
    )


def _wrong_number(exercise, transcript, sentence):
    """Says what is wrong with an answer worked out by hand without giving the right one away."""
    (_, answer), *_ = transcript.moments
    right = np.asarray(exercise.solution_code, dtype=float)
    if not is_number_like(answer) or np.shape(answer) != right.shape:
        return Verdict("wrong", "Not yet", f"Your answer {sentence.replace('gave', 'is', 1)}.")
    if right.ndim == 0:
        return Verdict("wrong", "Not yet", "That is not the number. `.hint()` may help.")
    close = exercise.tolerance.close(right, np.asarray(answer, dtype=float))
    wrong = ", ".join(str(int(i) + 1) for i in np.flatnonzero(~close))
    return Verdict("wrong", "Not yet", f"{int(close.sum())} of {right.size} are right; not yet: number {wrong}.")


def _crashed(transcript):
    crash = transcript.crash
    place = f" in line {crash.line}: `{crash.source}`" if crash.source else ""
    body = f"It raised `{crash.kind}`{place}"
    if crash.message:
        body += f"\n\n> {_one_line(crash.message)}"
    if crash.kind in _HARD_STOPS:
        body += "\n\nThe checker caught it, so that the notebook goes on; an answer should return instead."
    return Verdict("error", "Your code stopped with an error", f"{body}\n\n**Case:** {describe(transcript.case)}")


def timed_out(seconds, case, still_running):
    """The verdict on code that does not come to an end."""
    body = f"**Case:** {describe(case)}\n\nIs there a loop whose condition never becomes false?"
    if still_running:
        body += (
            "\n\nThe code could not be stopped: it still runs in the background. "
            "Restart the kernel if the machine is slow afterwards."
        )
    return Verdict("error", f"Stopped: not done after {seconds:g} seconds", body)


def crashed_outside(crash):
    """The verdict on an attempt that breaks the checker's own look at it."""
    body = f"Looking at it raised `{crash.kind}`: {_one_line(crash.message)}"
    return Verdict("error", "This cannot be checked", body)


def repeats(first, again):
    """False when numbers came out otherwise the second time; what is not a number is no evidence."""
    pairs = zip(first.moments, again.moments, strict=False)
    return all(same_numbers(mine, yours) for (_, mine), (_, yours) in pairs)


def _changed_input(transcript):
    return Verdict(
        "mistake",
        "Not yet: your code changes its input",
        f"After the call, {transcript.changed_input} no longer holds the numbers that were handed over. The caller "
        "still owns them. Write `x = x * 2` (a new array) rather than `x *= 2` for what is not yours to change.",
        mistake="input modified",
    )


def _not_repeatable():
    return Verdict(
        "mistake",
        "Not yet: the same case gave other numbers the second time",
        "Something is remembered from one use to the next: a list in the class body instead of in `__init__`, a "
        "mutable default argument, a global variable; or the code draws random numbers.",
        mistake="not repeatable",
    )


def describe(case):
    """The case by name, with the arguments of a function call where they are short."""
    shown = ", ".join(f"{name}={_short(value)}" for name, value in case.args.items() if name != "params")
    settings = ", ".join(f"{name}={_short(value)}" for name, value in case.hypers.items())
    details = shown or settings
    return f"{case.name} (`{details}`)" if details else case.name


def _short(value):
    if isinstance(value, np.ndarray):
        if value.size > 6:
            return f"array of shape {value.shape}"
        return np.array2string(value, precision=6, separator=", ").replace("\n", "")
    if isinstance(value, (str, bool)) or value is None:
        return repr(value)
    return f"{value:.6g}" if isinstance(value, (int, float, np.number)) else type(value).__name__


def _one_line(text):
    return " ".join(text.split())


def _sentence(text):
    return text[0].upper() + text[1:]
