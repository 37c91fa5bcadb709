"""A sentence, its measurement, its verdict.

A notebook that says "the first step is 3.16 times too large" measures it in the same cell:

    claim("The uncorrected first step is too large by", ratio, near=3.16, within=0.01)
    ✓ The uncorrected first step is too large by: 3.16

The line is printed only when it holds; otherwise `ClaimFailed` stops the notebook, so executing the series proves its
text. A figure whose digits depend on the processor (the loss of a trained network, say) is claimed with
``approx=True``, and printed with ≈ and its bound:

    claim("The last loss", loss, below=0.5, approx=True)
    ✓ The last loss: ≈ 0.21 (below 0.5)

What stands behind ≈ is left out when stored notebooks are compared; everything else must come out the same everywhere.
"""

import math
from dataclasses import dataclass

import numpy as np

ROUND_OFF = 1e-9  # figures smaller than this are what rounding left over: they differ between processors
EXACT = 1e-12  # how far equal floats may be apart


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
    digits=None,
    approx=False,
):
    """Print ``✓ sentence: figure`` when the measurement supports the sentence, else raise `ClaimFailed`.

    Args:
        sentence: what is claimed; a closing full stop is dropped.
        measured: a number, an array or tensor (every element must pass), or a text (with ``equals``). NaN never
            passes. A truth value is refused: it would hide the numbers that make it true.
        near, within: |measured − near| ≤ within; ``within`` is absolute, or relative as in ``"1%"``.
        above, below: measured > above, measured < below; both may be given. Each is a number, or an array that is
            compared element by element: ``claim("Adam ends lower in every seed", adam, below=sgd)``.
        between: a pair (low, high), ends included.
        equals: a number, array or text. Floats may differ by ``within`` (1e-12 unless given), whole numbers and texts
            not at all.
        unit: printed after the figure.
        digits: significant digits of the figure, ≥ 1; 3 unless given, or 2 where the figure is approximate.
        approx: True where the figure depends on the processor: it is then printed as ``≈ 0.21``, with its bound.
            Figures below 1e-9 are what rounding left over, and are always printed so.

    Raises:
        ClaimFailed: the measurement does not support the sentence.
        TypeError, ValueError: the call makes no sense, for example no condition for a number.
    """
    _check_call(sentence, digits, near=near, within=within)
    measured, test = weigh(measured, near=near, within=within, above=above, below=below, between=between, equals=equals)
    if not test.holds(measured):
        raise ClaimFailed(sentence, measured, test.wanted)
    figure = _figure(measured, test, digits, approx)
    print(f"✓ {sentence.rstrip('.')}: {figure.replace('@', ' ' + unit if unit else '')}")


@dataclass(frozen=True)
class Test:
    """What a measurement must fulfil.

    Attributes:
        wanted: the condition in words, "above 0.5".
        low, high: bounds, numbers or arrays; None where there is none.
        open: whether the bounds themselves are excluded.
        target: what the measurement must equal, or None.
        reach: how far from the target it may be.
    """

    wanted: str
    low: object = None
    high: object = None
    open: bool = False
    target: object = None
    reach: float = 0

    __test__ = False  # not one of pytest's

    def holds(self, measured):
        """Whether every element passes."""
        if isinstance(self.target, str) or isinstance(measured, str):
            return isinstance(measured, str) and isinstance(self.target, str) and measured == self.target
        x = np.asarray(measured)
        if self.target is not None and x.shape != np.shape(self.target):
            return False
        less = np.less if self.open else np.less_equal
        return bool((self.low is None or np.all(less(self.low, x)))
                    and (self.high is None or np.all(less(x, self.high))))


def weigh(measured, **conditions):
    """(measurement as a plain number, array or text; the `Test` that it must pass), as `claim` reads its arguments."""
    within = conditions.pop("within")
    given = {name: value for name, value in conditions.items() if value is not None}
    measured = _plain(measured, "measured")
    if not given or (len(given) > 1 and set(given) != {"above", "below"}):
        raise TypeError(
            f"claim: a measured number needs one of near, above, below, between, equals "
            f"(or above and below together), got {sorted(given) or 'none'}"
        )
    if isinstance(measured, str) and "equals" not in given:
        raise TypeError("claim: a measured text can only be compared with equals=")
    if "near" in given:
        return measured, _near(np.asarray(given["near"], dtype=float), within)
    if "equals" in given:
        return measured, _equals(measured, _plain(given["equals"], "equals"), within)
    if "between" in given:
        low, high = given["between"]
        return measured, Test(f"from {_bound(low)} to {_bound(high)}", low, high)
    bounds = {name: _plain(given[name], name) for name in ("above", "below") if name in given}
    _check_shapes(measured, bounds)
    wanted = " and ".join(f"{name} {_bound(value)}" for name, value in bounds.items())
    return measured, Test(wanted, bounds.get("above"), bounds.get("below"), open=True)


