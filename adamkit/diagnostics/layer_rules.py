"""Rules that compare layers: very different speeds, or a gradient that does not get through."""

import numpy as np

from adamkit.diagnostics.speaking import found
from adamkit.numbers import percent, written

#: Quotient of the fastest and the slowest layer's update/weight ratio; sound networks stay below 4.
APART = 8.0
#: Share of the gradient that each layer hands on, in the mean, below which it is the network that keeps it back.
HANDED_ON = 0.4
#: Share of the last layer's gradient that must reach the first ones.
VANISHED = 1e-3


def uneven(signals):
    """uneven_layers: layers of one kind move at speeds orders apart, by their gradients (SGD) or by their rates."""
    if not signals.enough or len(signals.dense) < 2:
        return []
    ratio = signals.typical("update_ratio", 0, 0.25)[signals.dense]
    if not np.isfinite(ratio).all() or not ratio.min() > 0 or ratio.max() < APART * ratio.min():
        return []
    gradient = signals.typical("gradient_norm", 0, 0.25)[signals.dense]
    quotient = gradient[ratio.argmax()] / gradient[ratio.argmin()]
    if quotient > 10 * _at_first(signals, ratio.argmax(), ratio.argmin()):
        return []
    rates = np.array([signals.layer_rates.get(signals.readings.layers[i], np.nan) for i in signals.dense])
    by_rate = bool(np.nanmax(rates) >= APART * np.nanmin(rates) > 0) if np.isfinite(rates).any() else quotient <= 3
    if signals.fresh is False or (signals.scale_free and not by_rate) or (
            not by_rate and (quotient <= 3 or quotient ** (-1 / (len(gradient) - 1)) > HANDED_ON)):
        return []
    fast, slow = (signals.readings.layers[signals.dense[i]] for i in (ratio.argmax(), ratio.argmin()))
    last = round(0.25 * len(signals))
    return [found(signals, "uneven_layers/rates" if by_rate else "uneven_layers/gradient",
                  "Layers move at very different speeds.",
                  (f"Steps 1 to {last}: a step moves {fast} by {percent(ratio.max())} of its length and {slow} by "
                   f"{percent(ratio.min())}: {written(ratio.max() / ratio.min())} times less.",
                   f"Their gradient norms stand {written(quotient)} to 1."), (signals.step[0], signals.step[last]))]


def _at_first(signals, one, other):
    """Quotient of the gradients of two dense layers in the first three steps.

    What a network keeps back it keeps back from the first step on; what came later are units that have died.
    """
    first = np.nanmedian(signals.readings.gradient_norm[signals.rows[:3]][:, signals.dense], axis=0)
    return float(first[one] / max(first[other], 1e-30))


def vanishing(signals):
    """vanishing_gradients: the first layers get next to nothing of the last one's gradient, and the loss is high."""
    if not signals.enough or len(signals.dense) < 4 or not signals.measures or signals.fell > 0.5:
        return []
    gradient = signals.typical("gradient_norm", 0, 0.2)[signals.dense]
    if not np.isfinite(gradient).all() or not gradient.min() > 0:
        return []
    logs = np.log(gradient)
    place = np.arange(len(logs))
    rises = float(np.corrcoef(place, logs)[0, 1]) > 0.9
    if gradient[0] > VANISHED * gradient[-1] or not rises or _at_first(signals, 0, -1) > 10 * VANISHED:
        return []
    names = [signals.readings.layers[i] for i in signals.dense]
    return [found(signals, "vanishing_gradients", "The gradient does not get through to the first layers.",
                  [f"In the first fifth of the run {names[0]} has a gradient of {written(gradient[0])}, {names[-1]} "
                   f"one of {written(gradient[-1])}: it shrinks from layer to layer.",
                   f"The loss went from {written(signals.start)} to {written(signals.level)}."],
                  (signals.step[0], signals.step[-1]))]
