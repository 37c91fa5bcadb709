"""Reads what a notebook asks, its ``questions.toml``: predictions, interview boxes, self-check.

    [[prediction]]                      a guess before a cell: options and the index of the right one, counted
    key = "04-peak"                     from 0, or a number as the answer (with a unit, and the relative distance
    question = "When is the step …?"    ``within`` which a guess counts as right)
    options = ["at step 1", "…"]
    answer = 1
    because = "m recovers within …"

    [[interview]]                       key, question, answer, trap, follow_up, follow_up_answer; or the id of a
    key = "04-explain-adam"             question of the bank, which then is asked and answered as there
    bank = "adam-explain"

    [self_check]                        key, title, and three questions; an option is a pair of what can be
    [[self_check.question]]             chosen and what is said to whoever chooses it
    question = "…"
    options = [["…", "…"], ["…", "…"]]
    answer = 0

Notebook 00 also has a ``[pre_quiz]``, whose questions say where they are ``answered_in``, and the ``[opening]``
question with its rubric. A text may be written over several lines; where one line is wanted (what is asked in a
quiz or an interview, what can be chosen) they are joined.
"""

import math
from pathlib import Path
from typing import NamedTuple

from adamkit.practice import bank, formulas, tables
from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, PreQuiz, Question, Quiz
from adamkit.practice.tables import NUMBER
from adamkit.practice.written import WrittenAnswer

_PREDICTION = {"key": str, "question": str, "options": list, "answer": NUMBER, "unit": str, "within": NUMBER,
               "because": str}  # fmt: skip
_INTERVIEW = dict.fromkeys(("key", "question", "answer", "trap", "follow_up", "follow_up_answer"), str)
_OF_BANK = dict.fromkeys(("key", "bank"), str)
_QUIZ = {"key": str, "title": str, "question": list}
_PRE_QUIZ = {**_QUIZ, "all_right": str}
_ASKED = {"question": str, "options": list, "answer": int}
_ASKED_BEFORE = {**_ASKED, "answered_in": str}
_OPENING = {"key": str, "question": str, "rubric": dict}
_FILE = {"prediction": list, "interview": list, "self_check": dict, "pre_quiz": dict, "opening": dict}


_MOST = 7  # an eighth letter is left for "I am not sure"


class Questions(NamedTuple):
    """What a notebook asks; None where it has no such thing."""

    predictions: tuple = ()
    interviews: tuple = ()
    self_check: Quiz | None = None
    pre_quiz: PreQuiz | None = None
    opening: WrittenAnswer | None = None


def load(path, titles=(), find=bank.find):
    """The `Questions` in a TOML file. ``titles`` are the notebooks', for the pre-quiz; ``find`` knows the bank.

    Raises:
        BankError: some of it cannot be used; the message has a line for each problem: file, entry, reason.
    """
    path = Path(path)
    page = _Page(tables.short(path), find)
    questions = page.questions(tables.read(path, page.problems) or {}, titles)
    tables.refuse("A file of questions has problems", page.problems)
    return questions


def beside(module, titles=()):
    """The `Questions` of a content module, given as its ``__file__``: those of the ``questions.toml`` beside it."""
    return load(Path(module).with_name("questions.toml"), titles)


