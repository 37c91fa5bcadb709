"""Healthy: several tasks at once, similarities, physics, flows."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import healthy
from monitor_bank.parts import TRAINED, batches, flat, mlp, tested, train


def _two_heads():
    return nn.ModuleDict({"body": nn.Sequential(mlp(64, 64, 48), nn.ReLU()), "name": nn.Linear(48, 10),
                          "draw": nn.Linear(48, 64)})


@healthy("two tasks in turn, batch by batch", good=0.8)
def tasks_in_turn(seed, watch):
    """Even steps classify, odd ones reconstruct: two levels of loss, one body."""
    model, (x, labels), count = _two_heads(), flat(), [0]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        count[0] += 1
        h = model["body"](x[part])
        if count[0] % 2:
            return F.cross_entropy(model["name"](h), labels[part])
        return 3 * F.mse_loss(model["draw"](h), x[part])

    return train(monitor, model, optimizer, loss, batches(500, 32, seed))


@healthy("two tasks, weighted by what they say of their noise (Kendall et al. 2018)", good=-1.0)
def tasks_weighted_by_their_noise(seed, watch):
    """The weights of the tasks are learned; the loss goes below zero by design."""
    model, (x, labels) = _two_heads(), flat()
    model.register_parameter("spread", nn.Parameter(torch.zeros(2)))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        h = model["body"](x[part])
        parts = torch.stack([F.cross_entropy(model["name"](h), labels[part]), F.mse_loss(model["draw"](h), x[part])])
        return (parts * (-model.spread).exp() + model.spread).sum()

    return train(monitor, model, optimizer, loss, batches(400, 32, seed))


def _views(part):
    x = flat()[0][part]
    return x + 0.3 * torch.randn_like(x), x + 0.3 * torch.randn_like(x)


@healthy("contrastive learning: begins at ln of the batch", good=1.0)
def contrastive(seed, watch):
    """InfoNCE between two noisy views of 64 rows, at a temperature that is learned."""
    model = mlp(64, 64, 32)
    model.register_parameter("heat", nn.Parameter(torch.tensor(1.6)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    encode = lambda v: F.normalize(model[2](model[1](model[0](v))), dim=1)

    def loss(part):
        left, right = map(encode, _views(part))
        return F.cross_entropy(left @ right.T * model.heat.exp(), torch.arange(len(part)))

    return train(watch(model, optimizer, classes=64), model, optimizer, loss, batches(300, 64, seed))


@healthy("triplets, semi-hard; the loss of many batches is near 0", good=0.25)
def triplets(seed, watch):
    """Triplet margin loss on normalised embeddings."""
    model, (x, labels) = mlp(64, 64, 16), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def loss(part):
        z = F.normalize(model(x[part]), dim=1)
        gaps = (z[:, None] - z[None]).square().sum(2)
        same = labels[part][:, None] == labels[part][None]
        return ((gaps * same).max(1).values - (gaps + 9.0 * same).min(1).values + 0.3).clamp(min=0).mean()

    return train(watch(model, optimizer), model, optimizer, loss, batches(300, 64, seed))


@healthy("BYOL: the target follows by an average", good=0.2)
def follows_its_own_average(seed, watch):
    """A predictor on one view meets the averaged network on the other; the loss rises after its first fall."""
    online, predictor = mlp(64, 64, 16), mlp(16, 32, 16)
    target, model = copy.deepcopy(online), nn.ModuleList([online, predictor])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        left, right = _views(part)
        with torch.no_grad():
            goal = F.normalize(target(right), dim=1)
        return 2 - 2 * (F.normalize(predictor(online(left)), dim=1) * goal).sum(1).mean()

    @torch.no_grad()
    def follow(step):
        for p, q in zip(online.parameters(), target.parameters()):
            q.lerp_(p, 0.02)

    return train(monitor, model, optimizer, loss, batches(350, 64, seed), after=follow)


@healthy("denoising diffusion", good=0.6)
def denoiser(seed, watch):
    """The noise in a row is predicted, at a random level: a noisy loss with a high floor."""
    model, x = mlp(65, 128, 128, 64), flat()[0]
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)

    def loss(part):
        level = torch.rand(len(part), 1)
        noise = torch.randn(len(part), 64)
        seen = (1 - level).sqrt() * x[part] + level.sqrt() * noise
        return F.mse_loss(model(torch.cat([seen, level], 1)), noise)

    return train(watch(model, optimizer), model, optimizer, loss, batches(400, 64, seed))


@healthy("a normalising flow: its loss is of either sign", good=-3.0)
def normalising_flow(seed, watch):
    """Four affine couplings on 2-D moons, by the exact likelihood."""
    nets = nn.ModuleList(mlp(1, 32, 2) for _ in range(4))
    optimizer = torch.optim.Adam(nets.parameters(), lr=3e-3)
    g = torch.Generator().manual_seed(seed)

    def loss(_):
        angle = 3.1416 * torch.rand(64, generator=g)
        z, volume = torch.stack([angle.cos(), angle.sin()], 1) / 4 + 0.02 * torch.randn(64, 2, generator=g), 0.0
        for number, net in enumerate(nets):
            kept, moved = z[:, number % 2, None], z[:, 1 - number % 2, None]
            scale, shift = net(kept).chunk(2, dim=1)
            moved, volume = moved * scale.tanh().mul(2).exp() + shift, volume + 2 * scale.tanh().sum(1)
            z = torch.cat([kept, moved] if number % 2 == 0 else [moved, kept], 1)
        return (0.5 * z.square().sum(1) - volume).mean()

    return train(watch(nets, optimizer), nets, optimizer, loss, range(350))


@healthy("physics-informed: an equation in place of targets", good=0.005)
def solves_an_equation(seed, watch):
    """u″ = −u with u(0) = 0, u′(0) = 1, as a network: two terms, second derivatives."""
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    slope = lambda u, t: torch.autograd.grad(u.sum(), t, create_graph=True)[0]

    def loss(_):
        t = (3 * torch.rand(64, 1)).requires_grad_()
        u = model(t)
        start = torch.zeros(1, 1, requires_grad=True)
        at = model(start)
        return (slope(slope(u, t), t) + u).square().mean() + at.square().sum() + (slope(at, start) - 1).square().sum()

    return train(watch(model, optimizer), model, optimizer, loss, range(350))


@healthy("a graph network on a ring of neighbours", good=0.5)
def graph_of_neighbours(seed, watch):
    """Two rounds of messages between the nearest rows; all nodes in each step, a tenth of the labels, validation."""
    x, labels = flat()
    near = torch.cdist(x, x).topk(6, largest=False).indices
    model = nn.ModuleList([nn.Linear(64, 48), nn.Linear(48, 10)])
    out = lambda model: model[1](F.dropout(model[0](x[near].mean(1)).relu()[near].mean(1), 0.3, model.training))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=5e-4)
    loss = lambda model, part: F.cross_entropy(out(model)[part], labels[part])
    rows = [torch.arange(0, TRAINED, 10)] * 200
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part), rows,
          validate=lambda: tested(model, loss), every=20)
    return tested(model, loss)
