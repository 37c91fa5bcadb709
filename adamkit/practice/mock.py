"""A timed mock interview: a question, your answer, then the model answer, and your own verdict on yours.

    practice.mock_interview()                                     choose, begin, answer against the clock
    interview = mock.MockInterview(mock.draw(5, seed=1))          the same without widgets:
    interview.write("Adam keeps …"); interview.reveal(); interview.grade("lean"); interview.advice()

What the reader types is kept at every change (``home()/drafts.json``), and every graded answer for good, with its
grade and its time (``home()/mock.json``). A grade also counts for the question's card: strong is "good", lean is
"hard", no is "again". Nothing that happens to a file raises here: the text stays where it was typed, and ``notice``
says what went wrong.
"""

import random
import time
from dataclasses import dataclass

from adamkit.practice import bank, progress
from adamkit.practice.store import Shelf, StoreError, reader_is_here

GRADES = {
    "strong": "The main points were there, the trap was not, and you could have taken the follow-up.",
    "lean": "The direction was right. A main point was missing, a figure was off, or the trap caught you.",
    "no": "You could not say it, or you said the opposite.",
}
_AS_RATING = {"strong": "good", "lean": "hard", "no": "again"}
MOST_QUESTIONS, MOST_MINUTES = 20, 30


def draw(count=5, *, pattern=None, difficulty=None, seed=None):
    """Choose questions from the bank: as many patterns as possible, easier questions first.

    Args:
        count: how many, 1 to 20; fewer come if the bank has fewer of the kind.
        pattern, difficulty: of which kind, see `bank.questions`.
        seed: the same seed draws the same questions. None draws at random, and what was graded "strong" the last
            time comes last.

    Raises:
        ValueError: count, pattern or difficulty is not possible.
    """
    check_whole("count", count, MOST_QUESTIONS)
    pool = bank.questions(pattern, difficulty)
    random.Random(seed if seed is not None or reader_is_here() else 0).shuffle(pool)
    known = last_grades() if seed is None else {}
    rank, seen = {}, {}
    for question in sorted(pool, key=lambda q: known.get(q.id) == "strong"):
        rank[question.id] = (known.get(question.id) == "strong", seen.get(question.pattern, 0))
        seen[question.pattern] = rank[question.id][1] + 1
    chosen = sorted(pool, key=lambda q: rank[q.id])[:count]
    return sorted(chosen, key=lambda q: q.difficulty)


def last_grades():
    """Question id → the grade of the last time; empty where no reader is, or nothing can be read."""
    try:
        entries = Shelf("mock").entries() if reader_is_here() else {}
    except StoreError:
        return {}
    kept = {key: history[-1] for key, history in entries.items() if isinstance(history, list) and history}
    return {key: last.get("grade") for key, last in kept.items() if isinstance(last, dict)}


@dataclass
class Answer:
    """One question of an interview, and what the reader made of it."""

    question: bank.Question
    text: str = ""
    seconds: float | None = None  # from the question to the model answer
    grade: str | None = None

    @property
    def revealed(self):
        """True once the model answer was shown."""
        return self.seconds is not None


class MockInterview:
    """Some questions, one after the other. Every method may be called at any time and none raises on a full disk.

    Args:
        questions: from `draw` or the bank.
        minutes: for each question; the clock only tells, it cuts nobody off.
        clock: seconds, for tests.

    Attributes:
        answers: an `Answer` for each question, in order.
        notice: what went wrong when something was last kept, else "".
    """

    def __init__(self, questions, *, minutes=2, clock=time.monotonic):
        check_minutes(minutes)
        self.answers = [Answer(question) for question in questions]
        self.minutes, self.notice = minutes, ""
        self._position, self._clock = 0, clock
        self._enter()

    @property
    def current(self):
        """The `Answer` in work, None at the end."""
        return self.answers[self._position] if self._position < len(self.answers) else None

    @property
    def number(self):
        """Of the question in work, from 1."""
        return self._position + 1

    def write(self, text, answer=None):
        """What the reader has typed so far; kept at once. ``answer`` is the one in work unless another is meant."""
        answer = answer or self.current
        if answer is None:
            return
        answer.text = str(text)
        self._keep("drafts", lambda entries: entries.__setitem__(answer.question.id, answer.text))

    def reveal(self):
        """The reader wants the model answer: the clock stops."""
        if self.current and not self.current.revealed:
            self.current.seconds = self._clock() - self._asked

    def grade(self, grade):
        """The reader's verdict, "strong", "lean" or "no"; goes on to the next question.

        Raises:
            ValueError: another word.
        """
        if grade not in GRADES:
            raise ValueError(f"grade={grade!r} must be one of {', '.join(GRADES)}.")
        answer = self.current
        if answer is None:
            return
        self.reveal()
        answer.grade = grade
        kept = {"when": progress.now(), "text": answer.text, "grade": grade, "seconds": round(answer.seconds)}
        if self._keep("mock", lambda entries: _append(entries, answer.question.id, kept)):
            self._keep("drafts", lambda entries: entries.pop(answer.question.id, None))
        self._rate_card(answer)
        self._next()

    def skip(self):
        """Go on without a grade; what was typed stays as a draft."""
        self._next()

    def advice(self):
        """What to revisit, as a `mock_pages.Advice`."""
        from adamkit.practice.mock_pages import Advice

        return Advice(tuple(answer for answer in self.answers if answer.grade))

    def _next(self):
        if self.current:
            self._position += 1
            self._enter()

    def _enter(self):
        self._asked = self._clock()
        if self.current and reader_is_here():
            try:
                draft = Shelf("drafts").entries().get(self.current.question.id, "")
            except StoreError as reason:
                draft, self.notice = "", str(reason)
            self.current.text = draft if isinstance(draft, str) else ""

    def _keep(self, topic, change):
        """Change a file. True when that worked, or when there is no reader to keep anything for."""
        self.notice = ""
        if not reader_is_here():
            return True
        shelf = Shelf(topic)
        try:
            shelf.update(change)
        except StoreError as reason:
            self.notice = f"Not kept on disk; your text is still here. {reason}"
            return False
        self.notice = shelf.notice
        return True

    def _rate_card(self, answer):
        from adamkit.practice.cards import Cards

        try:
            Cards([answer.question]).rate(answer.question.id, _AS_RATING[answer.grade])
        except StoreError as reason:
            self.notice = self.notice or f"The card was not moved. {reason}"


def _append(entries, key, kept):
    history = entries.get(key, [])
    entries[key] = [*(history if isinstance(history, list) else [history]), kept]


def check_whole(name, value, most):
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f"{name}={value!r} must be a whole number from 1 to {most}.")


def check_minutes(minutes):
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or not 0 < minutes <= MOST_MINUTES:
        raise ValueError(f"minutes={minutes!r} must be above 0, and at most {MOST_MINUTES}.")