class _Page:
    """One file while it is read: its name, and the problems found so far."""

    def __init__(self, name, find):
        self.name, self.find = name, find
        self.problems = []

    def fits(self, place, table, wanted, optional=()):
        """Whether a table has the fields wanted, and their texts are sound; what is wrong joins the problems."""
        wrong = tables.misfits(table, wanted, optional)
        wrong += [line for name in wanted for line in _unsound(name, table.get(name))] if not wrong else []
        self.wrong(place, wrong)
        return not wrong

    def wrong(self, place, sentences):
        self.problems += [f"{self.name}, {place}: {sentence}" for sentence in sentences]

    def questions(self, content, titles):
        if not self.fits("as a whole", content, _FILE, optional=_FILE):
            return Questions()
        return Questions(
            self.entries(content, "prediction", self.prediction),
            self.entries(content, "interview", self.interview),
            self.quiz(content, "self_check"),
            self.quiz(content, "pre_quiz", titles=titles),
            self.opening(content),
        )

    def entries(self, content, kind, make):
        entries = content.get(kind, [])
        made = tuple(make(_place(kind, number, entry), entry) for number, entry in enumerate(entries, 1))
        keys = [entry.key for entry in made if entry]
        self.wrong(kind, tables.twice({"key": keys}))
        return made

    def prediction(self, place, entry):
        if not self.fits(place, entry, _PREDICTION, optional=("options", "unit", "within")):
            return None
        options, answer = entry.get("options", []), entry["answer"]
        if not all(isinstance(option, str) for option in options):
            return self.wrong(place, ["options must be a list of texts"])
        if "options" in entry and (wrong := _choices(options, answer)):
            return self.wrong(place, [wrong])
        if not math.isfinite(answer):
            return self.wrong(place, [f"answer={answer!r} must be a finite number"])
        if not 0 < entry.get("within", 0.1) < 1:
            return self.wrong(place, [f"within={entry['within']!r} must be a part of the answer, between 0 and 1"])
        texts = {"question": entry["question"].strip(), "because": entry["because"].strip()}
        return Prediction(**{**entry, **texts, "options": tuple(map(_line, options))})

    def interview(self, place, entry):
        if isinstance(entry, dict) and "bank" in entry:
            return self.of_bank(place, entry)
        if not self.fits(place, entry, _INTERVIEW):
            return None
        lines = {name: _line(entry[name]) for name in ("question", "follow_up")}
        return Interview(**{**{name: text.strip() for name, text in entry.items()}, **lines})

    def of_bank(self, place, entry):
        if not self.fits(place, entry, _OF_BANK):
            return None
        try:
            return Interview.of(entry["key"], self.find(entry["bank"]))
        except LookupError as reason:
            return self.wrong(place, [f"bank={entry['bank']!r}: {reason.args[0]}"])

    def quiz(self, content, kind, titles=None):
        quiz, before = content.get(kind), kind == "pre_quiz"
        if quiz is None or not self.fits(kind, quiz, _PRE_QUIZ if before else _QUIZ):
            return None
        asked = [self.asked(f"{kind}, question {number}", entry, before)
                 for number, entry in enumerate(quiz["question"], 1)]  # fmt: skip
        rest = {**{name: _line(text) for name, text in quiz.items() if name != "question"}, "questions": tuple(asked)}
        return PreQuiz(**rest, titles=titles) if before else Quiz(**rest)

    def asked(self, place, entry, before):
        """A question of a quiz; in the pre-quiz one may also be unsure."""
        if not self.fits(place, entry, _ASKED_BEFORE if before else _ASKED):
            return None
        options, answer = entry["options"], entry["answer"]
        if not all(isinstance(pair, list) and [*map(type, pair)] == [str, str] for pair in options):
            return self.wrong(place, ["options must be pairs: [what can be chosen, what is said then]"])
        if wrong := _choices(options, answer):
            return self.wrong(place, [wrong])
        made = [Option(*map(_line, pair), right=index == answer) for index, pair in enumerate(options)]
        where = entry.get("answered_in", "")
        unsure = [Option("I am not sure", f"Good to know: notebook {where} answers it.")] if before else []
        return Question(_line(entry["question"]), (*made, *unsure), where)

    def opening(self, content):
        entry = content.get("opening")
        if entry is None or not self.fits("opening", entry, _OPENING):
            return None
        if not self.fits("opening.rubric", entry["rubric"], dict.fromkeys(entry["rubric"], str)):
            return None
        rubric = {grade: text.strip() for grade, text in entry["rubric"].items()}
        return WrittenAnswer(entry["key"], entry["question"].strip(), rubric)


def _unsound(name, text):
    """Sentences on a text, or texts, that nobody could read."""
    if not isinstance(text, (str, list)):
        return []
    empty = [] if (text.strip() if isinstance(text, str) else text) else [f"{name} is empty"]
    if isinstance(text, list):
        return empty + [line for part in text for line in _unsound(name, part)]
    return empty + ([] if formulas.complete(text) else [f"{name} has a formula without its second dollar sign "
                                                        "(write \\$ for money)"])  # fmt: skip


def _line(text):
    """A text on one line."""
    return " ".join(text.split())


def _place(kind, number, entry):
    """How an error names an entry: "prediction 3 (04-peak)"."""
    key = entry.get("key") if isinstance(entry, dict) else None
    return f"{kind} {number} ({key})" if isinstance(key, str) else f"{kind} {number}"


def _choices(options, answer):
    """What is wrong with the options, or the index of the right one, in a sentence; "" for nothing."""
    if not 2 <= len(options) <= _MOST:
        return f"there are {len(options)} options; 2 to {_MOST} are allowed"
    if answer not in range(len(options)):
        return f"answer={answer!r} must be the index of an option, 0 to {len(options) - 1}"
    return ""
