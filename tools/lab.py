"""Opens the notebooks in JupyterLab: the originals, or the reader's own copies.

    python tools/lab.py [--copy] [--outputs] [arguments for JupyterLab]

Copies come without stored outputs, which would answer the questions that stand above them; the still pictures of
explorers stay. ``--outputs`` keeps them all.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = "00_start_here.ipynb"
#: Without it each widget message waits for a delayed acknowledgement, about 40 ms (see adamkit/server.py).
SOCKET = "--ServerApp.kernel_websocket_connection_class=adamkit.server.PromptConnection"
#: What JupyterLab does unless the reader has chosen otherwise: no question about news, no look for updates, and the
#: table of contents on the right, where it can stay open beside the list of files.
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/application-extension:shell": {
        "layout": {mode: {"Table of Contents": {"area": "right"}} for mode in ("single", "multiple")},
    },
}
#: Not in the list of files: the notebooks' sources, and what editors and Python leave.
HIDDEN = ("src", "__pycache__", ".ipynb_checkpoints", "*.pyc", "*~", ".DS_Store")
#: Notebooks that were divided: what became of an earlier copy's subject.
DIVIDED = {"08_variants.ipynb": "08_one_line_changed.ipynb and 09_memory_averages_matrices.ipynb"}
EXPLORER = re.compile(r"^explorers\.\w+\(", re.MULTILINE)


def main(arguments):
    """Copy when asked to, then run JupyterLab until it is closed."""
    copies = "--copy" in arguments
    extra = [argument for argument in arguments if argument not in ("--copy", "--outputs")]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        sys.exit("JupyterLab does not start as root unless told to: make lab LAB_ARGS=--allow-root")
    if copies:
        done = copy_notebooks(ROOT / "notebooks", ROOT / "work", outputs="--outputs" in arguments)
        report(done, renumbered(ROOT / "notebooks", ROOT / "work"))
    settle(Path(sys.prefix))
    page = f"/lab/tree/{'work' if copies else 'notebooks'}/{FIRST}"
    command = [sys.executable, "-m", "jupyterlab", SOCKET, f"--ServerApp.root_dir={ROOT}",
               f"--LabApp.default_url={page}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
               *(f"--ContentsManager.hide_globs={pattern}" for pattern in HIDDEN), *extra]
    try:
        return subprocess.call(command, cwd=ROOT)
    except KeyboardInterrupt:
        return 0


def settle(prefix):
    """Write `QUIET` where this environment's JupyterLab looks for defaults; other entries there stay."""
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    try:
        have = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if {**have, **QUIET} != have:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({**have, **QUIET}, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as problem:  # no reason not to start
        print(f"JupyterLab keeps its own defaults: {problem}")


def copy_notebooks(source, target, *, outputs=False):
    """Copy each notebook that ``target`` does not have yet; return (copied, kept) names.

    A file that is there already is the reader's: it is never touched, whatever changed in ``source``. A copy appears
    whole or not at all.
    """
    target.mkdir(exist_ok=True)
    copied, kept = [], []
    for path in sorted(source.glob("*.ipynb")):
        if (target / path.name).exists():
            kept.append(path.name)
            continue
        text = path.read_text(encoding="utf-8")
        half = target / f".{path.name}.half"
        half.write_text(text if outputs else unanswered(text), encoding="utf-8")
        half.replace(target / path.name)
        copied.append(path.name)
    return copied, kept


def unanswered(text):
    """A notebook's text without stored outputs, except the still pictures of explorers."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not EXPLORER.search("".join(cell["source"])):
            cell.update(outputs=[], execution_count=None)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def renumbered(source, target):
    """Old name → today's, of the copies in ``target`` whose notebook has another number by now; they stay."""
    today = {path.name[3:]: path.name for path in source.glob("[0-9][0-9]_*.ipynb")}
    mine = sorted(path.name for path in target.glob("[0-9][0-9]_*.ipynb"))
    return {name: DIVIDED.get(name, today.get(name[3:])) for name in mine
            if name in DIVIDED or today.get(name[3:], name) != name}


def report(result, moved):
    """Say what was copied and what was left as it was."""
    copied, kept = result
    if copied:
        print(f"Copied into work/: {', '.join(copied)}")
    if kept:
        print(f"Kept as you left them: {', '.join(kept)} (for a fresh one, rename yours and run this again)")
    for old, new in moved.items():
        print(f"{old} is {new} now. Yours stays as you left it, and its exercises count for the new.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
