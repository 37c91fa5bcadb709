"""The monitor as a watcher of `fit`: gradients before the clip, losses at their steps, and what is refused."""

import numpy as np
import pytest
import torch
from watched_runs import network

from adamkit.diagnostics import Monitor
from adamkit.training import fit


def batches(number):
    generator = torch.Generator().manual_seed(number)
    return torch.randn(8, 4, generator=generator), torch.randint(0, 3, (8,), generator=generator)


def trained(*, steps=40, **settings):
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    monitor = Monitor(model, optimizer)
    history = fit(model, batches, optimizer, steps=steps, device="cpu", watchers=(monitor,), **settings)
    return monitor, history


@pytest.mark.parametrize("clip", [None, 0.3, 1e9])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_losses_and_norms_are_those_of_the_history_row_by_row(clip, accumulate):
    monitor, history = trained(clip=clip, accumulate=accumulate)
    readings = monitor.records()
    np.testing.assert_allclose(readings.loss, history.loss, rtol=1e-6)
    np.testing.assert_allclose(np.sqrt((readings.gradient_norm**2).sum(axis=1)), history.grad_norm, rtol=1e-5)
    np.testing.assert_allclose(readings.rate, history.rate)
    wanted = np.nan if clip is None else np.maximum(0, 1 - clip / (history.grad_norm + 1e-6))
    np.testing.assert_allclose(readings.clipped, np.broadcast_to(wanted, 40), atol=1e-5)


def test_evaluations_are_validation_losses():
    monitor, _ = trained(evaluate=lambda model: {"test_loss": 2.5, "accuracy": 0.1}, evaluate_every=10)
    readings = monitor.records()
    assert readings.step[np.isfinite(readings.validation)].tolist() == [10, 20, 30, 40]
    assert set(readings.validation[np.isfinite(readings.validation)]) == {2.5}


def test_the_weights_are_those_of_a_training_that_nobody_watches():
    ends = []
    for watched in (True, False):
        model = network()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
        watchers = (Monitor(model, optimizer),) if watched else ()
        fit(model, batches, optimizer, steps=20, clip=0.3, device="cpu", watchers=watchers)
        ends.append([p.detach().clone() for p in model.parameters()])
    assert all(torch.equal(p, q) for p, q in zip(*ends))


def test_a_second_fit_goes_on_with_the_same_monitor():
    model = network()
    optimizer = torch.optim.Adam(model.parameters())
    with Monitor(model, optimizer) as monitor:
        for _ in range(2):
            fit(model, batches, optimizer, steps=5, device="cpu", watchers=[monitor])
    fit(model, batches, optimizer, steps=5, device="cpu")
    assert monitor.records().step.tolist() == list(range(1, 11))
    assert np.isfinite(monitor.records().loss).all()


@pytest.mark.parametrize(("watchers", "problem"), [
    (print, "must be a tuple or a list"),
    ((print,), "has no on_step, on_evaluation, close"),
    ((Monitor,), "is a class"),
])
def test_what_is_no_watcher_is_refused_before_the_training(watchers, problem):
    model = network()
    before = [p.detach().clone() for p in model.parameters()]
    with pytest.raises(TypeError, match=problem):
        fit(model, batches, torch.optim.SGD(model.parameters(), lr=0.1), steps=2, device="cpu", watchers=watchers)
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), before))
