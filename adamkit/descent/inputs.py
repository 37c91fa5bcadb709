"""What goes into a run besides rule and surface: start, noise and schedule, checked and drawn up."""

import math

import numpy as np

from adamkit.arguments import whole
from adamkit.rules import Rule
from adamkit.schedules import Schedule
from adamkit.surfaces import Surface

#: A run has diverged once a coordinate reaches this size, or is not a number.
LIMIT = 1e8
#: Kinds of gradient noise.
NOISES = ("gaussian", "student")
#: Degrees of freedom of the heavy-tailed noise: few enough for spikes, enough for a variance.
STUDENT_DF = 3


def check_parts(rule, surface, steps, noise_kind):
    """Refuse a rule, surface, number of steps or kind of noise that cannot be run."""
    if not isinstance(rule, Rule):
        raise TypeError(f"rule={rule!r} must be an update rule from adamkit.rules, such as Adam(lr=0.01)")
    if not isinstance(surface, Surface):
        raise TypeError(f"surface={surface!r} must be a surface from adamkit.surfaces, such as rosenbrock()")
    whole("steps", steps, 1)
    if noise_kind not in NOISES:
        raise ValueError(f"noise_kind={noise_kind!r} is not one of {list(NOISES)}")


def check_seed(seed):
    """Refuse a seed that is not a whole number ≥ 0."""
    whole("seed", seed)


def start_points(surface, start):
    """``start``, or the surface's own, as an array whose last axis is (x, y), inside ±LIMIT."""
    points = np.array(surface.start if start is None else start, dtype=float)
    if points.ndim == 0 or points.shape[-1] != 2:
        raise ValueError(f"start must hold x and y in its last axis; its shape is {points.shape}")
    if not (np.abs(points) < LIMIT).all():
        raise ValueError(f"start={points.tolist()} must be finite and within ±{LIMIT:g}")
    return points


def noise_levels(noise):
    """``noise`` as an array; refused unless finite and ≥ 0."""
    levels = np.asarray(noise, dtype=float)
    if levels.ndim > 1 or not np.isfinite(levels).all() or (levels < 0).any():
        raise ValueError(f"noise={noise!r} must be a finite number ≥ 0")
    return levels


def draws(kind, seed, steps):
    """Noise of standard deviation 1 for each step and coordinate, (steps, 2).

    ``"student"``: Student's t with 3 degrees of freedom, divided by √3, its standard deviation. So
    both kinds have the same variance and differ only in their tails: beyond ±5 fall 0.3% of the
    heavy-tailed draws, and one in two million of the Gaussian ones.
    """
    rng = np.random.default_rng(seed)
    if kind == "gaussian":
        return rng.standard_normal((steps, 2))
    return rng.standard_t(STUDENT_DF, (steps, 2)) / math.sqrt(STUDENT_DF / (STUDENT_DF - 2))


def lr_factors(schedule, steps):
    """What a schedule (step from 0 → factor) makes of the rate, (steps,); None without one."""
    if schedule is None:
        return None
    if not callable(schedule):
        wanted = "a function of the step, such as schedules.linear_warmup(warmup=10)"
        raise TypeError(f"schedule={schedule!r} must be {wanted}")
    if isinstance(schedule, Schedule):
        factors = schedule(np.arange(steps))
    else:
        factors = np.array([schedule(step) for step in range(steps)], dtype=float)
    if not np.isfinite(factors).all() or (factors < 0).any():
        raise ValueError(f"schedule={schedule!r} must give finite factors ≥ 0 for steps 0 to {steps - 1}")
    return factors
