# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · RMSprop, by way of AdaGrad
#
# **After this notebook you can**
#
# - *write* AdaGrad and RMSprop from memory, and *say* what each of them remembers;
# - *say* which scale these methods ignore (the gradient's) and which they do not (the parameter's);
# - *predict* when a rate for each parameter helps, and *construct* a case in which it does nothing;
# - *place* ε and momentum, and *port* a setting between libraries that place them differently;
# - *measure* the differences between SGD, momentum, RMSprop and Adam instead of reciting them.
#
# About 90 minutes. Builds on [01 SGD](01_sgd.ipynb) and borrows a word or two from [02 momentum](02_momentum.ipynb); runs without them.
#
# > **The question.** RMSprop crosses a long, narrow ravine as if it were a round bowl. Turn the picture by 45°, the start with it: same ravine, same steepness. Gradient descent does not notice. Does RMSprop?

# %%
from functools import partial

import numpy as np

from adamkit import optim, plotting, practice, tasks
from adamkit.claims import claim
from adamkit.lessons import explorers

# %%
rotation_guess = practice.predict("03-rotate")
rotation_guess

# %% [markdown]
# ## One rate for all is one too few
#
# Notebook 01 ended with a complaint. A weight whose feature shows up in 1% of the rows sees, on average, a gradient a hundred times smaller than the others, and plain SGD multiplies all of them by the same η. Raise η for the rare weight's sake, and the common ones start to shake.
#
# The way out is a rate for *each* parameter. But nobody can choose a million rates by hand, so the gradients themselves must do it. All methods of this notebook share one idea:
#
# > divide each coordinate's gradient by the size that this coordinate's gradients usually have.
#
# They differ in one word, "usually": over what stretch of the past is the size taken?
#
# ## AdaGrad: remember everything
#
# AdaGrad (Duchi, Hazan and Singer, 2011) adds up the squares of all gradients it has ever seen, coordinate by coordinate, and divides by the root of the sum:
#
# $$s_t = s_{t-1} + g_t^2 \qquad\qquad \theta_t = \theta_{t-1} - \eta\,\frac{g_t}{\sqrt{s_t}+\varepsilon}$$
#
# Squares and roots are taken element by element. For now, ε only prevents a division by zero. A coordinate whose gradients are small has a small sum, and so keeps a large rate.
#
# **Your turn.** Two lines inside a loop. If you are stuck, `adagrad_exercise.hint()` opens one hint at a time, and `adagrad_exercise.solution()` shows ours.

# %%
adagrad_exercise = practice.exercise("03-adagrad")
adagrad_exercise


# %%
class MyAdaGrad:
    def __init__(self, params, lr=0.01, eps=1e-10): ...

    def step(self, grads):
        return ...  # change params in place


adagrad_exercise.check(MyAdaGrad)

# %% [markdown]
# On one array of parameters the whole method is six lines. Compare yours.


# %%
def adagrad(gradient, theta, steps, lr=0.01, eps=1e-10):
    s = np.zeros_like(theta)
    for _ in range(steps):
        g = gradient(theta)
        s = s + g**2  # everything, for ever
        theta = theta - lr * g / (np.sqrt(s) + eps)
    return theta


# %% [markdown]
# (Some libraries start the sum above zero. TensorFlow's and optax's begin at 0.1, which shortens the first steps of a weight with small gradients.)
#
# Before you go on: the sum only grows.

# %%
adagrad_guess = practice.predict("03-adagrad-distance")
adagrad_guess


# %%
def walk(make, gradients):
    """Where a weight stands after each of a stream of gradients; η is 1."""
    theta = [np.zeros(1)]
    optimizer = make(theta, lr=1.0)
    return np.array([optimizer.step([np.array([g])])[0].item() for g in gradients])


steady = -walk(optim.AdaGrad, np.ones(10_000))

# %% tags=["nbval-check-output"]
claim("A steady gradient: after 100 steps AdaGrad has moved the weight by η times", steady[99], near=18.6, within=0.05)
claim("… after 10 000 steps, by η times", steady[-1], near=199, within=1)
claim("… and step 10 000 itself is η times", steady[-1] - steady[-2], near=0.01, within=1e-6)

# %%
adagrad_guess.reveal()

# %% [markdown]
# With a steady gradient the sum is $s_t = t\,g^2$, so step number $t$ has the length $\eta/\sqrt t$. The gradient's size has cancelled, and a schedule has appeared that nobody asked for.
#
# ### When the rate dies, and when it freezes
#
# "AdaGrad's rate dies" is therefore true *while the gradients keep their size*. Noise keeps it: mini-batches disagree even at the minimum. Without noise the gradients vanish, the sum stops growing, and the rate stays where it is. One parabola, $\tfrac12\theta^2$, both ways:


# %%
def adagrad_rates(noise, steps=10_000, lr=0.1):
    rng, theta, s, seen = np.random.default_rng(0), 1.0, 0.0, []
    for _ in range(steps):
        g = theta + noise * rng.normal()
        s += g**2
        theta -= lr * g / np.sqrt(s)
        seen.append(lr / np.sqrt(s))
    return np.array(seen)


quiet, noisy = adagrad_rates(noise=0), adagrad_rates(noise=1)

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
t = np.arange(1, 10_001)
ax.loglog(t, quiet, color=plotting.COLORS["AdaGrad"], label="no noise")
ax.loglog(t, noisy, "--", color=plotting.COLORS["AdaGrad"], label="noise of size 1")
ax.loglog(t, 0.1 / np.sqrt(t), color=plotting.INK, lw=1, ls=":", label="η/√t")
ax.set(xlabel="step t", ylabel="AdaGrad's rate η/√s", title="Without noise the rate freezes; with noise it dies")
ax.legend()
plotting.show(fig, alt="On a parabola AdaGrad's rate levels off at 0.032 without noise, and falls like 1/√t with it.")

# %% tags=["nbval-check-output"]
claim("No noise: the rate at step 10 000 over that at step 100", quiet[-1] / quiet[99], near=1, within=0.01, digits=3)
claim("Noise: the rate at step 10 000, over η/√t", noisy[-1] / (0.1 / np.sqrt(10_000)), near=1, within=0.05, digits=2)
slower = quiet[-1] / adagrad_rates(noise=0, lr=0.01)[-1]
claim("No noise, a tenth of η: the rate that is left is smaller by a factor of", slower, near=81, within=1, digits=2)

# %% [markdown]
# So on a smooth problem without noise AdaGrad ends as gradient descent, at a rate that the gradients on the way have chosen. How soon, and at which rate, depends on η: with a tenth of it the way is longer, more squares are added up, and what freezes is much less than a tenth.
#
# When is the dying rate right? In the setting it was made for: convex losses that arrive one after the other, with gradients that never settle. There $1/\sqrt t$ is what the proof needs, and in the worst case no method has a better rate. AdaGrad is still a sound choice for linear models over many rare features. Training a deep network is another setting: the loss changes its shape along the way, and AdaGrad holds the past against a weight for ever.
#
# ## RMSprop: let the memory fade
#
# The smallest change that forgets: replace the sum by a running average.
#
# $$v_t = \beta_2\, v_{t-1} + (1-\beta_2)\,g_t^2 \qquad\qquad \theta_t = \theta_{t-1} - \eta\,\frac{g_t}{\sqrt{v_t}+\varepsilon}$$
#
# The average looks back over about $1/(1-\beta_2)$ steps: 10 for the 0.9 of the original lecture, 100 for PyTorch's default of 0.99. In code, one line changes.

