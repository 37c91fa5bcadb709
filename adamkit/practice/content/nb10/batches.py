"""Exercises of notebook 10: the gradient of a batch in parts, and the largest batch that fits."""

import math
import numbers

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function


def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    return sum(len(y) / total * gradient(X, y) for X, y in parts)


def _weighted(weights):
    """A wrong whole_gradient: Σ wᵢ gᵢ with weights from the parts' numbers of rows."""

    def wrong(parts, gradient):
        rows = np.array([len(y) for X, y in parts], dtype=float)
        return sum(w * gradient(X, y) for w, (X, y) in zip(weights(rows), parts))

    return wrong


def _last(rows):
    return np.arange(len(rows)) == len(rows) - 1


def mean_gradient(most):
    """Gradient of the mean of ½|Xθ − y|² over the rows, at θ of ones; refuses more than ``most`` rows at once."""

    def gradient(X, y):
        if len(y) > most:
            raise MemoryError(f"`gradient` got {len(y)} rows at once; no more than {most} fit, as in the largest part.")
        return X.T @ ((X @ np.ones((X.shape[1], *y.shape[1:]))) - y) / len(y)

    return gradient


def _accumulation_cases(rng):
    def case(name, *sizes, outputs=(), columns=3):
        parts = [(rng.normal(size=(n, columns)), 3 * rng.normal(size=(n, *outputs))) for n in sizes]
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
        case("two parts", int(rng.integers(2, 6)), int(rng.integers(7, 12)), columns=2),
    ]


ACCUMULATION = Exercise(
    key="10-accumulate",
    title="one gradient from several parts",
    statement="""
        A batch does not fit, so it comes in parts: a list of pairs `(X, y)`, with different numbers of rows.
        `gradient(X, y)` gives the *mean* gradient over the rows that it gets, an array; more rows than the largest
        part has do not fit into it. Return the mean gradient over **all** rows, as if the batch had come in one piece.

        ```python
        def whole_gradient(parts, gradient):
            return ...
        ```
    """,
    solution_code=whole_gradient,
    cases=_accumulation_cases,
    minutes=4,
    mistakes=(
        Mistake(
            "the mean of the means",
            "Each part counts the same, so a row in a short part counts more than a row in a long one. With equal "
            "parts nobody notices. Weight each part by its share of the rows.",
            _weighted(lambda rows: np.full(len(rows), 1 / len(rows))),
        ),
        Mistake(
            "the sum of the means",
            "This is what several calls of `backward()` leave behind. It grows with the number of parts: Adam would "
            "not mind, but the clip and every other optimizer do. Each part has a share, and the shares sum to 1.",
            _weighted(np.ones_like),
        ),
        Mistake(
            "a sum over the rows",
            "You weight by rows, and forgot to divide by the number of all rows.",
            _weighted(lambda rows: rows),
        ),
        Mistake(
            "divided by the number of parts",
            "Weighted by rows and divided by the number of parts. Divide by the number of all rows.",
            _weighted(lambda rows: rows / len(rows)),
        ),
        Mistake("the last part only", "Only the gradient of the last part is left.", _weighted(_last)),
        Mistake(
            "relative to the first part",
            "You assume that all parts are as large as the first. The last one seldom is.",
            _weighted(lambda rows: np.full(len(rows), rows[0]) / rows.sum()),
        ),
    ),
    hints=(
        "The mean over all rows is a weighted mean of the parts' means. What is the weight of a part?",
        "`len(y) / total`, with `total` the number of rows of all parts.",
    ),
    explanation="""
        In a PyTorch loop: multiply the loss of each part by its share of the rows before `backward()`. For language
        models count targets instead of rows, where sequences are padded to different lengths.
    """,
)


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


def _doubled(fits, start=0):
    good, bad = start, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    return good, bad


def _bisected(fits, good, bad, gap=1):
    while bad - good > gap:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good, bad


def _stopped_early(fits):
    good, bad = _doubled(fits)
    return _bisected(fits, good, bad, gap=2)[0]


def _one_after_the_other(fits):
    batch = 0
    while fits(batch + 1):
        batch += 1
    return batch


def _every_try_twice(fits):
    return largest_batch(lambda batch: fits(batch) and fits(batch))


def _up_and_no_further(fits):
    """Doubles, then goes up by one from there."""
    batch, _ = _doubled(fits)
    while fits(batch + 1):
        batch += 1
    return batch


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


LARGEST = Exercise(
    key="10-largest-batch",
    title="the largest batch that fits",
    statement="""
        `fits(batch)` takes one training step with so many rows and answers `True`, or runs out of memory and answers
        `False`. Find the largest batch that fits, and 0 if not even one row does. A try is expensive, and one that is
        far too large can freeze a machine: use about 2·log₂(answer) tries, and ask for no more than about twice what
        fits. You know no upper bound.

        ```python
        def largest_batch(fits):
            return ...
        ```
    """,
    solution_code=largest_batch,
    cases=_search_cases,
    how=count_the_tries,
    minutes=8,
    mistakes=(
        Mistake(
            "the last doubling",
            "You double until it fails and return the last that fitted. The answer lies between that and its double: "
            "bisect.",
            lambda fits: _doubled(fits)[0],
        ),
        Mistake(
            "one too many",
            "You return the smallest batch that does *not* fit.",
            lambda fits: _bisected(fits, *_doubled(fits))[1],
        ),
        Mistake(
            "a batch of one is taken for granted",
            "Where not even one row fits, the answer is 0.",
            lambda fits: _bisected(fits, *_doubled(fits, start=1))[0],
        ),
        Mistake(
            "one after the other",
            "Right, but it takes as many tries as rows fit. Double first.",
            _one_after_the_other,
        ),
        Mistake(
            "doubling, then one after the other",
            "After the doubling there may still be half of the way to go. Bisect it.",
            _up_and_no_further,
        ),
        Mistake(
            "a fixed upper bound",
            "Bisecting from a number that you made up begins with a try that is far too large, and fails on the day "
            "when more fits. Find the upper end by doubling.",
            lambda fits: _bisected(fits, 0, 65_536)[0],
        ),
        Mistake(
            "the bisection stops too early",
            "It ends while two candidates are left. Go on until good and bad are neighbours.",
            _stopped_early,
        ),
        Mistake(
            "the middle, untried",
            "You return a number in the middle without having tried it. The answer must have fitted.",
            lambda fits: sum(_doubled(fits)) // 2,
        ),
        Mistake(
            "every try twice",
            "You ask `fits` the same question again. Keep the answer: each call is a training step.",
            _every_try_twice,
        ),
    ),
    hints=(
        "Keep two numbers: the largest that fitted, at first 0, and the smallest that did not.",
        "Double until the first failure. That gives both numbers.",
        "Try the middle, and move one of the two there, until they are neighbours.",
    ),
    explanation="""
        Leave some room below the answer: other steps may need more, such as a longer text, the first step of the
        optimizer, which makes its state, or an evaluation. And a batch that fits is not yet a batch that trains well.
    """,
)
