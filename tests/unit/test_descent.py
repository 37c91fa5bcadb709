"""Runs on surfaces: two engines, one result; batches equal to loops; noise, schedules, divergence."""

import math

import numpy as np
import pytest
from refusals import refused

from adamkit import descent, rules, schedules, surfaces
from adamkit.descent import single
from adamkit.rules import SGD, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSprop

RULES = [
    SGD(lr=1e-3, weight_decay=0.01),
    Momentum(lr=2e-4),
    Momentum(lr=2e-4, form="torch", dampening=0.5),
    Momentum(lr=2e-3, form="ema"),
    Nesterov(lr=2e-4),
    AdaGrad(lr=0.1, lr_decay=0.01),
    RMSprop(lr=0.01),
    RMSprop(lr=0.003, centered=True, momentum=0.5),
    Adam(lr=0.02),
    Adam(lr=0.02, weight_decay=0.1, correct_m=False),
    AdamW(lr=0.02, weight_decay=0.1),
]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
#: Surfaces whose formulas use + − × ÷ only, so that floats and arrays agree to the last bit.
EXACT = [surfaces.rosenbrock(), surfaces.ravine(kappa=30, angle=20), surfaces.himmelblau(), surfaces.two_minima()]


def both_engines(rule, surface, **settings):
    plain = {"start": None, "steps": 200, "noise": 0.0, "noise_kind": "gaussian", "schedule": None, "seed": 0}
    problem = single.prepare(rule, surface, **plain | settings)
    with np.errstate(all="ignore"):
        return (
            single.finish(problem, *single.walk_in_floats(problem)),
            single.finish(problem, *single.walk_in_arrays(problem)),
        )


