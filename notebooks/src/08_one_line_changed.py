# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Variants 1: one line changed
#
# **After this notebook you can**
#
# - *name*, for AMSGrad, RAdam, NAdam, LAMB and Lion, the problem that each set out to fix and the line that it changes;
# - *write* each of them, and *prove* your version against an independent one;
# - *compare* two optimizers so that the result means something: rates chosen on other data, pairs of runs, a control for each cause;
# - *say* what the famous counterexample to Adam proves, and what it does not.
#
# About 80 minutes. Builds on [04 Adam](04_adam.ipynb) and [05 AdamW](05_adamw.ipynb); runs without them. [Notebook 09](09_memory_averages_matrices.ipynb) goes on with variants that change more than a line.
#
# > **The question.** NAdam is Adam that looks a step ahead. In a comparison with the rate of each tuned alike it beats Adam with all ten seeds. Did the look-ahead do that?

# %%
import math
from collections import defaultdict

import numpy as np
import torch

from adamkit import descent, plotting, practice
from adamkit import rules, schedules, surfaces, torch_optim
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.lessons.nb08 import lineage
from adamkit.training import cost, ensembles, plain, tasks

torch.set_num_threads(1)  # our tensors are small: a second thread would wait more than it works

# %% [markdown]
# ## The family
#
# Each method changes something in an older one. Read the map from left to right: a box says what marks the method, the lines that enter it come from the older ones that it changes.

# %%
fig = plotting.figure(8.8, 5)
ax = fig.subplots()
lineage.draw_family(ax, lineage.FAMILY)
ax.set_title("Nine descend from Adam; Lion and Muon grow from momentum")
plotting.show(fig, alt="A family tree from SGD: nine methods come from Adam, Lion and Muon from momentum.")

# %% [markdown]
# Three branches matter. Most of Adam's children keep its two moments and change a detail. A few change what is *stored*: 8-bit Adam, Adafactor. And Lion and Muon leave the idea of a rate for each coordinate: they grow from momentum directly.
#
# A rate for each weight is older than AdaGrad. Jacobs' delta-bar-delta (1988) raises the rate of a weight while its slope has the sign of the average of the earlier ones, and lowers it when the sign turns. [Rprop](https://doi.org/10.1109/ICNN.1993.298623) (Riedmiller & Braun 1993) does the same with the *step*, and looks at nothing but the sign: where two slopes in a row agree in sign the step grows by a fifth, where they do not it is halved. It is in `torch.optim` to this day. Both are made for full batches. Hinton's example shows why: nine slopes of 0.1 and one of −0.9 sum to nothing, but in nine steps of ten the sign says the same, and Rprop lengthens its step.

# %%
def rprop(batch_size, seed, longest=50):  # torch's Rprop may take steps of up to 50
    task, make = tasks.digits_mlp(hidden=(128,)), lambda p: torch.optim.Rprop(p, step_sizes=(1e-6, longest))
    *_, (_, model, _) = plain.loop(task, make, steps=100, batch_size=batch_size, seed=seed)
    with torch.no_grad():
        return task.loss(model(task.data.x_train), task.data.y_train).item()


by_batch = {size: [rprop(size, seed) for seed in range(3)] for size in (None, 256, 64, 16)}
for size, three in by_batch.items():
    print(f"rows in a batch: {size or 'all 1348':8}  loss after 100 steps:", *(f"≈ {loss:.2g}" for loss in three))

# %% tags=["nbval-check-output"]
claim("Rprop on all rows, three seeds: training loss at most", max(by_batch[None]), below=0.01, approx=True)
claim("On 16 rows a step it is at least", min(by_batch[16]), above=2.3, approx=True)
capped = max(rprop(16, seed, longest=0.01) for seed in range(3))
claim("… and with no step longer than the first, at most", capped, below=0.5, approx=True)

# %% [markdown]
# On all rows Rprop learns the digits by heart in a hundred steps. On sixteen rows a step it ends above the loss of a network that knows nothing, ln 10 = 2.3. The growth is to blame, and not the sign alone: with no step longer than its first Rprop learns from the same sixteen rows (the last tick). Hinton's lecture of 2012 presents RMSprop as the answer: an Rprop for mini-batches, whose divisor hardly changes from one batch to the next. **Change it:** which of torch's optimizers takes the place of `torch.optim.Rprop` best with 16 rows? Give it its default rate.
#
# We build five variants here, and six more in [notebook 09](09_memory_averages_matrices.ipynb), nearly always in the same order: the problem, the rule, the code, the proof that the code is right, where it helps, what it costs. Most of the rules you can write before you read ours.
#
# ## A comparison that deserves the name
#
# "Where it helps" is a claim about a comparison, and a comparison is easily spoiled: one side was tuned and the other was not; the rate was chosen on the data that are reported; two things were changed and one is named. So before the first variant, here is how two of them will be compared: the digits, a hidden layer of 128, 200 batches of 64, a short warmup and a cosine. Each side may choose among seven rates, on *one* split of the images with five seeds. Reported is *another* split, with ten other seeds. (Both divide the same 1797 images: of the 449 that report, 98 were tested on in choosing, and the others trained on.)

