"""A case seen as it came, and treated. With its picture, and a table of all that was tried."""

import warnings
from dataclasses import dataclass, replace

import numpy as np

from adamkit import plotting
from adamkit.lessons.nb12.clinic import records, ward
from adamkit.lessons.nb12.clinic.patient import Case, Run
from adamkit.lessons.nb12.clinic.smoothing import running_median
from adamkit.lessons.nb12.clinic.verdicts import written

SICK, TREATED = "#c63707", "#14793a"
DASHES = (0, (4, 2))


@dataclass(frozen=True, eq=False)
class Visit:
    """A case as it came, and perhaps treated: two runs from the same weights on the same seed.

    Attributes:
        case: the `Case`.
        sick, treated: its `Run` without and with the treatment; ``treated`` is None until one is given.
    """

    case: Case
    sick: Run
    treated: Run | None = None

    def treat(self, treatment):
        """The same visit with the case under one of its treatments."""
        return replace(self, treated=self.case.run(self.sick.seed, treatment))

    @property
    def cured(self):
        """True if the figure that decides is bad without the treatment and good with it."""
        return not self.case.cured(self.sick) and self.treated is not None and self.case.cured(self.treated)

    @property
    def named(self):
        """The first disease that the monitor's report names for the untreated run; "" for none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a run of NaN has no mean
            return next(iter(self.sick.monitor.report().diseases), "")

    def figure(self, title, *, log=True, median=True, monitor=True):
        """Losses on the left; on the right what the monitor saw of the untreated run.

        Where a run broke off in NaN or infinity a cross stands on its last finite loss.

        Args:
            title: what the picture shows.
            log: whether the losses have a logarithmic axis.
            median: whether the losses are drawn pale, under their running median; False for a run without noise.
            monitor: whether the right side is there; without it the picture is lower.
        """
        figure = plotting.figure(7.8, 3.0 if monitor else 2.5)
        figure.ratio = 0.95  # a page holds a dozen of them
        grid = figure.add_gridspec(2, 2 if monitor else 1, width_ratios=(1.55, 1) if monitor else None)
        left = figure.add_subplot(grid[:, 0])
        _losses(left, self.sick, SICK, "as it came", median)
        if self.treated is not None:
            _losses(left, self.treated, TREATED, self.treated.treatment, median)
        if len(self.sick.validation):
            left.plot([], [], color=plotting.QUIET, linewidth=1.6, linestyle=DASHES, label="validation")
        left.set_title(title, pad=23)
        left.set(xlabel="step", ylabel="loss")
        _row_above(left, fontsize=9)
        if log:
            plotting.log_axis(left)
        if monitor:
            _monitor(*(figure.add_subplot(grid[row, 1]) for row in (0, 1)), self.sick.readings)
        return figure


def _losses(ax, run, color, name, median):
    broke_off = not np.isfinite(run.losses[-1])
    above = 0.5 if broke_off else 0.0  # it would vanish under a run that took the same path until then
    drawn = np.where(np.isfinite(run.losses), run.losses, np.nan)
    steps = run.readings["step"]
    if median:
        ax.plot(steps, drawn, color=color, linewidth=0.7, alpha=0.45, zorder=2 + above)
        ax.plot(steps, running_median(drawn), color=color, linewidth=1.8, zorder=3 + above, label=name)
    else:
        ax.plot(steps, drawn, color=color, linewidth=1.2, zorder=3 + above, label=name)
    if len(run.validation):
        ax.plot(run.validation_steps, run.validation, color=color, linewidth=1.6, linestyle=DASHES, zorder=4)
    if broke_off:
        last = np.flatnonzero(np.isfinite(drawn))[-1]
        ax.plot(steps[last], drawn[last], "x", color=color, markersize=8, markeredgewidth=2, zorder=5)
        ax.annotate("NaN", (steps[last], drawn[last]), (7, 0), textcoords="offset points", va="center", color=color,
                    fontweight="bold", fontsize=9, zorder=5)  # fmt: skip


def _monitor(above, below, readings):
    """Gradient norm, and the update/weight ratios of the fastest and the slowest layer."""
    above.plot(readings["step"], np.sqrt((readings["gradient_norm"] ** 2).sum(axis=1)), color=plotting.QUIET,
               linewidth=1, label="gradient norm")  # fmt: skip
    for edge, style in ((np.max, "-"), (np.min, ":")):
        below.plot(readings["step"], edge(readings["update_ratio"], axis=1), color="#3f6ce8", linewidth=1.2,
                   linestyle=style, label="fastest layer" if style == "-" else "slowest layer")  # fmt: skip
    above.set_title("What the monitor saw", pad=23)
    for ax, label in ((above, "‖g‖"), (below, "‖Δθ‖ / ‖θ‖")):
        ax.set_ylabel(label)
        ax.tick_params(labelsize=8)
        plotting.log_axis(ax, most=3)
    above.tick_params(labelbottom=False)
    below.sharex(above)
    below.set_xlabel("step")
    _row_above(above, fontsize=8)
    _row_above(below, fontsize=8)


def _row_above(ax, *, fontsize):
    """A legend in a row between title and axes, where it hides nothing."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=3, fontsize=fontsize, borderaxespad=0.2, borderpad=0,
              handlelength=1.6, columnspacing=1.4)  # fmt: skip


def visit(name, treatment=None, *, seed=0):
    """Run a case as it came, and with one of its treatments where one is named → `Visit`."""
    case = ward.case(name)
    seen = Visit(case, case.run(seed))
    return seen if treatment is None else seen.treat(treatment)


def _worst_last(figures):
    """The middle figure, to sort by; NaN after all numbers."""
    return sorted(np.inf if figure is None else figure for figure in figures)[len(figures) // 2]


class Chart:
    """All treatments of a case, as `tools/record_clinic.py` measured them on three seeds; a table, best first."""

    def __init__(self, name):
        self.name, self.case = name, records.load().cases[name]

    def rows(self):
        """(what was done, the figure for each seed, verdict, why): no treatment, then the case's own, best first."""
        kept = [item for item in self.case["figures"].items() if not item[0].startswith("general")]
        for name, figures in sorted(kept, key=lambda item: (item[0] != "", _worst_last(item[1]))):
            treatment = self.case["treatments"].get(name, {"text": "**nothing**", "why": ""})
            good = sum(figure is not None and figure < self.case["good"] for figure in figures)
            verdict = "–" if not name else {0: "no", len(figures): "**yes**"}.get(good, "depends on the seed")
            yield treatment["text"], [written(figure) for figure in figures], verdict, treatment["why"]

    def _repr_markdown_(self):
        decides = f"{self.case['measured']}, three seeds (cured: below {written(self.case['good'])})"
        lines = [f"| what was done | {decides} | cured? | why |", "|---|---|---|---|"]
        for text, figures, verdict, why in self.rows():
            cells = (text, ", ".join(figures), verdict, why)
            lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")  # |g| is no new cell
        return "\n".join(lines)

    def __repr__(self):
        return f"Treatments of {self.name}: " + "; ".join(f"{text}: {verdict}" for text, _, verdict, _ in self.rows())
