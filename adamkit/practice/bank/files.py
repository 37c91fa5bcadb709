"""Reads the bank's TOML files and refuses, with every reason at once, what does not fit."""

from functools import lru_cache
from pathlib import Path

from adamkit.practice import tables
from adamkit.practice.bank.question import TEXTS, Pattern, Question

FOLDER = Path(__file__).parent
_HEAD = {"name": str, "order": int, "about": str, "question": list}
_ENTRY = {**dict.fromkeys(TEXTS, str), "difficulty": int}


def load(folder=FOLDER):
    """Every pattern in a folder of TOML files, in their order. Raises `BankError` that lists all problems."""
    return _load(Path(folder))


@lru_cache(maxsize=8)
def _load(folder):
    problems, patterns = [], []
    for path in sorted(folder.glob("*.toml")):
        content = tables.read(path, problems)
        if content is not None:
            patterns.append(_pattern(content, path.name, problems))
    patterns = sorted(filter(None, patterns), key=lambda pattern: pattern.order)
    problems += _twins(patterns)
    tables.refuse("The question bank has problems", problems)
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
    """Ids, and names or places of patterns, that are used twice."""
    everything = {
        "id": [question.id for pattern in patterns for question in pattern.questions],
        "question": [" ".join(q.question.lower().split()) for pattern in patterns for q in pattern.questions],
        "pattern name": [pattern.name for pattern in patterns],
        "order": [pattern.order for pattern in patterns],
    }
    return [f"the {kind} {value!r} is used twice"
            for kind, values in everything.items() for value in sorted(set(values)) if values.count(value) > 1]
