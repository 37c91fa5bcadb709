"""A sentence, its measurement, its verdict.

A notebook that says "the first step is 3.16 times too large" measures it in the same cell:

    claim("The uncorrected first step is too large by this factor.", ratio, near=3.16, within=0.01)
    ✓ The uncorrected first step is too large by this factor: 3.16

The line is printed only when it holds; otherwise `ClaimFailed` stops the notebook, so executing the
series proves its text. The printed figure is rounded, so that it reads the same on every processor.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

ROUND_OFF = 1e-9  # figures smaller than this differ between processors, and are shown as their bound


class ClaimFailed(AssertionError):
    """A claim that the measurement does not support. Carries ``sentence``, ``measured``, ``wanted``."""

    def __init__(self, sentence, measured, wanted):
        self.sentence, self.measured, self.wanted = sentence, measured, wanted
        super().__init__(f"{sentence}\n  measured: {_exactly(measured)}\n  wanted:   {wanted}")


def claim(
    sentence,
    measured,
    *,
    near=None,
    within=None,
    above=None,
    below=None,
    between=None,
    equals=None,
    unit="",
    digits=3,
):
    """Print ``✓ sentence: figure`` when the measurement supports the sentence, else raise `ClaimFailed`.

    Args:
        sentence: what is claimed; a closing full stop is dropped when a figure follows.
        measured: a number, an array or tensor (every element must pass), a text (with ``equals``), or
            a truth value, which needs no condition. NaN never passes.
        near, within: |measured − near| ≤ within; ``within`` is absolute, or relative as in ``"1%"``.
        above, below: measured > above, measured < below; both may be given.
        between: a pair (low, high), ends included.
        equals: a number, array or text. Floats may differ by ``within`` (1e-12 unless given),
            integers, truth values and texts not at all.
        unit: printed after the figure.
        digits: significant digits of the figure, ≥ 1; None prints the condition in its place, for
            measurements that depend on the processor. Figures below 1e-9 are round-off, and are
            always shown as the condition.

    Raises:
        ClaimFailed: the measurement does not support the sentence.
        TypeError, ValueError: the call makes no sense, for example no condition for a number.
    """
    _check_call(sentence, digits, near=near, within=within)
    given = {"near": near, "above": above, "below": below, "between": between, "equals": equals}
    given = {name: value for name, value in given.items() if value is not None}
    measured = _plain(measured)
    test = _choose_test(measured, given, within)
    if not test.holds(measured):
        raise ClaimFailed(sentence, measured, test.wanted)
    figure = _figure(measured, test, given, digits)
    print(f"✓ {sentence.rstrip('.')}: {figure}{' ' + unit if unit else ''}" if figure else f"✓ {sentence}")


@dataclass(frozen=True)
class _Test:
    holds: Callable  # measured → bool
    wanted: str  # "within 0.01 of 3.16"
    shown: str = ""  # stands for the figure where the figure itself would say nothing


def _check_call(sentence, digits, *, near, within):
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"claim: sentence={sentence!r} must be a text that is not empty")
    if digits is not None and (not isinstance(digits, int) or digits < 1):
        raise ValueError(f"claim: digits={digits!r} must be a whole number ≥ 1, or None")
    if near is not None and within is None:
        raise TypeError(f"claim: near={near!r} needs within=, the largest distance that still counts as near")


def _plain(measured):
    """Tensors and arrays become float arrays; numbers, truth values and texts stay themselves."""
    if isinstance(measured, (bool, np.bool_, str)):
        return measured if isinstance(measured, str) else bool(measured)
    if isinstance(measured, (int, np.integer)):
        return int(measured)
    if hasattr(measured, "detach"):
        measured = measured.detach().cpu().numpy()
    array = np.asarray(measured)
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise TypeError(f"claim: measured={measured!r} must be a real number, an array of such, a text, or True/False")
    return array if array.ndim else array.item()


def _choose_test(measured, given, within):
    if isinstance(measured, bool) or (isinstance(measured, np.ndarray) and measured.dtype.kind == "b"):
        if given:
            raise TypeError(f"claim: a truth value takes no condition, got {sorted(given)}")
        return _Test(lambda x: bool(np.all(x)), "True")
    if not given or (len(given) > 1 and set(given) != {"above", "below"}):
        raise TypeError(
            f"claim: a measured number needs one of near, above, below, between, equals "
            f"(or above and below together), got {sorted(given) or 'none'}"
        )
    if isinstance(measured, str) and "equals" not in given:
        raise TypeError("claim: a measured text can only be compared with equals=")
    if "near" in given:
        return _near(given["near"], within)
    if "equals" in given:
        return _equals(measured, given["equals"], within)
    if "between" in given:
        low, high = given["between"]
        return _Test(lambda x: bool(np.all((low <= np.asarray(x)) & (np.asarray(x) <= high))), f"from {low} to {high}")
    return _bounded(given.get("above"), given.get("below"))


def _bounded(low, high):
    def holds(x):
        x = np.asarray(x)
        return bool((low is None or np.all(x > low)) and (high is None or np.all(x < high)))

    wanted = [f"above {low}"] * (low is not None) + [f"below {high}"] * (high is not None)
    return _Test(holds, " and ".join(wanted))


def _near(centre, within):
    if isinstance(within, str):
        if not within.endswith("%"):
            raise ValueError(f"claim: within={within!r} must be a number, or a share such as '1%'")
        reach = abs(np.asarray(centre, dtype=float)) * float(within[:-1]) / 100
    else:
        reach = within
    return _Test(lambda x: bool(np.all(np.abs(np.asarray(x) - centre) <= reach)), f"within {within} of {centre}")


def _equals(measured, target, within):
    target = _plain(target)
    if isinstance(target, str) or isinstance(measured, str):
        return _Test(lambda x: type(x) is type(target) and x == target, f"equal to {target!r}", str(measured))
    whole = np.asarray(target).dtype.kind in "iu" and np.asarray(measured).dtype.kind in "iu"
    reach = within if within is not None else (0 if whole else 1e-12)

    def holds(x):
        x = np.asarray(x)
        return x.shape == np.shape(target) and bool(np.all((x == target) | (np.abs(x - target) <= reach)))

    wanted = f"equal to {_exactly(target)}" + (f", give or take {reach}" if reach else "")
    shown = (f"largest difference ≤ {reach}" if reach else "equal in every element") if np.ndim(target) else ""
    return _Test(holds, wanted, shown)


def _figure(measured, test, given, digits):
    """The rounded figure, or what stands for it; empty for a truth value."""
    array = np.asarray(measured)
    if test.shown or array.dtype.kind == "b":
        return test.shown
    if "equals" in given and digits is not None:
        # The two are equal but for round-off, and of the two only the target is free of it.
        return rounded(_plain(given["equals"]), digits)
    if digits is None or (array.dtype.kind == "f" and float(np.max(np.abs(array))) < ROUND_OFF):
        return test.wanted
    if array.ndim == 0:
        return rounded(measured, digits)
    low, high = rounded(array.min().item(), digits), rounded(array.max().item(), digits)
    return low if low == high else f"{low} to {high}"


def rounded(number, digits=3):
    """A number with so many significant digits, as text that does not depend on the processor.

    Whole numbers (``int``) are written out. A float that sits on a rounding boundary (0.125 to two
    digits) could fall either way by the last bit, so numbers are first nudged away from zero by one
    part in 10⁹.
    """
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else ("∞" if number > 0 else "-∞")
    if number == 0:
        return "0"
    scientific = f"{number * (1 + 1e-9):.{digits - 1}e}"
    mantissa, exponent = scientific.split("e")
    exponent = int(exponent)
    if -4 <= exponent < 7:
        return f"{float(scientific):.{max(digits - 1 - exponent, 0)}f}"
    return f"{mantissa}e{exponent:+d}"


def _exactly(measured):
    """For the failure message: every digit of a number, the range of an array."""
    if not isinstance(measured, np.ndarray) or measured.size <= 8:
        return str(measured.tolist() if isinstance(measured, np.ndarray) else measured)
    if measured.dtype.kind == "b":
        return f"{int(measured.sum())} of {measured.size} true"
    return f"{measured.min()} to {measured.max()}, shape {measured.shape}, {int(np.isnan(measured).sum())} NaN"
