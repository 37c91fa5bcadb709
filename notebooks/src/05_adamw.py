# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · AdamW
#
# **After this notebook you can**
#
# - *explain* why L2 regularisation and weight decay are one thing for plain SGD, and two for SGD with momentum and for Adam;
# - *predict* which weights Adam with L2 shrinks, and which it spares;
# - *write* AdamW from Adam with one line, and *test* that line where a test can fail;
# - *read* a published weight decay, and *convert* it between the paper's convention and torch's;
# - *choose* which parameters decay and which λ to try first, *say* where weights settle, and *judge* when the difference is worth your time.
#
# About 75 minutes. Builds on [04 Adam](04_adam.ipynb); runs without it.
#
# > **The question.** You add ½λ‖θ‖² to the loss, to keep the weights small, and train with Adam. Two weights have gradients that differ a thousandfold in size. Which of the two does your penalty shrink?

# %%
from dataclasses import replace

import numpy as np
import torch

from adamkit import optim, plotting, practice
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.rules import Adam, AdamW

# %%
shrink_guess = practice.predict("05-which-shrinks")
shrink_guess

# %% [markdown]
# ## Two ways to keep weights small
#
# Large weights make most networks twitchy: small changes of the input become large changes of the output. (Weights *before a norm* are an exception with a section of its own below.) Two remedies are old, and they look alike.
#
# **L2 regularisation** changes the *loss*. It adds $\tfrac{\lambda}{2}\lVert\theta\rVert^2$, whose gradient is $\lambda\theta$. The optimizer is handed $g+\lambda\theta$ and never learns which part came from the data.
#
# **Weight decay** changes the *update*. Each step first shrinks every weight by a fixed factor, and then does whatever the optimizer does with $g$.
#
# For gradient descent, write both down:
#
# $$\theta - \eta\,(g + \lambda\theta) \;=\; (1-\eta\lambda)\,\theta - \eta g$$
#
# The left side is L2, the right side is decay. They are equal, as long as the decay per step is called $\eta\lambda$. For decades hardly anybody kept the two names apart. Let us see how equal they are, on a path of 200 steps.

# %%
rng = np.random.default_rng(0)
start = rng.normal(size=8)


def slope(theta):  # of a wavy function, with neighbours coupled
    return theta**3 - np.sin(3 * np.roll(theta, 1))


def gap(first, second, steps=200):
    """Largest distance between two optimizers' paths, from one start."""
    a, b, largest = [start.copy()], [start.copy()], 0.0
    one, other = first(a), second(b)
    for _ in range(steps):
        one.step([slope(a[0])])
        other.step([slope(b[0])])
        largest = max(largest, np.abs(a[0] - b[0]).max())
    return largest


# %% [markdown]
# To put decay beside any optimizer, we wrap it: shrink the weights, then let it step. Inside it there is no λ at all.


# %%
class Decayed:
    def __init__(self, optimizer, params, decay):
        self.optimizer, self.params, self.decay = optimizer, params, decay

    def step(self, grads):
        for p in self.params:
            p *= 1 - self.decay
        self.optimizer.step(grads)


def l2(kind, lr, lam):
    return lambda params: kind(params, lr=lr, weight_decay=lam)


def decayed(kind, lr, lam):
    return lambda params: Decayed(kind(params, lr=lr), params, lr * lam)


# %% tags=["nbval-check-output"]
sgd_gap = gap(l2(optim.SGD, 0.05, 0.2), decayed(optim.SGD, 0.05, 0.2))
adam_gap = gap(l2(optim.Adam, 0.05, 0.2), decayed(optim.Adam, 0.05, 0.2))
claim("SGD: L2 with λ and decay with ηλ walk the same path, to", sgd_gap, below=1e-13, approx=True)
claim("Adam: the two paths part, by", adam_gap, above=0.05, approx=True)

# %% [markdown]
# For plain SGD the gap is round-off. For Adam it is not.
#
# ### And SGD with momentum?
#
# It is the SGD that people use, so the question is not idle. With L2 the term λθ goes *through the buffer*, which adds up about $1/(1-\mu)$ of what it is fed: ten times, at μ = 0.9. Decay takes ηλθ once a step, beside the buffer. A parabola $\tfrac12(\theta-1)^2$ shows what that means, because there we know where each should settle. With L2 the gradient $(\theta-1)+\lambda\theta$ vanishes at $1/(1+\lambda)$. With decay, step and decay balance where $\eta\,(1-\theta)/(1-\mu)=\eta\lambda\theta$.


# %%
def settles(make, steps=2000):
    theta = [np.zeros(1)]
    optimizer = make(theta)
    for _ in range(steps):
        optimizer.step([theta[0] - 1])
    return theta[0].item()


# %% tags=["nbval-check-output"]
momentum_gap = gap(l2(optim.Momentum, 0.005, 0.2), decayed(optim.Momentum, 0.005, 0.2))
claim("SGD with momentum 0.9: L2 and decay part, by", momentum_gap, above=0.8, approx=True)
rescaled = gap(l2(optim.Momentum, 0.005, 0.02), decayed(optim.Momentum, 0.005, 0.2))
claim("… with a tenth of λ in L2 they still part, by", rescaled, between=(0.05, 0.3), approx=True)
ends = [settles(way(optim.Momentum, 0.05, lam)) for way, lam in ((l2, 0.2), (decayed, 0.2), (l2, 0.02))]
claim("On the parabola, L2 with λ = 0.2 settles at 1/(1 + λ)", ends[0], near=1 / 1.2, within=1e-6)
claim("… decay at 1/(1 + λ(1 − μ))", ends[1], near=1 / 1.02, within=1e-6)
claim("… L2 with a tenth of λ, too", ends[2], near=1 / 1.02, within=1e-6)

# %% [markdown]
# So with momentum the two are *not* one, and to compare them λ must be rescaled by $1-\mu$ as well; even then the paths differ somewhat on the way. The paper that gave us AdamW has both: its algorithm 1 is **SGDW**, momentum with decay beside the buffer. torch's `SGD(weight_decay=…)` is L2. And Adam? There no rescaling helps. Here is where λθ enters:

