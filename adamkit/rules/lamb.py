"""LAMB: Adam's direction, with a step in proportion to the weights it changes."""

from dataclasses import dataclass

from adamkit.rules.adam import Adam, AdamState
from adamkit.rules.arrays import divide, is_off, sqrt, where
from adamkit.rules.base import hyper
from adamkit.rules.whole import norm


@dataclass(frozen=True, eq=False)
class LAMB(Adam):
    """LAMB (You et al. 2020, algorithm 2), for large batches.

    Every tensor moves by the same *relative* amount: the direction r + λθ is scaled to the norm of θ, so
    that ‖Δθ‖ = η‖θ‖, whatever the layer. The factor ‖θ‖/‖r + λθ‖ is called the trust ratio.

    Readings of LAMB differ between libraries. This one is the published algorithm: both moments corrected,
    φ(‖θ‖) = ‖θ‖ without a bound (some clamp it at 10), no clipping of the global gradient norm (NVIDIA's
    has it), ε in Adam's denominator alone (pytorch_optimizer adds it to ‖r + λθ‖ too). Drafts of the paper,
    and pytorch_optimizer, leave the correction out: ``correct_m=False, correct_v=False``.

    Args:
        lr: η ≥ 0, the relative size of a step: 0.001 moves a tensor by a thousandth of its norm.
        beta1, beta2: decay of the two averages, in [0, 1).
        eps: ε ≥ 0, outside the root, after the correction; 1e-6 as in the paper.
        weight_decay: λ ≥ 0; λθ joins the direction after the division by √v̂, before its norm is taken.
        correct_m, correct_v: the bias corrections.

    Norms are taken over the whole tensor, or, with array hyper-parameters, over all axes but the first. The
    trust ratio is 1 where one of the norms is 0.
    """

    eps: float = hyper(1e-6, low=0)

    elementwise = False

    def update(self, g, theta, state, t):
        """One step of LAMB."""
        m, v = state
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * m + (1 - self.beta1) * g
        # v ← β₂v + (1−β₂)g²
        v = self.beta2 * v + (1 - self.beta2) * (g * g)
        # m̂ = m / (1−β₁ᵗ),  v̂ = v / (1−β₂ᵗ)
        m_hat, v_hat = self.corrected(m, v, t)
        # u = m̂ / (√v̂ + ε) + λθ
        u = divide(m_hat, sqrt(v_hat) + self.eps)
        u = u if is_off(self.weight_decay) else u + self.weight_decay * theta
        # θ ← θ − η (‖θ‖/‖u‖) u
        theta = theta - self.lr * self.trust_ratio(theta, u) * u
        return theta, AdamState(m, v)

    def trust_ratio(self, theta, u):
        """‖θ‖/‖u‖ of each tensor, its axes kept as 1; 1 where one of the two is 0."""
        size, length = norm(self, theta), norm(self, u)
        ratio = size / where(length == 0, 1.0, length)
        return where((length == 0) | (size == 0), 1.0, ratio)
