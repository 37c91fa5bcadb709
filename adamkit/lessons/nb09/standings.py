"""The honest table, to read, to ask and to see.

    table = standings.load()
    table                                             # in a notebook, as a table
    table.losses("Muon", "digits")                    # one for each seed; seeds are shared, so compare in pairs
    standings.draw(fig, losses, reference="Adam")     # every run of every method, a panel for each task
"""

from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter

from adamkit.lessons.nb09 import contest
from adamkit.plotting import INK, QUIET, color_of


@dataclass(frozen=True, eq=False, repr=False)
class Standings:
    """What `contest.load` read.

    Attributes:
        made: when, with what and on what kind of machine.
        arenas: names of the tasks.
        entries: name → {"arenas": …, "bytes": …, "step": …, "compiled_step": …}.
    """

    made: dict
    arenas: tuple
    entries: dict

    def losses(self, name, arena):
        """Final losses of an entry, one for each seed; None where it has nothing to do."""
        result = self.entries[name]["arenas"].get(arena)
        return None if result is None else np.array(result["losses"])

    def mean(self, name, arena):
        """Mean final loss, NaN where the entry has nothing to do."""
        losses = self.losses(name, arena)
        return float("nan") if losses is None else float(losses.mean())

    def spread(self, name, arena):
        """Standard deviation over seeds."""
        return float(self.losses(name, arena).std(ddof=1))

    def rate(self, name, arena):
        """The learning rate that was chosen on the tuning split."""
        return self.entries[name]["arenas"][arena]["rate"]

    def tried(self, name, arena):
        """Rates and losses of the tuning, ascending, the coarse and the fine: two arrays (2, n), NaN where diverged."""
        result, coarse = self.entries[name]["arenas"][arena], contest.ENTRIES[name].rates
        pairs = (coarse, result["tuning"]), (result["fine_rates"], result["fine"])
        return [np.array([rates, [np.nan if loss is None else loss for loss in losses]]) for rates, losses in pairs]

    def rows(self):
        """Texts of the table, the heads first."""
        heads = ["", *(f"{arena}: loss (rate)" for arena in self.arenas), "bytes", "time", "compiled"]
        return [heads, *(self._row(name) for name in self.entries)]

    def _row(self, name):
        entry = self.entries[name]
        losses = [self._cell(name, arena) for arena in self.arenas]
        compiled = entry["compiled_step"]
        times = [f"{entry['step']:.1f}", "not measured" if compiled is None else f"{compiled:.1f}"]
        return [name, *losses, f"{entry['bytes']:.2f}", *times]

    def _cell(self, name, arena):
        if self.losses(name, arena) is None:
            return "nothing to do"
        return f"{self.mean(name, arena):.3f} ± {self.spread(name, arena):.3f} ({self.rate(name, arena):.2g})"

    def __repr__(self):
        rows = self.rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                         for row in rows)

    def _repr_html_(self):
        heads, *rows = self.rows()
        lines = [_line("th", heads), *(_line("td", [f"{row[0]}", *row[1:]]) for row in rows)]
        return f"<table>{''.join(lines)}</table>"


def _line(tag, cells):
    style = 'style="text-align:left; white-space:nowrap"'
    return "<tr>" + "".join(f"<{tag} {style}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def load():
    """The `Standings` that ship with the package."""
    found = contest.load()
    return Standings(found["made"], tuple(found["arenas"]), found["entries"])


def draw(figure, results, *, reference, xlabel="final loss"):
    """One panel a task, with a stroke for each run and a dot at the mean; dotted lines at the reference's mean.

    Args:
        figure: an empty figure.
        results: task → {method: losses (runs,)}, None where the method has nothing to do; the same methods everywhere.
        reference: the method that others are compared with.
        xlabel: below the panels.

    Returns:
        the axes, one a task.
    """
    panels = np.atleast_1d(figure.subplots(1, len(results), sharey=True))
    for ax, (task, methods) in zip(panels, results.items(), strict=True):
        for row, (name, losses) in enumerate(methods.items()):
            if losses is not None:
                color, rows = color_of(name.split(" ")[0]), np.full(len(losses), row)  # "Adam β₁ = 0.5" has Adam's
                ax.plot(losses, rows, "|", color=color, markersize=9, markeredgewidth=1, alpha=0.75)
                ax.plot([np.mean(losses)], [row], "o", color=color, markersize=6)
        ax.axvline(np.mean(methods[reference]), color=color_of(reference), linewidth=1, linestyle=":")
        ax.set(xscale="log", title=task, yticks=range(len(methods)), yticklabels=list(methods))
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 2.5, 3, 5, 7)))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.tick_params(axis="y", labelcolor=INK)
    panels[0].invert_yaxis()
    figure.supxlabel(xlabel, fontsize=10, color=QUIET)
    return panels
