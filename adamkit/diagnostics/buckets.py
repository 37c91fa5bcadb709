"""Norms of many tensors at once: parameters gathered into few flat vectors, so that a step costs a handful of calls.

A loop that asks each parameter for its norm waits for the device once a parameter. Here the tensors of one device
and precision are laid end to end, up to a size, and what is measured comes back as one vector on the device. On the
CPU NumPy's dot and reduceat read the pieces of that vector in place, elsewhere torch._foreach_norm does.
"""

import numpy as np
import torch

#: Longest flat vector, in elements: bounds the memory that a measurement borrows (64 MiB in float32).
LONGEST = 2**24
#: Keeps 0/0 at 0 where v and g are both 0; far below any v that a gradient leaves.
TINY = torch.finfo(torch.float32).tiny


class Bucket:
    """Some parameters of one device and precision.

    Attributes:
        slots: their places among all parameters, (k,).
        params: the k parameters.
    """

    def __init__(self, slots, params):
        self.slots, self.params = np.array(slots), params
        self.sizes = [p.numel() for p in params]
        self.on_host = params[0].device.type == "cpu"
        ends = np.cumsum(self.sizes)
        self.starts = ends - self.sizes
        self._pieces = [slice(end - size, end) for end, size in zip(ends, self.sizes)]
        self._single = params[0].dtype not in (torch.float32, torch.float64)
        self._missing = {}

    def flat(self, tensors):
        """The tensors end to end, in float32 or float64; None counts as zeros."""
        tensors = [self._dense(i, t) for i, t in enumerate(tensors)]
        flat = torch._utils._flatten_dense_tensors(tensors)
        if len(tensors) == 1 and not self._single:
            flat = flat.clone()  # of a single tensor it is a view, which the next step would change
        return flat.float() if self._single or flat.dtype not in (torch.float32, torch.float64) else flat

    def norms(self, flat):
        """Euclidean norm of each piece, (k,), on the device."""
        if self.on_host:
            values = flat.numpy()
            pieces = [values[piece] for piece in self._pieces]
            return np.sqrt([np.dot(piece, piece) for piece in pieces])
        return torch.stack(torch._foreach_norm(flat.split(self.sizes)))

    def gradients(self):
        """All gradients, end to end."""
        return self.flat([p.grad for p in self.params])

    def weights(self):
        """All weights, end to end: a copy."""
        return self.flat([p.detach() for p in self.params])

    def stack(self, vectors):
        """Vectors (k,) as one array (…, k), where they live."""
        return np.stack(vectors) if self.on_host else torch.stack(vectors)

    def extremes(self, flat):
        """Smallest positive and largest number of each piece of a vector ≥ 0, two vectors (k,) on the device."""
        positive = flat.masked_fill(flat == 0, torch.inf)
        if self.on_host:
            low = np.minimum.reduceat(positive.numpy(), self.starts)
            return low, np.maximum.reduceat(flat.numpy(), self.starts)
        low = torch.stack(torch._foreach_norm(positive.reciprocal_().split(self.sizes), torch.inf)).reciprocal_()
        return low, torch.stack(torch._foreach_norm(flat.split(self.sizes), torch.inf))

    def _dense(self, index, tensor):
        if tensor is None:
            if index not in self._missing:
                self._missing[index] = torch.zeros_like(self.params[index].detach())
            return self._missing[index]
        return tensor.to_dense() if tensor.is_sparse else tensor


def gather(params):
    """`Bucket` objects that hold all of ``params``, each of one device and precision and of bounded length."""
    kinds = {}
    for slot, p in enumerate(params):
        kinds.setdefault((p.device, p.dtype), []).append(slot)
    buckets = []
    for slots in kinds.values():
        filled, length = [], 0
        for slot in slots:
            if filled and length + params[slot].numel() > LONGEST:
                buckets.append(Bucket(filled, [params[i] for i in filled]))
                filled, length = [], 0
            filled.append(slot)
            length += params[slot].numel()
        buckets.append(Bucket(filled, [params[i] for i in filled]))
    return buckets
