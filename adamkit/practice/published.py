"""Mistakes of the exercises that published code has had, as a table that unfolds for each notebook."""

import html
from dataclasses import dataclass

from adamkit.practice import catalogue
from adamkit.practice.exercises import Exercise
from adamkit.practice.present import Shown, folded
from adamkit.practice.titles import TITLES

#: Kind of a source → how the phrases of that kind begin; every other source is code that shipped with the mistake.
KINDS = {
    "caught before it shipped": ("a first draft", "a change proposed"),
    "in documentation only": ("PennyLane's documentation", "torch's own documentation"),
    "on purpose": ("the RMSprop of TensorFlow and of JAX, on purpose", "BERT's own training code, on purpose"),
}


def kind(seen):
    """What a source is evidence of: "shipped", or a key of `KINDS`."""
    return next((name for name, starts in KINDS.items() if seen.startswith(starts)), "shipped")


@dataclass(frozen=True, repr=False)
class PublishedMistakes(Shown):
    """Every known mistake with a source: (key of the exercise, name of the mistake, where it was seen)."""

    rows: tuple

    @classmethod
    def gather(cls):
        """From the exercises of all notebooks, in their order."""
        exercises = (e for e in catalogue.everything("EXERCISES") if isinstance(e, Exercise))
        return cls(tuple((e.key, m.name, m.seen) for e in exercises for m in e.mistakes if m.seen))

    def by_kind(self):
        """Kind of source → its rows; "shipped" first."""
        return {name: [row for row in self.rows if kind(row[2]) == name] for name in ("shipped", *KINDS)}

    def html(self):
        return "".join(map(self._notebook, sorted({key[:2] for key, *_ in self.rows})))

    def _notebook(self, number):
        rows = [row for row in self.rows if row[0].startswith(number)]
        titles = ("exercise", "mistake", "seen in", "kind")
        head = "".join(f"<th style='text-align:left'>{title}</th>" for title in titles)
        body = "".join(f"<tr>{''.join(_cell(text) for text in (*row, kind(row[2])))}</tr>" for row in rows)
        title = f"{number} {TITLES.get(number, '')}: {len(rows)} mistake{'s' * (len(rows) != 1)}"
        return folded(title, f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")

    def text(self):
        return "\n".join(f"{key}: {name}. {seen}." for key, name, seen in self.rows)


def _cell(text):
    return f"<td style='text-align:left; overflow-wrap:anywhere'>{html.escape(text)}</td>"
