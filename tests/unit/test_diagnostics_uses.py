"""The monitor in unusual hands: sound trainings raise no alarm, and what is measured of them is true."""

import copy

import numpy as np
import pytest
import torch
from monitored_loops import adam, loss_of, network, norm_of, run, silent
from torch import nn

from adamkit.diagnostics import Monitor


def through_data(p, gradient):
    p.grad.data.copy_(gradient)


def through_numpy(p, gradient):
    p.grad.numpy()[...] = gradient.numpy()


@pytest.mark.parametrize("write", [through_data, through_numpy])
def test_gradients_that_are_written_where_torch_does_not_count_are_not_the_same_ones(write):
    model = network()
    params = list(model.parameters())
    for p in params:
        p.grad = torch.zeros_like(p)
    optimizer = torch.optim.SGD(params, lr=0.1)
    monitor = Monitor(model, optimizer)
    for number in range(40):
        loss = loss_of(model, number)
        for p, gradient in zip(params, torch.autograd.grad(loss, params)):
            write(p, gradient)
        optimizer.step()
        monitor.observe(loss=loss.item())
    silent(monitor)


@pytest.mark.parametrize(("steps", "every"), [(8, 10), (60, 50), (40, 7)])
def test_a_warmup_that_begins_at_0_is_no_standstill_where_its_first_step_alone_was_measured(steps, every):
    model = network()
    optimizer = adam(model)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / 100))
    monitor = Monitor(model, optimizer, every=every)
    run(model, monitor, optimizer, steps, tell=lambda loss: [schedule.step(), monitor.observe(loss=loss)])
    silent(monitor)


@pytest.mark.parametrize("every", [1, 10])
def test_a_rate_of_0_is_a_standstill(every):
    model = network()
    optimizer = adam(model, 1 // 1000)
    monitor = Monitor(model, optimizer, every=every)
    run(model, monitor, optimizer)
    assert monitor.report().diseases == ["weights_do_not_move"]


def test_half_precision_trained_by_copies_of_a_higher_one_is_sound_and_said_to_be_so():
    model = network().to(torch.bfloat16)
    params = list(model.parameters())
    kept = [p.detach().float().requires_grad_() for p in params]
    optimizer = torch.optim.Adam(kept, lr=0.01)
    monitor = Monitor(model, optimizer)
    for number in range(60):
        model.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        for p, copied in zip(params, kept):
            copied.grad = p.grad.float()
        optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(params, kept)
        monitor.observe(loss=loss)
    notes = silent(monitor).notes
    assert any("copies of a higher" in note for note in notes)
    assert not any("requires_grad_(False)" in note for note in notes)


@pytest.mark.parametrize("every", [1, 3])
def test_complex_weights_count_with_both_their_parts(every):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(4, 3, dtype=torch.cfloat))

        def forward(self, x):
            return (x.to(torch.cfloat) @ self.weight).abs()

    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor, norms = Monitor(model, optimizer, every=every), []
    start = float(model.weight.detach().norm())
    run(model, monitor, optimizer, 9, before=lambda number: norms.append(norm_of([model.weight])),
        loss=lambda model, number: model(torch.randn(8, 4)).square().mean())
    readings = monitor.records()
    np.testing.assert_allclose(readings.gradient_norm[:, 0], norms, rtol=1e-5)
    assert abs(readings.parameter_norm[0, 0] / start - 1) < 1e-5
    assert readings.about["facts"]["touched"]["count"] == 0


def test_another_models_weights_in_a_group_of_as_many_are_watched_from_then_on():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer, every=1)
    run(model, monitor, optimizer)
    model[0], model[2] = nn.Linear(4, 24), nn.Linear(24, 3)
    optimizer.param_groups[0]["params"] = list(model.parameters())
    run(model, monitor, optimizer)
    silent(monitor)
    whole = float(torch.cat([p.detach().flatten() for p in model[0].parameters()]).norm())
    assert abs(monitor.records().parameter_norm[-1, 0] / whole - 1) < 0.05


def test_what_was_trained_before_it_was_frozen_is_not_called_untrained():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer, every=7)
    run(model, monitor, optimizer, before=lambda number: model[0].requires_grad_(number < 20))
    assert not any("untrained" in note for note in silent(monitor).notes)


def test_a_state_that_is_loaded_after_the_monitor_was_made_is_the_one_that_counts():
    trained = network()
    optimizer = adam(trained)
    for number in range(40):
        optimizer.zero_grad()
        loss_of(trained, number).backward()
        optimizer.step()
    model = network()
    again = adam(model)
    monitor = Monitor(model, again)
    model.load_state_dict(trained.state_dict())
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    model[0].requires_grad_(False)
    run(model, monitor, again)
    about = monitor.records().about
    assert about["counted"] == 40
    assert about["facts"]["fresh"] == []
    silent(monitor)


@pytest.mark.parametrize("decay", [0.0, 2.0])
def test_frozen_weights_are_named_if_they_go_on_moving_and_not_if_their_momentum_runs_out(decay):
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=decay)
    monitor = Monitor(model, optimizer, every=3)
    for number in range(120):
        if number == 30:
            model[0].requires_grad_(False)
        optimizer.zero_grad(set_to_none=False)
        loss = loss_of(model, number)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    findings = monitor.report().findings
    assert [finding.symptom for finding in findings] == ["Frozen weights still move."] * bool(decay)


def test_a_state_that_was_lost_is_dated_by_the_look_that_found_it():
    model = network()
    optimizer = adam(model)
    monitor, told = Monitor(model, optimizer), []
    fresh = copy.deepcopy(optimizer.state_dict())
    run(model, monitor, optimizer, 60, before=lambda number: number % 21 or told.append(
        optimizer.load_state_dict(copy.deepcopy(fresh))))
    evidence = monitor.report().findings[0].evidence[0]
    assert evidence == "Its state was lost by steps 24, 48."


def test_weights_whose_copies_give_the_loss_and_the_gradients_are_not_missing_from_the_model():
    model = network()
    half = copy.deepcopy(model).half()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer)
    for number in range(40):
        torch._foreach_copy_([p.data for p in half.parameters()], [p.data for p in model.parameters()])
        half.zero_grad()
        loss = loss_of(half, number)
        loss.backward()
        for p, copied in zip(model.parameters(), half.parameters()):
            p.grad = copied.grad.float()
        optimizer.step()
        monitor.observe(loss=loss)
    silent(monitor)
