"""The words of exercises, read from the file ``exercises.toml`` that lies beside the Python of their solutions.

A module asks for them by key, and adds what is code:

    words = words_of(__name__)
    ADAM = Exercise(**words("04-adam", Adam), cases=adam_cases, how=step_optimizer)

An ``[[exercise]]`` has a ``key``, ``title``, ``statement``, ``minutes``, ``hints`` and an ``explanation``; an answer by
hand has its way, ``worked``, in place of that, and a text ``rubric`` and ``example``. Texts are Markdown. An
``[[exercise.mistake]]`` under it has a ``name``, an ``explanation``, ``seen`` where published code has it (see
`exercises.Mistake`), and what makes it, which is one of

- ``edit = [["old", "new"], …]``: the solution with these texts replaced, all at once. Each old one occurs exactly once.
- ``made = "…"``: an expression in the module of the solution, such as the name of a function, for what no edit says
  well; for an answer by hand the number may stand there itself. NumPy is `np`, there and in edits.

A mistake without an explanation takes its words from the ``[[mistake]]`` of that name in ``common.toml``, one folder
up. Those may say ``{memory}``, and the exercise what that is: ``fill = { memory = "s" }``.

Nothing is edited, compiled or evaluated before a verdict needs the mistake. Edits need the solution's source, so they
work from folders and wheels, but not from a zip file on the path.
"""

import difflib
import inspect
import sys
import textwrap
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from adamkit.practice import tables
from adamkit.practice.exercises import Mistake
from adamkit.practice.tables import BankError, short

_EXERCISE = {"key": str, "title": str, "statement": str, "minutes": int, "hints": list, "explanation": str,
             "worked": str, "example": str, "rubric": dict, "fill": dict, "mistake": list}  # fmt: skip
_NOT_ALWAYS = ("explanation", "worked", "example", "rubric", "fill", "mistake")
_MISTAKE = {"name": str, "explanation": str, "seen": str, "edit": list, "made": tables.VALUE}


def words_of(module):
    """A function ``words(key, solution)`` → the fields of an exercise, from the file beside the module of this name.

    Without a solution, as for a text in the reader's own words, there are no mistakes either.

    Raises:
        BankError: the file has no such key, or entries that cannot be used; all of them are named, with the reasons.
    """
    path = Path(sys.modules[module].__file__).with_name("exercises.toml")

    def words(key, solution=None):
        entries = _read(path)
        if key not in entries:
            raise BankError(f"{short(path)} has no exercise {key!r}; it has {', '.join(entries)}.")
        fields = {name: value for name, value in entries[key].items() if name not in ("fill", "mistake")}
        if solution is None:
            return fields
        mistakes = (WrittenMistake(mistake, key, solution, module) for mistake in entries[key]["mistake"])
        return {**fields, "solution_code": solution, "mistakes": tuple(mistakes)}

    return words


class WrittenMistake(Mistake):
    """A mistake from a file. ``made``, the code or value that makes it, is built when it is first asked for."""

    def __init__(self, entry, key, solution, module):
        words = {name: entry.get(name, "") for name in ("name", "explanation", "seen")}
        vars(self).update(words, _entry=entry, _place=f"{key}, {entry['name']!r}", _of=solution, _module=module)

    @cached_property
    def made(self):
        """What makes the mistake: the edited solution, or the value of an expression."""
        # A copy: the solution itself stays in its module. NumPy as readers have it, whether the module needs it or not.
        space = {"np": np, **vars(sys.modules[self._module])}
        made = self._entry.get("made")
        if made is None:
            exec(compile(self._edited(), f"<{self._place}>", "exec"), space)  # our own text, from beside the module
            return space[self._of.__name__]
        return eval(made, space) if isinstance(made, str) else made

    @property
    def difference(self):
        """The lines in which the mistake parts from the solution, those of the solution marked by a minus; or ""."""
        if "made" in self._entry:
            return ""
        pair = (text.splitlines() for text in (source_of(self._of), self._edited()))
        lines = [line.rstrip() for line in difflib.unified_diff(*pair, n=0) if not line.startswith(("---", "+++"))]
        return "\n".join("" if line.startswith("@@") else line for line in lines).strip("\n")

    def _edited(self):
        return edited(source_of(self._of), self._entry["edit"], self._place)


@lru_cache(maxsize=64)
def source_of(code):
    """The text of a function or class."""
    return textwrap.dedent(inspect.getsource(code))


