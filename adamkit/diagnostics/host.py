"""The same measurements on the CPU, where NumPy reads torch's memory in place: fewer copies, cheaper calls."""

import numpy as np
import torch

from adamkit.diagnostics.buckets import LONGEST, TINY, Bucket


class HostBucket(Bucket):
    """Parameters in single or double precision on the CPU."""

    def __init__(self, slots, params, shared, **settings):
        super().__init__(slots, params, shared, **settings)
        ends = np.cumsum(self.sizes)
        self._starts = ends - self.sizes
        self._slices = [slice(end - size, end) for end, size in zip(ends, self.sizes)]
        self._known, self._views, self._flat, self._gradients = {}, {}, {}, None
        self._places = self._places.numpy()
        self._unrounded = np.full(len(params), np.nan)

    def hold(self):
        """Keep a copy of the weights."""
        _, views = self._laid("before")
        torch._foreach_copy_(views, self.params)

    def touched(self):
        """See `Bucket.touched`."""
        if self._left is None:
            return None
        now = self._flat["before"][self._places]
        return 0.0 if np.array_equal(now, self._left) else float(self._other(now, self._left).mean())

    def gradient_norms(self):
        """‖g‖ of each parameter, (k,)."""
        grads = [p.grad for p in self.params]
        try:
            self._gradients = [g.numpy() for g in grads]
        except (AttributeError, TypeError, RuntimeError):  # one is missing, or sparse
            self._gradients = [np.zeros(p.shape, p.detach().numpy().dtype) if g is None else g.to_dense().numpy()
                               for p, g in zip(self.params, grads)]
        return np.sqrt([np.vdot(g, g) for g in self._gradients])

    def measured(self, second_moments):
        """See `Bucket.measured`."""
        before, _ = self._laid("before")
        work, _ = self._laid("work")
        weight = np.sqrt([np.vdot(part, part) for part in before])
        with np.errstate(all="ignore"):  # NaN and infinity are results like others here
            for now, then, out in zip(self._arrays("weights", self.params), before, work):
                np.subtract(now, then, out=out)
            change = np.sqrt([np.vdot(part, part) for part in work])
            self._left = self._flat["before"][self._places] + self._flat["work"][self._places]
            low, high, against = self._second(second_moments, work)
        if not self.alone:
            self._own.clear()
            self._views.pop("before")
        self._gradients = None
        return [weight, change, low, high, against, self._unrounded]

    def _second(self, second_moments, work):
        """Smallest and largest v, and ‖g/√v‖ = √Σ g·(g/v); NaN where there is no v."""
        missing = [place for place, v in enumerate(second_moments) if v is None]
        if len(missing) == len(self.params):
            return [np.full(len(self.params), np.nan)] * 3
        if missing:
            second_moments = [torch.ones_like(p) if v is None else v for p, v in zip(self.params, second_moments)]
        for v, out in zip(self._arrays("v", second_moments), work):
            np.add(v, TINY, out=out)
        low, high = self._extremes()
        for g, out in zip(self._gradients, work):
            np.divide(g, out, out=out)
        against = np.sqrt([np.vdot(g, ratio) for g, ratio in zip(self._gradients, work)])
        if missing:
            low[missing] = high[missing] = against[missing] = np.nan
        return low, high, against

    def _extremes(self):
        """Smallest positive and largest number of each piece of the vector "work", to which TINY was added."""
        values = self.vector("work").numpy()
        low = np.minimum.reduceat(values, self._starts)
        for place in np.flatnonzero(low <= TINY):  # somewhere v is 0: coordinates that never had a gradient
            piece = values[self._slices[place]]
            positive = piece[piece > TINY]
            low[place] = positive.min() if len(positive) else 0
        return low, np.maximum.reduceat(values, self._starts)

    def _laid(self, name):
        """The pieces of a vector, in the shapes of the parameters: as NumPy arrays and as tensors."""
        if name not in self._views:
            flat = self.vector(name)
            views = [flat[piece].view(p.shape) for piece, p in zip(self._slices, self.params)]
            self._views[name], self._flat[name] = ([view.numpy() for view in views], views), flat.numpy()
        return self._views[name]

    def _arrays(self, kind, tensors):
        """The tensors as NumPy arrays; made anew only when one of them has moved in memory."""
        places = [t.data_ptr() for t in tensors]
        known = self._known.get(kind)
        if known is None or known[0] != places:
            known = self._known[kind] = (places, [t.detach().numpy() for t in tensors])
        return known[1]


def gather(params, slots=None):
    """Buckets that hold ``params``, or those in ``slots``, each of one device and precision and of bounded length."""
    kinds, parted = {}, []
    for slot in range(len(params)) if slots is None else slots:
        kinds.setdefault((params[slot].device, params[slot].dtype), []).append(slot)
    for slots in kinds.values():
        parts, length = [[]], 0
        for slot in slots:
            if parts[-1] and length + params[slot].numel() > LONGEST:
                parts.append([])
                length = 0
            parts[-1].append(slot)
            length += params[slot].numel()
        parted.append(parts)
    alone = sum(map(len, parted)) == 1
    return [bucket for parts in parted for bucket in _of_one_kind(parts, params, alone)]


def _of_one_kind(parts, params, alone):
    first = params[parts[0][0]]
    plain = first.device.type == "cpu" and first.dtype in (torch.float32, torch.float64)
    shared, longest = {}, max(sum(params[slot].numel() for slot in part) for part in parts)
    return [(HostBucket if plain else Bucket)(part, [params[slot] for slot in part], shared, longest=longest,
                                              alone=alone) for part in parts]
