"""Rules that need a validation loss: overfitting, and fine-tuning that forgets."""

import numpy as np

from adamkit.diagnostics.report import CannotTell
from adamkit.diagnostics.signals import robust_deviation
from adamkit.diagnostics.speaking import found
from adamkit.numbers import written


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


def statistics(signals):
    """running_statistics: batch norm, and a validation far worse than training before anything was learned by heart."""
    modes = signals.facts.get("modes") or {}
    steps, losses = _validation(signals)
    passes = modes.get("validation")
    if not modes.get("norms") or len(losses) < 4 or not signals.enough or signals.loss.min() < 0 or losses.min() <= 0:
        return []
    near = np.array([np.median(signals.loss[np.abs(signals.step - step) <= 5]) if
                     (np.abs(signals.step - step) <= 5).any() else np.nan for step in steps])
    early = near > 0.15 * signals.start
    early[0] = False
    half = losses[len(losses) // 2 :]
    if (passes and passes[1] > passes[0]) or not early.any() or not (losses[early] > 2 * near[early]).all() \
            or half.min() < 3 * np.nanmedian(near[len(losses) // 2 :]) or half.min() < 0.3 * signals.start:
        return []
    return [found(signals, "running_statistics", "In evaluation mode the model is far worse than in training.",
                  [f"While the training loss was still {written(near[early][0])} the validation loss was "
                   f"{written(losses[early][0])} already, and it ended at {written(losses[-1])}; training at "
                   f"{written(signals.level)}.", f"The model has {modes['norms']} batch norm layers."],
                  (steps[0], steps[-1]))]


def apart(signals):
    """validation_apart: training gains, validation never did, and began no better than an untrained model.

    Overfitting gains first and loses later; so does forgetting lose what was there. Here there is nothing to lose.
    """
    steps, losses = _validation(signals)
    if len(losses) < 5 or not signals.enough or not signals.measures or losses.min() <= 0 or signals.fell < 0.05:
        return []
    if signals.fresh is False or signals.start < 0.6 * (signals.chance or 0):
        return []  # trained before: there may be little left to gain
    near = signals.loss[np.abs(signals.step - steps[0]) <= max(3, len(signals) // 40)]
    fall = signals.start - signals.level
    untrained = losses[0] > 0.7 * signals.start and len(near) and near.mean() > signals.level + 0.5 * fall
    gained = losses[0] - float(np.sort(losses)[: max(1, len(losses) // 5)].mean())
    clear = fall > 4 * signals.noise and float(signals.part(0, 0.2).mean()) - signals.level > 0.05 * signals.start
    never = losses.min() > signals.start  # however it went, an untrained model would have done as well
    if not untrained or not clear or not (never or gained <= max(0.1 * fall, 0.02 * losses[0])):
        return []
    same = float(np.ptp(losses)) <= 1e-6 * losses[0]
    return [found(signals, "validation_apart", "Validation has gained nothing of what training gained.",
                  [f"The training loss went from {written(signals.start)} to {written(signals.level)}, the validation "
                   f"loss from {written(losses[0])} (step {steps[0]}) to {written(losses[-1])}; it was "
                   f"{written(losses.min())} at best." + (" It was the same each time." if same else "")],
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
        rose = rise >= 0.08 * losses[best] and rise >= 0.02 * abs(signals.start) and end >= 3 * signals.level
        worse = rose or apart
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
