"""Rules that compare layers: very different speeds, or none at all."""

import numpy as np

from adamkit.diagnostics.report import Finding
from adamkit.diagnostics.signals import percent, written

#: Quotient of the fastest and the slowest layer's update/weight ratio; sound networks stay below 4.
APART = 8.0


def uneven(signals):
    """uneven_layers: update/weight ratios orders apart, or a layer that is not trained."""
    return _untrained(signals) or _apart(signals)


def _untrained(signals):
    readings = signals.readings
    left_out = readings.about.get("left_out") or []
    frozen = set(readings.about.get("frozen") or [])
    gradient, moved = readings.gradient_norm, readings.update_ratio
    still = [readings.layers[i] for i in signals.counted if len(signals) >= 5 and np.nanmax(gradient[:, i]) == 0
             and np.nansum(moved[:, i]) == 0
             and not any(name.rpartition(".")[0] == readings.layers[i] for name in [*frozen, *left_out])]
    if not left_out and not still:
        return []
    evidence = []
    if left_out:
        evidence.append(f"The optimizer was never given {_list(left_out)}; they are trainable.")
    if still:
        evidence.append(f"In {len(readings)} steps no gradient reached {_list(still)}.")
    return [Finding("uneven_layers", "Some layers are not trained at all.", evidence,
                    "The optimizer was made from other parameters than the model has, or a part of the model does not "
                    "take part in the loss.",
                    ("Make the optimizer from all of model.parameters(), after the last layer was replaced.",
                     "Set requires_grad_(False) on what should stay as it is.",
                     "Check that each part of the model takes part in the loss."), ())]


def _apart(signals):
    if not signals.enough or len(signals.counted) < 2:
        return []
    ratio = signals.typical("update_ratio", 0, 0.25)[signals.counted]
    if not np.isfinite(ratio).all() or not ratio.min() > 0 or ratio.max() < APART * ratio.min():
        return []
    fast, slow = (signals.readings.layers[signals.counted[i]] for i in (ratio.argmax(), ratio.argmin()))
    gradient = signals.typical("gradient_norm", 0, 0.25)[signals.counted]
    quotient = gradient[ratio.argmax()] / gradient[ratio.argmin()]
    by_gradient = quotient > 3
    cause = ("The gradient shrinks on its way down (saturating activations, no normalisation), and the optimizer hands "
             "that on to the weights." if by_gradient else
             "The gradients are alike, the rates are not: parameter groups give the layers very different ones.")
    fixes = (("Use an adaptive optimizer (Adam): it evens out the layers' gradients.",
              "Let the gradient pass: ReLU or tanh instead of sigmoid, normalisation, residual paths.")
             if by_gradient else
             ("Give all layers one rate when you train from scratch.",
              "If the rates differ on purpose, to fine-tune gently, this is no disease."))
    last = round(0.25 * len(signals))
    return [Finding("uneven_layers", "Layers move at very different speeds.",
                    (f"Steps 1 to {last}: a step moves {fast} by {percent(ratio.max())} of its length and {slow} by "
                     f"{percent(ratio.min())}: {written(ratio.max() / ratio.min())} times less.",
                     f"Their gradient norms stand {written(quotient)} to 1."),
                    cause, fixes, (signals.step[0], signals.step[last]))]


def _list(names):
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
