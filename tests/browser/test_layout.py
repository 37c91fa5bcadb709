"""How explorers look: nothing overlaps or sticks out, at half and at full width, in both themes."""

import pytest
from view import CONTRAST, View

from adamkit import explorers

EVERY = sorted(explorers.ALL)
CELLS = ["from adamkit import explorers", *(f"explorers.{name}()" for name in EVERY)]
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
