"""Block-wise 8-bit quantisation: one byte a number, and one 32-bit scale a block.

    code = dynamic_map(signed=True)
    codes, scale = quantize(x, code)                # bytes of x's shape, and (…, blocks)
    y = dequantize(codes, scale, code)              # x, about 3% off where it is not tiny

A block is divided by its largest absolute value and each number replaced by the place, in a table of
256 values between −1 and 1, of the value nearest to it (Dettmers et al. 2022, "8-bit Optimizers via
Block-wise Quantization"). Everything works on NumPy arrays and on torch tensors.

Two ideas make eight bits enough for an optimizer's memory. *Blocks*: one outlier spoils the precision
of its own 256 neighbours, not of the tensor. *A dynamic table*: its values stand close together near 0,
so that relative errors stay moderate over seven orders of magnitude: they double from one to the next.
"""

from contextlib import nullcontext
from typing import NamedTuple

import numpy as np

from adamkit.arguments import whole

#: Elements that share a scale, unless told otherwise.
BLOCK = 256


class Table(NamedTuple):
    """256 ascending values between −1 and 1, 0 among them, and the 255 borders half-way between neighbours.

    Plain numbers, each exact in 32 bits, so that `torch.compile` takes them for the constants that they are.
    """

    values: tuple
    borders: tuple


def dynamic_map(*, signed):
    """The `Table` of the dynamic data type.

    For each power of ten from 1e-6 to 1 the midpoints of an even division of its decade 0.1 … 1, twice as
    many each time: few values far down, many near 1. Besides them 0 and 1.

    Args:
        signed: values on both sides of 0, for m: −0.993 … 1. Otherwise twice as many on one side, for
            v: 0 … 1, the smallest above 0 being 3.25e-7.
    """
    return SIGNED if signed else UNSIGNED


def linear_map(*, signed):
    """256 evenly spaced values, −127/128 … 1 or 0 … 1, 0 among them: for comparison with `dynamic_map`."""
    return _table(np.arange(-127, 129) / 128 if signed else np.arange(256) / 255)


def _dynamic(signed):
    values = [0.0, 1.0]
    for i in range(7):
        edges = np.linspace(0.1, 1, 2 ** (i if signed else i + 1) + 1)
        middles = 10.0 ** (i - 6) * (edges[:-1] + edges[1:]) / 2
        values.extend(middles)
        if signed:
            values.extend(-middles)
    return _table(values)


def _table(values):
    values = np.sort(values).astype(np.float32)
    return Table(tuple(values.tolist()), tuple(((values[:-1] + values[1:]) / 2).tolist()))


SIGNED, UNSIGNED = _dynamic(True), _dynamic(False)


def quantize(x, code, *, block=BLOCK):
    """The nearest value of ``code`` for each number, relative to the largest of its block.

    Args:
        x: real numbers (…, length), NumPy or torch; blocks run along the last axis, the last may be shorter.
        code: `Table` from `dynamic_map` or `linear_map`; one without negative values sends negative numbers to 0.
        block: numbers that share a scale, ≥ 1.

    Returns:
        (codes, scale): places in the table, bytes of x's shape, and the largest absolute values, float32,
        (…, blocks). NaN or infinity leaves no finite number in its block, and spoils no other.
    """
    _check(x, block)
    xp = _namespace(x)
    blocks = _blocks(xp, x, block)
    # s = max |x| of the block
    scale = _float32(xp, abs(blocks).max(-1) if xp is np else abs(blocks).amax(-1))
    divisor = xp.where(scale > 0, scale, 1.0)
    # place of the value nearest to x/s: how many midpoints lie below it
    with _quiet(xp):
        relative = _float32(xp, blocks) / divisor[..., None]
    places = _places(xp, relative, code)
    return places.reshape(*x.shape[:-1], -1)[..., : x.shape[-1]], scale


def dequantize(codes, scale, code, *, block=BLOCK):
    """The table's values at ``codes`` times the scale of each block: float32, of the shape of ``codes``.

    Arguments as `quantize` took and returned them.
    """
    _check(codes, block)
    xp = _namespace(codes)
    values = _array(xp, code.values, codes)[codes if xp is np else codes.int()]
    if block < codes.shape[-1]:
        scale = scale.repeat(block, axis=-1) if xp is np else scale.repeat_interleave(block, dim=-1)
        scale = scale[..., : codes.shape[-1]]
    with _quiet(xp):
        return values * scale


def state_bytes(*arrays):
    """Bytes that arrays and tensors take, None counted as nothing: what an optimizer's state costs."""
    return sum(x.nbytes for x in arrays if x is not None)


def _check(x, block):
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"quantisation needs an axis of numbers to cut into blocks; the shape is {tuple(x.shape)}")
    whole("block", block, 1)


def _namespace(x):
    """torch for tensors, which only exist where it is loaded already; NumPy otherwise."""
    if isinstance(x, np.ndarray):
        return np
    import torch

    return torch


def _quiet(xp):
    """No warning about ∞/∞ and 0·∞, in a block that is spoilt anyway."""
    return np.errstate(invalid="ignore") if xp is np else nullcontext()


def _blocks(xp, x, block):
    """x as (…, blocks, block), zeros after the end; one block when x is shorter."""
    length = x.shape[-1]
    block = min(block, length)
    missing = -length % block
    if missing and xp is np:
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, missing)])
    elif missing:
        x = xp.nn.functional.pad(x, (0, missing))
    return x.reshape(*x.shape[:-1], -1, block)


def _float32(xp, x):
    return x.astype(np.float32) if xp is np else x.to(xp.float32)


def _places(xp, relative, code):
    borders = _array(xp, code.borders, relative)
    if xp is np:
        return np.searchsorted(borders, relative).astype(np.uint8)
    return xp.bucketize(relative.contiguous(), borders, out_int32=True).to(xp.uint8)


def _array(xp, numbers, x):
    """Numbers of a table as an array of x's kind, on its device."""
    return np.array(numbers, dtype=np.float32) if xp is np else xp.tensor(numbers, dtype=xp.float32, device=x.device)
