"""Builds slides from the executed notebooks: build/slides/NN_topic.slides.html (press S for the speaker's notes).

    python tools/make_slides.py [04 …]           # all notebooks, or those whose names start so

What a room can take in stays on the slide: headings, questions, formulas, tables, lists, pictures, verdicts. Running
text becomes the speaker's notes, but for a sentence where a slide would be a heading alone. What does not fit on a
slide goes on to the next when the page is opened (docs/slides/fit.js). What only an hour alone can use (the pre-quiz,
the mock interview, the plan) is left to the notebook. Nothing is run and nothing comes from a network: reveal.js and
MathJax are copied beside the slides. Explorers are shown as pictures; drive the live one in JupyterLab.
"""

import re
import shutil
import sys
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat.v4 import new_markdown_cell

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "slides"
SHOWN_CODE = 14  # lines; longer listings belong into the notebook
FULL = 13  # lines of text that one slide holds
#: Cells that are for one reader at a screen.
ALONE = re.compile(r"practice\.(pre_quiz|mock_interview|review|study_plan|progress_panel)\(")
KEPT = re.compile(r"^(#|>|\$\$|\||[-*] |\d+\. |!\[)")


def main(wanted):
    """Write the slides of the notebooks asked for; returns an exit status."""
    if find_spec("sphinx_revealjs") is None:
        print("sphinx-revealjs, which brings reveal.js, is missing: make slides installs it")
        return 1
    books = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    chosen = [path for path in books if not wanted or path.stem.startswith(tuple(wanted))]
    if not chosen:
        print(f"No notebook in notebooks/ starts with {' or '.join(wanted)}.")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    copy_scripts()
    exporter = SlidesExporter(extra_template_basedirs=[str(ROOT / "docs")], template_name="slides",
                              reveal_url_prefix="reveal", reveal_theme="white")
    for path in chosen:
        talk = slides_of(nbformat.read(path, as_version=4))
        html, _ = exporter.from_notebook_node(talk, resources={"metadata": {"name": path.stem}})
        (TARGET / f"{path.stem}.slides.html").write_text(html, encoding="utf-8")
        count = sum(cell.metadata.slideshow.slide_type in ("slide", "subslide") for cell in talk.cells)
        print(f"{path.stem}: {count} slides")
    print(f"In {TARGET}: open one in a browser; S opens the speaker's notes.")
    return 0


def copy_scripts():
    """reveal.js and MathJax, from the packages that carry them."""
    reveal = resources.files("sphinx_revealjs") / "_static" / "revealjs"
    mathjax = Path(str(resources.files("sphinx_revealjs"))).parent / "sphinx-mathjax-offline" / "static" / "mathjax"
    for source, name in ((reveal, "reveal"), (mathjax, "mathjax")):
        shutil.copytree(str(source), TARGET / name, dirs_exist_ok=True)


def slides_of(notebook):
    """The notebook's cells as slides and notes, in order."""
    cells, room = [], 0
    for cell in notebook.cells:
        pieces = _from_text(cell) if cell.cell_type == "markdown" else _from_code(cell)
        for piece, kind, height in pieces:
            if kind == "-":  # stays on the slide before it if there is room
                kind, room = ("-", room - height) if height <= room else ("subslide", FULL - height)
            elif kind in ("slide", "subslide"):
                room = FULL - height
            piece.metadata["slideshow"] = {"slide_type": kind}
            cells.append(piece)
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def _from_text(cell):
    """What to show of a text cell, cut at its headings, each part followed by the rest as notes."""
    for part in _parts(cell.source):
        blocks = [block for block in re.split(r"\n\s*\n", part.strip()) if block]
        shown = [block for i, block in enumerate(blocks) if KEPT.match(block) or _introduces(block, blocks[i + 1:])]
        if shown and all(block.startswith("#") for block in shown):
            shown += [_first_sentences(block) for block in blocks if not block.startswith("#")][:1]
        spoken = [block for block in blocks if block not in shown]
        if shown:
            kind = "slide" if re.match(r"##? ", part) else "subslide" if part.startswith("###") else "-"
            height = 2 * len(shown) + sum(block.count("\n") for block in shown)
            yield new_markdown_cell("\n\n".join(shown)), kind, height
        if spoken:
            yield new_markdown_cell("\n\n".join(spoken)), "notes", 0


def _parts(source):
    """A text cut before its headings; a heading right above another stays with it."""
    held = ""
    for part in re.split(r"\n(?=#{1,3} )", source):
        held = f"{held}\n\n{part.strip()}".strip()
        if not re.fullmatch(r"#.*", held):
            yield held
            held = ""
    if held:
        yield held


def _first_sentences(block, most=220):
    """As many of a paragraph's sentences as a glance takes in, and at least one."""
    sentences = re.split(r"(?<=[.?!]) (?=[A-Z*`$“\"])", " ".join(block.split()))
    count = next((i for i in range(1, len(sentences)) if len(" ".join(sentences[:i + 1])) > most), len(sentences))
    return " ".join(sentences[:count])


def _introduces(block, following):
    """True for a short line that leads into a list or a table."""
    return len(block) < 90 and block.rstrip("*").endswith((":", "can")) and bool(following) and bool(
        KEPT.match(following[0]))


def _from_code(cell):
    """The outputs of a code cell; its code too if it is a short definition or shows nothing else."""
    outputs = [output for output in cell.outputs if output.output_type != "error" and not _is_record(output)]
    code, waiting = cell.source, "not attempted yet"
    if ALONE.search(code) or any(waiting in str(output) for output in outputs) or (not outputs and "def " not in code):
        return
    lines = code.count("\n") + 1
    cell.outputs = outputs
    if outputs or lines > SHOWN_CODE:
        cell.metadata["transient"] = {"remove_source": True}
    if not outputs and lines > SHOWN_CODE:
        return
    picture = any("image/png" in output.get("data", {}) for output in outputs)
    printed = sum(output.text.count("\n") for output in outputs if output.output_type == "stream")
    asks = any("Before you run the next cell" in str(output) for output in outputs)  # and nothing below may answer
    yield cell, "-", FULL if asks else FULL - 2 if picture else printed + 1 if printed else 6 if outputs else lines


def _is_record(output):
    """True for a dictionary written out, such as where and when a table was measured."""
    return str(output.get("data", {}).get("text/plain", "")).startswith("{")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
