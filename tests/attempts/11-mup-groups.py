"""11-mup-groups, from its statement."""

import collections

import torch
from torch import nn

def mup_groups(model, base, lr):
    groups = []
    for p, q in zip(model.parameters(), base.parameters()):
        r = 1
        if p.ndim >= 2:
            r = p.shape[1] / q.shape[1]
        groups.append({"params": [p], "lr": lr / r})
    return groups

# %% right: a group for each

# %% right: by rate
def mup_groups(model, base, lr):
    found = collections.defaultdict(list)
    small = dict(base.named_parameters())
    for name, p in model.named_parameters():
        r = p.size(1) / small[name].size(1) if p.dim() > 1 else 1.0
        found[lr / r].append(p)
    return [{"params": params, "lr": rate} for rate, params in found.items()]

# %% right: a comprehension
def mup_groups(model, base, lr):
    return [{"params": [p], "lr": lr * (b.shape[1] / p.shape[1] if len(p.shape) >= 2 else 1)}
            for p, b in zip(model.parameters(), base.parameters())]

# %% right: vectors first
def mup_groups(model, base, lr):
    pairs = list(zip(model.parameters(), base.parameters()))
    vectors = [p for p, _ in pairs if p.ndim < 2]
    rest = [(p, b) for p, b in pairs if p.ndim >= 2]
    return [dict(params=vectors, lr=lr)] + [dict(params=p, lr=lr * b.shape[1] / p.shape[1]) for p, b in rest]

# %% right: by flattening
def mup_groups(model, base, lr):
    out = []
    for p, b in zip(model.parameters(), base.parameters()):
        inputs = lambda t: t[0].flatten().shape[0]
        factor = inputs(b) / inputs(p) if p.ndim >= 2 else 1
        out.append({"params": [p], "lr": lr * factor})
    return out

# %% right: sorted by growth
def mup_groups(model, base, lr):
    growth = {}
    for (name, p), b in zip(model.named_parameters(), base.parameters()):
        growth[name] = p.shape[1] / b.shape[1] if p.ndim >= 2 else 1.0
    named = dict(model.named_parameters())
    return [{"params": [named[n] for n in growth if growth[n] == g], "lr": lr / g} for g in sorted(set(growth.values()))]

# %% right: with names
def mup_groups(model, base, lr):
    base_shapes = {n: tuple(p.shape) for n, p in base.named_parameters()}
    return [{"params": [(n, p)], "lr": lr if p.ndim < 2 else lr * base_shapes[n][1] / p.shape[1]}
            for n, p in model.named_parameters()]

# %% right: from the state dicts
def mup_groups(model, base, lr):
    sizes = base.state_dict()
    return [{"params": p, "lr": lr * (sizes[n].shape[1] / p.shape[1]) if p.ndim != 1 else lr}
            for n, p in model.named_parameters()]

# %% right: exactly torch's order, a tuple
def mup_groups(model, base, lr):
    def rate(p, b):
        return lr if p.ndim == 1 else lr / (p.shape[1] / b.shape[1])
    return tuple({"params": [p], "lr": rate(p, b)} for p, b in zip(model.parameters(), base.parameters()))

# %% wrong: by the first number
#~ p.shape[1] / q.shape[1] => p.shape[0] / q.shape[0]

# %% wrong: by the last number
#~ p.shape[1] / q.shape[1] => p.shape[-1] / q.shape[-1]

# %% wrong: by both
#~ p.shape[1] / q.shape[1] => p.shape[0] * p.shape[1] / (q.shape[0] * q.shape[1])

# %% wrong: whole division
#~ p.shape[1] / q.shape[1] => max(1, p.shape[1] // q.shape[1])

# %% wrong: never above the tuned rate
#~ p.shape[1] / q.shape[1] => max(1.0, p.shape[1] / q.shape[1])

# %% wrong: the larger of the two growths
#~ p.shape[1] / q.shape[1] => max(p.shape[1] / q.shape[1], p.shape[0] / q.shape[0])

# %% wrong: the smaller of the two growths
#~ p.shape[1] / q.shape[1] => min(p.shape[1] / q.shape[1], p.shape[0] / q.shape[0])

# %% wrong: the ratio of the growths
#~ p.shape[1] / q.shape[1] => (p.shape[1] / q.shape[1]) / (p.shape[0] / q.shape[0])

# %% wrong: only where both have grown
#~ if p.ndim >= 2: => if p.ndim >= 2 and p.shape[0] != q.shape[0]:

# %% wrong: only the last layer
#~ if p.ndim >= 2: => if p.ndim >= 2 and p.shape[0] == q.shape[0]:

# %% wrong: only exact matrices
#~ if p.ndim >= 2: => if p.ndim == 2:

# %% wrong: convolutions by outputs
#~ p.shape[1] / q.shape[1] => (p.shape[1] / q.shape[1] if p.ndim == 2 else p.shape[0] / q.shape[0])

# %% wrong: times r
#~ "lr": lr / r => "lr": lr * r

# %% wrong: by the square of r
#~ "lr": lr / r => "lr": lr / r**2

# %% wrong: the rate is forgotten
#~ "lr": lr / r => "lr": 1 / r

# %% wrong: Adam's default rate
#~ "lr": lr / r => "lr": 0.001 / r

# %% wrong: the vectors are in no group
#~ groups.append({"params": [p], "lr": lr / r}) => groups += [{"params": [p], "lr": lr / r}] if p.ndim >= 2 else []

