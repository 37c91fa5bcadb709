"""Right solutions pass in any reasonable style, and wrong ones that no list of mistakes foresaw do not."""

import copy
from collections import Counter

import attempts
import pytest
import torch.optim  # noqa: F401 - once here, and not in every copy in which an attempt runs
from slices import ordinarily

from adamkit.practice import catalogue
from adamkit.practice.exercises import Exercise

EVERYTHING = attempts.everything()
#: In the ordinary run all right ones, and of the wrong ones every third.
RIGHT, WRONG = ([a for a in EVERYTHING if a.right is right] for right in (True, False))


@pytest.mark.usefixtures("in_a_thread")
@pytest.mark.parametrize("attempt", RIGHT + ordinarily(WRONG[::3], WRONG), ids=str)
def test_the_right_ones_pass_and_the_wrong_ones_do_not(attempt):
    exercise = copy.copy(catalogue.find("EXERCISES", attempt.key))
    exercise.mistakes = ()  # they name a failure and decide nothing
    built = attempt.build(getattr(exercise.solution_code, "__name__", "answer"))
    verdict = exercise.check(built, seconds=0.3 if attempt.loops else 10)
    if attempt.right:
        assert verdict.kind == "passed", verdict
    else:
        assert verdict.kind in {"wrong", "mistake", "error"}, verdict


@pytest.mark.parametrize("key", [e.key for e in catalogue.everything("EXERCISES") if isinstance(e, Exercise)])
def test_an_exercise_has_attempts_of_many_kinds(key):
    kinds = Counter(attempt.right for attempt in EVERYTHING if attempt.key == key)
    assert kinds[True] >= 8
    assert kinds[False] >= 20
    sources = [attempt.source for attempt in EVERYTHING if attempt.key == key]
    assert len(sources) == len(set(sources))
