"""Rules on facts: clips, schedules, states, decay and momentum that do not fit the run."""

import numpy as np

from adamkit.diagnostics.clipping import EARLY
from adamkit.diagnostics.speaking import found
from adamkit.numbers import percent, written

#: Losses or steps from which on it is no accident.
WAITED = 20


def clips(signals):
    """clipped_too_early, clip_before_unscale, clip_too_tight."""
    facts, readings = signals.facts, signals.readings
    undone = facts.get("undone")
    if undone is not None and undone < EARLY and facts.get("steps", 0) >= 5:
        return [found(signals, "clipped_too_early", "Clipping comes before the gradients.",
                      ["When the gradients were clipped they were missing or 0; at the step they had norms up to "
                       f"{written(np.nanmax(signals.whole_gradient))}."], certainty="certain")]
    if undone and undone > 8 and _power_of_two(undone):
        return [found(signals, "clip_before_unscale", "Clipping acts on gradients that a scaler has multiplied.",
                      [f"Between clip and step the gradients became {written(undone)} times smaller."],
                      certainty="certain")]
    share = readings.clipped[np.isfinite(readings.clipped)]
    if len(share) >= WAITED:
        always, taken = float((share > 0).mean()), float(np.median(share))
        limit = None
    else:
        limit, always, taken = _inferred(signals)
        if limit is not None and not _round(limit):
            power = next((k for k in range(3, 25) if _round(limit * 2**k)), None)
            if power:
                return [found(signals, "clip_before_unscale", "Clipping acts on gradients that a scaler has "
                              "multiplied.", [f"At {percent(always)} of the steps the norm of all gradients is "
                              f"{written(limit)}: that is {written(limit * 2**power)} divided by 2 to the {power}."])]
    if signals.scale_free or always < 0.8 or taken < 0.9 or signals.fell > 0.5 or not signals.measures:
        return []
    size = "" if limit is None else f", to a norm of {written(limit)}"
    return [found(signals, "clip_too_tight", "Clipping takes nearly all of nearly every gradient.",
                  [f"It acts at {percent(always)} of the steps and takes {percent(taken)} of the gradient{size}.",
                   f"The loss went from {written(signals.start)} to {written(signals.level)}."], certainty="certain")]


