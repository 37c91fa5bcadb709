"""Explorers by keyboard alone: each control is reached in order, seen, moved and left again.

All of them show their scenarios; the rest is tried on some that have every kind of control between them, and on all of
them with ADAMKIT_FULL=1.
"""

import os

import pytest
from view import CELLS, EVERY, View, kernel_values

from adamkit.explorers.controls import Choice, MultiChoice, Numbers, Slider, Toggle
from adamkit.lessons import explorers

# What a hand with a mouse can act on: in the order of the page, hidden things excepted.
TARGETS = """(root) => [...root.querySelectorAll("button, input, select, canvas.adamkit-pointer")]
  .filter((el) => el.checkVisibility()).map((el, i) => (el.dataset.turn = i, i)).length"""
# Where the keyboard is, and whether a ring shows it: on the element, or on what is drawn in its place.
FOCUS = """(root) => {
  const el = document.activeElement;
  if (!root.contains(el)) return null;
  const rings = [el, el.closest(".adamkit-chip")].filter(Boolean).map((part) => getComputedStyle(part));
  return [Number(el.dataset.turn), rings.some((ring) => ring.outlineStyle === "solid" && ring.outlineWidth === "2px")];
}"""
HELP = """(el) => { const { content, display } = getComputedStyle(el, "::after");
  return display === "none" || content === "none" ? "" : content; }"""


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_notebook(CELLS)


#: Between them: sliders, menus, chips, toggles, a typed list, a start to drag, a map to point at, films, words alone.
SOME = ["adviser", "moments", "momentum_map", "mystery", "race", "scale"]


def opened(notebook, name):
    found = View(notebook, 1 + EVERY.index(name))
    found.name, found.keys = name, notebook.page.keyboard
    found.controls = getattr(explorers, name).controls
    yield found
    assert notebook.errors() == []


@pytest.fixture(params=EVERY if os.environ.get("ADAMKIT_FULL") else SOME)
def view(notebook, request):
    yield from opened(notebook, request.param)


@pytest.fixture(params=EVERY)
def any_view(notebook, request):
    yield from opened(notebook, request.param)


def values(view):
    return kernel_values(view.notebook, view.name)


def press(view, element, key, *more):
    element.focus()
    for each in (key, *more):
        view.keys.press(each)
    view.settle()


def walk(view, key):
    """Press the key until the focus leaves the explorer → the places it was on; each must show its ring."""
    places = []
    while (at := view.root.evaluate(FOCUS)) is not None:
        place, ring = at
        assert ring, f"no ring on element {place}"
        assert place not in places, f"{key} does not get past element {place}"
        places.append(place)
        view.keys.press(key)
    return places


def test_tab_goes_through_everything_in_order_with_a_ring_and_out_on_both_sides(view):
    count = view.root.evaluate(TARGETS)
    view.root.locator("[data-turn='1']").focus()
    view.keys.press("Shift+Tab")
    assert walk(view, "Tab") == list(range(count))
    view.root.locator(f"[data-turn='{count - 2}']").focus()
    view.keys.press("Tab")
    assert walk(view, "Shift+Tab") == list(range(count))[::-1]


def move_slider(view, name, control):
    slider = view.control(name)
    stops, at = control.stops(), int(slider.input_value())
    press(view, slider, "ArrowRight" if at < len(stops) - 1 else "ArrowLeft")
    moved = int(slider.input_value())
    assert abs(moved - at) == 1
    assert view.shown(name) == control.text(stops[moved])
    return stops[moved]


def move_choice(view, name, control):
    select = view.control(name)
    options, before = list(control.options), select.input_value()
    press(view, select, "ArrowUp" if before == options[-1] else "ArrowDown")
    assert select.input_value() != before
    return select.input_value()


def move_chips(view, name, _):
    boxes = view.root.locator(f"[data-control={name}] input")
    was = boxes.last.is_checked()
    press(view, boxes.last, "Space")
    assert boxes.last.is_checked() != was
    return [box.get_attribute("value") for box in boxes.all() if box.is_checked()]


