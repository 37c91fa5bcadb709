"""One run: a rule walks on a surface, and everything it did is kept.

Two ways to the same numbers. A rule that treats each coordinate on its own walks on plain Python
floats, one coordinate after the other: on two numbers that is several times faster than NumPy, and
fast enough for a slider. Rules that need whole tensors, and the rare run in which float arithmetic
raises (overflow far outside the view), take the array path.
"""

from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from adamkit.descent.inputs import (
    LIMIT,
    check_parts,
    check_seed,
    draws,
    lr_factors,
    noise_levels,
    start_points,
)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """One run, step by step. Row t of ``positions`` and ``losses`` is the state after step t.

    Attributes:
        rule, surface: what ran, and where.
        positions: (steps + 1, 2), the start first.
        losses: (steps + 1,), without noise.
        gradients: (steps, 2), as fed to the rule, noise included; row t − 1 belongs to step t.
        readings: name → (steps, 2), the rule's readings after each step (m, v, m_hat, …).
        diverged_at: first t whose position is not finite or reaches ±1e8, or None. From there on
            positions, losses, gradients and readings are NaN.
    """

    rule: Any
    surface: Any
    positions: np.ndarray
    losses: np.ndarray
    gradients: np.ndarray
    readings: dict
    diverged_at: int | None

    @property
    def steps(self):
        """Number of steps asked for."""
        return len(self.gradients)

    @property
    def steps_taken(self):
        """θ_t − θ_{t−1}, (steps, 2)."""
        return np.diff(self.positions, axis=0)

    @property
    def final(self):
        """Last position, (2,); NaN after divergence."""
        return self.positions[-1]

    @property
    def final_loss(self):
        """Last loss, a float; NaN after divergence."""
        return float(self.losses[-1])


def run(rule, surface, start=None, *, steps=300, noise=0.0, noise_kind="gaussian", schedule=None, seed=0):
    """Let ``rule`` walk on ``surface`` and return the `Trajectory`.

    Args:
        rule: from `adamkit.rules`, with plain numbers as hyper-parameters (arrays: see `sweep`).
        surface: from `adamkit.surfaces`.
        start: (2,), within ±1e8; the surface's own start if left out.
        steps: ≥ 1.
        noise: ≥ 0, standard deviation of the noise added to each coordinate of each gradient.
        noise_kind: ``"gaussian"``, or ``"student"``: Student's t with 3 degrees of freedom, scaled
            to the same variance; gradients with heavy tails.
        schedule: step, counted from 0 → factor ≥ 0 on ``rule.lr``; see `adamkit.schedules`.
        seed: ≥ 0, of the noise. The same seed gives the same noise to every rule.

    Divergence is a result, not an error: see `Trajectory`.
    """
    problem = prepare(rule, surface, start, steps, noise, noise_kind, schedule, seed)
    with np.errstate(all="ignore"):
        if rule.elementwise:
            try:
                return finish(problem, *walk_in_floats(problem))
            except (ZeroDivisionError, OverflowError, ValueError):
                pass  # arrays turn these into inf and NaN, or raise what is really wrong
        return finish(problem, *walk_in_arrays(problem))


@dataclass(frozen=True, eq=False)
class Problem:
    """The checked arguments of `run`."""

    rule: Any
    surface: Any
    start: np.ndarray  # (2,)
    steps: int
    noise: np.ndarray | None  # (steps, 2), scaled; None without
    factors: np.ndarray | None  # (steps,), None without a schedule


def prepare(rule, surface, start, steps, noise, noise_kind, schedule, seed):
    """Check the arguments of `run` and draw the noise."""
    check_parts(rule, surface, steps, noise_kind)
    check_seed(seed)
    if rule.batch_size is not None:
        raise ValueError("rule has arrays as hyper-parameters; descent.sweep runs those")
    point, level = start_points(surface, start), noise_levels(noise)
    if point.shape != (2,) or level.ndim:
        raise ValueError(f"start must be one point (2,) and noise one number, not {point.shape} and {level.shape}")
    pushes = level * draws(noise_kind, seed, steps) if level > 0 else None
    return Problem(rule, surface, point, steps, pushes, lr_factors(schedule, steps))


