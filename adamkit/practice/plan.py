"""Twenty-one days of spaced practice: what to do on days 0, 3, 7, 14 and 21, and the same as a calendar file.

The gaps grow because recalling something just before it would be forgotten is what keeps it. The day on which the
plan began, and what is done, are kept in ``home()/plan.json``; days are the reader's own, by the local date.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from adamkit.practice import progress
from adamkit.practice.store import Shelf, StoreError, export, reader_is_here


@dataclass(frozen=True)
class Task:
    """One thing to do: on which day of the plan, what, how, for how many minutes, and which notebook helps."""

    key: str
    day: int
    title: str
    how: str
    minutes: int
    notebook: str


TASKS = (
    Task("0-update", 0, "Write the update from memory",
         "An empty page: m, v, both corrections, the step, in this order. Then compare with the paper's algorithm 1.",
         10, "04"),
    Task("0-duck", 0, "Explain bias correction aloud to a rubber duck",
         "Why is m too small, and by how much? And the steps without correction: too small, or too large? The duck "
         "asks why.", 5, "04"),
    Task("3-adamw", 3, "AdamW against Adam + L2",
         "Write the line in which they differ, and say which weights L2 decays least, and why.", 5, "05"),
    Task("3-ten-lines", 3, "Adam's step in ten lines",
         'An empty cell, no looking: practice.exercise("04-adam") once more, until the checker passes it.', 15, "04"),
    Task("7-transformers", 7, "Transformers against CNNs: three reasons",
         "Why AdamW for one, while SGD holds its own on the other: three reasons, the evidence for each, and what is "
         "unsettled.", 10, "07"),
    Task("7-hunt", 7, "A bug hunt by the clock",
         "practice.bug_hunt(seed, level=2) with a seed that you have not seen: mark the lines, say why.", 5, "14"),
    Task("14-derivation", 14, "Problem 1: derive the bias correction",
         "At a whiteboard, with a clock: 5 to 8 minutes, aloud. Then grade yourself with the rubric.", 8, "14"),
    Task("14-choice", 14, "Problem 2: an optimizer for ResNet-50, and one for GPT-2",
         "5 to 8 minutes, aloud: the optimizer, its numbers, the reason for each. Then the rubric.", 8, "14"),
    Task("14-climb", 14, "Problem 3: a loss that falls, then climbs",
         "5 to 8 minutes, aloud: what you look at first, what it would mean, what you change. Then the rubric.", 8,
         "14"),
    Task("21-landscape", 21, "From SGD to 8-bit Adam in three minutes",
         "The whole landscape in one breath: what each step added, and which problem it solved. Use a clock.", 3, "09"),
    Task("21-step", 21, "One training step, counted",
         "practice.systems(seed) with a new seed: its memory and its time, with pen and paper.", 8, "14"),
)
DAYS = tuple(sorted({task.day for task in TASKS}))


@dataclass(frozen=True)
class Standing:
    """Where a reader is in the plan.

    Attributes:
        start: the date of day 0, or None when the plan has not begun.
        done: task key → when it was done, as text.
        notice: a sentence when something is wrong with the file, else "".
    """

    start: date | None = None
    done: dict | None = None
    notice: str = ""

    def date_of(self, day):
        """The date of a day of the plan; None before it has begun."""
        return self.start + timedelta(days=day) if self.start else None

    def is_done(self, task):
        """True when the task is done."""
        return task.key in (self.done or {})

    def due(self, *, today=None):
        """Tasks that are open and whose day has come, in order; none before the plan has begun."""
        today = today or date.today()
        return [t for t in TASKS if self.start and self.date_of(t.day) <= today and not self.is_done(t)]

    def coming(self, *, today=None):
        """The date of the next day of the plan, or None after the last."""
        today = today or date.today()
        return next((self.date_of(day) for day in DAYS if self.start and self.date_of(day) > today), None)


def standing():
    """The `Standing` of the reader; the empty one where no reader is. Never raises."""
    if not reader_is_here():
        return Standing()
    shelf = Shelf("plan")
    try:
        entries = shelf.entries()
    except StoreError as reason:
        return Standing(notice=str(reason))
    done = entries.get("done")
    return Standing(_date(entries.get("start")), done if isinstance(done, dict) else {}, shelf.notice)


def start(day=None):
    """Begin the plan, or move it; what is done stays done.

    Args:
        day: the date of day 0; None is today.

    Returns:
        The `Standing` afterwards.

    Raises:
        ValueError: ``day`` is no date, or one for which the calendar has no day 21.
        StoreError: it could not be kept.
    """
    day = _known_date(day)

    def change(entries):
        if entries.get("start") != day.isoformat():
            entries["moved"] = 1 + _count(entries.get("moved"), -1)
        entries["start"] = day.isoformat()
        entries.setdefault("id", uuid.uuid4().hex)

    if not reader_is_here():
        return Standing(day, {})
    Shelf("plan").update(change)
    return standing()


def mark(key, done=True):
    """Mark a task as done, or as open again. Raises LookupError for a strange key, `StoreError` when not kept."""
    if key not in {task.key for task in TASKS}:
        raise LookupError(f"key={key!r} is no task of the plan; they are {', '.join(task.key for task in TASKS)}.")

    def change(entries):
        finished = entries["done"] if isinstance(entries.get("done"), dict) else {}
        finished.pop(key, None) if not done else finished.setdefault(key, progress.now())
        entries["done"] = finished

    if reader_is_here():
        Shelf("plan").update(change)


def save_calendar(path):
    """Write the plan as a calendar file (iCalendar, RFC 5545): one all-day entry for each day, with a reminder at nine.

    The plan begins today unless it has begun (see `start`). Importing the file again after the plan was moved moves
    the entries, in calendars that go by the entries' identity.

    Args:
        path: where to; must end in .ics, in a folder that exists.

    Returns:
        The absolute path.

    Raises:
        ValueError: the path will not do.
        StoreError: the file could not be written; one that was there before is untouched.
    """
    begun = standing().start or start().start
    return export(path, ".ics", calendar(begun))


def calendar(begun):
    """The calendar file of a plan whose day 0 is the date ``begun``, as bytes."""
    import icalendar

    kept = _identity()
    book = icalendar.Calendar()
    book.add("prodid", "-//adamkit//study plan//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", "The Adam notebooks")
    for day in DAYS:
        book.add_component(_event(icalendar, day, begun + timedelta(days=day), kept))
    return book.to_ical()


def _event(icalendar, day, date_of_day, kept):
    tasks = [task for task in TASKS if task.day == day]
    event = icalendar.Event()
    event.add("uid", f"day-{day}-{kept['id']}@adamkit")
    event.add("sequence", kept["moved"])
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", date_of_day)
    event.add("dtend", date_of_day + timedelta(days=1))
    event.add("summary", f"Adam, day {day}: {sum(task.minutes for task in tasks)} minutes")
    event.add("description", "\n\n".join(f"{t.title} ({t.minutes} min, notebook {t.notebook})\n{t.how}" for t in tasks))
    event.add("transp", "TRANSPARENT")
    reminder = icalendar.Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", f"Adam, day {day}")
    reminder.add("trigger", timedelta(hours=9))
    event.add_component(reminder)
    return event


def _identity():
    """The plan's own id, which makes entries updatable, and how often it was moved; a passing one without a reader."""
    entries = {}
    if reader_is_here():
        try:
            entries = Shelf("plan").entries()
        except StoreError:
            entries = {}
    kept = entries.get("id")
    return {"id": kept if isinstance(kept, str) and kept else uuid.uuid4().hex, "moved": _count(entries.get("moved"))}


def _count(value, default=0):
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


def _known_date(day):
    day = date.today() if day is None else day
    if isinstance(day, datetime) or not isinstance(day, date) or not 1970 <= day.year <= 9000:
        raise ValueError(f"day={day!r} must be a date between the years 1970 and 9000, such as date(2026, 3, 31).")
    return day


def _date(text):
    try:
        return _known_date(date.fromisoformat(text)) if text else None
    except (TypeError, ValueError):
        return None
