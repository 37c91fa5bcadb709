"""Rules on facts: steps that are not taken, weights that do not move, modes, clips, schedules and states."""

import numpy as np

from adamkit.diagnostics.signals import percent, written
from adamkit.diagnostics.speaking import found, listed

#: Losses without a step from which on it is no accident.
WAITED = 20


def steps(signals):
    """no_steps, steps_skipped: losses come, steps do not."""
    facts = signals.facts
    waiting, taken = facts.get("unstepped", 0), facts.get("steps", 0)
    usual = facts.get("losses", 0) / taken if taken else 1
    bad = [look for look in facts.get("looks", ()) if look["bad"]]
    if waiting >= 5 and not taken or waiting >= max(WAITED, 6 * usual):
        first, last = facts["ends"]
        evidence = [f"{facts['losses']} losses were observed and {taken} steps taken; the last {waiting} losses, from "
                    f"{written(first)} to {written(last)}, were followed by none."]
        if bad and len(bad) >= len(facts["looks"]) / 2:
            evidence.append(f"Looked at {len(facts['looks'])} times, the gradients held NaN or infinity {len(bad)} "
                            "times.")
            return [found(signals, "steps_skipped", "The optimizer's steps are skipped.", evidence,
                          certainty="certain")]
        return [found(signals, "no_steps/stopped" if taken else "no_steps", "The optimizer takes no steps" +
                      (f" since step {taken}." if taken else "."), evidence, (taken,) if taken else (),
                      certainty="certain")]
    if len(bad) >= 3 and facts["losses"] > 3 * taken:
        return [found(signals, "steps_skipped", "Most of the optimizer's steps are skipped.",
                      [f"{facts['losses']} losses were observed and {taken} steps taken; {len(bad)} of "
                       f"{len(facts['looks'])} looks in between found NaN or infinity in the gradients."])]
    return []


def still(signals):
    """weights_do_not_move, updates_lost: steps without a trace."""
    readings, facts = signals.readings, signals.facts
    moved, count = readings.update_ratio, len(readings)
    alive = facts.get("alive") or {}
    if count < 5 or not any(alive.values()) or not np.isfinite(moved).any() or facts["touched"]["count"] > count / 2:
        return []
    lost = facts.get("lost") or {}
    share = float(np.median(list(lost.values()))) if lost else 0.0
    if share >= 0.9 and signals.fell < 0.2:
        return [found(signals, "updates_lost", "Most updates are lost to rounding.",
                      [f"In {len(lost)} parameters of low precision, {percent(share)} of the elements that had a "
                       "gradient stayed where they were at a step, on average.",
                       f"The loss went from {written(signals.start)} to {written(signals.level)}."],
                      certainty="certain")]
    highest = float(np.nanmax(readings.rate)) if np.isfinite(readings.rate).any() else np.nan
    if np.nanmax(moved) > 0 and highest != 0:
        return []
    return [found(signals, "weights_do_not_move", "Not one weight has moved.",
                  [f"In {count} steps with gradients up to {written(np.nanmax(signals.whole_gradient))} every weight "
                   f"stayed where it was.", f"The largest rate was {written(highest)}."], certainty="certain")]


def modes(signals):
    """eval_mode, validation_in_train_mode, tiny_batches."""
    seen, count = signals.facts.get("modes") or {}, len(signals.readings)
    out = _evaluation(signals, seen, count) if seen.get("sensitive") and count >= 5 else []
    passes = seen.get("validation")
    if passes and passes[1] > passes[0]:
        out.append(found(signals, "validation_in_train_mode", "The validation runs in training mode.",
                         [f"Batch norm counted {passes[0]} training passes for a step, and at least {passes[1]} where "
                          f"a validation was observed ({passes[2]} of them)."], certainty="certain"))
    sizes = seen.get("sizes") or []
    if sizes:
        rows, values = (int(np.median([size[part] for size in sizes])) for part in (0, 1))
        if rows <= 2 or values <= 4:
            out.append(found(signals, "tiny_batches", f"Batch norm sees {rows} row{'s' if rows > 1 else ''} at a time.",
                             [f"Each channel's mean and spread come from {values} values of {rows} rows."],
                             certainty="certain"))
    return out


