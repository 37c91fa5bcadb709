"""Other people's training loops: several optimizers, wrapped and replaced ones, models that change under way."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
import torch
from torch import nn
from watched_runs import network

from adamkit.diagnostics import Monitor


def watched():
    """A network, its optimizer and their monitor."""
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer, Monitor(model, optimizer)


def step(model, monitor, *optimizers, observe=True):
    for optimizer in optimizers:
        optimizer.zero_grad()
    dtype = next(model.parameters()).dtype
    generator = torch.Generator().manual_seed(monitor.step)
    loss = model(torch.randn(8, 4, generator=generator).to(dtype)).square().mean()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    if observe:
        monitor.observe(loss=loss)
    return loss.item()


def test_several_optimizers_make_one_row_a_step_and_leave_nothing_out():
    model = network()
    first, second = torch.optim.SGD(model[0].parameters(), lr=0.1), torch.optim.Adam(model[2].parameters(), lr=0.01)
    monitor = Monitor(model, [first, second], every=1)
    losses = [step(model, monitor, first, second) for _ in range(6)]
    readings = monitor.records()
    np.testing.assert_allclose(readings.loss, losses, rtol=1e-6)
    assert (readings.gradient_norm > 0).all()
    assert (readings.update_ratio > 0).all()
    assert readings.about["left_out"] == []
    assert readings.about["optimizer"] == "SGD + Adam"
    assert np.isnan(readings.surprise[:, 0]).all()
    assert np.isfinite(readings.surprise[:, 1]).all()


def test_an_optimizer_that_steps_more_often_than_the_other_makes_rows_of_its_own():
    model = network()
    first, second = torch.optim.SGD(model[0].parameters(), lr=0.1), torch.optim.SGD(model[2].parameters(), lr=0.01)
    monitor = Monitor(model, (first, second), every=1)
    for number in range(6):
        step(model, monitor, *((first, second) if number % 3 == 2 else (first,)))
    readings = monitor.records()
    assert readings.step.tolist() == [1, 2, 3, 4, 5, 6]
    assert np.isfinite(readings.update_ratio[:, 0]).all()
    assert np.isfinite(readings.update_ratio[:, 1]).sum() == 2


class Wrapped(torch.optim.Optimizer):
    """As accelerate's: an Optimizer by class, made without its constructor, that holds the real one."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    param_groups = property(lambda self: self.optimizer.param_groups)
    state = property(lambda self: self.optimizer.state)
    defaults = property(lambda self: self.optimizer.defaults)

    def step(self, closure=None):
        return self.optimizer.step()

    def zero_grad(self, set_to_none=True):
        self.optimizer.zero_grad(set_to_none=set_to_none)


def test_a_wrapped_optimizer_is_watched_inside_its_wrapper():
    model = network()
    wrapper = Wrapped(torch.optim.Adam(model.parameters()))
    monitor = Monitor(model, wrapper)
    for _ in range(4):
        step(model, monitor, wrapper)
    assert len(monitor.records()) == 4
    assert monitor.records().about["optimizer"] == "Adam"


class OwnRate(torch.optim.SGD):
    """Makes its own rate, as Adafactor does: none in its groups, or None."""

    def __init__(self, params, group):
        super().__init__(params, lr=0.1)
        self.own = group
        for part in self.param_groups:
            del part["lr"]
            part.update(group)

    def step(self, closure=None):
        with torch.no_grad():
            for part in self.param_groups:
                for p in part["params"]:
                    p -= 0.1 * p.grad


@pytest.mark.parametrize("group", [{}, {"lr": None}])
def test_groups_without_a_rate_are_watched_without_one(group):
    model = network()
    optimizer = OwnRate(model.parameters(), group)
    monitor = Monitor(model, optimizer, every=1)
    for _ in range(3):
        step(model, monitor, optimizer)
    assert np.isnan(monitor.records().rate).all()
    assert (monitor.records().update_ratio > 0).all()
    assert monitor.report().healthy


