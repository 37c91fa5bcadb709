"""Estimates: a situation, several numbers wanted, each judged by itself, with the slip that leads to it named."""

import math
from dataclasses import dataclass, field

import numpy as np

from adamkit.practice import judging, progress
from adamkit.practice.checking import answered
from adamkit.practice.exercises import Hints, Solution
from adamkit.practice.present import Shown, box, folded, markdown, plain
from adamkit.practice.verdict import Verdict


@dataclass(frozen=True)
class Part:
    """One number that is wanted.

    Args:
        name: argument of `Estimate.check`.
        unit, asked: for the statement.
        answer: the number.
        slips: what people forget → (number that this leads to, what to think of).
        worked: the way to the answer, one line of Markdown.
    """

    name: str
    unit: str
    asked: str
    answer: float
    slips: dict
    worked: str


@dataclass(repr=False, eq=False)
class Estimate(Shown):
    """A situation and the numbers that are wanted of it.

    Args:
        key, title, statement, minutes, hints: as for an exercise.
        parts: `Part`s.
        within: relative distance at which a number counts as right.
    """

    key: str
    title: str
    statement: str
    parts: tuple
    minutes: int
    hints: tuple = ()
    within: float = 0.1
    _opened: int = field(default=0, init=False)

    @answered
    def check(self, *numbers, **named):
        """Judge the numbers → `Verdict`: by name, in order, or in one list; ``...`` for one that is still open."""
        given, trouble = self._given(numbers, named)
        if trouble:
            return judging.unusable(trouble)
        if all(value is ... for value in given.values()):
            return judging.not_attempted(self.key)
        judged = [self._judge(part, given[part.name]) for part in self.parts]
        right = sum(good for good, _ in judged)
        body = "\n".join(f"- {sentence}" for _, sentence in judged)
        if right == len(self.parts):
            passed = Verdict("passed", f"{self.key}: all {right} within {self._tenth}", body)
            return progress.note_pass(self.key, passed)
        return Verdict("wrong", f"{right} of {len(self.parts)} are right", body)

    @property
    def _tenth(self):
        return f"{100 * self.within:g} percent"

    def _given(self, numbers, named):
        """({name: number or ...}, trouble)."""
        names = [part.name for part in self.parts]
        if len(numbers) == 1 and isinstance(numbers[0], (list, tuple, np.ndarray)):
            numbers = tuple(numbers[0])
        if len(numbers) == 1 and isinstance(numbers[0], dict):
            named, numbers = {**numbers[0], **named}, ()
        if len(numbers) > len(names):
            return {}, f"it takes {len(names)} numbers, {', '.join(names)}; it was given {len(numbers)}."
        given = {**dict.fromkeys(names, ...), **dict(zip(names, numbers, strict=False)), **named}
        for name, value in given.items():
            if name not in names:
                return {}, f"there is no {judging.shown(name)}; the numbers are {', '.join(names)}."
            if value is not ... and _number(value) is None:
                return {}, f"{name} must be a positive number; it is {judging.shown(value)}."
        return given, ""

    def _judge(self, part, value):
        """(right, sentence) on one number."""
        if value is ...:
            return False, f"○ **{part.name}**: not attempted yet"
        value = _number(value)
        if abs(value / part.answer - 1) <= self.within:
            return True, f"✓ **{part.name}**: {value:.3g} {part.unit} ({part.answer:.3g}). {part.worked}"
        near = {name: abs(math.log(value / number)) for name, (number, _) in part.slips.items()}
        best = min(near.values(), default=math.inf)
        if best > math.log1p(self.within):
            side = "large" if value > part.answer else "small"
            return False, f"✗ **{part.name}**: {value:.3g} {part.unit} is too {side}, and no known slip leads there."
        named = [name for name, distance in near.items() if distance <= best + 0.005]
        told = " ".join(part.slips[name][1] for name in named)
        return False, f"✗ **{part.name}**: {value:.3g} {part.unit}: **{' or '.join(named)}**. {told}"

    def hint(self):
        """Open one more hint and show all that are open."""
        self._opened = min(self._opened + 1, len(self.hints))
        return Hints(self.key, self.hints[: self._opened], len(self.hints))

    def solution(self):
        """The way to the numbers, folded away until it is clicked."""
        return Solution(self.key, "", self._worked())

    def _worked(self):
        return "\n".join(f"- **{p.name}**: {p.worked} **{p.answer:.3g} {p.unit}**" for p in self.parts)

    def _stated(self):
        wanted = "\n".join(f"- `{part.name}`, in {part.unit}: {part.asked}" for part in self.parts)
        return f"{self.statement}\n\n{wanted}"

    def html(self):
        return box("ask", self._headline(), markdown(self._stated())) + folded("The way", markdown(self._worked()))

    def text(self):
        return f"{self._headline()}\n{plain(self._stated(), '  ')}"

    def _headline(self):
        return f"{self.title} ({self.minutes} min, numbers within {self._tenth})"


def _number(value):
    """A positive, finite float, or None."""
    if isinstance(value, (bool, np.bool_, str, bytes)) or value is None:
        return None
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if 0 < value < math.inf else None
