"""Makes the pictures of a notebook small: a palette where the eye cannot tell, lossless packing otherwise."""

import base64
import io

import numpy as np
from PIL import Image

#: A palette is taken when no more than one pixel in a thousand moves by more than this (of 255).
VISIBLE = 6
SHARE = 1e-3


def shrink_base64(text):
    """`shrink` for a PNG in base64, as notebooks hold it."""
    return base64.b64encode(shrink(base64.b64decode(text))).decode("ascii")


def shrink(png):
    """A smaller PNG that looks the same, without text chunks; the original when nothing is gained."""
    image = Image.open(io.BytesIO(png))
    image.load()
    if image.mode == "RGBA" and image.getextrema()[3] == (255, 255):
        image = image.convert("RGB")
    candidates = [packed(image)]
    paletted = with_palette(image)
    if paletted is not None:
        candidates.append(packed(paletted))
    return min([*candidates, png], key=len)


def with_palette(image):
    """The picture in 256 colours, or None when the eye could tell."""
    if image.mode not in ("RGB", "RGBA"):
        return None
    method = Image.Quantize.MEDIANCUT if image.mode == "RGB" else Image.Quantize.FASTOCTREE
    paletted = image.quantize(256, method=method, kmeans=1, dither=Image.Dither.NONE)
    before = np.asarray(image, dtype=np.int16)
    after = np.asarray(paletted.convert(image.mode), dtype=np.int16)
    moved = np.abs(before - after).max(axis=-1) > VISIBLE
    return paletted if moved.mean() <= SHARE else None


def packed(image):
    """PNG bytes, packed as tightly as Pillow can, without metadata but the resolution."""
    stream = io.BytesIO()
    kept = {"dpi": image.info["dpi"]} if "dpi" in image.info else {}
    image.save(stream, format="PNG", optimize=True, **kept)
    return stream.getvalue()
