"""The full problems, and the opening question met again."""

import pytest
from widget_tree import walk

from adamkit import practice
from adamkit.practice import catalogue
from adamkit.practice.store import Shelf

PROBLEMS = catalogue.everything("PROBLEMS")


def part(widget, kind):
    return next(w for w in walk(widget) if type(w).__name__ == kind)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.key)
def test_a_problem_has_hints_an_answer_and_a_rubric_all_folded(problem):
    page = problem.html()
    assert len(problem.hints) >= 3
    assert set(problem.rubric) == {"strong", "lean", "no"}
    assert page.count("<details") == len(problem.hints) + 2 + bool(problem.follow_ups)
    assert "$" not in page + problem.text()


def test_there_are_four_problems_and_they_are_found_by_key():
    assert [problem.key for problem in PROBLEMS] == ["14-derivation", "14-choice", "14-climb", "14-code"]
    assert practice.problem("14-climb") is PROBLEMS[2]


def test_an_answer_to_a_problem_is_kept_and_met_again(reader):
    live = practice.problem("14-climb").widget()
    part(live, "Textarea").value = "the rate"
    part(live, "Button").click()
    assert Shelf("answers").entries()["14-climb"][-1]["text"] == "the rate"
    assert part(practice.problem("14-climb").widget(), "Textarea").value == "the rate"


def test_the_first_answer_appears_beside_the_new_one_only_after_it_is_saved(reader):
    opening = practice.opening_answer()
    opening.save("my <first> thought")
    live = opening.compare().widget()
    shown = lambda: "".join(w.value for w in walk(live) if type(w).__name__ == "HTML")
    assert "my &lt;first&gt; thought" not in shown()
    part(live, "Textarea").value = "a better one"
    part(live, "Button").click()
    assert "my &lt;first&gt; thought" in shown()
    assert "a better one" in shown()
    assert "strong" in shown()
    assert [v["text"] for v in opening.history()] == ["my <first> thought", "a better one"]


def test_without_a_first_answer_the_comparison_says_so(reader):
    live = practice.opening_answer().compare().widget()
    part(live, "Textarea").value = "my only one"
    part(live, "Button").click()
    shown = "".join(w.value for w in walk(live) if type(w).__name__ == "HTML")
    assert shown.count("my only one") == 1
    assert "No first answer is kept here." in shown
