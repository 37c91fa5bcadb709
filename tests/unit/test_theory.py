"""Closed forms against simulation, linear algebra, and the figures that the series quotes."""

import math

import numpy as np
import pytest
from refusals import refused
from rule_paths import path

from adamkit import descent, surfaces, theory
from adamkit.rules import SGD, Adam, Momentum, Nesterov

# --- gradient descent and momentum ----------------------------------------------------------------


def converges(rule, kappa=25, steps=3000):
    return descent.run(rule, surfaces.ravine(kappa=kappa), steps=steps).final_loss < 1e-6


LIMITS = [
    (SGD, theory.max_stable_lr(25), {}),
    (Momentum, theory.heavy_ball_limit(0.9, 25), {"momentum": 0.9}),
    (Momentum, theory.heavy_ball_limit(0.5, 25), {"momentum": 0.5}),
    (Momentum, theory.heavy_ball_limit(0.9, 25) / 0.1, {"momentum": 0.9, "form": "ema"}),
    (Nesterov, theory.nesterov_limit(0.9, 25), {"momentum": 0.9}),
    (Nesterov, theory.nesterov_limit(0.5, 25), {"momentum": 0.5}),
]


@pytest.mark.parametrize(("rule", "limit", "hypers"), LIMITS)
def test_just_below_the_stability_limit_a_run_converges_and_just_above_it_does_not(rule, limit, hypers):
    assert converges(rule(lr=0.99 * limit, **hypers))
    assert not converges(rule(lr=1.01 * limit, **hypers))


def test_the_limits_are_the_published_formulas():
    assert theory.max_stable_lr(4) == 0.5
    assert theory.heavy_ball_limit(0.9, 2) == pytest.approx(1.9)
    assert theory.nesterov_limit(0.9, 2) == pytest.approx(2 * 1.9 / (2 * 2.8))
    assert theory.heavy_ball_limit(0, 3) == theory.nesterov_limit(0, 3) == theory.max_stable_lr(3)


def test_the_best_rate_of_gradient_descent_is_reached_and_no_other_rate_is_better():
    kappa, rate = 40, 39 / 41
    best = theory.best_lr(1, kappa)
    assert best == 2 / 41

    def worst_factor(lr):
        return max(abs(1 - lr), abs(1 - lr * kappa))

    assert worst_factor(best) == pytest.approx(rate)
    assert min(worst_factor(lr) for lr in np.linspace(1e-3, 0.05, 5000)) >= rate - 1e-12
    losses = descent.run(SGD(lr=best), surfaces.ravine(kappa=kappa), steps=200).losses
    assert (losses[200] / losses[100]) ** (1 / 200) == pytest.approx(rate, rel=1e-10)


def spectral_radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("lr", [0.0, 0.01, 0.5, 1.7, 3.5])
def test_momentum_rates_are_spectral_radii(lr, beta):
    for lam in (0.5, 1.0, 2.0):
        x = lr * lam
        heavy = np.array([[1 + beta - x, -beta], [1, 0]])
        nesterov = np.array([[(1 + beta) * (1 - x), -beta * (1 - x)], [1, 0]])
        assert theory.heavy_ball_rate(lr, beta, lam) == pytest.approx(spectral_radius(heavy), abs=1e-7)
        assert theory.nesterov_rate(lr, beta, lam) == pytest.approx(spectral_radius(nesterov), abs=1e-7)


def test_the_rates_reach_one_exactly_at_the_stability_limits():
    betas = np.array([0.0, 0.3, 0.9, 0.99])
    np.testing.assert_allclose(theory.heavy_ball_rate(theory.heavy_ball_limit(betas, 3), betas, 3), 1, rtol=1e-12)
    np.testing.assert_allclose(theory.nesterov_rate(theory.nesterov_limit(betas, 3), betas, 3), 1, rtol=1e-12)


def test_the_best_momentum_is_the_optimum_of_the_spectral_radius():
    lr, beta, rate = theory.momentum_best(1, 100)
    assert rate == pytest.approx(9 / 11)  # 0.818
    assert beta == pytest.approx(rate**2)
    assert lr == pytest.approx((2 / 11) ** 2)
    lrs, betas = np.meshgrid(np.linspace(0.5 * lr, 2 * lr, 301), np.linspace(0.5, 0.9, 301))
    worst = np.maximum(theory.heavy_ball_rate(lrs, betas, 1), theory.heavy_ball_rate(lrs, betas, 100))
    assert rate <= worst.min() < rate + 0.01


