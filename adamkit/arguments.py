"""Arguments out of range, refused in one sentence: the name, the value, what is allowed."""

import math
import numbers


def whole(name, value, low=0):
    """A Python int from a whole number ≥ ``low``, NumPy's included; True and False are none.

    Raises:
        ValueError: it is not one.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < low:
        raise ValueError(f"{name}={value!r} must be a whole number ≥ {low}")
    return int(value)


def positive(name, value):
    """Refuse what is not a finite number > 0, with a `ValueError`."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 < value < math.inf:
        raise ValueError(f"{name}={value!r} must be a finite number > 0")