@pytest.mark.parametrize("when", [0, 3])
def test_a_model_may_change_its_precision_after_the_monitor_was_made(when):
    model, optimizer, _ = watched()
    monitor = Monitor(model, optimizer, every=1)
    for number in range(6):
        if number == when:
            model.to(torch.bfloat16)
        step(model, monitor, optimizer)
    readings = monitor.records()
    assert len(readings) == 6
    assert np.isfinite(readings.update_ratio).all()
    assert readings.layers == ["0", "2"]


def test_lazy_layers_are_watched_from_their_first_pass_on():
    torch.manual_seed(0)
    model = nn.Sequential(nn.LazyLinear(6), nn.Tanh(), nn.LazyLinear(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer, every=1)
    for _ in range(3):
        step(model, monitor, optimizer)
    assert monitor.records().layers == ["0", "2"]
    assert (monitor.records().update_ratio > 0).all()


def test_parameters_that_join_later_get_columns_behind_the_others():
    model = network()
    optimizer = torch.optim.Adam(model[2].parameters(), lr=0.01)
    monitor = Monitor(model, optimizer, every=1)
    for number in range(6):
        if number == 3:
            model.append(nn.Linear(3, 3))
            optimizer.add_param_group({"params": [*model[0].parameters(), *model[3].parameters()]})
        step(model, monitor, optimizer)
    readings = monitor.records()
    assert readings.layers == ["0", "2", "3"]
    assert (readings.update_ratio[:, 0] > 0).tolist() == [False] * 3 + [True] * 3
    assert np.isnan(readings.update_ratio[:3, 2]).all()
    assert (readings.update_ratio[3:, 2] > 0).all()
    assert readings.about["left_out"] == []


def test_an_optimizer_that_takes_anothers_place_is_followed_and_told_of():
    model, old, monitor = watched()
    for _ in range(4):
        step(model, monitor, old)
    new = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(6):
        step(model, monitor, new)
    assert len(monitor.records()) == 4 + 6 - 2  # it takes two steps to be sure
    assert np.isfinite(monitor.records().loss).all()
    assert any("SGD was replaced by Adam" in note for note in monitor.report().notes)


def test_a_cell_that_is_run_twice_leaves_one_monitor():
    model, optimizer, first = watched()
    step(model, first, optimizer)
    second = Monitor(model, optimizer)
    step(model, second, optimizer)
    assert (len(first.records()), len(second.records())) == (1, 1)
    assert len(optimizer._optimizer_step_pre_hooks) == 1


def test_a_monitor_that_is_forgotten_is_freed_with_its_hooks_at_rest():
    model, optimizer, monitor = watched()
    step(model, monitor, optimizer)
    gone = weakref.ref(monitor)
    del monitor
    gc.collect()
    assert gone() is None
    optimizer.step()


def test_losses_that_no_step_follows_do_not_pile_up():
    _, _, monitor = watched()
    for _ in range(1000):
        monitor.observe(loss=torch.tensor(2.0))
    assert len(monitor._losses) <= 100
    assert monitor.report().summary.startswith("0 steps; 1000 losses were observed, from 2 to 2")


def test_many_parts_of_a_step_are_averaged_by_their_number():
    model, optimizer, monitor = watched()
    for value in range(301):
        monitor.observe(loss=torch.tensor(float(value)))
    step(model, monitor, optimizer, observe=False)
    assert monitor.records().loss[0] == pytest.approx(150.0)


def test_models_under_way_can_be_copied_and_pickled():
    model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer)
    twin = copy.deepcopy(model)
    pickle.loads(pickle.dumps(model))
    for _ in range(6):
        step(model, monitor, optimizer)
    assert twin(torch.ones(2, 4)).shape == (2, 3)
    monitor.close()
    assert not model[1]._forward_pre_hooks


def test_steps_without_a_loss_are_said_to_have_none():
    model, optimizer, monitor = watched()
    for _ in range(40):
        step(model, monitor, optimizer, observe=False)
    report = monitor.report()
    assert report.summary == "40 steps, no loss was observed."
    assert report.notes == ("No loss was observed: call monitor.observe(loss=…) at each step.",)
    assert report.cannot_tell == []
