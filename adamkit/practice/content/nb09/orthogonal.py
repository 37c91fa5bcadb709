"""Exercise of notebook 09: Newton–Schulz, the centre of Muon."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def orthogonal(M, steps):
    size = np.sqrt((M**2).sum())
    X = M / size if size > 0 else M
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X - 4.7750 * A @ X + 2.0315 * A @ A @ X
    return X


def _cases(rng):
    def case(name, M, steps=5):
        return Case(name, {"M": np.asarray(M, dtype=float), "steps": steps})

    return [
        case("a wide matrix", rng.normal(size=(3, 5))),
        case("a tall matrix", rng.normal(size=(5, 3))),
        case("a square matrix, one step", 4 * rng.normal(size=(4, 4)), 1),
        case("a square matrix, two steps", 4 * rng.normal(size=(4, 4)), 2),
        case("numbers in the thousands", 1e3 * rng.normal(size=(3, 4))),
        case("a norm below 1", 0.1 * rng.normal(size=(3, 4)), 2),
        case("singular values of very different size", np.diag([1.0, 0.1, 0.01]) @ rng.normal(size=(3, 3)), 5),
        case("rank one", np.outer(rng.normal(size=4), rng.normal(size=3))),
        case("one row", rng.normal(size=(1, 4)) + 2.0, 3),
        case("nothing but zeros", np.zeros((2, 3))),
        case("ten steps", rng.normal(size=(3, 6)), 10),
    ]


ORTHOGONAL = Exercise(**words("09-newton-schulz", orthogonal), cases=_cases, tolerance=Tolerance(rtol=2e-5, atol=2e-5))
