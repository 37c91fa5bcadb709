"""Exercises of notebook 02: the heavy ball kept as an average, and half-lives by hand; Nesterov is beside it."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.content.nb02.nesterov import NESTEROV
from adamkit.practice.exercises import Exercise, Mistake, NumberExercise


def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    theta = theta - lr / (1 - beta) * m
    return theta, m


def _unscaled(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * m, m


def _scaled_the_wrong_way(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * (1 - beta) * m, m


def _sum_kept(theta, m, g, lr, beta):
    m = beta * m + g
    return theta - lr * m, m


def _old_average(theta, m, g, lr, beta):
    return theta - lr / (1 - beta) * m, beta * m + (1 - beta) * g


def _weights_swapped(theta, m, g, lr, beta):
    m = (1 - beta) * m + beta * g
    return theta - lr / (1 - beta) * m, m


def _first_one_whole(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g if m.any() else g
    return theta - lr / (1 - beta) * m, m


def _uphill(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta + lr / (1 - beta) * m, m


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


HEAVY_BALL = Exercise(
    key="02-heavy-ball",
    title="a heavy ball that keeps an average",
    statement="""
        Write one step `heavy_ball_step(theta, m, g, lr, beta)` that returns the new `theta` and the new `m`.
        Its memory `m` must be the **average** of the gradients, m ← βm + (1−β)g. Its path must be the **heavy
        ball's** at the rate `lr`: the path of b ← βb + g, θ ← θ − lr·b. Both results are new arrays; what was handed
        over stays as it is.

        ```python
        def heavy_ball_step(theta, m, g, lr, beta):
            return ...  # the new theta, the new m
        ```
    """,
    solution_code=heavy_ball_step,
    cases=_step_cases,
    mistakes=(
        Mistake(
            "the average's own path",
            "Your ball moves by lr·m, and m is 1−β times the heavy ball's buffer b. So it walks at a tenth of the "
            "speed when β = 0.9. Which factor turns m back into b?",
            _unscaled,
        ),
        Mistake(
            "rescaled in the wrong direction",
            "You multiplied the rate by 1−β. But m is already too small by that factor: b = m/(1−β).",
            _scaled_the_wrong_way,
        ),
        Mistake(
            "a sum where an average was asked",
            "The path is right, but your memory is b ← βb + g, the heavy ball's own sum. Keep the average, and "
            "rescale when you step.",
            _sum_kept,
        ),
        Mistake(
            "the step uses the old average",
            "The new gradient must enter m first; then θ moves by the *new* m. As it is, every gradient acts one "
            "step late.",
            _old_average,
        ),
        Mistake(
            "β and 1 − β swapped",
            "The memory keeps the share β of itself and takes the share 1−β of the new gradient. With them swapped, "
            "β = 0.9 forgets almost everything at once.",
            _weights_swapped,
        ),
        Mistake(
            "the first gradient is taken whole",
            "From rest you set m = g. That is how torch's `dampening` begins, and why it is not an average of the "
            "gradients: the first one counts 1/(1−β) times as much. Average from zero on.",
            _first_one_whole,
        ),
        Mistake("uphill", "The gradient points uphill, so subtract.", _uphill),
    ),
    hints=(
        "Write both recursions below each other, from zero: b₁ = g₁ and m₁ = (1−β)g₁. And b₂, m₂?",
        "m is (1−β)·b at every step. So the heavy ball's move lr·b is which multiple of m?",
    ),
    explanation="From zero, m = (1−β)b after every step, so lr·b = lr/(1−β)·m: the effective rate times the average.",
    minutes=5,
)


HALF_LIFE = NumberExercise(
    key="02-half-life",
    title="half-lives by hand",
    statement="""
        After how many steps has the weight of a gradient in the average fallen to one half? Give the numbers for
        β = 0.9, 0.99 and 0.999 as a list, each to 1%. They need not be whole. Calculator allowed, optimizer not.
    """,
    solution_code=[6.5788, 68.968, 692.80],
    mistakes=(
        Mistake(
            "the window, not the half-life",
            "1/(1−β) is the number of steps that carry about two thirds of the weight. The half-life is shorter.",
            [10, 100, 1000],
        ),
        Mistake(
            "the mean age, not the half-life",
            "β/(1−β) is the *average* age of what is remembered. A few very old gradients pull it up, beyond the "
            "half-life.",
            [9, 99, 999],
        ),
        Mistake(
            "ln 2/(1−β)",
            "That is the limit for β near 1, and 5% too long at β = 0.9. The exact exponent solves βʰ = ½.",
            [6.9315, 69.315, 693.15],
        ),
        Mistake(
            "rounded to whole steps",
            "The numbers need not be whole, and 7 is 6% away from what βʰ = ½ gives at β = 0.9.",
            [7, 69, 693],
        ),
        Mistake("upside down", "You divided ln β by ln ½. It is the other way round.", [0.1520, 0.01450, 0.001443]),
        Mistake(
            "a logarithm to base ten, or a tenth",
            "These are the steps to a *tenth* of the weight: ln 0.1/ln β. The question is about one half.",
            [21.854, 229.105, 2301.43],
        ),
    ),
    hints=(
        "A gradient of age k has the weight (1−β)βᵏ. Its weight when new was 1−β.",
        "So βʰ = ½. Take logarithms on both sides.",
    ),
    worked="h = ln ½ / ln β: 6.58, 69.0 and 692.8 steps. Near β = 1 it is about 0.69/(1−β), since ln β ≈ −(1−β).",
    minutes=4,
)

EXERCISES = (HEAVY_BALL, NESTEROV, HALF_LIFE)
