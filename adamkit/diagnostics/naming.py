"""Parameters and their names, as the reader's own code calls them."""

import torch
from torch.nn.parameter import UninitializedParameter

WRAPPERS = (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)


def named(model, optimizers, *, lazy=False):
    """Names and parameters of a model, and then what the optimizers hold besides; a shared one comes once.

    torch.compile and the data-parallel wrappers put ``_orig_mod.`` and ``module.`` into names: they are left out. So
    are parameters that have no shape yet; with ``lazy`` there may be no others.
    """
    names, params = [], []
    for name, p in unwrapped(model).named_parameters():
        names.append(name.replace("_orig_mod.", ""))
        params.append(p)
    known = {id(p) for p in params}
    for number, group in enumerate(optimizers.param_groups):
        for place, p in enumerate(group["params"]):
            if id(p) not in known:
                names.append(f"group {number}, parameter {place}")
                params.append(p)
    kept = [(name, p) for name, p in zip(names, params) if not isinstance(p, UninitializedParameter) and p.numel()]
    if not kept and not lazy:
        raise ValueError("the model has no parameters to watch")
    return [name for name, _ in kept], [p for _, p in kept]


def unwrapped(model):
    """The module that the user wrote."""
    while True:
        if isinstance(model, WRAPPERS):
            model = model.module
        elif hasattr(model, "_orig_mod"):
            model = model._orig_mod
        else:
            return model