# %%
fig = plotting.figure(8, 2.6, layout="none")
ax = fig.add_axes([0, 0, 1, 1])
ax.set(xlim=(0, 10), ylim=(0, 3), xticks=[], yticks=[])
ax.axis("off")
arrow = {"arrowstyle": "->", "color": plotting.INK, "lw": 1.4}
frame = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": plotting.QUIET}
for height, name, color, enters in ((2.1, "Adam + L2", "Adam", 2.6), (0.6, "AdamW", "AdamW", 7.9)):
    ax.text(0.15, height, name, va="center", weight="bold", color=plotting.COLORS[color])
    places = {"g": 1.9, "m,  v": 4.0, "m̂ / √v̂": 6.0, "θ": 8.9}
    for word, x in places.items():
        ax.text(x, height, word, ha="center", va="center", bbox=frame)
    for left, right in ((2.15, 3.4), (4.6, 5.2), (6.8, 8.6)):
        ax.annotate("", (right, height), (left, height), arrowprops=arrow)
    ax.annotate("λθ", (enters, height + 0.03), (enters, height + 0.62), ha="center", color=plotting.COLORS[color],
                weight="bold", arrowprops={**arrow, "color": plotting.COLORS[color]})
plotting.show(fig, alt="In Adam with L2, λθ joins the gradient before m and v; in AdamW it joins after the division.")

# %% [markdown]
# ## What Adam does to a penalty
#
# Hand $g+\lambda\theta$ to Adam, and λθ is treated like any gradient. It is averaged into $m$, and at the end divided by $\sqrt{\hat v}$. If the data's part is noise of size σ, $\hat v$ is about $\sigma^2+\lambda^2\theta^2$, and the pull on the weight is roughly
#
# $$\eta\,\frac{\lambda\theta}{\sqrt{\sigma^2+\lambda^2\theta^2}} \;\approx\; \begin{cases}\eta\,\lambda\theta/\sigma & \text{while the data dominate, } \sigma\gg\lambda\theta\\ \eta & \text{where the penalty dominates, } \sigma\ll\lambda\theta\end{cases}$$
#
# AdamW's pull is ηλθ. So a weight whose gradients are usually 10 gets a tenth of the intended pull, and a weight with quiet gradients gets more than was intended, up to a full η a step, which is $1/(\lambda\theta)$ times as much. Nobody asked for that. The penalty was meant to depend on the *size of the weight*, and now it depends on the *size of its gradient*.
#
# To see it in the purest form, take gradients that say nothing: noise around zero. There is nothing to learn, so decay should simply shrink each weight by $(1-\eta\lambda)$ a step. We use five gradient scales, 400 weights for each, all starting at 1.

# %%
scales = np.array([1e-3, 1e-2, 0.1, 1, 10])
lr, lam, steps = 1e-3, 0.1, 5000


def after_noise(kind):
    """Mean weight for each scale after many steps of pure noise."""
    theta, noise = [np.ones((5, 400))], np.random.default_rng(0)
    optimizer = kind(theta, lr=lr, weight_decay=lam)
    for t in range(steps):
        optimizer.step([scales[:, None] * noise.normal(size=(5, 400))])
        if t == 99:
            early[kind.__name__] = (1 - theta[0].mean(axis=1)) / (100 * lr)  # pull of a step, in units of η
    return theta[0].mean(axis=1)


early = {}
kept = {"Adam": after_noise(optim.Adam), "AdamW": after_noise(optim.AdamW)}
theory = (1 - lr * lam) ** steps

# %%
fig = plotting.figure(7.5, 3.2)
ax = fig.subplots()
for name, label in (("Adam", "Adam + L2"), ("AdamW", "AdamW")):
    ax.semilogx(scales, kept[name], "o-", color=plotting.COLORS[name], label=label)
ax.axhline(theory, color=plotting.INK, linestyle=":", linewidth=1, label="(1 − ηλ)ᵗ")
ax.set(xlabel="scale of the gradients", ylabel="mean weight after 5000 steps", ylim=(-0.05, 1.05))
ax.set_title("Adam + L2 erases quiet weights and spares loud ones")
ax.legend(loc="upper left")
plotting.show(fig, alt="Mean weight by gradient scale: Adam with L2 rises from 0 to 0.95, AdamW stays at 0.6.")

# %% tags=["nbval-check-output"]
print(f"What decay alone would leave of a weight of 1: (1 − ηλ)ᵗ = {theory:.3f}")
claim("AdamW leaves that much at every scale, to within", np.abs(kept["AdamW"] - theory).max(), below=0.02, approx=True)
claim("Adam + L2 leaves, where gradients are 0.01", abs(kept["Adam"][1]), below=0.005, approx=True)
claim("… where they are 1", kept["Adam"][3], near=0.60, within=0.03, digits=2)
claim("… where they are 10", kept["Adam"][4], near=0.95, within=0.02, digits=2)
claim("First 100 steps, gradients of 0.01: Adam + L2 pulls by η times", early["Adam"][1], near=0.98, within=0.03)
claim("… AdamW, at every scale", early["AdamW"], near=0.1, within=0.05, digits=2)

# %%
shrink_guess.reveal()

# %% [markdown]
# Note the quiet weights: λθ is 0.1 at the start, far more than their gradients, so the pull is not 100 or 1000 times too strong but as strong as it can get: η a step, tenfold.
#
# Look at the scale 1, too. There both rules agree, weight by weight, since dividing by 1 changes nothing. In the first experiment √v̂ ended between a third and a half, and the two came apart.
#
# ## The line that moves
#
# AdamW (Loshchilov and Hutter, 2019) puts the decay back where it was meant to be: beside Adam's step, not inside the gradient. In torch's form, for each parameter:
#
# $$\theta \leftarrow \theta - \eta\lambda\,\theta \qquad\text{then}\qquad \theta \leftarrow \theta - \eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon}\,,\quad m, v \text{ fed with } g \text{ alone.}$$
#
# **Your turn.** Take your Adam of notebook 04 and add the line.

# %%
adamw_exercise = practice.exercise("05-adamw")
adamw_exercise


# %%
class MyAdamW:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01): ...

    def step(self, grads):
        return ...  # change params in place


adamw_exercise.check(MyAdamW)

# %% [markdown]
# Here is ours. The whole difference between the two classes is one method.

# %%
import inspect

print(inspect.getsource(Adam.update))
print(inspect.getsource(AdamW.update))

# %% [markdown]
# Is it torch's? As in notebook 04 we compare the parameters. This time the gradients of half the coordinates are 1000 times larger, and λ is far from zero. A slip between L2 and decay cannot hide there.


