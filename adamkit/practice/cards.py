"""The cards of the question bank, and the day on which each comes back.

The schedule is FSRS, the free spaced repetition scheduler, version 6, as its library ``fsrs`` implements it. Each card
has a *stability* (days until the chance of recalling it has fallen to 90%) and a *difficulty* (1 to 10); a review
updates both from the grade and from how long ago the last one was, and the card comes back when that chance is 90%.
The parameters are the ones published with the library, fitted to other people's reviews. (J. Ye, J. Su, Y. Cao, "A
stochastic shortest path algorithm for optimizing spaced repetition scheduling", KDD 2022.)

All times are in UTC. What is known about each card is in ``home()/cards.json``, and so is every grade that was given.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from adamkit.practice.store import Shelf, StoreError, reader_is_here

RATINGS = ("again", "hard", "good", "easy")
NEW_A_DAY = 10
#: Days; an interview is nearer than the decades to which FSRS would go.
LONGEST = 180
#: A clock may be corrected by this much without anybody having meant it.
_JITTER = timedelta(hours=1)


@dataclass(frozen=True)
class Scheduled:
    """The outcome of a review: when the card is due, how long that is from the review, and what to tell the reader."""

    due: datetime
    interval: timedelta
    notice: str = ""


@dataclass(frozen=True)
class Counts:
    """How many cards wait for a review, are new, and rest; and when the next one is due (None: nothing rests)."""

    due: int
    new: int
    resting: int
    next_due: datetime | None


class Cards:
    """Questions with their schedules.

    Args:
        questions: objects with ``id``, ``question`` and ``answer``; None takes the whole question bank.

    Raises:
        ValueError: two questions have one id.
    """

    def __init__(self, questions=None):
        questions = bank_questions() if questions is None else tuple(questions)
        self.questions = {question.id: question for question in questions}
        if len(self.questions) != len(questions):
            raise ValueError(f"questions={len(questions)} cards have only {len(self.questions)} different ids.")
        self.notice = ""

    def due(self, *, at=None):
        """Questions to review now, the longest overdue first, then at most `NEW_A_DAY` new ones each day.

        Reading never fails: what goes wrong with the file is said in ``notice``, and all cards then count as new.
        """
        at = _moment(at)
        kept = self._kept(at)
        known = [(seen.card.due, key) for key, seen in kept.items() if seen.card.due <= at]
        begun = sum(_local_day(seen.first) == _local_day(at) for seen in kept.values())
        new = [key for key in self.questions if key not in kept][: max(NEW_A_DAY - begun, 0)]
        return [self.questions[key] for _, key in sorted(known)] + [self.questions[key] for key in new]

    def counts(self, *, at=None):
        """`Counts` over all cards; every unseen card counts as new here, today's or not."""
        at = _moment(at)
        kept = self._kept(at)
        resting = sorted(seen.card.due for seen in kept.values() if seen.card.due > at)
        waiting = len(kept) - len(resting)
        return Counts(waiting, len(self.questions) - len(kept), len(resting), resting[0] if resting else None)

    def preview(self, key, *, at=None):
        """What each grade would do: grade → the time until the card comes back. Raises LookupError."""
        at = _moment(at)
        seen = self._kept(at).get(self._known(key))
        return {rating: _reviewed(seen and seen.card, rating, at)[1] for rating in RATINGS}

    def rate(self, key, rating, *, at=None):
        """Grade the card ``key`` as "again", "hard", "good" or "easy", and keep its new schedule.

        The review builds on what is on disk at that moment, so two kernels lose nothing.

        Args:
            key: the id of a question.
            rating: "again" for not recalled; the other three for recalled, by the effort that it took.
            at: the time of the review, a datetime with a time zone; None is now.

        Returns:
            A `Scheduled`. Where no reader is (see `store.reader_is_here`) nothing is kept.

        Raises:
            LookupError, ValueError: no such card or grade.
            StoreError: it could not be kept; what was on disk is untouched.
        """
        key, rating, at = self._known(key), _known_rating(rating), _moment(at)
        outcome = {}

        def change(entries):
            old = entries.get(key)
            seen = _seen(old, at)
            card, outcome["interval"] = _reviewed(seen and seen.card, rating, at)
            outcome["due"] = card.due
            entries[key] = {**_as_entry(card), "reviews": [*(_grades(old) if seen else []), [_text(at), rating]]}
            if old is not None and not seen:
                entries[key]["unreadable"] = old

        if not reader_is_here():
            change({})
            return Scheduled(**outcome)
        shelf = Shelf("cards")
        shelf.update(change)
        return Scheduled(**outcome, notice=shelf.notice)

    def _kept(self, at):
        """Id → `_Seen`, of the cards that were seen before; an entry that makes no sense counts as not seen."""
        if not reader_is_here():
            return {}
        shelf = Shelf("cards")
        try:
            entries = shelf.entries()
        except StoreError as reason:
            self.notice = str(reason)
            return {}
        self.notice = shelf.notice
        read = {key: _seen(entries.get(key), at) for key in self.questions}
        return {key: seen for key, seen in read.items() if seen}

    def _known(self, key):
        if key not in self.questions:
            raise LookupError(f"key={key!r} is not among the {len(self.questions)} cards here.")
        return key


