"""Exercises whose answer is one or more names from fixed lists, with a word on each confusion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adamkit.practice import judging, progress
from adamkit.practice.checking import answered
from adamkit.practice.exercises import Exercise, Solution
from adamkit.practice.present import Shown
from adamkit.practice.verdict import Verdict


@dataclass(repr=False, eq=False)
class NamingExercise(Shown):
    """An answer of several names, such as a disease and a treatment.

    Args:
        key, title, statement, hints, minutes: as for `Exercise`.
        options: what is named → the names that are allowed, in the order of the answer.
        judge: (names) → pair (right, Markdown sentence); called with allowed names only.
        worked: the way to the answer, as Markdown, folded in `solution`.
    """

    key: str
    title: str
    statement: str
    options: dict
    judge: Callable
    worked: str
    hints: Sequence[str] = ()
    minutes: int = 5
    _opened: int = field(default=0, init=False)

    hint = Exercise.hint
    html, text, _headline = Exercise.html, Exercise.text, Exercise._headline

    @answered
    def check(self, *names, **others):
        """Judge an answer: the names one after another, or in a tuple. Never raises; ``...`` is "not attempted yet"."""
        if others:
            return judging.unusable(f"`check` takes names only; it has no argument {next(iter(others))!r}.")
        if len(names) == 1 and isinstance(names[0], (tuple, list)):
            names = tuple(names[0])
        if not names or any(name is Ellipsis for name in names):
            return judging.not_attempted(self.key)
        if len(names) != len(self.options):
            wanted = ", ".join(self.options)
            return Verdict("error", "This cannot be checked", f"It needs {len(self.options)} names: {wanted}.")
        for name, (what, allowed) in zip(names, self.options.items()):
            if not isinstance(name, str) or name not in allowed:
                listed = ", ".join(f"`{option}`" for option in allowed)
                return judging.unusable(f"there is no {what} {judging.shown(name)}. There are {listed}.")
        right, sentence = self.judge(names)
        if not right:
            return Verdict("wrong", "Not yet", sentence)
        return progress.note_pass(self.key, Verdict("passed", f"{self.key}: passed", sentence))

    def solution(self):
        """The way to the answer, folded away until it is clicked."""
        return Solution(self.key, "", self.worked)
