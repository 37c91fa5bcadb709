"""A curve of any length in a few hundred numbers, kept while it grows."""

import math

import numpy as np

#: Most points of a curve. A panel is about 300 pixels wide, so more could not be seen.
MOST = 240


class Series:
    """Values of successive steps, merged into at most ``most`` buckets of equal width.

    A bucket remembers the lowest, the mean and the highest of its values, so that a single spike stays
    visible however long the run becomes. When all buckets are full, neighbours merge and each becomes
    twice as wide. Values that are not finite are left out; they are counted in ``lost``, and ``lost_since`` is the
    step from which there has been no other (None while the last value is finite).

    Args:
        first: number of the first step.
        most: even number of buckets, ≥ 2.
    """

    def __init__(self, first=1, *, most=MOST):
        if most < 2 or most % 2:
            raise ValueError(f"most={most!r} must be an even number, 2 or more")
        self.first, self.most, self.width, self.lost = first, most, 1, 0
        self._low, self._high, self._sum, self._count = [], [], [], []
        self._steps = 0
        self.last, self.lost_since = math.nan, None

    def append(self, value):
        """The value of the next step."""
        if self._steps == self.most * self.width:
            self._merge()
        if self._steps % self.width == 0:
            self._open_bucket()
        self._steps += 1
        if not math.isfinite(value):
            self.lost += 1
            if self.lost_since is None:
                self.lost_since = self.first + self._steps - 1
            return
        self.last, self.lost_since = value, None
        self._low[-1] = min(self._low[-1], value)
        self._high[-1] = max(self._high[-1], value)
        self._sum[-1] += value
        self._count[-1] += 1

    def curve(self):
        """(step, lowest, mean, highest) of the buckets that hold a value, four float64 arrays of one length.

        The step of a bucket is the middle of the steps that it covers.
        """
        count = np.array(self._count, dtype=float)
        held = count > 0
        starts = self.width * np.arange(len(count))
        covered = np.minimum(self.width, self._steps - starts)
        steps = self.first + starts + (covered - 1) / 2
        mean = np.array(self._sum)[held] / count[held]
        return steps[held], np.array(self._low)[held], mean, np.array(self._high)[held]

    def __len__(self):
        return self._steps

    def _open_bucket(self):
        self._low.append(math.inf)
        self._high.append(-math.inf)
        self._sum.append(0.0)
        self._count.append(0)

    def _merge(self):
        """Two buckets become one."""
        self._low = [min(pair) for pair in _pairs(self._low)]
        self._high = [max(pair) for pair in _pairs(self._high)]
        self._sum = [sum(pair) for pair in _pairs(self._sum)]
        self._count = [sum(pair) for pair in _pairs(self._count)]
        self.width *= 2


class Smoothed(Series):
    """The bias-corrected exponential average of the values: Adam's m̂ (Kingma & Ba 2015), of the loss.

    Args:
        beta: share of the past in the average, in [0, 1).
    """

    def __init__(self, first=1, *, beta=0.9, most=MOST):
        super().__init__(first, most=most)
        self.beta, self._average, self._weight = beta, 0.0, 0.0

    def append(self, value):
        """The value of the next step, before smoothing; one that is not finite leaves the average as it was."""
        if math.isfinite(value):
            self._average = self.beta * self._average + (1 - self.beta) * value
            self._weight = self.beta * self._weight + (1 - self.beta)  # 1 − βᵗ
            value = self._average / self._weight
        super().append(value)


def _pairs(items):
    return zip(items[::2], items[1::2], strict=True)
