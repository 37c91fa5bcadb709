"""Gradient descent and momentum on a quadratic, where everything can be solved.

Along an eigenvector of curvature λ the error follows a linear recursion; its factor, or for
momentum the larger root of its characteristic equation, is the rate: error_t ~ rateᵗ.
"""

import numpy as np

from adamkit.theory.checks import above, at_least, averaging, ordered, plain


def max_stable_lr(lam):
    """2/λ: gradient descent converges for 0 < η < 2/λ_max, as |1 − ηλ| < 1."""
    return plain(2 / above(0, lam=lam))


def best_lr(lmin, lmax):
    """2/(λ_min + λ_max): the η whose slowest direction is fastest; its factor per step is (κ−1)/(κ+1)."""
    lmin, lmax = ordered(lmin, lmax)
    return plain(2 / (lmin + lmax))


def momentum_best(lmin, lmax):
    """(η, β, rate) of the best heavy ball: (2/(√λ_min + √λ_max))², rate², (√κ−1)/(√κ+1) (Polyak 1964).

    At this point the two roots coincide for λ_min and λ_max, so the measured error falls like
    t·rateᵗ: slower than rateᵗ at first.
    """
    lmin, lmax = ordered(lmin, lmax)
    low, high = np.sqrt(lmin), np.sqrt(lmax)
    rate = (high - low) / (high + low)
    return plain((2 / (low + high)) ** 2), plain(rate**2), plain(rate)


def heavy_ball_limit(beta, lam):
    """2(1+β)/λ: the heavy ball b ← βb + g, θ ← θ − ηb converges below this η."""
    beta, lam = averaging(beta=beta), above(0, lam=lam)
    return plain(2 * (1 + beta) / lam)


def nesterov_limit(beta, lam):
    """2(1+β)/(λ(1+2β)): Nesterov's momentum converges below this η, up to 3 times less than the heavy ball's."""
    beta, lam = averaging(beta=beta), above(0, lam=lam)
    return plain(2 * (1 + beta) / (lam * (1 + 2 * beta)))


def heavy_ball_rate(lr, beta, lam):
    """Factor per step on the error of the heavy ball: the larger |z| with z² − (1+β−ηλ)z + β = 0."""
    lr, beta, lam = at_least(0, lr=lr), averaging(beta=beta), above(0, lam=lam)
    return plain(_larger_root(1 + beta - lr * lam, beta))


def nesterov_rate(lr, beta, lam):
    """Factor per step of Nesterov's momentum: the larger |z| with z² − (1+β)(1−ηλ)z + β(1−ηλ) = 0."""
    lr, beta, lam = at_least(0, lr=lr), averaging(beta=beta), above(0, lam=lam)
    shrink = 1 - lr * lam
    return plain(_larger_root((1 + beta) * shrink, beta * shrink))


def damping(lr, beta, lam):
    """(1 + β − ηλ)² − 4β of the heavy ball: > 0 over-damped (creeps), < 0 under-damped (swings), 0 critical.

    Critical at β = (1 − √(ηλ))². Positive too beyond ηλ = (1 + √β)², where every step overshoots.
    """
    lr, beta, lam = at_least(0, lr=lr), averaging(beta=beta), above(0, lam=lam)
    return plain((1 + beta - lr * lam) ** 2 - 4 * beta)


def stationary_variance(lr, lam, sigma, batch=1, beta=0.0):
    """Variance of θ around the minimum of ½λθ² once SGD with noisy gradients has settled.

    (σ²/B)·η(1+β) / (λ(1−β)(2(1+β) − ηλ)); without momentum (σ²/B)·η/(λ(2 − ηλ)). For small η it
    grows with η and with 1/B. Infinite at and beyond the stability limit.

    Args:
        lr: η > 0.
        lam: λ > 0.
        sigma: ≥ 0, standard deviation of one example's gradient; noise independent from step to step.
        batch: B > 0, examples averaged in each gradient.
        beta: momentum of the heavy ball (mean 0 noise, b ← βb + g).
    """
    lr, lam, batch = above(0, lr=lr, lam=lam, batch=batch)
    sigma, beta = at_least(0, sigma=sigma), averaging(beta=beta)
    room = 2 * (1 + beta) - lr * lam
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = sigma**2 / batch * lr * (1 + beta) / (lam * (1 - beta) * room)
    return plain(np.where(room > 0, variance, np.inf))


def _larger_root(total, product):
    """max |z| of z² − total·z + product = 0."""
    discriminant = np.asarray(total**2 - 4 * product)
    real = (np.abs(total) + np.sqrt(np.maximum(discriminant, 0))) / 2
    return np.where(discriminant < 0, np.sqrt(np.abs(product)), real)
