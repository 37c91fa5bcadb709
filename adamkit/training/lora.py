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
    def merged(self, *, shared=False):
        """One linear layer that does the same: W + (α/r) B A, in memory of its own if W is ``shared`` with others."""
        weight = self.base.weight
        if shared:
            weight = self.base.weight = nn.Parameter(weight.detach().clone(), requires_grad=weight.requires_grad)
        weight += self.scale * self.b @ self.a
        return self.base

    def extra_repr(self):
        """Shown by ``print(model)``."""
        return f"rank={self.a.shape[0]}, scale={self.scale:g}"


def lora(model, *, rank=4, alpha=None, only=lambda name: True):
    """Freeze a model and put a trained correction beside its linear layers, in place.

    Args:
        model: any module with plain ``nn.Linear`` layers inside. What computes its weight anew at each call, such as
            a layer under weight norm, is not plain: a correction could not be folded into it. A layer that stands under
            several names gets one correction, for all of them.
        rank: r, from 1 to the smaller side of each of the layers.
        alpha: α > 0; r by default, so that the correction counts as it is.
        only: name of a layer (as in ``model.named_modules()``) → whether to train beside it; of several, one
            will do.

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
    chosen = {module: names for module, names in _names(model).items() if _is_plain(module) and any(map(only, names))}
    if not chosen:
        raise ValueError("model has no nn.Linear inside that only= lets through, so there is nothing to train beside")
    for module, names in chosen.items():
        sides = tuple(module.weight.shape)
        if rank > min(sides):
            raise ValueError(f"rank={rank} must be from 1 to {min(sides)}, the smaller side of {names[0]}, {sides}")
    model.requires_grad_(False)
    layers = [_swap(model, names, LoRALinear(module, rank=rank, alpha=alpha)) for module, names in chosen.items()]
    return [matrix for layer in layers for matrix in (layer.a, layer.b)]


def merge(model):
    """Fold all corrections into their matrices, in place, and give the model back: plain layers, as fast as before.

    The matrices stay frozen; ``model.requires_grad_(True)`` trains them again. A matrix that others use as well, such
    as an embedding's that is the output layer's too, becomes one of the layer's own: the correction was the layer's.
    """
    for module, names in _names(model).items():
        if isinstance(module, LoRALinear):
            _swap(model, names, module.merged(shared=_is_shared(model, module.base)))
    return model


def _names(model):
    """{module inside: all the names that it stands under}."""
    found = {}
    for name, module in model.named_modules(remove_duplicate=False):
        if name:
            found.setdefault(module, []).append(name)
    return found


def _is_plain(module):
    """True for an ``nn.Linear`` whose weight is its own parameter, and not worked out from others at each call."""
    return type(module) is nn.Linear and "weight" in module._parameters


def _is_shared(model, layer):
    """True when another tensor of the model lies in the memory of this layer's weight."""
    memory = layer.weight.untyped_storage().data_ptr()
    users = {(module, name) for module in model.modules() for own in (module._parameters, module._buffers)
             for name, tensor in own.items()
             if tensor is not None and tensor.untyped_storage().data_ptr() == memory}
    return len(users) > 1


def _swap(model, names, new):
    for name in names:
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, new)
    return new
