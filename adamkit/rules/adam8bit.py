"""8-bit Adam: AdamW whose memory takes two bytes a parameter instead of eight."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.quantization import dequantize, dynamic_map, quantize
from adamkit.rules.adam import AdamState
from adamkit.rules.adamw import AdamW
from adamkit.rules.arrays import zeros_like
from adamkit.rules.base import TorchArguments, hyper
from adamkit.rules.whole import whole_axes

#: Tensors with fewer elements keep their moments in full precision.
SMALL = 4096


class Adam8bitState(NamedTuple):
    """Moments of one parameter: bytes with scales, or for a small one plain numbers without."""

    m: Any  # places in the signed table, of θ's shape
    v: Any  # places in the unsigned table, of θ's shape
    m_scale: Any  # largest |m| of each block, (blocks,); None for a small parameter
    v_scale: Any  # largest v of each block


@dataclass(frozen=True, eq=False)
class Adam8bit(AdamW):
    """8-bit Adam (Dettmers et al. 2022), as bitsandbytes.optim.Adam8bit.

    A step unpacks m and v to 32 bits, is AdamW's step, and packs them again: what is stored between
    steps is rounded, what a step computes is not. Packing is block-wise with dynamic tables, see
    `adamkit.quantization`. Like bitsandbytes' Adam8bit, and unlike torch's Adam, the decay is *decoupled*.

    Args:
        lr: η ≥ 0.
        beta1, beta2: decay of the two averages, in [0, 1).
        eps: ε ≥ 0, outside the root, after the correction.
        weight_decay: λ ≥ 0, decoupled; 0 by default.
        correct_m, correct_v: switch a correction off to see what it does.
        block: elements that share a scale, ≥ 1; 256 as in today's bitsandbytes, 2048 in the paper.

    Memory: 2 + 8/block bytes a parameter. Parameters with fewer than 4096 elements stay in full precision.
    Blocks run over the flattened tensor, or, with array hyper-parameters, over each experiment's own, so
    experiments do not touch each other. The rule keeps θ's own precision; only the stored moments are coarse.
    NaN or infinity in one element of the gradient spoils its whole block from the next step on: they share a scale.
    No DTensors: a block would lie in two processes.
    """

    weight_decay: float = hyper(0.0, low=0)
    block: int = hyper(256, low=1, whole=True)

    State = Adam8bitState
    torch_names = {"m": "state1", "v": "state2", "m_scale": "absmax1", "v_scale": "absmax2"}
    torch_arguments = TorchArguments("lr, betas, *, eps, weight_decay, block")
    takes_parts = False
    elementwise = False

    def init(self, theta):
        """Both moments start at zero, packed unless the parameter is small."""
        moments = AdamState(m=zeros_like(theta), v=zeros_like(theta))
        return self.packed(moments, theta, small=self.is_small(theta))

    def is_small(self, theta):
        """True when one experiment's tensor has fewer than 4096 elements."""
        size = 1
        for axis in whole_axes(self, theta):
            size *= theta.shape[axis]
        return size < SMALL

    def update(self, g, theta, state, t):
        """One step of 8-bit Adam."""
        # m, v ← unpacked from 8 bits;  θ, m, v ← AdamW;  m, v → packed again
        theta, moments = super().update(g, theta, self.unpacked(state), t)
        return theta, self.packed(moments, theta, small=state.m_scale is None)

    def packed(self, moments, theta, *, small):
        """Moments as they are stored."""
        if small:
            return Adam8bitState(moments.m, moments.v, None, None)
        m, m_scale = quantize(self.flat(moments.m), dynamic_map(signed=True), block=self.block)
        v, v_scale = quantize(self.flat(moments.v), dynamic_map(signed=False), block=self.block)
        return Adam8bitState(m.reshape(theta.shape), v.reshape(theta.shape), m_scale, v_scale)

    def unpacked(self, state):
        """m and v as numbers."""
        if state.m_scale is None:
            return AdamState(state.m, state.v)
        shape = state.m.shape
        m = dequantize(self.flat(state.m), state.m_scale, dynamic_map(signed=True), block=self.block)
        v = dequantize(self.flat(state.v), state.v_scale, dynamic_map(signed=False), block=self.block)
        return AdamState(m.reshape(shape), v.reshape(shape))

    def flat(self, x):
        """One row of numbers, or one for each experiment."""
        return x.reshape(-1) if self.batch_size is None else x.reshape(x.shape[0], -1)

    def readings(self, state, t):
        """As Adam's, from the unpacked moments: m, v, m_hat, v_hat and rate."""
        return super().readings(self.unpacked(state), t)
