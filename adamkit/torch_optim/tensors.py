"""From parameters with their gradients and memory to calls of a rule, and the results back in place."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import torch

#: Memory of one tensor that a piece may take, for each thread: a rule makes about ten temporaries of that size.
PIECE_BYTES = 2**19


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
    """Batches of parameters that share a step number, a precision, a device and, for arrays of hypers, a rank."""
    groups = defaultdict(list)
    for p in params:
        memory = memories[p] if rule.State._fields or rule.counts_steps else {}
        t = _tick(rule, memory)
        groups[t, p.dtype, p.device, p.ndim if rule.batch_size else None].append((p, memory))
    for (t, *_), pairs in groups.items():
        own = fitted(rule, pairs[0][0]).at(t)
        yield Batch(
            rule=own,
            t=t,
            params=[p for p, _ in pairs],
            grads=[-p.grad if maximize else p.grad for p, _ in pairs],
            states=[state_of(own, p, memory) for p, memory in pairs],
            memories=[memory for _, memory in pairs],
        )


def fitted(rule, p):
    """The rule with its arrays shaped for p, on its device, and as precise as p, or float32 if p is less."""
    precision = torch.promote_types(p.dtype, torch.float32)
    return rule.shaped(p.ndim, lambda value: torch.as_tensor(value, dtype=precision, device=p.device))


def state_of(rule, p, memory):
    """The rule's state tuple from the memory of one parameter; what is missing starts now."""
    keys = state_keys(rule)
    if not all(key in memory for key in keys.values()):
        for field, value in rule.init(p)._asdict().items():
            if memory.get(keys[field]) is None and value is not None:
                memory[keys[field]] = value if torch.is_tensor(value) else torch.tensor(value)
    return rule.State(*(memory.get(key) for key in keys.values()))


def state_keys(rule):
    """Field of a rule's state → its key in the memory: torch's name where it has one."""
    return {field: rule.torch_names.get(field, field) for field in rule.State._fields}


def steps_taken(rule, memory):
    """The number of steps behind this memory; None for rules that do not count."""
    return int(memory["step"].item()) if rule.counts_steps else None


def _tick(rule, memory):
    """Count one more step, in the 0-d tensor that torch keeps, and return its number."""
    if not rule.counts_steps:
        return None
    if "step" not in memory:
        memory["step"] = torch.zeros((), dtype=torch.float32)
    memory["step"] += 1
    return steps_taken(rule, memory)


def advance(rule, params, grads, states, t):
    """One step of each parameter, in place; returns, for each, the state fields that `keep` must put away."""
    return [_advance_one(rule, p, g, state, t) for p, g, state in zip(params, grads, states, strict=True)]


def _advance_one(rule, p, g, state, t):
    pieces = _pieces(rule, p, g, state)
    if pieces is None:
        return update_in_place(rule, p, g, state, t)
    for piece in pieces:
        update_in_place(rule, piece[0], piece[1], rule.State(*piece[2:]), t)
    return {}


def update_in_place(rule, p, g, state, t):
    """The rule's results written over the tensors they replace.

    Returned, by name, are the state fields that began with this step, and single numbers: those are
    not written here because torch.compile (2.13, CPU) applies an in-place change of a 0-d tensor twice.
    """
    theta, new = rule.update(g, p, state, t)
    pending = {}
    for field, before, after in zip(rule.State._fields, state, new, strict=True):
        if before is not None and before.ndim:
            before.copy_(after)
        elif after is not None:
            pending[field] = after.clone()
    p.copy_(theta)
    return pending


def keep(batch, pending):
    """Put the state fields that `update_in_place` returned into their parameters' memory."""
    keys = state_keys(batch.rule)
    for memory, fields in zip(batch.memories, pending, strict=True):
        for field, value in fields.items():
            if keys[field] in memory:
                memory[keys[field]].copy_(value)
            else:
                memory[keys[field]] = value


def _pieces(rule, p, g, state):
    """A large CPU tensor in pieces whose temporaries stay in the cache; None where that cannot be, or does not pay.

    Coordinates of an elementwise rule do not see each other, so the results are the same, and several
    times faster: a rule's dozen passes over memory become one.
    """
    size = PIECE_BYTES * torch.get_num_threads() // p.element_size()
    tensors = (p, g, *state)
    if p.device.type != "cpu" or not rule.elementwise or rule.batch_size or p.numel() <= size:
        return None
    if not all(x is not None and x.shape == p.shape and x.is_contiguous() for x in tensors):
        return None
    return zip(*(x.view(-1).split(size) for x in tensors), strict=True)
