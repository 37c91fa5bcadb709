"""How long it will take."""

import math
import time
from collections import deque


class Clock:
    """Time per step of the recent past, and what is left at that pace.

    It takes the training's own seconds where records have them, so that pauses do not count, and looks at
    the last ``memory`` frames only: the first steps compile and warm up, and say little about the rest.
    """

    def __init__(self, *, memory=40):
        self._seen = deque(maxlen=memory)
        self._began = time.perf_counter()

    def tick(self, record):
        """The newest record."""
        seconds = record.seconds if math.isfinite(record.seconds) else time.perf_counter() - self._began
        self._seen.append((record.step, seconds))

    @property
    def seconds(self):
        """Time spent so far."""
        return self._seen[-1][1] if self._seen else 0.0

    def left(self, total):
        """Seconds until step ``total``, or None while that is anybody's guess."""
        if total is None or len(self._seen) < 2:
            return None
        (first, began), (last, now) = self._seen[0], self._seen[-1]
        return max(total - last, 0) * (now - began) / (last - first) if last > first else None


def duration(seconds):
    """0.8 s, 42 s, 3:05, 1:02:09."""
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
