"""Sick: the data. Order, labels, broken batches, too few rows, what was known and is lost."""

import torch
import torch.nn.functional as F

from monitor_bank.kinds import sick
from monitor_bank.parts import TRAINED, batches, ce, cnn, digits, flat, mlp, regression, tested, train
from monitor_bank.words import LOWER, NUMBERS, RAISE

ORDER = [r"shuffl", r"\border", r"bad_data", r"sorted"]
BATCH = [r"bad_data", r"\bbatch(es)? (of|of step|\d+)", r"broken", r"label"]
#: Data in an order are no matter of the rate.
HARM = [RAISE, LOWER]


def _in_order(ill, seed, steps, size=32):
    """Batches by class, the same order in every epoch; or shuffled."""
    if not ill:
        return list(batches(steps, size, seed))
    order = flat()[1][:TRAINED].argsort(stable=True)
    parts = [part for part in order.split(size) if len(part) == size]
    return [parts[step % len(parts)] for step in range(steps)]


@sick("super-gradients #416, yolov5 #5622, mmdetection #1649: no shuffling, and the rows sorted by class",
      right=ORDER, harm=HARM, good=0.8)
def sorted_by_class(ill, seed, watch):
    """The rows come class by class, epoch after epoch; the monitor is not told which batch it is."""
    model, x = cnn(), digits()[0]
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part, x), _in_order(ill, seed, 440))
    return tested(model, x=x)


@sick("yolov5 #5622, joaoamcarvalho/mpd-public #6: no shuffling", right=ORDER, harm=HARM, good=0.5)
def sorted_by_class_and_numbered(ill, seed, watch):
    """The same under SGD, and the monitor is told the place of each batch in its epoch."""
    model, x = cnn(), digits()[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for step, part in enumerate(_in_order(ill, seed, 440)):
        optimizer.zero_grad()
        loss = ce(model, part, x)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss, batch=step % 44)
    return tested(model, x=x)


@sick("a common slip: inputs shuffled, labels not", right=[r"label", r"shuffled together", r"checklist",
      r"overfitting", r"hold nothing to learn"], harm=[RAISE], good=0.5)
def labels_of_other_rows(ill, seed, watch):
    """The inputs were shuffled once, the labels were not: there is nothing to learn but by heart."""
    model, x, labels = mlp(64, 64, 10), *flat()
    labels = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(3))] if ill else labels
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    loss = lambda model, part: F.cross_entropy(model(x[part]), labels[part])
    train(monitor, model, optimizer, lambda part: loss(model, part), batches(400, 32, seed),
          validate=lambda: tested(model, loss), every=25)
    return tested(model, loss)


def _with_a_bad_part(watch, model, optimizer, numbered, spoil, loss_of=F.cross_entropy, goal=None):
    """Fifteen epochs of 20 fixed batches in a fixed order; spoil(number, y) gives the targets that are shown."""
    monitor, x = watch(model, optimizer, classes=10 if goal is None else None), flat()[0]
    goal = flat()[1] if goal is None else goal
    for step in range(300):
        number = step % 20
        part = torch.arange(number * 32, number * 32 + 32)
        optimizer.zero_grad()
        loss = loss_of(model(x[part]), spoil(number, goal[part]))
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss, **({"batch": number} if numbered else {}))
    return tested(model, lambda model, part: loss_of(model(x[part]), goal[part]))


@sick("a common report: one file of a data set is mislabelled", right=BATCH, harm=HARM, good=0.3)
def shard_mislabelled(ill, seed, watch):
    """Three of twenty batches have wrong labels; the monitor is told the number of each."""
    model = mlp(64, 24, 10)
    g = torch.Generator().manual_seed(8)
    wrong = {number: torch.randint(0, 10, (32,), generator=g) for number in (4, 11, 17)}
    spoil = lambda number, y: wrong.get(number, y) if ill else y
    return _with_a_bad_part(watch, model, torch.optim.Adam(model.parameters(), lr=2e-3), True, spoil)


@sick("a common report: one file was stored with another scale", right=[*BATCH, r"jumps every"], harm=HARM, good=0.4)
def shard_of_another_scale(ill, seed, watch):
    """One of twenty batches has targets in thousandths of the others' unit; no numbers are told."""
    model = mlp(64, 48, 1)
    spoil = lambda number, y: y * 1000 if ill and number == 13 else y
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    return _with_a_bad_part(watch, model, optimizer, False, spoil, F.mse_loss, regression())


