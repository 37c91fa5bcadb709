"""What can move: for each kind of matplotlib artist, its look and its numbers.

``style(artist)`` is a small JSON-able dict that seldom changes (colour, width, marker).
``numbers(artist, height)`` is an array of rows in figure pixels, y downwards, that changes with
every frame. Matplotlib's own transforms make the pixels, so log axes, aspect and limits just work.

| artist                       | kind    | rows                                       |
|------------------------------|---------|--------------------------------------------|
| Line2D (``plot``, ``axvline``) | line  | x, y                                       |
| PathCollection (``scatter``) | points  | x, y, size                                 |
| Quiver (``live.arrows``)     | arrows  | x, y of the tail, x, y of the tip          |
| Text, Annotation without arrow | text  | x, y                                       |
| AxesImage (``imshow``)       | image   | x, y of the top left, x, y of the bottom right |
| Patch, PolyCollection (``axvspan``, ``fill_between``) | area | x, y; NaN rows between polygons |
"""

from functools import lru_cache, singledispatch

import numpy as np
from matplotlib.colors import to_hex, to_rgba

POINT = 1 / 72  # inches
FAR = 1e5  # pixels: beyond this a canvas loses precision
NOTHING = np.empty(0, np.float32)
MOVABLE = "lines, points, arrows, text, images and areas can"


@singledispatch
def style(artist):
    """The look of an artist as a JSON-able dict. Refuses what cannot move."""
    raise TypeError(f"LiveFigure: a {type(artist).__name__} cannot move; {MOVABLE}")


@singledispatch
def numbers(artist, height):
    """The artist's rows of numbers in figure pixels, y downwards."""
    raise TypeError(f"LiveFigure: a {type(artist).__name__} cannot move; {MOVABLE}")


def common(artist):
    """What every style has: kind-independent switches."""
    return {"visible": bool(artist.get_visible()), "z": float(artist.get_zorder()), "clip": bool(artist.get_clip_on())}


def look(artist):
    """The style of an artist; of a hidden one only that it is hidden."""
    return style(artist) if artist.get_visible() else {"visible": False, "z": 0.0}


def places(artist, height):
    """The numbers of an artist as float32; none for a hidden one."""
    return numbers(artist, height).astype(np.float32).ravel() if artist.get_visible() else NOTHING


def css(color, alpha=None):
    """A matplotlib colour as #rrggbbaa."""
    return _named_css(color, alpha) if isinstance(color, str) else to_hex(to_rgba(color, alpha), keep_alpha=True)


@lru_cache(maxsize=512)
def _named_css(color, alpha):
    return to_hex(to_rgba(color, alpha), keep_alpha=True)


def pixels(points, height):
    """Display coordinates (y up) → figure pixels (y down), with far points brought near."""
    rows = np.array(np.ma.filled(points, np.nan), float, ndmin=2)
    rows[:, 1] = height - rows[:, 1]
    return rows if np.abs(rows).max(initial=0) < FAR else _tamed(rows)


def _tamed(rows):
    """Points beyond `FAR` pulled back along the segment to their neighbour; NaN if that is far too."""
    out = rows.copy()
    size = np.abs(rows).max(axis=1, initial=0)
    near = size < FAR  # False for NaN
    out[~near] = np.nan
    for far, other in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        pull = ~near[far] & near[other] & np.isfinite(size[far])
        start, end = rows[other][pull], rows[far][pull]
        share = (FAR - size[other][pull]) / np.abs(end - start).max(axis=1, initial=1)
        out[far][pull] = start + share[:, None] * (end - start)
    return out
