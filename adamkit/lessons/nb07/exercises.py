"""Exercises of notebook 07: the rate at the switch, and both sides of an argument."""

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, TextExercise
from adamkit.practice.plays import Case

words = words_of(__name__)


def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * (p @ p) / -(p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))


def _cases(rng):
    def case(name, count, size, beta1=0.9, beta2=0.99, rate=0.02, uphill=()):
        gradients = [rng.normal(size=size) for _ in range(count)]
        # Adam's steps: downhill but for some, each coordinate at a rate of its own
        steps = [-rng.uniform(0.05 * rate, rate, size=size) * g for g in gradients]
        steps = [-p if t in uphill else p for t, p in enumerate(steps)]
        return Case(name, {"steps": steps, "gradients": gradients, "beta1": beta1, "beta2": beta2})

    count = int(rng.integers(4, 9))
    return [
        case("a few steps", count, 5),
        case("a single step", 1, 4),
        case("one parameter", 6, 1),
        case("other betas", 5, 3, beta1=0.5, beta2=0.8),
        case("a long average", 30, 6, beta2=0.999),
        case("no momentum", 4, 3, beta1=0.0),
        case("a few steps uphill", 7, 4, uphill=(1, 5)),
        case("more uphill than down", 4, 3, uphill=(1, 2, 3)),
        case("many parameters, long steps", 8, 300, beta2=0.9, rate=30.0),
    ]


MATCHING = Exercise(**words("07-switch-rate", switch_rate), cases=_cases)

ARGUE = TextExercise(**words("07-argue"))
