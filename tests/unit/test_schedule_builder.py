"""The schedule builder shows what `adamkit.schedules` computes, and what `two_layers` makes of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import ordinarily

from adamkit import schedules
from adamkit.lessons import explorers
from adamkit.lessons.nb06.schedule import KINDS, RUNS, STEPS
from adamkit.lessons.nb06.two_layers import two_layers


@pytest.fixture(scope="module")
def builder():
    explorer = explorers.schedule()
    assert explorer.figure is not None
    return explorer


def drawn(builder, number):
    """Data of the line that stands at this place among the moving artists."""
    return builder._picture.moving[number].get_data()


@pytest.mark.parametrize(("kind", "schedule"), [
    ("constant", schedules.linear_warmup(warmup=50)),
    ("cosine", schedules.warmup_cosine(warmup=50, total=300, floor=0.1)),
    ("linear", schedules.warmup_linear(warmup=50, total=300, floor=0.1)),
    ("inverse_sqrt", schedules.warmup_inverse_sqrt(warmup=50)),
    ("stable_decay", schedules.warmup_stable_decay(warmup=50, total=300, decay=60, floor=0.1)),
    ("staircase", schedules.step_decay(milestones=[150, 225], warmup=50)),
])
def test_the_upper_curve_is_the_schedule(builder, kind, schedule):
    builder.reset()
    builder.set(kind=kind, warmup=50, total=300, floor=0.1)
    steps, factors = drawn(builder, 0)
    np.testing.assert_array_equal(factors, schedule(steps))
    assert len(steps) == STEPS


def test_without_its_clamp_the_cosine_returns_to_the_peak(builder):
    builder.reset()
    builder.set(warmup=0, total=200, clamp=False)
    assert drawn(builder, 0)[1][[0, 200, 300]] == pytest.approx([1, 0, 0.5])


def test_warmup_carries_all_runs_to_a_peak_that_loses_all_of_them_without(builder):
    builder.scenario("With warmup")
    assert "diverged" not in builder.caption
    assert "16 at the start, 2.0 at the end" in builder.caption
    builder.scenario("Without")
    assert builder.caption == f"All {RUNS} runs diverged."


def test_the_loss_drawn_is_the_mean_over_the_runs(builder):
    builder.scenario("Never decay")
    rates = 0.3 * schedules.linear_warmup(warmup=50)(np.arange(STEPS))
    losses, _ = two_layers(rates, noise=0.3, runs=RUNS, seed=2)
    np.testing.assert_allclose(drawn(builder, -2)[1], losses.mean(axis=1), rtol=1e-12)


def test_a_total_below_the_warmup_is_refused_in_words_and_nothing_is_drawn(builder):
    builder.reset()
    builder.set(warmup=200, total=100)
    assert builder.caption.startswith("Refused: total=100 must be at least warmup=200")
    assert all(len(drawn(builder, place)[0]) == 0 for place in (0, -1, -2))


@settings(max_examples=ordinarily(8, 60), deadline=None)
@given(data=st.data())
def test_no_position_of_the_controls_raises(builder, data):
    numbers = {name: control for name, control in builder.controls.items() if hasattr(control, "stops")}
    values = {name: data.draw(st.sampled_from(control.stops())) for name, control in numbers.items()}
    builder.set(kind=data.draw(st.sampled_from(list(KINDS))), clamp=data.draw(st.booleans()), **values)
    assert builder.caption
    builder.figure.canvas.draw()
