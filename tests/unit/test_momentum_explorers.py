"""The two explorers of notebook 02: what they draw is what was measured, and theory agrees with it."""

import numpy as np
import pytest

from adamkit import rules, theory
from adamkit.lessons import explorers
from adamkit.lessons.nb02.damping import ball_rate, motion
from adamkit.lessons.nb02.momentum import HeavyBall
from adamkit.lessons.nb02.speed_map import GAPS, LRS, best_of, measured_rates, steps_to_a_tenth
from adamkit.live import PointerEvent

LIMITS = {"heavy_ball": theory.heavy_ball_limit, "nesterov": theory.nesterov_limit}
RATES = {"heavy_ball": theory.heavy_ball_rate, "nesterov": theory.nesterov_rate}
both_forms = pytest.mark.parametrize("form", ["heavy_ball", "nesterov"])


def path_on_bowl(form, strength, beta, steps=120):
    """One coordinate on a bowl of curvature 1, from 1."""
    rule = {"nesterov": rules.Nesterov, "heavy_ball": rules.Momentum}[form](lr=strength, momentum=beta)
    theta, state, path = 1.0, rule.init(1.0), [1.0]
    for t in range(1, steps + 1):
        theta, state = rule.update(theta, theta, state, t)
        path.append(theta)
    return np.array(path)


@both_forms
@pytest.mark.parametrize("kappa", [4, 25, 200])
def test_the_map_is_grey_exactly_beyond_the_boundary_of_theory(form, kappa):
    lrs, betas = np.meshgrid(LRS, 1 - 10.0**-GAPS)
    share = lrs / LIMITS[form](betas, kappa)
    steps = steps_to_a_tenth(form, kappa)
    assert np.isnan(steps[share > 1.03]).all()
    # Very slow cells may not have begun to shrink yet when they are measured.
    settled = (share < 0.95) & (betas < 0.95) & (lrs > 0.003)
    assert not np.isnan(steps[settled]).any()


@both_forms
def test_the_map_measures_the_rate_that_theory_predicts(form):
    lrs, betas = np.meshgrid(LRS, 1 - 10.0**-GAPS)
    told = np.maximum(RATES[form](lrs, betas, 1.0), RATES[form](lrs, betas, 25.0))
    measured = 10.0 ** (-1 / steps_to_a_tenth(form, 25))
    calm = (lrs < 0.95 * LIMITS[form](betas, 25)) & (betas < 0.9)
    assert np.median(np.abs(measured - told)[calm]) < 0.003
    assert np.abs(measured - told)[calm].max() < 0.06  # double roots converge like t·rateᵗ


@both_forms
def test_the_star_is_the_best_place_by_theory(form):
    kappa = 25
    lr, beta = best_of(form, kappa)
    best = max(RATES[form](lr, beta, 1.0), RATES[form](lr, beta, kappa))
    lrs, betas = np.meshgrid(np.linspace(0.01, 0.16, 301), np.linspace(0.2, 0.9, 281))
    everywhere = np.maximum(RATES[form](lrs, betas, 1.0), RATES[form](lrs, betas, kappa))
    assert best < everywhere.min() + 1e-6
    assert everywhere.min() < best + 0.02


def test_swings_drop_out_of_a_measured_rate():
    t = np.arange(241)
    losses = 0.9 ** (2 * t) * np.cos(0.7 * t) ** 2
    assert measured_rates(losses[None])[0] == pytest.approx(0.9, abs=0.003)
    assert np.isnan(measured_rates(np.where(t < 100, 1.0, np.nan)[None])[0])


@both_forms
@pytest.mark.parametrize("strength", [0.01, 0.2, 0.9, 1.3, 2.5, 5.0])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.8, 0.97])
def test_the_word_for_a_motion_fits_the_path(form, strength, beta):
    path = path_on_bowl(form, strength, beta)
    word = motion(form, strength, beta)
    signs = np.sign(path[path != 0])
    flips = (signs[:-1] != signs[1:]).sum()
    if word == "diverges":
        assert abs(path[-1]) >= abs(path[0])
    elif word == "flips":
        assert flips > 0.9 * (len(signs) - 1)
    elif word == "creeps":
        assert flips <= 1
    else:
        own = beta * (1 - strength) if form == "nesterov" else beta
        assert ball_rate(form, strength, beta) == pytest.approx(np.sqrt(own))
        assert flips >= 1


def test_the_edge_scenario_diverges_and_the_next_slider_position_below_does_not():
    ball = HeavyBall(scenario="Over the edge")
    assert "Wall diverges" in ball.caption
    below = max(stop for stop in HeavyBall.controls["lr"].stops() if stop < ball.values["lr"])
    ball.set(lr=below)
    assert "diverges" not in ball.caption


def test_the_best_scenario_puts_floor_and_wall_at_the_best_rate():
    ball = HeavyBall(scenario="The best of both")
    lr, beta, rate = theory.momentum_best(1, ball.values["kappa"])
    assert (ball.values["lr"], ball.values["beta"]) == pytest.approx((lr, beta), rel=0.01)
    assert ball.caption.count(f"factor {rate:.3f}") == 2


def test_the_average_walks_the_path_of_the_heavy_ball_at_the_effective_rate():
    ball = HeavyBall(lr=0.02, beta=0.9)
    assert "0.2" in ball.caption  # the effective rate; asking for it draws the picture
    path = ball._land.paths["Momentum"].get_xydata().copy()
    ball.set(form="ema", lr=0.2)
    np.testing.assert_allclose(ball._land.paths["Momentum"].get_xydata(), path, atol=1e-12)


def test_with_noise_the_caption_compares_the_clouds():
    ball = HeavyBall(scenario="Noise")
    words = ball.caption.rstrip(".").replace(",", "").split()
    of_ball, of_sgd = float(words[words.index("Momentum") + 1]), float(words[words.index("SGD") + 1])
    assert of_ball == pytest.approx(of_sgd, rel=0.1)


def test_a_click_into_the_map_chooses_the_cell_and_one_elsewhere_does_not():
    chart = explorers.momentum_map()
    assert chart.figure is not None
    values = chart.point(PointerEvent("click", 0, -2.0, 1.0))
    assert values == pytest.approx({"lr": 0.01, "beta": 0.9})
    chart.set(**values)
    assert chart._map.cell.get_xydata()[0] == pytest.approx([-2.0, 1.0])
    assert chart.point(PointerEvent("click", 1, -2.0, 1.0)) is None
    far = chart.point(PointerEvent("drag", 0, 40.0, 40.0))
    chart.set(**far)  # the edge of the map, not an error


def test_a_click_into_the_ravine_moves_the_start():
    ball = HeavyBall()
    assert ball.point(PointerEvent("drag", 0, 1.0, -2.0)) == {"start": (1.0, -2.0)}
    assert ball.point(PointerEvent("click", 1, 1.0, -2.0)) is None
