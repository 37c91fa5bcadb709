"""Rules on facts: gradients that do not arrive, do not go or do not count, and the graph of the loss."""

import numpy as np

from adamkit.diagnostics.speaking import float16, found, listed
from adamkit.numbers import percent, written

#: First loss, in multiples of chance, from which the start itself is at fault.
SURE_OF_NONSENSE = 5.0
#: And from which on even if the run recovers: no model that knew something begins there.
LOST_FROM_THE_START = 20.0


class Arrived:
    """Which parameters are trained, and which of them got a gradient.

    Attributes:
        trained: names of those that an optimizer holds and that are not frozen.
        dead: those of them whose gradient was never anything but 0; ``never`` those that never had one at all.
        probes: what was seen of the gradients on arrival.
    """

    def __init__(self, signals):
        about, facts = signals.readings.about, signals.facts
        present, alive = facts.get("present") or {}, facts.get("alive") or {}
        apart = {name for part in ("frozen", "left_out", "strange") for name in about.get(part) or ()}
        self.trained = [name for name in present if name not in apart]
        self.dead = [name for name in self.trained if not alive.get(name)]
        self.never = [name for name in self.dead if not present[name]]
        self.probes = facts.get("probes") or []


def nothing(signals):
    """no_gradient, zeroed_before_step, dead_gradient: no weight gets a gradient, at no step."""
    seen, facts = Arrived(signals), signals.facts
    if facts.get("steps", 0) < 3 or not seen.trained:
        return []
    if len(seen.dead) < len(seen.trained):
        return _died(signals, seen)
    arrived = sum(probe["arrived"] > 0 for probe in seen.probes)
    alive = sum(probe["alive"] > 0 for probe in seen.probes)
    was = "missing" if len(seen.never) == len(seen.dead) else "missing or 0"
    evidence = [f"At all {facts['steps']} steps every gradient was {was}."]
    if alive:
        evidence.append(f"On arrival, looked at {len(seen.probes)} times, they were not zero {alive} times.")
        return [found(signals, "zeroed_before_step", "Gradients arrive, and are gone at the step.", evidence,
                      certainty="certain")]
    if arrived or len(seen.never) < len(seen.dead):
        evidence.append("They do arrive, and are exactly 0.")
        return [found(signals, "dead_gradient" + float16(signals), "Every gradient is exactly zero.", evidence,
                      certainty="certain")]
    evidence.append("None arrived at a weight while it was looked for.")
    return [found(signals, "no_gradient" + _why_none(facts, seen), "No gradient reaches any weight.", evidence,
                  certainty="certain")]


def _why_none(facts, seen):
    graph = facts.get("graph")
    if graph is None:
        return "/rebuilt" if facts.get("rebuilt") else ""
    missing = set(graph["missing"])
    return "/other_model" if set(seen.trained) <= missing else "/no_backward"


def _died(signals, seen):
    """All gradients are 0 from some step on."""
    whole, facts = signals.whole_gradient, signals.facts
    if signals.readings.events:
        return []
    alive = np.flatnonzero(whole > 0)
    quiet = len(whole) - 1 - (alive[-1] if len(alive) else -1)
    if quiet < max(10, 0.2 * len(whole)):
        return []
    since = len(whole) - quiet + 1
    last = [probe for probe in seen.probes if probe["step"] >= since]
    evidence = [f"The last gradient that was not 0 is that of step {since - 1}; {quiet} steps followed."]
    if any(probe["alive"] for probe in last):
        return [found(signals, "zeroed_before_step", "Gradients arrive, and are gone at the step.", evidence, (since,))]
    frozen = [name for step, name, on in facts.get("flips", ()) if not on]
    if frozen:
        evidence.append(f"requires_grad was switched off for {listed(frozen)}.")
        return [found(signals, "frozen/later", f"Since step {since} nothing is trained.", evidence, (since,))]
    if last and not any(probe["arrived"] for probe in last):
        return [found(signals, "no_gradient", f"Since step {since} no gradient reaches any weight.", evidence, (since,),
                      certainty="certain")]
    return [found(signals, "dead_gradient", f"Since step {since} every gradient is exactly zero.", evidence, (since,),
                  certainty="certain")]


