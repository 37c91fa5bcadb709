"""Losses turned round, targets out of range, betas in the other order, optimizers and validations that stand apart."""

import copy
import itertools

import pytest
import torch
from torch.nn import functional as F
from watched_runs import batch, cross_entropy, mlp, run

from adamkit.diagnostics import Monitor


def binary(low, high):
    """Is the first input above 0? With these two numbers as targets."""

    def loss(model, step):
        x, _ = batch(step)
        return F.binary_cross_entropy_with_logits(model(x), torch.where(x[:, :1] > 0, high, low))

    return loss


def clamped(low, high):
    def loss(model, step):
        x, y = batch(step)
        return F.cross_entropy(model(x).clamp(low, high), y)

    return loss


def judged(loss=cross_entropy, *, classes=4, model=None, validate=None, **settings):
    """The report of a run with Adam."""
    torch.manual_seed(0)
    model = model or mlp(classes=classes)

    def after(monitor, model, step):
        if validate and step % 10 == 0:
            with torch.no_grad():
                monitor.observe(validation=validate(model))

    return run(model, torch.optim.Adam(model.parameters(), lr=1e-2, **settings), loss=loss, steps=120, after=after)


@pytest.mark.parametrize("ill", [False, True])
def test_an_optimizer_that_climbs_a_loss_is_named(ill):
    assert judged(maximize=ill).diseases == (["wrong_sign"] if ill else [])


@pytest.mark.parametrize(("low", "high", "ill"), [(0.0, 1.0, False), (0.1, 0.9, False), (-1.0, 1.0, True),
                                                  (0.0, 255.0, True)])
def test_targets_that_a_loss_does_not_take_are_named(low, high, ill):
    report = judged(binary(low, high), classes=1)
    assert report.diseases == (["wrong_sign"] if ill else [])
    assert not ill or "targets" in report.findings[0].cause


def test_a_minus_before_a_loss_is_named_if_it_falls_without_end():
    assert judged(lambda model, step: -cross_entropy(model, step)).diseases == ["wrong_sign"]


def test_a_loss_with_a_factor_of_either_sign_is_no_mistake():
    """REINFORCE, an episode at a time: the negative log-likelihood times how much better it went."""
    sign = itertools.cycle((1.0, -0.5))
    assert "wrong_sign" not in judged(lambda model, step: next(sign) * cross_entropy(model, step)).diseases


def test_a_generator_that_is_paid_by_its_rivals_loss_is_no_mistake():
    """The minimax game's own form: minus a cross-entropy, which stays within bounds."""
    bounded = lambda model, step: -F.binary_cross_entropy_with_logits(model(batch(step)[0]).tanh(), torch.zeros(16, 1))
    assert "wrong_sign" not in judged(bounded, classes=1).diseases


@pytest.mark.parametrize(("betas", "ill"), [((0.9, 0.999), False), ((0.95, 0.95), False), ((0.999, 0.9), True)])
def test_betas_in_the_other_order_are_named(betas, ill):
    assert ("betas_swapped" in judged(betas=betas).diseases) is ill


@pytest.mark.parametrize(("low", "high", "ill"), [(0.0, 1.0, True), (-30.0, 30.0, False)])
def test_a_clamp_is_named_where_it_holds_the_scores_together(low, high, ill):
    report = judged(clamped(low, high))
    assert report.diseases == (["wrong_output"] if ill else [])
    assert not ill or "a clamp to 0 … 1" in report.findings[0].evidence[0]


@pytest.mark.parametrize("ill", [False, True])
def test_one_of_two_optimizers_that_never_steps_is_named(ill):
    torch.manual_seed(0)
    model = mlp()
    both = [torch.optim.Adam(part.parameters(), lr=1e-2) for part in (model[0], model[2])]
    monitor = Monitor(model, both)
    for step in range(60):
        model.zero_grad()
        loss = cross_entropy(model, step)
        loss.backward()
        for optimizer in both[ill:]:
            optimizer.step()
        monitor.observe(loss=loss)
    report = monitor.report()
    assert report.diseases == (["no_steps"] if ill else [])
    assert not ill or "0.weight" in report.findings[0].evidence[0]


@pytest.mark.parametrize("ill", [False, True])
def test_gradients_that_are_too_small_for_float16_are_told_from_dead_units(ill):
    torch.manual_seed(0)
    model = mlp().half()
    in_halves = lambda model, step: F.cross_entropy(model(batch(step)[0].half()), batch(step)[1])
    findings = run(model, torch.optim.SGD(model.parameters(), lr=0.1), loss=in_halves, steps=30,
                   factor=2.0**-26 if ill else 1.0).findings
    assert bool(findings) is ill
    assert not ill or "underflow" in findings[0].cause


def test_a_validation_of_another_model_is_not_called_overfitting():
    torch.manual_seed(0)
    model = mlp()
    forgotten = copy.deepcopy(model)
    held = lambda which: cross_entropy(which, 10**6)
    assert judged(model=model, validate=lambda model: held(forgotten)).diseases == ["validation_apart"]
    assert judged(validate=held).diseases == []


@pytest.mark.parametrize("ill", [False, True])
def test_a_scalers_factor_that_nothing_undoes_is_told_from_a_rate(ill):
    """An explosion in both; the gradient of the first step shows which."""
    factor, rate = (65536.0, 0.05) if ill else (1.0, 500.0)
    torch.manual_seed(0)
    model = mlp()
    first = run(model, torch.optim.SGD(model.parameters(), lr=rate), factor=factor).findings[0]
    assert first.disease == "rate_too_high"
    assert ("scaler" in first.cause) is ill