# %% wrong: vectors without a rate of their own
def mup_groups(model, base, lr):
    pairs = list(zip(model.parameters(), base.parameters()))
    return [{"params": [p for p, _ in pairs if p.ndim < 2]}] + [
        {"params": [p], "lr": lr * b.shape[1] / p.shape[1]} for p, b in pairs if p.ndim >= 2]

# %% wrong: the base's parameters
#~ "params": [p] => "params": [q]

# %% wrong: copies of the parameters
#~ "params": [p] => "params": [p.detach().clone()]

# %% wrong: names instead of tensors
def mup_groups(model, base, lr):
    small = dict(base.named_parameters())
    return [{"params": [n], "lr": lr * (small[n].shape[1] / p.shape[1] if p.ndim >= 2 else 1)}
            for n, p in model.named_parameters()]

# %% wrong: an optimizer instead of groups
def mup_groups(model, base, lr):
    return torch.optim.Adam([{"params": [p], "lr": lr * (b.shape[1] / p.shape[1] if p.ndim >= 2 else 1)}
                             for p, b in zip(model.parameters(), base.parameters())])

# %% wrong: every parameter twice
#~ return groups => return groups + [{"params": list(model.parameters()), "lr": lr}]

# %% wrong: one growth, of the second layer
def mup_groups(model, base, lr):
    pairs = [(p, b) for p, b in zip(model.parameters(), base.parameters()) if p.ndim >= 2]
    r = pairs[min(1, len(pairs) - 1)][0].shape[1] / pairs[min(1, len(pairs) - 1)][1].shape[1]
    first = pairs[0][0]
    return [{"params": [p], "lr": lr / r if p.ndim >= 2 and p is not first else lr} for p in model.parameters()]

# %% wrong: the weights are scaled as well
def mup_groups(model, base, lr):
    groups = []
    for p, q in zip(model.parameters(), base.parameters()):
        r = p.shape[1] / q.shape[1] if p.ndim >= 2 else 1
        p.data /= 1.1
        groups.append({"params": [p], "lr": lr / r})
    return groups

# %% right: torch's own fan in, iterators kept
def mup_groups(model, base, lr):
    from torch.nn.init import _calculate_fan_in_and_fan_out as fans
    wide, narrow = dict(model.named_parameters()), dict(base.named_parameters())
    matrices = {n for n in wide if wide[n].dim() > 1}
    groups = [{"params": iter([wide[n]]), "lr": lr * fans(narrow[n])[0] / fans(wide[n])[0]} for n in matrices]
    return groups + [{"params": (p for n, p in wide.items() if n not in matrices), "lr": lr}]

# %% right: module by module
def mup_groups(model, base, lr):
    seen, out = set(), []
    small = dict(base.named_modules())
    for name, m in model.named_modules():
        for (k, p) in m.named_parameters(recurse=False):
            if id(p) in seen:
                continue
            seen.add(id(p))
            q = getattr(small[name], k)
            out.append({"params": p, "lr": lr / (p.shape[1] / q.shape[1]) if p.ndim > 1 else lr, "name": f"{name}.{k}"})
    return out

# %% wrong: by shape of the wide one
def mup_groups(model, base, lr):
    ratio = {p.shape: p.shape[1] / q.shape[1] for p, q in zip(model.parameters(), base.parameters()) if p.ndim >= 2}
    return [{"params": [p], "lr": lr / ratio.get(p.shape, 1)} for p in model.parameters()]

# %% wrong: by the number of inputs of the wide one
def mup_groups(model, base, lr):
    ratio = {p.shape[1]: p.shape[1] / q.shape[1] for p, q in zip(model.parameters(), base.parameters()) if p.ndim >= 2}
    return [{"params": [p], "lr": lr / ratio[p.shape[1]] if p.ndim >= 2 else lr} for p in model.parameters()]

# %% wrong: modules of Linear and Conv2d only
def mup_groups(model, base, lr):
    out = []
    small = dict(base.named_modules())
    taken = set()
    for name, m in model.named_modules():
        if isinstance(m, (nn.Linear, nn.Conv2d)):
            taken.add(m.weight)
            out.append({"params": [m.weight], "lr": lr * small[name].weight.shape[1] / m.weight.shape[1]})
    return out + [{"params": [p for p in model.parameters() if p not in taken], "lr": lr}]

# %% wrong: module by module, shared matrices twice
def mup_groups(model, base, lr):
    out = []
    small = dict(base.named_modules())
    for name, m in model.named_modules():
        for k, p in m.named_parameters(recurse=False):
            q = getattr(small[name], k)
            out.append({"params": [p], "lr": lr / (p.shape[1] / q.shape[1]) if p.ndim > 1 else lr})
    return out

# %% wrong: frozen ones left out
#~ groups.append => p.requires_grad and groups.append

# %% wrong: named weight
def mup_groups(model, base, lr):
    groups = []
    for (n, p), q in zip(model.named_parameters(), base.parameters()):
        r = p.shape[1] / q.shape[1] if n.endswith("weight") and p.ndim > 1 else 1
        groups.append({"params": [p], "lr": lr / r})
    return groups

# %% wrong: rounded r
#~ lr / r => lr / round(r, 1)

# %% wrong: a matrix of one row counts as a vector
#~ if p.ndim >= 2: => if p.squeeze().ndim >= 2:

# %% wrong: the rate shrinks from layer to layer
def mup_groups(model, base, lr):
    groups = []
    for p, q in zip(model.parameters(), base.parameters()):
        if p.ndim >= 2:
            lr = lr / (p.shape[1] / q.shape[1])
        groups.append({"params": [p], "lr": lr})
    return groups