def _evaluation(signals, seen, count):
    changes = seen["changes"]
    ends = [change[0] for change in changes[1:]] + [count + 1]
    off = sum(end - step for (step, _, on), end in zip(changes, ends) if not on)
    since, root, on = changes[-1]
    if on and off < 0.3 * count or (since == 1 and root):
        return []
    if not on and since > 1 and count + 1 - since >= 10:
        symptom, steps = f"Since step {since} the model is trained in evaluation mode.", (since, count)
    elif off >= 0.3 * count and not (root and since == 1):
        symptom, steps = f"{off} of {count} steps were taken in evaluation mode.", (1, count)
    else:
        return []
    return [found(signals, "eval_mode", symptom, [f"{seen['sensitive']} modules with dropout or batch norm were in "
                  f"evaluation mode at {off} of {count} steps" + (", from the first one on." if changes[0][2] is False
                  else f"; until step {changes[1][0] - 1} they were in training mode.")], steps, certainty="certain")]


def clips(signals):
    """clip_before_unscale, clip_too_tight."""
    facts, readings = signals.facts, signals.readings
    undone = facts.get("undone")
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
    rest = rate[lows[0]:]
    climbs = rest.max() > 0.3 * height and np.diff(rest).max() < 0.25 * height
    return int(lows[0]) if climbs else None


