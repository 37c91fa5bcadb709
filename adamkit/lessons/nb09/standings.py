"""The honest table, to read and to ask.

    table = standings.load()
    table                                             # in a notebook, as a table
    table.losses("Muon", "digits")                    # one for each seed; seeds are shared, so compare in pairs
"""

from dataclasses import dataclass
from html import escape

import numpy as np

from adamkit.lessons.nb09 import contest


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
