"""Questions of a class beside those of the series: a folder of TOML files, see `practice.add_bank`."""

import os
from pathlib import Path

from adamkit.practice import bank, catalogue, question_files, tables


def add_bank(folder):
    """Read a folder whole, and add it only when all of it can be used. Returns the ids and keys."""
    if not isinstance(folder, (str, os.PathLike)) or not Path(folder).expanduser().is_dir():
        raise ValueError(f"folder={folder!r} must be the path of a folder with TOML files; there is no such folder.")
    folder = Path(folder).expanduser().resolve()
    patterns = bank.load(folder)
    found = {question.id: question for pattern in patterns for question in pattern.questions}
    shelves = _shelves(folder / bank.OTHER, found)
    keys = [entry.key for entries in shelves.values() for entry in entries]
    if not [*found, *keys]:
        raise ValueError(f"folder={str(folder)!r} holds no questions: it needs TOML files with [[question]] tables, or "
                         f"a {bank.OTHER}.")  # fmt: skip
    bank.add(folder, patterns)
    catalogue.add(folder, shelves)
    return [*found, *keys]


def _shelves(path, found):
    """Shelf → entries, of the file beside the patterns with the questions ``found``. Raises `BankError`."""
    asked = question_files.Questions()
    if path.exists():
        asked = question_files.load(path, find=lambda key: found.get(key) or bank.find(key))
    shelves = {"PREDICTIONS": asked.predictions, "INTERVIEWS": asked.interviews,
               "QUIZZES": [asked.self_check] if asked.self_check else []}  # fmt: skip
    problems = [f"{path.name}: {name} belongs to notebook 00 alone"
                for name in ("pre_quiz", "opening") if getattr(asked, name)]  # fmt: skip
    for shelf, entries in shelves.items():
        others = catalogue.added(shelf, but=path.parent)
        problems += [f"{path.name}: the key {entry.key!r} {reason}" for entry in entries
                     if (reason := _wrong(entry.key, others))]  # fmt: skip
    tables.refuse("These questions cannot be added", problems)
    return shelves


def _wrong(key, others):
    if key in others:
        return "is in use by another folder"
    return "" if key[:1].isalpha() else "must begin with a letter, as 'lecture-3' does: numbers are the series'"
