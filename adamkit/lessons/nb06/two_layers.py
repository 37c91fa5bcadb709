"""A network of two weights: the smallest problem whose curvature training can change."""

import numpy as np


def two_layers(rates, *, start=(4.0, 0.0), noise=0.3, runs=16, seed=0):
    """SGD on the smallest network with two layers: ŷ = uv, loss ½(uv − 1)², with a rate for each step.

    Every minimum fits equally well, but not every one is equally flat: the curvature is u² + v² there, from 2 at
    u = v = 1 upwards, so the largest stable rate, 2/(u² + v²), depends on where training has come to. Above it the
    product swings, and each swing shrinks |u² − v²| by the factor 1 − η²(uv − y)²: the path moves to a flatter minimum,
    or diverges if the rate is above about twice that limit (the "catapult" of Lewkowycz et al. 2020).

    Args:
        rates: η ≥ 0 of each step, shape (steps,).
        start: u and v before the first step.
        noise: standard deviation of the label around 1 in each step, as from a mini-batch.
        runs: number of runs with noise of their own, ≥ 1.
        seed: of the noise.

    Returns:
        (losses, curvatures): ½(uv − 1)² and u² + v² before each step and after the last, both (steps + 1, runs);
        infinite or NaN where a run has diverged.
    """
    rates = np.asarray(rates, dtype=float)
    if rates.ndim != 1 or not (rates >= 0).all():
        raise ValueError(f"rates must be a list of numbers ≥ 0, one for each step, got shape {rates.shape}")
    if noise < 0 or runs < 1:
        raise ValueError(f"noise={noise!r} must be ≥ 0 and runs={runs!r} at least 1")
    labels = 1 + noise * np.random.default_rng(seed).standard_normal((len(rates), runs))
    path = np.empty((len(rates) + 1, 2, runs))
    path[0] = np.asarray(start, dtype=float)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):
        for step, (rate, y) in enumerate(zip(rates.tolist(), labels)):
            u, v = path[step]
            slope = rate * (u * v - y)
            path[step + 1, 0] = u - slope * v
            path[step + 1, 1] = v - slope * u
        return (path[:, 0] * path[:, 1] - 1) ** 2 / 2, path[:, 0] ** 2 + path[:, 1] ** 2
