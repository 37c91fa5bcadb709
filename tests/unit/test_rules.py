"""What a rule accepts, what it refuses, and what each of them computes by hand."""

import math

import numpy as np
import pytest
import torch
from refusals import refused
from rule_paths import path

from adamkit import rules
from adamkit.rules import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSprop, Rule
from adamkit.rules.arrays import divide, maximum, sign, sqrt

ALL = [SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW]


@pytest.mark.parametrize("rule", ALL)
@pytest.mark.parametrize("lr", [-1e-3, math.nan, math.inf, -math.inf])
def test_a_rate_must_be_a_finite_number_not_below_zero(rule, lr):
    with pytest.raises(ValueError, match=rf"{rule.__name__}: lr=.* must be a finite number ≥ 0"):
        rule(lr=lr)


test_a_number_out_of_range_is_refused_by_name = refused(
    (lambda: Adam(beta1=1.0), "Adam: beta1=1.0"),
    (lambda: Adam(beta2=1.5), "Adam: beta2=1.5"),
    (lambda: Adam(beta2=-0.1), "Adam: beta2=-0.1"),
    (lambda: Adam(eps=-1e-8), "Adam: eps=-1e-08"),
    (lambda: Adam(weight_decay=-0.1), "Adam: weight_decay=-0.1"),
    (lambda: RMSprop(momentum=1.0), "RMSprop: momentum=1.0"),
    (lambda: RMSprop(beta2=math.nan), "RMSprop: beta2=nan"),
    (lambda: Momentum(momentum=1.0), "Momentum: momentum=1.0"),
    (lambda: Momentum(dampening=-0.5), "Momentum: dampening=-0.5"),
    (lambda: AdaGrad(lr_decay=-1.0), "AdaGrad: lr_decay=-1.0"),
    (lambda: AdaGrad(initial_accumulator=-1.0), "AdaGrad: initial_accumulator=-1.0"),
    (lambda: Nesterov(momentum=-0.9), "Nesterov: momentum=-0.9"),
    (lambda: SGD(weight_decay=math.inf), "SGD: weight_decay=inf"),
    (lambda: rules.ScheduleFreeAdamW(beta1=0.0), "beta1=0.0 must be above 0"),
    (lambda: rules.RAdam(threshold=3.0), "threshold=3.0 is not allowed"),
    (lambda: rules.Adafactor(clip=0.5), "clip=0.5 is not allowed"),
    (lambda: rules.Adam8bit(block=0), "block=0 is not allowed"),
)


test_what_is_of_another_kind_or_does_not_fit_the_rest_is_refused = refused(
    (lambda: RMSprop(centered=1), TypeError, "RMSprop: centered=1 must be True or False"),
    (lambda: rules.Muon(steps=2.5), TypeError, "steps=2.5 must be a whole number"),
    (lambda: rules.Muon(steps=True), TypeError, "steps=True must be a whole number"),
    (lambda: rules.Muon(steps=np.array([1, 2])), TypeError, "must be a whole number"),
    (lambda: Adam(0.5, 0.9), TypeError, "positional argument"),
    (lambda: rules.AMSGrad(form="optax"), "form='optax' is not one of"),
    (lambda: Momentum(form="nesterov"), r"form='nesterov' is not one of \['heavy_ball', 'ema', 'torch'\]"),
    (lambda: Momentum(form="ema", dampening=0.5), r"dampening=0\.5 belongs to form='torch', not to 'ema'"),
    (lambda: Adam(beta1=np.array([0.5, 1.0, 0.9])),
     r"beta1 holds 1\.0; every element must be a finite number ≥ 0 and < 1"),
    (lambda: Adam(lr=torch.tensor([0.1, math.nan])), "lr holds nan"),
    (lambda: Adam(lr=np.ones(2), beta1=np.zeros(3)), r"one length, got \{'lr': 2, 'beta1': 3\}"),
    (lambda: Adam().replace(beta1=2), "beta1=2"),
    (lambda: Adam().replace(beta3=0.5), TypeError,
     r"Adam has no hyper-parameter \['beta3'\]; it has \['lr', 'beta1'"),
    (lambda: setattr(Adam(), "lr", 0.5), AttributeError, "cannot assign to field 'lr'"),
    (lambda: Adam(lr=np.ones(3)).check_fits("w", (5, 3)),
     r"w must have a leading axis of 3, and its shape is \(5, 3\)"),
    (lambda: Adam(lr=np.ones(3)).check_fits("w", ()), r"its shape is \(\)"),
    (lambda: Rule().update(1.0, 1.0, (), 1), NotImplementedError, "Rule has no update"),
)


