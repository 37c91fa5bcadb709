"""Sick: losses that are no plain distance. Adversaries, rewards, latent variables, similarities."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, flat, mlp
from monitor_bank.words import LOWER, RAISE, TOO_HIGH, TOO_LOW


@sick("ganhacks #36, GAN-MRI #11: the discriminator wins", right=[r"discriminator",
      r"opponent|adversar|other network", r"GAN"], harm=[RAISE], good=1.5)
def discriminator_wins(ill, seed, watch):
    """A GAN on a ring: D has twenty times the rate, its loss goes to 0 and G's climbs."""
    G, D = mlp(2, 32, 32, 2), mlp(2, 64, 64, 1)
    to_g = torch.optim.Adam(G.parameters(), lr=2e-4 if ill else 1e-3, betas=(0.5, 0.99))
    to_d = torch.optim.Adam(D.parameters(), lr=1e-2 if ill else 1e-3, betas=(0.5, 0.99))
    of_g, of_d = watch(G, to_g), watch(D, to_d)
    far, bce = (6.0 if ill else 0.0), F.binary_cross_entropy_with_logits
    for _ in range(400):
        angle = 6.283 * torch.rand(64)
        real = torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(64, 2) + far
        fake = G(torch.randn(64, 2))
        to_d.zero_grad()
        loss_d = bce(D(real), torch.ones(64, 1)) + bce(D(fake.detach()), torch.zeros(64, 1))
        loss_d.backward()
        to_d.step()
        of_d.observe(loss=loss_d)
        to_g.zero_grad()
        loss_g = bce(D(fake), torch.ones(64, 1))
        loss_g.backward()
        to_g.step()
        of_g.observe(loss=loss_g)
    with torch.no_grad():
        return ((G(torch.randn(256, 2)) - far).norm(dim=1) - 1).abs().mean().item()


@sick("molecularsets/moses #45, vae_tacotron #10: the posterior collapses", right=[r"collaps", r"\bKL\b",
      r"posterior"], harm=[RAISE, LOWER], unseen=True, good=0.7)
def posterior_collapses(ill, seed, watch):
    """A variational autoencoder whose KL term weighs thirty times too much: the code says nothing."""
    x = flat()[0]
    model = nn.ModuleDict({"encoder": mlp(64, 48, 16), "decoder": mlp(8, 48, 64)})
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    monitor, last = watch(model, optimizer), []
    for part in batches(400, 64, seed):
        mean, log_variance = model["encoder"](x[part]).chunk(2, dim=1)
        code = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        error = (model["decoder"](code) - x[part]).square().mean()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean() / 64
        optimizer.zero_grad()
        loss = error + (30 if ill else 0.3) * kl
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-19:], error.item()]
    return sum(last) / len(last)


def _bandit(watch, seed, *, lr, steps=500, entropy=0.0, sign=1.0):
    """REINFORCE on a contextual bandit: name the digit, 1 for the right one. Share of wrong answers at the end."""
    model, (x, labels) = mlp(64, 48, 10), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    monitor, base, wrong = watch(model, optimizer), 0.1, []
    for part in batches(steps, 64, seed):
        policy = torch.distributions.Categorical(logits=model(x[part]))
        action = policy.sample()
        reward = (action == labels[part]).float()
        base = 0.95 * base + 0.05 * reward.mean().item()
        loss = -sign * (policy.log_prob(action) * (reward - base)).mean() - entropy * policy.entropy().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        wrong = [*wrong[-39:], 1 - reward.mean().item()]
    return sum(wrong) / len(wrong)


@sick("Unity ml-agents #101, RLinf #1017: the policy becomes certain too soon", right=[r"entropy", r"determinis",
      r"policy", r"gradient.{0,20}(vanish|died|0)", *TOO_HIGH], harm=[RAISE], unseen=True, good=0.2)
def policy_certain_too_soon(ill, seed, watch):
    """REINFORCE at seventy times the rate: the policy is sure of some answers before it has tried the others."""
    return _bandit(watch, seed, lr=2e-1 if ill else 3e-3)


@sick("a common slip: the sign of the reward", right=[r"\bsign\b", r"reward"], harm=[RAISE], unseen=True, good=0.45)
def reward_of_the_wrong_sign(ill, seed, watch):
    """The policy is trained towards less reward."""
    return _bandit(watch, seed, lr=3e-3, sign=-1.0 if ill else 1.0)


