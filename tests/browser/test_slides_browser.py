"""Every slide of every deck fits its frame, can be read from the last row, and says something."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_slides  # noqa: E402 - found beside the package

DECKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WIDTH, HEIGHT, CODE = 1120, 700, 17  # the frame of docs/slides/index.html.j2, and the least size of code, in pixels

# Of each slide: how far to the right and down it reaches, its smallest code, and how much it has beside headings.
MEASURE = """() => Reveal.getSlides().map((slide) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const scale = Reveal.getScale(), frame = document.querySelector(".reveal .slides").getBoundingClientRect();
  const seen = [...slide.querySelectorAll("*")].filter((el) => el.offsetHeight > 0 && el.checkVisibility()
    && !el.closest("aside, mjx-assistive-mml"));
  const boxes = seen.map((el) => el.getBoundingClientRect());
  const code = seen.filter((el) => el.matches("pre, code")).map((el) => parseFloat(getComputedStyle(el).fontSize));
  const headings = seen.filter((el) => el.matches("h1, h2, h3, h4")).map((el) => el.innerText.trim()).join("");
  return {
    place: `${h}/${v}: ${slide.innerText.slice(0, 50)}`,
    right: (Math.max(0, ...boxes.map((box) => box.right)) - frame.left) / scale,
    bottom: (Math.max(0, ...boxes.map((box) => box.bottom)) - frame.top) / scale,
    code: Math.min(99, ...code),
    beside: slide.innerText.trim().length - headings.length
      + 100 * seen.filter((el) => el.matches("img, mjx-container")).length,
  };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All decks, built."""
    target = tmp_path_factory.mktemp("slides")
    patch = pytest.MonkeyPatch()
    patch.setattr(make_slides, "TARGET", target)
    assert make_slides.main([]) == 0
    patch.undo()
    return target


@pytest.fixture(scope="module")
def page(chromium):
    opened = chromium.new_page(viewport={"width": 1280, "height": 720})
    yield opened
    opened.close()


@pytest.mark.parametrize("deck", DECKS)
def test_every_slide_fits_can_be_read_and_says_something(folder, page, deck):
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((folder / f"{deck}.slides.html").as_uri())
    page.wait_for_function("document.body.dataset.slides === 'ready'")
    slides = page.evaluate(MEASURE)
    assert len(slides) > 10
    assert not said
    assert [s for s in slides if s["right"] > WIDTH + 2 or s["bottom"] > HEIGHT + 2] == []
    assert [s for s in slides if s["code"] < CODE] == []
    assert [s for s in slides if s["beside"] < 20] == []
