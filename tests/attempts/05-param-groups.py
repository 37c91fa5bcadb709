"""05-param-groups, from its statement."""

import torch
from torch import nn

def param_groups(model, weight_decay):
    decay, spared = [], []
    for name, p in model.named_parameters():
        if p.ndim >= 2 and "embed" not in name:
            decay.append(p)
        else:
            spared.append(p)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% right: two lists

# %% right: the spared first
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    spared = [p for n, p in named if p.dim() < 2 or "embed" in n]
    rest = [p for n, p in named if not (p.dim() < 2 or "embed" in n)]
    return [dict(params=spared, weight_decay=0), dict(params=rest, weight_decay=weight_decay)]

# %% right: values of dicts
def param_groups(model, weight_decay):
    named = dict(model.named_parameters())
    yes = {n: p for n, p in named.items() if p.ndim > 1 and "embed" not in n}
    no = {n: p for n, p in named.items() if n not in yes}
    return [{"params": yes.values(), "weight_decay": weight_decay}, {"params": no.values(), "weight_decay": 0.0}]

# %% right: generators
def param_groups(model, weight_decay):
    def decays(n, p):
        return len(p.shape) >= 2 and "embed" not in n
    return [
        {"params": (p for n, p in model.named_parameters() if decays(n, p)), "weight_decay": weight_decay},
        {"params": (p for n, p in model.named_parameters() if not decays(n, p)), "weight_decay": 0.0},
    ]

# %% right: filters
def param_groups(model, weight_decay):
    names = {id(p): n for n, p in model.named_parameters()}
    decays = lambda p: p.ndim >= 2 and "embed" not in names[id(p)]
    return [{"params": filter(decays, model.parameters()), "weight_decay": weight_decay},
            {"params": filter(lambda p: not decays(p), model.parameters()), "weight_decay": 0.0}]

# %% right: parameter lists
def param_groups(model, weight_decay):
    decay, spared = nn.ParameterList(), nn.ParameterList()
    for name, p in model.named_parameters():
        (decay if p.ndim >= 2 and "embed" not in name else spared).append(p)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% right: names beside the parameters
def param_groups(model, weight_decay):
    decay = [(n, p) for n, p in model.named_parameters() if p.ndim >= 2 and "embed" not in n]
    spared = [(n, p) for n, p in model.named_parameters() if p.ndim < 2 or "embed" in n]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% right: a group for each parameter
def param_groups(model, weight_decay):
    return [{"params": p, "weight_decay": weight_decay * (p.ndim >= 2 and "embed" not in n)}
            for n, p in model.named_parameters()]

# %% right: three groups, and other settings
def param_groups(model, weight_decay):
    groups = {"matrices": [], "embeddings": [], "vectors": []}
    for n, p in model.named_parameters():
        kind = "embeddings" if "embed" in n else "matrices" if p.ndim >= 2 else "vectors"
        groups[kind].append(p)
    return [{"params": ps, "weight_decay": weight_decay if kind == "matrices" else 0.0, "name": kind}
            for kind, ps in groups.items() if ps]

