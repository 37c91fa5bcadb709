"""Micro-batches train as the whole batch does, also where a loss leaves out targets or weighs classes."""

import functools

import pytest
import torch
from torch import nn
from torch.nn import functional

from adamkit import torch_optim
from adamkit.training import fit

CLASSES = torch.linspace(0.2, 2.0, 10, dtype=torch.float64)
LOSSES = {
    "the default": None,
    "cross_entropy": functional.cross_entropy,
    "nll_loss": functional.nll_loss,
    "a module": nn.CrossEntropyLoss(ignore_index=3, label_smoothing=0.1),
    "class weights": nn.CrossEntropyLoss(weight=CLASSES),
    "weights and another index": functools.partial(functional.nll_loss, weight=CLASSES, ignore_index=7),
    "a partial of a partial": functools.partial(functools.partial(functional.cross_entropy, ignore_index=1),
                                                ignore_index=5),
    "a sum": nn.CrossEntropyLoss(reduction="sum"),
    "rows": lambda outputs, targets: (outputs.mean((1, 2)) - targets.double().mean(1)).square().mean(),
}


def rows(classes=10):
    """Eight rows of six targets, of which the first half leave out nearly all, and the third pair of rows all."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(8, 6, 4, generator=generator, dtype=torch.float64)
    targets = torch.randint(0, classes, (8, 6), generator=generator)
    return inputs, targets


def trained(loss, batches, accumulate):
    torch.manual_seed(1)
    layer = nn.Linear(4, 10).double()
    model = nn.Sequential(layer, nn.LogSoftmax(-1), Last())
    history = fit(model, batches, torch_optim.SGD(layer.parameters(), lr=1.0), loss=loss, steps=1, device="cpu",
                  accumulate=accumulate)
    return layer.weight.detach(), history.loss[0]


class Last(nn.Module):
    """Classes to the place where torch's losses want them."""

    def forward(self, x):
        return x.transpose(1, 2)


@pytest.mark.parametrize("name", LOSSES)
def test_parts_of_a_batch_make_the_step_of_the_whole(name):
    inputs, targets = rows()
    targets[:4, 1:], targets[4:6] = -100, -100
    if name in ("a module", "weights and another index", "a partial of a partial"):
        ignored = {"a module": 3, "weights and another index": 7}.get(name, 5)
        targets = torch.where(targets < 0, ignored, targets)
    if name == "rows":
        targets = targets.clamp(min=0)
    whole, loss = trained(LOSSES[name], [(inputs, targets)], 1)
    parts = list(zip(inputs.split([3, 1, 2, 2]), targets.split([3, 1, 2, 2]), strict=True))
    again, joined = trained(LOSSES[name], parts, 4)
    torch.testing.assert_close(again, whole, rtol=1e-12, atol=1e-12)
    assert joined == pytest.approx(loss, rel=1e-12)


def test_targets_that_are_probabilities_count_by_rows():
    inputs, targets = rows()
    shares = functional.one_hot(targets, 10).double().transpose(1, 2)
    whole, _ = trained(None, [(inputs, shares)], 1)
    parts = list(zip(inputs.split([5, 3]), shares.split([5, 3]), strict=True))
    torch.testing.assert_close(trained(None, parts, 2)[0], whole, rtol=1e-12, atol=1e-12)


def test_a_batch_without_any_target_has_no_mean_in_parts_either():
    inputs, targets = rows()
    targets[:] = -100
    assert trained(None, [(inputs, targets)], 1)[1] != trained(None, [(inputs, targets)], 1)[1]  # not a number
    parts = list(zip(inputs.split(4), targets.split(4), strict=True))
    assert trained(None, parts, 2)[1] != trained(None, parts, 2)[1]
