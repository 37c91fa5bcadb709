# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 · Scaling up
#
# **After this notebook you can**
#
# - *say* how the best rate of SGD and of Adam moves with the batch, and where that ends;
# - *measure* the gradient noise scale from two batch sizes;
# - *derive* μP's rule for Adam, *write* it, and *check* it by coordinates;
# - *carry* a configuration to another batch, another width and more data, and say of each number how sure you are;
# - *write* the memory bill of ZeRO 0 to 3.
#
# About 80 minutes. Builds on [04 Adam](04_adam.ipynb) and [05 AdamW](05_adamw.ipynb), and on the memory bill of [10](10_training.ipynb); runs without them.
#
# > **The question.** You have tuned a small model for a week. The real one is 16 times as wide, its batch is 8 times as large, and it will read ten times as much. Which of your numbers survive?

# %%
import itertools
import math

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from adamkit import plotting, practice
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.rules import SGD, Adam, AdamW
from adamkit.training import ensembles, tasks
from adamkit.training.data import batches, digits
from adamkit.training.models import MLP

# %% [markdown]
# Three things grow: the batch, the model, the data. We take them one by one, each on two cores. The larger sweeps are stored, `tools/sweep_scaling.py` made them; the page runs a slice of each again, with the code that you see, and compares.
#
# ## The batch
#
# A task with noise that does not go away: the 8×8 digits of notebook 04 with a tenth of the training labels drawn anew. One hidden layer, a constant rate, 16 384 rows whatever the batch: with batches of 8 these are 2048 steps, with batches of 512 only 32.

# %%
from dataclasses import replace


def noisy_digits(share):
    data, rng = digits(), np.random.default_rng(0)
    redrawn = torch.as_tensor(rng.random(len(data.y_train)) < share)
    labels = torch.as_tensor(rng.integers(0, 10, len(data.y_train)))
    return replace(data, y_train=torch.where(redrawn, labels, data.y_train))


noisy = tasks.Task("noisy digits", noisy_digits(0.1), lambda: MLP((64, 32, 10)))


