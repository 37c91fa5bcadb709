"""The size of Adam's steps, and RAdam's rectification."""

import math

import numpy as np

from adamkit.theory.averages import collected
from adamkit.theory.checks import above, at_least, averaging, plain


def uncorrected_step_ratio(t, beta1=0.9, beta2=0.999):
    """Adam's step without bias correction, divided by the step with it: (1−β₁ᵗ)/√(1−β₂ᵗ).

    For any gradients, ε aside. Above 1 the uncorrected step is too *large*: 3.16 at t = 1 with the
    defaults, 6.57 at t = 12. β₂ = 0 leaves (1−β₁ᵗ).
    """
    t, beta1, beta2 = at_least(1, t=t), averaging(beta1=beta1), averaging(beta2=beta2)
    return plain(collected(beta1, t) / np.sqrt(collected(beta2, t)))


def largest_adam_step(beta1=0.9, beta2=0.999):
    """Supremum of |step|/η over all gradient sequences, ε = 0: (1−β₁)/√((1−β₂)(1−β₁²/β₂)).

    By Cauchy and Schwarz, over m̂_t/√v̂_t; approached by gradients that grow by β₂/β₁ a step. 7.27
    at the defaults, where the paper's section 2.1 says 3.16 (`paper_step_bound`). Infinite for
    β₁² ≥ β₂ (unless β₁ = 0, where it is 1 for β₂ = 0 and 1/√(1−β₂) otherwise).
    """
    beta1, beta2 = np.broadcast_arrays(averaging(beta1=beta1), averaging(beta2=beta2))
    with np.errstate(divide="ignore", invalid="ignore"):
        overlap = np.where(beta1 == 0, 0.0, beta1**2 / beta2)
        bound = (1 - beta1) / np.sqrt((1 - beta2) * (1 - overlap))
    return plain(np.where(overlap < 1, bound, np.inf))


def paper_step_bound(beta1=0.9, beta2=0.999):
    """The bound on |step|/η that Kingma & Ba 2015 give in section 2.1; it does not hold in general.

    (1−β₁)/√(1−β₂) where 1 − β₁ > √(1−β₂), else 1. `largest_adam_step` is the true supremum.
    """
    beta1, beta2 = averaging(beta1=beta1), averaging(beta2=beta2)
    ratio = (1 - beta1) / np.sqrt(1 - beta2)
    return plain(np.maximum(ratio, 1.0))


def rho_inf(beta2=0.999):
    """RAdam's ρ∞ = 2/(1−β₂) − 1: number of values in the plain average that g²'s is closest to.

    Liu et al. 2020, section 4. Of the weight of the exponential average the newest ρ∞ values hold 86.5%.
    """
    return plain(2 / (1 - averaging(beta2=beta2)) - 1)


def rho(t, beta2=0.999):
    """RAdam's ρ_t = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ): effective number of gradients in v after t steps; 1 at t = 1."""
    t, beta2 = at_least(1, t=t), averaging(beta2=beta2)
    return plain(rho_inf(beta2) - 2 * t * beta2**t / collected(beta2, t))


def rectification(t, beta2=0.999):
    """RAdam's r_t = √((ρ_t−4)(ρ_t−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ_t)), in (0, 1).

    NaN where ρ_t ≤ 4: there the variance of the adaptive rate is not finite by their estimate, and
    RAdam takes a plain momentum step instead. (torch waits for ρ_t > 5.)
    """
    now, last = np.asarray(rho(t, beta2)), np.asarray(rho_inf(beta2))
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.sqrt((now - 4) * (now - 2) * last / ((last - 4) * (last - 2) * now))
    return plain(np.where(now > 4, r, np.nan))


def adaptive_rate_variance(rho):
    """Variance of σ/√v̂ when v̂ averages ``rho`` squared gradients drawn from N(0, σ²): the noise warmup avoids.

    With ρ·v̂/σ² ~ χ²_ρ it is ρ/(ρ−2) − (ρ/2)·(Γ((ρ−1)/2)/Γ(ρ/2))² (Liu et al. 2020, section 3).
    Infinite for ρ ≤ 2; ``rho`` > 0.
    """
    rho = above(0, rho=rho)
    safe = np.where(rho > 2, rho, 3.0)
    mean = np.sqrt(safe / 2) * np.exp(_lgamma((safe - 1) / 2) - _lgamma(safe / 2))
    return plain(np.where(rho > 2, safe / (safe - 2) - mean**2, np.inf))


_lgamma = np.vectorize(math.lgamma, otypes=[float])
