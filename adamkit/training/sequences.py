"""Short sequences that need no network: ten drawn shapes, hidden in drifting noise, after MNIST-1D.

Of the digits of 8 × 8 pixels a linear model reads 96 in 100, and of these shapes one in four. A shape stands anywhere
in 40 points, wider or narrower, higher or lower, on a slope and in noise that has shapes of its own. What looks at
fixed places is lost; what looks for a shape wherever it is, by convolution or by reading from left to right, is not.

Greydanus & Kobak, *Scaling Down Deep Learning* (arXiv:2011.14439, 2020) made such a set to study networks in seconds.
The idea and the steps (pad, shift, scale, tilt, noise, resample) are theirs; shapes and code are this project's own.
"""

import math
import numbers

import numpy as np
import torch

from adamkit.arguments import whole
from adamkit.training.data import Classification

#: Ten shapes of 12 points, by class: heights in tenths.
SHAPES = np.array([
    [1, 3, 6, 9, 10, 10, 10, 10, 9, 6, 3, 1],  # a hill
    [0, 9, 10, 5, 1, 0, 0, 1, 5, 10, 9, 0],  # a camel's two humps
    [0, 2, 4, 6, 8, 10, -10, -8, -6, -4, -2, 0],  # a rise that falls all the way
    [0, 5, 9, 10, 9, 5, -5, -9, -10, -9, -5, 0],  # a wave
    [10, 10, 9, 7, 5, 3, 2, 1, 0, 0, 0, 0],  # a jump that fades
    [0, 0, 0, 0, 1, 2, 3, 5, 7, 9, 10, 10],  # a climb that ends at a cliff
    [-10, -10, -9, -2, 6, 10, 10, 6, -2, -9, -10, -10],  # a peak between two pits
    [8, -8, 8, -8, 8, -8, 8, -8, 8, -8, 8, -8],  # a saw
    [-1, -3, -6, -9, -10, -10, -10, -10, -9, -6, -3, -1],  # a valley
    [10, 10, 10, 10, 10, 10, -10, -10, -10, -10, -10, -10],  # a block and its shadow
]) / 10
#: How many points a shape covers, narrowest and widest, of every 40.
WIDTHS = (7.0, 11.0)
#: The same for its height, as a factor.
HEIGHTS = (0.8, 1.2)
#: Drifting noise keeps its sign for about so many points: the standard deviation of the window that smooths it.
DRIFT = 2.0


def sequences(*, rows=4000, test_rows=1000, length=40, noise=0.25, jitter=0.02, tilt=0.75, seed=0,
              dtype=torch.float32):
    """A shape in each sequence of points; which of ten, is the question.

    A row begins as zeros with one of `SHAPES` laid in, at a place, a width and a height drawn evenly; both ends stay
    inside. To it come a straight slope, noise that drifts, and a little that does not. Then all rows are shifted and
    scaled by the mean and the standard deviation of all training points together.

    Classes take turns, so every ten rows hold each class once. Fewer rows are the first of more, except for that last
    scaling; ``rows`` and ``test_rows`` do not touch each other's draws.

    Args:
        rows, test_rows: training and test rows, 10 or more, so that no class is missing.
        length: points of a row, 20 or more; widths of shapes grow with it.
        noise: standard deviation of the drifting noise, ≥ 0, beside shapes of height 1.
        jitter: that of the independent noise, ≥ 0.
        tilt: the slope rises or falls by at most this much from the first point to the last, ≥ 0.
        seed: of all draws.
        dtype: precision of the inputs.

    Returns:
        `Classification` with 10 classes and rows of shape (length,), on the CPU.

    Raises:
        ValueError: an argument is not allowed.
    """
    for name, value in (("rows", rows), ("test_rows", test_rows)):
        whole(name, value, len(SHAPES))
    whole("length", length, 20)
    whole("seed", seed)
    for name, value in (("noise", noise), ("jitter", jitter), ("tilt", tilt)):
        _check_size(name, value)
    make = {"length": length, "noise": noise, "jitter": jitter, "tilt": tilt}
    (x_train, y_train), (x_test, y_test) = (_draw(count, np.random.SeedSequence([seed, part]), **make)
                                            for part, count in enumerate((rows, test_rows)))
    middle, spread = x_train.mean(), x_train.std()
    inputs = [torch.from_numpy((x - middle) / spread).to(dtype) for x in (x_train, x_test)]
    return Classification(inputs[0], torch.from_numpy(y_train), inputs[1], torch.from_numpy(y_test), len(SHAPES))


def _draw(rows, seed, *, length, noise, jitter, tilt):
    """Points (rows, length) and classes (rows,); numbers of a kind come from a stream of their own."""
    places, drifting, quick = map(np.random.default_rng, seed.spawn(3))
    place, width, height, slope = places.random((rows, 4)).T
    labels = np.arange(rows) % len(SHAPES)
    width = (WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * width) * length / 40
    x = _laid(SHAPES[labels], place * (length - 1 - width), width, length)
    x *= (HEIGHTS[0] + (HEIGHTS[1] - HEIGHTS[0]) * height)[:, None]
    x += tilt * (2 * slope - 1)[:, None] * np.linspace(-0.5, 0.5, length)
    x += noise * drifting.standard_normal((rows, length)) @ _smoothing(length)
    return x + jitter * quick.standard_normal((rows, length)), labels


def _laid(shapes, begin, width, length):
    """Each shape stretched over [begin, begin + width] and read off at the points 0 … length − 1; 0 elsewhere."""
    last = shapes.shape[1] - 1
    at = (np.arange(length) - begin[:, None]) / width[:, None] * last
    before = np.clip(np.floor(at).astype(int), 0, last - 1)
    part = at - before
    left = np.take_along_axis(shapes, before, axis=1)
    right = np.take_along_axis(shapes, before + 1, axis=1)
    return np.where((at >= 0) & (at <= last), (1 - part) * left + part * right, 0.0)


def _smoothing(length):
    """A matrix that turns independent noise (…, length) into drifting noise of the same standard deviation."""
    points = np.arange(length)
    window = np.exp(-0.5 * ((points[:, None] - points) / (DRIFT * length / 40)) ** 2)
    return window / np.sqrt((window**2).sum(axis=0))


def _check_size(name, value):
    """Refuse what is no finite number ≥ 0."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 <= value < math.inf:
        raise ValueError(f"{name}={value!r} must be a finite number ≥ 0")
