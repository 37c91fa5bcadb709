"""Losses by step, and what a run's other curves need."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from adamkit.numbers import log_ticks, tick
from adamkit.plotting.colors import INK, color_of


def draw_losses(ax, runs, *, log=True, floor=1e-12):
    """Loss against step, one line a run, in the colour of its optimizer.

    Args:
        ax: matplotlib Axes; gets labels and, if ``log``, a logarithmic axis.
        runs: trajectories, or {label: trajectory}; losses (n,) will do in place of a trajectory.
        log: logarithmic loss axis.
        floor: with ``log``, losses below it are drawn at it, so that an exact 0 does not vanish.

    Returns:
        the lines. A line ends where its run diverged.
    """
    runs = runs if isinstance(runs, dict) else {_name(run): run for run in runs}
    lines = []
    for label, run in runs.items():
        losses = np.asarray(getattr(run, "losses", run), dtype=float)
        if losses.ndim != 1:
            raise ValueError(f"losses of {label!r} must have shape (n,), not {losses.shape}")
        rule = getattr(run, "rule", label)
        color = color_of(rule) if color_of(rule) != INK or len(runs) == 1 else None
        shown = np.where(losses < floor, floor, losses) if log else losses
        lines += ax.plot(shown, color=color, label=label)
    if log:
        ax.set_yscale("log")
    ax.set(xlabel="step t", ylabel="loss")
    ax.margins(x=0.01)
    return lines


def log_axis(ax, most=5):
    """A logarithmic value axis with at most ``most`` plain numbers, over a narrow range too; for when all is drawn."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(FixedLocator(log_ticks(*ax.get_ylim(), most)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    ax.yaxis.set_minor_formatter(NullFormatter())


def outside_legend(ax, **settings):
    """A legend to the right of the axes, where it covers nothing."""
    return ax.legend(**{"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, **settings})


def _name(run):
    return type(getattr(run, "rule", run)).__name__
