"""Invariances of the rules, for any gradients: scale, permutation, batching, kind of number."""

import math

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import rule_paths
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from slices import ordinarily

from adamkit import optim, rules, theory

RULES = {
    "SGD": rules.SGD(lr=0.1, weight_decay=0.1),
    "heavy ball": rules.Momentum(lr=0.1, weight_decay=0.1),
    "EMA momentum": rules.Momentum(lr=0.1, form="ema"),
    "torch's momentum": rules.Momentum(lr=0.1, form="torch", dampening=0.3),
    "Nesterov": rules.Nesterov(lr=0.1, weight_decay=0.1),
    "AdaGrad": rules.AdaGrad(lr=0.1, lr_decay=0.1, weight_decay=0.1),
    "RMSprop": rules.RMSprop(lr=0.1, momentum=0.5, weight_decay=0.1),
    "centred RMSprop": rules.RMSprop(lr=0.1, centered=True),
    "Adam": rules.Adam(lr=0.1, weight_decay=0.1),
    "AdamW": rules.AdamW(lr=0.1, weight_decay=0.1),
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)

#: Streams of gradients, a row a step: from 1e-6 to 1e6 in size, and zero.
SIZES = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.floats(-1e6, -1e-6))
#: Zero once, and 0/0 at ε = 0 makes Adam's step NaN: for laws that need every gradient.
NOT_ZERO = st.one_of(st.floats(1e-6, 1e6), st.floats(-1e6, -1e-6))


def law(**strategies):
    """`given`, the same examples in every run, and no limit on the time of one: the machine may be busy."""
    examples = ordinarily(15, 50)
    return lambda test: settings(deadline=None, max_examples=examples, derandomize=True)(given(**strategies)(test))


def streams(elements=SIZES, coordinates=3):
    return hnp.arrays(np.float64, st.tuples(st.integers(1, 12), st.just(coordinates)), elements=elements)


def path(rule, gradients, start=None):
    """Positions after each step, for gradients (steps, …)."""
    with np.errstate(all="ignore"):
        return np.array(rule_paths.path(rule, gradients, np.zeros(gradients.shape[1:]) if start is None else start))


@pytest.mark.parametrize("rule", [rules.Adam(eps=0), rules.RMSprop(eps=0), rules.AdaGrad(eps=0)], ids=type)
@law(gradients=streams(NOT_ZERO), power=st.integers(-40, 40))
def test_scaling_the_loss_leaves_the_path_of_a_divided_step(rule, gradients, power):
    """By powers of two, which round nothing: equal to the last bit."""
    np.testing.assert_array_equal(path(rule, gradients * 2.0**power), path(rule, gradients))


