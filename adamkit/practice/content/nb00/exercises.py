"""A first exercise, to see how exercises work."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


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
        Case("zeros", {"gradients": [np.zeros(2), np.zeros(2)]}),
        Case("a worker whose gradient is zero", {"gradients": [*draw(2, 3), np.zeros(3)]}),
        Case("the same gradient twice", {"gradients": [*[rng.normal(size=3)] * 2, *draw(1, 3)]}),
        Case("three axes, in Fortran order", {"gradients": [np.asfortranarray(g) for g in draw(3, 2, 3, 2)]}),
        Case("32-bit numbers", {"gradients": [g.astype(np.float32) for g in draw(3, 4)]}),
        Case("one large gradient", {"gradients": [*draw(3, 2), 1000 * rng.normal(size=2)]}),
    ]


EXERCISES = (
    Exercise(
        key="00-average",
        title="an average of gradients",
        statement="""
            Four workers have each computed a gradient on their own mini-batch. Write the gradient of the
            joint batch: the mean of a list of arrays of one shape, however long the list is. All batches have
            the same size.

            ```python
            def average_gradient(gradients):
                return ...
            ```
        """,
        solution_code=average_gradient,
        cases=average_cases,
        minutes=2,
        mistakes=(
            Mistake(
                "the sum instead of the mean",
                "You add, but do not divide by how many there are. The step would grow with the number of workers.",
                lambda gradients: sum(gradients),
            ),
            Mistake(
                "always divided by four",
                "The four workers are an example. Divide by how many gradients the list holds: `len(gradients)`.",
                lambda gradients: sum(gradients) / 4,
            ),
            Mistake(
                "the mean over everything",
                "np.mean without axis=0 mixes the coordinates into one number: average over the list only.",
                lambda gradients: np.mean(gradients),
            ),
            Mistake(
                "the wrong axis",
                "You average within each gradient. Average across the list: axis=0.",
                lambda gradients: np.mean(gradients, axis=1),
            ),
            Mistake(
                "divided by one less",
                "n − 1 belongs to the sample variance. A mean divides by n.",
                lambda gradients: sum(gradients) / max(len(gradients) - 1, 1),
            ),
            Mistake(
                "the median",
                "The median ignores large gradients. The joint batch's gradient is the mean, outliers included.",
                lambda gradients: np.median(gradients, axis=0),
            ),
        ),
        hints=("The result has the shape of one gradient.", "Add them all, and divide by how many there are."),
        explanation="With batches of different sizes each gradient would be weighted by its size.",
    ),
)
