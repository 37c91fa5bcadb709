"""Several optimizers, their steps, clips and groups: each is measured as it is."""

import numpy as np
import pytest
import torch
from monitored_loops import adam, loss_of, network, norm_of, run, silent
from torch import nn

from adamkit.diagnostics import Monitor


@pytest.mark.parametrize("every", [1, 2, 6])
def test_each_of_several_optimizers_is_measured_at_its_own_steps_and_may_keep_its_gradients_in_between(every):
    model = network()
    often, seldom = adam(model[0]), adam(model[2])
    monitor = Monitor(model, [often, seldom], every=every)
    for number in range(48):
        loss = loss_of(model, number)
        often.zero_grad()
        loss.backward()
        often.step()
        if number % 6 == 5:
            seldom.step()
            seldom.zero_grad()
        monitor.observe(loss=loss)
    silent(monitor)
    readings = monitor.records()
    assert np.isfinite(readings.update_ratio).sum(axis=0).tolist() == [-(-48 // every), -(-8 // every)]


@pytest.mark.parametrize("way", ["clip_", "told"])
def test_a_clip_for_one_of_two_optimizers_leaves_the_others_gradients_as_they_are(way):
    model = network()
    first, second = adam(model[0]), adam(model[2])
    monitor, norms = Monitor(model, [first, second]), []
    for number in range(20):
        first.zero_grad()
        loss_of(model, number).backward()
        if way == "clip_":
            whole = float(monitor.clip_(0.01))
        else:
            whole = float(nn.utils.clip_grad_norm_(model[0].parameters(), 0.01))
            monitor.clipped(whole, 0.01)
        own = norm_of(model[0].parameters()) / 0.01 * whole
        first.step()
        second.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        norms.append([own, norm_of(model[2].parameters())])
        second.step()
        monitor.observe(loss=loss)
    np.testing.assert_allclose(monitor.records().gradient_norm, norms, rtol=2e-3)


def test_one_clip_for_two_optimizers_is_undone_for_both():
    model = network()
    first, second = adam(model[0]), adam(model[2])
    monitor, norms = Monitor(model, [first, second]), []
    for number in range(10):
        model.zero_grad()
        loss_of(model, number).backward()
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), 0.01)))
        monitor.clipped(norms[-1], 0.01)
        first.step()
        second.step()
    np.testing.assert_allclose(np.sqrt(np.square(monitor.records().gradient_norm).sum(axis=1)), norms, rtol=1e-4)


@pytest.mark.parametrize("monitors", [1, 2])
def test_a_part_that_another_optimizer_trains_is_no_other_hand_and_takes_no_ones_place(monitors):
    model = network()
    often, seldom = adam(model[0]), adam(model[2])
    watching = [Monitor(model, optimizer, every=2) for optimizer in (seldom, often)[:monitors]]
    for number in range(60):
        model.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        often.step()
        for monitor in watching:
            monitor.observe(loss=loss)
        if number % 3 == 2:
            seldom.step()
    for monitor, steps in zip(watching, (20, 60)):
        report = silent(monitor)
        assert monitor.records().about["facts"]["steps"] == steps
        assert not any("replaced" in note or "changed between" in note for note in report.notes)


@pytest.mark.parametrize("every", [1, 7])
def test_weights_that_two_optimizers_hold_are_no_other_hands_and_a_note(every):
    torch.manual_seed(0)
    model = nn.ModuleDict({"body": nn.Linear(4, 12), "one": nn.Linear(12, 3), "two": nn.Linear(12, 3)})
    both = [adam(nn.ModuleList([model["body"], model[head]])) for head in ("one", "two")]
    monitor = Monitor(model, both, every=every)
    for number in range(60):
        for head, optimizer in zip(("one", "two"), both):
            optimizer.zero_grad()
            loss = loss_of(nn.Sequential(model["body"], nn.Tanh(), model[head]), number)
            loss.backward()
            optimizer.step()
        monitor.observe(loss=loss)
    report = silent(monitor)
    assert monitor.records().about["facts"]["touched"]["count"] == 0
    assert [note for note in report.notes if "Two optimizers hold" in note] == [
        "Two optimizers hold the same weights, body.weight, body.bias: each moves them by averages of its own."]


def test_gradients_that_a_rivals_loss_leaves_behind_are_not_stale():
    torch.manual_seed(0)
    made, told = nn.Linear(4, 4), nn.Linear(4, 3)
    first, second = adam(told), adam(made)
    monitor = Monitor(nn.ModuleList([made, told]), [first, second])
    for number in range(60):
        first.zero_grad()
        loss = loss_of(told, number)
        loss.backward()
        first.step()
        second.zero_grad()
        loss_of(nn.Sequential(made, told), number).backward()  # reaches the weights of the first, too
        second.step()
        monitor.observe(loss=loss)
    silent(monitor)


@pytest.mark.parametrize("way", ["clip_", "told"])
def test_a_clip_before_the_gradients_is_named_and_the_gradients_are_those_of_the_step(way):
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor, norms = Monitor(model, optimizer), []
    for number in range(30):
        optimizer.zero_grad()
        if way == "clip_":
            monitor.clip_(0.1)
        else:
            monitor.clipped(nn.utils.clip_grad_norm_(model.parameters(), 0.1), 0.1)
        loss = loss_of(model, number)
        loss.backward()
        norms.append(norm_of(model.parameters()))
        optimizer.step()
        monitor.observe(loss=loss)
    assert monitor.report().diseases == ["clipped_too_early"]
    np.testing.assert_allclose(np.sqrt(np.square(monitor.records().gradient_norm).sum(axis=1)), norms, rtol=1e-4)


def test_noise_on_clipped_gradients_is_no_clip_too_early():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer)

    def before(number):
        monitor.clip_(0.1)
        for p in model.parameters():
            p.grad.add_(0.3 * torch.randn_like(p))

    run(model, monitor, optimizer, before=before)
    silent(monitor)


@pytest.mark.parametrize("reached", [1, 2])
def test_a_decay_that_reaches_one_group_of_two_is_a_note(reached):
    model = network()
    optimizer = torch.optim.Adam([{"params": model[0].parameters()}, {"params": model[2].parameters()}], lr=0.01)
    monitor = Monitor(model, optimizer)

    def before(number):
        for group in optimizer.param_groups[:reached]:
            group["lr"] = 0.01 * (1 - number / 41)

    run(model, monitor, optimizer, before=before)
    said = [note for note in silent(monitor).notes if "parameter group" in note]
    assert said == ([] if reached == 2 else [
        "The rate of parameter group 0 went from 0.01 to 4.9e-4, that of group 1 stayed at 0.01."])
