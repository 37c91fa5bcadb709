"""Tells when code imports a library for the first time: that takes seconds, and is not the code's own time."""

import builtins
import sys
import time


class Imports:
    """While it is entered, counts the seconds spent in first imports.

    Args:
        told: called with True and False as a first import begins and ends.
    """

    def __init__(self, told=lambda begun: None):
        self._told, self._spent, self._since, self._depth = told, 0.0, None, 0
        self._import = builtins.__import__

    def seconds(self):
        """So far, an import that is still under way included."""
        return self._spent + (time.monotonic() - self._since if self._since else 0.0)

    def __enter__(self):
        self._import = builtins.__import__
        builtins.__import__ = self._watched
        return self

    def __exit__(self, *_):
        builtins.__import__ = self._import

    def _watched(self, name, *args, **kwargs):
        if name in sys.modules or self._depth:
            return self._import(name, *args, **kwargs)
        self._depth, self._since = 1, time.monotonic()
        self._told(True)
        try:
            return self._import(name, *args, **kwargs)
        finally:
            self._spent += time.monotonic() - self._since
            self._depth, self._since = 0, None
            self._told(False)
