"""What a mock interview shows: the questions beforehand, the advice afterwards."""

from dataclasses import dataclass

from adamkit.practice import formulas
from adamkit.practice.mock import GRADES, MockInterview, check_minutes, draw
from adamkit.practice.present import Shown, box, escape, folded, markdown, plain
from adamkit.practice.reviewing import answer_html

_THEN = "Then grade yourself."


@dataclass(frozen=True, repr=False)
class Advice(Shown):
    """The result of a mock interview: how it went, and where the series shows what was missed."""

    answers: tuple

    @property
    def revisit(self):
        """Pattern → its answers that were graded lean or no, the weakest pattern first."""
        weak = {}
        for answer in self.answers:
            if answer.grade != "strong":
                weak.setdefault(answer.question.pattern, []).append(answer)
        return dict(sorted(weak.items(), key=lambda item: -sum(1 + (a.grade == "no") for a in item[1])))

    def summary(self):
        """A line on the grades."""
        if not self.answers:
            return "No answer was graded."
        counts = {grade: sum(answer.grade == grade for answer in self.answers) for grade in GRADES}
        return ", ".join(f"{count} {grade}" for grade, count in counts.items() if count) + "."

    def html(self):
        weak = self.revisit
        lead = f"<p>{self.summary()} {self._next_step()}</p>"
        rows = "".join(
            f"<li><strong>{escape(pattern)}</strong><ul>{''.join(map(self._item, answers))}</ul></li>"
            for pattern, answers in weak.items()
        )
        return box("warn" if weak else "good", "What to revisit", lead + (f"<ul>{rows}</ul>" if rows else ""))

    def text(self):
        lines = [f"What to revisit\n  {self.summary()} {self._next_step()}"]
        for pattern, answers in self.revisit.items():
            lines += [f"  {pattern}", *(f"    {a.grade}: {a.question.question} → {place(a.question)}" for a in answers)]
        return "\n".join(lines)

    def _next_step(self):
        if not self.answers:
            return "Answer a question or two, and grade yourself."
        if not self.revisit:
            return "Draw again, with harder questions."
        return "Read the place behind each link, close it, and say the answer aloud once more."

    @staticmethod
    def _item(answer):
        asked = answer.question
        return f"<li>{escape(answer.grade)}: {escape(asked.question)} → {link(asked)}</li>"


def place(question):
    """Where a question is shown, in words: "04 Adam, “The trap”"."""
    from adamkit.practice.titles import TITLES

    number = question.shown_in[:2]
    heading = f", “{question.heading}”" if question.heading else ""
    return f"{number} {TITLES.get(number, '')}{heading}"


def link(question):
    """The place as a link. It is underlined, since JupyterLab shows a link in a widget like any other text."""
    style = 'target="_blank" style="text-decoration: underline"'
    return f'<a href="{escape(question.link)}" {style}>{escape(place(question))}</a>'


class MockRoom(Shown):
    """What `practice.mock_interview` shows: choices and a button; without widgets, some questions with answers folded.

    Args:
        count, pattern, difficulty, seed: see `draw`; what the reader finds chosen.
        minutes: for each question.
    """

    def __init__(self, count=5, *, pattern=None, difficulty=None, minutes=2, seed=None):
        check_minutes(minutes)
        self.settings = {"count": count, "pattern": pattern, "difficulty": difficulty, "seed": seed}
        self.minutes, self.questions = minutes, draw(**self.settings)

    def begin(self, **changes):
        """A `MockInterview` on newly drawn questions, with other settings where given."""
        minutes = changes.pop("minutes", self.minutes)
        return MockInterview(draw(**{**self.settings, **changes}), minutes=minutes)

    def html(self):
        parts = "".join(
            f'<div style="margin: 0.8em 0">{markdown(f"**{q.pattern}, difficulty {q.difficulty}**")}'
            f"{question_html(q)}{folded('Model answer', answer_html(q))}</div>"
            for q in self.questions
        )
        how = f"Answer aloud, {self.minutes:g} minutes each, before you open the model answer. {_THEN} {rubric_text()}"
        return box("ask", f"A mock interview: {len(self.questions)} questions", markdown(how) + parts)

    def text(self):
        asked = "\n\n".join(f"{n}. {formulas.text(q.question, '   ').strip()}" for n, q in enumerate(self.questions, 1))
        grades = plain(f"{_THEN} {rubric_text()}", "  ")
        return f"A mock interview: {len(self.questions)} questions\n\n{asked}\n\n{grades}"

    def widget(self):
        """The live interview."""
        from adamkit.practice import mock_widgets

        return mock_widgets.Room(self).view


def question_html(question):
    """A question as it is asked."""
    return formulas.html(question.question)


def rubric_text():
    """The three grades and what each means, as Markdown."""
    return " ".join(f"*{grade}*: {meaning}" for grade, meaning in GRADES.items())
