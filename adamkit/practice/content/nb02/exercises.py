"""Exercises of notebook 02: the heavy ball kept as an average, and half-lives by hand; Nesterov is beside it."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.content.nb02.nesterov import NESTEROV
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise

words = words_of(__name__)


def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    theta = theta - lr / (1 - beta) * m
    return theta, m


def _step_cases(rng):
    def case(name, shape, lr=0.1, beta=0.9, *, rest=False, silent=(), dtype=float):
        theta, m, g = rng.normal(size=(3, *shape)).astype(dtype)
        g[list(silent)] = 0
        return plays.Case(name, {"theta": theta, "m": np.zeros_like(m) if rest else m, "g": g, "lr": lr, "beta": beta})

    return [
        case("a ball already rolling", (3,)),
        case("the first step, from rest", (3,), rest=True),
        case("a matrix of parameters", (4, 2), lr=0.02, beta=0.99),
        case("one parameter", (1,), lr=0.5, beta=0.5),
        case("β = 0: plain gradient descent", (2,), beta=0.0),
        case("a gradient of zero, while the ball rolls on", (3,), silent=(0, 1, 2)),
        case("one coordinate without a gradient", (3,), silent=(1,)),
        case("three axes", (2, 2, 2), beta=0.7),
        case("single precision", (3,), dtype=np.float32),
    ]


HEAVY_BALL = Exercise(**words("02-heavy-ball", heavy_ball_step), cases=_step_cases)


HALF_LIFE = NumberExercise(**words("02-half-life", [6.5788, 68.968, 692.80]))

EXERCISES = (HEAVY_BALL, NESTEROV, HALF_LIFE)
