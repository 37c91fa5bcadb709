"""Rules on facts: steps that are not taken, weights that do not move or that another hand moves, modes."""

import numpy as np

from adamkit.diagnostics.gradient_rules import copies
from adamkit.diagnostics.speaking import found, listed
from adamkit.numbers import percent, written

#: Losses without a step from which on it is no accident.
WAITED = 20
#: Share of the steps of single weights that rounding undoes, from which on it holds the run up.
LOST = 0.8


def steps(signals):
    """no_steps, steps_skipped: losses come, steps do not."""
    facts = signals.facts
    waiting, taken = facts.get("unstepped", 0), facts.get("steps", 0)
    usual = facts.get("losses", 0) / taken if taken else 1
    bad = [look for look in facts.get("looks", ()) if look["bad"]]
    if (waiting >= 5 and not taken) or waiting >= max(WAITED, 6 * usual):
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
    if facts.get("idle") and taken >= WAITED:
        return [found(signals, "no_steps/one", "One of the optimizers takes no steps.",
                      [f"Gradients came to {listed(names)} in {taken} steps of the others, and {kind}, which holds "
                       f"{'them' if len(names) > 1 else 'it'}, never took one." for kind, names in facts["idle"]],
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
    if share >= LOST and signals.fell < 0.2:
        return [found(signals, "updates_lost", "Most updates are lost to rounding.",
                      [f"In {len(lost)} parameters of low precision, {percent(share)} of the elements that had a "
                       "gradient stayed where they were at a step, on average.",
                       f"The loss went from {written(signals.start)} to {written(signals.level)}."],
                      certainty="certain")]
    highest = float(np.nanmax(readings.rate)) if np.isfinite(readings.rate).any() else np.nan
    seen = np.isfinite(moved).any(axis=1)  # a warmup may begin at 0, and with ``every`` that step be the only one
    if (np.nanmax(moved) > 0 and highest != 0) or (highest > 0 and not np.nanmax(readings.rate[seen]) > 0):
        return []
    of = f"{seen.sum()} of {count} steps that were measured," if seen.sum() < count else f"{count} steps"
    return [found(signals, "weights_do_not_move", "Not one weight has moved.",
                  [f"In {of} with gradients up to {written(np.nanmax(signals.whole_gradient))} every weight "
                   f"stayed where it was.", f"The largest rate was {written(highest)}."], certainty="certain")]


def unfrozen(signals):
    """frozen: weights that were frozen on the way, and that the optimizer goes on moving."""
    names = signals.frozen_and_moving
    if not names:
        return []
    step = min(step for step, name, on in signals.facts["flips"] if not on and name in names)
    return [found(signals, "frozen/moving", "Frozen weights still move.",
                  [f"requires_grad was switched off at step {step} for {listed(names)}; a gradient is still there at "
                   "each step, and in the last quarter of the run their layers went on moving."], (step,),
                  certainty="certain")]


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
    if (on and off < 0.3 * count) or (since == 1 and root):
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
    hit = [step for step in touched["steps"] if signals.jumped(step)]
    whole = touched["count"] >= 2 and touched["most"] > 0.5  # most of the weights, again and again
    stuck = (often > 0.5 or whole) and signals.measures and signals.fell < 0.1
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
    theirs = sum(steps for *_, steps in facts.get("foreign", ()))
    if touched["count"] > theirs and not copies(signals):
        often = "once, before" if touched["count"] == 1 else f"{touched['count']} times, first before"
        out.append(f"Weights were changed between the steps {often} step {touched['steps'][0]}: a reload, an average "
                   "or a clamp does that.")
    for name, since, steps in facts.get("foreign", ()):
        if steps:
            out.append(f"Another optimizer, {name}, has taken {steps} step{'' if steps == 1 else 's'} with weights of "
                       f"this model since step {max(since, 1)}.")
    both = facts.get("doubly")
    if both:
        out.append(f"Two optimizers hold the same weights, {listed(both)}: each moves them by averages of its own.")
    flips = facts.get("flips", ())
    for now in (False, True):
        names = [name for _, name, state in flips if state is now]
        if names:
            first = next(step for step, _, state in flips if state is now)
            out.append(f"requires_grad was switched {'on' if now else 'off'} at step {first} for {listed(names)}.")
    return tuple(out)
