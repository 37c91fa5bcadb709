"""The explorer of notebook 03 shows what its texts say."""

import itertools

import numpy as np
import pytest

from adamkit.lessons import explorers
from adamkit.lessons.nb03.rmsprop import STEPS, arrival, tuned_rate
from adamkit.live import PointerEvent


@pytest.fixture
def ravine():
    return explorers.rmsprop()


def losses(explorer, name="RMSprop"):
    assert explorer.figure is not None  # drawn
    return explorer._loss.lines[name].get_ydata()


def rates(explorer):
    """Rates of x and y by step."""
    assert explorer.figure is not None
    return [line.get_ydata() for line in explorer._rates]


def test_along_the_axes_rmsprop_needs_a_tenth_of_the_steps_and_its_rates_are_far_apart(ravine):
    assert arrival(losses(ravine)) * 10 < arrival(losses(ravine, "SGD"))
    x, y = rates(ravine)
    assert (x[:50] > 10 * y[:50]).all()


def test_turned_by_45_degrees_the_advantage_is_gone_and_the_rates_meet(ravine):
    ravine.scenario("Turned by 45°")
    assert arrival(losses(ravine)) >= arrival(losses(ravine, "SGD"))
    x, y = rates(ravine)
    assert np.allclose(x, y, rtol=0.2)


def test_gradient_descent_does_not_notice_the_angle(ravine):
    straight = losses(ravine, "SGD").copy()
    ravine.set(angle=30)
    assert np.allclose(losses(ravine, "SGD"), straight, rtol=1e-9)


def test_the_jitter_of_a_third_of_the_rate_hangs_at_a_ninth_of_the_loss(ravine):
    ravine.scenario("Jitter")
    coarse = losses(ravine)[-1]
    ravine.set(lr=0.1)
    assert losses(ravine)[-1] == pytest.approx(coarse / 9, rel=0.02)


def test_the_first_step_is_thirty_times_the_rate_with_a_long_memory(ravine):
    ravine.scenario("A long first step")
    assert ravine.figure is not None
    (x0, x1), (y0, y1) = (ravine._land.paths["RMSprop"].get_data()[axis][:2] for axis in (0, 1))
    assert abs(x1 - x0) == pytest.approx(0.05 / np.sqrt(0.001), rel=1e-3)
    assert abs(y1 - y0) == pytest.approx(0.05 / np.sqrt(0.001), rel=1e-3)


def test_a_large_epsilon_makes_both_rates_eta_over_epsilon(ravine):
    ravine.scenario("ε takes over")
    for rate in rates(ravine):
        assert rate == pytest.approx(0.01, rel=0.05)


def test_every_corner_of_the_controls_can_be_shown(ravine):
    names = ("angle", "kappa", "lr", "beta2", "eps")
    for ends in itertools.product(*((ravine.controls[name].low, ravine.controls[name].high) for name in names)):
        ravine.set(**dict(zip(names, ends, strict=True)))
        assert "gradient descent" in ravine.caption
        assert len(losses(ravine)) == STEPS + 1


def test_a_click_on_the_ravine_moves_the_start_of_both(ravine):
    ravine.set(**ravine.point(PointerEvent("click", 0, 1.0, -1.5)))
    assert ravine.figure is not None
    for path in ravine._land.paths.values():
        assert (path.get_xdata()[0], path.get_ydata()[0]) == (1.0, -1.5)
    assert ravine.point(PointerEvent("click", 1, 1.0, -1.5)) is None
    assert ravine.point(PointerEvent("move", 0, 1.0, -1.5)) is None


@pytest.mark.parametrize("kappa", [1, 3, 100, 1000])
def test_the_tuned_rate_is_below_the_edge_of_stability(kappa):
    assert 1 / kappa <= tuned_rate(kappa) < 2 / kappa


def test_arrival_is_the_first_step_below_the_share_and_none_without_one():
    assert arrival(np.array([10.0, 5.0, 0.005, 20.0])) == 2
    assert arrival(np.array([10.0, 5.0, np.nan])) is None
