"""A training written down as data, so that a treatment is a change of one or two of its fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from adamkit.diagnostics import Monitor
from adamkit.training.data import batches
from adamkit.training.ensembles import one_thread


def shuffled(data, batch_size):
    """A feed of mini-batches drawn epoch by epoch without replacement: (seed, steps) → (inputs, targets, number)."""
    per_epoch = len(data.x_train) // batch_size

    def feed(seed, steps):
        for step, rows in enumerate(batches(len(data.x_train), batch_size, steps, seed=seed)):
            yield data.x_train[rows], data.y_train[rows], step % per_epoch

    return feed


def whole(inputs, targets):
    """A feed that gives all rows at every step."""
    return lambda seed, steps: ((inputs, targets, 0) for _ in range(steps))


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything a training needs but its seed.

    Attributes:
        model: makes a freshly initialised module, on the CPU.
        feed: (seed, steps) → (inputs, targets, number of the batch in its epoch), one triple a step.
        lr: peak learning rate, > 0.
        steps: updates, ≥ 1.
        loss: (outputs, targets) → scalar.
        optimizer: class of a torch optimizer, called as ``optimizer(parameters, lr=…, **hypers)``.
        hypers: its other settings.
        schedule: step from 0 → factor on ``lr``; None for a constant rate.
        clip: largest gradient norm, or None.
        validation: (inputs, targets) to measure on, or None.
        every: steps between two measurements of the validation loss; the last step is always measured.
        prepare: (model, seed) → None, before the training: loading pre-trained weights, for example.
        groups: (model, lr) → parameter groups; None for one group of all parameters.
    """

    model: Callable[[], torch.nn.Module]
    feed: Callable
    lr: float
    steps: int = 300
    loss: Callable = torch.nn.functional.cross_entropy
    optimizer: Callable = torch.optim.Adam
    hypers: Mapping = field(default_factory=dict)
    schedule: Callable | None = None
    clip: float | None = None
    validation: tuple | None = None
    every: int = 10
    prepare: Callable | None = None
    groups: Callable | None = None

    def __post_init__(self):
        if not self.lr > 0:
            raise ValueError(f"lr={self.lr!r} must be above 0")
        if self.steps < 1 or self.every < 1:
            raise ValueError(f"steps={self.steps!r} and every={self.every!r} must be 1 or more")

    def changed(self, **changes):
        """The same plan with some fields replaced; a change of ``hypers`` is merged into those that stand."""
        if "hypers" in changes:
            changes["hypers"] = {**self.hypers, **changes["hypers"]}
        return replace(self, **changes)


def train(plan, *, seed=0):
    """Follow a plan under a monitor → (monitor, losses (steps,)). torch's own seed and threads are left as they were.

    Weights and batches come from ``seed``. A run whose loss is no longer finite goes on to its end, as it would
    on a machine that nobody watches.
    """
    with one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = plan.model()
        if plan.prepare:
            plan.prepare(model, seed)
        parameters = plan.groups(model, plan.lr) if plan.groups else model.parameters()
        optimizer = plan.optimizer(parameters, lr=plan.lr, **plan.hypers)
        return _follow(plan, model, optimizer, seed)


def _follow(plan, model, optimizer, seed):
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, plan.schedule) if plan.schedule else None
    monitor, losses = Monitor(model, optimizer, every=1, on_nonfinite="record"), np.empty(plan.steps)
    monitor.observe(validation=_validation(plan, model, plan.steps - 1))  # what the model knows before it is trained
    for step, (inputs, targets, number) in enumerate(plan.feed(seed, plan.steps)):
        loss = plan.loss(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        if plan.clip:
            monitor.clip_(plan.clip)
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses[step] = loss.item()
        monitor.observe(loss=losses[step], validation=_validation(plan, model, step), batch=number)
    monitor.close()
    return monitor, losses


@torch.no_grad()
def _validation(plan, model, step):
    """The validation loss after this step, or None where it is not due."""
    if plan.validation is None or ((step + 1) % plan.every and step + 1 < plan.steps):
        return None
    inputs, targets = plan.validation
    model.eval()
    loss = plan.loss(model(inputs), targets).item()
    model.train()
    return loss
