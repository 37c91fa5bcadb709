"""Builds the static site in build/site: the executed notebooks as pages that move without Python or a network.

    python tools/make_site.py [04 …]             # all notebooks, or those whose numbers are given

Sphinx (with myst-nb) makes the pages from what the notebooks store; no notebook is run. Explorers are recorded
(`site_record`, `site_plans`, `site_pack`) and played in the page by the drawing code that JupyterLab runs. Formulas are
drawn by a copy of MathJax that lies beside the pages. Warnings are errors: a broken link stops the build.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TARGET, CACHE = (ROOT / "build" / name for name in ("site-source", "site", "site-cache"))
RECORDED = ROOT / "build" / "site-recorded"
PAGES = ("workshop.md", "jupyterhub.md", "../CONTRIBUTING.md", "../CHANGELOG.md")
FOLDERS = re.compile(r"\]\((?:\.\./)?(?:notebooks|docs)/([\w-]+)\.(ipynb|md)")
WORKERS = 2
MATHJAX = ("startup.js", "core.js", "input/tex-base.js", "input/tex/extensions", "output/chtml.js",
           "output/chtml/fonts", "a11y/assistive-mml.js", "ui/lazy.js")


def main(only=(), plans=None):
    """Stage the sources, record, build, and say where to look; returns Sphinx's exit status.

    Args:
        only: numbers of the notebooks that become pages; all when empty.
        plans: explorer → grids, in place of those of `site_plans`.
    """
    try:
        import myst_nb  # noqa: F401 - asked for only to say what is missing
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing: make site installs it")
        return 1
    openings = stage(only)
    record(openings, plans or {})
    shutil.rmtree(TARGET, ignore_errors=True)
    strict = [] if only else ["-W", "--keep-going"]  # pages that are left out leave links to nowhere
    status = subprocess.call([sys.executable, "-m", "sphinx", "-b", "html", "-q", *strict,
                              "-d", str(CACHE), str(SOURCE), str(TARGET)])
    if status == 0:
        print(f"Open {TARGET / 'index.html'} in a browser.")
    return status


def stage(only=()):
    """Everything that becomes a page, in one folder, with the notebooks' own names so that their links hold."""
    from site_pages import PLAYER, Openings, player, stage_notebook
    from site_practice import stage_practice

    from adamkit.explorers.view import ExplorerView

    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "site", SOURCE)
    static = SOURCE / "static"
    (static / "recorded").mkdir()
    copy_mathjax(static / "mathjax")
    (static / "explorer.js").write_text(player(static, ExplorerView._esm), encoding="utf-8")
    for name in PLAYER:
        (static / name).unlink()
    (static / "explorer.css").write_text(ExplorerView._css, encoding="utf-8")
    openings = Openings()
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    notebooks = [path for path in notebooks if not only or path.stem[:2] in only]
    pages = [path for path in (ROOT / "docs" / name for name in PAGES) if path.exists()]
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        stage_notebook(notebook, path.stem, static / "recorded", openings)
        stage_practice(notebook)
        nbformat.write(notebook, SOURCE / path.name)
    for path in pages:  # on the site all pages lie in one folder, so links lose theirs
        (SOURCE / path.name).write_text(FOLDERS.sub(r"](\1.\2", path.read_text(encoding="utf-8")), encoding="utf-8")
    index = SOURCE / "index.md"
    first = nbformat.read(next((ROOT / "notebooks").glob("00_*.ipynb")), as_version=4)
    race = stage_notebook(first, "index", static / "recorded", openings)[0].replace('play=""', 'play="Ravine"')
    text = index.read_text(encoding="utf-8").replace("@RACE@", race)
    text = text.replace("@NOTEBOOKS@", "\n".join(path.stem for path in notebooks))
    text = text.replace("@PAGES@", "\n".join(path.stem for path in pages))
    index.write_text(text, encoding="utf-8")
    return openings


def copy_mathjax(target):
    """Of MathJax, from the package that carries it, what `docs/site/conf.py` loads."""
    source = Path(str(resources.files("sphinx_revealjs"))).parent / "sphinx-mathjax-offline" / "static" / "mathjax"
    for name in MATHJAX:
        place = source / name
        (shutil.copytree if place.is_dir() else shutil.copy)(place, _parent(target / name))


def _parent(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def record(openings, plans):
    """A script with the recording of each explorer that a page shows, made anew where the package has changed."""
    RECORDED.mkdir(parents=True, exist_ok=True)
    digest = package_digest()
    with ProcessPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(recorded, name, opened, plans.get(name), digest) for name, opened in openings.of.items()]
        for job in jobs:
            shutil.copy(*job.result())


def recorded(name, openings, plan, digest):
    """(the file with this recording, where it goes); from `RECORDED` if it was made from the same files before."""
    key = hashlib.sha256(f"{digest} {openings!r} {plan!r}".encode()).hexdigest()[:16]
    kept = RECORDED / f"{name}-{key}.js"
    if not kept.exists():
        import site_pack
        import site_record

        for old in RECORDED.glob(f"{name}-????????????????.js"):
            old.unlink()
        kept.write_text(site_pack.script(name, site_record.record(name, openings, plan)), encoding="ascii")
    return kept, SOURCE / "static" / "recorded" / f"{name}.js"


def package_digest():
    """Changes whenever a file changes that a recording may depend on."""
    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "adamkit").rglob("*"), *(ROOT / "tools").glob("site_*.py")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
