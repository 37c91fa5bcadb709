"""Exercise of notebook 11: μP's parameter groups for a given model."""

import copy
from itertools import pairwise

from adamkit.lessons.nb05.groups import settings_by_name
from adamkit.practice.cases import Case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import NotAttempted, refuse_non_function
from adamkit.practice.values import Odd

words = words_of(__name__)


def mup_groups(model, base, lr):
    groups = []
    for p, small in zip(model.parameters(), base.parameters()):
        factor = small.shape[1] / p.shape[1] if p.ndim >= 2 else 1.0
        groups.append({"params": [p], "lr": lr * factor})
    return groups


def width_cases(rng):
    """Networks at two widths: some layers grow by other factors than the rest."""
    import torch
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

    def odd(width):
        once, again = nn.Linear(width, width), nn.Linear(width, width)
        again.weight = once.weight.requires_grad_(False)
        bare = nn.ParameterDict({"gate": torch.rand(width, width)})
        return nn.ModuleDict({"read": nn.Linear(2, width), "bare": bare, "once": once, "again": again,
                              "along": nn.Conv1d(width, width, 3), "write": nn.Linear(width, 1)})  # fmt: skip

    pairs = {
        "three layers, four times as wide": (plain(6, 32, 32, 3), plain(6, 8, 8, 3)),
        "the width of the base itself": (plain(6, 8, 3), plain(6, 8, 3)),
        "a residual block, three times as wide": (block(12), block(4)),
        "layers that grow by different factors": (plain(4, 20, 18, 7, 2), plain(4, 10, 6, 7, 2)),
        "a narrower network than the base": (plain(6, 4, 4, 3), plain(6, 8, 8, 3)),
        "convolutions, twice as wide": (images(6), images(3)),
        "matrices of one shape that grew by different factors": (plain(24, 24, 24, 3), plain(8, 14, 24, 3)),
        "a bare matrix, one that two layers share and that is frozen, one output": (odd(10), odd(4)),
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


MUP = Exercise(**words("11-mup-groups", mup_groups), cases=width_cases, how=rates)
