"""10-loop, from its statement."""
#: as of 10-loop

import torch


def groups_of(model, weight_decay):
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    spared = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": spared, "weight_decay": 0.0}]


def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak)
    losses = []
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(error.item())
    return losses

# %% right: in the order of the text
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    params, losses = list(model.parameters()), []
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in params if p.dim() > 1], "weight_decay": weight_decay},
         {"params": [p for p in params if p.dim() <= 1], "weight_decay": 0}], lr=peak)
    for step, (inputs, targets) in enumerate(batches):
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(params, clip)
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        optimizer.step()
        losses.append(error.item())
    return losses

# %% right: LambdaLR
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
    losses = []
    for inputs, targets in batches:
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        losses.append(float(error))
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=clip)
        optimizer.step()
        scheduler.step()
    return losses

# %% right: a clip written by hand
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => by_hand(list(model.parameters()), clip)
def by_hand(params, clip):
    norm = torch.sqrt(sum((p.grad ** 2).sum() for p in params))
    if norm > clip:
        for p in params:
            p.grad *= clip / norm
train

# %% right: a clip by hand with a guard, over one long vector
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak)
    losses = []
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        model.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        flat = torch.cat([p.grad.flatten() for p in model.parameters()])
        factor = min(1.0, clip / (flat.norm().item() + 1e-6))
        for p in model.parameters():
            p.grad.mul_(factor)
        optimizer.step()
        losses.append(error.detach().item())
    return losses

# %% right: one group for each parameter
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer = torch.optim.AdamW(
        [{"params": [p], "weight_decay": weight_decay if p.ndim >= 2 else 0.0} for p in model.parameters()], lr=peak)
    losses = []
    for step, (inputs, targets) in enumerate(batches):
        error = loss(model(inputs), targets)
        losses.append(error.item())
        model.zero_grad(set_to_none=False)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip, error_if_nonfinite=False)
        for group in optimizer.param_groups:
            group["lr"] = schedule(step) * peak
        optimizer.step()
    return losses

# %% right: names and shapes
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    decay, rest = {}, {}
    for name, p in model.named_parameters():
        (decay if len(p.shape) >= 2 else rest)[name] = p
    optimizer = torch.optim.AdamW([{"params": list(decay.values())},
                                   {"params": list(rest.values()), "weight_decay": 0.0}],
                                  lr=peak, weight_decay=weight_decay)
    step, losses = 0, []
    for batch in batches:
        optimizer.zero_grad(set_to_none=True)
        error = loss(model(batch[0]), batch[1])
        error.backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), clip)
        optimizer.param_groups[0]["lr"] = optimizer.param_groups[1]["lr"] = peak * schedule(step)
        optimizer.step()
        step += 1
        losses += [error.item()]
    return losses

# %% right: the losses as tensors
train
#~ losses.append(error.item()) => losses.append(error)

# %% right: the losses as an array
train
#~ return losses => return np.array(losses)

# %% right: helpers, and autograd.grad
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    params = list(model.parameters())
    optimizer = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak)
    def one(step, inputs, targets):
        error = loss(model(inputs), targets)
        for p, g in zip(params, torch.autograd.grad(error, params)):
            p.grad = g
        torch.nn.utils.clip_grad_norm_(params, clip)
        for group in optimizer.param_groups:
            group.update(lr=peak * schedule(step))
        optimizer.step()
        return error.item()
    return [one(step, *batch) for step, batch in enumerate(batches)]

# %% right: two optimizers
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    first, second = groups_of(model, weight_decay)
    both = [torch.optim.AdamW(g["params"], lr=peak, weight_decay=g["weight_decay"])
            for g in (first, second) if g["params"]]
    losses = []
    for step, (inputs, targets) in enumerate(batches):
        model.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for optimizer in both:
            optimizer.param_groups[0]["lr"] = peak * schedule(step)
            optimizer.step()
        losses.append(error.item())
    return losses

# %% wrong: names with bias are spared
def groups_of(model, weight_decay):
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if "bias" not in n], "weight_decay": weight_decay},
            {"params": [p for n, p in named if "bias" in n], "weight_decay": 0.0}]

# %% wrong: names with bias or norm are spared
def groups_of(model, weight_decay):
    spared = lambda n: "bias" in n or "norm" in n
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if not spared(n)], "weight_decay": weight_decay},
            {"params": [p for n, p in named if spared(n)], "weight_decay": 0.0}]

# %% wrong: what is no bias and does not belong to a normalisation decays
def groups_of(model, weight_decay):
    spared = {id(p) for m in model.modules() if "Norm" in type(m).__name__ for p in m.parameters(recurse=False)}
    spared |= {id(p) for n, p in model.named_parameters() if n.endswith("bias")}
    return [{"params": [p for p in model.parameters() if id(p) not in spared], "weight_decay": weight_decay},
            {"params": [p for p in model.parameters() if id(p) in spared], "weight_decay": 0.0}]

# %% wrong: embeddings are spared as well
def groups_of(model, weight_decay):
    decays = lambda n, p: p.ndim >= 2 and "emb" not in n
    named = list(model.named_parameters())
    return [{"params": [p for n, p in named if decays(n, p)], "weight_decay": weight_decay},
            {"params": [p for n, p in named if not decays(n, p)], "weight_decay": 0.0}]

# %% wrong: the weights of linear layers alone decay
def groups_of(model, weight_decay):
    decayed = {id(m.weight) for m in model.modules() if isinstance(m, torch.nn.Linear)}
    return [{"params": [p for p in model.parameters() if id(p) in decayed], "weight_decay": weight_decay},
            {"params": [p for p in model.parameters() if id(p) not in decayed], "weight_decay": 0.0}]

