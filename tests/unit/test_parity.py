"""Both engines walk the path of torch.optim: every parameter and every state tensor, in float64.

Each case has weight decay, and runs at a usual and at a large ε, so that its place shows.
"""

import numpy as np
import pytest
import torch

from adamkit import optim, torch_optim

STEPS = 60
EXACT = {"rtol": 1e-12, "atol": 1e-12}
SHAPES = [(), (7,), (5, 4), (2, 3, 2, 2)]


class Case:
    """One optimizer in torch, and the same here by its torch and by its NumPy arguments."""

    def __init__(self, name, reference, ours, theirs, numpy_name=None, **numpy_hypers):
        self.name, self.reference, self.theirs = name, reference, theirs
        self.ours = ours
        self.numpy = getattr(optim, numpy_name or ours.__name__)
        self.numpy_hypers = numpy_hypers

    def __repr__(self):
        return self.name


def adams(name, reference, ours, betas=(0.9, 0.999)):
    for eps in (1e-8, 0.1):
        common = {"lr": 0.01, "eps": eps, "weight_decay": 0.1}
        yield Case(f"{name} betas={betas} eps={eps}", reference, ours, {**common, "betas": betas},
                   beta1=betas[0], beta2=betas[1], **common)


def rmsprops():
    for eps in (1e-8, 0.1):
        for centered in (False, True):
            for momentum in (0.0, 0.9):
                common = {"lr": 0.01, "eps": eps, "centered": centered, "momentum": momentum, "weight_decay": 0.1}
                yield Case(f"RMSprop eps={eps} centered={centered} momentum={momentum}", torch.optim.RMSprop,
                           torch_optim.RMSprop, {**common, "alpha": 0.95}, beta2=0.95, **common)


def adagrads():
    for eps in (1e-10, 0.1):
        common = {"lr": 0.1, "lr_decay": 0.05, "eps": eps, "weight_decay": 0.1}
        yield Case(f"AdaGrad eps={eps}", torch.optim.Adagrad, torch_optim.AdaGrad,
                   {**common, "initial_accumulator_value": 0.3}, initial_accumulator=0.3, **common)


def sgds():
    plain = {"lr": 0.05, "weight_decay": 0.1}
    heavy = {**plain, "momentum": 0.9}
    damped = {**heavy, "dampening": 0.4}
    kinds = [("SGD", "SGD", plain, plain), ("momentum", "Momentum", heavy, heavy),
             ("momentum in torch's form", "Momentum", heavy, {**heavy, "form": "torch"}),
             ("dampening", "Momentum", damped, {**damped, "form": "torch"}),
             ("Nesterov", "Nesterov", {**heavy, "nesterov": True}, heavy)]
    for name, numpy_name, theirs, hypers in kinds:
        yield Case(name, torch.optim.SGD, torch_optim.SGD, theirs, numpy_name, **hypers)


CASES = [
    *sgds(),
    *adagrads(),
    *rmsprops(),
    *adams("Adam", torch.optim.Adam, torch_optim.Adam),
    *adams("Adam", torch.optim.Adam, torch_optim.Adam, betas=(0.0, 0.5)),
    *adams("AdamW", torch.optim.AdamW, torch_optim.AdamW),
]


def start(shapes=SHAPES):
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in shapes]


def gradients(shapes=SHAPES, steps=STEPS):
    """Gradients of very different scales, some of them exactly zero."""
    generator = torch.Generator().manual_seed(2)
    for t in range(steps):
        scale = 10.0 ** ((t % 7) - 3)
        yield [torch.randn(shape, generator=generator, dtype=torch.float64).mul_(scale).masked_fill_(
            torch.rand(shape, generator=generator) < 0.1, 0.0) for shape in shapes]


def walk(case, grads, *, groups=list, schedule=None, finite=True, **more):
    """Both optimizers of torch, a step with each of the gradients: weights agree after each, states at the end.

    Returns our weights. States are not compared where they are not ``finite``: an average of infinity stays infinite
    here, and torch's ``lerp`` makes NaN of it.
    """
    runs = []
    for kind in (case.ours, case.reference):
        params = start()
        optimizer = kind(groups(params), **case.theirs, **more)
        runs.append((params, optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, schedule or (lambda step: 1))))
    (ours, here, _), (theirs, there, _) = runs
    for step in grads:
        for params, optimizer, its_schedule in runs:
            for p, g in zip(params, step, strict=True):
                p.grad = None if g is None else g.clone()
            optimizer.step()
            its_schedule.step()
        for a, b in zip(ours, theirs, strict=True):
            torch.testing.assert_close(a, b, equal_nan=not finite, **EXACT)
    if finite:
        torch.testing.assert_close(here.state_dict()["state"], there.state_dict()["state"], **EXACT)
    return ours


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_the_torch_engine_walks_torchs_path(case):
    walk(case, gradients())


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_the_numpy_engine_walks_torchs_path(case):
    theirs = start()
    ours = [p.detach().numpy().copy() for p in theirs]
    here, there = case.numpy(ours, **case.numpy_hypers), case.reference(theirs, **case.theirs)
    for grads in gradients():
        for p, g in zip(theirs, grads, strict=True):
            p.grad = g.clone()
        here.step([g.numpy() for g in grads])
        there.step()
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b.detach().numpy(), **EXACT)
    for state, p in zip(here.state, theirs, strict=True):
        for field, key in here.rule.torch_names.items():
            value = getattr(state, field)
            assert (value is None) == (key not in there.state[p])
            if value is not None:
                np.testing.assert_allclose(value, there.state[p][key].numpy(), **EXACT)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_climbing_walks_torchs_path(case):
    walk(case, gradients(steps=10), maximize=True)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_groups_under_a_scheduler_walk_torchs_path(case):
    walk(case, gradients(), schedule=lambda step: step / (1 + step) ** 1.5,
         groups=lambda params: [{"params": params[:2], "weight_decay": 0.0}, {"params": params[2:], "lr": 0.003}])


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_a_parameter_that_misses_steps_keeps_its_own_count(case):
    walk(case, [[g if i != 1 or t % 3 == 0 else None for i, g in enumerate(grads)]
                for t, grads in enumerate(gradients(steps=12))])


@pytest.mark.parametrize("case", CASES, ids=repr)
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), -float("inf")])
def test_nan_and_infinity_spread_as_in_torch(case, poison):
    grads = list(gradients(steps=6))
    grads[3][1][2] = poison
    ours = walk(case, grads, finite=False)
    assert not torch.isfinite(ours[1][2])
    assert torch.isfinite(ours[1][:2]).all()