@pytest.mark.parametrize("value", ["0.1", None, True, [0.1, 0.2], 1j, np.ones((2, 2)), np.array([]), np.array(["a"])])
def test_what_is_no_number_is_refused_as_a_number(value):
    with pytest.raises(TypeError, match=r"Adam: lr.* must be a finite number ≥ 0, or a one-dimensional array"):
        Adam(lr=value)


def test_checking_a_large_array_takes_no_loop_over_its_elements():
    rates = np.full(2_000_000, 1e-3)
    assert Adam(lr=rates).batch_size == len(rates)


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.array(0.5), torch.tensor(0.5), 0.5])
def test_a_single_number_of_any_kind_becomes_a_plain_float(number):
    assert type(Adam(lr=number).lr) is float
    assert Adam(lr=number).lr == 0.5


def test_replace_changes_what_it_names_and_no_more():
    rule = Adam(0.1)
    assert rule.replace(beta1=0.5).hypers() == {**rule.hypers(), "lr": 0.1, "beta1": 0.5}


def test_shaped_arrays_run_along_the_leading_axis():
    rule = Adam(lr=np.array([0.1, 0.2, 0.3])).shaped(3)
    assert rule.lr.shape == (3, 1, 1)
    assert rule.batch_size == 3
    assert rule.beta1 == 0.9


def test_factors_worked_out_beforehand_give_the_same_step():
    for rule in (Adam(), Adam(correct_m=False), Adam(correct_v=False), AdaGrad(lr_decay=0.5), RMSprop(), SGD()):
        state = rule.init(1.0)
        assert rule.at(7).update(0.3, 1.0, state, 7) == rule.update(0.3, 1.0, state, 7)


# What the rules compute, by hand.


def test_sgd_steps_against_the_gradient_and_decays():
    assert path(SGD(lr=0.5), [2.0]) == [0.0]
    assert path(SGD(lr=0.5, weight_decay=0.1), [2.0]) == [pytest.approx(1 - 0.5 * (2 + 0.1))]


def test_the_three_forms_of_momentum_part_where_they_should():
    gradients, mu = [1.0, 2.0, -1.0], 0.5
    heavy = path(Momentum(lr=1, momentum=mu), gradients, 0.0)
    assert heavy == [-1.0, -3.5, -3.75]  # buffers 1, 2.5, 0.25
    assert path(Momentum(lr=2, momentum=mu, form="ema"), gradients, 0.0) == heavy
    assert path(Momentum(lr=1, momentum=mu, form="torch"), gradients, 0.0) == heavy
    damped = path(Momentum(lr=1, momentum=mu, form="torch", dampening=mu), gradients, 0.0)
    assert damped == [-1.0, -2.5, -2.75]  # buffers 1, 1.5, 0.25: the first gradient is whole


def test_nesterov_adds_the_gradient_to_the_coming_momentum():
    assert path(Nesterov(lr=1, momentum=0.5), [1.0, 2.0], 0.0) == [-1.5, -1.5 - (2 + 0.5 * 2.5)]


def test_adagrad_divides_by_the_root_of_the_sum():
    assert path(AdaGrad(lr=1, eps=0, lr_decay=1), [3.0, 4.0], 0.0) == [-1.0, pytest.approx(-1 - 0.5 * 4 / 5)]
    assert path(AdaGrad(lr=1, eps=1, initial_accumulator=16), [3.0], 0.0) == [pytest.approx(-3 / 6)]


def test_rmsprop_is_not_corrected_and_epsilon_is_outside_the_root():
    assert path(RMSprop(lr=1, beta2=0.75, eps=0.5), [2.0], 0.0) == [pytest.approx(-2 / (1 + 0.5))]
    assert path(RMSprop(lr=1, beta2=0.75, eps=0, momentum=0.5), [2.0, 0.0], 0.0) == [-2.0, -3.0]


