"""Schedules: torch's schedulers and the published formulas, their ends, and their refusals."""

import io
import math

import numpy as np
import pytest
import torch
from refusals import refused
from torch.optim import lr_scheduler

from adamkit import schedules
from adamkit.schedules import (
    constant,
    linear_warmup,
    step_decay,
    transformer,
    warmup_cosine,
    warmup_inverse_sqrt,
    warmup_linear,
    warmup_stable_decay,
)

FILLED_IN = [
    constant(),
    linear_warmup(warmup=7, start=0.1),
    warmup_cosine(warmup=10, total=100, floor=0.1),
    warmup_linear(warmup=10, total=100),
    warmup_inverse_sqrt(warmup=10),
    warmup_stable_decay(warmup=10, total=100, decay=20),
    step_decay(every=30),
    step_decay(milestones=[60, 30], warmup=5),
    transformer(d_model=64, warmup=10),
]
each_schedule = pytest.mark.parametrize("schedule", FILLED_IN, ids=repr)


def optimizer(lr=0.5):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)


def rates(make, steps, lr=0.5):
    """The rate in force at each optimizer step under a torch scheduler."""
    opt = optimizer(lr)
    scheduler = make(opt)
    seen = []
    for _ in range(steps):
        seen.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step()
    return np.array(seen)


def torch_warmup_then(opt, warmup, make_decay, start=1e-9):
    first = lr_scheduler.LinearLR(opt, start_factor=start, total_iters=warmup)
    return lr_scheduler.SequentialLR(opt, [first, make_decay(opt)], milestones=[warmup])


TORCH_TWINS = [
    (constant(), lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
    (linear_warmup(warmup=7, start=0.1), lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=7)),
    (warmup_cosine(warmup=0, total=60), lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=60)),
    (warmup_cosine(warmup=0, total=60, floor=0.1), lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=60, eta_min=0.05)),
    (
        warmup_cosine(warmup=15, total=60, start=0.25),
        lambda o: torch_warmup_then(o, 15, lambda p: lr_scheduler.CosineAnnealingLR(p, T_max=45), start=0.25),
    ),
    (
        warmup_linear(warmup=15, total=60, floor=0.2, start=0.25),
        lambda o: torch_warmup_then(o, 15, lambda p: lr_scheduler.LinearLR(p, 1.0, 0.2, total_iters=45), start=0.25),
    ),
    (warmup_linear(warmup=0, total=40), lambda o: lr_scheduler.PolynomialLR(o, total_iters=40, power=1.0)),
    (step_decay(every=13), lambda o: lr_scheduler.StepLR(o, step_size=13)),
    (step_decay(every=13, gamma=0.7), lambda o: lr_scheduler.StepLR(o, step_size=13, gamma=0.7)),
    (step_decay(milestones=[40, 20, 20]), lambda o: lr_scheduler.MultiStepLR(o, milestones=[20, 20, 40])),
]


@pytest.mark.parametrize(("schedule", "twin"), TORCH_TWINS, ids=[repr(schedule) for schedule, _ in TORCH_TWINS])
def test_torchs_scheduler_gives_the_same_rates(schedule, twin):
    # To step 60, where each schedule with a total ends or has ended.
    np.testing.assert_allclose(0.5 * schedule(np.arange(60)), rates(twin, 60), rtol=1e-12, atol=1e-15)


@each_schedule
def test_as_lambda_lr_gives_the_factor_times_the_rate_at_every_optimizer_step(schedule):
    expected = 0.5 * schedule(np.arange(120))
    np.testing.assert_allclose(rates(schedule.as_lambda_lr, 120, lr=0.5), expected, rtol=1e-14)


@each_schedule
def test_a_run_resumed_from_a_safe_checkpoint_continues_on_the_same_rates(schedule):
    whole_run = rates(schedule.as_lambda_lr, 80)
    opt = optimizer()
    scheduler = schedule.as_lambda_lr(opt)
    for _ in range(33):
        opt.step()
        scheduler.step()
    file = io.BytesIO()
    torch.save({"opt": opt.state_dict(), "scheduler": scheduler.state_dict()}, file)
    file.seek(0)
    kept = torch.load(file, weights_only=True)
    opt = optimizer()
    scheduler = schedule.as_lambda_lr(opt)
    opt.load_state_dict(kept["opt"])
    scheduler.load_state_dict(kept["scheduler"])
    assert opt.param_groups[0]["lr"] == whole_run[33]
    opt.step()
    scheduler.step()
    assert opt.param_groups[0]["lr"] == whole_run[34]


@each_schedule
def test_arrays_and_single_steps_give_the_same_factors(schedule):
    steps = np.arange(130)
    singly = [schedule(int(step)) for step in steps]
    assert all(type(factor) is float for factor in singly)
    np.testing.assert_allclose(schedule(steps), singly, rtol=1e-14)
    np.testing.assert_array_equal(schedule(steps.reshape(13, 10)), schedule(steps).reshape(13, 10))


@each_schedule
def test_both_ways_of_calling_agree(schedule):
    assert schedules.ALL[schedule.name](17, **schedule.parameters) == schedule(17)


@pytest.mark.parametrize("schedule", FILLED_IN[:6], ids=repr)
def test_no_factor_leaves_zero_to_one_and_the_peak_is_reached_at_the_end_of_the_warmup(schedule):
    factors = schedule(np.arange(300))
    assert factors.min() >= 0
    assert factors.max() == 1
    assert factors[schedule.parameters.get("warmup", 0)] == 1


