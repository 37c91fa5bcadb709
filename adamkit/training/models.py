"""Networks small enough to train many of at once."""

from itertools import pairwise

import torch

ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "gelu": torch.nn.GELU}


class MLP(torch.nn.Sequential):
    """Fully connected layers with an activation between them.

    Args:
        sizes: width of the input, of each hidden layer, and of the output: ``(64, 32, 10)``; two numbers make a
            linear model.
        activation: "relu", "tanh" or "gelu".

    Weights start as torch.nn.Linear starts them; seed torch to repeat a start.
    """

    def __init__(self, sizes, *, activation="relu"):
        if len(sizes) < 2 or any(size < 1 for size in sizes):
            raise ValueError(f"sizes={sizes!r} must name at least an input and an output width, each 1 or more")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation={activation!r} is not one of {list(ACTIVATIONS)}")
        layers = []
        for inputs, outputs in pairwise(sizes):
            layers += [torch.nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
        super().__init__(*layers[:-1])


class DigitsCNN(torch.nn.Sequential):
    """A small convolutional network with batch normalisation, for images of 8 × 8 pixels.

    Two stages of 3 × 3 convolution, batch norm, ReLU and 2 × 2 max-pooling, then a linear layer on what is left of the
    image, 2 × 2 pixels: (batch, 1, 8, 8) → (batch, classes). With the default widths it has 6 138 parameters.

    Batch norm (Ioffe & Szegedy 2015) uses the batch's own statistics in training mode and running averages in
    evaluation mode, so call ``model.eval()`` before measuring. For the same reason this network is no part of an
    `ensembles.train`, whose models must give their output row by row.

    Args:
        channels: widths of the two stages, each 1 or more.
        classes: number of classes, 2 or more.
        batch_norm: False leaves the normalisation out and gives the convolutions a bias instead.

    Weights start as torch's layers start them; seed torch to repeat a start.
    """

    def __init__(self, channels=(16, 32), *, classes=10, batch_norm=True):
        if len(channels) != 2 or any(width < 1 for width in channels):
            raise ValueError(f"channels={channels!r} must be two widths, each 1 or more")
        if classes < 2:
            raise ValueError(f"classes={classes!r} must be 2 or more")
        layers = []
        for inputs, outputs in pairwise((1, *channels)):
            layers.append(torch.nn.Conv2d(inputs, outputs, 3, padding=1, bias=not batch_norm))
            layers += [torch.nn.BatchNorm2d(outputs)] if batch_norm else []
            layers += [torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
        super().__init__(*layers, torch.nn.Flatten(), torch.nn.Linear(4 * channels[1], classes))


class SequenceCNN(torch.nn.Sequential):
    """A small convolutional network for rows of numbers: (batch, length) → (batch, classes).

    Two stages of convolution over 5 points, ReLU and max-pooling of pairs, then a linear layer on what is left of the
    row, a quarter of its length. Without batch norm, so that `ensembles.train` can train many at once. With the
    defaults it has 5 898 parameters.

    Args:
        length: of a row, 4 or more.
        channels: widths of the two stages, each 1 or more.
        classes: number of classes, 2 or more.

    Weights start as torch's layers start them; seed torch to repeat a start.
    """

    def __init__(self, length=40, *, channels=(16, 32), classes=10):
        if len(channels) != 2 or any(width < 1 for width in channels):
            raise ValueError(f"channels={channels!r} must be two widths, each 1 or more")
        if length < 4 or classes < 2:
            raise ValueError(f"length={length!r} must be 4 or more and classes={classes!r} 2 or more")
        layers = [torch.nn.Unflatten(-1, (1, length))]
        for inputs, outputs in pairwise((1, *channels)):
            layers += [torch.nn.Conv1d(inputs, outputs, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool1d(2)]
        super().__init__(*layers, torch.nn.Flatten(), torch.nn.Linear(length // 2 // 2 * channels[1], classes))