# %%
def torch_gap(kind, ours, loud=1000.0):
    """Largest distance from torch's own optimizer after 200 steps on gradients of two scales."""
    scale = np.where(np.arange(8) % 2, loud, 1.0)
    mine, theirs = [start.copy()], torch.tensor(start, requires_grad=True)
    one, other = ours(mine, lr=0.01, weight_decay=0.3), kind([theirs], lr=0.01, weight_decay=0.3)
    for _ in range(200):
        one.step([scale * slope(mine[0])])
        theirs.grad = torch.tensor(scale * slope(theirs.detach().numpy()))
        other.step()
    return np.abs(mine[0] - theirs.detach().numpy()).max()


# %% tags=["nbval-check-output"]
claim("AdamW and torch.optim.AdamW agree, to", torch_gap(torch.optim.AdamW, optim.AdamW), below=1e-12, approx=True)
claim("Adam + L2 and torch.optim.Adam agree, to", torch_gap(torch.optim.Adam, optim.Adam), below=1e-12, approx=True)
claim("AdamW and torch.optim.Adam part, by", torch_gap(torch.optim.Adam, optim.AdamW), above=0.05, approx=True)

# %% [markdown]
# Names are no guide here. `torch.optim.Adam(weight_decay=…)` means L2, unless you also say `decoupled_weight_decay=True`. NVIDIA apex's `FusedAdam`, in contrast, decays as AdamW does unless told otherwise. When you port a recipe, run a check like the one above. How *not* to check is the next exercise.

# %%
zero_decay = practice.exercise("05-zero-decay")
zero_decay

# %%
three_thetas = [..., ..., ...]  # Adam + L2 at λ = 0.5, AdamW at λ = 0.5, AdamW at λ = 0
zero_decay.check(three_thetas)

# %% [markdown]
# ## Two weights, two rules
#
# Below, two weights start at 1, the upper right +, and shrink towards 0, the lower left one. Each line is the mean of 24 such pairs, each dot where one of them ended. You choose the scale of each one's gradients, λ and η. The grey diagonal is where both weights shrink alike.

# %%
explorers.decay()

# %% [markdown]
# Try the scenarios, then these:
#
# - **A thousandfold.** Move one scale across its whole range. AdamW's path does not move; the other path sweeps across the plane.
# - **A signal to keep.** Now the data want both weights at 1. AdamW settles both at the same compromise between data and decay. Adam + L2 lets the scale of the gradient decide who is kept.
# - **No decay.** The two paths are one. This is the picture of the exercise above.
#
# ## Which λ goes with which η?
#
# In the paper's formula the decay is *not* multiplied by the learning rate. There, a step is $\theta \leftarrow \theta - \eta_t\,(\alpha\,\hat m/(\sqrt{\hat v}+\varepsilon) + \lambda\theta)$: α is the base rate, $\eta_t$ the schedule (a factor, 1 without a schedule), and λ stands beside α. In torch, λ is multiplied by `lr`, which is base rate and schedule in one. So
#
# $$\lambda_{\text{paper}} = \alpha\,\lambda_{\text{torch}}.$$
#
# At α = 1e-3, torch's 0.1 is the paper's 0.0001. Libraries exist with either: MosaicML's `DecoupledAdamW` follows the paper, and its default is 1e-5 where torch's is 1e-2. A decay without its convention is not a number you can use.
#
# Does it matter for tuning? The paper's figures 1 and 2 show the test error over (rate, decay) on CIFAR-10. For SGD with L2 the good region lies on a diagonal, so neither number can be tuned alone; with decay it is more nearly separable. Of Adam with L2 it reports that it "did not benefit from it at all: its best results obtained for non-zero L2 regularization factors were comparable to the best ones obtained without". Can we see that? We draw such maps, on a task that a laptop can train a few hundred times.
#
# The task must have gradients of unequal scale, or there is nothing to see. We take the digits with 300 training rows, and multiply each of the 64 input columns by its own factor, drawn between 0.03 and 30: a caricature of real tables, where one column holds metres and the next one kilograms. The network has 32 hidden units and is trained for 150 epochs.

# %%
from adamkit.training import ensembles, tasks

plain = tasks.digits_mlp(rows=300)


def unequal(seed):
    factors = 10.0 ** np.random.default_rng(seed).uniform(-1.5, 1.5, size=64)
    return replace(plain, data=plain.data.scaled(factors))


draws = {"draw 0": unequal(0), "draw 1": unequal(1), "plain digits": plain}
rates = 10.0 ** np.arange(-3, -1.4, 0.5)
decays = {Adam: 10.0 ** np.arange(-3, 0.1, 0.5), AdamW: 10.0 ** np.arange(-1.5, 1.6, 0.5)}


# %% [markdown]
# First a check that this task has what we wanted. How much do the gradients of the first layer differ, column by column, at the start?


# %%
def spread(task):
    """Largest over smallest gradient, over the 64 input columns of a fresh network."""
    model = task.fresh_model(0)
    task.loss(model(task.data.x_train), task.data.y_train).backward()
    size = model[0].weight.grad.norm(dim=0)
    return (size.max() / size.min()).item()


# %% tags=["nbval-check-output"]
claim("Plain digits: the loudest column over the quietest", spread(plain), below=5, approx=True)
claim("Unequal columns: the loudest over the quietest", spread(unequal(0)), above=500, approx=True)

# %% [markdown]
# One call trains all settings of a map at once: 150 epochs are 450 steps of 100 rows, and what is done at each step is forward, backward, `rule.update`, as in the loop of notebook 04. The first column of the result is λ = 0, where the two rules are the same. To see what is chance and what is not we take two draws of the factors and two seeds, and the plain digits as a third task for later.


# %%
def map_of(rule, task):
    """(test loss, test accuracy, test loss of each seed), over (rates, 1 + decays): λ = 0 first."""
    settings = ensembles.grid(rule(), lr=rates, weight_decay=np.r_[0, decays[rule]])
    history = ensembles.train(settings, task, steps=450, batch_size=100, seed=(0, 1))
    shape = (len(rates), -1)
    each = np.where(history.diverged, np.nan, history.test_loss[-1]).reshape(2, *shape)
    return history.last("test_loss").reshape(shape), history.last("test_accuracy").reshape(shape), each


maps = {(rule, "draw 0"): map_of(rule, draws["draw 0"]) for rule in (Adam, AdamW)}

# %%
maps |= {(rule, name): map_of(rule, draws[name]) for name in ("draw 1", "plain digits") for rule in (Adam, AdamW)}


# %% [markdown]
# A cell of a map stands at (η, λ), drawn on logarithmic axes. The strip below is λ = 0, the star the best cell of all. (A fifth rate, 0.1, was tried too: all stars stay where they are.) The four maps share one colour scale.


