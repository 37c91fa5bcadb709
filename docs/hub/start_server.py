"""Starts one student's server; JupyterHub's spawner runs it in place of jupyterhub-singleuser, as that student.

Before the server starts, the notebooks that the student does not have yet are copied to ~/notebooks, and progress
(answers, passed exercises, cards) is given the folder ~/progress. What is there already is never touched.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import lab  # noqa: E402 - tools/lab.py knows how to copy without overwriting


def main(arguments):
    """Prepare the folders, then become the server."""
    notebooks, progress = Path.home() / "notebooks", Path.home() / "progress"
    for folder in (notebooks, progress):
        folder.mkdir(parents=True, exist_ok=True)
    lab.copy_notebooks(ROOT / "notebooks", notebooks)
    os.environ.setdefault("ADAMKIT_HOME", str(progress))
    server = Path(sys.executable).with_name("jupyterhub-singleuser")
    os.execv(server, [str(server), f"--ServerApp.root_dir={notebooks}", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
