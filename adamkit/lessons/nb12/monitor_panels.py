"""Four panels of a training that was watched, with room for a second run drawn over the first."""

from dataclasses import dataclass

import numpy as np
from matplotlib.transforms import ScaledTranslation

from adamkit import plotting
from adamkit.explorers.panels import axes, label
from adamkit.lessons.nb12.clinic.smoothing import running_median
from adamkit.lessons.nb12.moving_ticks import MovingTicks

COLORS = {"sick": plotting.COLORS["RMSprop"], "treated": plotting.COLORS["Adam"]}
#: Panel → the curves that its limits must hold.
HELD = {
    "loss": ("loss", "validation"),
    "gradient norm ‖g‖": ("gradient",),
    "‖Δθ‖/‖θ‖, slowest dotted": ("update_high", "update_low"),
    "learning rate η": ("rate",),
}
#: How far above and below the median of its curves a panel reaches, and how far above where they begin, if that is
#: more: an explosion to 1e25 must not flatten the rest, and a fall to 1e-5 must not hide the start or the validation.
FARTHEST, RISEN = 1e4, 100


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of a run, NaN where a logarithmic axis has no place for the number.

    Attributes:
        drawn: name → (x, y).
        steps: length of the run.
        last: (step, loss) of the last finite loss if the run ended in NaN or infinity, else None.
    """

    drawn: dict
    steps: int
    last: tuple | None

    @classmethod
    def of(cls, run):
        """From what `Records.curves` gives."""
        count = len(run["loss"])
        x = np.arange(1, count + 1)
        drawn = {name: (x, _drawable(run[name])) for name in ("loss", "gradient", "update_high", "update_low", "rate")}
        drawn["smooth"] = (x, running_median(drawn["loss"][1]))
        drawn["validation"] = (run["validation_steps"], _drawable(run["validation"]))
        good = np.flatnonzero(np.isfinite(drawn["loss"][1]))
        ended = not np.isfinite(run["loss"][-1]) and len(good)
        return cls(drawn, count, (x[good[-1]], drawn["loss"][1][good[-1]]) if ended else None)


class Dashboard:
    """Loss on the left; gradient norm, update/weight and rate on the right.

    Args:
        figure: 680 × 366 pixels.

    Attributes:
        moving: all artists that `place` moves.
        film: the lines among them that grow while a film plays.
    """

    def __init__(self, figure):
        self.figure = figure
        places = [(44, 30, 384, 298), (480, 30, 182, 66), (480, 146, 182, 66), (480, 262, 182, 66)]
        self._axes = [axes(figure, *place) for place in places]
        self._ticks = [MovingTicks(ax, across=6 if ax is self._axes[0] else 4, up=5 if ax is self._axes[0] else 3)
                       for ax in self._axes]  # fmt: skip
        for ax, name in zip(self._axes, HELD):
            ax.text(0, 1, name, transform=ax.transAxes + _up(figure), fontsize=8.5, color=plotting.QUIET, va="bottom")
        for ax in (self._axes[0], self._axes[-1]):
            label(ax, "step")
            ax.xaxis.labelpad = 14
        self._lines = {kind: self._lines_of(kind) for kind in COLORS}
        self._ends = {kind: self._end_of(kind) for kind in COLORS}
        self._legend(figure)
        self.film = [line for lines in self._lines.values() for line in lines.values()]
        self.moving = [artist for ticks in self._ticks for artist in ticks.moving]
        self.moving += [*self.film, *(artist for ends in self._ends.values() for artist in ends)]
        self.moving += [self._treated, self._dashed]

    def _lines_of(self, kind):
        loss, gradient, update, rate = self._axes

        def plot(ax, **look):
            return ax.plot([], [], color=COLORS[kind], zorder=3 if kind == "treated" else 2, **look)[0]

        return {
            "loss": plot(loss, lw=0.8, alpha=0.45),
            "smooth": plot(loss, lw=1.9),
            "validation": plot(loss, lw=1.6, ls=(0, (4, 2))),
            "gradient": plot(gradient, lw=0.9),
            "update_high": plot(update, lw=0.9),
            "update_low": plot(update, lw=0.9, ls=(0, (1, 1))),
            "rate": plot(rate, lw=1.5),
        }

    def _end_of(self, kind):
        """A cross, and a word, where a run broke off."""
        ax, color = self._axes[0], COLORS[kind]
        cross = ax.plot([], [], "x", color=color, ms=9, mew=2.2, zorder=5)[0]
        beside = ScaledTranslation(9 / 72, 0, ax.figure.dpi_scale_trans)
        word = ax.text(0, 1, "NaN", transform=ax.transData + beside, color=color, fontsize=9, fontweight="bold",
                       va="center", zorder=5)  # fmt: skip
        return cross, word

    def _legend(self, figure):
        ax = self._axes[0]
        where = ax.transAxes + _up(figure)
        place = {"transform": where, "fontsize": 8.5, "va": "bottom"}
        ax.text(0.30, 1, "as it came", color=COLORS["sick"], **place)
        self._treated = ax.text(0.50, 1, "treated", color=COLORS["treated"], **place)
        self._dashed = ax.text(1, 1, "dashed: validation", color=plotting.QUIET, ha="right", **place)

    def place(self, sick, treated=None):
        """Show these `Curves`, and set limits and ticks that hold both."""
        runs = {"sick": sick, "treated": treated}
        for kind, run in runs.items():
            for name, line in self._lines[kind].items():
                line.set_data(*(run.drawn[name] if run else ([], [])))
        self._treated.set_visible(treated is not None)
        self._dashed.set_visible(any(len(run.drawn["validation"][0]) for run in runs.values() if run))
        self._frame([run for run in runs.values() if run])
        for kind, run in runs.items():
            self._break_off(*self._ends[kind], run.last if run else None)

    def _break_off(self, cross, word, last):
        """Mark the last finite loss, (step, loss), inside the panel; None for a run that did not break off."""
        cross.set_data(*([[last[0]], [min(last[1], self._top)]] if last else ([], [])))
        word.set_visible(last is not None)
        if last:
            word.set_position((last[0], min(last[1], self._top)))

    def _frame(self, runs):
        last = max(run.steps for run in runs)
        for ticks, names in zip(self._ticks, HELD.values()):
            low, high = _limits([run.drawn[name][1] for run in runs for name in names], names[0] == "loss")
            room = max((high / low) ** 0.06, 1.05)
            self._top = high if names[0] == "loss" else self._top
            ticks.frame(last, low / room, high * room)


def _limits(curves, trim):
    """Lowest and highest value that a panel shows of these curves; with ``trim`` not the lowest of a long first one."""
    curves = [curve[np.isfinite(curve)] for curve in curves]
    values = np.concatenate(curves)
    if not len(values):
        return 0.1, 1.0
    # Trimmed: single batches without a mistake. The validation, which has few points, is held whole.
    low = min(np.quantile(c, 0.005) if trim and len(c) > 100 else c.min() for c in curves if len(c))
    middle, first = np.median(values), max(curve[0] for curve in curves if len(curve))
    return max(low, middle / FARTHEST), min(values.max(), max(middle * FARTHEST, first * RISEN))


def _up(figure):
    return ScaledTranslation(0, 4 / 72, figure.dpi_scale_trans)


def _drawable(curve):
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(curve) & (curve > 0), curve, np.nan)
