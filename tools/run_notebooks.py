"""Runs the built notebooks in pytest with nbval, each in a fresh kernel beside an empty store.

    python tools/run_notebooks.py [04 …]         # all of them, or those whose names start so

Lax mode: an exception anywhere fails, widget callbacks included; the output of cells marked
``# NBVAL_CHECK_OUTPUT`` is compared with the stored one. Two notebooks run at a time, one thread each.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CELL_TIMEOUT = 180  # seconds


def main(wanted):
    """Run the notebooks asked for; return pytest's exit status."""
    books = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    chosen = [str(path.relative_to(ROOT)) for path in books if not wanted or path.stem.startswith(tuple(wanted))]
    if not chosen:
        print(f"No notebook in notebooks/ starts with {' or '.join(wanted) or 'two digits'}.")
        return 1 if wanted else 0
    with tempfile.TemporaryDirectory(prefix="adamkit-nbval-", ignore_cleanup_errors=True) as home:
        return subprocess.call(command(chosen), cwd=ROOT, env=environment(home))


def command(books):
    """pytest with nbval over ``books``, one process for each up to two."""
    workers = ["-n", "2", "--dist", "loadscope"] if len(books) > 1 else []
    return [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "--durations=5",
            f"--nbval-cell-timeout={CELL_TIMEOUT}", *workers, *books]


def environment(home):
    """The caller's environment, with a store that is not the reader's, and one thread a kernel."""
    return {**os.environ, "ADAMKIT_HOME": home, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
