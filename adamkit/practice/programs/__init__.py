"""The programs of the bug hunt: short optimizers and training loops, each right, and each with bugs to plant in it.

They lie in TOML files beside this one. A program has an ``id``, a ``title``, its ``task`` (what it is to do: what is
no bug by that is none), its ``code``, and a ``trial``: code that runs it and leaves numbers in ``result``, either
written out or the name of one of the file's ``trials``, which builds an optimizer by ``make(params)``; ``before``
names a trial that runs first. A bug has a ``name``, a ``level`` from 1 (seen at a glance) to 3 (a comparison in
float64 finds it), ``edits`` of the right text as pairs [old, new], ``why`` it is wrong and what a run ``shows``,
``seen`` where it has been published (see `practice.exercises.Mistake`), in ``also`` parts of lines on which a mark
counts as well, such as those where a missing line might stand, and in ``apart`` names of bugs that would hide behind
it. Each ``old`` occurs once.

    load()                                    # every program
    numbers(program, program.planted(bugs))   # what its trial gives with these bugs in it
"""

import ast
import copy
import tomllib
import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Bug:
    """A bug to plant. See the module for its fields."""

    name: str
    level: int
    edits: tuple
    why: str
    shows: str
    seen: str = ""
    also: tuple = ()
    apart: tuple = ()


@dataclass(frozen=True)
class Program:
    """A program, right as it is, and the bugs that can be planted in it."""

    id: str
    title: str
    task: str
    code: str
    trial: str
    bugs: tuple

    def planted(self, bugs):
        """The text with these bugs in it."""
        return self._edited(bugs)[0]

    def places(self, bugs):
        """For each of these bugs, planted together, the set of line numbers on which a mark finds it.

        They are all lines of each statement that an edit has written; of a statement with a body, those of its head.
        Where text was only taken away they are the lines beside the gap.
        """
        text, spans = self._edited(bugs)
        lines = text.splitlines()
        found = []
        for bug, own in zip(bugs, spans, strict=True):
            wanted = set().union(*(lines for lines, written in own if written)) or set().union(*(g for g, _ in own))
            wanted |= {n for n, line in enumerate(lines, 1) for part in bug.also if part in line}
            found.append(set().union(*(statement for statement in _statements(text) if statement & wanted)))
        return found

    def fit(self, bugs):
        """True when no two of these bugs touch the same text, each has a line of its own, and none hides another."""
        if any(one.name in other.apart for one in bugs for other in bugs):
            return False
        spans = sorted(self._at(old) for bug in bugs for old, _ in bug.edits)
        if any(begin < end for (_, end), (begin, _) in pairwise(spans)):
            return False
        places = self.places(bugs)
        return all(place - set().union(*places[:i], *places[i + 1 :]) for i, place in enumerate(places))

    def _at(self, old):
        if self.code.count(old) != 1:
            raise ValueError(f"program {self.id!r}: {old!r} must occur once; it occurs {self.code.count(old)} times")
        begin = self.code.index(old)
        return begin, begin + len(old)

    def _edited(self, bugs):
        """The text, and for each edit of each bug its lines, and whether it has written anything."""
        edits = sorted((*self._at(old), old, new, number) for number, bug in enumerate(bugs) for old, new in bug.edits)
        pieces, done, spans = [], 0, [[] for _ in bugs]
        for begin, end, old, new, number in edits:
            pieces.append(self.code[done:begin])
            first = "".join(pieces).count("\n") + 1
            pieces.append(new)
            spans[number].append((_touched(first, old, new), bool(new)))
            done = end
        return "".join([*pieces, self.code[done:]]), spans


def _touched(first, old, new):
    """Numbers of the lines that an edit has changed: those that are new, or all of them, or the gap's neighbours."""
    if not new:
        return {first - 1, first}
    known = old.splitlines()
    lines = {first + i: line for i, line in enumerate(new.splitlines())}
    return {number for number, line in lines.items() if line not in known} or set(lines)


def _statements(text):
    """The lines of each statement, as sets; a statement with a body has those of its head, decorators included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            body = getattr(node, "body", None)
            yield set(range(first, max(first, body[0].lineno - 1) + 1 if body else node.end_lineno + 1))


@lru_cache(maxsize=1)
def load():
    """Every program, in the order of the files. Raises TypeError where a file has a field that is unknown."""
    return tuple(program for path in ("optimizers", "pieces", "loops") for program in _read(FOLDER / f"{path}.toml"))


def _read(path):
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    trials = content.get("trials", {})
    for entry in content["program"]:
        fields = dict(entry)
        before, make = trials.get(fields.pop("before", ""), ""), fields.pop("make", "")
        maker = f"make = lambda params: {make}\n" if make else ""
        trial = fields.pop("trial")
        bugs = tuple(_bug(bug) for bug in fields.pop("bug"))
        yield Program(**fields, trial=maker + before + trials.get(trial, trial), bugs=bugs)


def _bug(entry):
    lists = {name: tuple(entry.get(name, ())) for name in ("also", "apart")}
    return Bug(**{**entry, **lists, "edits": tuple(map(tuple, entry["edits"]))})


def numbers(program, text):
    """What the program's trial gives when its code is ``text``: one long array. Loops need torch."""
    space = {"np": np, "copy": copy}
    if "torch." in program.code + program.trial:
        import torch

        space |= {"torch": torch, "F": torch.nn.functional}
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        exec(text, space)  # our own text, from the folder beside this file
        exec(program.trial, space)
    return np.concatenate([np.ravel(np.asarray(x, dtype=float)) for x in space["result"]])
