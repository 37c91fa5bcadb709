"""Sweep rates over widths and batches, and decays over rows, for notebook 11, into adamkit/lessons/nb11/scaling.json.

    python tools/sweep_scaling.py              # all of it, about a quarter of an hour of one core
    python tools/sweep_scaling.py width        # or batch, reach, decay: this alone; the others stay as they are

The notebook runs a slice of it again, with its own code, and compares.
"""

import argparse
import json
import math
import platform
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from adamkit.rules import SGD, Adam, AdamW
from adamkit.training import ensembles, tasks
from adamkit.training.data import digits
from adamkit.training.models import MLP

TARGET = Path(__file__).resolve().parents[1] / "adamkit" / "lessons" / "nb11" / "scaling.json"
SEEDS = (0, 1, 2)

#: Width: three hidden layers, cosine to zero, each rate a factor of two.
WIDTHS, BASE, STEPS = (32, 64, 128, 256), 32, 120
WIDTH_RATES = [round(0.001 * 2**power, 6) for power in range(8)]

#: Batch: the same samples whatever the batch, a constant rate.
BATCHES, SAMPLES = (2, 8, 32, 128, 512), 16_384
RULES = {"SGD": (SGD(), [round(2.0 ** power, 6) for power in range(-7, 2)]),
         "Adam": (Adam(beta2=0.99), [round(0.001 * 2**power, 6) for power in range(-1, 8)])}
#: From 32 rows on factors of less than two are in question: rates √2 apart, and more seeds. The steps are fewer there.
FINE, FINE_SEEDS = 32, tuple(range(12))
FINE_RATES = {"SGD": [round(2.0 ** (half / 2), 6) for half in range(-8, 3)],
              "Adam": [round(0.001 * 2 ** (half / 2), 6) for half in range(4, 15)]}

#: Time against data: samples until the training loss is at the goal, at the rate that needs fewest; large batches get
#: more of them.
GOAL, MOMENTS, MOST = 0.65, 64, {2: 8192, 8: 8192, 32: 16_384, 128: 32_768, 512: 131_072}


#: Decay: unequal columns, the same epochs, rate and batch; more rows are more steps.
DECAY_ROWS, DECAYS, DRAWS, EPOCHS, DECAY_BATCH = (150, 300, 600), [0.02 * 4.0**power for power in range(6)], 10, 40, 30


def network(width, mup):
    """Three hidden layers with He's start and biases of zero; under μP the last layer starts at zero."""
    model = MLP((64, width, width, width, 10))
    layers = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    for layer in layers:
        torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        torch.nn.init.zeros_(layer.bias)
    if mup:
        torch.nn.init.zeros_(layers[-1].weight)
    return model


def by_width(width, mup, rates, seeds=SEEDS):
    """`History` of Adam on the digits at this width, one setting for each rate."""
    rule = Adam(lr=np.array(rates), beta2=0.95)
    slow = rule.replace(lr=np.array(rates) * BASE / width)
    exceptions = {f"{place}.weight": slow for place in (2, 4, 6)} if mup else None
    task = tasks.Task("digits", digits(), lambda: network(width, mup))
    return ensembles.train(rule, task, steps=STEPS, seed=seeds, exceptions=exceptions,
                           schedule=lambda step: 0.5 * (1 + math.cos(math.pi * step / STEPS)))


def noisy_digits(share=0.1):
    """The digits, a tenth of the training labels redrawn, so that the gradient never becomes free of noise."""
    data, rng = digits(), np.random.default_rng(0)
    redrawn = torch.as_tensor(rng.random(len(data.y_train)) < share)
    labels = torch.as_tensor(rng.integers(0, 10, len(data.y_train)))
    return replace(data, y_train=torch.where(redrawn, labels, data.y_train))


def by_batch(rule, batch, rates, *, seeds=SEEDS, samples=SAMPLES, eval_every=None):
    """`History` of a rule at this batch, one setting for each rate."""
    task = tasks.Task("noisy digits", noisy_digits(), lambda: MLP((64, 32, 10)))
    return ensembles.train(rule.replace(lr=np.array(rates)), task, steps=samples // batch, batch_size=batch, seed=seeds,
                           eval_every=eval_every)


def final(history):
    """Training losses (seeds, rates); None where a run diverged."""
    losses = np.where(history.diverged, np.nan, history.train_loss[-1])
    return [[round(float(loss), 5) if np.isfinite(loss) else None for loss in row] for row in losses]


def samples_to_goal(name, batch):
    """Samples until the mean loss of the seeds is at the goal, at the rate that needs fewest."""
    rule, rates = RULES[name]
    steps = MOST[batch] // batch
    every = max(steps // MOMENTS, 1)
    history = by_batch(rule, batch, rates, samples=MOST[batch], eval_every=every)
    losses = np.nan_to_num(np.where(history.diverged, np.inf, history.train_loss), nan=np.inf).mean(axis=1)
    crossings = [crossing(history.steps, column) for column in losses.T]
    return round(batch * min(crossings), 1)


def crossing(steps, losses):
    """The step at which the loss first is at the goal, between two moments by a straight line; infinite if never."""
    there = losses <= GOAL
    if not there.any():
        return math.inf
    at = int(there.argmax())
    share = (losses[at - 1] - GOAL) / (losses[at - 1] - losses[at])
    return float(steps[at - 1] + share * (steps[at] - steps[at - 1]))


def width():
    """Losses by parametrisation and width."""
    losses = {kind: {str(n): final(by_width(n, kind == "mup", WIDTH_RATES)) for n in WIDTHS}
              for kind in ("standard", "mup")}
    return {"rates": WIDTH_RATES, "steps": STEPS, "losses": losses}


def batch():
    """Rates and losses by optimizer and batch."""
    found = {name: {} for name in RULES}
    for name, (rule, coarse) in RULES.items():
        for n in BATCHES:
            rates, seeds = (FINE_RATES[name], FINE_SEEDS) if n >= FINE else (coarse, SEEDS)
            found[name][str(n)] = {"rates": rates, "losses": final(by_batch(rule, n, rates, seeds=seeds))}
    return found


def reach():
    """Samples to the goal by optimizer and batch."""
    return {"goal": GOAL} | {name: {str(n): samples_to_goal(name, n) for n in BATCHES} for name in RULES}


def by_decay(rows, draw):
    """Test losses of AdamW by decay, on digits whose columns this draw has scaled by 10^U(−1.5, 1.5)."""
    scales = 10.0 ** np.random.default_rng(draw).uniform(-1.5, 1.5, size=64)
    task = tasks.Task("unequal digits", digits(rows=rows).scaled(scales), lambda: MLP((64, 32, 10)))
    rule = AdamW(lr=0.01, weight_decay=np.array(DECAYS))
    return ensembles.train(rule, task, steps=EPOCHS * rows // DECAY_BATCH, batch_size=DECAY_BATCH, seed=draw)


def decay():
    """Test losses (draws, decays) by number of rows."""
    losses = {str(rows): [[round(float(loss), 5) for loss in by_decay(rows, draw).test_loss[-1, 0]]
                          for draw in range(DRAWS)] for rows in DECAY_ROWS}
    return {"decays": DECAYS, "losses": losses}


PARTS = {"width": width, "batch": batch, "reach": reach, "decay": decay}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all of them when left out")
    chosen = parser.parse_args().parts or list(PARTS)
    stored = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    for name in chosen:
        start = time.perf_counter()
        stored[name] = PARTS[name]()
        stored["made_with"] = {"torch": torch.__version__, "machine": platform.machine()}
        TARGET.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{name}: {time.perf_counter() - start:.0f} s")
