"""Exercise of notebook 11: the gradient noise scale from two batch sizes."""

import numpy as np

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
    def case(name, small, large, draws=(60, 40), size=30, mean=0.5):
        true = rng.normal(size=size) * mean
        grads = [true + rng.normal(size=(n, size)) * rng.uniform(0.5, 2, size=size) / np.sqrt(batch)
                 for n, batch in zip(draws, (small, large))]
        return Case(name, {"small_gradients": grads[0], "large_gradients": grads[1], "small": small, "large": large})

    return [
        case("batches of 8 and 128", 8, 128),
        case("batches of 1 and 64", 1, 64),
        case("neighbouring sizes", 16, 32, draws=(400, 300)),
        case("one large batch only", 4, 256, draws=(50, 1)),
        case("much noise", 8, 512, mean=0.1, draws=(100, 100)),
        case("few parameters", 2, 32, size=3, mean=1.0),
        case("random sizes", int(rng.integers(2, 10)), int(rng.integers(50, 100))),
    ]


NOISE = Exercise(**words("11-noise-scale", noise_scale), cases=_gradient_cases)