# %%
rmsprop_exercise = practice.exercise("03-rmsprop")
rmsprop_exercise


# %%
class MyRMSprop:
    def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8): ...

    def step(self, grads):
        return ...  # change params in place


rmsprop_exercise.check(MyRMSprop)

# %% [markdown]
# Six lines again, and one of them new:


# %%
def rmsprop(gradient, theta, steps, lr=0.01, beta2=0.99, eps=1e-8):
    v = np.zeros_like(theta)
    for _ in range(steps):
        g = gradient(theta)
        v = beta2 * v + (1 - beta2) * g**2  # the recent past
        theta = theta - lr * g / (np.sqrt(v) + eps)
    return theta


# %% [markdown]
# What does forgetting buy? Feed both a rough start: fifty gradients of 10, and from then on gradients of 1. We watch the *rate* that each grants the weight, $\eta/\sqrt{s}$ or $\eta/\sqrt{v}$. AdaGrad's falls in any case, so it runs a second time *without* the rough start, as a control.


# %%
rough_start = np.r_[np.full(50, 10.0), np.ones(950)]


def fading(squares, beta2=0.99):
    v, seen = 0.0, []
    for square in squares:
        v = beta2 * v + (1 - beta2) * square
        seen.append(v)
    return np.array(seen)


granted = {"RMSprop": 1 / np.sqrt(fading(rough_start**2)), "AdaGrad": 1 / np.sqrt(np.cumsum(rough_start**2))}
control = 1 / np.sqrt(np.arange(1, 1001))

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
for name, seen in granted.items():
    ax.semilogy(seen, color=plotting.COLORS[name], label=name)
ax.semilogy(control, ":", color=plotting.COLORS["AdaGrad"], label="AdaGrad without the rough start")
ax.axvspan(0, 50, color="grey", alpha=0.15, lw=0)
ax.text(55, 2.0, "gradients of 10, then of 1", fontsize=9, color=plotting.QUIET)
ax.set(xlabel="step t", ylabel="rate of the weight, in units of η", ylim=(0.008, 4))
ax.set_title("RMSprop forgets a rough start; AdaGrad pays for it on top of its own decay")
ax.legend(loc="lower right", bbox_to_anchor=(1, 0.38))
plotting.show(fig, alt="RMSprop's rate climbs back to eta; AdaGrad's stays near 0.013, its control at 0.032.")

# %% tags=["nbval-check-output"]
at_last = {name: seen[-1] for name, seen in granted.items()}
claim("At step 1000 RMSprop grants the weight a rate of η times", at_last["RMSprop"], near=1, within=0.01, digits=2)
claim("AdaGrad grants it η times", at_last["AdaGrad"], near=0.013, within=0.0005, digits=2)
claim("AdaGrad without the rough start: η times", control[-1], near=0.0316, within=0.0005, digits=2)

# %% [markdown]
# Of the factor of 77 between the two methods, 32 is AdaGrad's ordinary $1/\sqrt t$. The rough start that it cannot forget adds a factor of 2.4.
#
# ### Where it comes from
#
# RMSprop has no paper. Geoffrey Hinton presented it in his Coursera course in 2012. The slides are called *Lecture 6e*; most papers cite "Tieleman and Hinton, *Lecture 6.5 – rmsprop*". Both names mean the same lecture.
#
# Hinton did not come from AdaGrad. He came from **Rprop**, which looks only at the *sign* of each gradient, and asked why it fails with mini-batches. His example is worth keeping. A weight gets the gradient +0.1 in nine batches and −0.9 in the tenth. The gradients add up to zero, so the weight should stay where it is. A rule that sees only signs moves it nine times one way and once the other. The cure: divide by a number that is *nearly the same for neighbouring batches*, and then the gradients can still cancel.
#
# RMSprop at β₂ = 0 *is* sign descent, since then $\sqrt v = |g|$. So one knob takes us from the disease to the cure.

# %%
nine_to_one = np.tile(np.r_[np.full(9, 0.1), -0.9], 300)
paths = {beta2: walk(partial(optim.RMSprop, beta2=beta2), nine_to_one) for beta2 in (0, 0.9, 0.99)}

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
for (beta2, path), shade in zip(paths.items(), (0.35, 0.65, 1.0), strict=True):
    name = "β₂ = 0 (sign only)" if beta2 == 0 else f"β₂ = {beta2}"
    ax.plot(path[-100:] - path[-101], color=plotting.COLORS["RMSprop"], alpha=shade, label=name)
ax.set(xlabel="step (the last 100 of 3000)", ylabel="weight since step 2900, in units of η")
ax.set_title("A longer memory lets opposite gradients cancel")
ax.legend()
plotting.show(fig, alt="Sign descent lets the weight drift by 8 eta in ten steps; at beta2 0.99 it stays.")

# %% tags=["nbval-check-output"]
drift = {beta2: path[-11] - path[-1] for beta2, path in paths.items()}
claim("Drift per cycle of ten batches at β₂ = 0, in units of η", drift[0], near=8, within=1e-6)
claim("… at β₂ = 0.9", drift[0.9], near=0.68, within=0.01, digits=2)
claim("… at β₂ = 0.99", drift[0.99], near=0.067, within=0.001, digits=2)

# %% [markdown]
# In each cycle the weight walks nine steps down and one long step back up. With signs alone the long step is as short as the others. At β₂ = 0.99 the divisor hardly changes within a cycle, so the tenth gradient counts nine times as much as one of the nine, as it should.
#
# Every further 9 in β₂ makes the drift ten times smaller. So there is a price on both sides: a short memory listens to signs and lets a rare large gradient count for too little; a long one reacts late when the gradients change their size.
#
# ### The start at zero
#
# RMSprop's average starts at zero, and nothing corrects for it. Guess what this does to the first step.

# %%
first_step_guess = practice.predict("03-first-step")
first_step_guess

# %% tags=["nbval-check-output"]
default = -walk(optim.RMSprop, np.full(1000, 5.0))
claim("torch's default β₂ = 0.99: the first step is η times", default[0], near=10, within=1e-6)
for beta2, length in ((0.9, 3.16), (0.999, 31.6)):
    first = -walk(partial(optim.RMSprop, beta2=beta2), [5.0])[0]
    claim(f"With β₂ = {beta2} it is η times", first, near=length, within="1%")
claim("By step 1000 it is ahead of steps of η by this many of them", default[-1] - 1000, near=124, within=1)

# %%
first_step_guess.reveal()

# %% [markdown]
# A reader who sets `lr=0.01` in PyTorch takes a first step of 0.1, whatever the gradient. Adam divides $v$ by $1-\beta_2^t$ and is free of this; notebook 04 derives that factor.
#
# Are the six lines above PyTorch's? A hundred steps in float64, with an ε large enough to show where it stands:

# %%
import torch


def bumpy(theta):
    return theta**3 - np.sin(3 * np.roll(theta, 1))


start = np.random.default_rng(0).normal(size=8)
theirs = torch.tensor(start, requires_grad=True)
torch_engine = torch.optim.RMSprop([theirs], lr=0.01, alpha=0.9, eps=0.1)
for _ in range(100):
    theirs.grad = torch.tensor(bumpy(theirs.detach().numpy()))
    torch_engine.step()

# %% tags=["nbval-check-output"]
ours = rmsprop(bumpy, start, steps=100, beta2=0.9, eps=0.1)
gap = np.abs(ours - theirs.detach().numpy()).max()
claim("Six lines of NumPy and torch.optim.RMSprop agree after 100 steps to", gap, below=1e-12, approx=True)

