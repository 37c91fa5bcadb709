"""Predict first, then look: a guess is taken, and the next cell says what happened and why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from adamkit.practice import formulas, progress
from adamkit.practice.present import Shown, box

_LETTERS = "ABCDEFGH"
_ASK = "Before you run the next cell: what do you expect?"


@dataclass(repr=False, eq=False)
class Prediction(Shown):
    """A question to commit to before the cell that settles it.

    Args:
        key: "04-first-step".
        question: Markdown with ``$formulas$``, as all texts here.
        answer: with ``options`` the index of the right one, else a number.
        options: texts to choose from; empty for a number.
        unit: of the number.
        within: relative distance at which a guessed number counts as right.
        because: what happened and why, shown by `reveal`.
    """

    key: str
    question: str
    answer: float
    because: str
    options: Sequence[str] = ()
    unit: str = ""
    within: float = 0.1
    guess: float | None = field(default=None, init=False)

    def make(self, guess):
        """Commit to a guess: the index of an option, or a number."""
        if self.options and guess not in range(len(self.options)):
            last = len(self.options) - 1
            raise ValueError(f"{self.key}: guess={guess!r} must be the index of an option, 0 to {last}")
        if not self.options and not (isinstance(guess, (int, float)) and math.isfinite(guess)):
            raise ValueError(f"{self.key}: guess={guess!r} must be a finite number")
        self.guess = guess
        progress.note("predictions", self.key, {"guess": guess, "right": self.right})

    @property
    def right(self):
        """True when the guess is right; False for none."""
        if self.guess is None:
            return False
        if self.options:
            return self.guess == self.answer
        return abs(self.guess - self.answer) <= self.within * abs(self.answer) + 1e-12

    def reveal(self):
        """The answer, beside the guess if one was made."""
        return Reveal(self)

    def say(self, value):
        """A guess or the answer in words."""
        return formulas.bare(self.options[int(value)]) if self.options else f"{value:g} {self.unit}".strip()

    def html(self):
        options = "".join(f"<li>{formulas.inline(option)}</li>" for option in self.options)
        how = f'<ol type="A" style="margin: 0.3em 0">{options}</ol>' if options else f"<p>{self._wanted()}</p>"
        return box("ask", _ASK, formulas.html(self.question) + how)

    def text(self):
        options = [f"{letter}) {option}" for letter, option in zip(_LETTERS, self.options)] or [self._wanted()]
        return "\n".join([_ASK, *(formulas.text(line, "  ") for line in (self.question, *options))])

    def _wanted(self):
        return f"(a number, in {self.unit})" if self.unit else "(a number)"

    def widget(self):
        """Buttons for options, or a field for a number."""
        from adamkit.practice import widgets

        said = widgets.prose("")

        def on_guess(value):
            self.make(value)
            said.value = box("calm", f"Your guess: {self.say(value)}. Now run the next cell.")
            if self.options:
                entry.mark(value)

        entry = widgets.ChoiceRows(self.options, on_guess) if self.options else widgets.NumberEntry(self.unit, on_guess)
        ask = box("ask", _ASK, formulas.html(self.question))
        return widgets.column(widgets.prose(ask), entry.view, said)


@dataclass(frozen=True, repr=False)
class Reveal(Shown):
    """The answer to a prediction. It is what it was when made: a later guess does not change it."""

    prediction: Prediction

    def _title(self):
        asked = self.prediction
        answer = asked.say(asked.answer)
        if asked.guess is None:
            return f"The answer: {answer}"
        if asked.right:
            return f"You guessed it: {asked.say(asked.guess)}" + ("" if asked.options else f" (the answer: {answer})")
        return f"You guessed: {asked.say(asked.guess)}. The answer: {answer}"

    def html(self):
        tone = "calm" if self.prediction.guess is None else "good" if self.prediction.right else "warn"
        return box(tone, self._title(), formulas.html(self.prediction.because))

    def text(self):
        return f"{self._title()}\n{formulas.text(self.prediction.because, '  ')}"
