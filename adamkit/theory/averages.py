"""Exponential moving averages x̄ ← βx̄ + (1−β)x, started at zero: memory, bias, gain."""

import numpy as np

from adamkit.theory.checks import above, at_least, averaging, fraction, plain


def half_life(beta):
    """Steps after which a value's weight has halved: ln ½ / ln β; 0 for β = 0."""
    beta = averaging(beta=beta)
    with np.errstate(divide="ignore"):
        return plain(np.log(0.5) / np.log(beta) + 0.0)


def window(beta):
    """1/(1−β): the total weight divided by the newest value's, and the mean age of the values plus one."""
    return plain(1 / (1 - averaging(beta=beta)))


def correction_factor(beta, t):
    """1/(1 − βᵗ): what the average after t ≥ 1 steps is multiplied by, so that its weights sum to 1."""
    beta, t = averaging(beta=beta), at_least(1, t=t)
    return plain(1 / collected(beta, t))


def steps_until_corrected(beta, share=0.99):
    """First step t with 1 − βᵗ ≥ ``share`` in (0, 1): from there on the correction is below 1/share.

    A whole number (an integer array for arrays).
    """
    beta, share = np.broadcast_arrays(averaging(beta=beta), fraction(share=share))
    with np.errstate(divide="ignore"):
        steps = np.maximum(np.ceil(np.log1p(-share) / np.log(beta)), 1).astype(int)
    # Rounding of the logarithms may be a step off in either direction.
    steps = np.where((steps > 1) & (1 - beta ** np.maximum(steps - 1.0, 1) >= share), steps - 1, steps)
    steps = np.where(1 - beta ** steps.astype(float) < share, steps + 1, steps)
    return steps if steps.ndim else int(steps)


def collected(beta, t):
    """1 − βᵗ, the weight an average has collected after t > 0 steps, without cancellation for β close to 1."""
    beta, t = np.broadcast_arrays(averaging(beta=beta), above(0, t=t))
    with np.errstate(divide="ignore"):
        return -np.expm1(t * np.log(beta))
