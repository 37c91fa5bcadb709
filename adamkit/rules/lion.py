"""Lion: steps of one size, in the direction that the average gradient points."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import sign, zeros_like
from adamkit.rules.base import Rule, hyper, rate
from adamkit.rules.decay import shrink


class LionState(NamedTuple):
    """The average gradient of one parameter, of its shape, zero at the start."""

    m: Any


@dataclass(frozen=True, eq=False)
class Lion(Rule):
    """Lion (Chen et al. 2023, algorithm 2), found by a search among programs.

    Only the *sign* of an average counts, so each coordinate moves by exactly η (or not at all, where the
    average is 0). Two betas, one state: the step looks at β₁m + (1−β₁)g, what is remembered is
    β₂m + (1−β₂)g. Half of Adam's memory.

    Args:
        lr: η ≥ 0, the size of a step. The paper advises 3 to 10 times less than for AdamW, 1e-4 by default.
        beta1, beta2: in [0, 1); (0.9, 0.99).
        weight_decay: λ ≥ 0, decoupled, multiplied by the rate; the paper advises 3 to 10 times more than
            for AdamW, so that ηλ stays.

    The sign of what is not finite is taken to be NaN, so that such a gradient shows here as in every other rule.
    """

    lr: float = rate(1e-4)
    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.99, low=0, below=1)
    weight_decay: float = hyper(0.0, low=0)

    State = LionState
    torch_names = {"m": "exp_avg"}
    counts_steps = False

    def init(self, theta):
        """The average starts at zero; it is not corrected, because its size does not count."""
        return LionState(m=zeros_like(theta))

    def update(self, g, theta, state, t):
        """One step of Lion."""
        (m,) = state
        # θ ← θ − ηλθ
        theta = shrink(self, theta)
        # θ ← θ − η sign(β₁m + (1−β₁)g)
        theta = theta - self.lr * sign(self.beta1 * m + (1 - self.beta1) * g)
        # m ← β₂m + (1−β₂)g
        m = self.beta2 * m + (1 - self.beta2) * g
        return theta, LionState(m)
