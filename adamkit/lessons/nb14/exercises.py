"""Exercises of notebook 14: two small calculations that interviewers ask for at the board."""

from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise

words = words_of(__name__)


def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices


def _byte_cases(rng):
    def case(name, *values):
        return plays.Case(name, dict(zip(("weight", "gradient", "master", "state", "devices"), values)))

    return [
        case("AdamW, mixed precision, one device", 2, 2, 4, 8, 1),
        case("the same on eight devices", 2, 2, 4, 8, 8),
        case("SGD with momentum in float32", 4, 4, 0, 4, 1),
        case("plain SGD with a copy, two devices", 2, 2, 4, 0, 2),
        case("8-bit state, four devices", 2, 2, 4, 2.031, 4),
        case("weights of 4 bytes beside a copy", 4, 2, 4, 8, 100),
        case("odd numbers", *(float(x) for x in rng.uniform(1, 8, 4)), int(rng.integers(2, 64))),
    ]


BYTES = Exercise(**words("14-bytes", training_bytes), cases=_byte_cases)


def first_weight(beta, t, corrected):
    """Weight of the first gradient in the average after t steps."""
    if corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta**t)
    return beta ** (t - 1)


def _weight_cases(rng):
    drawn = float(rng.uniform(0.6, 0.99)), int(rng.integers(2, 40))
    pairs = [(0.9, 1), (0.9, 2), (0.9, 10), (0.999, 100), (0.5, 3), (0.9, 200), (0.999, 600), drawn]
    return [
        plays.Case(f"β = {beta:.3g}, t = {t}, {'corrected' if corrected else 'begun at the first gradient'}",
                   {"beta": beta, "t": t, "corrected": corrected})
        for place, (beta, t) in enumerate(pairs) for corrected in (place % 2 == 0, place % 2 == 1)
    ]  # fmt: skip


FIRST_WEIGHT = Exercise(**words("14-first-weight", first_weight), cases=_weight_cases)

EXERCISES = (BYTES, FIRST_WEIGHT)
