"""The left half of most explorers: a surface seen from above, and paths over it."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from adamkit import plotting
from adamkit.explorers.base import Explorer
from adamkit.live import Playback

ROWS = 150  # of the relief picture; the browser smooths it
BANDS = 16
RELIEF = LinearSegmentedColormap.from_list("relief", plotting.SURFACE)
INK = np.array([70, 95, 120], float)  # of the contour lines


def relief(surface, view, columns, rows=ROWS):
    """A surface as coloured bands with contour lines: (rows, columns, 4) bytes, lowest y first.

    Heights are spread evenly over the bands (by rank of the logarithm), so that a flat valley and a
    steep wall both show contours. Lines are drawn by distance to the nearest level, one pixel wide.
    """
    (x0, x1), (y0, y1) = view
    x = np.linspace(x0, x1, columns)
    y = np.linspace(y0, y1, rows)
    heights = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    levels = _evened(heights) * BANDS
    shade = RELIEF(0.25 * np.floor(levels) / BANDS + 0.75 * levels / BANDS)
    dy, dx = np.gradient(levels)
    steepness = np.hypot(dx, dy) + 1e-9  # levels per pixel
    from_line = np.abs(levels - np.round(levels)) / steepness
    # Crowded lines would merge into grey, so they fade.
    ink = (0.3 * np.clip(1.2 - from_line, 0, 1) * np.clip(0.3 / steepness, 0, 1))[..., None]
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = shade[..., :3] * 255 * (1 - ink) + INK * ink
    pixels[..., 3] = 255
    return pixels


def widened(view, aspect):
    """A view made wider or taller, about its middle, until width / height is ``aspect``.

    One unit is then equally long both ways, and gradients stand at right angles to the contours.
    """
    (x0, x1), (y0, y1) = view
    grow = max(1.0, aspect * (y1 - y0) / (x1 - x0)), max(1.0, (x1 - x0) / (aspect * (y1 - y0)))
    middles, halves = ((x0 + x1) / 2, (y0 + y1) / 2), ((x1 - x0) / 2, (y1 - y0) / 2)
    return tuple((mid - half * by, mid + half * by) for mid, half, by in zip(middles, halves, grow, strict=True))


def _evened(heights):
    """Heights → 0…1: half by logarithm, half by rank of the logarithm."""
    logs = np.log(np.clip(heights, 1e-3 * np.median(heights) + 1e-12, None))
    low, high = logs.min(), logs.max()
    share = (logs - low) / (high - low + 1e-12)
    marks = np.quantile(share, np.linspace(0, 1, 33))
    return 0.5 * share + 0.5 * np.interp(share, marks, np.linspace(0, 1, 33))


class Landscape:
    """A surface from above with minima, a start to drag, and one path for each name.

    Args:
        ax: matplotlib Axes to draw into.
        colors: name → colour of its path.
        width: of the paths, in points.

    Attributes:
        moving: every artist here, for the `Picture`.
        paths, heads: name → line of the path, and of the dot at its end.
        start: the dot that the reader drags.
    """

    def __init__(self, ax, colors, *, width=1.8):
        self.ax, self._shown = ax, None
        box = ax.get_window_extent()
        self._aspect = box.width / box.height
        ax.grid(False)
        self.image = ax.imshow(
            np.zeros((2, 2, 4), np.uint8), origin="lower", aspect="auto", interpolation="bilinear", zorder=0
        )
        self.minima = ax.plot([], [], "*", color="white", mec="#333333", mew=0.9, ms=11, zorder=3)[0]
        self.paths = {name: ax.plot([], [], color=color, lw=width, zorder=4)[0] for name, color in colors.items()}
        self.heads = {
            name: ax.plot([], [], "o", color=color, mec="white", mew=1.2, ms=8, zorder=6)[0]
            for name, color in colors.items()
        }
        self.start = ax.plot([], [], "o", color="white", mec=plotting.INK, mew=2, ms=9, zorder=5)[0]
        self.moving = [self.image, self.minima, *self.paths.values(), *self.heads.values(), self.start]

    def show(self, surface):
        """Show a surface; True if the axes changed, so that the scenery must be painted again."""
        before, self._shown = self._shown, surface
        if before is surface:
            return False
        view = (x0, x1), (y0, y1) = widened(surface.view, self._aspect)
        self.image.set_data(relief(surface, view, round(ROWS * self._aspect)))
        self.image.set_extent((x0, x1, y0, y1))
        self.minima.set_data(*surface.minima.T)
        changed = before is None or before.view != surface.view
        if changed:
            self.ax.set_xlim(x0, x1)
            self.ax.set_ylim(y0, y1)
        return changed

    def place_start(self, point):
        """Put the start marker at (x, y)."""
        self.start.set_data([point[0]], [point[1]])

    def place_path(self, name, positions):
        """Draw one path, (steps+1, 2) with NaN where it has diverged; None hides it."""
        shown = positions is not None
        self.paths[name].set_visible(shown)
        self.heads[name].set_visible(shown)
        if not shown:
            return
        self.paths[name].set_data(*positions.T)
        known = np.flatnonzero(np.isfinite(positions).all(axis=1))
        self.heads[name].set_data(*positions[known[-1] : known[-1] + 1].T)

    def inside(self, point, surface):
        """A start brought into view: it is kept when the reader changes the surface."""
        view = widened(surface.view, self._aspect)
        return tuple(float(min(max(number, low), high)) for number, (low, high) in zip(point, view, strict=True))


class SurfaceExplorer(Explorer):
    """Runs on a surface, from a start that the reader drags.

    ``draw`` makes ``_land``, a `Landscape` on the first axes, and ``_loss``, a `panels.LossPanel` with the same names;
    one of the controls is ``start``, a `controls.Point`.
    """

    def point(self, event):
        """Click or drag on the surface: the runs start there."""
        return {"start": (event.x, event.y)} if event.axes == 0 and event.kind != "move" else None

    def begin(self, values, surface, *, framed=None):
        """Show the surface and the start → (start, whether any axes changed).

        ``framed``: the surface that sets the limits of the losses, where it is another one.
        """
        chosen = surface.start if values["start"] is None else values["start"]
        start = self._land.inside(chosen, surface)
        repaint = self._land.show(surface)
        repaint |= self._loss.frame(surface if framed is None else framed)
        self._land.place_start(start)
        return start, repaint

    def film(self, *more, steps, seconds):
        """A `Playback` of all paths and losses, and of these lines."""
        paths, heads = self._land.paths, self._land.heads
        return Playback(lines=[*paths.values(), *self._loss.lines.values(), *more],
                        heads=[(heads[name], paths[name]) for name in paths], steps=steps, seconds=seconds)