# %%
def draw_decays(ax, lam, loss, color_range=(0.22, 2.0)):
    """A map of test loss over log η and log λ; ``lam`` has the shape of ``loss``, (rates, decays)."""
    x, y = np.log10(np.broadcast_to(rates[:, None], loss.shape)), np.log10(lam)
    shades = {"norm": "log", "vmin": color_range[0], "vmax": color_range[1], "cmap": "viridis_r"}
    mesh = ax.pcolormesh(x, y, loss, shading="nearest", **shades)
    best = np.unravel_index(np.nanargmin(loss), loss.shape)
    ax.plot(x[best], y[best], "*", color="white", markeredgecolor="black", markersize=14)
    ax.grid(False)
    ax.set_xlabel("log₁₀ η")
    return mesh


# %%
fig = plotting.figure(8.5, 6.4)
for row, name in zip(fig.subplots(2, 2), ("draw 0", "draw 1"), strict=True):
    for ax, rule, title in zip(row, (Adam, AdamW), ("Adam + L2", "AdamW"), strict=True):
        loss = maps[rule, name][0]
        lam = np.broadcast_to(np.r_[decays[rule][0] / 10, decays[rule]], loss.shape)  # λ = 0 a decade below
        mesh = draw_decays(ax, lam, loss)
        lowest = np.log10(decays[rule][0])
        ticks = [lowest - 1, *np.arange(np.ceil(lowest), np.log10(decays[rule][-1]) + 0.1)]
        ax.set_yticks(ticks, ["λ = 0", *(f"{tick:g}" for tick in ticks[1:])])
        ax.axhline(lowest - 0.5, color="white", lw=3)
        ax.set(ylabel="log₁₀ λ (torch's)", title=f"{title}, {name}: best {np.nanmin(loss):.2f}")
fig.colorbar(mesh, ax=fig.axes, label="test loss", ticks=[0.25, 0.5, 1, 2], format="%g").ax.minorticks_off()
plotting.show(fig, alt="Four maps of test loss: AdamW's best cells lie at a decay near 1, L2's at λ = 0.")

# %% [markdown]
# On the left the star stands on the strip: the best cell of all has no L2. (At the higher rates L2 does lower the loss, but no cell with it gets below the star.) On the right there is a valley. How much lower? We compare each rule's best cell with the best that no decay at all achieves. Two cautions about such numbers. The best cell was chosen *on the rows that are reported*, which flatters a rule with many cells; but L2 had as many to choose from as decay. And test *loss* punishes over-confidence, so we look at accuracy too.


# %%
def gain(rule, name):
    """Share of the best loss without decay that the best λ removes; and the two accuracies."""
    loss, accuracy, _ = maps[rule, name]
    none, best = np.nanargmin(loss[:, 0]), np.unravel_index(np.nanargmin(loss[:, 1:]), loss[:, 1:].shape)
    return 1 - loss[:, 1:][best] / loss[none, 0], accuracy[none, 0], accuracy[:, 1:][best]


gains = {(rule, name): gain(rule, name) for rule in (Adam, AdamW) for name in draws}

# %% tags=["nbval-check-output"]
for name in ("draw 0", "draw 1"):
    claim(f"{name}: the best L2 lowers the best test loss by a share of", gains[Adam, name][0], below=0.05, approx=True)
    claim(f"{name}: the best decay lowers it by a share of", gains[AdamW, name][0], above=0.06, approx=True)
each = np.concatenate([maps[AdamW, name][2] for name in ("draw 0", "draw 1")])  # (draws and seeds, rates, decays)
alone = 1 - np.nanmin(each[:, :, 1:], axis=(1, 2)) / np.nanmin(each[:, :, 0], axis=1)
claim("… the least of two draws and two seeds, by", alone.min(), above=0.03, below=0.1, approx=True)
claim("… the largest, by", alone.max(), above=0.15, approx=True)
change = [gains[AdamW, name][2] - gains[AdamW, name][1] for name in ("draw 0", "draw 1")]
claim("Accuracy of AdamW's best cell, above no decay's by", np.array(change), between=(-0.02, 0.06), approx=True)

# %% [markdown]
# So the paper's sentence holds here: L2 does not lower the *best* loss that Adam reaches, and the noise experiment suggests why. λ is one number, and the loud weights begin to feel it only when it has already crushed the quiet ones. Decay lowers the loss by an eighth to a fifth of the best that these rates reach without it. (On draw 0 that best stands at the lowest rate of the grid. Taken alone, each seed tells its own story, from less than a tenth to more than a quarter: measure with more than one.) In accuracy the gain is about one point; which of several nearly equal cells comes out best is a matter of rounding. On 449 test rows that is no more than a hint.
#
# ### The same data on the other axis
#
# Is λ's best value the same for every rate, so that the two can be tuned one after the other? That depends on *which* λ. Here are AdamW's three maps, against torch's λ on the left, and against the paper's, which is η times as large, on the right. Nothing is trained again. Circles mark the best λ for each rate.

# %%
fig = plotting.figure(8.5, 8.4)
for row, name in zip(fig.subplots(3, 2), draws, strict=True):
    loss = maps[AdamW, name][0][:, 1:]
    torch_decay = np.broadcast_to(decays[AdamW], loss.shape)
    axes = (torch_decay, "torch's λ"), (rates[:, None] * torch_decay, "the paper's λ")
    for ax, (lam, title) in zip(row, axes, strict=True):
        mesh = draw_decays(ax, lam, loss, (0.18, 2.0))
        best = np.nanargmin(loss, axis=1)
        ax.plot(np.log10(rates), np.log10(lam[np.arange(len(rates)), best]), "o", mfc="none", mec="white", ms=9)
        ax.set(ylabel=f"log₁₀ {title}", title=f"{name}, {title}")
fig.colorbar(mesh, ax=fig.axes, label="test loss", ticks=[0.2, 0.5, 1, 2], format="%g").ax.minorticks_off()
plotting.show(fig, alt="AdamW's losses on three tasks: a level valley in torch's lambda, a slanted one in the paper's.")

# %% [markdown]
# The circles alone would mislead. On draw 0 they lie on a level line, and one might write "in torch's λ the two are separable". On draw 1 they climb by a decade as η grows, on the plain digits by one and a half, beginning at the edge of the grid (at η = 1e-3 the small λ all give nearly the same loss there). But the valley is *flat*, so its lowest point is easily moved by chance. A better question: how much do you lose if you use **one λ for all rates**, against the best λ for each?


