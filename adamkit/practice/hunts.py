"""The bug hunt: a short program with one to three bugs in it; the reader marks lines, and the marks are judged.

    hunt = draw(seed=3, level=2)
    hunt                                   # the program, with numbered lines
    hunt.check(10)                         # the verdict on a mark; hunt.check({10: "b is not kept"}) with a reason
    hunt.check([5, 10])                    # on several
    hunt.repair({10: "b[...] = …"})        # your line in its place; the program is run and compared

The programs are in `practice.programs`.
"""

import random
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from adamkit.practice import guard, judging, programs, progress
from adamkit.practice.checking import answered
from adamkit.practice.exercises import Hints, Solution
from adamkit.practice.present import Shown, box, code, folded, markdown, plain
from adamkit.practice.verdict import Verdict

#: Level → how many bugs there are, and what the level means.
LEVELS = {1: ((1,), "one, seen at a glance"), 2: ((1, 2), "one or two"), 3: ((2, 3), "two or three, one well hidden")}


@dataclass(repr=False, eq=False)
class Hunt(Shown):
    """A program with bugs planted in it. ``source`` is its text; ``seed`` and ``level`` draw it again."""

    program: programs.Program
    bugs: tuple
    level: int
    seed: int
    _opened: int = field(default=0, init=False)

    def __post_init__(self):
        self.source = self.program.planted(self.bugs).strip("\n")
        self.places = self.program.places(self.bugs)

    @property
    def key(self):
        """Under which a find is kept."""
        return f"14-hunt-{self.program.id}"

    @property
    def lines(self):
        """The program, line by line."""
        return self.source.splitlines()

    @answered
    def check(self, *marks, **others):
        """Judge marks → `Verdict`. Never raises.

        Args:
            marks: numbers of lines, one after another or in a list; or a dict {line: why}. Any line of a statement that
                holds the bug will do, and where a line is missing, one beside the gap.
        """
        if others:
            return judging.unusable(f"`check` has no argument {next(iter(others))!r}; it takes the marked lines.")
        marked, trouble = self._read(marks)
        if trouble:
            return judging.unusable(trouble)
        return self._judged(marked) if marked else judging.not_attempted(self.key)

    def _read(self, marks):
        """({line: why}, trouble): the marks of a call, whatever it was called with."""
        marked = {}
        for mark in _flat(marks):
            number, why = mark if isinstance(mark, tuple) else (mark, "")
            if number is ...:
                continue
            line = self.line(number)
            if line is None:
                last, given = len(self.lines), judging.shown(number)
                return {}, f"a mark is the number of a line, 1 to {last}; it was given {given}."
            marked[line] = why if isinstance(why, str) else ""
        return marked, ""

    def _judged(self, marked):
        hits = [sorted(set(marked) & place) for place in self.places]
        stray = sorted(set(marked) - set().union(*self.places))
        found, missed = [h for h in hits if h], [place for place, hit in zip(self.places, hits, strict=True) if not hit]
        parts = [_told(bug, hit, place, marked) for bug, hit, place in zip(self.bugs, hits, self.places, strict=True)]
        texts = {n: self.lines[n - 1].strip() for n in stray}
        parts += [f"✗ **Line {n}** " + (f"does what the task says: `{text}`" if text else "is empty.")
                  for n, text in texts.items()]
        body = "\n\n".join(parts)
        if not missed and not stray:
            return progress.note_pass(self.key, Verdict("passed", f"All found: {len(found)} of {len(found)}", body))
        title = f"{len(found)} of {len(self.bugs)} found, {len(stray)} false mark{'s' * (len(stray) != 1)}"
        return Verdict("wrong", title, body)

    @answered
    def repair(self, repairs=..., *, seconds=10.0):
        """Run the program with these repairs beside the right one → `Verdict`. Never raises.

        Args:
            repairs: {line: new text}, where "" deletes the line and a text that does not begin with a space is indented
                as the old line was; or the whole program as one text.
            seconds: for the run; then it is stopped.
        """
        from adamkit.practice import repairing

        if repairs is ... or repairs in ({}, ""):
            return judging.not_attempted(self.key)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < 1e6:
            return judging.unusable(f"seconds must be a number > 0; it is {judging.shown(seconds)}.")
        verdict = repairing.judged(self, repairs, float(seconds))
        return progress.note_pass(self.key, verdict) if verdict.passed else verdict

    def line(self, mark):
        """The number of a line that exists, out of 7, 7.0, "7" or "line 7"; None for anything else."""
        number = _line(mark)
        return number if number is not None and 1 <= number <= len(self.lines) else None

    def hint(self):
        """First how many bugs there are, then what a run shows of each, then the lines around them."""
        self._opened = min(self._opened + 1, 3)
        return Hints(self.key, self._hints()[: self._opened], 3)

    def _hints(self):
        count, near = len(self.bugs), set()
        for place in self.places:
            near |= set(range(max(1, min(place) - 2), min(len(self.lines), max(place) + 2) + 1))
        shown = " ".join(bug.shows for bug in self.bugs)
        many = "One bug" if count == 1 else f"{count} bugs"
        return f"{many}.", f"A run shows: {shown}", f"Look at {_named(near)}."

    def solution(self):
        """The bugs, their lines, and the right program, folded away until it is clicked."""
        return Solution(self.key, self.program.code, self._explained())

    def _explained(self):
        told = [_told(bug, [], place, {}) for bug, place in zip(self.bugs, self.places, strict=True)]
        return "\n\n".join(f"In {line.removeprefix('✗ Missed, ')}" for line in told)

    def difference(self):
        """What the bugs change: the largest difference of the trial's numbers to the right program's; needs a run."""
        with guard.randomness_kept():
            right, wrong = (programs.numbers(self.program, text) for text in (self.program.code, self.source))
        return float(np.nan_to_num(np.abs(wrong - right), nan=np.inf).max())

    def html(self):
        answer = folded("The bugs", markdown(self._explained()) + code(self.program.code))
        return box("ask", self._headline(), markdown(self.program.task) + code(self._numbered())) + answer

    def text(self):
        return f"{self._headline()}\n{plain(self.program.task, '  ')}\n\n{self._numbered()}"

    def widget(self):
        """The program with a button for each line, a field for the reasons, and the judge."""
        from adamkit.practice.hunt_widgets import HuntRoom

        return HuntRoom(self).view

    def _numbered(self):
        return "\n".join(f"{number:02}  {line}".rstrip() for number, line in enumerate(self.lines, 1))

    def _headline(self):
        return f"Bug hunt {self.seed}, level {self.level} ({LEVELS[self.level][1]}): {self.program.title}"


