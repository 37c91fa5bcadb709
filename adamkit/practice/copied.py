"""Runs work in a copy of this process, which is ended when its time is up, whatever it does.

What the work yields and prints comes back through a pipe, each as it happens. The parent waits, charges the copy for
its time, and prints what it says into the reader's cell.
"""

import contextlib
import os
import pickle
import select
import signal
import struct
import sys
import time
import warnings

import numpy as np

from adamkit.practice import guard
from adamkit.practice.imports import Imports
from adamkit.practice.sandbox import MEMORY, PATIENCE, Crash, Outcome

_SLICE = 0.05  # seconds between two looks at the clock
_HEAD = struct.Struct("!Q")
_MOST_PRINTED = 100_000  # characters
_KILLED_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def possible():
    """True where a copy can do all that this process can: on Linux, unless torch has begun to use CUDA."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return sys.platform == "linux" and not (cuda is not None and cuda.is_initialized())


def run(work, seconds):
    """As `sandbox.run`."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()  # what is still on its way would be printed twice
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python warns that threads are not copied, and their locks are. The copy uses none of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _be_the_copy(work, seconds, writing)
    os.close(writing)
    try:
        return _listen(pid, reading, seconds)
    finally:
        os.close(reading)
        for end in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                end(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(pid, 0)


# The parent


def _listen(pid, reading, seconds):
    """Take what comes until the copy has ended, or has had its time."""
    outcome, charge, buffer = Outcome(), _Charge(pid), bytearray()
    while True:
        if select.select([reading], [], [], _SLICE)[0]:
            piece = os.read(reading, 1 << 20)
            if not piece:
                outcome.died = _how_it_ended(pid)
                return outcome
            buffer += piece
            for tag, told in _messages(buffer):
                if tag == "done":
                    return outcome
                _take(outcome, charge, tag, told)
        if charge.spent() >= seconds or charge.passed() >= PATIENCE * seconds:
            outcome.timed_out = True
            return outcome


def _take(outcome, charge, tag, told):
    if tag == "value":
        outcome.values.append(told)
    elif tag == "crash":
        outcome.crash = told
    elif tag == "importing":
        charge.importing(told)
    else:
        with contextlib.suppress(Exception):
            getattr(sys, tag).write(told)


def _messages(buffer):
    """The whole messages at the beginning of the buffer, taken from it."""
    while len(buffer) >= _HEAD.size:
        end = _HEAD.size + _HEAD.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        message = pickle.loads(bytes(buffer[_HEAD.size : end]))
        del buffer[:end]
        yield message


def _how_it_ended(pid):
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return "exit" if ended is None or ended.si_code == os.CLD_EXITED else signal.Signals(ended.si_status).name


class _Charge:
    """The seconds that a process has had: on a processor, or asleep. Imports and waiting for a processor are free."""

    def __init__(self, pid):
        self._path, self._sum, self._free = f"/proc/{pid}/stat", 0.0, False
        self._began = self._last = time.monotonic()
        self._used = 0.0

    def importing(self, begun):
        """A first import begins, or has ended."""
        self.spent()
        self._free = begun

    def passed(self):
        """By the clock."""
        return self._last - self._began

    def spent(self):
        """Look again, and return the sum."""
        now, (asleep, used) = time.monotonic(), self._state()
        wall, busy = now - self._last, used - self._used
        if not self._free:
            self._sum += wall if asleep else min(busy, wall)
        self._last, self._used = now, used
        return self._sum

    def _state(self):
        try:
            with open(self._path, encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:  # no such folder, or the process is gone: the clock alone counts
            return True, self._used
        return fields[0] in "SZT", (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# The copy


def _be_the_copy(work, seconds, writing):
    """Does the work, tells of it, and ends the process; never returns."""
    try:
        tell = _teller(writing)
        _settle_down(seconds)
        sys.stdout, sys.stderr = _Speaker("stdout", tell), _Speaker("stderr", tell)
        with np.errstate(all="ignore"), guard.nobody_there(), Imports(lambda begun: tell("importing", begun)):
            try:
                for value in work():
                    tell("value", value)
            except BaseException as error:
                tell("crash", Crash.of(error))
        tell("done", None)
    finally:
        os._exit(0)


def _teller(writing):
    dumps, write, head, view = pickle.dumps, os.write, _HEAD.pack, memoryview

    def tell(tag, what):
        message = dumps((tag, what), protocol=pickle.HIGHEST_PROTOCOL)
        rest = view(head(len(message)) + message)
        while rest.nbytes:
            rest = rest[write(writing, rest) :]

    return tell


def _settle_down(seconds):
    """What a copy must leave to the original, and the limits that it has."""
    import ctypes
    import faulthandler
    import gc
    import resource

    os.setpgid(0, 0)  # the stop button interrupts the original, which then ends this one
    ctypes.CDLL(None).prctl(_KILLED_WITH_PARENT, signal.SIGKILL)
    gc.freeze()
    faulthandler.disable()
    torch = sys.modules.get("torch")
    if hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)  # the threads of its pool were not copied, and would be waited for
    with open("/proc/self/statm", encoding="utf-8") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    for kind, most in ((resource.RLIMIT_AS, taken + MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


class _Speaker:
    """A stream whose text goes to the original, up to a length."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name, tell):
        self._name, self._tell, self._left = name, tell, _MOST_PRINTED

    def write(self, text):
        """As of a text file."""
        text = str(text)
        if self._left > 0 and text:
            self._tell(self._name, text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                self._tell(self._name, "\n… (what it prints beyond this is not shown)\n")
        return len(text)

    def writelines(self, lines):
        """As of a text file."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Nothing waits here."""

    def isatty(self):
        """No."""
        return False

    def writable(self):
        """Yes."""
        return True
