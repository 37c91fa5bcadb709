"""What every variant owes its engines: one path on NumPy and torch, batches, floats, compilation."""

import numpy as np
import pytest
import torch
from slices import ordinarily
from variant_runs import (
    ELEMENTWISE,
    VARIANTS,
    gap,
    gradients,
    run_numpy,
    run_torch,
    shapes_for,
    starts,
    takes,
)

from adamkit import descent, optim, rules, surfaces, torch_optim
from adamkit.training import ensembles, tasks

#: One shape on which 8-bit Adam packs its moments, and one on which it does not.
PACKED = ((40, 130), (5, 3))
#: A moment next to a border of 8-bit Adam's table may fall on either side; NAdam's product has 32 bits in torch.
BETWEEN_ENGINES = {"Adam8bit": 1e-2, "NAdam": 1e-6}
OPTIONS = {"lr": 0.02, "weight_decay": 0.1}


def shapes_of(name):
    return PACKED if name == "Adam8bit" else shapes_for(name)


def apart(shapes, dtype=np.float64):
    """Three experiments that have nothing in common: (starting points, gradients), a list of each."""
    return ([starts(shapes, seed=seed, dtype=dtype) for seed in range(3)],
            [gradients(shapes, steps=20, seed=10 + seed, dtype=dtype) for seed in range(3)])


def stacked(params, grads):
    """The same as one batch."""
    return ([np.stack(three) for three in zip(*params, strict=True)],
            [[np.stack(three) for three in zip(*steps, strict=True)] for steps in zip(*grads, strict=True)])


