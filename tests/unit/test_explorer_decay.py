"""The explorer of notebook 05 shows what its texts say."""

import numpy as np
import pytest

from adamkit.lessons import explorers
from adamkit.lessons.nb05.decay import COPIES, STEPS, walk


@pytest.fixture
def decay():
    return explorers.decay()


def path(explorer, rule):
    """Mean path (steps + 1, 2) as drawn."""
    assert explorer.figure is not None  # drawn
    return np.array(explorer._paths[rule].get_data()).T


def test_adamw_shrinks_noisy_weights_by_the_factor_at_every_scale(decay):
    for scale in (1e-3, 0.1, 100.0):
        decay.set(scale1=scale)
        law = (1 - decay.values["lr"] * decay.values["weight_decay"]) ** np.arange(STEPS + 1)
        assert np.abs(path(decay, "AdamW") - law[:, None]).max() < 0.03


def test_l2_drops_the_quiet_weight_and_spares_the_loud_one(decay):
    quiet, loud = path(decay, "Adam")[-1]
    assert quiet < 0.15
    assert loud > 0.85
    quiet_w, loud_w = path(decay, "AdamW")[-1]
    assert quiet_w == pytest.approx(loud_w, abs=0.02)


def test_at_equal_scales_of_one_the_rules_look_alike_and_elsewhere_they_do_not(decay):
    decay.scenario("Equal scales")
    assert path(decay, "Adam")[-1] == pytest.approx(path(decay, "AdamW")[-1], abs=0.05)
    for scale in (0.01, 100.0):
        decay.set(scale1=scale, scale2=scale)
        assert np.abs(path(decay, "Adam")[-1] - path(decay, "AdamW")[-1]).min() > 0.2


def test_with_a_signal_adamw_treats_both_weights_alike_and_l2_does_not(decay):
    decay.scenario("A signal to keep")
    small, large = path(decay, "AdamW")[-1]
    assert small == pytest.approx(large, abs=0.03)
    assert 0.5 < small < 0.8
    small, large = path(decay, "Adam")[-1]
    assert small < 0.3
    assert large > 0.9


def test_without_decay_the_two_rules_are_one_wherever_the_controls_stand(decay):
    decay.scenario("No decay")
    for values in ({}, {"scale1": 100.0, "lr": 0.1}, {"signal": 2.0}):
        decay.set(**values)
        assert np.array_equal(path(decay, "Adam"), path(decay, "AdamW"))


def test_nothing_becomes_infinite_at_the_ends_of_the_controls():
    for scale in (1e-3, 100.0):
        for name in ("Adam", "AdamW"):
            run = walk(name, np.array([scale, 100.0]), lr=0.1, weight_decay=10.0, signal=3.0)
            assert run.shape == (STEPS + 1, COPIES, 2)
            assert np.isfinite(run).all()
