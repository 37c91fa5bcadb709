"""Writing a file whole or not at all."""

import glob
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

#: Seconds after which a half-written file beside its target belongs to a writer that died.
ABANDONED = 24 * 3600


def write_atomically(path, write):
    """Let ``write(file)`` fill a new file beside ``path``, then put it in place in one move.

    Whoever reads ``path`` meanwhile finds the old content or the new, never half of each; so does whoever
    comes after a crash. If anything fails, what was there before is untouched and the new file is removed. Half-written
    files that a writer of the same path left when it was killed are removed a day later.

    Args:
        path: where to; its folder must exist.
        write: is given a binary file, open for writing.

    Raises:
        OSError: the folder cannot be written, or the disk is full. What ``write`` raises passes through.
    """
    path = Path(path)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # on disk before its name: a power cut must not leave an empty file
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
    _clear(path)


def _clear(path):
    """Remove what killed writers of ``path`` left beside it."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.new"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()
