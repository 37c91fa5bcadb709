"""Reads the bank's TOML files and refuses, with every reason at once, what does not fit."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from adamkit.practice import tables
from adamkit.practice.bank.question import TEXTS, Pattern, Question

FOLDER = Path(__file__).parent
#: What a folder calls the file that is none of the bank's: see `question_files`.
OTHER = "questions.toml"
_HEAD = {"name": str, "order": int, "about": str, "question": list}
_ENTRY = {**dict.fromkeys(TEXTS, str), "difficulty": int}
_added: dict[Path, tuple[Pattern, ...]] = {}  # folder → its patterns


def load(folder=None):
    """Every pattern in a folder of TOML files, in their order; for None those of the series and all that were added.

    Raises `BankError`, which lists all problems.
    """
    return _read(Path(folder)) if folder is not None else _joined([_own(), *_added.values()])


def add(folder, patterns):
    """Join what `load` found in a folder to the bank, in place of what this folder has added before.

    A pattern with the name of another becomes a part of it. Raises `BankError` for an id or a question in use.
    """
    others = [_own(), *(found for place, found in _added.items() if place != folder)]
    tables.refuse("These questions cannot join the bank", _twins(_joined([*others, patterns])))
    _added[folder] = patterns


@lru_cache(maxsize=1)
def _own():
    return _read(FOLDER)


def _joined(folders):
    """The patterns of several folders, in their order; those of one name as one."""
    known = {}
    for pattern in (pattern for patterns in folders for pattern in patterns):
        first = known.get(pattern.name, replace(pattern, questions=()))
        questions = sorted((*first.questions, *pattern.questions), key=lambda question: question.difficulty)
        known[pattern.name] = replace(first, questions=tuple(questions))
    return tuple(sorted(known.values(), key=lambda pattern: pattern.order))


def _read(folder):
    problems, patterns = [], []
    for path in sorted(set(folder.glob("*.toml")) - {folder / OTHER}):
        content = tables.read(path, problems)
        if content is not None:
            patterns.append(_pattern(content, path.name, problems))
    patterns = sorted(filter(None, patterns), key=lambda pattern: pattern.order)
    heads = {"pattern name": [pattern.name for pattern in patterns], "order": [pattern.order for pattern in patterns]}
    tables.refuse("The question bank has problems", problems + _twins(patterns) + tables.twice(heads))
    return tuple(patterns)


def _pattern(content, file, problems):
    """A `Pattern`, or None when the file's head is unusable; problems are appended."""
    wrong = tables.misfits(content, _HEAD)
    problems += [f"{file}: {line}" for line in wrong]
    if wrong:
        return None
    questions = [_question(entry, content["name"], f"{file}, question {number}", problems)
                 for number, entry in enumerate(content["question"], 1)]
    ranked = sorted(filter(None, questions), key=lambda question: question.difficulty)  # stable: the file's order
    return Pattern(content["name"], content["order"], content["about"].strip(), tuple(ranked))


def _question(entry, pattern, place, problems):
    if not isinstance(entry, dict):
        problems.append(f"{place}: is not a table; begin it with [[question]]")
        return None
    place = f"{place} ({entry['id']})" if isinstance(entry.get("id"), str) else place
    wrong = tables.misfits(entry, _ENTRY)
    if not wrong:
        texts = {name: entry[name].strip() for name in TEXTS}
        question = Question(pattern=pattern, difficulty=entry["difficulty"], **texts)
        wrong = question.problems()
    problems += [f"{place}: {line}" for line in wrong]
    return None if wrong else question


def _twins(patterns):
    """Ids and questions that are used twice."""
    questions = [question for pattern in patterns for question in pattern.questions]
    asked = [" ".join(question.question.lower().split()) for question in questions]
    return tables.twice({"id": [question.id for question in questions], "question": asked})