def test_at_its_best_momentum_falls_like_t_times_rate_to_the_t():
    lr, beta, rate = theory.momentum_best(1, 100)
    result = descent.run(Momentum(lr=lr, momentum=beta), surfaces.ravine(kappa=100), steps=200)
    size = np.linalg.norm(result.positions, axis=1)
    early, late = (size[100] / size[50]) ** (1 / 50), (size[200] / size[100]) ** (1 / 100)
    assert early == pytest.approx(0.830, abs=1e-3)
    assert late == pytest.approx(0.824, abs=1e-3)
    assert early == pytest.approx(rate * 2 ** (1 / 50), rel=2e-3)  # (t₂/t₁)^(1/(t₂−t₁)), t₂ = 2t₁


def test_damping_tells_creeping_from_swinging():
    lr, lam = 0.04, 1.0
    critical = (1 - math.sqrt(lr * lam)) ** 2
    assert theory.damping(lr, critical, lam) == pytest.approx(0, abs=1e-15)
    assert theory.damping(lr, critical - 0.05, lam) > 0
    assert theory.damping(lr, critical + 0.05, lam) < 0

    def sign_changes(beta):
        path = descent.run(Momentum(lr=lr, momentum=beta), surfaces.ravine(), [1.0, 0.0], steps=60).positions[:, 0]
        return (np.diff(np.sign(path)) != 0).sum()

    assert sign_changes(critical - 0.05) == 0
    assert sign_changes(critical + 0.05) > 0


def stationary_by_algebra(lr, lam, sigma, batch, beta):
    """Solve P = APAᵀ + Q for the pair (θ, b)."""
    a = np.array([[1 - lr * lam, -lr * beta], [lam, beta]])
    push = np.array([-lr, 1.0])
    q = sigma**2 / batch * np.outer(push, push)
    return np.linalg.solve(np.eye(4) - np.kron(a, a), q.ravel())[0]


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("lr", [0.01, 0.3, 0.9])
def test_the_stationary_variance_solves_lyapunovs_equation(lr, beta):
    expected = stationary_by_algebra(lr, 2.0, 0.7, 8, beta)
    assert theory.stationary_variance(lr, 2.0, 0.7, 8, beta) == pytest.approx(expected, rel=1e-10)


def test_the_stationary_variance_is_what_noisy_runs_show():
    seeds = list(range(800))
    noisy = descent.sweep(SGD(lr=0.3), surfaces.ravine(kappa=2), [0.0, 0.0], steps=100, noise=0.5, seed=seeds)
    expected = theory.stationary_variance(0.3, np.array([1.0, 2.0]), 0.5)
    np.testing.assert_allclose(noisy.final.var(axis=0), expected, rtol=0.15)  # three standard errors


def test_the_stationary_variance_grows_with_the_rate_and_shrinks_with_the_batch():
    assert theory.stationary_variance(0.1, 1, 1, 16) == pytest.approx(theory.stationary_variance(0.1, 1, 1) / 16)
    assert theory.stationary_variance(0.02, 1, 1) == pytest.approx(2 * theory.stationary_variance(0.01, 1, 1), rel=0.01)
    assert theory.stationary_variance(2.0, 1, 1) == math.inf
    assert theory.stationary_variance(2.5, 1, 1) == math.inf


# --- averages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("beta", "steps"), [(0.9, 44), (0.95, 90), (0.98, 228), (0.99, 459), (0.999, 4603)])
def test_an_average_has_99_percent_of_its_weight_after_so_many_steps(beta, steps):
    assert theory.steps_until_corrected(beta) == steps
    assert 1 - beta**steps >= 0.99 > 1 - beta ** (steps - 1)


def test_steps_until_corrected_is_exact_where_the_logarithms_round():
    assert theory.steps_until_corrected(0.5, share=0.5) == 1
    assert theory.steps_until_corrected(0.5, share=0.75) == 2
    assert theory.steps_until_corrected(0.5, share=0.9375) == 4
    assert theory.steps_until_corrected(0.0) == 1
    for beta in np.linspace(0.01, 0.99, 99):
        for share in (0.5, 0.9, 0.99):
            by_counting = next(t for t in range(1, 1000) if 1 - beta**t >= share)
            assert theory.steps_until_corrected(beta, share) == by_counting
    assert theory.steps_until_corrected(np.array([0.9, 0.999])).tolist() == [44, 4603]


@pytest.mark.parametrize(
    ("beta", "steps", "digits"), [(0.9, 6.6, 1), (0.95, 13.5, 1), (0.98, 34.3, 1), (0.99, 69, 0), (0.999, 693, 0)]
)
def test_half_lives(beta, steps, digits):
    half_life = theory.half_life(beta)
    assert round(half_life, digits) == steps
    assert beta**half_life == pytest.approx(0.5)


