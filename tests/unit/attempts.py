"""Attempts at the exercises, as readers might hand them in: read from tests/attempts, one file an exercise.

A file begins with code that all its attempts share; each attempt follows a line

    # %% right: in place          or          # %% wrong: skips gradients of zero

and runs by itself, after the shared code. Lines ``#~ old => new`` edit the shared code for that attempt; each must
find its text there. The attempt is the last line if that is an expression, else what bears the name of the reference.
A line ``#: as of NAME`` in the shared code adds the attempts of tests/attempts/common/NAME.py, which stand on it;
``#: right here: …`` names those among them that are right for this exercise though wrong for others.
``# %% wrong, loops: …`` marks what never ends and may be stopped early. All were written from the statement alone.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "attempts"
MARK, EDIT, MORE, TURNED = "# %% ", "#~ ", "#: as of ", "#: right here: "


@dataclass(frozen=True)
class Attempt:
    """One attempt: its exercise, whether it is right, what is special about it, and its text."""

    key: str
    right: bool
    loops: bool
    name: str
    source: str
    path: Path

    def __str__(self):
        return f"{self.key} {'right' if self.right else 'wrong'}: {self.name}"

    def build(self, wanted):
        """Run the text and return what is handed in; ``wanted`` is the name it has otherwise."""
        tree = ast.parse(self.source, str(self.path))
        space = {"np": np, "__name__": "attempt"}
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(self.path), "exec"), space)
        return eval(compile(ast.Expression(last.value), str(self.path), "eval"), space) if last else space[wanted]


def read(path):
    """All attempts of a file."""
    shared, *cells = path.read_text(encoding="utf-8").split(f"\n{MARK}")
    for line in shared.splitlines():
        if line.startswith(MORE):
            more = FOLDER / "common" / f"{line.removeprefix(MORE)}.py"
            imports, *others = more.read_text(encoding="utf-8").split(f"\n{MARK}")
            shared, cells = "\n".join([imports, shared]), cells + others
    for line in shared.splitlines():
        if line.startswith(TURNED):
            name = line.removeprefix(TURNED)
            assert any(cell.startswith(f"wrong: {name}\n") for cell in cells), line
            cells = [cell.replace(f"wrong: {name}\n", f"right: {name}\n", 1) for cell in cells]
    return [_attempt(path, shared, *cell.split("\n", 1)) for cell in cells]


def _attempt(path, shared, head, body):
    kind, _, name = head.partition(": ")
    assert kind in ("right", "wrong", "wrong, loops"), f"{path.name}: {head}"
    own = []
    for line in body.splitlines():
        if line.startswith(EDIT):
            old, _, new = line.removeprefix(EDIT).partition(" => ")
            assert old in shared, f"{path.name}, {name}: nothing to edit: {old}"
            shared = shared.replace(old, new.replace("\\n", "\n"))
        else:
            own.append(line)
    source = "\n".join([shared, *own])
    return Attempt(path.stem, kind == "right", kind.endswith("loops"), name.strip(), source, path)


def everything():
    """All attempts of all files, in the order of the notebooks."""
    return [attempt for path in sorted(FOLDER.glob("*.py")) for attempt in read(path)]
