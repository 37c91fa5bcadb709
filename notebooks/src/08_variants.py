# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Variants
#
# **After this notebook you can**
#
# - *name*, for each of nine successors of Adam, the problem it fixes and the line that it changes;
# - *write* each of them in a few lines, and *prove* your version against torch's or the package's;
# - *say* what it costs, in bytes a parameter and in time a step, measured;
# - *judge* a claim of the form "X beats Adam", and *run* a comparison that deserves the name.
#
# About 95 minutes. Builds on [04 Adam](04_adam.ipynb) and [05 AdamW](05_adamw.ipynb); runs without them.
#
# > **The question.** Since 2014 hundreds of papers claim to improve on Adam. Most published recipes of large models still say AdamW. Are people lazy, or do the improvements go away when you look closely?

# %%
import math
from collections import defaultdict

import numpy as np
import torch

from adamkit import descent, explorers, lineage, plotting, practice, quantization
from adamkit import rules, schedules, surfaces, torch_optim
from adamkit.claims import claim
from adamkit.training import contest, cost, ensembles, plain, standings, tasks

torch.set_num_threads(1)  # our tensors are small: a second thread would wait more than it works

# %%
how_many = practice.predict("08-how-many")
how_many

# %% [markdown]
# ## The family
#
# Each variant changes one thing in something older. Read the map from left to right: a box says what is new, its lines say in what.

# %%
fig = plotting.figure(8.8, 5)
ax = fig.subplots()
plotting.draw_family(ax, lineage.FAMILY)
ax.set_title("Nine descend from Adam; Lion and Muon grow from momentum")
plotting.show(fig, alt="A family tree from SGD: nine methods come from Adam, Lion and Muon from momentum.")

# %% [markdown]
# Three branches matter. Most of Adam's children keep its two moments and change a detail. A few change what is *stored*: 8-bit Adam, Adafactor. And Lion and Muon leave the idea of a rate for each coordinate: they grow from momentum directly.
#
# We will build nine of them, always in the same order: the problem, the rule, the code, the proof that the code is right, where it helps, what it costs. At the end all of them meet in one table.
#
# ### A bench to prove code on
#
# "The loss goes down" proves nothing. So each of our versions walks 200 steps over an awkward function, in 64 bits, and must arrive where an independent implementation arrives. `s` is what a rule remembers; everything in it starts at 0.
#
# Why 64 bits and two hundred steps? In 32 bits two correct versions part at the seventh digit, and a wrong one can hide there. After one step, mistakes in the memory of a rule have not shown yet. One mistake this bench cannot see: without weight decay, coupled and decoupled are the same ([notebook 05](05_adamw.ipynb)). So the test-suite of the package compares every rule once more with decay, with a large ε, and with every tensor of its state.

# %%
def wavy(theta):
    return (theta**4).sum() / 4 + (theta[:-1] * theta[1:]).sum()


def walk(update, start, steps=200):
    theta, s = start, defaultdict(float)
    for t in range(1, steps + 1):
        theta = theta.detach().requires_grad_()
        (g,) = torch.autograd.grad(wavy(theta), theta)
        with torch.no_grad():
            theta = update(g, theta, s, t)
    return theta


# %%
def walk_with(optimizer_class, start, steps=200, **options):
    theta = start.clone().requires_grad_()
    optimizer = optimizer_class([theta], lr=0.01, **options)
    for _ in range(steps):
        optimizer.zero_grad()
        wavy(theta).backward()
        optimizer.step()
    return theta.detach()


generator = torch.Generator().manual_seed(1)
vector = torch.randn(8, generator=generator, dtype=torch.float64)
matrix = torch.randn(6, 4, generator=generator, dtype=torch.float64)

# %% [markdown]
# Adam itself, to see that the bench works. The next four variants are this function with a line or two changed.

# %% tags=["nbval-check-output"]
def adam(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    m_hat, v_hat = s["m"] / (1 - beta1**t), s["v"] / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat.sqrt() + eps)


def same_end(name, update, optimizer_class, start=vector, to=1e-12, **options):
    gap = (walk(update, start) - walk_with(optimizer_class, start, **options)).abs().max().item()
    claim(f"{name}: two implementations, 200 steps, end apart by", gap, below=to, approx=True)


same_end("Adam", adam, torch.optim.Adam)

# %% [markdown]
# ## AMSGrad: v must not shrink
#
# **The problem.** Adam divides by the *recent* size of the gradient. A rare large gradient enters v, and is forgotten. [Reddi, Kale & Kumar 2018](https://arxiv.org/abs/1904.09237) turn that into a counterexample. On the interval [−1, 1] the loss at step $t$ is $C\,x$ once in three steps and $-x$ otherwise. With $C=3$ the sum over three steps is $+x$, so the best point is −1. Adam with β₁ = 0 and β₂ = 1/(1+C²) = 0.1 walks to +1.
#
# **The rule.** Divide by the largest v so far.

# %% tags=["nbval-check-output"]
def amsgrad(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    s["v_max"] = torch.maximum(torch.as_tensor(s["v_max"]), s["v"])  # new
    m_hat, v_hat = s["m"] / (1 - beta1**t), s["v_max"] / (1 - beta2**t)
    return theta - lr * m_hat / (v_hat.sqrt() + eps)


same_end("AMSGrad", amsgrad, torch.optim.Adam, amsgrad=True)

# %% [markdown]
# torch takes the maximum of the *uncorrected* v and then corrects it. optax takes the maximum of v̂. The paper corrects nothing. One name, three algorithms; say which one you mean.
#
# Why does Adam fail there? Follow it through three steps, with β₁ = 0. At the large slope, v jumps to about 8, and the step is 3/√8.2 = 1.05 times the rate: hardly longer than an ordinary one, because the large gradient has enlarged its own divisor. At the two small slopes v falls quickly, and they make steps of 0.76 and 0.97 the other way. One against two: the rare, right direction is outvoted. AMSGrad keeps the 8 in the divisor, so the two small steps are a third as long, and the large slope wins.
#
# **Does it fix the counterexample?** Here is the problem, with sliders. Press the four scenarios before you move anything. On the left are $x$ and the **average regret**: what was paid so far beyond what the best fixed point would have paid, divided by $t$. The right panel belongs to the proof in Adam's paper, which needs every bracket to be ≥ 0; [notebook 13](13_the_paper.ipynb) takes it apart, and here you may pass it over.

# %%
explorers.online_problem()

# %% [markdown]
# The first scenario is the famous one. The second is the one that is left out when the story is told: the same problem, Adam's default betas.

# %% tags=["nbval-check-output"]
from adamkit.explorers.reddi import play


def end(beta1, beta2, *, C=3, period=3, lr=1.0, steps=3000, who="Adam"):
    slopes = np.full(steps, -1.0)
    slopes[::period] = C
    return play(slopes, lr, beta1, beta2)[0][who][-period:].mean()  # x, averaged over the last period


claim("Adam, β₁ = 0, β₂ = 0.1, ends at the worst point, +1", end(0, 0.1), above=0.98, approx=True)
claim("AMSGrad, same betas, ends at the best, −1", end(0, 0.1, who="AMSGrad"), below=-0.98, approx=True)
claim("Adam with its default betas ends at the best, too", end(0.9, 0.999), below=-0.98, approx=True)

# %% [markdown]
# The theorem is right, and weaker than its reputation. It says: *for any β₁ < √β₂ that you name, there is a problem* on which Adam ends in the wrong place. The problem is chosen after the betas. So let us choose one for the defaults: the large slope comes rarely, and wins by little.

# %%
which_beta2 = practice.predict("08-half-life")
which_beta2

# %% [markdown]
# This can be settled without a run. After many periods both averages repeat themselves from period to period. Let $k$ count the steps since the last large slope $C$, and $P$ be the period; then
#
# $$m_k = \frac{(1-\beta_1)(C+1)\,\beta_1^k}{1-\beta_1^P} - 1,\qquad v_k = \frac{(1-\beta_2)(C^2-1)\,\beta_2^k}{1-\beta_2^P} + 1 .$$
#
# A period moves $x$ by $-\sum_k m_k/\sqrt{v_k}$, in units of the rate, as long as the rate hardly changes within a period. The sign says where Adam goes in the end, whatever the rate.

# %% tags=["nbval-check-output"]
def drift(beta2, beta1=0.9, C=101, period=101):
    k = np.arange(period)  # steps since the large slope
    m = (1 - beta1) * (C + 1) * beta1**k / (1 - beta1**period) - 1
    v = (1 - beta2) * (C**2 - 1) * beta2**k / (1 - beta2**period) + 1
    return -(m / np.sqrt(v)).sum()


claim("Slopes 3, −1, −1 and the default betas: a period moves x by", drift(0.999, C=3, period=3), below=0, digits=2)
claim("Slope 101 every 101 steps, the same betas: by", drift(0.999), above=0, digits=2)
claim("… and with β₂ = 0.9999: by", drift(0.9999), below=0, digits=2)

# %% [markdown]
# Where does it turn round? Search over 1/(1 − β₂), the number of steps that v looks back on.

# %% tags=["nbval-check-output"]
looks_back = np.geomspace(10, 1e5, 4001)
turn, without = (looks_back[np.argmax([drift(1 - 1 / n, beta1) < 0 for n in looks_back])] for beta1 in (0.9, 0))
claim("Adam goes the right way if v looks back on more steps than", turn, near=2070, within=10)
claim("Without momentum: on more than C·P/4 = 2550, nearly", without, near=2550, within=50)

# %% [markdown]
# Does the walk obey? A thousand periods each, from $x=0$.

# %%
memories = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000]
rare = {"C": 101, "period": 101, "lr": 5.0, "steps": 101_000}
ends = {who: [end(0.9, 1 - 1 / n, who=who, **rare) for n in memories] for who in ("Adam", "AMSGrad")}
fig = plotting.figure(8, 3)
ax = fig.subplots()
for who, x in ends.items():
    look = {"color": plotting.COLORS[who], "marker": plotting.MARKERS[who]}
    ax.semilogx(memories, x, label=who, **look)
