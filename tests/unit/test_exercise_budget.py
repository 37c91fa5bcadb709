"""The exercise of ten trainings: its checker judges by what is found, so an altered search may be right.

What it must not do is pass by luck on the checker's own tasks. So every altered solution that passes is tried on many
tasks more.
"""


import numpy as np
import pytest
from mutants import mutants
from slices import FULL

from adamkit import practice
from adamkit.lessons.nb07.budget import BUDGET, landscape

MANY = np.logspace(-4, 2, 301)


@pytest.fixture(scope="module")
def tuning():
    return practice.exercise("07-tune")


def found_everywhere(tune):
    """Share of many tasks on which the search stays within its budget and matches Adam."""
    right = 0
    for best in MANY:
        loss, asked = landscape(best), []

        def train(lr, loss=loss, asked=asked):
            asked.append(lr)
            return loss(lr)

        right += loss(tune(train)) <= 1.06 + 1e-9 and len(asked) <= BUDGET
    return right / len(MANY)


def test_the_solution_finds_every_rate(tuning):
    assert found_everywhere(tuning.solution_code) == 1


def test_an_altered_search_that_passes_finds_the_rate_nearly_everywhere(tuning, workshop):
    passed, altered = 0, mutants(tuning.source())
    for mutant in altered if FULL else altered[::9]:
        if workshop.verdict(tuning.key, mutant.source, "tune") == "passed":
            space = {"np": np}
            exec(mutant.source, space)
            passed += 1
            assert found_everywhere(space["tune"]) > 0.98, mutant.label
    print(f"{passed} altered searches find it too")
