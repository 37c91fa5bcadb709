"""Exercises: a statement, a checker that names the mistake, hints one at a time, a folded solution."""

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from adamkit.practice import judging, plays, progress
from adamkit.practice.checking import answered, judged, misuse
from adamkit.practice.present import Shown, box, code, folded, markdown, plain
from adamkit.practice.values import Tolerance
from adamkit.practice.verdict import Verdict


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make: what it is, how to think about it, and code (or a value) that makes it.

    ``seen`` says where published code has it: a library or a kind of tutorial, with the public thread that
    documents it. It is empty for mistakes that were only met in learners' attempts. ``difference`` says in which
    lines it parts from the solution, where that is known (`exercise_files`).
    """

    name: str
    explanation: str
    made: Any
    seen: str = ""
    difference = ""

    @property
    def body(self):
        """What the reader is told, as Markdown."""
        return f"{self.explanation}\n\n*Published code has it too:* {self.seen}." if self.seen else self.explanation


@dataclass(repr=False, eq=False)
class Exercise(Shown):
    """One exercise, checked against a reference on many cases.

    Args:
        key: "04-adam": number of the notebook, then a name.
        title, statement: shown in the notebook; the statement is Markdown.
        solution: the reference: a function, a class, or a number. Its source is what `solution` shows.
        cases: ``cases(rng)`` → list of `plays.Case`; random shapes and numbers, and the edges.
        how: the play: `plays.call_function`, `plays.step_optimizer`, or one of your own.
        mistakes: known ones, tried in this order when an attempt fails.
        hints: opened one at a time.
        explanation: Markdown under the solution.
        minutes: how long it takes.
        tolerance: how near is near enough.
    """

    key: str
    title: str
    statement: str
    solution_code: Any
    cases: Callable[[np.random.Generator], Sequence[plays.Case]]
    how: Callable = plays.call_function
    mistakes: Sequence[Mistake] = ()
    hints: Sequence[str] = ()
    explanation: str = ""
    minutes: int = 5
    tolerance: Tolerance = field(default_factory=Tolerance)
    is_value = False
    _opened: int = field(default=0, init=False)
    _known: dict = field(default_factory=dict, init=False)
    _named: Mistake | None = field(default=None, init=False)

    @answered
    def check(self, *attempt, seconds=10.0, seed=0, **others):
        """Check an attempt and return a `Verdict`. Never raises, whatever it is called with.

        Args:
            attempt: the function or class itself.
            seconds: time for all cases together; then the attempt is stopped. Waiting for a busy machine and
                importing a library are not counted.
            seed: of the random inputs; a whole number ≥ 0.
        """
        if len(attempt) == 0 and "attempt" in others:
            attempt = (others.pop("attempt"),)
        refused = misuse(self, attempt, seconds, seed, others)
        return judged(self, attempt[0], float(seconds), seed) if refused is None else refused

    def known(self, code_or_value, cases, seed):
        """The transcripts of trusted code on the cases of a seed, played once and remembered."""
        key = id(code_or_value), seed
        if len(self._known) > 64:  # of other seeds
            self._known.clear()
        if key not in self._known:
            self._known[key] = code_or_value, self.transcripts(code_or_value, cases)
        return self._known[key][1]

    def transcripts(self, code_or_value, cases):
        """What trusted code does on each case."""
        with np.errstate(all="ignore"):
            return [plays.play(self.how, code_or_value, case) for case in cases]

    def hint(self):
        """Open one more hint and show all that are open."""
        self._opened = min(self._opened + 1, len(self.hints))
        return Hints(self.key, self.hints[: self._opened], len(self.hints))

    def note_mistake(self, verdict):
        """Remember the mistake that a verdict named, for `solution`."""
        self._named = next((known for known in self.mistakes if known.name == verdict.mistake), self._named)

    def solution(self):
        """The solution, folded away until it is clicked; under it what the last mistake named does otherwise.

        A verdict does not show that: its lines would hold the right ones, and with them the answer.
        """
        return Solution(self.key, self.source(), self.explanation, self._named)

    def source(self):
        """The text of the solution."""
        return textwrap.dedent(inspect.getsource(self.solution_code))

    def html(self):
        return box("ask", self._headline(), markdown(self.statement))

    def text(self):
        return f"{self._headline()}\n{plain(self.statement, '  ')}"

    def _headline(self):
        return f"Exercise {self.key}: {self.title} ({self.minutes} min)"


@dataclass(repr=False, eq=False)
class NumberExercise(Exercise):
    """An exercise whose answer is a number, or a list of numbers, worked out by hand.

    ``solution_code`` is the answer; ``cases`` stays empty; the value of a `Mistake` is the number that it leads to.
    ``worked`` is the way to the answer, as Markdown, shown by `solution`. When an answer is
    wrong and no mistake explains it, the right number is not given away.
    """

    cases: Callable = field(default=lambda rng: [plays.Case("your answer")])
    how: Callable = plays.hand_in
    tolerance: Tolerance = field(default_factory=lambda: Tolerance(rtol=1e-2))
    worked: str = ""
    is_value = True

    def solution(self):
        """The way to the answer, folded away until it is clicked."""
        return Solution(self.key, "", self.worked)

    def source(self):
        """The answer as Python would print it."""
        return repr(self.solution_code)


@dataclass(repr=False, eq=False)
class TextExercise(Shown):
    """An answer in the reader's own words, kept if a reader is there, and graded by the reader.

    Args:
        key, title, statement, minutes: as for `Exercise`.
        rubric: grade ("strong", "lean", "no") → what such an answer contains.
        example: a strong answer, folded in `solution`.
    """

    key: str
    title: str
    statement: str
    rubric: dict
    example: str
    hints: Sequence[str] = ()
    minutes: int = 5
    _opened: int = field(default=0, init=False)

    hint = Exercise.hint
    html, text, _headline = Exercise.html, Exercise.text, Exercise._headline

    is_value = False

    @answered
    def check(self, *attempt, **others):
        """Keep the text and show the rubric. An empty text is "not attempted yet". Never raises."""
        refused = misuse(self, attempt, 1, 0, others)
        return self._keep(attempt[0]) if refused is None else refused

    def _keep(self, attempt):
        if attempt is Ellipsis or (isinstance(attempt, str) and not attempt.strip(" .…\n\t")):
            return judging.not_attempted(self.key)
        if not isinstance(attempt, str):
            body = f"It needs a text in quotes; it was given a value of type {type(attempt).__name__}."
            return Verdict("error", "This cannot be checked", body)
        rows = "\n".join(f"- **{grade}**: {wanted}" for grade, wanted in self.rubric.items())
        note = progress.note_text(self.key, attempt)
        return Verdict("recorded", f"{self.key}: now grade yourself", f"{rows}\n\n{note}".strip())

    def solution(self):
        """A strong answer, folded away until it is clicked."""
        return Solution(self.key, "", self.example)


@dataclass(frozen=True, repr=False)
class Hints(Shown):
    """The hints opened so far."""

    key: str
    opened: Sequence[str]
    total: int

    def html(self):
        items = "".join(f"<li>{markdown(hint)}</li>" for hint in self.opened)
        return box("ask", self._title(), f"<ol>{items}</ol>")

    def text(self):
        return "\n".join([self._title(), *(plain(f"{i}. {hint}", "  ") for i, hint in enumerate(self.opened, 1))])

    def _title(self):
        if not self.total:
            return f"{self.key}: this exercise has no hints; .solution() shows the way"
        rest = ".hint() opens the next" if len(self.opened) < self.total else "that was the last; .solution() is next"
        return f"{self.key}: hint {len(self.opened)} of {self.total} ({rest})"


@dataclass(frozen=True, repr=False)
class Solution(Shown):
    """A solution: folded in a notebook; its ``source`` and ``explanation`` as text.

    ``named`` is the mistake that a checker named last, or None.
    """

    key: str
    source: str
    explanation: str
    named: Mistake | None = None

    @property
    def difference(self):
        """The lines in which the solution with that mistake parts from the solution, as text; or ""."""
        return self.named.difference if self.named else ""

    def html(self):
        parts = (code(self.source) if self.source else "") + (markdown(self.explanation) if self.explanation else "")
        if self.difference:
            parts += folded(f"The same with the mistake named last: {self.named.name}", code(self.difference))
        return folded(f"Solution of {self.key}", parts)

    def text(self):
        return f"Solution of {self.key}: folded. In a terminal, print its .source or its .explanation."
