"""SGD: a step against the gradient."""

from dataclasses import dataclass
from typing import NamedTuple

from adamkit.rules.base import Rule, TorchArguments, hyper


class SGDState(NamedTuple):
    """Nothing to remember."""


@dataclass(frozen=True, eq=False)
class SGD(Rule):
    """Stochastic gradient descent (Robbins & Monro 1951).

    Args:
        lr: η ≥ 0, the learning rate.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient. Here, and only here, that is the same as
            shrinking the weights by the factor 1 − ηλ.
    """

    weight_decay: float = hyper(0.0, low=0)

    State = SGDState
    torch_arguments = TorchArguments("lr, *, momentum=0.0, dampening=0.0, weight_decay, nesterov=False")
    counts_steps = False

    def init(self, theta):
        """No state."""
        return SGDState()

    def update(self, g, theta, state, t):
        """One step of gradient descent."""
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # θ ← θ − ηg
        theta = theta - self.lr * g
        return theta, state