# %% [markdown]
# ## What the division does
#
# Multiply the *gradient* of one coordinate by 1000. SGD's path changes beyond recognition. What about the others? This time you write the experiment.

# %%
rescale = practice.exercise("03-rescale")
rescale


# %%
def rescaling_gap(make, gradients, scale):
    return ...  # largest |difference| between the path with coordinate 0 rescaled and the path without


rescale.check(rescaling_gap)

# %% [markdown]
# Here is such an experiment, for four methods with ε = 0.


# %%
def end_of_path(name, scale, **settings):
    """Where two weights end after 100 random gradients, the first one's multiplied by ``scale``."""
    gradients = np.random.default_rng(4).normal(1, 1, size=(100, 2)) * [scale, 1]
    theta = [np.zeros(2)]
    optimizer = getattr(optim, name)(theta, lr=0.01, **settings)
    for g in gradients:
        optimizer.step([g])
    return theta[0]


# %% tags=["nbval-check-output"]
for name, settings in (("SGD", {}), ("AdaGrad", {"eps": 0.0}), ("RMSprop", {"eps": 0.0}), ("Adam", {"eps": 0.0})):
    apart = np.abs(end_of_path(name, 1000, **settings) - end_of_path(name, 1, **settings)).max()
    bound = {"above": 100} if name == "SGD" else {"below": 1e-9}
    claim(f"{name}: gradients of one weight times 1000 move the end by", apart, approx=True, **bound)

# %% [markdown]
# The scale of a *gradient* cancels, coordinate by coordinate: the scale of the loss, of the layer above, of the batch's sum or mean. That is the true gift of these methods, and the reason why one η can serve weights whose gradients differ a thousandfold. It is also why the *root* stands there: divided by $v$ itself, a thousandfold gradient would move the weight a thousand times *less*.
#
# ### The unit of a parameter
#
# It is tempting to go on: "so units do not matter". Put it to the test. Keep a length in millimetres in place of metres. The number stored becomes 1000 times larger, and the gradient 1000 times *smaller*, since a millimetre changes the loss less than a metre does.

# %%
unit_guess = practice.predict("03-millimetres")
unit_guess


# %%
def reached(name, unit, steps=200):
    """(x, y) in metres after 200 steps on ½(x − 1)² + ½(y − 1)², with y kept in 1/``unit`` of a metre."""
    theta = [np.zeros(2)]
    optimizer = getattr(optim, name)(theta, lr=0.01)
    for _ in range(steps):
        x, y = theta[0] / [1, unit]
        optimizer.step([np.array([x - 1, (y - 1) / unit])])
    return theta[0] / [1, unit]


# %% tags=["nbval-check-output"]
for name, metres, millimetres in (("AdaGrad", 0.254, 0.000269), ("RMSprop", 1.0, 0.00317), ("Adam", 0.984, 0.00200)):
    claim(f"{name}: y in metres gets to", reached(name, 1)[1], near=metres, within="1%")
    claim(f"{name}: y in millimetres gets to", reached(name, 1000)[1], near=millimetres, within="1%", unit="m")
claim("Gradient descent: y in millimetres gets to", reached("SGD", 1000)[1], near=2e-6, within="1%", unit="m")

# %%
unit_guess.reveal()

# %% [markdown]
# The step divides the gradient's unit away and puts nothing in its place but η. So **η is a length in the space of the parameters**: a step of 0.01 is a centimetre for one weight and a hundredth of a millimetre for the other. If $\theta' = c\,\theta$, a step of these methods is $c$ times too short in the old unit; gradient descent's, whose gradient shrinks too, $c^2$ times; Newton's is right in any unit.
#
# So to the question "is Adam invariant to a change of parameters?" the answer is: to the scale of the *loss*, yes; to the scale of a *parameter*, no. Inputs should still be standardised, because a column that is 1000 times smaller wants a weight that is 1000 times larger. Rates for each layer, LAMB's trust ratio and the scaling rules for wide networks exist for the same reason: somebody has to say how long a step a weight can bear. (Adadelta, of the same year as RMSprop, tried to let the weight itself say it: in the place of η stands the running size of its own past updates, which have its unit; [Zeiler 2012](https://arxiv.org/abs/1212.5701).)
#
# ### The rare feature: from p to √p
#
# Back to the problem that SGD could not solve. First the bare arithmetic: a weight's gradient is 1 in one step out of a hundred, and 0 in all others. Another weight sees 1 in every step.

# %%
rare_guess = practice.predict("03-rare-share")
rare_guess


# %%
periods = np.array([1000, 300, 100, 30, 10, 3, 1])  # a gradient of 1 every so many steps
streams = (np.arange(1, 10_001)[:, None] % periods == 0).astype(float)


def progress(make):
    """How far each weight gets, over how far the last one gets, which sees its gradient in every step."""
    theta = [np.zeros(len(periods))]
    optimizer = make(theta, lr=1.0)
    for g in streams:
        optimizer.step([g])
    return theta[0] / theta[0][-1]


shares = 1 / periods
methods = {"SGD": optim.SGD, "AdaGrad": optim.AdaGrad, "RMSprop": optim.RMSprop, "Adam": optim.Adam}
gained = {name: progress(make) for name, make in methods.items()}

# %%
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for name, ratio in gained.items():
    marker = plotting.MARKERS[name]
    ax.loglog(shares, ratio, marker, ms=6, ls="-", lw=1.2, color=plotting.COLORS[name], label=name)
ax.loglog(shares, np.sqrt(shares), ":", color=plotting.INK, lw=1, label="√p")
ax.set(xlabel="share p of the steps in which the gradient is not zero", ylabel="progress / steady weight's")
ax.set_title("Dividing by the root mean square takes a rare weight √p as far")
ax.legend()
plotting.show(fig, alt="Progress of a rare weight: SGD falls like p, AdaGrad, RMSprop and Adam like the root of p.")

# %% tags=["nbval-check-output"]
for name, wanted in (("SGD", 0.01), ("AdaGrad", 0.0935), ("RMSprop", 0.0789), ("Adam", 0.0973)):
    claim(f"p = 1%: {name}'s progress, as a share of the steady weight's", gained[name][2], near=wanted, within="3%")
claim("p = 0.1%: RMSprop's, whose memory of 100 steps is too short", gained["RMSprop"][0], near=0.0099, within="5%")

# %%
rare_guess.reveal()

# %% [markdown]
# So the rare weight is helped, not rescued. If a gradient of size $a$ comes in a share $p$ of the steps, the mean square is $p\,a^2$, and each visit is divided by $a\sqrt p$. That makes each visit $1/\sqrt p$ times longer, and there are $p$ times as many: $\sqrt p$ in all. A deficit of 100 has become one of 10. (And only while the memory spans several visits. RMSprop's hundred steps forget a weight that is seen every thousand.) A weight whose gradients are always there but *small* is another matter: it moves like all others.
#
# Now a real task. Feature 0 is present in every row, feature 1 in one row out of a hundred, and a logistic regression is to learn both weights. For a fair comparison we do not pick one rate: each method runs at fourteen rates, four seeds each, and for every run we record two things. How much does the *common* weight shake at the end? And how much of the *rare* weight has been learned after 1000 steps?

# %%
task = tasks.rare_feature_logistic(seed=0)  # 4000 rows; feature 0 is −1 or 1, feature 1 mostly 0
batches = np.stack([task.batches(64, 1000, seed=seed) for seed in range(4)], axis=1)  # (steps, seeds, rows)


