"""A fair table of optimizers: the same tasks, the same number of tried rates, fresh seeds for what is reported.

    entry, arena = contest.ENTRIES["Adam"], contest.arenas()["digits"]
    tuned = contest.tune(entry, contest.arenas(tuning=True)["digits"])     # nine rates, two seeds each
    final = contest.judge(entry, arena, rate=tuned.best)                   # one rate, five other seeds

Every entry gets nine learning rates, half a decade apart, around a middle that is customary for it. All are trained on
one split of the data with one set of seeds. The rate with the lowest mean loss is then trained again on *another* split
with *other* seeds, and only those runs are reported. Everything else stays at its default, without weight decay, but
for AdamW, whose row is Adam's with λ = 0.1.

`tools/honest_table.py` runs it all and writes what `load` reads.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
import torch

from adamkit import rules, schedules
from adamkit.training import ensembles, models, tasks
from adamkit.training.data import Classification

#: Rates that each entry may try, as multiples of its middle: four decades.
SPREAD = tuple(10.0 ** (half / 2) for half in range(-4, 5))
TUNING_SEEDS, SEEDS = (100, 101), (0, 1, 2, 3, 4)
#: Parameters that Muon leaves to AdamW: embeddings, outputs, and all that is no matrix.
NOT_HIDDEN = ("characters", "places", "head")


@dataclass(frozen=True, eq=False)
class Entry:
    """One optimizer of the table.

    Attributes:
        rule: with everything but its rate.
        middle: of the nine rates that it may try.
        falls: its rate falls along a cosine; Schedule-Free's stays constant after the warmup, which is its point.
    """

    rule: rules.Rule
    middle: float
    falls: bool = True

    @property
    def rates(self):
        """The nine rates, ascending."""
        return self.middle * np.array(SPREAD)


@dataclass(frozen=True, eq=False)
class Arena:
    """One task of the table: for how long, in which batches, and which loss counts ("train_loss" or "test_loss")."""

    task: tasks.Task
    steps: int
    batch_size: int | None
    counts: str
    warmup: int = field(default=20, kw_only=True)

    def schedule(self, entry):
        """Linear warmup, then a cosine to zero, or for an entry that does not fall, a constant."""
        start = 1 / (self.warmup + 1)
        if not entry.falls:
            return schedules.linear_warmup(warmup=self.warmup, start=start)
        return schedules.warmup_cosine(warmup=self.warmup, total=self.steps, start=start)


@dataclass(frozen=True)
class Tuned:
    """Losses of the nine rates, averaged over seeds, inf where any diverged; and the best rate."""

    rates: tuple
    losses: tuple

    @property
    def best(self):
        """The rate with the lowest loss."""
        return self.rates[int(np.argmin(self.losses))]


ENTRIES = {
    "SGD": Entry(rules.SGD(), 1.0),
    "Momentum": Entry(rules.Momentum(), 0.3),
    "Adam": Entry(rules.Adam(), 0.03),
    "AdamW": Entry(rules.AdamW(weight_decay=0.1), 0.03),
    "AMSGrad": Entry(rules.AMSGrad(), 0.03),
    "AdaMax": Entry(rules.AdaMax(), 0.03),
    "NAdam": Entry(rules.NAdam(), 0.03),
    "RAdam": Entry(rules.RAdam(), 0.1),
    "LAMB": Entry(rules.LAMB(), 0.03),
    "Adafactor": Entry(rules.Adafactor(), 0.3),
    "Lion": Entry(rules.Lion(), 0.003),
    "ScheduleFreeAdamW": Entry(rules.ScheduleFreeAdamW(), 0.03, falls=False),
    "Muon": Entry(rules.Muon(adjust="match_rms_adamw", weight_decay=0.0), 0.03),
    "Adam8bit": Entry(rules.Adam8bit(), 0.03),
}


def arenas(*, tuning=False):
    """Name → `Arena`; with ``tuning`` on another split of the data.

    digits       8×8 images, one hidden layer of 128: small, smooth, soon learned.
    characters   the next character, read by a two-layer transformer.
    rare classes a linear softmax whose class k has a share of 1/k (after Kunstner et al. 2024): all rows at each step.
    """
    split = int(tuning)
    return {
        "digits": Arena(tasks.digits_mlp(hidden=(128,), data_seed=split), 200, 64, "test_loss"),
        "characters": Arena(tasks.next_character(data_seed=split), 200, 16, "test_loss"),
        "rare classes": Arena(rare_classes(data_seed=split), 200, None, "train_loss"),
    }


def rare_classes(*, classes=128, rows=1024, inputs=64, data_seed=0):
    """Class k has about rows/k examples, at least one, of inputs that say nothing: to be learned by heart.

    Test rows are the training rows: the question is how fast the rare classes are learned, not what follows from them.
    """
    rng = np.random.default_rng(data_seed)
    shares = 1 / np.arange(1, classes + 1)
    counts = np.maximum(1, np.round(rows * shares / shares.sum())).astype(int)
    y = torch.from_numpy(np.repeat(np.arange(classes), counts))
    x = torch.from_numpy(rng.uniform(0, 1, (len(y), inputs)).astype(np.float32))
    data = Classification(x, y, x, y, classes=classes)
    return tasks.Task(f"{classes} classes by Zipf's law, linear softmax", data, lambda: models.MLP((inputs, classes)))


def tune(entry, arena, *, seeds=TUNING_SEEDS):
    """Train all nine rates → `Tuned`."""
    history = train(entry, arena, entry.rates, seeds)
    losses = np.where(history.diverged, np.inf, getattr(history, arena.counts)[-1].astype(float))
    return Tuned(tuple(entry.rates.tolist()), tuple(losses.mean(axis=0).tolist()))


def judge(entry, arena, *, rate, seeds=SEEDS):
    """Final losses at one rate, one for each seed, (seeds,)."""
    return getattr(train(entry, arena, np.array([rate]), seeds), arena.counts)[-1, :, 0]


def train(entry, arena, rates, seeds):
    """`ensembles.train` of an entry at these rates, with AdamW for what Muon leaves alone."""
    rule = entry.rule.replace(lr=rates)
    left = {name: rules.AdamW(lr=rates, weight_decay=0.0) for name in left_alone(entry, arena.task)}
    if left and not (set(dict(arena.task.fresh_model(0).named_parameters())) - set(left)):
        raise ValueError(f"{arena.task.name} has no hidden matrix, and so nothing for Muon")
    return ensembles.train(rule, arena.task, steps=arena.steps, batch_size=arena.batch_size, seed=tuple(seeds),
                           schedule=arena.schedule(entry), exceptions=left)


def left_alone(entry, task):
    """Names of the parameters that an entry gives to AdamW: none, or for Muon all but the hidden matrices."""
    if not isinstance(entry.rule, rules.Muon):
        return []
    parameters = dict(task.fresh_model(0).named_parameters())
    matrices = [name for name, p in parameters.items() if p.ndim == 2 and not name.startswith(NOT_HIDDEN)]
    output = [] if any(name.startswith("head") for name in parameters) else matrices[-1:]
    return [name for name in parameters if name not in matrices or name in output]


def plays(entry, arena):
    """Whether the task has something for the entry to do: Muon needs a hidden matrix."""
    return len(left_alone(entry, arena.task)) < len(dict(arena.task.fresh_model(0).named_parameters()))


@cache
def load():
    """What tools/honest_table.py measured: {"made": …, "arenas": …, "entries": …}, as the JSON file has it."""
    return json.loads(files("adamkit.training").joinpath("contest.json").read_text(encoding="utf-8"))