ax.axvline(turn, color=plotting.QUIET, linewidth=1, linestyle="--", label="drift changes sign")
ax.axhline(-1, color=plotting.QUIET, linewidth=1, linestyle=":", label="best point")
ax.set(xlabel="steps that v looks back on, 1/(1 − β₂)", ylabel="x after 1000 periods")
ax.set_title("On this problem Adam's default 0.999 is on the wrong side")
plotting.outside_legend(ax)
plotting.show(fig, alt="Adam ends near +1 up to a memory of 1000 steps, near −1 from 10 000; AMSGrad always near −1.")

# %% tags=["nbval-check-output"]
claim("β₂ up to 0.999: Adam ends near +1", min(ends["Adam"][:5]), above=0.9, approx=True)
claim("β₂ of 0.9999 and more: it ends near −1", max(ends["Adam"][6:]), below=-0.9, approx=True)
claim("AMSGrad ends near −1 with each of them", max(ends["AMSGrad"]), below=-0.9, approx=True)
slow = end(0.9, 0.999, **{**rare, "lr": 0.5})
claim("β₂ = 0.999 at a tenth of the rate: after as many steps Adam is at", slow, near=-0.41, within=0.01, digits=2)

# %%
which_beta2.reveal()

# %% [markdown]
# So "v must remember longer than the time between two large slopes" is not enough: at 0.999 it looks back on ten periods. It must be so steady that what is at stake, here one part in a hundred, is not lost in its ripple. AMSGrad's v stops moving altogether.
#
# A caution about such experiments: the walk at 0.999 starts towards −1, because the first large slope comes first, and needs a long time to turn. With a rate of 0.5/√t it still stands at −0.41 after these 101 000 steps, which looks like success. The drift says what the walk will do; a walk alone says what it has done so far.
#
# [Zhang et al. 2022](https://arxiv.org/abs/2208.09632) turn the observation into a theorem. Fix the problem *first*. If β₂ is then large enough for it, and β₁ < √β₂, unmodified Adam converges to a neighbourhood, whose size depends on the noise of the gradients. Their sequel ([2026](https://arxiv.org/abs/2603.02092)) adds that the threshold for β₂ rises as batches get smaller.
#
# **Where it helps.** Where rare large gradients carry the signal and β₂ is too small for them. **What it costs.** A third array: 12 bytes a parameter in place of 8. **In production:** `torch.optim.AdamW(params, amsgrad=True)`.

# %%
amsgrad_exercise = practice.exercise("08-amsgrad")
amsgrad_exercise


# %%
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        ...

    def step(self, grads):
        return ...  # Adam, and one line


amsgrad_exercise.check(AMSGrad)

# %% [markdown]
# ## RAdam: wait until v can be trusted
#
# **The problem.** At first v is an average of very few squares. [Liu et al. 2020](https://arxiv.org/abs/1908.03265) estimate how many: $\rho_t$ rises from 1 towards $\rho_\infty = 2/(1-\beta_2)-1$.
#
# $$\rho_t = \rho_\infty - \frac{2t\beta_2^t}{1-\beta_2^t},\qquad r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho_t}}$$
#
# **The rule.** While $\rho_t$ is small, do not divide by √v̂ at all: the step is $\eta\,\hat m$. After that, Adam's step times $r_t$. The paper switches once $\rho_t > 4$, torch once $\rho_t > 5$: for β₂ ≥ 0.9 at step 5 and at step 6.

# %% tags=["nbval-check-output"]
def rho_and_r(t, beta2):
    longest = 2 / (1 - beta2) - 1
    rho = longest - 2 * t * beta2**t / (1 - beta2**t)
    r_squared = (rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)
    return rho, math.sqrt(max(r_squared, 0)) if rho > 5 else None