def state(signals):
    """state_reset: the optimizer was made anew, again and again, or once with a jump of the loss."""
    facts = signals.facts
    resets = sorted({*facts.get("resets", ()), *(entry[0] for entry in facts.get("replaced", ())
                                                  if entry[1] == entry[2])})
    if len(resets) >= 2 or (resets and jumped(signals, resets[0])):
        return [found(signals, "state_reset", "The optimizer began anew while the run went on.",
                      [f"Its state was lost at step{'s' if len(resets) > 1 else ''} "
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
    if first > 0.6 * signals.chance or rise < max(0.25 * first, 4 * signals.spread / np.sqrt(3)) or (
            signals.level > first + 0.3 * rise):
        return []
    return [found(signals, "state_reset", "The optimizer begins anew on a model that was trained before.",
                  [f"The first losses were {written(first)}, far below the {written(signals.chance)} of a model that "
                   f"knows nothing; they rose to {written(float(humps[top]))} about step {signals.step[top + 1]} and "
                   f"came back to {written(signals.level)}.",
                   "The optimizer had counted no step before."], (signals.step[0], signals.step[top + 1]))]


def jumped(signals, step):
    """True if the loss lies far higher after a step than before it, by its own scatter."""
    place = int(np.searchsorted(signals.step, step))
    before, after = signals.loss[max(place - 10, 0) : place], signals.loss[place + 1 : place + 11]
    if len(before) < 5 or len(after) < 5:
        return False
    noise = max(robust(before), robust(after), 1e-12)
    return bool(np.median(after) - np.median(before) > 6 * noise / np.sqrt(5) and
                np.median(after) - np.median(before) > 0.2 * abs(signals.loss[0] - signals.loss.min()))


def robust(values):
    """Scatter about the median."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def decay(signals):
    """weight_decay_too_high: the weights shrink, and the decay is why."""
    readings = signals.readings
    hypers = readings.about.get("hypers") or {}
    strength = hypers.get("weight_decay") or 0.0
    sizes = readings.parameter_norm[:, signals.counted]
    known = np.flatnonzero(np.isfinite(sizes).all(axis=1))
    if not isinstance(strength, int | float) or strength <= 0 or len(known) < WAITED or not sizes.shape[1]:
        return []
    left = float(np.median(sizes[known[-1]] / sizes[known[0]]))
    rate = float(np.nanmedian(readings.rate))
    name = readings.about.get("optimizer", "")
    apart = "AdamW" in name or hypers.get("decoupled_weight_decay") or name in ("Lion", "Muon")
    pull = float(np.median(strength * sizes[known[-len(known) // 2:]].mean(axis=0)
                           / np.maximum(signals.typical("gradient_norm", 0.5, 1)[signals.counted], 1e-30)))
    strong = rate * strength >= 0.01 if apart else pull >= 2
    if left > 0.5 or not strong or signals.fell > 0.6:
        return []
    how = (f"Each step takes {percent(rate * strength)} of every weight (rate times decay)." if apart else
           f"The decay's pull on a layer is {written(pull)} times its gradient.")
    return [found(signals, "weight_decay_too_high", "Weight decay outweighs the gradients.",
                  [f"weight_decay is {written(strength)}. " + how,
                   f"A typical layer has {percent(left)} of the length that it began with.",
                   f"The loss went from {written(signals.start)} to {written(signals.level)}."], certainty="likely")]


def momentum(signals):
    """rate_too_high by a momentum that adds up hundreds of gradients, where the run shows it."""
    hypers = signals.readings.about.get("hypers") or {}
    value, steps = hypers.get("momentum"), len(signals)
    if signals.scale_free or not isinstance(value, int | float) or value < 0.985 or steps < 2 * WAITED:
        return []
    best = float(signals.smooth.min())
    if best < 0 or (signals.level < 1.3 * best and signals.level < 0.5 * signals.start):
        return []
    return [found(signals, "rate_too_high/momentum", "The momentum is very long, and the loss is no good.",
                  [f"Momentum {written(value)} adds up {written(1 / (1 - value))} gradients: at a rate of "
                   f"{written(signals.rate[-1])} a step is as long as one at "
                   f"{written(signals.rate[-1] / max(1 - value, 1e-12))}.",
                   f"The loss went from {written(signals.start)} down to {written(best)} and ended at "
                   f"{written(signals.level)}."])]


def elsewhere(signals):
    """changed_elsewhere: another hand writes to the weights, and it does harm."""
    facts, count = signals.facts, len(signals.readings)
    strange = set(signals.readings.about.get("strange") or ())
    for name, since, steps in facts.get("foreign", ()):
        own = set(facts["foreign_shared"].get(name, ()))
        if steps >= max(5, 0.3 * count) and own and own <= strange:
            return [found(signals, "changed_elsewhere/optimizer", "Two optimizers move the same weights.",
                          [f"{name} has taken {steps} steps since step {since} with {listed(sorted(own))}, which the "
                           "watched optimizer holds, too, and which the watched model does not have."],
                          certainty="certain")]
    touched = facts.get("touched") or {"count": 0}
    if not touched["count"]:
        return []
    often = touched["count"] / max(touched["looks"], 1)
    hit = [step for step in touched["steps"] if jumped(signals, step)]
    stuck = often > 0.5 and signals.measures and signals.fell < 0.1
    if not stuck and not (hit and len(hit) >= 0.5 * min(touched["count"], 40)):
        return []
    at = hit or touched["steps"]
    return [found(signals, "changed_elsewhere", "The weights are changed between the steps.",
                  [f"Before {touched['count']} of {touched['looks'] + 1} steps ({listed([str(s) for s in at])}) up to "
                   f"{percent(touched['most'])} of the parameters were not what the step before had left.",
                   "The loss leapt there." if hit else "The loss does not fall."], at[:5])]


def notes(signals):
    """Sentences on facts that are no disease by themselves."""
    facts, out = signals.facts, []
    if facts.get("steps") and not facts.get("losses"):
        out.append("No loss was observed: call monitor.observe(loss=…) at each step.")
    out += [f"Step {step}: {old} was replaced by {new}; the readings go on with it."
            for step, old, new in facts.get("replaced", ())[:3]]
    touched = facts.get("touched") or {"count": 0}
    if touched["count"]:
        out.append(f"Weights were changed between the steps {touched['count']} times, first before step "
                   f"{touched['steps'][0]}: a reload, an average or a clamp does that.")
    for name, since, steps in facts.get("foreign", ()):
        if steps:
            out.append(f"Another optimizer, {name}, has taken {steps} steps with the same weights since step {since}.")
    flips = facts.get("flips", ())
    for now in (False, True):
        names = [name for _, name, state in flips if state is now]
        if names:
            first = next(step for step, _, state in flips if state is now)
            out.append(f"requires_grad was switched {'on' if now else 'off'} at step {first} for {listed(names)}.")
    return tuple(out)
