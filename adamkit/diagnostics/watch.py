"""NaN and infinity: found in the gradients before the optimizer uses them, and named."""

import math
import warnings

import numpy as np
import torch

from adamkit.diagnostics.vocabulary import not_finite

REACTIONS = ("warn", "raise", "record")


class NonFiniteWarning(RuntimeWarning):
    """A gradient or a weight holds NaN or infinity."""


class Watch:
    """Notes the first step at which each thing is not finite, and says so.

    Args:
        reaction: "warn", "raise" or "record".

    Attributes:
        events: as in `Readings.events`, the first for each parameter and place.
    """

    def __init__(self, reaction):
        if reaction not in REACTIONS:
            raise ValueError(f"on_nonfinite={reaction!r} is not one of {list(REACTIONS)}")
        self.reaction, self.events, self._known = reaction, [], set()

    def gradients(self, row, watched, places):
        """Look at the norms of a step's gradients now: on the CPU always, elsewhere only if it must stop the step."""
        if row.found_inf is not None and (self.reaction == "raise" or row.found_inf.device.type == "cpu") \
                and float(row.found_inf):
            return  # the optimizer will skip this step by itself
        for place in places:
            bucket, norms = watched.buckets[place], row.gradients[place]
            if bucket.waits and self.reaction != "raise":
                continue
            norms = norms.cpu().numpy() if bucket.waits else norms
            if _odd(norms):
                self._look(row.step, "gradient", [watched.names[slot] for slot in bucket.slots], norms,
                           [p.grad for p in bucket.params])

    def weights(self, row, watched, places):
        """Look at how far the weights went, where that costs no waiting."""
        for place in places:
            bucket, raw = watched.buckets[place], row.raw[place]
            if not bucket.waits and _odd(raw[1]):
                self._look(row.step, "parameter", [watched.names[slot] for slot in bucket.slots], raw[1],
                           [p.detach() for p in bucket.params], may_raise=False)

    def late(self, step, where, names, norms):
        """Note what was fetched from a device after the fact."""
        if _odd(norms):
            self._look(step, where, names, norms, [None] * len(names), may_raise=False)

    def _look(self, step, where, names, norms, tensors, *, may_raise=True):
        """Note and announce those that are bad and were not bad before."""
        fresh = []
        for name, norm, tensor in zip(names, norms, tensors):
            if np.isfinite(norm) or (where, name) in self._known:
                continue
            if tensor is not None and bool(torch.isfinite(tensor).all()):
                continue  # finite numbers whose squares overflow
            self._known.add((where, name))
            fresh.append(name)
            kind = "nan" if np.isnan(norm) else "inf"
            self.events.append({"step": int(step), "where": where, "name": name, "kind": kind})
        if fresh:
            self._announce(step, where, fresh, may_raise)

    def _announce(self, step, where, names, may_raise):
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        before = ", before the optimizer used it" if where == "gradient" and may_raise else ""
        kind = not_finite(event["kind"] for event in self.events[-len(names):])
        message = f"step {step}: {kind} in the {where} of {names[0]}{others}{before}"
        if self.reaction == "raise" and may_raise:
            raise FloatingPointError(message)
        if self.reaction != "record":
            warnings.warn(message, NonFiniteWarning, stacklevel=2)


def _odd(norms):
    """True if one of the norms is not finite, or they are so large that only a closer look can tell."""
    return not math.isfinite(np.vdot(norms, norms))
