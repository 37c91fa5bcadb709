"""How explorers look: nothing overlaps or sticks out, at half and at full width, in both themes."""

import pytest
from view import CELLS, CONTRAST, EVERY, View

HALF, FULL = 740, 1500  # page widths that leave a cell of about 620 and 1380

NAMES = ("playback", "control", "scenario", "reset", "look", "caption")
PARTS = ", ".join(["canvas", *(f".adamkit-{name}" for name in NAMES)])

BOXES = """([root, parts]) => [root, ...root.querySelectorAll(parts)].filter((el) => el.offsetParent).map((el) => {
  const { left, top, right, bottom } = el.getBoundingClientRect();
  return [el.className, left, top, right, bottom];
})"""

OVERFLOWS = """(root) => [...root.querySelectorAll("*")].filter((el) =>
    el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0 && getComputedStyle(el).display !== "inline" &&
    !["INPUT", "SELECT"].includes(el.tagName)).map((el) => el.className)"""

OUT_OF_REACH = """(root) => {
  const name = (el) => el.ariaLabel || el.labels?.[0]?.textContent.trim() || el.textContent.trim();
  return [...root.querySelectorAll("button, input, select")]
    .filter((el) => el.offsetParent && (el.tabIndex < 0 || !name(el)))
    .map((el) => el.outerHTML);
}"""


@pytest.fixture(scope="module", params=[HALF, FULL], ids=["half", "full"])
def notebook(open_notebook, request):
    return open_notebook(CELLS, width=request.param)


def overlaps(a, b):
    return a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] < b[4] - 1 and b[2] < a[4] - 1


@pytest.mark.parametrize("name", EVERY)
def test_nothing_overlaps_or_sticks_out(notebook, name):
    view = View(notebook, 1 + EVERY.index(name))
    root, *parts = view.root.evaluate("(root, parts) => (" + BOXES + ")([root, parts])", PARTS)
    assert [part for part in parts if part[1] < root[1] - 1 or part[3] > root[3] + 1] == []
    pairs = [(a[0], b[0]) for i, a in enumerate(parts) for b in parts[i + 1 :] if overlaps(a, b)]
    assert pairs == []
    assert view.root.evaluate(OVERFLOWS) == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_are_readable_in_every_theme(notebook, theme):
    notebook.command("apputils:change-theme", theme=theme)
    notebook.page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=theme)
    try:
        for index in range(len(EVERY)):
            view = View(notebook, 1 + index)
            assert min(view.root.evaluate(CONTRAST)) >= 4.5
    finally:
        notebook.command("apputils:change-theme", theme="JupyterLab Light")


@pytest.mark.parametrize("name", EVERY)
def test_every_control_is_reached_with_the_tab_key_and_has_a_name(notebook, name):
    view = View(notebook, 1 + EVERY.index(name))
    assert view.root.evaluate(OUT_OF_REACH) == []


# Widths of the picture and heights of a control's words, of a paragraph and of code.
SIZES = """(root) => ["canvas", ".adamkit-label", ".jp-RenderedMarkdown p", ".cm-content"].map((name) => {
  const el = root.querySelector(name) ?? document.querySelector(name);
  return name === "canvas" ? el.getBoundingClientRect().width : parseFloat(getComputedStyle(el).fontSize);
})"""


@pytest.fixture
def room(open_notebook):
    """Words, a figure and every explorer, on a projector's 1280 pixels; the switch is off again afterwards."""
    words = "from IPython.display import Markdown\nMarkdown('Words.')"
    figure = "from adamkit import plotting\nfig = plotting.figure(6, 3)\nfig.add_subplot()\nfig"
    opened = open_notebook([words, figure, *CELLS], width=1280, height=720)
    yield opened
    opened.page.evaluate("() => localStorage.removeItem('adamkit-room')")


def test_one_switch_enlarges_pictures_controls_and_words_for_a_room_and_is_remembered(room):
    view = View(room, 3 + EVERY.index("race"))
    assert room.errors() == []
    image = room.page.locator(".jp-OutputArea-output img").first
    before, stored = view.root.evaluate(SIZES), image.bounding_box()["width"]
    view.press("Enlarge")
    after = view.root.evaluate(SIZES)
    assert [new / old for new, old in zip(after[1:], before[1:], strict=True)] == pytest.approx([1.5] * 3, abs=0.04)
    assert after[0] > 1.15 * before[0]
    assert image.bounding_box()["width"] == pytest.approx(1.5 * stored, rel=0.02)
    for name in EVERY:
        shown = View(room, 3 + EVERY.index(name))
        shown.root.evaluate("(root) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        root, *parts = shown.root.evaluate("(root, parts) => (" + BOXES + ")([root, parts])", PARTS)
        assert [part for part in parts if part[1] < root[1] - 1 or part[3] > root[3] + 1] == []
        assert [(a[0], b[0]) for i, a in enumerate(parts) for b in parts[i + 1 :] if overlaps(a, b)] == []
        assert shown.root.evaluate(OVERFLOWS) == []
        assert shown.canvas.bounding_box()["height"] <= 0.7 * 720 + 1
    assert room.page.evaluate("() => localStorage.getItem('adamkit-room')") == "on"
    view.press("Enlarge")
    assert view.root.evaluate(SIZES) == before
