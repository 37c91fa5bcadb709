"""What rules need that look at a whole tensor: its norm, its precision, and which axes it is whole along.

With array hyper-parameters the first axis counts experiments, so a tensor of one experiment is what
lies along all the other axes. Sums keep their axes, and broadcast back.
"""

from math import prod

import numpy as np

from adamkit.rules.arrays import sqrt

#: Distance from 1 to the next number, by torch's name of the precision.
MACHINE_EPS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


def whole_axes(rule, x):
    """The axes of one experiment's tensor in x, counted from the end: all of them, or all but the first."""
    inner = getattr(x, "ndim", 0) - (rule.batch_size is not None)
    return tuple(range(-inner, 0))


def norm(rule, x):
    """‖x‖, the root of the sum of squares of each experiment's tensor, its axes kept as 1."""
    axes = whole_axes(rule, x)
    # Without axes torch would sum over all of them, and a single number is its own norm.
    return sqrt((x * x).sum(axis=axes, keepdims=True)) if axes else abs(x)


def rms(rule, x):
    """The root mean square of each experiment's tensor, its axes kept as 1."""
    axes = whole_axes(rule, x)
    return sqrt(mean_along(x * x, axes)) if axes else abs(x)


def mean(rule, x):
    """The mean of each experiment's tensor, its axes kept as 1."""
    axes = whole_axes(rule, x)
    return mean_along(x, axes) if axes else x


def mean_along(x, axes):
    """Mean along ``axes``, which stay, of size 1.

    Of a DTensor too: torch 2.9 takes the mean of its processes' means, though one may hold more rows than another.
    """
    if hasattr(x, "placements"):
        return x.sum(axis=axes, keepdims=True) / prod(x.shape[axis] for axis in axes)
    return x.mean(axis=axes, keepdims=True)


def machine_eps(x):
    """The relative precision of x: 2⁻²³ for 32 bits."""
    dtype = getattr(x, "dtype", np.dtype(float))
    return float(np.finfo(dtype).eps) if isinstance(dtype, np.dtype) else MACHINE_EPS[str(dtype).partition(".")[2]]
