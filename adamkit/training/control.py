"""A hand on a running training: pause, go on, stop, change the rate, interrupt. The loop looks between steps."""

import math
import numbers
import signal
import threading
import time

#: Seconds between two looks at a paused training: short for a hand, long for a processor.
GLANCE = 0.05
#: Seconds in which two signals count as one press: a launcher passes on what the terminal has already sent.
ONE_PRESS = 0.5


class Control:
    """What somebody else (a button, another thread, a watcher) asks of a training that is running.

    Nothing here touches the training: `fit` looks between steps. All of it may be called from any thread.

    Args:
        rate_factor: number > 0 that multiplies the scheduled rate from the next step on; set it at any time.
    """

    def __init__(self, *, rate_factor=1.0):
        self._stopped = False
        self._running = threading.Event()
        self._running.set()
        self.rate_factor = rate_factor

    @property
    def rate_factor(self):
        """Multiplies the scheduled rate."""
        return self._rate_factor

    @rate_factor.setter
    def rate_factor(self, value):
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 < value < math.inf:
            raise ValueError(f"rate_factor={value!r} must be a finite number > 0")
        self._rate_factor = float(value)

    @property
    def paused(self):
        """True between `pause` and `resume`."""
        return not self._running.is_set()

    @property
    def stopped(self):
        """True after `stop`."""
        return self._stopped

    def pause(self):
        """Wait after the step that is being taken."""
        self._running.clear()

    def resume(self):
        """Go on."""
        self._running.set()

    def stop(self):
        """End after the step that is being taken, also when paused."""
        self._stopped = True

    def reset(self):
        """As new: running, not stopped, rate_factor 1. A stopped control would stop the next training at once."""
        self._stopped = False
        self.rate_factor = 1.0
        self._running.set()

    def wait(self, seconds=GLANCE):
        """Wait for `resume`, at most this long. Short waits keep the keyboard's interrupt working everywhere."""
        self._running.wait(seconds)

    def __repr__(self):
        state = "stopped" if self.stopped else "paused" if self.paused else "running"
        return f"<Control: {state}, rate × {self.rate_factor:g}>"


class Interrupts:
    """While entered, Ctrl-C and Kernel → Interrupt set ``asked`` instead of cutting a step in two.

    A second press raises KeyboardInterrupt at once, wherever the program is. Outside the main thread, and where the
    process ignores interrupts, nothing changes.
    """

    def __init__(self):
        self.asked = False
        self._since = 0.0
        self._before = None

    def __enter__(self):
        if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT)):
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, *_):
        if self.asked and time.monotonic() - self._since > ONE_PRESS:
            raise KeyboardInterrupt
        if not self.asked:
            self.asked, self._since = True, time.monotonic()
