"""Schedule-Free AdamW: averaging the path in place of lowering the rate."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, is_array, is_off, sqrt, where, zeros_like
from adamkit.rules.base import Rule, hyper, rate


class ScheduleFreeState(NamedTuple):
    """One parameter's fast iterate and average of g², of its shape, and two numbers."""

    z: Any  # the fast iterate; starts at θ
    v: Any  # average of g², from zero
    weight_sum: Any  # sum of the weights in x
    lr_max: Any  # the largest rate so far


@dataclass(frozen=True, eq=False)
class ScheduleFreeAdamW(Rule):
    """Schedule-Free AdamW (Defazio et al. 2024), as the authors' code has it: v is corrected before ε is added.

    Three points instead of one. z runs ahead with plain steps of a constant rate; x is the average of all z
    so far, the point to *evaluate*; y lies between the two, and there gradients are taken:

        y = (1−β₁)z + β₁x

    θ is y, so that training needs nothing new. After training, or for a measurement on the way, ask
    `average` for x (`adamkit.torch_optim.ScheduleFreeAdamW` has ``eval()`` and ``train()`` for it). A
    falling schedule makes old steps count more than new ones; the average does so without knowing the end.

    Args:
        lr: η ≥ 0, constant but for a warmup. 0.0025 by default, as in the authors' code.
        beta1: in (0, 1), how far y lies towards x. Takes the place of momentum; not 0, where y would be z
            and x could not be found from the two.
        beta2: decay of the average of g², in [0, 1).
        eps: ε ≥ 0, outside the root, after the correction.
        weight_decay: λ ≥ 0, decoupled: λy joins the step of z after the division, multiplied by η.

    The z of a step has the weight (largest η so far)² in x, as in the authors' code, so steps of a warmup
    count little. x is not stored: it is found from y and z. Their code has the warmup built in; here it
    is a schedule, as for any rule, with the same result.
    """

    lr: float = rate(2.5e-3)
    beta1: float = hyper(0.9, low=0, below=1)
    beta2: float = hyper(0.999, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    weight_decay: float = hyper(0.0, low=0)

    State = ScheduleFreeState
    torch_names = {"v": "exp_avg_sq"}
    long_sums = frozenset({"weight_sum", "lr_max"})

    def __post_init__(self):
        super().__post_init__()
        if bool((self.beta1 == 0).any()) if is_array(self.beta1) else self.beta1 == 0:
            raise ValueError(f"ScheduleFreeAdamW: beta1={self.beta1!r} must be above 0: x is found as (y − (1−β₁)z)/β₁")

    def init(self, theta):
        """z starts at θ, where x and y are too; v and the two numbers at zero, one for each experiment."""
        return ScheduleFreeState(
            z=theta + 0.0,
            v=zeros_like(theta),
            weight_sum=self._nothing(),
            lr_max=self._nothing(),
        )

    def _nothing(self):
        """0 for each experiment, in memory of its own."""
        return self.lr * 0.0

    def factors(self, t):
        """1 − β₂ᵗ, the weight that v has collected."""
        return (1 - self.beta2**t,)

    def update(self, g, theta, state, t):
        """One step; ``theta`` is y, and ``g`` the gradient there."""
        z, v, weight_sum, lr_max = state
        (weight_v,) = self.now(t)
        x = self.average(theta, state)
        # v ← β₂v + (1−β₂)g²,  v̂ = v / (1−β₂ᵗ)
        v = self.beta2 * v + (1 - self.beta2) * (g * g)
        # z ← z − η ( g/(√v̂ + ε) + λy )
        step = divide(g, sqrt(v / weight_v) + self.eps)
        step = step if is_off(self.weight_decay) else step + self.weight_decay * theta
        z = z - self.lr * step
        # c = η_max² / Σ η_max²
        lr_max = where(self.lr > lr_max, self.lr, lr_max)
        weight_sum = weight_sum + lr_max * lr_max
        c = lr_max * lr_max / where(weight_sum > 0, weight_sum, 1.0)
        # x ← (1−c)x + cz
        x = (1 - c) * x + c * z
        # y = (1−β₁)z + β₁x
        theta = (1 - self.beta1) * z + self.beta1 * x
        return theta, ScheduleFreeState(z, v, weight_sum, lr_max)

    def average(self, theta, state):
        """x, the average to evaluate and to keep: (y − (1−β₁)z)/β₁."""
        return (theta - (1 - self.beta1) * state.z) / self.beta1

    def between(self, x, state):
        """y, the point to take gradients at: (1−β₁)z + β₁x. Undoes `average`."""
        return (1 - self.beta1) * state.z + self.beta1 * x

    def readings(self, state, t):
        """z, v, weight_sum, lr_max, v_hat and ``rate`` = η / (√v̂ + ε), the rate of each coordinate of z."""
        (weight_v,) = self.now(t)
        v_hat = state.v / weight_v
        rate = divide(self.lr, sqrt(v_hat) + self.eps)
        return {**super().readings(state, t), "v_hat": v_hat, "rate": rate}