def gradient(theta, rows, of=task):  # of the logistic loss, over a mini-batch for each weight vector in theta (…, 2)
    x, y = of.x[rows], of.y[rows]
    predicted = 1 / (1 + np.exp(-(x @ theta[..., None])[..., 0]))
    return ((predicted - y)[..., None] * x).mean(axis=-2)


def shake_and_share(engine, rates, falling=False, of=task):
    theta, path = [np.zeros((len(rates), 4, 2))], []  # rates, seeds, weights
    optimizer = engine(theta, lr=rates)
    for t, rows in enumerate(batches, start=1):
        optimizer.lr = rates / np.sqrt(t) if falling else rates
        optimizer.step([gradient(theta[0], rows, of)])
        path.append(theta[0].copy())
    common, rare = np.moveaxis(np.array(path[-200:]), -1, 0)
    return common.std(axis=0).mean(axis=1), rare.mean(axis=(0, 2)) / of.minimum[1]


ranges = {"SGD": (0.03, 3), "AdaGrad": (0.05, 1), "RMSprop": (3e-3, 0.1)}
grids = {name: np.geomspace(*ends, 14) for name, ends in ranges.items()}
tradeoff = {name: shake_and_share(getattr(optim, name), grid) for name, grid in grids.items()}

# %%
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for name, (shake, share) in tradeoff.items():
    ax.plot(shake, share, "o-", markersize=4, color=plotting.COLORS[name], label=name)
ax.axvline(0.03, color="grey", linestyle=":", linewidth=1, label="equal jitter, 0.03")
ax.set(xlabel="jitter of the common weight (standard deviation)", xlim=(0, None))
ax.set(ylabel="rare weight, share learned", title="At equal jitter, SGD teaches the rare weight far less")
ax.legend()
plotting.show(fig, alt="Share of the rare weight learned against jitter: SGD's curve lies far below the other two.")

# %% tags=["nbval-check-output"]
def share_at(jitter, curve):
    return np.interp(np.log(jitter), np.log(curve[0]), curve[1])


learned = {name: share_at(0.03, curve) for name, curve in tradeoff.items()}
claim("At a jitter of 0.03, SGD has learned this share", learned["SGD"], near=0.22, within=0.03, digits=2)
claim("… RMSprop", learned["RMSprop"], near=0.87, within=0.03, digits=2)
claim("… AdaGrad", learned["AdaGrad"], near=0.92, within=0.03, digits=2)
others = [tasks.rare_feature_logistic(seed=seed) for seed in (1, 2, 3)]
for name, bound in (("SGD", {"below": 0.35}), ("RMSprop", {"above": 0.8})):
    draws = [share_at(0.03, shake_and_share(getattr(optim, name), grids[name], of=other)) for other in others]
    claim(f"… {name} on three other draws of the data", np.array(draws), digits=2, **bound)

# %% [markdown]
# Each point is a learning rate; to the right they grow. (A share above 1 has overshot a little.) Compare the methods along the dotted line, where all of them shake the common weight equally. SGD can teach the rare weight too, but only by shaking the common one. The other two loosen that tie. AdaGrad, on its home ground, is ahead where they shake little. Is it the long memory that wins, or only that its rate falls along the way? Give RMSprop a rate that falls like AdaGrad's, and SGD too:

# %% tags=["nbval-check-output"]
tradeoff["RMSprop, η/√t"] = shake_and_share(optim.RMSprop, np.geomspace(0.03, 2, 14), falling=True)
tradeoff["SGD, η/√t"] = shake_and_share(optim.SGD, np.geomspace(1, 60, 14), falling=True)
learned = {name: share_at(0.02, curve) for name, curve in tradeoff.items()}
claim("At a jitter of 0.02, RMSprop has learned", learned["RMSprop"], near=0.75, within=0.03, digits=2)
claim("… AdaGrad", learned["AdaGrad"], near=0.87, within=0.02, digits=2)
claim("… RMSprop with η/√t", learned["RMSprop, η/√t"], near=0.92, within=0.02, digits=2)
claim("… SGD at a constant rate", learned["SGD"], near=0.14, within=0.03, digits=2)
claim("… SGD with η/√t", learned["SGD, η/√t"], near=0.24, within=0.04, digits=2)

# %% [markdown]
# So here it is the falling rate that wins. AdaGrad has it built in, and everybody else gets it from a schedule. SGD gains from one as well, from 0.14 to 0.24, and stays far behind.
#
# How does that fit the deficit of $\sqrt p$? In batches of 64 rows the rare feature turns up about every second step, so its gradient is above all *small*: the square root bites on what is rare among the *steps*.
#
# ## Where it ends: axes
#
# Written with vectors, all these methods multiply the gradient by a **diagonal matrix**. One number for each coordinate, and nothing that mixes coordinates. This is called diagonal preconditioning. In a ravine along an axis it is exactly what is needed: a small rate across, a large one along. And if the ravine lies at an angle?
#
# Our ravine is $\tfrac12\theta^\top H\theta$, where $H$ has the curvatures 1 along the floor and 100 across. Their ratio is the **condition number** κ = 100: the larger it is, the longer one rate for all takes.


