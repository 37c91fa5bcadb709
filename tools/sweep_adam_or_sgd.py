"""Sweep the rates of Adam and of SGD on the tasks of notebook 07, and write adamkit/lessons/nb07/duel.json.

    python tools/sweep_adam_or_sgd.py              # all of it, about 20 minutes of one core
    python tools/sweep_adam_or_sgd.py zipf words   # these alone; the others stay as they are in the file
"""

import argparse
import datetime
import json
import platform
import time
from pathlib import Path

import numpy as np
import torch

from adamkit import optim
from adamkit.lessons.nb07 import classic, curvature, duel, vision
from adamkit.rules import AdamW, Momentum
from adamkit.training import data

TARGET = Path(duel.__file__).with_name("duel.json")


def decades(low, high, each=3):
    """Rates from 10^low to 10^high, ``each`` a decade, rounded to two digits."""
    return [float(f"{rate:.2g}") for rate in 10 ** np.arange(low, high + 0.01, 1 / each)]


ADAM_TEXT, SGD_TEXT = decades(-3, -1), decades(-2, 0.34)
SGD_CNN, ADAM_CNN = decades(-2, 0.34), decades(-3.34, -1)

#: Few rates for the large problem, half a minute each.
LARGE_RATES = {"SGD, momentum 0.9": [0.05, 0.1, 0.2, 0.4], "SGD, momentum 0.99": [0.02, 0.05, 0.1, 0.2, 0.4],
               "Adam": [0.01, 0.03, 0.1, 0.3]}


def text(network, batch_size):
    """Test losses of AdamW and of SGD without and with momentum; an LSTM bears higher rates of SGD."""
    measures = {}
    momenta = (0.0, 0.9, 0.98) if (network, batch_size) == ("transformer", 16) else (0.0, 0.9)
    higher = 10 if network == "lstm" else 1
    contestants = {"AdamW": (AdamW, ADAM_TEXT, {})}
    for momentum in momenta:
        rates = [float(f"{higher * rate * (1 - momentum) / 0.1:.2g}") for rate in SGD_TEXT]
        contestants[f"SGD, momentum {momentum:g}"] = (Momentum, rates, {"momentum": momentum})
    for name, (rule, rates, fixed) in contestants.items():
        history = duel.read_text(rule(lr=np.array(rates), **fixed), network=network, batch_size=batch_size)
        measures[name] = {"rates": rates, "test_loss": np.where(history.diverged, np.nan, history.test_loss[-1])}
    return measures


#: Rates for the sequences: AdamW's, and those of SGD by momentum. A small step's effect is lr / (1 − momentum).
SEQUENCE_RATES = {
    "lstm": (decades(-2.34, -0.67), {0.0: decades(0, 1.67), 0.9: decades(-1, 0.67), 0.98: decades(-1.67, 0)}),
    "cnn": (decades(-2.34, -0.67), {0.0: decades(-1, 0.34), 0.9: decades(-2, 0), 0.98: decades(-2.67, -0.67)}),
}


#: Fewer for three times the steps: around the best ones.
LONGER_RATES = (decades(-1.67, -0.67), {0.9: decades(-1.67, 0)})


def sequences(network, rates=None, **settings):
    """Test losses and accuracies of AdamW and of SGD by momentum on shapes in noisy rows of numbers."""
    adam, balls = rates or SEQUENCE_RATES[network]
    contestants = {"AdamW": (AdamW, adam, {})}
    contestants |= {f"SGD, momentum {momentum:g}": (Momentum, rates, {"momentum": momentum})
                    for momentum, rates in balls.items()}
    measures = {}
    for name, (rule, rates, fixed) in contestants.items():
        history = duel.read_sequences(rule(lr=np.array(rates), **fixed), network=network, **settings)
        loss, accuracy = (np.where(history.diverged, worst, measured[-1])
                          for measured, worst in ((history.test_loss, np.nan), (history.test_accuracy, 0.1)))
        measures[name] = {"rates": rates, "test_loss": loss, "test_accuracy": accuracy}
    return measures


def digits(**settings):
    """Accuracies and losses of the CNN."""
    contestants = {"SGD+Nesterov": (duel.sgd_nesterov, SGD_CNN), "AdamW": (duel.adamw, ADAM_CNN)}
    return {name: {"rates": rates, **duel.read_digits(make, rates, **settings)}
            for name, (make, rates) in contestants.items()}


