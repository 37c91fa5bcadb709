"""Runs the unit tests with the oldest versions that pyproject.toml admits, in an environment of their own.

    python tools/lowest.py [pytest arguments]      # default: -n 2 tests/unit

The direct dependencies are pinned at their lower bounds; what they need in turn is pip's choice. The environment is
build/lowest, made anew when a bound changes. Notebooks run in it too: build/lowest/bin/python tools/run_notebooks.py 04
"""

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from environment import interpreter
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "lowest"


def main(arguments):
    """Make the environment if need be, run pytest in it; return its exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    python = made(FOLDER, pins([*project["dependencies"], *extras["test"], *extras["site"]]))
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    wanted = arguments or ["-n", "2", "tests/unit"]
    return subprocess.call([python, "-m", "pytest", "-q", *wanted], cwd=ROOT, env=quiet)


def pins(lines):
    """``name==lowest``, once, for each requirement that applies here; ValueError where one has no lower bound."""
    wanted = [Requirement(line) for line in lines]
    here = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    return list(dict.fromkeys(f"{one.name}=={lower_bound(one)}" for one in here))


def lower_bound(requirement):
    """The version after the one ``>=``."""
    bounds = [part.version for part in requirement.specifier if part.operator == ">="]
    if len(bounds) != 1:
        raise ValueError(f"pyproject.toml: {str(requirement)!r} must have one lower bound, like {requirement.name}>=1")
    return bounds[0]


def made(folder, wanted):
    """The interpreter of an environment with these pins, and the package, editable."""
    python, list_of_pins = interpreter(str(folder)), folder / "pins.txt"
    text = "\n".join(wanted) + "\n"
    if list_of_pins.exists() and list_of_pins.read_text(encoding="utf-8") == text:
        return python
    print(f"Installing {len(wanted)} oldest versions into {folder} (minutes) …", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    if subprocess.call([*command, "--editable", f"{ROOT}[test,site]"]):
        sys.exit("The oldest versions cannot be installed together; the lines above say why.")
    list_of_pins.write_text(text, encoding="utf-8")
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
