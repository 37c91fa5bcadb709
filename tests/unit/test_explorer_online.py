"""The explorer of notebook 13 shows what its texts say."""

import numpy as np
import pytest

from adamkit import rules
from adamkit.lessons import explorers
from adamkit.lessons.nb08.online_problem import average_regret, play
from adamkit.numbers import tick


@pytest.fixture
def problem():
    explorer = explorers.online_problem()
    assert explorer.figure is not None  # drawn
    return explorer


def slopes(steps, period=3, large=3.0):
    values = np.full(steps, -1.0)
    values[::period] = large
    return values


def walk(rule, slopes, lr):
    """x before each step and √v̂, by the package's own rule, one number at a time."""
    x, state, path, roots = 0.0, rule.init(0.0), [], []
    for t, slope in enumerate(slopes.tolist(), start=1):
        path.append(x)
        x, state = rule.replace(lr=lr / t**0.5).update(slope, x, state, t)
        x = min(max(x, -1.0), 1.0)
        roots.append(np.sqrt(rule.readings(state, t)["v_hat"]))
    return np.array(path), np.array(roots)


@pytest.mark.parametrize(("beta1", "beta2"), [(0.0, 0.1), (0.9, 0.99), (0.5, 0.3)])
def test_the_paths_are_those_of_the_rules(beta1, beta2):
    stream = slopes(200) + np.random.default_rng(0).normal(size=200)
    paths, brackets = play(stream, 0.5, beta1, beta2)
    path, roots = walk(rules.Adam(beta1=beta1, beta2=beta2, eps=0.0), stream, 0.5)
    assert np.allclose(paths["Adam"], path, rtol=0, atol=1e-12)
    assert np.allclose(brackets, np.diff(roots * np.sqrt(np.arange(1, 201)) / 0.5), rtol=0, atol=1e-9)
    path, _ = walk(rules.AMSGrad(beta1=beta1, beta2=beta2, eps=0.0), stream, 0.5)
    assert np.allclose(paths["AMSGrad"], path, rtol=0, atol=1e-12)


def test_regret_is_measured_against_the_best_fixed_point_of_each_prefix():
    stream, path = slopes(30), np.linspace(-1, 1, 30)
    points = np.linspace(-1, 1, 201)
    for t in (1, 2, 17, 30):
        best = min((stream[:t] * point).sum() for point in points)
        assert average_regret(path, stream)[t - 1] == pytest.approx(((stream * path)[:t].sum() - best) / t)


def test_the_counterexample_drives_adam_but_not_amsgrad_to_the_worst_point(problem):
    problem.set(steps="3000")
    assert "best point is −1" in problem.caption
    assert problem._paths["Adam"].get_ydata()[-1] > 0.98
    assert problem._paths["AMSGrad"].get_ydata()[-1] < -0.98
    assert problem._regrets["Adam"].get_ydata()[-1] == pytest.approx(2 / 3, abs=0.02)


def test_two_of_three_brackets_are_negative_there(problem):
    assert "200 of 299 brackets" in problem.caption
    assert (problem._bars[1].get_ydata()[1::3] < 0).all()
    assert (problem._bars[0].get_ydata()[1::3] >= 0).all()


def test_adam_turns_round_when_beta2_grows(problem):
    problem.set(steps="3000", beta2=0.5)
    assert problem._paths["Adam"].get_ydata()[-1] < -0.9


def test_the_defaults_solve_the_problem_although_brackets_stay_negative(problem):
    problem.scenario("Adam's defaults")
    assert problem._paths["Adam"].get_ydata()[-1] < -0.99
    assert problem._regrets["Adam"].get_ydata()[-1] < 0.02
    assert (problem._bars[1].get_ydata()[1::3] < 0).sum() == 16


def drift(large, period, beta1, beta2):
    """How far a period moves x after many of them, in units of the rate: steps of averages that repeat themselves."""
    k = np.arange(period)
    m = (1 - beta1) * (large + 1) * beta1**k / (1 - beta1**period) - 1
    v = (1 - beta2) * (large**2 - 1) * beta2**k / (1 - beta2**period) + 1
    return -(m / np.sqrt(v)).sum()


def test_a_rare_large_slope_needs_a_larger_beta2(problem):
    problem.scenario("A rare large slope")
    assert problem._paths["Adam"].get_ydata()[-1] > 0.9
    problem.set(beta2=0.999)
    assert problem._paths["Adam"].get_ydata()[-1] < -0.9


def test_where_the_rare_slope_leads_is_no_matter_of_patience(problem):
    problem.scenario("A rare large slope")
    values = problem.values
    for beta2, side in ((0.99, 1), (0.999, -1)):
        assert np.sign(drift(values["C"], values["period"], values["beta1"], beta2)) == side
    assert 1 - np.sqrt(0.99 ** (values["period"] - 1)) == pytest.approx(0.2, abs=0.03)  # "√v falls by a fifth"


def test_the_drift_is_that_of_the_walk():
    paths, _ = play(slopes(30_000, 41, 41.0), 1e-3, 0.9, 0.99)  # rate too small for the ends of the interval
    x, t = paths["Adam"][-4101:], np.arange(25_900, 30_001)
    assert (x[-1] - x[0]) / (1e-3 / np.sqrt(t)).mean() == pytest.approx(100 * drift(41, 41, 0.9, 0.99), rel=0.01)


def test_close_to_adagrad_no_bracket_is_negative(problem):
    problem.scenario("Nearly AdaGrad")
    assert ". 0 of 299 brackets" in problem.caption
    problem.set(beta2=0.9)
    assert ". 0 of 299 brackets" not in problem.caption


def test_slopes_that_cancel_have_no_best_point(problem):
    problem.set(C=2.0, period=3)
    assert problem.caption.startswith("The slopes cancel")
    assert not problem._best.get_visible()


@pytest.mark.parametrize("values", [{"C": 200.0, "steps": "10000"}, {"C": 1.0, "period": 101}, {"beta2": 0.999}])
def test_every_regret_is_in_view(problem, values):
    problem.set(**values)
    low, high = problem._left[1].get_ylim()
    for line in problem._regrets.values():
        assert low <= line.get_ydata().min()
        assert line.get_ydata().max() <= high


def test_tick_labels_are_narrow_enough_for_their_place():
    assert [tick(height) for height in (-15_000.0, 400_000.0, 2_000.0, -0.02, 0.0)] == [
        "−15k", "400k", "2000", "−0.02", "0"]