def test_the_window_holds_two_thirds_of_the_weight_and_radams_seven_eighths():
    betas = np.array([0.9, 0.95, 1 - 1e-7])
    np.testing.assert_allclose(1 - betas ** theory.window(betas), [0.65, 0.64, 0.632], atol=0.005)
    assert 1 - 0.999 ** theory.rho_inf(0.999) == pytest.approx(0.865, abs=5e-4)
    assert theory.window(0.0) == 1
    assert theory.half_life(0.0) == 0


def ema(values, beta):
    average, out = 0.0, []
    for value in values:
        average = beta * average + (1 - beta) * value
        out.append(average)
    return np.array(out)


def test_the_correction_factor_makes_the_average_of_a_constant_that_constant():
    average = ema(np.full(50, 3.0), 0.95)
    np.testing.assert_allclose(average * theory.correction_factor(0.95, np.arange(1, 51)), 3.0, rtol=1e-12)
    assert theory.correction_factor(0.9, 1) == pytest.approx(10)
    assert theory.correction_factor(1 - 1e-12, 1) == pytest.approx(1e12, rel=1e-4)


# --- Adam -----------------------------------------------------------------------------------------


def test_the_uncorrected_step_is_too_large_by_the_figures_that_the_series_quotes():
    t = np.arange(1, 10_000)
    ratio = theory.uncorrected_step_ratio(t)
    assert ratio[0] == pytest.approx(3.16, abs=0.005)
    assert ratio.argmax() + 1 == 12
    assert ratio.max() == pytest.approx(6.57, abs=0.005)
    assert theory.uncorrected_step_ratio(1000) == pytest.approx(1.26, abs=0.005)
    first_below = [int(t[ratio >= bound].max()) + 1 for bound in (2, 1.1, 1.01)]
    assert first_below == [288, 1751, 3925]


def test_for_smaller_beta2_the_uncorrected_step_can_be_too_small():
    at_one = theory.uncorrected_step_ratio(1, 0.9, np.array([0.99, 0.98, 0.95]))
    np.testing.assert_allclose(at_one, [1.0, 0.71, 0.45], atol=0.005)
    t = np.arange(1, 1000)
    for beta2, first_above, peak in [(0.98, 3, 1.55), (0.95, 9, 1.10)]:
        ratio = theory.uncorrected_step_ratio(t, 0.9, beta2)
        assert t[ratio > 1][0] == first_above
        assert ratio.max() == pytest.approx(peak, abs=0.005)
    assert theory.uncorrected_step_ratio(t, 0.9, 0.9).max() <= 1


def sizes_of_steps(gradients, beta1=0.9, beta2=0.999, **switches):
    """|step|/η of Adam, ε = 0, on a stream of gradients."""
    rule = Adam(lr=1.0, beta1=beta1, beta2=beta2, eps=0.0, **switches)
    return abs(np.diff(path(rule, map(float, gradients), 0.0), prepend=0.0))


def test_the_ratio_of_uncorrected_to_corrected_steps_is_the_same_for_any_gradients():
    stream = np.random.default_rng(0).standard_normal(60) * 10.0 ** np.linspace(-3, 3, 60)
    corrected = sizes_of_steps(stream)
    uncorrected = sizes_of_steps(stream, correct_m=False, correct_v=False)
    # Positions are differenced, which costs some digits.
    np.testing.assert_allclose(uncorrected / corrected, theory.uncorrected_step_ratio(np.arange(1, 61)), rtol=1e-8)


def test_correcting_only_one_moment_is_worse_than_correcting_none():
    assert sizes_of_steps([2.0], correct_v=False)[0] == pytest.approx(31.6, abs=0.05)
    assert sizes_of_steps([2.0], correct_m=False)[0] == pytest.approx(0.1)


@pytest.mark.parametrize(("beta2", "supremum"), [(0.999, 7.27), (0.99, 2.35), (0.95, 1.16)])
def test_growing_gradients_reach_the_largest_step_and_break_the_papers_bound(beta2, supremum):
    bound = theory.largest_adam_step(0.9, beta2)
    assert bound == pytest.approx(supremum, abs=0.005)
    growth = beta2 / 0.9
    half = int(340 / math.log(growth))  # from about 1e-148 to 1e148, so that no square over- or underflows
    largest = sizes_of_steps(growth ** np.arange(-half, half, dtype=float), beta2=beta2).max()
    assert largest == pytest.approx(bound, rel=1e-3)
    assert largest <= bound * (1 + 1e-9)
    assert largest > 1.1 * theory.paper_step_bound(0.9, beta2)


