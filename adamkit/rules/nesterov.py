"""Nesterov momentum: momentum that looks one step ahead."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper


class NesterovState(NamedTuple):
    """The buffer of one parameter, of its shape, zero at the start."""

    b: Any


@dataclass(frozen=True, eq=False)
class Nesterov(Rule):
    """Nesterov's accelerated gradient (Nesterov 1983), in torch's form, after Sutskever et al. 2013.

    The gradient is wanted at the point that the momentum is about to reach. Written in terms of that
    point, as here, it is the ordinary gradient, and the step is g + μb instead of b. No heavy ball of
    another rate or momentum walks this path: it is stable for η < 2(1+μ)/(λ(1+2μ)) on a quadratic of
    curvature λ, the heavy ball for η < 2(1+μ)/λ.

    Args:
        lr: η ≥ 0.
        momentum: μ in [0, 1), constant, as in torch; the 1983 paper lets it grow with t.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient before the buffer, as in torch.
    """

    momentum: float = hyper(0.9, low=0, below=1)
    weight_decay: float = hyper(0.0, low=0)

    State = NesterovState
    torch_names = {"b": "momentum_buffer"}
    torch_arguments = TorchArguments(fixed={"dampening": 0.0, "nesterov": True},
                                     own=frozenset({"dampening", "nesterov"}))
    counts_steps = False

    def init(self, theta):
        """The buffer starts at zero."""
        return NesterovState(b=zeros_like(theta))

    def update(self, g, theta, state, t):
        """One step of Nesterov momentum."""
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # b ← μb + g
        b = self.momentum * state.b + g
        # θ ← θ − η(g + μb)
        theta = theta - self.lr * (g + self.momentum * b)
        return theta, NesterovState(b)