def radam(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    m_hat, (_, r) = s["m"] / (1 - beta1**t), rho_and_r(t, beta2)
    if r is None:
        return theta - lr * m_hat
    return theta - lr * r * m_hat * math.sqrt(1 - beta2**t) / (s["v"].sqrt() + eps)


same_end("RAdam", radam, torch.optim.RAdam)

# %% [markdown]
# The factor $r_t$ looks at $t$ and β₂, and at nothing else: no gradient, no data. So RAdam is Adam under a fixed schedule. [Ma & Yarats 2021](https://arxiv.org/abs/1910.04209) ask which one, and answer: about a linear warmup over $2/(1-\beta_2)$ steps. Look.

# %%
fig = plotting.figure(8, 3)
ax = fig.subplots()
for beta2, style in ((0.999, "-"), (0.99, "--")):
    t = np.arange(6, 2501)
    r = [rho_and_r(step, beta2)[1] for step in t]
    ax.plot(t, r, style, color=plotting.COLORS["RAdam"], label=f"rₜ, β₂ = {beta2}")
    line = np.minimum(t * (1 - beta2) / 2, 1)
    ax.plot(t, line, style, color=plotting.QUIET, linewidth=1, label=f"ramp over {2 / (1 - beta2):.0f} steps")
ax.set(xlabel="step t", ylabel="factor on the rate", title="RAdam is Adam with a warmup built in")
plotting.outside_legend(ax)
plotting.show(fig, alt="RAdam's factor climbs to 1 like a ramp over 2/(1 − β₂) steps: faster at first, then slower.")

# %% tags=["nbval-check-output"]
first = next(t for t in range(1, 100) if rho_and_r(t, 0.999)[1] is not None)
claim("At β₂ = 0.999 torch's RAdam begins to divide by √v̂ at step", first, equals=6)
claim("r at step 100, where the ramp is at 0.05", rho_and_r(100, 0.999)[1], near=0.215, within=0.001)
claim("r at step 500, where the ramp is at 0.25", rho_and_r(500, 0.999)[1], near=0.476, within=0.001)
claim("r at step 2000, where the ramp arrives at 1", rho_and_r(2000, 0.999)[1], near=0.828, within=0.001)
claim("β₂ = 0.65: after 10 000 steps it still does not divide, for ρ is only", rho_and_r(10_000, 0.65)[0], below=5)

# %% [markdown]
# Same curve, same training? The digits network of notebook 04 (one hidden layer), β₂ = 0.99, so the warmup lasts 200 of 300 steps. Five rates, two seeds, three optimizers.

# %%
five_rates = np.logspace(-3, -1, 5)
ramp = schedules.linear_warmup(warmup=200, start=1 / 200)
runs = {"Adam": (rules.Adam(beta2=0.99), None), "RAdam": (rules.RAdam(beta2=0.99), None)}
runs["Adam with warmup"] = (rules.Adam(beta2=0.99), ramp)
losses = {}
for name, (rule, schedule) in runs.items():
    rule = rule.replace(lr=five_rates)
    history = ensembles.train(rule, tasks.digits_mlp(), steps=300, seed=(0, 1), schedule=schedule)
    losses[name] = history.last("train_loss")
    print(f"{name:17}", "  ".join(f"{loss:.3f}" for loss in losses[name]))

# %% tags=["nbval-check-output"]
slow = slice(0, 3)  # 0.001, 0.003, 0.01: where training has not become a matter of luck
apart = np.abs(losses["RAdam"] / losses["Adam with warmup"] - 1)[slow].max()
claim("RAdam and warmed-up Adam: training losses differ, at the three lower rates, by", apart, below=0.2, approx=True)
gap = np.abs(losses["RAdam"] / losses["Adam"] - 1)[slow].min()
claim("RAdam's and plain Adam's differ by more than", gap, above=0.3, approx=True)

# %% [markdown]
# RAdam and the warmup are two names for one behaviour. (That both are behind plain Adam at these three rates is no riddle: a warmup over two thirds of the run is mostly lost time.) If you are asked in an interview what RAdam does, this is the short answer, and the figure above is the long one: the factor rises faster at first and arrives later, and neither matters much to the result.
#
# There is one difference, and it is not harmless: RAdam's first five steps are *not divided* by √v̂, so their length is the gradient's. On a surface with gradients of a few hundred, that is fatal at a rate that Adam finds small.

# %% tags=["nbval-check-output"]
steady, thrown = (descent.run(rule(lr=0.01), surfaces.rosenbrock(), steps=300) for rule in (rules.Adam, rules.RAdam))
farthest = np.abs(steady.positions).max()
claim("Rosenbrock, rate 0.01: Adam's largest coordinate in 300 steps", farthest, below=3, approx=True)
claim("… and RAdam has diverged at step", thrown.diverged_at, below=10)

# %% [markdown]
# **Where it helps.** When you cannot add a warmup. **What it costs.** Nothing in memory; the invariance to the gradient's scale, for five steps. **In production:** `torch.optim.RAdam(params)`, whose `decoupled_weight_decay` is off by default. Or AdamW and a warmup of $2/(1-\beta_2)$ steps.
#
# ## NAdam: look ahead
#
# **The problem.** Adam's momentum is the heavy ball's. Nesterov's looks one step ahead, and [notebook 02](02_momentum.ipynb) showed that the two are different methods. [Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ) puts Nesterov's into Adam.
#
# **The rule.** The step uses $m$ as it will be after the *next* decay, together with today's gradient. The momentum μ rises slowly from β₁/2 towards β₁, so its correction is a running product.

# %% tags=["nbval-check-output"]
def nadam(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (0.004 * step)) for step in (t, t + 1))
    s["product"] = (s["product"] or 1.0) * mu
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    ahead = mu_next * s["m"] / (1 - s["product"] * mu_next) + (1 - mu) * g / (1 - s["product"])  # new
    return theta - lr * ahead / ((s["v"] / (1 - beta2**t)).sqrt() + eps)


same_end("NAdam", nadam, torch.optim.NAdam, to=1e-9)

# %% [markdown]
# Only to 1e-9 this time: torch keeps the running product in 32 bits unless that is changed globally.
#
# **Where it helps.** Where momentum overshoots. Note what 200 steps see of it: μ begins at 0.45 and has only reached 0.464 at step 200, so every step of our runs is more than half today's gradient. We come back to that at the table. **What it costs.** Nothing in memory, a fifth in time. **In production:** `torch.optim.NAdam(params, lr=2e-3)`. optax's version has no rising μ, so its paths differ.
#
# ## LAMB: one relative step for every layer
#
# **The problem.** With a batch of 32 000 sequences the data are soon used up: there are few steps, and they must be long. Adam moves each coordinate by about η, whether the weights of its layer are large or tiny: what one layer bears would wreck another. [You et al. 2020](https://arxiv.org/abs/1904.00962) trained BERT in 76 minutes, with batches of 65 536 in its first phase and 32 768 in its second.
#
# **The rule.** Take Adam's direction $u$. Scale it, for each tensor, so that its length is η times the length of the weights: the factor ‖θ‖/‖u‖ is the **trust ratio**.

