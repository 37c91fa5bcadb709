"""Runs a reader's code so that nothing it does can hurt the notebook: errors, exits, endless loops, endless memory.

On Linux the code runs in a copy of this process, made by ``fork``: a copy knows the functions of the notebook, which
no process begun anew could be sent. It can be ended whatever it does, may use only so much memory, and takes its
changes to the libraries and to the random generators with it (`copied`). Elsewhere, and where CUDA is in use, which
does not survive a fork, the code runs in a thread (`threads`): any loop written in Python is ended, but a single
long call into C is not.

Time is counted for the code, not for the machine: waiting for a processor that others use, and importing a library
for the first time, are free, up to `PATIENCE` times the limit.
"""

import contextlib
import sysconfig
import traceback
from dataclasses import dataclass, field
from pathlib import Path

_HERE = str(Path(__file__).parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
#: So many times the limit may pass by the clock.
PATIENCE = 12
#: Bytes that an attempt may take beside those that are in use when it begins.
MEMORY = 2 * 1024**3


@dataclass
class Crash:
    """An exception as a reader wants to see it: its type, its message, and the line that raised it."""

    kind: str
    message: str
    line: int | None = None
    source: str = ""

    @classmethod
    def of(cls, error):
        """Describe an exception; never raises, whatever the exception does when looked at."""
        try:
            message = str(error)
        except BaseException:
            message = "(its message could not be read)"
        line, source = _line_of_reader(error)
        return cls(type(error).__name__, message[:300], line, source)

    @property
    def needs_no_fork(self):
        """True when a library says that it cannot work in a copied process."""
        return self.kind == "RuntimeError" and "fork" in self.message


@dataclass
class Outcome:
    """What became of some work: what it gave, and why it did not go on to its end."""

    values: list = field(default_factory=list)
    crash: Crash | None = None
    timed_out: bool = False
    still_running: bool = False
    died: str = ""  # of which signal, or that it left


def run(work, seconds, *, forked=None):
    """Take what ``work()``, a generator, yields, with a time limit, and return its `Outcome`.

    Args:
        work: a generator function; what it yields must be plain data.
        seconds: for all of it together.
        forked: in a copy of this process or in a thread; None chooses.

    Raises nothing of its own, except KeyboardInterrupt when the *reader* presses stop.
    """
    from adamkit.practice import copied, threads

    forked = copied.possible() if forked is None else forked
    return (copied if forked else threads).run(work, seconds)


def _line_of_reader(error):
    """Number and text of the deepest line that is neither ours nor a library's."""
    with contextlib.suppress(BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if not frame.filename.startswith((_HERE, "<frozen", *_LIBRARIES))]
        return (own[-1].lineno, (own[-1].line or "").strip()) if own else (None, "")
    return None, ""
