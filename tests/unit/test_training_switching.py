"""Adam first, SGD later, and the rate in between."""

import pytest
import torch
from refusals import each, refused

from adamkit.lessons.nb07.switching import adam_then_sgd, matching_rate


def test_the_matching_rate_projects_sgds_step_onto_adams():
    torch.manual_seed(0)
    p, g = torch.randn(2, 50, dtype=torch.float64)
    step = -matching_rate(p, g) * g
    torch.testing.assert_close((step @ p) / (p @ p) * p, p, rtol=0, atol=1e-12)


def test_for_a_step_of_sgd_the_matching_rate_is_its_own():
    g = torch.arange(1.0, 6.0, dtype=torch.float64)
    assert matching_rate(-0.03 * g, g) == pytest.approx(0.03, rel=1e-12)


def test_before_the_switch_it_is_torchs_adam_and_after_it_the_chosen_rate_counts():
    stay = adam_then_sgd(lambda estimate: None, first=5, steps=12)
    none = adam_then_sgd(lambda estimate: 0.0, first=5, steps=12)
    some = adam_then_sgd(lambda estimate: 0.1 * estimate, first=5, steps=12)
    assert stay.batch_losses[:6] == none.batch_losses[:6] == some.batch_losses[:6]
    assert len({run.batch_losses[-1] for run in (stay, none, some)}) == 3
    assert stay.lr is None
    assert none.lr == 0.0
    assert some.lr == pytest.approx(0.1 * stay.estimate)


test_a_switch_outside_the_run_is_refused = refused(
    *each(lambda first: adam_then_sgd(lambda estimate: None, first=first), "first={} must be a whole number ≥", 0, 1.5),
    (lambda: adam_then_sgd(lambda estimate: None, first=10, steps=10), "steps=10 must be a whole number ≥ 11"),
)
