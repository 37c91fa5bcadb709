"""One question of the bank, and what makes it fit to be asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from adamkit.practice import formulas

DIFFICULTIES = {1: "asked of everyone", 2: "a good interviewer's follow-up", 3: "for a specialist"}
FEWEST_WORDS, MOST_WORDS = 70, 190  # an answer is spoken in about a minute
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_PLACE = re.compile(r"\d\d_[a-z_]+(#[^#\s].*)?")


@dataclass(frozen=True)
class Question:
    """A question as it is asked, and what there is to say. Texts are Markdown with ``$formulas$``.

    Args:
        id: "bias-first-step"; unique in the bank, and stable: progress is kept under it.
        pattern: "bias correction", the name of the file's pattern.
        difficulty: 1 to 3, see `DIFFICULTIES`.
        question: as it is asked.
        answer: what to say in about a minute, 70 to 190 words.
        trap: what most answers get wrong.
        follow_up: what is asked next, and in a sentence or two what to say then.
        shown_in: where the series shows it: "04_adam#The trap", a notebook and one of its headings,
            or a notebook alone.
        source: the paper or code it rests on.
    """

    id: str
    pattern: str
    difficulty: int
    question: str
    answer: str
    trap: str
    follow_up: str
    shown_in: str
    source: str

    @property
    def notebook(self):
        """File name of the notebook that shows it: "04_adam.ipynb"."""
        return f"{self.shown_in.partition('#')[0]}.ipynb"

    @property
    def heading(self):
        """The heading that shows it, "" for the whole notebook."""
        return self.shown_in.partition("#")[2]

    @property
    def link(self):
        """The place as a link from another notebook: "04_adam.ipynb#The-trap"."""
        return f"{self.notebook}#{self.heading.replace(' ', '-')}" if self.heading else self.notebook

    def problems(self):
        """Sentences on what is wrong with it; empty for a sound question."""
        found = []
        for name in ("question", "answer", "trap", "follow_up", "source"):
            if not getattr(self, name).strip():
                found.append(f"{name} is empty")
            if not formulas.complete(getattr(self, name)):
                found.append(f"{name} has a formula without its second dollar sign (write \\$ for money)")
        words = len(self.answer.split())
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            found.append(f"answer has {words} words; a minute is {FEWEST_WORDS} to {MOST_WORDS}")
        if self.difficulty not in DIFFICULTIES:
            found.append(f"difficulty={self.difficulty!r} must be 1, 2 or 3")
        if not _ID.fullmatch(self.id):
            found.append(f"id={self.id!r} must be words of small letters joined by hyphens")
        if not _PLACE.fullmatch(self.shown_in):
            found.append(f"shown_in={self.shown_in!r} must look like '04_adam#The trap' or '04_adam'")
        if "?" not in self.follow_up:
            found.append("follow_up asks nothing")
        return found


@dataclass(frozen=True)
class Pattern:
    """A kind of question, one file of the bank: its name, what is being tested, and its questions."""

    name: str
    order: int
    about: str
    questions: Sequence[Question]


TEXTS = tuple(field.name for field in fields(Question) if field.name not in ("pattern", "difficulty"))
