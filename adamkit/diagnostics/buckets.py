"""Norms of many tensors at once: parameters laid end to end, so that measuring a step costs a handful of calls.

A loop that asks each parameter for its norm makes several calls a parameter, and on an accelerator waits for the
device each time. Here the tensors of one device and precision are copied into one vector, and what is measured comes
back as one vector on the device. On the CPU NumPy's dot and reduceat read the pieces of that vector in place;
elsewhere torch._foreach_norm does. Vectors are bounded in length and used again and again: fresh memory would cost
more than the arithmetic.
"""

import numpy as np
import torch

#: Longest vector, in elements: bounds the memory that a measurement borrows (64 MiB each in float32).
LONGEST = 2**24
#: Keeps 0/0 at 0 where v and g are both 0; far below any v that a gradient leaves.
TINY = torch.finfo(torch.float32).tiny
#: Whole numbers that order positive floats as the floats are ordered.
ORDERED = {np.dtype(np.float32): np.uint32, np.dtype(np.float64): np.uint64}


class Bucket:
    """Some parameters of one device and precision, and vectors to work on them.

    Args:
        slots: their places among all parameters.
        params: the k parameters.
        shared: name → vector, shared with the other buckets of this device and precision.
        longest: length that the longest of these buckets needs.
        alone: True if there is no other bucket; then its vectors are never given back.

    Attributes:
        on_host: True on the CPU, where results are NumPy arrays; elsewhere they are tensors.
    """

    def __init__(self, slots, params, shared, *, longest, alone):
        self.slots, self.params, self.alone = np.array(slots), params, alone
        self.on_host = params[0].device.type == "cpu"
        self.sizes = [p.numel() for p in params]
        ends = np.cumsum(self.sizes)
        self._starts = ends - self.sizes
        self._slices = [slice(end - size, end) for end, size in zip(ends, self.sizes)]
        self._length, self._longest, self._shared = int(ends[-1]), longest, shared
        self._own, self._views, self._pieces = {}, {}, {}

    def vector(self, name, tensors):
        """The tensors end to end in the vector of this name, in float32 or float64; None counts as zeros."""
        flat = self._vector(name)
        if name not in self._views:
            self._views[name] = [part.view(p.shape) for part, p in zip(flat.split(self.sizes), self.params)]
        views = self._views[name]
        if any(t is None or t.layout != torch.strided for t in tensors):
            whole = [(view, t) for view, t in zip(views, tensors) if t is not None]
            flat.zero_()
            views = [view for view, _ in whole]
            tensors = [t.to_dense() if t.layout != torch.strided else t for _, t in whole]
        if tensors:
            torch._foreach_copy_(views, tensors)
        return flat

    def gradients(self):
        """All gradients, end to end."""
        return self.vector("gradient", [p.grad for p in self.params])

    def weights(self, name):
        """All weights, end to end."""
        return self.vector(name, [p.detach() for p in self.params])

    def change(self, name):
        """The weights now, less those of the vector "before", in the vector of this name."""
        self.weights(name)
        return self._vector(name).sub_(self._vector("before"))

    def norms(self, name):
        """Euclidean norm of each piece of the vector of this name, (k,)."""
        if self.on_host:
            return np.sqrt([np.dot(piece, piece) for piece in self._parts(name)])
        return torch.stack(torch._foreach_norm(self._parts(name)))

    def extremes(self, name):
        """Smallest positive and largest number of each piece of a vector ≥ 0, two vectors (k,)."""
        if not self.on_host:
            high = torch.stack(torch._foreach_norm(self._parts(name), torch.inf))
            inverse = self._vector(name).reciprocal()
            inverse.masked_fill_(inverse == torch.inf, 0)
            return torch.stack(torch._foreach_norm(inverse.split(self.sizes), torch.inf)).reciprocal_(), high
        values = self._vector(name).numpy()
        # Zero, less one, becomes the largest whole number there is, and so never the smallest of a piece.
        low = np.minimum.reduceat(values.view(ORDERED[values.dtype]) - 1, self._starts) + 1
        return low.view(values.dtype), np.maximum.reduceat(values, self._starts)

    def against(self, gradient, v):
        """‖g/√v‖ of each piece, (k,); uses up v."""
        root = self._vector(v).add_(TINY)
        if self.on_host:
            torch.div(self._vector(gradient), root, out=root)
            return np.sqrt([np.dot(g, ratio) for g, ratio in zip(self._parts(gradient), self._parts(v))])
        torch.div(self._vector(gradient), root.sqrt_(), out=root)
        return self.norms(v)

    def stack(self, vectors):
        """Vectors (k,) as one array (…, k), where they live."""
        return np.stack(vectors) if self.on_host else torch.stack(vectors)

    def forget(self):
        """Give back the copy of the weights, if it is one of several."""
        if not self.alone:
            for memory in (self._own, self._views, self._pieces):
                memory.pop("before", None)

    def _vector(self, name):
        vectors, length = (self._own, self._length) if name == "before" else (self._shared, self._longest)
        if name not in vectors:
            kind = torch.float64 if self.params[0].dtype == torch.float64 else torch.float32
            vectors[name] = torch.empty(length, dtype=kind, device=self.params[0].device)
        return vectors[name][: self._length]

    def _parts(self, name):
        if name not in self._pieces:
            flat = self._vector(name)
            values = flat.numpy() if self.on_host else flat
            self._pieces[name] = [values[piece] for piece in self._slices]
        return self._pieces[name]


def gather(params):
    """`Bucket` objects that hold all of ``params``, each of one device and precision and of bounded length."""
    kinds, parted = {}, []
    for slot, p in enumerate(params):
        kinds.setdefault((p.device, p.dtype), []).append(slot)
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
    shared, longest = {}, max(sum(params[slot].numel() for slot in part) for part in parts)
    return [Bucket(part, [params[slot] for slot in part], shared, longest=longest, alone=alone) for part in parts]
