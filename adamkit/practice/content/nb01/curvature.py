"""Exercise 01-power-iteration: the largest curvature from products with the Hessian alone."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise

words = words_of(__name__)


def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)


def _cases(rng):
    """Hessians with known eigenvalues, turned at random; the largest in size may be negative, or huge."""

    def case(name, eigenvalues, rounds):
        turned, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
        H = turned @ np.diag(eigenvalues) @ turned.T
        return plays.Case(name, {"H": (H + H.T) / 2, "v": rng.normal(size=len(eigenvalues)), "rounds": rounds})

    return [
        case("a ravine in two dimensions", [1.0, 20.0], 5),
        case("five dimensions, one round", [0.1, 0.5, 1.0, 3.0, 4.0], 1),
        case("the same size of problem, eight rounds", [0.1, 0.5, 1.0, 3.0, 4.0], 8),
        case("a negative eigenvalue that is the largest in size", [1.0, 2.0, -6.0], 12),
        case("one dimension", [3.0], 2),
        case("a large curvature and many rounds", [100.0, 4000.0], 120),
        case("forty rounds, and still on the way", [3.0, 3.2, 1.0], 40),
        case("no round at all: the curvature along v", [1.0, 9.0], 0),
    ]


POWER_ITERATION = Exercise(**words("01-power-iteration", largest_curvature), cases=_cases)

EXERCISES = (POWER_ITERATION,)
