"""Opens the notebooks in JupyterLab: the originals, or the reader's own copies.

    python tools/lab.py [--copy] [arguments for JupyterLab]
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = "00_start_here.ipynb"
#: Without it each widget message waits for a delayed acknowledgement, about 40 ms (see adamkit/server.py).
SOCKET = "--ServerApp.kernel_websocket_connection_class=adamkit.server.PromptConnection"


def main(arguments):
    """Copy when asked to, then run JupyterLab until it is closed."""
    copies = "--copy" in arguments
    extra = [argument for argument in arguments if argument != "--copy"]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        sys.exit("JupyterLab does not start as root unless told to: make lab LAB_ARGS=--allow-root")
    if copies:
        report(copy_notebooks(ROOT / "notebooks", ROOT / "work"), renumbered(ROOT / "notebooks", ROOT / "work"))
    page = f"/lab/tree/{'work' if copies else 'notebooks'}/{FIRST}"
    command = [sys.executable, "-m", "jupyterlab", SOCKET, f"--ServerApp.root_dir={ROOT}",
               f"--LabApp.default_url={page}", *extra]
    try:
        return subprocess.call(command, cwd=ROOT)
    except KeyboardInterrupt:
        return 0


def copy_notebooks(source, target):
    """Copy each notebook that ``target`` does not have yet; return (copied, kept) names.

    A file that is there already is the reader's: it is never touched, whatever changed in ``source``.
    """
    target.mkdir(exist_ok=True)
    copied, kept = [], []
    for path in sorted(source.glob("*.ipynb")):
        if (target / path.name).exists():
            kept.append(path.name)
        else:
            shutil.copyfile(path, target / path.name)
            copied.append(path.name)
    return copied, kept


def renumbered(source, target):
    """Old name → today's, of the copies in ``target`` whose notebook has another number by now; they stay."""
    today = {path.name[3:]: path.name for path in source.glob("[0-9][0-9]_*.ipynb")}
    mine = sorted(path.name for path in target.glob("[0-9][0-9]_*.ipynb"))
    return {name: today[name[3:]] for name in mine if today.get(name[3:], name) != name}


def report(result, moved):
    """Say what was copied and what was left as it was."""
    copied, kept = result
    if copied:
        print(f"Copied into work/: {', '.join(copied)}")
    if kept:
        print(f"Kept as you left them: {', '.join(kept)} (for a fresh one, rename yours and run this again)")
    for old, new in moved.items():
        print(f"{old} is {new} now. Yours stays as you left it, and its exercises count for the new one.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