def thrown(signals):
    """zeroed_before_step: the gradients of most backward passes are thrown away, because steps are rare."""
    facts = signals.facts
    probes = [probe for probe in facts.get("probes") or () if probe["passes"] >= 4]
    rare = [probe for probe in probes if probe["thrown"] >= probe["passes"] / 2]
    steps, losses = facts.get("steps", 0), facts.get("losses", 0)
    if len(rare) < 2 or len(rare) < len(probes) / 2 or losses < 4 * steps:
        return []
    return [found(signals, "zeroed_before_step/most", "The optimizer takes a step only once for many losses.",
                  [f"{losses} losses were observed and {steps} steps taken.",
                   f"Between two steps gradients were computed {rare[0]['passes']} times, and zeroed "
                   f"{rare[0]['thrown']} times before a step could use them."], certainty="certain")]


def same(signals):
    """same_loss: one forward pass serves all steps, by its loss or by its gradients."""
    facts, loss = signals.facts, signals.readings.loss
    unwritten, steps = facts.get("unwritten", 0), facts.get("steps", 0)
    if unwritten >= max(10, 0.5 * steps):
        return [found(signals, "same_loss/gradient", "The same gradients are used again and again.",
                      [f"Before {unwritten} of {steps} steps nothing had written to the gradients since the last one."],
                      certainty="certain")]
    again = facts.get("again", 0)
    fixed = len(loss) > 10 and np.isfinite(loss).all() and np.ptp(loss) == 0 and loss[0] != 0
    moved = np.nansum(signals.readings.update_ratio) > 1e-6
    told = again > 0.5 * max(facts.get("losses", 0), 10) and not np.nanstd(loss) > 0  # a graph may be replayed
    if not (told or (fixed and moved)):
        return []
    return [found(signals, "same_loss", "The loss is exactly the same at each step.",
                  [f"It was {written(loss[0])} at step 1 and {written(loss[-1])} at step {len(loss)}, while the "
                   "weights moved." if fixed else "One and the same tensor was observed again and again.",
                   *([f"The same tensor was observed {again} times more."] if again else [])],
                  certainty="certain" if again else "likely")]


def some(signals):
    """cut_off, dead_gradient: layers that the optimizer holds, and that no gradient reaches."""
    seen, facts = Arrived(signals), signals.facts
    if facts.get("steps", 0) < 5 or not seen.dead or len(seen.dead) == len(seen.trained):
        return []
    out, used = [], facts.get("used") or {}
    cut = [name for name in seen.never if used.get(name.rpartition(".")[0]) is not None]
    if cut:
        layers = list(dict.fromkeys(name.rpartition(".")[0] for name in cut))
        graph = any(used[layer] for layer in layers)
        out.append(found(signals, "cut_off", "Some layers are used, and no gradient comes back to them.",
                         [f"In {facts['steps']} steps no gradient came to {listed(layers)}, which the optimizer holds "
                          "and the model calls.", "What they give " + ("had a graph, which is cut behind them." if graph
                          else "had no graph: they run under no_grad, or on inputs without one and frozen.")],
                         certainty="certain"))
    still = [name for name in seen.dead if name not in seen.never]
    layers = dict.fromkeys(name.rpartition(".")[0] for name in still)
    matrices = set(signals.readings.about.get("matrices") or ())
    whole = [layer for layer in layers if layer in matrices and all(
        name in still for name in seen.trained if name.rpartition(".")[0] == layer)]
    if whole:
        out.append(found(signals, "dead_gradient", "Some layers get gradients of exactly zero.",
                         [f"In {facts['steps']} steps the gradient of {listed(whole)} was 0 throughout."],
                         certainty="certain"))
    return out


