"""NAdam: Adam that looks one step ahead."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, sqrt, zeros_like
from adamkit.rules.base import Rule, hyper, rate
from adamkit.rules.decay import decay


class NAdamState(NamedTuple):
    """Moments of one parameter, of its shape, and one number."""

    m: Any  # average of g, from zero
    v: Any  # average of g², from zero
    mu_product: Any  # μ₁μ₂…μ_t, from 1


@dataclass(frozen=True, eq=False)
class NAdam(Rule):
    """NAdam (Dozat 2016): Nesterov's look-ahead inside Adam.

    Adam steps along m̂, in which the newest gradient has the share 1−β₁. NAdam steps along the m̂ that the
    *next* step would see if the gradient stayed as it is, so the newest gradient counts more.

    The momentum μ_t = β₁(1 − ½·0.96^{tψ}) rises slowly from β₁/2 to β₁, so its correction needs the product
    of all μ so far. m itself is averaged with β₁, as in torch; in the paper's general form with μ_t.

    Args:
        lr: η ≥ 0; 2e-3 by default, as in torch.
        beta1, beta2: decay of the two averages, in [0, 1).
        eps: ε ≥ 0, outside the root, after the correction.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        momentum_decay: ψ ≥ 0, 0.004 as in torch and the paper. With 0, μ stays at β₁/2 for ever.
        decoupled: let the decay shrink the weights directly instead, as torch's ``decoupled_weight_decay``.

    The product is one number: a tensor of rank 0 in 32 bits in `adamkit.torch_optim`, as in torch.
    """

    lr: float = rate(2e-3)
    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.999, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    weight_decay: float = hyper(0.0, low=0)
    momentum_decay: float = hyper(0.004, low=0)
    decoupled: bool = hyper(False)

    State = NAdamState
    torch_names = {"m": "exp_avg", "v": "exp_avg_sq"}

    def init(self, theta):
        """Moments start at zero, the product at 1: one for each experiment."""
        one = 1.0 + 0.0 * (self.beta1 + self.momentum_decay)
        return NAdamState(m=zeros_like(theta), v=zeros_like(theta), mu_product=one)

    def factors(self, t):
        """1 − β₂ᵗ, μ_t and μ_{t+1}."""
        return (1 - self.beta2**t, self.mu(t), self.mu(t + 1))

    def mu(self, t):
        """The momentum of step t, β₁(1 − ½·0.96^{tψ})."""
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))

    def update(self, g, theta, state, t):
        """One step of NAdam."""
        weight_v, mu, mu_next = self.now(t)
        # g ← g + λθ, or θ ← θ − ηλθ
        g, theta = decay(self, g, theta)
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * state.m + (1 - self.beta1) * g
        # v ← β₂v + (1−β₂)g²
        v = self.beta2 * state.v + (1 - self.beta2) * (g * g)
        # Π ← Πμ_t
        product = state.mu_product * mu
        # v̂ = v / (1−β₂ᵗ)
        denominator = sqrt(v / weight_v) + self.eps
        share_g, share_m = self.shares(product, mu, mu_next)
        # θ ← θ − η ( (1−μ_t)/(1−Π) g + μ_{t+1}/(1−Πμ_{t+1}) m ) / (√v̂ + ε)
        theta = theta - self.lr * divide(share_g * g + share_m * m, denominator)
        return theta, NAdamState(m, v, product)

    def shares(self, product, mu, mu_next):
        """What g and m are multiplied by in m̂."""
        product = _precise(product)
        return (1 - mu) / (1 - product), mu_next / (1 - product * mu_next)

    def readings(self, state, t):
        """m, v, mu_product, ``mu`` = μ_t, v_hat and ``rate`` = η / (√v̂ + ε).

        There is no m_hat: it needs the gradient of the step, which the state does not keep.
        """
        weight_v, mu, _ = self.now(t)
        v_hat = state.v / weight_v
        rate = divide(self.lr, sqrt(v_hat) + self.eps)
        return {**super().readings(state, t), "mu": mu, "v_hat": v_hat, "rate": rate}


def _precise(x):
    """A tensor of rank 0 in 64 bits: it does not change the precision of what it meets, and torch does the same."""
    return x.double() if getattr(x, "ndim", None) == 0 and hasattr(x, "requires_grad") else x
