"""Results of many runs: a row for each method, a panel for each task, every seed shown."""

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter

from adamkit.plotting.colors import INK, QUIET, color_of


def draw_standings(figure, results, *, reference, xlabel="final loss"):
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
