"""Healthy: loops that touch gradients, weights or optimizers in unusual ways, each for a good reason."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import adam, batches, ce, flat, mlp, tested, train


@healthy("Foret et al. 2021: sharpness-aware minimisation", good=0.5)
def sharpness_aware(seed, watch):
    """Two backward passes a step: the first one's gradient moves the weights uphill, and is thrown away."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for part in batches(300, 32, seed):
        loss = ce(model, part)
        loss.backward()
        with torch.no_grad():
            norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
            moves = [0.05 * p.grad / norm for p in model.parameters()]
            for p, move in zip(model.parameters(), moves):
                p.add_(move)
        optimizer.zero_grad()
        ce(model, part).backward()
        with torch.no_grad():
            for p, move in zip(model.parameters(), moves):
                p.sub_(move)
        optimizer.step()
        optimizer.zero_grad()
        monitor.observe(loss=loss)
    return tested(model)


@healthy("Zhang et al. 2019: Lookahead", good=0.5)
def lookahead(seed, watch):
    """Every five steps the weights go half of the way back to slow ones."""
    model = mlp(64, 64, 10)
    optimizer, slow = adam(model), [p.detach().clone() for p in model.parameters()]

    @torch.no_grad()
    def look(step):
        if step % 5 == 4:
            for p, kept in zip(model.parameters(), slow):
                kept.lerp_(p, 0.5)
                p.copy_(kept)

    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(300, 32, seed),
          after=look)
    return tested(model)


@healthy("Welling and Teh 2011: Langevin dynamics", good=0.6)
def langevin_noise(seed, watch):
    """A little noise is added to the weights after each step."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    @torch.no_grad()
    def shake(step):
        for p in model.parameters():
            p.add_(1e-3 * torch.randn_like(p))

    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(350, 32, seed),
          after=shake)
    return tested(model)


@healthy("Abadi et al. 2016: private gradients", good=1.2)
def private_gradients(seed, watch):
    """Each row's gradient is clipped to 1, their mean gets noise, and is put into .grad by hand."""
    model = mlp(64, 32, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    monitor, (x, y) = watch(model, optimizer, classes=10), flat()
    of_row = lambda weights, row, label: F.cross_entropy(
        torch.func.functional_call(model, weights, (row.unsqueeze(0),)), label.unsqueeze(0))
    each = torch.func.vmap(torch.func.grad_and_value(of_row), in_dims=(None, 0, 0))
    for part in batches(300, 32, seed):
        weights = {name: p.detach() for name, p in model.named_parameters()}
        grads, losses = each(weights, x[part], y[part])
        norms = torch.stack([g.flatten(1).norm(dim=1) for g in grads.values()]).norm(dim=0)
        share = (1 / norms).clamp(max=1)
        for name, p in model.named_parameters():
            p.grad = torch.tensordot(share, grads[name], 1) / 32 + 0.6 / 32 * torch.randn_like(p)
        optimizer.step()
        monitor.observe(loss=losses.mean())
    return tested(model)


@healthy("Yu et al. 2020: conflicting gradients projected", good=1.0)
def gradients_projected(seed, watch):
    """Two tasks; each one's gradient comes from autograd.grad, conflicts are taken out, .grad is set by hand."""
    model = mlp(64, 64, 20)
    optimizer, (x, y) = adam(model), flat()
    monitor, params = watch(model, optimizer), list(model.parameters())
    for part in batches(300, 32, seed):
        out = model(x[part])
        losses = [F.cross_entropy(out[:, :10], y[part]), F.cross_entropy(out[:, 10:], y[part] // 2)]
        a, b = (torch.cat([g.flatten() for g in torch.autograd.grad(loss, params, retain_graph=True)])
                for loss in losses)
        dot = a @ b
        if dot < 0:
            a, b = a - dot / (b @ b) * b, b - dot / (a @ a) * a
        for p, g in zip(params, (a + b).split([p.numel() for p in params])):
            p.grad = g.view_as(p)
        optimizer.step()
        monitor.observe(loss=losses[0] + losses[1])
    return tested(model, lambda model, rows: F.cross_entropy(model(x[rows])[:, :10], y[rows]))


@healthy("torch.func's own examples", good=0.5)
def gradients_from_functions(seed, watch):
    """torch.func.grad gives the gradients; no backward pass ever runs."""
    model = mlp(64, 64, 10)
    optimizer, (x, y) = adam(model), flat()
    monitor = watch(model, optimizer, classes=10)
    of_batch = lambda weights, part: F.cross_entropy(torch.func.functional_call(model, weights, (x[part],)), y[part])
    for part in batches(300, 32, seed):
        grads, loss = torch.func.grad_and_value(of_batch)({n: p.detach() for n, p in model.named_parameters()}, part)
        for name, p in model.named_parameters():
            p.grad = grads[name]
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@healthy("torch's tutorial: optimizer steps in the backward pass", good=0.5)
def steps_in_the_backward_pass(seed, watch):
    """One Adam for each parameter steps as soon as its gradient is there, and zeroes it."""
    model = mlp(64, 64, 10)
    own = {p: torch.optim.Adam([p], lr=2e-3) for p in model.parameters()}

    def due(p):
        own[p].step()
        own[p].zero_grad()

    for p in model.parameters():
        p.register_post_accumulate_grad_hook(due)
    monitor = watch(model, list(own.values()), classes=10)
    for part in batches(300, 32, seed):
        loss = ce(model, part)
        loss.backward()
        monitor.observe(loss=loss)
    return tested(model)


@healthy("Nichol et al. 2018: Reptile", good=0.6)
def reptile(seed, watch):
    """The inner loop is plain SGD on a copy; the outer optimizer gets the way it went as its gradient."""
    model = mlp(64, 48, 10)
    outer = torch.optim.SGD(model.parameters(), lr=0.5)
    monitor, rows = watch(model, outer), batches(400, 32, seed)
    for _ in range(80):
        inner = copy.deepcopy(model)
        steps, losses = torch.optim.SGD(inner.parameters(), lr=0.1), []
        for _ in range(5):
            steps.zero_grad()
            loss = ce(inner, next(rows))
            loss.backward()
            steps.step()
            losses.append(loss.item())
        for p, q in zip(model.parameters(), inner.parameters()):
            p.grad = p.detach() - q.detach()
        outer.step()
        monitor.observe(loss=sum(losses) / 5)
    return tested(model)


@healthy("Yong et al. 2020: gradient centralisation, by hooks", good=0.5)
def gradients_centralised(seed, watch):
    """A hook on each matrix takes the mean out of its gradient as it arrives."""
    model = mlp(64, 64, 10)
    for p in model.parameters():
        if p.ndim > 1:
            p.register_hook(lambda g: g - g.mean(1, keepdim=True))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(300, 32, seed))
    return tested(model)


@healthy("torch.utils.checkpoint", good=0.5)
def activations_recomputed(seed, watch):
    """Activation checkpointing: the forward pass of the blocks runs twice."""
    from torch.utils.checkpoint import checkpoint

    blocks, head = nn.ModuleList([nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()) for _ in range(2)]), \
        nn.Linear(64, 10)
    model = nn.ModuleDict({"blocks": blocks, "head": head})
    optimizer, (x, y) = adam(model), flat()

    def loss(part):
        h = x[part]
        for block in blocks:
            h = checkpoint(block, h, use_reentrant=False)
        return F.cross_entropy(head(h), y[part])

    return train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(300, 32, seed))


