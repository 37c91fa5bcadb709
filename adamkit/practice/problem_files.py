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

_FILE = {"problem": list, "scale": dict}
_TASK = {"key": str, "title": str, "minutes": int, "question": str}
_PROBLEM = {**_TASK, "hints": list, "answer": str, "rubric": dict, "follow_up": list}
_RUBRIC = dict.fromkeys(("strong", "lean", "no"), str)
_FOLLOW_UP = {"question": str, "answer": str}
_SCALE = {**_TASK, "row": list}
_ROW = {"name": str, "ways": list, "sure": str, "why": str, "source": str}


def load(path):
    """(tuple of `Problem`, `SettingsList`) from a TOML file.

    Raises:
        BankError: it cannot be used; the message names the file, the first entry at fault, and what is wrong there.
    """
    path, unreadable = Path(path), []
    content = tables.read(path, unreadable)
    tables.refuse("A file of problems cannot be used", unreadable)
    for place, table, fields in _parts(content):
        misfits = tables.misfits(table, fields, optional=("follow_up",)) or _strangers(table)
        tables.refuse(f"{path.parent.name}/{path.name}, {place}", misfits)
    return tuple(map(_problem, content["problem"])), _scale(**content["scale"])


def beside(module):
    """As `load`, of a content module, given as its ``__file__``: the ``problems.toml`` beside it."""
    return load(Path(module).with_name("problems.toml"))


def _parts(content):
    """(place, table, its fields), each table before what is in it: it is safe to go in once the table fits."""
    yield "as a whole", content, _FILE
    for number, entry in enumerate(content["problem"], 1):
        yield f"problem {number}", entry, _PROBLEM
        yield f"the rubric of {entry['key']}", entry["rubric"], _RUBRIC
        for asked in entry.get("follow_up", ()):
            yield f"a follow_up of {entry['key']}", asked, _FOLLOW_UP
    yield "scale", content["scale"], _SCALE
    for number, row in enumerate(content["scale"]["row"], 1):
        yield f"scale, row {number}", row, _ROW


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
