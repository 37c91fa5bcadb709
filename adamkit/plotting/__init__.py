"""Static pictures: one look, one colour per optimizer, alt text. Draws on Axes that it is given.

    fig = plotting.figure(7, 3.2)                       # a matplotlib Figure, no pyplot
    left, right = fig.subplots(1, 2)
    plotting.draw_surface(left, surface)
    plotting.draw_trajectory(left, trajectory)
    plotting.draw_losses(right, {"Adam": trajectory})
    plotting.show(fig, alt="Adam follows the valley.")  # last line of a cell

Knows no widget and keeps no state; matplotlib's own settings are left as they are.
"""

from adamkit.plotting.colors import COLORS, GRID, INK, MARKERS, QUIET, SURFACE, color_of
from adamkit.plotting.curves import draw_losses, log_axis, outside_legend
from adamkit.plotting.figures import Picture, figure, style
from adamkit.plotting.landscape import TrajectoryArtists, draw_surface, draw_trajectory, even_levels
from adamkit.plotting.showing import show

__all__ = [
    "COLORS",
    "GRID",
    "INK",
    "MARKERS",
    "QUIET",
    "SURFACE",
    "Picture",
    "TrajectoryArtists",
    "color_of",
    "draw_losses",
    "draw_surface",
    "draw_trajectory",
    "even_levels",
    "figure",
    "log_axis",
    "outside_legend",
    "show",
    "style",
]
