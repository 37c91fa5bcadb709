"""AMSGrad: Adam whose denominator never shrinks."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, maximum, sqrt, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper
from adamkit.rules.decay import decay


class AMSGradState(NamedTuple):
    """Moments of one parameter, of its shape, zero at the start."""

    m: Any  # average of g
    v: Any  # average of g²
    v_max: Any  # the largest v so far (v̂ in form="v_hat")


@dataclass(frozen=True, eq=False)
class AMSGrad(Rule):
    """AMSGrad (Reddi, Kale & Kumar 2018, algorithm 2).

    Adam divides by the *recent* size of the gradient, and so forgets a rare large one. AMSGrad divides
    by the largest average it has seen: the rate of a coordinate can fall and never rises again. The
    three forms in use differ in where the bias correction stands:

    ``"torch"``  v̂ = max v / (1−β₂ᵗ): the maximum of the *uncorrected* v, divided by today's weight,
        as torch.optim.Adam(amsgrad=True). Early on this v̂ may fall after all, because its divisor rises.
    ``"v_hat"``  v̂ = max(v / (1−β₂ᵗ)): the maximum of the corrected one, as optax. The early, noisy v̂
        may rule for good.
    ``"paper"``  v̂ = max v and m̂ = m: no correction at all, as in the paper.

    Args:
        lr: η ≥ 0.
        beta1, beta2: decay of the two averages, in [0, 1).
        eps: ε ≥ 0, outside the root, after the correction. The paper has none.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        decoupled: let the decay shrink the weights directly instead, as torch.optim.AdamW(amsgrad=True).
        form: one of the three above.
    """

    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.999, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    weight_decay: float = hyper(0.0, low=0)
    decoupled: bool = hyper(False)
    form: str = hyper("torch", choices=("torch", "v_hat", "paper"))

    State = AMSGradState
    torch_names = {"m": "exp_avg", "v": "exp_avg_sq", "v_max": "max_exp_avg_sq"}
    torch_arguments = TorchArguments(fixed={"amsgrad": True}, own=frozenset({"form"}))

    def init(self, theta):
        """All three start at zero."""
        return AMSGradState(m=zeros_like(theta), v=zeros_like(theta), v_max=zeros_like(theta))

    def factors(self, t):
        """The weights that m, v and v_max are divided by: 1 − βᵗ, or 1."""
        if self.form == "paper":
            return (1.0, 1.0, 1.0)
        weight_v = 1 - self.beta2**t
        return (1 - self.beta1**t, weight_v, weight_v if self.form == "torch" else 1.0)

    def update(self, g, theta, state, t):
        """One step of AMSGrad."""
        m, v, v_max = state
        weight_m, weight_v, weight_max = self.now(t)
        # g ← g + λθ, or θ ← θ − ηλθ
        g, theta = decay(self, g, theta)
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * m + (1 - self.beta1) * g
        # v ← β₂v + (1−β₂)g²
        v = self.beta2 * v + (1 - self.beta2) * (g * g)
        # v_max ← max(v_max, v), of v̂ in form="v_hat"
        v_max = maximum(v_max, v / weight_v if self.form == "v_hat" else v)
        # m̂ = m / (1−β₁ᵗ),  v̂ = v_max / (1−β₂ᵗ), as the form says
        m_hat, v_hat = m / weight_m, v_max / weight_max
        # θ ← θ − η m̂ / (√v̂ + ε)
        theta = theta - self.lr * divide(m_hat, sqrt(v_hat) + self.eps)
        return theta, AMSGradState(m, v, v_max)

    def readings(self, state, t):
        """m, v, v_max, m_hat, v_hat (the one divided by) and ``rate`` = η / (√v̂ + ε)."""
        weight_m, _, weight_max = self.now(t)
        v_hat = state.v_max / weight_max
        rate = divide(self.lr, sqrt(v_hat) + self.eps)
        return {**super().readings(state, t), "m_hat": state.m / weight_m, "v_hat": v_hat, "rate": rate}
