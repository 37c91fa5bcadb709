"""Arguments of the closed forms: numbers or arrays inside a range, refused by name otherwise."""

import numpy as np


def above(low, **values):
    """The values as float arrays, each finite and > ``low``."""
    return _checked(values, lambda x: x > low, f"finite and > {low:g}")


def at_least(low, **values):
    """The values as float arrays, each finite and ≥ ``low``."""
    return _checked(values, lambda x: x >= low, f"finite and ≥ {low:g}")


def averaging(**values):
    """The values as float arrays, each in [0, 1)."""
    return _checked(values, lambda x: (x >= 0) & (x < 1), "in [0, 1)")


def fraction(**values):
    """The values as float arrays, each in (0, 1)."""
    return _checked(values, lambda x: (x > 0) & (x < 1), "in (0, 1)")


def ordered(lmin, lmax):
    """Smallest and largest curvature as float arrays, 0 < lmin ≤ lmax."""
    low, high = above(0, lmin=lmin, lmax=lmax)
    if (low > high).any():
        raise ValueError(f"lmin={lmin!r} must not exceed lmax={lmax!r}")
    return low, high


def plain(result):
    """A float for a result of rank 0, the array otherwise."""
    return result if np.ndim(result) else float(result)


def _checked(values, allowed, wanted):
    arrays = []
    for name, value in values.items():
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise TypeError(f"{name}={value!r} must be a number, or an array of numbers, {wanted}") from None
        if not (np.isfinite(array) & allowed(array)).all():
            raise ValueError(f"{name}={value!r} must be {wanted}")
        arrays.append(array)
    return arrays[0] if len(arrays) == 1 else arrays
