"""What a reader can set in an explorer: sliders, choices, switches, lists, points.

A control knows its range, its opening value and how a value reads. It checks values, whether they
come from the browser or from code, and describes itself to the browser; it holds no current value.
"""

import math
from dataclasses import dataclass, field
from numbers import Real

import numpy as np

from adamkit.numbers import short


@dataclass(frozen=True, kw_only=True)
class Control:
    """Base: a label, and what the label means when the pointer rests on it."""

    label: str = ""
    help: str = ""

    def check(self, name, value):
        """The value, cleaned; `ValueError` or `TypeError` with a sentence if it is not allowed."""
        raise NotImplementedError

    def text(self, value):
        """How the value reads beside the label."""
        return ""

    def describe(self):
        """What the browser needs to show the control, as a JSON-able dict."""
        return {"label": self.label, "help": self.help}


@dataclass(frozen=True)
class Slider(Control):
    """A number between ``low`` and ``high``.

    Args:
        low, high, value: range and opening value.
        log: equal steps multiply; low must be > 0.
        decay: equal steps multiply 1 − value, for β near 1; high must be < 1.
        zero: with ``log``, one more position at the left end: exactly 0.
        integer: whole numbers only.
        step: distance of positions on a plain slider; a hundredth of the range when left out.
        unit: written after the number.

    Positions are rounded to readable numbers. Code may set any value in the range.
    """

    low: float
    high: float
    value: float
    log: bool = field(default=False, kw_only=True)
    decay: bool = field(default=False, kw_only=True)
    zero: bool = field(default=False, kw_only=True)
    integer: bool = field(default=False, kw_only=True)
    step: float | None = field(default=None, kw_only=True)
    unit: str = field(default="", kw_only=True)

    def check(self, name, value):
        """A finite number in the range."""
        kind = "a whole number" if self.integer else "a number"
        wanted = f"{kind} from {self.low:g} to {self.high:g}" + (", or 0" if self.zero else "")
        refusal = f"{name}={value!r} is not allowed; it must be {wanted}"
        if not isinstance(value, Real) or isinstance(value, bool):
            raise TypeError(refusal)
        value = float(value)
        if self.integer and value == round(value):
            value = int(value)
        elif self.integer or not math.isfinite(value):
            raise ValueError(refusal)
        if not (self.low <= value <= self.high or (self.zero and value == 0)):
            raise ValueError(refusal)
        return value

    def text(self, value):
        """The number, short: 0.05, 1e-8, 0.9995, 45°."""
        digits = 6 if self.decay or self.integer else 3
        if 1000 <= abs(value) < 1e5:  # 1000 and not 1e3
            return f"{_rounded(value, digits):.0f}".replace("-", "−") + self.unit
        return short(value, digits) + self.unit

    def stops(self):
        """The slider's positions as values, ascending."""
        if self.decay:
            near = np.geomspace(1 - self.low, 1 - self.high, 90)
            values = {1 - _rounded(gap, 2) for gap in near}
        elif self.log:
            count = int(np.clip(30 * math.log10(self.high / self.low), 60, 180))
            values = {_rounded(number, 2) for number in np.geomspace(self.low, self.high, count)}
            values = {float(round(number)) for number in values} if self.integer else values
        else:
            step = self.step or (1 if self.integer else (self.high - self.low) / 100)
            values = set(np.arange(self.low, self.high + step / 2, step).tolist())
        values = {float(f"{min(max(value, self.low), self.high):.10g}") for value in values}
        values |= {float(self.low), float(self.high), float(self.value)} | ({0.0} if self.zero else set())
        return sorted(values)

    def describe(self):
        """Positions with their texts, so that the browser need not know about scales."""
        stops = self.stops()
        return super().describe() | {"kind": "slider", "stops": stops, "texts": [self.text(stop) for stop in stops]}


def _rounded(number, digits):
    return float(f"{number:.{digits}g}")


