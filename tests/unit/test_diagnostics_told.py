"""What a monitor is told, and when: losses in every form, twice, too late, or of something else."""

import copy

import numpy as np
import pytest
import torch
from monitored_loops import adam, loss_of, network, run, silent
from torch import nn

from adamkit.diagnostics import Monitor, Readings, examine


def test_raising_stops_every_bad_step_and_what_is_left_out_is_no_step():
    model = network()
    optimizer = adam(model)
    monitor, taken, validated = Monitor(model, optimizer, on_nonfinite="raise"), [], {}
    for number in range(60):
        optimizer.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        if number in (20, 30, 31):
            model[0].weight.grad[0, 0] = torch.nan
        try:
            optimizer.step()
        except FloatingPointError:
            assert number in (20, 30, 31)
            continue
        taken.append(loss.item())
        monitor.observe(loss=loss)
        if number % 10 == 9:
            validated[len(taken)] = float(number)
            monitor.observe(validation=number)
    readings = monitor.records()
    assert all(torch.isfinite(p).all() for p in model.parameters())
    assert readings.step.tolist() == list(range(1, 58))
    np.testing.assert_allclose(readings.loss, taken, rtol=1e-6)
    assert any("finite to the end" in line for line in monitor.report().findings[0].evidence)
    assert {int(step): value for step, value in zip(readings.step, readings.validation) if value == value} == validated


@pytest.mark.parametrize("times", [2, 3])
def test_a_loss_that_is_told_more_than_once_counts_once(times):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer, tell=lambda loss: [monitor.observe(loss=loss) for _ in range(times)])
    silent(monitor)
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


def test_a_loss_may_be_written_into_one_and_the_same_tensor():
    model, kept = network(), torch.zeros(())
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer, tell=lambda loss: monitor.observe(loss=kept.copy_(loss.detach())))
    silent(monitor)
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


def test_what_a_closed_monitor_is_told_is_left_aside():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer)
    later = Monitor(model, optimizer)  # takes the place of the first one
    run(model, monitor, optimizer, tell=lambda loss: [monitor.observe(loss=loss), later.observe(loss=loss)])
    silent(monitor)
    assert silent(later).summary.startswith("40 steps")
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


@pytest.mark.parametrize("value", [np.float32(2), np.array(2.0), np.array([2.0]), [1.0, 3.0], torch.tensor(2), 2])
def test_a_loss_may_come_as_any_number(value):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    run(model, monitor, optimizer, 3, tell=lambda loss: monitor.observe(
        loss=copy.copy(value), validation=value))
    assert monitor.records().loss.tolist() == monitor.records().validation.tolist() == [2.0] * 3


@pytest.mark.parametrize(("given", "problem"), [
    ({"loss": "low"}, r"loss='low' must be a number"), ({"loss": {"loss": 1.0}}, r"loss=\{'loss': 1.0\} must be"),
    ({"validation": []}, r"validation=\[\] must be"), ({"loss": torch.zeros(0)}, r"loss=tensor\(\[\]\) must be"),
    ({"batch": "7a"}, "batch='7a' must be a whole number"), ({"batch": 2.5}, "batch=2.5 must be a whole number")])
def test_what_is_no_number_is_refused_when_it_is_told(given, problem):
    model = network()
    with pytest.raises(TypeError, match=problem):
        Monitor(model, adam(model)).observe(**given)


@pytest.mark.parametrize("loss", [
    lambda model, number: 16 * loss_of(model, number), lambda model, number: loss_of(model, number) / 4,
    lambda model, number: nn.functional.cross_entropy(model(torch.ones(16, 4) * number), torch.zeros(16).long(),
                                                      reduction="sum")])
def test_chance_is_that_of_the_loss_as_it_is_made_whatever_number_of_classes_was_told(loss):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer, classes=3)
    run(model, monitor, optimizer, loss=loss)
    report = silent(monitor)
    assert not any("knows nothing" in note for note in report.notes)


def test_a_sum_of_cross_entropies_is_not_measured_by_the_chance_of_one():
    models = nn.ModuleList([network(), network(), network()])
    optimizer = adam(models)
    monitor = Monitor(models, optimizer, classes=3)
    run(models, monitor, optimizer, loss=lambda models, number: sum(loss_of(model, number) for model in models))
    assert not any("knows nothing" in note for note in silent(monitor).notes)


def test_readings_with_odd_numbers_in_what_is_known_of_them_survive_a_file(tmp_path):
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=torch.tensor(0.01), foreach=False,
                                 betas=(torch.tensor(0.9), torch.tensor(0.99)))
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    monitor.observe(validation=float("inf"))
    run(model, monitor, optimizer, 10, before=lambda number: model[0].weight.grad.fill_(torch.inf))
    for _ in range(6):
        monitor.observe(loss=float("nan"))
    readings = monitor.records()
    np.testing.assert_allclose(readings.about["hypers"]["betas"], [0.9, 0.99], rtol=1e-6)
    for path in (readings.to_json(tmp_path / "a.json"), readings.save(tmp_path / "a.npz")):
        assert str(examine(Readings.load(path))) == str(examine(readings))


def test_a_loss_for_each_epoch_only_is_said_to_be_too_seldom():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    run(model, monitor, optimizer, 100, tell=lambda loss: monitor.step % 10 or monitor.observe(loss=loss))
    first = silent(monitor).cannot_tell[0]
    assert (first.reason, first.measure) == ("10 finite losses have no shape yet.", "Observe the loss of each step.")


@pytest.mark.parametrize("ill", [False, True])
def test_statistics_renewed_in_training_mode_are_told_from_a_validation_in_training_mode(ill):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 3))
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)

    def tell(loss):
        monitor.observe(loss=loss)
        if monitor.step % 10 == 0:
            with torch.no_grad():
                loss_of(model, 99)
                model.train(ill)
                monitor.observe(validation=loss_of(model, 100))
                model.train()

    run(model, monitor, optimizer, 60, tell=tell)
    assert monitor.report().diseases == ["validation_in_train_mode"] * ill
