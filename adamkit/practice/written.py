"""Answers in the reader's own words that are kept on disk and met again later."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adamkit.practice import progress
from adamkit.practice.present import Shown, box, escape, folded, inline, markdown, plain
from adamkit.practice.store import StoreError, reader_is_here


@dataclass(frozen=True, repr=False)
class WrittenAnswer(Shown):
    """A question answered in a text field with a Save button. Every saved version is kept.

    Args:
        key: "00-opening".
        question: Markdown.
        rubric: grade → what such an answer contains, for grading oneself; may be empty.
    """

    key: str
    question: str
    rubric: Mapping = field(default_factory=dict)

    def save(self, text):
        """Keep a version. Returns (tone, sentence) for display; never raises, and never loses the text."""
        if not text.strip():
            return "calm", "There is nothing to save yet."
        try:
            shelf = progress.keep_text(self.key, text)
        except StoreError as reason:
            return "bad", f"Not saved; your text is still in the box above. {reason}"
        return "good", f"Saved. You will meet it again in notebook 14. {shelf.notice}".strip()

    def history(self):
        """Kept versions, oldest first: dicts with ``when`` and ``text``. Empty where no reader is."""
        return progress.texts(self.key)[0] if reader_is_here() else []

    def html(self):
        return box("ask", "Write your answer now; it is kept for notebook 14", markdown(self.question))

    def text(self):
        return f"Write your answer now; it is kept for notebook 14\n{plain(self.question, '  ')}"

    def widget(self):
        """The question, a text field that holds the newest version, Save, and what was saved before."""
        from adamkit.practice import widgets

        history, notice = progress.texts(self.key) if reader_is_here() else ([], "")
        answer = widgets.AnswerBox(history[-1]["text"] if history else "", self.save)
        if notice:
            answer.said.value = box("bad", notice)
        elif history:
            answer.said.value = box("calm", f"Saved on {_day(history[-1])}. Change it and save again if you like.")
        return widgets.column(widgets.prose(self.html()), answer.view)

    def compare(self):
        """The first answer and the rubric, to read beside what one would say now."""
        return Comparison(self)


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """The reader's first answer to a question beside the newest one, and the rubric to grade them with.

    Live, the old answer is shown once a new one is saved: it should not be copied.
    """

    asked: WrittenAnswer

    def _first(self):
        history = self.asked.history()
        return history[0] if history else None

    def html(self):
        first = self._first()
        if first:
            text = f'<blockquote style="white-space: pre-wrap">{escape(first["text"])}</blockquote>'
            answer = f"<p>What you wrote on {_day(first)}:</p>{text}"
        else:
            answer = "<p>No first answer is kept here.</p>"
        rubric = "".join(f"<li><strong>{escape(g)}</strong>: {inline(t)}</li>" for g, t in self.asked.rubric.items())
        graded = folded("How to grade it", f"<ul>{rubric}</ul>") if rubric else ""
        return box("ask", "The opening question again", markdown(self.asked.question) + answer + graded)

    def widget(self):
        """The question, an empty field for a new answer, and after saving both answers with the rubric."""
        from adamkit.practice import widgets

        beside, met = widgets.prose(""), {}  # the first answer as it was before the first save from here

        def save(text):
            first = met["first"] if met else self._first()
            tone, said = self.asked.save(text)
            if tone == "good":
                met["first"] = first
                beside.value = self.beside(text, first)
            return tone, said.replace(" You will meet it again in notebook 14.", "")

        answer = widgets.AnswerBox("", save)
        front = box("ask", "The opening question again", markdown(self.asked.question))
        return widgets.column(widgets.prose(front), answer.view, beside)

    def beside(self, new, first):
        """HTML: the first answer, None if there is none, and a new one in two columns, then the rubric."""
        old = (f"On {_day(first)}", first["text"]) if first else ("Then", "No first answer is kept here.")
        cell = '<td style="white-space: pre-wrap; vertical-align: top; width: 50%; text-align: left">{}</td>'
        heads = "".join(f"<th>{escape(head)}</th>" for head in (old[0], "Now"))
        cells = "".join(cell.format(escape(text)) for text in (old[1], new))
        rubric = "".join(f"<li><strong>{escape(g)}</strong>: {inline(t)}</li>" for g, t in self.asked.rubric.items())
        table = f'<table style="width: 100%"><tr>{heads}</tr><tr>{cells}</tr></table>'
        return box("calm", "Then and now", table) + box("ask", "How to grade them", f"<ul>{rubric}</ul>")

    def text(self):
        first = self._first()
        answer = f"What you wrote on {_day(first)}:\n{first['text']}" if first else "No first answer is kept here."
        rubric = "\n".join(
            plain(f"{grade}: {' '.join(wanted.split())}", "  ") for grade, wanted in self.asked.rubric.items()
        )
        return f"The opening question again\n{plain(self.asked.question, '  ')}\n\n{answer}\n\n{rubric}".strip()


def _day(version):
    return str(version.get("when", ""))[:10]
