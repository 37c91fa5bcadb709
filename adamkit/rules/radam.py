"""RAdam: Adam that does not trust v until it has seen enough."""

from dataclasses import dataclass

from adamkit.rules.adam import Adam, AdamState
from adamkit.rules.arrays import at_least, divide, sqrt, where
from adamkit.rules.base import TorchArguments, hyper
from adamkit.rules.decay import decay


@dataclass(frozen=True, eq=False)
class RAdam(Adam):
    """RAdam, rectified Adam (Liu et al. 2020, algorithm 2).

    v is an average of few squares at first, and so a poor estimate. ρ_t counts how many it is worth:
    from about 1 up to ρ∞ = 2/(1−β₂) − 1. While ρ_t is small the step is η m̂, *not divided by* √v̂ (and so
    of the gradient's own size); later it is Adam's, times r_t, which rises towards 1. The effect is close
    to a warmup over 2/(1−β₂) steps (Ma & Yarats 2021).

    Args:
        lr: η ≥ 0.
        beta1, beta2: decay of the two averages, in [0, 1). For β₂ ≤ 0.6, ρ_t never passes 4.
        eps: ε ≥ 0, added to √v *before* the correction, as in torch: (√v + ε)/√(1−β₂ᵗ). The paper has none.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        threshold: ≥ 4; rectified steps begin when ρ_t is above it. 5 as in torch (from step 6 on at β₂ ≥ 0.9);
            4 in the paper (from step 5 on).
        decoupled: let the decay shrink the weights directly instead, as torch's ``decoupled_weight_decay``
            and the paper's code.
        correct_m, correct_v: switch a correction off to see what it does; ρ_t and r_t stay.
    """

    threshold: float = hyper(5.0, low=4)
    decoupled: bool = hyper(False)

    torch_arguments = TorchArguments("lr, betas, *, eps, weight_decay, decoupled_weight_decay, threshold",
                                     own=frozenset({"threshold"}))

    def factors(self, t):
        """1 − β₁ᵗ, 1 − β₂ᵗ, whether ρ_t is above the threshold, and r_t."""
        rho = self.rho(t)
        return (*super().factors(t), rho > self.threshold, self.rectification(rho))

    @property
    def rho_limit(self):
        """ρ∞ = 2/(1−β₂) − 1, where ρ_t ends."""
        return 2 / (1 - self.beta2) - 1

    def rho(self, t):
        """ρ_t = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), the number of squares that v is worth."""
        power = self.beta2**t
        return self.rho_limit - 2 * t * power / (1 - power)

    def rectification(self, rho):
        """r_t = √( (ρ_t−4)(ρ_t−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ_t) ); 0 up to ρ_t = 4."""
        limit = self.rho_limit
        # Both are held above 4, below which the formula has no meaning and its result is not used.
        rho, high = at_least(rho, 4.0), at_least(limit, 4.0 + 1e-9)
        return sqrt((rho - 4) * (rho - 2) * high / ((high - 4) * (high - 2) * rho))

    def update(self, g, theta, state, t):
        """One step of RAdam."""
        m, v = state
        weight_m, weight_v, rectified, r = self.now(t)
        # g ← g + λθ, or θ ← θ − ηλθ
        g, theta = decay(self, g, theta)
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * m + (1 - self.beta1) * g
        # v ← β₂v + (1−β₂)g²
        v = self.beta2 * v + (1 - self.beta2) * (g * g)
        # θ ← θ − η m̂ r_t √(1−β₂ᵗ)/(√v + ε), or θ ← θ − η m̂
        theta = theta - self.lr * (m / weight_m) * where(rectified, self.scaling(v, weight_v, r), 1.0)
        return theta, AdamState(m, v)

    def scaling(self, v, weight_v, r):
        """r_t √(1−β₂ᵗ)/(√v + ε), what the learning rate is multiplied by once steps are rectified."""
        return divide(r * sqrt(weight_v), sqrt(v) + self.eps)

    def readings(self, state, t):
        """m, v, m_hat, v_hat, ``rho`` = ρ_t, ``r`` (0 until rectified) and ``rate``, each coordinate's rate."""
        m, v = state
        weight_m, weight_v, rectified, r = self.now(t)
        scaling = where(rectified, self.scaling(v, weight_v, r), 1.0)
        return {"m": m, "v": v, "m_hat": m / weight_m, "v_hat": v / weight_v, "rho": self.rho(t),
                "r": r * rectified, "rate": self.lr * scaling}
