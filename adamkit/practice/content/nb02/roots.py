"""Exercise 02-roots: the factor per step of the heavy ball, from the two roots of its recursion."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercises import Exercise, Mistake


def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()


def _largest_real_part(eta_lam, beta):
    return np.roots([1, -(1 + beta - eta_lam), beta]).real.max()


def _smaller_root(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).min()


def _wrong_sign(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta + eta_lam), beta])).max()


def _coefficients_reversed(eta_lam, beta):
    return np.abs(np.roots([beta, -(1 + beta - eta_lam), 1])).max() if beta else 1 / (1 - eta_lam)


def _last_sign(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), -beta])).max()


def _always_swinging(eta_lam, beta):
    return np.sqrt(beta)


def _product(eta_lam, beta):
    return np.abs(np.prod(np.roots([1, -(1 + beta - eta_lam), beta])))


def _gradient_descent(eta_lam, beta):
    return abs(1 - eta_lam)


def _cases(rng):
    """Each kind of motion, its borders, no momentum, and a few at random."""
    named = {
        "creeping": (0.01, 0.5),
        "swinging": (0.5, 0.9),
        "flipping from side to side": (2.5, 0.3),
        "flying off": (4.0, 0.9),
        "no momentum, overshooting": (1.5, 0.0),
        "no momentum, creeping": (0.2, 0.0),
        "flat ground: nothing moves": (0.0, 0.7),
    }
    named |= {f"at random, {i}": (rng.uniform(0.05, 3.5), rng.uniform(0.05, 0.95)) for i in (1, 2, 3)}
    return [plays.Case(name, {"eta_lam": float(x), "beta": float(b)}) for name, (x, b) in named.items()]


ROOTS = Exercise(
    key="02-roots",
    title="the factor per step",
    statement="""
        Write `factor(eta_lam, beta)`: the larger |z| of the two solutions of z² − (1 + β − ηλ)z + β = 0. They may be
        complex. `np.roots([a, b, c])` solves az² + bz + c = 0.

        ```python
        def factor(eta_lam, beta):
            return ...
        ```
    """,
    solution_code=factor,
    cases=_cases,
    minutes=5,
    mistakes=(
        Mistake(
            "the largest real part",
            "A root of −0.9, or one of 0.6 + 0.6i, matters as much as one of +0.9: it is the *absolute value* that is "
            "raised to the power t.",
            _largest_real_part,
        ),
        Mistake(
            "the smaller root",
            "The distance is a sum of both powers, and the one that dies out more slowly remains: take the larger.",
            _smaller_root,
        ),
        Mistake(
            "the sign of ηλ",
            "The middle coefficient is −(1 + β − ηλ). With −(1 + β + ηλ) the ball would be driven uphill.",
            _wrong_sign,
        ),
        Mistake(
            "coefficients in reverse order",
            "np.roots takes the coefficient of z² first. Reversed, you get 1/z for each root.",
            _coefficients_reversed,
        ),
        Mistake(
            "the sign of the last coefficient",
            "The equation ends in + β: the two roots multiply to β.",
            _last_sign,
        ),
        Mistake(
            "√β always",
            "So it is while the roots are complex. Where they are real, one of them is larger than √β.",
            _always_swinging,
        ),
        Mistake("the product of the roots", "The product is always β. The factor is the larger of the two.", _product),
        Mistake("gradient descent's factor", "|1 − ηλ| is the case β = 0.", _gradient_descent),
    ),
    hints=(
        "The coefficients are 1, −(1 + β − ηλ) and β.",
        "np.abs of a complex number is its distance from 0. Then take the maximum.",
    ),
    explanation="Any solution of the recursion is A·z₁ᵗ + B·z₂ᵗ, so in the long run the larger |z| sets the pace.",
)

EXERCISES = (ROOTS,)
