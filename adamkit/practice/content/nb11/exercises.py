"""Exercises of notebook 11: the time scale of decay, and those of the modules beside this one."""

from adamkit.practice.content.nb11.noise import NOISE
from adamkit.practice.content.nb11.rebatching import REBATCH
from adamkit.practice.content.nb11.widths import MUP
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    epochs = batch / (lr * weight_decay * rows)
    return new_batch / (new_lr * epochs * new_rows)


def _decay_by(formula):
    def made(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
        return weight_decay * formula(lr / new_lr, rows / new_rows, batch / new_batch)

    return made


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


DECAY = Exercise(
    key="11-decay-time",
    title="λ when data and batch change",
    statement="""
        AdamW's weights average its updates over 1/(ηλ) steps. An epoch has rows/batch steps, so that is
        batch/(η λ rows) **epochs**. A run was tuned at `lr`, `weight_decay`, `rows` and `batch`. Return the weight
        decay with which the new run, at `new_lr`, `new_rows` and `new_batch`, averages over as many epochs.

        ```python
        def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
            return ...
        ```
    """,
    solution_code=new_decay,
    cases=_decay_cases,
    minutes=4,
    mistakes=(
        Mistake("λ stays", "η, the data or the batch have changed, and with them the time scale.",
                _decay_by(lambda eta, rows, batch: 1.0)),
        Mistake("in steps, not epochs",
                "You keep 1/(ηλ) in *steps*. An epoch of the new run has another number of them.",
                _decay_by(lambda eta, rows, batch: eta)),
        Mistake("the data are forgotten", "With more rows an epoch has more steps, and λ must fall.",
                _decay_by(lambda eta, rows, batch: eta / batch)),
        Mistake("the batch is forgotten", "With a larger batch an epoch has fewer steps, and λ must rise.",
                _decay_by(lambda eta, rows, batch: eta * rows)),
        Mistake("the rate is forgotten", "Decay acts as ηλ. Where η changes, λ must make up for it.",
                _decay_by(lambda eta, rows, batch: rows / batch)),
        Mistake("upside down in the data", "More data make more steps an epoch, so λ must *fall*.",
                _decay_by(lambda eta, rows, batch: eta / rows / batch)),
        Mistake("upside down in the batch", "A larger batch makes fewer steps an epoch, so λ must *rise*.",
                _decay_by(lambda eta, rows, batch: eta * rows * batch)),
        Mistake("upside down in the rate", "A higher rate decays more by itself, so λ must *fall*.",
                _decay_by(lambda eta, rows, batch: rows / batch / eta)),
        Mistake("the time scale itself", "That is the number of epochs that is to stay the same. Solve for the new λ.",
                lambda lr, weight_decay, rows, batch, *new: batch / (lr * weight_decay * rows)),
    ),
    hints=(
        "Write batch/(η λ rows) for both runs, and set them equal.",
        "λ' = λ · (η/η') · (rows/rows') · (batch'/batch).",
    ),
    explanation="""
        Ten times the data: a tenth of λ. Four times the batch with η doubled: twice λ. Wang & Aitchison (2025) find
        the best time scale in epochs to be about constant; Bergsma et al. (2025) let it fall as tokens per parameter
        grow.
    """,
)

EXERCISES = (NOISE, REBATCH, MUP, DECAY)
