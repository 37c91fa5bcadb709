"""Exercises of notebook 09: a block into bytes and back, Newton–Schulz; tuning and judging stand beside this."""

import numpy as np

from adamkit.lessons.nb09.entering import ENTERING
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, call_function
from adamkit.practice.values import Tolerance, settled

words = words_of(__name__)


def pack(x, table):
    largest = np.abs(x).max()
    scale = largest if largest > 0 else 1.0
    codes = np.abs(x[:, None] / scale - table).argmin(axis=1)
    return codes, scale * table[codes]


def pack_a_block(function, case, transcript):
    """Play: the places and what comes back; of a block of zeros what comes back alone, since any place will do."""
    for label, returned in call_function(function, case, transcript):
        returned = settled(returned)
        nothing = not case.args["x"].any() and isinstance(returned, (tuple, list)) and len(returned) == 2
        yield (label, returned) if not nothing else ("what comes back", 0.0 + np.asarray(returned[1]))


def _pack_cases(rng):
    small = np.array([-1.0, -0.3, -0.1, -0.01, 0.0, 0.01, 0.1, 0.3, 1.0])
    even = np.linspace(-1, 1, 17)
    bare = np.array([-1.0, -0.4, -0.15, 0.2, 1.0])
    positive = np.concatenate([[0.0], np.geomspace(1e-4, 1, 15)])

    def case(name, x, table):
        return Case(name, {"x": np.asarray(x, dtype=float), "table": table})

    wide = np.exp(2 * rng.normal(size=12)) * rng.normal(size=12)
    return [
        case("numbers of many sizes", wide, small),
        case("a table without signs", wide**2, positive),
        case("evenly spaced values", rng.normal(size=9), even),
        case("the largest is negative", [-4.0, 1.0, 0.0, 0.3, -0.03], small),
        case("one outlier", [1000.0, 1.0, -2.0, 0.5], small),
        case("all of them small", [0.02, -0.3, 0.1, 0.004], small),
        case("nothing but zeros", np.zeros(5), small),
        case("very small numbers", 1e-12 * rng.normal(size=6), small),
        case("a table of 256 values", np.exp(rng.normal(size=40)) * rng.normal(size=40), _bytes(rng)),
        case("one number", [rng.normal() + 3.0], small),
        case("equal numbers", [-0.7, -0.7, -0.7], small),
        case("equal numbers, a table without signs", [0.7, 0.7, 0.7, 0.7], positive),
        case("a table without 0", [2.0, -0.5, 0.0, 0.8, -1.2, 1.3], bare),
        case("a zero in front, and a sum of zero", [0.0, 1.0, -1.0, 0.3, -0.3], small),
    ]


def _bytes(rng):
    """256 ascending values from −1 to 1 that lie closer about 0."""
    sizes = np.sort(rng.uniform(size=126)) ** 3
    return np.concatenate([[-1.0], -sizes[::-1], [0.0, 0.001 * sizes[sizes > 0][0]], sizes, [1.0]])


PACKING = Exercise(
    **words("09-pack", pack), cases=_pack_cases, how=pack_a_block, tolerance=Tolerance(rtol=1e-9, atol=1e-20)
)


def orthogonal(M, steps):
    size = np.sqrt((M**2).sum())
    X = M / size if size > 0 else M
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X - 4.7750 * A @ X + 2.0315 * A @ A @ X
    return X


def _orthogonal_cases(rng):
    def case(name, M, steps=5):
        return Case(name, {"M": np.asarray(M, dtype=float), "steps": steps})

    return [
        case("a wide matrix", rng.normal(size=(3, 5))),
        case("a tall matrix, stored column by column", rng.normal(size=(3, 5)).T),
        case("a square matrix, one step", 4 * rng.normal(size=(4, 4)), 1),
        case("a square matrix, two steps", 4 * rng.normal(size=(4, 4)), 2),
        case("numbers in the thousands", 1e3 * rng.normal(size=(3, 4))),
        case("a norm below 1", 0.1 * rng.normal(size=(3, 4)), 2),
        case("singular values of very different size", np.diag([1.0, 0.1, 0.01]) @ rng.normal(size=(3, 3)), 5),
        case("rank one", np.outer(rng.normal(size=4), rng.normal(size=3))),
        case("one row", rng.normal(size=(1, 4)) + 2.0, 3),
        case("nothing but zeros", np.zeros((2, 3))),
        case("ten steps", rng.normal(size=(3, 6)), 10),
        case("fourteen steps", rng.normal(size=(3, 5)), 14),
        case("no step: the division alone", rng.normal(size=(2, 4)), 0),
        case("zeros among the entries, and a sum of zero", [[0.0, 1.0, -3.0], [2.0, 0.0, 0.0]]),
    ]


ORTHOGONAL = Exercise(
    **words("09-newton-schulz", orthogonal), cases=_orthogonal_cases, tolerance=Tolerance(rtol=2e-5, atol=2e-5)
)

EXERCISES = (PACKING, ORTHOGONAL, ENTERING)