@dataclass(frozen=True)
class Choice(Control):
    """One of several options.

    Args:
        options: value → how it reads; a list when both are the same.
        value: the opening one; the first when left out.
    """

    options: dict | tuple | list
    value: str | None = None

    def __post_init__(self):
        object.__setattr__(self, "options", _as_labels(self.options))
        object.__setattr__(self, "value", next(iter(self.options)) if self.value is None else self.value)

    def check(self, name, value):
        """One of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"{name}={value!r} is not allowed; it must be one of {', '.join(map(repr, self.options))}")
        return value

    def describe(self):
        """Options in order."""
        return super().describe() | {"kind": "choice", "options": list(self.options.items())}


@dataclass(frozen=True)
class MultiChoice(Control):
    """Any number of several options, shown as chips.

    Args:
        options: value → how it reads, or a list.
        value: the opening ones.
        colors: value → colour of its chip; the chips then serve as the picture's legend.
    """

    options: dict | tuple | list
    value: tuple = ()
    colors: dict = field(default_factory=dict, kw_only=True)

    def __post_init__(self):
        object.__setattr__(self, "options", _as_labels(self.options))
        object.__setattr__(self, "value", tuple(self.value))

    def check(self, name, value):
        """A tuple of options in their own order, each once."""
        chosen = [value] if isinstance(value, str) else list(value)
        if strangers := [option for option in chosen if option not in self.options]:
            raise ValueError(f"{name}={value!r} is not allowed; {strangers[0]!r} is none of {', '.join(self.options)}")
        return tuple(option for option in self.options if option in chosen)

    def describe(self):
        """Options in order, with their colours."""
        chips = [[value, text, self.colors.get(value)] for value, text in self.options.items()]
        return super().describe() | {"kind": "chips", "options": chips}


def _as_labels(options):
    return dict(options) if isinstance(options, dict) else {option: option for option in options}


@dataclass(frozen=True)
class Toggle(Control):
    """A switch."""

    value: bool = False

    def check(self, name, value):
        """True or False."""
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{name}={value!r} is not allowed; it must be True or False")
        return bool(value)

    def describe(self):
        """Only the label."""
        return super().describe() | {"kind": "toggle"}


@dataclass(frozen=True)
class Numbers(Control):
    """A short list of numbers that the reader types, separated by commas or spaces.

    Args:
        value: the opening list.
        most: largest number of entries.
        largest: largest absolute value of an entry.
    """

    value: tuple = ()
    most: int = field(default=100, kw_only=True)
    largest: float = field(default=1e6, kw_only=True)

    def check(self, name, value):
        """A tuple of 1 to ``most`` finite numbers, from a sequence or from text."""
        wanted = f"it must be 1 to {self.most} numbers within ±{self.largest:g}, separated by commas"
        refusal = f"{name}={value!r} is not allowed; {wanted}"
        parts = value.replace(",", " ").replace("−", "-").split() if isinstance(value, str) else value
        try:
            numbers = tuple(float(part) for part in parts)
        except (TypeError, ValueError):
            raise ValueError(refusal) from None
        if not 1 <= len(numbers) <= self.most or not all(abs(number) <= self.largest for number in numbers):
            raise ValueError(refusal)
        return numbers

    def text(self, value):
        """The list as it would be typed."""
        return ", ".join(f"{number:g}" for number in value)

    def describe(self):
        """A line of text."""
        return super().describe() | {"kind": "numbers"}


@dataclass(frozen=True)
class Point(Control):
    """A point that the reader drags in the picture; it has no place among the controls.

    ``None`` stands for the place that the explorer would choose itself.
    """

    value: tuple | None = None

    def check(self, name, value):
        """None, or two finite numbers."""
        if value is None:
            return None
        try:
            x, y = (float(part) for part in value)
        except (TypeError, ValueError):
            x = y = math.nan
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"{name}={value!r} is not allowed; it must be None or two finite numbers (x, y)")
        return (x, y)

    def describe(self):
        """Nothing to show."""
        return super().describe() | {"kind": "point"}
