"""A line that says how long a computation will still take, where somebody waits for it."""

import sys
import threading
import time

#: Seconds before the first word, and between two.
PATIENCE, PAUSE = 3.0, 0.5
HOW_TO_STOP = "(the ■ in the toolbar stops it)"
#: Set while the cell that runs has a line for all that it does.
SPOKEN_FOR = threading.Event()


def told(items, what="steps"):
    """Go through ``items``; where a reader waits longer than three seconds, say how far it is and what time is left.

    The line stands below the cell and is gone at the end, also when the computation is interrupted or fails. A notebook
    that a tool executes (a build, nbval) and a script show nothing.

    Args:
        items: anything with a length.
        what: what is counted, in the plural: "120 of 400 steps, 21 s left".
    """
    if SPOKEN_FOR.is_set() or not attended():
        yield from items
        return
    line, began = None, time.monotonic()
    said = began + PATIENCE - PAUSE
    try:
        for done, item in enumerate(items):
            now = time.monotonic()
            if now - said > PAUSE:
                said, line = now, say(line, _words(done, len(items), now - began, what))
            yield item
    finally:
        if line is not None:
            say(line, "")


def attended():
    """True in a notebook's kernel whose front end can ask and answer: somebody looks at it."""
    return bool(getattr(kernel(), "_allow_stdin", False))


def kernel():
    """The kernel that this runs in, or None in a script or a terminal; IPython is not loaded for it."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython() if ipython else None, "kernel", None)


def _words(done, total, seconds, what):
    left = seconds * (total - done) / max(done, 1)
    time_left = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
    return f"{done} of {total} {what}, about {time_left} left {HOW_TO_STOP}"


def say(line, words):
    """Write the words where the line stands, which None begins; returns the line."""
    bundle = {"text/plain": words}
    if line is None:  # a kernel has IPython loaded; the package's numerical part never loads it
        return sys.modules["IPython.display"].display(bundle, raw=True, display_id=True)
    line.update(bundle, raw=True)
    return line
