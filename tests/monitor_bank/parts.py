"""What the kinds share: data, small networks, and the loop that most of them need."""

import functools
import itertools

import torch
import torch.nn.functional as F
from torch import nn

#: Rows of the digits that are trained on; the others test.
TRAINED = 1437


@functools.cache
def digits():
    """8 × 8 images, (1797, 1, 8, 8), each pixel 0 to 1, and their digits; shuffled once."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    order = torch.randperm(len(bunch.target), generator=torch.Generator().manual_seed(7))
    images = torch.tensor(bunch.images, dtype=torch.float32)[order] / 16
    return images.unsqueeze(1), torch.tensor(bunch.target)[order]


@functools.cache
def flat():
    """The digits as rows of 64 numbers, each about of mean 0 and variance 1, and the digits."""
    images, labels = digits()
    rows = images.flatten(1)
    return (rows - rows.mean(0)) / (rows.std(0) + 1e-2), labels


@functools.cache
def regression(noise=0.1, seed=5):
    """A smooth function of the digits' rows with a little noise: targets (1797, 1) of variance about 1."""
    g = torch.Generator().manual_seed(seed)
    x = flat()[0]
    weights = torch.randn(64, 3, generator=g) / 8
    y = (x @ weights).tanh() @ torch.tensor([[1.0], [-1.0], [1.0]])
    y = (y - y.mean()) / y.std()
    return y + noise * torch.randn(y.shape, generator=g)


@functools.cache
def text():
    """Windows of 24 characters and what follows each, (rows, 24) twice; (training x, y, test x, y, alphabet size)."""
    from adamkit.training.text import characters

    data = characters(context=24, alphabet=40)
    return data.x_train, data.y_train, data.x_test, data.y_test, data.classes


def batches(steps, size, seed, rows=TRAINED):
    """Numbers of rows for each step: every epoch in a new order, the last incomplete batch of each left out."""
    g, done = torch.Generator().manual_seed(1000 + seed), 0
    while done < steps:
        for part in torch.randperm(rows, generator=g).split(size):
            if done < steps and len(part) == min(size, rows):
                done += 1
                yield part


def mlp(*sizes, act=nn.ReLU):
    """Linear layers with an activation between them: mlp(64, 32, 10) has two."""
    layers = [part for i, o in itertools.pairwise(sizes) for part in (nn.Linear(i, o), act())]
    return nn.Sequential(*layers[:-1])


def cnn(width=12):
    """Two convolutions and a head, for the images."""
    return nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
                         nn.Linear(8 * width, 10))


def normed(act=nn.ReLU, p=0.0):
    """A network with batch normalisation, and dropout where p > 0."""
    return nn.Sequential(nn.Linear(64, 96), nn.BatchNorm1d(96), act(), nn.Dropout(p), nn.Linear(96, 10))


def ce(model, rows, x=None):
    """Cross-entropy of the digits on these rows."""
    x, labels = (flat()[0] if x is None else x), flat()[1]
    return F.cross_entropy(model(x[rows]), labels[rows])


def mse(model, rows):
    """Mean squared error on `regression`."""
    return F.mse_loss(model(flat()[0][rows]), regression()[rows])


TEST = torch.arange(TRAINED, 1797)


def tested(model, loss=ce, **more):  # noqa: PT028 - no test, in spite of its name
    """The loss on the test rows, in eval mode and without gradients; the mode is put back."""
    mode = model.training
    model.eval()
    with torch.no_grad():
        value = loss(model, TEST, **more).item()
    model.train(mode)
    return value


def adam(model, rate=2e-3):
    return torch.optim.Adam(model.parameters(), lr=rate)


def train(monitor, model, optimizer, loss, rows, *, before=None, after=None, validate=None, every=30, clip=None):
    """The usual loop.

    Args:
        loss: rows → tensor.
        rows: what `batches` gives.
        before, after: called with the number of the step, from 0: after the backward pass, and after the step.
        validate: → loss on held-out rows, asked each ``every`` steps.
        clip: largest norm, clipped by the monitor.

    Returns:
        the last losses, a mean over 30 steps.
    """
    last = []
    for step, part in enumerate(rows):
        optimizer.zero_grad()
        value = loss(part)
        value.backward()
        if before:
            before(step)
        if clip:
            monitor.clip_(clip)
        optimizer.step()
        monitor.observe(loss=value)
        if after:
            after(step)
        if validate and step % every == 0:
            monitor.observe(validation=validate())
        last = [*last[-29:], value.item()]
    return sum(last) / len(last)
