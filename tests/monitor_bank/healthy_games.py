"""Healthy: losses that do not measure progress. Adversaries, rewards, latent variables, a monitor in `fit`."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import healthy
from monitor_bank.parts import batches, flat, mlp


def _ring(n):
    angle = 6.283 * torch.rand(n)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(n, 2)


def _off_the_ring(G):
    with torch.no_grad():
        return (G(torch.randn(512, 2)).norm(dim=1) - 1).abs().mean().item()


@healthy("Goodfellow et al. 2014, on a ring", good=0.3)
def adversaries_in_balance(seed, watch):
    """A GAN whose two losses wander about their balance; a monitor for each network."""
    G, D = mlp(2, 32, 32, 2), mlp(2, 64, 64, 1)
    to_g, to_d = (torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.99)) for net in (G, D))
    of_g, of_d = watch(G, to_g), watch(D, to_d)
    for _ in range(400):
        fake = G(torch.randn(64, 2))
        to_d.zero_grad()
        loss_d = F.softplus(-D(_ring(64))).mean() + F.softplus(D(fake.detach())).mean()
        loss_d.backward()
        to_d.step()
        of_d.observe(loss=loss_d)
        to_g.zero_grad()
        loss_g = F.softplus(-D(fake)).mean()
        loss_g.backward()
        to_g.step()
        of_g.observe(loss=loss_g)
    return _off_the_ring(G)


@healthy("Arjovsky et al. 2017: the critic's weights are clamped, on purpose", good=0.3)
def wasserstein_with_clamped_weights(seed, watch):
    """A critic whose loss is a difference, of either sign and near 0; RMSprop; five of its steps for one."""
    G, D = mlp(2, 32, 32, 2), mlp(2, 64, 64, 1)
    to_g, to_d = (torch.optim.RMSprop(net.parameters(), lr=2e-3) for net in (G, D))
    of_g, of_d = watch(G, to_g), watch(D, to_d)
    for step in range(600):
        to_d.zero_grad()
        loss_d = D(G(torch.randn(64, 2)).detach()).mean() - D(_ring(64)).mean()
        loss_d.backward()
        to_d.step()
        of_d.observe(loss=loss_d)
        for p in D.parameters():
            p.data.clamp_(-0.1, 0.1)
        if step % 5 == 4:
            to_g.zero_grad()
            loss_g = -D(G(torch.randn(64, 2))).mean()
            loss_g.backward()
            to_g.step()
            of_g.observe(loss=loss_g)
    return _off_the_ring(G)


@healthy("Kingma and Welling 2013", good=0.55)
def variational_autoencoder(seed, watch):
    """Reconstruction and KL, the KL's weight annealed from 0 over 150 steps: the loss rises meanwhile."""
    x, count = flat()[0], [0]
    model = nn.ModuleDict({"encoder": mlp(64, 48, 16), "decoder": mlp(8, 48, 64)})
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    monitor, last = watch(model, optimizer), []
    for part in batches(400, 64, seed):
        count[0] += 1
        mean, log_variance = model["encoder"](x[part]).chunk(2, dim=1)
        code = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        error = (model["decoder"](code) - x[part]).square().mean()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean() / 64
        optimizer.zero_grad()
        loss = error + min(1.0, count[0] / 150) * kl
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-19:], error.item()]
    return sum(last) / len(last)


def _rewarded(watch, seed, loss_of, *, steps=500, rate=3e-3, critic=False):
    """A contextual bandit: name the digit, reward 1. Share of wrong answers at the end."""
    model, (x, labels) = mlp(64, 48, 11 if critic else 10), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    monitor, wrong = watch(model, optimizer), []
    for part in batches(steps, 64, seed):
        out = model(x[part])
        policy = torch.distributions.Categorical(logits=out[:, :10])
        action = policy.sample()
        reward = (action == labels[part]).float()
        optimizer.zero_grad()
        loss = loss_of(policy, action, reward, out)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        wrong = [*wrong[-39:], 1 - reward.mean().item()]
    return sum(wrong) / len(wrong)


@healthy("Williams 1992: the loss is no measure of progress", good=0.15)
def reinforce_with_a_baseline(seed, watch):
    """REINFORCE with a moving baseline: the loss is about 0, of either sign."""
    base = [0.1]

    def loss(policy, action, reward, _):
        base[0] = 0.95 * base[0] + 0.05 * reward.mean().item()
        return -(policy.log_prob(action) * (reward - base[0])).mean()

    return _rewarded(watch, seed, loss)


