"""From transcripts to a verdict: right, a known mistake, or the first place where the numbers part."""

from dataclasses import replace

import numpy as np

from adamkit.practice.sandbox import MEMORY
from adamkit.practice.values import articled, count, is_number_like, same_numbers
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
    named = _named(exercise, expected, found, mistakes)
    if named:
        return _mistaken(named)
    for index, reason in enumerate(parted):
        if reason:
            meant = {t.case.alone for t, wrong in zip(found, parted, strict=True) if wrong}
            return _first_failure(exercise, found[index], reason, found[0], again, meant)
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
    numbers = sum(count(value) for t in found for _, value in t.moments)
    counted = f"{len(found)} cases, {numbers} numbers" if len(found) > 1 else "the number is right"
    return Verdict("passed", f"{exercise.key}: passed ({counted})")


def _named(exercise, expected, found, mistakes):
    """The mistakes that explain the numbers, none better than another."""
    weights = [(_weight(exercise, play_all(), expected, found), mistake) for mistake, play_all in mistakes]
    best = max((weight for weight, _ in weights), default=0)
    return [mistake for weight, mistake in weights if best and weight == best]


def _weight(exercise, wrong, expected, found):
    """How much speaks for a mistake: 0 unless it gives the attempt's numbers everywhere, some of them wrong.

    What it foretells counts, case by case. Of an answer by hand only the distance counts: 7 is 6.9 rather than 7.3.
    """
    tolerance = exercise.tolerance
    # Where the mistake itself crashes it foretells no numbers, and that case says nothing.
    alike = replace(tolerance, beyond=True)
    if any(not w.failed and w.difference(f, alike) for w, f in zip(wrong, found, strict=True)):
        return 0
    # An attempt that crashes everywhere agrees with any mistake that does: numbers must be the evidence.
    evidence = sum(
        not w.failed and bool(f.moments) and e.difference(f, tolerance) is not None
        for w, e, f in zip(wrong, expected, found, strict=True)
    )
    if not evidence or not exercise.is_value:
        return bool(evidence) and sum(not w.failed for w in wrong)
    return 1 / (1e-3 + _distance(wrong[0].moments[0][1], found[0].moments[0][1]))


def _distance(wrong, answer):
    """The largest relative difference, to a digit or so: what is as near as another is not nearer by rounding."""
    wrong, answer = np.asarray(wrong, dtype=float), np.asarray(answer, dtype=float)
    with np.errstate(all="ignore"):
        apart = np.nan_to_num(np.abs(wrong - answer) / np.maximum(np.abs(wrong), 1e-12))
    return round(float(apart.max()), 4)


def _mistaken(named):
    """The verdict that names a mistake, or all those that look the same."""
    if len(named) == 1:
        return Verdict("mistake", f"Not yet: {named[0].name}", named[0].body, mistake=named[0].name)
    names = " or ".join(mistake.name for mistake in named)
    parts = "\n\n".join(f"**{mistake.name}**: {mistake.body}" for mistake in named)
    body = f"{len(named)} known mistakes give the numbers of your code; they cannot tell which it was.\n\n{parts}"
    return Verdict("mistake", f"Not yet: {names}", body, mistake=names)


def _first_failure(exercise, transcript, reason, first, again, meant):
    if transcript.unusable:
        return unusable(transcript.unusable)
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
        f"**Case:** {describe(transcript.case)}\n\n**{where}:** your code {_ended(sentence)}\n\n"
        "This is the first place where your numbers part from the reference, and no known mistake explains it."
        + "".join(f"\n\n{alone}" for alone in meant if alone and len(meant) == 1),
    )


def _wrong_number(exercise, transcript, sentence):
    """Says what is wrong with an answer worked out by hand without giving the right one away."""
    (_, answer), *_ = transcript.moments
    right = np.asarray(exercise.solution_code, dtype=float)
    if not is_number_like(answer) or np.shape(answer) != right.shape:
        verb = "has" if sentence.startswith("gave the shape") else "is"
        return Verdict("wrong", "Not yet", f"Your answer {_ended(sentence.replace('gave', verb, 1))}")
    if right.ndim == 0:
        return Verdict("wrong", "Not yet", "That is not the number. `.hint()` may help.")
    close = exercise.tolerance.close(right, np.asarray(answer, dtype=float))
    places, count = [str(int(i) + 1) for i in np.flatnonzero(~close)], int(close.sum())
    verb, wrong = "is" if count == 1 else "are", "number" if len(places) == 1 else "numbers"
    body = f"{count} of {right.size} {verb} right; not yet: {wrong} {', '.join(places)}."
    return Verdict("wrong", "Not yet", body)


