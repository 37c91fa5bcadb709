"""LoRA: train a thin correction beside each frozen matrix (Hu et al. 2021, "LoRA", section 4.1).

    h = W x + (α/r) B A x        W stays as it is; A is (r, inputs), B is (outputs, r) and starts at 0

Only A and B have gradients, and so only they have a place in the optimizer's state: r·(inputs + outputs) numbers a
layer instead of inputs·outputs.
"""

import math

import torch
from torch import nn

from adamkit.arguments import positive, whole


class LoRALinear(nn.Module):
    """A frozen linear layer and its correction of rank r.

    At the start B is 0, so the layer gives what it gave before. A starts as torch starts a linear layer's weight
    (uniform within ±1/√inputs), as in the authors' code; the paper's text says Gaussian.

    Attributes:
        base: the frozen ``nn.Linear``.
        a, b: the trained matrices, shapes (rank, inputs) and (outputs, rank).
        scale: α/r.
    """

    def __init__(self, base, *, rank, alpha):
        super().__init__()
        self.base, self.scale = base, alpha / rank
        self.a = nn.Parameter(torch.empty(rank, base.in_features, dtype=base.weight.dtype, device=base.weight.device))
        self.b = nn.Parameter(base.weight.new_zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x):
        """W x + bias + (α/r) B A x; the thin product is never multiplied out."""
        return self.base(x) + self.scale * (x @ self.a.T) @ self.b.T

    @torch.no_grad()
    def merged(self):
        """One linear layer that does the same: W + (α/r) B A."""
        self.base.weight += self.scale * self.b @ self.a
        return self.base

    def extra_repr(self):
        """Shown by ``print(model)``."""
        return f"rank={self.a.shape[0]}, scale={self.scale:g}"


def lora(model, *, rank=4, alpha=None, only=lambda name: True):
    """Freeze a model and put a trained correction beside its linear layers, in place.

    Args:
        model: any module with ``nn.Linear`` layers inside.
        rank: r, from 1 to the smaller side of each of the layers.
        alpha: α > 0; r by default, so that the correction counts as it is.
        only: name of a layer (as in ``model.named_modules()``) → whether to train beside it.

    Returns:
        The parameters that are trained, a list: what to give the optimizer.

    Raises:
        ValueError: a rank or alpha that is not allowed, no layer to train beside, or a model that has corrections.
    """
    whole("rank", rank, 1)
    alpha = rank if alpha is None else alpha
    positive("alpha", alpha)
    if any(isinstance(module, LoRALinear) for module in model.modules()):
        raise ValueError("model has LoRA layers already; merge(model) makes them plain layers again")
    chosen = [name for name, module in model.named_modules() if name and type(module) is nn.Linear and only(name)]
    if not chosen:
        raise ValueError("model has no nn.Linear inside that only= lets through, so there is nothing to train beside")
    for name in chosen:
        sides = tuple(model.get_submodule(name).weight.shape)
        if rank > min(sides):
            raise ValueError(f"rank={rank} must be from 1 to {min(sides)}, the smaller side of {name}, {sides}")
    model.requires_grad_(False)
    layers = [_swap(model, name, LoRALinear(model.get_submodule(name), rank=rank, alpha=alpha)) for name in chosen]
    return [matrix for layer in layers for matrix in (layer.a, layer.b)]


def merge(model):
    """Fold all corrections into their matrices, in place, and give the model back: plain layers, as fast as before.

    The matrices stay frozen; ``model.requires_grad_(True)`` trains them again.
    """
    for name in [name for name, module in model.named_modules() if isinstance(module, LoRALinear)]:
        _swap(model, name, model.get_submodule(name).merged())
    return model


def _swap(model, name, new):
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, new)
    return new