@sick("a common report: a NaN in a table", right=NUMBERS, good=0.5)
def nan_in_one_row(ill, seed, watch):
    """One row of the table holds a NaN."""
    model, x, labels = mlp(64, 48, 10), flat()[0].clone(), flat()[1]
    if ill:
        x[700, 12] = float("nan")
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: F.cross_entropy(model(x[part]), labels[part]), batches(300, 32, seed))
    return tested(model)


@sick("a common report: a target with misplaced decimals", right=[*BATCH, r"outlier", r"heavy", r"clip", r"spike"],
      harm=[RAISE], good=0.3)
def target_a_million_times_too_large(ill, seed, watch):
    """One target of 1437 is a million times too large; squared error and SGD."""
    model, x, y = mlp(64, 32, 1), flat()[0], regression().clone()
    if ill:
        y[500] = 1e6
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer)
    train(monitor, model, optimizer, lambda part: F.mse_loss(model(x[part]), y[part]), batches(350, 32, seed))
    return tested(model, lambda model, part: F.mse_loss(model(x[part]), y[part]))


@sick("the textbook: sixty rows and a wide network", right=[r"overfitting", r"by heart"], harm=[RAISE], good=0.75)
def sixty_rows_by_heart(ill, seed, watch):
    """A wide network on sixty noisy rows, long after the best moment; the twin has them all."""
    model, x, labels = mlp(64, 256, 256, 10), *flat()
    noisy = x + torch.randn(x.shape, generator=torch.Generator().manual_seed(4))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    loss = lambda model, part: F.cross_entropy(model(noisy[part]), labels[part])
    rows, test = batches(240, 30, seed, rows=60 if ill else TRAINED), lambda: tested(model, loss)
    train(monitor, model, optimizer, lambda part: loss(model, part), rows, validate=test, every=12)
    return tested(model, loss)


@sick("the textbook: a regression with as many features as rows", right=[r"overfitting", r"by heart"], harm=[RAISE],
      good=1.3)
def noise_by_heart(ill, seed, watch):
    """Forty rows, noise as large as the signal, a network of two hidden layers."""
    model, x, y = mlp(64, 128, 128, 1), flat()[0], regression(noise=1.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    monitor = watch(model, optimizer)
    loss = lambda model, part: F.mse_loss(model(x[part]), y[part])
    rows, test = batches(250, 20, seed, rows=40 if ill else TRAINED), lambda: tested(model, loss)
    train(monitor, model, optimizer, lambda part: loss(model, part), rows, validate=test, every=12)
    return tested(model, loss)


@sick("a common report on fine-tuning: what the model knew is gone", right=[r"forget",
      r"what (it|the weights|was) kn", r"overwrit"], harm=[RAISE], good=0.9)
def old_task_forgotten(ill, seed, watch):
    """A network that knows all digits is fine-tuned on 0 and 1 at the rate of training from scratch."""
    model, labels = mlp(64, 64, 10), flat()[1]
    first = torch.optim.Adam(model.parameters(), lr=3e-3)
    for part in batches(250, 32, seed):
        first.zero_grad()
        ce(model, part).backward()
        first.step()
    rows = torch.where(labels[:TRAINED] < 2)[0]
    shown = flat()[0] + 0.5
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2 if ill else 5e-5)
    monitor = watch(model, optimizer, classes=10)
    monitor.observe(validation=tested(model))
    loss = lambda part: F.cross_entropy(model(shown[rows[part]]), labels[rows[part]])
    train(monitor, model, optimizer, loss, batches(200, 16, seed, rows=len(rows)), validate=lambda: tested(model),
          every=10)
    return tested(model)


@sick("a common slip: a loop variable names one row", right=[r"label", r"checklist", r"rows differ",
      r"hold nothing to learn"], harm=[RAISE], good=0.6)
def every_input_the_same(ill, seed, watch):
    """A dataset's __getitem__ returns the inputs of row 0 for every index: the loss falls to ln 10 and no further."""
    model, x, labels = mlp(64, 48, 10), *flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    loss = lambda model, part: F.cross_entropy(model(x[part * 0 if ill else part]), labels[part])
    train(monitor, model, optimizer, lambda part: loss(model, part), batches(300, 32, seed))
    return tested(model)