# %% wrong: exactly two dimensions
train
#~ p.ndim >= 2 => p.ndim == 2
#~ p.ndim < 2 => p.ndim != 2

# %% wrong: large tensors decay
train
#~ p.ndim >= 2 => p.numel() > 8
#~ p.ndim < 2 => p.numel() <= 8

# %% wrong: a matrix of one row counts as a vector
train
#~ p.ndim >= 2 => p.squeeze().ndim >= 2
#~ p.ndim < 2 => p.squeeze().ndim < 2

# %% wrong: the vectors stand in no group
train
#~ , {"params": spared, "weight_decay": 0.0} => 

# %% wrong: the matrices do not decay, the vectors do
train
#~ p.ndim >= 2 => p.ndim < 2.0
#~ p.ndim < 2] => p.ndim >= 2.0]

# %% wrong: torch's own decay for the vectors
train
#~ , "weight_decay": 0.0 => 

# %% wrong: a decay of 0.01, always
train
#~ "weight_decay": weight_decay => "weight_decay": 0.01

# %% wrong: no clip
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => pass

# %% wrong: each tensor has a clip of its own
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => [torch.nn.utils.clip_grad_norm_([p], clip) for p in model.parameters()]

# %% wrong: each group has a clip of its own
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => [torch.nn.utils.clip_grad_norm_(g["params"], clip) for g in optimizer.param_groups]

# %% wrong: the matrices alone are clipped
train
#~ clip_grad_norm_(model.parameters(), clip) => clip_grad_norm_([p for p in model.parameters() if p.ndim > 1], clip)

# %% wrong: each value is clipped
train
#~ clip_grad_norm_(model.parameters() => clip_grad_value_(model.parameters()

# %% wrong: clipped in the first step
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => step or torch.nn.utils.clip_grad_norm_(model.parameters(), clip)

# %% wrong: every gradient is stretched to the norm
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => norm = torch.nn.utils.get_total_norm([p.grad for p in model.parameters()]); [p.grad.mul_(clip / norm) for p in model.parameters()]

# %% wrong: a clip of one
train
#~ parameters(), clip) => parameters(), 1.0)

# %% wrong: the largest value in place of the norm
train
#~ parameters(), clip) => parameters(), clip, norm_type=float("inf"))

# %% wrong: the clip before the gradient is there
train
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => error.backward ()
#~ error.backward() => torch.nn.utils.clip_grad_norm_(model.parameters(), clip)

# %% wrong: clipped after the step
train
#~ optimizer.step() => pass
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => optimizer.step(); torch.nn.utils.clip_grad_norm_(model.parameters(), clip)

# %% wrong: the schedule counts from one
train
#~ enumerate(batches) => enumerate(batches, 1)

# %% wrong: the rate of the first group alone
train
#~ in optimizer.param_groups => in optimizer.param_groups[:1]

# %% wrong: the rate of the last group alone
train
#~ in optimizer.param_groups => in optimizer.param_groups[-1:]

# %% wrong: the rate is multiplied up
train
#~ group["lr"] = peak * => group["lr"] *= 

# %% wrong: the peak left out
train
#~ = peak * schedule => = schedule

# %% wrong: the schedule stands still after the first steps
train
#~ schedule(step) => schedule(min(step, 3))

# %% wrong: the schedule begins anew every eight steps
train
#~ schedule(step) => schedule(step % 8)

# %% wrong: gradients add up
train
#~ optimizer.zero_grad() => pass

# %% wrong: gradients are zeroed before the step
train
#~ optimizer.step() => optimizer.zero_grad(set_to_none=False); optimizer.step()

# %% wrong: one step where all are asked for
train
#~ return losses => return losses[:1]

# %% wrong: the last loss
train
#~ return losses => return losses[-1]

# %% wrong: the losses after each step
train
#~ losses.append(error.item()) => losses.append(loss(model(inputs), targets).item())

# %% wrong: a mean of the losses so far
train
#~ losses.append(error.item()) => losses.append((error.item() + sum(losses)) / (step + 1) if step < 1 else error.item() * 0.9)

# %% wrong: Adam
train
#~ optim.AdamW => optim.Adam

# %% wrong: betas of its own
train
#~ lr=peak) => lr=peak, betas=(0.9, 0.95))

# %% wrong: a larger ε
train
#~ lr=peak) => lr=peak, eps=1e-6)

# %% wrong: AMSGrad
train
#~ lr=peak) => lr=peak, amsgrad=True)

# %% wrong: a copy is trained
import copy
def once(model, *rest):
    return train(copy.deepcopy(model), *rest)
once

# %% wrong: the optimizer is kept from call to call
KEPT = []
train
#~ losses = [] => KEPT.append(optimizer); optimizer = KEPT[0]; losses = []

# %% wrong: the skeleton's generator is used twice, for the groups
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    params, losses = model.parameters(), []
    optimizer = torch.optim.AdamW([{"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
                                   {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}], lr=peak)
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(error.item())
    return losses

# %% wrong: the skeleton's generator is used twice, for the clip
train
#~ losses = [] => losses, params = [], model.parameters()
#~ (model.parameters(), clip) => (params, clip)

# %% wrong: the batches in reverse
train
#~ enumerate(batches) => enumerate(list(batches)[::-1])

# %% wrong: the model is put into evaluation mode
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    model.eval()
    params = list(model.parameters())
    groups = [{"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
              {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]
    optimizer, losses = torch.optim.AdamW(groups, lr=peak), []
    for t, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(t)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(params, clip)
        optimizer.step()
        losses.append(error.item())
    return losses
