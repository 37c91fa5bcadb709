"""A notebook's questions are a TOML file: what fits is read, and what does not is named with its place."""

import pytest
from refusals import assert_refused

from adamkit.practice import bank, catalogue, question_files
from adamkit.practice.tables import BankError

PREDICTION = """
[[prediction]]
key = "04-pace"
question = '''
How far does a step go?
Say it in $\\eta$.
'''
options = ["not far",
    '''far, and
    further''']
answer = 1
because = "It is measured."
"""
INTERVIEW = """
[[interview]]
key = "04-why"
question = '''Why is there
a root?'''
answer = "For the units."
trap = "Saying that it is small."
follow_up = "And the ε?"
follow_up_answer = "A floor."
"""
QUIZ = """
[self_check]
key = "04"
title = "Three questions"
[[self_check.question]]
question = "Which?"
options = [["this", "Yes."], ["that", '''No: it is
    the other.''']]
answer = 0
"""


def written(folder, text):
    path = folder / "nb04" / "questions.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_with_its_backslashes_and_its_paragraphs(tmp_path):
    asked = question_files.load(written(tmp_path, PREDICTION + INTERVIEW + QUIZ))
    (prediction,), (interview,) = asked.predictions, asked.interviews
    assert prediction.question == "How far does a step go?\nSay it in $\\eta$."
    assert prediction.options == ("not far", "far, and further")
    assert (prediction.answer, prediction.within) == (1, 0.1)
    assert interview.question == "Why is there a root?"
    (question,) = asked.self_check.questions
    assert [option.right for option in question.options] == [True, False]
    assert question.options[1].feedback == "No: it is the other."
    assert asked.pre_quiz is asked.opening is None


def test_a_box_that_names_a_question_of_the_bank_asks_and_answers_it(tmp_path):
    text = '[[interview]]\nkey = "04-box"\nbank = "adam-explain"'
    (box,) = question_files.load(written(tmp_path, text)).interviews
    asked = bank.find("adam-explain")
    assert (box.question, box.answer, box.trap) == (asked.question, asked.answer, asked.trap)
    assert f"{box.follow_up} {box.follow_up_answer}" == asked.follow_up
    assert box.follow_up.endswith("?")
    assert "$" in box.answer
    assert "$" not in box.html() + box.text()


def test_a_formula_is_set_wherever_a_text_is_shown(tmp_path):
    text = (PREDICTION + QUIZ).replace("not far", "by $β^{100}$").replace("\\eta", "η").replace('"this"', '"$m_t$"')
    asked = question_files.load(written(tmp_path, text.replace("It is measured.", "It costs \\\\$3: $√v̂$.")))
    prediction, quiz = asked.predictions[0], asked.self_check
    prediction.guess = 0
    for shown in (prediction, prediction.reveal(), quiz):
        assert "$" not in (shown.html() + shown.text()).replace("costs $3", "")
    assert "β<sup>100</sup>" in prediction.html()
    assert "You guessed: by β^100." in prediction.reveal().text()
    assert "m<sub>t</sub>" in quiz.html()


WRONG = {
    "prediction 1 (04-pace): answer=2 must be the index of an option, 0 to 1": ("answer = 1", "answer = 2"),
    "prediction 1 (04-pace): answer is missing": ("answer = 1", ""),
    "prediction 1 (04-pace): answer must be a number, not 'far'": ("answer = 1", "answer = 'far'"),
    "prediction 1 (04-pace): answer must be a number, not True": ("answer = 1", "answer = true"),
    "prediction 1 (04-pace): answer=nan must be a finite number":
        (PREDICTION, "[[prediction]]\nkey = '04-pace'\nquestion = '?'\nanswer = nan\nbecause = 'x'\n"),
    "prediction 1 (04-pace): within=10 must be a part of the answer, between 0 and 1":
        ("answer = 1", "answer = 1\nwithin = 10"),
    "prediction 1 (04-pace): because is empty": ('"It is measured."', '" "'),
    "prediction 1 (04-pace): options has a formula without its second dollar sign (write \\$ for money)":
        ("not far", "not $5"),
    "self_check: question is empty": (QUIZ, QUIZ.partition("[[")[0] + "question = []"),
    "prediction 1 (04-pace): options must be a list of texts": ('"not far"', "1"),
    "prediction 1 (04-pace): hint is not a field; the fields are key, question, options":
        ("answer = 1", "answer = 1\nhint = ''"),
    "prediction: the key '04-pace' is used twice": ("[[interview]]", PREDICTION + "[[interview]]"),
    "interview 1 (04-why): trap is missing": ('trap = "Saying that it is small."', ""),
    "interview 1: key must be a text, not 4": ('key = "04-why"', "key = 4"),
    "interview 1 (04-why): bank='adam-explian': There is no question 'adam-explian' in the bank. Did you mean":
        (INTERVIEW, INTERVIEW.partition("question")[0] + "bank = 'adam-explian'"),
    "interview 1 (04-why): question is not a field; the fields are key, bank": ('trap = ', "bank = "),
    "self_check, question 1: answer=7 must be the index of an option, 0 to 1": ("answer = 0", "answer = 7"),
    "self_check, question 1: options must be pairs": ('["this", "Yes."]', '["this"]'),
    "self_check, question 1: there are 1 options; 2 to 7 are allowed": ('["this", "Yes."],', ""),
    "self_check: title must be a text, not 3": ('title = "Three questions"', "title = 3"),
    "as a whole: quiz is not a field; the fields are prediction, interview, self_check":
        ("[self_check]", "[quiz]\n[self_check]"),
    "is not TOML": ("[self_check]", "[self_check"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", WRONG)
def test_what_does_not_fit_is_refused_with_its_file_and_place(tmp_path, sentence):
    old, new = WRONG[sentence]
    text = (PREDICTION + INTERVIEW + QUIZ).replace(old, new, 1)
    assert_refused(lambda: question_files.load(written(tmp_path, text)), "questions.toml", sentence, error=BankError)


def test_all_problems_of_a_file_are_named_at_once(tmp_path):
    text = (PREDICTION + INTERVIEW).replace("answer = 1", "answer = 9").replace("trap", "tarp")
    assert_refused(lambda: question_files.load(written(tmp_path, text)), "answer=9", "trap is missing",
                   "tarp is not a field", error=BankError)


@pytest.mark.parametrize("number", catalogue.notebooks())
def test_a_notebooks_keys_begin_with_its_number(number):
    content = catalogue.module(number)
    keys = [entry.key for entry in (*content.PREDICTIONS, *content.INTERVIEWS, content.SELF_CHECK)]
    assert {key[:2] for key in keys} == {number}
