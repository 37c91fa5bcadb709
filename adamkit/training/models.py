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
