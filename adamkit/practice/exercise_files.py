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
  well; for an answer by hand the number may stand there itself.

A mistake without an explanation takes its words from the ``[[mistake]]`` of that name in ``common.toml``, one folder
up. Those may say ``{memory}``, and the exercise what that is: ``fill = { memory = "s" }``.

Nothing is edited, compiled or evaluated before a verdict needs the mistake. Edits need the solution's source, so they
work from folders and wheels, but not from a zip file on the path.
"""

import difflib
import inspect
import sys
import textwrap
import tomllib
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from adamkit.practice.exercises import Mistake

_EXERCISE = {"key": str, "title": str, "statement": str, "minutes": int, "hints": list}
_EITHER = {"explanation": str, "worked": str, "example": str, "rubric": dict, "mistake": list, "fill": dict}
_MISTAKE = {"name": str}
_ALSO = {"explanation": str, "seen": str, "edit": list, "made": (str, int, float, list)}


class ExerciseFileError(ValueError):
    """A file of exercises that cannot be used. The message names the file, the entry and the reason."""


def words_of(module):
    """A function ``words(key, solution)`` → the fields of an exercise, from the file beside the module of this name.

    Without a solution, as for a text in the reader's own words, there are no mistakes either.

    Raises:
        ExerciseFileError: the file has no such key, or an entry in it has a wrong field.
    """
    path = Path(sys.modules[module].__file__).with_name("exercises.toml")

    def words(key, solution=None):
        if key not in _read(path):
            raise ExerciseFileError(f"{_short(path)} has no exercise {key!r}; it has {', '.join(_read(path))}.")
        fields = dict(_read(path)[key])
        fill, mistakes = fields.pop("fill", {}), fields.pop("mistake", ())
        if solution is not None:
            made = (_worded(entry, fill, path) for entry in mistakes)
            fields |= {"solution_code": solution,
                       "mistakes": tuple(WrittenMistake(entry, key, solution, module) for entry in made)}  # fmt: skip
        return fields

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


def source_of(code):
    """The text of a function or class."""
    return textwrap.dedent(inspect.getsource(code))


def edited(source, edits, place):
    """The source with each [old, new] replaced. Each old text must occur exactly once, and none in another."""
    spans = []
    for old, new in edits:
        if source.count(old) != 1:
            raise ExerciseFileError(
                f"{place}: edit: {old!r} must occur exactly once in the solution; it occurs {source.count(old)} times."
            )
        spans.append((source.index(old), source.index(old) + len(old), new))
    spans.sort()
    for (_, end, _), (begin, *_) in pairwise(spans):
        if begin < end:
            raise ExerciseFileError(f"{place}: edit: two edits touch the same text, {source[begin:end]!r}.")
    for begin, end, new in reversed(spans):
        source = source[:begin] + new + source[end:]
    return source


@lru_cache(maxsize=32)
def _read(path):
    """Key → the checked entry of each exercise in a file."""
    found = {}
    for number, entry in enumerate(_tables(path, "exercise"), 1):
        place = f"{_short(path)}, exercise {number} ({entry.get('key', 'without a key')})"
        entry = _checked(entry, _EXERCISE, _EITHER, place)
        if entry["key"] in found:
            raise ExerciseFileError(f"{place}: the key is used twice.")
        mistakes = [_checked(mistake, _MISTAKE, _ALSO, f"{place}, mistake {n}")
                    for n, mistake in enumerate(entry.get("mistake", ()), 1)]  # fmt: skip
        for mistake in mistakes:
            if ("edit" in mistake) == ("made" in mistake):
                raise ExerciseFileError(f"{place}, {mistake['name']!r}: it needs either edit or made.")
        found[entry["key"]] = {**entry, "hints": tuple(map(str.strip, entry["hints"])), "mistake": mistakes}
    return found


@lru_cache(maxsize=4)
def _common(path):
    """Name → the words of a mistake that several exercises know."""
    return {entry["name"]: _checked(entry, {"name": str, "explanation": str}, {"seen": str}, _short(path))
            for entry in _tables(path, "mistake")}  # fmt: skip


def _worded(mistake, fill, path):
    """The entry of a mistake, with the common words of its name where it has none of its own."""
    if "explanation" in mistake:
        return mistake
    common = _common(path.parent.with_name("common.toml"))
    if mistake["name"] not in common:
        raise ExerciseFileError(f"{_short(path)}, {mistake['name']!r}: it has no explanation, nor has common.toml.")
    words = common[mistake["name"]]
    for name, value in fill.items():
        words = {field: text.replace(f"{{{name}}}", value) for field, text in words.items()}
    return {**mistake, **words}


def _tables(path, name):
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get(name, [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise ExerciseFileError(f"{_short(path)} is not TOML: {reason}") from None


def _checked(entry, needed, allowed, place):
    """The entry, its texts stripped, when each field is known and of its type."""
    wanted = {**needed, **allowed}
    wrong = [f"{name} is missing" for name in needed if name not in entry]
    wrong += [f"{name} is no field of it" for name in entry if name not in wanted]
    wrong += [f"{name}={value!r:.40} has the wrong type" for name, value in entry.items()
              if name in wanted and not isinstance(value, wanted[name])]  # fmt: skip
    if wrong:
        raise ExerciseFileError(f"{place}: {'; '.join(wrong)}.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}


def _short(path):
    return f"{path.parent.name}/{path.name}"
