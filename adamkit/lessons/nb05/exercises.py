"""Exercises of notebook 05: AdamW, its parameter groups, and what λ = 0 hides."""

from functools import partial

import numpy as np

from adamkit.lessons.nb05.groups import PARAM_GROUPS
from adamkit.practice.cases import odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise
from adamkit.practice.plays import step_optimizer
from adamkit.practice.values import Tolerance

words = words_of(__name__)


class AdamW:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            p -= self.lr * self.weight_decay * p  # the line that Adam does not have
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


adamw_case = partial(optimizer_case, spread=3.0)  # far enough from zero for the decay to show


def adamw_cases(rng):
    """The defaults, strong decay, none, large and tiny gradients, no gradient at all, float32."""
    return [
        adamw_case("one parameter, the default settings", rng, [(3,)], steps=5),
        adamw_case("strong decay", rng, [(4,)], steps=6, lr=0.1, weight_decay=0.5),
        adamw_case("no decay", rng, [(3,)], steps=4, lr=0.1, weight_decay=0.0),
        adamw_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=4, lr=0.01, weight_decay=0.1),
        adamw_case("large gradients", rng, [(3,)], steps=5, scale=1e3, lr=0.1, weight_decay=0.1),
        adamw_case("tiny gradients", rng, [(3,)], steps=5, scale=1e-6, lr=0.1, weight_decay=0.1),
        adamw_case("gradients that are zero", rng, [(2,)], steps=3, scale=0.0, lr=0.1, weight_decay=0.1),
        adamw_case("other betas and a large ε", rng, [(3,)], steps=30, lr=0.1, beta1=0.8, beta2=0.95, eps=0.1),
        *odd_optimizer_cases(rng, weight_decay=0.1),
    ]


ADAMW = Exercise(**words("05-adamw", AdamW), cases=adamw_cases, how=step_optimizer)


def first_step(*, l2=True, scaled=True, normalised=True, sign=1.0):
    """θ after one step from 1 with η = 0.1 and g = 2: Adam + L2 at λ = 0.5, AdamW at 0.5, AdamW at 0."""
    eta, weight_decay, g = 0.1, 0.5, 2.0
    inside = 1 - eta * (1.0 if normalised else g + weight_decay)
    decay = (eta if scaled else 1.0) * weight_decay * sign
    own_step = eta * (1.0 if normalised else g)
    beside = 1 - decay - own_step
    return [inside if l2 else beside, beside, 1 - own_step]


ZERO_DECAY = NumberExercise(**words("05-zero-decay", first_step()), tolerance=Tolerance(rtol=0, atol=6e-4))

EXERCISES = (ADAMW, PARAM_GROUPS, ZERO_DECAY)
