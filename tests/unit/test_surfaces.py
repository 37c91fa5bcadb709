"""Surfaces: their formulas against torch's autograd, their landmarks, and their input checks."""

import math

import numpy as np
import pytest
import torch
from refusals import refused

from adamkit import surfaces

EVERY = [
    *(make() for make in surfaces.ALL.values()),
    surfaces.ravine(kappa=100, angle=45),
    surfaces.ravine(kappa=7, angle=-73),
    surfaces.rosenbrock(a=0.5, b=7),
    surfaces.rastrigin(amplitude=3),
    surfaces.cliff(height=5, width=0.1, slope=0.3),
    surfaces.two_minima(sharp=50, flat=3),
]
each_surface = pytest.mark.parametrize("surface", EVERY, ids=repr)


def points_in_view(surface, count=40, seed=0):
    (x0, x1), (y0, y1) = surface.view
    return np.random.default_rng(seed).uniform([x0, y0], [x1, y1], (count, 2))


def torch_value(surface):
    return lambda theta: surface.value_xy(theta[0], theta[1])


@each_surface
def test_the_gradient_is_autograds(surface):
    theta = points_in_view(surface)
    expected = torch.func.vmap(torch.func.grad(torch_value(surface)))(torch.tensor(theta)).numpy()
    np.testing.assert_allclose(surface.gradient(theta), expected, rtol=1e-9, atol=1e-11)


@each_surface
def test_the_hessian_is_autograds(surface):
    theta = points_in_view(surface)
    expected = torch.func.vmap(torch.func.hessian(torch_value(surface)))(torch.tensor(theta)).numpy()
    scale = np.abs(expected).max()
    np.testing.assert_allclose(surface.hessian(theta), expected, rtol=1e-9, atol=1e-11 * scale)


@each_surface
def test_plain_floats_and_arrays_give_the_same_numbers(surface):
    theta = points_in_view(surface)
    pairs = theta.tolist()
    np.testing.assert_allclose(surface.value(theta), [surface.value_xy(x, y) for x, y in pairs], rtol=1e-13)
    scale = np.abs(surface.gradient(theta)).max()
    in_floats = [surface.gradient_xy(x, y) for x, y in pairs]
    np.testing.assert_allclose(surface.gradient(theta), in_floats, rtol=1e-13, atol=1e-15 * scale)
    assert all(type(number) is float for pair in in_floats for number in pair)


@each_surface
def test_at_every_minimum_the_loss_is_zero_the_gradient_vanishes_and_the_curvatures_are_positive(surface):
    curvature = surface.curvatures(surface.minima)
    assert (curvature > 0).all()
    np.testing.assert_allclose(surface.value(surface.minima), 0, atol=1e-14)
    np.testing.assert_allclose(surface.gradient(surface.minima) / curvature.max(), 0, atol=1e-14)


@each_surface
def test_no_point_in_view_lies_below_the_minima(surface):
    assert surface.value(points_in_view(surface, count=2000)).min() > 0


@each_surface
def test_minima_and_start_are_in_view_and_the_start_is_no_resting_place(surface):
    (x0, x1), (y0, y1) = surface.view
    for x, y in [*surface.minima, surface.start]:
        assert x0 < x < x1
        assert y0 < y < y1
    assert np.linalg.norm(surface.gradient(surface.start)) > 1e-4


@each_surface
def test_leading_axes_pass_through(surface):
    theta = points_in_view(surface, count=6).reshape(2, 3, 2)
    assert surface.value(theta).shape == (2, 3)
    assert surface.gradient(theta).shape == (2, 3, 2)
    assert surface.hessian(theta).shape == (2, 3, 2, 2)
    assert surface.curvatures(theta).shape == (2, 3, 2)
    one = theta[1, 2]
    np.testing.assert_array_equal(surface.gradient(theta)[1, 2], surface.gradient(one))
    np.testing.assert_array_equal(surface.hessian(theta)[1, 2], surface.hessian(one))
    assert surface.value(theta)[1, 2] == surface.value(one)


