"""Rules that need a validation loss: overfitting, and fine-tuning that forgets."""

import numpy as np

from adamkit.diagnostics.report import CannotTell
from adamkit.diagnostics.signals import robust_deviation, written
from adamkit.diagnostics.speaking import found


def _validation(signals):
    """Steps and losses, finite ones, of the validation."""
    readings = signals.readings
    known = np.isfinite(readings.validation)
    return readings.step[known], readings.validation[known]


def forgetting(signals):
    """forgetting: the validation was best before the first step."""
    before = signals.readings.about.get("validation_before")
    steps, losses = _validation(signals)
    if before is None or not before > 0 or not len(losses) or not signals.enough:
        return []
    early = losses[: max(1, len(losses) // 4)].max()
    end = float(losses[-max(1, len(losses) // 5) :].mean())
    falls = signals.level < 0.8 * signals.loss[:5].max()
    if not (early >= 1.3 * before and end >= 1.3 * before and losses.min() >= before and falls):
        return []
    worst = int(losses.argmax())
    ratio, layer, step = signals.largest_early_move()
    moved = [f"Step {step} moved {layer} by {100 * ratio:.2g}% of its length."] if layer else []
    return [found(signals, "forgetting", "Training destroyed what the weights knew.",
                  [f"The validation loss was {written(before)} before the first step, {written(losses[0])} at step "
                   f"{steps[0]}, {written(losses[worst])} at worst (step {steps[worst]}), {written(end)} at the end.",
                   f"The training loss fell meanwhile, to {written(signals.level)}.", *moved],
                  (steps[0], steps[-1]))]


def overfitting(signals):
    """overfitting: the training loss falls on, the validation loss does not."""
    steps, losses = _validation(signals)
    if not signals.enough:
        return []
    if len(losses) < 5:
        return [CannotTell("overfitting", f"There {'is' if len(losses) == 1 else 'are'} {len(losses)} validation "
                           f"loss{'' if len(losses) == 1 else 'es'}.", "Call Monitor.observe(validation=…) ten times "
                           "or more, and once before the first step.")] if len(losses) else []
    best = int(losses.argmin())
    end = float(losses[-max(1, len(losses) // 5) :].mean())
    near = np.abs(signals.step - steps[best]) <= max(5, len(signals) // 40)
    if not near.any():
        return []
    then = float(np.median(signals.loss[near]))
    # Measured against what validation gained and against its own jitter, and not against 0, which means nothing to
    # the logarithm of a density.
    gained, jitter = float(losses[0] - losses[best]), _jitter(losses)
    rise, train_fell = end - losses[best], then - signals.level
    positive = losses.min() > 0 and signals.loss.min() >= 0
    worse = rise >= 0.15 * max(gained, 0) and rise >= 5 * jitter and train_fell > 0.05 * abs(then)
    if positive:
        half = losses[len(losses) // 2 :]
        apart = end >= 10 * signals.level and end >= 0.15 * abs(signals.start) and half.min() >= 0.97 * half[0]
        worse = (rise >= 0.08 * losses[best] and rise >= 0.02 * abs(signals.start) and end >= 3 * signals.level) or apart
        if signals.level > 0.7 * signals.start:
            return []
    if not worse:
        return []
    return [found(signals, "overfitting", "The training loss falls, the validation loss does not.",
                  (f"The validation loss was lowest at step {steps[best]}, {written(losses[best])}, and ended at "
                   f"{written(end)}.",
                   f"The training loss fell from {written(then)} to {written(signals.level)} in that time."),
                  (steps[best], steps[-1]))]


def _jitter(losses):
    """Scatter of the validation loss from one time to the next."""
    return robust_deviation(np.diff(losses)) / np.sqrt(2)