def losses_at(batch, rule, rates, rows=16_384, seeds=(0, 1, 2)):
    """Training losses at the end, shape (seeds, rates)."""
    rule = rule.replace(lr=np.array(rates))
    history = ensembles.train(rule, noisy, steps=rows // batch, batch_size=batch, seed=seeds)
    return np.where(history.diverged, np.nan, history.train_loss[-1])


# %% [markdown]
# Say the rate is tuned for one batch size, and the batch becomes four times as large.

# %%
four_times = practice.predict("11-four-times")
four_times

# %% [markdown]
# The sweep: five batch sizes. For 2 and 8 rows the rates lie a factor of two apart, with three seeds; from 32 rows on, where smaller factors are in question, a factor of √2, with twelve. Where a valley has its floor is read off a parabola through the lowest point and its two neighbours, for the floor may lie between two rates of the grid. A run that ends worse than guessing among ten digits says nothing about the floor: a rate at which one of the runs broke is left out, and where a neighbour is missing the rate of the grid stands.

# %%
from adamkit.training import stored

sweep = stored.load("scaling", "adamkit.lessons.nb11")


def valley(rates, losses):
    """The best rate, and the loss at each: means over the seeds of the logarithm."""
    unbroken = np.where(losses < math.log(10), losses, np.nan)
    curve = np.log(unbroken).mean(axis=0)  # NaN where a run broke
    low = int(np.nanargmin(curve))
    left, middle, right = curve[low - 1 : low + 2]
    shift = np.nan_to_num((left - right) / (left - 2 * middle + right) / 2)
    return rates[low] * (rates[low] / rates[low - 1]) ** shift, np.exp(curve)


sizes = np.array([2, 8, 32, 128, 512])
runs = {name: [parts[str(n)] for n in sizes] for name, parts in sweep["batch"].items()}
valleys = {name: [valley(run["rates"], run["losses"]) for run in found] for name, found in runs.items()}
best = {name: np.array([rate for rate, _ in found]) for name, found in valleys.items()}

# %% [markdown]
# Before we believe it, a slice of it again, here and now: batches of 128.

# %% tags=["nbval-check-output"]
at = slice(3, 7)
for name, rule in (("SGD", SGD()), ("Adam", Adam(beta2=0.99))):
    again = losses_at(128, rule, runs[name][3]["rates"][at])
    kept = runs[name][3]["losses"][:3, at]
    apart = np.abs(np.log(again / kept))[:, :3].max()
    claim(f"{name}: the slice repeats the stored losses, below the best rate, to", apart, below=0.01, approx=True)

# %%
fig = plotting.figure(9, 3.4)
ax, right = fig.subplots(1, 2)
for name, found in valleys.items():
    color = plotting.COLORS[name]
    for n, run, (rate, curve), shade in zip(sizes, runs[name], found, (0.25, 0.4, 0.55, 0.75, 1.0), strict=True):
        ax.loglog(run["rates"], curve, color=color, alpha=shade, lw=1.2)
        ax.plot(rate, np.nanmin(curve), plotting.MARKERS[name], color=color, alpha=shade, ms=6)
        ax.annotate(n, (rate, np.nanmin(curve)), (0, -13 if name == "Adam" else 7),
                    textcoords="offset points", ha="center", fontsize=8)
    right.loglog(sizes, best[name], plotting.MARKERS[name] + "-", color=color, label=name)
    power, label = (1, "∝ B") if name == "SGD" else (0.5, "∝ √B")
    right.loglog(sizes, best[name][0] * (sizes / 2) ** power, ":", color=color, lw=1.2, label=label)
ax.set(xlabel="η", ylabel="training loss", ylim=(0.3, 1.5), title="Larger batches want higher rates …")
right.set(xlabel="batch B", ylabel="best η", title="… SGD's up to some hundred rows")
right.legend(fontsize=8)
plotting.show(fig, alt="Left: loss by rate for five batches. Right: best rate by batch, beside B and its root.")

# %% tags=["nbval-check-output"]
power = {name: np.log(rate[2] / rate[0]) / np.log(16) for name, rate in best.items()}
claim("From batch 2 to 32, SGD's best rate grows as the batch to the power", power["SGD"], between=(0.7, 1.0))
claim("… Adam's to the power", power["Adam"], between=(0.45, 0.65))
claim("From 32 to 128 SGD's best rate grows by", best["SGD"][3] / best["SGD"][2], between=(1.2, 1.9))
claim("… Adam's by", best["Adam"][3] / best["Adam"][2], between=(1.9, 3))
claim("From 128 to 512 SGD's grows by", best["SGD"][4] / best["SGD"][3], between=(0.75, 1.25))
claim("… Adam's by", best["Adam"][4] / best["Adam"][3], between=(1.2, 1.9))
claim("Adam's from 2 to 512, over the root", best["Adam"][4] / best["Adam"][0] / 16, between=(0.75, 1.25))
for name, found in runs.items():
    halves = [[valley(run["rates"], run["losses"][half])[0] for run in found[2:]] for half in (slice(6), slice(6, 12))]
    steps = (" and ".join(f"{factor:.2f}" for factor in np.divide(half[1:], half[:-1])) for half in halves)
    print(f"{name}, the last two factors from six of the seeds: {next(steps)}; from the other six: {next(steps)}")

# %%
four_times.reveal()

# %% [markdown]
# So SGD's rate starts out not quite in proportion to the batch, and beyond a hundred rows or so it is flat. Adam's goes roughly with the root over the whole range. Its last factor is about 1.4, where the root wants 2; whether an end begins there, one point cannot say. Why these powers, and why should there be an end?
#
# **SGD.** A step is η times a mean of B rows. Its noise has the variance η²σ²/B, and a run over N rows has N/B of them: together η²σ²N/B², beside a drift of η|G|N/B. Take η in proportion to B, and both stay as they were: the linear rule ([Goyal et al. 2017](https://arxiv.org/abs/1706.02677)). It ends where the noise is no longer what limits η. Then the curvature is: 2/λ_max does not know the batch (notebook 01).
#
# **Adam.** It divides by √v, and where noise dominates, √v falls as 1/√B. A part of the linear rule is built in; what is left for η is the other root. It ends where √v no longer falls because the mean dominates (notebook 04, "Batch size").
#
# So for both the end is to be expected where the noise of the batch's mean is no longer larger than the mean itself. That can be measured.
#
# ## How much noise? Two batch sizes
#
# Let $G$ be the gradient over all rows and Σ the covariance of one row's gradient. The gradient $g_B$ of a batch of B rows has the mean square norm
#
# $$\mathbb{E}\,|g_B|^2 = |G|^2 + \frac{\operatorname{tr}\Sigma}{B}.$$
#
# The two terms are equal at $B = \operatorname{tr}\Sigma/|G|^2$, the **gradient noise scale** of [McCandlish et al. 2018](https://arxiv.org/abs/1812.06162) (their $B_{\text{simple}}$). Far below it the gradient is mostly noise, and twice the batch is worth nearly two steps; far above it more rows repeat what is already known. Nobody computes Σ. But two batch sizes give two equations for two unknowns. Solve them.

# %%
noise_exercise = practice.exercise("11-noise-scale")
noise_exercise


# %%
def my_noise_scale(small_gradients, large_gradients, small, large):
    return ...  # tr Σ / |G|²


noise_exercise.check(my_noise_scale)

# %% [markdown]
# Ours, on a network in training. The large batch is the mean of 16 small ones, as it is on 16 devices, each with a small batch of its own: there both norms come for free, the device's before the gradients are averaged and that of the average. And because the network is tiny we can afford the truth beside it: the gradient of every single row.

# %%
from torch.func import functional_call, grad, vmap


def every_row(model, data):
    """The gradient of each training row, shape (rows, parameters)."""
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def loss(parameters, x, y):
        return cross_entropy(functional_call(model, parameters, (x[None],)), y[None])

    parts = vmap(grad(loss), in_dims=(None, 0, 0))(parameters, data.x_train, data.y_train)
    return torch.cat([part.flatten(1) for part in parts.values()], dim=1)


def two_sizes(rows, small=8, devices=16, draws=100):
    """(|G|², tr Σ) from mean square norms, of small batches and of the mean over the devices."""
    picked = torch.randint(len(rows), (draws, devices, small), generator=torch.Generator().manual_seed(0))
    each = torch.stack([rows[one].mean(dim=1) for one in picked])  # (draws, devices, parameters)
    small_square = (each**2).sum(dim=-1).mean().item()
    large_square = (each.mean(dim=1) ** 2).sum(dim=-1).mean().item()
    large = small * devices
    signal = (large * large_square - small * small_square) / (large - small)
    return signal, (small_square - large_square) / (1 / small - 1 / large)


# %%
def watch(seed, moments=(0, 16, 64, 256, 512)):
    """Noise scale at some moments of a training by SGD: (from two sizes, from every row)."""
    model, data, found = noisy.fresh_model(seed), noisy.data, []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    for step, rows in enumerate(batches(len(data.x_train), 32, moments[-1] + 1, seed=seed)):
        if step in moments:
            every = every_row(model, data)
            signal, noise = two_sizes(every)
            true = ((every - every.mean(0)) ** 2).sum(1).mean() / (every.mean(0) ** 2).sum()
            found.append((noise / signal, true.item()))
        optimizer.zero_grad()
        cross_entropy(model(data.x_train[rows]), data.y_train[rows]).backward()
        optimizer.step()
    return np.array(found)


scales = np.array([watch(seed) for seed in range(2)])  # (seeds, moments, 2)
for moment, both in zip((0, 16, 64, 256, 512), np.exp(np.log(scales).mean(0)), strict=True):
    print(f"step {moment:4}: ≈ {both[0]:4.0f} from two sizes, ≈ {both[1]:4.0f} from every row")

# %% tags=["nbval-check-output"]
off = np.exp(np.abs(np.log(scales[..., 0] / scales[..., 1])).mean())
claim("Two batch sizes miss the truth, on average, by a factor of", off, below=1.25, approx=True)
claim("Noise scale at the start, two seeds", scales[:, 0, 1], between=(30, 90), approx=True)
later = np.exp(np.log(scales[:, 2:, 1]).mean())
claim("… and from step 64 on, in the geometric mean", later, between=(100, 700), approx=True)

# %% [markdown]
# About fifty rows at the start, some hundreds later: as training goes on the rows' disagreement grows, relative to the mean gradient, though not steadily. That is about where the rule for SGD's rate ended. McCandlish et al. claim no more than an order of magnitude, and you should not either: the number changes all the time, as the table shows, and the formula knows nothing of curvature or of Adam's divisor.
#
# ## Time against data
#
# What does a batch beyond the noise scale cost? The sweep also has the rows that it took to bring the training loss to one goal, 0.65, for each batch size at the rate that needs fewest, of rates a factor of two apart.

# %% tags=["nbval-check-output"]
reach = {name: np.array(list(sweep["reach"][name].values())) for name in ("SGD", "Adam")}
for name, rows in reach.items():
    print(f"{name:5} batch", *(f"{n:7}" for n in sizes), "\n       rows", *(f"{r:7.0f}" for r in rows),
          "\n      steps", *(f"{r / n:7.0f}" for r, n in zip(rows, sizes, strict=True)))
claim("SGD: 32 rows a step instead of 2 cost this many times the rows", reach["SGD"][2] / reach["SGD"][0], below=1.1)
claim("… 512 instead of 128", reach["SGD"][4] / reach["SGD"][3], between=(2.4, 3.5))
faster = reach["SGD"][3] / 128 / (reach["SGD"][4] / 512)
claim("… and four times the devices save a factor in steps of only", faster, between=(1.1, 1.7))

# %% [markdown]
# Up to 32 a larger batch is all but free: hardly more rows, and far fewer steps. From 128 to 512 four times the rows a step save under a third of the steps. McCandlish et al. describe the bend by one curve. If S steps reach the goal with E = B·S rows,
#
# $$\Big(\frac{S}{S_{\min}}-1\Big)\Big(\frac{E}{E_{\min}}-1\Big)=1 \qquad\text{that is}\qquad \frac{E}{E_{\min}} = 1+\frac{B}{B_{\text{crit}}},\quad \frac{S}{S_{\min}} = 1+\frac{B_{\text{crit}}}{B}.$$
#
# At the **critical batch** you pay twice the rows and twice the steps of what is possible. Let us read it off.

# %% tags=["nbval-check-output"]
critical = {name: sizes[3:] / (rows[3:] / rows.min() - 1) for name, rows in reach.items()}
claim("SGD: the critical batch by the runs of 128, and of 512", critical["SGD"], between=(60, 110), digits=2)
claim("Adam: by the same two", critical["Adam"], between=(100, 260), digits=2)
bend = reach["SGD"][2] / reach["SGD"].min()
claim("At 32 the curve would want this many times the fewest rows", 1 + 32 / critical["SGD"].mean(), above=1.3)
claim("… measured", bend, below=1.1)

# %% [markdown]
# Some eighty rows for SGD, up to two hundred for Adam, and a noise scale of fifty to three hundred on the way to that goal: two ways of measuring, and numbers of one order of magnitude. The curve's shape fits less well, as you see: our bend is sharper.
#
# **Where sources disagree.** Does the critical batch grow with the model? McCandlish et al. found that it grows as the loss falls, and that the size of the model matters through that. [Zhang et al. 2024](https://arxiv.org/abs/2410.21676) trained models of 85 M to 1.2 B with one or the other held fixed, and found that it grows with the amount of data, hardly with the size; [Bergsma et al. 2025](https://arxiv.org/abs/2505.13738) say the same. Does the noise scale foretell it? [Merrill et al. 2025](https://arxiv.org/abs/2505.23971) measured both on language models of 1 and 7 B: the noise scale was too low by orders of magnitude. And Adam's rate? McCandlish et al. saw powers of the batch from 0.5 to 1. [Marek et al. 2025](https://arxiv.org/abs/2507.07101) found far less on small language models: three times the rate from 1 sequence to 1024, where the root says 32. [Li et al. 2024](https://arxiv.org/abs/2405.14578) derive for sign-like steps that the best rate rises and then *falls* again beyond a certain batch. Our sweep shows SGD flat from 128 rows on, and up to 512 no fall of Adam's.
#
# ## The same run at another batch
#
# A rule can promise more than a good rate: that the *whole run* stays the same at equal numbers of rows, if not step by step then in distribution. [Malladi et al. 2022](https://arxiv.org/abs/2205.10287) derive one by way of a stochastic differential equation, which is a good picture while the gradient's noise is not too small. With κ = new batch / old batch, it is three lines, and a fourth that counts rows:
#
# - **η × √κ.** One new step replaces κ old ones. √v is smaller by √κ, so at the same η a step drifts √κ times as far. Another √κ makes it κ.
# - **(1 − β) × κ**, for both betas. An average over 1/(1 − β) steps covers batch/(1 − β) rows. To keep these, it must forget κ times as fast.
# - **ε / √κ.** It stands beside √v, and √v has become smaller by that.
# - **Steps, warmup, schedule: as many rows**, so divided by κ.
#
# Your turn, before we try whether it works.

# %%
rebatch_exercise = practice.exercise("11-rebatch")
rebatch_exercise


# %%
def rebatch(config, batch):
    return ...  # a dict: batch, lr, beta1, beta2, eps, warmup, steps


rebatch_exercise.check(rebatch)

# %% [markdown]
# The test: Adam with batches of 8 is the original; batches of 64 follow it, κ = 8. How far apart are the two loss curves at equal numbers of rows? Five followers: nothing changed, η by the linear rule, η by the root, the full rule, and the full rule with the betas as powers, $\beta^\kappa$, which keeps their half-life in rows exactly and never leaves the range. For small κ(1 − β) the two are the same.


# %%
def curve(batch, seeds=(0, 1, 2), rows=8192, **settings):
    """Training losses at 16 moments, equally spaced in rows, shape (16, seeds, settings)."""
    steps = rows // batch
    rule = Adam(**{name: np.array(value) for name, value in settings.items()})
    history = ensembles.train(rule, noisy, steps=steps, batch_size=batch, seed=seeds, eval_every=steps // 16)
    return history.train_loss[1:]


kappa, eta, root = 8, 0.002, 8**0.5
original = curve(8, lr=[eta], beta1=[0.9], beta2=[0.999])
followers = curve(8 * kappa, lr=[eta, eta * kappa, eta * root, eta * root, eta * root],
                  beta1=[0.9, 0.9, 0.9, 1 - kappa * 0.1, 0.9**kappa],
                  beta2=[0.999, 0.999, 0.999, 1 - kappa * 0.001, 0.999**kappa], eps=[1e-8] * 3 + [1e-8 / root] * 2)
apart = np.log(followers / original).mean(axis=1)  # (moments, followers), seeds averaged

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
names = ("nothing changed", "η × κ", "η × √κ", "… and betas, ε", "… betas as powers")
for path, name, style in zip(apart.T, names, (":", "--", "-", "-", "-"), strict=True):
    ax.plot(np.arange(1, 17) * 512, path, style, lw=1.6, label=name)
ax.axhline(0, color=plotting.QUIET, lw=0.8)
ax.set(xlabel="rows seen", ylabel="log(loss / original's)")
ax.set_title("The root stays above, the linear rule below")
ax.legend(ncols=2, fontsize=8)
plotting.show(fig, alt="Log ratio to the original's loss: unchanged lags far, linear lies below, the root above.")

# %% tags=["nbval-check-output"]
distance = np.abs(apart[3:]).mean(axis=0)
claim("Nothing changed: mean distance after a quarter of the run", distance[0], above=0.2, approx=True)
claim("η × √κ, in shares of the unchanged", distance[2] / distance[0], below=0.35, approx=True)
claim("… η × κ", distance[1] / distance[0], below=0.4, approx=True)
whole = np.abs(apart).mean(axis=0)
claim("Over the whole run: mean distance of η × κ and of η × √κ", whole[1:3], below=0.2, approx=True)
claim("The betas and ε change this distance by", np.abs(distance[3:] - distance[2]).max(), below=0.05, approx=True)
claim("Early, after 1024 rows, the root lags by", apart[1, 2], above=0.15, approx=True)
claim("… the betas and ε bring it nearer by", apart[1, 2] - apart[1, 3], above=0.02, approx=True)
claim("η × κ runs ahead: early its log ratio is", apart[0, 1], below=-0.1, approx=True)
claim("… and at the end", apart[-1, 1], below=-0.04, approx=True)

# %% [markdown]
# Both rules keep the run far better than no rule, and neither keeps it exactly: the root's loss stays above the original's, the linear rule's below. After a quarter of the run they are about 0.07 and 0.09 away on average, over the whole run equally far. The power that would fit here lies between a half and one. The direction is what one expects, since 64 rows are above the noise scale at first, and in SGD's run a fifth of it later: the mean has its part in the gradient, and √v falls more slowly than 1/√B. (The linear rule has the *lower* loss. That does not make it better at keeping a run: in the sweep above, with β₂ = 0.99 and twice the rows, the best rate for batches of 8 was 0.007, so the original's 0.002 is probably low; at 64 rows you see that a higher one gains. To keep a run is one thing, to improve it another.)
#
# The **betas** and ε move this distance by some 0.02, of the 0.07 that the root leaves: little beside the 0.38 of no rule, and too little for one task to say whether they belong there; notebook 04 found the betas' valleys wide. Here the memory of $v$ is as long as the original's whole run, 1000 steps of 1024. The betas do matter when batches get small: Marek et al. train language models down to a batch of one sequence by holding β₂'s half-life fixed *in tokens* (β₁ they leave at 0.9); and at such batches they find even SGD without momentum stable.
#
# They also advise against **accumulating** gradients on one device. Below the critical batch you saw why: steps of fewer rows reach the goal with no more rows in all. What they cost is the time of the optimizer's own steps, of which there are more. Accumulation pays on several devices, where each step costs a message; where the optimizer's step is a large part of the time; or where a recipe has to be reproduced.
#
# ## The width
#
# Now the model. Three hidden layers of n units, ReLU, He's start, Adam with a cosine to zero. Tuned at n = 32.

# %%
wider = practice.predict("11-wider")
wider

# %%
rates = sweep["width"]["rates"]
by_width = {kind: {int(n): valley(rates, losses) for n, losses in part.items()}
            for kind, part in sweep["width"]["losses"].items()}
widths = list(by_width["standard"])


def at_rate(kind, width, rate):
    """The loss at a rate between those of the sweep, read off in logarithms."""
    return np.exp(np.interp(np.log(rate), np.log(rates), np.log(by_width[kind][width][1])))


tuned = by_width["standard"][32][0]
for n, (rate, found) in by_width["standard"].items():
    there = at_rate("standard", n, tuned)
    print(f"width {n:4}: best η {rate:.4f}, lowest loss {np.nanmin(found):.4f}; at η = {tuned:.4f}: {there:.4f}")

# %% tags=["nbval-check-output"]
falls = tuned / by_width["standard"][256][0]
claim("From width 32 to 256 the best rate falls by a factor of", falls, between=(3, 5))
worse = at_rate("standard", 256, tuned) / np.nanmin(by_width["standard"][256][1])
claim("Width 256 at the rate tuned for 32 ends with a loss higher than its best by", worse, above=3, unit="×")
higher = by_width["standard"][256][1][6] / by_width["standard"][32][1][6]
claim("At η = 0.064 it ends above the *narrow* network, by", higher, above=1.5, unit="×")

# %%
wider.reveal()

# %% [markdown]
# ### Why: a sum of n small agreements
#
# A unit of a hidden layer computes $h = \sum_{i=1}^n w_i x_i$. At the start the $w_i$ are independent with variance 2/n, so the n terms cancel in large part, and $h$ is of order one at every width. Now Adam takes a step: every $w_i$ moves by about η, and in which direction? For one row its gradient is δ·$x_i$, with the same δ for all i: so $w_i$ moves by $-\eta\,\text{sign}(\delta)\,\text{sign}(x_i)$. These changes do *not* cancel. Each agrees with its own input:
#
# $$\Delta h = -\eta\,\text{sign}(\delta)\sum_{i=1}^n |x_i| \;\propto\; \eta\, n.$$
#
# Random changes of the same size would add up to η√n only. Sixteen times the width:

# %% tags=["nbval-check-output"]
rng, moved = np.random.default_rng(0), {}
for n in (64, 1024):
    x = np.maximum(rng.normal(size=(2000, n)), 0)  # what ReLU hands on
    agreeing, random = np.sign(x), rng.choice([-1.0, 1.0], size=x.shape)
    moved[n] = [np.sqrt(np.mean(np.sum(change * x, axis=1) ** 2)) for change in (agreeing, random)]
claim("Changes that agree with their inputs move h more, by", moved[1024][0] / moved[64][0], near=16, within=0.5)
claim("… random changes of the same size, by", moved[1024][1] / moved[64][1], near=4, within=0.3)

# %% [markdown]
# So a hidden matrix needs the rate η/n if the change of $h$ is to be the same at every width. This is the heart of **μP**, the *maximal update parametrization* ([Yang et al. 2022](https://arxiv.org/abs/2203.03466)). For Adam it has three rules. With r = n/n₀, the growth since the width n₀ at which you tuned:
#
# 1. **Hidden matrices and the output layer: η/r.** Both are sums over n inputs.
# 2. **The input layer, biases, scales of norms, embeddings: η as it was.** What they read has not grown.
# 3. **The output layer starts smaller**, at variance 1/n² instead of 1/n, or simply at zero. Otherwise the features, which learn to agree with its weights, drive the outputs up with the width. (In attention, for the same reason, divide the scores by d and not by √d: queries and keys learn to agree.)
#
# As parameter groups it is a few lines. First yours, for any network:

# %%
groups_exercise = practice.exercise("11-mup-groups")
groups_exercise


# %%
def my_mup_groups(model, base, lr):
    return ...  # a list of dicts with "params" and "lr"


groups_exercise.check(my_mup_groups)

# %% [markdown]
# And ours for this network, all of μP in a dozen lines of torch:


# %%
def network(width, mup):
    model = MLP((64, width, width, width, 10))
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    if mup:
        nn.init.zeros_(layers[-1].weight)  # rule 3
    return model, layers


def optimizer_for(layers, lr, growth):
    same = [layers[0].weight, *(layer.bias for layer in layers)]  # rule 2
    slower = [layer.weight for layer in layers[1:]]  # rule 1
    return torch.optim.Adam([{"params": same, "lr": lr}, {"params": slower, "lr": lr / growth}], betas=(0.9, 0.95))


# %% [markdown]
# `adamkit.training.mup.mup_groups` does it for any network and a base. A test walks the same path with it as with `mup`, the package of the paper's authors, to ten digits. (Theirs looks different: the output layer keeps its rate, and its *inputs* are divided by r. For Adam that is the same, ε and decay aside.)
#
# ### The coordinate check
#
# How do you find out that an implementation of μP is right, before a sweep over widths has cost a week? Take three steps at several widths, and look at how far each layer's outputs have moved. In μP the curves must be flat. Beside it we note what each matrix's own change makes of the inputs that it had at first.

# %%
first = digits()
x, y = first.x_train[:64], first.y_train[:64]


def rms(tensor):
    return tensor.pow(2).mean().sqrt().item()


# %%
def changes(width, mup, seed=0, lr=0.01, steps=3):
    """(change of each layer's outputs, its own matrix's part, gradient of the first hidden matrix), all rms."""
    torch.manual_seed(seed)
    model, layers = network(width, mup)
    optimizer, seen = optimizer_for(layers, lr, width / 32 if mup else 1), []
    for layer in layers:
        layer.register_forward_hook(lambda module, read, made: seen.append((read[0].detach(), made.detach())))
    started = [layer.weight.detach().clone() for layer in layers]
    model(x)
    for _ in range(steps):
        optimizer.zero_grad()
        cross_entropy(model(x), y).backward()
        optimizer.step()
    model(x)
    moved = [rms(after - before) for (_, before), (_, after) in zip(seen[:4], seen[-4:], strict=True)]
    own = [rms(inputs @ (layer.weight.detach() - weight).T)
           for (inputs, _), layer, weight in zip(seen[:4], layers, started, strict=True)]
    return moved, own, rms(layers[1].weight.grad)


grid = (32, 64, 128, 256, 512, 1024)
with ensembles.one_thread():
    moves = {mup: [changes(n, mup) for n in grid] for mup in (False, True)}
    ends = {mup: [[changes(n, mup, seed) for n in (32, 1024)] for seed in range(4)] for mup in (False, True)}

# %%
fig = plotting.figure(9, 3.2)
for ax, (mup, found) in zip(fig.subplots(1, 2, sharey=True), moves.items(), strict=True):
    for place, (name, marker) in enumerate(zip(("input", "hidden 1", "hidden 2", "output"), "o^sD", strict=True)):
        ax.loglog(grid, [moved[place] for moved, *_ in found], marker + "-", color=str(0.2 * place), ms=5, label=name)
    ax.set(xlabel="width", title="μP: flat" if mup else "Standard: three layers grow with the width")
    ax.set_xticks(grid, map(str, grid))
    ax.minorticks_off()
fig.axes[0].set_ylabel("change of outputs in 3 steps")
fig.axes[0].legend(fontsize=8)
plotting.show(fig, alt="Coordinate check: hidden and output layers' changes grow in the standard form, not in μP.")

# %% tags=["nbval-check-output"]
each = {mup: np.array([np.divide(wide[0], narrow[0]) for narrow, wide in pairs]) for mup, pairs in ends.items()}
growth = {mup: np.exp(np.log(found).mean(axis=0)) for mup, found in each.items()}
for name, of in (("hidden layers", each[False][:, 1:3]), ("outputs", each[False][:, 3])):
    print(f"Standard, four starts, {name}: ≈ {of.min():.0f} to ≈ {of.max():.0f} times")

# %% tags=["nbval-check-output"]
claim("Standard, width 1024 against 32, geometric mean of four starts: the hidden layers grow by", growth[False][1:3],
      above=4, approx=True)
claim("… the outputs' by", growth[False][3], above=15, approx=True)
claim("… the input layer's by", growth[False][0], between=(0.7, 1.4), approx=True)
claim("μP: all four layers' by", growth[True], between=(0.6, 1.8), approx=True)
own = np.array([np.divide(wide[1], narrow[1])[1:] for narrow, wide in ends[False]]).mean(axis=0)
claim("Standard: what these three matrices' own changes make of the first inputs grows, on average, by", own, above=16,
      approx=True)
share = np.array([np.divide(narrow[1], narrow[0])[1:] for narrow, _ in ends[False]]).mean(axis=0)
claim("… and at width 32 it is, of these layers' changes, on average a share of", share, below=0.5, approx=True)
thinner = np.mean([narrow[2] / wide[2] for narrow, wide in ends[True]])
claim("μP: a hidden weight's gradient shrinks, on average, by", thinner, between=(15, 45), approx=True)

# %% [markdown]
# For 32 times the width the outputs' changes grow some thirty- to forty-fivefold, depending on the start, and the hidden layers' five- to tenfold. Is the derivation wrong for them? It is about one matrix's *own* change, and that does grow about as n, as the fifth line shows. But a layer also receives what has changed before it, and at width 32 that is most of its change: the sixth line. In the hidden layers this part grows more slowly, for at the beginning of the chain stands the input layer, whose 64 inputs do not grow at all. (In the outputs it does grow: the features' change agrees with the output's weights, which is why rule 3 makes these small.)
#
# The last line is a warning. In μP the gradient of a hidden weight falls with the width, as 1/n here, and Adam does not notice, until the gradients come near ε. [Everett et al. 2024](https://arxiv.org/abs/2407.05872) report that an ε which is not scaled with the model swamps them: lower it with the width, or take a rule without one.
#
# ### Does the rate carry over?
#
# The stored sweep, standard and μP, widths of 32 to 256. And a slice of it, now.


# %%
def slice_of(width, mup, some):
    """Training losses (seeds 0 and 1, rates) of 120 steps with a cosine to zero."""
    task = tasks.Task("digits", first, lambda: network(width, mup)[0])
    slower = {f"{place}.weight": Adam(lr=some * 32 / width, beta2=0.95) for place in (2, 4, 6)}
    history = ensembles.train(Adam(lr=some, beta2=0.95), task, steps=120, seed=(0, 1),
                              exceptions=slower if mup else None,
                              schedule=lambda step: 0.5 * (1 + math.cos(math.pi * step / 120)))
    return history.train_loss[-1]


again = {(n, mup): slice_of(n, mup, rates[[2, 4]]) for n in (32, 128) for mup in (False, True)}

# %%
fig = plotting.figure(9, 3.4)
for ax, kind in zip(fig.subplots(1, 2, sharey=True), ("standard", "mup"), strict=True):
    for n, shade in zip(widths, np.linspace(0.25, 1, len(widths)), strict=True):
        rate, found = by_width[kind][n]
        ax.loglog(rates, found, color=plotting.COLORS["Adam"], alpha=shade, label=n)
        ax.plot(rate, np.nanmin(found), "o", color=plotting.COLORS["Adam"], alpha=shade)
    ax.axvline(by_width[kind][32][0], color=plotting.QUIET, lw=0.8, ls=":")
    title = "μP: one rate fits all" if kind == "mup" else "Standard: each width has its own best rate"
    ax.set(xlabel="η", title=title)
fig.axes[0].set_ylabel("training loss")
fig.axes[0].legend(title="width", fontsize=8, title_fontsize=8)
plotting.show(fig, alt="Loss by rate for four widths: minima move left in the standard form, and stay put in μP.")

# %% tags=["nbval-check-output"]
kinds = {False: "standard", True: "mup"}
kept = {(n, mup): sweep["width"]["losses"][kinds[mup]][str(n)][:2, [2, 4]] for n, mup in again}
off = max(np.abs(np.log(again[key] / kept[key])).mean() for key in again)
claim("The slice repeats the stored losses, on average, to a factor of", np.exp(off), below=1.05, approx=True)
carried = np.array([by_width["mup"][n][0] for n in widths])
claim("μP: the best rates, over that of width 32", carried / carried[0], between=(0.9, 1.4))
at_tuned = np.array([at_rate("mup", n, carried[0]) for n in widths])
claim("μP, at the rate tuned for 32: each wider network ends lower, by", at_tuned[:-1] / at_tuned[1:], above=1.2)
own = {width: np.nanmin(by_width["standard"][width][1]) / np.nanmin(by_width["mup"][width][1]) for width in (32, 256)}
claim("Width 32, each at its own best rate: standard's loss over μP's", own[32], above=1.1)
claim("… and at width 256", own[256], near=0.5, within=0.1)

# %% [markdown]
# In the standard parametrisation each width has a valley of its own, and at one fixed rate the wider network can have the higher training loss, as you saw at 0.064. In μP the valleys lie nearly above each other (they drift up, by less than a third), and at one rate wider has the lower training loss. Tune the small one, copy the number: that is all that "μTransfer" means.
#
# Look at the *heights* too. With a rate of its own the standard network ends above μP's training loss at width 32, and at half of it at width 256. (Test losses we did not compare. μP has constants of its own, the scale of the start and of each layer's rate at n₀, and we tuned none.) So μP need not train better, though its authors find that in wide models it does (their section 5). Here it saved the search.
#
# **What it does not promise.** It is derived for the width. That the rate also carries over to other depths, batches (at as many steps) and lengths of training Yang et al. saw in their transformers, within limits, and mark as seen and not derived; regularisation, decay included, they say does not. And it is disputed:
#
# - *Is it the only way?* Everett et al. 2024 trained tens of thousands of models, up to 27 B, and report that *every* parametrisation transfers when each layer has a rate of its own that scales by the right power; a standard one with such rates did better than μP.
# - *Does it last?* Its derivation looks at the first steps, in which weights' changes agree with their inputs. [Wang & Aitchison 2025](https://arxiv.org/abs/2405.13698) find that transfer breaks as training goes on, unless λ is raised as the rate is lowered, so that ηλ stays. [Kosson et al. 2025](https://arxiv.org/abs/2510.19093) go further: after the start it is decay that keeps networks of different widths in step, and μP acts as a kind of warmup.
# - *Which λ, then?* `mup` keeps ηλ in each group. [Fan et al. 2025](https://arxiv.org/abs/2510.15262) fit λ in proportion to the root of the width instead.
#
# Our runs have no decay and 120 steps: on these questions they are silent.
#
# ## Decay and time
#
# In notebook 05 decay was a pull, and a balance with noise at $\sqrt{\eta/2\lambda}$. Here is a third reading, by Wang & Aitchison. One step of AdamW with the update $u_t = \hat m/(\sqrt{\hat v}+\varepsilon)$ is
#
# $$\theta_t = (1-\eta\lambda)\,\theta_{t-1} - \eta\,u_t = (1-\eta\lambda)\,\theta_{t-1} + \eta\lambda\,\Big(-\frac{u_t}{\lambda}\Big).$$
#
# That is an exponential moving average with β = 1 − ηλ. The weights *are* the average of the last steps −u/λ, and how far back it reaches is notebook 02's window: **1/(ηλ) steps**. What lies further back, the start included, is forgotten. Let us see it forget: 20 000 weights, gradients of pure noise. How much of the start is still in them at the end?


# %%
def left_of_the_start(lr, decay, steps=400):
    """Share of the first weights that is still in the last ones, by least squares; AdamW on gradients of pure noise."""
    theta = torch.randn(20_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    start, rng = theta.clone(), torch.Generator().manual_seed(1)
    theta = theta.requires_grad_()
    optimizer = torch.optim.AdamW([theta], lr=lr, weight_decay=decay)
    for _ in range(steps):
        theta.grad = torch.randn(20_000, generator=rng, dtype=torch.float64)
        optimizer.step()
    return ((theta.detach() @ start) / (start @ start)).item()


# %% tags=["nbval-check-output"]
claim("400 steps, 1/(ηλ) = 400: left of the start", left_of_the_start(0.01, 0.25), near=math.exp(-1), within=0.01)
claim("… half the rate and twice the decay", left_of_the_start(0.005, 0.5), near=math.exp(-1), within=0.01)
claim("… 1/(ηλ) = 100", left_of_the_start(0.01, 1.0), near=math.exp(-4), within=0.01)

# %% [markdown]
# So neither η nor λ alone says how long AdamW remembers: their product does. (Here the updates do not depend on the weights. In a network later updates carry on what the start began, and the start is not forgotten in that sense.) And how long *should* it? Long enough to have seen all of the data, short enough to forget the beginning. That suggests a time in **epochs**.

# %%
more_data = practice.predict("11-more-data")
more_data

# %% [markdown]
# A task on which decay matters: the digits with their input columns scaled unequally, as in notebook 05. 150, 300 and 600 rows; 40 epochs, η = 0.01 and batches of 30 in all three; six decays. The stored sweep has ten draws of the scales, the page runs two of them again.

# %%
decays = sweep["decay"]["decays"]


def test_losses(rows, draw):
    scales = 10.0 ** np.random.default_rng(draw).uniform(-1.5, 1.5, size=64)
    task = tasks.Task("unequal digits", digits(rows=rows).scaled(scales), lambda: MLP((64, 32, 10)))
    rule = AdamW(lr=0.01, weight_decay=decays)
    return ensembles.train(rule, task, steps=40 * rows // 30, batch_size=30, seed=draw).test_loss[-1, 0]


again = np.array([test_losses(150, draw) for draw in (0, 1)])
by_rows = {int(rows): losses for rows, losses in sweep["decay"]["losses"].items()}
best_decay = {rows: valley(decays, losses)[0] for rows, losses in by_rows.items()}

# %%
fig = plotting.figure(8, 3)
ax = fig.subplots()
for (rows, losses), style in zip(by_rows.items(), (":", "--", "-"), strict=True):
    mean = np.exp(np.log(losses).mean(axis=0))
    ax.loglog(decays, mean, "o", ls=style, color=plotting.COLORS["AdamW"], label=f"{rows} rows")
    ax.axvline(best_decay[rows], color=plotting.COLORS["AdamW"], ls=style, lw=0.8)
ax.set(xlabel="λ", ylabel="test loss", title="With more data a smaller λ is best")
ax.legend()
plotting.show(fig, alt="Test loss by decay for 150, 300 and 600 rows; the valley moves to smaller decays.")

# %% tags=["nbval-check-output"]
off = np.exp(np.abs(np.log(again / by_rows[150][:2])).mean())
claim("The slice repeats the stored losses, on average, to a factor of", off, below=1.05, approx=True)
claim("Four times the rows: the best λ falls by a factor of", best_decay[150] / best_decay[600], between=(3, 8))
epochs = np.array([30 / (0.01 * best_decay[rows] * rows) for rows in by_rows])
claim("1/(ηλ) at the best λ, in epochs, for the three", epochs, between=(20, 60), digits=2)
halves = [valley(decays, by_rows[150][half])[0] / valley(decays, by_rows[600][half])[0]
          for half in (slice(5), slice(5, 10))]
print("The same factor from the first five draws and from the last five:", *(f"{ratio:.1f}" for ratio in halves))

# %%
more_data.reveal()

# %% [markdown]
# The best λ falls with the data, here by somewhat more than fourfold, and the time scale comes out at 27 to 37 epochs: not far from constant, and if there is a trend in it, this grid cannot settle it. How sure is the number? Not very: the valleys are wide, as you see (dotted 150, dashed 300, solid 600 rows), and half of the draws give another factor than the other half. And since all runs had forty epochs, the experiment cannot tell a constant number of epochs from a constant share of the run.
#
# Now as a formula.

# %%
decay_exercise = practice.exercise("11-decay-time")
decay_exercise


# %%
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return ...  # λ of the new run


decay_exercise.check(new_decay)

# %% [markdown]
# **Where sources disagree.** Bergsma et al. 2025 confirm that λ grows in proportion to the batch when all else stays, but find that the best share of the run, $B/(\eta\lambda D)$ with D the tokens in all, is no constant: it *falls* as a power of the tokens per parameter. And GPT-3, LLaMA and DeepSeek LLM all have λ = 0.1, whatever the size, the batch or the data.
#
# ## Memory and machines
#
# A model that is tuned, and does not fit, trains nowhere. In notebook 10 a parameter cost 16 bytes in mixed precision with AdamW, by ZeRO's count: 2 for the weight, 2 for the gradient, 12 for the float32 copy, m and v. On N devices, plain data parallelism keeps all of it N times. **ZeRO** ([Rajbhandari et al. 2020](https://arxiv.org/abs/1910.02054)) keeps a share of it on each instead: stage 1 of the state (with the copy), stage 2 of the gradients too, stage 3 of the weights too, which are then gathered layer by layer when they are needed. PyTorch's FSDP is stage 3 by default.

# %% tags=["nbval-check-output"]
weight, gradient, state = 2, 2, 12  # bytes a parameter
bill = {
    "0": lambda n: weight + gradient + state,
    "1": lambda n: weight + gradient + state / n,
    "2": lambda n: weight + (gradient + state) / n,
    "3": lambda n: (weight + gradient + state) / n,
}
sent = {"0": 2, "1": 2, "2": 2, "3": 3}  # numbers that each device sends a step, for each parameter
print("7.5 B parameters, GB on each of")
for stage, a_parameter in bill.items():
    figures = (f"{n} device{'s' * (n > 1)} {7.5 * a_parameter(n):6.1f}   " for n in (1, 8, 64))
    print(f"  stage {stage}:", *figures, f"sends {sent[stage]}")
held = np.array([7.5 * a_parameter(64) for a_parameter in bill.values()])
for stage, ours, paper in zip(bill, held, (120, 31.4, 16.6, 1.9), strict=True):
    claim(f"Stage {stage} on 64 devices; the paper's figure 1 has {paper} GB", ours, near=paper, within=0.05)

# %% [markdown]
# The messages: to average gradients takes two numbers for each parameter, one to reduce and one to hand the result round. Stages 1 and 2 send no more: the gradients are reduced to where their state is, and the *new weights* are handed round instead. Stage 3 gathers the weights for the forward pass and again for the backward pass: three numbers, half as much again (section 7 of the paper).
#
# Two things these stages do not do. They do not touch the activations, which grow with the batch of a device (the paper's other half, ZeRO-R, spreads them where a row's work is split as well). And they do not make a batch smaller: 1024 devices with one sequence each *are* a batch of 1024 sequences, and whether that is below the critical batch is not a question of memory.
#
# ## Scale a run
#
# All rules on one sheet. It opens with the smallest GPT-3, nothing scaled yet; move the size, the batch and the tokens, and see which settings follow, by which rule, and how sure one can be: *exact* is arithmetic, *fair* is derived and has been seen in experiments, *open* is custom, disputed or little tested. (The sheet knows no shapes: it takes r from the number of parameters, as if all models had one shape; and for the betas it takes the powers, where Malladi et al. have 1 − κ(1 − β). GPT-3's warmup of 375 million tokens it counts in full batches; theirs were still growing then. The cell below takes the published widths.)

# %%
explorers.scale()

# %% [markdown]
# Do the rules predict what large runs chose? For each pair of published models within a family, the rate that $\eta\,\sqrt{\kappa}\,/\,r$ makes of the smaller one's, over the rate that the larger one had; five of them in full:

# %% tags=["nbval-check-output"]
from adamkit.theory import scaling

shown = ("GPT-3 125M", "GPT-3 175B"), ("GPT-3 125M", "GPT-3 6.7B"), ("LLaMA 7B", "LLaMA 65B"), \
    ("LLaMA 7B", "LLaMA 13B"), ("DeepSeek 7B", "DeepSeek 67B")
ratios, rivals = [], {"no rule": [], "1/r alone": [], "parameters to the power −1/3": []}
for small, large in itertools.product(scaling.PUBLISHED, repeat=2):
    if small.name.split()[0] == large.name.split()[0] and small.parameters < large.parameters:
        kappa_of, growth_of = large.batch / small.batch, large.width / small.width
        predicted = small.lr * math.sqrt(kappa_of) / growth_of
        ratios.append(predicted / large.lr)
        factors = (1.0, 1 / growth_of, (small.parameters / large.parameters) ** (1 / 3))
        for found, factor in zip(rivals.values(), factors, strict=True):
            found.append(small.lr * factor / large.lr)
        if (small.name, large.name) in shown:
            print(f"{small.name:12} → {large.name:13} κ {kappa_of:4.1f}, r {growth_of:4.1f}: "
                  f"{predicted:.1e} for {large.lr:.1e}")

# %% tags=["nbval-check-output"]
claim("Pairs", len(ratios), equals=35)
claim("… within a factor of 1.6 of each other", sum(1 / 1.6 < ratio < 1.6 for ratio in ratios), equals=33)
claim("Rule over choice, lowest", min(ratios), near=0.8, within=0.01)
claim("… highest", max(ratios), near=1.88, within=0.01)
for (name, found), count in zip(rivals.items(), (10, 28, 34), strict=True):
    claim(f"Pairs within 1.6 by {name}", sum(1 / 1.6 < ratio < 1.6 for ratio in found), equals=count)
claim("Without any rule GPT-3's largest would get its smallest one's rate, too high by", max(rivals["no rule"]),
      near=10, within=0.01)
fit = {run.name: scaling.deepseek(6 * run.parameters * run.tokens)[0] / run.lr for run in scaling.PUBLISHED}
theirs = np.array([ratio for name, ratio in fit.items() if name.startswith("DeepSeek")])
others = np.array([ratio for name, ratio in fit.items() if not name.startswith("DeepSeek")])
claim("DeepSeek's fit by compute, over what its own two models had", theirs, between=(0.98, 1.03))
claim("… over what the other twelve had", others, between=(1.4, 6.1), digits=2)

# %% [markdown]
# 33 of 35 pairs within a factor of 1.6, the worst at 1.9, over a range of ten; with no rule it would be 10 of them. But a rate that falls with the number of parameters to the power 1/3, and knows nothing of the batch, does as well. So this is a sensible first guess, and no evidence for the root of κ. For GPT-3 and LLaMA we know of no published sweep of these rates. All of these models used one rate for every layer as far as their papers say; and GPT-3's authors say only that larger models use larger batches and smaller rates, with the noise scale as a guide to the batch. The last line says how little one team's fit knows of another's model: [DeepSeek LLM](https://arxiv.org/abs/2401.02954) fitted rate and batch to the compute of its own small runs, and trained its two models at rates within 1.5 percent of that fit; of the twelve others it asks 1.4 to 6 times what they chose.
#
# **Stability.** Some troubles do not show at all while a model is small at its small rate: attention logits that grow until the softmax is a choice of one, output logits that drift. [Wortsman et al. 2023](https://arxiv.org/abs/2309.14322) bring them out in small models by *raising the rate*, and the same cures work there: a norm on queries and keys, and a penalty on log Z (the z-loss). So before you scale, sweep your small model's rate far beyond its best: where it breaks is what the large one may meet.
#
# So, which numbers survive the opening question? With r = 16, κ = 8 and ten times the data: η of the hidden matrices and of the output layer × √8/16; of the rest (input layer, embeddings, biases, norms) × √8; both if 8 times the batch is still below the critical one; the betas' half-lives in tokens; the warmup in tokens; the schedule over the whole run, so over ten times the tokens; λ such that ηλ becomes 8/10 of what it was; ε rather lower. As a number none survives; in tokens the half-lives and the warmup do, and as a share of the run the schedule and 1/(ηλ). And then: three rates around the prediction, on a model of half the size, before the large one starts.
#
# ## In the interview

# %%
practice.interview("11-batch")

# %%
practice.interview("11-mup")

# %%
practice.interview("11-zero")

# %% [markdown]
# ## Recap
#
# - Below the critical batch the best η grew about as B for SGD and as √B for Adam (Marek et al.: far less); beyond it SGD's stopped. Adam's should end too; our sweep cannot show it. The noise scale, tr Σ/|G|², from two batch sizes, says where, here to an order of magnitude.
# - To keep a run at κ times the batch where noise dominates: η√κ, 1 − β times κ for both betas, ε/√κ, rows instead of steps. The rate matters most; in our run the power that keeps the run lay between a half and one.
# - A step of Adam moves a sum of n inputs by ηn. Hence μP: η/r for hidden and output matrices, η for the rest, a small start of the output. Check it by coordinates.
# - AdamW's weights average updates over 1/(ηλ) steps; more data or steps, smaller λ. By how much is disputed.
# - ZeRO 1, 2, 3 spread state, gradients, weights: 4 + 12/N, 2 + 14/N, 16/N bytes; only stage 3 sends more.

# %%
practice.self_check("11")

# %% [markdown]
# **Next:** [12 Diagnosing training](12_diagnosis.ipynb), for when the large run goes wrong.
#
# **Sources.** S. McCandlish et al., [*An empirical model of large-batch training*](https://arxiv.org/abs/1812.06162), 2018. W. Merrill et al., [*Critical batch size revisited*](https://arxiv.org/abs/2505.23971), 2025. S. Malladi et al., [*On the SDEs and scaling rules for adaptive gradient algorithms*](https://arxiv.org/abs/2205.10287), NeurIPS 2022. G. Yang et al., [*Tensor Programs V*](https://arxiv.org/abs/2203.03466), 2022: table 3 is the form used here. K. Everett et al., [*Scaling exponents across parameterizations and optimizers*](https://arxiv.org/abs/2407.05872), ICML 2024. X. Wang and L. Aitchison, [*How to set AdamW's weight decay as you scale model and dataset size*](https://arxiv.org/abs/2405.13698), ICML 2025. S. Bergsma et al., [*Power lines*](https://arxiv.org/abs/2505.13738), NeurIPS 2025. H. Zhang et al., [*How does critical batch size scale in pre-training?*](https://arxiv.org/abs/2410.21676), ICLR 2025. M. Marek et al., [*Small batch size training for language models*](https://arxiv.org/abs/2507.07101), NeurIPS 2025. S. Rajbhandari et al., [*ZeRO*](https://arxiv.org/abs/1910.02054), 2020. Published settings: T. Brown et al., [*GPT-3*](https://arxiv.org/abs/2005.14165), table 2.1; H. Touvron et al., [*LLaMA*](https://arxiv.org/abs/2302.13971), table 2; X. Bi et al., [*DeepSeek LLM*](https://arxiv.org/abs/2401.02954), 2024. The text links the others where it names them.
