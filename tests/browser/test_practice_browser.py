"""Cards, quiz, predictions, plan and mock interview in a real JupyterLab, by keyboard alone; what a restart keeps."""

import json
import time

import pytest
from real_lab import KERNEL, Notebook

from adamkit.practice import catalogue

FOCUSED = """() => { const at = document.activeElement;
  return (at?.innerText || at?.placeholder || at?.title || at?.tagName || "").trim(); }"""


@pytest.fixture
def open_(chromium, lab):
    """open_(cell, …, width=…) → a `Notebook` of these cells, run; a reader without any progress."""
    opened = []

    def open_one(*cells, width=1000):
        for file in (lab.home / "progress").glob("*.json"):
            file.unlink()
        name = f"practice_{time.monotonic_ns()}.ipynb"
        lab.write(name, ["from adamkit import practice", *cells])
        opened.append(Notebook(chromium.new_page(viewport={"width": width, "height": 900}), lab, name))
        opened[-1].run_all()
        return opened[-1]

    yield open_one
    for notebook in opened:
        notebook.close()


def focused(page, wanted, seconds=600):
    """Wait until the keyboard is on something whose label begins with ``wanted``."""
    deadline = time.monotonic() + seconds
    while not (at := page.evaluate(FOCUSED)).startswith(wanted):
        assert time.monotonic() < deadline, f"the keyboard is on {at!r} and not on {wanted!r}"
        time.sleep(0.05)


