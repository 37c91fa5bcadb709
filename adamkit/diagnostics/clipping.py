"""Clipping by the global norm, and the norms of the gradients before it."""

import numpy as np
import torch

#: Share of a step's gradient that was there at the clip, below which the clip came before the gradient.
EARLY = 1e-3


class Clipping:
    """The norms of a step's gradients, whoever clips them.

    Args:
        buckets: `buckets.Bucket` objects of all parameters.
    """

    def __init__(self, buckets):
        self._buckets = buckets
        self._forget()

    def _forget(self):
        self._norms = self._share = self._left = self._step = None
        self._seen = []

    @torch.no_grad()
    def clip_(self, max_norm):
        """Scale all gradients by min(1, max_norm / (norm + 1e-6)); returns the norm before."""
        if not isinstance(max_norm, int | float) or not max_norm > 0:
            raise ValueError(f"max_norm={max_norm!r} must be a number above 0")
        self._forget()
        self._norms = [bucket.gradient_norms() for bucket in self._buckets]
        total = _whole(self._norms)
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
        self._forget()
        norm = norm.detach() if torch.is_tensor(norm) else torch.tensor(float(norm))
        self._share = 1 - (max_norm / (norm + 1e-6)).clamp(max=1.0)
        self._left = norm.clamp(max=max_norm)

    @torch.no_grad()
    def ahead(self, max_norm):
        """Somebody else is about to clip to this largest norm."""
        self._forget()
        self._norms = [bucket.gradient_norms() for bucket in self._buckets]
        self._share = 1 - (max_norm / (_whole(self._norms) + 1e-6)).clamp(max=1.0)

    def measure(self, row, places):
        """Put the norms before clipping, and the share taken, into the row; of the buckets at these places."""
        if self._step not in (None, row.step):
            self._forget()  # clipped for a step that is over
        if self._norms is not None and self._left is None:  # ahead
            now, fits = self._norms, True
        else:
            now = {place: self._buckets[place].gradient_norms() for place in places}
            fits = self._share is not None and self._fits(row, now)
        if self._share is not None and self._step is None:
            row.clipped = self._share
        for place in places:
            if self._share is not None and self._norms is None:
                row.scaled[place] = fits
            row.gradients[place] = now[place] if self._norms is None else _either(fits, self._norms[place], now[place])
        self._seen += [now[place] for place in places]
        self._step = row.step if self._share is not None else None
        if all(norms is not None for norms in row.gradients):
            self._forget()

    def _fits(self, row, now):
        """True if these gradients are what the clip left: a bool, or a tensor where reading it would wait.

        Those of the first optimizer are, unless the clip came before they did. Those of another one that steps after
        it need not be: what they are now tells, or, where the whole norm was told, what is left of that.
        """
        total = _whole(now.values())
        if self._step is None:
            if len(now) < len(self._buckets):
                return True
            row.undone = self._left.double().to(total.device) / total
            fits = ~(row.undone < EARLY)
        elif self._norms is None:
            whole = self._left.double().square().to(total.device)
            fits = whole - _whole(self._seen).square().to(total.device) > 0.01 * whole
        else:
            left = _whole([self._norms[place] for place in now]) * (1 - self._share)
            fits = abs(total - left.to(total.device)) <= 0.01 * left.to(total.device)
        return bool(fits) if fits.device.type == "cpu" else fits


def _either(fits, one, other):
    """One vector if it fits, or else the other."""
    return torch.where(fits.to(one.device), one, other) if torch.is_tensor(fits) else one if fits else other


def _whole(norms):
    """The norm of all, from vectors of norms."""
    squares = [torch.as_tensor(part).double().square().sum() for part in norms]
    return sum(part.to(squares[0].device) for part in squares).sqrt()


def unclipped(gradients, clipped, scaled):
    """Norms before clipping, (rows, params), from those after it where ``scaled``, alike; the share is (rows,)."""
    with np.errstate(all="ignore"):
        return np.where(scaled, gradients / (1 - clipped)[:, None], gradients)
