"""Small problems with rows: their derivatives, their batches, and what makes each of them hard."""

import numpy as np
import pytest
from refusals import each, refused

from adamkit import tasks
from adamkit.lessons.nb06.two_layers import two_layers

both = pytest.mark.parametrize("task", [tasks.least_squares(rows=60, kappa=9), tasks.rare_feature_logistic(rows=2000)],
                               ids=["least squares", "logistic"])


def numeric_gradient(f, theta, h=1e-6):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


@both
def test_the_gradient_is_the_slope_of_the_loss(task):
    theta = np.array([0.7, -1.3])
    rows = np.array([3, 3, 17, 40])
    np.testing.assert_allclose(task.gradient(theta), numeric_gradient(task.loss, theta), atol=1e-8)
    np.testing.assert_allclose(task.gradient(theta, rows), numeric_gradient(lambda p: task.loss(p, rows), theta),
                               atol=1e-8)


@both
def test_the_hessian_is_the_slope_of_the_gradient(task):
    theta = np.array([0.4, 0.9])
    slopes = np.stack([numeric_gradient(lambda p, i=i: task.gradient(p)[i], theta) for i in range(2)])
    np.testing.assert_allclose(task.hessian(theta), slopes, atol=1e-8)


@both
def test_the_gradient_is_zero_at_the_minimum(task):
    np.testing.assert_allclose(task.gradient(task.minimum), 0, atol=1e-12)


@both
def test_many_parameters_each_with_their_own_batch_are_as_many_single_calls(task):
    rng = np.random.default_rng(1)
    theta, rows = rng.standard_normal((3, 5, 2)), rng.integers(0, 60, (3, 5, 4))
    losses, gradients = task.loss(theta, rows), task.gradient(theta, rows)
    for where in np.ndindex(3, 5):
        np.testing.assert_allclose(losses[where], task.loss(theta[where], rows[where]), rtol=1e-13)
        np.testing.assert_allclose(gradients[where], task.gradient(theta[where], rows[where]), rtol=1e-12, atol=1e-14)


@both
def test_many_parameters_can_share_a_batch(task):
    theta = np.random.default_rng(2).standard_normal((6, 2))
    rows = np.array([0, 1, 5])
    expected = np.stack([task.gradient(one, rows) for one in theta])
    np.testing.assert_allclose(task.gradient(theta, rows), expected, rtol=1e-12)


@both
def test_gradients_of_single_rows_average_to_the_full_gradient(task):
    theta = np.array([1.0, 0.5])
    singles = np.stack([task.gradient(theta, np.array([row])) for row in range(len(task.x))])
    np.testing.assert_allclose(singles.mean(axis=0), task.gradient(theta), rtol=1e-10)


def test_the_rare_feature_is_in_exactly_its_share_of_the_rows():
    task = tasks.rare_feature_logistic(rows=4000, share=0.01)
    assert np.count_nonzero(task.x[:, 1]) == 40
    assert set(np.unique(task.x[:, 0])) == {-1.0, 1.0}


def test_plain_gradient_descent_learns_the_common_weight_and_starves_the_rare_one():
    task = tasks.rare_feature_logistic()
    theta = np.zeros(2)
    for _ in range(200):
        theta = theta - 0.5 * task.gradient(theta)
    learned = theta / task.minimum
    assert abs(learned[0] - 1) < 0.02
    assert learned[1] < 0.3


def test_least_squares_has_the_curvature_ratio_asked_for():
    hessian = tasks.least_squares(rows=200_000, kappa=50).hessian(np.zeros(2))
    values = np.linalg.eigvalsh(hessian)
    assert values[1] / values[0] == pytest.approx(50, rel=0.02)


def test_without_noise_the_minimum_is_the_true_weights():
    np.testing.assert_allclose(tasks.least_squares(weights=(3, 1, -2), noise=0).minimum, (3, 1, -2), rtol=1e-10)


def test_large_scores_neither_overflow_nor_lose_the_loss():
    task = tasks.rare_feature_logistic(rows=100)
    with np.errstate(all="raise", under="ignore"):
        losses = task.loss(np.array([[2000.0, 0.0], [-2000.0, 0.0]]))
        gradient = task.gradient(np.array([2000.0, -2000.0]))
    assert losses.sum() == pytest.approx(2000)
    assert np.isfinite(gradient).all()


def test_data_and_batches_depend_on_the_seed_alone():
    assert np.array_equal(tasks.least_squares(seed=3).y, tasks.least_squares(seed=3).y)
    assert not np.array_equal(tasks.least_squares(seed=3).y, tasks.least_squares(seed=4).y)
    task = tasks.least_squares()
    assert np.array_equal(task.batches(8, 5, seed=1), task.batches(8, 5, seed=1))
    assert task.batches(8, 5).shape == (5, 8)


test_what_makes_no_sense_is_refused_with_a_reason = refused(
    (lambda: tasks.least_squares(rows=2), "rows=2 must be more than the 2 weights"),
    (lambda: tasks.least_squares(kappa=0.5), "kappa=0.5 must be ≥ 1"),
    (lambda: tasks.rare_feature_logistic(share=0), "share=0 must be in"),
    (lambda: tasks.rare_feature_logistic(rows=50, share=0.001), "leave at least one of the 50 rows"),
    (lambda: tasks.rare_feature_logistic(weights=(1, 2, 3)), "must hold two numbers"),
    (lambda: tasks.least_squares().loss(np.zeros(3)), r"theta has shape \(3,\); its last axis must be 2"),
    (lambda: tasks.least_squares().batches(0, 5), "batch=0 must be at least 1"),
    (lambda: tasks.rare_feature_logistic(rows=100, share=0.01).minimum, "no finite minimum"),
    *each(two_layers, "one for each step", [[0.1]], [-0.1], [np.nan]),
    (lambda: two_layers([0.1], runs=0), "runs=0 at least 1"),
)


def test_two_layers_walk_as_autograd_says_without_noise():
    import torch

    rates = np.linspace(0.01, 0.1, 20)
    losses, curvatures = two_layers(rates, start=(3.0, 0.2), noise=0.0, runs=2)
    theta = torch.tensor([3.0, 0.2], dtype=torch.float64, requires_grad=True)
    for step, rate in enumerate(rates):
        loss = 0.5 * (theta.prod() - 1) ** 2
        np.testing.assert_allclose(losses[step], loss.item(), rtol=1e-12)
        np.testing.assert_allclose(curvatures[step], (theta.detach() ** 2).sum().item(), rtol=1e-12)
        (gradient,) = torch.autograd.grad(loss, theta)
        theta = (theta - rate * gradient).detach().requires_grad_()


def test_two_layers_end_at_a_flatter_minimum_above_the_limit_and_diverge_far_above():
    curvature = 16.0
    limit = 2 / curvature
    below, above, far = (two_layers(np.full(300, share * limit), seed=1) for share in (0.5, 1.5, 2.5))
    assert np.median(below[1][-1]) > 0.8 * curvature
    assert np.median(above[1][-1]) < 4
    assert not np.isfinite(far[0][-1]).any()


def test_two_layers_of_one_seed_see_the_same_labels_whatever_the_rates():
    one, twin = two_layers([0.0, 0.1], runs=3), two_layers([0.0, 0.1, 0.2], runs=3)
    np.testing.assert_array_equal(one[0], twin[0][:3])