# %%
def ravine(angle, place=(-2.6, 0.8), kappa=100):
    """(Hessian, start) of a ravine whose floor is turned by ``angle`` degrees; the start turns with it."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([1.0, kappa]) @ turn.T, turn @ place


def descend(make, rates, angle, place=(-2.6, 0.8), steps=300):
    """Paths (steps + 1, rates, 2), and their losses, for all rates at once; ``place``: (along, across) at the start."""
    H, start = ravine(angle, place)
    theta = [np.tile(start, (len(rates), 1))]
    optimizer = make(theta, lr=rates)
    path = np.array([theta[0].copy()] + [optimizer.step([theta[0] @ H])[0].copy() for _ in range(steps)])
    return path, np.einsum("tri,ij,trj->tr", path, H, path) / 2


def lasting(losses, share=1e-3):
    """At the best rate, the step from which the loss stays below ``share`` of the first."""
    above = ~(losses < share * losses[0])
    return np.where(above[-1], np.inf, len(losses) - above[::-1].argmax(axis=0)).min()


# %% [markdown]
# First the picture that the opening question asks about: gradient descent at the best of sixty rates, and RMSprop at η = 0.1.


# %%
def arrival(losses, share=1e-3):
    """For each rate the first step with a loss below ``share`` of the first; infinite where there is none."""
    there = losses < share * losses[0]
    return np.where(there.any(axis=0), there.argmax(axis=0), np.inf)


grids = {"SGD": np.linspace(0.005, 0.02, 60), "AdaGrad": np.geomspace(0.1, 10, 60)}
grids["RMSprop"] = np.geomspace(3e-3, 1, 60)
fig = plotting.figure(8, 4)
a, b = np.meshgrid(np.linspace(-3.2, 0.9, 80), np.linspace(-3.1, 1.4, 80))
for ax, angle in zip(fig.subplots(1, 2), (0, 45), strict=True):
    H, _ = ravine(angle)
    heights = (H[0, 0] * a**2 + 2 * H[0, 1] * a * b + H[1, 1] * b**2) / 2
    ax.contour(a, b, np.sqrt(heights), levels=9, colors=plotting.QUIET, linewidths=0.5, alpha=0.4)
    for name, rates in (("SGD", grids["SGD"]), ("RMSprop", np.array([0.1]))):
        path, losses = descend(methods[name], rates, angle)
        best = arrival(losses).argmin()
        count = int(arrival(losses)[best])
        label = f"{'gradient descent' if name == 'SGD' else name}: {count} steps"
        ax.plot(*path[: count + 1, best].T, ".-", lw=1, ms=4, color=plotting.COLORS[name], label=label)
    ax.plot(0, 0, "*", color=plotting.INK, ms=11)
    ax.set(title=f"Floor at {angle}°", aspect="equal", xlabel="θ₁", ylabel="θ₂")
    ax.legend(loc="lower right")
plotting.show(fig, alt="Along the axis RMSprop walks almost straight; turned by 45° it crawls along the floor.")

# %% [markdown]
# Now at every angle, each method at the best of its sixty rates.

# %%
angles = np.arange(0, 91, 5)
runs = {name: [descend(methods[name], grid, angle)[1] for angle in angles] for name, grid in grids.items()}
needed = {name: np.array([arrival(losses).min() for losses in over]) for name, over in runs.items()}
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for name, counts in needed.items():
    label = "gradient descent" if name == "SGD" else name
    ax.plot(angles, counts, "o-", markersize=4, color=plotting.COLORS[name], label=label)
ax.set(xlabel="angle of the ravine (degrees)", ylabel="steps needed at the best η", ylim=(0, None))
ax.set(title="At 45° a rate for each coordinate is worth nothing", xticks=np.arange(0, 91, 15))
ax.legend(loc="lower center")
plotting.show(fig, alt="Gradient descent: 116 steps at any angle. AdaGrad, RMSprop: 4 at 0°, over 116 at 45°.")

# %% tags=["nbval-check-output"]
gd, ada, rms = needed.values()
claim("Gradient descent's steps, at any of 19 angles", gd, near=116, within=3, approx=True)
fewer = gd[0] / np.r_[ada[0], rms[0]]
claim("Along the axis AdaGrad and RMSprop need fewer, by", fewer, above=20, unit="×", approx=True)
for share in (1e-2, 1e-3):
    turned = {name: arrival(over[9], share).min() for name, over in runs.items()}
    ratios = np.array([turned["AdaGrad"], turned["RMSprop"]]) / turned["SGD"]
    sentence = f"At 45°, to {share:g} of the loss, they need gradient descent's steps times"
    claim(sentence, ratios, between=(0.8, 2), approx=True)
for name, most in (("AdaGrad", 10), ("RMSprop", 14)):
    claim(f"{name} *stays* below a thousandth, along the axis, from", lasting(runs[name][0]), below=most, approx=True)
    claim("… at 45° from", lasting(runs[name][9]), above=140, approx=True)


def against_descent(place):
    """RMSprop's steps to a thousandth at 45°, over gradient descent's, from another start."""
    counts = [arrival(descend(methods[name], grids[name], 45, place)[1]).min() for name in ("RMSprop", "SGD")]
    return counts[0] / counts[1]


ratios = np.array([against_descent((-2.6, across)) for across in (0.05, 0.1, 0.2, 0.4, 1.2, 2.0)])
claim("From six other starts RMSprop needs gradient descent's steps times", ratios, between=(0.8, 2), approx=True)
claim("… but from (−2.6, 0.026)", against_descent((-2.6, 0.026)), below=0.2, approx=True)

# %%
rotation_guess.reveal()

# %% [markdown]
# Why is nothing left? At 45° the gradient first points along (1, −1), the steep direction, and later along (1, 1), the floor. Either way both coordinates see the same sizes, so both get the same rate, and what remains is gradient descent with a rate that the history of the gradients chooses. Whether that history helps or hurts a little depends on the threshold, on β₂, and on whether a first passage counts; the factor of 29 is gone. The last line is an exception that shows the reason: from there floor and walls pull equally at first, so the gradient points along one *axis*, and RMSprop gains, for a while.
#
# Did we tune them badly, or could no diagonal matrix do better? For a 2×2 problem we can try all *constant* ones. Descent with $D$ in front of the gradient is plain descent in other coordinates: write $\theta = D^{1/2}\varphi$, and in $\varphi$ the Hessian is $D^{1/2}HD^{1/2}$. What counts is the condition number of that matrix. Only the ratio of the two entries of $D$ matters, so one loop tries them all. (Rates that change from step to step are another matter: even a sequence of single rates, well chosen, beats any constant one.)


# %% tags=["nbval-check-output"]
def best_left_over(angle):
    """The smallest condition number of D^½ H D^½ over 401 diagonal matrices D^½ = diag(1, d)."""
    H, _ = ravine(angle)
    return min(np.linalg.cond(H * np.outer((1, d), (1, d))) for d in np.geomspace(0.01, 100, 401))


claim("Along the axis the best diagonal matrix leaves a κ of", best_left_over(0), near=1, within=0.01)
claim("At 10°", best_left_over(10), near=13.4, within=0.1)
claim("At 20°", best_left_over(20), near=42.5, within=0.2)
claim("At 45° it leaves all of the hundred", best_left_over(45), near=100, within=0.1)

# %% [markdown]
# Nor does it take 45°. Ten degrees bring the 1 back to 13, and in the figure above the 4 steps to nearly 40.
#
# ### What does survive the rotation
#
# A matrix that is not diagonal. The paper that gave us AdaGrad has it, under the name of **full-matrix AdaGrad**: add up the *outer products* of the gradients, and divide by the matrix root of the sum.
#
# $$G_t = G_{t-1} + g_t\,g_t^\top \qquad\qquad \theta_t = \theta_{t-1} - \eta\,G_t^{-1/2}\,g_t$$
#
# The diagonal of $G$ is our old $s$; the rest says which coordinates move *together*. The root is taken in the matrix's own axes, which turn with the ravine:


# %%
class FullAdaGrad:
    def __init__(self, params, lr):
        self.params, self.lr, self.G = params, lr[:, None], 0.0

    def step(self, grads):
        (g,) = grads
        self.G = self.G + g[:, :, None] * g[:, None, :]
        sizes, axes = np.linalg.eigh(self.G)  # G = axes · diag(sizes) · axesᵀ, one for each rate
        along = np.einsum("rij,ri->rj", axes, g) / (np.sqrt(np.maximum(sizes, 0)) + 1e-8)
        self.params[0] -= self.lr * np.einsum("rij,rj->ri", axes, along)
        return self.params


full = np.array([arrival(descend(FullAdaGrad, grids["AdaGrad"], angle)[1]).min() for angle in angles])

# %% tags=["nbval-check-output"]
claim("Full-matrix AdaGrad's steps to a thousandth, at any of 19 angles", full, between=(3, 8), approx=True)

# %% [markdown]
# Why, then, does anybody use a diagonal? Count. A layer of 1000 × 1000 weights has a $G$ of a million times a million numbers, and a root of it to take. Shampoo keeps two small matrices for each layer in place of the huge one, SOAP runs Adam in their axes, and Muon orthogonalises the update. And the diagonal does well on networks, perhaps because a network's axes are not arbitrary: weights that belong to rare words, to early layers or to biases really do have gradients of different sizes. How much *more* than a diagonal pays off is a live question.
#
# Turn the ravine yourself, and watch the two rates in the lower right panel meet.

# %%
explorers.rmsprop()

# %% [markdown]
# Start with **Along the axes**, then **Turned by 45°.** The two rates start far apart in the first, and cannot be told apart in the second. **A long first step** shows the start at zero, with β₂ = 0.999. Leave the scenarios *Jitter* and *ε takes over* for the end of the next two sections, which they belong to.
#
# ## The price: steps that do not shrink
#
# Gradient descent slows down by itself near a minimum, because the gradient gets small. RMSprop divides that away. What is left near the minimum, on a smooth parabola without any noise?

# %%
jitter_guess = practice.predict("03-jitter")
jitter_guess

# %%
etas, lambdas = (axis.ravel() for axis in np.meshgrid([0.1, 0.01, 0.001], [0.1, 1.0, 100.0]))


def positions(optimizer, steps=5000):
    """θ on parabolas of curvature λ, one for each setting, after every step."""
    (theta,) = optimizer.params
    return np.array([optimizer.step([lambdas * theta])[0].copy() for _ in range(steps)])


signed = positions(optim.RMSprop([np.ones(9)], lr=etas, beta2=0.9))
hops = np.abs(signed)
glide = np.abs(positions(optim.AdaGrad([np.ones(9)], lr=etas)))

# %%
fig = plotting.figure(8.5, 3.4)
ax, last = fig.subplots(1, 2, width_ratios=(2, 1))
steps = np.arange(1, 5001)
for column, style in zip((3, 4, 5), ("-", "--", ":"), strict=True):  # the three rates at λ = 1
    ax.loglog(steps, hops[:, column], style, color=plotting.COLORS["RMSprop"], label=f"RMSprop, η = {etas[column]:g}")
ax.loglog(steps, glide[:, 3], color=plotting.COLORS["AdaGrad"], label="AdaGrad, η = 0.1")
ax.set(xlabel="step t", ylabel="|θ|", ylim=(1e-6, 2), title="RMSprop ends at a distance of η/2")
ax.legend(loc="lower left")
last.plot(steps[-12:], signed[-12:, 4] / etas[4], "o-", ms=4, lw=1, color=plotting.COLORS["RMSprop"])
last.set(xlabel="step t", ylabel="θ/η", ylim=(-1, 1), xticks=[4990, 5000], title="The last steps, η = 0.01")
plotting.show(fig, alt="RMSprop's distance levels off at half its rate, hopping from side to side; AdaGrad's falls.")

# %% tags=["nbval-check-output"]
ends = hops[-1] / etas
claim("Nine runs, three rates by three curvatures: RMSprop ends at η times", ends, near=0.5, within=1e-3, digits=2)
claim("AdaGrad's last distance (η = 0.1, λ = 1) is", glide[-1, 3], below=1e-9, approx=True)

# %%
jitter_guess.reveal()

# %% [markdown]
# Half a step to the left of the minimum, half a step to the right, for ever: with steps of length η there is no smaller orbit around a point. The curvature λ has cancelled along with the gradient's size.
#
# The figure shows how it gets there. RMSprop first comes far closer than η/2. But all the while $v$ is forgetting, so the rate $\eta/\sqrt v$ climbs, until it passes the edge of stability from notebook 01, which is $2/\lambda$. Then the weight is thrown back. After a few such bursts it settles exactly *at* the edge: in an orbit of width η the gradient is $\lambda\eta/2$, and the rate therefore $\eta/(\lambda\eta/2) = 2/\lambda$.

# %% tags=["nbval-check-output"]
gradients = (lambdas * signed[-201:-1])[::-1]  # the newest first
v = 0.1 * np.sum(0.9 ** np.arange(200)[:, None] * gradients**2, axis=0)
final_rates = etas / np.sqrt(v)
claim("In all nine runs the rate ends at this multiple of 1/λ", final_rates * lambdas, near=2, within=0.01, digits=2)

# %% [markdown]
# AdaGrad, in the same figure, glides in, and you know why: there is no noise, so its rate has *frozen*, and the rest is gradient descent at a constant rate, whose steps shrink with the gradient. In noise it would land too, very slowly. RMSprop's rate does neither, and lowering it is your duty. A schedule does that:

# %% tags=["nbval-check-output"]
landing = [np.ones(1)]
optimizer = optim.RMSprop(landing, lr=0.01, beta2=0.9)
for t in range(5000):
    optimizer.lr = 0.01 * (1 - t / 5000)
    optimizer.step([landing[0]])
claim("With η falling linearly to 0, the last distance is", abs(landing[0].item()), below=1e-5, approx=True)

# %% [markdown]
# Now try the explorer's scenario **Jitter**: lower η to a third, and the loss at which it hangs falls to a ninth.
#
# (With a memory as long as β₂ = 0.999, and no noise, the rate takes thousands of steps to reach the edge. By then θ may be so small that the computer has rounded it to 0. Noise in the gradient, which every training on mini-batches has, rules that out.)
#
# ### And with noise?
#
# η/2 is what remains *without* noise. With gradient noise of size σ, well above λη, $\sqrt v$ is about σ near the minimum, so RMSprop is SGD with the rate η/σ, and notebook 01 has the answer: SGD's cloud has the variance $\text{rate}\cdot\sigma^2/2\lambda$. With the rate η/σ that is a cloud of size $\sqrt{\eta\sigma/2\lambda}$. Now λ is back, and so is σ.

# %% tags=["nbval-check-output"]
eta, sigma, curvature = np.array([(0.01, 0.1, 1), (0.01, 1, 1), (0.001, 1, 1), (0.001, 1, 10)]).T
rng, walkers, squares = np.random.default_rng(0), [np.zeros((4, 400))], []  # four settings, 400 walkers each
optimizer = optim.RMSprop(walkers, lr=eta)
for _ in range(5000):
    optimizer.step([curvature[:, None] * walkers[0] + sigma[:, None] * rng.normal(size=(4, 400))])
    squares.append(np.mean(walkers[0] ** 2, axis=1))
cloud = np.sqrt(np.mean(squares[-1000:], axis=0))
formula = np.sqrt(eta * sigma / 2 / curvature)
claim("Four settings: the cloud's size over √(ησ/2λ)", cloud / formula, near=1, within=0.08, digits=2)
claim("η = 0.01, σ = λ = 1: the cloud's size is η times", cloud[1] / eta[1], near=7.1, within=0.5, digits=2)
claim("A tenth of η, same σ and λ: η times", cloud[2] / eta[2], near=22.4, within=1.5, digits=2)

# %% [markdown]
# Many η wide, then, and a tenth of the rate makes the cloud only √10 times smaller.
#
# ## ε: small print that bites
#
# ε looks like a guard against division by zero. It is also a **threshold**. A coordinate whose $\sqrt v$ is far above ε gets normalised steps. One whose $\sqrt v$ is far below is divided by ε, a constant: for it, RMSprop is SGD with the rate η/ε. And which coordinates fall below first? Those with small gradients, the very ones that were to be rescued.
#
# To make it worse, libraries put ε in different places:
#
# $$\text{outside: }\ \frac{g}{\sqrt v+\varepsilon}\qquad\qquad\text{inside: }\ \frac{g}{\sqrt{v+\varepsilon}}$$
#
# PyTorch has it outside, as Adam's paper does. TensorFlow 1 had it inside its RMSprop, and optax has it there by default. Inside, ε competes with $g^2$ and not with $|g|$, so the same number acts differently:

# %%
place_guess = practice.predict("03-epsilon-place")
place_guess

# %% tags=["nbval-check-output"]
g, eps = 1e-4, 1e-5
outside, inside = g / (np.sqrt(g**2) + eps), g / np.sqrt(g**2 + eps)
print(f"Steps, in units of η: {outside:.3f} with ε outside, {inside:.4f} inside: {outside / inside:.1f} times shorter.")

# %%
place_guess.reveal()

# %% [markdown]
# Inside the root ε acts like $\sqrt\varepsilon$ outside. Now over twelve decades, on the task with the rare feature. We keep η = 0.01, a good rate for small ε, and train with both placements. The excess loss is how far the result lies above the best possible.


# %%
def excess_loss(lr, eps, *, inside=False, steps=500):
    theta, v, tail = np.zeros((len(eps), 2)), 0.0, []
    for rows in task.batches(64, steps, seed=0):
        g = gradient(theta, rows)
        v = 0.99 * v + 0.01 * g**2
        theta = theta - lr * g / (np.sqrt(v + eps) if inside else np.sqrt(v) + eps)
        tail.append(task.loss(theta))
    return np.mean(tail[-50:], axis=0) - task.loss(task.minimum)


decades = np.logspace(-12, 0, 25)[:, None]
noise = np.array([gradient(task.minimum, rows) for rows in task.batches(64, 500, seed=0)])
rare_size = np.sqrt(np.mean(noise[:, 1] ** 2))
fixed = {place: excess_loss(0.01, decades, inside=place == "inside") for place in ("outside", "inside")}
raised = excess_loss(np.maximum(0.01, 0.65 * decades), decades)

# %%
fig = plotting.figure(7.5, 3.4)
ax = fig.subplots()
for (place, loss), style in zip(fixed.items(), ("-", "--"), strict=True):
    ax.loglog(decades, loss, style, color=plotting.COLORS["RMSprop"], label=f"ε {place} the root, η = 0.01")
ax.loglog(decades[21:], raised[21:], ":", color=plotting.COLORS["SGD"], label="ε outside, η = 0.65 ε: SGD in disguise")
for place, style in ((rare_size, "-"), (rare_size**2, "--")):
    ax.axvline(place, ls=style, lw=1, color=plotting.QUIET)
for place, words, side in ((rare_size, " the rare gradient", "left"), (rare_size**2, "its square ", "right")):
    ax.text(place, 0.15, words, transform=ax.get_xaxis_transform(), ha=side, fontsize=9, color=plotting.QUIET)
ax.set(xlabel="ε", ylabel="excess loss after 500 steps")
ax.set_title("ε does nothing for many decades, and then everything")
ax.legend()
plotting.show(fig, alt="Excess loss against ε: flat, then rising; the rise begins far earlier with ε inside.")

# %% tags=["nbval-check-output"]
def doubled(loss):
    """The ε at which the excess loss is twice what it is for tiny ε."""
    return np.exp(np.interp(np.log(2 * loss[0]), np.log(loss), np.log(decades[:, 0])))


claim("Root mean square of the rare weight's gradient", rare_size, near=0.0045, within=1e-4, digits=2)
claim("ε outside the root: the loss has doubled at", doubled(fixed["outside"]), near=0.0028, within=4e-4, digits=2)
claim("ε inside the root: it has doubled at", doubled(fixed["inside"]), near=3.1e-5, within=4e-6, digits=2)
claim("At ε = 1 it is larger by a factor of", fixed["outside"][-1] / fixed["outside"][0], above=50, approx=True)

# %% [markdown]
# So "ε hardly matters" holds while ε is far below the *smallest* typical gradient among the weights you care about, here the rare one's. Outside the root the trouble starts close to that number; inside, close to its square.
#
# On the dotted curve η grows along with ε, so that η/ε stays at 0.65, a good rate for SGD on this task. Training works again, at *SGD's* level, with several times RMSprop's excess loss: the rare weight is starved again, the common one shakes more.

# %% tags=["nbval-check-output"]
starved = raised[-1] / fixed["outside"][0]
claim("At ε = 1 the dotted curve stands higher than RMSprop at small ε, by", starved, near=6.8, within=0.2, unit="×")

twins = {"RMSprop": [np.zeros(2)], "SGD": [np.zeros(2)]}
engines = [optim.RMSprop(twins["RMSprop"], lr=65.0, eps=100.0), optim.SGD(twins["SGD"], lr=0.65)]
for rows in task.batches(64, 500, seed=0):
    for engine in engines:
        engine.step([gradient(engine.params[0], rows)])
gap = np.abs(twins["RMSprop"][0] - twins["SGD"][0]).max()
claim("RMSprop (η = 65, ε = 100) and SGD (η = 0.65) end at the same weights, to", gap, below=0.01, approx=True)

# %% [markdown]
# Inception-v3's best models were trained with RMSprop at ε = 1.0 ([Szegedy et al. 2016](https://arxiv.org/abs/1512.00567), section 8), a threshold far above usual gradients. For every weight whose gradients stay well below one, that was close to plain SGD under another name. And people who carried TensorFlow's recipes to PyTorch number by number saw them fail ([pytorch#23796](https://github.com/pytorch/pytorch/issues/23796)). The timm library keeps an [`RMSpropTF`](https://github.com/huggingface/pytorch-image-models/blob/main/timm/optim/rmsprop_tf.py) for this purpose: ε inside, $v$ starting at one instead of zero, and the rate multiplied in before the momentum.
#
# So when you read "RMSprop" in a recipe, ask three things: where is ε, where does $v$ start, and where does η enter?
#
# ### RMSprop with momentum, twice
#
# With momentum, RMSprop adds up the *divided* gradients, in one of two ways:
#
# $$\text{PyTorch: }\ b \leftarrow \mu b + \frac{g}{\sqrt v+\varepsilon},\quad \theta \leftarrow \theta - \eta\,b \qquad\qquad \text{TensorFlow 1: }\ b \leftarrow \mu b + \eta\,\frac{g}{\sqrt{v+\varepsilon}},\quad \theta \leftarrow \theta - b$$
#
# While η is constant the two are one path, up to the place of ε. When a schedule cuts η, they part: in the first form the cut acts at once, in the second the old rate is still in the buffer. A steady gradient, and η cut to a tenth after 900 steps:


# %%
def with_momentum(rates, eta_in_buffer, mu=0.9, beta2=0.99):
    v = b = theta = 0.0
    path = []
    for lr in rates:
        v = beta2 * v + (1 - beta2) * 1.0**2  # g = 1
        r = 1.0 / np.sqrt(v)
        b = mu * b + (lr * r if eta_in_buffer else r)
        theta -= b if eta_in_buffer else lr * b
        path.append(theta)
    return np.array(path)


constant, cut = np.full(1000, 0.01), np.r_[np.full(900, 0.01), np.full(100, 0.001)]

# %% tags=["nbval-check-output"]
gap = np.abs(with_momentum(constant, True) - with_momentum(constant, False)).max()
claim("At a constant rate the two forms agree to", gap, below=1e-10, approx=True)
for form, eta_in_buffer, length in (("PyTorch's form", False, 0.01), ("TensorFlow's form", True, 0.091)):
    path = with_momentum(cut, eta_in_buffer)
    claim(f"{form}: the first step after the cut", path[899] - path[900], near=length, within="1%", digits=2)

# %% [markdown]
# Before the cut a step was 0.1 long in both.
#
# ### The centred variant
#
# Graves (2013) divides by the *standard deviation* of the gradient instead of its root mean square:
#
# $$\bar g_t = \beta_2\,\bar g_{t-1} + (1-\beta_2)\,g_t \qquad\qquad \theta_t = \theta_{t-1} - \eta\,\frac{g_t}{\sqrt{v_t-\bar g_t^2}+\varepsilon}$$
#
# If a gradient has mean μ and standard deviation σ, plain RMSprop's mean step, once $v$ has settled, is about $\eta\mu/\sqrt{\mu^2+\sigma^2}$, which is never above η. The centred one's is about $\eta\mu/\sigma$. The surer the direction, the longer the step.

# %% tags=["nbval-check-output"]
noisy = np.random.default_rng(5).normal(1.0, 0.1, size=3000)  # mean 1, standard deviation 0.1
plain = -walk(optim.RMSprop, noisy)
centred = -walk(partial(optim.RMSprop, centered=True), noisy)
claim("Plain RMSprop's mean step is η times", (plain[-1] - plain[-1001]) / 1000, near=1, within=0.02, digits=2)
claim("The centred one's is η times", (centred[-1] - centred[-1001]) / 1000, near=10, within=0.5, digits=2)

# %% [markdown]
# So a direction that is ten times surer earns steps ten times longer. Now take the noise away altogether.

# %%
def certain(dtype, steps=6000):
    """Where torch's centred RMSprop has taken a weight after each step of a steady gradient of 0.1; η is 1."""
    weight = torch.zeros(1, dtype=dtype, requires_grad=True)
    optimizer = torch.optim.RMSprop([weight], lr=1.0, centered=True)
    path = []
    for _ in range(steps):
        weight.grad = torch.full_like(weight, 0.1)
        optimizer.step()
        path.append(weight.item())
    return -np.array(path)


