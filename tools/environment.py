"""Makes the project's virtual environment, or does nothing when it is already right.

    python tools/environment.py [--python NAME] [--folder .venv] [--extras test,site]

Run by the Makefile before everything else. A learner gets what the notebooks need; tests, site and checks name the
extras of pyproject.toml that they need on top, and each is installed once. What was installed is remembered as a
fingerprint of pyproject.toml, constraints.txt and the place of the project, so a second call takes a blink.
Written so that an old Python can read it far enough to say that it is too old.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)
CANDIDATES = ("python3", "python", "python3.13", "python3.12", "python3.11", "python3.14")


class Remedy(Exception):
    """Something the reader has to do first, in one sentence or two."""


def main():
    """Make the environment; on failure print the remedy and stop with status 1."""
    parser = argparse.ArgumentParser(description="Make the virtual environment of the Adam notebooks.")
    parser.add_argument("--python", default="", help="interpreter to make it from (default: the first that fits)")
    parser.add_argument("--folder", default=".venv", help="where to make it (default: .venv)")
    parser.add_argument("--extras", default="", help="extras of pyproject.toml that must be there, by commas")
    options = parser.parse_args()
    try:
        ensure(os.path.join(ROOT, options.folder), options.python, options.extras.split(",") if options.extras else ())
    except Remedy as remedy:
        sys.exit("\n" + str(remedy) + "\n")


def ensure(folder, wanted, extras=()):
    """Create ``folder`` if it is missing, check it against ``wanted``, and install what changed or is missing."""
    python = interpreter(folder)
    if os.path.exists(python):
        check_matches(python, wanted, folder)
    else:
        create(folder, wanted)
    stamp = os.path.join(folder, "adamkit-installed")
    mark, had = fingerprint(version_of(python)), installed(stamp)
    needed = sorted(set(had[1:]) | set(extras))
    if [mark] + needed != had:
        install(python, needed)
        with open(stamp, "w", encoding="utf-8") as file:
            file.write("\n".join([mark] + needed))


def installed(stamp):
    """Lines of the stamp: the fingerprint, then the extras; empty where nothing was installed to its end."""
    return read(stamp).splitlines() if os.path.exists(stamp) else []


def interpreter(folder):
    """Path of Python inside a virtual environment, on any system."""
    return os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")


def version_of(python):
    """(major, minor) of an interpreter, or None where it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    words = answer.stdout.split()
    return tuple(int(word) for word in words) if answer.returncode == 0 and len(words) == 2 else None


def check_matches(python, wanted, folder):
    """Refuse an environment that is broken, or of another Python than the one asked for."""
    have = version_of(python)
    name = os.path.basename(folder)
    if have is None or have < OLDEST:
        raise Remedy(f"{name} holds no working Python {dotted(OLDEST)} or newer. Remove it and run make again.")
    asked = version_of(wanted) if wanted else have
    if asked != have:
        if asked is None:
            raise Remedy(f"PYTHON={wanted} is not found, or does not run.")
        raise Remedy(f"{name} was made with Python {dotted(have)}, and PYTHON={wanted} is {dotted(asked)}. To keep "
                     f"both, add VENV=.venv-{dotted(asked)} to the make command.")


def create(folder, wanted):
    """A new virtual environment from ``wanted``, or from the first interpreter that is new enough."""
    base = choose(wanted)
    print(f"Making {os.path.basename(folder)} with {base} (Python {dotted(version_of(base))}) …")
    missing = subprocess.run([base, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL).returncode
    if missing:
        package = f"python{dotted(version_of(base))}-venv"
        raise Remedy("This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install "
                     f"{package}. Then run make again.")
    if subprocess.run([base, "-m", "venv", folder]).returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise Remedy("Making the virtual environment failed; the lines above say why.")


def choose(wanted):
    """The interpreter to use, or the remedy when none is new enough."""
    names = (wanted,) if wanted else CANDIDATES
    found = [(name, version_of(name)) for name in names]
    for name, version in found:
        if version and version >= OLDEST:
            return name
    seen = ", ".join(f"{name} is {dotted(version)}" for name, version in found if version) or "none found"
    raise Remedy(f"These notebooks need Python {dotted(OLDEST)} or newer ({seen}). Install one, then name it: make lab "
                 "PYTHON=python3.12")


def install(python, extras):
    """Install the package, editable, with the tested set of versions."""
    if subprocess.run([python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL).returncode:
        raise Remedy(f"{os.path.dirname(os.path.dirname(python))} was made only in part. Remove it and run make again.")
    what = f" what {' and '.join(extras)} need" if extras else ""
    print(f"Installing{what} (the first time takes a few minutes) …", flush=True)
    target = ROOT + (f"[{','.join(extras)}]" if extras else "")
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--editable", target, "--constraint", os.path.join(ROOT, "constraints.txt")]
    if subprocess.run(command).returncode:
        raise Remedy("Installing failed; the lines above say why. No network? Connect once: afterwards everything "
                     "works offline. No space left? A learner's set takes some 2 GB (TMPDIR=… moves pip's own files). "
                     "Then run make again: what is there already is not fetched twice.")


def fingerprint(version):
    """What the installed environment depends on, as a short text."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update(read(os.path.join(ROOT, name)).encode("utf-8"))
    return f"{dotted(version)} {digest.hexdigest()} {ROOT}"


def read(path):
    """Text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def dotted(version):
    """(3, 11) → "3.11"."""
    return ".".join(str(part) for part in version)


if __name__ == "__main__":
    main()
