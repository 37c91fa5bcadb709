"""Tries altered solutions on their checkers, in a process of its own, because an altered solution may never end.

A loop in Python is stopped by the checker itself. A call into C that goes on for ever, such as an array made of a
list that holds itself, is not; then the process is killed, and a new one goes on with the next mutant.
"""

import copy
import functools
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np

from adamkit.practice import catalogue

PATIENCE = 20  # seconds of a processor without an answer; a check takes hundredths of one


def verdict(key, source, name):
    """The kind of verdict on an altered solution; "unborn" when it is no program that can be loaded."""
    exercise = copy.copy(catalogue.find("EXERCISES", key))
    exercise.mistakes = ()  # they name a failure and decide nothing
    space = {"np": np}
    try:
        exec(compile(source, "<mutant>", "exec"), space)
    except Exception:
        return "unborn"
    return exercise.check(space[name], seconds=time_allowed(key)).kind


@functools.cache
def time_allowed(key):
    """Twenty times what the right solution takes, and at least a second: enough not to end by mistake."""
    exercise = catalogue.find("EXERCISES", key)
    began = time.perf_counter()
    assert exercise.check(exercise.solution_code, seconds=60).passed
    return max(1.0, 20 * (time.perf_counter() - began))


def _serve(pipe):
    while (job := pipe.recv()) is not None:
        pipe.send(verdict(*job))


def spent(pid):
    """Seconds that a process has had a processor; where /proc does not tell, the clock's."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


class Workshop:
    """A process that gives verdicts on altered solutions; `verdict` returns "endless" where it had to be killed."""

    def __init__(self):
        self.process = None

    def verdict(self, key, source, name):
        """As the function of this name, and "endless" after `PATIENCE` seconds of computing."""
        if self.process is None:
            self._open()
        self.pipe.send((key, source, name))
        try:
            began = spent(self.process.pid)
            while not self.pipe.poll(0.5):
                if spent(self.process.pid) - began > PATIENCE:
                    break
            else:
                return self.pipe.recv()
        except EOFError:  # it died, as for want of memory
            pass
        self.close()
        return "endless"

    def _open(self):
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def close(self):
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
            self.process = None
