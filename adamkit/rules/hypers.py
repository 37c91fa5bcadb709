"""Hyper-parameters: how a rule declares them, and how values are checked.

A value out of range is refused when the rule is made, in a sentence that names the rule, the
hyper-parameter, the value and what is allowed.
"""

import math
from dataclasses import field
from numbers import Integral, Real

from adamkit.rules.arrays import is_array


def hyper(default, *, low=None, below=None, choices=None, whole=False, optional=False, count=None, kw_only=True):
    """A hyper-parameter: a dataclass field with its default and its range.

    ``low`` is the smallest value allowed, ``below`` a bound that must stay unreached, ``choices`` the
    allowed values. Numbers must be finite. With none of the three it is a switch (True or False).
    A ``whole`` number shapes the computation, and so is never an array; an ``optional`` one may be None. With
    ``count`` it is a tuple of so many finite numbers.
    """
    allowed = {"low": low, "below": below, "choices": choices, "whole": whole, "optional": optional, "count": count}
    return field(default=default, metadata=allowed, kw_only=kw_only)


def rate(default):
    """The learning rate η ≥ 0: the one hyper-parameter that may be given by position."""
    return hyper(default, low=0, kw_only=False)


def checked(owner, name, value, allowed):
    """The value if it is allowed, a single number as a plain float; otherwise TypeError or ValueError."""
    low, below, choices = allowed["low"], allowed["below"], allowed["choices"]
    if value is None and allowed["optional"]:
        return None
    if allowed["whole"]:
        return _whole(f"{owner}: {name}", value, low)
    if allowed["count"]:
        return _several(f"{owner}: {name}", value, allowed["count"])
    if choices is not None:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"{owner}: {name}={value!r} is not one of {list(choices)}")
        return value
    if low is None:
        if not isinstance(value, bool):
            raise TypeError(f"{owner}: {name}={value!r} must be True or False")
        return value
    wanted = f"a finite number ≥ {low}" + ("" if below is None else f" and < {below}")
    return _number(f"{owner}: {name}", value, low, math.inf if below is None else below, wanted)


def _number(what, value, low, below, wanted):
    """A number or a one-dimensional array of numbers in [low, below)."""
    if is_array(value):
        if value.ndim > 1 or len(value) == 0 or _is_not_real(value):
            found = f"{value.dtype} array of shape {tuple(value.shape)}"
            raise TypeError(f"{what} is a {found}; it must be {wanted}, or a one-dimensional array of such numbers")
        good = (value >= low) & (value < below)  # False for NaN
        if not bool(good.all()):
            raise ValueError(f"{what} holds {float(value[~good][0])!r}; every element must be {wanted}")
        return value
    value = _plain(what, value, wanted)
    if not low <= value < below:
        raise ValueError(f"{what}={value!r} is not allowed; it must be {wanted}")
    return value


def _whole(what, value, low):
    """A Python int from a whole number ≥ low."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{what}={value!r} must be a whole number ≥ {low}")
    if value < low:
        raise ValueError(f"{what}={value!r} is not allowed; it must be a whole number ≥ {low}")
    return int(value)


def _several(what, value, count):
    """A tuple of ``count`` plain floats from a tuple or list of finite numbers."""
    whole = isinstance(value, tuple | list) and len(value) == count
    if not whole or not all(isinstance(x, Real) and not isinstance(x, bool) and math.isfinite(x) for x in value):
        raise ValueError(f"{what}={value!r} is not allowed; it must be a tuple of {count} finite numbers")
    return tuple(map(float, value))


def _plain(what, value, wanted):
    """A Python float from any single real number, arrays of rank 0 included.

    A NumPy number would do its arithmetic in 64 bits and drag float32 parameters along.
    """
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{what}={value!r} must be {wanted}, or a one-dimensional array of such numbers")
    return float(value)


def _is_not_real(value):
    """True for arrays that hold no real numbers: booleans, texts, objects, complex numbers."""
    kind = str(value.dtype)
    return not any(word in kind for word in ("float", "int"))
