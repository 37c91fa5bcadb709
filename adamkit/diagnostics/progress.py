"""Rules for runs that do not get on: flat from the start, stuck on a plateau, or slow."""

import numpy as np

from adamkit.diagnostics.report import CannotTell
from adamkit.diagnostics.signals import memory
from adamkit.diagnostics.speaking import float16, found
from adamkit.numbers import percent, written

#: A run that fell by less than this share of its start has not moved.
MOVED = 0.05
#: Update/weight ratio from which steps are long enough to hold a loss up; and from which, of a rule that gives each
#: weight a step of about the rate, they surely are. (SGD's shrink with the gradient, and tell less.)
LONG_STEP, VERY_LONG = 5e-3, 8e-3
#: Steps from which on the means of jittery quarters tell a level from a slow fall.
QUARTERS = 400
#: A path of all steps together, in lengths of a layer, that changes little.
SHORT_PATH = 0.1
#: Mean step, in lengths of a layer, below which a level loss may be one that the rate never moved.
SHORT = 5e-4
#: A layer whose gradient fell to this share of its start, while the loss is high, is dead.
DEAD = 0.02
#: Steps of a layer, in its lengths, that are too short to overshoot.
STEADY = 0.03
#: A step that moves a layer by this share of its length leaves little of what it was.
OVERWRITTEN = 0.5


def flat(signals):
    """flat_from_start: the loss hardly moves, at chance, or with steps too short for an untrained model."""
    if not signals.enough or not signals.measures:
        return []
    first = float(signals.part(0, 0.1).mean())
    away = np.abs(signals.smooth - first).max() / abs(first)
    at_chance = signals.chance is not None and abs(signals.level / signals.chance - 1) < 0.15
    if signals.fell >= MOVED or first - signals.level >= MOVED * first or away >= (4 if at_chance else 2) * MOVED:
        return []
    path = signals.path
    evidence = [f"Mean loss of the first tenth {written(first)}, of the last quarter {written(signals.level)}.",
                f"{signals.together} a typical layer moved by {percent(path)} of its length, "
                f"at rates from {written(signals.rate.min())} to {written(signals.rate.max())}."]
    steps = (signals.step[0], signals.step[-1])
    if at_chance:
        evidence.append(f"A classifier that knows nothing has {written(signals.chance)}.")
    ratio, layer, step = signals.largest_early_move()
    if ratio >= OVERWRITTEN:
        evidence.append(f"Step {step} moved the layer {layer} by {percent(ratio)} of its length; 0.1% to 1% is usual.")
        return [found(signals, "rate_too_high", "The first steps threw the weights away, and the loss is stuck.",
                      evidence, steps)]
    if path < SHORT_PATH and signals.fresh is not False:
        return [found(signals, "flat_from_start/short", "The loss has hardly moved since the first step.", evidence,
                      steps)]
    if path >= SHORT_PATH and (at_chance or signals.fresh is None):
        long = float16(signals) or ("/long" if path / len(signals) > 0.03 else "")
        return [found(signals, "flat_from_start" + long, "The loss has hardly moved since the first step.", evidence,
                      steps)]
    if path < SHORT_PATH:
        return []
    return [CannotTell("flat_from_start", f"The loss stays at {written(signals.level)} while the weights move: losses "
                       "of games and of densities do that, and labels that do not belong to their rows.",
                       "Watch what the model is for (accuracy, reward); tell Monitor the number of classes=….")]


