"""Compares what a reader's code gave with what was expected, and says in a sentence where they part."""

import array
import contextlib
import types
from collections import deque
from dataclasses import dataclass

import numpy as np

_isclose = np.isclose  # as it was before any attempt could replace it


@dataclass(frozen=True)
class Tolerance:
    """|got − expected| ≤ atol + rtol·|expected|, wider where the expected numbers are less precise."""

    rtol: float = 1e-9
    atol: float = 1e-12
    beyond: bool = False  # whether ∞ and NaN are one: which of them comes of an overflow hangs on the order of a sum

    def close(self, expected, got):
        """Element by element; NaN equals NaN and ∞ equals ∞."""
        rtol, atol = self.rtol, self.atol
        if expected.dtype in (np.float32, np.float16):
            step = float(np.finfo(expected.dtype).eps)
            rtol, atol = max(rtol, 500 * step), max(atol, 50 * step)
        with np.errstate(all="ignore"):
            close = _isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
            return close | ~(np.isfinite(got) | np.isfinite(expected)) if self.beyond else close


#: Kinds of the standard library that hold their items in an order, as a list does.
_ROWS: tuple[type, ...] = (deque, array.array, memoryview, type({}.values()), type({}.keys()))
#: What arithmetic in 32 bits keeps.
_SINGLE = Tolerance(rtol=1e-6, atol=1e-7)


@dataclass(frozen=True)
class Odd:
    """Stands for a value that no exercise expects: a generator, a function, an object of the reader's."""

    kind: str
    advice: str = ""


def settled(value):
    """A value as it is now, safe to keep and to send: copies of plain numbers and arrays, `Odd` for the rest.

    Only the type is asked what it is, not the object, for a reader's class may do anything when touched; but what
    offers to be a number or an array (a Fraction, a pandas Series) is taken at its word. A deque is a list.
    """
    kind = type(value)
    if value is None or issubclass(kind, (np.generic, Odd)):
        return value
    for plain in (bool, int, float, str):
        if issubclass(kind, plain):
            return value if kind is plain else plain(value)
    if issubclass(kind, np.ndarray):
        return _plain_array(np.array(value))
    if _is_torch(value):
        return value.detach().cpu().clone()
    if issubclass(kind, (tuple, list)):
        return tuple(map(settled, value)) if issubclass(kind, tuple) else list(map(settled, value))
    if issubclass(kind, _ROWS):
        return list(map(settled, value.tolist() if kind is memoryview else value))
    if issubclass(kind, dict):
        return {settled(key): settled(item) for key, item in value.items()}
    for name, convert in (("__float__", float), ("__array__", np.array)):
        if hasattr(kind, name) and kind is not type:
            with contextlib.suppress(Exception):
                return settled(convert(value))
    return _odd(value, kind)


def _plain_array(array):
    """An array of objects as one of numbers, where they are some."""
    if array.dtype.kind != "O":
        return array
    with contextlib.suppress(TypeError, ValueError):
        if not any(isinstance(item, (str, bytes, bool, type(None))) for item in array.flat):
            return array.astype(float)
    return Odd(f"an array of type {array.dtype}", " where real numbers are needed")


def _odd(value, kind):
    names = {"function": "a function", "builtin_function_or_method": "a function", "type": "a class"}
    advice = ""
    if issubclass(kind, (types.CoroutineType, types.AsyncGeneratorType)):
        advice = ": `async def` makes one; write `def`"
    elif hasattr(kind, "__next__"):
        advice = ": a `yield`, or a comprehension in round brackets, makes one; return the numbers themselves"
    elif kind.__name__ in names:
        advice = ": are the brackets of a call missing?"
    if issubclass(kind, types.CoroutineType):
        value.close()  # else Python complains in red that nobody waited for it
    return Odd(names.get(kind.__name__, articled(kind.__name__)), advice)


def articled(name):
    """With its article: "an ellipsis", "a list"."""
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def difference(expected, got, tolerance):
    """None when they agree, else a sentence that continues "your code …". Both must be `settled`."""
    if isinstance(expected, Odd):  # what a known mistake gives
        return None if got == expected else f"gave {kind_of(got)} where {expected.kind} was expected"
    if isinstance(expected, (tuple, list)):
        return _tuple_difference(expected, got, tolerance)
    if is_number_like(expected):
        got = _array_of_list(expected, got)
        problem = not_numeric(expected, got)
        return problem or _array_difference(_as_array(expected), _as_array(got), tolerance)
    if isinstance(expected, dict):
        return _dict_difference(expected, got, tolerance)
    if type(got) is not type(expected):
        return f"gave {kind_of(got)} where {kind_of(expected)} was expected"
    return None if got == expected else f"gave `{got!r}` where `{expected!r}` was expected"


def _array_of_list(expected, got):
    """A list is as good as an array where it holds the same: numbers in equal rows."""
    if isinstance(got, (list, tuple)) and np.ndim(expected) and _numbers_only(got):
        with contextlib.suppress(ValueError):  # rows of different lengths
            return np.array([_as_array(item) if _is_torch(item) else item for item in got])
    return got


def _numbers_only(items):
    return all(_numbers_only(item) if isinstance(item, (list, tuple)) else is_number_like(item) for item in items)