def test_centred_rmsprop_divides_by_the_standard_deviation():
    spread = math.sqrt(0.25 * 4 - (0.25 * 2) ** 2)
    assert path(RMSprop(lr=1, beta2=0.75, eps=0, centered=True), [2.0], 0.0) == [pytest.approx(-2 / spread)]


def test_adams_epsilon_is_outside_the_root_and_after_the_correction():
    assert path(Adam(lr=1, eps=1.0), [4.0], 0.0) == [pytest.approx(-4 / (4 + 1))]


def test_adams_corrections_can_be_switched_off_one_by_one():
    first = {(m, v): path(Adam(lr=1, eps=0, correct_m=m, correct_v=v), [5.0], 0.0)[0]
             for m in (True, False) for v in (True, False)}
    assert first[True, True] == pytest.approx(-1)
    assert first[False, False] == pytest.approx(-0.1 / math.sqrt(0.001))
    assert first[True, False] == pytest.approx(-1 / math.sqrt(0.001))
    assert first[False, True] == pytest.approx(-0.1)


def test_adamw_shrinks_the_weight_whatever_the_gradient():
    for g in (1e-3, 1.0, 1e3):
        assert path(AdamW(lr=0.1, eps=0, weight_decay=0.5), [g], 2.0) == [pytest.approx(2 * (1 - 0.05) - 0.1)]


def test_no_decay_leaves_an_infinite_weight_infinite():
    for rule in (SGD(), Adam(), AdamW(weight_decay=0)):
        assert path(rule, [1.0], math.inf) == [math.inf]


def test_readings_say_what_the_state_means():
    rule = Adam(lr=0.1, eps=0)
    _, state = rule.update(2.0, 0.0, rule.init(0.0), 1)
    readings = rule.readings(state, 1)
    assert list(readings) == ["m", "v", "m_hat", "v_hat", "rate"]
    assert readings["m_hat"] == pytest.approx(2)
    assert readings["v_hat"] == pytest.approx(4)
    assert readings["rate"] == pytest.approx(0.1 / 2)
    assert SGD().readings(SGD().init(0.0), 1) == {}
    assert list(RMSprop().readings(RMSprop().update(1.0, 0.0, RMSprop().init(0.0), 1)[1], 1)) == ["v", "rate"]


def test_the_rules_are_listed():
    assert {rule.__name__ for rule in ALL} <= set(rules.__all__)


# The functions rules are made of.


@pytest.mark.parametrize(
    ("function", "x"),
    [(sqrt, x) for x in (-2.0, -0.0, 0.0, 2.25, math.inf, math.nan)] + [(sign, x) for x in (-2.0, 0.0, 0.1, math.inf)],
)
def test_floats_arrays_and_tensors_agree(function, x):
    with np.errstate(invalid="ignore"):
        wanted = function(torch.tensor([x], dtype=torch.float64)).item()
        assert np.array_equal([function(x)], [wanted], equal_nan=True)
        assert np.array_equal(function(np.array([x])), [wanted], equal_nan=True)


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_sign(x):
    assert math.isnan(sign(x))
    with np.errstate(invalid="ignore"):
        assert np.isnan(sign(np.array([x]))).all()
    assert sign(torch.tensor([x])).isnan().all()


@pytest.mark.parametrize("pair", [(1.0, 2.0), (2.0, 1.0), (math.nan, 1.0), (1.0, math.nan)])
def test_the_larger_number_wins_and_nan_wins_over_all(pair):
    wanted = np.maximum(*pair)
    assert np.array_equal([maximum(*pair)], [wanted], equal_nan=True)
    tensors = (torch.tensor(number, dtype=torch.float64) for number in pair)
    assert np.array_equal([maximum(*tensors).item()], [wanted], equal_nan=True)


@pytest.mark.parametrize("a", [0.0, -0.0, 3.0, -3.0, math.inf, math.nan])
@pytest.mark.parametrize("b", [0.0, -0.0, 2.0])
def test_plain_floats_divide_by_zero_as_arrays_do(a, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.array_equal([divide(a, b)], np.array([a]) / np.array([b]), equal_nan=True)