def zipf(rates=None, **settings):
    """Final losses by frequency of the class on the linear softmax; ``rates`` to try other ones by name."""
    problem = classic.zipf_softmax(**settings)
    contestants = {
        "SGD, momentum 0.9": (lambda w, lr: optim.Momentum(w, lr=lr), decades(-1, 1.34)),
        "SGD, momentum 0.99": (lambda w, lr: optim.Momentum(w, lr=lr, momentum=0.99), decades(-2, 0.67)),
        "Adam": (lambda w, lr: optim.Adam(w, lr=lr), decades(-2.34, 1)),
    }
    groups = {"frequent": problem.counts >= 32, "middle": (problem.counts >= 6) & (problem.counts < 32),
              "rare": problem.counts < 6}
    measures = {}
    for name, (make, tried) in contestants.items():
        tried = (rates or {}).get(name, tried)
        losses = duel.fit_all_rows(problem, make, tried)
        measures[name] = {"rates": tried, "loss": losses @ problem.counts / problem.counts.sum()}
        for group, members in groups.items():
            if members.any():
                counts = problem.counts[members]
                measures[name][group] = losses[:, members] @ counts / counts.sum()
    return measures


def words(**settings):
    """Test loss of the logistic regression on words, and how much of the rare ones was learned."""
    problem = classic.rare_words(**settings)
    rare = problem.shares < 0.01
    contestants = {
        "SGD": (lambda w, lr: optim.SGD(w, lr=lr), decades(-1, 1.67)),
        "SGD, momentum 0.9": (lambda w, lr: optim.Momentum(w, lr=lr), decades(-2, 0.67)),
        "AdaGrad": (lambda w, lr: optim.AdaGrad(w, lr=lr), decades(-1.67, 0.34)),
        "Adam": (lambda w, lr: optim.Adam(w, lr=lr), decades(-2.67, -0.67)),
    }
    measures = {}
    for name, (make, rates) in contestants.items():
        thetas = [duel.fit_words(problem, make, rates, seed=seed) for seed in range(3)]
        measures[name] = {
            "rates": rates,
            "test_loss": [problem.test.loss(theta) for theta in thetas],
            "rare_learned": [duel.learned(problem, theta, rare) for theta in thetas],
        }
    return measures


def sharpness():
    """Sharpness of the CNN's minima, each at the moment when its training loss first was below 0.02."""
    rows = data.digits(images=True)
    contestants = {"SGD+Nesterov": (duel.sgd_nesterov, [0.02, 0.05, 0.1]), "AdamW": (duel.adamw, [0.001, 0.002, 0.005])}
    measures = {}
    for name, (make, rates) in contestants.items():
        found = {"sharpness": [], "train_loss": [], "test_accuracy": []}
        for seed in range(3):
            runs = [vision.train_until(make(rate), 0.02, seed=seed) for rate in rates]
            found["sharpness"].append([curvature.sharpness(run.model, rows.x_train, rows.y_train) for run in runs])
            for key in ("train_loss", "test_accuracy"):
                found[key].append([getattr(run, key) for run in runs])
        measures[name] = {"rates": rates, **found}
    return measures


SWEEPS = {
    "transformer": lambda: text("transformer", 16),
    "transformer, batch 4": lambda: text("transformer", 4),
    "transformer, batch 64": lambda: text("transformer", 64),
    "lstm": lambda: text("lstm", 16),
    "sequences, lstm": lambda: sequences("lstm"),
    "sequences, lstm, 1800 steps": lambda: sequences("lstm", LONGER_RATES, steps=1800),
    "sequences, cnn": lambda: sequences("cnn"),
    "digits": lambda: digits(),
    "digits, 200 rows": lambda: digits(rows=200, epochs=60),
    "digits, no batch norm": lambda: digits(batch_norm=False),
    "zipf": lambda: zipf(),
    "zipf, balanced": lambda: zipf(balanced=True),
    "zipf, 1024 classes": lambda: zipf(LARGE_RATES, classes=1024, rows=4096, inputs=256),
    "words": lambda: words(),
    "words and dense columns": lambda: words(dense=64),
    "sharpness": sharpness,
}


def plain(value):
    """Nested lists, five digits, None for what is not a finite number."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return float(f"{value:.5g}") if np.isfinite(value) else None


def main():
    """Run the sweeps that were asked for and write the file after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="sweep", help=f"any of {', '.join(SWEEPS)}; all by default")
    names = parser.parse_args().names or list(SWEEPS)
    if unknown := set(names) - set(SWEEPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    content = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {"about": {}, "sweeps": {}}
    for name in names:
        began = time.process_time()
        measured = SWEEPS[name]()
        content["sweeps"][name] = {who: {key: plain(value) for key, value in runs.items()}
                                   for who, runs in measured.items()}
        content["about"].update(about())
        content["about"].setdefault("cpu_seconds", {})[name] = round(time.process_time() - began)
        TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        print(name, f"{time.process_time() - began:.0f} s", flush=True)


def about():
    """Where the numbers come from."""
    return {
        "made by": "tools/sweep_adam_or_sgd.py",
        "date": datetime.date.today().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "machine": f"CPU, {platform.machine()}, one thread",
        "seeds": "0, 1, 2",
    }


if __name__ == "__main__":
    main()
