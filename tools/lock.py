"""Writes constraints.txt and environment.yml from an environment that passed the tests.

    python tools/lock.py            # the environment it runs in; make it fresh first, and run the tests in it

constraints.txt is `pip freeze`, sorted, without local build suffixes (torch 2.13.0+cpu is torch 2.13.0: which build
of it a machine needs is the installer's business). environment.yml holds the same versions, for conda and Binder.
"""

import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = "# The tested set of versions: `pip freeze` of a fresh environment, written by tools/lock.py."
# Tools of the environment itself, and what exists on one system only for the sake of this machine.
LEFT_OUT = {"pip", "setuptools", "wheel", "adamkit"}


def main():
    """Freeze, then write both files."""
    pins = pinned(subprocess.run([sys.executable, "-m", "pip", "freeze", "--exclude-editable"],
                                 check=True, capture_output=True, text=True).stdout)
    (ROOT / "constraints.txt").write_text("\n".join([NOTE, *pins]) + "\n", encoding="utf-8")
    python = ".".join(platform.python_version_tuple()[:2])
    (ROOT / "environment.yml").write_text(conda_file(python, pins), encoding="utf-8")
    print(f"{len(pins)} versions written to constraints.txt and environment.yml")


def pinned(frozen):
    """``name==version`` lines of a freeze, sorted, suffixes removed; anything else is an error."""
    pins = []
    for line in frozen.splitlines():
        match = re.fullmatch(r"([\w.-]+)==([^+\s]+)(\+\S+)?", line)
        if not match:
            raise ValueError(f"cannot pin {line!r}: install it by name and version")
        if match[1].lower() not in LEFT_OUT:
            pins.append(f"{match[1]}=={match[2]}")
    return sorted(pins, key=str.lower)


def conda_file(python, pins):
    """environment.yml: Python and pip from conda, everything else the tested set, through pip."""
    lines = [NOTE, "name: adamkit", "channels:", "  - conda-forge", "dependencies:", f"  - python={python}", "  - pip",
             "  - pip:", *(f"      - {pin}" for pin in pins), "      - -e ."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
