"""The quantisation explorer shows what its texts say."""

import numpy as np
import pytest

from adamkit.lessons import explorers
from adamkit.lessons.nb09.quantiser import COUNT, Found, staircase, tensor, there_and_back
from adamkit.quantization import dequantize, dynamic_map, linear_map, quantize


@pytest.fixture
def eight_bits():
    explorer = explorers.quantiser()
    assert explorer.figure is not None  # drawn
    return explorer


def found(**changes):
    values = {"moment": "v", "outlier": 1.0, "table": dynamic_map(signed=False), "block": 256, **changes}
    return there_and_back(tensor(values["moment"], 1.5, values["outlier"]), values["table"], values["block"])


def test_errors_and_losses_are_those_of_the_packages_quantisation():
    x = tensor("m", 1.0, 1.0)
    table = dynamic_map(signed=True)
    y = dequantize(*quantize(x, table, block=100), table, block=100)
    shown = there_and_back(x, table, 100)
    assert np.array_equal(shown.errors, abs(y - x) / abs(x))
    assert np.array_equal(shown.lost, y == 0)
    assert shown.bits == pytest.approx(8 + 32 * -(-COUNT // 100) / COUNT)


def test_sizes_are_relative_to_the_largest_of_each_block():
    for block in (100, 256, COUNT):
        before, after = found(block=block).sizes
        largest = [before[i : i + block].max() for i in range(0, COUNT, block)]
        assert largest == pytest.approx(np.ones(len(largest)))
        assert after.max() == pytest.approx(1)


def test_the_published_setting_loses_few_numbers_and_a_linear_table_most(eight_bits):
    assert found().lost.mean() < 0.1
    assert 0.03 < found().median < 0.08
    eight_bits.scenario("A linear table")
    assert found(table=linear_map(signed=False)).lost.mean() > 0.7
    assert "Median relative error 100.0%" in eight_bits.caption


def test_an_outlier_spoils_everything_under_one_scale_and_little_in_blocks():
    assert found(block=COUNT, outlier=1e3).lost.mean() > 0.8
    assert found(block=256, outlier=1e3).lost.mean() < found().lost.mean() + 256 / COUNT + 1e-9


def test_half_of_m_is_lost_in_a_table_without_signs(eight_bits):
    eight_bits.scenario("m with its signs")
    assert eight_bits.caption.startswith("0.0% of the numbers")
    assert found(moment="m", table=dynamic_map(signed=True)).median < found().median
    eight_bits.set(signed=False)
    assert found(moment="m").lost.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("make", [dynamic_map, linear_map])
@pytest.mark.parametrize("signed", [True, False])
def test_the_staircase_is_the_table_on_its_positive_side(make, signed):
    table = make(signed=signed)
    sizes, back = staircase(table)
    assert (np.diff(sizes) >= 0).all()
    inside = np.sqrt(sizes[::2] * sizes[1::2])[:-1]
    codes, _ = quantize(np.append(inside, 1.0).astype(np.float32), table, block=10_000)
    assert np.array(table.values)[codes[:-1]] == pytest.approx(back[::2][:-1])


def test_pictures_follow_the_controls(eight_bits):
    before = eight_bits._zeros.get_ydata().copy()
    eight_bits.set(table="linear")
    assert eight_bits._zeros.get_ydata()[1] == 1.0
    assert not np.array_equal(before, eight_bits._zeros.get_ydata(), equal_nan=True)
    eight_bits.set(block=COUNT)
    assert "8 bits a number" in eight_bits.caption


def test_found_counts_what_is_stored():
    x = np.ones(512, np.float32)
    assert Found(x, x, np.ones(2, np.float32), 256).bits == 8.125
