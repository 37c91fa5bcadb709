"""What the rules look at: levels, noise and jumps of a loss, and the layers that count."""

from functools import cached_property

import numpy as np

from adamkit.diagnostics.words import SCALE_FREE

#: Fewer steps than this have no shape to speak of.
ENOUGH = 30
#: Turns a median distance into a standard deviation, for a normal distribution.
NORMAL = 1.4826


class Signals:
    """A run's readings, prepared: its finite beginning, smoothed, and compared with itself.

    Args:
        readings: `Readings`.

    Attributes:
        loss: training losses up to the first that is not finite, steps without one left out.
        step: their steps.
    """

    def __init__(self, readings):
        self.readings = readings
        bad = np.flatnonzero(np.isinf(readings.loss) | self._after_events(readings))
        end = bad[0] if len(bad) else len(readings)
        self.rows = np.flatnonzero(np.isfinite(readings.loss[:end]))
        self.loss, self.step = readings.loss[self.rows], readings.step[self.rows]
        self.rate, self.batch = readings.rate[self.rows], readings.batch[self.rows]

    @staticmethod
    def _after_events(readings):
        """True from the first loss that is NaN because something broke, not because nobody observed it."""
        broken = [event["step"] for event in readings.events if event["where"] == "loss"]
        return readings.step >= broken[0] if broken else np.zeros(len(readings), dtype=bool)

    def __len__(self):
        return len(self.loss)

    @cached_property
    def facts(self):
        """What the monitor saw of the mechanism, as `facts.Facts.to_dict` has it; empty for readings from elsewhere."""
        return self.readings.about.get("facts") or {}

    @cached_property
    def scale_free(self):
        """True if the optimizer's steps do not grow with the gradient, as Adam's."""
        name = str(self.readings.about.get("optimizer", ""))
        return bool(np.isfinite(self.readings.surprise).any()) or any(word in name for word in SCALE_FREE)

    @cached_property
    def whole_gradient(self):
        """Norm of all gradients together at each step, (steps,)."""
        return np.sqrt(np.nansum(np.square(self.readings.gradient_norm), axis=1))

    @cached_property
    def spread(self):
        """Robust scatter of the losses about their running median, largest of three thirds of the run."""
        parts = np.array_split(self.residual, 3)
        return max((robust_deviation(part) for part in parts if len(part)), default=np.nan)

    @cached_property
    def measures(self):
        """True if the loss can be compared with its own start: never below 0, and it began well above its scatter.

        Losses that begin near 0 (KL divergence, PPO), that go below it (a density's logarithm, REINFORCE) or whose
        scatter is as large as they are have no "times the start".
        """
        early = slice(0, max(5, len(self) // 20))
        return bool(len(self) and self.loss.min() >= 0 and self.start > 0
                    and np.median(self.smooth[early]) > 3 * robust_deviation(self.residual[early])
                    and self.start > 0.02 * self.loss.max())

    @cached_property
    def fell(self):
        """Share of its start by which the loss fell, to the last quarter; 0 where it is no measure."""
        return (self.start - self.level) / self.start if self.measures else 0.0

    @cached_property
    def fresh(self):
        """True if layers looked untrained when the monitor was made; None if nothing was looked at."""
        return bool(self.facts["fresh"]) if "fresh" in self.facts else None

    @cached_property
    def chance(self):
        """The loss of a classifier that knows nothing, or None: as its graph has it, or else ln(classes) as told.

        A loss with a factor is no matter of ln(classes), whatever it is made of.
        """
        graph = self.facts.get("graph") or {}
        classes = None if (graph.get("never_below_0") or (None, False))[1] else self.facts.get("classes")
        return graph.get("chance") or (float(np.log(classes)) if classes else None)

    @property
    def enough(self):
        """True if there are steps enough to speak of a shape."""
        return len(self) >= ENOUGH

    @cached_property
    def start(self):
        """The loss before anything was learned: of the first step."""
        return float(self.loss[0]) if len(self) else np.nan

    @cached_property
    def smooth(self):
        """Running median over a twentieth of the run, at least three steps."""
        width = max(3, len(self) // 20 | 1)
        padded = np.pad(self.loss, width // 2, mode="edge")
        return np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=-1)

    @cached_property
    def residual(self):
        """What is left of the loss beside its running median."""
        return self.loss - self.smooth

    def part(self, low, high):
        """Losses between two shares of the run."""
        first = max(min(round(low * len(self)), len(self) - 1), 0)
        return self.loss[first : max(round(high * len(self)), first + 1)]

    @cached_property
    def level(self):
        """Mean loss of the last quarter."""
        return float(self.part(0.75, 1).mean())

    @cached_property
    def noise(self):
        """Standard error of the mean of a quarter, from the second half's scatter about its running median."""
        half = self.residual[len(self) // 2 :]
        return float(half.std() / np.sqrt(max(len(self) // 4, 1)))

    @cached_property
    def wandering(self):
        """Standard error of the difference of the last two quarters, from how eight stretches of them scatter.

        A loss that a long step holds up does not only jitter from batch to batch: the weights wander, and the loss
        goes up in some stretches and down in others. The scatter is that about a straight line.
        """
        length = len(self) // 16
        if not length:
            return np.inf
        means = self.loss[len(self) - 8 * length :].reshape(8, length).mean(axis=1)
        place = np.arange(8) - 3.5
        left = means - means.mean() - place * (place @ means) / (place @ place)
        return float(4 * np.sqrt(left @ left / 6 / (place @ place)))  # the quarters lie four stretches apart

    @cached_property
    def constant_rate(self):
        """True if the rate of the second half stays within a tenth of its largest."""
        half = self.rate[len(self) // 2 :]
        return bool(half.min() >= 0.9 * half.max())

    @cached_property
    def warmed_up_at(self):
        """Number of the row at which a rate that rose to it reached its height; 0 without a warmup."""
        top = int(np.argmax(self.rate >= 0.999 * self.rate.max()))
        return top if top >= 3 and self.rate[0] < 0.5 * self.rate.max() else 0

    @cached_property
    def counted(self):
        """Numbers of the layers that count in comparisons: those with matrices that started from something."""
        readings = self.readings
        matrices = set(readings.about.get("matrices") or readings.layers)
        measured = np.flatnonzero(np.isfinite(readings.parameter_norm).any(axis=1))
        first = readings.parameter_norm[measured[0]] if len(measured) else np.full(len(readings.layers), np.nan)
        return np.array([i for i, name in enumerate(readings.layers) if name in matrices and first[i] > 0], dtype=int)

    @cached_property
    def dense(self):
        """Of `counted`, those that are linear, convolution, recurrent or attention layers: no embeddings, no tokens."""
        dense = self.readings.about.get("dense")
        return np.array([i for i in self.counted if dense is None or self.readings.layers[i] in dense], dtype=int)

    @cached_property
    def path(self):
        """Length of all steps together of a typical layer that moves, in lengths of the layer; NaN if unknown.

        A step whose weights were not measured, with ``every`` above 1, counts as the next one of its layer that was.
        """
        ways = self.readings.update_ratio[self.rows][:, self.counted]
        if self.readings.about.get("every", 1) > 1:
            took_part = np.isfinite(self.readings.gradient_norm[self.rows][:, self.counted])
            ways = np.stack([_filled(way, there) for way, there in zip(ways.T, took_part.T)], 1) if ways.size else ways
        moved = np.nansum(ways, axis=0)
        return float(np.median(moved[moved > 0])) if (moved > 0).any() else 0.0 if len(moved) else np.nan

    @property
    def together(self):
        """How a sentence on `path` begins."""
        every = self.readings.about.get("every", 1)
        return f"Over all {len(self)} steps together" + (f", reckoned from one in {every}," if every > 1 else "")

    @cached_property
    def frozen_and_moving(self):
        """Names of parameters that were frozen on the way, still have a gradient, and whose layers went on moving."""
        frozen, present = set(self.readings.about.get("frozen") or ()), self.facts.get("present") or {}
        since = {name: step for step, name, on in self.facts.get("flips", ()) if not on and name in frozen}
        ways = np.nansum(self.readings.update_ratio[-(len(self.readings) // 4) :], axis=0)
        ways *= self.readings.about.get("every", 1)
        far = {name for name, way in zip(self.readings.layers, ways) if way > 0.01}
        return [name for name, step in since.items() if present.get(name, 0) >= step + 5
                and (name.rpartition(".")[0] or name) in far]

    @cached_property
    def layer_rates(self):
        """Layer → largest rate of its parameters' groups, of the first step, where the monitor noted it."""
        return self.readings.about.get("rates") or {}

    @cached_property
    def steady_rate(self):
        """True if the rate of the whole run stays within a tenth of its largest."""
        return bool(len(self) and self.rate.min() >= 0.9 * self.rate.max())

    @cached_property
    def broke_off(self):
        """True if the losses end in something that is not finite."""
        return bool(len(self) and self.rows[-1] < len(self.readings) - 1
                    and not np.isfinite(self.readings.loss[self.rows[-1] + 1 :]).any() and self.readings.events)

    def typical(self, name, low=0.0, high=1.0):
        """Median over a part of the finite run of a reading by layer, (layers,); NaN where it was never measured."""
        first, last = (self.rows[0], self.rows[-1] + 1) if len(self) else (0, 0)
        values = self.readings[name][round(first + low * (last - first)) : max(round(first + high * (last - first)), 1)]
        out = np.full(values.shape[1], np.nan)
        known = np.isfinite(values).any(axis=0)
        if known.any():
            out[known] = np.nanmedian(np.where(np.isfinite(values), values, np.nan)[:, known], axis=0)
        return out

    def jumped(self, step):
        """True if the loss lies far higher after a step than before it, by its own scatter."""
        place = int(np.searchsorted(self.step, step))
        before, after = self.loss[max(place - 10, 0) : place], self.loss[place + 1 : place + 11]
        if len(before) < 5 or len(after) < 5:
            return False
        noise = max(robust_deviation(before), robust_deviation(after), 1e-12)
        rise = np.median(after) - np.median(before)
        return bool(rise > 6 * noise / np.sqrt(5) and rise > 0.2 * abs(self.loss[0] - self.loss.min()))

    def largest_early_move(self):
        """Largest update/weight ratio of a counted layer in the first ten rows: (ratio, layer name, step)."""
        chosen = self.dense if len(self.dense) else self.counted
        early = self.readings.update_ratio[:10][:, chosen]
        early = np.where(np.isfinite(early), early, -1.0)
        if early.size == 0 or early.max() < 0:
            return 0.0, None, 0
        row, column = np.unravel_index(early.argmax(), early.shape)
        return float(early[row, column]), self.readings.layers[chosen[column]], int(self.readings.step[row])


def _filled(values, there):
    """Values, those that are missing ``there`` replaced by the next that is known, or else by the last."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return values
    following = known[np.searchsorted(known, np.arange(len(values))).clip(max=len(known) - 1)]
    return np.where(np.isfinite(values) | ~there, values, values[following])


def robust_deviation(values):
    """Standard deviation by the median distance from the median."""
    return float(NORMAL * np.median(np.abs(values - np.median(values)))) if len(values) else np.nan


def memory(noise):
    """Factor on the standard error of a mean when neighbours are alike: they tell less than as many strangers do.

    √((1+ρ)/(1−ρ)) with ρ the correlation of neighbours, as of an autoregression of order one; at least 1.
    """
    alike = min(max(echo(noise), 0.0), 0.95)
    return float(np.sqrt((1 + alike) / (1 - alike)))


def echo(values, lag=1):
    """Correlation of values that are so many places apart; 0 where one side of them is constant."""
    after, before = values[lag:], values[:-lag]
    if len(after) < 2 or not np.ptp(after) > 0 or not np.ptp(before) > 0:
        return 0.0
    return float(np.corrcoef(after, before)[0, 1])