def stale(signals):
    """stale_gradients: the old gradient is still there when the new one arrives."""
    probes = [probe for probe in Arrived(signals).probes if probe["step"] > 1 and probe["arrived"]]
    held = [probe for probe in probes if probe["held"] > 0]
    last = next((place for place, probe in enumerate(reversed(probes)) if not probe["held"]), len(probes))
    if len(held) < 2 or (len(held) < 0.5 * len(probes) and last < 3) or not all(probe["found"] for probe in held):
        return []
    since = f" since step {probes[-last]['step']}" if 3 <= last < len(probes) else ""
    return [found(signals, "stale_gradients", f"Gradients are not zeroed between the steps{since}.",
                  [f"Looked at {len(probes)} times, the gradient of the step before was still there {len(held)} times "
                   "when the next one arrived, and that was added to it.",
                   f"The norm of all gradients was {written(signals.whole_gradient[0])} at step 1 and at most "
                   f"{written(np.nanmax(signals.whole_gradient))}."], certainty="certain")]


def outside(signals):
    """not_in_optimizer, not_registered, frozen: weights that nothing trains."""
    return _left_out(signals) + _strangers(signals) + _frozen(signals)


def copies(signals):
    """True if what the optimizer holds instead of the model's weights is trained, and they are changed after it."""
    facts, strange = signals.facts, signals.readings.about.get("strange") or ()
    alive, touched = facts.get("alive") or {}, facts.get("touched") or {"count": 0}
    return bool(len(strange) > 0 and all(alive.get(name) for name in strange)
                and touched["count"] > 0.5 * touched["looks"] > 0)


def _left_out(signals):
    about, facts = signals.readings.about, signals.facts
    if copies(signals):
        return []
    left, alive = about.get("left_out") or [], facts.get("alive")
    fresh = set(facts.get("fresh") or ())
    fed = [name for name in left if alive is None or alive.get(name)]
    new = about.get("newcomers") or []
    if not fed and not new:
        return []
    thawed = sorted({name for _, name, on in facts.get("flips", ()) if on} & set(fed))
    strange = about.get("strange") or []
    young = sorted({name for name in fed if {name, name.rpartition(".")[0] + ".weight"} & fresh})
    evidence = [f"No optimizer was given {listed(new or thawed or fed)}; "
                f"{'they are' if len(new or thawed or fed) > 1 else 'it is'} trainable."]
    if strange:
        evidence.append(f"The optimizer holds {len(strange)} parameter{'s' if len(strange) > 1 else ''} that the model "
                        "does not have.")
    if thawed:
        evidence.append("requires_grad was switched on for them during the run.")
    if young:
        evidence.append(f"{listed(young)} still {'have' if len(young) > 1 else 'has'} the numbers of a fresh start.")
    if alive is not None and not (new or strange or thawed or young):
        return []
    return [found(signals, "not_in_optimizer", "Trainable weights are in no optimizer.", evidence,
                  certainty="certain" if new or strange or thawed or alive is None else "likely")]


def _strangers(signals):
    shapes, alive = signals.facts.get("strangers") or [], signals.facts.get("alive") or {}
    missing = (signals.facts.get("graph") or {}).get("missing") or []
    if not shapes or (len(missing) >= len(shapes) and all(alive.get(name) for name in missing)):
        return []  # the second: what the loss does not reach has gradients all the same, by copies of the weights
    sizes = ", ".join(" × ".join(map(str, shape)) for shape in shapes[:3])
    return [found(signals, "not_registered", "The loss depends on weights that the model does not list.",
                  [f"{len(shapes)} matri{'ces' if len(shapes) > 1 else 'x'} in the loss's graph ({sizes}) "
                   f"{'are' if len(shapes) > 1 else 'is'} trainable, {'look' if len(shapes) > 1 else 'looks'} "
                   "untrained, and are in neither model.parameters() nor any optimizer."], certainty="certain")]


def _frozen_and_fresh(signals):
    """Names of the frozen parameters that look untrained; what had a gradient meanwhile is fresh no more."""
    facts = signals.facts
    trained = {name for name, steps in (facts.get("alive") or {}).items() if steps}
    return sorted(set(signals.readings.about.get("frozen") or ()) & set(facts.get("fresh") or ()) - trained)


