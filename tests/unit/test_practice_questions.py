"""Predictions, quizzes, interview boxes, the opening answer: live, static, and true to the numbers."""

import math
import re

import numpy as np
import pytest
import rule_paths
from refusals import each, refused
from widget_tree import walk

from adamkit import practice
from adamkit.practice import catalogue
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question
from adamkit.practice.store import Shelf
from adamkit.rules import SGD, Adam

PREDICTIONS = catalogue.everything("PREDICTIONS")
INTERVIEWS = catalogue.everything("INTERVIEWS")
QUIZZES = [catalogue.module(number).SELF_CHECK for number in catalogue.notebooks()]


def by_key(entry):
    return entry.key


@pytest.fixture(autouse=True)
def fresh(reader):
    for prediction in PREDICTIONS:
        prediction.guess = None
    for quiz in [*QUIZZES, practice.pre_quiz()]:
        quiz.chosen.clear()


def buttons(widget):
    """All buttons inside a widget, in order."""
    return [one for one in walk(widget) if type(one).__name__ == "Button"]


def words_in(widget):
    """All HTML shown inside a widget."""
    return [one.value for one in walk(widget) if type(one).__name__ == "HTML"]


@pytest.mark.parametrize(
    "shown", [*PREDICTIONS, *INTERVIEWS, *QUIZZES, practice.pre_quiz(), practice.opening_answer()], ids=by_key
)
def test_everything_shows_as_text_and_html_and_is_the_same_twice(shown):
    first, second = shown._repr_mimebundle_(), shown._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert first[kind] == second[kind]
        assert first[kind].strip()
    assert "\\$" not in first["text/html"]


@pytest.mark.parametrize("shown", [*PREDICTIONS, *QUIZZES, practice.pre_quiz(), practice.opening_answer()], ids=by_key)
def test_what_asks_for_an_answer_is_a_widget_with_a_static_form_beside_it(shown):
    bundle = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "VBox" not in bundle["text/plain"]


def test_without_ipywidgets_the_static_form_remains(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "adamkit.practice.widgets", raising=False)
    monkeypatch.delattr("adamkit.practice.widgets", raising=False)
    assert set(PREDICTIONS[0]._repr_mimebundle_()) == {"text/plain", "text/html"}


@pytest.mark.parametrize("prediction", PREDICTIONS, ids=by_key)
def test_a_reveal_without_a_guess_simply_answers(prediction):
    text = prediction.reveal().text()
    assert text.startswith(f"The answer: {prediction.say(prediction.answer)}")
    assert "guess" not in text


@pytest.mark.parametrize("prediction", [p for p in PREDICTIONS if p.options], ids=by_key)
def test_a_clicked_guess_is_revealed_beside_the_answer(prediction):
    options = buttons(prediction.widget())
    assert len(options) == len(prediction.options)
    wrong = next(i for i in range(len(options)) if i != prediction.answer)
    options[wrong].click()
    said = prediction.reveal().text()
    assert said.startswith(
        f"You guessed: {prediction.options[wrong]}. The answer: {prediction.options[prediction.answer]}"
    )
    options[prediction.answer].click()
    assert prediction.reveal().text().startswith(f"You guessed it: {prediction.options[prediction.answer]}")
    assert Shelf("predictions").entries()[prediction.key]["right"] is True


@pytest.mark.parametrize(
    ("typed", "kept"), [("100", 100), ("1e2", 100), ("99,5", 99.5), ("many", None), ("nan", None), ("", None)]
)
def test_a_typed_guess_is_kept_if_it_is_a_number(typed, kept):
    prediction = practice.predict("01-ravine")
    widget = prediction.widget()
    (button,) = buttons(widget)
    field = widget.children[1].children[0].children[0]
    field.value = typed
    button.click()
    assert prediction.guess == kept
    assert any("A number is needed" in html for html in words_in(widget)) is (kept is None)


@pytest.mark.filterwarnings("error")
def test_enter_does_what_the_button_does_and_an_accepted_number_takes_the_warning_away():
    prediction = practice.predict("01-ravine")
    widget = prediction.widget()
    field = widget.children[1].children[0].children[0]

    def enter(typed):
        field.value = typed
        field._handle_custom_msg({"event": "submit"}, [])
        return " ".join(words_in(widget))

    assert "A number is needed" in enter("abc")
    said = enter("0,5")
    assert said.startswith('<div style="line-height: 1.5">')
    assert prediction.guess == 0.5
    assert "Your guess: 0.5" in said
    assert "A number is needed" not in said