# %% right: a tuple of groups
def param_groups(model, weight_decay):
    decay = [p for n, p in model.named_parameters() if p.ndim >= 2 and "embed" not in n]
    ids = set(map(id, decay))
    spared = [p for p in model.parameters() if id(p) not in ids]
    return ({"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0})

# %% wrong: all decay
#~ p.ndim >= 2 and "embed" not in name => True

# %% wrong: none decays
#~ p.ndim >= 2 and "embed" not in name => False

# %% wrong: embeddings decay
#~ p.ndim >= 2 and "embed" not in name => p.ndim >= 2

# %% wrong: only embeddings are spared
#~ p.ndim >= 2 and "embed" not in name => "embed" not in name

# %% wrong: exactly two dimensions
#~ p.ndim >= 2 and => p.ndim == 2 and

# %% wrong: more than two
#~ p.ndim >= 2 and => p.ndim > 2 and

# %% wrong: exchanged
#~ "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0} => "weight_decay": 0.0}, {"params": spared, "weight_decay": weight_decay}

# %% wrong: by the name's ending
#~ p.ndim >= 2 and => name.endswith("weight") and

# %% wrong: norms by name
#~ p.ndim >= 2 and => "bias" not in name and "norm" not in name and

# %% wrong: names that begin with embed
#~ "embed" not in name => not name.startswith("embed")

# %% wrong: one name
#~ "embed" not in name => name != "embed.weight"

# %% wrong: the last part of the name
#~ "embed" not in name => "embed" not in name.split(".")[-1]

# %% wrong: the first part of the name is embed
#~ "embed" not in name => name.split(".")[0] != "embed"

# %% wrong: embedding, written out
#~ "embed" not in name => "embedding" not in name

# %% wrong: by size
#~ p.ndim >= 2 and => p.numel() > 4 and

# %% wrong: by the type of the layer
def param_groups(model, weight_decay):
    decay = [m.weight for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    ids = set(map(id, decay))
    return [{"params": decay, "weight_decay": weight_decay},
            {"params": [p for p in model.parameters() if id(p) not in ids], "weight_decay": 0.0}]

# %% wrong: embeddings by their type
def param_groups(model, weight_decay):
    spared = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    decay = [p for p in model.parameters() if p.ndim >= 2 and id(p) not in spared]
    ids = set(map(id, decay))
    return [{"params": decay, "weight_decay": weight_decay},
            {"params": [p for p in model.parameters() if id(p) not in ids], "weight_decay": 0.0}]

# %% wrong: embeddings in no group
def param_groups(model, weight_decay):
    decay = [p for n, p in model.named_parameters() if p.ndim >= 2 and "embed" not in n]
    spared = [p for n, p in model.named_parameters() if p.ndim < 2]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% wrong: embeddings in both groups
def param_groups(model, weight_decay):
    decay = [p for n, p in model.named_parameters() if p.ndim >= 2]
    spared = [p for n, p in model.named_parameters() if p.ndim < 2 or "embed" in n]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% wrong: no decay for None
#~ {"params": spared, "weight_decay": 0.0} => {"params": spared, "weight_decay": None}

# %% wrong: nothing said of the spared
#~ {"params": spared, "weight_decay": 0.0} => {"params": spared}

# %% wrong: the decay of the default
#~ "weight_decay": weight_decay}, => "weight_decay": 0.01},

# %% wrong: one generator for both
def param_groups(model, weight_decay):
    named = model.named_parameters()
    decay = [p for n, p in named if p.ndim >= 2 and "embed" not in n]
    spared = [p for n, p in named if p.ndim < 2 or "embed" in n]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% wrong: copies of the parameters
#~ decay.append(p) => decay.append(nn.Parameter(p.detach().clone()))

# %% wrong: names for parameters
#~ decay.append(p) => decay.append(name)

# %% wrong: one dict
#~ return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}] => return {"decay": decay, "spared": spared}

# %% wrong: two lists alone
#~ return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}] => return [decay, spared]

# %% wrong: another key
#~ {"params": spared, "weight_decay": 0.0} => {"params": spared, "decay": 0.0}

# %% wrong: children of the first level only
def param_groups(model, weight_decay):
    decay, spared = [], []
    for name, child in model.named_children():
        for p in child.parameters(recurse=False):
            (decay if p.ndim >= 2 and "embed" not in name else spared).append(p)
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]

# %% wrong: norms alone are spared
def param_groups(model, weight_decay):
    norms = {id(p) for m in model.modules() if isinstance(m, (nn.LayerNorm, nn.BatchNorm2d)) for p in m.parameters()}
    spared = [p for n, p in model.named_parameters() if id(p) in norms or "embed" in n]
    ids = set(map(id, spared))
    return [{"params": [p for p in model.parameters() if id(p) not in ids], "weight_decay": weight_decay},
            {"params": spared, "weight_decay": 0.0}]

# %% wrong: freezes the spared
#~ spared.append(p) => spared.append(p.requires_grad_(False))

# %% wrong: what is frozen is left out
def param_groups(model, weight_decay):
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    yes = [p for n, p in named if p.ndim >= 2 and "embed" not in n]
    no = [p for n, p in named if p.ndim < 2 or "embed" in n]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: a bare number is in no group
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    yes = [p for n, p in named if p.ndim >= 2 and "embed" not in n]
    no = [p for n, p in named if p.ndim == 1 or (p.ndim >= 2 and "embed" in n)]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: module by module, so that a shared matrix comes twice
def param_groups(model, weight_decay):
    named = [(f"{where}.{n}", p) for where, part in model.named_modules() for n, p in part.named_parameters(recurse=False)]
    yes = [p for n, p in named if p.ndim >= 2 and "embed" not in n]
    no = [p for n, p in named if p.ndim < 2 or "embed" in n]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: half of the word
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    yes = [p for n, p in named if p.ndim >= 2 and "emb" not in n]
    no = [p for n, p in named if p.ndim < 2 or "emb" in n]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: axes of length 1 do not count
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    yes = [p for n, p in named if p.squeeze().ndim >= 2 and "embed" not in n]
    no = [p for n, p in named if p.squeeze().ndim < 2 or "embed" in n]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% right: module by module, each parameter once
def param_groups(model, weight_decay):
    seen, yes, no = set(), [], []
    for where, part in model.named_modules():
        for n, p in part.named_parameters(recurse=False):
            if id(p) not in seen:
                seen.add(id(p))
                (yes if p.dim() > 1 and "embed" not in f"{where}.{n}" else no).append(p)
    return [dict(params=yes, weight_decay=weight_decay), dict(params=no, weight_decay=0)]

# %% right: two passes through itertools
from itertools import filterfalse
def param_groups(model, weight_decay):
    decays = lambda item: item[1].ndim >= 2 and "embed" not in item[0]
    named = list(model.named_parameters())
    return [{"params": [p for _, p in filter(decays, named)], "weight_decay": weight_decay},
            {"params": [p for _, p in filterfalse(decays, named)], "weight_decay": 0.0}]

# %% right: a dict of lists by the decay
def param_groups(model, weight_decay):
    by = {}
    for name, p in model.named_parameters():
        by.setdefault(0.0 if p.ndim < 2 or name.find("embed") >= 0 else weight_decay, []).append(p)
    return [{"weight_decay": decay, "params": params} for decay, params in by.items()]

# %% right: the groups of an optimizer
def param_groups(model, weight_decay):
    spared = [p for n, p in model.named_parameters() if "embed" in n or p.ndim < 2]
    known = set(map(id, spared))
    rest = [p for p in model.parameters() if id(p) not in known]
    return [{"params": rest, "weight_decay": weight_decay}] * bool(rest) + [{"params": spared, "weight_decay": 0.0}]

# %% wrong: the word in capital letters alone
def param_groups(model, weight_decay):
    yes = [p for n, p in model.named_parameters() if p.ndim >= 2 and "Embed" not in n]
    no = [p for n, p in model.named_parameters() if p.ndim < 2 or "Embed" in n]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: names with weight decay
def param_groups(model, weight_decay):
    yes = [p for n, p in model.named_parameters() if n.endswith("weight") and "embed" not in n and "norm" not in n]
    known = set(map(id, yes))
    return [{"params": yes, "weight_decay": weight_decay},
            {"params": [p for p in model.parameters() if id(p) not in known], "weight_decay": 0.0}]

# %% wrong: convolutions are spared
def param_groups(model, weight_decay):
    yes = [p for n, p in model.named_parameters() if 2 <= p.ndim <= 3 and "embed" not in n]
    no = [p for n, p in model.named_parameters() if not (2 <= p.ndim <= 3 and "embed" not in n)]
    return [{"params": yes, "weight_decay": weight_decay}, {"params": no, "weight_decay": 0.0}]

# %% wrong: everything in a module with a norm is spared
def param_groups(model, weight_decay):
    spare = lambda n, p: p.ndim < 2 or "embed" in n or "norm" in n
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if not spare(n, p)], "weight_decay": weight_decay},
            {"params": [p for n, p in named if spare(n, p)], "weight_decay": 0.0}]

