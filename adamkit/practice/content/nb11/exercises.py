"""Exercises of notebook 11: the time scale of decay, and those of the modules beside this one."""

from adamkit.practice.content.nb11.noise import NOISE
from adamkit.practice.content.nb11.rebatching import REBATCH
from adamkit.practice.content.nb11.widths import MUP
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case

words = words_of(__name__)


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
    ]


DECAY = Exercise(**words("11-decay-time", new_decay), cases=_decay_cases)

EXERCISES = (NOISE, REBATCH, MUP, DECAY)
