"""Eight bits for a moment: which table, how large a block, and what is left of the numbers."""

from functools import lru_cache

import numpy as np

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider, Toggle
from adamkit.explorers.panels import axes, label
from adamkit.quantization import dequantize, dynamic_map, linear_map, quantize

COUNT = 16_384  # numbers in the tensor
SIZES = np.logspace(-10, 0, 61)  # borders of bins for |x| / scale
ERRORS = np.logspace(-4, 0, 41)  # borders of bins for |y − x| / |x|
TABLES = {"dynamic": dynamic_map, "linear": linear_map}
BEFORE, AFTER, LOST = plotting.QUIET, plotting.COLORS["Adam8bit"], plotting.COLORS["RMSprop"]


class Quantiser(Explorer):
    """A tensor of moments goes through 8 bits and back (`adamkit.quantization`).

    Controls: ``moment`` ("v", squares of gradients, or "m", which have signs), ``table`` ("dynamic" or "linear"),
    ``signed``: whether the table has a negative half, ``block``: numbers that share a scale, ``spread``: the σ of the
    log-normal scales of the coordinates, in powers of e, and ``outlier``: one number becomes so many times the largest.
    """

    title = "Eight bits"
    opening = "As 8-bit Adam does it"
    controls = {
        "moment": Choice({"v": "v, squares", "m": "m, with signs"}, "v", label="moment"),
        "table": Choice({"dynamic": "dynamic", "linear": "linear"}, "dynamic", label="table"),
        "signed": Toggle(False, label="signed table", help="half of the 256 values are below zero"),
        "block": Slider(16, COUNT, 256, log=True, integer=True, label="block", help="numbers that share one scale"),
        "spread": Slider(0, 3, 1.5, step=0.05, label="spread σ", help="of the logarithm of the coordinates' scales"),
        "outlier": Slider(1, 1e6, 1, log=True, label="one outlier", unit="×"),
    }
    scenarios = {
        "As 8-bit Adam does it": Scenario(
            {},
            "v, a dynamic table without signs, blocks of 256. The staircase follows the diagonal over seven decades: "
            "half of the numbers come back within six percent, and few are lost. Now press “A linear table”.",
        ),
        "A linear table": Scenario(
            {"table": "linear"},
            "Its steps are even, so whatever is below a five-hundredth of the largest in its block becomes 0. For v "
            "that is most of the numbers, and a zero in Adam's divisor is the worst place to have one.",
        ),
        "An outlier, one scale": Scenario(
            {"block": COUNT, "outlier": 1e3},
            "One number is a thousand times larger than all others, and all 16 384 are measured by it. Make the "
            "blocks smaller: the outlier then spoils only its own neighbours.",
        ),
        "m with its signs": Scenario(
            {"moment": "m", "signed": True},
            "m needs both signs, so each side has half of the values. It is no square and spans half as many decades, "
            "so its errors are smaller all the same. Switch “signed” off: every negative number becomes 0.",
        ),
    }

    def draw(self, values):
        """Sizes with the table below them and the staircase on the left; relative errors on the right."""
        figure = plotting.figure(680, 340)
        self._sizes, self._stairs = axes(figure, 60, 10, 282, 118), axes(figure, 60, 146, 282, 154)
        self._errors = axes(figure, 398, 10, 268, 290)
        for ax in (self._sizes, self._stairs):
            ax.set_xscale("log")
            ax.set_xlim(SIZES[0], 1.5)
        self._sizes.tick_params(labelbottom=False, labelleft=False, left=False)
        self._sizes.set_ylim(-0.16, 1.4)  # room for the legend above the curves
        label(self._sizes, y="how many")
        self._stairs.set_yscale("log")
        self._stairs.set_ylim(SIZES[0], 1.5)
        label(self._stairs, "|x| / largest of the block", "what comes back")
        self._draw_errors()
        self._draw_lines()
        return Picture(
            figure, self._moving, alt="Sizes of the numbers before and after eight bits, the staircase of the table, "
            "and a histogram of relative errors.")

    def _draw_errors(self):
        ax = self._errors
        ax.set_xscale("log")
        ax.set_xlim(ERRORS[0], 2.2)
        ax.set_ylim(0, 1.08)
        ax.tick_params(labelleft=False, left=False)
        label(ax, "relative error |y − x| / |x|", "how many")

    def _draw_lines(self):
        plot = self._sizes.plot
        (self._before,) = plot([], [], color=BEFORE, lw=1.4, label="before")
        (self._after,) = plot([], [], color=AFTER, lw=1.4, label="after")
        (self._rug,) = plot([], [], color=AFTER, lw=0.6, alpha=0.8)
        self._sizes.legend(loc="upper left", fontsize=8, ncols=2)
        self._stairs.plot([1e-12, 1], [1e-12, 1], color=plotting.QUIET, lw=1, ls=(0, (3, 3)))
        (self._steps,) = self._stairs.plot([], [], color=AFTER, lw=1.6)
        (self._bars,) = self._errors.plot([], [], color=AFTER, lw=4.2, solid_capstyle="butt")
        (self._zeros,) = self._errors.plot([], [], color=LOST, lw=9, solid_capstyle="butt")
        (self._middle,) = self._errors.plot([], [], color=plotting.INK, lw=1, ls=(0, (3, 3)))
        keys = ["came back", "lost: became 0", "median"]
        self._errors.legend([self._bars, self._zeros, self._middle], keys, loc="upper left", fontsize=8)
        self._moving = [self._before, self._after, self._rug, self._steps, self._bars, self._zeros, self._middle]

    def show(self, values):
        """Quantise, dequantise, compare."""
        x = tensor(values["moment"], values["spread"], values["outlier"])
        table = TABLES[values["table"]](signed=values["signed"])
        found = there_and_back(x, table, values["block"])
        middles = np.sqrt(SIZES[1:] * SIZES[:-1])
        counts = [np.histogram(sizes, SIZES)[0] for sizes in found.sizes]
        highest = max(max(count.max() for count in counts), 1)
        for line, count in zip((self._before, self._after), counts, strict=True):
            line.set_data(middles, count / highest)
        positive = np.array([value for value in table.values if value > 0])
        self._rug.set_data(*_strokes(positive, -0.13, -0.03))
        self._steps.set_data(*staircase(table))
        self._show_errors(found)
        return Shown(_caption(found, values))

    def _show_errors(self, found):
        kept = found.errors[~found.lost]
        count = np.histogram(np.clip(kept, ERRORS[0], ERRORS[-1]), ERRORS)[0] / len(found.errors)
        lost = found.lost.mean()
        highest = max(count.max(), lost)
        self._bars.set_data(*_strokes(np.sqrt(ERRORS[1:] * ERRORS[:-1]), 0, count / highest))
        self._zeros.set_data(*_strokes(np.array([1.5]), 0, np.array([lost / highest])))
        self._middle.set_data([max(found.median, ERRORS[0])] * 2, [0, 1.08])


