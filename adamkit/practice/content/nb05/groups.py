"""Exercise of notebook 05: parameter groups of a torch model, so that only some parameters decay."""

import copy

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function


def param_groups(model, weight_decay):
    decayed, spared = [], []
    for name, p in model.named_parameters():
        matrix = p.ndim >= 2 and "embed" not in name
        (decayed if matrix else spared).append(p)
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]


def grouped_by(decays, *, drop=False, swap=False):
    """A solution that decays the parameters for which ``decays(name, p)`` holds."""

    def groups(model, weight_decay):
        named = list(model.named_parameters())
        yes = [p for name, p in named if decays(name, p)]
        no = [p for name, p in named if not decays(name, p)]
        rates = (0.0, weight_decay) if swap else (weight_decay, 0.0)
        made = [{"params": chosen, "weight_decay": rate} for chosen, rate in zip((yes, no), rates)]
        return made[:1] if drop else made

    return groups


def right(name, p):
    return p.ndim >= 2 and "embed" not in name


def group_cases(rng):
    """Small models of several kinds, with norms under names that do not say so."""
    from torch import nn

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln = nn.LayerNorm(4)
            self.mix = nn.Linear(4, 4)

    class Language(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(7, 4)
            self.blocks = nn.ModuleList([Block(), Block()])
            self.head = nn.Linear(4, 7, bias=False)

    images = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3, 2))
    return [
        Case("two layers", {"model": nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), "weight_decay": 0.1}),
        Case("a convolution and a batch norm", {"model": images, "weight_decay": float(rng.uniform(0.01, 0.5))}),
        Case("a small language model", {"model": Language(), "weight_decay": float(rng.uniform(0.01, 0.5))}),
    ]


def build_groups(function, case, transcript):
    """Play: call the function on a copy of the model; the moments say for each parameter how it decays."""
    refuse_non_function(function)
    model = copy.deepcopy(case.args["model"])
    groups = function(model, case.args["weight_decay"])
    if groups is Ellipsis:
        raise NotAttempted("it returns `...`")
    decay_of = _decays(groups, {id(p): name for name, p in model.named_parameters()})
    for name, p in model.named_parameters():
        yield f"the decay of {name}, of shape {tuple(p.shape)}", decay_of.get(name, "in no group")


def _decays(groups, names):
    """Name → decay, from a list of groups as torch takes it."""
    if not isinstance(groups, (list, tuple)) or not all(isinstance(g, dict) and "params" in g for g in groups):
        raise Unusable('it must return a list of dicts such as {"params": […], "weight_decay": 0.1}.')
    decay_of = {}
    for group in groups:
        if "weight_decay" not in group:
            raise Unusable("a group has no `weight_decay`; torch would give it the optimizer's own, 0.01 by default.")
        members = group["params"]
        for p in members if isinstance(members, (list, tuple)) else [members]:
            name = names.get(id(p))
            if name is None:
                raise Unusable("`params` must hold the model's own parameters, the tensors themselves.")
            if name in decay_of:
                raise Unusable(f"{name} is in two groups, or twice in one; torch refuses that.")
            decay_of[name] = group["weight_decay"]
    return decay_of


PARAM_GROUPS = Exercise(
    key="05-param-groups",
    title="which parameters decay",
    statement="""
        Write the list of parameter groups that `torch.optim.AdamW` takes. Parameters with **two or more
        dimensions** decay, with `weight_decay`. Biases and the parameters of norms, which have one dimension, do
        not; nor do embeddings, whose names contain `embed`. Every parameter is in exactly one group.

        ```python
        def param_groups(model, weight_decay):
            return ...
        ```
    """,
    solution_code=param_groups,
    cases=group_cases,
    how=build_groups,
    minutes=6,
    mistakes=(
        Mistake(
            "everything decays",
            "One group with the decay for all is what you get without groups. Biases and norms should be spared.",
            grouped_by(lambda name, p: True),
            seen="lit-llama's first training script (issue 254)",
        ),
        Mistake(
            "only names with bias are spared",
            "The scale of a norm is called `weight`, like a matrix: a rule by the name `bias` lets it decay towards "
            "zero. So does a list of names made for another model, such as `bias` and `LayerNorm.weight`, where the "
            "norm is called `ln`. Ask for the number of dimensions.",
            grouped_by(lambda name, p: not any(part in name for part in ("bias", "LayerNorm.weight"))),
            seen="DeepSpeed-Chat until 2023, for OPT, LLaMA and BLOOM (pull request 755 of DeepSpeedExamples)",
        ),
        Mistake(
            "biases and embeddings are spared, norms are not",
            "The scale of a norm is called `weight` too, and it still decays. Ask for the number of dimensions.",
            grouped_by(lambda name, p: "bias" not in name and "embed" not in name),
        ),
        Mistake(
            "embeddings decay",
            "An embedding has two dimensions, but a row whose token does not occur gets no gradient: decay alone "
            "moves it. Look at the name as well.",
            grouped_by(lambda name, p: p.ndim >= 2),
        ),
        Mistake(
            "the other parameters are in no group",
            "Parameters in no group are never updated at all: biases and norms stay as they were made, silently. "
            "They need a group with `weight_decay=0.0`.",
            grouped_by(right, drop=True),
        ),
        Mistake(
            "the groups are swapped",
            "Biases and norms decay and the matrices do not: exchange the two.",
            grouped_by(right, swap=True),
        ),
        Mistake(
            "only matrices, not convolutions",
            "The weight of a convolution has four dimensions. Ask for two or more, not for exactly two.",
            grouped_by(lambda name, p: p.ndim == 2 and "embed" not in name),
        ),
        Mistake(
            "nothing decays",
            "The decay that was handed in reaches no parameter.",
            grouped_by(lambda name, p: False),
        ),
    ),
    hints=(
        "`model.named_parameters()` gives pairs of name and parameter; `p.ndim` is the number of dimensions.",
        "Two lists, one loop; a parameter joins the first if `p.ndim >= 2` and its name has no `embed`.",
        'Return `[{"params": decayed, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]`.',
    ),
    explanation="""
        The number of dimensions is a better guide than the name: norms call their scale `weight`. The rule of the
        dimensions is the one that nanoGPT uses; it lets embeddings decay. Which is better for embeddings is not
        settled, so write down which you took.
    """,
)