def tab_to(page, wanted, presses=12):
    """Press Tab until the keyboard is there."""
    for _ in range(presses):
        if page.evaluate(FOCUSED).startswith(wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{presses} times Tab do not lead to {wanted!r}, but to {page.evaluate(FOCUSED)!r}")


def entries(lab, topic):
    path = lab.home / "progress" / f"{topic}.json"
    return json.loads(path.read_text(encoding="utf-8"))["entries"] if path.exists() else {}


def until(condition, seconds=600):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_cards_by_keyboard_and_a_restart_keeps_the_grade(open_, lab):
    notebook = open_("practice.review('bias correction')")
    page = notebook.page
    page.get_by_role("button", name="Show the answer").focus()
    page.keyboard.press("Enter")
    focused(page, "again")
    for label in ("hard", "good", "easy"):
        page.keyboard.press("Tab")
        focused(page, label)
    page.keyboard.press("Enter")
    focused(page, "Show the answer")
    page.get_by_text("It comes back in").wait_for()
    ((card, kept),) = entries(lab, "cards").items()
    assert len(kept["reviews"]) == 1
    asked = notebook.python(f"from adamkit.practice import bank; print(bank.find({card!r}).question)")
    page.evaluate(f"async () => {{ await ({KERNEL}).restart(); }}")
    notebook.run_all()
    page.get_by_role("button", name="Show the answer").wait_for()
    assert asked.split("$")[0][:40] not in page.locator(".jp-OutputArea", has_text="Show the answer").inner_text()
    print_due = f"print({card!r} in [q.id for q in practice.review().queue], len(practice.review().cards.due()))"
    assert notebook.python(print_due).startswith("False")
    assert notebook.errors() == []


def test_a_quiz_by_keyboard(open_, lab):
    notebook = open_("practice.self_check('04')")
    page = notebook.page
    letters = page.get_by_role("button", name="A", exact=True)
    letters.first.focus()
    for _ in range(3):  # the first option of each question; Enter keeps the keyboard where it is
        focused(page, "A")
        page.keyboard.press("Enter")
        focused(page, "A")
        page.keyboard.press("Tab")
        tab_to(page, "A") if _ < 2 else None
    until(lambda: "self-check-04" in "".join(entries(lab, "quizzes")) or "04" in entries(lab, "quizzes"))
    assert notebook.errors() == []


def test_a_prediction_by_keyboard(open_):
    notebook = open_("guess = practice.predict('14-forgotten-one')\nguess", "guess.reveal()")
    page = notebook.page
    page.get_by_role("button", name="B", exact=True).focus()
    page.keyboard.press("Space")
    until(lambda: page.locator("button.mod-info, button.mod-primary, button.mod-success").count() >= 1)
    focused(page, "B")
    assert notebook.python("print(guess.guess)") != "None"
    assert notebook.errors() == []


def test_the_plan_by_keyboard(open_, lab):
    notebook = open_("practice.study_plan()")
    page = notebook.page
    page.get_by_role("button", name="Begin today").focus()
    page.keyboard.press("Enter")
    until(lambda: "start" in entries(lab, "plan"))
    until(lambda: page.evaluate("() => document.activeElement.type") == "checkbox")
    page.keyboard.press("Space")
    until(lambda: len(entries(lab, "plan").get("done", {})) == 1)
    assert notebook.errors() == []


def test_a_mock_interview_by_keyboard(open_, lab):
    notebook = open_("practice.mock_interview(2, pattern='bias correction', seed=1)")
    page = notebook.page
    shown = page.locator(".widget-dropdown select").evaluate_all("all => all.map(s => s.selectedOptions[0]?.innerText)")
    assert [choice.replace("\xa0", " ") for choice in shown] == ["bias correction", "any"]
    page.get_by_role("button", name="Begin", exact=True).focus()
    page.keyboard.press("Enter")
    for text, grade in (("First.", "strong"), ("Second.", "lean")):
        focused(page, "Your answer")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        focused(page, "Show the model answer")
        page.keyboard.press("Enter")
        focused(page, "strong")
        tab_to(page, grade)
        page.keyboard.press("Enter")
    page.get_by_text("What to revisit").wait_for()
    focused(page, "Begin anew")
    grades = [history[-1]["grade"] for history in entries(lab, "mock").values()]
    assert sorted(grades) == ["lean", "strong"]
    assert notebook.errors() == []


def test_the_progress_panel_shows_what_was_done_and_where_to_go_next(open_):
    notebook = open_(
        "practice.exercise('01-gd-step').check(lambda theta, gradient, lr: theta - lr * gradient)",
        "practice.progress_panel()",
        width=900,
    )
    panel = notebook.page.locator(".jp-OutputArea-output", has_text="Your progress")
    row = panel.locator("tr", has_text="Gradient descent and SGD")
    keys = [exercise.key for exercise in catalogue.everything("EXERCISES")]
    gd, momentum = (sum(key.startswith(number) for key in keys) for number in ("01-", "02-"))
    assert f"●{'○' * (gd - 1)} 1 of {gd}" in row.inner_text()
    assert f"{'○' * momentum} 0 of {momentum}" in panel.locator("tr", has_text="Momentum").inner_text()
    assert "Finish notebook 01" in panel.inner_text()
    assert row.locator("td").nth(1).evaluate("cell => getComputedStyle(cell).textAlign") == "left"
    assert panel.evaluate("area => area.scrollWidth <= area.clientWidth + 1")


def test_the_first_answer_appears_beside_the_last(open_, lab):
    notebook = open_("practice.opening_answer()", "practice.opening_answer().compare()")
    page = notebook.page
    first, last = page.locator("textarea").all()
    for field, text in ((first, "The rate is too low."), (last, "Data, then norms, then the rate.")):
        field.focus()
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        focused(page, "Save")
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
    shown = page.locator(".jp-Cell").nth(2).inner_text()
    assert "The rate is too low." in shown
    assert "Data, then norms, then the rate." in shown
    assert len(entries(lab, "answers")["00-opening"]) == 2
    assert notebook.errors() == []


def test_a_bug_hunt_by_keyboard(open_, lab):
    notebook = open_("hunt = practice.bug_hunt(seed=3, level=2)\nhunt")
    page = notebook.page
    line = notebook.python("print(*(min(place) for place in hunt.places))").split()
    for number in line:
        page.get_by_role("button", name=number, exact=True).focus()
        page.keyboard.press("Space")
    page.get_by_placeholder("Why?").fill("it does not do what the task says")
    page.get_by_role("button", name="Judge", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("All found").wait_for()
    page.get_by_text("it does not do what the task says").last.wait_for()
    assert list(entries(lab, "exercises")) == [notebook.python("print(hunt.key)").strip()]
    assert notebook.errors() == []
