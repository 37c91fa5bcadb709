"""The site in a browser, from a disk and from a server: explorers move as with a kernel, and questions answer a click.

The pages are those of one notebook, with few positions recorded. ADAMKIT_FULL=1 builds the whole site, and looks at
every page of it; ADAMKIT_SITE=folder looks at one that was built before.
"""

import base64
import functools
import gzip
import http.server
import io
import itertools
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from view import drag

from adamkit.lessons import explorers
from adamkit.live.paint import paint

FULL = os.environ.get("ADAMKIT_FULL") == "1"
FEW = {"race": ({"times": 3}, {"optimizers": 10}), "rmsprop": ({"angle": 3, "lr": 3}, {"start": (3, 2)})}
PAGE, NAME = "03_rmsprop", "rmsprop"
WIDTHS = (360, 768, 1000, 1280, 1366, 1600)


@pytest.fixture(scope="module")
def site(root, tmp_path_factory):
    """The folder of a site."""
    if built := os.environ.get("ADAMKIT_SITE"):
        return Path(built).resolve()
    sys.path.insert(0, str(root / "tools"))
    import make_site

    folder = tmp_path_factory.mktemp("site")
    make_site.SOURCE, make_site.TARGET, make_site.CACHE = (folder / name for name in ("source", "html", "cache"))
    if not FULL:
        make_site.RECORDED = folder / "recorded"
    assert make_site.main(() if FULL else ("03",), None if FULL else FEW) == 0
    sys.path.remove(str(root / "tools"))
    return make_site.TARGET


@pytest.fixture(scope="module")
def server(site):
    """The address at which the same folder is served."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves without a line for each request."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def visit(chromium, site):
    """visit(page, width=…, …) → a Playwright page; none may complain, or ask for anything from elsewhere."""
    contexts, complaints = [], []

    def visit_(name, *, base=None, width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page, base = context.new_page(), base or site.as_uri()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend(elsewhere(request.url, base)))
        page.goto(f"{base}/{name}.html")
        return page

    yield visit_
    for context in contexts:
        context.close()
    assert complaints == []


def elsewhere(url, base):
    """The address in a list, if it leads out of the site."""
    return [] if url.startswith((base, "data:", "blob:")) else [url]


class Recorded:
    """An explorer on a page of the site."""

    def __init__(self, page, number=0):
        self.page, self.place = page, page.locator(".adamkit-recording").nth(number)
        self.place.scroll_into_view_if_needed()
        self.place.locator("canvas[data-frames]").wait_for()
        self.canvas = self.place.locator("canvas")

    def get(self, name):
        """What the player has under a name."""
        return self.place.evaluate("(el, name) => el.player.get(name)", name)

    def values(self):
        """Control → value, as an explorer takes them."""
        values = self.get("_values")
        return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}

    def settle(self):
        """Wait until the canvas shows the last answer."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen = "(el) => el.querySelector('canvas').dataset.seen === String(el.player.get('_seen'))"
        self.page.wait_for_function(seen, arg=self.place.element_handle())

    def slide(self, name, share):
        """Put a slider at a share of its length, from 0 to 1."""
        move = "(el, at) => { el.value = Math.round(at * el.max); el.dispatchEvent(new Event('input')); }"
        self.place.locator(f"[data-control={name}] input").evaluate(move, share)
        self.settle()

    def whole(self):
        """Put the film, if there is one, at its end."""
        if self.get("_scene")["playback"]:
            end = "(el) => { el.value = el.max; el.dispatchEvent(new Event('input')); }"
            self.place.locator(".adamkit-scrub").evaluate(end)
            self.settle()

    def pixels(self):
        """The canvas as an array of grey levels."""
        address = self.canvas.evaluate("(canvas) => canvas.toDataURL()")
        return grey(base64.b64decode(address.split(",")[1]))


def grey(png):
    """A PNG as grey levels, each the mean of three by three pixels: letters and edges are drawn differently."""
    levels = np.asarray(Image.open(io.BytesIO(png)).convert("L"), float)
    rows, columns = levels.shape
    near = [levels[i : rows - 2 + i, j : columns - 2 + j] for i in range(3) for j in range(3)]
    return np.mean(near, axis=0)


