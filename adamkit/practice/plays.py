"""How a checker uses what the reader wrote: calls a function, or builds an optimizer and steps it.

A *play* turns (attempt, case) into a transcript: every number the attempt produced, each with a
label that says when ("step 3, parameter 1"). The reference, the known mistakes and the reader's
attempt all go through the same play; comparing transcripts is then the same for every exercise.
"""

import copy
import dis
import inspect
import types
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from adamkit.practice.cases import Case as Case
from adamkit.practice.cases import odd_optimizer_cases as odd_optimizer_cases
from adamkit.practice.cases import optimizer_case as optimizer_case
from adamkit.practice.sandbox import Crash
from adamkit.practice.threads import TimeIsUp
from adamkit.practice.values import difference, settled


class NotAttempted(Exception):
    """A stub as the notebook ships it, or one that still holds a ``...``."""


class Unusable(Exception):
    """Something that cannot be checked at all; the message is a sentence for the reader."""


@dataclass
class Transcript:
    """What an attempt did on one case."""

    case: Case
    moments: list = field(default_factory=list)  # (label, value)
    crash: Crash | None = None
    untouched: str = ""  # why it counts as not attempted
    unusable: str = ""
    changed_input: str = ""  # name of the first input that was modified

    def __getstate__(self):
        return {**vars(self), "case": None}  # a transcript comes back from another process; the case is known here

    def difference(self, other, tolerance):
        """(label, sentence) of the first moment at which ``other`` parts from this one, or None."""
        for (label, mine), (_, yours) in zip(self.moments, other.moments, strict=False):
            found = difference(mine, yours, tolerance)
            if found:
                return label, found
        if other.failed != self.failed or len(self.moments) != len(other.moments):
            return "", "stopped early"
        return None

    @property
    def failed(self):
        """True when the attempt could not be played to its end."""
        return bool(self.crash or self.unusable or self.untouched)


def play(how, attempt, case):
    """The transcript of an attempt on a case. What the attempt raises is recorded, not raised."""
    transcript = Transcript(case)
    try:
        for label, value in how(attempt, case, transcript):
            if _holds_ellipsis(value):
                raise NotAttempted("it returns `...`")
            transcript.moments.append((label, settled(value)))
    except TimeIsUp:
        raise
    except NotAttempted as reason:
        transcript.untouched = str(reason)
    except Unusable as reason:
        transcript.unusable = str(reason)
    except BaseException as error:
        # Python turns a StopIteration inside a play, which is a generator, into a RuntimeError.
        error = error.__cause__ if isinstance(error.__cause__, StopIteration) else error
        transcript.crash = Crash.of(error)
        transcript.untouched = _left_open(error, transcript.crash)
    return transcript


def _holds_ellipsis(value):
    return value is Ellipsis or (type(value) in (tuple, list) and any(item is Ellipsis for item in value))


def _left_open(error, crash):
    """Why an error only says that there is no answer yet, or ""."""
    if isinstance(error, (TypeError, AttributeError, ValueError)) and "ellipsis" in crash.message.lower():
        return f"line {crash.line} still works with a `...`"
    # Libraries raise it too, and so does an input() that nobody can answer.
    stub = type(error) is NotImplementedError and "NotImplementedError" in (crash.source or "NotImplementedError")
    return (crash.message or "it raises NotImplementedError") if stub else ""


def call_function(function, case, transcript):
    """Play of a function exercise: one call with the case's arguments, in order."""
    refuse_non_function(function)
    fed = copy.deepcopy(list(case.args.values()))
    _refuse_signature(function, fed, {})
    yield "the returned value", function(*fed)
    note_changes(transcript, case.args, fed)


def step_optimizer(factory, case, transcript):
    """Play of an optimizer exercise: ``factory(params, **hypers)``, then ``.step(grads)`` each step.

    The moments are the parameter arrays the checker handed over, so they must change in place.
    """
    refuse_non_function(factory, wants="the class itself, without brackets and arguments")
    if inspect.isclass(factory) and _is_empty(getattr(factory, "step", None)):
        raise NotAttempted("its `step` is empty")
    turns = [_step_by_step(factory, case, transcript)]
    for t in range(1, len(case.grads) + 1):
        for turn in turns:
            yield from next(turn)
        if t == 1 and case.beside:
            turns.append(_step_by_step(factory, case.beside, transcript, " of the second optimizer"))
            yield from next(turns[-1])