# %%
def cost_of_one(rule, name, paper):
    """Mean excess of log loss when one λ, the best such, serves all four rates."""
    loss = np.log(np.nan_to_num(maps[rule, name][0][:, 1:], nan=1e3))
    excess = loss - loss.min(axis=1, keepdims=True)
    if not paper:
        return excess.mean(axis=0).min()
    # ηλ is the same along a diagonal: one column to the left for each step to the next rate
    count = excess.shape[1]
    return min(np.mean([excess[row, start - row] for row in range(4)]) for start in range(3, count))


# %% tags=["nbval-check-output"]
for rule in (AdamW, Adam):
    for paper, convention in ((False, "torch's λ"), (True, "the paper's λ")):
        cost = np.mean([cost_of_one(rule, name, paper) for name in draws])
        bound = {"above": 0.08} if paper else {"below": 0.08}
        sentence = f"{rule.__name__}: one value of {convention} for all rates costs, mean of three tasks"
        claim(sentence, cost, approx=True, **bound)
    table = np.log([np.nan_to_num(maps[rule, name][0], nan=1e3) for name in draws])  # (tasks, rates, 1 + decays)
    none = np.mean(table[:, :, 0] - table[:, :, 1:].min(axis=2))
    claim(f"{rule.__name__}: no decay at all costs", none, above=0.12, approx=True)

# %% [markdown]
# With torch's λ (the best of seven) it costs a few per cent of the loss; with the paper's (the best of the four that this grid holds) some 15 to 21 per cent, which is still less than with no decay at all. So on these tasks torch's convention *is* the better one to tune in. But note two things. It is so for Adam + L2 as well, hence no merit of decoupling. And these are short runs of one small network. The paper reports more nearly separable maps for its own λ, with another network, a schedule and 100 epochs; and for long runs there is evidence for the *product* ηλ (below). What you should take home is the habit: ask which λ is on the axis, and how flat the valley is.
#
# ## Where the weights settle
#
# What does λ do to a weight in the long run? Guess first.

# %%
balance_guess = practice.predict("05-balance")
balance_guess

# %% [markdown]
# Write AdamW's step, with $u_t$ for $\hat m_t/(\sqrt{\hat v_t}+\varepsilon)$, in another way:
#
# $$\theta_t = (1-\eta\lambda)\,\theta_{t-1} + \eta\lambda\cdot\Big(-\frac{u_t}{\lambda}\Big)$$
#
# That is a **running average** of $-u/\lambda$, with the decay $1-\eta\lambda$ in the place of β. So AdamW's weights are an average of its own recent updates, over a memory of $1/(\eta\lambda)$ steps. Where does the average settle?
#
# - *A steady gradient.* Each $u$ is ±1, and so is their average: $|\theta| = 1/\lambda$, for any η. (Xie and Li, 2024, prove more: with full batches, AdamW can only converge to solutions whose largest weight is at most 1/λ.)
# - *Noise alone.* A running average of independent numbers with mean 0 and size 1 has the size $\sqrt{(1-\beta)/(1+\beta)}$; with β = 1 − ηλ that is $\sqrt{\eta\lambda/2}$. (Adam's steps in noise add up like independent steps of a full η: notebook 04.) Divided by λ,
#
# $$\sqrt{\overline{\theta^2}} = \sqrt{\frac{\eta}{2\lambda}}$$


# %%
def sizes(rates, lam, mean):
    """Root mean square of 300 AdamW weights after each step, with a rate for each step.

    Their gradients are ``mean`` at every step; for ``mean`` = 0 they are noise.
    """
    rng, theta = np.random.default_rng(0), [np.zeros(300)]
    optimizer = optim.AdamW(theta, weight_decay=lam)
    seen = []
    for optimizer.lr in rates:
        optimizer.step([np.full(300, mean) if mean else rng.normal(size=300)])
        seen.append(np.sqrt(np.mean(theta[0] ** 2)))
    return np.array(seen)


