"""The scenery: what matplotlib paints, as a PNG."""

import threading
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

# Matplotlib draws from one thread at a time; widget callbacks come from another than cells.
_PAINTING = threading.RLock()


def paint(figure, *, ratio=1.0, without=(), compact=False):
    """A PNG of the figure.

    Args:
        figure: matplotlib Figure; its canvas and resolution are the same afterwards.
        ratio: pixels of the PNG per figure pixel, > 0 (2 for a high-density screen).
        without: artists to leave out.
        compact: spend more time for fewer bytes, for pictures that are stored.
    """
    with _PAINTING, _hidden(without), _canvas(figure, figure.dpi * ratio) as canvas:
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        image = Image.fromarray(np.ascontiguousarray(pixels))
    return _encode(image, compact)


def _encode(image, compact):
    stream = BytesIO()
    if compact:
        # Of Pillow's methods this one keeps the few pixels of thin lines and markers in their colours.
        palette = image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        palette.save(stream, "png", optimize=True)
    else:
        image.save(stream, "png", compress_level=1)
    return stream.getvalue()


@contextmanager
def _hidden(artists):
    shown = [artist for artist in artists if artist.get_visible()]
    for artist in shown:
        artist.set_visible(False)
    try:
        yield
    finally:
        for artist in shown:
            artist.set_visible(True)


@contextmanager
def _canvas(figure, dpi):
    before, canvas_before = figure.dpi, figure.canvas
    try:
        canvas = FigureCanvasAgg(figure)
        figure.dpi = dpi
        yield canvas
    finally:
        figure.dpi = before
        figure.set_canvas(canvas_before)
