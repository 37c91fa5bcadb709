"""Rules for runs that leave the path: NaN, explosions, oscillation, a loss that climbs."""

import numpy as np

from adamkit.diagnostics.report import Finding
from adamkit.diagnostics.signals import memory, percent, written

#: A loss this many times its start, early, is an explosion; half of that will do when a step moved a layer by half.
EXPLODED, MOVED = 3.0, 0.5
#: A batch whose loss jumps this far over all before, while the weights moved as always, is to blame itself.
JUMP = 10.0

LOWER = "Lower the peak rate: a third first, then a tenth."
WARMUP = "Warm up over more steps, 2/(1−β₂) at most: it bounds the first steps while v is young."


def explosion(signals):
    """rate_too_high: the loss leaps early in the run, or diverges later; bad_data if a single batch was to blame."""
    if len(signals) < 2:
        return []
    early = max(10, len(signals) // 10)
    peak = int(np.argmax(signals.loss[: early + 1]))
    height = signals.loss[peak] / abs(signals.start) if signals.start else np.inf
    ratio, layer, step = signals.largest_early_move()
    blown_up = height >= EXPLODED or (height >= EXPLODED / 2 and ratio >= MOVED)
    if blown_up and batch_to_blame(signals, peak):
        return _struck(signals, peak, peak)
    if not blown_up:
        return _late_explosion(signals)
    evidence = [f"The loss was {written(signals.start)} at step {signals.step[0]} and {written(signals.loss[peak])} at "
                f"step {signals.step[peak]}, {written(height)} times as much.",
                f"It ended at {written(signals.level)} (mean of the last quarter)."]
    if layer:
        evidence.append(f"Step {step} moved the layer {layer} by {percent(ratio)} of its length; 0.1% to 1% is usual.")
    return [Finding("rate_too_high", "The loss exploded in the first steps.", evidence + lag(signals, peak),
                    "The learning rate is far too high for the start, or the first steps are too long because v is "
                    "young or uncorrected. Weights that were thrown far away may never recover.",
                    (LOWER, WARMUP, "Check that the optimizer corrects its moments for their start.",
                     "Do not expect clipping to help Adam: it divides by the gradient's size anyway."),
                    (signals.step[peak],))]


def _late_explosion(signals):
    """The loss grew far above where it began, later in the run, step by step."""
    peak = int(np.argmax(signals.loss))
    onset = _onset(signals, peak)
    if not signals.loss[peak] >= EXPLODED * abs(signals.start):
        return []
    if batch_to_blame(signals, onset):
        return _struck(signals, onset, peak)
    return [Finding("rate_too_high", "The loss fell, then diverged.",
                    [f"The loss left its path at step {signals.step[onset]} and reached {written(signals.loss[peak])} "
                     f"at step {signals.step[peak]}; it had begun at {written(signals.start)}.", *lag(signals, onset)],
                    "The rate is above what the loss surface bears by now; each step overshoots farther than the last.",
                    (LOWER, "Let the rate decay.", "With SGD, clip the gradient to the norm it usually has."),
                    (signals.step[onset], signals.step[peak]))]


def _struck(signals, onset, peak):
    """One batch threw the run off its path: it is the data, whatever the optimizer made of it."""
    usual = float(np.median(signals.loss[:onset]))
    return [Finding("bad_data", f"The batch of step {signals.step[onset]} threw the run off its path.",
                    (f"Its loss was {written(signals.loss[onset])} before any step had been taken on it, where "
                     f"{written(usual)} was usual, and the weights had moved as always.",
                     f"The loss then reached {written(signals.loss[peak])} (step {signals.step[peak]}) and ended at "
                     f"{written(signals.level)}."),
                    "The batch is broken: rows or labels of another kind or scale.",
                    ("Look at that batch.", "Clip the gradient norm, with monitor.clip_(max_norm).",
                     "Skip a step whose loss or gradient is far beyond the usual."),
                    (signals.step[onset], signals.step[peak]))]


def _onset(signals, peak):
    """First row after which the loss stays above three times the median before it, on its way to the peak."""
    row = peak
    usual = np.median(signals.loss[: max(peak, 1)])
    while row > 1 and signals.loss[row - 1] > EXPLODED * usual:
        row -= 1
    return row


def batch_to_blame(signals, row):
    """True if the loss jumped at this row although the step before it moved the weights no more than any other."""
    if row < 5 or not signals.loss[row] > JUMP * signals.loss[:row].max():
        return False
    moves = np.nanmax(signals.readings.update_ratio[: signals.rows[row]], axis=1, initial=-np.inf)
    return bool(np.isfinite(moves[-1]) and moves[-1] <= 3 * np.median(moves[-20:]))


def non_finite(signals):
    """non_finite: something was NaN or infinite, and the loss had not exploded from the start."""
    events = signals.readings.events
    if not events:
        return []
    if len(signals) >= 10 and any(finding.disease == "rate_too_high" for finding in explosion(signals)):
        return []  # the infinity is where an explosion ends
    first, rows = events[0], signals.rows
    place = "the loss" if first["name"] is None else f"the {first['where']} of {first['name']}"
    kind = {"nan": "NaN", "inf": "infinity"}[first["kind"]]
    others = len({event["name"] for event in events if event["step"] == first["step"]} - {None, first["name"]})
    what = ("" if first["name"] is None else "other ") + ("parameter" if others == 1 else "parameters")
    more = f", and in {others} {what}" if others else ""
    evidence = [f"Step {first['step']}: {kind} in {place}{more}."]
    gradient = [event for event in events if event["where"] == "gradient"]
    if first["where"] == "loss" and gradient and gradient[0]["step"] == first["step"]:
        evidence.append(f"The first gradient to show it was that of {gradient[0]['name']}.")
    if len(rows):
        evidence.append(f"The last finite loss was {written(signals.loss[-1])} at step {signals.step[-1]}; it had "
                        f"begun at {written(signals.start)}.")
    cause, fixes = _cause_of(signals, first)
    symptom = f"{kind[0].upper()}{kind[1:]} appeared at step {first['step']}."
    return [Finding("non_finite", symptom, evidence, cause, fixes, (first["step"],))]


def _cause_of(signals, first):
    jumps = [row for row in range(5, len(signals)) if batch_to_blame(signals, row)]
    if jumps:
        step = signals.step[jumps[0]]
        return (f"The batch of step {step}: its loss was {written(signals.loss[jumps[0]])} before any step had been "
                "taken on it, and the weights had moved as always. The optimizer then followed it.",
                ("Look at that batch.", "Clip the gradient norm, with monitor.clip_(max_norm).",
                 "Skip a step whose loss or gradient is far beyond the usual."))
    if first["where"] == "parameter":
        return ("The gradients were finite and the step was not: a denominator of 0, which ε should have prevented. In "
                "float16, ε = 1e-8 is 0, and so is a small v.",
                ("Keep weights and optimizer state in float32 (autocast instead of model.half()).", "Raise ε."))
    return ("An operation of the model or of the loss left the range of its numbers: log 0, 0/0, √ at 0, or an "
            "overflow in half precision. Clipping cannot repair it: NaN times any factor is NaN.",
            ("Run that batch under torch.autograd.set_detect_anomaly(True) to find the operation.",
             "Use the fused form of the loss (cross_entropy on logits) and guard logarithms, roots and divisions.",
             "In half precision, use a gradient scaler or bfloat16.", "Skip steps whose gradient is not finite."))


def oscillation(signals):
    """oscillation: the loss alternates, beyond what noise does."""
    if not signals.enough:
        return []
    half = signals.loss[len(signals) // 2 :]
    change = np.diff(half)
    turns = float((change[1:] * change[:-1] < 0).mean())
    rest = signals.residual[len(signals) // 2 :]
    alternating = float(np.corrcoef(rest[1:], rest[:-1])[0, 1]) if rest.std() > 0 else 0.0
    size = float(np.abs(change).mean() / half.mean()) if half.mean() > 0 else 0.0
    same_batch = len(np.unique(signals.batch)) == 1 and np.isfinite(signals.batch[0])
    if not (size >= 0.05 and ((same_batch and turns >= 0.25) or (alternating <= -0.5 and turns >= 0.75))):
        return []
    noise = ("All steps saw the same batch, so none of this is noise." if same_batch else
             f"Neighbouring losses are opposed (correlation {alternating:.2f}); noise of mini-batches gives about 0.")
    return [Finding("oscillation", "The loss swings from step to step.",
                    (f"In the second half it turned at {percent(turns)} of the steps, by {percent(size)} of its level "
                     "on average.", noise),
                    "The rate is at the edge of stability, or just beyond it: along the steepest direction each step "
                    "lands on the other side of the valley.",
                    ("Lower the rate, to a third or a tenth.", "Let it decay: it falls through the edge by itself.",
                     "Clipping does not help: it is the rate that is too long, not the gradient."),
                    (signals.step[len(signals) // 2], signals.step[-1]))]


def climb(signals):
    """climbs_after_warmup: after its warmup the loss falls, then climbs and stays up."""
    if not signals.enough:
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
    if not (rise >= 4 * error and rise >= 0.02 * means[low]):
        return []
    lowest = signals.step[first + low : first + low + width]
    steps = signals.step[top:]
    return [Finding("climbs_after_warmup", "The loss fell, then climbed and stayed up.",
                    (f"The warmup ended at step {steps[0]}, at a rate of {written(signals.rate.max())}, and the rate "
                     "stayed there.",
                     f"Lowest mean over {width} steps: {written(means[low])}, at steps {lowest[0]} to {lowest[-1]}. "
                     f"Last {last} steps: {written(signals.level)}, higher by {written(rise / error)} standard "
                     "errors."),
                    "The peak rate is more than the model bears once the warmup no longer holds it back.",
                    ("Lower the peak rate to a third: of the usual remedies it cured most reliably.",
                     "Let the rate decay after the warmup.", "Warm up over more steps.",
                     "Clipping and a smaller β₂ may ease it; do not count on them."),
                    (lowest[0], steps[-1]))]


def lag(signals, row):
    """A sentence if v lagged behind g² in the eight rows before this one (Wortsman et al. 2023), in a list."""
    last = signals.rows[row] + 1
    seen = signals.readings.surprise[max(last - 9, 0) : last]
    if not len(seen) or not np.isfinite(seen).any():
        return []
    place, layer = np.unravel_index(np.nanargmax(np.where(np.isfinite(seen), seen, -1)), seen.shape)
    if seen[place, layer] < 2.3:  # where Wortsman et al. 2023, section 3.4, see the spikes follow
        return []
    step = signals.readings.step[max(last - 9, 0) + place]
    return [f"v lagged behind g² at step {step} in {signals.readings.layers[layer]}: g/√v̂ had a root mean square of "
            f"{written(seen[place, layer])}, where about 1 is usual."]
