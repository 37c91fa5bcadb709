"""The question bank: its files fit their schema, its answers fit a minute, its links lead somewhere."""

import difflib
import itertools
import re
from pathlib import Path

import pytest
from refusals import assert_refused, refused

from adamkit.practice import bank, catalogue, formulas

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "notebooks" / "src"
QUESTIONS = bank.questions()


def headings(notebook):
    text = (SOURCES / f"{notebook}.py").read_text(encoding="utf-8")
    return set(re.findall(r"^# #{1,6} (.+?)\s*$", text, flags=re.MULTILINE))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_points_to_a_heading_that_shows_it(question):
    notebook, _, heading = question.shown_in.partition("#")
    assert (SOURCES / f"{notebook}.py").exists()
    if heading:
        assert heading in headings(notebook)


def test_the_bank_is_large_and_every_pattern_has_easy_and_hard_questions():
    assert len(QUESTIONS) >= 60
    for pattern in bank.patterns():
        assert len(bank.questions(pattern)) >= 6
        assert len({question.difficulty for question in bank.questions(pattern)}) >= 2


def test_no_two_questions_or_answers_are_nearly_the_same():
    alike = [(a.id, b.id) for a, b in itertools.combinations(QUESTIONS, 2)
             if close(a.question, b.question) or close(a.answer[:300], b.answer[:300])]
    assert alike == []


def test_what_an_interview_box_asks_in_words_of_its_own_the_bank_does_not_ask():
    asked = {question.question for question in QUESTIONS}
    own = [box for box in catalogue.everything("INTERVIEWS") if box.question not in asked]
    assert [(box.key, q.id) for box in own for q in QUESTIONS if close(box.question, q.question)] == []


def close(a, b):
    matcher = difflib.SequenceMatcher(None, a.split(), b.split(), autojunk=False)
    return matcher.real_quick_ratio() > 0.7 and matcher.ratio() > 0.7


def test_every_text_can_be_shown_on_a_page_and_in_a_terminal():
    for question in QUESTIONS:
        for name in ("question", "answer", "trap", "follow_up", "source"):
            page, terminal = formulas.html(getattr(question, name)), formulas.text(getattr(question, name))
            assert "$" not in page + terminal
            assert "\ue000" not in page
            assert "<span" not in terminal


def test_questions_are_drawn_by_pattern_and_difficulty():
    some = bank.questions("bias correction", difficulty=2)
    assert some
    assert {(q.pattern, q.difficulty) for q in some} == {("bias correction", 2)}
    both = bank.questions(["explain Adam", "bias correction"], difficulty=[1, 3])
    assert {q.difficulty for q in both} == {1, 3}
    assert len(bank.questions()) == sum(len(bank.questions(pattern)) for pattern in bank.patterns())


test_an_unknown_pattern_or_difficulty_is_refused_with_those_there_are = refused(
    (lambda: bank.questions(pattern="cooking"), "not in the bank; there are .*explain Adam"),
    (lambda: bank.questions(pattern=[""]), "not in the bank; there are .*explain Adam"),
    (lambda: bank.questions(difficulty=4), "not in the bank; there are .*1, 2, 3"),
    (lambda: bank.questions(difficulty=True), "not in the bank; there are .*1, 2, 3"),
)


def test_a_question_is_found_by_its_id_and_a_slip_is_answered_with_the_nearest():
    assert bank.find("bias-first-step").pattern == "bias correction"
    with pytest.raises(LookupError, match="bias-first-step"):
        bank.find("bias-first-stp")


SOUND = {
    "id": "a-question", "difficulty": 1, "question": "Why?", "answer": "word " * 100, "trap": "This.",
    "follow_up": "And then? That.", "shown_in": "04_adam#The trap", "source": "A paper",
}


def write(folder, *entries, name="a pattern", order=1, file="a.toml"):
    lines = [f'name = "{name}"', f"order = {order}", 'about = "What it tests."']
    for entry in entries:
        lines += ["[[question]]", *(f"{key} = {value!r}" for key, value in entry.items())]
    (folder / file).write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_contributed_file_is_read(tmp_path):
    (pattern,) = bank.load(write(tmp_path, {**SOUND, "id": "b-hard", "question": "How?", "difficulty": 3}, SOUND))
    assert [question.id for question in pattern.questions] == ["a-question", "b-hard"]  # easier ones first
    assert pattern.questions[0].link == "04_adam.ipynb#The-trap"
    assert pattern.questions[0].answer == SOUND["answer"].strip()


MISTAKES = {
    "answer is missing": {"answer": None},
    "hint is not a field": {"hint": "one more"},
    "difficulty must be a whole number": {"difficulty": "easy"},
    "difficulty=5 must be 1, 2 or 3": {"difficulty": 5},
    "answer has 3 words": {"answer": "far too short"},
    "answer has 400 words": {"answer": "word " * 400},
    "trap has a formula without": {"trap": "costs $5"},
    "id='A question' must be": {"id": "A question"},
    "shown_in='the fourth' must look like": {"shown_in": "the fourth"},
    "follow_up asks nothing": {"follow_up": "Nothing."},
    "source is empty": {"source": " "},
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_contributed_question_that_does_not_fit_is_refused_with_the_reason(tmp_path, sentence):
    entry = {key: value for key, value in {**SOUND, **MISTAKES[sentence]}.items() if value is not None}
    assert_refused(lambda: bank.load(write(tmp_path, entry)), "a.toml, question 1", sentence, error=bank.BankError)


def test_all_problems_of_all_files_are_told_at_once(tmp_path):
    write(tmp_path, SOUND, {**SOUND, "question": "Really?", "difficulty": 7})
    write(tmp_path, {**SOUND, "trap": ""}, name="another", order=2, file="b.toml")
    (tmp_path / "c.toml").write_text("name = ", encoding="utf-8")
    (tmp_path / "d.toml").write_text('name = "no order"\nabout = ""\nquestion = []', encoding="utf-8")
    assert_refused(lambda: bank.load(tmp_path), "a.toml, question 2", "b.toml, question 1", "c.toml: is not TOML",
                   "d.toml: order is missing", error=bank.BankError)


def test_an_id_or_a_question_used_twice_is_refused(tmp_path):
    write(tmp_path, SOUND)
    write(tmp_path, {**SOUND, "question": "why?"}, name="another", order=2, file="b.toml")
    assert_refused(lambda: bank.load(tmp_path), "the id 'a-question' is used twice",
                   "the question 'why?' is used twice", error=bank.BankError)


def test_formulas_survive_markdown():
    page = formulas.html(r"The *step* is $θ_t − η·a*b*c < 1$, and costs \$3 at $β₁^{t−1}$.")
    assert "<em>step</em>" in page
    assert "θ<sub>t</sub> − η·a*b*c &lt; 1" in page
    assert "<sup>t−1</sup>" in page
    assert "costs $3" in page
    assert formulas.text("at $β₁^{t−1}$") == "at β₁^(t−1)"  # not β₁ᵗ − 1
    assert formulas.text("$m_{t−1}$, $10^{−8}$, $0.9^{100}$, $x_i$") == "m_(t−1), 10^−8, 0.9^100, x_i"
