"""Exercise of notebook 11: the square-root rule, from one configuration to another."""

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case

words = words_of(__name__)


def rebatch(config, batch):
    kappa = batch / config["batch"]
    return {
        "batch": batch,
        "lr": config["lr"] * kappa**0.5,
        "beta1": 1 - kappa * (1 - config["beta1"]),
        "beta2": 1 - kappa * (1 - config["beta2"]),
        "eps": config["eps"] / kappa**0.5,
        "warmup": config["warmup"] / kappa,
        "steps": config["steps"] / kappa,
    }


def _rebatch_cases(rng):
    def case(name, kappa, **values):
        config = {"batch": 32, "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "warmup": 400, "steps": 8000}
        config |= values
        return Case(name, {"config": config, "batch": config["batch"] * kappa})

    odd = {"lr": float(rng.uniform(1e-4, 1e-2)), "beta1": float(rng.uniform(0.85, 0.95)),
           "beta2": float(rng.uniform(0.98, 0.999)), "eps": float(10 ** rng.uniform(-9, -5))}
    return [
        case("four times the batch", 4),
        case("the same batch", 1),
        case("twice the batch, other settings", 2, **odd),
        case("a quarter of the batch", 0.25),
        case("eight times the batch, β₁ = 0.95", 8, beta1=0.95, batch=16),
        case("β₁ = 0, which cannot change at κ = 1", 1, beta1=0.0),
        case("three times the batch, no warmup", 3, warmup=0, beta2=0.95),
    ]


REBATCH = Exercise(**words("11-rebatch", rebatch), cases=_rebatch_cases)
