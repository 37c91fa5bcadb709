"""Trainings with nothing wrong, on several tasks and optimizers: what must raise no alarm."""

import torch

from adamkit.lessons.nb12.clinic.data_cases import shards
from adamkit.lessons.nb12.clinic.patient import Case
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled
from adamkit.lessons.nb12.clinic.rate_cases import all_digits, to_zero
from adamkit.training.models import MLP
from adamkit.training.tasks import next_character


def _case(name, story, good, **plan):
    return Case(name=name, disease=None, story=story, plan=Plan(**plan), good=good)


def _transformer(name, norm, lr):
    task = next_character(norm=norm)
    return _case(
        name,
        f"A {norm}-LN transformer with warmup and cosine.",
        2.8,
        model=task.make_model,
        feed=shuffled(task.data, 16),
        loss=task.loss,
        lr=lr,
        steps=240,
        optimizer=torch.optim.AdamW,
        schedule=to_zero(240, warmup=24),
        clip=1.0,
        validation=(task.data.x_test[:64], task.data.y_test[:64]),
        every=24,
    )


def _digits(name, story, good, **plan):
    data = all_digits()
    plan = {"model": lambda: MLP((64, 64, 10)), "feed": shuffled(data, 32), "steps": 300, **plan}
    return _case(name, story, good, validation=(data.x_test, data.y_test), **plan)


CASES = (
    _digits("adam_on_digits", "Adam at 3e-3, a cosine to zero.", 0.2, lr=3e-3, schedule=to_zero(300)),
    _digits("adam_constant", "Adam at its default rate, never decayed, on the way down.", 0.4, lr=1e-3),
    _digits(
        "sgd_on_digits",
        "SGD with Nesterov momentum, a cosine to zero.",
        0.2,
        lr=0.05,
        optimizer=torch.optim.SGD,
        hypers={"momentum": 0.9, "nesterov": True},
        schedule=to_zero(300),
    ),
    _digits("fixed_batches", "The same batches in the same order, all of them sound.", 0.2, lr=3e-3,
            feed=shards(all_digits())),
    _transformer("pre_ln_transformer", "pre", 3e-3),
    _transformer("post_ln_transformer", "post", 3e-3),
)  # fmt: skip