@pytest.mark.parametrize("make", [warmup_cosine, warmup_linear, lambda **p: warmup_stable_decay(decay=30, **p)])
def test_after_its_end_a_schedule_stays_at_the_floor(make):
    schedule = make(warmup=10, total=100, floor=0.1)
    assert schedule(99) > 0.1
    np.testing.assert_allclose(schedule([100, 101, 150, 198, 10_000]), 0.1, rtol=1e-15)


def test_a_cosine_without_the_clamp_climbs_again_as_the_series_says():
    def unclamped(step, warmup, total):
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))

    # total 100k after a warmup of 2k
    assert unclamped(150_000, 2000, 100_000) == pytest.approx(0.52, abs=0.005)
    assert unclamped(198_000, 2000, 100_000) == pytest.approx(1.0, abs=1e-9)
    assert warmup_cosine([150_000, 198_000], warmup=2000, total=100_000).tolist() == [0, 0]


def test_step_zero_has_no_rate_unless_the_warmup_starts_higher():
    assert warmup_cosine(0, warmup=10, total=100) == 0
    assert warmup_cosine(0, warmup=10, total=100, start=0.1) == 0.1
    assert warmup_cosine(0, warmup=0, total=100) == 1


def test_start_at_one_over_warmup_plus_one_is_nanogpts_ramp():
    warmup = 2000
    steps = np.arange(warmup)
    ours = warmup_cosine(steps, warmup=warmup, total=600_000, floor=0.1, start=1 / (warmup + 1))
    np.testing.assert_allclose(ours, (steps + 1) / (warmup + 1), rtol=1e-13)


def test_a_run_as_long_as_its_warmup_is_a_pure_ramp():
    assert warmup_cosine(np.arange(6), warmup=5, total=5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 0])


def test_the_inverse_square_root_has_the_shape_of_the_transformers_schedule():
    steps = np.arange(1, 20_000)
    ours = warmup_inverse_sqrt(steps, warmup=4000)
    published = transformer(steps - 1, d_model=512, warmup=4000)  # the paper counts steps from 1
    np.testing.assert_allclose(ours / ours.max(), published / published.max(), rtol=1e-12)


def test_the_original_transformers_peak_rate_is_6_99e_4():
    factors = transformer(np.arange(10_000), d_model=512, warmup=4000)
    assert factors.max() == pytest.approx(6.99e-4, abs=5e-7)
    assert factors.argmax() == 3999


def test_warmup_stable_decay_is_constant_in_the_middle_and_takes_its_shape_at_the_end():
    for shape, half in [("linear", 0.5), ("cosine", 0.5), ("sqrt", 1 - math.sqrt(0.5))]:
        schedule = warmup_stable_decay(warmup=10, total=100, decay=20, floor=0.2, shape=shape)
        assert (schedule(np.arange(10, 81)) == 1).all()
        assert schedule(90) == pytest.approx(0.2 + 0.8 * half)
        assert schedule(100) == pytest.approx(0.2)


def test_without_a_decay_warmup_stable_decay_stops_at_its_total():
    assert warmup_stable_decay([9, 10, 11], warmup=0, total=10, decay=0).tolist() == [1, 0, 0]


test_bad_input_is_refused_by_name = refused(
    (lambda: warmup_cosine(warmup=100, total=99), "total=99 must be at least warmup=100"),
    (lambda: warmup_linear(warmup=-1, total=99), "warmup=-1 must be a whole number ≥ 0"),
    (lambda: warmup_cosine(warmup=1.5, total=99), "warmup=1.5 must be a whole number"),
    (lambda: warmup_cosine(warmup=1, total=9, floor=1.1), "floor=1.1 must be a number from 0 to 1"),
    (lambda: linear_warmup(warmup=1, start=math.nan), "start=nan must be a number from 0 to 1"),
    (lambda: warmup_inverse_sqrt(warmup=0), "warmup=0 must be a whole number ≥ 1"),
    (lambda: warmup_stable_decay(warmup=60, total=100, decay=50), "decay=50 must fit into total=100"),
    (lambda: warmup_stable_decay(warmup=0, total=9, decay=1, shape="x"), "shape='x' is not one of"),
    (lambda: step_decay(), "needs either every or milestones"),
    (lambda: step_decay(every=3, milestones=[3]), "needs either every or milestones"),
    (lambda: step_decay(every=3, gamma=0), "gamma=0 must be a finite number > 0"),
    (lambda: transformer(d_model=0), "d_model=0 must be a whole number ≥ 1"),
    (lambda: constant(-1), "step=-1 must be a whole number ≥ 0"),
    (lambda: constant(2.5), "step=2.5 must be a whole number ≥ 0"),
    (lambda: constant("3"), "step='3' must be a whole number ≥ 0"),
)


test_a_misspelt_or_missing_parameter_is_refused_at_once = refused(
    (lambda: warmup_cosine(warmpu=3, total=10), "warmpu"),
    (lambda: warmup_cosine(warmup=3), "total"),
    (lambda: warmup_cosine(0, warmup=3), "total"),
    error=TypeError,
)


def test_a_schedule_says_what_it_is():
    assert repr(warmup_cosine(warmup=3, total=10)) == "warmup_cosine(warmup=3, total=10)"
    assert warmup_cosine.__doc__.startswith("Linear warmup, then half a cosine")
