"""A case seen twice: as it came, and treated. With its picture, and a table of all that was tried."""

import warnings
from dataclasses import dataclass

import numpy as np

from adamkit import plotting
from adamkit.clinic import records, ward
from adamkit.clinic.patient import Case, Run
from adamkit.clinic.verdicts import written

SICK, TREATED = "#c63707", "#14793a"
SAME = 20  # steps over which two processors must agree


@dataclass(frozen=True, eq=False)
class Visit:
    """Two runs of a case from the same weights on the same seed.

    Attributes:
        case: the `Case`.
        sick, treated: its `Run` without and with the treatment.
    """

    case: Case
    sick: Run
    treated: Run

    @property
    def cured(self):
        """True if the figure that decides is bad without the treatment and good with it."""
        return not self.case.cured(self.sick) and self.case.cured(self.treated)

    @property
    def named(self):
        """The first disease that the monitor's report names for the untreated run; "" for none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a run of NaN has no mean
            return next(iter(self.sick.monitor.report().diseases), "")

    @property
    def as_recorded(self):
        """True if the first steps of the untreated run are those in the clinic's file, to one percent."""
        before = records.load().curves(self.case.name, seed=self.sick.seed)["loss"][:SAME]
        return bool(np.allclose(self.sick.losses[:SAME], before, rtol=0.01, equal_nan=True))

    def figure(self, title, *, log=True):
        """Losses of both runs on the left; gradient norm and fastest layer of the untreated run on the right."""
        figure = plotting.figure(7.8, 2.8)
        figure.ratio = 1.1  # a page holds a dozen of them
        left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
        for run, color, name in ((self.sick, SICK, "as it came"), (self.treated, TREATED, self.treated.treatment)):
            left.plot(run.readings["step"], run.losses, color=color, linewidth=1.1, label=name)
            if len(run.validation):
                left.plot(run.validation_steps, run.validation, color=color, linewidth=1.6, linestyle=(0, (4, 2)))
        ylabel = "loss (dashed: validation)" if len(self.sick.validation) else "loss"
        left.set(xlabel="step", ylabel=ylabel, title=title)
        left.legend()
        readings = self.sick.readings
        right.plot(readings["step"], np.sqrt((readings["gradient_norm"] ** 2).sum(axis=1)), color=plotting.QUIET,
                   linewidth=1, label="gradient norm")
        for edge, style in ((np.max, "-"), (np.min, ":")):
            right.plot(readings["step"], edge(readings["update_ratio"], axis=1), color="#3f6ce8", linewidth=1,
                       linestyle=style, label="update/weight, fastest layer" if style == "-" else "slowest layer")
        right.set(xlabel="step", yscale="log", title="The monitor, untreated")
        right.legend(fontsize=7)
        if log:
            left.set_yscale("log")
        return figure


def visit(name, treatment, *, seed=0):
    """Run a case as it came and with one of its treatments → `Visit`."""
    case = ward.case(name)
    return Visit(case, case.run(seed), case.run(seed, treatment))


class Chart:
    """All treatments of a case, as `tools/record_clinic.py` measured them on three seeds; shown as a table."""

    def __init__(self, name):
        self.name, self.case = name, records.load().cases[name]

    def rows(self):
        """(what was done, the figure for each seed, verdict, why) for no treatment and for each of the case's own."""
        for name, figures in self.case["figures"].items():
            if name.startswith("general"):
                continue
            treatment = self.case["treatments"].get(name, {"text": "**nothing**", "why": ""})
            good = sum(figure is not None and figure < self.case["good"] for figure in figures)
            verdict = "–" if not name else {0: "no", len(figures): "**yes**"}.get(good, "depends on the seed")
            yield treatment["text"], [written(figure) for figure in figures], verdict, treatment["why"]

    def _repr_markdown_(self):
        lines = [f"| what was done | {self.case['measured']}, three seeds | helps? | why |", "|---|---|---|---|"]
        for text, figures, verdict, why in self.rows():
            lines.append(f"| {text} | {', '.join(figures)} | {verdict} | {why} |")
        return "\n".join(lines)

    def __repr__(self):
        return f"Treatments of {self.name}: " + "; ".join(f"{text}: {verdict}" for text, _, verdict, _ in self.rows())
