"""Numbers in words: no padding, a minus as long as the axes', round numbers that stay inside their range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamkit import numbers


@pytest.mark.parametrize(("value", "digits", "text"), [
    (0.314159, 2, "0.31"), (4.2e-9, 2, "4.2e-9"), (-0.0526, 3, "−0.0526"), (2000, 3, "2e3"), (5e-10, 3, "5e-10"),
    (-3e-12, 2, "−3e-12"), (1e25, 2, "1e25"), (0, 2, "0"),
])  # fmt: skip
def test_a_short_number_has_no_padding(value, digits, text):
    assert numbers.short(value, digits) == text


def test_a_sentence_says_what_is_no_number():
    assert [numbers.written(value) for value in (math.nan, math.inf, 0.0, 2.34567, -0.5)] == [
        "NaN", "infinity", "0", "2.35", "−0.5"]
    assert [numbers.percent(share) for share in (0.00123, 0.5, 40)] == ["0.123%", "50%", "40 times"]
    assert [numbers.signed(value, 2) for value in (1, -0.5)] == ["+1.00", "−0.50"]


@pytest.mark.parametrize(("value", "text"), [
    (999.4, "999"), (999.6, "1000"), (-1348.2, "−1348"), (9999.7, "10 000"), (93_750, "93 750"), (999_999.6, "1e6"),
    (-2.54e6, "−2.5e6"), (0.001, "0.001"), (0.00099, "9.9e-4"), (1.36e-4, "1.4e-4"), (1e-7, "1e-7"),
])  # fmt: skip
def test_a_number_in_a_sentence_has_whole_thousands_and_short_exponents(value, text):
    assert numbers.written(value) == text


@given(st.floats(1e-12, 1e12))
def test_rounding_up_takes_the_next_step_and_no_further(value):
    above = numbers.round_up(value)
    assert value <= above * (1 + 2e-9)
    assert above <= 5 / 3 * value * (1 + 1e-6)
    assert numbers.round_up(-value) == -above
    assert numbers.round_up(above) == pytest.approx(above)


def test_nothing_and_no_number_round_to_themselves():
    assert numbers.round_up(0.0) == 0
    assert math.isnan(numbers.round_up(math.nan))


@given(st.floats(1e-9, 1e9), st.floats(1.02, 1e12), st.integers(2, 8))
def test_ticks_of_a_logarithmic_axis_are_few_and_inside(low, factor, most):
    ticks = numbers.log_ticks(low, low * factor, most)
    assert 1 <= len(ticks) <= most
    assert np.all(np.diff(ticks) > 0)
    assert low * (1 - 1e-8) <= ticks[0] <= ticks[-1] <= low * factor * (1 + 1e-8)