def edited(source, edits, place):
    """The source with each [old, new] replaced. Each old text must occur exactly once, and none in another."""
    spans = []
    for old, new in edits:
        if source.count(old) != 1:
            raise BankError(
                f"{place}: edit: {old!r} must occur exactly once in the solution; it occurs {source.count(old)} times."
            )
        spans.append((source.index(old), source.index(old) + len(old), new))
    spans.sort()
    for (_, end, _), (begin, *_) in pairwise(spans):
        if begin < end:
            raise BankError(f"{place}: edit: two edits touch the same text, {source[begin:end]!r}.")
    for begin, end, new in reversed(spans):
        source = source[:begin] + new + source[end:]
    return source


@lru_cache(maxsize=32)
def _read(path):
    """Key → the entry of each exercise in a file; `BankError` lists all that is wrong with it."""
    problems = []
    found = [_exercise(f"{short(path)}, exercise {number}", entry, path, problems)
             for number, entry in enumerate(_entries(path, "exercise", problems), 1)]  # fmt: skip
    keys = [entry["key"] for entry in filter(None, found)]
    problems += [f"{short(path)}: {line}" for line in tables.twice({"key": keys})]
    tables.refuse("A file of exercises has problems", problems)
    return dict(zip(keys, found, strict=True))


def _exercise(place, entry, path, problems):
    """A sound entry, its texts stripped and its mistakes worded; or None, with the reasons added to ``problems``."""
    place = f"{place} ({entry['key']})" if isinstance(entry, dict) and "key" in entry else place
    wrong = tables.misfits(entry, _EXERCISE, _NOT_ALWAYS) or _unsound_parts(entry)
    problems += [f"{place}: {line}" for line in wrong]
    if wrong:
        return None
    worded = [_worded(mistake, entry.get("fill", {}), path, place, problems) for mistake in entry.get("mistake", [])]
    return {**_stripped(entry), "hints": tuple(map(str.strip, entry["hints"])), "mistake": worded}


def _unsound_parts(entry):
    """Sentences on hints and mistakes that cannot be used."""
    wrong = [] if all(isinstance(hint, str) for hint in entry["hints"]) else ["hints must be a list of texts"]
    return wrong + [f"mistake {number}: {line}"
                    for number, mistake in enumerate(entry.get("mistake", []), 1)
                    for line in _unsound(mistake)]  # fmt: skip


def _unsound(mistake):
    """Sentences on a mistake that cannot be used."""
    wrong = tables.misfits(mistake, _MISTAKE, ("explanation", "seen", "edit", "made"))
    if wrong:
        return wrong
    if ("edit" in mistake) == ("made" in mistake):
        return ["it needs either edit or made"]
    pairs = mistake.get("edit", [["", ""]])
    if not pairs or not all(isinstance(pair, list) and [*map(type, pair)] == [str, str] for pair in pairs):
        return ["edit must be a list of pairs of texts, [[old, new], …]"]
    return []


def _worded(mistake, fill, path, place, problems):
    """The entry of a mistake, with the common words of its name where it has none of its own."""
    if "explanation" in mistake:
        return _stripped(mistake)
    words = _common(path.parent.with_name("common.toml")).get(mistake["name"])
    if words is None:
        problems.append(f"{place}: {mistake['name']!r} has no explanation, nor has common.toml one of that name")
        return mistake
    for name, value in fill.items():
        words = {field: text.replace(f"{{{name}}}", value) for field, text in words.items()}
    return {**mistake, **words}


@lru_cache(maxsize=4)
def _common(path):
    """Name → the words of a mistake that several exercises know."""
    problems = []
    entries = _entries(path, "mistake", problems)
    for number, entry in enumerate(entries, 1):
        wrong = tables.misfits(entry, {"name": str, "explanation": str, "seen": str}, ("seen",))
        problems += [f"{short(path)}, mistake {number}: {line}" for line in wrong]
    tables.refuse("The mistakes that exercises share have problems", problems)
    return {entry["name"]: _stripped(entry) for entry in entries}


def _entries(path, kind, problems):
    """The tables of one kind that a file holds, and nothing else."""
    content = tables.read(path, problems)
    wrong = [] if content is None else tables.misfits(content, {kind: list})
    problems += [f"{short(path)}: {line}" for line in wrong]
    return (content or {}).get(kind, []) if not wrong else []


def _stripped(entry):
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}
