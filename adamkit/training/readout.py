"""Numbers that a step computed on the device, read without making the device wait, and the time it took.

Asking a tensor for its value makes the program wait until the device has caught up, and the device then waits for
the program. So a step's few numbers are stacked into one tensor. On CUDA that tensor is copied to the host in the
background, and read when a later step finds it there; on other devices it is read at once, in one transfer.
"""

import time
from collections import deque

import torch

#: Steps that the program may be ahead of a CUDA device. Enough to keep it busy, few enough to stop soon.
AHEAD = 4


def readout(device, seconds=0.0):
    """The readout for this kind of device; ``seconds`` were spent before."""
    return (BehindReadout if device.type == "cuda" else Readout)(device, seconds)


class Readout:
    """Reads at once. `start` begins the clock, `push` hands in a step, `take` gives back what has been read."""

    def __init__(self, device, seconds):
        self.device, self.seconds = device, seconds
        self._done = deque()
        self._last = None

    def start(self):
        """Time counts from now; what happened since the last step does not."""
        self._last = time.perf_counter()

    def push(self, about, values):
        """A step is done: ``values`` is its tensor of numbers, ``about`` whatever should come back with them."""
        numbers = values.tolist()
        now = time.perf_counter()
        self._done.append((about, numbers, now - self._last))
        self._last = now

    def take(self, *, everything=False):
        """(about, numbers, seconds of the step, seconds in all) of each step that can be read, in order."""
        while self._done:
            about, numbers, duration = self._done.popleft()
            self.seconds += duration
            yield about, numbers, duration, self.seconds


class BehindReadout(Readout):
    """Reads when the device has got there, at most `AHEAD` steps later; the device's own clock measures."""

    def start(self):
        """Time counts from now on the device's clock."""
        self._last = self._mark()

    def push(self, about, values):
        """A step is on its way."""
        host = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
        host.copy_(values, non_blocking=True)
        self._done.append((about, host, self._mark()))

    def take(self, *, everything=False):
        """As `Readout.take`; with ``everything`` it waits for all steps that were pushed."""
        while self._done:
            about, host, mark = self._done[0]
            if everything or len(self._done) > AHEAD:
                mark.synchronize()
            elif not mark.query():
                return
            self._done.popleft()
            duration = self._last.elapsed_time(mark) / 1000
            self._last = mark
            self.seconds += duration
            yield about, host.tolist(), duration, self.seconds

    def _mark(self):
        event = torch.cuda.Event(enable_timing=True)
        event.record(torch.cuda.current_stream(self.device))
        return event
