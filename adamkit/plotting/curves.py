"""Losses by step, and maps over two hyper-parameters."""

import numpy as np
from matplotlib.colors import LogNorm, Normalize

from adamkit.plotting.colors import INK, QUIET, color_of


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


def draw_map(ax, x, y, values, *, label, log=True, mark_best=True, cmap="viridis_r"):
    """A heat-map of a result over two hyper-parameters; grey where the run diverged.

    Args:
        ax: matplotlib Axes.
        x, y: values along the axes, ascending, (nx,) and (ny,); logarithmic where they are spaced so.
        values: (ny, nx), NaN for diverged.
        label: for the colour bar.
        log: logarithmic colours; values ≤ 0 count as diverged then.
        mark_best: star on the smallest value.

    Returns:
        (mesh, colour bar).
    """
    x, y, values = np.asarray(x, float), np.asarray(y, float), np.array(values, float)
    if values.shape != (len(y), len(x)):
        raise ValueError(f"values must have shape (len(y), len(x)) = {(len(y), len(x))}, not {values.shape}")
    values[~np.isfinite(values) | ((values <= 0) & log)] = np.nan
    if np.isnan(values).all():
        raise ValueError("values holds no finite number to draw" + (" above 0" if log else ""))
    norm = (LogNorm if log else Normalize)(np.nanmin(values), np.nanmax(values))
    ax.set_facecolor("#e3e5e8")
    ax.grid(False)
    mesh = ax.pcolormesh(_edges(x), _edges(y), np.ma.masked_invalid(values), norm=norm, cmap=cmap, linewidth=0)
    for axis, points in (("x", x), ("y", y)):
        if _is_log(points):
            getattr(ax, f"set_{axis}scale")("log")
    ax.set(xlim=_edges(x)[[0, -1]], ylim=_edges(y)[[0, -1]])
    if mark_best:
        row, column = np.unravel_index(np.nanargmin(values), values.shape)
        ax.plot(x[column], y[row], "*", color="white", mec="#222222", mew=0.9, ms=13)
    return mesh, _bar(ax, mesh, label)


def outside_legend(ax, **settings):
    """A legend to the right of the axes, where it covers nothing."""
    return ax.legend(**{"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0, **settings})


def _bar(ax, mesh, label):
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02)
    bar.set_label(label, color=QUIET)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=9, labelcolor=QUIET, color="#c3cad2", length=3)
    bar.ax.minorticks_off()
    return bar


def _is_log(points):
    """True when ratios of neighbours are more alike than their differences are."""
    if len(points) < 3 or (points <= 0).any():
        return False
    ratios, gaps = np.diff(np.log(points)), np.diff(points)
    return np.ptp(ratios) / abs(ratios.mean()) < np.ptp(gaps) / abs(gaps.mean())


def _edges(points):
    """Borders between cells whose middles are ``points`` (in the logarithm, where they are spaced so)."""
    if len(points) == 1:
        return np.array([points[0] - 0.5, points[0] + 0.5])
    if _is_log(points):
        return np.exp(_edges_linear(np.log(points)))
    return _edges_linear(points)


def _edges_linear(points):
    middles = (points[1:] + points[:-1]) / 2
    return np.concatenate([[2 * points[0] - middles[0]], middles, [2 * points[-1] - middles[-1]]])


def _name(run):
    return type(getattr(run, "rule", run)).__name__
