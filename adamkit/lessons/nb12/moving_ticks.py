"""Ticks that are moving artists, for pictures whose limits change with every frame.

Ticks that matplotlib draws belong to the scenery: to change them the whole picture is painted anew, which takes
longer than a reader's hand waits. These travel with the curves.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from adamkit import plotting


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
                word.set_text(tick_text(value) if axis == "y" else f"{value:.0f}")


def log_ticks(low, high, most):
    """At most ``most`` round numbers in a range: powers of ten where it is wide, 1-2-5 or even steps where not."""
    decades = np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
    if len(decades) > 2:
        return 10.0 ** decades[:: -(-len(decades) // most)]
    powers = np.arange(np.floor(np.log10(low)), np.log10(high))
    finer = np.array([digit * 10.0**power for power in powers for digit in (1, 2, 5)])
    finer = finer[(finer >= low) & (finer <= high)]
    if len(finer) >= 2:
        return finer[:: -(-len(finer) // most)]
    even = MaxNLocator(most).tick_values(low, high)
    even = even[(even >= low) & (even <= high)]
    return even[:: -(-len(even) // most)]


def tick_text(value):
    """0.05, 200, 1e4, 2e-5, 2.9e-6."""
    if value >= 1e4 or value < 1e-3:
        digits, _, power = f"{value:.3e}".partition("e")
        return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
    return f"{value:.4g}"