double, single = certain(torch.float64), certain(torch.float32)

# %% tags=["nbval-check-output"]
claim("Without noise, in float64, step 1000 is η times", double[999] - double[998], near=152, within=1)
first_nan = int(np.isnan(double).argmax()) + 1
claim("… and the weight is NaN from this step on", first_nan, between=(1500, 5500), approx=True)
claim("In float32 it has gone, after 6000 steps, η times", single[-1], above=1e5, approx=True)

# %% [markdown]
# The difference $v-\bar g^2$ of two nearly equal numbers first becomes tiny, and then, by rounding, negative. In float32, which is torch's default, it is worse: no NaN gives the alarm.
#
# Graves was safe: he put ε *inside* the root, and a large one, 1e-4. If you use the centred variant, give it an ε that matters.
#
# ## Four methods, measured
#
# The usual table of optimizers, filled by running, on streams made for the purpose. Steps are in units of η; momentum is the heavy ball at 0.9, and all other numbers are defaults.

# %%
names = ("SGD", "Momentum", "RMSprop", "Adam")
steady = np.ones((2000, 1))
flipping = steady * np.resize([[1], [-1]], steady.shape)
unequal = steady * [100, 1]  # two coordinates


def last_step(name, gradients):
    """Size of the last step in each coordinate, at η = 1, for gradients of shape (steps, coordinates)."""
    theta = [np.zeros(gradients.shape[1])]
    optimizer = getattr(optim, name)(theta, lr=1.0)
    for g in gradients:
        before = theta[0].copy()
        optimizer.step([g])
    return np.abs(theta[0] - before)


