"""What a source of batches draws its order from: random generators of its own, and samplers that are told the epoch.

A DataLoader is made of parts (sampler, batch sampler, what they wrap, data set), and so may be anything else that can
be iterated, or called. What they hold is looked through, a few levels deep; data is not. Functions, and those with
which a class is iterated or called, are looked through for generators that they name, around them or in their module.
"""

import functools
import random
import types

import numpy as np
import torch
from torch.utils.data import DataLoader

#: Levels of parts within parts, and the longest list that may be one of parts rather than data.
DEPTH, LONGEST = 6, 64
#: What is data, code or machinery, and holds no part of a source.
CLOSED = (str, bytes, int, float, complex, type, torch.Tensor, np.ndarray, torch.nn.Module, types.ModuleType,
          types.BuiltinFunctionType)
#: How what is not a DataLoader gives its batches or rows.
WAYS = ("__iter__", "__next__", "__getitem__", "__call__")
GENERATORS = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)


def parts(source):
    """{where it is found: part} of the source, itself first (where it is ""), each part once."""
    found, seen, waiting = {}, set(), [("", source, 0)]
    while waiting:
        where, part, depth = waiting.pop(0)
        if id(part) in seen or part is None or isinstance(part, CLOSED):
            continue
        seen.add(id(part))
        found[where] = part
        if depth < DEPTH and not isinstance(part, GENERATORS):
            waiting += [(f"{where}.{name}" if where else str(name), inner, depth + 1) for name, inner in _inside(part)]
    return found


def _inside(part):
    """(name, value) of what a part holds; of a DataLoader without the iterator of persistent workers."""
    if isinstance(part, list | tuple):
        return list(enumerate(part)) if len(part) <= LONGEST else []
    if isinstance(part, dict):
        return list(part.items()) if len(part) <= LONGEST else []
    if type(part).__module__.partition(".")[0] in ("multiprocessing", "threading", "queue", "logging"):
        return []
    if isinstance(part, types.FunctionType):
        return _named_in(part)
    if isinstance(part, types.MethodType):
        return [("self", part.__self__), ("function", part.__func__)]
    if isinstance(part, functools.partial):
        return [("function", part.func), *part.keywords.items(), *enumerate(part.args)]
    kind = type(part)
    slots = [name for base in kind.__mro__ for name in np.atleast_1d(base.__dict__.get("__slots__", ()))]
    held = {**getattr(part, "__dict__", {}), **{name: getattr(part, name, None) for name in slots}}
    ways = [(name, getattr(kind, name, None)) for name in WAYS]
    return [(name, value) for name, value in [*held.items(), *ways] if name != "_iterator"]


def _named_in(function):
    """(name, value) of what a function holds around it, and of its module's generators and functions that it names."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    around = [(name, cell.cell_contents) for name, cell in cells if cell != types.CellType()]
    defaults = [*enumerate(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).items()]
    module = function.__globals__
    wanted = [(name, module[name]) for name in sorted(_names(function.__code__)) if name in module]
    return [*around, *defaults, *((name, value) for name, value in wanted
                                  if isinstance(value, GENERATORS) or getattr(value, "__globals__", None) is module)]


def _names(code):
    """All names that a function's code, and the code of what is defined inside it, looks up outside."""
    inner = (_names(constant) for constant in code.co_consts if isinstance(constant, types.CodeType))
    return {*code.co_names}.union(*inner)


def generators(source):
    """{where it is found: state} of the random generators in the source, as plain values and tensors."""
    return {where: _state(part) for where, part in parts(source).items() if _has_state(part)}


def restore(source, states):
    """Put the generators in the source where `generators` found them.

    Raises:
        ValueError: they are not the same ones.
    """
    found = {where: part for where, part in parts(source).items() if _has_state(part)}
    if found.keys() != states.keys():
        raise ValueError(f"the batches came from a source with generators of its own at {sorted(states)}, and now it "
                         f"has them at {sorted(found)}")
    for where, part in found.items():
        _put_back(part, states[where])


def tell_epoch(source, epoch):
    """Call ``set_epoch(epoch)`` of every part that has it, as DistributedSampler, for another order in each epoch."""
    for part in parts(source).values():
        if callable(getattr(part, "set_epoch", None)):
            part.set_epoch(epoch)


def has_persistent_workers(source):
    """True for a DataLoader whose worker processes outlive an epoch."""
    return any(isinstance(part, DataLoader) and part.persistent_workers for part in parts(source).values())


def inexact(source):
    """Sentences that say why a training with this source does not go on exactly after a break; mostly none."""
    if has_persistent_workers(source):
        yield ("batches: a DataLoader with persistent_workers=True. Rows come in the same order after a resume, but "
               "random numbers drawn inside the workers (augmentations) do not go on where they were; "
               "persistent_workers=False is exact")
    if any(isinstance(part, DataLoader) and part.num_workers and not getattr(part, "in_order", True)
           for part in parts(source).values()):
        yield ("batches: a DataLoader with in_order=False gives batches as its workers finish them, in another order "
               "after a resume; in_order=True is exact")


def _has_state(part):
    return isinstance(part, GENERATORS) and not isinstance(part, random.SystemRandom)


def _state(generator):
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, np.random.Generator):
        return generator.bit_generator.state
    return generator.get_state(legacy=False) if isinstance(generator, np.random.RandomState) else generator.getstate()


def _put_back(generator, state):
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, np.random.Generator):
        generator.bit_generator.state = state
    elif isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        kind, words, *rest = state
        generator.setstate((kind, tuple(words), *rest))
