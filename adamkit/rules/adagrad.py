"""AdaGrad: each coordinate's rate falls with the gradients it has seen."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, sqrt, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper, rate


class AdaGradState(NamedTuple):
    """The accumulator of one parameter, of its shape."""

    s: Any  # sum of g², from ``initial_accumulator``


@dataclass(frozen=True, eq=False)
class AdaGrad(Rule):
    """AdaGrad (Duchi, Hazan & Singer 2011, the diagonal version).

    The step is divided by the root of the *sum* of squared gradients: a coordinate that is seldom
    active keeps a large rate, and no rate ever rises. It falls like 1/√t while the gradients keep
    their size, and stays where it is once they vanish.

    Args:
        lr: η ≥ 0.
        eps: ε ≥ 0, added to √s *outside* the root, as in torch.
        lr_decay: ≥ 0; the rate of step t is η / (1 + (t−1)·lr_decay). torch's addition; 0 in the paper.
        initial_accumulator: ≥ 0, the value that the sum starts from.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
    """

    lr: float = rate(1e-2)
    eps: float = hyper(1e-10, low=0)
    lr_decay: float = hyper(0.0, low=0)
    initial_accumulator: float = hyper(0.0, low=0)
    weight_decay: float = hyper(0.0, low=0)

    State = AdaGradState
    torch_names = {"s": "sum"}
    torch_arguments = TorchArguments("lr, *, lr_decay, weight_decay, initial_accumulator_value, eps",
                                     {"initial_accumulator": "initial_accumulator_value"})

    def init(self, theta):
        """The sum starts at ``initial_accumulator``."""
        return AdaGradState(s=zeros_like(theta) + self.initial_accumulator)

    def factors(self, t):
        """The decayed rate of step t, η / (1 + (t−1)·lr_decay)."""
        return (self.lr / (1 + (t - 1) * self.lr_decay),)

    def update(self, g, theta, state, t):
        """One step of AdaGrad."""
        (lr,) = self.now(t)
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # s ← s + g²
        s = state.s + g * g
        # θ ← θ − η g / (√s + ε)
        theta = theta - lr * divide(g, sqrt(s) + self.eps)
        return theta, AdaGradState(s)

    def readings(self, state, t):
        """s and ``rate`` = η / (√s + ε), the learning rate each coordinate gets."""
        (lr,) = self.now(t)
        return {"s": state.s, "rate": divide(lr, sqrt(state.s) + self.eps)}