def state_bytes(name, n=1000):
    """Bytes of optimizer state for each of n parameters in 32 bits, after a step."""
    optimizer = getattr(optim, name)([np.zeros(n, np.float32)], lr=1.0)
    optimizer.step([np.ones(n, np.float32)])
    return sum(array.nbytes for array in optimizer.state[0] if array is not None) / n


# %% tags=["nbval-check-output"]
table = {}
print("           flipping/steady   100 against 1   first/steady   bytes of state")
for name in names:
    usual, (large, small) = last_step(name, steady)[0], last_step(name, unequal)
    first, flipped = last_step(name, steady[:1])[0], last_step(name, flipping)[0]
    table[name] = flipped / usual, large / small, first / usual, state_bytes(name)
    print("{:9s}  {:15.2f}   {:13.0f}   {:12.1f}   {:14.0f}".format(name, *table[name]))

# %% tags=["nbval-check-output"]
smoothing, per_parameter, start, memory = (np.array(column) for column in zip(*table.values(), strict=True))
claim("Momentum and Adam shrink flipping steps to (1−β)/(1+β)", smoothing[[1, 3]], near=1 / 19, within=0.002, digits=2)
claim("SGD and RMSprop do not smooth at all", smoothing[[0, 2]], near=1, within=0.01, digits=2)
claim("RMSprop and Adam turn gradients of 100 and 1 into equal steps", per_parameter[2:], near=1, within=0.01, digits=2)
claim("First step against later ones: momentum", start[1], near=0.1, within=0.001, digits=2)
claim("First step against later ones: RMSprop", start[2], near=10, within=0.01, digits=2)
claim("Bytes of state a parameter: 0 for SGD, 4, 4, and 8 for Adam", memory, equals=np.array([0.0, 4, 4, 8]))

