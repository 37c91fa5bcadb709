"""Shared by the tests of both engines: the same gradients through two optimizers, and what differs afterwards."""

import numpy as np
import torch

from adamkit import optim, rules

#: Every rule, those that the first notebooks build up to, and the variants after them.
RULES = tuple(name for name in rules.__all__ if name != "Rule")
BASICS = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "AdamW")
VARIANTS = tuple(name for name in RULES if name not in BASICS)
#: Those whose coordinates do not see each other.
ELEMENTWISE = tuple(name for name in VARIANTS if getattr(rules, name).elementwise)
MATRICES = ((5, 3), (4, 9))
MIXED = ((5, 3), (7,), (2, 3, 4))
STEPS = 60


def takes(name, shape=(3,)):
    """Whether a parameter of this shape may be given to the rule; Muon, for one, wants matrices."""
    try:
        getattr(rules, name)().check_fits("theta", shape)
    except ValueError:
        return False
    return True


def shapes_for(name):
    return MIXED if all(takes(name, shape) for shape in MIXED) else MATRICES


def gradients(shapes, *, steps=STEPS, seed=0, dtype=np.float64):
    """One list of arrays a step. Their sizes span two decades, and some are exactly zero."""
    rng = np.random.default_rng(seed)
    scales = [10 ** rng.uniform(-1, 1, shape) for shape in shapes]
    return [[(rng.normal(size=shape) * scale * (rng.random(shape) > 0.1)).astype(dtype)
             for shape, scale in zip(shapes, scales)] for _ in range(steps)]


def starts(shapes, *, seed=1, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def parameters(shapes, dtype=torch.float64):
    """Parameters of torch, the same ones at each call."""
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype))
            for shape in shapes]


def walk(params, optimizer, steps, *, seed=2, schedule=None):
    """Steps of an optimizer of torch with gradients drawn by ``seed``."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        for p in params:
            p.grad = torch.randn(p.shape, generator=generator, dtype=torch.float64).to(p.dtype)
        optimizer.step()
        if schedule:
            schedule.step()


def run_torch(make, params, grads, before_step=lambda optimizer, t: None):
    """The optimizer that ``make`` builds on copies of ``params``, after a step with each of ``grads``."""
    tensors = [torch.nn.Parameter(torch.tensor(p)) for p in params]
    optimizer = make(tensors)
    for t, step in enumerate(grads, start=1):
        for p, g in zip(tensors, step, strict=True):
            p.grad = torch.tensor(g)
        before_step(optimizer, t)
        optimizer.step()
    return optimizer, [p.detach().numpy() for p in tensors]


def run_numpy(name, params, grads, **hypers):
    arrays = [p.copy() for p in params]
    optimizer = getattr(optim, name)(arrays, **hypers)
    for step in grads:
        optimizer.step(step)
    return optimizer, arrays


def memory_of(optimizer, i):
    """State of parameter i of a torch optimizer: key → array, without the step count."""
    p = optimizer.param_groups[0]["params"][i]
    return {key: np.asarray(value) for key, value in optimizer.state[p].items() if key != "step" and value is not None}


def gap(ours, theirs):
    """Largest difference between two lists of arrays, relative to 1 or to the size of the numbers, if larger."""
    apart = [float((abs(a - b) / np.maximum(1, abs(b))).max()) for a, b in zip(ours, theirs, strict=True)]
    return max(apart, default=0.0)


def by_torch_names(name, state):
    """A state tuple of the NumPy engine: torch's key → array."""
    names = getattr(rules, name).torch_names
    return {names.get(field, field): x for field, x in state._asdict().items() if x is not None}
