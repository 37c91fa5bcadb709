"""Arguments out of range, refused in one sentence: the name, the value, what is allowed."""

import math
import numbers

import numpy as np


def whole(name, value, low=0):
    """A Python int from a whole number ≥ ``low``, NumPy's included; True and False are none.

    Raises:
        ValueError: it is not one.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < low:
        raise ValueError(f"{name}={value!r} must be a whole number ≥ {low}")
    return int(value)


def plain_numbers(value):
    """A number of NumPy's as one of Python's, also inside tuples, lists and dicts; anything else as it is.

    ``torch.load`` refuses NumPy's numbers unless it is told to run any code that a file holds.
    """
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        if value.dtype.kind in "fc":  # item() leaves a long double what it is
            return float(value) if value.dtype.kind == "f" else complex(value)
        return value.item()
    if type(value) in (tuple, list):
        return type(value)(map(plain_numbers, value))
    return {key: plain_numbers(inner) for key, inner in value.items()} if type(value) is dict else value


def bound(what, signature, owner, *args, **named):
    """The arguments of a call of a method that has this signature, by name and with their defaults, without self.

    Raises:
        TypeError: they do not fit it; says of ``what``.
    """
    try:
        found = signature.bind(owner, *args, **named)
    except TypeError as refusal:
        raise TypeError(f"{what} {refusal}; it takes {', '.join(list(signature.parameters)[1:])}") from None
    found.apply_defaults()
    return dict(list(found.arguments.items())[1:])


def positive(name, value):
    """Refuse what is not a finite number > 0, with a `ValueError`."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 < value < math.inf:
        raise ValueError(f"{name}={value!r} must be a finite number > 0")
