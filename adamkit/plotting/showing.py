"""How a figure gets into a notebook: as a small, sharp picture with alt text."""

import base64
import html
import io

import numpy as np
from PIL import Image

#: Picture pixels per CSS pixel: sharp enough on dense screens, small enough to store.
RATIO = 1.5


class Shown:
    """A finished picture; the last line of a cell displays it. Its text form is the alt text."""

    def __init__(self, figure):
        self.figure = figure

    def __repr__(self):
        return self.figure.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.figure)


def show(figure, *, alt):
    """The figure as a notebook shows it, with alt text.

    Make it the last line of a cell. The HTML carries ``alt``; the stored text form is ``alt`` too,
    so that a notebook executed twice stores the same text.

    Args:
        figure: a matplotlib Figure.
        alt: what the picture shows, in a sentence: the finding, not the furniture.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt={alt!r} must say in a sentence what the picture shows")
    figure.alt = " ".join(alt.split())
    return Shown(figure)


def bundle(figure):
    """(data, metadata) for `_repr_mimebundle_`: PNG, the same in HTML with alt text, and plain text.

    JupyterLab shows the HTML; nbconvert puts the PNG's ``alt`` metadata on the page.
    """
    alt = figure.alt or _titles(figure)
    png, (width, height) = small_png(figure)
    encoded = base64.b64encode(png).decode("ascii")
    page = (
        f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(alt)}" width="{width}" height="{height}" '
        'style="max-width: 100%; height: auto;">'
    )
    data = {"text/plain": alt, "text/html": page, "image/png": encoded}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def small_png(figure, ratio=None):
    """(PNG bytes, CSS size): the figure at ``ratio`` picture pixels per CSS pixel, in at most 256 colours."""
    ratio = ratio or getattr(figure, "ratio", RATIO)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi * ratio, facecolor="white")
    picture = Image.open(file).convert("RGB")
    out = io.BytesIO()
    in_few_colors(np.asarray(picture)).save(out, "PNG", optimize=True)
    return out.getvalue(), tuple(round(side / ratio) for side in picture.size)


def in_few_colors(pixels, exact=200, mixed=56):
    """An image (h, w, 3) with a palette: a quarter of the bytes, and no visible difference.

    The ``exact`` most frequent colours stay what they are: fills, lines, grey levels of text. The
    rest, mostly edges of lines where colours mix, share ``mixed`` colours chosen by median cut.
    (A median cut of everything tints large pale areas.)
    """
    packed = pixels.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1], np.int32)
    codes, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1).astype(np.int32)
    by_count = np.argsort(-counts, kind="stable")
    frequent, rare = by_count[:exact], by_count[exact:]
    palette = colors[frequent]
    if len(rare):
        strip = Image.fromarray(colors[rare][None].astype(np.uint8), "RGB")
        cut = strip.quantize(mixed, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).getpalette()
        palette = np.concatenate([palette, np.array(cut[: 3 * mixed], np.int32).reshape(-1, 3)])
    nearest = np.empty(len(colors), np.uint8)
    for first in range(0, len(colors), 4096):
        part = colors[first : first + 4096, None]
        nearest[first : first + 4096] = ((part - palette) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(nearest[places].reshape(packed.shape), "P")
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def _titles(figure):
    """What can be said of a figure nobody described: its titles."""
    titles = [figure.get_suptitle(), *(ax.get_title(loc) for ax in figure.axes for loc in ("left", "center", "right"))]
    return "Figure: " + ("; ".join(filter(None, titles)) or "untitled")
