"""The NumPy engine: what it takes, changes, keeps and refuses."""

import copy
import inspect

import numpy as np
import pytest
from refusals import refused
from variant_runs import BASICS

from adamkit import optim, rules


def arrays(dtype=np.float64):
    generator = np.random.default_rng(0)
    return [generator.normal(size=shape).astype(dtype) for shape in ((), (4,), (3, 2))]


@pytest.mark.parametrize("name", BASICS)
def test_every_rule_has_its_optimizer_with_its_defaults(name):
    kind, rule = getattr(optim, name), getattr(rules, name)
    own = inspect.signature(rule).parameters
    ours = dict(inspect.signature(kind).parameters)
    assert next(iter(ours)) == "params"
    ours.pop("params")
    assert {k: v.default for k, v in ours.items()} == {k: v.default for k, v in own.items()}
    assert all(v.kind is v.KEYWORD_ONLY for k, v in ours.items() if k != "lr")
    assert kind([np.ones(2)]).rule.hypers() == rule().hypers()


@pytest.mark.parametrize("name", BASICS)
def test_help_says_what_the_arguments_are(name):
    doc = getattr(optim, name).__doc__
    assert "\n\nArgs:\n    params: list" in doc or name == "AdamW"  # whose arguments are said to be Adam's
    for hyper in getattr(rules, name)().hypers():
        assert hyper in doc


def test_step_changes_the_arrays_in_place_and_returns_them():
    params = arrays()
    before = copy.deepcopy(params)
    adam = optim.Adam(params, 0.1)
    returned = adam.step([np.ones_like(p) for p in params])
    assert all(a is b for a, b in zip(returned, params, strict=True))
    for p, old in zip(params, before, strict=True):
        np.testing.assert_allclose(p, old - 0.1, rtol=0, atol=1e-8)
    assert adam.t == 1
    assert [type(state).__name__ for state in adam.state] == ["AdamState"] * 3


@pytest.mark.parametrize("name", BASICS)
@pytest.mark.parametrize("lr", [0.01, np.float64(0.01), np.array([0.01, 0.02, 0.03])], ids=["float", "f64", "array"])
def test_parameters_and_state_keep_their_precision(name, lr):
    params = [np.ones((3, 2), np.float32)]
    optimizer = getattr(optim, name)(params, lr)
    for _ in range(2):
        optimizer.step([np.full((3, 2), 0.5, np.float32)])
    kept = [params[0], *(x for x in optimizer.state[0] if x is not None)]
    assert {x.dtype for x in kept} == {np.dtype(np.float32)}


def test_the_rate_can_be_changed_between_steps_and_is_checked():
    params = [np.zeros(2)]
    sgd = optim.SGD(params, 1.0)
    sgd.step([np.ones(2)])
    sgd.lr = 0.5
    sgd.step([np.ones(2)])
    assert params[0].tolist() == [-1.5, -1.5]
    with pytest.raises(ValueError, match="lr=-1"):
        sgd.lr = -1
    assert sgd.lr == 0.5


def test_another_hyper_parameter_is_changed_through_the_rule():
    adam = optim.Adam([np.zeros((2, 2))])
    adam.rule = adam.rule.replace(beta1=0.5)
    assert adam.rule.beta1 == 0.5
    with pytest.raises(TypeError, match="rule must stay a Adam"):
        adam.rule = rules.SGD()
    with pytest.raises(ValueError, match=r"params\[0\] must have a leading axis of 3"):
        adam.lr = np.ones(3)


@pytest.mark.parametrize("name", BASICS)
def test_gradients_belong_to_the_caller(name):
    """What a rule keeps of a gradient must not change when the caller reuses its array."""
    hypers = {"form": "torch"} if name == "Momentum" else {}
    first, second = [np.ones(3)], [np.ones(3)]
    one, two = getattr(optim, name)(first, 0.1, **hypers), getattr(optim, name)(second, 0.1, **hypers)
    g = np.array([1.0, 2.0, 3.0])
    kept = g.copy()
    for t in range(1, 4):
        g[...] = kept * t
        one.step([g])
        g[...] = np.nan
        two.step([kept * t])
    np.testing.assert_array_equal(first[0], second[0])


SAME, WHOLE = np.ones(2), np.ones(4)
test_parameters_that_cannot_be_updated_are_refused = refused(
    (lambda: optim.Adam([]), TypeError, "at least one NumPy array"),
    (lambda: optim.Adam(np.ones(3)), TypeError, "params must be a list of at least one NumPy array, got a ndarray"),
    (lambda: optim.Adam([[1.0]]), TypeError, r"params\[0\] must be a NumPy array, got list"),
    (lambda: optim.Adam([SAME, np.ones(2, int)]), TypeError,
     r"params\[1\] must hold real floating-point numbers.*int64"),
    (lambda: optim.Adam([np.ones(2, complex)]), TypeError, "complex128"),
    (lambda: optim.Adam([np.broadcast_to(1.0, 3)]), "read-only"),
    (lambda: optim.Adam([SAME, SAME]), r"params\[1\] shares numbers with params\[0\]"),
    (lambda: optim.Adam([WHOLE, WHOLE[1:3]]), r"params\[1\] shares numbers with params\[0\]"),
    (lambda: optim.Adam([np.ma.masked_array(SAME, [True, False])]), TypeError, r"params\[0\] is a masked array"),
)


@pytest.mark.parametrize(
    ("grads", "error", "match"),
    [
        ([np.ones(2)], ValueError, "a list of 2 arrays, one for each parameter; got 1"),
        (np.ones((2, 2)), ValueError, "got a ndarray"),
        ([np.ones(2), np.ones(2)], ValueError, r"grads\[1\] is float64 \(2,\), and its parameter is float64 \(3,\)"),
        ([np.ones(2, np.float32), np.ones(3)], ValueError, r"grads\[0\] is float32"),
        ([np.ones(2), None], TypeError, r"grads\[1\] must be a NumPy array, got NoneType"),
    ],
)
def test_gradients_that_do_not_fit_are_refused_and_nothing_changes(grads, error, match):
    params = [np.ones(2), np.ones(3)]
    adam = optim.Adam(params)
    with pytest.raises(error, match=match):
        adam.step(grads)
    assert adam.t == 0
    assert all((p == 1).all() for p in params)


test_a_call_that_does_not_fit_is_refused = refused(
    (lambda: optim.Adam([np.ones(2)], beta=0.5), TypeError, "unexpected keyword argument 'beta'"),
    (lambda: optim.Adam([np.ones(2)], 0.1, 0.9), TypeError, "too many positional"),
    (lambda: optim.Adam([np.ones((3, 2)), np.ones((2, 3))], np.ones(3)),
     r"params\[1\] must have a leading axis of 3, and its shape is \(2, 3\)"),
)