@law(gradients=streams(NOT_ZERO), scale=st.floats(1e-3, 1e3))
def test_scaling_the_loss_by_any_number_leaves_adams_path(gradients, scale):
    rule = rules.Adam(eps=0)
    np.testing.assert_allclose(path(rule, gradients * scale), path(rule, gradients), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("rule", [rules.SGD(), rules.Momentum(), rules.Nesterov()], ids=type)
@law(gradients=streams(), power=st.integers(-40, 40))
def test_scaling_the_loss_scales_the_path_of_an_undivided_step(rule, gradients, power):
    np.testing.assert_array_equal(path(rule, gradients * 2.0**power), path(rule, gradients) * 2.0**power)


@every_rule
@law(gradients=streams(coordinates=6), order=st.permutations(range(6)))
def test_permuting_coordinates_permutes_the_path(rule, gradients, order):
    np.testing.assert_array_equal(path(rule, gradients[:, order]), path(rule, gradients)[:, order])


@every_rule
@law(gradients=streams(), shift=st.floats(-10, 10))
def test_moving_the_start_moves_the_path_when_nothing_decays(rule, gradients, shift):
    rule = rule.replace(weight_decay=0)
    moved, here = path(rule, gradients, np.full(3, shift)), path(rule, gradients)
    np.testing.assert_allclose(moved, here + shift, rtol=1e-9, atol=1e-9)


@every_rule
@law(gradients=streams(), start=hnp.arrays(np.float64, 3, elements=st.floats(-10, 10)))
def test_plain_floats_walk_the_path_of_arrays(rule, gradients, start):
    together = path(rule, gradients, start)
    for i in range(3):
        alone = rule_paths.path(rule, gradients[:, i].tolist(), float(start[i]))
        assert {type(theta) for theta in alone} == {float}
        np.testing.assert_allclose(alone, together[:, i], rtol=1e-14, atol=0)


@pytest.mark.parametrize("rule", [rules.Adam(eps=0), rules.RMSprop(eps=0), rules.AdaGrad(eps=0)], ids=type)
@pytest.mark.parametrize("g", [0.0, math.inf, -math.inf, math.nan])
def test_plain_floats_follow_arrays_where_python_would_raise(rule, g):
    theta, _ = rule.update(g, 1.0, rule.init(1.0), 1)
    np.testing.assert_array_equal(path(rule, np.array([[g]]), np.ones(1)), [[theta]])


@law(gradients=st.integers(1, 6).flatmap(lambda steps: hnp.arrays(np.float64, (steps, 3, 2, 4), elements=SIZES)),
     rates=hnp.arrays(np.float64, 3, elements=st.floats(0, 1)),
     beta1=hnp.arrays(np.float64, 3, elements=st.floats(0, 0.99)),
     beta2=hnp.arrays(np.float64, 3, elements=st.floats(0, 0.9999)))
def test_a_batch_of_experiments_is_the_experiments_one_by_one(gradients, rates, beta1, beta2):
    params = [np.ones((3, 2, 4))]
    together = optim.Adam(params, rates, beta1=beta1, beta2=beta2, weight_decay=0.1)
    for g in gradients:
        together.step([g])
    for i in range(3):
        alone = optim.Adam([np.ones((2, 4))], rates[i], beta1=beta1[i], beta2=beta2[i], weight_decay=0.1)
        for g in gradients:
            alone.step([g[i]])
        np.testing.assert_allclose(params[0][i], alone.params[0], rtol=1e-12, atol=1e-12)


@law(g=NOT_ZERO, lr=st.floats(1e-6, 10), beta1=st.floats(0, 0.9), beta2=st.floats(0, 0.99))
def test_adams_first_step_is_the_rate_against_the_sign(g, lr, beta1, beta2):
    theta = path(rules.Adam(lr=lr, eps=0, beta1=beta1, beta2=beta2), np.array([[g]]))[0, 0]
    assert theta == pytest.approx(-lr * np.sign(g), rel=1e-9)


BETAS = [(0.9, 0.999), (0.9, 0.99), (0.9, 0.95), (0.5, 0.9)]


@pytest.mark.parametrize(("beta1", "beta2"), BETAS)
def test_gradients_that_grow_by_the_ratio_of_the_betas_approach_the_largest_step(beta1, beta2):
    """They come after 20 000 steps of zero gradients, when both corrections are over."""
    rule = rules.Adam(lr=1, eps=0, beta1=beta1, beta2=beta2)
    theta, state, steps = 0.0, rule.init(0.0), []
    for k in range(300):
        after, state = rule.update((beta2 / beta1) ** k, theta, state, 20_001 + k)
        steps.append(theta - after)
        theta = after
    assert np.diff(steps).min() > -1e-9  # each larger than the last, but for rounding at the end
    assert steps[-1] == pytest.approx(theory.largest_adam_step(beta1, beta2), rel=1e-6)
    assert steps[0] == pytest.approx((1 - beta1) / math.sqrt(1 - beta2))  # one gradient after zeros: the paper's bound


@pytest.mark.parametrize(("beta1", "beta2"), [*BETAS, (0.9, 0.85), (0.7, 0.6), (0.0, 0.5)])
@law(gradients=hnp.arrays(np.float64, st.tuples(st.integers(1, 60), st.just(1)), elements=SIZES))
def test_no_gradients_exceed_the_largest_step(beta1, beta2, gradients):
    assume(gradients.any())
    gradients = gradients[np.flatnonzero(gradients[:, 0])[0]:]  # 0/0 before the first one
    steps = np.abs(np.diff(path(rules.Adam(eps=0, lr=1, beta1=beta1, beta2=beta2), gradients)[:, 0], prepend=0.0))
    assert steps.max() <= theory.largest_adam_step(beta1, beta2) * (1 + 1e-6)


@law(gradients=streams(), beta=st.floats(0, 0.99))
def test_the_averaging_form_of_momentum_is_the_heavy_ball_with_another_rate(gradients, beta):
    ball = path(rules.Momentum(lr=0.1 * (1 - beta), momentum=beta), gradients)
    average = path(rules.Momentum(lr=0.1, momentum=beta, form="ema"), gradients)
    np.testing.assert_allclose(ball, average, rtol=1e-9, atol=1e-6)


@law(gradients=streams(), decay=st.floats(0, 1), lr=st.floats(0, 0.5))
def test_for_sgd_l2_is_a_shrinking_of_the_weights(gradients, decay, lr):
    start = np.ones(3)
    by_hand = start
    for g in gradients:
        by_hand = (1 - lr * decay) * by_hand - lr * g
    l2 = path(rules.SGD(lr=lr, weight_decay=decay), gradients, start)[-1]
    np.testing.assert_allclose(l2, by_hand, rtol=1e-9, atol=1e-6)


@law(gradients=streams(NOT_ZERO), lr=st.floats(1e-4, 0.1))
def test_adamw_without_decay_is_adam(gradients, lr):
    one, other = rules.AdamW(lr=lr, weight_decay=0), rules.Adam(lr=lr)
    np.testing.assert_array_equal(path(one, gradients), path(other, gradients))


@law(gradients=streams(NOT_ZERO))
def test_rmsprop_without_smoothing_is_a_step_by_the_sign(gradients):
    positions = path(rules.RMSprop(lr=1, beta2=0, eps=0), gradients)
    np.testing.assert_allclose(positions, -np.cumsum(np.sign(gradients), axis=0), rtol=1e-12)


@law(gradients=streams(NOT_ZERO))
def test_adagrads_rates_never_rise(gradients):
    rule, theta = rules.AdaGrad(lr=1), np.zeros(3)
    state, before = rule.init(theta), np.inf
    for t, g in enumerate(gradients, start=1):
        theta, state = rule.update(g, theta, state, t)
        rate = rule.readings(state, t)["rate"]
        assert (rate <= before).all()
        before = rate
