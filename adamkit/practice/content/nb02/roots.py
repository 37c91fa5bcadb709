"""Exercise 02-roots: the factor per step of the heavy ball, from the two roots of its recursion."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise

words = words_of(__name__)


def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()


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


ROOTS = Exercise(**words("02-roots", factor), cases=_cases)

EXERCISES = (ROOTS,)
