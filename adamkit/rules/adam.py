"""Adam: momentum divided by the recent size of the gradient, both corrected for their zero start."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from adamkit.rules.arrays import divide, sqrt, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper


class AdamState(NamedTuple):
    """Moments of one parameter, of its shape, zero at the start."""

    m: Any  # average of g
    v: Any  # average of g²


@dataclass(frozen=True, eq=False)
class Adam(Rule):
    """Adam (Kingma & Ba 2015, algorithm 1).

    A step is the average gradient divided by the root of the average squared gradient, so its size
    is about η whatever the gradient's scale. Both averages start at zero and are divided by the
    weight that they have collected so far, 1 − βᵗ.

    Args:
        lr: η ≥ 0, the size of a step.
        beta1, beta2: decay of the two averages, in [0, 1); memories of 1/(1−β) steps.
        eps: ε ≥ 0, added to √v̂ *outside* the root, after the correction, as in the paper and torch.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient, and is divided by √v̂ like the rest. As in
            torch.optim.Adam; see `AdamW` for decay that is not.
        correct_m, correct_v: switch a correction off to see what it does.

    NaN or infinity in the gradient enters m and v and stays there, as in torch.
    """

    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.999, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    weight_decay: float = hyper(0.0, low=0)
    correct_m: bool = hyper(True)
    correct_v: bool = hyper(True)

    State: ClassVar[type] = AdamState
    torch_names = {"m": "exp_avg", "v": "exp_avg_sq"}
    torch_arguments = TorchArguments("lr, betas, *, eps, weight_decay, amsgrad=False, correct_m, correct_v",
                                     fixed={"decoupled_weight_decay": False},
                                     own=frozenset({"correct_m", "correct_v"}))

    def init(self, theta):
        """Both moments start at zero."""
        return AdamState(m=zeros_like(theta), v=zeros_like(theta))

    def factors(self, t):
        """1 − β₁ᵗ and 1 − β₂ᵗ, the weight that the moments have collected; 1 where switched off."""
        return (1 - self.beta1**t if self.correct_m else 1.0, 1 - self.beta2**t if self.correct_v else 1.0)

    def update(self, g, theta, state, t):
        """One step of Adam with L2."""
        # g ← g + λθ
        g = self.with_l2(g, theta)
        return self.adam_step(g, theta, state, t)

    def adam_step(self, g, theta, state, t):
        """The part that Adam and AdamW share."""
        m, v = state
        # m ← β₁m + (1−β₁)g
        m = self.beta1 * m + (1 - self.beta1) * g
        # v ← β₂v + (1−β₂)g²
        v = self.beta2 * v + (1 - self.beta2) * (g * g)
        # m̂ = m / (1−β₁ᵗ),  v̂ = v / (1−β₂ᵗ)
        m_hat, v_hat = self.corrected(m, v, t)
        # θ ← θ − η m̂ / (√v̂ + ε)
        theta = theta - self.lr * divide(m_hat, sqrt(v_hat) + self.eps)
        return theta, AdamState(m, v)

    def corrected(self, m, v, t):
        """m̂ and v̂: the moments divided by the weight they have collected."""
        weight_m, weight_v = self.now(t)
        return m / weight_m, v / weight_v

    def readings(self, state, t):
        """m, v, m_hat, v_hat and ``rate`` = η / (√v̂ + ε), the learning rate each coordinate gets."""
        m_hat, v_hat = self.corrected(state.m, state.v, t)
        rate = divide(self.lr, sqrt(v_hat) + self.eps)
        return {"m": state.m, "v": state.v, "m_hat": m_hat, "v_hat": v_hat, "rate": rate}
