"""The mock interview: what it draws, that it loses nothing, what it advises."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusals import each, refused
from widget_tree import walk

from adamkit import practice
from adamkit.practice import bank, mock, mock_pages, mock_widgets
from adamkit.practice.store import Shelf


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.delenv("ADAMKIT_HOME", raising=False)
    monkeypatch.setenv("CI", "1")


def interview(*ids, **settings):
    return mock.MockInterview([bank.find(key) for key in ids or ("bias-why", "adam-explain")], **settings)


def test_the_same_seed_draws_the_same_questions_whatever_was_graded(reader):
    first = [q.id for q in mock.draw(6, seed=3)]
    one = interview(*first)
    for _ in first:
        one.grade("strong")
    assert [q.id for q in mock.draw(6, seed=3)] == first
    assert [q.id for q in mock.draw(6, seed=4)] != first


def test_a_draw_spreads_over_the_patterns_and_begins_with_easy_questions():
    drawn = mock.draw(len(bank.patterns()), seed=0)
    assert {q.pattern for q in drawn} == set(bank.patterns())
    assert [q.difficulty for q in drawn] == sorted(q.difficulty for q in drawn)
    assert len({q.id for q in mock.draw(20, seed=0)}) == 20


def test_a_draw_takes_only_what_was_asked_for_and_no_more_than_there_is():
    wanted = bank.questions("bias correction", 3)
    assert {q.id for q in mock.draw(20, pattern="bias correction", difficulty=3, seed=0)} == {q.id for q in wanted}


def test_without_a_seed_what_went_well_comes_last(reader):
    pool = bank.questions("memory")
    one = interview(*[q.id for q in pool[:-2]])
    for _ in pool[:-2]:
        one.grade("strong")
    assert {q.id for q in mock.draw(2, pattern="memory")} == {q.id for q in pool[-2:]}


def test_a_page_that_nobody_answers_always_draws_the_same(nobody):
    assert [q.id for q in mock.draw(5)] == [q.id for q in mock.draw(5)]


test_an_impossible_draw_time_or_grade_is_refused = refused(
    *each(lambda count: mock.draw(count=count), "count={} must be a whole number from 1 to 20", 0, 2.5, True, 21),
    (lambda: mock.draw(count=5, pattern="tea"), "pattern='tea' is not in the bank"),
    (lambda: mock.draw(count=5, difficulty=9), "difficulty=9 is not in the bank"),
    *each(lambda time: practice.mock_interview(minutes=time), "minutes={}", 0, -1, 31, "2", float("nan"), True),
    (lambda: interview().grade("good"), "strong, lean, no"),
)


def test_an_interview_from_the_first_question_to_the_advice(reader):
    seconds = iter([0, 75, 100, 190, 200, 300])
    one = interview(clock=lambda: next(seconds))
    one.write("Both start at")
    one.write("Both start at zero.")
    one.reveal()
    one.reveal()  # twice is once
    one.grade("lean")
    one.grade("strong")
    assert one.current is None
    outcome = [(a.text, a.seconds, a.grade) for a in one.answers]
    assert outcome == [("Both start at zero.", 75, "lean"), ("", 90, "strong")]
    (kept,) = Shelf("mock").entries()["bias-why"]
    assert (kept["text"], kept["grade"], kept["seconds"]) == ("Both start at zero.", "lean", 75)
    assert mock.last_grades() == {"bias-why": "lean", "adam-explain": "strong"}
    assert list(one.advice().revisit) == ["bias correction"]


def test_what_was_typed_is_on_disk_before_anything_is_pressed_and_comes_back(reader):
    interview().write("half an answ")
    assert Shelf("drafts").entries() == {"bias-why": "half an answ"}
    again = interview()  # after a crash, say
    assert again.current.text == "half an answ"
    again.grade("no")
    assert "bias-why" not in Shelf("drafts").entries()
    assert interview().current.text == ""


def test_a_skipped_question_keeps_its_draft_and_gets_no_grade(reader):
    one = interview()
    one.write("later")
    one.skip()
    assert one.current.question.id == "adam-explain"
    assert one.advice().summary() == "No answer was graded."
    assert interview().current.text == "later"


def test_a_grade_moves_the_questions_card(reader):
    from adamkit.practice.cards import Cards

    one = interview()
    one.grade("no")
    one.grade("strong")
    reviews = {key: entry["reviews"][-1][1] for key, entry in Shelf("cards").entries().items()}
    assert reviews == {"bias-why": "again", "adam-explain": "good"}
    assert Cards().counts().new == len(bank.questions()) - 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_characters_come_back_from_disk_as_they_were_typed(reader, text):
    one = interview()
    one.write(text)
    assert interview().current.text == text
    one.grade("lean")
    assert Shelf("mock").entries()["bias-why"][-1]["text"] == text


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 3_000_000, "$" * 99, "</textarea><script>", "\ud800", "🦆"])
def test_odd_answers_raise_nothing_and_show_nothing_foreign(reader, text):
    one = interview()
    one.write(text)
    one.reveal()
    one.grade("no")
    assert "<script>" not in one.advice().html()


def test_when_nothing_can_be_kept_the_text_stays_and_a_sentence_says_why(reader):
    reader.write_text("in the way")
    one = interview()
    one.write("an answer")
    assert one.current.text == "an answer"
    assert "ADAMKIT_HOME" in one.notice
    one.grade("lean")
    assert one.answers[0].text == "an answer"
    assert "ADAMKIT_HOME" in one.notice
    assert one.number == 2


@pytest.mark.parametrize("content", ["not json", '{"version": 1, "entries": {"bias-why": 7}}',
                                     '{"version": 1, "entries": {"bias-why": [3, null]}}'])
@pytest.mark.parametrize("topic", ["drafts", "mock"])
def test_files_that_someone_has_edited_stop_nothing(reader, topic, content):
    reader.mkdir()
    (reader / f"{topic}.json").write_text(content, encoding="utf-8")
    one = interview()
    one.write("an answer")
    one.grade("lean")
    mock.draw(5)
    assert Shelf("mock").entries()["bias-why"][-1]["text"] == "an answer"


def test_where_no_reader_is_nothing_is_kept(nobody, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *args, **kw: str(tmp_path / "data"))
    one = interview()
    one.write("x")
    one.grade("no")
    assert not (tmp_path / "data").exists()


def test_advice_names_the_weakest_pattern_first_and_links_to_what_shows_it():
    one = interview("warmup-why", "bias-why", "bias-first-step", "adam-explain")
    for grade in ("lean", "no", "lean", "strong"):
        one.grade(grade)
    advice = one.advice()
    assert list(advice.revisit) == ["bias correction", "warmup"]
    page = advice.html()
    assert 'href="04_adam.ipynb#The-trap"' in page
    assert "explain Adam" not in page
    assert "04 Adam, “The trap”" in advice.text()
    assert advice.summary() == "1 strong, 2 lean, 1 no."


def test_without_widgets_there_are_questions_with_folded_answers():
    room = practice.mock_interview(3, seed=1)
    page, text = room.html(), room.text()
    for question in room.questions:
        assert question.trap.split()[0].strip('"') in page
        assert question.question.split("?")[0][:40].split("$")[0] in text
    assert page.count("<details") == 3
    assert set(room._repr_mimebundle_()) >= {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}


def test_the_widgets_lead_through_an_interview(reader):
    room = mock_widgets.Room(practice.mock_interview(2, seed=1))
    room.begin.click()
    desk = mock_widgets.Desk(room)
    room.stage.children = [desk.view]
    desk.area.value = "typed"
    assert json.loads((reader / "drafts.json").read_text())["entries"][desk.answer.question.id] == "typed"
    desk.grades["lean"].click()  # hidden still, and without effect
    assert desk.answer.grade is None
    desk.open.click()
    assert desk.timer.running is False
    assert "The model answer" in desk.back.value
    desk.grades["lean"].click()
    desk.grades["no"].click()  # a second click changes nothing
    assert desk.answer.grade == "lean"
    assert room.interview.number == 2
    area = next(w for w in walk(room.stage) if type(w).__name__ == "Textarea")
    assert area.value == ""
    room.interview.grade("strong")
    room.show()
    assert "What to revisit" in room.stage.children[0].value


def test_a_keystroke_that_arrives_late_reaches_the_answer_it_belongs_to(reader):
    room = mock_widgets.Room(practice.mock_interview(2, seed=1))
    room.begin.click()
    desk = mock_widgets.Desk(room)
    desk.open.click()
    desk.grades["lean"].click()
    desk.area.value = "late"
    assert room.interview.answers[0].text == "late"
    assert room.interview.answers[1].text == ""
    assert Shelf("drafts").entries() == {desk.answer.question.id: "late"}


def test_every_combination_of_choices_begins_or_says_that_there_is_nothing(reader):
    room = mock_widgets.Room(practice.mock_interview())
    assert (room.pattern.label, room.difficulty.label) == ("any", "any")  # seen as chosen, not as an empty field
    for pattern in ["any", *bank.patterns()]:
        for difficulty in ["any", *bank.DIFFICULTIES]:
            room.pattern.value, room.difficulty.value = pattern, difficulty
            room.begin.click()
            assert bool(room.interview.answers) != ("no such question" in room.said.value)


def test_the_rubric_names_every_grade():
    assert all(f"*{grade}*" in mock_pages.rubric_text() for grade in mock.GRADES)
    assert set(mock.GRADES) == {"strong", "lean", "no"}
