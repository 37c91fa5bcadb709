"""μP for Adam: parameter groups whose rates let a tuned rate carry over to other widths (Yang et al. 2022).

    base = MLP((64, 32, 32, 10))                        # the width at which the rate was tuned
    model = MLP((64, 512, 512, 10))
    torch.nn.init.zeros_(model[-1].weight)              # or a start 1/√width smaller than usual
    optimizer = torch.optim.Adam(mup_groups(model, base, lr=0.03))

This is the form of the paper's table 3, without multipliers in the network. Its authors' package ``mup`` has that of
table 8: the output layer's rate stays, and its inputs are divided by the width instead. For Adam the two are the same.
Besides the rates μP asks that the output layer start smaller, its variance as 1/width², or at zero, and that attention
divide by the size of a head, not by its root. Both are the network's business, not the optimizer's.
"""

import torch


def rate_factors(model, base):
    """Parameter name → what μP multiplies Adam's rate by.

    A weight whose number of inputs has grown r-fold gets 1/r: a step moves each of its entries by η in a direction that
    its inputs agree on, so the change of an output grows with the number of inputs. These are the hidden matrices and
    the output layer. Input weights, embeddings, biases and the scales of norms keep the rate: what they read does not
    grow.

    Args:
        model: the network to train; weights are laid out as torch does, (outputs, inputs, …).
        base: the same network at the width at which η was tuned; its values do not matter.

    Raises:
        ValueError: the two do not have the same parameters, or differ in their number of dimensions.
    """
    before = dict(base.named_parameters())
    after = dict(model.named_parameters())
    if list(before) != list(after):
        odd = sorted(set(before) ^ set(after)) or "their order"
        raise ValueError(f"model and base must have the same parameters; they differ in {odd}")
    looked_up = {id(module.weight) for module in model.modules() if isinstance(module, torch.nn.Embedding)}
    return {name: 1.0 if id(p) in looked_up else _fewer_inputs(name, before[name], p) for name, p in after.items()}


def _fewer_inputs(name, old, new):
    """Inputs of the base's weight over inputs of this one; 1 for vectors."""
    if old.ndim != new.ndim:
        raise ValueError(f"{name} has {new.ndim} dimensions in model and {old.ndim} in base")
    return old.shape[1] / new.shape[1] if new.ndim >= 2 else 1.0


def mup_groups(model, base, lr, *, weight_decay=0.0):
    """Parameter groups for Adam or AdamW, one for each rate.

    Args:
        model, base: as in `rate_factors`.
        lr: η > 0, as tuned at the base's width.
        weight_decay: λ ≥ 0 at the base's width. Each group's λ is divided by what its rate is multiplied by, so that
            ηλ, and with it the time scale of the decay, is the same in all, as in ``mup``. Wang & Aitchison 2025 find
            that transfer breaks late in training without this.
    """
    if not lr > 0 or not weight_decay >= 0:
        raise ValueError(f"lr={lr!r} must be > 0 and weight_decay={weight_decay!r} ≥ 0")
    groups = {}
    for factor, p in zip(rate_factors(model, base).values(), model.parameters(), strict=True):
        groups.setdefault(factor, []).append(p)
    return [{"params": params, "lr": lr * factor, "weight_decay": weight_decay / factor}
            for factor, params in groups.items()]