@each_surface
def test_points_at_infinity_give_no_warning(surface, recwarn):
    theta = [[math.inf, 1.0], [1e200, -1e200], [math.nan, 0.0]]
    for method in (surface.value, surface.gradient, surface.hessian):
        method(theta)
    assert not recwarn.list


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135, 180, 225, 270, 315, -45, -90, 400.5])
def test_a_turned_ravine_keeps_its_eigenvalues_and_turns_its_floor_and_start(angle):
    surface, straight = surfaces.ravine(kappa=50, angle=angle), surfaces.ravine(kappa=50)
    np.testing.assert_allclose(surface.curvatures(), [1, 50], rtol=1e-13)
    floor = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    np.testing.assert_allclose(surface.hessian([0, 0]) @ floor, floor, atol=1e-13 * 50)
    assert surface.value(surface.start) == pytest.approx(straight.value(straight.start), rel=1e-13)


def test_a_straight_ravine_is_half_x_squared_plus_half_kappa_y_squared():
    assert surfaces.ravine(kappa=8).value([3.0, 2.0]) == 0.5 * 9 + 0.5 * 8 * 4


def test_the_saddles_have_the_promised_hessian_at_the_origin():
    np.testing.assert_array_equal(surfaces.saddle().hessian([0, 0]), [[1, 0], [0, -1]])
    np.testing.assert_array_equal(surfaces.monkey_saddle().hessian([0, 0]), np.zeros((2, 2)))
    for surface in (surfaces.saddle(), surfaces.monkey_saddle()):
        np.testing.assert_array_equal(surface.gradient([0, 0]), [0, 0])
        assert surface.value([0, 0]) == 0.25


def test_the_two_minima_have_exactly_the_curvatures_asked_for():
    surface = surfaces.two_minima(sharp=32, flat=0.5)
    np.testing.assert_array_equal(surface.hessian([-1, 0]), 32 * np.eye(2))
    np.testing.assert_array_equal(surface.hessian([1, 0]), 0.5 * np.eye(2))


def test_the_cliff_is_a_thousand_times_steeper_than_the_plateau():
    surface = surfaces.cliff()
    edge, plateau = surface.gradient([[0.0, 0.0], [-2.0, 0.0]])[:, 0]
    assert 1000 < edge / plateau < 1100


def test_rosenbrocks_minimum_has_the_condition_number_its_docstring_quotes():
    low, high = surfaces.rosenbrock().curvatures()
    assert high / low == pytest.approx(2508, abs=1)


def test_beales_gradients_span_five_orders_of_magnitude_in_view():
    surface = surfaces.beale()
    size = np.linalg.norm(surface.gradient(points_in_view(surface, count=200_000)), axis=1)
    assert size.max() / size.min() > 1e5


def test_the_table_of_surfaces_matches_their_names():
    for name, make in surfaces.ALL.items():
        surface = make()
        assert surface.name == name
        assert repr(surface).startswith(f"{name}(")
        assert all((surface.title, surface.lesson, surface.formula))
    assert repr(surfaces.ravine(kappa=5, angle=30)) == "ravine(kappa=5, angle=30)"


test_bad_input_is_refused_by_name = refused(
    (lambda: surfaces.ravine(kappa=0), "ravine: kappa=0 must be > 0"),
    (lambda: surfaces.ravine(kappa="20"), "kappa='20' must be a finite number"),
    (lambda: surfaces.ravine(angle=math.nan), "angle=nan must be a finite number"),
    (lambda: surfaces.rosenbrock(b=-1), "b=-1 must be > 0"),
    (lambda: surfaces.rastrigin(amplitude=0), "amplitude=0 must be > 0"),
    (lambda: surfaces.cliff(width=0.2), "width=0.2 must be ≤ 0.1"),
    (lambda: surfaces.two_minima(flat=np.ones(3)), "flat=.* must be a finite number"),
    (lambda: surfaces.saddle().value([1.0, 2.0, 3.0]), r"shape \(\.\.\., 2\); got shape \(3,\)"),
    (lambda: surfaces.saddle().gradient(1.0), r"got shape \(\)"),
    (lambda: surfaces.beale().start.put(0, 7), "read-only"),
)
