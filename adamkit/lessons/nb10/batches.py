"""Exercises of notebook 10: the gradient of a batch in parts, and the largest batch that fits."""

import math
import numbers

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function

words = words_of(__name__)


def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    return sum(len(y) / total * gradient(X, y) for X, y in parts)


def mean_gradient(most):
    """Gradient of the mean of ½|Xθ − y|² over the rows, at θ of ones; refuses more than ``most`` rows at once."""

    def gradient(X, y):
        if len(y) > most:
            raise MemoryError(f"`gradient` got {len(y)} rows at once; no more than {most} fit, as in the largest part.")
        return X.T @ ((X @ np.ones((X.shape[1], *y.shape[1:]))) - y) / len(y)

    return gradient


def _accumulation_cases(rng):
    def case(name, *sizes, outputs=(), columns=3):
        parts = [(rng.normal(size=(columns, n)).T, 3 * rng.normal(size=(n, *outputs))) for n in sizes]
        return Case(name, {"parts": parts, "gradient": mean_gradient(max(sizes))})

    zeros = case("targets and a row of zero, and a part of zeros", 4, 3, 2)
    for X, y in zeros.args["parts"]:
        X[0], y[-1] = 0, 0
    zeros.args["parts"][1][0][...], zeros.args["parts"][1][1][...] = 0, 0
    return [
        zeros,
        case("a short last part", 8, 8, 8, 3),
        case("a short last part, other numbers", 8, 8, 8, 3),
        case("equal parts", 5, 5, 5, columns=4),
        case("one part only", 7),
        case("parts of very different sizes", 1, 20, 4),
        case("many parts of one row", *[1] * 14),
        case("targets with two columns", 6, 2, 4, outputs=(2,)),
        case("one column", 5, 2, columns=1),
        case("two parts", int(rng.integers(2, 6)), int(rng.integers(7, 12)), columns=2),
    ]


ACCUMULATION = Exercise(**words("10-accumulate", whole_gradient), cases=_accumulation_cases)


def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(middle):
            good = middle
        else:
            bad = middle
    return good


#: Nobody's machine: who asks for so many rows does not look at the answers.
ENDLESS = 10**12


def tries_allowed(limit):
    """Doubling and bisecting take 2·log₂ + 2 tries; two more are granted."""
    return 2 * int(math.log2(limit)) + 4 if limit else 3


def count_the_tries(function, case, transcript):
    """Play: a machine on which batches up to ``limit`` fit, and which counts what is asked of it."""
    refuse_non_function(function)
    limit, tries, largest = case.args["limit"], 0, 0

    def fits(batch):
        nonlocal tries, largest
        if not _is_whole(batch) or batch < 1:
            raise Unusable(f"`fits` was asked about a batch of {batch!r}; it must be a whole number, 1 or more.")
        if batch > ENDLESS:
            raise Unusable(f"`fits` was asked about more than {ENDLESS:g} rows. Does a loop go on after `False`?")
        tries, largest = tries + 1, max(largest, int(batch))
        return bool(batch <= limit)

    answer = function(fits)
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    yield f"the answer, where {limit} is the largest batch that fits", answer
    yield f"tries beyond the {tries_allowed(limit)} that are enough", max(0, tries - tries_allowed(limit))
    enough = max(4, int(2.25 * limit))
    yield f"rows tried beyond {enough}, where {limit} fit", max(0, largest - enough)


def _is_whole(number):
    return isinstance(number, numbers.Real) and not isinstance(number, bool) and number == number // 1


def _search_cases(rng):
    limits = {"a hundred rows fit": 100, "an odd number": 77, "a power of two": 64, "one below a power of two": 63,
              "one above a power of two": 65, "one row fits": 1, "three rows fit": 3, "not even one row fits": 0,
              "a large machine": int(rng.integers(5000, 9000)), "some number": int(rng.integers(10, 1000))}
    return [Case(name, {"limit": limit}) for name, limit in limits.items()]


LARGEST = Exercise(**words("10-largest-batch", largest_batch), cases=_search_cases, how=count_the_tries)
