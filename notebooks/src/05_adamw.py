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
# - *explain* why L2 regularisation and weight decay are one thing for SGD and two things for Adam;
# - *predict* which weights Adam with L2 shrinks, and which it spares;
# - *write* AdamW from Adam with one line, and *test* that line where a test can fail;
# - *read* a published weight decay, and *convert* it between the paper's convention and torch's;
# - *choose* which parameters decay, and *judge* when the difference is worth your time.
#
# About 45 minutes. Builds on [04 Adam](04_adam.ipynb); runs without it.
#
# > **The question.** You add ½λ‖θ‖² to the loss, to keep the weights small, and train with Adam. Two weights have gradients that differ a thousandfold in size. Which of the two does your penalty shrink?

# %%
from dataclasses import replace

import numpy as np
import torch

from adamkit import explorers, optim, plotting, practice, schedules
from adamkit.claims import claim
from adamkit.rules import Adam, AdamW

# %%
shrink_guess = practice.predict("05-which-shrinks")
shrink_guess

# %% [markdown]
# ## Two ways to keep weights small
#
# Large weights make a network twitchy: small changes of the input become large changes of the output. Two remedies are old, and they look alike.
#
# **L2 regularisation** changes the *loss*. It adds $\tfrac{\lambda}{2}\lVert\theta\rVert^2$, whose gradient is $\lambda\theta$. The optimizer is handed $g+\lambda\theta$ and never learns which part came from the data.
#
# **Weight decay** changes the *update*. Each step first shrinks every weight by a fixed factor, and then does whatever the optimizer does with $g$.
#
# For gradient descent, write both down:
#
# $$\theta - \eta\,(g + \lambda\theta) \;=\; (1-\eta\lambda)\,\theta - \eta g$$
#
# The left side is L2, the right side is decay. They are equal, as long as the decay per step is called $\eta\lambda$. For decades nobody had a reason to keep the two names apart. Let us see how equal they are, on a path of 200 steps.

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
        self.params[0] *= 1 - self.decay
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
# For SGD the gap is round-off. For Adam it is not. Why?
#
# ## What Adam does to a penalty
#
# Hand $g+\lambda\theta$ to Adam, and λθ is treated like any gradient. It is averaged into $m$, and at the end divided by $\sqrt{\hat v}$. If the data's part dominates $v$, the pull on the weight is roughly
#
# $$\eta\,\frac{\lambda\theta}{\sqrt{\hat v}}$$
#
# A weight whose gradients are usually 10 gets a tenth of the intended pull. A weight whose gradients are usually 0.01 gets a hundredfold. Nobody asked for that. The penalty was meant to depend on the *size of the weight*, and now it depends on the *size of its gradient*.
#
# To see it in the purest form, take gradients that say nothing: noise around zero. There is nothing to learn, so decay should simply shrink each weight by $(1-\eta\lambda)$ a step. We use five gradient scales, 400 weights for each, all starting at 1.

# %%
scales = np.array([1e-3, 1e-2, 0.1, 1, 10])
lr, lam, steps = 1e-3, 0.1, 5000


def after_noise(kind):
    """Mean weight for each scale after many steps of pure noise."""
    theta, noise = [np.ones((5, 400))], np.random.default_rng(0)
    optimizer = kind(theta, lr=lr, weight_decay=lam)
    for _ in range(steps):
        optimizer.step([scales[:, None] * noise.normal(size=(5, 400))])
    return theta[0].mean(axis=1)


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
claim("… where they are 1", kept["Adam"][3], near=0.60, within=0.03, digits=1)
claim("… where they are 10", kept["Adam"][4], near=0.95, within=0.02, digits=2)

# %%
shrink_guess.reveal()

# %% [markdown]
# Look at the scale 1. There both rules agree, since dividing by 1 changes nothing. A test with gradients of order one would pass.
#
# ## The line that moves
#
# AdamW (Loshchilov and Hutter, 2019) puts the decay back where it was meant to be: beside Adam's step, not inside the gradient. In torch's form, for each parameter:
#
# $$\theta \leftarrow \theta - \eta\lambda\,\theta \qquad\text{then}\qquad \theta \leftarrow \theta - \eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon}\,,\quad m, v \text{ fed with } g \text{ alone.}$$
#
# **Your turn.** Take your Adam of notebook 04 and add the line. There are eighteen ways to miss that the checker knows by name.

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
# Names are no guide here. `torch.optim.Adam(weight_decay=…)` means L2; other libraries have an `Adam` whose `weight_decay` means decay. When you port a recipe, run a check like the one above. How *not* to check is the next exercise.

# %%
zero_decay = practice.exercise("05-zero-decay")
zero_decay