@pytest.mark.parametrize("name", VARIANTS)
def test_both_engines_walk_one_path(name):
    params, grads = starts(shapes_of(name)), gradients(shapes_of(name))
    _, on_numpy = run_numpy(name, params, grads, **OPTIONS)
    _, on_torch = run_torch(lambda p: getattr(torch_optim, name)(p, **OPTIONS), params, grads)
    assert gap(on_numpy, on_torch) < BETWEEN_ENGINES.get(name, 1e-12)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_of_experiments_is_each_of_them_alone(name, dtype):
    shapes, lrs, decays = shapes_of(name), np.array([0.01, 0.05, 0.2]), np.array([0.1, 0.0, 0.3])
    params, grads = apart(shapes, dtype=dtype)
    _, batch = run_numpy(name, *stacked(params, grads), lr=lrs, weight_decay=decays)
    assert all(x.dtype == dtype for x in batch)
    for i in range(3):
        _, alone = run_numpy(name, params[i], grads[i], lr=float(lrs[i]), weight_decay=float(decays[i]))
        loose = 1e-2 if name == "Adam8bit" else 1e-4
        assert gap([x[i] for x in batch], alone) < (loose if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_batch_on_torch_is_the_batch_on_numpy(name):
    params, grads = stacked(*apart(shapes_of(name)))
    values = {"lr": np.array([0.01, 0.05, 0.2]), "weight_decay": np.array([0.1, 0.0, 0.3])}
    _, on_numpy = run_numpy(name, params, grads, **values)
    _, on_torch = run_torch(lambda p: getattr(torch_optim, name)(p, **values), params, grads)
    assert gap(on_numpy, on_torch) < BETWEEN_ENGINES.get(name, 1e-12)


#: Three values for each hyper-parameter that many rules have.
THREE = {"eps": [1e-8, 0.1, 0.5], "eps2": [1e-8, 0.1, 0.5], "beta1": [0.5, 0.9, 0.95], "beta2": [0.7, 0.9, 0.999],
         "momentum": [0.0, 0.5, 0.9]}


@pytest.mark.parametrize("name", [name for name in VARIANTS if THREE.keys() & getattr(rules, name)().hypers().keys()])
def test_arrays_of_eps_and_betas_are_each_of_them_alone_too(name):
    values = {key: np.array(THREE[key]) for key in THREE.keys() & getattr(rules, name)().hypers().keys()}
    params, grads = apart(shapes_of(name))
    _, batch = run_numpy(name, *stacked(params, grads), **values)
    for i in range(3):
        _, alone = run_numpy(name, params[i], grads[i], **{key: float(value[i]) for key, value in values.items()})
        assert gap([x[i] for x in batch], alone) < 1e-12


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_floats_and_arrays_walk_one_path_on_a_surface(name):
    rule, surface = getattr(rules, name)(lr=0.02, weight_decay=0.01), surfaces.ravine()
    schedule = [min(1, (step + 1) / 10) for step in range(80)].__getitem__
    run = descent.run(rule, surface, steps=80, noise=0.1, schedule=schedule)
    sweep = descent.sweep(rule.replace(lr=np.array([0.02])), surface, steps=80, noise=0.1, schedule=schedule,
                          keep="path")
    assert run.diverged_at is None
    assert np.allclose(run.positions, sweep.positions[0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in VARIANTS if takes(name)])
def test_readings_on_a_surface_are_those_of_each_step(name):
    rule, surface, steps = getattr(rules, name)(lr=0.02), surfaces.ravine(), 12
    run = descent.run(rule, surface, steps=steps)
    theta = run.positions[0]
    state = rule.init(theta)
    for t in range(1, steps + 1):
        theta, state = rule.update(run.gradients[t - 1], theta, state, t)
        for field, value in rule.readings(state, t).items():
            assert np.allclose(run.readings[field][t - 1], value, rtol=1e-9, atol=1e-12), (field, t)


@pytest.mark.parametrize("name", [name for name in VARIANTS if takes(name)])
def test_a_sweep_over_rates_is_each_run_alone(name):
    rule, surface = getattr(rules, name)(), surfaces.ravine()
    sweep = descent.sweep(rule.replace(lr=np.array([0.001, 0.03])), surface, steps=40)
    for lr, final in zip((0.001, 0.03), sweep.final):
        assert np.allclose(descent.run(rule.replace(lr=lr), surface, steps=40).final, final, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ordinarily(["NAdam", "LAMB", "Adam8bit"], [name for name in VARIANTS if takes(name)]))
def test_an_ensemble_of_networks_learns_with_it(name):
    lrs = np.array([1e-3, 1e-2]) if name == "Lion" else np.array([3e-3, 3e-2])
    history = ensembles.train(getattr(rules, name)(lr=lrs), tasks.digits_mlp(hidden=(16,)), steps=60)
    assert not history.diverged.any()
    assert history.last("train_loss").min() < 0.75 * history.train_loss[0].min()


@pytest.mark.slow
@pytest.mark.parametrize("name", ordinarily(
    ["LAMB", "ScheduleFreeAdamW", "Adam8bit"],  # whole tensors, single numbers and bytes in the state
    VARIANTS))
def test_compiled_kernels_walk_the_plain_path(name):
    torch.compiler.reset()
    shapes = PACKED[:1] if name == "Adam8bit" else shapes_for(name)[:1]
    params, grads = starts(shapes, dtype=np.float32), gradients(shapes, steps=10, dtype=np.float32)
    _, plain = run_torch(lambda p: getattr(torch_optim, name)(p, **OPTIONS), params, grads)
    _, compiled = run_torch(lambda p: getattr(torch_optim, name)(p, compile=True, **OPTIONS), params, grads)
    assert gap(compiled, plain) < (1e-3 if name == "Adam8bit" else 1e-5)


def test_muon_refuses_what_is_not_a_matrix():
    for refuse in (lambda: optim.Muon([np.zeros(3)]), lambda: torch_optim.Muon([torch.zeros(2, 3, 4)]),
                   lambda: optim.Muon([np.zeros((2, 3))], lr=np.array([0.1, 0.2]))):
        with pytest.raises(ValueError, match=r"Muon: params\[0\] must be a .*matri"):
            refuse()


def test_schedule_free_refuses_a_step_while_the_parameters_are_the_average():
    optimizer, _ = run_torch(torch_optim.ScheduleFreeAdamW, starts([(3,)]), gradients([(3,)], steps=2))
    optimizer.eval()
    with pytest.raises(RuntimeError, match="call train"):
        optimizer.step()
    assert optimizer.state_dict()["param_groups"][0]["train_mode"] is False
