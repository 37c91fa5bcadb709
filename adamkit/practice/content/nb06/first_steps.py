"""Exercise 06-step-length: how long Adam's steps are while its first moment is still filling."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.values import Tolerance


def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - beta1**t)


def _weights(t, beta1):
    return (1 - beta1) * beta1 ** np.arange(t)


def _uncorrected(t, beta1):
    return np.sqrt(np.sum(_weights(t, beta1) ** 2))


def _no_root(t, beta1):
    return step_length(t, beta1) ** 2


def _summed(t, beta1):
    return np.sum(_weights(t, beta1)) / (1 - beta1**t)


def _settled(t, beta1):
    return np.sqrt((1 - beta1) / (1 + beta1))


def _plain_mean(t, beta1):
    return 1 / np.sqrt(t)


def _corrected_twice(t, beta1):
    return step_length(t, beta1) / (1 - beta1**t)


def _root_of_the_correction(t, beta1):
    return np.sqrt(np.sum(_weights(t, beta1) ** 2) / (1 - beta1**t))


def _one_weight_too_few(t, beta1):
    return np.sqrt(np.sum(((1 - beta1) * beta1 ** np.arange(1, t)) ** 2)) / (1 - beta1**t)


def _one_step_late(t, beta1):
    return step_length(t + 1, beta1)


def _cases(rng):
    def case(name, t, beta1):
        return plays.Case(name, {"t": t, "beta1": beta1})

    return [
        case("the first step", 1, 0.9),
        case("the second", 2, 0.9),
        case("a few steps later", int(rng.integers(4, 9)), 0.9),
        case("when it has settled", 400, 0.9),
        case("a longer memory", 30, 0.98),
        case("a short memory", 3, 0.5),
        case("no memory", 5, 0.0),
        case("many steps", 5000, 0.99),
    ]


STEP_LENGTH = Exercise(
    key="06-step-length",
    title="how long is a step on noise?",
    statement="""
        Every gradient is fresh noise: independent from step to step, mean 0, variance 1. Then v̂ is about 1, and Adam's
        step is η·m̂. Return `step_length(t, beta1)`: the root of the mean square of m̂ at step t ≥ 1, with
        m₀ = 0, m ← β₁m + (1 − β₁)g and m̂ = m/(1 − β₁ᵗ). No drawing of random numbers; 0 ≤ β₁ < 1.

        ```python
        def step_length(t, beta1):
            return ...
        ```
    """,
    solution_code=step_length,
    cases=_cases,
    tolerance=Tolerance(rtol=1e-6, atol=1e-9),
    mistakes=(
        Mistake(
            "no bias correction",
            "That is the size of m. It starts at zero and grows; m̂ is m divided by 1 − β₁ᵗ, and starts at 1.",
            _uncorrected,
        ),
        Mistake("the mean square", "You return the variance. The length is its root.", _no_root),
        Mistake(
            "weights instead of their squares",
            "The weights of m̂ add up to 1, so this is 1 at every step. Variances add up with the *squares* of the "
            "weights.",
            _summed,
        ),
        Mistake(
            "the settled value",
            "√((1 − β₁)/(1 + β₁)) is where it ends, after many steps. At step 1 there is nothing to average.",
            _settled,
        ),
        Mistake("a plain mean", "1/√t is a mean of t equal weights. An exponential average forgets.", _plain_mean),
        Mistake("corrected twice", "You have divided by 1 − β₁ᵗ twice.", _corrected_twice),
        Mistake(
            "the correction under the root",
            "1 − β₁ᵗ divides m itself, so it divides the length, not the length's square.",
            _root_of_the_correction,
        ),
        Mistake(
            "the newest gradient is missing",
            "Your weights begin at β₁(1 − β₁). The newest gradient has the weight 1 − β₁.",
            _one_weight_too_few,
        ),
        Mistake("one step late", "After t steps m holds t gradients; yours holds t + 1.", _one_step_late),
    ),
    hints=(
        "m is a sum of t gradients, each with its weight. The gradient k steps back has the weight (1 − β₁)β₁ᵏ.",
        "The variance of a sum of independent terms is the sum of their variances: the squares of the weights, added.",
        "Then the root, and the division by 1 − β₁ᵗ.",
    ),
    explanation="""
        The squares are a geometric series, so there is a closed form:
        √((1 − β₁)/(1 + β₁) · (1 + β₁ᵗ)/(1 − β₁ᵗ)). It is 1 at t = 1 and falls to 0.23 for β₁ = 0.9.
    """,
    minutes=5,
)
