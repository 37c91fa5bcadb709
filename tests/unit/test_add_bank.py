"""A class adds a folder of its own questions, and meets them wherever the series asks."""

import pytest

from adamkit import practice
from adamkit.practice import bank, catalogue, mock
from adamkit.practice.bank import files
from adamkit.practice.cards import Cards

PATTERN = '''
name = "our lecture"
order = 3
about = "What the lecture said."
[[question]]
id = "lecture-damping"
difficulty = 2
question = "What does the lecture call damping?"
answer = """{answer}"""
trap = "Saying that it is friction."
follow_up = "Is it the same in Adam? No."
shown_in = "02_momentum"
source = "The lecture"
'''.format(answer="word " * 100)
ASKED = '''
[[prediction]]
key = "lecture-guess"
question = "How many?"
answer = 3
because = "It was counted."
[[interview]]
key = "lecture-box"
question = "Why?"
answer = "Because."
trap = "None."
follow_up = "And?"
follow_up_answer = "So."
[self_check]
key = "lecture-1"
title = "After the lecture"
[[self_check.question]]
question = "Which?"
options = [["this", "Yes."], ["that", "No."]]
answer = 0
'''


@pytest.fixture(autouse=True)
def alone(reader, monkeypatch):
    """Nothing was added before, nothing stays, and the reader's files are elsewhere."""
    monkeypatch.setattr(files, "_added", {})
    monkeypatch.setattr(catalogue, "_added", {})


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "our bank"
    found.mkdir()
    (found / "lecture.toml").write_text(PATTERN, encoding="utf-8")
    (found / "questions.toml").write_text(ASKED, encoding="utf-8")
    return found


def test_an_added_question_comes_in_interviews_and_among_the_cards(folder):
    count, patterns = len(bank.questions()), bank.patterns()
    assert practice.add_bank(folder) == ["lecture-damping", "lecture-guess", "lecture-box", "lecture-1"]
    assert len(bank.questions()) == count + 1
    assert set(bank.patterns()) - set(patterns) == {"our lecture"}
    assert bank.find("lecture-damping").pattern == "our lecture"
    assert [q.id for q in mock.draw(5, pattern="our lecture")] == ["lecture-damping"]
    Cards().rate("lecture-damping", "good")
    assert Cards().counts().resting == 1


def test_added_predictions_boxes_and_quizzes_are_found_by_their_keys(folder):
    with (folder / "questions.toml").open("a", encoding="utf-8") as file:
        file.write('[[interview]]\nkey = "lecture-of-bank"\nbank = "lecture-damping"')
    practice.add_bank(str(folder))
    assert practice.interview("lecture-of-bank").follow_up_answer == "No."
    assert practice.predict("lecture-guess").answer == 3
    assert practice.interview("lecture-box").trap == "None."
    assert practice.self_check("lecture-1").title == "After the lecture"
    assert practice.self_check("04").key == "04"
    with pytest.raises(LookupError, match="Added here: 'lecture-guess'"):
        practice.predict("lecture-gues")


def test_a_pattern_of_the_series_takes_an_added_question_in_its_place(folder):
    name = bank.patterns()[0]
    text = PATTERN.replace("our lecture", name).replace("order = 3", "order = 99")
    (folder / "lecture.toml").write_text(text, encoding="utf-8")
    patterns = bank.patterns()
    practice.add_bank(folder)
    assert bank.patterns() == patterns
    levels = [question.difficulty for question in bank.questions(name)]
    assert levels == sorted(levels)
    assert "lecture-damping" in [question.id for question in bank.questions(name)]


def test_a_folder_added_again_is_read_anew(folder):
    practice.add_bank(folder)
    (folder / "lecture.toml").write_text(PATTERN.replace("call damping", "mean by it"), encoding="utf-8")
    (folder / "questions.toml").unlink()
    assert practice.add_bank(folder) == ["lecture-damping"]
    assert bank.find("lecture-damping").question == "What does the lecture mean by it?"
    with pytest.raises(LookupError):
        practice.predict("lecture-guess")


@pytest.mark.parametrize(("file", "old", "new", "words"), [
    ("lecture.toml", "lecture-damping", "bias-first-step", "the id 'bias-first-step' is used twice"),
    ("lecture.toml", "difficulty = 2", "difficulty = 4", "lecture.toml, question 1 .*must be 1, 2 or 3"),
    ("questions.toml", "lecture-guess", "04-guess", "'04-guess' must begin with a letter"),
    ("questions.toml", "answer = 3", "answer = 'three'", r"prediction 1 \(lecture-guess\): answer must be a number"),
    ("questions.toml", "[self_check]", "[opening]\nkey = 'o'\nquestion = '?'\nrubric = {}\n[self_check]",
     "opening belongs to notebook 00 alone"),
])  # fmt: skip
def test_of_a_folder_with_a_fault_nothing_is_added(folder, file, old, new, words):
    path, count = folder / file, len(bank.questions())
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(bank.BankError, match=words):
        practice.add_bank(folder)
    assert len(bank.questions()) == count
    assert catalogue.added("INTERVIEWS") == {}


def test_two_folders_cannot_use_one_key(folder, tmp_path):
    practice.add_bank(folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "questions.toml").write_text(ASKED, encoding="utf-8")
    with pytest.raises(bank.BankError, match="'lecture-guess' is in use by another folder"):
        practice.add_bank(tmp_path / "other")


@pytest.mark.parametrize("wrong", ["nowhere/at/all", 5, None])
def test_what_is_no_folder_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=rf"folder={wrong!r} must be the path of a folder"):
        practice.add_bank(wrong)


def test_a_folder_without_questions_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no questions"):
        practice.add_bank(tmp_path)
