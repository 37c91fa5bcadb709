"""Explorers in a real JupyterLab: they render, follow the hand, and keep up."""

import pytest
from view import CELLS, EVERY, View, kernel_values, opener

from adamkit.lessons import explorers

CHANGED = "([canvas, old]) => canvas.toDataURL() !== old"


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_notebook(CELLS)


@pytest.fixture
def view(notebook):
    return opener(notebook, EVERY)


@pytest.fixture
def race(view):
    return view("race")


@pytest.mark.parametrize("name", EVERY)
def test_each_explorer_renders_without_an_error(view, notebook, name):
    found = view(name)
    assert found.colors() > 50
    assert len(found.canvas.get_attribute("aria-label").split()) > 4
    assert notebook.errors() == []


def test_arrow_keys_move_a_slider_and_the_picture(race, notebook):
    before, value = race.pixels(), kernel_values(notebook, "race")["times"]
    race.control("times").focus()
    race.page.keyboard.press("ArrowRight")
    race.settle()
    after = kernel_values(notebook, "race")["times"]
    assert after > value
    assert race.pixels() != before
    assert race.shown("times") == f"{after:.3g}×"


def test_a_drag_of_the_mouse_ends_where_the_hand_ends(race, notebook):
    frames = race.frames()
    race.slide("times", [0.5 + step / 70 for step in range(30)])
    stops = explorers.race.controls["times"].stops()
    assert kernel_values(notebook, "race")["times"] == stops[int(race.control("times").input_value())]
    assert race.frames() > frames + 3


def test_the_start_is_dragged_to_where_the_pointer_lets_go(race, notebook):
    before = race.pixels()
    race.drag((0.2, 0.3), (0.3, 0.5))
    x, y = kernel_values(notebook, "race")["start"]
    place = notebook.python(f"ax = race.figure.axes[0]; print(*ax.transData.transform(({x}, {y})))").split()
    assert [float(number) for number in place] == pytest.approx([0.3 * 680, 0.5 * 340], abs=1.5)
    assert race.pixels() != before


def test_a_start_dragged_out_of_the_surface_stays_at_its_edge(race, notebook):
    race.drag((0.3, 0.5), (0.95, -0.5))
    x, y = kernel_values(notebook, "race")["start"]
    limits = notebook.python("ax = race.figure.axes[0]; print(ax.get_xlim()[1], ax.get_ylim()[1])").split()
    assert [x, y] == pytest.approx([float(limit) for limit in limits])


def test_arrow_keys_move_the_start(race, notebook):
    race.canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        race.page.keyboard.press(key)
    race.settle()
    x, y = kernel_values(notebook, "race")["start"]
    x0, y0 = notebook.python("from adamkit.lessons.nb00.race import _surface; print(*_surface('ravine').start)").split()
    unit = float(notebook.python("a = race.figure.axes[0]; print(a.bbox.width / (a.get_xlim()[1] - a.get_xlim()[0]))"))
    assert (x - float(x0)) * unit == pytest.approx(12, abs=0.1)
    assert (y - float(y0)) * unit == pytest.approx(1, abs=0.1)


def test_play_runs_pauses_and_scrubs_without_the_kernel(race):
    sent = race.stage.get_attribute("data-sent")
    whole = race.pixels()
    play, step = race.root.locator(".adamkit-play"), race.root.locator(".adamkit-step")
    play.click()
    race.page.wait_for_function("(step) => /step [1-9]\\d* of 300/.test(step.textContent)", arg=step.element_handle())
    play.click()
    paused = int(step.inner_text().split()[1])
    assert 0 < paused < 300
    assert race.pixels() != whole
    race.page.wait_for_timeout(120)
    assert int(step.inner_text().split()[1]) == paused
    scrub = race.root.locator(".adamkit-scrub")
    scrub.focus()
    race.page.keyboard.press("End")
    race.page.wait_for_function("(step) => step.textContent === 'step 300 of 300'", arg=step.element_handle())
    race.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert race.pixels() == whole
    assert race.stage.get_attribute("data-sent") == sent


def test_code_in_a_cell_moves_the_controls(race, notebook):
    before = race.pixels()
    notebook.python("race.set(beta1=0.5, optimizers=['Adam'])")
    race.page.wait_for_function(
        "(out) => out.textContent === '0.5'", arg=race.root.locator("[data-control=beta1] output").element_handle()
    )
    assert race.root.locator(".adamkit-chip input:checked").count() == 1
    race.page.wait_for_function(CHANGED, arg=[race.canvas.element_handle(), before])


