"""Healthy: losses with odd levels, odd starts and odd tails, all of them as their authors use them."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import healthy
from monitor_bank.parts import adam, batches, ce, digits, flat, mlp, regression, tested, text, train


def _trained(watch, model, optimizer, loss, seed, *, steps=300, size=32, **more):
    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(steps, size, seed), **more)
    return tested(model, loss)


@healthy("Lin et al. 2017: the focal loss", good=0.05)
def focal_loss_on_a_rare_class(seed, watch):
    """One digit against nine, γ = 2: the loss is hundredths from the start, and single batches stand out."""
    model, x, y = mlp(64, 48, 1), flat()[0], (flat()[1] == 3).float().unsqueeze(1)
    with torch.no_grad():
        model[-1].bias.fill_(-2.2)  # the share of the rare class, as the paper advises

    def loss(model, part):
        plain = F.binary_cross_entropy_with_logits(model(x[part]), y[part], reduction="none")
        return ((1 - (-plain).exp()).square() * plain).mean()

    return _trained(watch, model, adam(model), loss, seed)


@healthy("Deng et al. 2019: an additive angular margin", good=9.0)
def angular_margin(seed, watch):
    """Cosines times 30, with a margin of 0.3 on the right one: the loss begins far above ln 10."""
    model = nn.ModuleDict({"body": mlp(64, 64, 32), "rows": nn.Linear(32, 10, bias=False)})
    x, y = flat()

    def loss(model, part):
        out = F.linear(F.normalize(model["body"](x[part])), F.normalize(model["rows"].weight))
        angle = out.clamp(-0.999, 0.999).acos() + 0.3 * F.one_hot(y[part], 10)
        return F.cross_entropy(30 * angle.cos(), y[part])

    return _trained(watch, model, torch.optim.AdamW(model.parameters(), lr=2e-3), loss, seed)


@healthy("Koren et al. 2009: ratings as products of factors", good=0.5)
def ratings_factorised(seed, watch):
    """Sixty users, forty things, five factors each, small at the start: SGD, with a cosine, rests at the mean first."""
    g = torch.Generator().manual_seed(11)
    true = torch.randn(60, 3, generator=g) @ torch.randn(3, 40, generator=g) + 0.3 * torch.randn(60, 40, generator=g)
    model = nn.ModuleDict({"user": nn.Embedding(60, 5), "thing": nn.Embedding(40, 5)})
    for part in model.values():
        nn.init.normal_(part.weight, std=0.1)

    def loss(model, rows):
        user, thing = rows // 40, rows % 40
        return F.mse_loss((model["user"](user) * model["thing"](thing)).sum(1), true[user, thing])

    optimizer = torch.optim.SGD(model.parameters(), lr=2.0, momentum=0.5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 900)  # a constant rate ends twice as high
    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(900, 64, seed, rows=2400),
          after=lambda step: schedule.step())
    with torch.no_grad():
        return loss(model, torch.arange(2400)).item()


@healthy("van den Oord et al. 2017: a learned codebook", good=1.3)
def codebook_learned(seed, watch):
    """A vector-quantised autoencoder: straight-through gradients, three terms, codes that stay unused."""
    model = nn.ModuleDict({"in": mlp(64, 48, 8), "codes": nn.Embedding(32, 8), "out": mlp(8, 48, 64)})
    nn.init.uniform_(model["codes"].weight, -1 / 32, 1 / 32)

    def loss(model, part):
        x = flat()[0][part]
        z = model["in"](x)
        code = model["codes"](torch.cdist(z, model["codes"].weight).argmin(1))
        out = model["out"](z + (code - z).detach())
        return F.mse_loss(out, x) + F.mse_loss(code, z.detach()) + 0.25 * F.mse_loss(z, code.detach())

    return _trained(watch, model, adam(model), loss, seed, steps=500)


@healthy("Burges et al. 2005: pairs ranked", good=0.35)
def pairs_ranked(seed, watch):
    """The logistic loss of differences: it starts at ln 2 whatever the number of rows."""
    model, x, y = mlp(64, 48, 1), flat()[0], regression().squeeze(1)

    def loss(model, part):
        s, t = model(x[part]).squeeze(1), y[part]
        return F.softplus(-(s[:, None] - s) * (t[:, None] - t).sign()).mean()

    return _trained(watch, model, adam(model), loss, seed)


@healthy("Milletari et al. 2016: the Dice loss of masks", good=0.25)
def dice_of_masks(seed, watch):
    """The bright pixels are found again under noise: the loss starts near 1/2 and is bounded."""
    model, images = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1)), digits()[0]

    def loss(model, part):
        mask = (images[part] > 0.5).float()
        p = model(images[part] + 0.4 * torch.randn(len(part), 1, 8, 8)).sigmoid()
        return 1 - (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)

    return _trained(watch, model, adam(model, 5e-3), loss, seed)


@healthy("Sitzmann et al. 2020: sines fit an image", good=0.02)
def sines_fit_an_image(seed, watch):
    """Coordinates to grey values, all 64 pixels of one image in each step: the loss falls by many orders."""
    at = torch.stack(torch.meshgrid(torch.linspace(-1, 1, 8), torch.linspace(-1, 1, 8), indexing="ij"), -1).view(64, 2)
    image = digits()[0][seed].view(64, 1)

    class Sine(nn.Module):
        """sin(30 x)."""

        def forward(self, x):
            return (30 * x).sin()

    model = nn.Sequential(nn.Linear(2, 64), Sine(), nn.Linear(64, 64), Sine(), nn.Linear(64, 1))
    nn.init.uniform_(model[0].weight, -0.5, 0.5)
    for layer in (model[2], model[4]):
        nn.init.uniform_(layer.weight, -(6 / 64) ** 0.5 / 30, (6 / 64) ** 0.5 / 30)
    optimizer = adam(model, 3e-4)
    return train(watch(model, optimizer), model, optimizer, lambda _: F.mse_loss(model(at), image), range(400))


@healthy("Haarnoja et al. 2018: a temperature that is learned", good=0.7)
def temperature_learned(seed, watch):
    """A policy with an entropy term whose weight has an optimizer of its own: two monitors, losses of either sign."""
    model, x, y = mlp(64, 48, 10), *flat()
    heat = nn.ParameterList([nn.Parameter(torch.zeros(()))])
    optimizer, second = adam(model), torch.optim.Adam(heat.parameters(), lr=1e-2)
    monitor, other = watch(model, optimizer), watch(heat, second)
    for part in batches(400, 32, seed):
        log = model(x[part]).log_softmax(1)
        entropy = -(log.exp() * log).sum(1).mean()
        value = (log.exp() * F.one_hot(y[part], 10)).sum(1).mean()
        optimizer.zero_grad()
        loss = -value - heat[0].exp().detach() * entropy
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        second.zero_grad()
        more = heat[0] * (entropy.detach() - 0.5)
        more.backward()
        second.step()
        other.observe(loss=more)
    return 1 - (model(x[1437:]).softmax(1).gather(1, y[1437:, None])).mean().item()


@healthy("reports of label noise: a fifth of the labels are wrong, and the floor is high", good=1.0)
def fifth_of_the_labels_wrong(seed, watch):
    """A small network with decay on noisy labels: the loss rests at its floor, validation on clean rows is lower."""
    model, x, y = mlp(64, 16, 10), *flat()
    g = torch.Generator().manual_seed(21)
    noisy = torch.where(torch.rand(1797, generator=g) < 0.2, torch.randint(0, 10, (1797,), generator=g), y)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)
    loss = lambda part: F.cross_entropy(model(x[part]), noisy[part])
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(400, 32, seed),
          validate=lambda: tested(model), every=25)
    return tested(model)


@healthy("a usual end: training stops where validation has not improved for a while", good=0.3)
def stopped_early(seed, watch):
    """Few rows; the run ends four validations after the best one, and the best weights are put back."""
    model = mlp(64, 64, 10)
    optimizer = adam(model, 1e-3)
    monitor, best, since = watch(model, optimizer, classes=10), [float("inf"), None], 0
    for step, part in enumerate(batches(900, 32, seed, rows=800)):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        if step % 25 == 24:
            now = tested(model)
            monitor.observe(validation=now)
            since = 0 if now < best[0] else since + 1
            if now < best[0]:
                best = [now, copy.deepcopy(model.state_dict())]
            if since == 4:
                break
    model.load_state_dict(best[1])
    return tested(model)


@healthy("Vinyals and Le 2015: a sequence is read, another is written", good=1.0)
def sequence_turned_round(seed, watch):
    """Encoder and decoder GRUs with teacher forcing turn five symbols round: a long rest, then a fall."""
    model = nn.ModuleDict({"in": nn.Embedding(8, 16), "read": nn.GRU(16, 48, batch_first=True),
                           "write": nn.GRU(16, 48, batch_first=True), "head": nn.Linear(48, 8)})
    optimizer, g = adam(model, 5e-3), torch.Generator().manual_seed(seed)

    def loss(_):
        x = torch.randint(0, 8, (32, 5), generator=g)
        y = x.flip(1)
        _, h = model["read"](model["in"](x))
        out, _ = model["write"](model["in"](torch.cat([torch.zeros(32, 1, dtype=torch.long), y[:, :-1]], 1)), h)
        return F.cross_entropy(model["head"](out).flatten(0, 1), y.flatten())

    return train(watch(model, optimizer, classes=8), model, optimizer, loss, range(450), clip=1.0)


@healthy("Gutmann and Hyvärinen 2010: noise-contrastive estimation of characters", good=2.8)
def words_against_noise(seed, watch):
    """The next character against eight drawn ones: nine logistic terms, summed."""
    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 8), "body": mlp(24 * 8, 48, 32),
                           "out": nn.Embedding(size, 32)})
    nn.init.normal_(model["out"].weight, std=0.05)
    optimizer, g = adam(model, 3e-3), torch.Generator().manual_seed(seed)

    def loss(part):
        h = model["body"](model["letters"](x[part]).flatten(1))
        asked = torch.cat([y[part][:, -1:], torch.randint(0, size, (len(part), 8), generator=g)], 1)
        scores = (model["out"](asked) @ h.unsqueeze(2)).squeeze(2)
        return F.softplus(-scores[:, 0]).mean() + F.softplus(scores[:, 1:]).sum(1).mean()

    return train(watch(model, optimizer), model, optimizer, loss, batches(400, 32, seed, rows=len(x)))