# %%
three_thetas = [..., ..., ...]  # Adam + L2 at λ = 0.5, AdamW at λ = 0.5, AdamW at λ = 0
zero_decay.check(three_thetas)

# %% [markdown]
# ## Two weights, two rules
#
# Below, two weights start at 1. You choose the scale of each one's gradients, λ and η. The grey diagonal is where both weights shrink alike.

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
# At α = 1e-3, torch's 0.1 is the paper's 0.0001. A decay without its convention is not a number you can use.
#
# Does it matter for tuning? The paper's figures 1 and 2 show the test error over (rate, decay) on CIFAR-10. With L2 the good region lies along a diagonal, so neither number can be tuned alone. With decay it is more nearly separable. Let us draw such a map, on a task that a laptop can train a few hundred times.
#
# The task must have gradients of unequal scale, or there is nothing to see. We take the digits with 300 training rows, and multiply each of the 64 input columns by its own factor, drawn between 0.03 and 30: a caricature of real tables, where one column holds metres and the next one kilograms. The network has 32 hidden units and is trained for 150 epochs.

# %%
from adamkit.training import ensembles, tasks

plain = tasks.digits_mlp(rows=300)


def unequal(seed):
    factors = 10.0 ** np.random.default_rng(seed).uniform(-1.5, 1.5, size=64)
    return replace(plain, data=plain.data.scaled(factors))


rates = 10.0 ** np.arange(-3.5, -0.9, 0.5)
decays = {Adam: 10.0 ** np.arange(-3, 0.6, 0.5), AdamW: 10.0 ** np.arange(-1.5, 1.6, 0.5)}


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
# One call trains all settings of a map at once; 150 epochs are 450 steps of 100 rows. The first column of the result is λ = 0, where the two rules are the same. We train on two different draws of the factors, to see what is chance and what is not.


# %%
def map_of(rule, task, rates=rates):
    """Test loss, (rates, 1 + decays): λ = 0 first."""
    settings = ensembles.grid(rule(), lr=rates, weight_decay=np.r_[0, decays[rule]])
    history = ensembles.train(settings, task, steps=450, batch_size=100, seed=0)
    return history.last("test_loss").reshape(len(rates), -1)


maps = {(rule, draw): map_of(rule, unequal(draw)) for draw in (0, 1) for rule in (Adam, AdamW)}


# %% [markdown]
# A cell of a map stands at (η, λ), drawn on logarithmic axes; grey means that the training diverged. The star marks the best cell. All maps share one colour scale.


# %%
def draw_decays(ax, lam, loss, *, color_range=(0.35, 2.5)):
    """A map of test loss over log η and log λ; ``lam`` has the shape of ``loss``, (rates, decays)."""
    x, y = np.log10(np.broadcast_to(rates[:, None], loss.shape)), np.log10(lam)
    shades = {"norm": "log", "vmin": color_range[0], "vmax": color_range[1], "cmap": "viridis_r"}
    mesh = ax.pcolormesh(x, y, np.ma.masked_invalid(loss), shading="nearest", **shades)
    mesh.set_cmap(mesh.get_cmap().with_extremes(bad="lightgrey"))
    best = np.unravel_index(np.nanargmin(loss), loss.shape)
    ax.plot(x[best], y[best], "*", color="white", markeredgecolor="black", markersize=14)
    ax.grid(False)
    ax.set_xlabel("log₁₀ η")
    return mesh


# %%
fig = plotting.figure(8.5, 3.8)
for ax, rule, name in zip(fig.subplots(1, 2), (Adam, AdamW), ("Adam + L2", "AdamW"), strict=True):
    loss = maps[rule, 0][:, 1:]
    mesh = draw_decays(ax, np.broadcast_to(decays[rule], loss.shape), loss)
    ax.set(ylabel="log₁₀ λ (torch's)", title=f"{name}: best {np.nanmin(loss):.2f}")
fig.colorbar(mesh, ax=fig.axes, label="test loss", ticks=[0.4, 0.6, 1, 2], format="%g")
fig.suptitle("Only AdamW's decay finds a better place than no decay at all")
plotting.show(fig, alt="Test loss over rate and decay: AdamW has a horizontal valley near lambda 1, L2 has none.")

# %% [markdown]
# On the left, decay does nothing until it does harm; at high rates it repairs some of the damage that the rate has done. On the right there is a valley, and the valley is lower than anything on the left. How much lower? We compare each map's best cell with the best that no decay at all achieves.

# %% tags=["nbval-check-output"]
for draw in (0, 1):
    none = np.nanmin(maps[Adam, draw][:, 0])
    gain = {rule: 1 - np.nanmin(maps[rule, draw]) / none for rule in (Adam, AdamW)}
    claim(f"Draw {draw}: tuned L2 lowers the best test loss by a share of at most", gain[Adam], below=0.08, approx=True)
    claim(f"Draw {draw}: tuned decay lowers it by a share of at least", gain[AdamW], above=0.18, approx=True)

