"""Exercises of notebook 06: two schedules as functions of the step, Adam's first steps; resuming is beside it."""

import numpy as np

from adamkit.lessons.nb06.resume import RESUME
from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.values import Tolerance

words = words_of(__name__)

#: A factor in single precision is as good: a rate needs no more.
SINGLE = Tolerance(rtol=1e-6, atol=1e-7)


def every_step(function, case, transcript):
    """Play of a schedule: one call for each step, or each of some where there are many, and far past its end."""
    plays.refuse_non_function(function)
    settings = list(case.args.values())
    warmup = case.args["warmup"]
    end = case.args.get("total", 4 * warmup)
    some = range(2 * end + 3) if end < 200 else range(0, 2 * end, end // 7)
    for step in sorted({*some, warmup, warmup + 1, end, end + 1, end + 3_000_000}):
        yield f"step {step}", function(step, *settings)


def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    progress = min((step - warmup) / (total - warmup), 1.0)
    return floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * progress))


def _cosine_cases(rng):
    def case(name, warmup, total, floor):
        return plays.Case(name, {"warmup": warmup, "total": total, "floor": floor})

    warmup = int(rng.integers(5, 12))
    return [
        case("a floor of a tenth", warmup, warmup + int(rng.integers(15, 30)), 0.1),
        case("down to zero", 4, 20, 0.0),
        case("no warmup at all", 0, 12, 0.2),
        case("a warmup of one step", 1, 9, 0.0),
        case("a decay of one step", 6, 7, 0.5),
        case("the same, to another floor", 6, 7, 0.001),
        case("a long training", 12_000, 15_000, 0.01),
        case("a floor as high as the peak", 3, 9, 1.0),
    ]


WARMUP_COSINE = Exercise(
    **words("06-warmup-cosine", warmup_cosine), cases=_cosine_cases, how=every_step, tolerance=SINGLE
)


def inverse_sqrt(step, warmup):
    if step < warmup:
        return step / warmup
    return np.sqrt(warmup / step)


def _inverse_sqrt_cases(rng):
    lengths = {"a random warmup": int(rng.integers(8, 20)), "four steps": 4, "a warmup of one step": 1, "30 steps": 30,
               "a long warmup": 12_000}  # fmt: skip
    return [plays.Case(name, {"warmup": warmup}) for name, warmup in lengths.items()]


INVERSE_SQRT = Exercise(
    **words("06-inverse-sqrt", inverse_sqrt), cases=_inverse_sqrt_cases, how=every_step, tolerance=SINGLE
)


def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - beta1**t)


def _length_cases(rng):
    def case(name, t, beta1):
        return plays.Case(name, {"t": t, "beta1": beta1})

    return [
        case("the first step", 1, 0.9),
        case("the second", 2, 0.9),
        case("a few steps later", int(rng.integers(4, 9)), 0.9),
        case("when it has nearly settled", 60, 0.9),
        case("when it has settled", 400, 0.9),
        case("a longer memory", 30, 0.98),
        case("a short memory", 3, 0.5),
        case("no memory", 5, 0.0),
        case("many steps", 5000, 0.99),
    ]


STEP_LENGTH = Exercise(
    **words("06-step-length", step_length), cases=_length_cases, tolerance=Tolerance(rtol=1e-6, atol=1e-9)
)

EXERCISES = (WARMUP_COSINE, INVERSE_SQRT, STEP_LENGTH, RESUME)
