"""The review of cards in a notebook: the question, then the answer, then how well it went."""

from datetime import UTC, datetime, timedelta

from adamkit.practice import formulas
from adamkit.practice.cards import Cards
from adamkit.practice.present import Shown, box, escape, folded
from adamkit.practice.store import StoreError

_HOW = "Answer aloud first. Then open the answer, and grade how well you recalled it."
_SAMPLES = 3


class Review(Shown):
    """Cards that are due, one at a time.

    Live: the question, a button for the answer, four buttons for the grade, each with the time after which the card
    comes back. Static: the first few questions with folded answers.

    Args:
        cards: a `cards.Cards`.
    """

    def __init__(self, cards=None):
        self.cards = Cards() if cards is None else cards
        self.queue = []
        self.said = ""
        self.refill()

    def refill(self):
        """Look again for cards that are due now."""
        self.queue = self.cards.due()

    @property
    def question(self):
        """The question in front, or None when nothing is due."""
        return self.queue[0] if self.queue else None

    def grade(self, rating):
        """Grade the question in front, and go on to the next; a card that comes back within the hour stays in line.

        Returns True when it was kept. A file that cannot be written raises nothing: ``said`` tells, and the card
        stays in front.
        """
        if self.question is None:
            return False
        try:
            result = self.cards.rate(self.question.id, rating)
        except StoreError as reason:
            self.said = f"Not kept; grade it again when that is solved. {reason}"
            return False
        card = self.queue.pop(0)
        if result.interval < timedelta(hours=1):
            self.queue.append(card)
        self.said = f"It comes back in {span(result.interval)}. {result.notice}".strip()
        return True

    def standing(self):
        """A sentence on how much there is to do."""
        if self.queue:
            return f"{len(self.queue)} to review now."
        waiting = self.cards.counts()
        if waiting.due:
            return "Done for now; a card that you have just seen comes back in a few minutes."
        when = f" The next is due in {span(waiting.next_due - datetime.now(UTC))}." if waiting.next_due else ""
        return f"Nothing is due.{when}"

    def html(self):
        samples = "".join(
            f'<div style="margin: 0.6em 0">{formulas.html(q.question)}{folded("Answer", answer_html(q))}</div>'
            for q in list(self.cards.questions.values())[:_SAMPLES]
        )
        return box("ask", f"{len(self.cards.questions)} cards, here are the first", f"<p>{escape(_HOW)}</p>{samples}")

    def text(self):
        first = list(self.cards.questions.values())[:_SAMPLES]
        lines = [f"{len(self.cards.questions)} cards, here are the first", f"  {_HOW}"]
        return "\n\n".join(["\n".join(lines), *(formulas.text(q.question, "  ") for q in first)])

    def widget(self):
        """The live review."""
        from adamkit.practice import widgets

        return widgets.ReviewBox(self).view


def answer_html(question):
    """Answer, trap and follow-up of a question, where it has them."""
    parts = [formulas.html(question.answer)]
    for name, title in (("trap", "The trap"), ("follow_up", "The follow-up")):
        if getattr(question, name, ""):
            parts.append(f"<p><strong>{title}</strong></p>{formulas.html(getattr(question, name))}")
    return "".join(parts)


_UNITS = ((90, 1, "minute"), (36 * 60, 60, "hour"), (60 * 1440, 1440, "day"), (float("inf"), 30.4 * 1440, "month"))


def span(time):
    """A length of time in words: "10 minutes", "8 days", "2 months"; at least a minute."""
    minutes = max(time.total_seconds() / 60, 1)
    _, size, unit = next(row for row in _UNITS if minutes < row[0])
    count = max(round(minutes / size), 1)
    return f"{count} {unit}{'s' * (count != 1)}"