# %% [markdown]
# The L2 penalty hardly helps here, and the noise experiment says why: λ is one number, and the loud weights begin to feel it only when it has already crushed the quiet ones.
#
# ### The same data on the other axis
#
# The right-hand valley is horizontal: the same λ, about 1, is good for all working rates. So in torch's convention you may tune η and λ one after the other. Now plot the very same numbers against the paper's λ, which is η times as large. Nothing is trained again.

# %%
loss = maps[AdamW, 0][:, 1:]
torch_decay = np.broadcast_to(decays[AdamW], loss.shape)
paper_decay = rates[:, None] * torch_decay

fig = plotting.figure(8.5, 3.8)
left, right = fig.subplots(1, 2)
mesh = draw_decays(left, torch_decay, loss)
draw_decays(right, paper_decay, loss)
left.set(ylabel="log₁₀ λ, multiplied by η (torch)", title="torch's λ: tune one by one")
right.set(ylabel="log₁₀ λ, not multiplied (paper)", title="the paper's λ: a diagonal")
fig.colorbar(mesh, ax=fig.axes, label="test loss", ticks=[0.4, 0.6, 1, 2], format="%g")
plotting.show(fig, alt="The same losses twice: a horizontal valley in torch's lambda, a diagonal in the paper's.")


# %% tags=["nbval-check-output"]
working = slice(1, 5)  # η from 1e-3 to 3e-2
best = np.nanargmin(loss[working], axis=1)
wander = {
    name: np.ptp(np.log10(decay[working][np.arange(4), best]))
    for name, decay in (("torch", torch_decay), ("paper", paper_decay))
}
claim("As η grows from 1e-3 to 3e-2, torch's best λ wanders, in decades", wander["torch"], below=0.6, approx=True)
claim("… and the paper's best λ by at least", wander["paper"], above=0.9, approx=True)

# %% [markdown]
# So "AdamW makes rate and decay separable" is a sentence with a hidden axis. On this task it holds for torch's λ and fails for the paper's. The paper reports more nearly separable maps for its own λ, with another network, a schedule and a budget of 100 epochs. Both can be true. What you should take home is the habit: ask which λ is on the axis.
#
# ### Why torch's λ has a place of its own
#
# There is a reason for the horizontal valley. Suppose that a weight's gradient keeps its sign. Adam then moves it by η each step, and decay pulls it back by ηλ|θ|. The two balance where
#
# $$\eta = \eta\lambda\,|\theta| \quad\Longrightarrow\quad |\theta| = 1/\lambda.$$
#
# The rate has cancelled: η says how fast the balance is reached, λ says where it lies. (Xie and Li, 2024, prove more: with full batches, AdamW can only converge to solutions whose largest weight is at most 1/λ.)

# %% tags=["nbval-check-output"]
for rate in (0.001, 0.01, 0.1):
    theta = [np.zeros(1)]
    pulled = optim.AdamW(theta, lr=rate, weight_decay=2.0)
    for _ in range(int(10 / rate)):
        pulled.step([np.array([-1.0])])
    claim(f"η = {rate}, λ = 2, a steady pull: the weight settles at", theta[0].item(), near=0.5, within=0.001)

# %% [markdown]
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
    schedule = schedules.warmup_cosine(warmup=0, total=total) if cosine else schedules.constant()
    scheduler = schedule.as_lambda_lr(optimizer)
    for _ in range(total):
        theta.grad = torch.zeros(1)
        optimizer.step()
        scheduler.step()
    return theta.item()


# %% tags=["nbval-check-output"]
claim("A constant rate leaves", left_of_one(), near=0.368, within=0.001, digits=2)
claim("A cosine to zero leaves", left_of_one(cosine=True), near=0.607, within=0.001, digits=2)
claim("A base rate ten times higher, constant, leaves", left_of_one(lr=1e-2), below=1e-4, approx=True)

# %%
cosine_guess.reveal()

# %% [markdown]
# What remains of a weight without gradient is $\exp(-\lambda\sum_t\eta_t)$. Three consequences:
#
# - Change from a constant rate to a cosine, and you have *halved* the total decay. To keep it, double λ.
# - Train twice as long at the same rate, and the total doubles.
# - Search over `lr` with λ fixed, and you search over the total decay as well. By the argument of the last section that may be what you want: the balance 1/λ stays where it is. Just know that it happens.
#
# ## What is usually not decayed
#
# Not every parameter wants to be near zero.
#
# - **Biases** only shift. There are few of them, and shrinking them does little for or against overfitting.
# - **Scales of norms** belong near one. Decay pulls them to zero.
# - **Embeddings** are a matter of taste. The row of a rare token gets decay at every step and a gradient now and then. Some recipes spare embeddings; nanoGPT decays them.
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
# The most expensive slip in that exercise makes no noise. A parameter that is in *no* group is never trained, and no error is raised. So count, in every script that builds groups:

# %% tags=["nbval-check-output"]
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.LayerNorm(32), torch.nn.Linear(32, 10))
decayed_ones = [p for p in model.parameters() if p.ndim >= 2]
spared = [p for p in model.parameters() if p.ndim < 2]
optimizer = torch.optim.AdamW([{"params": decayed_ones, "weight_decay": 0.1}, {"params": spared, "weight_decay": 0.0}])
in_groups = sum(p.numel() for group in optimizer.param_groups for p in group["params"])
claim("Numbers in the groups, of 2474 in the model", in_groups, equals=sum(p.numel() for p in model.parameters()))
claim("Share of the numbers that decay", sum(p.numel() for p in decayed_ones) / in_groups, near=0.957, within=0.001)

# %% [markdown]
# ## When does AdamW matter?
#
# Four situations, and for each of them evidence.
#
# **1. A small model, inputs of one scale.** Guess first: we repeat both maps on the digits as they are, for the four rates that worked best.

# %%
plain_guess = practice.predict("05-plain-digits")
plain_guess

# %%
plain_best = {rule: np.nanmin(map_of(rule, plain, rates=rates[1:5])) for rule in (Adam, AdamW)}

# %% tags=["nbval-check-output"]
ratio = plain_best[AdamW] / plain_best[Adam]
claim("Plain digits: best test loss of AdamW over that of Adam + L2", ratio, between=(0.9, 1.1), approx=True)

# %%
plain_guess.reveal()

# %% [markdown]
# > **What did not work.** This was our *first* design of the heat-map: the standard digits, a standard network. Both maps had the same best loss, and the figure showed nothing but noise. The textbook difference appeared only when the input columns were given unequal scales. If your features are standardised and your network is small, AdamW against Adam + L2 is not where your error comes from.
#
# The check further up said it in advance: on plain digits the gradients of the columns differ by less than a factor of five. That check costs one backward pass. Make it on your own network, layer by layer, before you believe either story.
#
# **2. Gradients of very different scale.** The maps above: tuned decay removed 18% of the test loss or more, tuned L2 at most 8%.
#
# **3. A large transformer, trained for long.** Here one has to cite. GPT-3, LLaMA and OPT all decay at 0.1 ([Brown et al. 2020](https://arxiv.org/abs/2005.14165), [Touvron et al. 2023](https://arxiv.org/abs/2302.13971), [Zhang et al. 2022](https://arxiv.org/abs/2205.01068)). The authors of Chinchilla compared the two rules: a model trained with AdamW passes one trained with Adam only at about 80% of the cosine schedule, and ends better ([Hoffmann et al. 2022](https://arxiv.org/abs/2203.15556)). A comparison stopped half-way would have picked the wrong one.
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
# ## In the interview

# %%
practice.interview("05-adam-vs-adamw")

# %%
practice.interview("05-no-decay")

# %% [markdown]
# ## Recap
#
# - L2 and decay are equal for SGD, after λ is rescaled by η. For Adam they are not: √v̂ divides the penalty.
# - Adam + L2 crushes weights with small gradients and spares those with large ones. AdamW shrinks all alike.
# - torch multiplies λ by the current rate, the paper by the schedule only. Total decay is λ·Ση; the balance is at 1/λ.
# - Decay matrices. Spare biases and norms. Check that every parameter is in a group.
# - It matters with unequal gradient scales, long runs of large models, and fine-tuning. On small standardised tasks it does not.

# %%
practice.self_check("05")

# %% [markdown]
# **Next:** [06 Warmup and schedules](06_warmup_and_schedules.ipynb), where η itself begins to move.
#
# **Sources.** I. Loshchilov and F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019: algorithm 2, and figures 1 and 2 for the maps. S. Xie and Z. Li, [*Implicit bias of AdamW: ℓ∞ norm constrained optimization*](https://arxiv.org/abs/2404.04454), ICML 2024. J. Hoffmann et al., [*Training compute-optimal large language models*](https://arxiv.org/abs/2203.15556), 2022. J. Devlin et al., [*BERT*](https://arxiv.org/abs/1810.04805), 2019, and its released code. A. Karpathy, [nanoGPT](https://github.com/karpathy/nanoGPT). The settings of GPT-3, LLaMA and OPT are from the papers linked above.