def apart(a, b):
    """Share of pixels that differ by more than a quarter of the way from black to white."""
    return float(np.mean(np.abs(a - b) > 64))


def drawn(explorer, shape):
    """What matplotlib makes of an explorer, as large as a canvas whose grey levels have this shape."""
    figure = explorer.figure
    return grey(paint(figure, ratio=(shape[1] + 2) / figure.bbox.width))[: shape[0], : shape[1]]


def test_recorded_controls_move_the_picture_to_what_the_kernel_draws(visit):
    shown, kernel = Recorded(visit(PAGE)), getattr(explorers, NAME)()
    pictures = []
    for angle, rate in ((0, 0), (1, 0), (1, 1), (0.5, 0.3)):
        shown.slide("angle", angle)
        shown.slide("lr", rate)
        kernel.set(**shown.values())
        pictures.append(shown.pixels())
        assert apart(pictures[-1], drawn(kernel, pictures[-1].shape)) < 0.004
        assert shown.get("_caption") == kernel.caption
    for one, other in itertools.pairwise(pictures):
        assert apart(one, other) > 0.006  # the measure tells neighbours from each other


def test_scenarios_and_reset_put_everything_where_the_kernel_does(visit):
    shown, kernel = Recorded(visit(PAGE)), getattr(explorers, NAME)()
    for name in [*kernel.scenarios, None]:
        shown.place.get_by_role("button", name=name or "Reset", exact=True).click()
        shown.settle()
        kernel.scenario(name) if name else kernel.reset()
        assert shown.values() == kernel.values
        assert (shown.get("_caption"), shown.get("_look")) == (kernel.caption, kernel.look)
        assert shown.get("_idle")
        assert set(kernel.shown.idle) <= set(shown.get("_idle"))


def test_the_start_follows_the_mouse_and_the_arrow_keys_to_recorded_places(visit):
    shown, kernel = Recorded(visit(PAGE)), getattr(explorers, NAME)()
    box = shown.canvas.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ((0.5, 0.8), (0.55, 0.1))]
    drag(shown.page, *places, steps=4)
    shown.settle()
    dragged = shown.values()
    kernel.set(**dragged)
    assert dragged["start"][0] > 0
    assert dragged["start"][1] > 0
    assert shown.get("_caption") == kernel.caption
    shown.canvas.press("ArrowLeft")
    shown.settle()
    assert shown.values()["start"][0] < dragged["start"][0]
    assert shown.values()["start"][1] == dragged["start"][1]


def test_what_is_not_recorded_is_dimmed_and_the_page_says_how_to_get_it(visit):
    shown = Recorded(visit(PAGE))
    still = shown.place.locator("[data-control].adamkit-idle input")
    assert still.count() > 0
    assert all(node.is_disabled() for node in still.all())
    assert shown.place.locator("[data-control=angle] input").is_enabled()
    shown.place.get_by_role("link", name="how to get it").click()
    assert "make lab" in shown.page.locator("#with-python").inner_text()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_index_opens_with_the_race_running_unless_motion_is_unwelcome(visit, motion):
    page = visit("index", reduced_motion=motion)
    shown = Recorded(page)
    step = shown.place.locator(".adamkit-step")
    if motion == "reduce":
        page.wait_for_timeout(300)
        assert step.inner_text() == "step 300 of 300"
        shown.place.locator(".adamkit-play").click()
    page.wait_for_function("(el) => /step (?!300)\\d+ of/.test(el.textContent)", arg=step.element_handle(), polling=5)
    shown.place.locator(".adamkit-speed").select_option("4")
    page.wait_for_function("(el) => el.textContent === 'step 300 of 300'", arg=step.element_handle())


def test_a_guess_uncovers_the_answer_and_is_kept_in_this_browser(visit):
    page = visit(PAGE)
    question = page.locator(".adamkit-predict").first
    key = question.get_attribute("data-key")
    answer = page.locator(f'.adamkit-reveal[data-key="{key}"]')
    assert not answer.is_visible()
    right = int(question.get_attribute("data-answer"))
    question.locator(".adamkit-option").nth(right).click()
    assert answer.is_visible()
    assert "You guessed it" in answer.inner_text()
    assert "Kept in this browser" in question.inner_text()
    page.reload()
    assert page.locator(f'.adamkit-reveal[data-key="{key}"]').is_visible()