class Found:
    """What became of the numbers.

    Attributes:
        sizes: (before, after), |x| and |y| over the scale of the block.
        errors: |y − x| / |x|. lost: True where y is 0. median: of the errors.
        bits: stored for each number, scales included.
    """

    def __init__(self, x, y, scale, block):
        scales = np.repeat(scale, block)[: len(x)]
        self.sizes = abs(x) / scales, abs(y) / scales
        self.errors = abs(y - x) / abs(x)
        self.lost = y == 0
        self.median = float(np.median(self.errors))
        self.bits = 8 + 32 * len(scale) / len(x)


def there_and_back(x, table, block):
    """`Found` for numbers x, (n,), none of them 0, through ``table`` in blocks."""
    codes, scale = quantize(x, table, block=block)
    return Found(x, dequantize(codes, scale, table, block=block), scale, block)


@lru_cache(maxsize=8)
def tensor(moment, spread, outlier):
    """float32 numbers, (16384,): log-normal scales times normal ones; squared for "v"."""
    rng = np.random.default_rng(0)
    x = np.exp(spread * rng.normal(size=COUNT)) * rng.normal(size=COUNT)
    x = x**2 if moment == "v" else x
    if outlier > 1:
        x[COUNT // 2] = outlier * abs(x).max()
    return x.astype(np.float32)


def staircase(table):
    """Corners of size in → size out on the positive side; what is stored as 0 is left out."""
    values, borders = np.array(table.values), np.array(table.borders)
    first = int(np.flatnonzero(values > 0)[0])
    lows, highs = borders[first - 1 :], np.append(borders[first:], 1.0)
    return np.stack([lows, highs], axis=1).ravel(), np.repeat(values[first:], 2)


def _strokes(x, low, high):
    """Vertical strokes from low to high as one broken line."""
    low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
    gap = np.full(x.shape, np.nan)
    return np.stack([x, x, gap], axis=1).ravel(), np.stack([low, high, gap], axis=1).ravel()


def _caption(found, values):
    lost = found.lost.mean()
    share = "none" if lost == 0 else f"{lost:.0%}" if lost >= 0.005 else f"{lost:.1%}"
    return (f"{share[0].upper()}{share[1:]} of the numbers became 0. Median relative error {found.median:.1%}. "
            f"{found.bits:.3g} bits a number, scales included, instead of 32.")
