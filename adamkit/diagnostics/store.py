"""Where rows go: settled in blocks, from raw numbers of parameters to readings of layers."""

import numpy as np

from adamkit.diagnostics.clipping import EARLY, unclipped
from adamkit.diagnostics.readings import PER_LAYER, PER_STEP, Readings
from adamkit.diagnostics.rows import RAW, numbers, stacked, whole
from adamkit.diagnostics.second_moment import by_parameter


class Store:
    """Rows that wait, and arrays that are done.

    Args:
        watch: `watch.Watch`, told of what the rows hold.

    Attributes:
        rows: waiting `rows.Row` objects.
        validation: step → loss on held-out data.
        about: as in `Readings.about`.
        alive: rows in which each parameter's gradient was not zero, (params,).
    """

    def __init__(self, watch):
        self._watch, self.watched = watch, None
        self.rows, self.validation, self.about, self._undone = [], {}, {}, []
        self._done = {name: [] for name in [*PER_STEP, *PER_LAYER]}
        self.alive, self._touched, self._lost, self._group_rates = np.zeros(0), [], {}, []

    def rewatch(self, watched):
        """The parameters are others now: old ones first, new ones behind. No row may wait."""
        self.watched = watched
        self.layers, self._buckets, self._names = watched.layers, watched.buckets, watched.names
        self.alive = np.append(self.alive, np.zeros(len(self._names) - len(self.alive)))

    def settle(self):
        """Work on all waiting rows at once."""
        if not self.rows:
            return
        rows, self.rows = self.rows, []
        self._count(rows)
        for name, values in self._worked_out(rows).items():
            self._done[name].append(values)

    def _worked_out(self, rows):
        """Name → array of everything but the validation loss."""
        out = {"step": np.array([row.step for row in rows]), "loss": _losses(rows),
               "batch": numbers([row.batch for row in rows]), "clipped": numbers([row.clipped for row in rows])}
        rates = _rates(rows)
        self._group_rates = (self._group_rates or rates[:1])[:1] + [rates[-1]]
        out["rate"] = np.array([of_row[0] for of_row in rates])
        self._note(rows, out["loss"])
        return out | self._by_layer(rows, rates, out["clipped"])

    def _by_layer(self, rows, rates, clipped):
        """The arrays of `PER_LAYER` for these rows; NaN but for the gradients where a row was not measured."""
        gradients = self._whole([row.gradients for row in rows])
        self._late(rows, "gradient", gradients)
        undone = numbers([row.undone for row in rows])
        scaled = np.zeros(gradients.shape, dtype=bool)
        for place, row in enumerate(rows):
            for bucket, fits in row.scaled.items():
                scaled[place, self._buckets[bucket].slots] = bool(fits)
        out_of_turn = undone < EARLY  # clipped before the gradients were there
        clipped[out_of_turn] = np.nan
        gradients = unclipped(gradients, clipped, scaled)
        late = ~out_of_turn & (np.abs(undone - 1) > 0.01)
        gradients = np.where(late[:, None] & ~scaled, gradients / np.where(late, undone, 1)[:, None], gradients)
        out = {name: np.full((len(rows), len(self.layers.names)), np.nan) for name in PER_LAYER}
        out["gradient_norm"] = self.layers.norm(gradients)
        measured = [place for place, row in enumerate(rows) if any(raw is not None for raw in row.raw)]
        if measured:
            chosen = [rows[place] for place in measured]
            raw = [self._whole([[None if part is None else part[which] for part in row.raw] for row in chosen])
                   for which in range(len(RAW))]
            self._late(chosen, "parameter", raw[RAW.index("change")])
            values = self.layers.readings(gradients[measured], raw, **by_parameter(
                [row.hypers for row in chosen], [rates[place] for place in measured]))
            for name, value in values.items():
                out[name][measured] = value
        return out

    def _whole(self, parts):
        """Vectors of buckets, a list for each row, as one array (rows, params); NaN where a bucket took no part."""
        count = len(self._buckets)
        if not any(part is None for row in parts for part in row):
            return whole([stacked([row[b] for row in parts]) for b in range(count)], self._buckets, len(self._names))
        out = np.full((len(parts), len(self._names)), np.nan)
        for b, bucket in enumerate(self._buckets):
            there = [place for place, row in enumerate(parts) if row[b] is not None]
            if there:
                out[np.ix_(there, bucket.slots)] = stacked([parts[place][b] for place in there])
        return out

    def _count(self, rows):
        """Note, once for each row, what the rules need and the readings do not hold."""
        gradients = self._whole([row.gradients for row in rows])
        took_part = self._whole([[None if norms is None else np.ones(len(bucket.slots)) for norms, bucket in zip(
            row.gradients, self._buckets)] for row in rows]) == 1
        self.alive = self.alive + ((gradients != 0) & took_part).sum(axis=0)  # NaN is not nothing
        self._undone += [value for value in numbers([row.undone for row in rows]) if np.isfinite(value)]
        for row in rows:
            if row.touched:
                share = float(np.mean(numbers(row.touched)))
                self._touched.append((row.step, share))
        lost = self._whole([[None if raw is None else raw[-1] for raw in row.raw] for row in rows])
        for slot in np.flatnonzero(np.isfinite(lost).any(axis=0)):
            self._lost.setdefault(self._names[slot], []).append(float(np.nanmean(lost[:, slot])))

    def facts(self):
        """What was counted, as plain values."""
        changed = [step for step, share in self._touched if share]
        most = max((share for _, share in self._touched), default=0.0)
        return {"alive": dict(zip(self._names, self.alive.tolist())),
                "undone": float(np.median(self._undone)) if self._undone else None,
                "touched": {"steps": changed[:40], "count": len(changed), "looks": len(self._touched), "most": most},
                "group_rates": [rates.tolist() for rates in self._group_rates],
                "lost": {name: float(np.mean(values)) for name, values in self._lost.items()}}

    def folded(self, losses):
        """Losses that wait, each with how many it stands for, as one."""
        count = sum(n for _, n in losses)
        if not hasattr(self, "_first"):
            self._first = losses[0][0]
        return sum(value * n for value, n in losses) / count, count

    def ends(self, losses):
        """First and last of the losses that wait, as numbers, or None."""
        if not losses:
            return [None, None]
        first = getattr(self, "_first", losses[0][0]) if losses[0][1] > 1 else losses[0][0]
        return [float(value) for value in numbers([first, losses[-1][0]])]

    def _late(self, rows, where, norms):
        """Tell the watch of what it could not look at during the step."""
        if not any(bucket.waits for bucket in self._buckets):
            return
        for place in np.flatnonzero(~np.isfinite(norms).all(axis=1)):
            found = rows[place].found_inf
            if found is None or not float(found):
                for b, bucket in enumerate(self._buckets):
                    if bucket.waits and (rows[place].gradients if where == "gradient" else rows[place].raw)[b] \
                            is not None:
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
        width = len(self.layers.names)
        arrays = {}
        for name, blocks in self._done.items():
            blocks = blocks + [last[name]] if name in last else blocks
            if name in PER_LAYER:  # layers that came later stand behind, and had no numbers before
                blocks = [np.pad(block, ((0, 0), (0, width - block.shape[1])), constant_values=np.nan)
                          for block in blocks]
            arrays[name] = np.concatenate(blocks) if blocks else np.empty((0,) if name in PER_STEP else (0, width))
        arrays["validation"] = self._validation(arrays["step"])
        order = {"loss": 0, "gradient": 1, "parameter": 2}
        events = sorted(self._watch.events, key=lambda event: (event["step"], order[event["where"]]))
        about = {**self.about, "validation_before": _before(self.validation)}
        return Readings(layers=list(self.layers.names), events=events, about=about, **arrays)

    def _validation(self, step):
        out, places = np.full(len(step), np.nan), {int(number): place for place, number in enumerate(step)}
        given = {places[at]: value for at, value in self.validation.items() if at in places}
        if given:
            out[list(given)] = numbers(list(given.values()))
        return out


def _before(validation):
    return float(numbers([validation[0]])[0]) if 0 in validation else None


def _losses(rows):
    """Mean of each row's losses, NaN where there is none."""
    flat = numbers([loss for row in rows for loss, _ in row.losses])
    out, place = np.full(len(rows), np.nan), 0
    for number, row in enumerate(rows):
        if row.losses:
            weights = [count for _, count in row.losses]
            out[number] = np.average(flat[place:place + len(weights)], weights=weights)
            place += len(weights)
    return out


def _rates(rows):
    """η of each group, one array a row; one transfer for those that live on a device."""
    counts = [len(row.hypers.rates) for row in rows]
    return np.split(numbers([rate for row in rows for rate in row.hypers.rates]), np.cumsum(counts)[:-1])
