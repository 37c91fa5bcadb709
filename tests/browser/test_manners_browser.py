"""Under the hand: nothing moves away from it, films begin whole, and Enter keeps a guess."""

import os

import pytest
from view import opener

NAMES = ("race", "rmsprop", "schedule", "memory", "mystery")
CELLS = ["from adamkit import practice\nfrom adamkit.lessons import explorers",
         *(f"{name} = explorers.{name}(); {name}" for name in NAMES),
         "guess = practice.predict('01-ravine'); guess"]  # fmt: skip
NARROW = 1000
TOPS = """(root) => [".adamkit-stage", ".adamkit-control", ".adamkit-control:last-of-type"].map((part) =>
  Math.round(root.querySelector(part).getBoundingClientRect().top - root.getBoundingClientRect().top))"""


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_notebook(CELLS, width=NARROW)


@pytest.fixture
def view(notebook):
    return opener(notebook, NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [NARROW, 1440] if os.environ.get("ADAMKIT_FULL") else [NARROW])
def test_neither_picture_nor_controls_move_when_words_above_them_grow(notebook, view, name, width):
    notebook.page.set_viewport_size({"width": width, "height": 900})
    found = view(name)
    tops = {tuple(found.root.evaluate(TOPS))}
    for button in found.root.locator(".adamkit-scenario").all():
        found.press(button.inner_text())
        tops.add(tuple(found.root.evaluate(TOPS)))
    for slider in found.root.locator(".adamkit-slider input:not(.adamkit-scrub)").all():
        for key in ("Home", "End"):
            slider.focus()
            found.page.keyboard.press(key)
            found.settle()
            tops.add(tuple(found.root.evaluate(TOPS)))
    assert len(tops) == 1


def paused(found):
    """The film, stopped part of the way."""
    scrub, step = found.root.locator(".adamkit-scrub"), found.root.locator(".adamkit-step")
    scrub.evaluate("(scrub) => { scrub.value = 300; scrub.dispatchEvent(new Event('input', { bubbles: true })); }")
    assert step.inner_text() == "step 90 of 300"
    return step


def test_reset_and_a_scenario_without_a_film_show_the_whole_picture(view):
    race = view("race")
    step, whole = paused(race), "(step) => step.textContent === 'step 300 of 300'"
    race.control("noise").focus()
    race.page.keyboard.press("ArrowRight")
    race.settle()
    assert step.inner_text() == "step 90 of 300"  # a slider keeps the step that the reader looks at
    race.press("Reset")
    race.page.wait_for_function(whole, arg=step.element_handle())
    paused(race)
    race.press("One rate for all")
    race.page.wait_for_function(whole, arg=step.element_handle())


def test_a_scenario_with_a_film_plays_it_from_the_beginning(view):
    race = view("race")
    step = paused(race)
    race.press("Cliff")
    race.page.wait_for_function(
        "(step) => Number(step.textContent.split(' ')[1]) < 60", arg=step.element_handle(), polling="raf")
    assert race.root.locator(".adamkit-play").get_attribute("data-state") == "playing"


def test_the_words_of_a_scenario_that_was_left_name_it(view):
    race = view("race")
    look = race.root.locator(".adamkit-look")
    assert look.get_attribute("data-left") == ""
    race.control("noise").focus()
    race.page.keyboard.press("End")
    race.settle()
    assert look.get_attribute("data-left") == "Scenario “Ravine”: "
    assert look.inner_text().startswith("Across the valley")
    race.press("Ravine")
    assert look.get_attribute("data-left") == ""


def test_a_new_patient_brings_the_menus_back(view):
    mystery = view("mystery")
    mystery.control("diagnosis").select_option("healthy")
    mystery.settle()
    mystery.control("patient").focus()
    mystery.page.keyboard.press("ArrowRight")
    mystery.settle()
    assert mystery.control("diagnosis").input_value() == "none"


def test_enter_keeps_a_guess_and_takes_the_warning_away(notebook):
    cell = notebook.page.locator(".jp-Cell").nth(1 + len(NAMES))
    field = cell.locator("input[type=text]")
    field.fill("abc")
    field.press("Enter")
    cell.get_by_text("A number is needed").wait_for()
    field.fill("99,5")
    field.press("Enter")
    cell.get_by_text("Your guess: 99.5").wait_for()
    assert cell.get_by_text("A number is needed").count() == 0
    assert notebook.python("print(guess.guess)") == "99.5"
