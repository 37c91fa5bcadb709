"""Many runs at once: hyper-parameters, starts, noise levels or seeds as arrays of one length."""

from dataclasses import dataclass
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

KEEPS = ("final", "losses", "path")


@dataclass(frozen=True, eq=False)
class Sweep:
    """n runs. Run i used element i of every array given to `sweep`.

    Attributes:
        rule, surface: what ran, and where.
        final: (n, 2), last positions.
        final_loss: (n,), without noise.
        losses: (n, steps + 1), the start first; None unless ``keep`` is "losses" or "path".
        positions: (n, steps + 1, 2); None unless ``keep`` is "path".
        diverged_at: (n,) whole numbers, the first step whose position is not finite or reaches
            ±1e8; −1 where there is none. From there on losses and positions are NaN.
    """

    rule: Any
    surface: Any
    final: np.ndarray
    final_loss: np.ndarray
    losses: np.ndarray | None
    positions: np.ndarray | None
    diverged_at: np.ndarray

    @property
    def diverged(self):
        """(n,), True where the run diverged."""
        return self.diverged_at >= 0


def grid(**axes):
    """Every combination of some values, for `sweep`: ({name: flat array (n,)}, shape of the grid).

    The first name varies slowest: ``result.final_loss.reshape(shape)`` has it as its rows.
    """
    values = [np.asarray(axis, dtype=float) for axis in axes.values()]
    for name, axis in zip(axes, values, strict=True):
        if axis.ndim != 1 or not len(axis):
            raise ValueError(f"grid: {name} must be a list of numbers, not of shape {axis.shape}")
    mesh = np.meshgrid(*values, indexing="ij")
    return {name: array.ravel() for name, array in zip(axes, mesh, strict=True)}, tuple(map(len, values))


def sweep(
    rule, surface, start=None, *, steps=300, noise=0.0, noise_kind="gaussian", schedule=None, seed=0, keep="final"
):
    """n runs in one batch, each the same as `run` with its setting.

    Args:
        rule: from `adamkit.rules`; its hyper-parameters may be arrays (n,).
        surface: from `adamkit.surfaces`.
        start: (2,) for all, or (n, 2); the surface's own start if left out.
        steps: ≥ 1.
        noise: ≥ 0, or (n,): standard deviation of the gradient noise; kinds as in `run`.
        schedule: as in `run`, the same for all.
        seed: ≥ 0: every run meets the same noise. Or n seeds: each run has its own.
        keep: ``"final"``, ``"losses"`` (8 bytes per run and step) or ``"path"`` (24).
    """
    check_parts(rule, surface, steps, noise_kind)
    if keep not in KEEPS:
        raise ValueError(f"keep={keep!r} is not one of {list(KEEPS)}")
    start, noise, seeds = start_points(surface, start), noise_levels(noise), seed_list(seed)
    n = common_length(rule, start, noise, seeds)
    if rule.batch_size is None:
        rule = rule.replace(lr=np.full(n, rule.lr))  # so that a rule on whole tensors knows the first axis as a batch
    pushes = noise_of_steps(noise, noise_kind, seeds, steps)
    # Column order: each coordinate lies in one piece, so a hyper-parameter (n, 1) meets n numbers in a row.
    theta = np.asfortranarray(np.broadcast_to(start, (n, 2)))
    record = Record(surface, theta, steps, keep)
    with np.errstate(all="ignore"):
        walk(rule, surface, theta, steps, pushes, lr_factors(schedule, steps), record)
        return record.sweep(rule)


def walk(rule, surface, theta, steps, pushes, factors, record):
    """All runs, step by step; what has diverged is set to NaN and stays so."""
    shaped = rule.shaped(2)
    state = shaped.init(theta)
    for t in range(1, steps + 1):
        step_rule = shaped if factors is None else shaped.swap(lr=shaped.lr * float(factors[t - 1]))
        g = np.empty_like(theta)
        g[:, 0], g[:, 1] = surface.gradient_xy(theta[:, 0], theta[:, 1])
        if pushes is not None:
            g += pushes[t - 1]
        theta, state = step_rule.update(g, theta, state, t)
        theta = record.keep_step(t, theta)


class Record:
    """What a sweep remembers of its steps."""

    def __init__(self, surface, theta, steps, keep):
        n = len(theta)
        self.surface, self.theta = surface, theta
        self.diverged_at = np.full(n, -1)
        self.losses = np.empty((steps + 1, n)) if keep != "final" else None
        self.positions = np.empty((steps + 1, n, 2)) if keep == "path" else None
        self._store(0)

    def keep_step(self, t, theta):
        """Mark the runs that diverged at step t, store what is wanted, and return θ with those set to NaN."""
        if not np.abs(theta).max() < LIMIT:
            outside = ~(np.abs(theta) < LIMIT).all(axis=1)
            self.diverged_at[outside & (self.diverged_at < 0)] = t
            theta[outside] = np.nan
        self.theta = theta
        self._store(t)
        return theta

    def _store(self, t):
        if self.losses is not None:
            self.losses[t] = self.surface.value_xy(self.theta[:, 0], self.theta[:, 1])
        if self.positions is not None:
            self.positions[t] = self.theta

    def sweep(self, rule):
        """The finished Sweep."""
        return Sweep(
            rule=rule,
            surface=self.surface,
            final=np.ascontiguousarray(self.theta),
            final_loss=self.surface.value(self.theta),
            losses=None if self.losses is None else self.losses.T,
            positions=None if self.positions is None else self.positions.swapaxes(0, 1),
            diverged_at=self.diverged_at,
        )


def seed_list(seed):
    """One seed as a plain number, several as a list."""
    if np.ndim(seed) == 0:
        check_seed(seed)
        return seed
    seeds = np.asarray(seed).tolist()
    for one in seeds:
        check_seed(one)
    return seeds


def common_length(rule, start, noise, seeds):
    """n, which everything that is an array must share; 1 when nothing is."""
    lengths = {
        "hyper-parameters": rule.batch_size,
        "start": len(start) if start.ndim == 2 else None,
        "noise": len(noise) if noise.ndim else None,
        "seed": len(seeds) if isinstance(seeds, list) else None,
    }
    lengths = {name: length for name, length in lengths.items() if length is not None}
    if start.ndim > 2:
        raise ValueError(f"start must be (2,) or (n, 2); its shape is {start.shape}")
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise ValueError(f"arrays given to a sweep must have one length ≥ 1, got {lengths}")
    return next(iter(lengths.values()), 1)


def noise_of_steps(noise, kind, seeds, steps):
    """What is added to the gradients: (steps, 1 or n, 2), or None."""
    if not noise.any():
        return None
    if isinstance(seeds, list):
        drawn = np.stack([draws(kind, one, steps) for one in seeds], axis=1)
    else:
        drawn = draws(kind, seeds, steps)[:, None]
    return drawn * noise.reshape(-1, 1)
