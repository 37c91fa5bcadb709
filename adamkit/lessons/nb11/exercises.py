"""Exercises of notebook 11: the noise scale, the square-root rule, the time scale of decay; μP's stands beside this."""

import numpy as np

from adamkit.lessons.nb11.widths import MUP
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case

words = words_of(__name__)


def noise_scale(small_gradients, large_gradients, small, large):
    small_square = np.mean(np.sum(small_gradients**2, axis=1))
    large_square = np.mean(np.sum(large_gradients**2, axis=1))
    signal = (large * large_square - small * small_square) / (large - small)
    noise = (small_square - large_square) / (1 / small - 1 / large)
    return noise / signal


def _gradient_cases(rng):
    def case(name, small, large, draws=(60, 40), size=30, mean=0.5, louder=1.0):
        true = rng.normal(size=size) * mean
        grads = [true + rng.normal(size=(n, size)) * rng.uniform(0.5, 2, size=size) / np.sqrt(batch)
                 for n, batch in zip(draws, (small, large))]
        return Case(name, {"small_gradients": grads[0], "large_gradients": louder * grads[1], "small": small,
                           "large": large})  # fmt: skip

    return [
        case("batches of 8 and 128", 8, 128),
        case("batches of 1 and 64", 1, 64),
        case("neighbouring sizes", 16, 32, draws=(400, 300)),
        case("one large batch only", 4, 256, draws=(50, 1)),
        case("much noise", 8, 512, mean=0.1, draws=(100, 100)),
        case("few parameters", 2, 32, size=3, mean=1.0),
        case("random sizes", int(rng.integers(2, 10)), int(rng.integers(50, 100))),
        case("few batches, tr Σ comes out below zero", 8, 16, draws=(3, 2), louder=3.0),
        case("few batches, |G|² comes out below zero", 8, 16, draws=(3, 2), louder=0.2),
    ]


NOISE = Exercise(**words("11-noise-scale", noise_scale), cases=_gradient_cases)


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
        case("eight times the batch, β₁ = 0.95", 8, beta1=0.95, batch=16, lr=0.5),
        case("β₁ = 0, which cannot change at κ = 1", 1, beta1=0.0),
        case("three times the batch, no warmup", 3, warmup=0, beta2=0.95),
    ]


REBATCH = Exercise(**words("11-rebatch", rebatch), cases=_rebatch_cases)


def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    epochs = batch / (lr * weight_decay * rows)
    return new_batch / (new_lr * epochs * new_rows)


def _decay_cases(rng):
    names = ("lr", "weight_decay", "rows", "batch", "new_lr", "new_rows", "new_batch")

    def case(name, *values):
        return Case(name, dict(zip(names, values)))

    free = (rng.uniform(1e-4, 1e-2), rng.uniform(0.01, 0.5), 5000, 32, rng.uniform(1e-4, 1e-2), 70_000, 256)
    return [
        case("ten times the data", 1e-3, 0.1, 50_000, 128, 1e-3, 500_000, 128),
        case("four times the batch, η doubled", 1e-3, 0.1, 50_000, 128, 2e-3, 50_000, 512),
        case("half the rate", 1e-3, 0.1, 50_000, 128, 5e-4, 50_000, 128),
        case("nothing changes", 3e-4, 0.05, 1000, 10, 3e-4, 1000, 10),
        case("everything changes", *map(float, free)),
        case("less data, a smaller batch", 2e-3, 0.2, 100_000, 512, 1e-3, 20_000, 64),
        case("a thousand times the data, a higher rate", 1e-4, 0.05, 50_000, 128, 2e-3, 50_000_000, 128),
        case("little data, a lower rate", 1e-3, 0.3, 50_000, 128, 2e-4, 3000, 128),
    ]


DECAY = Exercise(**words("11-decay-time", new_decay), cases=_decay_cases)

EXERCISES = (NOISE, REBATCH, MUP, DECAY)
