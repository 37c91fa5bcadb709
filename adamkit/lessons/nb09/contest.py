"""A fair table of optimizers: the same tasks, the same number of tried rates, fresh seeds for what is reported.

    entry = contest.ENTRIES["Adam"]
    tuned = contest.tune(entry, contest.rounds("digits", contest.TUNING))              # nine rates, then five
    final = contest.judge(entry, contest.rounds("digits", contest.REPORT), rate=tuned.best)   # ten other seeds

Every entry tries nine learning rates half a decade apart, around a middle that is customary for it, and then five a
sixth of a decade apart around the best of them. The rate with the lowest mean loss is trained again on *other* splits
of the data with *other* seeds, and only those runs are reported. Everything else stays at its default, without weight
decay, but for what the name of a row says (Adam with another β₁) and for AdamW, whose row is Adam's with λ = 0.1.

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

#: Rates that each entry may try, as multiples of its middle: four decades; and then as multiples of the best of those.
COARSE = tuple(10.0 ** (half / 2) for half in range(-4, 5))
FINE = tuple(10.0 ** (sixth / 6) for sixth in range(-2, 3))
#: For each task (split of the data, seeds that train on it), …: for choosing the rate, and for the report. The digits
#: are cheap and get more of both.
TUNING = {
    "digits": ((1, (100, 101, 102, 103)), (2, (104, 105, 106, 107))),
    "characters": ((1, (100, 101)), (2, (102, 103))),
    "rare classes": ((1, (100, 101)), (2, (102, 103))),
}
REPORT = {
    "digits": ((0, (0, 1)), (3, (2, 3)), (4, (4, 5)), (5, (6, 7)), (6, (8, 9))),
    "characters": ((0, (0, 1, 2, 3, 4)), (3, (5, 6, 7, 8, 9))),
    "rare classes": ((0, (0, 1, 2, 3, 4)), (3, (5, 6, 7, 8, 9))),
}
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
        """The nine rates tried first, ascending."""
        return self.middle * np.array(COARSE)


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
    """Rates tried and their losses, averaged over seeds, inf where any diverged: first coarsely, then finely."""

    rates: tuple
    losses: tuple
    fine_rates: tuple
    fine_losses: tuple

    @property
    def best(self):
        """The rate with the lowest loss, of those tried finely."""
        return self.fine_rates[int(np.argmin(self.fine_losses))]


ENTRIES = {
    "SGD": Entry(rules.SGD(), 1.0),
    "Momentum": Entry(rules.Momentum(), 0.3),
    "Adam": Entry(rules.Adam(), 0.03),
    "Adam β₁ = 0.5": Entry(rules.Adam(beta1=0.5), 0.03),
    "Adam β₁ = 0": Entry(rules.Adam(beta1=0.0), 0.03),
    "AdamW": Entry(rules.AdamW(weight_decay=0.1), 0.03),
    "AMSGrad": Entry(rules.AMSGrad(), 0.03),
    "NAdam": Entry(rules.NAdam(), 0.03),
    "RAdam": Entry(rules.RAdam(), 0.1),
    "LAMB": Entry(rules.LAMB(), 0.03),
    "Adafactor": Entry(rules.Adafactor(), 0.3),
    "Lion": Entry(rules.Lion(), 0.003),
    "ScheduleFreeAdamW": Entry(rules.ScheduleFreeAdamW(), 0.03, falls=False),
    "Muon": Entry(rules.Muon(adjust="match_rms_adamw", weight_decay=0.0), 0.03),
    "Adam8bit": Entry(rules.Adam8bit(), 0.03),
}


def arenas(split=0):
    """Name → `Arena` on this split of the data.

    digits       8×8 images, one hidden layer of 128: small, smooth, soon learned.
    characters   the next character, read by a two-layer transformer.
    rare classes a linear softmax whose class k has a share of 1/k (after Kunstner et al. 2024): all rows at each step.
    """
    return {name: arena(name, split) for name in ARENAS}


@cache
def arena(name, split=0):
    """One `Arena`, made once for each split of the data."""
    return ARENAS[name](split)


ARENAS = {
    "digits": lambda split: Arena(tasks.digits_mlp(hidden=(128,), data_seed=split), 200, 64, "test_loss"),
    "characters": lambda split: Arena(tasks.next_character(data_seed=split), 200, 16, "test_loss"),
    "rare classes": lambda split: Arena(rare_classes(data_seed=split), 200, None, "train_loss"),
}


def rounds(name, plan):
    """[(`Arena`, seeds), …] of a task, for a plan: `TUNING` or `REPORT`."""
    return [(arena(name, split), seeds) for split, seeds in plan[name]]


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


def tune(entry, rounds):
    """Train nine rates in the first of the rounds, then in all of them five rates around the best → `Tuned`."""
    losses = losses_at(entry, rounds[:1], entry.rates).mean(axis=0)
    fine = entry.rates[int(np.argmin(losses))] * np.array(FINE)
    fine_losses = losses_at(entry, rounds, fine).mean(axis=0)
    return Tuned(*(tuple(column.tolist()) for column in (entry.rates, losses, fine, fine_losses)))


def judge(entry, rounds, *, rate):
    """Final losses at one rate, one for each seed of the rounds in turn, (seeds,); inf where a run diverged."""
    return losses_at(entry, rounds, np.array([rate]))[:, 0]


def losses_at(entry, rounds, rates):
    """Final losses (seeds, rates) of an entry, the seeds of all rounds in turn; inf where a run diverged."""
    parts = []
    for arena, seeds in rounds:
        history = train(entry, arena, rates, seeds)
        parts.append(np.where(history.diverged, np.inf, getattr(history, arena.counts)[-1].astype(float)))
    return np.concatenate(parts)


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
    return json.loads(files(__package__).joinpath("contest.json").read_text(encoding="utf-8"))
