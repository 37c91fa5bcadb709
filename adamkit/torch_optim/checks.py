"""What is refused at the door: groups, gradients, checkpoints."""

import inspect

import torch

from adamkit.torch_optim.sharded import is_sharded
from adamkit.torch_optim.tensors import begun, fitted, state_keys

#: Options that are no rule's own, and that a checkpoint may lack or have: of torch's engine and of ours.
COMMON_OPTIONS = {"params", "lr", "maximize", "differentiable", "foreach", "fused", "capturable", "compile"}
#: Options that torch gave its optimizers later than their names: old checkpoints lack them. The last is torch's
#: engine's, which a loaded checkpoint leaves in the defaults.
LATE_OPTIONS = {"maximize", "decoupled_weight_decay", "differentiable"}


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
    if not {"state", "param_groups"} <= set(state_dict):
        raise ValueError(f"{name}: this is no optimizer's state dict: it has {sorted(map(str, state_dict))[:5]}, and "
                         "must have 'state' and 'param_groups'")
    groups = state_dict["param_groups"]
    was, now = ([len(group["params"]) for group in some] for some in (groups, optimizer.param_groups))
    if was != now:
        raise ValueError(f"{name}: the checkpoint has groups of {was} parameters, and the optimizer of {now}")
    for group, own in zip(groups, optimizer.param_groups, strict=True):
        _check_saved_options(optimizer, group, own)
        rule = optimizer.rule({**optimizer.defaults, **group})
        for index, p in zip(group["params"], own["params"], strict=True):
            _check_memory(optimizer, rule, state_dict["state"].get(index) or {}, p, index)


def _check_saved_options(optimizer, group, own):
    """Refuse a group that lacks an option of this optimizer, or has one that only others have."""
    name, other = type(optimizer).__name__, "it is of another optimizer"
    missing = sorted(set(optimizer.defaults) - set(group) - optimizer.own_options - LATE_OPTIONS)
    if missing:
        raise ValueError(f"{name}: the checkpoint's groups have no {missing}; {other}")
    foreign = sorted((set(group) & _all_options()) - set(optimizer.defaults) - set(own) - COMMON_OPTIONS)
    if foreign:
        raise ValueError(f"{name}: the checkpoint's groups have {foreign}, which {name} has not; {other}")
    check_options(optimizer, group)


def _all_options():
    """Options of all optimizers, ours and torch's: a group may also hold what the user, or a scheduler, put there."""
    classes, found = [torch.optim.Optimizer], set()
    for kind in classes:
        classes.extend(kind.__subclasses__())
        if kind.__module__.startswith(("torch.optim", "adamkit.")):
            found |= {*inspect.signature(kind.__init__).parameters, *getattr(kind, "fixed_options", ())}
    return found - {"self", "defaults"}


def _check_memory(optimizer, rule, memory, p, index):
    """Refuse a parameter's memory of another rule, or of a parameter of another shape."""
    name = type(optimizer).__name__
    keys = {"step", *(key for rule_type in optimizer.rule_types for key in state_keys(rule_type).values())}
    foreign = sorted(set(map(str, memory)) - keys)
    if foreign or (memory and rule.counts_steps and "step" not in memory):
        found = f"has {foreign}" if foreign else "has no step"
        raise ValueError(f"{name}: the checkpoint's state {found}; it is of another optimizer")
    shape_alone = torch.empty(p.shape, dtype=p.dtype, device="meta")
    for key, start in begun(fitted(rule, shape_alone), shape_alone).items():
        was = memory.get(key)
        if torch.is_tensor(was) and was.shape != start.shape and was.numel() + start.numel() > 2:
            raise ValueError(f"{name}: the checkpoint's {key} of parameter {index} has the shape {tuple(was.shape)}, "
                             f"and the parameter now, of shape {tuple(p.shape)}, needs {tuple(start.shape)}")


def check_options(optimizer, group):
    """Refuse options that the optimizer has in one form only, such as amsgrad=True."""
    name = type(optimizer).__name__
    for option, value in optimizer.fixed_options.items():
        if group.get(option, value) != value:
            raise ValueError(f"{name}: {option}={group[option]!r} is not what {name} does; it has {option}={value!r}")
