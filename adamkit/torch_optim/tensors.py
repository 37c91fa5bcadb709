"""From parameters with their gradients and memory to calls of a rule, and the results back in place."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

_ONE = torch.ones((), dtype=torch.float32, device="cpu")


@dataclass
class Batch:
    """Tensors that take their step in one call: one rule, one step number."""

    rule: Any
    t: int | None
    params: list
    grads: list
    states: list
    memories: list


def gather(rule, params, memories, *, maximize):
    """Batches of parameters that share step number, precision, device, and rank where that matters.

    Rank matters for array hyper-parameters, and sets single numbers apart (see `plain.update_in_place`).
    """
    groups = defaultdict(list)
    batched, has_memory = rule.batch_size is not None, bool(rule.State._fields) or rule.counts_steps
    found = [memories[p] if has_memory else {} for p in params]
    for p, memory, t in zip(params, found, _ticks(rule, found), strict=True):
        groups[t, p.dtype, p.device, p.ndim if batched else p.ndim > 0].append((p, memory))
    for (t, *_), pairs in groups.items():
        own = fitted(rule, pairs[0][0]).at(t)
        yield Batch(
            rule=own,
            t=t,
            params=[p for p, _ in pairs],
            grads=[_gradient(p, maximize) for p, _ in pairs],
            states=[state_of(own, p, memory) for p, memory in pairs],
            memories=[memory for _, memory in pairs],
        )


def _gradient(p, maximize):
    """The gradient to descend by, in memory of its own if it was θ itself: that of ½‖θ‖², which a step would change."""
    if maximize:
        return -p.grad
    return p.grad.clone() if not torch.compiler.is_compiling() and p.grad.data_ptr() == p.data_ptr() else p.grad


def fitted(rule, p):
    """The rule with its arrays shaped for p, on its device, and as precise as p, or float32 if p is less."""
    precision = torch.promote_types(p.dtype, torch.float32)
    return rule.shaped(p.ndim, lambda value: torch.as_tensor(value, dtype=precision, device=p.device))


def state_of(rule, p, memory):
    """The rule's state tuple from the memory of one parameter; what is missing starts now."""
    keys = state_keys(rule)
    try:
        return rule.State(*[memory[key] for key in keys.values()])
    except KeyError:
        pass
    known = any(key in memory for key in keys.values())
    # A field that this rule leaves None is missing at every step: one number then tells as much as all of p.
    if not (known and rule.elementwise and not begun(rule, p.new_zeros(())).keys() - memory.keys()):
        memory |= {key: value for key, value in begun(rule, p).items() if key not in memory}
    return rule.State(*map(memory.get, keys.values()))


def begun(rule, p):
    """What the rule begins with for p, by its key in the memory, all of it tensors."""
    keys, start = state_keys(rule), rule.init(p)._asdict()
    return {keys[field]: _kept(value, p, wide=field in rule.long_sums)
            for field, value in start.items() if value is not None}


def _kept(value, p, *, wide):
    """A new field as it is kept: a single number in torch's default precision, as torch has it, or in 64 bits if it is
    a long sum; what stands for many elements of a float16 parameter, such as a row's mean, in 32."""
    if not torch.is_tensor(value):
        return torch.tensor(value, dtype=torch.float64 if wide else None)
    return value.float() if value.dtype == torch.float16 and value.shape != p.shape else value


def state_keys(rule):
    """Field of a rule's state → its key in the memory: torch's name where it has one."""
    return _state_keys(rule if isinstance(rule, type) else type(rule))


@cache
def _state_keys(rule):
    return {field: rule.torch_names.get(field, field) for field in rule.State._fields}


def steps_taken(rule, memory):
    """The number of steps behind this memory; None for rules that do not count."""
    return int(memory["step"].item()) if rule.counts_steps else None


def _ticks(rule, memories):
    """Count one more step in each memory, in the 0-d tensor that torch keeps, and return their numbers."""
    if not (rule.counts_steps and memories):
        return [None] * len(memories)
    for memory in memories:
        if "step" not in memory:
            memory["step"] = torch.zeros((), dtype=torch.float32)
    steps = [memory["step"] for memory in memories]
    torch._foreach_add_(steps, _ONE, alpha=1.0)  # as torch's own optimizers do: much the fastest of its forms
    return [int(step.item()) for step in steps]


def keep(batch, pending):
    """Put the state fields that the step returned into their parameters' memory."""
    keys = state_keys(batch.rule)
    for memory, fields in zip(batch.memories, pending, strict=True):
        for field, value in fields.items():
            if keys[field] in memory:
                memory[keys[field]].copy_(value)
            else:
                memory[keys[field]] = value


def restore_precision(optimizer, state_dict):
    """After loading: whatever is not shaped like its parameter, or is no floating-point number, as it was saved.

    torch casts every state tensor to the parameter's precision and device. That is right for moments, and
    wrong for the single numbers and the codes that some rules keep.
    """
    for group, saved in zip(optimizer.param_groups, state_dict["param_groups"], strict=True):
        rule = optimizer.rule(group)
        for p, index in zip(group["params"], saved["params"], strict=True):
            numbers = _numbers(rule, p) if p.ndim == 0 else ()
            for key, value in state_dict["state"].get(index, {}).items():
                follows = torch.is_tensor(value) and value.shape == p.shape and value.is_floating_point()
                if key != "step" and torch.is_tensor(value) and (key in numbers or not follows):
                    optimizer.state[p][key] = value.detach().clone().to(p.device if value.ndim else "cpu")


def _numbers(rule, p):
    """Keys of the fields that are plain numbers, which for a p of rank 0 have its shape."""
    keys, start = state_keys(rule), rule.init(p)._asdict()
    return [keys[field] for field, value in start.items() if not torch.is_tensor(value)]
