"""One convolutional network, trained on the digits in an ordinary loop.

Batch norm makes a network's output depend on the rest of its batch, so these runs go one by one, unlike `ensembles`.
"""

from dataclasses import dataclass

import torch

from adamkit.schedules import warmup_cosine
from adamkit.training.data import batches, digits
from adamkit.training.ensembles import one_thread
from adamkit.training.models import DigitsCNN


@dataclass(frozen=True, eq=False)
class Trained:
    """What came of a run.

    Attributes:
        model: the trained network, in evaluation mode.
        train_loss: mean cross-entropy over the training rows, in evaluation mode.
        test_loss, test_accuracy: over the 449 test rows.
        batch_losses: loss of each mini-batch before its step, a list.
    """

    model: torch.nn.Module
    train_loss: float
    test_loss: float
    test_accuracy: float
    batch_losses: list


def train_cnn(make_optimizer, *, seed=0, epochs=12, rows=None, batch_size=64, batch_norm=True, schedule=None):
    """Train a `DigitsCNN` and measure it.

    Args:
        make_optimizer: parameters → a torch optimizer: ``lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)``.
        seed: of the weights and of the order of the rows; the split of the data is always the same.
        epochs: passes over the rows, 1 or more.
        rows: training rows to keep, all 1348 by default.
        batch_size: rows of a mini-batch, 2 or more (batch norm needs company), at most ``rows``.
        batch_norm: False leaves the normalisation out.
        schedule: (step from 0) → factor on the rate; by default a warmup over a tenth, and a cosine to zero.

    Returns:
        `Trained`. On the CPU, in one thread (see `ensembles.one_thread`).
    """
    if epochs < 1 or batch_size < 2:
        raise ValueError(f"epochs={epochs!r} must be 1 or more and batch_size={batch_size!r} 2 or more")
    data, model = digits(rows=rows, images=True), _fresh(seed, batch_norm)
    steps = epochs * (len(data.x_train) // batch_size)
    if schedule is None:
        schedule = warmup_cosine(warmup=steps // 10, total=steps, start=1 / (steps // 10 + 1))
    with one_thread():
        losses = list(_steps(model, data, make_optimizer, batches(len(data.x_train), batch_size, steps, seed=seed),
                             schedule))
        return _measured(model.eval(), data, losses)


def train_until(make_optimizer, target, *, seed=0, most_epochs=60, rows=None, batch_size=64):
    """Train a `DigitsCNN` at a constant rate until its training loss, measured after each epoch, is below ``target``.

    For comparisons at a matched training loss. Arguments as for `train_cnn`.

    Returns:
        `Trained`; ``train_loss`` is below the target, unless ``most_epochs`` were not enough.
    """
    data, model = digits(rows=rows, images=True), _fresh(seed, batch_norm=True)
    an_epoch = len(data.x_train) // batch_size
    order = batches(len(data.x_train), batch_size, most_epochs * an_epoch, seed=seed)
    losses = []
    with one_thread():
        for loss in _steps(model, data, make_optimizer, order, lambda step: 1.0):
            losses.append(loss)
            if len(losses) % an_epoch == 0:
                found = _measured(model.eval(), data, losses)
                if found.train_loss < target:
                    break
                model.train()
    return found


def _fresh(seed, batch_norm):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return DigitsCNN(batch_norm=batch_norm)


def _steps(model, data, make_optimizer, order, schedule):
    """One step for each row of ``order``; yields the losses before them."""
    optimizer = make_optimizer(model.parameters())
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
    for chosen in order:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(data.x_train[chosen]), data.y_train[chosen])
        loss.backward()
        optimizer.step()
        scheduler.step()
        yield loss.item()


@torch.no_grad()
def _measured(model, data, losses):
    train, test = model(data.x_train), model(data.x_test)
    entropy = torch.nn.functional.cross_entropy
    accuracy = (test.argmax(dim=-1) == data.y_test).double().mean().item()
    return Trained(model, entropy(train, data.y_train).item(), entropy(test, data.y_test).item(), accuracy, losses)
