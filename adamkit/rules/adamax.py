"""AdaMax: Adam with the largest gradient in place of the root mean square."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, maximum, zeros_like
from adamkit.rules.base import Rule, hyper, rate


class AdaMaxState(NamedTuple):
    """One parameter's average and maximum, of its shape, zero at the start."""

    m: Any  # average of g
    u: Any  # fading maximum of |g|


@dataclass(frozen=True, eq=False)
class AdaMax(Rule):
    """AdaMax (Kingma & Ba 2015, algorithm 2).

    Adam's √v is an average of the second power; AdaMax takes the power to infinity, where the average
    becomes a maximum that fades. A maximum has no bias to correct: only m is corrected.

    Args:
        lr: η ≥ 0; 2e-3 by default, as in the paper.
        beta1, beta2: decay of the average and of the maximum, in [0, 1).
        eps: ε ≥ 0, added to |g| inside the maximum, as in torch. The paper has none; with 0 a coordinate
            whose gradient has always been 0 becomes 0/0 = NaN.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
    """

    lr: float = rate(2e-3)
    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.999, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    weight_decay: float = hyper(0.0, low=0)

    State = AdaMaxState
    torch_names = {"m": "exp_avg", "u": "exp_inf"}

    def init(self, theta):
        """Both start at zero."""
        return AdaMaxState(m=zeros_like(theta), u=zeros_like(theta))

    def factors(self, t):
        """1 − β₁ᵗ, the weight that m has collected."""
        return (1 - self.beta1**t,)

    def update(self, g, theta, state, t):
        """One step of AdaMax."""
        (weight_m,) = self.now(t)
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * state.m + (1 - self.beta1) * g
        # u ← max(β₂u, |g| + ε)
        u = maximum(self.beta2 * state.u, abs(g) + self.eps)
        # θ ← θ − η/(1−β₁ᵗ) m/u
        theta = theta - self.lr / weight_m * divide(m, u)
        return theta, AdaMaxState(m, u)

    def readings(self, state, t):
        """m, u, m_hat and ``rate`` = η/u, the learning rate each coordinate gets."""
        (weight_m,) = self.now(t)
        return {"m": state.m, "u": state.u, "m_hat": state.m / weight_m, "rate": divide(self.lr, state.u)}
