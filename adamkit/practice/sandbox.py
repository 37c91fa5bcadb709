"""Runs a reader's code so that nothing it does can hurt the notebook: errors, exits, endless loops.

The code runs in a thread of its own. A signal-based alarm would be simpler, but it works only in
the main thread and only on Unix, while widget callbacks run in other threads and many readers sit
at Windows. When the time is up, an exception is raised *inside* that thread; it ends any loop
written in Python. A single long call into C (``time.sleep(1000)``) cannot be ended; the thread is
then left behind as a daemon, and the outcome says so.

What the code prints appears in the reader's cell as usual.
"""

import contextlib
import contextvars
import ctypes
import sysconfig
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

_HERE = str(Path(__file__).parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_SLICE = 0.05  # seconds; waiting in slices keeps the stop button working, on Windows too
_INSISTENCE = 20  # a loop around a bare ``except:`` swallows the first exceptions


class TimeIsUp(BaseException):
    """Raised inside the reader's code when its time is up. No ``except Exception`` catches it."""


@dataclass
class Crash:
    """An exception as a reader wants to see it: its type, its message, and the line that raised it."""

    kind: str
    message: str
    line: int | None = None
    source: str = ""
    error: BaseException | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, error):
        """Describe an exception; never raises, whatever the exception does when looked at."""
        try:
            message = str(error)
        except BaseException:
            message = "(its message could not be read)"
        line, source = _line_of_reader(error)
        return cls(type(error).__name__, message[:300], line, source, error)


@dataclass
class Outcome:
    """What became of a call: a value, a crash, or neither because time ran out."""

    value: Any = None
    crash: Crash | None = None
    timed_out: bool = False
    still_running: bool = False


def run(function, seconds):
    """Call ``function(over)`` with a time limit and return its `Outcome`.

    ``over`` is an event that is set when time is up: for a function that works in parts, some of
    which may swallow the exception that is to end them.

    Raises nothing of its own, except KeyboardInterrupt when the *reader* presses stop.
    """
    outcome, done, over = Outcome(), threading.Event(), threading.Event()

    def body():
        try:
            with np.errstate(all="ignore"):  # a NaN is reported as a NaN, not as a warning in red
                outcome.value = function(over)
        except TimeIsUp:
            pass
        except BaseException as error:  # SystemExit and KeyboardInterrupt included
            outcome.crash = Crash.of(error)
        finally:
            done.set()

    # The copied context carries print() to the right notebook cell.
    context = contextvars.copy_context()
    thread = threading.Thread(target=_quietly, args=(context.run, body), name="adamkit-check", daemon=True)
    thread.start()
    try:
        _wait(done, seconds)
    except BaseException:
        over.set()
        _stop(thread, done)
        raise
    if not done.is_set():
        over.set()
        _stop(thread, done)
        return Outcome(timed_out=True, still_running=not done.is_set())
    return outcome


def _quietly(call, body):
    """The last exception to stop a thread may arrive just after its work is done."""
    with contextlib.suppress(TimeIsUp):
        call(body)


def _wait(done, seconds):
    end = time.monotonic() + seconds
    while not done.is_set() and (left := end - time.monotonic()) > 0:
        done.wait(min(_SLICE, left))


def _stop(thread, done):
    """Raise `TimeIsUp` inside the thread, again and again if it is swallowed."""
    for _ in range(_INSISTENCE):
        if done.is_set() or not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsUp))
        _wait(done, _SLICE)


def _line_of_reader(error):
    """Number and text of the deepest line that is neither ours nor a library's."""
    try:
        frames = traceback.extract_tb(error.__traceback__)
    except BaseException:
        return None, ""
    own = [frame for frame in frames if not frame.filename.startswith((_HERE, "<frozen", *_LIBRARIES))]
    return (own[-1].lineno, (own[-1].line or "").strip()) if own else (None, "")