def _check_call(sentence, digits, *, near, within):
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"claim: sentence={sentence!r} must be a text that is not empty")
    if digits is not None and (not isinstance(digits, int) or digits < 1):
        raise ValueError(f"claim: digits={digits!r} must be a whole number ≥ 1")
    if near is not None and within is None:
        raise TypeError(f"claim: near={near!r} needs within=, the largest distance that still counts as near")


def _plain(value, name):
    """Tensors and arrays become arrays of numbers; numbers and texts stay themselves."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.asarray(value)
    if array.dtype.kind == "b":
        raise TypeError(f"claim: {name}={value!r} is a truth value; claim the number that makes it true")
    if array.dtype.kind not in "iuf" or array.size == 0:
        raise TypeError(f"claim: {name}={value!r} must be a real number, an array of such, or a text")
    return array if array.ndim else array.item()


def _check_shapes(measured, bounds):
    for name, value in bounds.items():
        if np.ndim(value) and np.broadcast_shapes(np.shape(value), np.shape(measured)) != np.shape(measured):
            raise ValueError(f"claim: {name} has shape {np.shape(value)}, the measurement {np.shape(measured)}")


def _near(centre, within):
    if isinstance(within, str):
        if not within.endswith("%"):
            raise ValueError(f"claim: within={within!r} must be a number, or a share such as '1%'")
        reach = np.abs(centre) * float(within[:-1]) / 100
    else:
        reach = within
    middle = _bound(centre if centre.ndim else centre.item())
    return Test(f"within {within} of {middle}", centre - reach, centre + reach)


def _equals(measured, target, within):
    if isinstance(target, str) or isinstance(measured, str):
        return Test(f"equal to {target!r}", target=target)
    whole = np.asarray(target).dtype.kind in "iu" and np.asarray(measured).dtype.kind in "iu"
    reach = within if within is not None else (0 if whole else EXACT)
    wanted = f"equal to {_exactly(target)}" + (f", give or take {reach}" if reach else "")
    low, high = (np.asarray(target) + side for side in (-reach, reach)) if reach else (target, target)
    return Test(wanted, low, high, target=target, reach=reach)


def _figure(measured, test, digits, approx):
    """The rounded figure, an @ where its unit belongs, and the condition where the figure is approximate."""
    if isinstance(measured, str):
        return measured
    if np.ndim(test.target):
        apart = np.max(np.abs(np.asarray(measured, dtype=float) - test.target)) if test.reach else 0.0
        if not test.reach:
            return f"all {np.size(measured)} equal"
        return f"≈ {rounded(float(apart), 1)} apart at most ({test.reach:g} allowed)"
    # Of two that are equal but for rounding, only the target is free of it.
    array = np.asarray(measured if test.target is None or approx else test.target)
    if array.dtype.kind == "f" and float(np.max(np.abs(array))) < ROUND_OFF:
        approx = approx or test.target is None or array.any()
    text = _span(array, digits or (2 if approx else 3))
    if approx:
        return f"≈ {text}@ ({test.wanted})"
    moving = [bound for bound in (test.low, test.high) if np.ndim(bound) and test.open]
    return f"{text}@" + (f" ({test.wanted})" if moving else "")


def _span(array, digits):
    ends = [array.min().item(), array.max().item()]
    if max(map(abs, ends)) >= ROUND_OFF:  # beside larger figures, what rounding left over is 0
        ends = [0 if abs(end) < ROUND_OFF else end for end in ends]
    low, high = (rounded(end, digits) for end in ends)
    return low if low == high else f"{low} to {high}"


def _bound(value):
    """A bound as it is printed: a number as it was written, an array by its range."""
    return _span(np.asarray(value), 3) if np.ndim(value) else f"{value:.6g}" if isinstance(value, float) else str(value)


def rounded(number, digits=3):
    """A number with so many significant digits, as text that does not depend on the processor.

    Whole numbers (``int``) are written out. A float that sits on a rounding boundary (0.125 to two digits) could fall
    either way by the last bit, so numbers are first nudged away from zero by one part in 10⁹.
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
    return f"{measured.min()} to {measured.max()}, shape {measured.shape}, {int(np.isnan(measured).sum())} NaN"