# %%
def ends(rule, rates, split, seeds):
    task = tasks.digits_mlp(hidden=(128,), data_seed=split)
    falls = schedules.warmup_cosine(warmup=20, total=200, start=1 / 21)
    rule = rule.replace(lr=np.array(rates))
    run = ensembles.train(rule, task, steps=200, batch_size=64, seed=seeds, schedule=falls)
    return run.test_loss[-1]  # (seeds, rates)


tried, judged = {}, {}


def enter(name, rule, middle):
    rates = middle * 10 ** np.arange(-0.75, 0.76, 0.25)
    choosing = ends(rule, rates, split=1, seeds=range(100, 105)).mean(axis=0)
    best = int(choosing.argmin())
    assert 0 < best < 6, "the best rate lies at the end of its range"
    tried[name], judged[name] = (rates, choosing), ends(rule, [rates[best]], split=0, seeds=range(10))[:, 0]
    mean, spread = judged[name].mean(), judged[name].std(ddof=1)
    print(f"{name}: rate ≈ {rates[best]:.2g}, test loss ≈ {mean:.4f}, spread of ten seeds ≈ {spread:.4f}")


enter("Adam", rules.Adam(), 0.01)

# %% [markdown]
# Seed 3 is the same initial weights and the same batches for everyone. So compare in **pairs**, seed by seed: what the seed does to both sides drops out of the difference. We call a lead *clear* if the mean of the ten differences is more than three of its standard errors. With ten pairs and nothing but the luck of the seeds that happens to a given rival about once in 130 times. Five rivals will be asked below, so a false alarm is to be expected in one of 26 such notebooks. That is the luck of the *seeds* only. The split and the two chosen rates are the same in all ten pairs, and their luck is in no standard error.

# %%
def errors_ahead(rival, base="Adam"):
    gains = judged[base] - judged[rival]  # seed by seed
    return gains.mean() / (gains.std(ddof=1) / math.sqrt(len(gains)))


# %% [markdown]
# ## A bench to prove code on
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
# Adam itself, to see that the bench works. Most of the next variants are this function with a line or two changed. Where a cell says "your turn", write yours first: `yours` says at which step it parts from an independent implementation, if it does.

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


def yours(update, optimizer_class, to=1e-8, **options):
    verdict = "○ not attempted yet"
    if update(vector, vector, defaultdict(float), 1) is not ...:
        verdict = "✓ yours and the other are at one place after 1, 2, 10 and 200 steps"
        for steps in (200, 10, 2, 1):
            gap = (walk(update, vector, steps) - walk_with(optimizer_class, vector, steps, **options)).abs().max()
            verdict = verdict if gap < to else f"✗ after {steps} steps yours and the other are apart by {gap:.1e}"
    print(verdict)


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
# torch takes the maximum of the *uncorrected* v and then corrects it. optax takes the maximum of v̂. The paper corrects nothing. One name, three algorithms. Does it matter? Feed them one early spike: a gradient of 10, and from then on gradients of 1.

# %% tags=["nbval-check-output"]
def steps_after_a_spike(corrected_first, beta2=0.999, steps=1000):
    v, largest, taken = 0.0, 0.0, []
    for t in range(1, steps + 1):
        g, correction = 10.0 if t == 1 else 1.0, 1 - beta2**t
        v = beta2 * v + (1 - beta2) * g**2
        largest = max(largest, v / correction if corrected_first else v)
        taken.append(1 / math.sqrt(largest if corrected_first else largest / correction))
    return taken  # the step for a gradient of 1, in units of η, without momentum


torch_form, optax_form = steps_after_a_spike(False), steps_after_a_spike(True)
for t in (2, 10, 100, 1000):
    print(f"step {t:4}: torch's form {torch_form[t - 1]:.2f} η, optax's {optax_form[t - 1]:.2f} η")
claim("After 1000 steps torch's form has forgiven the spike: a step in η", torch_form[-1], near=0.97, within=0.01)
claim("… and optax's has not", optax_form[-1], near=0.1, within=1e-6)

