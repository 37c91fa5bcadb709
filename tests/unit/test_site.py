"""The static site and the slides: made from what the notebooks store, whole, and without a network."""

import gzip
import json
import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

FOREIGN = re.compile(r"""<(?:script|link|img)[^>]*(?:src|href)=["'](?:https?:)?//[^"']+""")


@pytest.fixture(scope="module")
def tools(root):
    """make_site and make_slides, which live beside the package."""
    sys.path.insert(0, str(root / "tools"))
    import make_site
    import make_slides

    yield make_site, make_slides
    sys.path.remove(str(root / "tools"))


def kinds(talk):
    return [(cell.metadata.slideshow.slide_type, cell.source) for cell in talk.cells]


def picture(title):
    return new_output("display_data", {"image/png": "iVBORw0KGgo=", "text/plain": title})


@pytest.fixture(scope="module")
def pages(tools, tmp_path_factory):
    """The site, all but the recordings."""
    make_site, _ = tools
    make_site.record = lambda openings, plans: None
    make_site.SOURCE, make_site.TARGET = (tmp_path_factory.mktemp("site") / name for name in ("source", "html"))
    make_site.CACHE = make_site.SOURCE.parent / "cache"
    assert make_site.main() == 0
    return make_site.TARGET


def test_every_notebook_is_a_page_with_its_figures(pages, root):
    for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb"):
        html = (pages / f"{path.stem}.html").read_text(encoding="utf-8")
        stored = nbformat.read(path, as_version=4)
        drawn = sum("image/png" in str(output) for cell in stored.cells for output in cell.get("outputs", []))
        assert len(re.findall(r"<img ", html)) >= drawn > 0
        assert not FOREIGN.search(html)
        assert "model not found" not in html.lower()


def test_text_scripts_and_styles_of_a_page_weigh_little_as_servers_send_them(pages):
    served = sum(len(gzip.compress((pages / name).read_bytes())) for name in every_page_loads(pages))
    for path in pages.glob("[0-9][0-9]_*.html"):
        assert served + len(gzip.compress(path.read_bytes())) < 260e3, path.name


def every_page_loads(pages):
    """Scripts and styles that a page names, with what its MathJax then asks for."""
    html = (pages / "04_adam.html").read_text(encoding="utf-8")
    named = re.findall(r'<(?:script|link)[^>]*(?:src|href)="(_static/[^"?]+\.(?:js|css))', html)
    asked = json.loads(re.search(r'"load": (\[.*?"\])', html).group(1).replace("[tex]", "input/tex/extensions"))
    return [*named, *(f"_static/mathjax/{name}.js" for name in [*asked, "core", "output/chtml/fonts/tex"])]


def test_every_explorer_of_a_notebook_has_a_place_with_its_picture_in_words(pages, root):
    for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb"):
        html = (pages / f"{path.stem}.html").read_text(encoding="utf-8")
        stored = nbformat.read(path, as_version=4)
        shown = sum("Explorer: " in str(output) for cell in stored.cells for output in cell.get("outputs", []))
        places = re.findall(r'<div class="adamkit-recording"[^>]*><img src="([^"]+)" alt="([^"]{20,})"', html)
        assert len(places) == shown
        assert all((pages / picture).exists() for picture, _ in places)


def test_predictions_bring_their_answers_and_exercises_hints_and_solutions(pages, root):
    for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb"):
        html = (pages / f"{path.stem}.html").read_text(encoding="utf-8")
        cells = nbformat.read(path, as_version=4).cells
        source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        keys = re.findall(r'practice\.predict\("([\w-]+)"\)', source)
        assert re.findall(r'class="adamkit-predict" data-key=\'([\w-]+)\'', html) == keys
        assert set(re.findall(r'class="adamkit-reveal" data-key=\'([\w-]+)\'', html)) <= set(keys)
        for key in re.findall(r'practice\.exercise\("([\w-]+)"\)', source):
            assert f"Solution of {key}" in html


def test_headings_begin_slides_and_running_text_becomes_notes(tools):
    _, make_slides = tools
    text = ["## Two averages", "Adam watches the gradient.", "$$m_t = g_t$$", "And so on.", "### One more", "- a\n- b"]
    talk = make_slides.slides_of(new_notebook(cells=[new_markdown_cell("\n\n".join(text))]))
    assert kinds(talk) == [
        ("slide", "## Two averages\n\n$$m_t = g_t$$"),
        ("notes", "Adam watches the gradient.\n\nAnd so on."),
        ("subslide", "### One more\n\n- a\n- b"),
    ]


def test_untouched_exercises_and_silent_cells_are_left_out(tools):
    _, make_slides = tools
    stub = new_code_cell("check(f)", outputs=[new_output("stream", text="04-adam: not attempted yet\n")])
    assert make_slides.slides_of(new_notebook(cells=[stub, new_code_cell("import numpy as np")])).cells == []


def test_nothing_shares_the_slide_of_a_question_that_waits_for_a_guess(tools):
    _, make_slides = tools
    asked = new_output("display_data", {"text/html": "Before you run the next cell"})
    question = new_code_cell("predict", outputs=[asked])
    verdict = new_code_cell("claim", outputs=[new_output("stream", text="✓ the answer: 3.16\n")])
    talk = make_slides.slides_of(new_notebook(cells=[new_markdown_cell("## Guess"), question, verdict]))
    assert [kind for kind, _ in kinds(talk)] == ["slide", "subslide", "subslide"]


def test_a_slide_holds_one_picture(tools):
    _, make_slides = tools
    drawings = [new_code_cell(name, outputs=[picture(name)]) for name in "ab"]
    talk = make_slides.slides_of(new_notebook(cells=[new_markdown_cell("## Look"), *drawings]))
    assert [kind for kind, _ in kinds(talk)] == ["slide", "-", "subslide"]


def test_slides_need_no_network(tools, tmp_path, monkeypatch):
    _, make_slides = tools
    monkeypatch.setattr(make_slides, "TARGET", tmp_path)
    assert make_slides.main(["00"]) == 0
    html = (tmp_path / "00_start_here.slides.html").read_text(encoding="utf-8")
    assert not FOREIGN.search(html)
    for script in re.findall(r'<script src="([^"]+)"', html):
        assert (tmp_path / script).exists(), script
    assert 'aside class="notes"' in html


def test_an_unknown_notebook_is_named(tools, capsys):
    _, make_slides = tools
    assert make_slides.main(["77"]) == 1
    assert "77" in capsys.readouterr().out
