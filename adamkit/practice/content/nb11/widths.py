"""Exercise of notebook 11: μP's parameter groups for a given model."""

import copy
from itertools import pairwise

from adamkit.practice.cases import Case
from adamkit.practice.content.nb05.groups import settings_by_name
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import NotAttempted, refuse_non_function
from adamkit.practice.values import Odd


def mup_groups(model, base, lr):
    groups = []
    for p, small in zip(model.parameters(), base.parameters()):
        factor = small.shape[1] / p.shape[1] if p.ndim >= 2 else 1.0
        groups.append({"params": [p], "lr": lr * factor})
    return groups


def grouped_by(factor):
    """A solution whose rate is multiplied by ``factor(place, number of places, p, small)``."""

    def groups(model, base, lr):
        pairs = list(zip(model.parameters(), base.parameters()))
        return [{"params": [p], "lr": lr * factor(i, len(pairs), p, small)} for i, (p, small) in enumerate(pairs)]

    return groups


def _inputs(i, n, p, small):
    return small.shape[1] / p.shape[1] if p.ndim >= 2 else 1.0


def _outputs(i, n, p, small):
    return small.shape[0] / p.shape[0] if p.ndim >= 2 else 1.0


def width_cases(rng):
    """Networks at two widths: some layers grow by other factors than the rest."""
    from torch import nn

    def plain(*sizes):
        return nn.Sequential(*(nn.Linear(a, b) for a, b in pairwise(sizes)))

    def block(width):
        return nn.ModuleDict({"read": nn.Linear(5, width), "norm": nn.LayerNorm(width),
                              "up": nn.Linear(width, 4 * width, bias=False), "down": nn.Linear(4 * width, width),
                              "write": nn.Linear(width, 3)})

    def images(channels):
        return nn.Sequential(nn.Conv2d(1, channels, 3), nn.BatchNorm2d(channels), nn.Conv2d(channels, 2 * channels, 3),
                             nn.Flatten(), nn.Linear(2 * channels, 10))

    pairs = {
        "three layers, four times as wide": (plain(6, 32, 32, 3), plain(6, 8, 8, 3)),
        "the width of the base itself": (plain(6, 8, 3), plain(6, 8, 3)),
        "a residual block, three times as wide": (block(12), block(4)),
        "layers that grow by different factors": (plain(4, 20, 18, 7, 2), plain(4, 10, 6, 7, 2)),
        "a narrower network than the base": (plain(6, 4, 4, 3), plain(6, 8, 8, 3)),
        "convolutions, twice as wide": (images(6), images(3)),
    }
    return [Case(name, {"model": model, "base": base, "lr": float(rng.uniform(0.001, 0.1))})
            for name, (model, base) in pairs.items()]


def rates(function, case, transcript):
    """Play: call the function on copies; the moments say for each parameter at which rate it trains."""
    refuse_non_function(function)
    model, base = copy.deepcopy(case.args["model"]), copy.deepcopy(case.args["base"])
    groups = function(model, base, case.args["lr"])
    if groups is Ellipsis:
        raise NotAttempted("it returns `...`")
    found = settings_by_name(groups, model, "lr", 0.001)
    for (name, p), before in zip(model.named_parameters(), case.args["model"].parameters(), strict=True):
        if p.requires_grad != before.requires_grad or not bool((p == before).all()):
            transcript.changed_input = f"the model's {name} (its numbers, or its `requires_grad`)"
        yield f"the rate of {name}, of shape {tuple(p.shape)}", found.get(name, _NO_GROUP)


_NO_GROUP = Odd("no rate, for it is in no group,")


MUP = Exercise(
    key="11-mup-groups",
    title="μP's groups for Adam",
    statement="""
        `model` and `base` are the same network at two widths; at `base`'s, the rate `lr` was tuned. Write the list of
        parameter groups for `torch.optim.Adam`. A weight of two or more dimensions, laid out as (outputs, inputs, …),
        whose number of inputs is r times that of the base, gets `lr / r`. Biases, and the parameters of norms, which
        have one dimension, keep `lr`. Each parameter is in exactly one group, and each group has its `"lr"`. The
        networks have no embeddings.

        ```python
        def mup_groups(model, base, lr):
            return ...
        ```
    """,
    solution_code=mup_groups,
    cases=width_cases,
    how=rates,
    minutes=8,
    mistakes=(
        Mistake("one rate for all", "This is the standard parametrisation: every group has the rate `lr`.",
                grouped_by(lambda i, n, p, small: 1.0)),
        Mistake(
            "by the outputs",
            "You divide by the growth of the *outputs*. What adds up in a pre-activation is its inputs: compare "
            "`shape[1]`, the second number of torch's layout.",
            grouped_by(_outputs),
        ),
        Mistake(
            "the output layer keeps the rate",
            "The output layer reads as many inputs as a hidden one, and gets `lr / r` too. (It keeps the rate in the "
            "other form of μP, which divides its *result* by the width instead.)",
            grouped_by(lambda i, n, p, small: 1.0 if p.shape[0] == small.shape[0] else _inputs(i, n, p, small)),
        ),
        Mistake(
            "the root of the growth",
            "A step of Adam has the sign of the gradient in every entry, and the inputs agree with it: their sum grows "
            "as r, not as √r. The root belongs to the initial weights, which are independent.",
            grouped_by(lambda i, n, p, small: _inputs(i, n, p, small) ** 0.5),
        ),
        Mistake("upside down", "The wider network needs the *lower* rate: divide by r.",
                grouped_by(lambda i, n, p, small: 1 / _inputs(i, n, p, small))),
        Mistake(
            "one factor for the whole network",
            "You take one growth, that of the widest layer, for every weight. The input layer's inputs have not grown, "
            "and layers may grow differently.",
            lambda model, base, lr: [{"params": list(model.parameters()), "lr": lr * min(
                _inputs(0, 0, p, small) for p, small in zip(model.parameters(), base.parameters()))}],
        ),
        Mistake(
            "biases too",
            "A bias reads one input, the constant 1, at every width, and keeps its rate. So does the scale of a norm.",
            grouped_by(lambda i, n, p, small: _inputs(i, n, p, small) if p.ndim >= 2 else small.shape[0] / p.shape[0]),
        ),
        Mistake(
            "by all the numbers of a weight",
            "You compare numbers of elements. A hidden weight has grown r² times, its inputs only r times.",
            grouped_by(lambda i, n, p, small: small.numel() / p.numel() if p.ndim >= 2 else 1.0),
        ),
        Mistake(
            "matrices only",
            "The weight of a convolution has four dimensions: outputs, inputs and two of the window. Ask for two or "
            "more.",
            grouped_by(lambda i, n, p, small: _inputs(i, n, p, small) if p.ndim == 2 else 1.0),
        ),
        Mistake(
            "the absolute width",
            "You divide by the number of inputs itself. Then even the base does not train at the rate that was tuned "
            "for it: divide by the growth, inputs here over inputs there.",
            grouped_by(lambda i, n, p, small: 1 / p.shape[1] if p.ndim >= 2 else 1.0),
        ),
    ),
    hints=(
        "Walk through `model.parameters()` and `base.parameters()` together.",
        "`p.shape[1] / small.shape[1]` is r, where `p.ndim >= 2`.",
        "A group for each parameter is allowed; so is one for each rate.",
    ),
    explanation="""
        With it goes a start: the output layer at zero, or with a variance that shrinks as 1/width². And in attention
        divide the scores by the size of a head instead of its root.
    """,
)
