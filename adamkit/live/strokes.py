"""Lines, points and arrows: their looks and their numbers (see `artists`)."""

from functools import lru_cache

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.quiver import Quiver

from adamkit.live.artists import POINT, common, css, numbers, pixels, style

QUIVER = {"angles": "xy", "scale_units": "xy", "units": "inches", "scale": 1}


def arrows(ax, tails, vectors=None, *, color="black", width=2.0, **kwargs):
    """Arrows in data coordinates that can move: a Quiver set up for it.

    Args:
        ax: matplotlib Axes.
        tails: (n, 2) starting points.
        vectors: (n, 2) displacements; zero (nothing drawn) when left out.
        color: one colour, or one for each arrow.
        width: of the shaft, in pixels.

    Move them with `point_arrows`.
    """
    tails = np.asarray(tails, float).reshape(-1, 2)
    vectors = np.zeros_like(tails) if vectors is None else np.asarray(vectors, float).reshape(tails.shape)
    inches = width / ax.figure.dpi
    return ax.quiver(*tails.T, *vectors.T, color=color, width=inches, **QUIVER, **kwargs)


def point_arrows(quiver, tails, vectors):
    """Move arrows made by `arrows`: (n, 2) tails and (n, 2) vectors, n as at the start."""
    quiver.set_offsets(np.asarray(tails, float))
    quiver.set_UVC(*np.asarray(vectors, float).T)


@style.register
def _(line: Line2D):
    dpi = line.figure.dpi
    shown = line.get_linestyle() not in ("None", "none", " ", "")
    return {
        **common(line),
        "kind": "line",
        "color": css(line.get_color(), line.get_alpha()) if shown else None,
        "width": line.get_linewidth() * dpi * POINT,
        "dash": _dash(line, dpi) if shown else [],
        "cap": line.get_solid_capstyle() if line.get_linestyle() == "-" else line.get_dash_capstyle(),
        "marker": _marker(line, dpi),
    }


def _dash(line, dpi):
    offset_and_dashes = line._dash_pattern  # no public reader; scaled by the width already
    dashes = offset_and_dashes[1] or []
    return [float(part) * dpi * POINT for part in dashes]


def _marker(line, dpi):
    if line.get_marker() in ("None", "none", " ", "", None):
        return None
    return {
        "d": _marker_outline(line.get_marker(), line.get_fillstyle(), line.get_markersize() * dpi * POINT),
        "face": css(line.get_markerfacecolor(), line.get_alpha()),
        "edge": css(line.get_markeredgecolor(), line.get_alpha()),
        "width": line.get_markeredgewidth() * dpi * POINT,
    }


@numbers.register
def _(line: Line2D, height):
    return pixels(line.get_transform().transform(line.get_path().vertices), height)


@lru_cache(maxsize=256)
def _marker_outline(marker, fill, size):
    shape = MarkerStyle(marker, fill)
    return outline(shape.get_path().transformed(shape.get_transform()), size)


def outline(path, size=1.0):
    """A matplotlib path as an SVG path, y downwards."""
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    parts = []
    for points, code in path.iter_segments(simplify=False):
        pairs = (points.reshape(-1, 2) * (size, -size)).ravel() if code != Path.CLOSEPOLY else ()
        parts.append(letters[code] + " ".join(f"{number:.3f}" for number in pairs))
    return "".join(parts)


@style.register
def _(points: PathCollection):
    points.update_scalarmappable()
    dpi = points.figure.dpi
    widths = points.get_linewidths()
    return {
        **common(points),
        "kind": "points",
        "d": outline(points.get_paths()[0]),
        "face": [css(color) for color in points.get_facecolors()],
        "edge": [css(color) for color in points.get_edgecolors()],
        "width": float(widths[0]) * dpi * POINT if len(widths) else 0.0,
    }


@numbers.register
def _(points: PathCollection, height):
    places = pixels(points.get_offset_transform().transform(points.get_offsets()), height)
    sizes = np.sqrt(points.get_sizes()) * points.figure.dpi * POINT
    return np.column_stack([places, np.resize(sizes, len(places))])


@style.register
def _(quiver: Quiver):
    if any(getattr(quiver, name) != value for name, value in QUIVER.items()):
        raise ValueError("LiveFigure: this Quiver cannot move; make one that can with adamkit.live.arrows(ax, tails)")
    return {
        **common(quiver),
        "kind": "arrows",
        "face": [css(color) for color in quiver.get_facecolors()],
        "width": float(quiver.width) * quiver.figure.dpi,
    }


@numbers.register
def _(quiver: Quiver, height):
    tails = np.asarray(quiver.get_offsets(), float)
    vectors = np.column_stack([np.ma.filled(quiver.U, np.nan), np.ma.filled(quiver.V, np.nan)])
    transform = quiver.axes.transData
    return np.hstack([pixels(transform.transform(tails), height), pixels(transform.transform(tails + vectors), height)])