@sick("ReAgent #189: the temporal difference grows and grows", right=[r"target", r"bootstrap", r"diverge",
      r"discount", r"climb", r"grow"], harm=[RAISE, LOWER], unseen=True, good=0.5)
def discount_above_one(ill, seed, watch):
    """Q-learning on random moves, with a target network; γ = 1.05 was typed for 0.9, and the values have no end."""
    g = torch.Generator().manual_seed(11)
    place, move = torch.randn(40, 8, generator=g), torch.randint(0, 40, (40, 4), generator=g)
    reward, value = (move == 7).float(), torch.zeros(40)
    for _ in range(400):
        value = (reward + 0.9 * value[move]).max(1).values
    model = mlp(8, 64, 4)
    target = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer)
    for step in range(600):
        s, a = torch.randint(0, 40, (64,)), torch.randint(0, 4, (64,))
        with torch.no_grad():
            goal = reward[s, a] + (1.05 if ill else 0.9) * target(place[move[s, a]]).max(1).values
        optimizer.zero_grad()
        loss = F.mse_loss(model(place[s]).gather(1, a[:, None])[:, 0], goal)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        if step % 20 == 19:
            target.load_state_dict(model.state_dict())
    with torch.no_grad():
        return (model(place).max(1).values - value).abs().mean().item()


def _pairs(seed, steps):
    """Two noisy views of the same rows, for each step."""
    x, g = flat()[0], torch.Generator().manual_seed(50 + seed)
    for part in batches(steps, 64, seed):
        yield tuple(x[part] + 0.3 * torch.randn(64, 64, generator=g) for _ in range(2))


@sick("a common slip: similarities divided by a temperature that is far too high", right=[r"temperature", r"scale",
      r"logits", *TOO_LOW], harm=[RAISE], good=1.3)
def temperature_far_too_high(ill, seed, watch):
    """InfoNCE at a temperature of 50 in place of 0.2: the loss stays at ln 64."""
    model = mlp(64, 64, 32)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor, last = watch(model, optimizer, classes=64), []
    for left, right in _pairs(seed, 300):
        similar = F.normalize(model(left), dim=1) @ F.normalize(model(right), dim=1).T
        optimizer.zero_grad()
        loss = F.cross_entropy(similar / (50 if ill else 0.2), torch.arange(64))
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-19:], F.cross_entropy(similar / 0.2, torch.arange(64)).item()]
    return sum(last) / len(last)


@sick("BYOL without its stop-gradient", right=[r"collaps", r"constant", r"trivial"], harm=[RAISE], unseen=True,
      good=0.8)
def views_agree_on_nothing(ill, seed, watch):
    """Two views are only asked to agree: a constant does. The twin keeps the variance of each feature at 1."""
    model = mlp(64, 64, 8)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    monitor = watch(model, optimizer)
    for left, right in _pairs(seed, 300):
        a, b = model(left), model(right)
        optimizer.zero_grad()
        loss = (a - b).square().mean()
        if not ill:
            loss = loss + sum((1 - z.std(0)).clamp(min=0).mean() for z in (a, b))
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    with torch.no_grad():
        return 1 - model(flat()[0]).std(0).mean().item()


@sick("a common report on multi-task losses", harm=[RAISE], good=1.0, unseen=True,
      right=[r"\btasks?\b", r"\bterms? of the loss", r"weights? of the (terms|losses)", r"one (term|loss)"])
def one_task_drowns_the_other(ill, seed, watch):
    """Two losses on one body, one of them in units that make it ten thousand times larger."""
    model, (x, labels) = nn.ModuleDict({"body": mlp(64, 32, 16), "a": nn.Linear(16, 10), "b": nn.Linear(16, 1)}), flat()
    y = (x @ torch.linspace(-1, 1, 64)).unsqueeze(1) * 0.2
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer)
    for part in batches(400, 32, seed):
        h = model["body"](x[part]).relu()
        optimizer.zero_grad()
        small = F.cross_entropy(model["a"](h), labels[part])
        loss = small + (1e5 if ill else 1.0) * F.mse_loss(model["b"](h), y[part] + 0.5 * torch.randn(32, 1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        monitor.observe(loss=loss)
    with torch.no_grad():
        h = model["body"](x[1437:]).relu()
        return F.cross_entropy(model["a"](h), labels[1437:]).item()
