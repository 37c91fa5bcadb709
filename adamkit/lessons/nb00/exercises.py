"""A first exercise, to see how exercises work."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case

words = words_of(__name__)


def average_gradient(gradients):
    return sum(gradients) / len(gradients)


def average_cases(rng):
    """Two gradients, many, one alone, matrices, zeros among others, equal ones, and one much larger than the rest."""

    def draw(count, *shape):
        return [rng.normal(size=shape) for _ in range(count)]

    return [
        Case("two gradients", {"gradients": draw(2, 3)}),
        Case("many gradients", {"gradients": draw(17, 4)}),
        Case("one gradient", {"gradients": draw(1, 3)}),
        Case("matrices", {"gradients": draw(5, 2, 3)}),
        Case("matrices of one row", {"gradients": draw(9, 1, 4)}),
        Case("zeros", {"gradients": [np.zeros(2), np.zeros(2)]}),
        Case("a worker whose gradient is zero", {"gradients": [*draw(2, 3), np.zeros(3)]}),
        Case("the same gradient twice", {"gradients": [*[rng.normal(size=3)] * 2, *draw(1, 3)]}),
        Case("three axes, in Fortran order", {"gradients": [np.asfortranarray(g) for g in draw(3, 2, 3, 2)]}),
        Case("32-bit numbers", {"gradients": [g.astype(np.float32) for g in draw(3, 4)]}),
        Case("one large gradient", {"gradients": [*draw(3, 2), 1000 * rng.normal(size=2)]}),
    ]


EXERCISES = (Exercise(**words("00-average", average_gradient), cases=average_cases),)
