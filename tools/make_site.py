"""Builds the static site in build/site: the executed notebooks as pages, readable without Python or a network.

    python tools/make_site.py

Sphinx (with myst-nb) makes the pages from what the notebooks store; nothing is run. Formulas are drawn by a copy of
MathJax that lies beside the pages. Warnings are errors: a broken link stops the build.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TARGET, CACHE = (ROOT / "build" / name for name in ("site-source", "site", "site-cache"))
PAGES = ("workshop.md", "jupyterhub.md", "../CONTRIBUTING.md", "../CHANGELOG.md")
FOLDERS = re.compile(r"\]\((?:\.\./)?(?:notebooks|docs)/([\w-]+)\.(ipynb|md)")


def main():
    """Stage the sources, build, and say where to look; returns Sphinx's exit status."""
    try:
        import myst_nb  # noqa: F401 - asked for only to say what is missing
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing: make site installs it")
        return 1
    stage()
    shutil.rmtree(TARGET, ignore_errors=True)
    status = subprocess.call([sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going",
                              "-d", str(CACHE), str(SOURCE), str(TARGET)])
    if status == 0:
        print(f"Open {TARGET / 'index.html'} in a browser.")
    return status


def stage():
    """Everything that becomes a page, in one folder, with the notebooks' own names so that their links hold."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "site", SOURCE)
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    pages = [path for path in (ROOT / "docs" / name for name in PAGES) if path.exists()]
    for path in notebooks:
        shutil.copy(path, SOURCE)
    for path in pages:  # on the site all pages lie in one folder, so links lose theirs
        (SOURCE / path.name).write_text(FOLDERS.sub(r"](\1.\2", path.read_text(encoding="utf-8")), encoding="utf-8")
    index = SOURCE / "index.md"
    text = index.read_text(encoding="utf-8")
    text = text.replace("@NOTEBOOKS@", "\n".join(path.stem for path in notebooks))
    text = text.replace("@PAGES@", "\n".join(path.stem for path in pages))
    index.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
