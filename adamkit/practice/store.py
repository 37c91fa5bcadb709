"""What the reader writes, kept on disk: answers, passed exercises, later the cards of notebook 14.

One folder (`home`), one JSON file a topic, with a version. The promises:

- A file is replaced in one stroke, so a crash leaves the old or the new one, never half of each.
- Changes are made under a lock on what is in the file *then*, so two kernels lose nothing.
- A damaged file is set aside under another name and reported; it is never overwritten.
- A folder that cannot be written, or a full disk, is an error with a sentence; what was there stays.
- A file of an earlier version is read under today's names (see `renamed`), and written so with the next change: in
  one stroke with its version, so that no crash leaves a file half moved, and none is moved twice.
"""

import json
import math
import os
from contextlib import contextmanager
from pathlib import Path

from adamkit.files import write_atomically
from adamkit.practice import renamed

#: 1: as in 1.0.0. 2: numbers of notebooks from 09 on have moved.
VERSION = 2
_PATIENCE = 10  # seconds to wait for another kernel that holds the lock


class StoreError(RuntimeError):
    """Nothing was saved, and what was on disk is untouched. The message says why, and what helps."""


def home():
    """The folder for the reader's files: ``ADAMKIT_HOME`` if set, else the system's place for user data."""
    chosen = os.environ.get("ADAMKIT_HOME", "").strip()
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("adamkit", appauthor=False))


def reader_is_here():
    """True when a person works here, so that progress is worth keeping and may be shown.

    A notebook that a tool executes (a build, nbval, nbconvert) tells its kernel that nobody can
    answer questions; then nothing is kept and nothing of a reader's is shown, so that stored
    notebooks hold no one's answers. On a CI machine, or without a notebook, only an explicit
    ``ADAMKIT_HOME`` turns keeping on.
    """
    explicit = bool(os.environ.get("ADAMKIT_HOME", "").strip())
    shell = _shell()
    kernel = getattr(shell, "kernel", None)
    if kernel is not None and not getattr(kernel, "_allow_stdin", False):
        return False
    return explicit or (shell is not None and not os.environ.get("CI"))


class Shelf:
    """One topic on disk: a dict of entries that can be written as JSON.

    Attributes:
        name: the topic; the file is ``home()/name.json``.
        notice: a sentence about the last read when there is something to say (a damaged file was
            set aside), else "".
    """

    def __init__(self, name):
        self.name = name
        self.notice = ""

    @property
    def path(self):
        """Where the entries are kept."""
        return home() / f"{self.name}.json"

    def entries(self):
        """What is kept, as a fresh dict; empty when there is nothing yet. See `notice` afterwards."""
        self.notice = ""
        try:
            return _read(self.path)
        except _Damaged:
            return self._after_repair()
        except OSError as reason:
            raise _explained(reason, self.path, "read") from reason

    def update(self, change):
        """Let ``change(entries)`` modify the entries in place, and keep the result.

        Reading, changing and writing happen under one lock. Returns the new entries; raises
        `StoreError` when they could not be kept.
        """
        self.notice = ""
        try:
            with _locked(self.path):
                try:
                    entries = _read(self.path)
                except _Damaged:
                    self.notice, entries = _set_aside(self.path), {}
                change(entries)
                _write(self.path, entries)
        except OSError as reason:
            raise _explained(reason, self.path, "written to") from reason
        return entries

    def put(self, key, value):
        """Keep one entry."""
        return self.update(lambda entries: entries.__setitem__(key, value))

    def _after_repair(self):
        try:
            with _locked(self.path):
                try:
                    return _read(self.path)  # another kernel may have repaired it meanwhile
                except _Damaged:
                    self.notice = _set_aside(self.path)
        except OSError as reason:
            self.notice = f"{self.path} is damaged and could not be set aside ({reason.strerror or reason})."
        return {}


class _Damaged(Exception):
    """The file is there and cannot be understood."""


def _read(path):
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        # An infinite number is none that could be written again; as a text it stays what it was.
        content = json.loads(text, parse_float=_finite, parse_constant=str)
        version, entries = content["version"], content["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _Damaged from None
    if not isinstance(version, int) or not isinstance(entries, dict):
        raise _Damaged
    if version > VERSION:
        raise StoreError(f"{path} was written by a newer adamkit; update adamkit to use it. It was left as it is.")
    return renamed.brought_up(path.stem, version, entries, to=VERSION)


def _finite(digits):
    number = float(digits)
    return number if math.isfinite(number) else digits


def _write(path, entries):
    text = json.dumps({"version": VERSION, "entries": entries}, ensure_ascii=False, indent=1, allow_nan=False)
    # Half of a character pair, as a damaged paste may hold it, has no bytes of its own; "?" keeps the rest.
    write_atomically(path, lambda file: file.write(text.encode("utf-8", errors="replace")))


def export(path, suffix, content):
    """Write a file that the reader asked for, whole or not at all; returns its absolute path.

    Args:
        path: where to; its folder must exist, and its name end in ``suffix``.
        suffix: such as ".ics".
        content: the bytes.

    Raises:
        ValueError: the path is no such name, or a folder.
        StoreError: it could not be written; a file that was there before is untouched.
    """
    path = Path(path).expanduser().absolute()
    if path.suffix.lower() != suffix:
        raise ValueError(f"path={str(path)!r} must end in {suffix}, as {path.stem or 'adam'}{suffix} does.")
    if path.is_dir():
        raise ValueError(f"path={str(path)!r} is a folder; name a file in it, such as {path / ('adam' + suffix)}.")
    if not path.parent.is_dir():
        raise ValueError(f"path={str(path)!r}: there is no folder {path.parent}; make it first, or choose another.")
    try:
        write_atomically(path, lambda file: file.write(content))
    except OSError as reason:
        sentence = f"{path} could not be written: {reason.strerror or reason}. What was there before is untouched."
        raise StoreError(f"{sentence} Free some space, or choose a folder that you may write to.") from reason
    return path


def _set_aside(path):
    """Rename a damaged file to a free name; returns the sentence that says so."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}.json")).exists():
        number += 1
    os.replace(path, aside)
    return f"{path.name} could not be read and was set aside as {aside}; a new one is begun."


@contextmanager
def _locked(path):
    import filelock

    path.parent.mkdir(parents=True, exist_ok=True)
    lock_path = str(path.with_name(f"{path.name}.lock"))
    lock = filelock.FileLock(lock_path, timeout=_PATIENCE)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise StoreError(
            f"Nothing was saved: another program has held {lock_path} for {_PATIENCE} seconds. "
            "Close other notebooks of this series and try again."
        ) from None
    except NotImplementedError:  # some network folders cannot lock; a lock by mere existence serves
        lock = filelock.SoftFileLock(lock_path, timeout=_PATIENCE)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _explained(reason, path, verb):
    return StoreError(
        f"{path} could not be {verb}: {reason.strerror or reason}. Nothing on disk was changed. "
        "Free some space, or set the environment variable ADAMKIT_HOME to a folder that you may write to, "
        "and try again."
    )


def _shell():
    """The running IPython shell, without importing IPython where there is none."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
