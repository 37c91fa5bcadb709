"""Ticks that are moving artists, for pictures whose limits change with every frame.

Ticks that matplotlib draws belong to the scenery: to change them the whole picture is painted anew, which takes
longer than a reader's hand waits. These travel with the curves.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from adamkit import plotting
from adamkit.numbers import log_ticks, tick


class MovingTicks:
    """Grid lines and numbers of axes with a linear x axis that starts at 0 and a logarithmic y axis.

    Args:
        ax: matplotlib Axes; it loses its own ticks.
        across, up: largest number of ticks, 2 or more.

    Attributes:
        moving: the artists, for `adamkit.live.LiveFigure`.
    """

    def __init__(self, ax, *, across, up):
        self._ax, self._most = ax, {"x": across, "y": up}
        ax.set_yscale("log")
        ax.grid(visible=False, which="both")
        ax.tick_params(which="both", bottom=False, left=False, labelbottom=False, labelleft=False)
        across_, up_ = ax.get_xaxis_transform(), ax.get_yaxis_transform()
        self._grids = {axis: ax.plot([], [], color=plotting.GRID, lw=0.7, zorder=0, transform=along)[0]
                       for axis, along in (("x", across_), ("y", up_))}  # fmt: skip
        look = {"fontsize": 8, "color": plotting.QUIET, "clip_on": False}
        down, left = (ScaledTranslation(x / 72, y / 72, ax.figure.dpi_scale_trans) for x, y in ((0, -3), (-4, 0)))
        self._words = {
            "x": [ax.text(0, 0, "", ha="center", va="top", transform=across_ + down, **look) for _ in range(across)],
            "y": [ax.text(0, 1, "", ha="right", va="center", transform=up_ + left, **look) for _ in range(up)],
        }
        self.moving = [*self._grids.values(), *(word for words in self._words.values() for word in words)]

    def frame(self, last, low, high):
        """Set the limits to 0 … ``last`` and ``low`` … ``high`` (0 < low < high), and the ticks to round numbers."""
        self._ax.set_xlim(0, last)
        self._ax.set_ylim(low, high)
        steps = MaxNLocator(self._most["x"] - 1, integer=True).tick_values(0, last)
        self._place("x", steps[(steps >= 0) & (steps <= last)])
        self._place("y", log_ticks(low, high, self._most["y"]))

    def _place(self, axis, values):
        values = values[: self._most[axis]]
        along = np.repeat(values, 3).astype(float)
        along[2::3] = np.nan
        over = np.tile([0.0, 1.0, np.nan], len(values))
        self._grids[axis].set_data(*((along, over) if axis == "x" else (over, along)))
        for place, word in enumerate(self._words[axis]):
            word.set_visible(place < len(values))
            if place < len(values):
                value = float(values[place])
                word.set_position((value, 0) if axis == "x" else (0, value))
                word.set_text(tick(value) if axis == "y" else f"{value:.0f}")