# %% [markdown]
# What the columns say:
#
# | | smooths the gradient | rate for each parameter | corrected start | state, floats per parameter | typically seen in |
# |---|---|---|---|---|---|
# | SGD | no | no | nothing to correct | 0 | large convex problems; memory at its limit |
# | momentum | **yes** | no | no: the first step is a tenth of the later ones | 1 | image networks with batch norm ([torchvision](https://github.com/pytorch/vision/tree/main/references/classification)'s ResNets) |
# | RMSprop | no | **yes** | no: the first step is ten times the later ones | 1 | recurrent networks ([Graves 2013](https://arxiv.org/abs/1308.0850)), Inception |
# | Adam | **yes** | **yes** | **yes** | 2 | transformers ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762)) |
#
# Read it from top to bottom and Adam is almost forced. Momentum and RMSprop each fix what the other leaves alone, both start badly, in opposite directions, and each needs one number per parameter. Put them together, correct both starts, and you have the next notebook.
#
# ## In the interview

# %%
practice.interview("03-adagrad-to-adam")

# %%
practice.interview("03-second-order")

# %%
practice.interview("03-port-rmsprop")

# %% [markdown]
# ## Recap
#
# - All these methods divide each coordinate's gradient by its usual size. AdaGrad takes the sum of all squares, so its rate dies like $1/\sqrt t$ while gradients keep their size, and freezes when they vanish; RMSprop a running average, so its rate lives, and its steps stay about η long.
# - The *gradient's* scale cancels. The *parameter's* does not: η is a length in parameter space. A weight seen in a share p of the steps gets $\sqrt p$ as far as a steady one, if the memory spans several visits.
# - The limit is the *axes*: turn a ravine by 45°, and from nearly all starts nothing is gained. Full-matrix AdaGrad turns along, at the price of a matrix.
# - Near a minimum RMSprop never rests: without noise it hops between −η/2 and η/2, with noise well above λη it wanders in a cloud of size $\sqrt{\eta\sigma/2\lambda}$. Landing takes a schedule.
# - $v$ starts at zero, uncorrected: the first step is $1/\sqrt{1-\beta_2}$ times η.
# - ε is a threshold. Inside the root it acts like $\sqrt\varepsilon$ outside. Momentum may hold η or not: it shows when η changes.

# %%
practice.self_check("03")

# %% [markdown]
# **Next:** [04 Adam](04_adam.ipynb), where the two halves meet.
#
# **Sources.** J. Duchi, E. Hazan and Y. Singer, [*Adaptive subgradient methods for online learning and stochastic optimization*](https://jmlr.org/papers/v12/duchi11a.html), JMLR 12, 2011. G. Hinton with N. Srivastava and K. Swersky, [*Neural networks for machine learning*, lecture 6e](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), 2012; usually cited as T. Tieleman and G. Hinton, *Lecture 6.5 – rmsprop*. A. Graves, [*Generating sequences with recurrent neural networks*](https://arxiv.org/abs/1308.0850), 2013, equations 38 to 45, for the centred variant. C. Szegedy et al., [*Rethinking the Inception architecture*](https://arxiv.org/abs/1512.00567), CVPR 2016. On where ε stands: the threads [pytorch#23796](https://github.com/pytorch/pytorch/issues/23796) and [jax#1427](https://github.com/jax-ml/jax/pull/1427).
