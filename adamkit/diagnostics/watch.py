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
        """Note those that are bad and were not bad before, and announce them; where it raises, it does so each time."""
        stops, bad = may_raise and self.reaction == "raise", []
        for name, norm, tensor in zip(names, norms, tensors):
            new = (where, name) not in self._known
            if np.isfinite(norm) or not (new or stops):
                continue
            if tensor is not None and bool(torch.isfinite(tensor).all()):
                continue  # finite numbers whose squares overflow
            bad.append({"step": int(step), "where": where, "name": name, "kind": "nan" if np.isnan(norm) else "inf"})
            if new:
                self._known.add((where, name))
                self.events.append(bad[-1])
        if bad:
            before = ", before the optimizer used it" if where == "gradient" and may_raise else ""
            self._announce(bad, stops, before)

    def _announce(self, bad, stops, before):
        others = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        first, kind = bad[0], not_finite(event["kind"] for event in bad)
        message = f"step {first['step']}: {kind} in the {first['where']} of {first['name']}{others}{before}"
        if stops:
            raise FloatingPointError(message)
        if self.reaction != "record":
            warnings.warn(message, NonFiniteWarning, stacklevel=2)


def _odd(norms):
    """True if one of the norms is not finite, or they are so large that only a closer look can tell."""
    return not math.isfinite(np.vdot(norms, norms))
