"""The explorer of a matrix's step shows what its texts say."""

import numpy as np
import pytest
import torch

from adamkit import torch_optim
from adamkit.lessons import explorers
from adamkit.lessons.nb09.spectrum import RATES, SIZE, STEPS, best_run, quadratic, singular_values, turned

ENDS = ("Momentum", "Adam", "Muon")


def ends(task, angle, decades, polynomial=5):
    return [best_run(name, task, angle, decades, polynomial).losses[-1] for name in ENDS]


@pytest.fixture
def spectrum():
    explorer = explorers.spectrum()
    assert explorer.figure is not None  # drawn
    return explorer


def test_turned_inputs_are_muons_and_straight_ones_adams():
    momentum, adam, muon = ends("inputs", 45, 4.0)
    assert muon < momentum / 10
    assert muon < adam / 10
    momentum, adam, muon = ends("inputs", 0, 4.0)
    assert adam < muon / 10 < momentum / 100


def test_where_every_entry_is_for_itself_muon_ends_highest_and_adam_lowest():
    momentum, adam, muon = ends("entries", 45, 3.0)
    assert adam < momentum < muon
    assert adam < muon / 5


def test_a_few_degrees_take_adams_lead_and_leave_muons_loss():
    assert ends("inputs", 5, 4.0)[1] > 100 * ends("inputs", 0, 4.0)[1]
    assert 0.2 < ends("inputs", 5, 4.0)[2] / ends("inputs", 0, 4.0)[2] < 5


def test_muons_step_has_equal_singular_values_and_adams_has_not():
    step = 5
    muon, adam = (best_run(name, "inputs", 45, 4.0, 5) for name in ("Muon", "Adam"))
    assert singular_values(muon.gradients[step - 1])[-1] < 1e-2
    assert singular_values(muon.taken[step - 1])[-1] > 0.2
    assert singular_values(adam.taken[step - 1])[-1] < 0.1
    two = best_run("Muon", "inputs", 45, 4.0, 2)
    assert singular_values(two.taken[step - 1])[-1] < 0.1
    assert two.losses[-1] < ends("inputs", 45, 4.0)[0] / 10  # "keeps its lead"


def test_the_loss_is_that_of_its_gradient_and_every_direction_has_an_equal_share():
    for task in ("inputs", "entries"):
        gradient, far = quadratic(task, 30, 3.0)
        delta = torch.from_numpy(np.random.default_rng(1).normal(size=(SIZE, SIZE)))
        one, other = delta.numpy(), np.random.default_rng(2).normal(size=(SIZE, SIZE))
        assert (one * gradient(other)).sum() == pytest.approx((other * gradient(one)).sum())  # symmetric, as a Hessian
    gradient, far = quadratic("inputs", 30, 3.0)
    basis, scale = turned(30), np.logspace(0, -3.0, SIZE)
    shares = ((far @ basis) ** 2 * scale).sum(axis=0)
    assert shares.max() < 20 * shares.min()  # while the curvatures span a factor of a thousand
    assert basis @ basis.T == pytest.approx(np.eye(SIZE), abs=1e-12)
    assert turned(0) == pytest.approx(np.eye(SIZE))


def test_the_run_shown_is_that_of_torchs_loop_at_its_rate():
    run = best_run("Muon", "inputs", 45, 4.0, 5)
    gradient, far = quadratic("inputs", 45, 4.0)
    theta = torch.zeros(SIZE, SIZE, dtype=torch.float64, requires_grad=True)
    optimizer = torch_optim.Muon([theta], lr=run.rate, weight_decay=0.0)
    for t in range(1, 4):
        optimizer.param_groups[0]["lr"] = run.rate * (1 - (t - 1) / STEPS)
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy() - far))
        assert run.gradients[t - 1] == pytest.approx(theta.grad.numpy(), rel=1e-9, abs=1e-12)
        optimizer.step()


def test_no_best_rate_lies_at_the_end_in_the_scenarios(spectrum):
    for name in spectrum.scenarios:
        spectrum.scenario(name)
        kind = [spectrum.values[key] for key in ("task", "angle", "decades")]
        for which in ENDS:
            assert RATES[0] < best_run(which, *kind, 5).rate < RATES[-1], (name, which)


def test_the_caption_says_where_the_three_end_and_angle_is_idle_for_entries(spectrum):
    assert "Muon" in spectrum.caption
    before = spectrum._taken.get_ydata().copy()
    spectrum.scenario("Adam, turned")
    assert not np.array_equal(before, spectrum._taken.get_ydata(), equal_nan=True)
    spectrum.scenario("Every entry for itself")
    assert spectrum.shown.idle == ("angle",)
