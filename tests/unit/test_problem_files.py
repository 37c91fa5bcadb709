"""The full problems are a TOML file: what fits is read, and what does not is named with its place."""

import pytest
from refusals import assert_refused

from adamkit.practice import problem_files
from adamkit.practice.tables import BankError

PROBLEM = """
[[problem]]
key = "04-root"
title = "The root"
minutes = 5
question = "Why a root?"
hints = ["Look at the $units$."]
answer = "For the units."
[problem.rubric]
strong = "Says what a square has."
lean = "Names the units."
no = "Says that it is small."
[[problem.follow_up]]
question = "And the ε?"
answer = "A floor."
"""
SCALE = """
[scale]
key = "04-scale"
title = "Scale it"
minutes = 6
question = "What changes?"
[[scale.row]]
name = "peak rate"
ways = ["down", "same"]
sure = "open"
why = "It was measured."
source = "a paper"
"""


def written(folder, text):
    path = folder / "nb04" / "problems.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_problems_and_settings_are_read(tmp_path):
    (problem,), scale = problem_files.load(written(tmp_path, PROBLEM + SCALE))
    assert problem.follow_ups == (("And the ε?", "A floor."),)
    assert "Hint 1: Look at the units." in problem.text()
    assert scale.rows[0].answer == "down or same (open)"
    assert scale.check({"peak rate": "same, open"}).passed


def test_a_problem_needs_no_follow_up(tmp_path):
    (problem,), _ = problem_files.load(written(tmp_path, PROBLEM.split("[[problem.follow_up]]")[0] + SCALE))
    assert problem.follow_ups == ()


@pytest.mark.parametrize(("old", "new", "said"), [
    ('answer = "For the units."', "", "nb04/problems.toml, problem 1: answer is missing"),
    ("minutes = 5", 'minutes = "5"', "problem 1: minutes must be a whole number, not '5'"),
    ('["Look at the $units$."]', "[7]", "problem 1: hints must be texts, not 7"),
    ('lean = "Names the units."', "", "problem 1, rubric: lean is missing"),
    ('question = "And the ε?"', 'asked = "And the ε?"', "problem 1, follow_up 1: question is missing"),
    ('["down", "same"]', '["sideways"]', "scale, row 1: ways='sideways' must be of up, down, same"),
    ('sure = "open"', 'sure = "maybe"', "scale, row 1: sure='maybe' must be of sure, likely, open"),
    ("[scale]", "[settings]", "nb04/problems.toml: settings is not a field"),
    ("[[problem]]", "[[problem", "problems.toml: is not TOML"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, old, new, said):
    text = PROBLEM + SCALE
    assert text.count(old) == 1
    assert_refused(lambda: problem_files.load(written(tmp_path, text.replace(old, new))), said, error=BankError)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    text = (PROBLEM + SCALE).replace('lean = "Names the units."', "").replace('sure = "open"', "sure = 3")
    with pytest.raises(BankError) as refused:
        problem_files.load(written(tmp_path, text))
    assert str(refused.value).splitlines()[1:] == [
        "  nb04/problems.toml, problem 1, rubric: lean is missing",
        "  nb04/problems.toml, scale, row 1: sure must be a text, not 3",
    ]
