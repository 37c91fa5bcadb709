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
        _in_few_colors(image).save(stream, "png", optimize=True)
    else:
        image.save(stream, "png", compress_level=1)
    return stream.getvalue()


def _in_few_colors(image):
    """The picture in 256 colours: half chosen for its large areas, half for the far ends of its range.

    Pillow's median cut serves pale surfaces and loses the few pixels of a thin line; its maximum
    coverage does the reverse. Every colour is then mapped to the nearest of both.
    """
    methods = (Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE)
    chosen = [image.quantize(128, method=method, dither=Image.Dither.NONE) for method in methods]
    halves = [few.getpalette()[: 3 * 128] for few in chosen]
    palette = np.concatenate([np.reshape(half, (-1, 3)) for half in halves]).astype(np.float32)
    pixels = np.asarray(image).astype(np.int32) @ (65536, 256, 1)
    codes, places = np.unique(pixels, return_inverse=True)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.float32)
    nearest = np.argmin((palette**2).sum(axis=1) - 2 * colors @ palette.T, axis=1)
    paletted = Image.fromarray(nearest[places].reshape(pixels.shape).astype(np.uint8), "P")
    paletted.putpalette(palette.astype(np.uint8).tobytes())
    return paletted


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
