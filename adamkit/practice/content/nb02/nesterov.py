"""Exercise 02-nesterov: the class, and what people write instead."""

from functools import partial

import numpy as np

from adamkit.practice.cases import odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import step_optimizer

words = words_of(__name__)


class Nesterov:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params, self.lr, self.beta = params, lr, beta
        self.b = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.b[i] = self.beta * self.b[i] + g
            p -= self.lr * (g + self.beta * self.b[i])


def _optimizer_cases(rng):
    case = partial(optimizer_case, rng=rng, steps=6)
    return [
        case("one vector", shapes=[(3,)], lr=0.1, beta=0.9),
        case("two parameters of one shape", shapes=[(2,), (2,)], lr=0.05, beta=0.5),
        case("a matrix and a single number", shapes=[(3, 2), (1,)], lr=0.02, beta=0.99),
        case("β = 0: plain gradient descent", shapes=[(2,)], lr=0.1, beta=0.0),
        case("the default settings", shapes=[(2,)]),
        *odd_optimizer_cases(rng, eps=False),
    ]


NESTEROV = Exercise(**words("02-nesterov", Nesterov), cases=_optimizer_cases, how=step_optimizer)