# %% wrong: half of the decay for convolutions
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    spare = lambda n, p: p.ndim < 2 or "embed" in n
    return [{"params": [p for n, p in named if not spare(n, p) and p.ndim == 2], "weight_decay": weight_decay},
            {"params": [p for n, p in named if not spare(n, p) and p.ndim > 2], "weight_decay": weight_decay / 2},
            {"params": [p for n, p in named if spare(n, p)], "weight_decay": 0.0}]

# %% wrong: exactly the module named embed is spared, with what lies in it
def param_groups(model, weight_decay):
    spare = lambda n, p: p.ndim < 2 or any(part.startswith("embed") or part.endswith("embed") for part in n.split("."))
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if not spare(n, p)], "weight_decay": weight_decay},
            {"params": [p for n, p in named if spare(n, p)], "weight_decay": 0.0}]

# %% wrong: a bias is spared by its name
def param_groups(model, weight_decay):
    spare = lambda n, p: p.ndim < 2 or "embed" in n or "bias" in n
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if not spare(n, p)], "weight_decay": weight_decay},
            {"params": [p for n, p in named if spare(n, p)], "weight_decay": 0.0}]

# %% right: groupby on a sort
from itertools import groupby
def param_groups(model, weight_decay):
    key = lambda pair: bool(pair[1].ndim < 2 or "embed" in pair[0])
    return [{"params": tuple(p for _, p in some), "weight_decay": 0 if k else weight_decay}
            for k, some in groupby(sorted(model.named_parameters(), key=key), key)]

# %% right: names in small letters
#~ "embed" not in name => "embed" not in name.lower()

# %% wrong: the name without its last part
#~ "embed" not in name => "embed" not in name.rpartition(".")[0]

# %% wrong: a decay of zero counts as missing
#~ "weight_decay": weight_decay} => "weight_decay": weight_decay or 0.01}

# %% wrong: one group where the other would be empty
def param_groups(model, weight_decay):
    named = list(model.named_parameters())
    decay = [p for n, p in named if p.ndim >= 2 and "embed" not in n]
    if not decay:
        return [{"params": [p for _, p in named], "weight_decay": weight_decay}]
    spared = [p for n, p in named if p.ndim < 2 or "embed" in n]
    return [{"params": decay, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]
