"""The keyboard's interrupt, held back until the step is done."""

import signal
import threading
import time

#: Seconds in which two signals count as one press: a launcher passes on what the terminal has already sent.
ONE_PRESS = 0.5


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
