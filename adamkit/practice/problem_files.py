"""Reads the full problems of a notebook, its ``problems.toml``, and the list of settings that is scaled there.

    [[problem]]                 key, title, minutes, question, hints, answer; see `problems.Problem`
    [problem.rubric]            strong, lean, no: what such an answer contains
    [[problem.follow_up]]       question, answer: what is asked next, and what to say

    [scale]                     key, title, minutes, question; see `settings.SettingsList`
    [[scale.row]]               name, ways, sure, why, source; see `settings.Setting`

Texts are Markdown with ``$formulas$``.
"""

from pathlib import Path

from adamkit.practice import tables
from adamkit.practice.problems import Problem
from adamkit.practice.settings import SURE, WAYS, Setting, SettingsList

_TASK = {"key": str, "title": str, "minutes": int, "question": str}
#: A table → its fields. The file as a whole is one, too.
_TABLES = {
    "file": {"problem": list, "scale": dict},
    "problem": {**_TASK, "hints": list, "answer": str, "rubric": dict, "follow_up": list},
    "rubric": {"strong": str, "lean": str, "no": str},
    "follow_up": {"question": str, "answer": str},
    "scale": {**_TASK, "row": list},
    "row": {"name": str, "ways": list, "sure": str, "why": str, "source": str},
}


def load(path):
    """(tuple of `Problem`, `SettingsList`) from a TOML file.

    Raises:
        BankError: it cannot be used; the message has a line for all that is wrong: file, place, reason.
    """
    path, problems = Path(path), []
    content = tables.read(path, problems)
    problems = problems or _unsound(tables.short(path), "file", content)
    tables.refuse("A file of problems cannot be used", problems)
    return tuple(map(_problem, content["problem"])), _scale(**content["scale"])


def beside(module):
    """As `load`, of a content module, given as its ``__file__``: the ``problems.toml`` beside it."""
    return load(Path(module).with_name("problems.toml"))


def _unsound(place, kind, table):
    """Sentences on a table and, where it is sound itself, on the tables in it."""
    wrong = tables.misfits(table, _TABLES[kind], optional=("follow_up",)) or _strangers(table)
    if wrong:
        return [f"{place}: {line}" for line in wrong]
    found = []
    for name in filter(_TABLES.get, table):
        inner = table[name]
        named = {f"{name} {n}": entry for n, entry in enumerate(inner, 1)} if isinstance(inner, list) else {name: inner}
        for label, entry in named.items():
            found += _unsound(f"{place}, {label}", name, entry)
    return found


def _strangers(table):
    """Sentences on texts and words in a table that are not among those allowed."""
    found = [f"hints must be texts, not {hint!r:.40}" for hint in table.get("hints", ()) if not isinstance(hint, str)]
    found += [f"ways={way!r:.40} must be of {', '.join(WAYS)}" for way in table.get("ways", ()) if way not in WAYS]
    if "ways" in table and table["sure"] not in SURE:
        found.append(f"sure={table['sure']!r:.40} must be of {', '.join(SURE)}")
    return found


def _problem(entry):
    asked = tuple((more["question"], more["answer"]) for more in entry.get("follow_up", ()))
    own = {name: value for name, value in entry.items() if name != "follow_up"}
    return Problem(**{**own, "hints": tuple(entry["hints"]), "follow_ups": asked})


def _scale(row, **task):
    return SettingsList(**task, rows=tuple(Setting(**{**entry, "ways": tuple(entry["ways"])}) for entry in row))