def save_deck(path, questions=None):
    """Write the cards as an Anki deck to ``path`` (….apkg); see `anki.save_deck`. Returns the absolute path."""
    from adamkit.practice import anki

    return anki.save_deck(path, bank_questions() if questions is None else questions)


def bank_questions():
    """All questions of the bank."""
    from adamkit.practice import bank

    return tuple(bank.questions())


@dataclass(frozen=True)
class _Seen:
    """A card that was reviewed before: the memory that fsrs keeps of it, and the time of its first review."""

    card: Any
    first: datetime


def _seen(entry, at):
    """The card in an entry of the file; None when there is none, or when the entry makes no sense.

    A last review that lies in the future was made under a clock that has since been set back: it is taken as made
    at ``at``, and the card is due, because nobody can say how much time has passed.
    """
    import fsrs

    try:
        card = fsrs.Card.from_dict({"card_id": 0, **{name: entry[name] for name in _FIELDS}})
        _refuse_nonsense(card)
        grades = _grades(entry)
        first = _moment(datetime.fromisoformat(grades[0][0])) if grades else card.last_review
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return None
    if card.last_review - at > _JITTER:
        card.last_review = card.due = at
    return _Seen(card, first)


_FIELDS = ("state", "step", "stability", "difficulty", "due", "last_review")


def _refuse_nonsense(card):
    if card.due.tzinfo is None or card.last_review.tzinfo is None:
        raise ValueError("a time without its zone")
    if not (math.isfinite(card.stability) and card.stability > 0 and 1 <= card.difficulty <= 10):
        raise ValueError("no such memory")
    if card.state.name != "Review" and card.step not in (0, 1):
        raise ValueError("no such step")


def _reviewed(card, rating, at):
    """(card after the review, interval). ``card`` is None for a new one, and is not changed."""
    import fsrs

    card = fsrs.Card(card_id=0, due=at) if card is None else card
    if card.last_review is not None:
        at = max(at, card.last_review)
    card, _ = _scheduler().review_card(card, fsrs.Rating[rating.capitalize()], at)
    return card, card.due - at


@lru_cache(maxsize=1)
def _scheduler():
    import fsrs

    # No random spread of the dates: what a button promises is what happens.
    return fsrs.Scheduler(desired_retention=0.9, maximum_interval=LONGEST, enable_fuzzing=False)


def _as_entry(card):
    values = card.to_dict()
    return {name: values[name] for name in _FIELDS}


def _grades(entry):
    grades = entry.get("reviews") if isinstance(entry, dict) else None
    return grades if isinstance(grades, list) else []


def _known_rating(rating):
    if rating not in RATINGS:
        raise ValueError(f"rating={rating!r} must be one of {', '.join(map(repr, RATINGS))}.")
    return rating


def _moment(at):
    at = datetime.now(UTC) if at is None else at
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError(f"at={at!r} must be a datetime with a time zone, such as datetime.now(UTC).")
    return at.astimezone(UTC)


def _local_day(at):
    return at.astimezone().date()


def _text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
