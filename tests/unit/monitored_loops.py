"""Small sound trainings under a monitor, and the loop that most of them need: for the tests of its uses."""

import torch
from torch import nn


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 3))


def loss_of(model, number, rows=16):
    generator = torch.Generator().manual_seed(number)
    inputs = torch.randn(rows, 4, generator=generator)
    outputs = model(inputs.to(next(model.parameters()).dtype)).float()
    return nn.functional.cross_entropy(outputs, inputs[:, :3].argmax(1))


def adam(module, rate=0.01):
    return torch.optim.Adam(module.parameters(), lr=rate)


def norm_of(params):
    return float(nn.utils.get_total_norm([p.grad for p in params]))


def run(model, monitor, optimizer, steps=40, *, tell=None, before=None, loss=loss_of):
    """The usual loop; ``tell(loss)`` and ``before(number)``, after the backward pass, may be the user's own."""
    told = []
    for number in range(steps):
        optimizer.zero_grad()
        value = loss(model, number)
        value.backward()
        if before:
            before(number)
        optimizer.step()
        told.append(value.item())
        (tell or (lambda value: monitor.observe(loss=value)))(value)
    return told


def silent(monitor):
    report = monitor.report()
    assert report.healthy, report
    return report