# %% tags=["nbval-check-output"]
def lamb(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
    s["m"] = beta1 * s["m"] + (1 - beta1) * g
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    u = s["m"] / (1 - beta1**t) / ((s["v"] / (1 - beta2**t)).sqrt() + eps) + weight_decay * theta
    return theta - lr * theta.norm() / u.norm() * u  # new


same_end("LAMB", lamb, torch_optim.LAMB)

# %% [markdown]
# torch has no LAMB, so the second implementation is the package's, which the test-suite holds to another library. Ours has no guard for a norm of zero. The exercise asks for it.

# %%
ratio_exercise = practice.exercise("08-trust-ratio")
ratio_exercise


# %%
def trust_ratio(theta, update):
    return ...  # ‖θ‖ / ‖u‖, with care where one of them is zero


ratio_exercise.check(trust_ratio)

# %% [markdown]
# What does the ratio do to a real network? Sixty steps of the small transformer, and for each matrix the length of its step relative to the length of the matrix.

# %%
def relative_steps(optimizer_class):
    seen, before = defaultdict(list), {}
    for _, model, _ in plain.loop(tasks.next_character(), lambda p: optimizer_class(p, lr=0.01), steps=60):
        for name, p in model.named_parameters():
            if name in before:
                seen[name].append(((p.detach() - before[name]).norm() / before[name].norm()).item())
            before[name] = p.detach().clone()
    return {name: np.median(values) for name, values in seen.items() if before[name].ndim == 2}


relative = {name: relative_steps(getattr(torch_optim, name)) for name in ("Adam", "LAMB")}

# %%
fig = plotting.figure(8, 3.6)
ax = fig.subplots()
for name, shares in relative.items():
    look = {"color": plotting.COLORS[name], "marker": plotting.MARKERS[name], "linestyle": "", "markersize": 7}
    fill = "none" if name == "LAMB" else "full"  # hollow, so that nothing hides behind it
    ax.semilogx(list(shares.values()), list(shares), label=f"{name}, η = 0.01", fillstyle=fill, **look)
ax.set(xlabel="‖Δθ‖ / ‖θ‖, median of 59 steps", title="LAMB moves each matrix by one share of itself")
ax.set_xticks([0.007, 0.01, 0.014, 0.02], ["0.7%", "1%", "1.4%", "2%"])
ax.minorticks_off()
ax.invert_yaxis()
plotting.outside_legend(ax)
plotting.show(fig, alt="Relative step of each matrix: spread out under Adam, all at one hundredth under LAMB.")

# %% [markdown]
# The embeddings start at a standard deviation of 0.1, and the matrices that write onto the residual path are scaled down on purpose. Adam does not know that and gives every coordinate its η. LAMB does know. Whether it *should* move everything by the same share is another question; we know of no derivation that it should.

# %% tags=["nbval-check-output"]
shares = {name: np.array(list(values.values())) for name, values in relative.items()}
claim("LAMB: every matrix moves by η, to within", np.abs(shares["LAMB"] / 0.01 - 1).max(), below=1e-3, approx=True)
ratio = shares["Adam"].max() / shares["Adam"].min()
claim("Adam: the fastest and the slowest matrix differ by a factor", ratio, above=2, approx=True)

# %% [markdown]
# Does it help at the batch sizes of a laptop? All 1348 digits as one batch, 40 steps, a network with three hidden layers, eight rates for each.

# %%
deep, eight_rates = tasks.digits_mlp(hidden=(64, 64, 64)), np.logspace(-3.5, 0, 8)
settings = {"steps": 40, "batch_size": None, "seed": (0, 1)}
settings["schedule"] = schedules.warmup_cosine(warmup=5, total=40, start=1 / 6)
large_batch = {name: ensembles.train(rule.replace(lr=eight_rates), deep, **settings)
               for name, rule in (("Adam", rules.Adam()), ("LAMB", rules.LAMB()))}
best = {name: np.nanmin(run.last("test_loss")) for name, run in large_batch.items()}
print({name: round(float(loss), 2) for name, loss in best.items()})

# %% tags=["nbval-check-output"]
claim("Best test loss at full batch: LAMB over Adam", best["LAMB"] / best["Adam"], between=(0.7, 1.4), approx=True)

# %% [markdown]
# No difference that two seeds could show, once both may choose their rate. LAMB was made for batches and depths that no laptop sees, and this experiment is no evidence against it. It is a warning not to expect more from it here.
#
# **Where it helps.** Very large batches; timm's best ResNet-50 recipe uses it as well ([Wightman et al. 2021](https://arxiv.org/abs/2110.00476)). **What it costs.** Adam's memory, two norms a tensor. **In production:** [`timm.optim.Lamb`](https://github.com/huggingface/pytorch-image-models/blob/main/timm/optim/lamb.py) or [`apex.optimizers.FusedLAMB`](https://nvidia.github.io/apex/_modules/apex/optimizers/fused_lamb.html). Both also clip the global gradient norm to 1, and leave the trust ratio out where the weight decay is zero, unless told otherwise. Libraries disagree on corrections and clamps too, so a rate does not travel between them.
#
# ## 8-bit Adam: the same steps from a quarter of the memory
#
# **The problem.** Adam's state is twice as large as the model. For a billion parameters that is 8 GB which are touched once a step.
#
# **The rule** ([Dettmers et al. 2022](https://arxiv.org/abs/2110.02861)). Store each moment as one byte: the place of a value in a table of 256. A step unpacks to 32 bits, does AdamW's step, and packs again. Everything depends on the table. Try the obvious one first.

# %%
zeros_guess = practice.predict("08-zeros")
zeros_guess

# %%
def pack(x, table):
    largest = np.abs(x).max()
    codes = np.abs(x[:, None] / largest - table).argmin(axis=1)  # the nearest value of the table
    return codes.astype(np.uint8), largest


def unpack(codes, largest, table):
    return largest * table[codes]


rng = np.random.default_rng(0)
scales = np.exp(1.5 * rng.normal(size=2**16))
v = ((scales * rng.normal(size=2**16)) ** 2).astype(np.float32)  # squares of gradients of very unequal sizes
linear = np.arange(256) / 255

# %%
def through_bytes(x, table, block):
    return np.concatenate([unpack(*pack(part, table), table) for part in x.reshape(-1, block)])


back = through_bytes(v, linear, 256)
print(f"{(back == 0).mean():.0%} of the numbers became 0")

# %%
zeros_guess.reveal()

# %% [markdown]
# A zero in v is the worst place for a zero: it stands in the divisor. The remedy is a table that is dense where numbers are small. The **dynamic** table takes each power of ten from $10^{-6}$ to 1 and divides its decade evenly, into twice as many parts each time. That is what a floating-point number does with its exponent, in one byte; only that here each decade down has half as many values as the one above it.

# %% tags=["nbval-check-output"]
def dynamic_table():
    values = [0.0, 1.0]
    for i in range(7):
        edges = np.linspace(0.1, 1, 2 ** (i + 1) + 1)
        values.extend(10.0 ** (i - 6) * (edges[:-1] + edges[1:]) / 2)
    return np.sort(np.float32(values))


dynamic = dynamic_table()
claim("Values in the table", len(dynamic), equals=256)
gap = np.abs(dynamic - np.array(quantization.dynamic_map(signed=False).values)).max()
claim("It is the package's table (and bitsandbytes'), to", gap, below=1e-9, approx=True)
codes, _ = pack(v[:256], dynamic)
theirs, _ = quantization.quantize(v[:256], quantization.dynamic_map(signed=False))
claim("Our bytes and the package's are the same, all 256", int((codes == theirs).sum()), equals=256)

# %% tags=["nbval-check-output"]
def lost_and_error(table, block):
    back = through_bytes(v, table, block)
    return (back == 0).mean(), np.median(np.abs(back - v) / v)


lost, error = lost_and_error(linear, 256)
claim("Linear table, blocks of 256: share that becomes 0", lost, near=0.82, within=0.01, digits=2)
claim("… and the median relative error", error, equals=1.0)
lost, error = lost_and_error(dynamic, 256)
claim("Dynamic table, blocks of 256: share that becomes 0", lost, near=0.07, within=0.01, digits=1)
claim("… and the median relative error", error, near=0.057, within=0.005, digits=1)
claim("One scale for all 65 536: share that becomes 0", lost_and_error(dynamic, 2**16)[0], above=0.2, approx=True)

# %% [markdown]
# So it takes both ideas. With the dynamic table half of the numbers come back within six percent; near the top of the table the error is below one percent on average, and each decade down doubles it. Blocks keep one outlier from setting the scale for everybody: with one scale for the whole tensor, the share that is lost hangs on its single largest number, and a larger one would cost more.
#
# Why is the *relative* error the right one to look at? Because of where v stands. A step is $m$ over √v, so an error of 6% in v is one of 3% in the step, for a large coordinate and a small one alike. An even table makes the same *absolute* error everywhere, which is nothing for the largest number of a block and everything for the rest. For $m$ a table with signs is used, half of its values on either side; $m$ spans half as many decades as its square, so it can afford that.

# %%
explorers.quantiser()

# %% [markdown]
# Three things to try:
#
# - From *As 8-bit Adam does it*, drag the block from 16 to 16 384. What do you pay for small blocks? (The caption counts bits.)
# - In *A linear table*, bring the spread σ to 0. If all coordinates had one scale, would linear do?
# - In *An outlier, one scale*, find the block size at which the outlier stops mattering.
#
# **Your turn**, with any table.

# %%
pack_exercise = practice.exercise("08-pack")
pack_exercise


# %%
def my_pack(x, table):
    return ...  # two arrays: the places, and what comes back


pack_exercise.check(my_pack)

# %% [markdown]
# ### What is stored, in torch's own terms

# %% tags=["nbval-check-output"]
def after_one_step(optimizer_class, **options):
    p = torch.nn.Parameter(torch.zeros(512, 512))
    p.grad = torch.ones_like(p)
    optimizer = optimizer_class([p], **options)
    optimizer.step()
    return {key: x for key, x in optimizer.state[p].items() if torch.is_tensor(x) and x.ndim}


for key, x in after_one_step(torch_optim.Adam8bit).items():
    print(f"{key:8} {x.dtype!s:14} {x.nbytes:7} bytes")
# %% tags=["nbval-check-output"]
def bytes_each(optimizer_class, **options):
    return sum(x.nbytes for x in after_one_step(optimizer_class, **options).values()) / 512**2


claim("torch.optim.Adam: bytes a parameter", bytes_each(torch.optim.Adam), equals=8)
claim("8-bit Adam, blocks of 256", bytes_each(torch_optim.Adam8bit), equals=2.03125, digits=6)
larger = bytes_each(torch_optim.Adam8bit, block=2048)
claim("… blocks of 2048, as in the paper", larger, near=2.0039, within=1e-4, digits=5)
claim("With blocks of 256 the state shrinks, in percent, by", 100 * (1 - 2.03125 / 8), near=74.6, within=0.05)

# %%
memory_guess = practice.predict("08-memory")
memory_guess

# %%
memory_guess.reveal()

# %% [markdown]
# ### Does it train as well?

# %%
wide = tasks.digits_mlp(hidden=(128,))  # its first matrix has 8192 elements: large enough to be packed
pair = {name: ensembles.train(rule.replace(lr=np.array([0.003])), wide, steps=200, seed=range(5), eval_every=20)
        for name, rule in (("Adam", rules.Adam()), ("Adam8bit", rules.Adam8bit()))}
fig = plotting.figure(7, 3)
ax = fig.subplots()
for name, style in (("Adam", "-"), ("Adam8bit", "--")):
    curves = pair[name].test_loss[:, :, 0]
    ax.semilogy(pair[name].steps, curves.mean(axis=1), style, color=plotting.COLORS[name], label=name)
    ax.fill_between(pair[name].steps, curves.min(axis=1), curves.max(axis=1), color=plotting.COLORS[name], alpha=0.15)
ax.set(xlabel="step", ylabel="test loss", title="Eight bits and thirty-two learn alike (band: five seeds)")
ax.legend()
plotting.show(fig, alt="Test loss of Adam and 8-bit Adam over 200 steps: the curves lie on each other.")

# %% tags=["nbval-check-output"]
last = {name: run.test_loss[-1, :, 0] for name, run in pair.items()}
difference = abs(last["Adam"].mean() - last["Adam8bit"].mean()) / last["Adam"].std(ddof=1)
claim("Their mean losses differ by less than the spread between seeds: ratio", difference, below=1, approx=True)
print(f"On this machine, uncompiled, a step takes as long as ≈ {cost.step_ratio('Adam8bit', repeats=5):.0f} of Adam's.")

# %% [markdown]
# Reported at scale: RoBERTa-large on GLUE goes from 88.6 to 88.7, and a language model of 1.5 billion parameters keeps its perplexity of 9.0 while 8.5 GB come free ([Dettmers et al. 2022](https://arxiv.org/abs/2110.02861)). In their ablation at 209 M, 90% of the runs with a linear table were unstable, 10% with the dynamic one, none once blocks were added.
#
# **Where it helps.** When the state is what does not fit. **What it costs.** On a CPU, time: the search for the nearest value is many operations. bitsandbytes does it inside one kernel on the GPU, where a step is limited by memory traffic and fewer bytes take less time. **In production:** `bnb.optim.Adam8bit(params)`, whose `weight_decay` is decoupled although its name says Adam.
#
# ## Adafactor: rows and columns instead of v
#
# **The problem.** Memory again, more radically. **The rule** ([Shazeer & Stern 2018](https://arxiv.org/abs/1804.04235)). For a matrix keep the mean of $g^2$ over each row and over each column, and multiply: $v_{ij}\approx r_i c_j/\bar r$. That is exact if $g^2$ has rank one. There is no momentum. Steps are relative to the size of the weights, and clipped.

# %% tags=["nbval-check-output"]
def rms(x):
    return x.square().mean().sqrt().item()


def adafactor(g, theta, s, t, lr=0.01):
    new = t**-0.8  # β₂ = 1 − t^(−0.8)
    s["row"] = (1 - new) * s["row"] + new * (g**2).mean(dim=1, keepdim=True)
    s["column"] = (1 - new) * s["column"] + new * (g**2).mean(dim=0, keepdim=True)
    u = g / (s["row"] * s["column"] / s["row"].mean()).sqrt()
    return theta - min(lr, t**-0.5) * max(rms(theta), 1e-3) * u / max(1.0, rms(u))


same_end("Adafactor, on a matrix", adafactor, torch.optim.Adafactor, start=matrix)
held = cost.state_bytes(cost.on_matrices("Adafactor", shapes=((512, 512),)))
claim("Bytes of state a parameter, for a matrix of 512 × 512", held, near=0.0156, within=0.0001)

# %% [markdown]
# How good is rank one? Take the gradients of our transformer, average their squares over forty steps of training, and compare the true mean with the product of rows and columns.

# %%
squares = defaultdict(float)
for _, model, _ in plain.loop(tasks.next_character(), lambda p: torch.optim.Adam(p, lr=0.01), steps=40):
    for name, p in model.named_parameters():
        if "blocks" in name and p.ndim == 2:
            squares[name] = squares[name] + p.grad**2 / 40
off = []
for mean in squares.values():
    product = mean.mean(1, keepdim=True) * mean.mean(0, keepdim=True) / mean.mean()
    off.extend((product / mean).sqrt().flatten().tolist())  # how far √v is off, as a factor

# %%
fig = plotting.figure(7, 2.8)
ax = fig.subplots()
ax.hist(off, np.geomspace(0.2, 60, 80), color=plotting.COLORS["Adafactor"])
ticks = {0.25: "¼", 0.5: "½", 1: "1", 2: "2", 4: "4", 8: "8", 16: "16", 32: "32"}
ax.set(xscale="log", xticks=list(ticks), xticklabels=ticks.values())
ax.set(xlabel="√v by rows and columns / √v in full", ylabel="coordinates")
ax.set_title("Rank one is a fair guess, and where it is far off, v is too large")
ax.minorticks_off()
plotting.show(fig, alt="Ratio of factored to full root v: most between a half and two, few less, a thin tail up to 50.")

# %% tags=["nbval-check-output"]
inside = np.mean((np.array(off) > 0.5) & (np.array(off) < 2))
claim("Share of the coordinates whose √v is right within a factor of two", inside, above=0.8, approx=True)
claim("The smallest ratio is", min(off), above=0.2, approx=True)
far = np.mean(np.array(off) > 5)
claim("Share of the coordinates whose √v is more than five times too large", far, below=0.02, approx=True)

# %% [markdown]
# Nearly nine in ten, then. And the error has a safe side: hardly ever is √v far too small, which would make a step far too long; in one coordinate of a hundred it is more than five times too large, and the step that much shorter. Remember that Adam's own v is a noisy estimate as well. The factored one averages over a whole row and a whole column, so it is calmer. That may be why so crude an approximation trains so well, although we have not tested the explanation.
#
# **Where it helps.** [T5](https://arxiv.org/abs/1910.10683) and [PaLM](https://arxiv.org/abs/2204.02311) were trained with it (PaLM with the full v). In our table it is among the best on digits and text, on almost no memory. **What it costs.** Its rate means something else, and must be tuned anew. **In production:** `torch.optim.Adafactor(params)`; in `transformers.Adafactor` momentum, the relative step and its warmup are switches.
#
# ## Lion: only the sign
#
# **The problem.** There was none: a program search found it ([Chen et al. 2023](https://arxiv.org/abs/2302.06675)). **The rule.** Every coordinate moves by exactly η, in the direction of an average. What the step looks at (β₁) and what is remembered (β₂) are two different averages of one moment.

# %% tags=["nbval-check-output"]
def lion(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.99):
    step = (beta1 * s["m"] + (1 - beta1) * g).sign()
    s["m"] = beta2 * s["m"] + (1 - beta2) * g
    return theta - lr * step


same_end("Lion", lion, torch_optim.Lion)
claim("Bytes of state a parameter", cost.state_bytes(cost.on_matrices("Lion")), equals=4)

# %% [markdown]
# A step never gets shorter near a minimum, so the schedule has to do all of the landing, and the rate must be smaller than Adam's: the authors advise a third to a tenth, with a decay larger by the same factor.
#
# There is a family resemblance to notice. Adam's first step is η·sign(g) as well (notebook 04), and with β₁ = β₂ = 0 Adam *is* the sign of the gradient. Lion says that for direction the sign of a good average is enough, and spends its memory on the average alone.
#
# **Where it helps.** Half of Adam's memory, and a shorter step: 0.6 of Adam's time in our table. The paper's gains are largest at batches of thousands. **What it costs.** On our digits and characters it ends behind Adam, on the digits behind everybody. **In production:** `lion_pytorch.Lion(params, lr=1e-4, weight_decay=…)`.
#
# ## Schedule-Free: average instead of decaying
#
# **The problem.** A decaying rate must know when training ends. **The rule** ([Defazio et al. 2024](https://arxiv.org/abs/2405.15682)). Keep three points. $z$ runs with constant rate; $x$ is the average of all $z$ and the one to *keep*; the gradient is taken at $y$, between them.

# %% tags=["nbval-check-output"]
def schedule_free(g, y, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    x, z = s.setdefault("x", y), s.setdefault("z", y)  # all three start at θ
    s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
    s["z"] = z - lr * g / ((s["v"] / (1 - beta2**t)).sqrt() + eps)
    s["x"] = x + (s["z"] - x) / t  # the mean of all z so far
    return (1 - beta1) * s["z"] + beta1 * s["x"]


same_end("Schedule-Free AdamW", schedule_free, torch_optim.ScheduleFreeAdamW)

# %% [markdown]
# How good are the three points? The transformer again, 200 steps at a constant rate. AdamW at the same constant rate runs beside it.

# %%
task = tasks.next_character()
x_test, y_test = task.data.x_test[:256], task.data.y_test[:256]


@torch.no_grad()
def measured(model, weights=None):
    return task.loss(torch.func.functional_call(model, weights or {}, x_test), y_test).item()


def every_20_steps(optimizer_class, **options):
    make = lambda p: optimizer_class(p, lr=0.01, weight_decay=0.0, **options)
    return (pair[1:] for pair in plain.loop(task, make, steps=200) if pair[0] % 20 == 0)


# %%
seen = defaultdict(list)
for model, optimizer in every_20_steps(torch_optim.ScheduleFreeAdamW):
    z = {name: optimizer.state[p]["z"] for name, p in model.named_parameters()}
    seen["z, the fast iterate"].append(measured(model, z))
    seen["y, where gradients are taken"].append(measured(model))
    optimizer.eval()  # x into the model
    seen["x, the average"].append(measured(model))
    optimizer.train()  # and y back
for model, optimizer in every_20_steps(torch_optim.ScheduleFreeAdamW, betas=(0.01, 0.999)):
    optimizer.eval()
    seen["x, if y is nearly z"].append(measured(model))
    optimizer.train()
for model, _ in every_20_steps(torch_optim.AdamW):
    seen["AdamW, constant rate"].append(measured(model))

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
colors = [*3 * [plotting.COLORS["ScheduleFreeAdamW"]], plotting.INK, plotting.COLORS["AdamW"]]
for (name, losses), style, color in zip(seen.items(), (":", "--", "-", "-.", "X-"), colors, strict=True):
    ax.plot(range(20, 201, 20), losses, style, color=color, label=name)
ax.set(xlabel="step", ylabel="test loss", title="The average is good, the points it averages are not")
plotting.outside_legend(ax)
plotting.show(fig, alt="Test loss: z far above the rest; x and y coincide, below AdamW at a constant rate.")

# %% tags=["nbval-check-output"]
z_loss, y_loss, x_loss, average_alone, constant = (np.array(losses) for losses in seen.values())
claim("x is better than AdamW at the same constant rate, at each look, by", constant - x_loss, above=0, approx=True)
claim("z is worse than x, at each look, by", z_loss - x_loss, above=0, approx=True)
claim("… on average by", (z_loss - x_loss).mean(), above=0.5, approx=True)
claim("With β₁ = 0.01, so that y is nearly z, the average ends higher by", (average_alone - x_loss)[-1], above=0.05,
      approx=True)
claim("… and not below AdamW, but above it by", (average_alone - constant)[-1], above=0, approx=True)
claim("x and y are never further apart than", np.abs(x_loss - y_loss).max(), below=0.1, approx=True)

# %% [markdown]
# The point with the constant rate, $z$, rattles so wildly that it is useless on its own. Its average is better than what AdamW reaches without a decay. But averaging alone is not the trick: with the gradients taken at $z$ (the line of dots and dashes) the average is no better than AdamW's. What counts is *where* the gradient is taken: at $y$, near the average, where it tells how to improve the point that is kept. (One seed and one rate for each: a picture of a mechanism, not a contest.)
#
# The model holds $y$ while it trains, and the point to evaluate and to save is $x$. So this optimizer has to be switched: `optimizer.eval()` before validation and before a checkpoint, `optimizer.train()` after it. Forget it, and you measure the wrong point. We expected to show you the damage, and there is hardly any: with β₁ = 0.9, nine tenths of $y$ are $x$. Models with batch norm are less forgiving, because their running statistics belong to $y$ ([the authors' remedy](https://github.com/facebookresearch/schedule_free#caveats): some forward passes in training mode at $x$ before you evaluate).
#
# **Where it helps.** When you do not know the length of the run. In AlgoPerf's self-tuning track it won, about 8% faster than the baseline ([Kasimbeg et al. 2025](https://arxiv.org/abs/2502.15015)). In our table it is one of the two best on text. **What it costs.** Adam's memory, the switches, and a tuned warmup all the same. **In production:** `schedulefree.AdamWScheduleFree(params, warmup_steps=…)`.
#
# ## Muon: make the step of a matrix orthogonal
#
# **The problem.** The steps of a weight matrix are often nearly of low rank ([Jordan et al. 2024](https://kellerjordan.github.io/posts/muon/)): a few directions dominate, and a rate for each coordinate cannot see that, because directions are not coordinates. (It is the rotated ravine of [notebook 03](03_rmsprop.ipynb), in a matrix.)
#
# **The rule.** Average the gradients to $M = USV^\top$ and step along $UV^\top$: all singular values become 1. A decomposition at each step would be slow. Fifteen products of matrices come near enough: apply $3.4445\,s - 4.7750\,s^3 + 2.0315\,s^5$ to every singular value, five times, at three products each.

# %%
def newton_schulz(X, steps=5):
    X = X / X.norm()
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X


s_in = torch.logspace(-3, 0, 400, dtype=torch.float64)
s_out = [s_in]
for _ in range(5):
    s_out.append(3.4445 * s_out[-1] - 4.7750 * s_out[-1] ** 3 + 2.0315 * s_out[-1] ** 5)

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
for steps, shade in zip((1, 2, 3, 5), (0.75, 0.6, 0.4, 0.0), strict=True):
    color = plotting.COLORS["Muon"] if steps == 5 else str(shade)
    ax.semilogx(s_in, s_out[steps], color=color, label=f"{steps} step{'s' * (steps > 1)}")
ax.axhline(1, color=plotting.QUIET, linewidth=1, linestyle=":")
ax.set(xlabel="singular value s before, relative to the norm", ylabel="singular value after")
ax.set_title("Five steps bring singular values near 1, not to 1")
plotting.outside_legend(ax)
plotting.show(fig, alt="After five Newton-Schulz steps singular values from 0.002 up lie between 0.68 and 1.21.")

# %% tags=["nbval-check-output"]
final = s_out[5][s_in >= 0.01]
claim("Singular values from 0.01 up end above", final.min(), above=0.68, approx=True)
claim("… and below", final.max(), below=1.21, approx=True)
spread = torch.linalg.svdvals(newton_schulz(torch.randn(64, 256, generator=generator, dtype=torch.float64)))
claim("A random 64 × 256 matrix: its singular values end in", spread.numpy(), between=(0.3, 1.25), approx=True)

# %% [markdown]
# The coefficients were chosen for speed near 0, not for accuracy at 1: the curve rises as steeply as it can and then rattles between 0.7 and 1.2. For a *direction* that is good enough.
#
# Compare this with Adam once more. Adam divides each coordinate by its usual size, so every *coordinate* gets a step of about η. Muon gives every *singular direction* of the matrix a step of about η. Turn the inputs of the layer by a rotation $Q$, so that its gradient becomes $GQ$, and Muon's step turns with it; Adam's does not. That is the precise sense in which Muon treats a matrix as a matrix.

# %% tags=["nbval-check-output"]
G = torch.randn(4, 6, generator=generator, dtype=torch.float64)
Q, _ = torch.linalg.qr(torch.randn(6, 6, generator=generator, dtype=torch.float64))
gap = (newton_schulz(G @ Q) - newton_schulz(G) @ Q).abs().max().item()
claim("Muon's first step: turned gradient, and turned step, differ by at most", gap, below=1e-12, approx=True)
gap = ((G @ Q).sign() - G.sign() @ Q).abs().max().item()
claim("Adam's first step, the sign: they differ by more than", gap, above=0.5, approx=True)

# %% tags=["nbval-check-output"]
def muon(g, theta, s, t, lr=0.01, mu=0.95):
    s["b"] = mu * s["b"] + (1 - mu) * g
    ahead = mu * s["b"] + (1 - mu) * g  # Nesterov's
    rows, columns = theta.shape
    return theta - lr * math.sqrt(max(1, rows / columns)) * newton_schulz(ahead)


same_end("Muon", muon, torch_optim.Muon, start=matrix, weight_decay=0.0)
theirs = walk_with(torch.optim.Muon, matrix, steps=1, weight_decay=0.0) - matrix
ours = walk(muon, matrix, steps=1) - matrix
apart = (ours - theirs).norm() / theirs.norm()
claim("torch.optim.Muon computes in bfloat16: one step differs, relatively, by", apart, below=0.05, approx=True)

# %% [markdown]
# Muon is for the matrices of hidden layers. Embeddings, the output layer, norms and biases stay with AdamW, so a run has two optimizers. With `adjust_lr_fn="match_rms_adamw"` ([Liu et al. 2025](https://arxiv.org/abs/2502.16982)) both can share one rate.
#
# **Where it helps.** In our table it is best or level with the best on both tasks that have hidden matrices. Reported: a gain of 1.4 times over AdamW at 0.1 billion parameters, 1.1 times at 1.2 billion, when both are tuned fairly ([Wen et al. 2025](https://arxiv.org/abs/2509.02046)). **What it costs.** Half of Adam's state, and fifteen products of matrices a step; on this CPU that is dear, and in a large model it is small beside the forward and backward passes over thousands of tokens. **In production:** `torch.optim.Muon(matrices)` beside `torch.optim.AdamW(rest)`.

# %% [markdown]
# ## One honest table
#
# Now all of them on three tasks. The rules of the contest, which is `adamkit.training.contest`:
#
# - everybody tries **nine learning rates**, half a decade apart, and nothing else is tuned;
# - the rate is chosen on *one* split of the data with two seeds, and the result reported on *another* split with five others;
# - no best rate may lie at the end of its range (a test checks it);
# - everybody gets the same warmup and cosine; only Schedule-Free keeps its rate after the warmup;
# - no weight decay, except in AdamW's row: λ = 0.1, the only thing that sets it apart from Adam.
#
# The tasks: **digits** (an MLP with 128 hidden units, 200 batches of 64), **characters** (the two-layer transformer on Python's documentation, 200 batches of 16), and **rare classes** (a linear softmax, class $k$ with a share in proportion to $1/k$, all rows at each step, after [Kunstner et al. 2024](https://arxiv.org/abs/2402.19449)). The first two count test loss, the third training loss. All of it takes some six minutes of one core, so the figures come from a file that `tools/honest_table.py` made.

# %%
table = standings.load()
print({key: table.made[key] for key in ("date", "torch", "python", "machine")})
table

# %% [markdown]
# Mean ± standard deviation over five seeds; *bytes* of state a parameter, measured on matrices of 512 × 512; *time* of one optimizer step on one core, as a multiple of our Adam's; *compiled*, the same with `torch.compile` for both. The machine was shared, so read times to one digit.
#
# A table hides what a picture shows:

# %%
fig = plotting.figure(8.8, 5)
losses = {arena: {name: table.losses(name, arena) for name in table.entries} for arena in table.arenas}
plotting.draw_standings(fig, losses, reference="Adam")
fig.suptitle("No one leads everywhere (dot: mean, strokes: five seeds, dotted: Adam)")
plotting.show(fig, alt="Final losses of fourteen optimizers on three tasks, five seeds each: the order changes.")

# %% [markdown]
# Is the file true? Here is a slice of it, made again: every entry on the digits, two of the five seeds.

# %% tags=["nbval-check-output"]
digits, worst = contest.arenas()["digits"], 0.0
for name, entry in contest.ENTRIES.items():
    again = contest.judge(entry, digits, rate=table.rate(name, "digits"), seeds=(0, 1))
    worst = max(worst, np.abs(again / table.losses(name, "digits")[:2] - 1).max())
claim("28 runs made again differ from the file, relatively, by at most", worst, below=0.2, approx=True)

# %% [markdown]
# ### Reading it
#
# All entries share the five seeds, and with them starts and mini-batches. So compare in *pairs*, seed by seed: a difference that all five pairs show counts for more than two means whose ranges overlap. "Clearly better" shall mean that the mean of the five differences is more than three of its standard errors. (With five pairs and nothing but luck that happens once in fifty times. We are about to ask 38 times.)

# %% tags=["nbval-check-output"]
def errors_ahead(name, arena):
    """By how many standard errors an entry ends below Adam, in pairs; NaN where it has nothing to do."""
    if table.losses(name, arena) is None:
        return math.nan
    gains = table.losses("Adam", arena) - table.losses(name, arena)
    return gains.mean() / (gains.std(ddof=1) / math.sqrt(len(gains)))


rivals = [name for name in table.entries if name != "Adam"]
ahead = {name: np.array([errors_ahead(name, arena) for arena in table.arenas]) for name in rivals}
for name, errors in ahead.items():
    print(f"{name:18s}", "".join(f"{error:9.2f}" for error in errors))
everywhere = sum(np.min(errors) > 3 for errors in ahead.values())
claim("Entries that beat Adam clearly on all three tasks", everywhere, equals=0)
claim("… on two", ", ".join(name for name, errors in ahead.items() if (errors > 3).sum() == 2),
      equals="NAdam, RAdam, Adafactor, ScheduleFreeAdamW, Muon")
claim("Pairs of fifteen that RAdam wins", sum(int((table.losses("RAdam", arena) < table.losses("Adam", arena)).sum())
                                              for arena in table.arenas), equals=15)

# %%
how_many.reveal()

# %% tags=["nbval-check-output"]
for twin in ("AMSGrad", "Adam8bit"):
    apart = [abs(table.mean(twin, arena) - table.mean("Adam", arena)) for arena in table.arenas]
    spreads = [table.spread("Adam", arena) for arena in table.arenas]
    claim(f"{twin} and Adam differ, as a share of Adam's spread between seeds, by", np.divide(apart, spreads), below=1)
ratio = table.mean("Momentum", "rare classes") / table.mean("Adam", "rare classes")
claim("Rare classes: the loss of momentum is larger than Adam's by a factor of", ratio, near=1.54, within=0.01)
ratio = table.mean("SGD", "digits") / table.mean("Adam", "digits")
claim("Digits: plain SGD's loss, as a share of Adam's", ratio, near=0.91, within=0.01)

# %% [markdown]
# RAdam comes nearest to a "yes": it wins all fifteen pairs, and misses the three standard errors on the third task by a hair. Before you believe a cause, run the control. What else could have made that difference? On the digits RAdam chose a rate of 0.1, and its factor is at most 0.31 in 200 steps. So it steps as Adam does at a rate of 0.03 or less, the *neighbour* of the rate that Adam's two tuning seeds had picked on the other split of the data. Give Adam that rate. And NAdam averages less than Adam does. Give Adam a smaller β₁.

# %% tags=["nbval-check-output"]
claim("RAdam's factor at the last of the 200 steps", rho_and_r(200, 0.999)[1], near=0.31, within=0.01, digits=2)
controls = {"Adam at 0.03": rules.Adam(), "Adam at 0.03, β₁ = 0.5": rules.Adam(beta1=0.5)}
controls = {name: contest.judge(contest.Entry(rule, 0.03), digits, rate=0.03) for name, rule in controls.items()}
means = {name: table.mean(name, "digits") for name in ("Adam", "RAdam", "NAdam")}
print("in the table:", {name: round(mean, 3) for name, mean in means.items()})
neighbour, less_momentum = (losses.mean() for losses in controls.values())
claim("Adam at 0.03: its loss over RAdam's", neighbour / means["RAdam"], between=(0.9, 1.1), approx=True)
claim("… while the loss of Adam in the table, over RAdam's, is", means["Adam"] / means["RAdam"], near=1.2, within=0.01)
claim("Adam at 0.03 with β₁ = 0.5: its loss over NAdam's", less_momentum / means["NAdam"], below=0.97, approx=True)
lowest = min(table.mean(name, "digits") for name in table.entries)
claim("… and over that of the best row of the table", less_momentum / lowest, below=1, approx=True)

# %% [markdown]
# What the table says, and what it does not:
#
# - **AMSGrad and 8-bit Adam are Adam**, to within the spread between seeds. For the first that means it changed nothing; for the second that it saved memory for nothing.
# - **One setting of the baseline decides as much as the variant.** On the digits Adam at the neighbouring rate is level with RAdam, and with β₁ = 0.5 it is ahead of NAdam and of every row of the table. (We looked at β₁ on the reported seeds, so take that as a hint and not as a result.) RAdam's win there is Adam's next rate; NAdam's is more weight on today's gradient.
# - **The task decides more than the variant.** On the digits plain SGD is level with Adam; with rare classes it is far behind. Notebook 07 is about that.
# - **Muon, Schedule-Free, NAdam and Adafactor lead on text**, at this size and this length. Adafactor does it with next to no state.
# - **AdamW is not Adam here.** Where training rows are to be learned by heart, the decay hurts. On the digits its row is ahead, but by less if Adam gets the neighbouring rate.
# - **Half a decade of the rate** separates neighbours of the grid. Some of the differences come from where the grid happened to lie, as with RAdam. A finer grid for one method alone would be the classic way to cheat, and reads as a new method's victory.
# - **Three small tasks are three small tasks.** None of them has a long run, a large model, or a batch of thousands, and several variants were made for just those. An entry that is level here may lead there, and the other way round. What the table can teach is the *procedure*, and how much of a published difference survives it.
#
# Larger studies end in the same place. Over 50 000 runs [Schmidt et al. 2021](https://arxiv.org/abs/2007.01547) find no winner, and trying several optimizers at their defaults about as good as tuning one. [Wen et al. 2025](https://arxiv.org/abs/2509.02046) find that the matrix methods keep a lead, which shrinks as models grow.
#
# So, neither. The improvements do not go away when you look closely, but none of them holds on all of our tasks, and the lead that matrix methods keep shrinks with size. Nor are people lazy: AdamW comes with years of settings that are known to work, and a newcomer has to win by more than the cost of finding its own.

# %% [markdown]
# ## Seventy-five years
#
# A line for each step, from Robbins & Monro to the year 2026. The sources are at the end of this notebook.

# %%
fig = plotting.figure(8.4, 6)
ax = fig.subplots()
plotting.draw_history(ax, lineage.HISTORY, until=2026)
ax.set_title("On this map: three methods in sixty years, the rest since 2011")
plotting.show(fig, alt="A line of years from 1951 to 2026 with the optimizers, what each added, and who published it.")

# %% [markdown]
# The map shows what this series builds, and leaves out a line that matters. A rate for each weight is older than AdaGrad: Jacobs' delta-bar-delta (1988) and [Rprop](https://doi.org/10.1109/ICNN.1993.298623) (Riedmiller & Braun 1993) gave each weight a rate of its own, for full batches. Rprop looks at signs only, as Lion does, and it is in `torch.optim` to this day. Hinton's lecture presents RMSprop as Rprop for mini-batches.
#
# And torch? Of everything on the map it now has these:

# %%
built = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adafactor", "Muon"]
missing = ["LAMB", "Lion", "ScheduleFreeAdamW", "Adam8bit"]
claim("torch.optim has", ", ".join(name for name in built if hasattr(torch.optim, name)), equals=", ".join(built))
print("from elsewhere:", ", ".join(name for name in missing if not hasattr(torch.optim, name)))

# %% [markdown]
# ## In the interview

# %%
practice.interview("08-landscape")

# %%
practice.interview("08-amsgrad")

# %%
practice.interview("08-eight-bits")

# %% [markdown]
# ## Recap
#
# - Most variants change a line or two of Adam. Know the line, the problem, and the price.
# - AMSGrad: v never shrinks. The counterexample is built after the betas; a larger β₂ solves it too. RAdam: a warmup of about 2/(1−β₂) steps.
# - Memory a parameter: Adam 8 bytes, Lion and Muon 4, 8-bit Adam 2.03, Adafactor next to nothing.
# - Muon treats a matrix as a matrix: the newest idea here. Reported gains are 1.4 times at 0.1 billion parameters, 1.1 times at 1.2 billion.
# - Same budget, fresh seeds, pairs, several tasks: then no variant beats Adam clearly everywhere. And before you name a cause, give the baseline its neighbouring rate.

# %%
practice.self_check("08")

# %% [markdown]
# **Next:** [10 Training on a GPU](10_training.ipynb), where memory and time of a step are no longer small print.
#
# **Sources.** H. Robbins and S. Monro, [*A stochastic approximation method*](https://doi.org/10.1214/aoms/1177729586), 1951. B. Polyak, [*Some methods of speeding up the convergence of iteration methods*](https://doi.org/10.1016/0041-5553(64)90137-5), 1964. Y. Nesterov, [*A method of solving a convex programming problem with convergence rate O(1/k²)*](https://www.mathnet.ru/eng/dan46009), 1983. R. Jacobs, [*Increased rates of convergence through learning rate adaptation*](https://doi.org/10.1016/0893-6080(88)90003-2), 1988. M. Riedmiller and H. Braun, [*The RPROP algorithm*](https://doi.org/10.1109/ICNN.1993.298623), 1993. J. Duchi, E. Hazan and Y. Singer, [*Adaptive subgradient methods*](https://jmlr.org/papers/v12/duchi11a.html), JMLR 2011. T. Tieleman and G. Hinton, [*Lecture 6.5, rmsprop*](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), 2012. D. Kingma and J. Ba, [*Adam*](https://arxiv.org/abs/1412.6980), ICLR 2015. T. Dozat, [*Incorporating Nesterov momentum into Adam*](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ), 2016. Y. You, I. Gitman and B. Ginsburg, [*Large batch training of convolutional networks*](https://arxiv.org/abs/1708.03888), 2017. I. Loshchilov and F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019. S. Reddi, S. Kale and S. Kumar, [*On the convergence of Adam and beyond*](https://arxiv.org/abs/1904.09237), ICLR 2018. N. Shazeer and M. Stern, [*Adafactor*](https://arxiv.org/abs/1804.04235), ICML 2018. C. Raffel et al., [*Exploring the limits of transfer learning with a unified text-to-text transformer*](https://arxiv.org/abs/1910.10683), JMLR 2020, and A. Chowdhery et al., [*PaLM*](https://arxiv.org/abs/2204.02311), 2022, for who used it. L. Liu et al., [*On the variance of the adaptive learning rate and beyond*](https://arxiv.org/abs/1908.03265), ICLR 2020. J. Ma and D. Yarats, [*On the adequacy of untuned warmup*](https://arxiv.org/abs/1910.04209), AAAI 2021. Y. You et al., [*Large batch optimization for deep learning*](https://arxiv.org/abs/1904.00962), ICLR 2020. T. Dettmers et al., [*8-bit optimizers via block-wise quantization*](https://arxiv.org/abs/2110.02861), ICLR 2022. Y. Zhang et al., [*Adam can converge without any modification on update rules*](https://arxiv.org/abs/2208.09632), NeurIPS 2022, and [*Adam converges without any modification on update rules*](https://arxiv.org/abs/2603.02092), 2026. X. Chen et al., [*Symbolic discovery of optimization algorithms*](https://arxiv.org/abs/2302.06675), NeurIPS 2023. A. Defazio et al., [*The road less scheduled*](https://arxiv.org/abs/2405.15682), NeurIPS 2024. K. Jordan et al., [*Muon*](https://kellerjordan.github.io/posts/muon/), 2024. N. Vyas et al., [*SOAP*](https://arxiv.org/abs/2409.11321), ICLR 2025. J. Liu et al., [*Muon is scalable for LLM training*](https://arxiv.org/abs/2502.16982), 2025. P. Kasimbeg et al., [*Accelerating neural network training: an analysis of the AlgoPerf competition*](https://arxiv.org/abs/2502.15015), ICLR 2025. R. Wightman, H. Touvron and H. Jégou, [*ResNet strikes back*](https://arxiv.org/abs/2110.00476), 2021. R. Schmidt, F. Schneider and P. Hennig, [*Descending through a crowded valley*](https://arxiv.org/abs/2007.01547), ICML 2021. F. Kunstner et al., [*Heavy-tailed class imbalance and why Adam outperforms gradient descent on language models*](https://arxiv.org/abs/2402.19449), NeurIPS 2024. K. Wen et al., [*Fantastic pretraining optimizers and where to find them*](https://arxiv.org/abs/2509.02046), 2025.