# %% [markdown]
# It does. At step 1 the corrected v̂ is 100, a mean of one number, and in optax's form its root stays the divisor for good. In torch's form the spike enters as 0.1, and the ordinary gradients lift v past that towards 1. So the maximum never has anything to hold: torch's AMSGrad takes Adam's own steps here, and while the correction grows from 0.001 to 1 its rate *rises* tenfold. "Its rate can never grow" is true of optax's form and of the paper's, not of torch's.
#
# Why does Adam fail on the counterexample? Follow it through three steps, with β₁ = 0. At the large slope, v jumps to about 8, and the step is 3/√8.2 = 1.05 times the rate: hardly longer than an ordinary one, because the large gradient has enlarged its own divisor. At the two small slopes v falls quickly, and they make steps of 0.76 and 0.97 the other way. One against two: the rare, right direction is outvoted. AMSGrad keeps the 8 in the divisor. Then each small step is 0.35, a third of the large one, and two of them do not outvote it.
#
# **Does it fix the counterexample?** Here is the problem, with sliders. Press the four scenarios before you move anything. On the left are $x$ and the **average regret**: what was paid so far beyond what the best fixed point would have paid, divided by $t$. The right panel belongs to the proof in Adam's paper, which needs every bracket to be ≥ 0; [notebook 13](13_the_paper.ipynb) takes it apart, and here you may pass it over.

# %%
explorers.online_problem()

# %% [markdown]
# The first scenario is the famous one. The second is the one that is left out when the story is told: the same problem, Adam's default betas.

# %% tags=["nbval-check-output"]
from adamkit.lessons.nb08.online_problem import play


def end(beta1, beta2, *, C=3, period=3, lr=1.0, steps=3000, who="Adam"):
    slopes = np.full(steps, -1.0)
    slopes[::period] = C
    return play(slopes, lr, beta1, beta2)[0][who][-period:].mean()  # x, averaged over the last period


claim("Adam, β₁ = 0, β₂ = 0.1, ends at the worst point, +1", end(0, 0.1), above=0.98, approx=True)
claim("AMSGrad, same betas, ends at the best, −1", end(0, 0.1, who="AMSGrad"), below=-0.98, approx=True)
claim("Adam with its default betas ends at the best, too", end(0.9, 0.999), below=-0.98, approx=True)

# %% [markdown]
# The theorem is right, and weaker than its reputation. It says: *for any β₁ < √β₂ that you name, there is a problem* on which Adam ends in the wrong place. The problem is chosen after the betas. Against large betas the large slope must come rarely, and win by little. Here is such a problem; and what follows is a criterion that says beforehand, for each β₂, where Adam will go on it.

# %%
which_beta2 = practice.predict("08-half-life")
which_beta2

# %% [markdown]
# This can be settled without a run. After many periods both averages repeat themselves from period to period. Let $k$ count the steps since the last large slope $C$, and $P$ be the period; then
#
# $$m_k = \frac{(1-\beta_1)(C+1)\,\beta_1^k}{1-\beta_1^P} - 1,\qquad v_k = \frac{(1-\beta_2)(C^2-1)\,\beta_2^k}{1-\beta_2^P} + 1 .$$
#
# A period moves $x$ by $-\sum_k m_k/\sqrt{v_k}$, in units of the rate, as long as the rate hardly changes within a period. The sign says where Adam goes in the end, whatever the rate, once it has become small beside the interval, and as long as it does not fall so fast that the walk comes to a halt on the way.

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
claim("Without momentum it takes more steps than", without, near=2520, within=10)

# %% [markdown]
# The second figure can be had by hand. Let v look back on $n$ steps, many more than the period $P$. Between two large slopes v falls by a share of $P/n$ and √v by $P/2n$, so the small steps come out too long by half of that on average, $P/4n$. If v stood still, the small slopes, $P-1=C-1$ of them, would lose against the large one by a share of $1/C$. The two are equal at $n=CP/4=2550$; the search says 2520. With momentum the push of the large slope is spread over the steps that follow, on average $\beta_1/(1-\beta_1)=9$ steps later, where √v has already fallen by $9/2n$. That much the large slope gains, and $n=C\,(P/4-9/2)=2096$: the first figure, to about one per cent.
#
# Does the walk obey? A thousand periods each, from $x=0$.

# %%
memories = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000]
rare = {"C": 101, "period": 101, "lr": 5.0, "steps": 101_000}
ended = {who: [end(0.9, 1 - 1 / n, who=who, **rare) for n in memories] for who in ("Adam", "AMSGrad")}
fig = plotting.figure(8, 3)
ax = fig.subplots()
for who, x in ended.items():
    look = {"color": plotting.COLORS[who], "marker": plotting.MARKERS[who]}
    ax.semilogx(memories, x, label=who, **look)
ax.axvline(turn, color=plotting.QUIET, linewidth=1, linestyle="--", label="drift changes sign")
ax.axhline(-1, color=plotting.QUIET, linewidth=1, linestyle=":", label="best point")
ax.set(xlabel="steps that v looks back on, 1/(1 − β₂)", ylabel="x after 1000 periods")
ax.set_title("On this problem Adam's default 0.999 is on the wrong side")
plotting.outside_legend(ax)
plotting.show(fig, alt="Adam ends near +1 up to a memory of 1000 steps, near −1 from 10 000; AMSGrad always near −1.")

