"""Finds content by key. Notebook NN's content is the module (or package) ``adamkit.lessons.nbNN``.

Such a module holds any of: ``EXERCISES``, ``PREDICTIONS``, ``INTERVIEWS`` (tuples of things with a
``key`` that begins with NN), ``SELF_CHECK`` (a `Quiz` of three questions), ``PRE_QUIZ``, ``OPENING``;
what is asked in words lies in the ``questions.toml`` beside it (`question_files`). It is imported when
first asked for; an object found twice is the same object, so opened hints and guesses are remembered
while the kernel lives. What a class has added stands beside them, under keys of its own.
"""

import difflib
import importlib
import pkgutil

from adamkit.practice import renamed

LESSONS = "adamkit.lessons"  # by name: the library imports no lesson
_added: dict = {}  # folder → shelf → entries


def add(folder, shelves):
    """Put shelf → entries beside the series' own, in place of what this folder has added before."""
    _added[folder] = shelves


def added(shelf, *, but=None):
    """Key → entry, of what was added to a shelf, by all folders ``but`` this one."""
    shelves = [shelves for folder, shelves in _added.items() if folder != but]
    return {entry.key: entry for found in shelves for entry in found.get(shelf, ())}


def notebooks():
    """Numbers of the notebooks that have content, in order: ["00", "01", …]."""
    modules = pkgutil.iter_modules(importlib.import_module(LESSONS).__path__)
    return sorted(info.name[2:] for info in modules if info.name.startswith("nb"))


def module(notebook):
    """The content module of a notebook, given as "04" or 4."""
    number = f"{notebook:02d}" if isinstance(notebook, int) else str(notebook)
    if number not in notebooks():
        raise LookupError(f"There is no practice for notebook {notebook!r}; there is for {', '.join(notebooks())}.")
    return importlib.import_module(f"{LESSONS}.nb{number}")


def find(shelf, key):
    """The entry with this key, today's or an earlier one, on a shelf: "EXERCISES", "PREDICTIONS", "INTERVIEWS"."""
    if isinstance(key, str) and key in added(shelf):
        return added(shelf)[key]
    if not isinstance(key, str) or not key[:2].isdigit():
        others = f" Added here: {', '.join(map(repr, added(shelf)))}." if added(shelf) else ""
        raise LookupError(f"key={key!r} must begin with the number of its notebook, as '04-adam' does.{others}")
    key = key if _there_is(shelf, key) else renamed.today(key) or key
    entries = {entry.key: entry for entry in getattr(module(key[:2]), shelf, ())}
    if key in entries:
        return entries[key]
    near = difflib.get_close_matches(key, entries, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    known = ", ".join(repr(known) for known in entries) or "none"
    raise LookupError(f"There is no {key!r} among the {shelf.lower()} of notebook {key[:2]}.{meant} They are: {known}.")


def _there_is(shelf, key):
    return key[:2] in notebooks() and any(entry.key == key for entry in getattr(module(key[:2]), shelf, ()))


def everything(shelf):
    """All entries of a shelf, over all notebooks."""
    return [entry for number in notebooks() for entry in getattr(module(number), shelf, ())]
