"""Closed forms: what theory says an optimizer does, to be drawn over what it was measured to do.

Every function takes numbers or arrays (which broadcast) and returns a float for plain numbers.
λ is a curvature (an eigenvalue of the Hessian), κ = λ_max/λ_min, η a learning rate, β a momentum
or averaging factor, t a step counted from 1.

    quadratics   stability limits, best rates and noise of gradient descent and momentum
    averages     exponential moving averages: memory, bias
    adaptive     the size of Adam's steps, RAdam's rectification
"""

from adamkit.theory.adaptive import (
    adaptive_rate_variance,
    largest_adam_step,
    paper_step_bound,
    rectification,
    rho,
    rho_inf,
    uncorrected_step_ratio,
)
from adamkit.theory.averages import (
    correction_factor,
    half_life,
    steps_until_corrected,
    window,
)
from adamkit.theory.quadratics import (
    best_lr,
    damping,
    heavy_ball_limit,
    heavy_ball_rate,
    max_stable_lr,
    momentum_best,
    nesterov_limit,
    nesterov_rate,
    stationary_variance,
)

__all__ = [
    "adaptive_rate_variance",
    "best_lr",
    "correction_factor",
    "damping",
    "half_life",
    "heavy_ball_limit",
    "heavy_ball_rate",
    "largest_adam_step",
    "max_stable_lr",
    "momentum_best",
    "nesterov_limit",
    "nesterov_rate",
    "paper_step_bound",
    "rectification",
    "rho",
    "rho_inf",
    "stationary_variance",
    "steps_until_corrected",
    "uncorrected_step_ratio",
    "window",
]