def _inferred(signals):
    """(limit, share of steps at it, share taken) of a clip that nobody told of: the norm is the same at most steps."""
    norms = signals.whole_gradient[np.isfinite(signals.whole_gradient) & (signals.whole_gradient > 0)]
    half = norms[len(norms) // 2 :]
    if len(norms) < WAITED:
        return None, 0.0, 0.0
    limit = float(np.median(half))
    same = float((np.abs(half / limit - 1) < 1e-3).mean())
    factors = [probe["factor"] for probe in signals.facts.get("probes", ()) if probe["factor"]]
    factor = float(np.median(factors)) if factors else 1.0
    return (limit, same, 1 - 1 / max(factor, 1.0)) if same >= 0.8 and factor > 1.5 else (None, 0.0, 0.0)


def _power_of_two(value):
    return abs(np.log2(value) - round(float(np.log2(value)))) < 0.01


def _round(value):
    """True for numbers that people write: two figures at most."""
    return abs(float(f"{value:.1e}") / value - 1) < 3e-4


def schedule(signals):
    """schedule_ran_out: the rate is next to nothing for a good part of the run, or rises again from there."""
    rate = signals.readings.rate
    if len(rate) < 2 * WAITED or not np.isfinite(rate).all() or rate.max() <= 0:
        return []
    height, top = rate.max(), int(np.argmax(rate >= 0.999 * rate.max()))
    again = _again(rate, height)
    low = rate < 1e-4 * height
    gone = len(rate) - 1 - int(np.flatnonzero(~low)[-1])
    little = signals.measures and signals.fell > 0.6
    if gone >= max(0.25 * len(rate), WAITED) and not little:
        return [found(signals, "schedule_ran_out", "The rate is gone, and the run goes on.",
                      [f"The rate was {written(height)} at its height, fell below a ten-thousandth of that at step "
                       f"{len(rate) - gone + 1} and is {written(rate[-1])} now: {percent(gone / len(rate))} of the "
                       "steps were taken with next to nothing.",
                       f"The loss went from {written(signals.start)} to {written(signals.level)}."],
                      (len(rate) - gone + 1, len(rate)), certainty="certain")]
    if again is not None and again > top:
        return [found(signals, "schedule_ran_out/again", "The rate fell to next to nothing, and rises again.",
                      [f"It was {written(height)} at its height, {written(rate[again])} at step {again + 1}, and "
                       f"{written(rate[again:].max())} after that, without a jump."], (again + 1, len(rate)))]
    return []


def _again(rate, height):
    """Row of the first low from which the rate climbs again, step by step; None if there is none."""
    lows = np.flatnonzero(rate <= 0.01 * height)
    lows = lows[lows > int(np.argmax(rate >= 0.9 * height))]
    if not len(lows):
        return None
    top = int(np.argmax(rate >= 0.999 * height))
    if rate[0] <= 0.02 * height and abs(lows[0] - 2 * top) <= 0.2 * lows[0]:
        return None  # up from the start as slowly as down: a cycle that is meant, and no warmup
    rest = rate[lows[0]:]
    climbs = rest.max() > 0.3 * height and np.diff(rest).max() < 0.25 * height
    return int(lows[0]) if climbs else None


def state(signals):
    """state_reset: the optimizer was made anew, again and again, or once with a jump of the loss."""
    facts = signals.facts
    resets = sorted({*facts.get("resets", ()), *(entry[0] for entry in facts.get("replaced", ())
                                                  if entry[1] == entry[2])})
    if len(resets) >= 2 or (resets and signals.jumped(resets[0])):
        return [found(signals, "state_reset", "The optimizer began anew while the run went on.",
                      [f"Its state was lost by step{'s' if len(resets) > 1 else ''} "
                       f"{', '.join(map(str, resets[:5]))}{' …' if len(resets) > 5 else ''}."], resets[:5],
                      certainty="certain" if len(resets) > 1 else "likely")]
    return _resumed(signals)


def _resumed(signals):
    """A model that knows much, an optimizer that knows nothing, and a loss that goes up before it comes back."""
    if not signals.enough or signals.readings.about.get("counted") != 0 or not signals.chance:
        return []
    early = signals.loss[: max(12, len(signals) // 8)]
    first, humps = float(early[:3].mean()), np.convolve(early, np.ones(3) / 3, mode="valid")
    top = int(humps.argmax())
    rise = float(humps[top]) - first
    least = max(0.25 * first, 4 * signals.spread / np.sqrt(3), 0.03 * signals.chance)
    if first > 0.6 * signals.chance or rise < least or signals.level > first + 0.3 * rise:
        return []
    return [found(signals, "state_reset", "The optimizer begins anew on a model that was trained before.",
                  [f"The first losses were {written(first)}, far below the {written(signals.chance)} of a model that "
                   f"knows nothing; they rose to {written(float(humps[top]))} about step {signals.step[top + 1]} and "
                   f"came back to {written(signals.level)}.",
                   "The optimizer had counted no step before."], (signals.step[0], signals.step[top + 1]))]


def decay(signals):
    """weight_decay_too_high: the weights shrink, and the decay is why."""
    readings = signals.readings
    hypers = readings.about.get("hypers") or {}
    strength = hypers.get("weight_decay") or 0.0
    penalty = (signals.facts.get("graph") or {}).get("besides")
    sizes = readings.parameter_norm[:, signals.counted]
    known = np.flatnonzero(np.isfinite(sizes).all(axis=1))
    if not isinstance(strength, int | float) or not (strength > 0 or penalty) or not sizes.shape[1] or (
            len(readings) < WAITED or len(known) < 2):
        return []
    left = float(np.median(sizes[known[-1]] / sizes[known[0]]))
    shrunk = [f"A typical layer has {percent(left)} of the length that it began with.",
              f"The loss went from {written(signals.start)} to {written(signals.level)}."]
    chance = signals.chance
    if penalty and left < 0.1 and chance and signals.level > 0.9 * chance and signals.start > 2 * chance:
        return [found(signals, "weight_decay_too_high/penalty", "A penalty outweighs what the model is for.",
                      ["The loss is a cross-entropy and another term, which was the larger of the two at the start: a "
                       f"model that knows nothing has {written(chance)} without it.", *shrunk])]
    rate = float(np.nanmedian(readings.rate))
    name = readings.about.get("optimizer", "")
    apart = "AdamW" in name or hypers.get("decoupled_weight_decay") or name in ("Lion", "Muon")
    pull = float(np.median(strength * sizes[known[-len(known) // 2:]].mean(axis=0)
                           / np.maximum(signals.typical("gradient_norm", 0.5, 1)[signals.counted], 1e-30)))
    strong = rate * strength >= 0.01 if apart else pull >= 2
    if not strength or left > 0.5 or not strong or signals.fell > 0.6:
        return []
    how = (f"Each step takes {percent(rate * strength)} of every weight (rate times decay)." if apart else
           f"The decay's pull on a layer is {written(pull)} times its gradient.")
    return [found(signals, "weight_decay_too_high", "Weight decay outweighs the gradients.",
                  [f"weight_decay is {written(strength)}. " + how, *shrunk], certainty="likely")]


def sign(signals):
    """wrong_sign: the steps climb what was observed, or it falls below the least that such a loss can have."""
    kind, factor = (signals.facts.get("graph") or {}).get("never_below_0") or (None, False)
    hypers = signals.readings.about.get("hypers") or {}
    if kind is None or len(signals) < 5:
        return []
    course = f"The loss is {kind} and went from {written(signals.start)} to {written(signals.level)}"
    if hypers.get("maximize") and signals.level > 1.5 * signals.start:
        return [found(signals, "wrong_sign/maximize", "The optimizer climbs the loss.",
                      ["maximize=True is set.", course + "."], certainty="certain")]
    if factor and (signals.loss < 0).all() and signals.level < 5 * signals.start:
        return [found(signals, "wrong_sign/factor", "The loss falls below 0 without end.",
                      [course + "; such a loss is never below 0, unless a factor turns it round."])]
    if not factor and signals.loss.min() < -1e-6 and signals.level < 0:
        return [found(signals, "wrong_sign/targets", "The loss is below the least that it can be.",
                      [course + "; it is never below 0 if its targets are what it takes."], certainty="certain")]
    return []


def momentum(signals):
    """betas_swapped; rate_too_high by a momentum that adds up hundreds of gradients, where the run shows it."""
    hypers = signals.readings.about.get("hypers") or {}
    betas = hypers.get("betas") or ()
    if len(betas) == 2 and all(isinstance(beta, int | float) for beta in betas) and betas[0] > max(betas[1], 0.98):
        return [found(signals, "betas_swapped", "β₁ is larger than β₂.",
                      [f"betas=({written(betas[0])}, {written(betas[1])}): the direction is a mean over "
                       f"{written(1 / max(1 - betas[0], 1e-12))} gradients, and its size is set by the last "
                       f"{written(1 / max(1 - betas[1], 1e-12))}."], certainty="certain")]
    value, steps = hypers.get("momentum"), len(signals)
    if signals.scale_free or not isinstance(value, int | float) or value < 0.985 or steps < 2 * WAITED:
        return []
    if hypers.get("dampening"):  # takes off what the momentum adds: the steps are no longer than without both
        return []
    best, end = float(signals.smooth.min()), float(signals.part(0.9, 1).mean())
    if best < 0 or signals.level < 0.1 * signals.start or (end < 1.3 * best and signals.level < 0.5 * signals.start):
        return []
    return [found(signals, "rate_too_high/momentum", "The momentum is very long, and the loss is no good.",
                  [f"Momentum {written(value)} adds up {written(1 / (1 - value))} gradients: at a rate of "
                   f"{written(signals.rate[-1])} a step is as long as one at "
                   f"{written(signals.rate[-1] / max(1 - value, 1e-12))}.",
                   f"The loss went from {written(signals.start)} down to {written(best)} and ended at "
                   f"{written(signals.level)}."])]


def notes(signals):
    """A sentence on groups whose rates part on the way: a schedule by hand reaches one of them."""
    first, last = signals.facts.get("group_rates") or ((), ())
    if len(first) < 2 or len(first) != len(last) or not all(rate > 0 for rate in (*first, *last)):
        return ()
    change = np.array(last) / np.array(first)
    kept = np.flatnonzero(np.abs(change - 1) < 1e-6)
    if not len(kept) or not change.min() < 0.2:
        return ()
    fell = int(change.argmin())
    return (f"The rate of parameter group {fell} went from {written(first[fell])} to {written(last[fell])}, that of "
            f"group {kept[0]} stayed at {written(first[kept[0]])}.",)