def move_toggle(view, name, _):
    was = view.control(name).is_checked()
    press(view, view.control(name), "Space")
    assert view.control(name).is_checked() != was
    return not was


def type_numbers(view, name, _):
    view.control(name).focus()
    view.keys.press("Control+a")
    view.keys.type("1, -2")
    view.settle()
    return [1, -2]


HANDS = {Slider: move_slider, Choice: move_choice, MultiChoice: move_chips, Toggle: move_toggle, Numbers: type_numbers}


def test_the_keyboard_moves_each_control_and_the_kernel_has_what_is_shown(view):
    shown = {name: HANDS[type(control)](view, name, control)
             for name, control in view.controls.items() if type(control) in HANDS}
    there = values(view)
    assert {name: there[name] for name in shown} == shown
    press(view, view.root.locator(".adamkit-reset"), "Enter")


def test_the_keyboard_presses_every_button_and_a_scenario_changes_the_picture_or_is_the_opening_one(any_view):
    view = any_view
    view.press("Reset")
    opening = values(view)
    for button in view.root.locator(".adamkit-scenario").all():
        before, pressed = view.pixels(), button.get_attribute("aria-pressed") == "true"
        press(view, button, "Enter")
        assert button.get_attribute("aria-pressed") == "true"
        assert view.root.locator(".adamkit-look").inner_text()
        assert pressed or view.pixels() != before
    press(view, view.root.locator(".adamkit-reset"), "Space")
    assert values(view) == opening
    enlarge = view.root.locator(".adamkit-enlarge")
    for wanted in ("true", "false"):
        press(view, enlarge, "Space")
        assert enlarge.get_attribute("aria-pressed") == wanted


def test_the_keyboard_plays_the_film(view):
    bar = view.root.locator(".adamkit-playback")
    if not bar.is_visible():
        assert view.notebook.python(f"print(bool({view.name}.widget._scene.get('playback')))") == "False"
        return
    play, scrub, step = (bar.locator(f".adamkit-{part}") for part in ("play", "scrub", "step"))
    press(view, scrub, "Home")
    assert step.inner_text().startswith("step 0 of")
    press(view, bar.locator(".adamkit-speed"), "ArrowUp")
    press(view, play, "Space")
    view.page.wait_for_function("(el) => !el.textContent.startsWith('step 0 ')", arg=step.element_handle())
    assert play.get_attribute("data-state") == "playing"
    press(view, play, "Enter")
    assert play.get_attribute("data-state") == "paused"
    press(view, scrub, "End")
    said = step.inner_text().split()
    assert said[1] == said[3]


def test_what_the_pointer_drags_the_arrow_keys_move_and_the_words_say_so(view):
    takes_pointer = "adamkit-pointer" in view.canvas.get_attribute("class")
    assert takes_pointer == view.notebook.python(f"print({view.name}.widget._scene['pointer'])").startswith("True")
    if not takes_pointer:
        assert view.canvas.evaluate("(el) => el.tabIndex") == -1
        return
    before = values(view)
    press(view, view.canvas, "ArrowLeft", "ArrowUp")
    after = values(view)
    assert {name for name in after if after[name] != before[name]} in ({"start"}, {"lr", "beta"})
    assert "arrow keys" in view.stage.evaluate(HELP)
    view.keys.press("Escape")
    assert view.stage.evaluate(HELP) == ""
    press(view, view.root.locator(".adamkit-reset"), "Enter")


def test_what_a_control_means_is_shown_while_the_keyboard_is_on_it(view):
    for name, control in view.controls.items():
        part = view.root.locator(f"[data-control={name}]")
        if control.help:
            view.root.locator(".adamkit-reset").focus()
            assert part.evaluate(HELP) == ""
            view.control(name).focus()
            view.keys.press("Shift+Tab")
            view.keys.press("Tab")
            assert control.help in part.evaluate(HELP)
            assert view.control(name).get_attribute("aria-description") == control.help


def test_those_that_are_always_tried_have_every_kind_of_control_between_them():
    kinds = {name: {type(control) for control in getattr(explorers, name).controls.values()} for name in EVERY}
    assert set().union(*(kinds[name] for name in SOME)) == set().union(*kinds.values())
