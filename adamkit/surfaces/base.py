"""What a surface is: a loss of two parameters, with everything a lesson needs to know about it.

Each formula is written once, as a function of x and y that uses only ``+ - * /`` and the functions
below. So the same text serves plain floats (single runs, where it is an order of magnitude faster
than NumPy on two numbers), arrays (sweeps, contour plots) and torch tensors (tests hold gradient
and Hessian to autograd).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


def function(name):
    """The function ``name`` of math, NumPy or torch, whichever the argument belongs to."""
    of_float, of_array = getattr(math, name), getattr(np, name)

    def call(x):
        if isinstance(x, float):
            return of_float(x)
        return of_array(x) if isinstance(x, np.ndarray) else getattr(x, name)()

    return call


sin, cos, tanh, sqrt = map(function, ("sin", "cos", "tanh", "sqrt"))


@dataclass(frozen=True, eq=False, repr=False)
class Surface:
    """A smooth loss f(x, y) ≥ 0 whose lowest value is 0, both up to rounding (about 1e-15).

    Attributes:
        name: key in `surfaces.ALL`.
        title: for a plot's heading.
        formula: LaTeX, without dollar signs.
        lesson: what the surface shows, in a sentence.
        value_xy: (x, y) → f. Fast on plain floats; arrays of one shape work as well.
        gradient_xy: (x, y) → (∂f/∂x, ∂f/∂y).
        hessian_xy: (x, y) → (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²).
        minima: (k, 2), every point where f = 0.
        view: ((x low, x high), (y low, y high)) worth looking at.
        start: (2,), a starting point from which something can be learnt.
        parameters: what the factory was called with.

    Points far outside the view may overflow: the float functions then give inf or NaN, or raise
    ``OverflowError`` or ``ValueError``; the array methods give inf or NaN without a warning.
    """

    name: str
    title: str
    formula: str
    lesson: str
    value_xy: Callable
    gradient_xy: Callable
    hessian_xy: Callable
    minima: np.ndarray
    view: tuple
    start: np.ndarray
    parameters: dict = field(default_factory=dict)

    def __post_init__(self):
        for name, shape in (("minima", (-1, 2)), ("start", (2,))):
            array = np.array(getattr(self, name), dtype=float).reshape(shape)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __repr__(self):
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.parameters.items())})"

    def value(self, theta):
        """f at points (..., 2) → (...)."""
        shape, x, y = _split(theta)
        with np.errstate(all="ignore"):
            return self.value_xy(x, y).reshape(shape)

    def gradient(self, theta):
        """∇f at points (..., 2) → (..., 2)."""
        shape, x, y = _split(theta)
        with np.errstate(all="ignore"):
            return _join(shape, (2,), self.gradient_xy(x, y), x)

    def hessian(self, theta):
        """Matrix of second derivatives at points (..., 2) → (..., 2, 2)."""
        shape, x, y = _split(theta)
        with np.errstate(all="ignore"):
            xx, xy, yy = self.hessian_xy(x, y)
            return _join(shape, (2, 2), (xx, xy, xy, yy), x)

    def curvatures(self, theta=None):
        """Eigenvalues of the Hessian, ascending: at points (..., 2) → (..., 2); by default at the first minimum."""
        return np.linalg.eigvalsh(self.hessian(self.minima[0] if theta is None else theta))


def _split(theta):
    """Points (..., 2) as their leading shape and two vectors."""
    theta = np.asarray(theta, dtype=float)
    if theta.ndim == 0 or theta.shape[-1] != 2:
        raise ValueError(f"theta must hold points in its last axis, shape (..., 2); got shape {theta.shape}")
    return theta.shape[:-1], theta[..., 0].reshape(-1), theta[..., 1].reshape(-1)


def _join(shape, tail, components, like):
    """Component vectors as one array of shape (*shape, *tail); constant components are spread out."""
    out = np.empty((len(like), len(components)))
    for column, component in enumerate(components):
        out[:, column] = component
    return out.reshape(*shape, *tail)


def finite(surface, **numbers):
    """Refuse parameters of a surface that are not finite plain numbers."""
    for name, value in numbers.items():
        plain = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not plain or not math.isfinite(value):
            raise ValueError(f"{surface}: {name}={value!r} must be a finite number")


def positive(surface, **numbers):
    """Refuse parameters of a surface that are not finite numbers > 0."""
    finite(surface, **numbers)
    for name, value in numbers.items():
        if value <= 0:
            raise ValueError(f"{surface}: {name}={value!r} must be > 0")