@healthy("advantage actor-critic, with an entropy bonus", good=0.15)
def actor_and_critic(seed, watch):
    """Policy, value and entropy terms in one loss: it rises while the rewards do."""

    def loss(policy, action, reward, out):
        value = out[:, 10]
        gain = (reward - value).detach()
        return (-(policy.log_prob(action) * gain).mean() + 0.5 * F.mse_loss(value, reward)
                - 0.01 * policy.entropy().mean())

    return _rewarded(watch, seed, loss, critic=True)


@healthy("Schulman et al. 2017: each round's loss begins at exactly 0", good=0.3)
def proximal_policy(seed, watch):
    """PPO: four updates on each batch of 128, clipped ratios, advantages of mean 0; clipped gradients."""
    model, (x, labels) = mlp(64, 48, 10), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, eps=1e-5)
    monitor, wrong = watch(model, optimizer), []
    for part in batches(110, 128, seed):
        with torch.no_grad():
            old = torch.distributions.Categorical(logits=model(x[part]))
            action = old.sample()
            before, reward = old.log_prob(action), (action == labels[part]).float()
            gain = (reward - reward.mean()) / (reward.std() + 1e-6)
        for _ in range(4):
            ratio = (torch.distributions.Categorical(logits=model(x[part])).log_prob(action) - before).exp()
            optimizer.zero_grad()
            loss = -torch.min(ratio * gain, ratio.clamp(0.8, 1.2) * gain).mean()
            loss.backward()
            monitor.clip_(0.5)
            optimizer.step()
            monitor.observe(loss=loss)
        wrong = [*wrong[-14:], 1 - reward.mean().item()]
    return sum(wrong) / len(wrong)


@healthy("Mnih et al. 2015: the loss jumps whenever the target network does", good=0.6)
def values_with_a_target_network(seed, watch):
    """Q-learning on a small random graph; the target network is copied each 30 steps; Huber's loss."""
    g = torch.Generator().manual_seed(11)
    place, move = torch.randn(40, 8, generator=g), torch.randint(0, 40, (40, 4), generator=g)
    reward, value = (move == 7).float(), torch.zeros(40)
    for _ in range(400):
        value = (reward + 0.9 * value[move]).max(1).values
    model = mlp(8, 64, 4)
    target = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)
    monitor = watch(model, optimizer)
    for step in range(800):
        s, a = torch.randint(0, 40, (64,)), torch.randint(0, 4, (64,))
        with torch.no_grad():
            goal = reward[s, a] + 0.9 * target(place[move[s, a]]).max(1).values
        optimizer.zero_grad()
        loss = F.smooth_l1_loss(model(place[s]).gather(1, a[:, None])[:, 0], goal)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        if step % 30 == 29:
            target.load_state_dict(model.state_dict())
    with torch.no_grad():
        return (model(place).max(1).values - value).abs().mean().item()


@healthy("an adversarial training of inputs (FGSM)", good=0.8)
def adversarial_inputs(seed, watch):
    """Each batch is attacked before it is learned: gradients of the attack are cleared before the real ones."""
    model, (x, labels) = mlp(64, 64, 10), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    monitor, last = watch(model, optimizer, classes=10), []
    for part in batches(400, 32, seed):
        inputs = x[part].clone().requires_grad_()
        F.cross_entropy(model(inputs), labels[part]).backward()
        optimizer.zero_grad()
        loss = F.cross_entropy(model((inputs + 0.2 * inputs.grad.sign()).detach()), labels[part])
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-29:], loss.item()]
    return sum(last) / len(last)


@healthy("data sets that alternate: two sources of unequal difficulty", good=1.2)
def sources_in_turn(seed, watch):
    """Batches come from a clean source and from one with noisy labels, in turn; the two have different floors."""
    model, (x, labels) = mlp(64, 64, 10), flat()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    monitor, last = watch(model, optimizer, classes=10), []
    for step, part in enumerate(batches(500, 32, seed)):
        y = torch.where(torch.rand(32) < 0.4, torch.randint(0, 10, (32,)), labels[part]) if step % 2 else labels[part]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[part]), y)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-29:], loss.item()]
    return sum(last) / len(last)
