"""What is stored in notebooks/: built from its source, executed in order, and small."""

import json
import re
from pathlib import Path

import minutes
import nbformat
import pytest
from build_notebooks import read_source

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
SOURCES = sorted((FOLDER / "src").glob("*.py"))

MOST_BYTES = 1_500_000
MOST_LINES = 25

each_book = pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)


def loaded(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in loaded(path).cells if cell.cell_type == "code"]


def outputs(path):
    """(cell number, output) of a notebook."""
    return [(number, output) for number, cell in enumerate(code_cells(path), 1) for output in cell.outputs]


def test_every_source_has_its_notebook_and_every_notebook_its_source():
    assert [path.stem for path in BOOKS] == [path.stem for path in SOURCES]


@each_book
def test_a_notebook_says_what_its_source_says(book):
    expected = read_source(FOLDER / "src" / f"{book.stem}.py").cells
    stored = loaded(book).cells
    what = "run `make notebooks ONLY=" + book.stem[:2] + "`"
    assert [cell.source for cell in stored] == [cell.source for cell in expected], what
    assert [(cell.cell_type, cell.id, cell.metadata) for cell in stored] == [
        (cell.cell_type, cell.id, cell.metadata) for cell in expected], what


@each_book
def test_a_notebook_was_executed_from_a_clean_kernel_in_order(book):
    counts = [cell.execution_count for cell in code_cells(book)]
    assert counts == list(range(1, len(counts) + 1))


@each_book
def test_a_notebook_shows_no_error_and_no_warning(book):
    assert [number for number, output in outputs(book)
            if output.output_type == "error" or output.get("name") == "stderr"] == []


@each_book
def test_a_notebook_stores_pictures_and_no_widgets(book):
    assert "widgets" not in loaded(book).metadata
    kinds = {kind for _, output in outputs(book) for kind in output.get("data", {})}
    assert not {kind for kind in kinds if "widget" in kind}


@each_book
def test_a_notebook_is_small_enough_for_a_static_page(book):
    assert book.stat().st_size <= MOST_BYTES


@each_book
def test_a_code_cell_does_one_thing(book):
    long = {number: len(cell.source.splitlines()) for number, cell in enumerate(code_cells(book), 1)
            if len(cell.source.splitlines()) > MOST_LINES}
    assert long == {}


@each_book
def test_code_is_no_wider_than_a_page(book):
    assert [line for cell in code_cells(book) for line in cell.source.splitlines() if len(line) > 120] == []


@each_book
def test_a_notebook_opens_with_its_title_and_says_how_long_it_takes(book):
    first = loaded(book).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# \S", first.source)
    opening = "\n".join(cell.source for cell in loaded(book).cells[:4] if cell.cell_type == "markdown")
    assert re.search(r"\bminutes\b", opening)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_promises_the_minutes_that_it_takes(source):
    takes = minutes.minutes(source)
    assert minutes.promised(source) == minutes.rounded(takes), f"{takes:.1f} minutes; see tools/minutes.py"


@each_book
def test_a_notebook_has_one_title(book):
    titles = [line for cell in loaded(book).cells if cell.cell_type == "markdown"
              for line in outside_fences(cell.source) if line.startswith("# ")]
    assert len(titles) == 1


def outside_fences(text):
    """Lines of Markdown that are not inside a fenced block of code."""
    inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield line


def local_links(text):
    """Targets of Markdown links that are files of this project, without the part after #."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#|attachment", target)]


@each_book
def test_links_from_a_notebook_lead_somewhere(book):
    text = "\n".join(cell.source for cell in loaded(book).cells if cell.cell_type == "markdown")
    assert [link for link in local_links(text) if not (FOLDER / link).exists()] == []


def test_links_from_the_readme_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [link for link in local_links(text) if not (ROOT / link).exists()] == []


@each_book
def test_the_readme_leads_to_every_notebook(book):
    assert f"](notebooks/{book.name})" in (ROOT / "README.md").read_text(encoding="utf-8")


@each_book
def test_learners_see_no_markup_of_tests(book):
    assert not [cell.source for cell in loaded(book).cells if "NBVAL" in cell.source.upper()]


@each_book
def test_a_notebook_is_plain_json_that_ends_with_a_newline(book):
    text = book.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.loads(text)["nbformat"] == 4
