"""What every notebook shows live runs in the real front end, in order and without an error box.

The rest of each notebook is raw text here (see `live_cells`): `make nbval` has run all of it.
`ADAMKIT_FULL=1 make browser` runs every cell in the browser too.
"""

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from live_cells import live_part
from real_lab import Notebook

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
BOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
WIDGET_LOST = re.compile("model not found|Error displaying widget|Loading widget", re.IGNORECASE)
UNFINISHED = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .filter((cell) => cell.cell_type === "code" && cell.execution_count === null)
  .map((cell) => [cell.source].flat().join("").trim())
  .filter((source) => source)"""


@pytest.fixture(scope="module")
def folder(lab):
    """The notebooks, and what lies beside them, in the server's folder."""
    shutil.copytree(FOLDER, lab.work, dirs_exist_ok=True, ignore=shutil.ignore_patterns("src", ".ipynb_checkpoints"))
    if os.environ.get("ADAMKIT_FULL") != "1":
        for path in BOOKS:
            book = nbformat.read(path, as_version=4)
            assert live_part(book) >= 5, f"{path.name} shows nothing live"
            nbformat.write(book, lab.work / path.name)
    return lab


@pytest.mark.parametrize("path", BOOKS, ids=[path.stem for path in BOOKS])
def test_a_notebook_is_live_in_the_browser(chromium, folder, path):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    notebook = Notebook(page, folder, path.name)
    try:
        assert page.get_by_text(WIDGET_LOST).count() == 0  # what is stored shows pictures, not lost widgets
        notebook.run_all()
        assert notebook.errors() == []
        assert unfinished(page) == []
        pictures = page.locator(".adamkit-canvas")
        for index in range(pictures.count()):
            pictures.nth(index).scroll_into_view_if_needed()
            page.wait_for_function("(canvas) => canvas.dataset.frames > 0", arg=pictures.nth(index).element_handle())
    finally:
        notebook.close()


def unfinished(page):
    """Sources of code cells that were not executed."""
    return page.evaluate(UNFINISHED)


def test_the_live_part_is_what_shows_something_and_what_that_needs():
    cells = ["import numpy as np\nfrom adamkit import practice\nfrom adamkit.lessons import explorers", "x = {}",
             "slow = np.ones(9).sum()", "x['a'] = np.pi", "def f(t):\n    return x['a'] * t", "print(slow)",
             "guess = practice.predict('1')", "practice.exercise('2').check(f)", "guess.reveal()", "y = slow",
             "explorers.race()"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    assert live_part(book) == 8
    assert [cell.source for cell in book.cells if cell.cell_type == "raw"] == [cells[2], cells[5], cells[9]]


def test_a_cell_that_fails_does_not_go_unnoticed(chromium, lab):
    lab.write("failing.ipynb", ["1 / 0", "2 + 2"])
    notebook = Notebook(chromium.new_page(), lab, "failing.ipynb")
    assert unfinished(notebook.page) == ["1 / 0", "2 + 2"]
    notebook.run_all()
    assert notebook.errors() == ["ZeroDivisionError: division by zero"]
    notebook.close()