# %% tags=["nbval-check-output"]
claim("β₂ up to 0.999: Adam ends near +1", min(ended["Adam"][:5]), above=0.9, approx=True)
claim("β₂ of 0.9999 and more: it ends near −1", max(ended["Adam"][6:]), below=-0.9, approx=True)
claim("AMSGrad ends near −1 with each of them", max(ended["AMSGrad"]), below=-0.9, approx=True)
slow = end(0.9, 0.999, **{**rare, "lr": 0.5})
claim("β₂ = 0.999 at a tenth of the rate: after as many steps Adam is at", slow, near=-0.41, within=0.01, digits=2)

# %%
which_beta2.reveal()

# %% [markdown]
# So "v must remember longer than the time between two large slopes" is not enough: at 0.999 it looks back on ten periods. It must be so steady that what is at stake, here one part in a hundred, is not lost in its ripple. AMSGrad's v stops moving in the end. (And Adam's point at 3000 in the figure, −0.36, is still on its way: so near the turn the drift is small.)
#
# The problem is the second example of Reddi and his coauthors (section 5: slopes 1010 and −10; Adam does not see the common factor). They show a run with β₂ = 0.99. That the default 0.999 fails on it as well is what the drift adds.
#
# A caution about such experiments: at a rate of 0.5/√t the walk at 0.999 starts towards −1, because the large slope comes first (with `slopes[100::101]` it starts towards +1), and needs a long time to turn: after these 101 000 steps it still stands at −0.41, which looks like success. (At 5/√t it has turned within the first period.) The drift says what the walk will do; a walk alone says what it has done so far.
#
# That a large β₂ helps Reddi and his coauthors had noticed; Shi et al. ([2021](https://openreview.net/forum?id=3UDSdyIcBDA)) made a theorem of it for RMSprop, and [Zhang et al. 2022](https://arxiv.org/abs/2208.09632) for Adam. Fix the problem *first*. If β₂ is then large enough for it, and β₁ < √β₂, unmodified Adam converges to a neighbourhood of the points with no slope, whose size depends on the noise of the gradients. The sequel of Zhang et al. ([2026](https://arxiv.org/abs/2603.02092)) adds that the threshold for β₂ rises as batches get smaller.
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
# **The problem.** At first v is an average of very few squares, so 1/√v̂, the factor on m̂, varies wildly from run to run. [Liu et al. 2020](https://arxiv.org/abs/1908.03265) *rectify* that variance. They estimate how many squares the average is worth: $\rho_t$ rises from 1 towards $\rho_\infty = 2/(1-\beta_2)-1$. The square of $r_t$ is the variance of 1/√v̂ at the end of time, divided by that at step $t$ (to first order): the step is shortened until it is no more uncertain than it will be later.
#
# $$\rho_t = \rho_\infty - \frac{2t\beta_2^t}{1-\beta_2^t},\qquad r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho_t}}$$
#
# **The rule.** While $\rho_t$ is small, do not divide by √v̂ at all: the step is $\eta\,\hat m$. After that, Adam's step times $r_t$. The paper switches once $\rho_t > 4$, torch once $\rho_t > 5$: for β₂ ≥ 0.9 at step 5 and at step 6.
#
# **Your turn.** Here are the two numbers. Write the rule, with torch's switch, before you open the cell after it: the state is `s["m"]` and `s["v"]`, and torch adds ε to √v *before* it corrects.

# %% tags=["nbval-check-output"]
def rho_and_r(t, beta2):
    longest = 2 / (1 - beta2) - 1
    rho = longest - 2 * t * beta2**t / (1 - beta2**t)
    r_squared = (rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)
    return rho, math.sqrt(max(r_squared, 0)) if rho > 5 else None


