"""More attempts at 10-loop, which stand on the code that those of tests/attempts/10-loop.py share."""

# %% right: clip by foreach norms of torch
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => grads = [p.grad for p in model.parameters() if p.grad is not None]; norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(grads))); torch._foreach_mul_(grads, torch.clamp(clip / (norm + 1e-6), max=1.0))

# %% right: set_to_none after the step
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer, losses = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak), []
    for inputs, targets in batches:
        for group in optimizer.param_groups:
            group.update(lr=peak * schedule(len(losses)))
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses += [float(error.detach())]
    return losses

# %% right: a closure
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer, losses = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak), []
    for step, (inputs, targets) in enumerate(batches):
        def closure(inputs=inputs, targets=targets):
            optimizer.zero_grad()
            error = loss(model(inputs), targets)
            error.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            return error
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        losses.append(optimizer.step(closure).item())
    return losses

# %% wrong: the clip of the norm without its root
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => torch.nn.utils.clip_grad_norm_(model.parameters(), clip, norm_type=1.0)

# %% wrong: the clip falls with the rate
#~ torch.nn.utils.clip_grad_norm_(model.parameters(), clip) => torch.nn.utils.clip_grad_norm_(model.parameters(), clip * schedule(step))

# %% wrong: the decay does not follow the rate
#~ group["lr"] = peak * schedule(step) => group["lr"] = peak * schedule(step); group["weight_decay"] = group["weight_decay"] and weight_decay / max(schedule(step), 1e-9)

# %% wrong: the last batch twice
#~ for step, (inputs, targets) in enumerate(batches): => for step, (inputs, targets) in enumerate((lambda b: b + b[-1:])(list(batches))):

# %% wrong: a rate of zero is taken for missing
#~ group["lr"] = peak * schedule(step) => group["lr"] = peak * (schedule(step) or 1.0)

# %% wrong: a single batch is not trained on
#~ optimizer.step() => optimizer.step() if step else None

# %% wrong: a decay of zero becomes torch's own
#~ AdamW(groups_of(model, weight_decay) => AdamW(groups_of(model, weight_decay or 0.01)

# %% right: optimizer made at the first batch, foreach off
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer, losses, it = None, [], iter(batches)
    t = 0
    while (batch := next(it, None)) is not None:
        x, y = batch
        optimizer = optimizer or torch.optim.AdamW(groups_of(model, weight_decay), lr=peak, foreach=False)
        optimizer.zero_grad(set_to_none=False)
        e = loss(model(x), y); e.backward()
        total = torch.linalg.vector_norm(torch.cat([p.grad.reshape(-1) for p in model.parameters()]))
        if total > clip:
            for p in model.parameters(): p.grad.mul_(clip / total)
        for g in optimizer.param_groups: g.update(lr=float(peak * schedule(t)))
        optimizer.step(); t += 1
        losses.append(e.detach().item())
    return losses

# %% right: a deque of losses, and a schedule of torch's
from collections import deque
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    opt = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, [schedule] * 2)
    out = deque()
    for x, y in batches:
        opt.zero_grad()
        e = loss(model(x), y); e.backward()
        torch.nn.utils.clip_grads_with_norm_(model.parameters(), clip, torch.nn.utils.get_total_norm([p.grad for p in model.parameters()]))
        opt.step(); sched.step()
        out.append(e.item())
    return out

# %% wrong: losses weighted by rows, as if all batches had six
#~ losses.append(error.item()) => losses.append(error.item() * len(inputs) / 6)

# %% wrong: steps are skipped where the norm is huge
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    optimizer, losses = torch.optim.AdamW(groups_of(model, weight_decay), lr=peak), []
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups: group["lr"] = peak * schedule(step)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        n = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        if n < 100 * clip: optimizer.step()
        losses.append(error.item())
    return losses
