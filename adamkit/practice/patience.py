"""A line below a cell that takes long: how long it has run, and about how long it will.

The notebooks' slow cells are known: ``cell_seconds.json`` holds what each took when its page was made. While such a
cell runs, a thread writes below it, from the third second on, how much time is left. What earlier cells of the kernel
took says how much slower or faster this machine is. The line is empty at the end, also of a cell that was interrupted.
Where nobody looks on (a build, nbval, a script) nothing is written, and a cell that is not listed has no line.
"""

import contextvars
import functools
import hashlib
import json
import sys
import threading
import time
from importlib import resources

from adamkit import waiting

#: Seconds before the first word, and between two.
PATIENCE, PAUSE = waiting.PATIENCE, 1.0


def attend():
    """Watch the cells of this kernel from the next one on; without a reader, do nothing."""
    if waiting.attended() and not hasattr(shell := sys.modules["IPython"].get_ipython(), "adamkit_clock"):
        shell.adamkit_clock = CellClock()
        shell.events.register("pre_run_cell", shell.adamkit_clock.begin)
        shell.events.register("post_run_cell", shell.adamkit_clock.end)


class CellClock:
    """Tells the time left of the cell that runs."""

    def __init__(self):
        self.pace = 1.0  # this machine's seconds for one of the maker's, from the slow cells so far
        self.done, self.expected, self.began = threading.Event(), None, 0.0

    def begin(self, info):
        """A cell begins: IPython calls it with the cell's text."""
        self.expected, self.began = known_seconds().get(digest(info.raw_cell)), time.monotonic()
        self.done = threading.Event()
        if self.expected:
            waiting.SPOKEN_FOR.set()
            run = contextvars.copy_context().run  # what the thread writes belongs to this cell
            threading.Thread(target=run, args=(self._write, self.done, self.expected, self.began), daemon=True).start()

    def end(self, result):
        """The cell has ended, somehow."""
        self.done.set()
        waiting.SPOKEN_FOR.clear()
        if self.expected and result.success:
            self.pace = (self.pace + (time.monotonic() - self.began) / self.expected) / 2

    def _write(self, done, expected, began):
        if done.wait(PATIENCE):
            return
        line = None
        try:
            while not done.wait(PAUSE if line else 0):
                line = waiting.say(line, words(time.monotonic() - began, expected * self.pace))
        finally:
            if line is not None:
                waiting.say(line, "")


def words(elapsed, expected):
    """Such as "about 12 s left"."""
    left = expected - elapsed
    said = f"about {max(left, 1):.0f} s left" if left > 0 else f"{elapsed:.0f} s so far, longer than expected"
    return f"This cell computes: {said} {waiting.HOW_TO_STOP}"


def digest(text):
    """A cell's name in the list, from its code."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


@functools.cache
def known_seconds():
    """Digest → seconds, of the cells that took longer than `PATIENCE` when their pages were made."""
    return json.loads(resources.files(__package__).joinpath("cell_seconds.json").read_text(encoding="utf-8"))
