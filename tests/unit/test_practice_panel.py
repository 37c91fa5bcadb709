"""The review of cards and the progress panel: what a reader sees and does, and what goes wrong beside it."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adamkit import practice
from adamkit.lessons.nb00 import PRE_QUIZ
from adamkit.practice import cards, panel, plan, reviewing
from adamkit.practice.cards import NEW_A_DAY, Cards
from adamkit.practice.panel import ProgressPanel
from adamkit.practice.reviewing import Review, span
from adamkit.practice.store import Shelf


@dataclass(frozen=True)
class Asked:
    id: str
    question: str = "What is $m̂_t$?"
    answer: str = "The corrected average."
    trap: str = "Forgetting $t$."


pytestmark = pytest.mark.usefixtures("reader")


@pytest.fixture
def review():
    return Review(Cards([Asked("a"), Asked("b", "Second?"), Asked("c", "Third?")]))


class Page:
    """The widget of a review, as a reader sees it."""

    def __init__(self, review):
        self.front, self.open, self.back, self.grading, self.again, self.said = review.widget().children
        self.grades = dict(zip(cards.RATINGS, self.grading.children, strict=True))

    def visible(self):
        parts = {"open": self.open, "grades": self.grading, "again": self.again}
        return {name for name, part in parts.items() if part.layout.display != "none"}


# --- the review ---


def test_the_answer_and_the_grades_come_only_after_the_question(review):
    page = Page(review)
    assert page.visible() == {"open"}
    assert page.back.value == ""
    page.open.click()
    assert page.visible() == {"grades"}
    assert "The corrected average" in page.back.value
    assert "The trap" in page.back.value
    assert [button.description for button in page.grades.values()] == [
        "again: 1 minute", "hard: 6 minutes", "good: 10 minutes", "easy: 8 days",
    ]  # fmt: skip


def test_a_grade_is_kept_and_the_next_card_comes(review):
    page = Page(review)
    page.open.click()
    page.grades["easy"].click()
    assert "Second?" in page.front.value
    assert page.visible() == {"open"}
    assert "8 days" in page.said.value
    assert Shelf("cards").entries()["a"]["reviews"][0][1] == "easy"


def test_a_second_click_on_a_grade_counts_once(review):
    page = Page(review)
    page.open.click()
    page.grades["easy"].click()
    page.grades["easy"].click()
    assert set(Shelf("cards").entries()) == {"a"}


def test_a_card_that_comes_back_within_the_hour_stays_in_line_until_it_is_learned(review):
    page, seen = Page(review), []
    while review.question:
        seen.append(review.question.id)
        page.open.click()
        page.grades["good"].click()
    assert seen == ["a", "b", "c", "a", "b", "c"]
    assert page.visible() == {"again"}
    assert "The next is due in 2 days" in page.front.value


def test_looking_again_finds_what_has_become_due(review, monkeypatch):
    page = Page(review)
    for _ in range(3):
        page.open.click()
        page.grades["easy"].click()
    page.again.click()
    assert page.visible() == {"again"}
    later = datetime.now(UTC) + timedelta(days=9)
    monkeypatch.setattr(cards, "_moment", lambda at: later)
    page.again.click()
    assert page.visible() == {"open"}


def test_a_grade_that_cannot_be_kept_leaves_the_card_open_and_says_why(review, full_disk):
    page = Page(review)
    page.open.click()
    with full_disk():
        page.grades["good"].click()
    assert page.visible() == {"grades"}
    assert "No space left" in page.said.value
    page.grades["easy"].click()
    assert Shelf("cards").entries()["a"]["reviews"][0][1] == "easy"


def test_a_damaged_file_is_told_in_the_review(review):
    Shelf("cards").put("a", {})
    Shelf("cards").path.write_bytes(b"\x00")
    fresh = Review(Cards([Asked("a")]))
    assert "set aside" in Page(fresh).said.value


def test_a_page_without_a_kernel_shows_questions_with_folded_answers(review):
    html = review.html()
    assert "3 cards" in html
    assert html.count("<details") == 3
    assert "Third?" in review.text()
    assert "m̂" in html
    assert "$" not in html


def test_practice_review_takes_the_bank_or_a_part_of_it():
    assert len(practice.review().queue) == NEW_A_DAY
    part = practice.review("bias correction", difficulty=1)
    assert {question.pattern for question in part.cards.questions.values()} == {"bias correction"}
    with pytest.raises(ValueError, match="pattern='nothing'"):
        practice.review("nothing")


def test_a_deck_without_cards_says_that_nothing_is_due():
    page = Page(Review(Cards([])))
    assert "Nothing is due" in page.front.value


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "1 minute"), (60, "1 minute"), (600, "10 minutes"), (5400, "2 hours"), (86400, "24 hours"),
     (2 * 86400, "2 days"), (59 * 86400, "59 days"), (61 * 86400, "2 months")],
)  # fmt: skip
def test_a_length_of_time_is_said_in_words(seconds, words):
    assert span(timedelta(seconds=seconds)) == words


# --- the panel ---


def test_the_panel_counts_what_is_done_in_each_notebook():
    assert practice.exercise("01-largest-stable-lr").check(0.1).passed
    quiz = practice.self_check("01")
    for number, question in enumerate(quiz.questions):
        quiz.choose(number, question.answer)
    quiz.chosen.clear()
    row = next(row for row in panel.read().rows if row.notebook == "01")
    assert (row.done, row.right) == (1, len(quiz.questions))
    text = ProgressPanel().text()
    assert f"01 Gradient descent and SGD: 1 of {row.exercises} exercises, self-check 3 of 3" in text
    assert "Finish notebook 01 Gradient descent and SGD: 3 exercises left" in text


def test_a_fresh_reader_is_sent_to_the_first_notebook_or_to_what_the_pre_quiz_found():
    assert "Open notebook **01 " in panel.read().next_step()
    for number, question in enumerate(PRE_QUIZ.questions):
        right = question.answered_in != "04"
        PRE_QUIZ.choose(number, question.answer if right else (question.answer + 1) % len(question.options))
    PRE_QUIZ.chosen.clear()
    assert panel.read().next_step() == "Open notebook **04 Adam**, which answers a question that you missed."


def test_what_is_due_today_goes_before_reading_on():
    deck = Cards()
    first = deck.due()[0].id
    deck.rate(first, "good", at=datetime.now(UTC) - timedelta(days=1))
    assert "**1 card** to review" in panel.read().next_step()
    assert "Cards: 1 to review" in ProgressPanel().text()
    plan.start()
    assert "Today's plan: **Write the update from memory**" in panel.read().next_step()
    assert "Plan: 0 of 11 tasks done, 2 due." in ProgressPanel().text()


def test_files_that_are_damaged_or_edited_by_hand_are_told_and_do_no_harm():
    Shelf("quizzes").update(lambda e: e.update({"01": "x", "02": {"right": "many"}, PRE_QUIZ.key: {"missed": 5}}))
    Shelf("exercises").put("04-adam", None)
    Shelf("answers").path.write_text("{")
    progress = panel.read()
    assert any("answers.json could not be read and was set aside" in notice for notice in progress.notices)
    assert next(row for row in progress.rows if row.notebook == "04").done == 1
    assert next(row for row in progress.rows if row.notebook == "02").right is None
    assert "set aside" not in ProgressPanel().html()  # told once: it lies aside now


def test_a_folder_that_cannot_be_read_is_one_sentence_and_not_an_error(reader):
    reader.write_text("in the way")
    progress = panel.read()
    assert progress.notices
    assert all("ADAMKIT_HOME" in notice for notice in progress.notices)
    assert "ADAMKIT_HOME" in ProgressPanel().html()


def test_where_no_reader_is_the_panel_shows_nobodys_progress(monkeypatch):
    assert practice.exercise("01-largest-stable-lr").check(0.1).passed
    plan.start()
    for module in (panel, plan, cards):
        monkeypatch.setattr(module, "reader_is_here", lambda: False)
    text = ProgressPanel().text()
    assert "1 of" not in text.split("Next:")[0]
    assert "Plan:" not in text


def test_nothing_here_opens_a_connection(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    review = practice.review()
    review.grade("good")
    ProgressPanel().html()
    practice.study_plan().html()
    plan.save_calendar(tmp_path / "a.ics")
    cards.save_deck(tmp_path / "a.apkg")
    assert reviewing.answer_html(review.question)
