"""Cases whose cause is the data: wrong labels, wrong order, too few rows."""

import torch

from adamkit.lessons.nb12.clinic.patient import Case, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled
from adamkit.lessons.nb12.clinic.rate_cases import all_digits
from adamkit.training.data import batches, digits
from adamkit.training.models import MLP

BATCH = 32
BAD = 7  # number of the mislabelled batch


def shards(data, *, bad=None):
    """A feed of fixed batches in fixed order, as files on a disk; in the ``bad`` one every label is three off."""

    def feed(seed, steps):
        order = batches(len(data.x_train), BATCH, len(data.x_train) // BATCH, seed=seed)
        for step in range(steps):
            number = step % len(order)
            targets = data.y_train[order[number]]
            yield data.x_train[order[number]], (targets + 3) % data.classes if number == bad else targets, number

    return feed


def sorted_by_class(data):
    """A feed of the rows in the order of their classes, as a folder for each class would give them."""
    order = torch.argsort(data.y_train, stable=True)

    def feed(seed, steps):
        count = len(order) // BATCH
        for step in range(steps):
            rows = order[step % count * BATCH :][:BATCH]
            yield data.x_train[rows], data.y_train[rows], step % count

    return feed


def _network():
    return MLP((64, 64, 10))


def _held_out(data):
    return data.x_test, data.y_test


MISLABELLED = Case(
    name="mislabelled",
    disease="bad_data",
    story="The loss looks fine, but for a spike that comes back once an epoch.",
    plan=Plan(_network, shards(all_digits(), bad=BAD), lr=3e-3, steps=294, validation=_held_out(all_digits())),
    treatments={
        "fix the data": Treatment("give the batch its labels back", {"feed": shards(all_digits())}, True,
                                  "it was the data"),
        "clipping": Treatment("clip the gradient to norm 0.5", {"clip": 0.5}, False,
                              "the wrong batch pulls less, and is wrong all the same"),
        "lower rate": Treatment("a tenth of the rate", {"lr": 3e-4}, False, "everything is learned more slowly"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "v forgets the spike sooner, and meets it again an epoch later"),
    },
    measure=lambda run: float(run.losses[-84:].max()),
    measured="largest loss of a batch in the last two epochs",
    good=0.8,
)  # fmt: skip

UNSHUFFLED = Case(
    name="unshuffled",
    disease="bad_data",
    story="The data set is a folder for each class, and was read in that order. The loss saws up and down.",
    plan=Plan(_network, sorted_by_class(all_digits()), lr=3e-3, steps=294, validation=_held_out(all_digits())),
    treatments={
        "shuffle": Treatment("shuffle the rows", {"feed": shuffled(all_digits(), BATCH)}, True, "it was the order"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False, "the order stays"),
        "lower rate": Treatment("a tenth of the rate", {"lr": 3e-4}, False, "it forgets less, and learns less"),
        "more momentum": Treatment("β₁ from 0.9 to 0.99", {"hypers": {"betas": (0.99, 0.999)}}, False,
                                   "a memory of a hundred steps spans two epochs, and makes it worse"),
    },
    measure=lambda run: float(run.validation[-1]),
    measured="validation loss at the end",
    good=0.2,
)  # fmt: skip


def _few(rows=60, **changes):
    data = digits(rows=rows)
    return {"feed": shuffled(data, 20), "validation": _held_out(data), **changes}


OVERFITTING = Case(
    name="overfitting",
    disease="overfitting",
    story="The training loss is wonderful. The validation loss is not.",
    plan=Plan(lambda: MLP((64, 256, 256, 10)), lr=1e-2, steps=300, **_few()),
    treatments={
        "more data": Treatment("all 1348 rows instead of 60", {"feed": shuffled(all_digits(), 20)}, True,
                               "the only full cure"),
        "weight decay": Treatment("AdamW with λ = 1", {"optimizer": torch.optim.AdamW, "hypers": {"weight_decay": 1.0}},
                                  None, "it halves the damage; how far depends on the seed"),
        "lower rate": Treatment("a tenth of the rate", {"lr": 1e-3}, True,
                                "partly: 300 short steps are an early stop; but 1000 of them end lower, too"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "the optimizer is doing its work"),
        "smaller network": Treatment("8 hidden units instead of 512", {"model": lambda: MLP((64, 8, 10))},
                                     False, "8 units learn 60 rows by heart as well; with all rows they would do"),
        "longer": Treatment("twice as many steps", {"steps": 600}, False, "the training loss is zero already"),
    },
    measure=lambda run: float(run.validation[-1]),
    measured="validation loss at the end",
    good=0.5,
)  # fmt: skip

CASES = (MISLABELLED, UNSHUFFLED, OVERFITTING)
