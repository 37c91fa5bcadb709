"""Momentum: a step along a running sum, or average, of the gradients."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import is_off, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper


class MomentumState(NamedTuple):
    """The buffer of one parameter, of its shape; None before the first step of torch's form."""

    b: Any


@dataclass(frozen=True, eq=False)
class Momentum(Rule):
    """Gradient descent with momentum (Polyak 1964, the heavy ball), in the three forms in use.

    ``"heavy_ball"``  b ← μb + g, from b = 0: the buffer accumulates, and a constant gradient is
        amplified 1/(1−μ) times.
    ``"ema"``  b ← μb + (1−μ)g, from b = 0: the buffer averages. The same path as the heavy ball
        with η multiplied by 1−μ.
    ``"torch"``  b ← g at the first step, then b ← μb + (1−τ)g, as torch.optim.SGD. Without
        dampening τ this is the heavy ball; with τ = μ it is *not* the average, because the first
        gradient enters undamped.

    Args:
        lr: η ≥ 0, applied after the buffer, so that a new rate acts on the whole of it.
        momentum: μ in [0, 1).
        form: one of the three above.
        dampening: τ ≥ 0, for torch's form only.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient before the buffer, as in torch.
    """

    momentum: float = hyper(0.9, low=0, below=1)
    form: str = hyper("heavy_ball", choices=("heavy_ball", "ema", "torch"))
    dampening: float = hyper(0.0, low=0)
    weight_decay: float = hyper(0.0, low=0)

    State = MomentumState
    torch_names = {"b": "momentum_buffer"}
    torch_arguments = TorchArguments(fixed={"nesterov": False}, own=frozenset({"form", "nesterov"}))
    counts_steps = False

    def __post_init__(self):
        super().__post_init__()
        if self.form != "torch" and not is_off(self.dampening):
            raise ValueError(f"Momentum: dampening={self.dampening!r} belongs to form='torch', not to {self.form!r}")

    def init(self, theta):
        """The buffer starts at zero; in torch's form it starts with the first gradient."""
        return MomentumState(b=None if self.form == "torch" else zeros_like(theta))

    def update(self, g, theta, state, t):
        """One step of momentum."""
        # g ← g + λθ
        g = self.with_l2(g, theta)
        # b ← μb + g, or one of its variants
        b = self.gathered(g, state.b)
        # θ ← θ − ηb
        theta = theta - self.lr * b
        return theta, MomentumState(b)

    def gathered(self, g, b):
        """The buffer after gradient ``g``."""
        if self.form == "heavy_ball":
            # b ← μb + g
            return self.momentum * b + g
        if self.form == "ema":
            # b ← μb + (1−μ)g
            return self.momentum * b + (1 - self.momentum) * g
        # b ← g, then b ← μb + (1−τ)g
        return g if b is None else self.momentum * b + (1 - self.dampening) * g
