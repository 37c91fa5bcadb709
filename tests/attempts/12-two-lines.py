"""12-two-lines, from its statement."""

import math

import torch
import torch.nn.functional as F


def missing(model, optimizer):
    held = set()
    for group in optimizer.param_groups:
        held.update(map(id, group["params"]))
    return [name for name, p in model.named_parameters() if p.requires_grad and id(p) not in held]


def gap(model, inputs, targets, classes):
    with torch.no_grad():
        return F.cross_entropy(model(inputs), targets).item() - math.log(classes)


def two_lines(model, optimizer, inputs, targets, classes):
    return missing(model, optimizer), gap(model, inputs, targets, classes)

# %% right: two helpers
#~ held = set() => held = set()

# %% right: compared by is
def missing(model, optimizer):
    held = [p for group in optimizer.param_groups for p in group["params"]]
    return [n for n, p in model.named_parameters() if p.requires_grad and not any(p is q for q in held)]

# %% right: a set of the tensors themselves
#~ held.update(map(id, group["params"])) => held |= set(group["params"])
#~ id(p) not in held => p not in held

# %% right: the other order
#~ id(p) not in held] => id(p) not in held][::-1]

# %% right: a set of names
#~ return missing(model, optimizer), => return set(missing(model, optimizer)),

# %% right: by hand, with logsumexp
#~ F.cross_entropy(model(inputs), targets).item() => (model(inputs).logsumexp(1) - model(inputs).gather(1, targets[:, None])[:, 0]).mean().item()

# %% right: nll of log_softmax
#~ F.cross_entropy(model(inputs), targets).item() => F.nll_loss(F.log_softmax(model(inputs), dim=-1), targets).item()

# %% right: a tensor
#~ .item() - math.log(classes) => - torch.log(torch.tensor(float(classes), dtype=torch.float64))

# %% right: a list of two
#~ return missing(model, optimizer), gap(model, inputs, targets, classes) => return [missing(model, optimizer), gap(model, inputs, targets, classes)]

# %% right: np.log
#~ math.log(classes) => np.log(classes)

# %% right: with gradients recorded
#~     with torch.no_grad(): =>     if True:

# %% wrong: frozen ones too
#~ p.requires_grad and id(p) => id(p)

# %% wrong: frozen ones only
#~ p.requires_grad and id(p) => not p.requires_grad and id(p)

# %% wrong: the first group
#~ for group in optimizer.param_groups: => for group in optimizer.param_groups[:1]:

# %% wrong: the last group
#~ for group in optimizer.param_groups: => for group in optimizer.param_groups[-1:]:

# %% wrong: by shape
#~ held.update(map(id, group["params"])) => held.update(p.shape for p in group["params"])
#~ id(p) not in held => p.shape not in held

# %% wrong: by value
#~ held.update(map(id, group["params"])) => held.update(tuple(p.flatten().tolist()) for p in group["params"])
#~ id(p) not in held => tuple(p.flatten().tolist()) not in held

# %% wrong: by sum
#~ held.update(map(id, group["params"])) => held.update(float(p.detach().sum()) for p in group["params"])
#~ id(p) not in held => float(p.detach().sum()) not in held

# %% wrong: those held
#~ id(p) not in held => id(p) in held

# %% wrong: the parameters, not their names
#~ return [name for => return [p for

# %% wrong: the first name only
#~ id(p) not in held] => id(p) not in held][:1]

# %% wrong: how many
#~ return missing(model, optimizer), => return len(missing(model, optimizer)),

# %% wrong: joined to a text
#~ return missing(model, optimizer), => return ", ".join(missing(model, optimizer)),

# %% wrong: whether there are any
#~ return missing(model, optimizer), => return bool(missing(model, optimizer)),

# %% wrong: the other order of the pair
#~ return missing(model, optimizer), gap(model, inputs, targets, classes) => return gap(model, inputs, targets, classes), missing(model, optimizer)

# %% wrong: names of layers
#~ return [name for => return [name.split(".")[0] for

# %% wrong: the loss itself
#~  - math.log(classes) =>  - 0

# %% wrong: log2
#~ math.log(classes) => math.log2(classes)

# %% wrong: log10
#~ math.log(classes) => math.log10(classes)

# %% wrong: one class fewer
#~ math.log(classes) => math.log(classes - 1) if classes > 2 else 0.0

# %% wrong: ten classes, always
#~ math.log(classes) => math.log(10)

# %% wrong: added
#~  - math.log(classes) =>  + math.log(classes)

# %% wrong: turned round
#~ return F.cross_entropy(model(inputs), targets).item() - math.log(classes) => return math.log(classes) - F.cross_entropy(model(inputs), targets).item()

# %% wrong: the distance
#~ return F.cross_entropy(model(inputs), targets).item() - math.log(classes) => return abs(F.cross_entropy(model(inputs), targets).item() - math.log(classes))

# %% wrong: a share
#~ .item() - math.log(classes) => .item() / math.log(classes)

# %% wrong: a sum over rows
#~ F.cross_entropy(model(inputs), targets) => F.cross_entropy(model(inputs), targets, reduction="sum")

# %% wrong: softmax twice
#~ F.cross_entropy(model(inputs), targets) => F.cross_entropy(model(inputs).softmax(1), targets)

