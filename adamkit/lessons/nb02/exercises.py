"""Exercises of notebook 02: the heavy ball kept as an average, Nesterov, half-lives by hand, the factor per step."""

from functools import partial

import numpy as np

from adamkit.practice import plays
from adamkit.practice.cases import odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise

words = words_of(__name__)


def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    theta = theta - lr / (1 - beta) * m
    return theta, m


def _step_cases(rng):
    def case(name, shape, lr=0.1, beta=0.9, *, rest=False, silent=(), loud=1, order="C", dtype=float):
        theta, m, g = (np.array(x, dtype, order=order) for x in rng.normal(size=(3, *shape)))
        g[...] *= loud
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
        case("three axes, stored in another order, a huge gradient", (2, 2, 2), beta=0.7, loud=1e3, order="F"),
        case("single precision", (3,), dtype=np.float32),
    ]


HEAVY_BALL = Exercise(**words("02-heavy-ball", heavy_ball_step), cases=_step_cases)


class Nesterov:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params, self.lr, self.beta = params, lr, beta
        self.b = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.b[i] = self.beta * self.b[i] + g
            p -= self.lr * (g + self.beta * self.b[i])


def _nesterov_cases(rng):
    case = partial(optimizer_case, rng=rng, steps=6)
    return [
        case("one vector", shapes=[(3,)], lr=0.1, beta=0.9),
        case("two parameters of one shape", shapes=[(2,), (2,)], lr=0.05, beta=0.5),
        case("a matrix and a single number", shapes=[(3, 2), (1,)], lr=0.02, beta=0.99),
        case("β = 0: plain gradient descent", shapes=[(2,)], lr=0.1, beta=0.0),
        case("the default settings", shapes=[(2,)]),
        *odd_optimizer_cases(rng, eps=False),
    ]


NESTEROV = Exercise(**words("02-nesterov", Nesterov), cases=_nesterov_cases, how=plays.step_optimizer)

HALF_LIFE = NumberExercise(**words("02-half-life", [6.5788, 68.968, 692.80]))


def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()


def _roots_cases(rng):
    """Each kind of motion, its borders, no momentum, and a few at random."""
    named = {
        "creeping": (0.01, 0.5),
        "swinging": (0.5, 0.9),
        "flipping from side to side": (2.5, 0.3),
        "flying off": (4.0, 0.9),
        "far beyond": (9.0, 0.5),
        "no momentum, overshooting": (1.5, 0.0),
        "no momentum, creeping": (0.2, 0.0),
        "flat ground: nothing moves": (0.0, 0.7),
    }
    named |= {f"at random, {i}": (rng.uniform(0.05, 3.5), rng.uniform(0.05, 0.95)) for i in (1, 2, 3)}
    return [plays.Case(name, {"eta_lam": float(x), "beta": float(b)}) for name, (x, b) in named.items()]


ROOTS = Exercise(**words("02-roots", factor), cases=_roots_cases)

EXERCISES = (HEAVY_BALL, NESTEROV, HALF_LIFE, ROOTS)
