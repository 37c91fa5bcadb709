"""Rules for runs that leave the path: NaN, explosions, oscillation, a loss that climbs."""

import numpy as np

from adamkit.diagnostics.signals import echo, memory, robust_deviation
from adamkit.diagnostics.speaking import found
from adamkit.diagnostics.vocabulary import not_finite
from adamkit.numbers import percent, written

#: A loss that rose by twice its start is an explosion if a step moved a layer by a tenth, half of that if by half.
ROSE, MOVED, THROWN = 2.0, 0.1, 0.5
#: Norm of the first gradient, in losses, beyond which it is no matter of the rate: a scaler's factor is 65536.
FAR = 1e4
#: A batch whose loss jumps this far over all before, while the weights moved as always, is to blame itself.
JUMP = 10.0


def explosion(signals):
    """rate_too_high: long steps, and the loss leaps; bad_data if a single batch was to blame."""
    if len(signals) < 2:
        return []
    return _early(signals) or _late(signals)


def _early(signals):
    early = max(10, len(signals) // 10)
    peak = int(np.argmax(signals.loss[: early + 1]))
    base = max(abs(signals.start), _scatter(signals.loss[early:]))
    rise = (signals.loss[peak] - signals.start) / base
    ratio, layer, step = signals.largest_early_move()
    if not (rise >= ROSE and ratio >= MOVED) and not (rise >= ROSE / 4 and ratio >= THROWN):
        return []
    came_back = rise < 20 and signals.level < 0.08 * signals.start
    if not signals.broke_off and (came_back or _by_scatter(signals, peak, early)):
        return []  # it went on as if nothing had been
    if _to_blame(signals, peak):
        return _struck(signals, peak, peak)
    evidence = [f"The loss was {written(signals.start)} at step {signals.step[0]} and {written(signals.loss[peak])} at "
                f"step {signals.step[peak]}.", f"It ended at {written(signals.level)} (mean of the last quarter).",
                f"Step {step} moved the layer {layer} by {percent(ratio)} of its length; 0.1% to 1% is usual."]
    first = float(signals.whole_gradient[signals.rows[0]])
    scale = not signals.scale_free and first > FAR * abs(signals.start)
    if scale:
        evidence.append(f"The first gradient had a norm of {written(first)}, at a loss of {written(signals.start)}.")
    return [found(signals, "rate_too_high/scale" if scale else "rate_too_high", "The loss exploded in the first steps.",
                  evidence + lag(signals, peak), (signals.step[peak],))]


def _by_scatter(signals, peak, early):
    """True if a peak over the first loss is what the scatter of single losses brings, of both of them, in factors."""
    if signals.loss.min() <= 0 or signals.level > 0.5 * signals.start or len(signals) < 2 * early:
        return False
    factors = np.log(signals.loss / signals.smooth)[early:]
    usual = np.log1p(ROSE) + 2 * np.sqrt(2) * robust_deviation(factors)
    return bool(np.log(signals.loss[peak] / signals.start) < usual)


def _late(signals):
    """The loss grew far above where it began, and did not come back."""
    peak = int(np.argmax(signals.loss))
    first = signals.loss[: max(3, len(signals) // 20)]
    fallen = signals.start - float(signals.smooth[: peak + 1].min())
    base = max(abs(signals.start), fallen, 3 * _scatter(first))
    came_back = float(np.median(signals.part(0.9, 1))) < signals.start - 0.2 * base and not signals.broke_off
    if not signals.loss[peak] - signals.start >= ROSE * base or came_back:
        return []
    onset = _onset(signals, peak)
    if _to_blame(signals, onset):
        return _struck(signals, onset, peak)
    ratio = _moves(signals, max(onset - 3, 0), peak + 1)
    usual = _moves(signals, 0, max(onset - 3, 1), np.median)
    if not (ratio >= MOVED or (usual > 0 and ratio >= 10 * usual)) and not (
            signals.loss[peak] >= 100 * base and (signals.broke_off or peak >= 0.8 * len(signals))):
        return []
    moved = [f"Steps there moved a layer by up to {percent(ratio)} of its length."] if ratio else []
    return [found(signals, "rate_too_high/late", "The loss diverged.",
                  [f"The loss left its path at step {signals.step[onset]} and reached {written(signals.loss[peak])} "
                   f"at step {signals.step[peak]}; it had begun at {written(signals.start)}.", *moved,
                   *lag(signals, onset)], (signals.step[onset], signals.step[peak]))]


def _moves(signals, first, last, how=np.max):
    """The largest, or a usual, update/weight ratio of a counted layer between two rows; 0 if unknown."""
    moves = signals.readings.update_ratio[signals.rows[first] : signals.rows[min(last, len(signals)) - 1] + 1]
    moves = moves[:, signals.counted]
    moves = moves[np.isfinite(moves)]
    return float(how(moves)) if len(moves) else 0.0


def _scatter(values):
    return robust_deviation(values - np.median(values)) if len(values) > 2 else 0.0


def _struck(signals, onset, peak):
    """One batch threw the run off its path: it is the data, whatever the optimizer made of it."""
    usual = float(np.median(signals.loss[:onset]))
    return [found(signals, "bad_data/struck", f"The batch of step {signals.step[onset]} threw the run off its path.",
                  (f"Its loss was {written(signals.loss[onset])} before any step had been taken on it, where "
                   f"{written(usual)} was usual, and the weights had moved as always.",
                   f"The loss then reached {written(signals.loss[peak])} (step {signals.step[peak]}) and ended at "
                   f"{written(signals.level)}."), (signals.step[onset], signals.step[peak]))]


def _onset(signals, peak):
    """First row after which the loss stays above three times the median before it, on its way to the peak."""
    row = peak
    usual = np.median(signals.loss[: max(peak, 1)])
    while row > 1 and signals.loss[row - 1] > 3 * max(usual, 0):
        row -= 1
    return row


def _to_blame(signals, row):
    """True if the loss jumped at this row although the step before it moved the weights no more than any other."""
    if row < 5 or not signals.loss[row] > JUMP * max(signals.loss[:row].max(), 0):
        return False
    moves = np.nanmax(signals.readings.update_ratio[: signals.rows[row]], axis=1, initial=-np.inf)
    if not np.isfinite(moves[-1]):
        return False  # nobody measured that step
    usual = np.median(moves[np.isfinite(moves)][-20:])
    return bool(moves[-1] <= 3 * usual and usual < MOVED)


def non_finite(signals):
    """non_finite: something was NaN or infinite, and the loss had not exploded from the start."""
    events = signals.readings.events
    if not events:
        return []
    if len(signals) >= 3 and any(finding.disease == "rate_too_high" for finding in explosion(signals)):
        return []  # the infinity is where an explosion ends
    first, rows = events[0], signals.rows
    struck = [event for event in events if event["step"] == first["step"]]
    evidence = [f"Step {first['step']}: {', '.join(_places(struck))}.", *_reached_first(signals, struck)]
    if len(rows):
        went_on = rows[-1] == len(signals.readings) - 1  # such steps were left out, or the weights got over it
        last = "The losses are finite to the end: the last was" if went_on else "The last finite loss was"
        evidence.append(f"{last} {written(signals.loss[-1])} at step {signals.step[-1]}; it had begun at "
                        f"{written(signals.start)}.")
    jumps = [row for row in range(5, len(signals)) if _to_blame(signals, row)]
    if jumps:
        evidence.append(f"The batch of step {signals.step[jumps[0]]} had a loss of {written(signals.loss[jumps[0]])} "
                        "before any step had been taken on it.")
    step = "/step" if signals.scale_free else "/plain_step"
    cause = "/batch" if jumps else step if first["where"] == "parameter" else ""
    kind = not_finite(event["kind"] for event in struck)
    symptom = f"{kind[0].upper()}{kind[1:]} appeared at step {first['step']}."
    return [found(signals, "non_finite" + cause, symptom, evidence, (first["step"],), certainty="certain")]


def _places(struck):
    """What was not finite at a step, and in which way: a phrase for the loss, and one for each kind of each sort."""
    told = []
    for where in ("loss", "gradient", "parameter"):
        for kind in dict.fromkeys(event["kind"] for event in struck if event["where"] == where):
            names = [event["name"] for event in struck if (event["where"], event["kind"]) == (where, kind)]
            many = f"the {where}s of {len(names)} parameters" if where == "gradient" else f"{len(names)} {where}s"
            one = "the loss" if where == "loss" else f"the {where} {'of ' * (where == 'gradient')}{names[0]}"
            told.append(f"{not_finite([kind])} in {many if len(names) > 1 else one}")
    return told


def _reached_first(signals, struck):
    """Which of several broken gradients the backward pass came to first, where its order was seen: at the first step.

    Behind it lies what broke: the graph between that parameter and the loss.
    """
    names = {event["name"] for event in struck if event["where"] == "gradient"}
    if len(names) < 2:
        return []
    order = signals.facts.get("order") or ()
    if not names <= set(order):
        return ["Which of these gradients came first was not seen."]
    return [f"The backward pass comes to {next(name for name in order if name in names)} first of these."]


def oscillation(signals):
    """oscillation: the loss of one and the same batch swings, or it comes to swing between two sides."""
    if not signals.enough or not signals.measures:
        return []
    half = signals.loss[len(signals) // 2 :]
    change = np.diff(half)
    turns = float((change[1:] * change[:-1] < 0).mean())
    size = float(np.abs(change).mean() / half.mean()) if half.mean() > 0 else 0.0
    alternating = echo(signals.residual[len(signals) // 2 :])
    same_batch = len(np.unique(signals.batch)) == 1 and np.isfinite(signals.batch[0])
    early = signals.residual[: max(12, len(signals) // 8)]
    grew = echo(early) > -0.3 or _scatter(early) < 0.3 * _scatter(signals.residual[len(signals) // 2 :])
    if not (size >= 0.05 and ((same_batch and turns >= 0.25) or (
            grew and alternating <= -0.7 and turns >= 0.85 and not _tasks(signals)))):
        return []
    noise = ("All steps saw the same batch, so none of this is noise." if same_batch else
             f"Neighbouring losses are opposed (correlation {alternating:.2f}) and were not at the start; noise of "
             "mini-batches gives about 0.")
    return [found(signals, "oscillation", "The loss swings from step to step.",
                  (f"In the second half it turned at {percent(turns)} of the steps, by {percent(size)} of its level "
                   "on average.", noise), (signals.step[len(signals) // 2], signals.step[-1]))]


def _tasks(signals):
    """True if some layer has a gradient at every other step only: tasks take turns."""
    alive = signals.readings.gradient_norm > 0
    return bool(((alive.mean(axis=0) > 0.2) & (alive.mean(axis=0) < 0.8)).any())


def climb(signals):
    """climbs_after_warmup: after its warmup the loss falls, then climbs, little by little, and stays up."""
    if not signals.enough or not signals.measures:
        return []
    top = signals.warmed_up_at
    rest = signals.loss[top:]
    if len(rest) < 40 or not top or signals.rate[-1] < 0.5 * signals.rate.max():
        return []
    # On its way up the rate passes what the model bears before it is at its height: the low may lie in the warmup.
    first = top // 2
    width, last = max(len(signals) // 8, 10), len(signals) // 4
    means = np.convolve(signals.loss[first:-last], np.ones(width) / width, mode="valid")
    if not len(means):
        return []
    low = int(np.argmin(means))
    rise = signals.level - means[low]
    error = memory(signals.residual[first:]) * signals.residual[first:].std() * np.sqrt(1 / width + 1 / last)
    falls = float(signals.part(0.75, 0.85).mean() - signals.part(0.9, 1).mean()) > 0.5 * rise
    if not (rise >= 4 * error and rise >= 0.02 * means[low]) or falls or _leap(signals, first + low, rise):
        return []
    lowest = signals.step[first + low : first + low + width]
    steps = signals.step[top:]
    return [found(signals, "climbs_after_warmup", "The loss fell, then climbed and stayed up.",
                  (f"The warmup ended at step {steps[0]}, at a rate of {written(signals.rate.max())}, and the rate "
                   "stayed there.",
                   f"Lowest mean over {width} steps: {written(means[low])}, at steps {lowest[0]} to {lowest[-1]}. "
                   f"Last {last} steps: {written(signals.level)}, higher by {written(rise / error)} standard "
                   "errors."), (lowest[0], steps[-1]))]


def _leap(signals, low, rise):
    """True if most of a rise happens at one step: other data came, or another task."""
    width = 8
    after = signals.loss[low:]
    if len(after) < 3 * width:
        return False
    means = np.convolve(after, np.ones(width) / width, mode="valid")
    return bool((means[width:] - means[:-width]).max() > max(1.2 * rise, 8 * signals.spread / np.sqrt(width)))


def lag(signals, row):
    """A sentence if v lagged behind g² in the eight rows before (Wortsman, Dettmers et al. 2023), in a list."""
    last = signals.rows[row] + 1
    seen = signals.readings.surprise[max(last - 9, 0) : last]
    if not len(seen) or not np.isfinite(seen).any():
        return []
    place, layer = np.unravel_index(np.nanargmax(np.where(np.isfinite(seen), seen, -1)), seen.shape)
    if seen[place, layer] < 2.3:  # where Wortsman, Dettmers et al. 2023, section 3.4, see the spikes follow
        return []
    step = signals.readings.step[max(last - 9, 0) + place]
    return [f"v lagged behind g² at step {step} in {signals.readings.layers[layer]}: g/√v̂ had a root mean square of "
            f"{written(seen[place, layer])}, where about 1 is usual."]
