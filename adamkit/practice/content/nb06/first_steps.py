"""Exercise 06-step-length: how long Adam's steps are while its first moment is still filling."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - beta1**t)


def _cases(rng):
    def case(name, t, beta1):
        return plays.Case(name, {"t": t, "beta1": beta1})

    return [
        case("the first step", 1, 0.9),
        case("the second", 2, 0.9),
        case("a few steps later", int(rng.integers(4, 9)), 0.9),
        case("when it has settled", 400, 0.9),
        case("a longer memory", 30, 0.98),
        case("a short memory", 3, 0.5),
        case("no memory", 5, 0.0),
        case("many steps", 5000, 0.99),
    ]


STEP_LENGTH = Exercise(**words("06-step-length", step_length), cases=_cases, tolerance=Tolerance(rtol=1e-6, atol=1e-9))
