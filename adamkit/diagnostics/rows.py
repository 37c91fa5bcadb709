"""The rows of a run while it grows: raw numbers of each parameter come in, arrays by layer go out.

Rows wait until many can be worked on at once. Those of a CPU run are NumPy already; those of an accelerator stay
there until then, and are fetched in one transfer.
"""

import numpy as np
import torch

from adamkit.diagnostics.readings import PER_LAYER

#: Raw numbers of a parameter besides ‖g‖: ‖θ‖ before the step, ‖Δθ‖, smallest and largest v, ‖g/√v‖, and the share of
#: its elements that a gradient led and rounding held (NaN where precision is ample).
RAW = ("weight", "change", "v_low", "v_high", "against_v", "lost")


class Row:
    """One step while it is being measured, and until it is settled.

    Attributes:
        step: number of the step, from 1.
        gradients: ‖g‖ of each parameter, one vector (k,) a bucket; None for a bucket that took no part.
        raw: the vectors of `RAW`, (k,) each, a bucket; None for a bucket that was not measured.
        losses: what was observed: numbers or tensors, each with how many it stands for.
        batch: number of the batch.
        clipped: share that clipping took; ``scaled`` says of buckets whether ``gradients`` were measured after it.
        undone: how many times smaller the gradients were at the step than clipping had left them, or None.
        touched: share of the parameters that changed since the last step, a number or tensor a bucket.
        hypers: `second_moment.Hypers` of this step.
        found_inf: what torch's gradient scaler found, where it leaves it to the optimizer to skip the step.
    """

    __slots__ = ("batch", "clipped", "found_inf", "gradients", "hypers", "losses", "measured", "raw", "scaled", "step",
                 "stepped", "touched", "undone")

    def __init__(self, step, buckets):
        self.step, self.losses, self.batch = step, [], None
        self.gradients, self.raw, self.touched = [None] * buckets, [None] * buckets, []
        self.found_inf = self.hypers = self.clipped = self.undone = None
        self.scaled, self.measured, self.stepped = {}, False, []


class Layers:
    """Which parameters belong to which layer: to the module that owns them.

    Args:
        names: dotted names of the parameters.
        params: the parameters.

    Attributes:
        names: of the layers, in the order of the model.
        layer_of: number of each parameter's layer, (params,).
    """

    def __init__(self, names, params):
        owners = [name.rpartition(".")[0] or name for name in names]
        self.names = list(dict.fromkeys(owners))
        place = {name: number for number, name in enumerate(self.names)}
        self.layer_of = np.array([place[owner] for owner in owners], dtype=np.int64)
        self.sizes = np.array([p.numel() for p in params], dtype=float)
        self._order = np.argsort(self.layer_of, kind="stable")
        self._starts = np.searchsorted(self.layer_of[self._order], np.arange(len(self.names)))

    def fold(self, how, values):
        """Values of parameters to values of layers with np.add, np.fmin or np.fmax: (…, params) → (…, layers)."""
        return how.reduceat(values[..., self._order], self._starts, axis=-1)

    def norm(self, norms):
        """Norms of parameters to norms of layers: (…, params) → (…, layers)."""
        return np.sqrt(self.fold(np.add, np.square(norms)))

    def readings(self, gradients, raw, *, eta, corrections, eps):
        """The arrays of `PER_LAYER`, each (rows, layers), from raw numbers, each (rows, params)."""
        weight, change, v_low, v_high, against_v, _ = raw
        known = ~np.isnan(v_high)
        squares = np.where(known, np.square(against_v) * corrections, 0)
        with np.errstate(all="ignore"):  # 0/0 where a layer has no weights yet or no v: NaN is the answer
            low, high = (eta / (np.sqrt(v / corrections) + eps) for v in (v_high, v_low))
            norm = self.norm(weight)
            values = {
                "gradient_norm": self.norm(gradients),
                "parameter_norm": norm,
                "update_ratio": self.norm(change) / norm,
                "rate_low": self.fold(np.fmin, np.where(known, low, eta)),
                "rate_high": self.fold(np.fmax, np.where(known, high, eta)),
                "surprise": np.sqrt(self.fold(np.add, squares) / self.fold(np.add, self.sizes * known)),
            }
        return {name: values[name] for name in PER_LAYER}


def whole(pieces, buckets, params):
    """Vectors of buckets, (…, k) each, as one array over all parameters, (…, params)."""
    if len(buckets) == 1:
        return np.asarray(pieces[0], dtype=np.float64)
    out = np.full((*pieces[0].shape[:-1], params), np.nan)
    for piece, bucket in zip(pieces, buckets):
        out[..., bucket.slots] = piece
    return out


def stacked(values):
    """Arrays or tensors of one shape as one NumPy array with a leading axis; one transfer from a device."""
    if torch.is_tensor(values[0]):
        return torch.stack([value.double() for value in values]).cpu().numpy()
    return np.stack(values)


def numbers(values):
    """Plain numbers or scalar tensors, mixed, as a float array: one transfer from each device."""
    out = np.array([np.nan if value is None or torch.is_tensor(value) else float(value) for value in values])
    waiting = {}
    for place, value in enumerate(values):
        if torch.is_tensor(value):
            waiting.setdefault(value.device, []).append(place)
    for places in waiting.values():
        out[places] = torch.stack([values[place].detach().double().mean() for place in places]).cpu().numpy()
    return out
