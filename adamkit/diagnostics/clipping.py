"""Clipping by the global norm, and the norms of the gradients before it."""

import numpy as np
import torch


class Clipping:
    """The norms of a step's gradients, whoever clips them.

    Args:
        buckets: `buckets.Bucket` objects of all parameters.
    """

    def __init__(self, buckets):
        self._buckets = buckets
        self._norms = self._share = self._left = None

    @torch.no_grad()
    def clip_(self, max_norm):
        """Scale all gradients by min(1, max_norm / (norm + 1e-6)); returns the norm before."""
        if not isinstance(max_norm, int | float) or not max_norm > 0:
            raise ValueError(f"max_norm={max_norm!r} must be a number above 0")
        self._norms = [bucket.gradient_norms() for bucket in self._buckets]
        total = self._total()
        factor = (max_norm / (total + 1e-6)).clamp(max=1.0)
        self._share, self._left = 1 - factor, total * factor
        if total.device.type != "cpu" or float(factor) != 1:
            for bucket in self._buckets:
                grads = [p.grad for p in bucket.params if p.grad is not None]
                if grads:
                    torch._foreach_mul_(grads, factor.to(grads[0].device, grads[0].dtype))
        return total.to(self._buckets[0].params[0].dtype)

    def told(self, norm, max_norm):
        """Somebody else clipped a gradient of this norm to this largest norm."""
        norm = norm.detach() if torch.is_tensor(norm) else torch.tensor(float(norm))
        self._share = 1 - (max_norm / (norm + 1e-6)).clamp(max=1.0)
        self._left = norm.clamp(max=max_norm)

    @torch.no_grad()
    def ahead(self, max_norm):
        """Somebody else is about to clip to this largest norm."""
        self._norms = [bucket.gradient_norms() for bucket in self._buckets]
        self._share = 1 - (max_norm / (self._total() + 1e-6)).clamp(max=1.0)
        self._left = None

    def _total(self):
        squares = [torch.as_tensor(norms).double().square().sum() for norms in self._norms]
        return sum(part.to(squares[0].device) for part in squares).sqrt()

    def measure(self, row, places):
        """Put the norms before clipping, and the share taken, into the row; of the buckets at these places."""
        now = {place: self._buckets[place].gradient_norms() for place in places} if self._norms is None or \
            self._left is not None else {}
        if self._share is not None:
            row.clipped, row.scaled = self._share, self._norms is None
            if self._left is not None and len(now) == len(self._buckets):
                squares = [torch.as_tensor(norms).double().square().sum() for norms in now.values()]
                row.undone = self._left.double().to(squares[0].device) / sum(squares).sqrt()
        for place in places:
            row.gradients[place] = now[place] if self._norms is None else self._norms[place]
        if all(norms is not None for norms in row.gradients):
            self._norms = self._share = self._left = None


def unclipped(gradients, clipped, scaled):
    """Norms before clipping, (rows, params), from those after it where ``scaled``; the share is (rows,)."""
    with np.errstate(all="ignore"):
        return np.where(scaled[:, None], gradients / (1 - clipped)[:, None], gradients)
