"""Runs the built notebooks in pytest with nbval, each in a fresh kernel beside an empty store.

    python tools/run_notebooks.py [04 …]                       # all of them, or those whose names start so
    python tools/run_notebooks.py --world baseline-1 [04 …]    # with another machine's kernels (see worlds.py)

Lax mode: an exception anywhere fails, widget callbacks included; the output of cells with the tag
``nbval-check-output`` is compared with the stored one, but for figures behind ≈. Two notebooks run at a time, one
thread each.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import worlds

ROOT = Path(__file__).resolve().parent.parent


def main(arguments):
    """Run the notebooks asked for; return pytest's exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="beginnings of names, such as 04")
    parser.add_argument("--world", help="one of `worlds.py --list`, or random")
    chosen = parser.parse_args(arguments)
    world = worlds.chosen_worlds([chosen.world])[0] if chosen.world else None
    if world:
        print(f"World: {world.name}", flush=True)
    return run(chosen.notebooks, world)


def run(wanted, world):
    """The same, with the world as an object, or None for this machine's own."""
    books = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    chosen = [str(path.relative_to(ROOT)) for path in books if not wanted or path.stem.startswith(tuple(wanted))]
    if not chosen:
        print(f"No notebook in notebooks/ starts with {' or '.join(wanted) or 'two digits'}.")
        return 1 if wanted else 0
    with tempfile.TemporaryDirectory(prefix="adamkit-nbval-", ignore_cleanup_errors=True) as home:
        return subprocess.call(command(chosen), cwd=ROOT, env=environment(home, world))


def command(books):
    """pytest with nbval over ``books``, one process for each up to two."""
    workers = ["-n", "2", "--dist", "loadscope"] if len(books) > 1 else []
    return [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "--durations=5",
            f"--nbval-cell-timeout={worlds.CELL_TIMEOUT}", f"--nbval-sanitize-with={worlds.SANITISE}", *workers, *books]


def environment(home, world=None):
    """The caller's environment, with a store that is not the reader's, and one thread a kernel."""
    one_thread = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {**os.environ, **one_thread, **(worlds.kernel_environment(world, home) if world else {"ADAMKIT_HOME": home})}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
