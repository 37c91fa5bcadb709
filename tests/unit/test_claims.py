"""What a claim prints, and what it refuses."""

import math

import numpy as np
import pytest
from refusals import refused

from adamkit.claims import ClaimFailed, claim, rounded


def printed(capsys, *args, **kwargs):
    assert claim(*args, **kwargs) is None
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("measured", "condition", "line"),
    [
        (3.1623, {"near": 3.16, "within": 0.01}, "✓ It holds: 3.16\n"),
        (3.17, {"near": 3.16, "within": "1%"}, "✓ It holds: 3.17\n"),
        (0.612, {"above": 0.5}, "✓ It holds: 0.612\n"),
        (0.612, {"above": 0.5, "below": 0.7, "digits": 1}, "✓ It holds: 0.6\n"),
        (0.5, {"between": (0.5, 1)}, "✓ It holds: 0.500\n"),
        (4603, {"equals": 4603}, "✓ It holds: 4603\n"),
        (0.1 + 0.2, {"equals": 0.3}, "✓ It holds: 0.300\n"),
        ("heavy ball", {"equals": "heavy ball"}, "✓ It holds: heavy ball\n"),
        (12, {"above": 3, "unit": "steps"}, "✓ It holds: 12 steps\n"),
        (math.inf, {"above": 1e300}, "✓ It holds: ∞\n"),
        (np.float32(2.5), {"above": 2}, "✓ It holds: 2.50\n"),
        ([1.0, 2.0], {"below": 3}, "✓ It holds: 1.00 to 2.00\n"),
        ([1.0, 2.0], {"below": [1.5, 3.0]}, "✓ It holds: 1.00 to 2.00 (below 1.50 to 3.00)\n"),
        ([1e-17, 0.5], {"below": 1}, "✓ It holds: 0 to 0.500\n"),
        (1234567.8, {"above": 2}, "✓ It holds: 1230000\n"),
        (1.25e-7, {"above": 1e-8}, "✓ It holds: 1.25e-7\n"),
    ],
)
def test_a_claim_that_holds_prints_sentence_and_figure(capsys, measured, condition, line):
    assert printed(capsys, "It holds.", measured, **condition) == line


@pytest.mark.parametrize(
    ("measured", "condition", "line"),
    [
        (0.0983, {"below": 0.5}, "✓ It holds: ≈ 0.098 (below 0.5)\n"),
        (0.0983, {"below": 0.5, "unit": "nats", "digits": 1}, "✓ It holds: ≈ 0.1 nats (below 0.5)\n"),
        ([1.0, 2.0], {"above": [0.5, 1.9]}, "✓ It holds: ≈ 1.0 to 2.0 (above 0.500 to 1.90)\n"),
        (3.1, {"near": 3, "within": 0.2}, "✓ It holds: ≈ 3.1 (within 0.2 of 3)\n"),
        (0.3, {"between": (0.25, 0.5)}, "✓ It holds: ≈ 0.30 (from 0.25 to 0.5)\n"),
        (0.31, {"equals": 0.3, "within": 0.1}, "✓ It holds: ≈ 0.31 (equal to 0.3, give or take 0.1)\n"),
    ],
)
def test_a_figure_that_depends_on_the_processor_is_shown_as_such_with_its_bound(capsys, measured, condition, line):
    assert printed(capsys, "It holds.", measured, approx=True, **condition) == line


@pytest.mark.parametrize("measured", [True, np.bool_(False), np.array([True, False]), math.inf > 0])
def test_a_truth_value_is_refused_since_it_hides_its_numbers(measured):
    with pytest.raises(TypeError, match="claim the number that makes it true"):
        claim("It holds.", measured)


def test_bounds_are_compared_element_by_element(capsys):
    assert printed(capsys, "Lower", [1.0, 2.0], below=[1.5, 2.5]) == "✓ Lower: 1.00 to 2.00 (below 1.50 to 2.50)\n"
    with pytest.raises(ClaimFailed):
        claim("Lower", [1.0, 2.0], below=[2.5, 1.5])