def slow(signals):
    """rate_too_low: a straight fall by very short steps, far from done."""
    if not signals.enough or not signals.measures or not signals.steady_rate or len(signals) < 60:
        return []
    path, quarters = signals.path, [float(part.mean()) for part in np.array_split(signals.loss, 4)]
    slope, bend = _line(signals)
    if signals.scale_free and abs(signals.fell) < MOVED and signals.start > 1e4:
        return [found(signals, "rate_too_low/targets", "The loss is huge, and hardly moves.",
                      [f"It began at {written(signals.start)}, the square of "
                       f"{written(np.sqrt(signals.start))} if it is a mean of squares.",
                       f"Means of the four quarters: {', '.join(map(written, quarters))}."])]
    chance = signals.chance or 0.0
    short = SHORT_PATH * (2 if 0.8 * chance < signals.level < 2 * chance else 1)  # next to chance there is far to go
    if not (path < short and slope < -4 and abs(bend) < max(3, 0.5 * abs(slope)) and 0.01 < signals.fell < 0.5
            and signals.level > 0.5 * chance):
        return []
    return [found(signals, "rate_too_low", "The loss falls evenly and slowly, by very short steps.",
                  [f"Means of the four quarters: {', '.join(map(written, quarters))}.",
                   f"{signals.together} a typical layer moved by {percent(path)} of its length, at a rate of "
                   f"{written(signals.rate[-1])}."], (signals.step[0], signals.step[-1]))]


def rises(signals):
    """wrong_sign, as a question: a loss that is never below 0 rises evenly, by steps too short to overshoot.

    Where the loss goes through weights that are trained elsewhere, there is a rival, and no question.
    """
    graph = signals.facts.get("graph") or {}
    ratios = signals.typical("update_ratio")[signals.counted]
    if not signals.enough or not signals.measures or not graph.get("never_below_0") or graph.get("others") or (
            signals.readings.events) or not (
            signals.level > 1.3 * signals.start and len(ratios) and np.nanmax(ratios, initial=0.0) < STEADY
            and _line(signals)[0] > 4):
        return []
    return [CannotTell("wrong_sign", f"The loss rises evenly, from {written(signals.start)} to "
                       f"{written(signals.level)}, by steps that are too short to overshoot: a gradient that is not "
                       "that of this loss does that (a sign, a reversal, a hook on the way), and so do data that "
                       "grow harder.",
                       "Take one step on a batch and compute its loss again: it should have fallen.")]


def _line(signals):
    """Slope and bend of the loss over the run, each in its own standard errors, as noise with a memory has them."""
    x = np.linspace(-1, 1, len(signals))
    basis = np.stack([np.ones_like(x), x, 1.5 * x**2 - 0.5])  # Legendre's: orthogonal on an even grid
    squares = (basis**2).sum(axis=1)
    weights = basis @ signals.loss / squares
    rest = signals.loss - weights @ basis
    errors = memory(rest) * rest.std() / np.sqrt(squares)
    return tuple(weights[1:] / np.maximum(errors[1:], 1e-30))


def plateau(signals):
    """plateau, broken_start: a quick fall, then a level; held up by a constant rate, or broken by the first steps."""
    if not signals.enough or not signals.measures or signals.start - signals.level < MOVED * signals.start:
        return []
    return _broken(signals) or _held_up(signals)


