"""Rules that need a validation loss: overfitting, and fine-tuning that forgets."""

import numpy as np

from adamkit.diagnostics.report import CannotTell, Finding
from adamkit.diagnostics.signals import written


def _validation(signals):
    """Steps and losses, finite ones, of the validation."""
    readings = signals.readings
    known = np.isfinite(readings.validation)
    return readings.step[known], readings.validation[known]


def forgetting(signals):
    """forgetting: the validation was best before the first step."""
    before = signals.readings.about.get("validation_before")
    steps, losses = _validation(signals)
    if before is None or not len(losses) or not signals.enough:
        return []
    early = losses[: max(1, len(losses) // 4)].max()
    end = float(losses[-max(1, len(losses) // 5) :].mean())
    falls = signals.level < 0.8 * signals.loss[:5].max()
    if not (early >= 1.3 * before and end >= 1.3 * before and losses.min() >= before and falls):
        return []
    worst = int(losses.argmax())
    ratio, layer, step = signals.largest_early_move()
    moved = [f"Step {step} moved {layer} by {100 * ratio:.2g}% of its length."] if layer else []
    return [Finding("forgetting", "Training destroyed what the weights knew.",
                    [f"The validation loss was {written(before)} before the first step, {written(losses[0])} at step "
                     f"{steps[0]}, {written(losses[worst])} at worst (step {steps[worst]}), {written(end)} at the end.",
                     f"The training loss fell meanwhile, to {written(signals.level)}.", *moved],
                    "The new data say nothing about what was known, and the steps are long enough to overwrite it.",
                    ("Mix old rows into each batch, if you have them.", "Lower the rate, by ten and by a hundred.",
                     "Train fewer layers: freeze the others, or give them smaller rates.",
                     "A warmup alone arrives at the same rate later; clipping does not shorten Adam's steps."),
                    (steps[0], steps[-1]))]


def overfitting(signals):
    """overfitting: the training loss falls on, the validation loss does not."""
    steps, losses = _validation(signals)
    if not signals.enough:
        return []
    if len(losses) < 5:
        return [CannotTell("overfitting", "There are fewer than five validation losses.",
                           "Call Monitor.observe(validation=…) ten times or more, and once before the first step.")]
    best = int(losses.argmin())
    end = float(losses[-max(1, len(losses) // 5) :].mean())
    train_then = float(np.median(signals.loss[np.abs(signals.step - steps[best]) <= max(5, len(signals) // 40)]))
    rise = end - losses[best]
    worse = rise >= 0.08 * losses[best] and rise >= 0.02 * abs(signals.start) and end >= 3 * signals.level
    half = losses[len(losses) // 2 :]
    apart = end >= 10 * signals.level and end >= 0.15 * abs(signals.start) and half.min() >= 0.97 * half[0]
    if not (worse or apart) or signals.level > 0.7 * signals.start:
        return []
    return [Finding("overfitting", "The training loss falls, the validation loss does not.",
                    (f"The validation loss was lowest at step {steps[best]}, {written(losses[best])}, and ended at "
                     f"{written(end)}.",
                     f"The training loss fell from {written(train_then)} to {written(signals.level)} in that time."),
                    "The model learns its rows by heart. The optimizer does its work; there is too little data for it.",
                    ("More data, or augmentation.", f"Stop early: at step {steps[best]}.",
                     "Regularise: weight decay (AdamW), dropout, a smaller network.",
                     "A different rate or β₂ is no cure."), (steps[best], steps[-1]))]
