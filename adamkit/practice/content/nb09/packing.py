"""Exercise of notebook 09: a block of numbers into bytes and back."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, call_function
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def pack(x, table):
    largest = np.abs(x).max()
    scale = largest if largest > 0 else 1.0
    codes = np.abs(x[:, None] / scale - table).argmin(axis=1)
    return codes, scale * table[codes]


def pack_a_block(function, case, transcript):
    """Play: the places and what comes back; of a block of zeros what comes back alone, since any place will do."""
    for label, returned in call_function(function, case, transcript):
        nothing = not case.args["x"].any() and isinstance(returned, (tuple, list)) and len(returned) == 2
        yield (label, returned) if not nothing else ("what comes back", 0.0 + np.asarray(returned[1]))


def _cases(rng):
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
        case("a table without 0", [2.0, -0.5, 0.0, 0.8, -1.2], bare),
    ]


def _bytes(rng):
    """256 ascending values from −1 to 1 that lie closer about 0."""
    sizes = np.sort(rng.uniform(size=126)) ** 3
    return np.concatenate([[-1.0], -sizes[::-1], [0.0, 0.001 * sizes[sizes > 0][0]], sizes, [1.0]])


PACKING = Exercise(**words("09-pack", pack), cases=_cases, how=pack_a_block, tolerance=Tolerance(rtol=1e-9, atol=1e-20))
