"""Begin with Adam, end with SGD: at which rate? (Keskar and Socher 2017, "SWATS".)

Adam's step p and the gradient g seldom point the same way. SWATS asks which step −γg, *projected onto p*, is p itself:

    γ = p·p / −p·g                           so that  proj_p(−γg) = p
    λ ← β₂λ + (1−β₂)γ                        averaged like v, and corrected like v̂
    rate of SGD with momentum β₁: (1−β₁)·λ̂    because its steps add up to 1/(1−β₁) of one
"""

from dataclasses import dataclass

import torch

from adamkit.arguments import whole
from adamkit.training.data import batches, digits
from adamkit.training.ensembles import one_thread
from adamkit.training.models import DigitsCNN

BETA1, BETA2 = 0.9, 0.999


@dataclass(frozen=True)
class Switched:
    """What came of a run that changed its optimizer.

    Attributes:
        lr: rate of SGD after the switch; None where Adam went on.
        estimate: λ̂ at the switch.
        train_loss, test_loss: at the end, over all rows, in evaluation mode; NaN or large where the switch failed.
        batch_losses: loss of each mini-batch before its step.
    """

    lr: float | None
    estimate: float
    train_loss: float
    test_loss: float
    batch_losses: list


def adam_then_sgd(choose, *, first=100, steps=300, lr=3e-3, batch_size=32, seed=0):
    """Train a `DigitsCNN` without batch norm: ``first`` steps with Adam, then SGD with momentum 0.9.

    Args:
        choose: λ̂ → the rate of SGD, or None to go on with Adam.
        first: steps of Adam, 1 or more and fewer than ``steps``.
        steps: steps in all.
        lr: Adam's rate; both rates are constant.
        batch_size: rows of a mini-batch, 1 or more.
        seed: of weights and batches.

    Returns:
        `Switched`. On the CPU, in one thread.
    """
    whole("first", first, 1)
    whole("steps", steps, first + 1)
    data, model = digits(images=True), _fresh(seed)
    params = list(model.parameters())
    optimizer, rate, average, losses = torch.optim.Adam(params, lr, betas=(BETA1, BETA2)), None, 0.0, []
    with one_thread():
        for t, rows in enumerate(batches(len(data.x_train), batch_size, steps, seed=seed)):
            if t == first:
                estimate = average / (1 - BETA2**first)
                rate = choose(estimate)
                optimizer = optimizer if rate is None else torch.optim.SGD(params, rate, momentum=BETA1)
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(data.x_train[rows]), data.y_train[rows])
            loss.backward()
            losses.append(loss.item())
            before = _flat(params) if t < first else None
            optimizer.step()
            if t < first:
                gradient = _flat([p.grad for p in params])
                average = BETA2 * average + (1 - BETA2) * matching_rate(_flat(params) - before, gradient)
        return Switched(rate, estimate, *_losses(model.eval(), data), losses)


def matching_rate(step, gradient):
    """γ = p·p / −p·g: the rate at which SGD's step, projected onto Adam's step p, is p.

    Negative where p points uphill on this batch, which happens, because p is an average over batches.
    """
    return ((step @ step) / -(step @ gradient)).item()


def _flat(tensors):
    return torch.cat([x.detach().flatten() for x in tensors])


def _fresh(seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return DigitsCNN(batch_norm=False)


@torch.no_grad()
def _losses(model, data):
    entropy = torch.nn.functional.cross_entropy
    return entropy(model(data.x_train), data.y_train).item(), entropy(model(data.x_test), data.y_test).item()