def test_chips_and_menus_change_the_picture(race, notebook):
    before = race.pixels()
    race.root.get_by_label("AdaGrad").check()
    race.settle()
    with_adagrad = race.pixels()
    race.control("surface").select_option("beale")
    race.settle()
    assert len({before, with_adagrad, race.pixels()}) == 3
    values = kernel_values(notebook, "race")
    assert "AdaGrad" in values["optimizers"]
    assert values["surface"] == "beale"


def test_a_typed_list_that_makes_no_sense_gets_a_notice(view, notebook):
    moments = view("moments")
    moments.control("stream").select_option("own")
    moments.control("own").fill("1, 2, x")
    moments.settle()
    assert "must be 1 to 60 numbers" in moments.root.locator(".adamkit-notice").inner_text()
    moments.control("own").fill("1, -2")
    moments.settle()
    assert not moments.root.locator(".adamkit-notice").is_visible()
    assert kernel_values(notebook, "moments")["own"] == [1, -2]


STORM = """(root) => {
  const sliders = [...root.querySelectorAll("input[type=range]:not(.adamkit-scrub)")];
  let state = 12345;
  const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  for (let i = 0; i < 500; i++) {
    const slider = sliders[random(sliders.length)];
    slider.value = random(Number(slider.max) + 1);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return Object.fromEntries(sliders.map((s) => [s.closest("[data-control]").dataset.control, Number(s.value)]));
}"""


@pytest.mark.parametrize("name", ["race", "noise", "moments", "adam_surface"])
def test_after_a_storm_of_changes_the_last_state_shows_and_nothing_plays_out(view, notebook, name):
    found = view(name)
    frames = found.frames()
    positions = found.root.evaluate(STORM)
    found.settle()
    values, controls = kernel_values(notebook, name), getattr(explorers, name).controls
    assert {key: values[key] for key in positions} == {key: controls[key].stops()[at] for key, at in positions.items()}
    assert found.frames() - frames < 20
    settled = found.frames()
    found.page.wait_for_timeout(300)
    assert found.frames() == settled
    assert notebook.errors() == []


BLANKS = """async ([canvas, root]) => {
  const select = root.querySelector("[data-control=surface] select");
  let blanks = 0;
  for (let i = 0; i < 60; i++) {
    if (i % 6 === 0) {
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      select.dispatchEvent(new Event("change"));
    }
    await new Promise(requestAnimationFrame);
    const [r, g, b, alpha] = canvas.getContext("2d").getImageData(canvas.width / 3, canvas.height / 2, 1, 1).data;
    if (alpha !== 255 || r + g + b === 0) blanks += 1;
  }
  return blanks;
}"""


def test_the_picture_never_goes_blank_while_its_scenery_changes(race):
    assert race.page.evaluate(BLANKS, [race.canvas.element_handle(), race.root.element_handle()]) == 0
    race.settle()


def test_two_views_of_one_explorer_move_together(open_notebook):
    book = open_notebook(["from adamkit.lessons import explorers\nrace = explorers.race()", "race", "race"])
    first, second = View(book, 1), View(book, 2)
    before = second.pixels()
    first.control("times").focus()
    first.page.keyboard.press("Home")
    first.settle()
    second.page.wait_for_function(CHANGED, arg=[second.canvas.element_handle(), before])
    assert second.shown("times") == first.shown("times") == "0.1×"


def test_controls_work_while_a_cell_runs(open_notebook):
    book = open_notebook(["import time\nfrom adamkit.lessons import explorers\nrace = explorers.race()", "race"])
    found = View(book, 1)
    future = book.page.evaluate_handle(
        "(code) => ({ done: window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code }).done })",
        "began = time.time()\nwhile time.time() < began + 20 and race.values['times'] == 1: time.sleep(0.01)\n"
        "seen = race.values['times']",
    )
    found.control("times").focus()
    found.page.keyboard.press("End")
    found.settle()
    future.evaluate("(future) => future.done")
    assert book.python("print(seen)") == "10.0"


@pytest.mark.parametrize("scale", [1, 2])
def test_the_picture_has_the_screens_pixels(open_notebook, scale):
    book = open_notebook(["from adamkit.lessons import explorers\nrace = explorers.race()", "race"], scale=scale)
    found = View(book, 1)
    if scale == 2:
        found.page.wait_for_selector(".adamkit-stage[data-sent][data-idle=true]")
    width, shown = found.canvas.evaluate("(canvas) => [canvas.width, canvas.getBoundingClientRect().width]")
    assert width == round(shown * scale)
    wide = int(book.python("import struct; print(struct.unpack('>I', race.widget._background[16:20])[0])"))
    assert wide >= 0.95 * width
