"""Multiple-choice questions with feedback on every option, and the pre-quiz that says where to start."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adamkit.practice import formulas, progress
from adamkit.practice.present import Shown, box, folded

_LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, what to say to whoever chooses it, and whether it is right."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with two to eight options of which exactly one is right. Texts are Markdown with ``$formulas$``.

    ``answered_in`` is the notebook that answers it ("04"), for the pre-quiz.
    """

    text: str
    options: Sequence[Option]
    answered_in: str = ""

    def __post_init__(self):
        rights = sum(option.right for option in self.options)
        if rights != 1 or not 2 <= len(self.options) <= len(_LETTERS):
            raise ValueError(f"{self.text!r} has {len(self.options)} options, {rights} of them right; one must be")

    @property
    def answer(self):
        """Index of the right option."""
        return next(i for i, option in enumerate(self.options) if option.right)


@dataclass(repr=False, eq=False)
class Quiz(Shown):
    """Questions shown together. Live: click a letter, read the feedback. Static: answers folded."""

    key: str
    title: str
    questions: Sequence[Question]
    chosen: dict = field(default_factory=dict, init=False)  # question index → option index

    def choose(self, question, option):
        """Record a choice and return its feedback as (right, Markdown)."""
        self.chosen[question] = option
        picked = self.questions[question].options[option]
        if len(self.chosen) == len(self.questions):
            progress.note("quizzes", self.key, self.result())
        return picked.right, picked.feedback

    def result(self):
        """What is kept of an answered quiz."""
        return {"right": self.right, "of": len(self.questions)}

    @property
    def right(self):
        """How many choices are right so far."""
        return sum(self.questions[q].options[o].right for q, o in self.chosen.items())

    def summary(self):
        """A line on the state of the quiz; "" until all questions are answered."""
        if len(self.chosen) < len(self.questions):
            return ""
        return f"{self.right} of {len(self.questions)} right."

    def html(self):
        return box("ask", self.title, "".join(self._question_html(*pair) for pair in enumerate(self.questions, 1)))

    def text(self):
        blocks = [self.title]
        for number, question in enumerate(self.questions, 1):
            options = [formulas.text(f"{letter}) {o.text}", "     ") for letter, o in zip(_LETTERS, question.options)]
            blocks.append("\n".join([formulas.text(f"{number}. {question.text}", "  "), *options]))
        return "\n\n".join(blocks)

    def _question_html(self, number, question):
        options = "".join(f"<li>{formulas.inline(option.text)}</li>" for option in question.options)
        feedback = "".join(
            f"<li>{'✓' if option.right else '✗'} {formulas.inline(option.feedback)}</li>" for option in question.options
        )
        note = f" (notebook {question.answered_in})" if question.answered_in else ""
        list_tag = '<ol type="A" style="margin: 0.3em 0">'
        asked = formulas.html(f"{number}\\. {question.text}")
        return (
            f'<div style="margin: 0.8em 0">{asked}{list_tag}{options}</ol>'
            f"{folded('Answer' + note, f'{list_tag}{feedback}</ol>')}</div>"
        )

    def widget(self):
        """Rows of buttons, feedback below each question, a summary at the end."""
        from adamkit.practice import widgets

        total = widgets.prose("")
        parts = [self._question_widget(index, total, widgets) for index in range(len(self.questions))]
        return widgets.column(widgets.prose(box("ask", self.title)), *parts, total)

    def _question_widget(self, index, total, widgets):
        question, said = self.questions[index], widgets.prose("")

        def on_choose(option):
            right, feedback = self.choose(index, option)
            rows.mark(option, "success" if right else "danger")
            tone, title = ("good", "✓ Right") if right else ("warn", "✗ Not quite")
            said.value = box(tone, title, formulas.html(feedback))
            total.value = box("calm", self.summary()) if self.summary() else ""

        rows = widgets.ChoiceRows([option.text for option in question.options], on_choose)
        asked = f"<strong>{index + 1}.</strong> {formulas.inline(question.text)}"
        title = widgets.prose(f'<p style="margin: 0.35em 0; line-height: 1.4">{asked}</p>')  # as in `PlanBox`
        return widgets.column(title, rows.view, said)


@dataclass(repr=False, eq=False)
class PreQuiz(Quiz):
    """A quiz whose result is a place to start: the first notebook that answers a question missed.

    ``titles`` names the notebooks ("04" → "Adam"); ``all_right`` is what to say when nothing is missed.
    """

    titles: dict = field(default_factory=dict)
    all_right: str = ""

    def result(self):
        """Also the notebooks to begin with, for the progress panel."""
        return {**super().result(), "missed": self.missed()}

    def missed(self):
        """Notebooks that answer the questions not answered rightly, in reading order."""
        wrong = [q for i, q in enumerate(self.questions) if self.chosen.get(i) != q.answer]
        return sorted({q.answered_in for q in wrong})

    def summary(self):
        """The suggestion, once every question is answered."""
        if len(self.chosen) < len(self.questions):
            return f"{len(self.chosen)} of {len(self.questions)} answered." if self.chosen else ""
        missed = self.missed()
        if not missed:
            return f"{self.right} of {len(self.questions)} right. {self.all_right}"
        names = [f"{number} {self.titles[number]}" for number in missed]
        then = f" Then look at: {', '.join(names[1:])}." if names[1:] else ""
        return f"{self.right} of {len(self.questions)} right. Start with notebook **{names[0]}**.{then}"