@pytest.mark.parametrize(
    ("measured", "condition"),
    [
        (3.2, {"near": 3.16, "within": 0.01}),
        (3.2, {"near": 3.16, "within": "1%"}),
        (0.5, {"above": 0.5}),
        (0.5, {"below": 0.5}),
        (0.499, {"between": (0.5, 1)}),
        (4604, {"equals": 4603}),
        ("a", {"equals": "b"}),
        ("3", {"equals": 3}),
        ([1.0, 4.0], {"below": 3}),
        ([1.0, 2.0], {"equals": [1.0, 2.1]}),
        ([1.0, 2.0], {"equals": [1.0, 2.0, 3.0]}),
        ([1.0, 1.0], {"equals": 1.0}),
    ],
)
def test_a_claim_that_does_not_hold_raises_and_prints_nothing(capsys, measured, condition):
    with pytest.raises(ClaimFailed) as failure:
        claim("It holds.", measured, **condition)
    assert capsys.readouterr().out == ""
    assert failure.value.sentence == "It holds."
    assert f"wanted:   {failure.value.wanted}" in str(failure.value)


@pytest.mark.parametrize(
    "condition", [{"near": 0, "within": 9}, {"above": -9}, {"below": 9}, {"between": (-9, 9)}, {"equals": math.nan}]
)
@pytest.mark.parametrize("measured", [math.nan, [0.0, math.nan], np.float32("nan")])
def test_nan_never_passes(measured, condition):
    with pytest.raises(ClaimFailed):
        claim("It holds.", measured, **condition)


@pytest.mark.parametrize("noise", [0.0, 2.2e-16, 4.4e-16])
def test_what_rounding_left_over_is_approximate_and_shown_with_its_bound(capsys, noise):
    line = printed(capsys, "Equal", noise, below=1e-12)
    assert line.startswith("✓ Equal: ≈ ")
    assert line.endswith(" (below 1e-12)\n")
    assert printed(capsys, "Zero", noise, near=0, within=1e-12).startswith("✓ Zero: ≈ ")
    assert printed(capsys, "Zero", noise, equals=0) == "✓ Zero: 0\n"


def test_equal_arrays_print_how_far_they_are_apart(capsys):
    a = np.linspace(0, 1, 5)
    assert printed(capsys, "Same", a, equals=a) == "✓ Same: ≈ 0 apart at most (1e-12 allowed)\n"
    assert printed(capsys, "Same", a + 1e-5, equals=a, within=1e-4) == "✓ Same: ≈ 1e-5 apart at most (0.0001 allowed)\n"
    assert printed(capsys, "Same", np.arange(3), equals=[0, 1, 2]) == "✓ Same: all 3 equal\n"


def test_the_last_bit_does_not_decide_how_a_boundary_is_rounded():
    for number in (0.125, 2.5, 0.0625, 1.005, -0.125):
        neighbours = (np.nextafter(number, -9), number, np.nextafter(number, 9))
        for digits in (1, 2, 3):
            assert len({rounded(float(x), digits) for x in neighbours}) == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (-0.0, "0"), (9.996, "10.0"), (0.0004567, "0.000457"), (-3.14159, "-3.14"), (1e9, "1.00e+9")],
)
def test_figures_read_well(number, text):
    assert rounded(number) == text


def test_a_torch_tensor_can_be_claimed_about(capsys):
    torch = pytest.importorskip("torch")
    losses = torch.tensor([0.1, 0.2], requires_grad=True)
    assert printed(capsys, "Small", losses, below=1) == "✓ Small: 0.100 to 0.200\n"


test_a_call_that_makes_no_sense_is_refused_with_a_sentence = refused(
    (lambda: claim("It holds.", 1.0), "needs one of near"),
    (lambda: claim("It holds.", 1.0, near=1), "needs within="),
    (lambda: claim("It holds.", 1.0, near=1, within="much"), ValueError, "such as '1%'"),
    (lambda: claim("It holds.", 1.0, above=0, near=1, within=1), "needs one of near"),
    (lambda: claim("It holds.", True, above=0), "is a truth value"),
    (lambda: claim("It holds.", "text", above=0), "only be compared with equals"),
    (lambda: claim("It holds.", 1j, above=0), "must be a real number"),
    (lambda: claim("It holds.", [], above=0), "must be a real number"),
    (lambda: claim("It holds.", None, above=0), "must be a real number"),
    (lambda: claim("It holds.", 1.0, above=0, digits=0), ValueError, "digits=0"),
    (lambda: claim("Lower", 1.0, below=[2.5, 1.5]), ValueError, "below has shape"),
    (lambda: claim("  ", 1.0, above=0), "sentence"),
    error=TypeError,
)