def test_a_self_check_answers_each_click_and_counts(visit):
    page = visit(PAGE)
    quiz = page.locator(".adamkit-quiz").last
    questions = quiz.locator("ol.adamkit-options")
    for number in range(questions.count()):
        questions.nth(number).locator(".adamkit-option").first.press("Enter")
    said = quiz.locator("[role=status]")
    assert said.count() == questions.count() + 1
    rights = sum("✓ Right" in text for text in said.all_inner_texts())
    assert f"{rights} of {questions.count()} right." in said.last.inner_text()


def test_a_page_weighs_at_most_300_kilobytes_before_its_first_explorer(visit, site, server):
    for name in sorted(path.stem for path in site.glob("[0-9][0-9]_*.html")) if FULL else [PAGE]:
        page = visit(name, base=server)
        page.wait_for_function("document.fonts.status === 'loaded' && document.querySelector('mjx-container')")
        asked = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        files = [site / address[len(server) + 1 :].partition("?")[0] for address in [page.url, *asked]]
        assert any(path.name == "core.js" for path in files)
        own = (f"recorded/{NAME}.js", "explorer.js")  # of an explorer that stands on the first screen
        weights = {path.name: sent(path) for path in files if path.is_file() and not path.as_posix().endswith(own)}
        assert sum(weights.values()) < 300e3, (name, weights)


def test_an_explorer_weighs_at_most_two_megabytes_and_the_site_forty(site):
    recordings = list(site.glob("_static/recorded/*.js"))
    assert recordings
    assert max(path.stat().st_size for path in recordings) < 2e6
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 40e6


def sent(path):
    """Bytes of a file as a server sends it: text is compressed."""
    data = path.read_bytes()
    return len(data if path.suffix in (".woff", ".webp", ".png") else gzip.compress(data))


def test_no_page_scrolls_sideways_and_a_phone_reads_the_picture(visit, site):
    pages = sorted(path.stem for path in site.glob("[0-9][0-9]_*.html")) if FULL else [PAGE]
    for name in ["index", *pages]:
        page = visit(name)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.set_viewport_size({"width": 360, "height": 780})
        for number in range(page.locator(".adamkit-recording").count()):
            shown = Recorded(page, number)
            assert shown.canvas.bounding_box()["width"] >= 500
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_on_paper_nothing_floats_and_no_line_of_code_is_cut_off(visit):
    page = visit(PAGE)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # the width of an A4 page with its margins
    assert not page.locator(".skip-to-content").is_visible()
    cut = "[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_explorer_draws_from_a_server_in_both_themes(visit, site, server, scheme):
    names = sorted(path.stem for path in site.glob("[0-9][0-9]_*.html")) if FULL else [PAGE]
    for name in names:
        page = visit(name, base=server, color_scheme=scheme)
        for number in range(page.locator(".adamkit-recording").count()):
            shown = Recorded(page, number)
            assert shown.place.locator(f"[data-ground={scheme}]").count() == 1
            assert len(np.unique(shown.pixels())) > 50


@pytest.mark.parametrize("name", sorted(explorers.ALL) if FULL else ["rmsprop"])  # the one on the small site's page
def test_random_positions_of_every_explorer_are_what_the_kernel_draws(visit, site, name):
    marked = f'data-recording="{name}"'
    page = visit(next(path.stem for path in sorted(site.glob("[0-9]*.html")) if marked in path.read_text("utf-8")))
    places = page.locator(".adamkit-recording").evaluate_all("(all) => all.map((el) => el.dataset.recording)")
    shown, kernel, rng = Recorded(page, places.index(name)), getattr(explorers, name)(), np.random.default_rng(24)
    for scenario in kernel.scenarios:
        shown.place.get_by_role("button", name=scenario, exact=True).click()
        shown.settle()
        shown.whole()
        moving = shown.place.locator("[data-control]:not(.adamkit-idle):has(input[type=range])")
        for control in moving.evaluate_all("(all) => all.map((el) => el.dataset.control)")[:2]:
            shown.slide(control, rng.random())
        kernel.set(**shown.values())
        pixels = shown.pixels()
        assert apart(pixels, drawn(kernel, pixels.shape)) < 0.01, (scenario, shown.values())
        assert shown.get("_caption") == kernel.caption
