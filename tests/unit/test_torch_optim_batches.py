"""Array hyper-parameters on the torch engine: n experiments at once, each as if alone."""

import numpy as np
import pytest
import torch
from variant_runs import gap, gradients, parameters, run_torch, starts, walk

from adamkit import torch_optim

N = 3
ARRAYS = {
    "SGD": {"lr": [0.1, 0.2, 0.3], "momentum": [0.5, 0.8, 0.9], "weight_decay": [0.0, 0.1, 0.2]},
    "Momentum": {"lr": [0.1, 0.2, 0.3], "momentum": [0.0, 0.8, 0.9]},
    "Nesterov": {"lr": [0.1, 0.2, 0.3], "momentum": [0.0, 0.8, 0.9]},
    "AdaGrad": {"lr": [0.1, 0.2, 0.3], "lr_decay": [0.0, 0.1, 0.2], "initial_accumulator_value": [0.0, 0.1, 0.2]},
    "RMSprop": {"lr": [0.1, 0.2, 0.3], "alpha": [0.5, 0.9, 0.99], "momentum": [0.0, 0.5, 0.9]},
    "Adam": {"lr": [0.1, 0.2, 0.3], "betas": ([0.0, 0.5, 0.9], [0.9, 0.99, 0.999]), "eps": [1e-8, 0.1, 1.0]},
    "AdamW": {"lr": [0.1, 0.2, 0.3], "weight_decay": [0.0, 0.1, 1.0]},
}
SHAPES = [(N,), (N, 4), (N, 2, 3), (N, N, 2)]


def converted(values, kind):
    """The same hyper-parameters with lists as arrays of ``kind``."""
    return {name: tuple(map(kind, value)) if isinstance(value, tuple) else kind(value)
            for name, value in values.items()}


@pytest.mark.parametrize("kind", [np.array, torch.tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize("name", ARRAYS)
def test_each_experiment_is_what_it_would_be_alone(name, kind):
    optimizer, params, grads = getattr(torch_optim, name), starts(SHAPES), gradients(SHAPES, steps=20)
    double = {np.array: np.float64, torch.tensor: torch.float64}[kind]
    arrays = converted(ARRAYS[name], lambda v: kind(v, dtype=double))
    _, together = run_torch(lambda p: optimizer(p, **arrays), params, grads)
    for i in range(N):
        own = converted(ARRAYS[name], lambda v, i=i: v[i])
        _, alone = run_torch(lambda p, own=own: optimizer(p, **own), [p[i] for p in params],
                             [[g[i] for g in step] for step in grads])
        assert gap([p[i] for p in together], alone) < 1e-12


def test_a_scheduler_moves_numpy_rates_together():
    params = parameters(SHAPES)
    optimizer = torch_optim.Adam(params, lr=np.array([0.1, 0.2, 0.3]))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
    walk(params, optimizer, 3, schedule=schedule)
    np.testing.assert_allclose(optimizer.param_groups[0]["lr"], np.array([0.1, 0.2, 0.3]) / 4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_arrays_do_not_change_the_precision_of_parameters_or_spoil_the_betas(dtype):
    """β₂ = 0.999 is 1 in bfloat16, and would divide by zero."""
    params = parameters(SHAPES, dtype)
    optimizer = torch_optim.Adam(params, lr=np.array([0.1, 0.2, 0.3]), betas=(0.9, np.array([0.999, 0.99, 0.9])))
    walk(params, optimizer, 5)
    for p in params:
        assert p.isfinite().all()
        assert {p.dtype, optimizer.state[p]["exp_avg"].dtype, optimizer.state[p]["exp_avg_sq"].dtype} == {dtype}


def test_readings_of_a_batch_have_its_axis():
    params = parameters(SHAPES)
    optimizer = torch_optim.Adam(params, lr=np.array([0.0, 0.1, 0.2]))
    walk(params, optimizer, 2)
    rate = optimizer.readings(params[2])["rate"]
    assert rate.shape == params[2].shape
    assert (rate[0] == 0).all()
    assert (rate[1] > 0).all()
