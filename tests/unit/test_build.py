"""`make notebooks`: what it writes is executed, clean, small, and the same each time."""

import base64
import io
import json
import textwrap

import build_notebooks
import pytest
from build_notebooks import BuildError, build, read_source
from PIL import Image

GOOD = """
    # %% [markdown]
    # # A title
    # A sentence.

    # %% tags=["nbval-check-output"]
    print("two", 1 + 1)

    # %% tags=["solution"] jupyter={"source_hidden": true}
    import base64, io
    import ipywidgets
    from matplotlib.figure import Figure
    slider = ipywidgets.IntSlider(description="steps")

    class Picture:
        def _repr_mimebundle_(self, include=None, exclude=None):
            figure = Figure()
            figure.subplots().plot([0, 1, 4])
            png = io.BytesIO()
            figure.savefig(png, format="png")
            view = {"model_id": slider.model_id, "version_major": 2, "version_minor": 0}
            picture = base64.b64encode(png.getvalue()).decode()
            data = {"application/vnd.jupyter.widget-view+json": view, "image/png": picture, "text/plain": "A picture"}
            said = {"image/png": {"alt": "It bends.", "width": 640, "made": 1.5}, "text/plain": {"made": 1.5}}
            return data, said

    Picture()

    # %%
    print("two", 1 + 1)
"""


def written(tmp_path, text, name="01_test"):
    source = tmp_path / f"{name}.py"
    source.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return source


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The text of one notebook built twice."""
    texts = []
    for _ in range(2):
        folder = tmp_path_factory.mktemp("book")
        build(written(folder, GOOD), folder)
        texts.append((folder / "01_test.ipynb").read_text(encoding="utf-8"))
    return texts


def test_building_twice_gives_the_same_bytes(built):
    assert built[0] == built[1]


def test_a_stored_picture_replaces_the_live_view(built):
    output = json.loads(built[0])["cells"][2]["outputs"][0]
    assert set(output["data"]) == {"image/png", "text/plain"}


def test_a_stored_picture_says_what_it_shows_and_how_wide_it_is(built):
    said = json.loads(built[0])["cells"][2]["outputs"][0]["metadata"]
    assert said == {"image/png": {"alt": "It bends.", "width": 640}}


def test_the_notebook_is_numbered_in_order_and_holds_no_trace_of_the_run(built):
    book = json.loads(built[0])
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3]
    assert set(book["metadata"]) == {"kernelspec", "language_info"}
    assert "version" not in book["metadata"]["language_info"]
    assert [cell["metadata"] for cell in code] == [
        {"tags": ["nbval-check-output"]}, {"tags": ["solution"], "jupyter": {"source_hidden": True}}, {}]


def test_equal_cells_get_different_ids_and_a_cell_keeps_its_id_when_another_is_put_before_it(tmp_path):
    first = read_source(written(tmp_path, GOOD)).cells
    assert len({cell.id for cell in first}) == len(first)
    later = read_source(written(tmp_path, "\n    # %%\n    x = 1\n" + GOOD)).cells
    assert [cell.id for cell in later[1:]] == [cell.id for cell in first]


@pytest.mark.parametrize(("cell", "why"), [
    ("1 / 0", "ZeroDivisionError"),
    ("import warnings; warnings.warn('look out')", r"\[1\] wrote to stderr.*look out"),
    ("object()", r"\[1\] shows an address in memory"),
    ("print('x' * 2_000_000)", r"MB of notebook, 1\.5 are allowed"),
])
def test_a_notebook_that_should_not_be_seen_is_not_written(tmp_path, cell, why):
    source = written(tmp_path, f"# %%\n{cell}\n")
    with pytest.raises(BuildError, match=why):
        build(source, tmp_path)
    assert not (tmp_path / "01_test.ipynb").exists()


def test_an_empty_cell_is_refused(tmp_path):
    with pytest.raises(BuildError, match="empty"):
        read_source(written(tmp_path, "# %%\n\n# %%\nx = 1\n"))


def test_a_failed_build_is_named_and_the_others_are_still_built(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_notebooks, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(build_notebooks, "SOURCES", tmp_path)
    written(tmp_path, "# %%\n1 / 0\n", "01_bad")
    written(tmp_path, "# %%\nprint(1)\n", "02_good")
    assert build_notebooks.main(["01", "02"]) == 1
    assert "Not written: 01_bad" in capsys.readouterr().out
    assert (tmp_path / "02_good.ipynb").exists()


def test_asking_for_a_notebook_that_does_not_exist_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(build_notebooks, "SOURCES", tmp_path)
    with pytest.raises(SystemExit, match="starts with 77"):
        build_notebooks.main(["77"])


def test_a_stored_picture_is_as_large_as_the_cell_made_it(built):
    text = json.loads(built[0])["cells"][2]["outputs"][0]["data"]["image/png"]
    assert Image.open(io.BytesIO(base64.b64decode(text))).size == (640, 480)


def test_text_printed_in_two_goes_is_one_output(tmp_path):
    text = """
        # %%
        import sys, time
        for word in ("one", "two"):
            print(word)
            sys.stdout.flush()
            time.sleep(0.5)
    """
    build(written(tmp_path, text), tmp_path)
    cell = json.loads((tmp_path / "01_test.ipynb").read_text(encoding="utf-8"))["cells"][0]
    assert ["".join(output["text"]) for output in cell["outputs"]] == ["one\ntwo\n"]