def walk_in_floats(problem):
    """Coordinate by coordinate in Python floats → positions, gradients, states (one list per coordinate)."""
    engine = problem.rule.swap()  # our own copy, so that the numbers of each step can be set in place
    update, facts = engine.update, engine.__dict__
    gradient = problem.surface.gradient_xy
    rates = repeat(None) if problem.factors is None else (problem.rule.lr * problem.factors).tolist()
    pushes = repeat(None) if problem.noise is None else problem.noise.tolist()
    x, y = problem.start.tolist()
    of_x, of_y = engine.init(x), engine.init(y)
    positions, gradients, states_x, states_y = [(x, y)], [], [], []
    for t, rate, push in zip(range(1, problem.steps + 1), rates, pushes):
        if rate is not None:
            facts["lr"] = rate
        facts["known"] = engine.factors(t)
        gx, gy = gradient(x, y)
        if push is not None:
            gx, gy = gx + push[0], gy + push[1]
        x, of_x = update(gx, x, of_x, t)
        y, of_y = update(gy, y, of_y, t)
        positions.append((x, y))
        gradients.append((gx, gy))
        states_x.append(of_x)
        states_y.append(of_y)
        if not (-LIMIT < x < LIMIT and -LIMIT < y < LIMIT):
            break
    return np.array(positions), np.array(gradients), [states_x, states_y]


def walk_in_arrays(problem):
    """The same with θ as one array (2,) → positions, gradients, states (one list)."""
    theta = problem.start
    state = problem.rule.init(theta)
    positions, gradients, states = [theta], [], []
    for t in range(1, problem.steps + 1):
        rule = problem.rule
        if problem.factors is not None:
            rule = rule.swap(lr=rule.lr * float(problem.factors[t - 1]))
        g = problem.surface.gradient(theta)
        if problem.noise is not None:
            g = g + problem.noise[t - 1]
        theta, state = rule.update(g, theta, state, t)
        positions.append(theta)
        gradients.append(g)
        states.append(state)
        if not (np.abs(theta) < LIMIT).all():
            break
    return np.array(positions), np.array(gradients), [states]


def finish(problem, positions, gradients, states):
    """The walk as a Trajectory: readings and losses worked out, NaN after divergence."""
    steps, taken = problem.steps, len(gradients)
    diverged_at = taken if not (np.abs(positions[-1]) < LIMIT).all() else None
    if diverged_at is not None:
        positions[-1] = np.nan
    positions = padded(positions, steps + 1)
    readings = (readings_at_once if problem.rule.elementwise else readings_one_by_one)(problem, states)
    return Trajectory(
        rule=problem.rule,
        surface=problem.surface,
        positions=positions,
        losses=problem.surface.value(positions),
        gradients=padded(gradients, steps),
        readings={name: padded(np.broadcast_to(values, (taken, 2)), steps) for name, values in readings.items()},
        diverged_at=diverged_at,
    )


def padded(rows, count):
    """``rows`` followed by NaN rows, ``count`` in all."""
    if len(rows) == count:
        return rows
    out = np.full((count, *rows.shape[1:]), np.nan)
    out[: len(rows)] = rows
    return out


def readings_at_once(problem, states):
    """Readings of an elementwise rule from all its states in one call: each field (taken, 2), t (taken, 1)."""
    rule, taken = problem.rule, len(states[0])
    if problem.factors is not None:
        rule = rule.swap(lr=rule.lr * problem.factors[:taken, None])
    columns = []
    for field in zip(*(zip(*coordinate) for coordinate in states)):
        empty = field[0][-1] is None
        columns.append(None if empty else np.stack(field, axis=-1).reshape(taken, -1))
    t = np.arange(1.0, taken + 1)[:, None]
    return rule.readings(rule.State(*columns), t)


def readings_one_by_one(problem, states):
    """Readings of a rule that needs whole tensors, step by step."""
    rows = []
    for t, state in enumerate(states[0], start=1):
        rule = problem.rule
        if problem.factors is not None:
            rule = rule.swap(lr=rule.lr * float(problem.factors[t - 1]))
        rows.append(rule.readings(state, t))
    stacked = {name: np.array([row[name] for row in rows], dtype=float).reshape(len(rows), -1) for name in rows[-1]}
    return {name: values for name, values in stacked.items() if values.shape[1] in (1, 2)}
