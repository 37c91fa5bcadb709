"""RMSprop: AdaGrad with a memory that fades."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import divide, is_off, sqrt, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper, rate


class RMSpropState(NamedTuple):
    """Averages of one parameter, of its shape, zero at the start."""

    v: Any  # average of g²
    g_mean: Any  # average of g; None unless centred
    b: Any  # momentum buffer; None without momentum


@dataclass(frozen=True, eq=False)
class RMSprop(Rule):
    """RMSprop (Tieleman & Hinton 2012, lecture 6.5; centred: Graves 2013).

    The step is divided by the root of the *average* squared gradient, so rates recover when the
    gradients get smaller. The average starts at zero and is not corrected: the first step is
    1/√(1−β₂) times η, ten times at the default.

    Args:
        lr: η ≥ 0.
        beta2: decay of the average, in [0, 1); ``alpha`` in torch, 0.99 as there (0.9 in the lecture).
        eps: ε ≥ 0, added to the root *outside* it, as in torch; optax and others put it inside.
        centered: divide by the standard deviation √(v − ḡ²) instead. Where rounding makes that
            difference negative the step is NaN, as in torch, though less often.
        momentum: μ in [0, 1). The buffer gathers the *divided* gradients: b ← μb + g/(√v + ε).
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
    """

    lr: float = rate(1e-2)
    beta2: float = hyper(0.99, low=0, below=1)
    eps: float = hyper(1e-8, low=0)
    centered: bool = hyper(False)
    momentum: float = hyper(0.0, low=0, below=1)
    weight_decay: float = hyper(0.0, low=0)

    State = RMSpropState
    torch_names = {"v": "square_avg", "g_mean": "grad_avg", "b": "momentum_buffer"}
    torch_arguments = TorchArguments("lr, *, alpha, eps, weight_decay, momentum, centered", {"beta2": "alpha"})

    def init(self, theta):
        """All averages start at zero."""
        return RMSpropState(
            v=zeros_like(theta),
            g_mean=zeros_like(theta) if self.centered else None,
            b=None if is_off(self.momentum) else zeros_like(theta),
        )

    def update(self, g, theta, state, t):
        """One step of RMSprop."""
        v, g_mean, b = state
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # v ← β₂v + (1−β₂)g²
        v = self.averaged(v, g * g)
        if self.centered:
            # ḡ ← β₂ḡ + (1−β₂)g
            g_mean = self.averaged(g_mean, g)
        # r = g / (√v + ε), or g / (√(v − ḡ²) + ε)
        r = divide(g, self.spread(v, g_mean) + self.eps)
        if not is_off(self.momentum):
            # b ← μb + r,  r ← b
            r = b = self.momentum * b + r
        # θ ← θ − ηr
        theta = theta - self.lr * r
        return theta, RMSpropState(v, g_mean, b)

    def averaged(self, average, x):
        """β₂·average + (1−β₂)x.

        When centred it is written as a step towards x: under a constant gradient both averages then come to rest, each
        from below, and v − ḡ² stays ≥ 0. Sums of two products are shaken by rounding for ever.
        """
        if self.centered:
            return average + (1 - self.beta2) * (x - average)
        return self.beta2 * average + (1 - self.beta2) * x

    def spread(self, v, g_mean):
        """√v, or √(v − ḡ²) when centred."""
        return sqrt(v - g_mean * g_mean) if self.centered else sqrt(v)

    def readings(self, state, t):
        """v, g_mean and b where they are in use, and ``rate`` = η / (√v + ε) of each coordinate."""
        rate = divide(self.lr, self.spread(state.v, state.g_mean) + self.eps)
        return {**super().readings(state, t), "rate": rate}
