"""A surface from above, and the paths that optimizers take over it."""

from typing import NamedTuple

import numpy as np
from matplotlib import patheffects
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.lines import Line2D

from adamkit.arguments import whole
from adamkit.plotting.colors import INK, SURFACE, color_of

HEIGHTS = LinearSegmentedColormap.from_list("heights", SURFACE)


def draw_surface(ax, surface, *, levels=18, resolution=200, minima=True, view=None, equal=False):
    """Filled contours of a surface, darker where it is lower, with its minima as stars.

    Args:
        ax: matplotlib Axes; its limits are set to the view.
        surface: from `adamkit.surfaces`.
        levels: number of bands, ≥ 2; see `even_levels`.
        resolution: grid points along each side, ≥ 2.
        minima: whether to mark them.
        view: ((x low, x high), (y low, y high)); the surface's own if left out.
        equal: one unit equally long both ways, so that gradients stand at right angles to the contours.

    Returns:
        the artists; ``remove()`` each to draw another surface.
    """
    for name, value in (("levels", levels), ("resolution", resolution)):
        whole(name, value, 2)
    (x0, x1), (y0, y1) = surface.view if view is None else view
    x, y = np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)
    heights = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    edges = even_levels(heights, levels)
    norm = BoundaryNorm(edges, HEIGHTS.N)
    bands = ax.contourf(x, y, heights, edges, cmap=HEIGHTS, norm=norm, extend="both", zorder=0)
    lines = ax.contour(x, y, heights, edges, colors="#46607a", linewidths=0.5, alpha=0.3, zorder=0.5)
    stars = _stars(ax, surface.minima) if minima else []
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel="θ₁", ylabel="θ₂")
    ax.grid(False)
    if equal:
        ax.set_aspect("equal", adjustable="box")
    return [bands, lines, *stars]


def even_levels(heights, count):
    """Contour levels that show flat valleys and steep walls alike, ascending, at most ``count``.

    Half by logarithm, half by area: along the way from the lowest to the highest, level k is where
    the mean of "share of the logarithmic range" and "share of the points below" is k/count.
    """
    finite = heights[np.isfinite(heights)]
    # What lies below the lowest 1% of the points is one band: no grid resolves it.
    logs = np.sort(np.log(np.maximum(finite, np.quantile(finite, 0.01) + 1e-300)))
    low, high = logs[0], logs[-1]
    if not high > low:
        return np.array([0.5, 1.5]) * max(float(finite.max()), 1e-300)
    share = 0.5 * (logs - low) / (high - low) + 0.5 * np.linspace(0, 1, len(logs))
    levels = np.exp(np.interp(np.arange(1, count) / count, share, logs))
    return np.unique(levels) if len(np.unique(levels)) > 1 else np.array([levels[0], 1.01 * levels[0]])


class TrajectoryArtists(NamedTuple):
    """The three lines of a drawn path, each movable with ``set_data``."""

    path: Line2D
    start: Line2D
    end: Line2D

    def update(self, trajectory):
        """Show another trajectory (or positions (n, 2)) with the same artists."""
        positions = _positions(trajectory)
        known = positions[np.isfinite(positions).all(axis=1)]
        self.path.set_data(*positions.T)
        self.start.set_data(*positions[:1].T)
        self.end.set_data(*known[-1:].T)
        diverged = len(known) < len(positions)
        self.end.set_marker("X" if diverged else "o")
        self.end.set_markersize(9 if diverged else 8)


def draw_trajectory(ax, trajectory, *, color=None, label=None, width=1.8, every_step=False):
    """A path over a surface: ring at the start, dot at the end, or a cross where it diverged.

    Args:
        ax: matplotlib Axes.
        trajectory: a `descent.Trajectory`, or positions (n, 2).
        color: the rule's own colour if left out; ink for bare positions.
        label: for the legend; the rule's name if left out; "" for none.
        width: of the line, in points.
        every_step: mark each step with a small dot.

    Returns:
        `TrajectoryArtists`.
    """
    rule = getattr(trajectory, "rule", None)
    color = color_of(rule) if color is None else color
    name = type(rule).__name__ if rule is not None else ""
    label = (name if label is None else label) or "_nolegend_"
    halo = [patheffects.withStroke(linewidth=width + 1.8, foreground="white", alpha=0.75)]
    dots = {"marker": "o", "markersize": 3} if every_step else {}
    (path,) = ax.plot([], [], color=color, linewidth=width, label=label, path_effects=halo, zorder=4, **dots)
    (start,) = ax.plot([], [], "o", color="white", mec=INK, mew=1.6, ms=7.5, zorder=5)
    (end,) = ax.plot([], [], "o", color=color, mec="white", mew=1.3, ms=8, zorder=6)
    artists = TrajectoryArtists(path, start, end)
    artists.update(trajectory)
    return artists


def _positions(trajectory):
    positions = np.asarray(getattr(trajectory, "positions", trajectory), dtype=float)
    if positions.ndim != 2 or positions.shape[1] != 2 or not np.isfinite(positions[:1]).all():
        raise ValueError(f"a path needs positions (n, 2) with a finite start, got shape {positions.shape}")
    return positions


def _stars(ax, minima):
    return ax.plot(*minima.T, "*", color="white", mec="#333333", mew=0.9, ms=12, linestyle="none", zorder=3)
