"""Exercise of notebook 05: parameter groups of a torch model, so that only some parameters decay."""

import copy

from adamkit.practice.cases import Case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import NotAttempted, Unusable, refuse_non_function
from adamkit.practice.values import Odd, articled

words = words_of(__name__)


def param_groups(model, weight_decay):
    decayed, spared = [], []
    for name, p in model.named_parameters():
        matrix = p.ndim >= 2 and "embed" not in name
        (decayed if matrix else spared).append(p)
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]


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
    cases = [Case(name, {"model": model, "weight_decay": float(rng.uniform(0.01, 0.5))})
             for name, model in models.items()]  # fmt: skip
    norms = nn.ModuleDict({"first": nn.LayerNorm(3), "second": nn.BatchNorm1d(3)})
    return [*cases, Case("norms alone", {"model": norms, "weight_decay": 0.1}),
            Case("a decay of zero", {"model": images, "weight_decay": 0.0})]  # fmt: skip


def _language(nn, name):
    """Norms under a name that does not say so; an embedding under ``name``."""
    blocks = [nn.ModuleDict({"ln": nn.LayerNorm(4), "mix": nn.Linear(4, 4)}) for _ in range(2)]
    return nn.ModuleDict({name: nn.Embedding(7, 4), "blocks": nn.ModuleList(blocks),
                          "head": nn.Linear(4, 7, bias=False)})  # fmt: skip


def _vision(nn):
    """Parameters of no layer: an embedding by name alone, matrices; attention; a wide norm, and a matrix called so."""
    import torch

    model = nn.Module()
    model.pos_embed, model.head = nn.Parameter(torch.zeros(1, 5, 8)), nn.Module()
    model.head.cls_embed = nn.Parameter(torch.zeros(1, 8))
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
                kind = "copies or another model's" if hasattr(p, "detach") else articled(type(p).__name__)
                raise Unusable(f"`params` must hold the model's own parameters, the tensors themselves, not {kind}.")
            if name in found:
                raise Unusable(f"the parameter {name} is in two groups, or twice in one; torch refuses that.")
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


PARAM_GROUPS = Exercise(**words("05-param-groups", param_groups), cases=group_cases, how=build_groups)
