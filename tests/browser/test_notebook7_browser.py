"""Jupyter Notebook 7: a notebook of the series runs, its pictures move, its questions answer, in both themes."""

import shutil
from pathlib import Path

import pytest
from real_lab import Notebook, Notebook7
from view import CONTRAST, View

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
BOOK = "04_adam.ipynb"
PLACE = """(wanted) => [...document.querySelectorAll(".jp-Cell")].findIndex(
    (cell) => cell.querySelector(".jp-InputArea-editor")?.textContent.includes(wanted))"""
VALUE = """from ipywidgets.widgets.widget import _instances
print(*(w.explorer.values["times"] for w in list(_instances.values())
        if "times" in getattr(getattr(w, "explorer", None), "values", {})))"""


@pytest.fixture(scope="module")
def server(chromium, tmp_path_factory):
    started = Notebook7(tmp_path_factory.mktemp("notebook7") / "home")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def complaints():
    """What the browser's console called an error."""
    return []


@pytest.fixture(scope="module")
def notebook(chromium, server, complaints):
    """The notebook on Adam, run to its end."""
    shutil.copy(FOLDER / BOOK, server.work)
    opened = Notebook(chromium.new_page(viewport={"width": 1280, "height": 900}), server, BOOK)
    # From here on: Notebook 7.6.5 itself complains once while it opens a page, of an empty notebook too.
    opened.page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.page.on("pageerror", lambda error: complaints.append(error.stack))
    opened.run_all()
    yield opened
    opened.close()


def place(notebook, code):
    """Index of the cell that has this code."""
    return notebook.page.evaluate(PLACE, code)


def test_every_cell_runs_without_an_error(notebook):
    assert notebook.errors() == []
    assert notebook.page.locator(".adamkit-canvas").count() == 3


def test_a_slider_dragged_by_hand_moves_the_kernel_and_the_picture(notebook):
    view = View(notebook, place(notebook, "explorers.race()"))
    before = view.pixels()
    view.slide("times", [0.5 + step / 50 for step in range(20)])
    value = float(notebook.python(VALUE))
    assert value > 2
    assert view.shown("times") == f"{value:.3g}×"
    assert view.pixels() != before


def test_a_prediction_and_a_question_answer(notebook):
    check = notebook.page.locator(".jp-Cell").nth(place(notebook, "practice.self_check"))
    options = check.get_by_role("button", name="A", exact=True)
    options.first.scroll_into_view_if_needed()
    text = check.locator(".jp-OutputArea").inner_text()
    options.first.click()
    notebook.page.wait_for_function("([el, old]) => el.innerText !== old", arg=[
        check.locator(".jp-OutputArea").element_handle(), text])
    assert options.first.evaluate("(el) => /mod-(success|danger|info)/.test(el.className)")


def test_words_are_readable_in_the_dark_theme(notebook):
    view = View(notebook, place(notebook, "explorers.race()"))
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.command("apputils:change-theme", theme=theme)
        notebook.page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=theme)
        assert min(view.root.evaluate(CONTRAST)) >= 4.5


def test_the_console_stayed_silent(notebook, complaints):
    assert complaints == []