def draw(seed=0, level=2):
    """The hunt of this seed and level → `Hunt`: seeds in a row go through all programs of the level.

    Args:
        seed: whole number ≥ 0.
        level: 1, one bug that is seen at a glance; 2, one or two; 3, two or three, one of them well hidden.

    Raises:
        ValueError: seed or level is not allowed.
    """
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed={seed!r} must be a whole number >= 0")
    if level not in LEVELS or isinstance(level, (bool, float)):
        raise ValueError(f"level={level!r} is not one of {', '.join(map(str, LEVELS))}")
    able = programs.load()
    order = random.Random(level).sample(able, len(able))  # the same for all seeds of a level
    program = order[seed % len(order)]
    chance = random.Random(f"{seed} {level}")
    return Hunt(program, _drawn(program, level, chance), level, int(seed))


def _drawn(program, level, chance):
    """Bugs that fit: the hardest is of the level, and the number one that the level allows and the program has."""
    fitting = {count: [] for count in LEVELS[level][0]}
    for count, sets in fitting.items():
        for bugs in combinations(program.bugs, count):
            if max(bug.level for bug in bugs) == level and program.fit(bugs):
                sets.append(bugs)
    return chance.choice(fitting[chance.choice([count for count, sets in fitting.items() if sets])])


def _told(bug, hit, place, marked):
    """One bug in the verdict: found or missed, the reason, and what the reader said of it."""
    place = _named(set(hit) or place)
    head = f"✓ **{place.capitalize()}: {bug.name}.**" if hit else f"✗ Missed, {place}: **{bug.name}.**"
    seen = f" *Published code has it too:* {bug.seen}." if bug.seen else ""
    said = [f"You said: “{' '.join(marked[line].split())[:300]}”" for line in hit if marked[line].strip()]
    return "\n\n".join([f"{head} {bug.why}{seen}", f"*What a run shows:* {bug.shows}", *said])


def _named(numbers):
    """{3, 4, 5, 9} → "lines 3–5 and 9"."""
    runs = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    named = [str(a) if a == b else f"{a}–{b}" for a, b in runs]
    return f"line{'s' * (len(numbers) > 1)} {' and '.join(filter(None, [', '.join(named[:-1]), named[-1]]))}"


def _flat(marks):
    """Single marks, or pairs (mark, why), out of lists, sets, arrays and dicts of them."""
    for mark in marks:
        if isinstance(mark, dict):
            yield from mark.items()
        elif isinstance(mark, np.ndarray):
            yield from np.ravel(mark).tolist()
        elif isinstance(mark, (list, tuple, set, frozenset, range)):
            yield from (item if not isinstance(item, (tuple, dict)) else repr(item) for item in mark)
        else:
            yield mark


def _line(value):
    """A whole number out of 7, 7.0, "7" or "line 7"; None where it is none."""
    if isinstance(value, str):
        value = value.lower().strip().removeprefix("line").strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return None
    return int(value) if value == value and abs(value) < 1e6 and int(value) == value else None