def assert_same(one, other, rtol=0.0):
    np.testing.assert_allclose(one.positions, other.positions, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(one.losses, other.losses, rtol=10 * rtol, atol=rtol)
    np.testing.assert_allclose(one.gradients, other.gradients, rtol=10 * rtol, atol=100 * rtol)
    assert one.readings.keys() == other.readings.keys()
    for name in one.readings:
        np.testing.assert_allclose(one.readings[name], other.readings[name], rtol=100 * rtol, atol=100 * rtol)
    assert one.diverged_at == other.diverged_at


@each_rule
@pytest.mark.parametrize("surface", EXACT, ids=repr)
def test_floats_and_arrays_take_the_same_path_to_the_last_bit(rule, surface):
    assert_same(*both_engines(rule, surface))


@each_rule
@pytest.mark.parametrize("surface", [surfaces.cliff(), surfaces.rastrigin(amplitude=0.2)], ids=repr)
def test_where_a_formula_needs_sines_or_tanh_the_two_paths_agree_to_rounding(rule, surface):
    assert_same(*both_engines(rule, surface, steps=100), rtol=1e-12)


@each_rule
def test_noise_and_schedule_act_alike_on_both_paths(rule):
    schedule = schedules.warmup_cosine(warmup=20, total=150, start=0.1)
    assert_same(*both_engines(rule, surfaces.rosenbrock(), noise=0.5, schedule=schedule, seed=3))


@each_rule
def test_readings_are_those_of_a_rule_walked_by_hand(rule):
    surface = surfaces.himmelblau()
    result = descent.run(rule, surface, steps=20)
    theta = surface.start
    state = rule.init(theta)
    for t in range(1, 21):
        g = surface.gradient(theta)
        theta, state = rule.update(g, theta, state, t)
        np.testing.assert_array_equal(result.gradients[t - 1], g)
        np.testing.assert_array_equal(result.positions[t], theta)
        expected = rule.readings(state, t)
        assert result.readings.keys() == expected.keys()
        for name, value in expected.items():
            # βᵗ of an array of steps and of one step may differ in the last bit, which 1 − βᵗ magnifies.
            np.testing.assert_allclose(result.readings[name][t - 1], value, rtol=1e-12)


def every_elementwise_rule():
    classes = [getattr(rules, name) for name in rules.__all__]
    return [kind for kind in classes if kind is not rules.Rule and kind.elementwise]


@pytest.mark.parametrize("kind", every_elementwise_rule(), ids=lambda kind: kind.__name__)
def test_every_elementwise_rule_there_is_runs_on_floats_and_reads_all_its_steps_in_one_call(kind):
    floats, arrays = both_engines(kind(lr=0.003), surfaces.ravine(angle=30), steps=60)
    assert_same(floats, arrays, rtol=1e-13)
    assert np.isfinite(floats.positions).all()
    for name, values in floats.readings.items():
        assert values.shape == (60, 2), name


def test_shapes_and_landmarks_of_a_trajectory():
    rule, surface = Adam(lr=0.05), surfaces.beale()
    result = descent.run(rule, surface, start=[1.0, 1.0], steps=40)
    assert result.positions.shape == (41, 2)
    assert result.losses.shape == (41,)
    assert result.gradients.shape == result.steps_taken.shape == (40, 2)
    assert set(result.readings) == {"m", "v", "m_hat", "v_hat", "rate"}
    assert result.positions[0].tolist() == [1.0, 1.0]
    np.testing.assert_array_equal(result.losses, surface.value(result.positions))
    np.testing.assert_allclose(result.steps_taken.sum(axis=0), result.final - [1, 1], rtol=1e-12)
    assert result.final_loss == result.losses[-1]
    assert result.rule is rule
    assert result.surface is surface
    assert result.steps == 40
    assert result.diverged_at is None


def test_adams_first_step_is_the_rate_times_the_sign():
    result = descent.run(Adam(lr=0.05, eps=0), surfaces.rosenbrock(), steps=1)
    np.testing.assert_allclose(result.steps_taken[0], -0.05 * np.sign(result.gradients[0]), rtol=1e-14)


def test_gradient_descent_follows_the_closed_form_on_a_ravine():
    surface = surfaces.ravine(kappa=10)
    result = descent.run(SGD(lr=0.05), surface, steps=100)
    t = np.arange(101)[:, None]
    expected = surface.start * (1 - 0.05 * np.array([1, 10])) ** t
    np.testing.assert_allclose(result.positions, expected, rtol=1e-12)


def test_the_schedule_multiplies_the_rate_of_every_step_and_its_reading():
    surface, factor = surfaces.ravine(kappa=3), schedules.linear_warmup(warmup=10)
    scheduled = descent.run(SGD(lr=0.1), surface, steps=30, schedule=factor)
    np.testing.assert_allclose(
        scheduled.steps_taken, -0.1 * factor(np.arange(30))[:, None] * scheduled.gradients, rtol=1e-12, atol=1e-15
    )
    by_function = descent.run(SGD(lr=0.1), surface, steps=30, schedule=lambda step: min(1, step / 10))
    np.testing.assert_allclose(by_function.positions, scheduled.positions, rtol=1e-14)
    readings = descent.run(Adam(lr=0.1), surface, steps=30, schedule=factor).readings
    rate = 0.1 * factor(np.arange(30))[:, None] / (np.sqrt(readings["v_hat"]) + 1e-8)
    np.testing.assert_allclose(readings["rate"], rate, rtol=1e-14)


@pytest.mark.parametrize("kind", descent.NOISES)
def test_noise_has_the_deviation_asked_for_and_only_the_seed_decides_it(kind):
    surface = surfaces.ravine()
    still = SGD(lr=0.0)
    run = descent.run(still, surface, steps=20_000, noise=0.3, noise_kind=kind, seed=5)
    noise = run.gradients - surface.gradient(surface.start)
    # The deviation of heavy-tailed draws is itself uncertain: their fourth moment is infinite.
    assert noise.std(axis=0) == pytest.approx(0.3, rel=0.02 if kind == "gaussian" else 0.15)
    assert abs(noise.mean(axis=0)).max() < 0.01
    again = descent.run(still, surface, steps=20_000, noise=0.3, noise_kind=kind, seed=5)
    np.testing.assert_array_equal(run.gradients, again.gradients)
    other = descent.run(still, surface, steps=20_000, noise=0.3, noise_kind=kind, seed=6)
    assert not np.array_equal(run.gradients, other.gradients)


def test_the_heavy_tail_is_heavy():
    surface, still = surfaces.ravine(), SGD(lr=0.0)

    def beyond(kind):
        run = descent.run(still, surface, steps=50_000, noise=1.0, noise_kind=kind)
        return (np.abs(run.gradients - surface.gradient(surface.start)) > 5).mean()

    assert beyond("gaussian") < 1e-4
    assert 0.002 < beyond("student") < 0.005


def test_a_run_that_diverges_says_when_and_is_nan_from_there(recwarn):
    surface = surfaces.ravine(kappa=10)
    result = descent.run(SGD(lr=0.3), surface, steps=100)  # |1 − 0.3·10| = 2: doubles with each step
    expected = next(t for t in range(100) if abs(surface.start[1]) * 2.0**t >= descent.LIMIT)
    assert result.diverged_at == expected
    assert np.isfinite(result.positions[:expected]).all()
    for rows in (result.positions, result.losses, result.gradients, *result.readings.values()):
        assert np.isnan(rows[expected:]).all()
    assert math.isnan(result.final_loss)
    assert np.isfinite(result.gradients[:expected]).all()
    assert not recwarn.list


@pytest.mark.parametrize("name", surfaces.ALL)
@pytest.mark.parametrize("lr", [1e3, 1e150, 1e300])
@each_rule
def test_absurd_rates_never_raise_and_never_warn(rule, name, lr, recwarn):
    rule = rule.replace(lr=lr)
    surface = surfaces.ALL[name]()
    result = descent.run(rule, surface, steps=30)
    batch = descent.sweep(rule, surface, steps=30, keep="path")
    np.testing.assert_array_equal(np.isnan(batch.positions[0]), np.isnan(result.positions))
    assert batch.diverged_at[0] == (-1 if result.diverged_at is None else result.diverged_at)
    assert not recwarn.list


def test_arithmetic_that_raises_on_floats_falls_back_to_arrays():
    class Overflowing(SGD):
        def update(self, g, theta, state, t):
            return super().update(g**999, theta, state, t)  # OverflowError on floats, inf on arrays

    rule, surface = Overflowing(lr=1e-3), surfaces.rosenbrock()
    with pytest.raises(OverflowError):
        single.walk_in_floats(single.prepare(rule, surface, None, 10, 0.0, "gaussian", None, 0))
    result = descent.run(rule, surface, steps=10)
    assert result.diverged_at == 1
    assert np.isnan(result.positions[1:]).all()


# --- sweeps ---------------------------------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("surface", [surfaces.ravine(kappa=30, angle=20), surfaces.himmelblau()], ids=repr)
def test_a_sweep_equals_its_runs(rule, surface):
    lrs = rule.lr * np.array([0.01, 0.3, 1.0, 3.0])
    settings = {"steps": 80, "noise": 0.2, "seed": 4, "schedule": schedules.linear_warmup(warmup=9)}
    batch = descent.sweep(rule.replace(lr=lrs), surface, keep="path", **settings)
    assert batch.positions.shape == (4, 81, 2)
    for i, lr in enumerate(lrs):
        one = descent.run(rule.replace(lr=lr), surface, **settings)
        np.testing.assert_allclose(batch.positions[i], one.positions, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(batch.losses[i], one.losses, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(batch.final[i], one.final, rtol=1e-11, atol=1e-11)
        assert batch.final_loss[i] == pytest.approx(one.final_loss, rel=1e-9, abs=1e-12, nan_ok=True)
        assert batch.diverged_at[i] == (-1 if one.diverged_at is None else one.diverged_at)


def test_ten_thousand_settings_of_adam_equal_their_runs_and_take_one_update_a_step(monkeypatch):
    axes, shape = descent.grid(lr=np.logspace(-4, -1, 100), beta1=np.linspace(0, 0.99, 100))
    surface = surfaces.rosenbrock()
    updates, update = [], Adam.update
    monkeypatch.setattr(Adam, "update", lambda *args: updates.append(1) or update(*args))
    batch = descent.sweep(Adam(**axes), surface, steps=300)
    assert len(updates) == 300
    assert shape == (100, 100)
    assert batch.final.shape == (10_000, 2)
    for i in np.random.default_rng(0).choice(10_000, 25, replace=False):
        one = descent.run(Adam(lr=axes["lr"][i], beta1=axes["beta1"][i]), surface, steps=300)
        np.testing.assert_allclose(batch.final[i], one.final, rtol=1e-10)


def test_a_grid_has_its_first_name_as_rows():
    axes, shape = descent.grid(lr=[0.1, 0.2], momentum=[0.5, 0.6, 0.7])
    assert shape == (2, 3)
    assert axes["lr"].reshape(shape)[:, 0].tolist() == [0.1, 0.2]
    assert axes["momentum"].reshape(shape)[1].tolist() == [0.5, 0.6, 0.7]


def test_in_a_sweep_some_runs_may_diverge_and_the_others_go_on():
    surface = surfaces.ravine(kappa=10)
    lrs = np.array([0.05, 0.3, 0.19, 0.9])
    batch = descent.sweep(SGD(lr=lrs), surface, steps=200, keep="losses")
    assert batch.diverged.tolist() == [False, True, False, True]
    assert batch.positions is None
    assert np.isfinite(batch.losses[[0, 2]]).all()
    assert np.isnan(batch.final[[1, 3]]).all()


def test_starts_noise_levels_and_seeds_can_be_swept_too():
    surface, rule = surfaces.himmelblau(), Adam(lr=0.1)
    starts = np.array([[0.0, 0.0], [1.0, -1.0], [-2.0, 3.0]])
    seeds, noises = [3, 1, 2], np.array([0.0, 1.0, 2.0])
    batch = descent.sweep(rule, surface, starts, steps=50, noise=noises, seed=seeds, noise_kind="student")
    for i in range(3):
        settings = {"steps": 50, "noise": noises[i], "seed": seeds[i], "noise_kind": "student"}
        one = descent.run(rule, surface, starts[i], **settings)
        np.testing.assert_allclose(batch.final[i], one.final, rtol=1e-11)


def test_a_sweep_of_one_plain_setting_is_a_batch_of_one():
    batch = descent.sweep(Adam(lr=0.1), surfaces.saddle(), steps=5)
    assert batch.final.shape == (1, 2)
    assert batch.losses is None


class UnitSteps(SGD):
    """A rule that needs whole tensors: every step has length η."""

    elementwise = False

    def init(self, theta):
        return (np.zeros(theta.shape[:-1]),)

    def update(self, g, theta, state, t):
        length = np.linalg.norm(g, axis=-1, keepdims=True)
        return theta - self.lr * g / length, (length[..., 0],)

    def readings(self, state, t):
        return {"length": state[0], "step": float(t)}


def test_a_rule_on_whole_tensors_runs_reads_and_sweeps():
    surface = surfaces.himmelblau()
    result = descent.run(UnitSteps(lr=0.1), surface, steps=30, schedule=schedules.linear_warmup(warmup=5, start=0.2))
    lengths = np.linalg.norm(result.gradients, axis=1)
    np.testing.assert_allclose(result.readings["length"], np.stack([lengths, lengths], axis=1), rtol=1e-14)
    assert result.readings["step"][:, 0].tolist() == list(range(1, 31))
    assert np.linalg.norm(result.steps_taken[0]) == pytest.approx(0.02)
    assert np.linalg.norm(result.steps_taken[-1]) == pytest.approx(0.1)
    starts = np.array([[0.0, 0.0], [1.0, -1.0]])
    batch = descent.sweep(UnitSteps(lr=0.1), surface, starts, steps=30)
    for start, final in zip(starts, batch.final, strict=True):
        np.testing.assert_allclose(final, descent.run(UnitSteps(lr=0.1), surface, start, steps=30).final, rtol=1e-12)


# --- what the surfaces are for --------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.4])
def test_from_himmelblaus_start_gradient_descent_and_the_adaptive_methods_part(scale):
    surface = surfaces.himmelblau()

    def reached(rule):
        distances = np.linalg.norm(surface.minima - descent.run(rule, surface).final, axis=1)
        assert distances.min() < 0.5
        return distances.argmin()

    plain = {reached(SGD(lr=0.01 * scale)), reached(Momentum(lr=0.003 * scale))}
    adaptive = {reached(RMSprop(lr=0.1 * scale)), reached(Adam(lr=0.2 * scale))}
    assert len(plain) == len(adaptive) == 1
    assert plain != adaptive


def test_above_two_over_its_curvature_gradient_descent_first_bounces_in_a_sharp_minimum_and_then_leaves_it():
    surface = surfaces.two_minima(sharp=20, flat=1)
    settles, bounces, leaves = (descent.run(SGD(lr=lr), surface, [-1.2, 0.1]) for lr in (0.09, 0.11, 0.3))
    assert settles.final_loss < 1e-6
    assert np.linalg.norm(settles.final - [-1, 0]) < 1e-6
    assert bounces.losses[-50:].min() > 1e-3
    assert np.linalg.norm(bounces.final - [-1, 0]) < 0.3
    assert np.linalg.norm(leaves.final - [1, 0]) < 1e-6


def test_at_the_cliff_one_step_of_gradient_descent_is_as_long_as_a_thousand_on_the_plateau():
    steps = np.abs(descent.run(SGD(lr=1.0), surfaces.cliff()).steps_taken[:, 0])
    assert steps.max() > 1000 * np.median(steps[:50])


# --- refusals -------------------------------------------------------------------------------------

RULE, SURFACE = Adam(), surfaces.saddle()


test_bad_input_is_refused_by_name = refused(
    (lambda: descent.run("adam", SURFACE), TypeError, "rule='adam' must be an update rule"),
    (lambda: descent.run(Adam, SURFACE), TypeError, "must be an update rule"),
    (lambda: descent.run(RULE, "saddle"), TypeError, "surface='saddle' must be a surface"),
    (lambda: descent.run(RULE, SURFACE, steps=0), ValueError, "steps=0 must be a whole number ≥ 1"),
    (lambda: descent.run(RULE, SURFACE, steps=2.0), ValueError, "steps=2.0 must be"),
    (lambda: descent.run(RULE, SURFACE, noise=-1), ValueError, "noise=-1 must be a finite number ≥ 0"),
    (lambda: descent.run(RULE, SURFACE, noise=[1, 2]), ValueError, "noise one number"),
    (lambda: descent.run(RULE, SURFACE, noise_kind="cauchy"), ValueError, "noise_kind='cauchy' is not one of"),
    (lambda: descent.run(RULE, SURFACE, seed=-1), ValueError, "seed=-1 must be"),
    (lambda: descent.run(RULE, SURFACE, [1, 2, 3]), ValueError, r"its shape is \(3,\)"),
    (lambda: descent.run(RULE, SURFACE, [[1, 2]]), ValueError, "start must be one point"),
    (lambda: descent.run(RULE, SURFACE, [1, math.nan]), ValueError, "must be finite"),
    (lambda: descent.run(RULE, SURFACE, [1, 1e9]), ValueError, "within ±1e"),
    (lambda: descent.run(RULE, SURFACE, schedule=0.5), TypeError, "schedule=0.5 must be a function"),
    (lambda: descent.run(RULE, SURFACE, schedule=lambda step: -1), ValueError, "must give finite factors ≥ 0"),
    (lambda: descent.run(Adam(lr=np.ones(3)), SURFACE), ValueError, "descent.sweep runs those"),
    (lambda: descent.sweep(RULE, SURFACE, keep="all"), ValueError, "keep='all' is not one of"),
    (lambda: descent.sweep(Adam(lr=np.ones(3)), SURFACE, np.ones((2, 2))), ValueError, "one length ≥ 1"),
    (lambda: descent.sweep(RULE, SURFACE, np.ones((2, 2, 2))), ValueError, r"start must be \(2,\) or \(n, 2\)"),
    (lambda: descent.sweep(RULE, SURFACE, seed=[1, -2]), ValueError, "seed=-2 must be"),
    (lambda: descent.grid(lr=0.1), ValueError, "lr must be a list of numbers"),
)
