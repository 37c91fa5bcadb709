"""Runs work in a thread of this process: where it cannot be copied.

A signal-based alarm would be simpler, but it works only in the main thread and only on Unix, while widget callbacks
run in other threads and many readers sit at Windows. When the time is up, an exception is raised *inside* the thread;
it ends any loop written in Python. A single long call into C (``time.sleep(1000)``) cannot be ended; the thread is
then left behind as a daemon, and the outcome says so. One that keeps the interpreter's lock stops everything here.

What the work prints appears in the reader's cell as usual.
"""

import contextlib
import contextvars
import ctypes
import threading
import time

import numpy as np

from adamkit.practice import guard
from adamkit.practice.imports import Imports
from adamkit.practice.sandbox import MEMORY, PATIENCE, Crash, Outcome

_SLICE = 0.05  # seconds; waiting in slices keeps the stop button working, on Windows too
_INSISTENCE = 20  # a loop around a bare ``except:`` swallows the first exceptions


class TimeIsUp(BaseException):
    """Raised inside the reader's code when its time is up. No ``except Exception`` catches it."""


def run(work, seconds):
    """As `sandbox.run`."""
    outcome, done, over = Outcome(), threading.Event(), threading.Event()
    imports = Imports()

    def body():
        try:
            with np.errstate(all="ignore"):  # a NaN is reported as a NaN, not as a warning in red
                for value in work():
                    outcome.values.append(value)
                    if over.is_set():
                        return
        except TimeIsUp:
            pass
        except BaseException as error:  # SystemExit and KeyboardInterrupt included
            outcome.crash = Crash.of(error)
        finally:
            done.set()

    # The copied context carries print() to the right notebook cell.
    context = contextvars.copy_context()
    thread = threading.Thread(target=_quietly, args=(context.run, body), name="adamkit-check", daemon=True)
    with guard.undone(), guard.nobody_there(), imports:
        thread.start()
        try:
            _wait(done, seconds, imports)
        except BaseException:
            over.set()
            _stop(thread, done)
            raise
        if not done.is_set():
            over.set()
            _stop(thread, done)
            return Outcome(list(outcome.values), timed_out=True, still_running=not done.is_set())
    return outcome


def _quietly(call, body):
    """The last exception to stop a thread may arrive just after its work is done."""
    with contextlib.suppress(TimeIsUp):
        call(body)


def _wait(done, seconds, imports):
    """Until it is done, or has had its time: by the clock, and half of it on a processor unless it sleeps."""
    began, used, memory = time.monotonic(), time.process_time(), _memory()
    while not done.wait(_SLICE):
        passed = time.monotonic() - began - imports.seconds()
        busy = time.process_time() - used - imports.seconds()
        if passed >= seconds and (busy >= seconds / 2 or passed >= 3 * seconds):
            return
        if passed >= PATIENCE * seconds or _memory() - memory > MEMORY:
            return


def _memory():
    """The most bytes that this process has held; 0 where it cannot be told."""
    try:
        import resource
        import sys
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def _stop(thread, done):
    """Raise `TimeIsUp` inside the thread, again and again if it is swallowed."""
    for _ in range(_INSISTENCE):
        if done.is_set() or not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsUp))
        done.wait(_SLICE)
