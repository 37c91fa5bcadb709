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
