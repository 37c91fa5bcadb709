"""Exercises of notebook 04: the correction factor, the whole class, three steps by hand."""

import numpy as np

from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise
from adamkit.practice.plays import step_optimizer
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def correction_factor(beta, t):
    # After t steps the weights (1−β)βᵗ⁻ⁱ, i = 1…t, sum to 1 − βᵗ; dividing by that sum makes an average of them.
    return 1 / (1 - beta**t)


def factor_cases(rng):
    """Single steps, the defaults, no memory at all, and many steps at once."""
    cases = [
        Case("the first step", {"beta": 0.9, "t": 1}),
        Case("the slow average at its first step", {"beta": 0.999, "t": 1}),
        Case("after a while", {"beta": 0.9, "t": 12}),
        Case("almost full", {"beta": 0.999, "t": 4603}),
        Case("no memory", {"beta": 0.0, "t": 1}),
        Case("many steps at once", {"beta": 0.95, "t": np.arange(1, 41)}),
        Case("some steps, in no order", {"beta": 0.99, "t": np.array([7, 500, 1, 32])}),
        Case("an array of one step", {"beta": 0.9, "t": np.array([3])}),
    ]
    for _ in range(3):
        cases.append(Case("random", {"beta": float(rng.uniform(0.5, 0.999)), "t": int(rng.integers(2, 60))}))
    return cases


BIAS_CORRECTION = Exercise(**words("04-bias-correction", correction_factor), cases=factor_cases)


class Adam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def adam_cases(rng):
    """Defaults and other betas, equal and unequal shapes, one element, zero and tiny gradients, float32."""
    return [
        optimizer_case("one parameter, the default settings", rng, [(3,)], steps=5),
        optimizer_case("two parameters of one shape", rng, [(2, 2), (2, 2)], steps=4, lr=0.1),
        optimizer_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=4, lr=0.01),
        optimizer_case("other betas, many steps", rng, [(3,)], steps=60, lr=0.1, beta1=0.8, beta2=0.95),
        *odd_optimizer_cases(rng),
    ]


ADAM = Exercise(**words("04-adam", Adam), cases=adam_cases, how=step_optimizer)


def three_steps(
    correct_m=True, correct_v=True, *, sign=1.0, root=True, only_sign=False, positions=True, betas=(0.5, 0.75)
):
    """θ after each of three steps from θ = 1 with η = 0.1, ε = 0 and gradients 2, 2, −2; or the steps themselves."""
    beta1, beta2 = betas
    theta, m, v, kept = 1.0, 0.0, 0.0, []
    for t, g in enumerate((2.0, 2.0, -2.0), 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t) if correct_m else m
        v_hat = v / (1 - beta2**t) if correct_v else v
        move = 0.1 * m_hat / (v_hat**0.5 if root else v_hat)
        move = 0.1 * np.sign(g) if only_sign else sign * move
        theta -= move
        kept.append(theta if positions else move)
    return kept


FIRST_THREE_STEPS = NumberExercise(
    **words("04-first-three-steps", three_steps()), tolerance=Tolerance(rtol=0, atol=6e-4)
)

EXERCISES = (BIAS_CORRECTION, ADAM, FIRST_THREE_STEPS)