def same_numbers(first, second):
    """False when both hold real numbers of one shape that differ by more than round-off."""
    if isinstance(first, (tuple, list)) and isinstance(second, (tuple, list)):
        return all(same_numbers(*pair) for pair in zip(first, second, strict=False))
    if not (is_number_like(first) and is_number_like(second)):
        return True
    first, second = _as_array(first), _as_array(second)
    if first.shape != second.shape or first.dtype.kind not in "iuf" or second.dtype.kind not in "iuf":
        return first.shape == second.shape
    return bool(Tolerance().close(first, second).all())


def _tuple_difference(expected, got, tolerance):
    if is_number_like(got) and np.ndim(got):
        got = list(_as_array(got))
    if not isinstance(got, (tuple, list)):
        return f"gave {kind_of(got)} where {len(expected)} values were expected"
    if len(got) != len(expected):
        return f"gave {len(got)} values where {len(expected)} were expected"
    for place, pair in enumerate(zip(expected, got, strict=True), 1):
        found = difference(*pair, tolerance)
        if found:
            return f"{found} (value {place} of {len(expected)})"
    return None


def _dict_difference(expected, got, tolerance):
    if not isinstance(got, dict):
        return f"gave {kind_of(got)} where a dict was expected"
    if set(got) != set(expected):
        return f"gave a dict with the keys {sorted(map(str, got))} where {sorted(map(str, expected))} were expected"
    for key, value in expected.items():
        found = difference(value, got[key], tolerance)
        if found:
            return f"{found} (under the key {key!r})"
    return None


def _array_difference(expected, got, tolerance):
    if got.shape != expected.shape:
        return f"gave {_shape(got)} where {_shape(expected)} was expected"
    if (expected == got).all():  # most often, and ten times as fast to find as that they are close
        return None
    wrong = ~np.asarray(tolerance.close(expected, got))
    if not wrong.any():
        return None
    if np.isnan(got[wrong]).any() and not np.isnan(expected[wrong]).all():
        where = tuple(int(i) for i in np.argwhere(np.isnan(got) & wrong)[0])
        why = "something like 0/0, or the root of a negative number"
        return f"gave NaN{_place(where)} where {_number(expected[where])} was expected: {why}"
    where = tuple(int(i) for i in np.argwhere(wrong)[0])
    mine, yours = _apart(expected[where], got[where])
    text = f"gave {yours}{_place(where)} where {mine} was expected"
    if got.dtype.itemsize < expected.dtype.itemsize and got.dtype.kind == "f":
        text += f" ({got.dtype} where the inputs are {expected.dtype}: the precision was lost on the way)"
    elif expected.dtype == float and _SINGLE.close(expected, got).all():
        text += " (it agrees to about seven digits: was it computed in 32 bits on the way?)"
    return text


def is_number_like(value):
    """True for numbers, NumPy arrays and torch tensors; truth values are not numbers here."""
    if isinstance(value, (bool, np.bool_)):
        return False
    return isinstance(value, (int, float, np.number, np.ndarray)) or _is_torch(value)


def not_numeric(expected, got):
    """What keeps ``got`` from being compared with numbers, as a sentence, or None."""
    if not is_number_like(got):
        return f"gave {kind_of(got)} where {kind_of(expected)} was expected{_advice(got)}"
    if _as_array(got).dtype.kind == "b" and _as_array(expected).dtype.kind != "b":
        return f"gave truth values where {kind_of(expected)} was expected"
    if _as_array(got).dtype.kind not in "biuf":
        if isinstance(got, int):
            return "gave a whole number of more than 64 bits, too large to compare"
        return f"gave an array of type {_as_array(got).dtype} where real numbers were expected"
    return None


def _advice(got):
    if got is None:
        return ": is a `return` missing?"
    return got.advice if isinstance(got, Odd) else ""


def count(value):
    """How many numbers a value holds."""
    return value.numel() if _is_torch(value) else int(np.size(value))


def kind_of(value):
    """A short name for what a value is."""
    if value is None:
        return "`None`"
    if _is_torch(value):
        return "a torch tensor"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if is_number_like(value):
        return "a number"
    if isinstance(value, Odd):
        return value.kind
    names = {"str": "a text", "bool": "a truth value", "bool_": "a truth value"}
    name = type(value).__name__
    return names.get(name, articled(name))


def _is_torch(value):
    return type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach")


def _as_array(value):
    """An array of the same precision, torch tensors included; anything but a plain ndarray is copied into one."""
    if _is_torch(value):
        value = value.detach().cpu()
        value = value.float() if str(value.dtype) == "torch.bfloat16" else value
        return np.array(value.numpy())
    return np.array(value)


def _shape(array):
    return f"the shape {array.shape}" if array.ndim else "a plain number"


def _place(where):
    if not where:
        return ""
    return f" at element {where[0] if len(where) == 1 else where}"


def _apart(expected, got):
    """Both numbers with as many digits as it takes to see that they differ."""
    for digits in (6, 9, 12, 17):
        mine, yours = _number(expected, digits), _number(got, digits)
        if mine != yours:
            break
    return mine, yours


def _number(value, digits=6):
    return f"{float(value):.{digits}g}"