def _frozen(signals):
    """Untrained layers that are frozen, or trained ones that were frozen on the way, while the loss stays high."""
    about, facts = signals.readings.about, signals.facts
    frozen, high = set(about.get("frozen") or ()), signals.measures and signals.fell < 0.3
    young = _frozen_and_fresh(signals)
    off = sorted({name for _, name, on in facts.get("flips", ()) if not on} & frozen - set(signals.frozen_and_moving))
    matrices = [name for name in (facts.get("present") or {}) if name.endswith("weight")]
    if not high or not signals.enough:
        return []
    if off and len(off) >= len(frozen) / 2:
        step = min(step for step, name, on in facts["flips"] if not on and name in off)
        return [found(signals, "frozen/later", f"At step {step} weights were frozen, and stayed so.",
                      [f"requires_grad was switched off for {listed(off)}.",
                       f"The loss went from {written(signals.start)} to {written(signals.level)}."], (step,))]
    if len(young) >= max(1, len(matrices) / 2):
        return [found(signals, "frozen", "Most of the model is frozen, and was never trained.",
                      [f"requires_grad is off for {listed(young)}, whose numbers are those of a fresh start.",
                       f"The loss went from {written(signals.start)} to {written(signals.level)}."])]
    return []


def loss(signals):
    """wrong_output, broadcast_loss, bad_start: what the loss's graph and its first value say."""
    graph = signals.facts.get("graph") or {}
    if graph.get("broadcast"):
        inner, outer = (" × ".join(map(str, shape)) for shape in graph["broadcast"])
        return [found(signals, "broadcast_loss", "Each output is compared with the targets of all rows.",
                      [f"The model gives {inner}, and the loss compares {outer} numbers."], certainty="certain")]
    if graph.get("misfit"):
        made, taken = graph["misfit"]
        evidence = [f"In the graph of the loss, {made} feeds {taken}."]
        if signals.chance and len(signals):
            evidence.append(f"A model that knows nothing has {written(signals.chance)}; the loss went from "
                            f"{written(signals.start)} to {written(signals.level)}.")
        return [found(signals, "wrong_output", "The model's output is not what the loss expects.", evidence,
                      certainty="certain")]
    if not signals.readings.events and signals.chance and len(signals) and not graph.get("besides") and (
            signals.start > LOST_FROM_THE_START * signals.chance
            or (signals.start > SURE_OF_NONSENSE * signals.chance and signals.level > 0.5 * signals.chance)):
        return [found(signals, "bad_start", "The first loss is far above chance.",
                      [f"It was {written(signals.start)}; a model that knows nothing has {written(signals.chance)}."],
                      signals.step[:1])]
    return []


def notes(signals):
    """Sentences on gradients and weights that may be as meant."""
    out, seen, facts, about = [], Arrived(signals), signals.facts, signals.readings.about
    used = facts.get("used") or {}
    idle = [layer for layer in dict.fromkeys(name.rpartition(".")[0] for name in seen.never)
            if layer in used and used[layer] is None]
    if idle and len(seen.dead) < len(seen.trained):
        out.append(f"The model never calls {listed(idle)}; the optimizer holds {'them' if len(idle) > 1 else 'it'}.")
    fed = [name for name in about.get("left_out") or () if (facts.get("alive") or {}).get(name)]
    if copies(signals):
        out.append(f"The optimizer holds {len(about['strange'])} parameters that the model does not have. They get "
                   "gradients, and the model's own weights are changed between the steps: so it is where a half "
                   "precision is trained by copies of a higher one.")
    elif fed:
        out.append(f"Gradients arrive at {listed(fed)}, which no optimizer holds: requires_grad_(False) saves the work "
                   "if that is meant.")
    young = _frozen_and_fresh(signals)
    if young:
        out.append(f"{listed(young)} {'are' if len(young) > 1 else 'is'} frozen and looks untrained.")
    factor = signals.chance and len(signals) and signals.start / signals.chance
    if factor and factor > 2 and not (facts.get("graph") or {}).get("besides"):
        out.append(f"The first loss was {written(signals.start)}; a model that knows nothing has "
                   f"{written(signals.chance)}: {percent(factor)} of that is a rough start, unless it was trained "
                   "before.")
    return tuple(out)
