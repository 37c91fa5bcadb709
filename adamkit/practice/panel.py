"""The progress panel: what is done, what is due, where to go next.

It reads the reader's files and nothing else. Where no reader is, it shows the same table with nothing done, so that
a stored notebook holds nobody's progress.
"""

from dataclasses import dataclass, field

from adamkit.practice import catalogue, plan
from adamkit.practice.present import Shown, box, escape, markdown, plain
from adamkit.practice.store import Shelf, StoreError, reader_is_here
from adamkit.practice.titles import TITLES


@dataclass(frozen=True)
class Row:
    """One notebook: exercises passed and written of how many there are, and the self-check's last result, or None."""

    notebook: str
    title: str
    done: int
    exercises: int
    right: int | None
    questions: int

    @property
    def begun(self):
        """True when anything was done here."""
        return bool(self.done) or self.right is not None

    @property
    def finished(self):
        """True when every exercise is done and the self-check answered."""
        return self.done == self.exercises and (self.right is not None or not self.questions)


@dataclass(frozen=True)
class Progress:
    """Everything the panel shows; see `read`."""

    rows: tuple
    missed: tuple = ()
    cards: object = None
    standing: object = field(default_factory=plan.Standing)
    notices: tuple = ()

    def next_step(self):
        """Where to go now, in a sentence (Markdown), by the first of these that applies."""
        if due := self.standing.due():
            return f"Today's plan: **{due[0].title}** ({due[0].minutes} minutes, notebook {due[0].notebook})."
        if self.cards and self.cards.due:
            count = self.cards.due
            return f"**{count} card{'s' * (count != 1)}** to review: `practice.review()`."
        if row := next((r for r in self.rows if r.begun and not r.finished and r.notebook != "00"), None):
            return f"Finish notebook **{row.notebook} {row.title}**: {_left(row)}."
        fresh = {r.notebook: r for r in self.rows if not r.begun and r.notebook != "00"}
        if first := next((n for n in self.missed if n in fresh), None) or next(iter(fresh), None):
            why = ", which answers a question that you missed" if first in self.missed else ""
            return f"Open notebook **{first} {fresh[first].title}**{why}."
        return "Everything is done. The cards keep it: `practice.review()`."


def read():
    """The reader's `Progress`. Never raises: what cannot be read counts as not done, and ``notices`` say why."""
    notices = []
    passed, quizzes, answers = (_entries(topic, notices) for topic in ("exercises", "quizzes", "answers"))
    rows = tuple(_row(number, passed, quizzes, answers) for number in catalogue.notebooks())
    pre_quiz = quizzes.get(catalogue.module("00").PRE_QUIZ.key)
    missed = pre_quiz.get("missed") if isinstance(pre_quiz, dict) else None
    standing = plan.standing()
    counts = _cards(notices)
    notices += [standing.notice] if standing.notice else []
    missed = tuple(missed) if isinstance(missed, list) else ()
    return Progress(rows, missed, counts, standing, tuple(dict.fromkeys(notices)))


def _row(number, passed, quizzes, answers):
    content = catalogue.module(number)
    keys = {exercise.key for exercise in getattr(content, "EXERCISES", ())}
    quiz = getattr(content, "SELF_CHECK", None)
    kept = quizzes.get(quiz.key) if quiz else None
    right = kept.get("right") if isinstance(kept, dict) else None
    right = right if isinstance(right, int) else None
    done = len(keys & (set(passed) | set(answers)))
    return Row(number, TITLES.get(number, ""), done, len(keys), right, len(quiz.questions) if quiz else 0)


def _entries(topic, notices):
    if not reader_is_here():
        return {}
    shelf = Shelf(topic)
    try:
        entries = shelf.entries()
    except StoreError as reason:
        notices.append(str(reason))
        return {}
    if shelf.notice:
        notices.append(shelf.notice)
    return entries


def _cards(notices):
    from adamkit.practice.cards import Cards

    cards = Cards()
    counts = cards.counts()
    notices += [cards.notice] if cards.notice else []
    return counts


def _left(row):
    missing = row.exercises - row.done
    parts = [f"{missing} exercise{'s' * (missing != 1)} left"] if missing else []
    return " and ".join(parts + (["the self-check"] if row.right is None and row.questions else []))


class ProgressPanel(Shown):
    """The panel; shown again, it reads again."""

    def html(self):
        progress = read()
        lines = "\n".join(
            f"| {r.notebook} | {r.title} | {_bar(r.done, r.exercises)} | {_score(r)} |" for r in progress.rows
        )
        table = markdown(f"| | notebook | exercises | self-check |\n|:--|:--|:--|:--|\n{lines}")
        body = f"<p>{escape(_due(progress))}</p>{table}{markdown('**Next.** ' + progress.next_step())}"
        told = "".join(box("warn", escape(notice)) for notice in progress.notices)
        return box("ask", "Your progress", body) + told

    def text(self):
        progress = read()
        lines = [f"  {r.notebook} {r.title}: {r.done} of {r.exercises} exercises, self-check {_score(r)}"
                 for r in progress.rows]
        end = plain(f"Next: {progress.next_step().replace('**', '')}", "  ")
        return "\n".join(["Your progress", plain(_due(progress), "  "), *lines, end, *progress.notices])


def _due(progress):
    """What is due, in a line."""
    cards, standing = progress.cards, progress.standing
    parts = []
    if cards:
        parts.append(f"Cards: {cards.due} to review, {cards.new} new, {cards.resting} resting.")
    if standing.start:
        parts.append(f"Plan: {len(standing.done)} of {len(plan.TASKS)} tasks done, {len(standing.due())} due.")
    return " ".join(parts)


def _bar(done, total):
    return f"{'●' * done}{'○' * (total - done)} {done} of {total}" if total else "none"


def _score(row):
    if not row.questions:
        return "–"
    return "open" if row.right is None else f"{row.right} of {row.questions}"
