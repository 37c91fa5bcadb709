"""Exercises answered by names: what passes, what is told, and what is not given away."""

import pytest

from adamkit import practice
from adamkit.lessons.nb12.clinic import records
from adamkit.lessons.nb12.exercises import EXERCISES, OPTIONS, judged
from adamkit.lessons.nb12.mystery import TREATMENTS, patient

#: Exercise → patient, names of the disease that count as right (the records' own first), treatments that cure.
ANSWERS = {
    "12-mystery-1": (8, ("bad_data",), {"data"}),
    "12-mystery-2": (19, ("forgetting",), {"data", "lower"}),
    "12-mystery-3": (21, ("broken_start",), {"lower", "warmup"}),
}


@pytest.mark.parametrize("key", ANSWERS)
def test_a_mystery_is_passed_by_the_disease_and_each_treatment_that_cures_and_by_nothing_else(key):
    _, diseases, cures = ANSWERS[key]
    exercise = practice.exercise(key)
    passed = {(d, t) for d in OPTIONS["disease"] for t in OPTIONS["treatment"] if exercise.check(d, t).kind == "passed"}
    assert passed == {(disease, treatment) for disease in diseases for treatment in cures}


@pytest.mark.parametrize("key", ANSWERS)
def test_the_patient_of_the_statement_is_the_one_that_is_judged(key):
    number, (disease, *_), _ = ANSWERS[key]
    case, _ = patient(number)
    assert records.load().cases[case]["disease"] == disease
    assert f"patient {number}." in practice.exercise(key).statement


@pytest.mark.parametrize("key", ANSWERS)
def test_a_wrong_disease_is_answered_without_the_right_one(key):
    _, diseases, _ = ANSWERS[key]
    for guess in set(OPTIONS["disease"]) - set(diseases):
        verdict = practice.exercise(key).check(guess, "lower")
        assert verdict.kind == "wrong"
        assert f"Not `{guess}`" in verdict.text()
        assert not any(disease in verdict.text() for disease in diseases)


def test_a_treatment_that_does_not_cure_is_answered_with_both_figures():
    verdict = practice.exercise("12-mystery-1").check("bad_data", "clip")
    assert (verdict.kind, "5.8 before, 11 after" in verdict.text()) == ("wrong", True)


@pytest.mark.parametrize("pair", [("bad_data", "data"), ["bad_data", "data"]])
def test_both_names_may_come_in_one_pair(pair):
    assert practice.exercise("12-mystery-1").check(pair).passed


def test_a_treatment_with_nothing_to_change_says_so():
    right, sentence = judged(8, ("bad_data", "code"))
    assert not right
    assert "finds nothing to change here" in sentence


@pytest.mark.parametrize("names", [("bad_data",), ("bad_data", "data", "data"), ("flu", "data"), ("bad_data", "bed"),
                                   (None, 3), ({}, []), ("data", "bad_data")])
def test_what_is_not_two_allowed_names_is_refused_with_what_is_allowed(names):
    verdict = practice.exercise("12-mystery-1").check(*names)
    assert verdict.kind == "error"
    assert "disease" in verdict.text() or "treatment" in verdict.text()


@pytest.mark.parametrize("names", [(), (..., ...), ("bad_data", ...)])
def test_an_answer_that_is_not_whole_is_not_attempted(names):
    verdict = practice.exercise("12-mystery-1").check(*names)
    assert verdict.text() == "○ 12-mystery-1: not attempted yet"


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.key in ANSWERS], ids=lambda e: e.key)
def test_the_statement_names_every_option_and_the_solution_shows_the_way(exercise):
    assert all(f"`{name}`" in exercise.statement for names in OPTIONS.values() for name in names)
    assert set(OPTIONS["treatment"]) == set(TREATMENTS) - {"none"}
    assert all(name in exercise.worked for name in ANSWERS[exercise.key][1])
