"""Texts, images and areas: their looks and their numbers (see `artists`)."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.text import Text

from adamkit.live.artists import POINT, common, css, numbers, pixels, style


@style.register
def _(text: Text):
    if "$" in text.get_text() or text.get_rotation():
        wanted = "moving text is level and has no $ formulas"
        raise ValueError(f"LiveFigure: the text {text.get_text()!r} cannot move; {wanted}")
    dpi = text.figure.dpi
    return {
        **common(text),
        "kind": "text",
        "text": text.get_text(),
        "color": css(text.get_color(), text.get_alpha()),
        "size": text.get_fontsize() * dpi * POINT,
        "weight": str(text.get_weight()),
        "across": text.get_horizontalalignment(),
        "up": text.get_verticalalignment(),
        "halo": _halo(text, dpi),
    }


def _halo(text, dpi):
    """Colour and width of a ``withStroke`` path effect: what keeps words readable on a surface."""
    for effect in text.get_path_effects():
        stroke = getattr(effect, "_gc", {})
        if "linewidth" in stroke:
            return {"color": css(stroke.get("foreground", "white")), "width": stroke["linewidth"] * dpi * POINT}
    return None


@numbers.register
def _(text: Text, height):
    return pixels(text.get_transform().transform(text.get_unitless_position()), height)


@style.register
def _(image: AxesImage):
    return {**common(image), "kind": "image", "smooth": image.get_interpolation() not in ("nearest", "none")}


@numbers.register
def _(image: AxesImage, height):
    left, right, bottom, top = image.get_extent()
    corners = pixels(image.get_transform().transform([(left, top), (right, bottom)]), height)
    return corners.reshape(1, 4)


def image_pixels(image):
    """An AxesImage's colours as (height, width, 4) bytes, top row first."""
    rgba = image.to_rgba(image.get_array(), bytes=True)
    return np.ascontiguousarray(rgba[::-1] if image.origin == "lower" else rgba)


@style.register(Patch)
@style.register(PolyCollection)
def _(area):
    face, edge, width = area.get_facecolor(), area.get_edgecolor(), area.get_linewidth()
    if isinstance(area, PolyCollection):
        face, edge, width = (next(iter(values)) if len(values) else None for values in (face, edge, width))
    return {
        **common(area),
        "kind": "area",
        "face": css(face) if face is not None else None,
        "edge": css(edge) if edge is not None and width else None,
        "width": float(width or 0) * area.figure.dpi * POINT,
    }


@numbers.register(Patch)
@numbers.register(PolyCollection)
def _(area, height):
    paths = area.get_paths() if isinstance(area, PolyCollection) else [area.get_path()]
    polygons = [polygon for path in paths for polygon in area.get_transform().transform_path(path).to_polygons()]
    gap = np.full((1, 2), np.nan)
    rows = [part for polygon in polygons for part in (pixels(polygon, height), gap)]
    return np.concatenate(rows) if rows else np.empty((0, 2))
