"""The course of a noisy loss, for pictures: a median that runs along it."""

import numpy as np


def running_median(curve, *, share=20):
    """Median over a ``share``-th of the run around each step, at least three steps; NaN where the run had ended.

    Args:
        curve: (steps,), NaN or infinite where there is nothing to draw.
        share: 1 or more; the larger, the closer to the curve.
    """
    width = max(3, len(curve) // share | 1)
    good = np.isfinite(curve)
    if good.sum() < width:
        return np.full(len(curve), np.nan)
    padded = np.pad(np.where(good, curve, np.inf), width // 2, mode="reflect")
    out = np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=-1)
    return np.where(good & np.isfinite(out), out, np.nan)
