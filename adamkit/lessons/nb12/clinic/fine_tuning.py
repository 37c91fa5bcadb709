"""Cases in which fine-tuning destroys what was learned before."""

import copy
from functools import cache

import torch

from adamkit import schedules
from adamkit.lessons.nb12.clinic.layer_cases import layerwise
from adamkit.lessons.nb12.clinic.patient import Case, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled, train
from adamkit.lessons.nb12.clinic.rate_cases import all_digits
from adamkit.training.data import Classification, batches
from adamkit.training.models import MLP

PRETRAINED_ON = 1200  # rows; the others are left to fine-tune on
ROWS, BATCH, STEPS = 60, 20, 120


def network():
    """The network that is trained first and fine-tuned later."""
    return MLP((64, 64, 64, 10))


@cache
def knowledge(seed):
    """Weights trained on the first 1200 rows for 300 steps."""
    data = all_digits()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for rows in batches(PRETRAINED_ON, 64, 300, seed=seed):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(data.x_train[rows]), data.y_train[rows]).backward()
        optimizer.step()
    return {name: value.clone() for name, value in model.state_dict().items()}


def load(model, seed):
    """Put the pre-trained weights into the model."""
    model.load_state_dict(knowledge(seed))


def shifted(images):
    """Digits moved by a pixel to the right, as from a scanner that is not aligned."""
    return torch.roll(images.reshape(-1, 8, 8), 1, 2).reshape(-1, 64)


def few(inputs, targets, data):
    """The rows that pre-training has not seen, 60 of them, with these inputs and targets."""
    part = slice(PRETRAINED_ON, PRETRAINED_ON + ROWS)
    return Classification(inputs[part], targets[part], data.x_test, data.y_test, classes=10)


def new_labels(*, groups=None, seed=0):
    """Fine-tune on new labels and old inputs: 60 rows, each label three off, under an output layer that starts afresh.

    Args:
        groups: (model, lr) → parameter groups, such as ``layerwise(0.1)``; None for one group.
        seed: of the weights and the batches.

    Returns:
        (loss on the new labels, loss on the old ones with the old output layer put back), both on the test rows.
    """
    data, kept = all_digits(), []

    def prepare(model, seed):
        load(model, seed)
        kept.extend((model, copy.deepcopy(model[-1])))
        model[-1].reset_parameters()

    new = few(data.x_train, (data.y_train + 3) % 10, data)
    train(Plan(network, shuffled(new, BATCH), lr=1e-2, steps=STEPS, prepare=prepare, groups=groups), seed=seed)
    model, head = kept
    learned = torch.nn.functional.cross_entropy(model(data.x_test), (data.y_test + 3) % 10).item()
    model[-1] = head
    return learned, torch.nn.functional.cross_entropy(model(data.x_test), data.y_test).item()


def with_replay(new, old):
    """A feed that adds a batch of the old rows to each batch of the new ones."""

    def feed(seed, steps):
        rows = batches(PRETRAINED_ON, BATCH, steps, seed=seed + 1)
        for again, (inputs, targets, number) in zip(rows, shuffled(new, BATCH)(seed, steps)):
            yield torch.cat([inputs, old.x_train[again]]), torch.cat([targets, old.y_train[again]]), number

    return feed


def _shift():
    data = all_digits()
    new = few(shifted(data.x_train), data.y_train, data)
    plan = Plan(network, shuffled(new, BATCH), lr=1e-2, steps=STEPS, prepare=load, every=5,
                validation=(data.x_test, data.y_test))  # fmt: skip
    return plan, {
        "replay": Treatment("mix old rows into each batch", {"feed": with_replay(new, data)}, True,
                            "what is still practised is not forgotten"),
        "lower rate": Treatment("a hundredth of the rate", {"lr": 1e-4}, True,
                                "it forgets less; it also learns the new scanner more slowly"),
        "first layers faster": Treatment("a tenth of the rate for each layer towards the output",
                                         {"groups": layerwise(0.1, first=True)}, False,
                                         "half as much is forgotten, but much still is"),
        "layer-wise decay": Treatment("a tenth of the rate for each layer towards the input",
                                      {"groups": layerwise(0.1)}, False,
                                      "the inputs have changed, so it is the first layer that must move"),
        "warmup": Treatment("warmup and linear decay", {"schedule": schedules.warmup_linear(warmup=40, total=STEPS)},
                            False, "it arrives at the same rate, later"),
        "clipping": Treatment("clip the gradient to norm 0.5", {"clip": 0.5}, False,
                              "Adam divides by the gradient's size anyway; here even more is forgotten"),
    }  # fmt: skip


_PLAN, _TREATMENTS = _shift()

FORGETTING = Case(
    name="forgetting",
    disease="forgetting",
    story="A network that reads digits well is fine-tuned on 60 images of a scanner that is not aligned. The "
    "validation rows are those of the old scanner.",
    plan=_PLAN,
    treatments=_TREATMENTS,
    measure=lambda run: float(run.validation[-1]),
    measured="validation loss on the old task at the end",
    good=0.5,
)

CASES = (FORGETTING,)
