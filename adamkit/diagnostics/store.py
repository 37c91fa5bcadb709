"""Where rows go: settled in blocks, from raw numbers of parameters to readings of layers."""

import numpy as np

from adamkit.diagnostics.clipping import unclipped
from adamkit.diagnostics.readings import PER_LAYER, PER_STEP, Readings
from adamkit.diagnostics.rows import RAW, numbers, stacked, whole
from adamkit.diagnostics.second_moment import by_parameter


class Store:
    """Rows that wait, and arrays that are done.

    Args:
        layers: `rows.Layers`.
        buckets: of all parameters.
        watch: `watch.Watch`, told of what the rows hold.
        names: of the parameters.

    Attributes:
        rows: waiting `rows.Row` objects.
        validation: step → loss on held-out data.
        about: as in `Readings.about`.
    """

    def __init__(self, layers, buckets, watch, names):
        self.layers, self._buckets, self._watch, self._names = layers, buckets, watch, names
        self.rows, self.validation, self.about = [], {}, {}
        self._done = {name: [] for name in [*PER_STEP, *PER_LAYER]}

    def settle(self):
        """Work on all waiting rows at once."""
        if not self.rows:
            return
        rows, self.rows = self.rows, []
        for name, values in self._worked_out(rows).items():
            self._done[name].append(values)

    def _worked_out(self, rows):
        """Name → array of everything but the validation loss."""
        out = {"step": np.array([row.step for row in rows]), "loss": _losses(rows),
               "batch": numbers([row.batch for row in rows]), "clipped": numbers([row.clipped for row in rows])}
        rates = _rates(rows)
        out["rate"] = np.array([of_row[0] for of_row in rates])
        self._note(rows, out["loss"])
        return out | self._by_layer(rows, rates, out["clipped"])

    def _by_layer(self, rows, rates, clipped):
        """The arrays of `PER_LAYER` for these rows; NaN but for the gradients where a row was not measured."""
        count = len(self._names)
        gradients = whole([stacked([row.gradients[b] for row in rows]) for b in range(len(self._buckets))],
                          self._buckets, count)
        self._late(rows, "gradient", gradients)
        gradients = unclipped(gradients, clipped, np.array([row.scaled for row in rows]))
        out = {name: np.full((len(rows), len(self.layers.names)), np.nan) for name in PER_LAYER}
        out["gradient_norm"] = self.layers.norm(gradients)
        measured = [place for place, row in enumerate(rows) if row.raw is not None]
        if measured:
            chosen = [rows[place] for place in measured]
            raw = [whole([stacked([row.raw[b][which] for row in chosen]) for b in range(len(self._buckets))],
                         self._buckets, count) for which in range(len(RAW))]
            self._late(chosen, "parameter", raw[RAW.index("change")])
            values = self.layers.readings(gradients[measured], raw, **by_parameter(
                [row.hypers for row in chosen], [rates[place] for place in measured]))
            for name, value in values.items():
                out[name][measured] = value
        return out

    def _late(self, rows, where, norms):
        """Tell the watch of what it could not look at during the step."""
        for place in np.flatnonzero(~np.isfinite(norms).all(axis=1)):
            found = rows[place].found_inf
            if found is None or not float(found):
                for bucket in self._buckets:
                    if bucket.waits:
                        names = [self._names[slot] for slot in bucket.slots]
                        self._watch.late(rows[place].step, where, names, norms[place][bucket.slots])

    def _note(self, rows, losses):
        """Losses that are not finite, the first one only."""
        given = [place for place, row in enumerate(rows) if row.losses and not np.isfinite(losses[place])]
        if given and not any(event["where"] == "loss" for event in self._watch.events):
            kind = "nan" if np.isnan(losses[given[0]]) else "inf"
            self._watch.events.append({"step": rows[given[0]].step, "where": "loss", "name": None, "kind": kind})

    def readings(self, unfinished):
        """All rows, and the one that still waits for its loss, if there is one."""
        self.settle()
        last = self._worked_out([unfinished]) if unfinished is not None else {}
        arrays = {}
        for name, blocks in self._done.items():
            blocks = blocks + [last[name]] if name in last else blocks
            shape = (0,) if name in PER_STEP else (0, len(self.layers.names))
            arrays[name] = np.concatenate(blocks) if blocks else np.empty(shape)
        arrays["validation"] = self._validation(arrays["step"])
        order = {"loss": 0, "gradient": 1, "parameter": 2}
        events = sorted(self._watch.events, key=lambda event: (event["step"], order[event["where"]]))
        about = {**self.about, "validation_before": _before(self.validation)}
        return Readings(layers=list(self.layers.names), events=events, about=about, **arrays)

    def _validation(self, step):
        out = np.full(len(step), np.nan)
        given = {at: value for at, value in self.validation.items() if 0 < at <= len(step)}
        if given:
            out[np.array(list(given)) - 1] = numbers(list(given.values()))
        return out


def _before(validation):
    return float(numbers([validation[0]])[0]) if 0 in validation else None


def _losses(rows):
    """Mean of each row's losses, NaN where there is none."""
    flat = numbers([loss for row in rows for loss in row.losses])
    out, place = np.full(len(rows), np.nan), 0
    for number, row in enumerate(rows):
        if row.losses:
            out[number] = flat[place:place + len(row.losses)].mean()
            place += len(row.losses)
    return out


def _rates(rows):
    """η of each group, one array a row; one transfer for those that live on a device."""
    counts = [len(row.hypers.rates) for row in rows]
    return np.split(numbers([rate for row in rows for rate in row.hypers.rates]), np.cumsum(counts)[:-1])