def test_random_streams_stay_below_the_largest_step():
    rng = np.random.default_rng(0)
    for beta1, beta2 in [(0.9, 0.999), (0.5, 0.9), (0.9, 0.85), (0.0, 0.5), (0.7, 0.6)]:
        bound = theory.largest_adam_step(beta1, beta2)
        for _ in range(20):
            stream = rng.standard_normal(80) * np.exp(3 * rng.standard_normal(80))
            assert sizes_of_steps(stream, beta1, beta2).max() <= bound * (1 + 1e-9)


def test_a_spike_after_zeros_moves_as_far_as_the_papers_bound():
    stream = np.zeros(20_000)
    stream[-1] = 1.0
    stream[0] = 1e-150  # so that no step divides zero by zero
    assert sizes_of_steps(stream)[-1] == pytest.approx(3.162, abs=5e-4)
    assert theory.paper_step_bound() == pytest.approx(3.162, abs=5e-4)
    assert theory.paper_step_bound(0.9, 0.95) == 1


def test_without_room_under_beta2_the_step_has_no_largest_size():
    assert theory.largest_adam_step(0.9, 0.81) == math.inf
    assert theory.largest_adam_step(0.9, 0.5) == math.inf
    growing = sizes_of_steps((0.5 / 0.9) ** np.arange(60.0), 0.9, 0.5)
    assert growing[-1] > 1e4
    assert theory.largest_adam_step(0.0, 0.0) == 1
    assert theory.largest_adam_step(0.0, 0.99) == pytest.approx(10)


def test_radams_rectification_has_the_quoted_values_and_starts_at_step_five():
    np.testing.assert_allclose(theory.rectification(np.array([6, 100, 2000])), [0.026, 0.215, 0.828], atol=5e-4)
    assert np.isnan(theory.rectification(np.arange(1, 5))).all()
    assert theory.rectification(5) > 0
    assert theory.rho_inf() == pytest.approx(1999)
    assert theory.rho(1) == pytest.approx(1)
    assert theory.rho(10**6) == pytest.approx(1999)
    assert theory.rectification(10**6) == pytest.approx(1)


@pytest.mark.parametrize(("beta2", "torch_starts_at"), [(0.999, 6), (0.9, 6), (0.8, 7), (0.7, 10)])
def test_rho_passes_five_where_torch_starts_to_rectify(beta2, torch_starts_at):
    t = np.arange(1, 500)
    assert t[theory.rho(t, beta2) > 5][0] == torch_starts_at


def test_for_short_memories_nothing_is_ever_rectified():
    t = np.arange(1, 500)
    assert theory.rho(t, 0.65).max() < 5  # torch's threshold
    assert np.isnan(theory.rectification(t, 0.6)).all()


def test_the_variance_of_the_adaptive_rate_is_what_random_draws_show():
    rng = np.random.default_rng(0)
    for rho in (5, 10, 40):
        mean_square = (rng.standard_normal((200_000, rho)) ** 2).mean(axis=1)
        drawn = (1 / np.sqrt(mean_square)).var()
        assert theory.adaptive_rate_variance(rho) == pytest.approx(drawn, rel=0.1 if rho == 5 else 0.03)
    assert theory.adaptive_rate_variance(2) == math.inf
    assert theory.adaptive_rate_variance(2000) == pytest.approx(1 / 4000, rel=0.01)


# --- how they are called --------------------------------------------------------------------------


def test_plain_numbers_give_floats_and_arrays_broadcast():
    assert type(theory.heavy_ball_limit(0.9, 2)) is float
    assert all(type(part) is float for part in theory.momentum_best(1, 4))
    assert type(theory.steps_until_corrected(0.9)) is int
    assert theory.heavy_ball_rate(np.ones((3, 1)), np.full(4, 0.9), 1.0).shape == (3, 4)
    assert theory.uncorrected_step_ratio([1, 2], 0.9, 0.999).shape == (2,)


test_bad_input_is_refused_by_name = refused(
    (lambda: theory.max_stable_lr(0), "lam=0 must be finite and > 0"),
    (lambda: theory.best_lr(3, 2), "lmin=3 must not exceed lmax=2"),
    (lambda: theory.half_life(1), r"beta=1 must be in \[0, 1\)"),
    (lambda: theory.steps_until_corrected(0.9, share=1), r"share=1 must be in \(0, 1\)"),
    (lambda: theory.correction_factor(0.9, 0), "t=0 must be finite and ≥ 1"),
    (lambda: theory.largest_adam_step(0.9, 1.0), r"beta2=1.0 must be in \[0, 1\)"),
    (lambda: theory.max_stable_lr(math.inf), "lam=inf must be finite"),
    (lambda: theory.max_stable_lr("x"), TypeError, "lam='x' must be a number"),
)
