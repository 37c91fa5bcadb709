"""The browser's half: JavaScript and CSS files, joined into the one module that anywidget loads.

anywidget hands the browser a module without an address, so its files cannot import each other.
They are written as plain functions with one subject each and concatenated here.
"""

from pathlib import Path

HERE = Path(__file__).parent
# What every widget needs, then what a picture needs.
BASE = ["ground.js", "bytes.js", "outbox.js"]
SCRIPTS = [*BASE, "room.js", "drawers.js", "picture.js", "pointer.js", "playback.js", "stage.js"]


def script(*extra, main):
    """The module: the common files, then ``extra`` paths, then ``main``, which exports ``render``."""
    return join([*(HERE / name for name in SCRIPTS), *extra, main])


def join(paths):
    """The texts of several files, one after the other."""
    return "\n".join(Path(path).read_text(encoding="utf-8") for path in paths)
