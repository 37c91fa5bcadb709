"""`make nbval`: what makes a notebook fail, and what does not."""

import nbformat
import pytest
import run_notebooks

CHECKED = ["nbval-check-output"]


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """Writes one notebook of one cell, and runs it as `make nbval` does; returns the exit status."""
    monkeypatch.setattr(run_notebooks, "ROOT", tmp_path)
    monkeypatch.setenv("ADAMKIT_HOME", "the-readers-own")
    (tmp_path / "notebooks").mkdir()

    def run(source, *, tags=(), stored="stored\n"):
        output = nbformat.v4.new_output("stream", name="stdout", text=stored)
        cell = nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1, metadata={"tags": list(tags)})
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "notebooks" / "01_test.ipynb")
        return run_notebooks.main(["01"])

    return run


def test_output_may_differ_where_nothing_is_marked(notebooks):
    assert notebooks("print('new')") == 0


@pytest.mark.parametrize(("text", "status"), [("stored", 0), ("new", 1)])
def test_marked_output_must_be_the_stored_one(notebooks, text, status):
    assert notebooks(f"print({text!r})", tags=CHECKED) == status


@pytest.mark.parametrize(("text", "status"), [
    ("✓ Low: ≈ 0.1 (below 0.5)", 0),
    ("✓ Low: ≈ 2.5e-7 to 3.1 (below ≈ 3.2 to 4)", 0),
    ("✓ High: ≈ 0.2 (below 0.5)", 1),
    ("✓ Low: 0.2", 1),
])
def test_of_a_marked_output_what_stands_behind_a_wavy_sign_may_differ(notebooks, text, status):
    assert notebooks(f"print({text!r})", tags=CHECKED, stored="✓ Low: ≈ 0.2 (below 0.5)\n") == status


def test_an_exception_fails(notebooks):
    assert notebooks("1 / 0") == 1


def test_an_exception_in_a_widget_callback_fails(notebooks):
    assert notebooks("""
import ipywidgets
slider, out = ipywidgets.IntSlider(), ipywidgets.Output()
slider.observe(lambda change: 1 / 0, "value")
slider.value = 3
""") == 1


def test_a_notebook_never_sees_the_readers_store(notebooks):
    assert notebooks("import os; assert os.environ['ADAMKIT_HOME'] != 'the-readers-own'") == 0


def test_a_number_without_a_notebook_is_an_error_and_an_empty_folder_is_not(notebooks, tmp_path):
    assert run_notebooks.main(["77"]) == 1
    assert run_notebooks.main([]) == 0