# %% wrong: one row
#~ F.cross_entropy(model(inputs), targets) => F.cross_entropy(model(inputs[:1]), targets[:1])

# %% wrong: smoothed labels
#~ F.cross_entropy(model(inputs), targets) => F.cross_entropy(model(inputs), targets, label_smoothing=0.1)

# %% wrong: rounded
#~ .item() - math.log(classes) => .item() - round(math.log(classes), 2)

# %% wrong: after a step
def two_lines(model, optimizer, inputs, targets, classes):
    optimizer.zero_grad()
    F.cross_entropy(model(inputs), targets).backward()
    optimizer.step()
    return missing(model, optimizer), gap(model, inputs, targets, classes)

# %% wrong: a step after the looking
def two_lines(model, optimizer, inputs, targets, classes):
    found = missing(model, optimizer), gap(model, inputs, targets, classes)
    F.cross_entropy(model(inputs), targets).backward()
    optimizer.step()
    return found

# %% wrong: only the names
#~ return missing(model, optimizer), gap(model, inputs, targets, classes) => return missing(model, optimizer)

# %% wrong: only the number
#~ return missing(model, optimizer), gap(model, inputs, targets, classes) => return gap(model, inputs, targets, classes)

# %% right: a named tuple, dict of names emptied group by group
from typing import NamedTuple
class Lines(NamedTuple):
    missing: list
    gap: float
def two_lines(model, optimizer, inputs, targets, classes):
    left = {p: n for n, p in model.named_parameters() if p.requires_grad}
    for group in optimizer.param_groups:
        for p in group["params"]:
            left.pop(p, None)
    p = torch.softmax(model(inputs).detach().double(), -1)[torch.arange(len(targets)), targets]
    return Lines([*left.values()], float(-(p.log().mean()) - np.log(classes)))

# %% right: row by row in Python
def two_lines(model, optimizer, inputs, targets, classes):
    losses = []
    for row, t in zip(model(inputs).tolist(), targets.tolist()):
        top = max(row)
        losses.append(top + math.log(sum(math.exp(z - top) for z in row)) - row[t])
    names = tuple(n for n, p in model.named_parameters()
                  if p.requires_grad and not any(p is q for g in optimizer.param_groups for q in g["params"]))
    return names, math.fsum(losses) / len(losses) - math.log(classes)

# %% wrong: by memory
#~ held.update(map(id, group["params"])) => held.update(p.data_ptr() for p in group["params"])
#~ id(p) not in held => p.data_ptr() not in held

# %% wrong: frozen by the check
def two_lines(model, optimizer, inputs, targets, classes):
    names = missing(model, optimizer)
    model.requires_grad_(False)
    return names, gap(model, inputs, targets, classes)

# %% wrong: what is missing is added
def two_lines(model, optimizer, inputs, targets, classes):
    names = missing(model, optimizer)
    if names:
        optimizer.add_param_group({"params": [dict(model.named_parameters())[n] for n in names]})
    return names, gap(model, inputs, targets, classes)

# %% wrong: what gets no gradient is left out
def two_lines(model, optimizer, inputs, targets, classes):
    optimizer.zero_grad()
    names = missing(model, optimizer)
    loss = F.cross_entropy(model(inputs), targets)
    loss.backward()
    return [n for n in names if dict(model.named_parameters())[n].grad is not None], loss.item() - math.log(classes)

# %% wrong: classes from the targets
#~ math.log(classes) => math.log(int(targets.max()) + 1)

# %% wrong: evaluation mode for good
#~     with torch.no_grad(): =>     model.eval()\n    with torch.no_grad():

# %% wrong: names twice
#~ model.named_parameters() => model.named_parameters(remove_duplicate=False)

# %% wrong: a group that stands still does not count
#~ for group in optimizer.param_groups: => for group in (g for g in optimizer.param_groups if g["lr"]):

# %% wrong: a small number in the logarithm
#~ F.cross_entropy(model(inputs), targets) => -(model(inputs).softmax(1).gather(1, targets[:, None]) + 1e-8).log().mean()

# %% right: the loss of a copy, evaluation mode for a moment
def two_lines(model, optimizer, inputs, targets, classes):
    import copy
    mode = model.training
    model.eval()
    loss = F.cross_entropy(copy.deepcopy(model)(inputs), targets)
    model.train(mode)
    return missing(model, optimizer), float(loss.detach()) - math.log(classes)

# %% wrong: what belongs to no layer is not seen
#~ for name, p in model.named_parameters() => for name, p in ((f"{n}.{k}", p) for n, m in model.named_children() for k, p in m.named_parameters())

# %% wrong: seven rows, always
#~ F.cross_entropy(model(inputs), targets) => (F.cross_entropy(model(inputs), targets, reduction="sum") / 7)

# %% wrong: the rate is set to zero, to be safe
def two_lines(model, optimizer, inputs, targets, classes):
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    return missing(model, optimizer), gap(model, inputs, targets, classes)

# %% wrong: gradients are switched off, and stay off
def two_lines(model, optimizer, inputs, targets, classes):
    import torch
    torch.set_grad_enabled(False)
    return missing(model, optimizer), gap(model, inputs, targets, classes)

# %% right: gradients are switched off for the loss alone
def two_lines(model, optimizer, inputs, targets, classes):
    import torch
    with torch.no_grad():
        return missing(model, optimizer), gap(model, inputs, targets, classes)
