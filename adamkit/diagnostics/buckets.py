"""Norms of many tensors at once, so that measuring a step costs a handful of calls and no waiting.

A loop that asks each parameter for its norm waits for the device once a parameter. Here the tensors of one device and
precision are copied end to end into one vector, torch._foreach_norm takes the norms of its pieces in one go, and what
is measured stays on the device as one vector. Vectors are bounded in length and used again and again. Single and
double precision on the CPU has a way of its own: see `host`.
"""

import numpy as np
import torch

#: Longest vector, in elements: bounds the memory that a measurement borrows (64 MiB each in float32).
LONGEST = 2**24
#: Keeps 0/0 at 0 where v and g are both 0; far below any v that a gradient leaves.
TINY = float(torch.finfo(torch.float32).tiny)


def real(tensor):
    """Complex numbers as pairs of real ones, in one more dimension; what is real, or None, as it is."""
    if tensor is None or not tensor.is_complex():
        return tensor
    return torch.view_as_real(tensor.detach().resolve_conj())


class Bucket:
    """Some parameters of one device and precision, and vectors to work on them.

    Args:
        slots: their places among all parameters.
        params: the k parameters.
        shared: name → vector, shared with the other buckets of this device and precision.
        longest: length that the longest of these buckets needs.
        alone: True if there is no other bucket; then its vectors are never given back.

    Attributes:
        waits: True if reading a result would wait for the device. Where it would not, results are NumPy arrays.
    """

    def __init__(self, slots, params, shared, *, longest, alone):
        self.slots, self.params, self.alone = np.array(slots), params, alone
        self.waits = params[0].device.type != "cpu"
        self.sizes = [real(p).numel() for p in params]
        self.kind = torch.float64 if params[0].dtype in (torch.float64, torch.complex128) else torch.float32
        self.length, self._longest = sum(self.sizes), longest
        self._own, self._shared = {}, shared
        self._places, self._left, self._ways = self._looked_at(), None, None
        self.half = params[0].dtype in (torch.bfloat16, torch.float16)
        self.made_for = (params[0].dtype, params[0].device)

    @property
    def stale(self):
        """True if the parameters have moved to another device or precision since."""
        first, (dtype, device) = self.params[0], self.made_for
        return first.dtype is not dtype or first.device != device

    def _looked_at(self):
        """Two places of each parameter in a vector, by which a change from outside is noticed: (2k,)."""
        starts = np.cumsum([0, *self.sizes[:-1]])
        return torch.as_tensor(np.ravel(np.stack([starts, starts + np.array(self.sizes) // 2], 1)),
                               device=self.params[0].device)

    def vector(self, name):
        """The vector of this name: "before" belongs to this bucket, all others are shared."""
        vectors = self._own if name == "before" else self._shared
        if name not in vectors:
            length = self.length if name == "before" else self._longest
            vectors[name] = torch.empty(length, dtype=self.kind, device=self.params[0].device)
        return vectors[name][: self.length]

    def fill(self, name, tensors):
        """Lay the tensors end to end in the vector of this name; None counts as zeros."""
        flat = self.vector(name)
        views = [part.view(real(p).shape) for part, p in zip(flat.split(self.sizes), self.params)]
        tensors = [real(tensor) for tensor in tensors]
        try:
            torch._foreach_copy_(views, tensors)
        except (TypeError, RuntimeError):  # one is missing, or sparse
            flat.zero_()
            for view, tensor in zip(views, tensors):
                if tensor is not None:
                    view.copy_(tensor.to_dense())
        return flat

    @torch.no_grad()
    def hold(self):
        """Keep a copy of the weights."""
        self.fill("before", self.params)

    @torch.no_grad()
    def touched(self, *, held):
        """Share of the parameters that are not what the last step left; None at the first one.

        Args:
            held: whether `hold` has just been called. If not, a few of the weights are looked at where they lie.
        """
        if self._left is None:
            return None
        now = self.vector("before")[self._places] if held else self._at_places()
        return self._other(now, self._left).float().mean()

    @torch.no_grad()
    def glance(self, which=None):
        """In place of `measured`, at steps that are not: for `touched`, note what the step left.

        Args:
            which: numbers of parameters of which alone this is noted, where something was before; all of them if None.
        """
        if which is None:
            self._left = self._at_places()
        elif self._left is not None and which:
            places = [2 * place + part for place in which for part in (0, 1)]
            self._left[places] = self._at_places()[places]

    def _at_places(self):
        """The weights at the places that are looked at, (2k,); the ways to them are kept while no tensor has moved."""
        now = [p.data_ptr() for p in self.params]
        if self._ways is None or self._ways[0] != now:
            self._ways = now, [p[np.unravel_index(place, p.shape)] for p in (real(p.detach()) for p in self.params)
                               for place in (0, p.numel() // 2)]
        return torch.stack(self._ways[1]).to(self.kind)

    @staticmethod
    def _other(now, left):
        """True for each parameter of which one place differs by more than rounding."""
        return (abs(now - left) > 1e-5 * abs(left) + 1e-30).reshape(-1, 2).any(1)

    @torch.no_grad()
    def gradient_norms(self):
        """‖g‖ of each parameter, (k,)."""
        return self._out(self._norms(self.fill("gradient", [p.grad for p in self.params])))

    @torch.no_grad()
    def measured(self, second_moments):
        """The numbers of `rows.RAW`, each (k,): ‖θ‖ and ‖Δθ‖ since `hold`, smallest and largest v, ‖g/√v‖, rounded.

        Args:
            second_moments: v of each parameter, or None.
        """
        before = self.vector("before")
        weight = self._norms(before)
        moved = self.fill("work", self.params).sub_(before)
        change = self._norms(moved)
        self._left = before[self._places] + moved[self._places]
        lost = self._lost(moved == 0) if self.half else torch.full_like(change, torch.nan)
        if not self.alone:
            self._own.clear()
        known = torch.tensor([v is not None for v in second_moments], device=weight.device)
        v = self.fill("work", second_moments)
        high = self._norms(v, torch.inf)
        inverse = v.reciprocal()
        low = self._norms(inverse.masked_fill_(v == 0, 0), torch.inf).reciprocal_()
        low = torch.where(high == 0, 0, low)
        gradient = self.fill("gradient", [p.grad for p in self.params])
        against = self._norms(gradient.div_(v.add_(TINY).sqrt_()))
        seconds = (value.masked_fill(~known, torch.nan) for value in (low, high, against))
        return [self._out(value) for value in (weight, change, *seconds, lost)]

    def _lost(self, still):
        """Share of each parameter's elements with a gradient that did not move: (k,)."""
        led = self.fill("gradient", [p.grad for p in self.params]) != 0
        lost = (still & led).float().split(self.sizes), led.float().split(self.sizes)
        return torch.stack([part.sum() / whole.sum().clamp(min=1) for part, whole in zip(*lost)])

    def _norms(self, flat, order=2):
        return torch.stack(torch._foreach_norm(flat.split(self.sizes), order))

    def _out(self, value):
        return value if self.waits else value.numpy()