def _step_by_step(factory, case, transcript, whose=""):
    """Build an optimizer; each item is the list of moments after one more step."""
    lay = _laid_out if case.views else lambda array, place: array.copy()
    params = [lay(p, i) for i, p in enumerate(case.args["params"])]
    _refuse_signature(factory, [params], case.hypers)
    optimizer = factory(list(params), **case.hypers)
    if not callable(getattr(optimizer, "step", None)):
        raise Unusable("what your code builds has no method `step(grads)`.")
    for t, grads in enumerate(case.grads, 1):
        fed = [lay(g, i) for i, g in enumerate(grads)]
        _refuse_what_never_ran(optimizer.step(fed), "step")
        if len(fed) != len(grads):
            transcript.changed_input = transcript.changed_input or f"the list of gradients at step {t}"
            fed = grads
        note_changes(transcript, {f"gradient {i} at step {t}{whose}": g for i, g in enumerate(grads)}, fed)
        several = len(params) > 1
        yield [(f"step {t}{whose}" + f", parameter {i}" * several, param) for i, param in enumerate(params)]


def _laid_out(array, place):
    """A copy that lies otherwise in memory: in Fortran order, as every second row, or as columns of a wider array."""
    kind = place % 3
    if kind == 0:
        return np.array(array, order="F")
    axis = 0 if kind == 1 else -1
    room = np.repeat(array, 2, axis=axis)
    return room[::2] if axis == 0 else room[..., ::2]


def _refuse_what_never_ran(result, name):
    """A method with a `yield`, or an `async` one, runs nothing when it is called. What it returns is its own affair."""
    if result is Ellipsis:
        raise NotAttempted(f"its `{name}` returns `...`")
    if isinstance(result, types.GeneratorType) and result.gi_code.co_name != "<genexpr>":
        raise Unusable(f"your `{name}` gave a generator and nothing in it has run: a `yield` makes one; take it out.")
    if isinstance(result, (types.CoroutineType, types.AsyncGeneratorType)):
        odd = settled(result)
        raise Unusable(f"your `{name}` gave {odd.kind} and nothing in it has run{odd.advice}.")


def hand_in(answer, case, transcript):
    """Play of an answer that is a value: a number, or several."""
    if answer is None:
        raise Unusable("`None` was handed in: is a value missing?")
    if callable(answer) and not hasattr(type(answer), "__float__"):
        raise Unusable("a function was handed in; the checker needs the number that it returns.")
    items = answer if isinstance(answer, (list, tuple)) else [answer]
    if any(item is Ellipsis for item in items):
        raise NotAttempted("there is still a `...` in it")
    for item in items:
        if isinstance(item, str):
            raise Unusable(f"a text was handed in, {item[:40]!r}; the checker needs a number, without quotes.")
    answer = settled(answer)
    if isinstance(answer, (list, tuple)):
        try:
            answer = np.array(answer, dtype=float)
        except (TypeError, ValueError):
            raise Unusable("the list that was handed in does not hold plain numbers only.") from None
    yield "your answer", answer


def refuse_non_function(attempt, wants="the function itself, without brackets and arguments"):
    """Raise `NotAttempted` for a stub, `Unusable` for what cannot be called."""
    if attempt is Ellipsis or _is_empty(attempt):
        raise NotAttempted("it is empty")
    if not callable(attempt):
        raise Unusable(f"the checker needs {wants}; it was given a value of type {type(attempt).__name__}.")


def note_changes(transcript, originals, fed):
    """Remember the first input that no longer is what was handed over."""
    if transcript.changed_input:
        return
    for (name, before), after in zip(originals.items(), fed, strict=True):
        if not _same(before, after):
            transcript.changed_input = name
            return


def _same(before, after):
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if hasattr(before, "detach"):
        return bool((before == after).all())
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return type(before) is not type(after) or before == after or before != before


def _is_empty(function: Any):
    """True for a function whose body is only ``...``, ``pass`` or a docstring, or ``return ...``."""
    code = getattr(function, "__code__", None)
    if not inspect.isfunction(function) or code is None:
        return False
    working = [i for i in dis.get_instructions(code) if i.opname not in ("RESUME", "NOP", "PRECALL")]
    names = [i.opname for i in working]
    returned = [i.argval for i in working if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    plain = names in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"])
    return plain and returned[0] in (None, Ellipsis)


def _refuse_signature(function, args, kwargs):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-ins have none
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as reason:
        names = ", ".join([f"argument {i}" for i in range(1, len(args) + 1)] + [f"{name}=" for name in kwargs])
        raise Unusable(f"your signature is {signature}; the checker calls it with ({names}): {reason}.") from None
