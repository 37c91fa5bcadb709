"""Cases in which layers learn at different speeds, or none learns at all."""

import torch

from adamkit import schedules
from adamkit.lessons.nb12.clinic.patient import Case, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled
from adamkit.lessons.nb12.clinic.rate_cases import all_digits
from adamkit.training.models import MLP


def sigmoid_network():
    """Two hidden layers of sigmoids, each of which passes on at most a quarter of the gradient."""
    layers = []
    for _ in range(2):
        layers += [torch.nn.Linear(64, 64), torch.nn.Sigmoid()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(64, 10))


VANISHING = Case(
    name="vanishing",
    disease="uneven_layers",
    story="Two hidden layers of sigmoids and SGD with momentum. It learns, but oh so slowly.",
    plan=Plan(
        sigmoid_network,
        shuffled(all_digits(), 32),
        lr=0.05,
        steps=300,
        optimizer=torch.optim.SGD,
        hypers={"momentum": 0.9},
    ),
    treatments={
        "Adam": Treatment("torch's Adam at 0.01",
                          {"optimizer": lambda params, lr, momentum: torch.optim.Adam(params, lr=0.01)}, True,
                          "each parameter's step has the same length, however small its gradient"),
        "other activation": Treatment("tanh instead of sigmoid",
                                      {"model": lambda: MLP((64, 64, 64, 10), activation="tanh")}, True,
                                      "its slope is 1 at 0, not a quarter"),
        "higher rate": Treatment("five times the rate", {"lr": 0.25}, True,
                                 "with two layers it is enough; with three it is not"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "it shortens all layers by the same factor"),
        "warmup": Treatment("warm up over 100 steps", {"schedule": schedules.linear_warmup(warmup=100)}, False,
                            "the rate was not too high"),
    },
    good=0.2,
)  # fmt: skip


def layerwise(factor, *, first=False):
    """Groups whose rate falls by ``factor`` a layer, from the output down; or from the input up with ``first``."""

    def groups(model, lr):
        layers = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
        for place, layer in enumerate(layers):
            depth = place if first else len(layers) - 1 - place
            yield {"params": list(layer.parameters()), "lr": lr * factor**depth}

    return lambda model, lr: list(groups(model, lr))


UNEVEN_GROUPS = Case(
    name="uneven_groups",
    disease="uneven_layers",
    story="The parameter groups came from a fine-tuning recipe. This network starts from scratch.",
    plan=Plan(
        lambda: MLP((64, 64, 64, 64, 10), activation="tanh"),
        shuffled(all_digits(), 32),
        lr=3e-3,
        steps=300,
        groups=layerwise(0.1),
    ),
    treatments={
        "one rate": Treatment("one rate for all layers", {"groups": None}, True,
                              "Adam has evened out the gradients already"),
        "higher rate": Treatment("ten times the rate", {"lr": 0.03}, None,
                                 "the first layers move, and the last one is at the edge"),
        "longer": Treatment("twice as many steps", {"steps": 600}, False,
                            "the rate of the first layer stays a thousand times smaller"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False, "the groups stay"),
    },
    good=0.1,
)  # fmt: skip

FLAT = Case(
    name="flat",
    disease="flat_from_start",
    story="The loss has not moved. The gradients are there, the optimizer is there, nothing is frozen.",
    plan=Plan(
        lambda: MLP((64, 64, 10)),
        shuffled(all_digits(), 32),
        lr=1e-3,
        steps=300,
        schedule=schedules.linear_warmup(warmup=100_000),
    ),
    treatments={
        "warmup in steps": Treatment("warm up over 100 steps", {"schedule": schedules.linear_warmup(warmup=100)}, True,
                                     "the warmup was given in samples; the rate never left the ground"),
        "higher rate": Treatment("ten times the rate", {"lr": 1e-2}, False, "ten times almost nothing"),
        "longer": Treatment("twice as many steps", {"steps": 600}, False,
                            "the rate is still below a hundredth of its peak"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False, "no gradient is too large"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "the step is a share of the rate, and there is no rate"),
    },
    good=0.6,
)  # fmt: skip

CASES = (FLAT, VANISHING, UNEVEN_GROUPS)
