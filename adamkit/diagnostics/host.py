"""The same measurements on the CPU, where NumPy reads torch's memory in place: fewer copies, cheaper calls."""

from typing import NamedTuple

import numpy as np
import torch

from adamkit.diagnostics.buckets import LONGEST, TINY, Bucket, real

#: Elements that are worked on together, where the parameters are smaller: little enough to stay in a core's cache.
BLOCK = 2**15


class HostBucket(Bucket):
    """Parameters in single or double precision on the CPU.

    On a small model calls, and the ways to memory, are most of what a measurement costs. So small parameters are
    worked on together, end to end in a block, and all that a block needs is done while it lies in the cache.
    """

    def __init__(self, slots, params, shared, **settings):
        super().__init__(slots, params, shared, **settings)
        self._blocks = _blocks(self.sizes)
        self._known, self._pieces, self._gradients = {}, {}, None
        self._places = self._places.numpy()
        self._unrounded = np.full(len(params), np.nan)

    def hold(self):
        """Keep a copy of the weights, and their norms."""
        flat, pieces = self._before()
        weights = self._arrays("weights", self.params)
        for block in self._blocks:
            np.concatenate(weights[block.params], out=flat[block.span])
        with np.errstate(all="ignore"):  # infinity is a result like others here
            self._weight = np.sqrt([piece.dot(piece) for piece in pieces])

    def touched(self, *, held):
        """See `Bucket.touched`."""
        if self._left is None:
            return None
        now = self._before()[0].take(self._places) if held else self._at_places()
        return 0.0 if now.tobytes() == self._left.tobytes() else float(self._other(now, self._left).mean())

    def glance(self, which=None):
        """See `Bucket.glance`. Lets go of the gradients: else the next ones could not have their place in memory."""
        super().glance(which)
        if which is None:
            self._gradients = None

    def gradient_norms(self):
        """‖g‖ of each parameter, (k,)."""
        grads = [p.grad for p in self.params]
        try:
            self._gradients = [g.numpy().reshape(-1) for g in grads]
        except (AttributeError, TypeError, RuntimeError):  # one is missing, or sparse
            self._gradients = [np.zeros(p.numel(), p.detach().numpy().dtype) if g is None
                               else g.to_dense().numpy().reshape(-1) for p, g in zip(self.params, grads)]
        with np.errstate(all="ignore"):
            return np.sqrt([g.dot(g) for g in self._gradients])

    def measured(self, second_moments):
        """See `Bucket.measured`."""
        before, _ = self._before()
        moved, pieces = self._room("one")
        weights, change, left = self._arrays("weights", self.params), [], []
        with np.errstate(all="ignore"):
            for block in self._blocks:
                now = np.concatenate(weights[block.params], out=moved[: block.length])
                left.append(now.take(block.looked_at))
                now -= before[block.span]
                change += [piece.dot(piece) for piece in pieces[block.params]]
            self._left = np.concatenate(left)
            low, high, against = self._second(second_moments)
        if not self.alone:
            self._own.clear()
            self._pieces.pop("before")
        self._gradients = None
        return [self._weight, np.sqrt(change), low, high, against, self._unrounded]

    def _at_places(self):
        """See `Bucket._at_places`."""
        weights = self._arrays("weights", self.params)
        if self._ways is None or self._ways[0] is not weights:
            self._ways = weights, [flat[place: place + 1] for flat in weights for place in (0, flat.size // 2)]
        return np.concatenate(self._ways[1])

    def _second(self, second_moments):
        """Smallest and largest v, and ‖g/√v‖ = √Σ g·(g/v); NaN where there is no v."""
        missing = [place for place, v in enumerate(second_moments) if v is None]
        if len(missing) == len(self.params):
            return [np.full(len(self.params), np.nan)] * 3
        if missing:
            second_moments = [torch.ones_like(p) if v is None else v for p, v in zip(self.params, second_moments)]
        arrays, low, high, against = self._arrays("v", second_moments), [], [], []
        (one, _), (ratio, ratios) = self._room("one"), self._room("ratio")
        for block in self._blocks:
            v, out = one[: block.length], ratio[: block.length]
            np.concatenate(arrays[block.params], out=v)
            v += TINY
            np.divide(np.concatenate(self._gradients[block.params], out=out), v, out=out)
            against += [g.dot(piece) for g, piece in zip(self._gradients[block.params], ratios[block.params])]
            low.append(np.minimum.reduceat(v, block.starts))
            high.append(np.maximum.reduceat(v, block.starts))
        low, high, against = np.concatenate(low), np.concatenate(high), np.sqrt(against)
        for place in np.flatnonzero(low <= TINY):  # somewhere v is 0: coordinates that never had a gradient
            positive = arrays[place][arrays[place] > 0]
            low[place] = positive.min() if positive.size else 0
        if missing:
            low[missing] = high[missing] = against[missing] = np.nan
        return low, high, against

    def _before(self):
        """The copy of the weights, end to end, and the piece of each parameter."""
        if "before" not in self._pieces:
            flat = self.vector("before").numpy()
            self._pieces["before"] = flat, [flat[piece] for piece in _slices(self.sizes)]
        return self._pieces["before"]

    def _room(self, name):
        """Room for one block at a time, always the same, and the piece of each parameter."""
        if name not in self._pieces:
            length = max(block.length for block in self._blocks)
            if len(self._shared.get(name, ())) < length:
                self._shared[name] = np.empty(length, self._before()[0].dtype)
            flat = self._shared[name]
            self._pieces[name] = flat, [flat[piece] for block in self._blocks
                                        for piece in _slices(self.sizes[block.params])]
        return self._pieces[name]

    def _arrays(self, kind, tensors):
        """The tensors as flat NumPy arrays; made anew only when one has moved in memory, or does not lie in a row."""
        places = [t.data_ptr() for t in tensors]
        known = self._known.get(kind)
        if known is None or known[0] != places:
            arrays = [t.detach().numpy().reshape(-1) for t in tensors]
            known = self._known[kind] = (places if all(t.is_contiguous() for t in tensors) else None, arrays)
        return known[1]


class Block(NamedTuple):
    """Neighbouring parameters that are worked on together.

    Attributes:
        params: which, a slice of all. span: where they lie in a vector of all. length: elements.
        starts: where each begins in the block. looked_at: as in `Bucket`, in the block.
    """

    params: slice
    span: slice
    length: int
    starts: np.ndarray
    looked_at: np.ndarray


def _slices(sizes):
    """Where pieces of these sizes lie, end to end."""
    ends = np.cumsum(sizes)
    return [slice(end - size, end) for end, size in zip(ends.tolist(), sizes)]


def _blocks(sizes):
    """The parameters of these sizes, in their order, as blocks."""
    ends = [0]
    for place, size in enumerate(sizes):
        if place > ends[-1] and sum(sizes[ends[-1]:place]) + size > BLOCK:
            ends.append(place)
    return [_block(sizes, first, last) for first, last in zip(ends, [*ends[1:], len(sizes)])]


def _block(sizes, first, last):
    pieces, offset = _slices(sizes[first:last]), sum(sizes[:first])
    length, starts = pieces[-1].stop, np.array([piece.start for piece in pieces])
    middles = starts + np.array(sizes[first:last]) // 2
    return Block(slice(first, last), slice(offset, offset + length), length, starts,
                 np.stack([starts, middles], axis=1).reshape(-1))


def gather(params, slots=None):
    """Buckets that hold ``params``, or those in ``slots``, each of one device and precision and of bounded length."""
    kinds, parted = {}, []
    for slot in range(len(params)) if slots is None else slots:
        kinds.setdefault((params[slot].device, params[slot].dtype), []).append(slot)
    for slots in kinds.values():
        parts, length = [[]], 0
        for slot in slots:
            size = real(params[slot]).numel()
            if parts[-1] and length + size > LONGEST:
                parts.append([])
                length = 0
            parts[-1].append(slot)
            length += size
        parted.append(parts)
    alone = sum(map(len, parted)) == 1
    return [bucket for parts in parted for bucket in _of_one_kind(parts, params, alone)]


def _of_one_kind(parts, params, alone):
    first = params[parts[0][0]]
    plain = first.device.type == "cpu" and first.dtype in (torch.float32, torch.float64)
    shared, longest = {}, max(sum(real(params[slot]).numel() for slot in part) for part in parts)
    return [(HostBucket if plain else Bucket)(part, [params[slot] for slot in part], shared, longest=longest,
                                              alone=alone) for part in parts]
