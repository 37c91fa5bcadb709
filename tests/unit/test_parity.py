"""Both engines walk the path of torch.optim: every parameter and every state tensor, in float64."""

import copy
import functools

import numpy as np
import pytest
import torch
from torch_twins import TWINS
from variant_runs import by_torch_names, gap, memory_of

STEPS = 60
EXACT = {"rtol": 1e-12, "atol": 1e-12}
twins = pytest.mark.parametrize("twin", TWINS, ids=repr)
SHAPES = [(), (7,), (5, 4), (2, 3, 2, 2)]


def start():
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in SHAPES]


@functools.cache
def gradients(steps=STEPS):
    """Gradients of very different scales, some of them exactly zero."""
    generator = torch.Generator().manual_seed(2)
    return [[torch.randn(shape, generator=generator, dtype=torch.float64).mul_(10.0 ** ((t % 7) - 3)).masked_fill_(
        torch.rand(shape, generator=generator) < 0.1, 0.0) for shape in SHAPES] for t in range(steps)]


def assert_same(ours, theirs, **options):
    one, other = (torch.cat([p.detach().flatten() for p in params]) for params in (ours, theirs))
    torch.testing.assert_close(one, other, **EXACT, **options)


def walk(twin, grads, *, groups=list, schedule=None, finite=True, **more):
    """Both optimizers of torch, a step with each of the gradients: weights agree after each, states at the end.

    Returns our weights. States are not compared where they are not ``finite``: an average of infinity stays infinite
    here, and torch's ``lerp`` makes NaN of it.
    """
    runs = []
    for kind in (twin.ours, twin.theirs):
        params = start()
        optimizer = kind(groups(params), **twin.options, **more)
        runs.append((params, optimizer, schedule and torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)))
    (ours, here, _), (theirs, there, _) = runs
    for step in grads:
        for params, optimizer, its_schedule in runs:
            for p, g in zip(params, step, strict=True):
                p.grad = None if g is None else g.clone()
            optimizer.step()
            if schedule:
                its_schedule.step()
        assert_same(ours, theirs, equal_nan=not finite)
    if finite:
        torch.testing.assert_close(here.state_dict()["state"], there.state_dict()["state"], **EXACT)
    return ours


@twins
def test_the_torch_engine_walks_torchs_path(twin):
    walk(twin, gradients())


@pytest.fixture
def double():
    """torch keeps NAdam's product of momenta in its default precision: with 64 bits, nothing hides in rounding."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@twins
def test_the_numpy_engine_walks_torchs_path(double, twin):
    theirs = start()
    before = [p.detach().numpy().copy() for p in theirs]
    ours = [p.copy() for p in before]
    here, there = twin.numpy(ours, **twin.hypers), twin.theirs(theirs, **twin.options)
    for grads in gradients():
        for p, g in zip(theirs, grads, strict=True):
            p.grad = g.clone()
        here.step([g.numpy() for g in grads])
        there.step()
        assert_same(map(torch.from_numpy, ours), theirs)
    for i, state in enumerate(here.state):
        mine, its = by_torch_names(type(here.rule).__name__, state), memory_of(there, i)
        assert mine.keys() == its.keys()
        for key, value in its.items():
            np.testing.assert_allclose(mine[key], value, **EXACT)
    assert gap(ours, before) > 0.05  # the path leads somewhere


@twins
def test_climbing_walks_torchs_path(twin):
    walk(twin, gradients(steps=10), maximize=True)


@twins
def test_groups_under_a_scheduler_walk_torchs_path(twin):
    walk(twin, gradients(), schedule=lambda step: step / (1 + step) ** 1.5,
         groups=lambda params: [{"params": params[:2], "weight_decay": 0.0}, {"params": params[2:], "lr": 0.003}])


@twins
def test_a_parameter_that_misses_steps_keeps_its_own_count(twin):
    walk(twin, [[g if i != 1 or t % 3 == 0 else None for i, g in enumerate(grads)]
                for t, grads in enumerate(gradients(steps=12))])


@pytest.mark.parametrize("twin", [twin for twin in TWINS if twin.numpy.__name__ != "Adafactor"], ids=repr)
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), -float("inf")])
def test_nan_and_infinity_spread_as_in_torch(twin, poison):
    grads = copy.deepcopy(gradients(steps=6))
    grads[3][1][2] = poison
    ours = walk(twin, grads, finite=False)
    assert not torch.isfinite(ours[1][2])
    assert torch.isfinite(ours[1][:2]).all()
