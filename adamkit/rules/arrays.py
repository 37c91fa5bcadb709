"""The few functions that a rule needs beyond arithmetic operators, for any kind of number.

Rules are written with ``+ - * / **``, which plain floats, NumPy arrays and torch tensors all
understand. What remains is taken from the number itself (a tensor brings ``.sqrt()``) or from
NumPy, so that no rule names torch and NumPy users never load it.

Plain floats are there for speed: two coordinates cost less as two floats than as one array. They
follow the arrays' arithmetic, where Python's own differs: 0/0 and √−1 are NaN, 1/0 is infinite.
"""

import math

import numpy as np


def sqrt(x):
    """√x, element by element; NaN below zero."""
    if isinstance(x, float):
        return math.sqrt(x) if x >= 0 else math.nan
    return x.sqrt() if _brings(x, "sqrt") else np.sqrt(x)


def divide(a, b):
    """a / b; for plain floats too, a zero divisor gives NaN or ±infinity instead of an exception."""
    if isinstance(b, float) and b == 0:
        return _by_zero(a, b) if isinstance(a, float) else a / b
    return a / b


def sign(x):
    """−1, 0 or 1; NaN for what is not finite, which torch's own would turn into 0 and 1, and so hide."""
    if isinstance(x, float):
        return float(x > 0) - float(x < 0) if math.isfinite(x) else math.nan
    # 0·x is 0 but for NaN and ∞, where it is NaN.
    return (x.sign() if _brings(x, "sign") else np.sign(x)) + 0.0 * x


def maximum(a, b):
    """The larger of two numbers of the same kind, element by element; NaN wins."""
    if isinstance(a, float):
        return a if a != a or a >= b else b
    return a.maximum(b) if _brings(a, "maximum") else np.maximum(a, b)


def where(condition, a, b):
    """``a`` where the condition holds, else ``b``, element by element; for a plain condition, one of the two.

    Raises:
        TypeError: the condition is an array and both choices are plain numbers, which have no precision.
    """
    if isinstance(condition, (bool, np.bool_)):
        return a if condition else b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        raise TypeError(f"where chooses between {a!r} and {b!r}, and no array tells in which precision: make one of "
                        "them an array, as in full_like(x, 1.0)")
    if not _brings(condition, "detach"):
        return np.where(condition, a, b)
    # torch's method belongs to a tensor: to a, or to b with the condition turned round.
    return a.where(condition, b) if _brings(a, "detach") else b.where(~condition, a)


def at_least(x, low):
    """x, or the plain number ``low`` where x is smaller; NaN stays."""
    if isinstance(x, float):
        return low if x < low else x
    return x.clamp(min=low) if _brings(x, "clamp") else np.maximum(x, low)


def full_like(x, value):
    """An array of the same shape, layout, precision and device, filled with one number."""
    if isinstance(x, float):
        return float(value)
    return x.detach().clone().fill_(value) if _brings(x, "detach") else np.full_like(x, value)


def zeros_like(x):
    """`full_like` with zeros."""
    return full_like(x, 0.0)


def is_array(value):
    """True for an array or tensor of rank ≥ 1 (one of rank 0 counts as a plain number)."""
    return getattr(value, "ndim", 0) > 0


def is_off(value):
    """True when a hyper-parameter is the plain number 0, so that the term it multiplies can be left out.

    Leaving it out saves a pass over memory, and keeps 0·∞ = NaN out of weights that have overflowed.
    """
    return isinstance(value, (int, float)) and value == 0  # a pair: torch 2.9 cannot compile int | float


def _brings(x, method):
    """True for what has the method itself, as tensors do. While compiling, torch 2.9 denies methods, not attributes."""
    return hasattr(x, method) or hasattr(x, "requires_grad")


def _by_zero(a, b):
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
