"""The step without compilation: the rule's text, run on blocks of a size that suits the processor.

An elementwise rule does not care where one tensor ends, so many small tensors are joined into one
block, which saves most of the time of a small model, and a large one on the CPU is cut into blocks
whose temporaries stay in the cache, with the operations recorded and joined (see `tape`). The numbers are the same
either way, up to rounding, and the rule knows nothing of it.
"""

from functools import cache

import torch

from adamkit.torch_optim.sharded import write
from adamkit.torch_optim.tape import Tape

#: Bytes of one tensor's share of a block: on the CPU for each thread, so that a rule's dozen temporaries stay in
#: the cache; on accelerators, where a launch costs more than the temporaries, for the whole block.
CPU_BLOCK = 2**19
#: Blocks in a piece of a recorded step, which has few temporaries.
PIECE = 4
#: Elements from which a tensor on the CPU is worth a run of the recording of its own, rather than a share of a block.
CPU_ALONE = 2**12
#: Precisions in which the recording runs. Less precise numbers are rounded after each operation, as the rule reads.
RECORDED = (torch.float32, torch.float64)
ACCELERATOR_BLOCK = 2**26


def advance(rule, params, grads, states, t):
    """One step of each parameter, in place; returns, for each, the state fields that `keep` must put away."""
    size = _block_size(params[0])
    alone = CPU_ALONE if params[0].device.type == "cpu" and params[0].dtype in RECORDED else size // 2
    divisible = is_divisible(rule)
    pending, small = [{} for _ in params], []
    tape = cache(lambda used: _tape(rule, t, used))
    for i, (p, g, state) in enumerate(zip(params, grads, states, strict=True)):
        flat = divisible and is_flat(p, g, state)
        if flat and p.numel() <= alone:
            small.append(i)
        elif flat and p.device.type == "cpu":
            pending[i] = _update_pieces(rule, tape(in_use(state)), size, p, g, state, t)
        else:
            pending[i] = update_in_place(rule, p, g, state, t)
    for some in _runs(small, params, states, size):
        _update_joined(rule, some, params, grads, states, t, pending)
    return pending


def update_in_place(rule, p, g, state, t):
    """The rule's results written over the tensors they replace.

    Returned, by name, are the state fields that began with this step, and single numbers: those are
    not written here because torch.compile (2.13, CPU) applies an in-place change of a 0-d tensor twice.
    """
    theta, new = _updated(rule, g, p, state, t)
    pending = {}
    for field, before, after in zip(rule.State._fields, state, new, strict=True):
        if before is not None and before.ndim:
            write(after, before)
        elif after is not None:
            pending[field] = after.to(p.dtype if before is None else before.dtype, copy=True)
    write(theta, p)
    return pending


def _updated(rule, g, p, state, t):
    """The rule's results; those of float16 in 32 bits, in which they are computed: its squares end at 256²."""
    if p.dtype != torch.float16:
        return rule.update(g, p, state, t)
    return rule.update(g.float(), p.float(), rule.State(*map(_wide, state)), t)


def _wide(x):
    return x.float() if x is not None and x.dtype == torch.float16 else x


def _block_size(p):
    """Elements of a block on p's device, in p's precision."""
    if p.device.type != "cpu":
        return ACCELERATOR_BLOCK // p.element_size()
    _settle_allocator()
    return CPU_BLOCK * torch.get_num_threads() // p.element_size()


@cache
def _settle_allocator():
    """Allocate and free one large block, once.

    glibc hands freed memory back to the system, and takes it again page by page, until it has seen a
    larger block freed (M_MMAP_THRESHOLD in mallopt(3)). Without this a step on blocks takes up to
    three times as long, in a process that has done nothing else yet.
    """
    torch.empty(2**25 - 2**13, dtype=torch.uint8)


def is_divisible(rule):
    """True when it does not matter to the rule where one tensor ends and the next begins."""
    return rule.elementwise and rule.batch_size is None


def is_flat(p, g, state):
    """True when p, g and every state field in use are one row of numbers in one memory, of one shape and precision."""
    shape, dtype, device = p.shape, p.dtype, p.device
    for x in state:
        if x is not None and not (x.is_contiguous() and x.shape == shape and x.dtype == dtype and x.device == device):
            return False
    return p.is_contiguous() and g.is_contiguous()


def in_use(state):
    """For each field of the state, whether it holds something."""
    return tuple([x is not None for x in state])


def _tape(rule, t, used):
    """The step, recorded; None where that cannot be done."""
    try:
        return Tape(rule, t, used)
    except (TypeError, AttributeError):
        return None


def _update_pieces(rule, tape, size, p, g, state, t):
    if tape is not None and p.dtype in RECORDED:
        tape.run_on_pieces(PIECE * size, [g, p, *(x for x in state if x is not None)])
        return {}
    if not all(in_use(state)):  # a field may begin with this step
        return update_in_place(rule, p, g, state, t)
    flat = [x.view(-1) for x in (g, p, *state)]
    for g_piece, p_piece, *rest in zip(*(x.split(size) for x in flat), strict=True):
        update_in_place(rule, p_piece, g_piece, rule.State(*rest), t)
    return {}


def _runs(small, params, states, size):
    """Indices of small tensors in runs that fill a block, with the same state fields in use."""
    run, filled, used = [], 0, None
    for i in small:
        fields = in_use(states[i])
        if run and (fields != used or filled + params[i].numel() > size):
            yield run
            run, filled = [], 0
        run.append(i)
        filled, used = filled + params[i].numel(), fields
    if run:
        yield run


def _update_joined(rule, some, params, grads, states, t, pending):
    """One update of small tensors laid end to end, and the results back to where they belong."""
    if len(some) == 1:
        i = some[0]
        pending[i] = update_in_place(rule, params[i], grads[i], states[i], t)
        return
    old = list(zip(*(states[i] for i in some), strict=True))  # a column for each field
    joined = rule.State(*(None if column[0] is None else _join(column) for column in old))
    theta, new = _updated(rule, _join([grads[i] for i in some]), _join([params[i] for i in some]), joined, t)
    for field, before, after in zip(rule.State._fields, old, new, strict=True):
        if before[0] is not None:
            _part(after, before)
        elif after is not None:
            begun = [torch.empty_like(params[i]) for i in some]
            _part(after, begun)
            for i, value in zip(some, begun, strict=True):
                pending[i][field] = value
    _part(theta, [params[i] for i in some])


def _join(tensors):
    return torch.cat([x.view(-1) for x in tensors])


def _part(joined, tensors):
    """Copy a joined block back into its tensors."""
    flat = [x.view(-1) for x in tensors]
    torch.split_with_sizes_copy(joined.to(flat[0].dtype), [len(x) for x in flat], out=flat)
