"""Pictures on a page that is not JupyterLab's: no theme, no kernel messages but anywidget's, bytes in any wrapping."""

import pytest
from plain_page import BYTES, PlainPage
from view import CONTRAST

from adamkit.dashboard import Dashboard
from adamkit.dashboard.view import DashboardView
from adamkit.lessons import explorers
from adamkit.live.pulse import Pulse
from adamkit.training.history import Record

EVERY = sorted(explorers.ALL)
WHITE = "body { background: white; color: black }"
BLACK = "body { background: #111; color: #ddd }"
CLEAR = "html { color-scheme: light dark }"  # no background of its own: the reader's preference paints it
FRAME = "body { color: #ddd }"  # as in a transparent frame on a dark page
PAGES = {
    "white": (WHITE, "dark", "light"),
    "black": (BLACK, "light", "dark"),
    "light preferred": (CLEAR, "light", "light"),
    "dark preferred": (CLEAR, "dark", "dark"),
    "dark behind a transparent frame": (FRAME, "light", "dark"),
    "a white panel on a black page": (BLACK + " #widget { background: white }", "dark", "light"),
    "a modern colour": ("body { background: oklch(0.2 0.02 260) }", "light", "dark"),
}


@pytest.fixture
def show(chromium):
    """show(widget, …) → `PlainPage`; no page may end with an error in its console."""
    pages = []

    def show_(widget, **options):
        pages.append(PlainPage(chromium, widget, **options))
        return pages[-1]

    yield show_
    complaints = [line for page in pages for line in page.complaints]
    for page in pages:
        page.page.close()
    assert complaints == []


def race():
    return explorers.race().widget


@pytest.mark.parametrize("name", EVERY)
def test_every_explorer_draws_its_picture_and_its_controls(show, name):
    widget = getattr(explorers, name)().widget
    shown = show(widget)
    shown.wait_for_frame()
    assert shown.colors() > 50
    elements = [control["name"] for control in widget._controls if control["kind"] != "point"]
    assert shown.root.locator("[data-control]").count() == len(elements)


@pytest.mark.parametrize("wrapping", ["view", "array", "buffer"])
def test_bytes_may_come_in_any_wrapping(show, wrapping):
    assert wrapping in BYTES
    shown = show(race(), bytes=wrapping)
    shown.wait_for_frame()
    assert shown.colors() > 50


def test_bytes_that_were_lost_with_the_first_state_are_asked_for(show):
    widget = race()
    shown = show(widget, bytes="lost")
    assert any(message.get("resend") for message in shown.sent())
    shown.deliver()
    shown.page.wait_for_function("() => document.querySelector('#widget canvas').width > 300")
    shown.wait_for_frame(shown.frames() - 1)
    assert shown.colors() > 50


@pytest.mark.parametrize("kind", PAGES)
def test_words_are_readable_on_any_page(show, kind):
    style, scheme, ground = PAGES[kind]
    shown = show(race(), style=style, scheme=scheme)
    shown.wait_for_frame()
    assert shown.root.get_attribute("data-ground") == ground
    paint = {"light": "white", "dark": "#111"}[ground]
    shown.page.add_style_tag(content=f"body {{ background: {paint} !important }}")  # what lies behind such a page
    assert min(shown.root.evaluate(CONTRAST)) >= 4.5


def test_the_widget_follows_when_the_page_changes_its_theme(show):
    style = "body.bright { background: white } body.night { background: #111; color: #ddd }"
    shown = show(race(), style=style)
    shown.wait_for_frame()
    for theme, ground in (("night", "dark"), ("bright", "light")):
        shown.page.evaluate("(theme) => { document.body.className = theme; }", theme)
        shown.page.wait_for_function("(g) => document.querySelector('#widget').dataset.ground === g", arg=ground)


def test_a_slider_reaches_the_kernel_and_the_answer_the_picture(show):
    widget = race()
    shown = show(widget)
    shown.wait_for_frame()
    before, frames = widget.explorer.values["times"], shown.frames()
    shown.root.locator("[data-control=times] input").focus()
    shown.page.keyboard.press("ArrowRight")
    shown.deliver()
    shown.wait_for_frame(frames)
    assert widget.explorer.values["times"] > before
    shown.page.wait_for_selector(".adamkit-stage[data-idle=true]")


@pytest.fixture
def running():
    """The view of a board in the middle of a run."""
    board = Dashboard(total=300, print_every=1e9)
    for step in range(1, 101):
        board.on_step(Record(step, 3 / step, 0.1, 1.0, 1e-3, 100.0, 800.0, 3e8, 0.01 * step))
    return DashboardView(board)


@pytest.mark.parametrize("wrapping", BYTES)
def test_a_board_draws_its_curves(show, running, wrapping):
    shown = show(running, bytes=wrapping, style=BLACK)
    if wrapping == "lost":
        assert shown.sent()[0]["resend"]
        shown.deliver()
    curve = shown.page.wait_for_function("() => document.querySelector('#widget .adamkit-line')?.getAttribute('d')")
    assert curve.json_value().count("L") == 99
    assert min(shown.root.evaluate(CONTRAST)) >= 4.5


def test_a_board_whose_buttons_wait_for_the_cell_says_so(show, running):
    shown = show(running)
    note = shown.root.locator(".adamkit-notice")
    assert not note.is_visible()
    shown.root.get_by_role("button", name="Pause").click()
    note.get_by_text("when the cell is done").wait_for()
    shown.deliver()
    note.wait_for(state="hidden")
    assert running.board.control.paused


def test_a_page_that_is_left_stops_listening(show):
    shown = show(race())
    shown.wait_for_frame()
    frames = shown.frames()
    shown.page.evaluate("() => window.leave()")
    shown.page.evaluate("() => { document.body.style.background = '#111'; }")
    shown.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert shown.frames() == frames
    assert shown.root.get_attribute("data-ground") == "light"


def test_the_sign_of_life_greets_and_turns_green(show):
    shown = show(Pulse())
    assert shown.sent() == [{"ping": True}]
    shown.deliver()
    assert shown.root.inner_text().startswith("✓")
