"""Parameters of which each process holds a part: DTensors, as ``torch.distributed.fsdp.fully_shard`` makes them.

An elementwise rule may work on the part alone, which costs what a step on plain tensors of that size costs. Rules that
look at whole tensors, such as LAMB with its norms, get the DTensors themselves: their sums then run over all processes.
"""


def on_parts(advance):
    """``advance`` (see `plain.advance`), with elementwise rules working on each process's own part."""

    def advance_parts(rule, params, grads, states, t):
        if not _may_work_on_parts(rule, params, grads):
            return advance(rule, params, grads, states, t)
        own = [type(state)(*map(_part, state)) for state in states]
        pending = advance(rule, list(map(_part, params)), list(map(_part, grads)), own, t)
        return [{field: _whole(value, p) for field, value in fields.items()}
                for p, fields in zip(params, pending, strict=True)]

    return advance_parts


def write(value, target):
    """Copy a value over a tensor; of DTensors, the part that each process holds of ``target``.

    An operation may leave its result in other parts than it found: one row is held by one process, and what is computed
    from it and a norm by all of them.
    """
    if is_sharded(target) and is_sharded(value) and value.placements != target.placements:
        value = value.redistribute(placements=target.placements)
    target.copy_(value)


def is_sharded(tensor):
    """True for a DTensor."""
    return hasattr(tensor, "to_local")


def _may_work_on_parts(rule, params, grads):
    """All of them sharded, the gradients as their parameters, and a rule to which a coordinate is all."""
    sharded = rule.elementwise and rule.batch_size is None and all(map(is_sharded, params))
    return sharded and all(is_sharded(g) and g.placements == p.placements for p, g in zip(params, grads, strict=True))


def _part(value):
    """This process's part, sharing its memory; plain tensors (single numbers) and None as they are."""
    return value.to_local() if is_sharded(value) else value


def _whole(value, p):
    """A state field that began with this step, sharded as its parameter is; single numbers as they are."""
    from torch.distributed.tensor import DTensor

    if value.ndim == 0 and p.ndim > 0:
        return value
    return DTensor.from_local(value, p.device_mesh, p.placements, run_check=False, shape=p.shape, stride=p.stride())
