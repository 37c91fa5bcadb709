"""What is refused at the door: groups, gradients, checkpoints."""

import torch

from adamkit.torch_optim.sharded import is_sharded
from adamkit.torch_optim.tensors import state_keys

#: Options of the engine, which old checkpoints of torch may lack.
COMMON_OPTIONS = {"maximize", "differentiable"}


def check_group(optimizer, group):
    """Refuse a new group with a hyper-parameter or a parameter that is not allowed."""
    name = type(optimizer).__name__
    check_options(optimizer, group)
    rule = optimizer.rule(group)
    for i, p in enumerate(group["params"]):
        if not p.is_floating_point():
            raise TypeError(f"{name}: params[{i}] is {p.dtype}; it must hold real floating-point numbers")
        if p.numel() == 0:
            raise ValueError(f"{name}: params[{i}] has no elements; its shape is {tuple(p.shape)}")
        rule.check_fits(f"params[{i}]", tuple(p.shape))
        if is_sharded(p) and (not optimizer.takes_parts or rule.batch_size is not None):
            why = "hyper-parameters that are arrays" if optimizer.takes_parts else "this optimizer"
            raise TypeError(f"{name}: params[{i}] is a DTensor, of which each process holds a part; {why} needs all "
                            "of it. DistributedDataParallel leaves parameters whole")


def check_gradients(optimizer):
    """Refuse gradients that do not match their parameters, before anything has changed."""
    name = type(optimizer).__name__
    for group in optimizer.param_groups:
        for i, p in enumerate(group["params"]):
            if p.grad is not None:
                _check_gradient(f"{name}: the gradient of params[{i}]", p, p.grad)
    if torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing():
        raise RuntimeError(f"{name} cannot be captured in a CUDA graph: the step number would be frozen into it")


def _check_gradient(what, p, g):
    if g.layout != torch.strided:
        raise RuntimeError(f"{what} is sparse ({g.layout}); only dense gradients are supported")
    if g.shape != p.shape or g.dtype != p.dtype:
        raise ValueError(f"{what} is {g.dtype} {tuple(g.shape)}, and the parameter {p.dtype} {tuple(p.shape)}")


def check_checkpoint(optimizer, state_dict):
    """Refuse a checkpoint that torch would load, but that this optimizer could not continue."""
    name = type(optimizer).__name__
    keys = {"step", *(key for rule in optimizer.rule_types for key in state_keys(rule).values())}
    for group in state_dict["param_groups"]:
        missing = sorted(set(optimizer.defaults) - set(group) - optimizer.own_options - COMMON_OPTIONS)
        missing = [option for option in missing if option not in optimizer.fixed_options]
        if missing:
            raise ValueError(f"{name}: the checkpoint's groups have no {missing}; it is of another optimizer")
        check_options(optimizer, group)
        rule = optimizer.rule({**optimizer.defaults, **group})
        for memory in (state_dict["state"].get(i, {}) for i in group["params"]):
            foreign = sorted(set(memory) - keys)
            if foreign or (memory and rule.counts_steps and "step" not in memory):
                found = f"has {foreign}" if foreign else "has no step"
                raise ValueError(f"{name}: the checkpoint's state {found}; it is of another optimizer")


def check_options(optimizer, group):
    """Refuse options that the optimizer has in one form only, such as amsgrad=True."""
    name = type(optimizer).__name__
    for option, value in optimizer.fixed_options.items():
        if group.get(option, value) != value:
            raise ValueError(f"{name}: {option}={group[option]!r} is not what {name} does; it has {option}={value!r}")