@healthy("a usual guard: batches with a loss far beyond the others are left out", good=0.6)
def odd_batches_left_out(seed, watch):
    """Every tenth batch is broken, and no step is taken on it; its loss is observed all the same."""
    model = mlp(64, 48, 10)
    optimizer = adam(model)
    monitor, x = watch(model, optimizer, classes=10), flat()[0]
    for step, part in enumerate(batches(330, 32, seed)):
        optimizer.zero_grad()
        loss = ce(model, part, x * 30 if step % 10 == 9 else None)
        loss.backward()
        if step % 10 != 9:
            optimizer.step()
            monitor.observe(loss=loss)
    return tested(model)


@healthy("Smith 2017: cyclic rates", good=0.5)
def cyclic_rate(seed, watch):
    """A triangle of 60 steps, from 1e-3 to 0.1; SGD with momentum."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    schedule = lr.CyclicLR(optimizer, 1e-3, 0.1, step_size_up=30)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(360, 32, seed),
          after=lambda step: schedule.step())
    return tested(model)


@healthy("a usual end: the best weights are put back, and trained on at a tenth of the rate", good=0.5)
def best_weights_put_back(seed, watch):
    """Twice in the run the weights of the best validation are loaded again, and the rate is cut."""
    model = mlp(64, 64, 10)
    optimizer, best = adam(model), [float("inf"), None]

    def keep(step):
        if step % 20 == 19:
            now = tested(model)
            if now < best[0]:
                best[:] = now, copy.deepcopy(model.state_dict())
        if step in (149, 249):
            model.load_state_dict(best[1])
            optimizer.param_groups[0]["lr"] *= 0.3

    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(350, 32, seed),
          after=keep)
    return tested(model)
