"""Losses of two parameters on which an optimizer's path can be seen.

Each function here returns a `Surface`: value, gradient and Hessian (for arrays of points, and for
plain floats), minima, a good view and an instructive start. Every surface is ≥ 0 and touches 0, so
losses can be drawn on a logarithmic axis.

    surface = ravine(kappa=50, angle=30)
    surface.gradient([[1.0, 2.0], [0.0, 0.0]])      # (..., 2) → (..., 2)
    surface.gradient_xy(1.0, 2.0)                   # two floats → two floats, fast
"""

from adamkit.surfaces.base import Surface
from adamkit.surfaces.classics import beale, himmelblau, rastrigin, rosenbrock
from adamkit.surfaces.lessons import cliff, two_minima
from adamkit.surfaces.quadratics import monkey_saddle, ravine, saddle

#: Name → function that makes the surface.
ALL = {
    "ravine": ravine,
    "saddle": saddle,
    "monkey_saddle": monkey_saddle,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
    "rastrigin": rastrigin,
    "cliff": cliff,
    "two_minima": two_minima,
}

__all__ = ["ALL", "Surface", *ALL]