def my_radam(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    return ...  # rho, r = rho_and_r(t, beta2); r is None while v is not to be trusted


yours(my_radam, torch.optim.RAdam)

# %% tags=["nbval-check-output"]
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
# At these rates RAdam and the warmup are two names for one behaviour. (That both are behind plain Adam at these three rates is no riddle: a warmup over two thirds of the run is mostly lost time. At 0.1, the rate for which one would want a warmup, both end ahead of it, with the two seeds that we gave them.) If you are asked in an interview what RAdam does, this is the short answer, and the figure above is the long one: the factor rises faster at first and arrives later, and neither mattered much here, at the three lower rates.
#
# There is one difference, and it is not harmless: RAdam's first five steps are *not divided* by √v̂, so their length goes with the gradient's. On a surface with gradients of a few hundred, that is fatal at a rate that Adam finds small.

# %% tags=["nbval-check-output"]
steady, thrown = (descent.run(rule(lr=0.01), surfaces.rosenbrock(), steps=300) for rule in (rules.Adam, rules.RAdam))
farthest = np.abs(steady.positions).max()
claim("Rosenbrock, rate 0.01: Adam's largest coordinate in 300 steps", farthest, below=3, approx=True)
claim("… and RAdam has diverged at step", thrown.diverged_at, below=10)

# %% [markdown]
# Now the comparison. Everyone has a warmup of 20 steps already, so RAdam comes with a second one.

# %% tags=["nbval-check-output"]
enter("RAdam", rules.RAdam(), 0.056)
claim("RAdam is ahead of Adam, in standard errors, by", errors_ahead("RAdam"), between=(-3, 3), approx=True)
claim("Its factor at the last of the 200 steps", rho_and_r(200, 0.999)[1], near=0.31, within=0.01, digits=2)

# %% [markdown]
# No lead, clear or not. In an earlier comparison of ours, with half a decade between the rates and two seeds to choose, RAdam had won on these very digits with every seed. (In [notebook 09](09_memory_averages_matrices.ipynb), with a finer grid and more seeds, it is level here, and ahead on two other tasks.) How can a win come and go? RAdam's factor never exceeds 0.31 in 200 steps: it moves as Adam does at a third of its rate or less. There it had chosen 0.1, so it moved as Adam does at 0.03 at most. The control is Adam at the *neighbouring* rates.

# %% tags=["nbval-check-output"]
rates, choosing = (values[3:6] for values in tried["Adam"])
nearby = ends(rules.Adam(), rates, split=0, seeds=range(10))
print("rate        for choosing   reported")
for rate, chosen_by, reported in zip(rates, choosing, nearby.mean(axis=0), strict=True):
    print(f"{rate:.4f}      ≈ {chosen_by:.4f}       ≈ {reported:.4f}")
judged["Adam at 0.032"] = nearby[:, 2]
lead = errors_ahead("Adam at 0.032", "RAdam")
claim("Adam at 0.032 is ahead of RAdam, in standard errors, by", lead, above=4, approx=True)

# %% [markdown]
# Half a decade of Adam's rate does more than RAdam does. On the split that is used for choosing, Adam is best at 0.01; on the split that is reported it is clearly better at 0.03. A rate chosen on other data is an honest one, and still a matter of luck: a rival whose rate happens to lie better wins by that alone. (We looked at the reported split to find this, so 0.032 is no result for Adam. It is a warning about any result of this size.)
#
# **Where it helps.** When you cannot add a warmup. **What it costs.** Nothing in memory; the invariance to the gradient's scale, for five steps. **In production:** `torch.optim.RAdam(params)`, whose `decoupled_weight_decay` is off by default. Or AdamW and a warmup of $2/(1-\beta_2)$ steps.
#
# ## NAdam: look ahead
#
# **The problem.** Adam's momentum is the heavy ball's. Nesterov's looks one step ahead, and [notebook 02](02_momentum.ipynb) showed that the two are different methods. [Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ) puts Nesterov's into Adam.
#
# **The rule.** The step uses $m$ as it will be after the *next* decay, together with today's gradient:
#
# $$\theta \leftarrow \theta - \frac{\eta}{\sqrt{\hat v_t}+\varepsilon}\left(\frac{\mu_{t+1}\,m_t}{1-\Pi_t\,\mu_{t+1}} + \frac{(1-\mu_t)\,g_t}{1-\Pi_t}\right),\qquad \Pi_t=\mu_1\mu_2\cdots\mu_t .$$
#
# The momentum $\mu_t=\beta_1(1-\tfrac12\,0.96^{0.004\,t})$ rises slowly from β₁/2 towards β₁, so its correction is a running product. **Your turn:** m and v are Adam's. (`s["product"]` is 0 before the first step, as all of `s`.)

# %%
def my_nadam(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    return ...


yours(my_nadam, torch.optim.NAdam)

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
# Now the opening question. NAdam enters the comparison.

# %% tags=["nbval-check-output"]
enter("NAdam", rules.NAdam(), 0.03)
claim("NAdam is ahead of Adam, in standard errors, by", errors_ahead("NAdam"), above=3, approx=True)
claim("Pairs that it wins, of ten", int((judged["NAdam"] < judged["Adam"]).sum()), equals=10)

# %%
whose_lead = practice.predict("08-whose-lead")
whose_lead

# %% [markdown]
# What does NAdam change? It looks ahead, by name. And it weighs: with μ = 0.45 at the first step and 0.464 at the 200th, *more than half* of each of our steps is today's gradient, where Adam gives it a tenth. Two changes need two controls. One keeps the look-ahead and puts μ at its end value, 0.9, from the start. The other has no look-ahead: plain Adam with β₁ = 0.5. Both choose their rate as the others did. A third control is the one that RAdam needed, Adam's neighbouring rate.

# %% tags=["nbval-check-output"]
enter("NAdam, μ = 0.9", rules.NAdam(momentum_decay=1e4), 0.01)
enter("Adam, β₁ = 0.5", rules.Adam(beta1=0.5), 0.03)
leads = {name: errors_ahead(name) for name in ("NAdam, μ = 0.9", "Adam, β₁ = 0.5")}
claim("Look-ahead with μ at 0.9: standard errors ahead of Adam", leads["NAdam, μ = 0.9"], below=3, approx=True)
claim("No look-ahead, β₁ = 0.5: standard errors ahead of Adam", leads["Adam, β₁ = 0.5"], above=5, approx=True)
fallen = {name: judged["Adam"].mean() - losses.mean() for name, losses in judged.items()}
claim("… and its lead, as a share of NAdam's", fallen["Adam, β₁ = 0.5"] / fallen["NAdam"], above=0.75, approx=True)
claim("The neighbouring rate: share of NAdam's lead", fallen["Adam at 0.032"] / fallen["NAdam"], above=0.3,
      approx=True)

# %%
whose_lead.reveal()

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
looks = {"Adam": ("Adam", "-"), "Adam, β₁ = 0.5": ("Adam", "--"), "RAdam": ("RAdam", "-"), "NAdam": ("NAdam", "-"),
         "NAdam, μ = 0.9": ("NAdam", "--")}
for name, (color, style) in looks.items():
    ax.loglog(*tried[name], style, color=plotting.COLORS[color], marker=plotting.MARKERS[color], label=name)
ax.set(xlabel="rate η", ylabel="test loss, mean of five seeds")
ax.set_title("Less momentum lowers the valley; looking ahead does not")
ax.set_yticks([0.1, 0.15, 0.2], ["0.1", "0.15", "0.2"])
ax.minorticks_off()
plotting.outside_legend(ax)
plotting.show(fig, alt="Loss against rate: NAdam and Adam with β₁ = 0.5 lie lowest; NAdam with μ = 0.9 lies near Adam.")

# %% [markdown]
# The figure is that of the split on which rates are chosen, so no report hangs on it. Two valleys lie lower than Adam's, NAdam's (solid) and that of Adam with β₁ = 0.5 (dashed). With μ at 0.9 NAdam falls back to Adam's valley; it parts from Adam only at the highest rate, where it is worse. On these digits, then, a good part of the lead is the luck of Adam's rate, as it was with RAdam, and what remains is more weight on today's gradient. The look-ahead adds nothing that we could measure. One untuned β₁ in the *baseline* was worth as much as the variant, or more. (It is one small task and a run of 200 steps. That 0.9 is Adam's customary β₁ says that on many tasks it serves well; try 0.5 in yours before you try another optimizer.)
#
# **Where it helps.** Wherever μ near β₁/2 is the better momentum, for the first thousand steps. **What it costs.** Nothing in memory, a few more operations a step. **In production:** `torch.optim.NAdam(params, lr=2e-3)`. optax's version has no rising μ, so its paths differ.
#
# ## LAMB: one relative step for every layer
#
# **The problem.** With a batch of 32 000 sequences one pass over the data is a few hundred steps. They are few, so they must be long. Adam moves a coordinate by up to about η, whether the weights of its layer are large or tiny: a step that suits one layer can wreck another. [You et al. 2020](https://arxiv.org/abs/1904.00962) trained BERT in 76 minutes, with batches of 65 536 in its first phase and 32 768 in its second.
#
# **The rule.** Take Adam's direction $u$, and stretch it, tensor by tensor, by the **trust ratio** ‖θ‖/‖u‖. Then it is as long as the weights, and the step is η times that.

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
def median_steps(optimizer_class):
    shares, lengths, before = defaultdict(list), defaultdict(list), {}
    for _, model, _ in plain.loop(tasks.next_character(), lambda p: optimizer_class(p, lr=0.01), steps=60):
        for name, p in model.named_parameters():
            if name in before:
                moved = p.detach() - before[name]
                shares[name].append((moved.norm() / before[name].norm()).item())
                lengths[name].append(moved.square().mean().sqrt().item() / 0.01)  # of a coordinate, in units of η
            before[name] = p.detach().clone()
    matrices = [name for name in shares if before[name].ndim == 2]
    return [{name: np.median(seen[name]) for name in matrices} for seen in (shares, lengths)]


measured = {name: median_steps(getattr(torch_optim, name)) for name in ("Adam", "LAMB")}
relative = {name: shares for name, (shares, _) in measured.items()}

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
# Under Adam two things set the share. One is the size of the weights: the embeddings start at a standard deviation of 0.1, and the matrices that write onto the residual path start smaller (scaled down on purpose, and in the MLP also because they have more inputs), so in each block they move by a larger share than the matrices that feed them. The other is the step itself. It is not η for everyone, but a tenth to a quarter of it: gradients that change sign cancel in $m$ ([notebook 04](04_adam.ipynb)), and $v$ still remembers the larger gradients of the first steps. Matrix by matrix, the later block takes shorter steps than the earlier one. The trust ratio divides out both, the size of the weights and the length of the step. Whether it *should* move everything by the same share is another question. Bernstein et al. ([2020](https://arxiv.org/abs/2002.03432)) derive it from a bound on how much relative changes of the layers can change the network; whether that bound is what limits a step here we have not tested.

# %% tags=["nbval-check-output"]
shares = {name: np.array(list(values.values())) for name, values in relative.items()}
claim("LAMB: every matrix moves by η, to within", np.abs(shares["LAMB"] / 0.01 - 1).max(), below=1e-3, approx=True)
ratio = shares["Adam"].max() / shares["Adam"].min()
claim("Adam: the fastest and the slowest matrix differ by a factor", ratio, above=2, approx=True)
_, length = measured["Adam"]
claim("Adam's steps, root mean square in η: the shortest", min(length.values()), below=0.15, approx=True)
claim("… and the longest", max(length.values()), between=(0.2, 0.35), approx=True)
later = [length[name.replace("s.0.", "s.1.")] / length[name] for name in length if "blocks.0." in name]
claim("The later block's over the earlier one's, in all four matrices", max(later), below=0.95, approx=True)

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
# No difference that two seeds could show, once both may choose their rate (on the very images that are reported: that flatters both). LAMB was made for batches and depths that no laptop sees, and this experiment is no evidence against it.
#
# **Where it helps.** Very large batches; timm's best ResNet-50 recipe uses it as well ([Wightman et al. 2021](https://arxiv.org/abs/2110.00476)). **What it costs.** Adam's memory, two norms a tensor. **In production:** [`timm.optim.Lamb`](https://github.com/huggingface/pytorch-image-models/blob/main/timm/optim/lamb.py) or [`apex.optimizers.FusedLAMB`](https://nvidia.github.io/apex/_modules/apex/optimizers/fused_lamb.html). Both also clip the global gradient norm to 1, and leave the trust ratio out where the weight decay is zero, unless told otherwise. Libraries disagree on corrections and clamps too, so a rate does not travel between them.

# %% [markdown]
# ## Lion: only the sign
#
# **The problem.** There was none: a program search found it ([Chen et al. 2023](https://arxiv.org/abs/2302.06675)). **The rule.** Every coordinate moves by exactly η, in the direction of an average (decay aside). What the step looks at (β₁) and what is remembered (β₂) are two different mixtures of the one average $m$ with today's gradient: the step takes the sign of $\beta_1 m + (1-\beta_1)g$, and then $m \leftarrow \beta_2 m + (1-\beta_2)g$. **Your turn:** two lines.

# %%
def my_lion(g, theta, s, t, lr=0.01, beta1=0.9, beta2=0.99):
    return ...


yours(my_lion, torch_optim.Lion)

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
# There is a family resemblance to notice. Adam's first step is η·sign(g) as well (notebook 04), and with β₁ = β₂ = 0 Adam *is* the sign of the gradient (but for ε). Lion says that for direction the sign of a good average is enough, and spends its memory on the average alone.
#
# How much smaller? Let it choose, among rates a tenth of Adam's.

# %% tags=["nbval-check-output"]
enter("Lion", rules.Lion(), 0.001)
claim("Lion is behind Adam, in standard errors, by", -errors_ahead("Lion"), above=10, approx=True)

# %% [markdown]
# **Where it helps.** Half of Adam's state, and a step with less arithmetic. The paper's gains are largest at batches of thousands. **What it costs.** On these digits, with 200 small batches, it chose a rate of 0.0018, about a sixth of Adam's, and ends behind Adam. **In production:** `lion_pytorch.Lion(params, lr=1e-4, weight_decay=…)`.

# %% [markdown]
# ## Seventy-five years
#
# A line for each step, from Robbins & Monro to the year 2026. The sources are at the end of this notebook and of the next.

# %%
fig = plotting.figure(8.4, 6)
ax = fig.subplots()
lineage.draw_history(ax, lineage.HISTORY, until=2026)
ax.set_title("A rate for each weight came in 1988, the one that Adam builds on in 2011–12")
plotting.show(fig, alt="A line of years from 1951 to 2026 with the optimizers, what each added, and who published it.")

# %% [markdown]
# The years between 1983 and 2011 are not empty: a rate for each weight was there in 1988, for full batches, and in 1992 for one example at a time, for a linear unit ([Sutton](https://cdn.aaai.org/AAAI/1992/AAAI92-027.pdf)). What AdaGrad added, and [McMahan and Streeter](https://arxiv.org/abs/1002.4908) at the same time, was a rule for any convex losses, with a bound on the regret. And torch? Of all these it has:

# %%
built = ["SGD", "Rprop", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adafactor", "Muon"]
missing = ["LAMB", "Lion", "ScheduleFreeAdamW", "Adam8bit"]
claim("torch.optim has", ", ".join(name for name in built if hasattr(torch.optim, name)), equals=", ".join(built))
print("from elsewhere:", ", ".join(name for name in missing if not hasattr(torch.optim, name)))

# %% [markdown]
# ## In the interview

# %%
practice.interview("08-amsgrad")

# %%
practice.interview("08-cause")

# %% [markdown]
# ## Recap
#
# - Know, for each variant, the problem, the line, and the price.
# - AMSGrad: v never shrinks. The counterexample is built after the betas, and a larger β₂ solves it too. torch's form forgets a spike in the first steps, optax's does not.
# - RAdam: a warmup of about 2/(1−β₂) steps, after five steps without √v̂. Tuned alike it has no lead here, and Adam's neighbouring rate is worth more.
# - NAdam's lead here is clear, and is not the look-ahead's: Adam with β₁ = 0.5 has it too.
# - Choose rates on other data, pair by seed, and before you name a cause, give the baseline what the rival got with it.

# %%
practice.self_check("08")

# %% [markdown]
# **Next:** [09 Variants 2](09_memory_averages_matrices.ipynb): variants that store less, average more, or treat a matrix as a matrix, and all of them in one table.
#
# **Sources.** H. Robbins and S. Monro, [*A stochastic approximation method*](https://doi.org/10.1214/aoms/1177729586), 1951. B. Polyak, [*Some methods of speeding up the convergence of iteration methods*](https://doi.org/10.1016/0041-5553(64)90137-5), 1964. Y. Nesterov, [*A method of solving a convex programming problem with convergence rate O(1/k²)*](https://www.mathnet.ru/eng/dan46009), 1983. R. Jacobs, [*Increased rates of convergence through learning rate adaptation*](https://doi.org/10.1016/0893-6080(88)90003-2), 1988. M. Riedmiller and H. Braun, [*The RPROP algorithm*](https://doi.org/10.1109/ICNN.1993.298623), 1993. R. Sutton, [*Adapting bias by gradient descent*](https://cdn.aaai.org/AAAI/1992/AAAI92-027.pdf), AAAI 1992. B. McMahan and M. Streeter, [*Adaptive bound optimization for online convex optimization*](https://arxiv.org/abs/1002.4908), COLT 2010. J. Duchi, E. Hazan and Y. Singer, [*Adaptive subgradient methods*](https://jmlr.org/papers/v12/duchi11a.html), JMLR 2011. T. Tieleman and G. Hinton, [*Lecture 6.5, rmsprop*](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), 2012. D. Kingma and J. Ba, [*Adam*](https://arxiv.org/abs/1412.6980), ICLR 2015. T. Dozat, [*Incorporating Nesterov momentum into Adam*](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ), 2016. Y. You, I. Gitman and B. Ginsburg, [*Large batch training of convolutional networks*](https://arxiv.org/abs/1708.03888), 2017. I. Loshchilov and F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019. S. Reddi, S. Kale and S. Kumar, [*On the convergence of Adam and beyond*](https://arxiv.org/abs/1904.09237), ICLR 2018. L. Liu et al., [*On the variance of the adaptive learning rate and beyond*](https://arxiv.org/abs/1908.03265), ICLR 2020. J. Ma and D. Yarats, [*On the adequacy of untuned warmup*](https://arxiv.org/abs/1910.04209), AAAI 2021. Y. You et al., [*Large batch optimization for deep learning*](https://arxiv.org/abs/1904.00962), ICLR 2020. Y. Zhang et al., [*Adam can converge without any modification on update rules*](https://arxiv.org/abs/2208.09632), NeurIPS 2022, and [*Adam converges without any modification on update rules*](https://arxiv.org/abs/2603.02092), 2026. X. Chen et al., [*Symbolic discovery of optimization algorithms*](https://arxiv.org/abs/2302.06675), NeurIPS 2023. R. Wightman, H. Touvron and H. Jégou, [*ResNet strikes back*](https://arxiv.org/abs/2110.00476), 2021. The later boxes of the map have their sources in notebook 09. N. Shi, D. Li, M. Hong and R. Sun, [*RMSprop converges with proper hyper-parameter*](https://openreview.net/forum?id=3UDSdyIcBDA), ICLR 2021. J. Bernstein, A. Vahdat, Y. Yue and M.-Y. Liu, [*On the distance between two neural networks and the stability of learning*](https://arxiv.org/abs/2002.03432), NeurIPS 2020.
