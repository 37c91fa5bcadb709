"""The question bank: what is asked about optimizers in interviews, one TOML file for each pattern of question.

    bank.questions()                                  all of them
    bank.questions("bias correction", difficulty=2)   some of them
    bank.find("bias-first-step")                      one of them
    bank.patterns()                                   the names of the patterns, in the order of learning

To add a question, add a ``[[question]]`` to a file in this folder; ``bank/README.md`` says what belongs into it. A
folder of one's own joins by `practice.add_bank`.
"""

from adamkit.practice.bank.files import FOLDER, OTHER, add, load
from adamkit.practice.bank.question import DIFFICULTIES, Pattern, Question
from adamkit.practice.tables import BankError

__all__ = ["DIFFICULTIES", "FOLDER", "OTHER", "BankError", "Pattern", "Question", "add", "find", "load", "patterns",
           "questions"]  # fmt: skip


def patterns():
    """Names of the patterns, in the order in which the series treats them."""
    return [pattern.name for pattern in load()]


def questions(pattern=None, difficulty=None):
    """The questions, in the order of the files: easier ones first within a pattern.

    Args:
        pattern: only those of this pattern, as in `patterns`; several names may be given as a list.
        difficulty: only 1 (asked of everyone), 2 (the follow-up of a good interviewer) or 3 (for a
            specialist); several may be given as a list.

    Raises:
        ValueError: there is no such pattern or difficulty.
    """
    names = _asked("pattern", pattern, patterns())
    levels = _asked("difficulty", difficulty, list(DIFFICULTIES))
    return [q for part in load() if part.name in names for q in part.questions if q.difficulty in levels]


def find(key):
    """The question with this id. Raises LookupError, naming the nearest one."""
    import difflib

    known = {question.id: question for question in questions()}
    if key in known:
        return known[key]
    near = difflib.get_close_matches(str(key), known, n=1)
    raise LookupError(f"There is no question {key!r} in the bank." + (f" Did you mean {near[0]!r}?" if near else ""))


def _asked(name, value, known):
    """The value, or list of values, as a list of those known; all of them for None."""
    if value is None:
        return known
    values = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    for one in values:
        if one not in known or isinstance(one, bool):
            raise ValueError(f"{name}={one!r} is not in the bank; there are {', '.join(map(str, known))}.")
    return values
