"""Networks on which the loop of notebook 10 is tried, and how their weights are watched."""

import copy

import numpy as np

from adamkit.practice.plays import Case, refuse_non_function


def watch_the_weights(function, case, transcript):
    """Play: train a copy of the model; the moments are its weights, as the forward pass after each step sees them."""
    refuse_non_function(function)
    args = case.args
    model, seen = copy.deepcopy(args["model"]), []

    def weights():
        return np.concatenate([p.detach().numpy().ravel() for p in model.parameters()])

    hook = model.register_forward_pre_hook(lambda *_: seen.append(weights()))
    returned = function(model, list(args["batches"]), args["loss"], *(args[name] for name in SETTINGS))
    hook.remove()
    yield "the returned losses", _plain(returned)
    for step, found in enumerate([*seen[1:], weights()], start=1):
        yield f"the weights after step {step}", found


def _plain(losses):
    """Losses as a list of numbers, where they came as an array, or as tensors."""
    if isinstance(losses, np.ndarray) or hasattr(losses, "detach"):
        losses = losses.tolist()
    if not isinstance(losses, (list, tuple)):
        return losses
    return [loss.item() if hasattr(loss, "detach") and loss.numel() == 1 else loss for loss in losses]


SETTINGS = ("peak", "schedule", "weight_decay", "clip")


def networks():
    """A matrix with a norm; two layers; a convolution; names that say nothing of the dimensions; and a batch norm."""
    import torch
    from torch import nn

    class Norm(nn.Module):
        """A matrix, a norm and a bias."""

        def __init__(self):
            super().__init__()
            self.mix, self.norm = nn.Linear(4, 4), nn.LayerNorm(4)

        def forward(self, x):
            return self.norm(self.mix(x))

    class Odd(nn.Module):
        """A matrix of biases, a norm that mixes, a bare scale, a gain."""

        def __init__(self):
            super().__init__()
            self.tok_embed, self.norm_mix = nn.Embedding(3, 4), nn.Linear(4, 4, bias=False)
            self.bias_table, self.row = nn.Parameter(torch.empty(4, 4)), nn.Parameter(torch.empty(1, 4))
            self.weight, self.gain = nn.Parameter(torch.empty(4)), nn.Parameter(torch.empty(()))

        def forward(self, x):
            mixed = self.norm_mix(x @ self.tok_embed.weight) * self.weight + self.row
            return self.gain * torch.tanh(mixed) @ self.bias_table

    layers = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    images = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))
    normed = nn.Sequential(nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))
    return Norm(), layers, images, Odd(), normed


def cases(rng):
    """Networks with batches whose gradients differ much in size, so that some are clipped and some are not."""
    import torch

    from adamkit import schedules

    def case(name, model, shape, *, steps, **settings):
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        draw = lambda *size: torch.randn(size, generator=generator, dtype=torch.float64)
        model = model.double()
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(draw(*p.shape))
        sizes = [0.05, 3.0, 0.5, 10.0, 0.1]
        outputs = model(draw(6, *shape)).shape[1:]
        rows = [6] * (steps - 1) + [4]
        batches = [(draw(n, *shape), sizes[k % 5] * draw(n, *outputs)) for k, n in enumerate(rows)]
        loss = lambda found, wanted: ((found - wanted) ** 2).mean() * wanted.abs().mean()
        return Case(name, {"model": model, "batches": batches, "loss": loss, **settings})

    ramp = schedules.warmup_cosine(warmup=3, total=9, floor=0.1)
    early = schedules.warmup_cosine(warmup=2, total=8, start=0.3)
    norm, layers, images, odd, normed = networks()
    return [
        case("a matrix and a norm", norm, (4,), steps=10, peak=0.05, schedule=ramp, weight_decay=0.5, clip=0.5),
        case("two layers", layers, (3,), steps=9, peak=0.1, schedule=early, weight_decay=0.3, clip=0.2),
        case("a convolution", images, (1, 4, 4), steps=8, peak=0.02, schedule=early, weight_decay=1.0, clip=1.0),
        case("a model with odd names", odd, (3,), steps=7, peak=0.05, schedule=ramp, weight_decay=0.8, clip=2.0),
        case("a batch norm", normed, (3,), steps=6, peak=0.05, schedule=ramp, weight_decay=0.4, clip=1.0),
        case("no decay at all", layers, (3,), steps=4, peak=0.1, schedule=early, weight_decay=0.0, clip=0.5),
    ]