def _crashed(transcript):
    crash = transcript.crash
    place = f" in line {crash.line}: `{crash.source}`" if crash.source else ""
    body = f"It raised `{crash.kind}`{place}"
    if crash.message:
        body += f"\n\n> {_one_line(crash.message)}"
    if crash.kind == "MemoryError":
        body += f"\n\nAn attempt may take {MEMORY >> 30} GiB beside what the notebook already holds."
    if crash.kind in _HARD_STOPS:
        body += "\n\nThe checker caught it, so that the notebook goes on; an answer should return instead."
    return Verdict("error", "Your code stopped with an error", f"{body}\n\n**Case:** {describe(transcript.case)}")


def timed_out(seconds, case, still_running):
    """The verdict on code that does not come to an end."""
    body = f"**Case:** {describe(case)}\n\nIs there a loop whose condition never becomes false, or a call that waits?"
    if still_running:
        body += (
            "\n\nThe code had not stopped when this was written, and may still run in the background. "
            "Restart the kernel if the machine is slow afterwards."
        )
    return Verdict("error", f"Stopped: not done after {seconds:g} seconds", body)


def died(how, case):
    """The verdict on code that ended the process it ran in."""
    cause = "It left it by `os._exit`, or a library did." if how == "exit" else f"The system reports {how}."
    body = f"{cause} The notebook goes on: the checker runs an attempt in a process of its own."
    return Verdict("error", "Your code ended the process that it ran in", f"{body}\n\n**Case:** {describe(case)}")


def unusable(sentence):
    """The verdict on a call, or a value, that cannot be checked."""
    return Verdict("error", "This cannot be checked", _sentence(sentence))


def crashed_outside(crash):
    """The verdict on an attempt that breaks the checker's own look at it."""
    return unusable(f"looking at it raised `{crash.kind}`{': ' * bool(crash.message)}{_one_line(crash.message)}")


def shown(value):
    """A value in a sentence: its type where it cannot be printed."""
    try:
        return f"{value!r:.60}"
    except Exception:
        return articled(type(value).__name__)


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
    arguments = {name: value for name, value in case.args.items() if name != "params"} or case.hypers
    details = ", ".join(f"{name}={text}" for name, value in arguments.items() if (text := _short(value)))
    return f"{case.name} (`{details}`)" if details else case.name


def _short(value):
    """A value in a few words, or "" where they would say nothing."""
    if isinstance(value, np.ndarray):
        if value.size > 6:
            return f"array of shape {value.shape}"
        return np.array2string(value, precision=6, separator=", ").replace("\n", "")
    if isinstance(value, (list, tuple)):
        return _short_list(value)
    if isinstance(value, dict):
        plain = len(value) <= 8 and all(isinstance(item, (str, int, float)) for item in [*value, *value.values()])
        return f"{{{', '.join(f'{key}: {_short(item)}' for key, item in value.items())}}}" if plain else ""
    if isinstance(value, (str, bool)) or value is None:
        return repr(value)
    if hasattr(value, "detach"):
        return f"tensor of shape {tuple(value.shape)}"
    name = type(value).__name__
    return f"{value:.6g}" if isinstance(value, (int, float, np.number)) else name if name != "function" else ""


def _short_list(items):
    if not items or (len(items) <= 6 and all(isinstance(item, (int, float)) for item in items)):
        return f"[{', '.join(map(_short, items))}]"
    if not all(isinstance(item, np.ndarray) for item in items):
        return f"{len(items)} item{'s' * (len(items) > 1)}"
    shapes = [str(item.shape) for item in items]
    if len(set(shapes)) == 1:
        return f"{len(items)} array{'s' * (len(items) > 1)} of shape {shapes[0]}"
    return f"arrays of shapes {', '.join(shapes[:4])}{', …' * (len(shapes) > 4)}"


def _one_line(text):
    return " ".join(text.split())


def _ended(text):
    return text if text[-1] in ".?!" else f"{text}."


def _sentence(text):
    return text[0].upper() + text[1:]
