"""Exercise of notebook 05: parameter groups of a torch model, so that only some parameters decay."""

import copy

from adamkit.practice.cases import Case
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import NotAttempted, Unusable, refuse_non_function
from adamkit.practice.values import Odd, articled


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
    """Small models of several kinds: what is spared is told by axes and by names, and by nothing else."""
    from torch import nn

    images = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3, 2))
    models = {
        "two layers, one of them small": nn.Sequential(nn.Linear(3, 4), nn.Linear(2, 2)),
        "a convolution and a batch norm": images,
        "a small language model": _language(nn, "embed"),
        "a language model inside another, its embedding called tok_embeddings": nn.ModuleDict(
            {"encoder": _language(nn, "tok_embeddings"), "embed_positions": nn.Embedding(3, 2)}
        ),
        "a vision transformer": _vision(nn),
        "a model with one matrix in two places, one that is frozen, and a bare number": _tied(nn),
    }
    return [Case(name, {"model": model, "weight_decay": float(rng.uniform(0.01, 0.5))})
            for name, model in models.items()]  # fmt: skip


def _language(nn, name):
    """Norms under a name that does not say so; an embedding under ``name``."""
    blocks = [nn.ModuleDict({"ln": nn.LayerNorm(4), "mix": nn.Linear(4, 4)}) for _ in range(2)]
    return nn.ModuleDict({name: nn.Embedding(7, 4), "blocks": nn.ModuleList(blocks),
                          "head": nn.Linear(4, 7, bias=False)})  # fmt: skip


def _vision(nn):
    """Parameters of no layer: an embedding by name alone, matrices; attention; a wide norm, and a matrix called so."""
    import torch

    model = nn.Module()
    model.pos_embed = nn.Parameter(torch.zeros(1, 5, 8))
    model.mixing = nn.Parameter(torch.eye(2))
    model.attention = nn.MultiheadAttention(8, 2)
    model.norm, model.norm_mix = nn.LayerNorm(8), nn.Linear(8, 2)
    model.position_bias = nn.Parameter(torch.zeros(3, 3))
    return model


def _tied(nn):
    """A matrix in two places, a frozen one, a row, under a name with half of ``embed`` in it; a number, of rank 0."""
    import torch

    model = nn.ModuleDict({name: nn.Linear(3, 3) for name in ("encoder", "decoder", "frozen")})
    model["decoder"].weight = model["encoder"].weight
    model["frozen"].requires_grad_(False)
    model["ensemble"] = nn.Linear(3, 1)
    model.logit_scale = nn.Parameter(torch.tensor(1.0))
    return model


def build_groups(function, case, transcript):
    """Play: call the function on a copy of the model; the moments say for each parameter how it decays."""
    refuse_non_function(function)
    model = copy.deepcopy(case.args["model"])
    groups = function(model, case.args["weight_decay"])
    if groups is Ellipsis:
        raise NotAttempted("it returns `...`")
    decay_of = settings_by_name(groups, model, "weight_decay", 0.01)
    for (name, p), before in zip(model.named_parameters(), case.args["model"].parameters(), strict=True):
        if p.requires_grad != before.requires_grad or not bool((p == before).all()):
            transcript.changed_input = f"the model's {name} (its numbers, or its `requires_grad`)"
        yield f"the decay of {name}, of shape {tuple(p.shape)}", decay_of.get(name, _NO_GROUP)


_NO_GROUP = Odd("no decay, for it is in no group,")


def settings_by_name(groups, model, setting, default):
    """Parameter name → the ``setting`` of its group, from a list of groups as torch takes it; checks the list."""
    names = {id(p): name for name, p in model.named_parameters()}
    if not isinstance(groups, (list, tuple)) or not all(isinstance(g, dict) and "params" in g for g in groups):
        raise Unusable(f'it must return a list of dicts such as {{"params": […], "{setting}": 0.1}}.')
    found = {}
    for group in groups:
        value = _setting(group, setting, default)
        for p in _members(group["params"]):
            name = names.get(id(p))
            if name is None:
                kind = articled(type(p).__name__)
                raise Unusable(f"`params` must hold the model's own parameters, the tensors themselves, not {kind}.")
            if name in found:
                raise Unusable(f"{name} is in two groups, or twice in one; torch refuses that.")
            found[name] = value
    return found


def _setting(group, setting, default):
    if setting not in group:
        raise Unusable(f"a group has no `{setting}`; torch would give it the optimizer's own, {default} by default.")
    if group[setting] is None:
        raise Unusable(f"the `{setting}` of a group is None; torch needs a number.")
    return group[setting]


def _members(params):
    """The tensors of a group: torch takes one alone, or whatever can be gone through, with names or without."""
    if hasattr(params, "requires_grad"):
        return [params]
    if isinstance(params, (str, set)) or not hasattr(params, "__iter__"):
        raise Unusable(f"`params` is {articled(type(params).__name__)}; torch takes a list of tensors.")
    return [p[1] if isinstance(p, tuple) and len(p) == 2 else p for p in params]


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
        'Return a list of two dicts. Each has "params", one of your lists, and "weight_decay", the number for it.',
    ),
    explanation="""
        The number of dimensions is a better guide than the name: norms call their scale `weight`. The rule of the
        dimensions is the one that nanoGPT uses; it lets embeddings decay. Which is better for embeddings is not
        settled, so write down which you took.
    """,
)
