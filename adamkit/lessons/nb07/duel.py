"""Adam against SGD, each at its best rate: the runs behind notebook 07, and what a full sweep of them gave.

A comparison of two optimizers is a comparison of two *searches*. So each run here takes a whole grid of rates, and
`load` reads the grids that `tools/sweep_adam_or_sgd.py` has run, with where and with what. A notebook re-runs a slice.
"""

import numpy as np
import torch

from adamkit import schedules
from adamkit.lessons.nb07.vision import train_cnn
from adamkit.training import ensembles, stored, tasks
from adamkit.training.recurrent import LSTM

#: Steps of a run on text, and on sequences.
TEXT_STEPS, SEQUENCE_STEPS = 200, 600
NETWORKS = ("transformer", "lstm")


def text_task(network="transformer"):
    """The next character of Python's documentation, read by a transformer or by an LSTM of about its size."""
    if network not in NETWORKS:
        raise ValueError(f"network={network!r} is not one of {list(NETWORKS)}")
    task = tasks.next_character()
    if network == "transformer":
        return task
    return tasks.Task("next character, LSTM", task.data, lambda: LSTM(task.data.classes), task.loss, task.measured)


def read_text(rule, *, network="transformer", batch_size=16, steps=TEXT_STEPS, seed=(0, 1, 2)):
    """Train every setting of a rule on the text: a tenth of warmup, then a cosine to zero → `ensembles.History`."""
    return _read(rule, text_task(network), steps, batch_size, seed)


def read_sequences(rule, *, network="lstm", batch_size=64, steps=SEQUENCE_STEPS, seed=(0, 1, 2)):
    """Train every setting of a rule on `tasks.sequences`, with the schedule of `read_text` → `ensembles.History`."""
    return _read(rule, tasks.sequences(network), steps, batch_size, seed)


def _read(rule, task, steps, batch_size, seed):
    warmup = steps // 10
    schedule = schedules.warmup_cosine(warmup=warmup, total=steps, start=1 / (warmup + 1))
    return ensembles.train(rule, task, steps=steps, batch_size=batch_size, seed=seed, schedule=schedule)


def sgd_nesterov(lr):
    """The customary setting for CNNs: momentum 0.9, Nesterov, L2 of 5e-4, to hand to `vision.train_cnn`."""
    return lambda p: torch.optim.SGD(p, lr=lr, momentum=0.9, nesterov=True, weight_decay=5e-4)


def adamw(lr):
    """torch's AdamW with its default decay of 0.01, to hand to `vision.train_cnn`."""
    return lambda p: torch.optim.AdamW(p, lr=lr)


def read_digits(make, rates, *, seed=(0, 1, 2), **settings):
    """Train a CNN for each rate and seed; {name: array of shape (seeds, rates)} of the three measures."""
    runs = [[train_cnn(make(rate), seed=one, **settings) for rate in rates] for one in seed]
    names = ("train_loss", "test_loss", "test_accuracy")
    return {name: np.array([[getattr(run, name) for run in row] for row in runs]) for name in names}


def fit_all_rows(problem, make, rates, *, steps=300):
    """Descend on all rows of a `classic.LinearSoftmax` from zero, for all rates at once.

    Args:
        problem: the rows.
        make: (list of arrays, rates) → an optimizer of `adamkit.optim`.
        rates: shape (n,).
        steps: updates.

    Returns:
        Final losses by class, shape (n, classes).
    """
    weights = np.zeros((len(rates), *problem.shape), dtype=np.float32)
    optimizer = make([weights], np.asarray(rates, dtype=float))
    with np.errstate(all="ignore"):  # a rate that is too high ends in NaN, and says so
        for _ in range(steps):
            optimizer.step([problem.gradient(weights)])
        return problem.losses(weights)


def fit_words(problem, make, rates, *, steps=2000, batch=32, seed=0):
    """Train a `classic.RareWords` from zero for all rates at once, each falling in a straight line to zero.

    Arguments as for `fit_all_rows`; mini-batches of ``batch`` rows, drawn by ``seed``.

    Returns:
        Final weights, shape (n, columns).
    """
    rates = np.asarray(rates, dtype=float)
    theta = np.zeros((len(rates), len(problem.truth)))
    optimizer = make([theta], rates)
    with np.errstate(all="ignore"):
        for t, rows in enumerate(problem.task.batches(batch, steps, seed=seed)):
            optimizer.lr = rates * (1 - t / steps)
            optimizer.step([problem.task.gradient(theta, rows)])
    return theta


def learned(problem, theta, among):
    """Share of the true weights of these columns that was learned: θ·truth / ‖truth‖², 1 when they are equal.

    Args:
        problem: a `classic.RareWords`.
        theta: weights (…, columns).
        among: a mask or a slice of the columns.
    """
    truth = problem.truth[among]
    return theta[..., among] @ truth / (truth @ truth)


def load():
    """The sweeps as a dict: "about" (date, versions, machine kind, seconds) and one entry for each experiment.

    An entry maps a contestant to {"rates": (n,), measure: (seeds, n) or (n,)} as arrays; NaN where a run diverged.
    """
    content = stored.load("duel", __package__)
    return {"about": content["about"], **content["sweeps"]}
