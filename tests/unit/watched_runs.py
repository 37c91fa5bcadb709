"""Small networks, and a loop such as users write, with a monitor in it: what the tests of the diagnostics train."""

import torch
from torch import nn
from torch.nn import functional as F

from adamkit.diagnostics import Monitor


def network(dtype=torch.float32):
    """Two layers with a bend between them, the same at each call."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).to(dtype)


def mlp(*extra, inputs=8, classes=4):
    """A classifier of the drawn batches, with ``extra`` layers at its end."""
    return nn.Sequential(nn.Linear(inputs, 16), nn.ReLU(), nn.Linear(16, classes), *extra)


def batch(step):
    """16 rows, and which of their first four inputs is the largest."""
    x = torch.randn(16, 8, generator=torch.Generator().manual_seed(step))
    return x, x[:, :4].argmax(1)


def cross_entropy(model, step):
    """The loss on the step's batch."""
    x, y = batch(step)
    return F.cross_entropy(model(x), y)


def run(model, optimizer=None, *, loss=cross_entropy, steps=60, zero=True, factor=1.0, before=None, after=None,
        take=True):
    """The report of the usual loop; what is asked for is done otherwise."""
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=1e-2)
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    for step in range(steps):
        if zero:
            optimizer.zero_grad()
        value = loss(model, step)
        (value if factor == 1 else factor * value).backward()
        if before:
            before(monitor, optimizer)
        if take:
            optimizer.step()
        monitor.observe(loss=value)
        if after:
            after(monitor, model, step)
    return monitor.report()
