"""Rules for runs that do not get on: flat from the start, or stuck on a plateau."""

import numpy as np

from adamkit.diagnostics.report import CannotTell, Finding
from adamkit.diagnostics.signals import percent, written

#: A run that fell by less than this share of its start has not moved.
MOVED = 0.05
#: Update/weight ratio from which steps are long enough to hold a loss up.
LONG_STEP = 5e-3
#: A layer whose gradient fell to this share of its start, while the loss is high, is dead.
DEAD = 0.02
#: A step that moves a layer by this share of its length leaves little of what it was.
OVERWRITTEN = 0.5


def flat(signals):
    """flat_from_start: the loss hardly moves."""
    if not signals.enough:
        return []
    fall = (signals.start - signals.level) / abs(signals.start) if signals.start else 0.0
    first = float(signals.part(0, 0.1).mean())
    away = np.abs(signals.smooth - first).max() / abs(first) if first else 0.0
    if fall >= MOVED or (first - signals.level) >= MOVED * abs(first) or away >= 2 * MOVED:
        return []
    moved = np.nansum(signals.readings.update_ratio[signals.rows][:, signals.counted], axis=0)
    path = float(np.median(moved)) if len(moved) else np.nan
    gradient = signals.typical("gradient_norm")[signals.counted]
    cause, fixes = _why_flat(signals, path, gradient)
    return [Finding("flat_from_start", "The loss has hardly moved since the first step.",
                    (f"Mean loss of the first tenth {written(first)}, of the last quarter {written(signals.level)}.",
                     f"Over all {len(signals)} steps together a typical layer moved by {percent(path)} of its length, "
                     f"at rates from {written(signals.rate.min())} to {written(signals.rate.max())}.",
                     f"Median gradient norm of a layer: {written(np.median(gradient) if len(gradient) else np.nan)}."),
                    cause, fixes, (signals.step[0], signals.step[-1]))]


def _why_flat(signals, path, gradient):
    if len(gradient) and not gradient.any():
        return ("No gradient arrives: the loss is cut off from the weights (detach, a saturated or dead activation).",
                ("Check that loss.backward() reaches the weights.", "Look for saturated activations at the start."))
    if path < 0.1:
        rising = " It is still rising: is the warmup counted in the right unit?" if (
            signals.rate[-1] > 1.5 * signals.rate[0]) else ""
        return ("The steps are far too short: gradients arrive, and the rate turns them into almost nothing." + rising,
                ("Check the schedule: the warmup may be counted in samples, or the total be wrong.",
                 "Raise the rate tenfold, and again.", "Check that zero_grad comes after step, not before it."))
    return ("The weights move, the loss does not: the gradients hold nothing to learn, or the steps are so long that "
            "they undo each other.",
            ("Try to learn a single batch by heart; if that fails, look at labels, loss and data.",
             "Lower the rate tenfold, with a warmup.", "Check that inputs and labels were shuffled together."))


def plateau(signals):
    """plateau: a quick fall, then a level; held up by a constant rate, or broken by the first steps."""
    if not signals.enough or signals.start - signals.level < MOVED * abs(signals.start):
        return []
    return _broken(signals) or _held_up(signals)


def _held_up(signals):
    """The level is as flat as its noise allows, the rate constant, the steps long."""
    before = float(signals.part(0.5, 0.75).mean())
    change = before - signals.level
    ratios = signals.typical("update_ratio", 0.5, 1)[signals.counted]
    ratio = float(np.nanmedian(ratios)) if np.isfinite(ratios).any() else 0.0
    long_step = ratio >= LONG_STEP
    # Long steps make the loss wander; eight stretches tell its scatter roughly, hence three of these errors.
    error = max(np.sqrt(2) * signals.noise, signals.wandering if long_step else 0.0)
    clear = max(2 * np.sqrt(2) * signals.noise, 3 * signals.wandering if long_step else 0.0,
                0.01 * (signals.start - signals.level))  # fmt: skip
    if not signals.constant_rate or signals.level < 0.02 * abs(signals.start) or change > clear:
        return []
    if not long_step:
        reason = (f"The loss no longer falls ({written(before)}, then {written(signals.level)}), at a constant rate, "
                  f"but the steps are short ({percent(ratio)} of a layer's length): it may have arrived.")
        return [CannotTell("plateau", reason, "Cut the rate to a third for some hundred steps: if the loss drops at "
                           "once, the rate held it up.")]
    middle = round(0.5 * len(signals))
    return [Finding("plateau", "The loss fell quickly and has stayed at a level since.",
                    (f"Mean loss {written(before)} in the third quarter, {written(signals.level)} in the last: a fall "
                     f"of {written(change / error)} standard errors. It had begun at {written(signals.start)}.",
                     f"The rate stayed at {written(signals.rate[-1])}.",
                     f"Each step still moves a typical layer by {percent(ratio)} of its length, and leads nowhere."),
                    "The steps are too long to settle: the weights circle the minimum at a distance set by the rate.",
                    ("Let the rate decay to zero (cosine or linear).", "Or lower it to a tenth at once.",
                     "Or use a larger batch: less noise, a smaller circle.", "More steps at this rate do not help."),
                    (signals.step[middle], signals.step[-1]))]


def _broken(signals):
    """Flat soon after the start at a high level: a layer's gradient has died, or a first step overwrote a layer."""
    soon, late = float(signals.part(0.2, 0.45).mean()), float(signals.part(0.7, 1).mean())
    start = signals.readings.gradient_norm[signals.rows[:3]][:, signals.counted]
    with np.errstate(all="ignore"):
        left = signals.typical("gradient_norm", 0.5, 1)[signals.counted] / np.nanmedian(start, axis=0)
    if not np.isfinite(left).any() or late < 0.3 * abs(signals.start):
        return []
    dead = int(np.nanargmin(left))
    ratio, layer, step = signals.largest_early_move()
    if soon - late > max(0.1 * (signals.start - late), 0) or (left[dead] > DEAD and ratio < OVERWRITTEN):
        return []
    died = f"of what it was{': it hardly learns any more' if left[dead] <= DEAD else ''}."
    return [Finding("plateau", "The loss fell for a few steps and has been flat since, at a high level.",
                    (f"Mean loss {written(soon)} between 20% and 45% of the run, {written(late)} in the last 30%; it "
                     f"had begun at {written(signals.start)}.",
                     f"The gradient of {signals.readings.layers[signals.counted[dead]]} fell to {percent(left[dead])} "
                     + died,
                     f"Step {step} moved {layer} by {percent(ratio)} of its length; 0.1% to 1% is usual."),
                    "The first steps were so long that they drove layers where no gradient passes. Decay cannot bring "
                    "them back.",
                    ("Start again with a tenth of the rate.", "Or warm up over more steps.",
                     "Pre-LN instead of post-LN bears longer first steps.", "Clipping does not shorten Adam's steps."),
                    (step, signals.step[-1]))]