def test_the_last_keystroke_counts_even_if_it_comes_after_the_enter_key():
    prediction = practice.predict("01-ravine")
    field = prediction.widget().children[1].children[0].children[0]
    field.value = "9"
    field._handle_custom_msg({"event": "submit"}, [])
    field.value = "99"
    assert prediction.guess == 99


def test_a_guess_near_the_number_counts_as_right():
    prediction = practice.predict("01-ravine")
    prediction.make(105)
    assert prediction.right
    assert "the answer: 100" in prediction.reveal().text()
    prediction.make(10)
    assert not prediction.right


test_a_guess_that_is_none_of_the_options_or_no_number_is_refused = refused(
    *each(lambda guess: practice.predict("04-first-step").make(guess), "guess={} must be the index of an option",
          7, -1, 0.5, "a", None),
    *each(lambda guess: practice.predict("01-ravine").make(guess), "guess={} must be a finite number",
          math.nan, "a", None),
)


@pytest.mark.parametrize("quiz", QUIZZES, ids=by_key)
def test_a_self_check_has_three_questions_with_feedback_on_every_option(quiz):
    assert len(quiz.questions) == 3
    for question in quiz.questions:
        assert len(question.options) >= 3
        assert all(option.feedback.strip() for option in question.options)


@pytest.mark.parametrize("quiz", QUIZZES, ids=by_key)
def test_the_right_answers_are_not_always_in_one_place(quiz):
    assert len({question.answer for question in quiz.questions}) > 1


def test_a_click_brings_the_feedback_of_that_option():
    quiz = practice.self_check("04")
    widget = quiz.widget()
    wrong = buttons(widget.children[1])[0]
    wrong.click()
    assert wrong.button_style == "danger"
    assert any("That is the number for β₂ = 0.999" in html for html in words_in(widget))
    for index, question in enumerate(quiz.questions):
        buttons(widget.children[1 + index])[question.answer].click()
    assert quiz.summary() == "3 of 3 right."
    assert any("3 of 3 right." in html for html in words_in(widget))
    assert wrong.button_style == ""
    assert Shelf("quizzes").entries()["04"]["right"] == 3


def test_the_static_quiz_folds_its_answers_and_its_text_hides_them():
    quiz = practice.self_check(4)
    assert quiz.html().count("<details") == 3
    assert quiz.questions[0].options[0].feedback not in quiz.text()


test_a_question_needs_exactly_one_right_option = refused(
    (lambda: Question("Well?", (Option("a", "x", right=True), Option("b", "y", right=True))), "one must be"),
    (lambda: Question("Well?", (Option("a", "x"), Option("b", "y"))), "one must be"),
)


def test_the_pre_quiz_suggests_the_first_notebook_that_answers_a_miss():
    quiz = practice.pre_quiz()
    assert 8 <= len(quiz.questions) <= 11
    for index, question in enumerate(quiz.questions):
        unsure = len(question.options) - 1
        quiz.choose(index, unsure if question.answered_in in {"04", "06"} else question.answer)
    assert quiz.missed() == ["04", "06"]
    assert "Start with notebook **04 Adam**" in quiz.summary()
    assert "06 Warmup" in quiz.summary()


def test_the_pre_quiz_sends_who_knows_it_all_to_the_end():
    quiz = practice.pre_quiz()
    widget = quiz.widget()
    for index, question in enumerate(quiz.questions):
        buttons(widget.children[1 + index])[question.answer].click()
    assert "mock interview" in quiz.summary()
    assert any("mock interview" in html for html in words_in(widget))


@pytest.mark.parametrize("interview", INTERVIEWS, ids=by_key)
def test_a_one_minute_answer_takes_about_a_minute(interview):
    assert 80 <= len(interview.answer.split()) <= 175
    assert interview.html().count("<details") == 3
    assert interview.trap.strip()
    assert interview.follow_up_answer.strip()


@pytest.mark.parametrize("interview", INTERVIEWS, ids=by_key)
def test_the_plain_text_of_an_interview_keeps_no_indentation_of_the_source(interview):
    assert not [line for line in interview.text().splitlines() if "  " in line.strip()]


def test_the_opening_answer_is_met_again():
    opening = practice.opening_answer()
    assert "No first answer is kept" in opening.compare().text()
    opening.save("It <b>jitters</b>.\nSo decay η.")
    opening.save("Later words.")
    again = opening.compare()
    assert "It <b>jitters</b>." in again.text()
    assert "It &lt;b&gt;jitters&lt;/b&gt;." in again.html()
    assert "Later words." not in again.text()
    area = opening.widget().children[1].children[0]
    assert area.value == "Later words."