def _held_up(signals):
    """The level is as flat as its noise allows, the rate constant, the steps long."""
    before = float(signals.part(0.5, 0.75).mean())
    change = before - signals.level
    ratios = signals.typical("update_ratio", 0.5, 1)[signals.counted]
    ratio = float(np.nanmedian(ratios)) if np.isfinite(ratios).any() else 0.0
    # Long steps make the loss wander; eight stretches tell its scatter roughly, hence three of these errors.
    error = max(np.sqrt(2) * signals.noise, signals.wandering if ratio >= LONG_STEP else 0.0)
    clear = max(2 * np.sqrt(2) * signals.noise, 3 * signals.wandering if ratio >= LONG_STEP else 0.0,
                0.01 * (signals.start - signals.level))  # fmt: skip
    if not signals.constant_rate or signals.level < 0.02 * signals.start or change > clear:
        return []
    told = (f"Mean loss {written(before)} in the third quarter, {written(signals.level)} in the last: a change of "
            f"{written(abs(change) / error if error else 0)} standard errors. It had begun at "
            f"{written(signals.start)}.")
    held = ratio >= VERY_LONG and _relative(signals) >= 0.7 if signals.scale_free else (
        _by_rate(signals) >= 0.3 and error < 0.08 * signals.level)
    if not held or len(signals) < QUARTERS or (signals.scale_free and signals.level < 0.06 * signals.start):
        if signals.level < 0.2 * signals.start:
            return []
        if signals.path < SHORT * len(signals) and signals.scale_free:
            return [CannotTell("rate_too_low", f"The loss is level ({written(before)}, then {written(signals.level)}), "
                               f"and all steps together moved a typical layer by {percent(signals.path)} of its length "
                               "only.", "Run a hundred steps at ten times the rate: does the loss fall?")]
        if ratio < 1e-4:
            return []
        return [CannotTell("plateau", f"The loss is level at a constant rate ({written(before)}, then "
                           f"{written(signals.level)}): held up by the rate, at a floor of noise, or resting before it "
                           "falls on.", "Cut the rate to a tenth for a hundred steps: if the loss drops at once, the "
                           "rate held it up.")]
    return [found(signals, "plateau", "The loss fell quickly and has stayed at a level since.",
                  (told, f"The rate stayed at {written(signals.rate[-1])}.",
                   f"Each step still moves a typical layer by {percent(ratio)} of its length, and leads nowhere."),
                  (signals.step[round(0.5 * len(signals))], signals.step[-1]))]


def _by_rate(signals):
    """Share of the level that the rate holds up, for SGD on a bowl: the excess is η⟨‖g‖²⟩/4 there, over 1 − momentum.

    From ⟨θ·∇L⟩ = η⟨‖g‖²⟩/2 where the weights are at rest in the mean (S. Yaida, "Fluctuation-dissipation relations for
    stochastic gradient descent", 2019), and L − L* = ½(θ − θ*)·∇L on a quadratic.
    """
    momentum = (signals.readings.about.get("hypers") or {}).get("momentum") or 0.0
    squares = np.square(signals.whole_gradient[signals.rows][len(signals) // 2 :]).mean()
    return float(signals.rate[-1] * squares / 4 / max(1 - momentum, 1e-3) / signals.level)


def _relative(signals):
    """Scatter of the losses in the second half, as a share of their level."""
    half = slice(len(signals) // 2, None)
    return float(signals.residual[half].std() / max(signals.level, 1e-30))


def _broken(signals):
    """Flat soon after the start at a high level: a layer's gradient has died, or a first step overwrote a layer."""
    soon, late = float(signals.part(0.2, 0.45).mean()), float(signals.part(0.7, 1).mean())
    start = signals.readings.gradient_norm[signals.rows[:3]][:, signals.counted]
    with np.errstate(all="ignore"):
        left = signals.typical("gradient_norm", 0.5, 1)[signals.counted] / np.nanmedian(start, axis=0)
    ratio, layer, step = signals.largest_early_move()
    if not np.isfinite(left).any() or late < 0.3 * signals.start or ratio < LONG_STEP * 10:
        return []
    dead, overwritten = int(np.nanargmin(left)), ratio >= OVERWRITTEN
    gained = (soon - late) / max(signals.start - late, 1e-30)
    if gained > (0.15 if overwritten else 0.1) or (left[dead] > DEAD and not overwritten):
        return []
    died = f"of what it was{': it hardly learns any more' if left[dead] <= DEAD else ''}."
    return [found(signals, "broken_start", "The loss fell for a few steps and has been flat since, at a high level.",
                  (f"Mean loss {written(soon)} between 20% and 45% of the run, {written(late)} in the last 30%; it "
                   f"had begun at {written(signals.start)}.",
                   f"The gradient of {signals.readings.layers[signals.counted[dead]]} fell to {percent(left[dead])} "
                   + died,
                   f"Step {step} moved {layer} by {percent(ratio)} of its length; 0.1% to 1% is usual."),
                  (step, signals.step[-1]))]