# %% tags=["nbval-check-output"]
for rate, lam in ((1e-3, 1), (1e-2, 1), (1e-2, 0.1), (1e-3, 10)):
    seen = sizes(np.full(int(5 / (rate * lam)), rate), lam, mean=0)
    size = np.sqrt(np.mean(seen[len(seen) // 2 :] ** 2)) / np.sqrt(rate / (2 * lam))
    claim(f"Noise, η = {rate}, λ = {lam}: the weights' size, over √(η/2λ)", size, near=1, within=0.1, digits=2)
for rate in (0.001, 0.01):
    end = sizes(np.full(int(10 / rate), rate), 2.0, mean=-1.0)[-1]
    claim(f"A steady pull, η = {rate}, λ = 2: the weight settles at", end, near=0.5, within=0.001)

# %% [markdown]
# Two balances, and they differ in what matters: in the first the rate cancels, in the second it does not. Real weights lie between: a little signal, much noise. At λ = 0.1, the usual value for language models, 1/λ is 10, which hardly any weight approaches, while √(η/2λ) at η = 3e-4 is 0.04: the order of size at which transformers are initialised (0.02).
#
# So, your guess: what happens when you *resume* a run with a tenth of the rate and leave λ alone?

# %%
cut_to_a_tenth = np.r_[np.full(1000, 0.01), np.full(4000, 0.001)]
steady, noisy = (sizes(cut_to_a_tenth, 1.0, mean) for mean in (-1.0, 0))

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
ax.semilogy(steady, color=plotting.COLORS["AdamW"], label="steady gradient")
ax.semilogy(noisy, "--", color=plotting.COLORS["AdamW"], label="noise")
for level, words in ((1.0, "1/λ"), (np.sqrt(0.005), "√(η/2λ), η = 0.01"), (np.sqrt(0.0005), "η = 0.001")):
    ax.axhline(level, color=plotting.QUIET, ls=":", lw=1)
    ax.text(5000, level * 1.08, words, ha="right", fontsize=9, color=plotting.QUIET)
ax.axvline(1000, color=plotting.QUIET, lw=1)
ax.text(1030, 0.3, "η cut to a tenth", fontsize=9, color=plotting.QUIET)
ax.set(xlabel="step t", ylabel="size of the weights", ylim=(0.01, 2))
ax.set_title("Cut the rate: signal stays where it is, noise shrinks")
ax.legend(loc="lower right", bbox_to_anchor=(1, 0.5))
plotting.show(fig, alt="After the cut, weights with a steady gradient stay at one; weights in noise shrink by √10.")

# %% tags=["nbval-check-output"]
claim("Steady gradient: size at the end over size at the cut", steady[-1] / steady[999], near=1, within=0.01, digits=2)
shrunk = noisy[900:1000].mean() / noisy[-1000:].mean()
claim("Noise: size at the cut over size at the end", shrunk, near=np.sqrt(10), within=0.5, digits=2)

# %%
balance_guess.reveal()

# %% [markdown]
# "Keep λ when you cut the rate" is therefore right for the part of the weights that the data hold in place, and lets the noise in them shrink, over the new $1/(2\eta\lambda)$, here 500 steps. To keep the sizes of noisy weights instead you would have to divide λ by ten along with η, which lets the steady ones head for ten times 1/λ, with a memory a hundred times longer. Say which you want.
#
# ### 1/(ηλ), a number to design with
#
# The memory $1/(\eta\lambda)$ can be read in steps, in epochs, or as a share of the run. It says whether λ can act at all: a weight that starts at zero under a steady pull has come only so far after 450 steps:

# %% tags=["nbval-check-output"]
for rate in (1e-3, 1e-2):
    reached = sizes(np.full(450, rate), 1.0, mean=-1.0)[-1]
    sentence = f"η = {rate}, λ = 1, memory {1 / rate:.0f} steps: share of 1/λ reached"
    claim(sentence, reached, near=1 - (1 - rate) ** 450, within=0.01, digits=2)

# %% [markdown]
# | run | η | λ | memory 1/(ηλ) | length of the run |
# |---|---|---|---|---|
# | torch's defaults | 1e-3 | 0.01 | 100 000 steps | often shorter: then decay hardly acts |
# | the middle of our maps | 1e-2 | 1 | 100 steps | 450 steps |
# | LLaMA, 7 B ([Touvron et al. 2023](https://arxiv.org/abs/2302.13971)) | 3e-4 at its peak | 0.1 | 33 000 steps | about 250 000 steps of 4 M tokens |
#
# [Wang and Aitchison (2025)](https://arxiv.org/abs/2405.13698) propose to hold the memory fixed *in epochs*: where they measured, its best value hardly changed with the size of the model and of the data. It follows that λ should *fall* when more data make the run longer in steps, and that with twice the batch (half the steps) ηλ should double. This is a statement about the product, hence about the paper's λ, from runs far longer than ours. (That longer runs want a smaller λ, Loshchilov and Hutter had seen; that the best memory is no constant share of the run, see notebook 11.) Both can be true: in a short run λ acts while the weights are still on their way, in a long one at the balance.
#
# ### Before a norm, decay sets the rate
#
# A weight matrix that is followed by a norm (layer, batch or RMS norm) has no size that matters: multiply it by ten, and the norm divides by ten. Decay cannot make such a function smoother. What does it do, then? For such weights the gradient is orthogonal to the weight vector and shrinks as $1/\lVert w\rVert$. Adam divides the second away: whatever the norm, its steps are η√d long for d weights that agree, and in noise $0.23\,\eta\sqrt d$, with β₁ = 0.9 (notebook 04). What counts for the function is the **angle** of a step, its length over the norm. Let 20 such vectors of 100 weights wander in noise, from a small and from a large start.


# %%
def wander(lam, size, lr=0.01, steps=5000):
    """Mean norm, and mean angle of a step, of 20 scale-free weight vectors."""
    rng = np.random.default_rng(0)
    w = rng.normal(size=(20, 100))
    theta = [w * size / np.linalg.norm(w, axis=1, keepdims=True)]
    optimizer, norms, angles = optim.AdamW(theta, lr=lr, weight_decay=lam), [], []
    for _ in range(steps):
        norm = np.linalg.norm(theta[0], axis=1, keepdims=True)
        before, noise = theta[0] / norm, rng.normal(size=w.shape)
        optimizer.step([(noise - (noise * before).sum(axis=1, keepdims=True) * before) / norm])
        after = theta[0] / np.linalg.norm(theta[0], axis=1, keepdims=True)
        norms.append(norm.mean())
        angles.append(np.arccos(np.clip((before * after).sum(axis=1), -1, 1)).mean())
    return np.array(norms), np.array(angles)


wanderers = {(lam, size): wander(lam, size) for lam in (0.0, 0.1) for size in (1, 10)}

# %%
fig = plotting.figure(8.5, 3.2)
left, right = fig.subplots(1, 2)
for (lam, size), (norms, angles) in wanderers.items():
    style = {"color": plotting.COLORS["AdamW" if lam else "Adam"], "ls": "-" if size == 1 else "--"}
    left.loglog(norms, **style, label=f"λ = {lam:g}, start {size}")
    right.loglog(angles, **style)
left.set(xlabel="step t", ylabel="norm of w", title="Decay pulls every norm to one value …")
right.set(xlabel="step t", ylabel="angle of a step (rad)", title="… and so all angles of a step")
right.axhline(0.229 * np.sqrt(2 * 0.01 * 0.1), color=plotting.QUIET, ls=":", lw=1)
right.text(1.2, 0.0112, "0.23 √(2ηλ)", fontsize=9, color=plotting.QUIET)
left.legend()
plotting.show(fig, alt="With decay, norms and angles from two starts meet; without, norms grow and angles fall.")

# %% tags=["nbval-check-output"]
angle = {key: angles[-300:].mean() for key, (_, angles) in wanderers.items()}
kept = np.array([angle[0.1, size] for size in (1, 10)]) / (0.229 * np.sqrt(2 * 0.01 * 0.1))
claim("λ = 0.1: the angle of a step, over 0.23 √(2ηλ), from both starts", kept, near=1, within=0.1, digits=2)
norm = np.array([wanderers[0.1, size][0][-300:].mean() for size in (1, 10)])
claim("… the norm, over √(η/2λ)·√d", norm / np.sqrt(0.01 / 0.2 * 100), near=1, within=0.1, digits=2)
slow = wander(1.0, 1, lr=0.001)[1][-300:].mean() / angle[0.1, 1]
claim("η = 0.001, λ = 1, the same ηλ: the angle, over that of λ = 0.1", slow, near=1, within=0.08, digits=2)
free = angle[0.0, 1] / angle[0.0, 10]
claim("λ = 0: the two starts' angles still differ at the end, by a factor of", free, above=1.5, approx=True)

# %% [markdown]
# (In the first thirty steps every angle falls because m begins to average.) Without decay the norm grows, so the angle goes on falling: a schedule that nobody asked for, and one that depends on the initialisation. With decay, norms settle at √(η/2λ) a coordinate, and the angle at 0.23η/√(η/2λ) = 0.23√(2ηλ): apart from β₁, in the 0.23, only the product ηλ is left. So before a norm, in runs longer than the memory 1/(ηλ), λ is a knob on the **effective learning rate** ([van Laarhoven 2017](https://arxiv.org/abs/1706.05350)), and ηλ the number that counts. [Kosson et al. (2024)](https://arxiv.org/abs/2305.17212) call it rotational equilibrium, and find in it a reason why AdamW works better than Adam + L2.
#
# ## Decay under a schedule
#
# In torch λ is multiplied by the *current* rate. A warmup therefore warms the decay up, and a cosine lets it fade. Both conventions share this, since the paper multiplies λ by its schedule $\eta_t$. What a schedule costs is easy to underestimate; guess.

# %%
cosine_guess = practice.predict("05-cosine")
cosine_guess


# %%
def left_of_one(lr=1e-3, lam=1.0, total=1000, cosine=False):
    """What torch's AdamW leaves of a weight of 1 that never sees a gradient."""
    theta = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.AdamW([theta], lr=lr, weight_decay=lam)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=total)
    for _ in range(total):
        theta.grad = torch.zeros(1)
        optimizer.step()
        if cosine:
            scheduler.step()
    return theta.item()


# %% tags=["nbval-check-output"]
claim("A constant rate leaves", left_of_one(), near=0.368, within=0.001, digits=2)
claim("A cosine to zero leaves", left_of_one(cosine=True), near=0.607, within=0.001, digits=2)
claim("A base rate ten times higher, constant, leaves", left_of_one(lr=1e-2), below=1e-4, approx=True)

# %%
cosine_guess.reveal()

# %% [markdown]
# What remains of a weight without gradient is $\exp(-\lambda\sum_t\eta_t)$: the area under the schedule decides.

# %%
t = np.arange(1000)
fig = plotting.figure(7.5, 2.6)
ax = fig.subplots()
ax.plot(t, np.full(1000, 1e-3), color=plotting.QUIET, label="constant: area 1, leaves exp(−1) = 0.37")
cosine = 0.5e-3 * (1 + np.cos(np.pi * t / 1000))
label = "cosine: area ½, leaves exp(−½) = 0.61"
ax.fill_between(t, cosine, color=plotting.COLORS["AdamW"], alpha=0.35, label=label)
ax.set(xlabel="step t", ylabel="η at step t", ylim=(0, 1.5e-3))
ax.set_title("Total decay is λ times the area under the schedule")
ax.legend(loc="upper right")
plotting.show(fig, alt="The area under a cosine is half of that under the constant rate it starts from.")

# %% [markdown]
# Three consequences:
#
# - Change from a constant rate to a cosine, and you have *halved* the total decay. Whether to double λ in return is another question: we know of no evidence that the total is what should be kept. (The AdamW paper's appendix B.1 keeps neither: λ in proportion to 1/√steps.)
# - Train twice as long at the same rate, and the total doubles.
# - Search over `lr` with λ fixed, and you search over the total decay, the memory 1/(ηλ) and the noise balance √(η/2λ) as well. Only the steady balance 1/λ stays where it is.
#
# ## What is usually not decayed
#
# Not every parameter wants to be near zero.
#
# - **Biases** only shift. There are few of them, and shrinking them does little for or against overfitting.
# - **Scales of norms** belong near one. Decay pulls them to zero. (The matrices *before* a norm are decayed: see above what it does there.)
# - **Embeddings** are a matter of taste. The row of a rare token gets decay at every step and a gradient now and then. Some recipes spare embeddings; nanoGPT decays them. Where the embedding is tied to the output layer it is one tensor, and can be in one group only.
#
# BERT's released code exempts norms and biases. nanoGPT uses a rule without names: decay what has two or more dimensions. In torch you say it with *parameter groups*, a list of dicts that each carry their own settings.

# %%
groups_exercise = practice.exercise("05-param-groups")
groups_exercise


# %%
def param_groups(model, weight_decay):
    return ...  # a list of dicts


groups_exercise.check(param_groups)

# %% [markdown]
# A parameter in *two* groups makes torch raise an error. A parameter in *no* group makes no noise: it is never trained. So count, in every script that builds groups:

# %% tags=["nbval-check-output"]
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.LayerNorm(32), torch.nn.Linear(32, 10))
decayed_ones = [p for p in model.parameters() if p.ndim >= 2]
spared = [p for p in model.parameters() if p.ndim < 2]
optimizer = torch.optim.AdamW([{"params": decayed_ones, "weight_decay": 0.1}, {"params": spared, "weight_decay": 0.0}])
in_groups = sum(p.numel() for group in optimizer.param_groups for p in group["params"])
claim("Weights in the groups: all of the model's", in_groups, equals=sum(p.numel() for p in model.parameters()))
claim("Share of them that decay", sum(p.numel() for p in decayed_ones) / in_groups, near=0.957, within=0.001)

# %% [markdown]
# ## When does AdamW matter?
#
# Four situations, and for each of them evidence.
#
# **1. A small model, inputs of one scale.** Guess first: what do the maps say about the plain digits, the third task?

# %%
plain_guess = practice.predict("05-plain-digits")
plain_guess

# %% tags=["nbval-check-output"]
best = {rule: np.nanmin(maps[rule, "plain digits"][0][:, 1:]) for rule in (Adam, AdamW)}
claim("Plain digits: best test loss of AdamW over that of Adam + L2", best[AdamW] / best[Adam], above=0.95, approx=True)
lower = 1 - min(best.values()) / max(best.values())
claim("… so the better of the two is lower by a share of", lower, below=0.15, approx=True)
plain_gains = np.array([gains[rule, "plain digits"][0] for rule in (Adam, AdamW)])
claim("Plain digits: the best L2 and the best decay lower it by", plain_gains, between=(-0.02, 0.2), approx=True)

# %%
plain_guess.reveal()

# %% [markdown]
# > **What did not work.** This was our *first* design of the heat-map: the standard digits, a standard network. The two best losses lay a few per cent apart (as above), and the figure showed no difference between the two rules that one could trust. The textbook difference appeared only when the input columns were given unequal scales. If your features are standardised and your network is small, AdamW against Adam + L2 is not where your error comes from.
#
# The check further up said it in advance: on plain digits the gradients of the columns differ by less than a factor of five. That check costs one backward pass. Make it on your own network, column by column and layer by layer, before you believe either story.
#
# **2. Gradients of very different scale.** The maps above: tuned decay lowered the test loss by an eighth and a fifth on two draws, tuned L2 not at all; accuracy rose by about a point.
#
# **3. A large transformer, trained for long.** Here one has to cite. GPT-3, LLaMA and OPT all decay at 0.1 ([Brown et al. 2020](https://arxiv.org/abs/2005.14165), [Touvron et al. 2023](https://arxiv.org/abs/2302.13971), [Zhang et al. 2022](https://arxiv.org/abs/2205.01068)). The authors of Chinchilla compared "Adam" and "AdamW" on models of 417 M and 1.4 B, without saying whether their Adam had an L2 term: with AdamW the training loss passes that of Adam only at about 80% of the cosine schedule, and ends better ([Hoffmann et al. 2022](https://arxiv.org/abs/2203.15556), footnote 8 and figure A7). A comparison stopped half-way would have picked the wrong one. What is decay there for? GPT-3's paper says "a small amount of regularization". But such models see their data about once, and [D'Angelo et al. (2024)](https://arxiv.org/abs/2310.04415) find that it lowers the *training* loss, as part of the optimization. They tried our question, too: on a GPT-2 of 124 M, L2 with a λ of its own is reported to bring the same gain.
#
# **4. Fine-tuning.** Rates are tiny and runs short, so AdamW's decay does almost nothing: it pulls by ηλ. L2 is another matter. Pre-trained weights that the new task does not need get small gradients, and λθ is then most of what Adam sees. Adam *normalises* it, to steps of nearly η. We simulate such weights: they start at 0.02, gradients are noise of size 1e-4, η = 2e-5, λ = 0.01, and there are 3000 steps.


# %%
def fine_tuned(kind, size=1e-4):
    """Share of a pre-trained weight that is left, where the gradients are noise of this size."""
    theta, noise = [np.full(500, 0.02)], np.random.default_rng(1)
    optimizer = kind(theta, lr=2e-5, weight_decay=0.01)
    for _ in range(3000):
        optimizer.step([size * noise.normal(size=500)])
    return theta[0].mean() / 0.02


# %% tags=["nbval-check-output"]
claim("Fine-tuning: share of an unneeded weight that AdamW keeps", fine_tuned(optim.AdamW), above=0.995, approx=True)
claim("… that Adam + L2 keeps", fine_tuned(optim.Adam), below=0.05, approx=True)
claim("… that Adam + L2 keeps where gradients are 1e-2", fine_tuned(optim.Adam, size=1e-2), above=0.9, approx=True)

# %% [markdown]
# Adam + L2 has erased what was pre-trained, at a rate and a λ that look harmless. Note what kind of evidence this is: a mechanism, simulated, with a noise level that we chose. Where gradients are a hundred times larger, L2 spares the weight too. And remember that both pull towards *zero*, not towards the pre-trained values.
#
# ## Which λ would you try first?
#
# In torch's convention, as a start for a sweep, not as an answer:
#
# | you train | first λ | from |
# |---|---|---|
# | a language model from scratch | 0.1 | GPT-3, LLaMA, OPT |
# | a vision transformer or modern CNN from scratch, strong augmentation | 0.05 | DeiT, ConvNeXt ([Touvron et al. 2021](https://arxiv.org/abs/2012.12877), [Liu et al. 2022](https://arxiv.org/abs/2201.03545)) |
# | a CNN with SGD and momentum | 1e-4, as L2 through the buffer | [torchvision's references](https://github.com/pytorch/vision/tree/main/references/classification) |
# | a fine-tune of a large model | 0.01, or 0 | BERT's code; ConvNeXt fine-tunes with 1e-8 |
# | a small network on a few hundred rows | sweep 0.03 to 3 | the maps above |
#
# Then compute 1/(ηλ). If it is far longer than your run, decay hardly acts: only a much larger λ would change anything. If you change the batch or the amount of data, keep 1/(ηλ), counted in epochs, before you keep λ. And sweep in factors of three: valleys are wide.
#
# ## In the interview

# %%
practice.interview("05-adam-vs-adamw")

# %%
practice.interview("05-no-decay")

# %% [markdown]
# ## Recap
#
# - L2 and decay are equal for *plain* SGD, after λ is rescaled by η. With momentum L2 pulls about 1/(1 − μ) times harder. For Adam no rescaling helps: √v̂ divides the penalty.
# - Adam + L2 crushes weights with small gradients (by up to η a step) and spares those with large ones. AdamW shrinks all alike.
# - torch multiplies λ by the current rate, the paper by the schedule only. Total decay is λ·Ση, the memory 1/(ηλ).
# - Weights settle at 1/λ under a steady gradient, at √(η/2λ) in noise. Before a norm, ηλ sets the angle of a step.
# - Decay matrices. Spare biases and norms. Check that every parameter is in a group.
# - It matters with unequal gradient scales, and it can in fine-tuning. On large models the reports differ. On small standardised tasks it hardly does.

# %%
practice.self_check("05")

# %% [markdown]
# **Next:** [06 Warmup and schedules](06_warmup_and_schedules.ipynb), where η itself begins to move.
#
# **Sources.** I. Loshchilov and F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019: algorithms 1 (SGDW) and 2 (AdamW), figures 1 and 2 for the maps, and section 4 for the sentence on Adam with L2. S. Xie and Z. Li, [*Implicit bias of AdamW: ℓ∞ norm constrained optimization*](https://arxiv.org/abs/2404.04454), ICML 2024. J. Hoffmann et al., [*Training compute-optimal large language models*](https://arxiv.org/abs/2203.15556), 2022. J. Devlin et al., [*BERT*](https://arxiv.org/abs/1810.04805), 2019, and its released code. T. van Laarhoven, [*L2 regularization versus batch and weight normalization*](https://arxiv.org/abs/1706.05350), 2017. A. Kosson, B. Messmer and M. Jaggi, [*Rotational equilibrium*](https://arxiv.org/abs/2305.17212), ICML 2024. X. Wang and L. Aitchison, [*How to set AdamW's weight decay as you scale model and dataset size*](https://arxiv.org/abs/2405.13698), ICML 2025. F. D'Angelo et al., [*Why do we need weight decay in modern deep learning?*](https://arxiv.org/abs/2310.04415), NeurIPS 2024. A. Karpathy, [nanoGPT](https://github.com/karpathy/nanoGPT). The settings of GPT-3, LLaMA and OPT are from the papers linked above.