def test_the_static_opening_never_shows_a_readers_answer():
    opening = practice.opening_answer()
    before = opening.html(), opening.text()
    opening.save("my secret thoughts")
    assert (opening.html(), opening.text()) == before


# The numbers that predictions and quizzes state, measured.


def path(rule, gradients):
    """The steps from 0."""
    return np.diff(rule_paths.path(rule, map(float, gradients), 0.0), prepend=0.0)


def test_uncorrected_steps_are_as_stated():
    plain = path(Adam(eps=0.0), [1.0] * 1000)
    raw = path(Adam(eps=0.0, correct_m=False, correct_v=False), [1.0] * 1000)
    ratio = raw / plain
    assert ratio[0] == pytest.approx(3.162, abs=1e-3)
    assert (np.argmax(ratio) + 1, ratio.max()) == (12, pytest.approx(6.57, abs=5e-3))
    assert ratio[999] == pytest.approx(1.26, abs=5e-3)


@pytest.mark.parametrize(("beta2", "ratio"), [(0.99, 1.0), (0.95, 0.447)])
def test_the_uncorrected_first_step_depends_on_the_betas(beta2, ratio):
    raw = path(Adam(lr=1.0, beta2=beta2, eps=0.0, correct_m=False, correct_v=False), [1.0])
    assert -raw[0] == pytest.approx(ratio, abs=1e-3)


def test_the_step_of_a_tiny_gradient_is_as_stated():
    prediction = practice.predict("04-tiny-gradient")
    assert -path(Adam(), [1e-6])[0] == pytest.approx(prediction.answer, rel=1e-9)
    assert -path(Adam(), [1e-8])[0] == pytest.approx(0.5e-3, rel=1e-9)


def test_the_second_moment_is_full_when_stated():
    t = practice.predict("04-when-corrected").answer
    assert 1 - 0.999**t >= 0.99 > 1 - 0.999 ** (t - 1)
    assert 1 - 0.9**44 >= 0.99 > 1 - 0.9**43


def test_the_largest_steps_are_as_stated():
    spike = path(Adam(lr=1.0, eps=1e-300), [0.0] * 9000 + [1.0])
    assert -spike[-1] == pytest.approx(3.162, abs=2e-3)
    growing = path(Adam(lr=1.0, eps=0.0), (0.999 / 0.9) ** np.arange(-3300.0, 3300.0))
    assert -growing[-1] == pytest.approx(7.27, abs=0.01)


def test_alternating_gradients_hardly_move_adam():
    steps = path(Adam(lr=1.0), [1.0, -1.0] * 5000)
    assert abs(steps[-1]) == pytest.approx(0.1 / 1.9, abs=2e-3)


def test_a_scaled_loss_leaves_adams_path_as_it_is():
    gradients = np.random.default_rng(0).normal(size=50)
    assert path(Adam(), 1000 * gradients) == pytest.approx(path(Adam(), gradients), rel=1e-5)


def test_the_same_rate_moves_all_weights_alike():
    moved = [path(Adam(lr=0.01), [g] * 10).sum() for g in (1000.0, 0.001)]
    assert moved == pytest.approx([-0.1, -0.1], rel=1e-4)


def test_gradient_descent_beyond_the_limit_is_as_stated():
    theta = 1.0
    for t in range(1, 101):
        theta, _ = SGD(lr=2.1).update(theta, theta, SGD().init(theta), t)
    assert abs(theta) == pytest.approx(13_800, rel=5e-3)
    assert pytest.approx(3e-5, rel=0.15) == 0.9**100
    assert math.log(1000) / math.log(1.1) == pytest.approx(73, abs=0.6)


def test_steps_in_a_ravine_grow_as_stated():
    steps = [math.log(10) / -math.log((kappa - 1) / (kappa + 1)) for kappa in (10, 1000)]
    assert steps == pytest.approx([11.47, 1151], rel=1e-3)
    assert steps[1] / steps[0] == pytest.approx(practice.predict("01-ravine").answer, rel=0.01)


def test_the_width_of_the_jitter_halves_with_four_times_the_batch():
    rng, widths = np.random.default_rng(0), []
    for batch in (4, 16):
        theta, kept = np.zeros(2000), []
        for _ in range(400):
            theta = theta - 0.1 * (theta + rng.normal(size=(batch, 2000)).mean(axis=0))
            kept.append(theta)
        widths.append(np.std(kept[200:]))
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.02)


def test_plain_numbers_are_said_with_their_unit():
    asked = Prediction(key="x", question="?", answer=2.0, unit="GB", because="")
    assert asked.say(2.0) == "2 GB"
    assert re.search(r"a number, in GB", asked.text())
