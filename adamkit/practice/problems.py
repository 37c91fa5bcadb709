"""A full problem as it is set at a whiteboard: your answer, which is kept; hints; a model answer; a rubric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adamkit.practice import formulas, progress
from adamkit.practice.present import Shown, box, folded
from adamkit.practice.written import WrittenAnswer


@dataclass(frozen=True, repr=False)
class Problem(Shown):
    """A problem of five to eight minutes. Texts are Markdown with ``$formulas$``.

    Args:
        key: "14-derivation".
        title, question: as it is set.
        minutes: to answer it aloud.
        hints: from a nudge to nearly the answer; each opens by itself.
        answer: a model answer.
        rubric: grade → what such an answer contains.
        follow_ups: what is asked next, each with what to say, as (question, answer).
    """

    key: str
    title: str
    question: str
    minutes: int
    hints: Sequence[str]
    answer: str
    rubric: Mapping
    follow_ups: Sequence = field(default_factory=tuple)

    def html(self):
        return self._front() + self._back()

    def text(self):
        hints = [formulas.text(f"Hint {n}: {hint}", "  ") for n, hint in enumerate(self.hints, 1)]
        grades = [formulas.text(f"{grade}: {' '.join(wanted.split())}", "  ") for grade, wanted in self.rubric.items()]
        more = [formulas.text(f"{asked} {reply}", "  ") for asked, reply in self.follow_ups]
        parts = [self._title(), formulas.text(self.question, "  "), *hints, "Model answer",
                 formulas.text(self.answer, "  "), "Rubric", *grades]  # fmt: skip
        return "\n\n".join([*parts, "Follow-ups", *more] if more else parts)

    def widget(self):
        """The problem, a text field that keeps what is saved, and the folded parts."""
        from adamkit.practice import widgets

        history, notice = progress.texts(self.key)
        answer = widgets.AnswerBox(history[-1]["text"] if history else "", self._save)
        answer.said.value = box("bad", notice) if notice else ""
        return widgets.column(widgets.prose(self._front()), answer.view, widgets.prose(self._back()))

    def _save(self, text):
        tone, said = WrittenAnswer(self.key, "").save(text)
        return tone, said.replace("You will meet it again in notebook 14.", "It stands here when you open this again.")

    def _title(self):
        return f"{self.title} ({self.minutes} minutes, aloud)"

    def _front(self):
        return box("ask", self._title(), formulas.html(self.question))

    def _back(self):
        hints = "".join(folded(f"Hint {n}", formulas.html(hint)) for n, hint in enumerate(self.hints, 1))
        more = "".join(formulas.html(f"*{asked}*\n\n{reply}") for asked, reply in self.follow_ups)
        grades = "\n".join(f"- **{grade}**: {' '.join(wanted.split())}" for grade, wanted in self.rubric.items())
        answer = folded("Model answer", formulas.html(self.answer))
        return box("calm", "Hints and answer", hints + answer + folded("Rubric", formulas.html(grades))
                   + (folded("Follow-ups", more) if more else ""))  # fmt: skip
