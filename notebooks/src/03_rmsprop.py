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
# - *explain* why AdaGrad's rate dies, and what it costs to keep it alive;
# - *predict* when a rate for each parameter helps, and *construct* a case in which it does nothing;
# - *place* ε, and *port* a setting between libraries that place it differently;
# - *measure* the differences between SGD, momentum, RMSprop and Adam instead of reciting them.
#
# About 45 minutes. Builds on [01 SGD](01_sgd.ipynb) and borrows a word or two from [02 momentum](02_momentum.ipynb); runs without them.
#
# > **The question.** RMSprop crosses a long, narrow ravine as if it were a round bowl. Turn the picture by 45°: same ravine, same start, same steepness. Gradient descent does not notice. Does RMSprop?

# %%
from functools import partial

import numpy as np

from adamkit import descent, explorers, optim, plotting, practice, surfaces, tasks
from adamkit.claims import claim
from adamkit.rules import SGD, AdaGrad, RMSprop

# %%
rotation_guess = practice.predict("03-rotate")
rotation_guess

# %% [markdown]
# ## One rate for all is one too few
#
# Notebook 01 ended with a complaint. A weight whose feature shows up in 1% of the rows sees a gradient a hundred times smaller than the others, and plain SGD multiplies all of them by the same η. Raise η for the rare weight's sake, and the common ones start to shake.
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
# Squares and roots are taken element by element. The small ε only prevents a division by zero. A coordinate whose gradients are small or rare has a small sum, and so keeps a large rate.
#
# **Your turn.** Two lines inside a loop. The checker knows seventeen ways to get them wrong.

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
# Before you go on, think about the sum. It only grows.

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
# For a convex problem this schedule is just right. It is the one that makes the proof of convergence work, and AdaGrad is still a sound choice for linear models over many rare features: the rate of a feature depends on how often it was *seen*. In a deep network it is a poor fit. The loss changes its shape along the way, and AdaGrad holds the past against a weight for ever.
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
# What does forgetting buy? Feed both a rough start: fifty gradients of 10, and from then on gradients of 1. We watch the *rate* that each grants the weight, $\eta/\sqrt{s}$ or $\eta/\sqrt{v}$.


# %%
def rates(rule, gradients):
    state, seen = rule.init(np.zeros(1)), []
    for t, g in enumerate(gradients, 1):
        _, state = rule.update(np.array([g]), np.zeros(1), state, t)
        seen.append(rule.readings(state, t)["rate"].item())
    return np.array(seen)


rough_start = np.r_[np.full(50, 10.0), np.ones(950)]
granted = {rule: rates(rule(lr=1.0), rough_start) for rule in (AdaGrad, RMSprop)}

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
for rule, seen in granted.items():
    ax.semilogy(seen, color=plotting.color_of(rule), label=rule.__name__)
ax.axvspan(0, 50, color="grey", alpha=0.15, lw=0)
ax.set(xlabel="step t", ylabel="rate of the weight, in units of η")
ax.set_title("AdaGrad never forgets a rough start; RMSprop does")
ax.legend()
plotting.show(fig, alt="AdaGrad's rate stays near a hundredth of eta; RMSprop's climbs back to eta within 700 steps.")

# %% tags=["nbval-check-output"]
at_last = {rule: seen[-1] for rule, seen in granted.items()}
claim("At step 1000 RMSprop grants the weight a rate of η times", at_last[RMSprop], near=1, within=0.01, digits=2)
claim("AdaGrad grants it η times", at_last[AdaGrad], near=0.013, within=0.0005, digits=2)

# %% [markdown]
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
ax.set(xlabel="step (the last 100 of 3000)", ylabel="weight, in units of η")
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
# Every further 9 in β₂ makes the drift ten times smaller. So there is a price on both sides: a short memory listens to signs and is biased by rare large gradients; a long one reacts late when the gradients change their size.
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
# Is `adamkit`'s RMSprop the one in PyTorch? Sixty steps in float64 on gradients of many sizes, in three variants, with an ε large enough to show where it stands.

# %%
import torch


def gap_to_torch(**options):
    """Largest difference of the paths of adamkit's and torch's RMSprop on the same random gradients."""
    gradients = np.random.default_rng(0).normal(size=(60, 5)) * np.logspace(-3, 3, 5)
    ours, theirs = [np.zeros(5)], torch.zeros(5, dtype=torch.float64, requires_grad=True)
    numpy_engine = optim.RMSprop(ours, lr=0.01, beta2=0.9, eps=0.1, **options)
    torch_engine = torch.optim.RMSprop([theirs], lr=0.01, alpha=0.9, eps=0.1, **options)
    for g in gradients:
        numpy_engine.step([g])
        theirs.grad = torch.tensor(g)
        torch_engine.step()
    return np.abs(ours[0] - theirs.detach().numpy()).max()


# %% tags=["nbval-check-output"]
claim("adamkit's RMSprop and torch's agree after 60 steps to", gap_to_torch(), below=1e-12, approx=True)
claim("… with momentum 0.9, to", gap_to_torch(momentum=0.9), below=1e-12, approx=True)
claim("… with the centred variant, to", gap_to_torch(centered=True), below=1e-12, approx=True)

# %% [markdown]
# ## What the division does
#
# Multiply one coordinate's gradient by 1000, as if you had changed its unit from metres to millimetres. SGD's path changes beyond recognition. What about the others? This time you write the experiment.

# %%
rescale = practice.exercise("03-rescale")
rescale


# %%
def rescaling_gap(make, gradients, scale):
    return ...  # largest |difference| between the path with coordinate 0 rescaled and the path without


rescale.check(rescaling_gap)

# %% [markdown]
# The next cell lets the checker's own version loose on four methods with ε = 0, so it runs whether or not yours does.

# %% tags=["nbval-check-output"]
gradients = np.random.default_rng(4).normal(1, 1, size=(100, 2))
apart = rescale.solution_code(partial(optim.SGD, lr=0.01), gradients, 1000)
claim("SGD: coordinate 0 rescaled by 1000 parts the paths by", apart, above=100, approx=True)
for name in ("AdaGrad", "RMSprop", "Adam"):
    apart = rescale.solution_code(partial(getattr(optim, name), lr=0.01, eps=0.0), gradients, 1000)
    claim(f"{name}: it parts the paths by", apart, below=1e-9, approx=True)

# %% [markdown]
# The divided gradient has no unit. Every step is a number of order one times η, whatever the loss is measured in and however the inputs were scaled. That is the true gift of these methods: not cleverness about the landscape, but indifference to units. One η can serve a whole network.
#
# ### The rare feature, rescued
#
# Back to the problem that SGD could not solve. Feature 0 is present in every row, feature 1 in one row out of a hundred. For a fair comparison we do not pick one rate: each method runs at fourteen rates, four seeds each, and for every run we record two things. How much does the *common* weight shake at the end? And how much of the *rare* weight has been learned after 1000 steps?

# %%
task = tasks.rare_feature_logistic(seed=0)
batches = np.stack([task.batches(64, 1000, seed=seed) for seed in range(4)], axis=1)  # (steps, seeds, rows)


def shake_and_share(engine, rates):
    theta = [np.zeros((len(rates), 4, 2))]  # rates, seeds, weights
    optimizer = engine(theta, lr=rates)
    path = np.array([optimizer.step([task.gradient(theta[0], rows)])[0].copy() for rows in batches])
    common, rare = np.moveaxis(path[-200:], -1, 0)
    return common.std(axis=0).mean(axis=1), rare.mean(axis=(0, 2)) / task.minimum[1]


ranges = {"SGD": (0.03, 3), "AdaGrad": (0.05, 1), "RMSprop": (3e-3, 0.1)}
grids = {name: np.geomspace(*ends, 14) for name, ends in ranges.items()}
tradeoff = {name: shake_and_share(getattr(optim, name), grid) for name, grid in grids.items()}

# %%
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for name, (shake, share) in tradeoff.items():
    ax.plot(shake, share, "o-", markersize=4, color=plotting.COLORS[name], label=name)
ax.axvline(0.03, color="grey", linestyle=":", linewidth=1)
ax.set(xlabel="jitter of the common weight (standard deviation)", xlim=(0, 0.13))
ax.set(ylabel="rare weight, share learned", title="At equal jitter, SGD teaches the rare weight far less")
ax.legend()
plotting.show(fig, alt="Share of the rare weight learned against jitter: SGD's curve lies far below the other two.")

# %% tags=["nbval-check-output"]
learned = {name: np.interp(np.log(0.03), np.log(shake), share) for name, (shake, share) in tradeoff.items()}
claim("At a jitter of 0.03, SGD has learned this share", learned["SGD"], near=0.22, within=0.03, digits=2)
claim("… RMSprop", learned["RMSprop"], near=0.87, within=0.03, digits=2)
claim("… AdaGrad", learned["AdaGrad"], near=0.92, within=0.03, digits=2)

# %% [markdown]
# Each point is a learning rate; to the right they grow. Compare the methods along the dotted line, where all of them shake the common weight equally. SGD can teach the rare weight too, but only by shaking the common one. The other two break that tie. And note who wins: AdaGrad, on its home ground, a convex problem with a rare feature.
#
# ## Where it ends: axes
#
# Written with vectors, all these methods multiply the gradient by a **diagonal matrix**. One number for each coordinate, and nothing that mixes coordinates. This is called diagonal preconditioning. In a ravine along an axis it is exactly what is needed: a small rate across, a large one along. And if the ravine lies at an angle?
#
# We turn a ravine of κ = 100 step by step. At every angle each method runs at sixty rates, and its best one counts: the one that first brings the loss below a thousandth of what it was.


# %%
def steps_needed(rule, angle):
    """Steps to a thousandth of the first loss, at the best of the rule's rates."""
    losses = descent.sweep(rule, surfaces.ravine(kappa=100, angle=angle), steps=300, keep="losses").losses
    arrived = losses < 1e-3 * losses[:, :1]
    return np.where(arrived.any(axis=1), arrived.argmax(axis=1), np.inf).min()


angles = np.arange(0, 91, 5)
methods = {
    "SGD": SGD(lr=np.linspace(0.005, 0.02, 60)),
    "AdaGrad": AdaGrad(lr=np.geomspace(0.1, 10, 60)),
    "RMSprop": RMSprop(lr=np.geomspace(3e-3, 1, 60)),
}
needed = {name: np.array([steps_needed(rule, angle) for angle in angles]) for name, rule in methods.items()}
gd, ada, rms = needed.values()

# %%
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
claim("Gradient descent's steps, at any of 19 angles", gd, near=116, within=3, approx=True)
claim("Along the axis AdaGrad and RMSprop need fewer, by", gd[0] / np.r_[ada[0], rms[0]], above=20, unit="×", approx=True)
claim("At 45° they need, as multiples of gradient descent's", np.r_[ada[9], rms[9]] / gd[9], above=0.7, approx=True)

# %%
rotation_guess.reveal()

# %% [markdown]
# Why is nothing left? At 45° every gradient is nearly along (1, −1), the steep direction, and both coordinates see the same sizes. So both get the same rate, and what remains is gradient descent with a rate that the history of the gradients chooses. AdaGrad's keeps falling, which is the wrong idea in a valley that still has to be walked.
#
# Did we tune them badly, or could no diagonal matrix do better? For a 2×2 problem we can try them all. A diagonal matrix $D$ turns the Hessian $H$ into $DHD$, and what counts is the condition number that is left. Only the ratio of the two diagonal entries matters, so one loop settles it.


# %%
def best_left_over(angle):
    """The smallest condition number of D·H·D over 401 diagonal matrices D = diag(1, d)."""
    H = surfaces.ravine(kappa=100, angle=angle).hessian([0.0, 0.0])
    return min(np.linalg.cond(H * np.outer((1, d), (1, d))) for d in np.geomspace(0.01, 100, 401))


# %% tags=["nbval-check-output"]
claim("Along the axis the best diagonal matrix leaves a κ of", best_left_over(0), near=1, within=0.01)
claim("At 10°", best_left_over(10), near=13.4, within=0.1)
claim("At 20°", best_left_over(20), near=42.5, within=0.2)
claim("At 45° it leaves all of the hundred", best_left_over(45), near=100, within=0.1)

# %% [markdown]
# The advantage does not fade gently, either. Ten degrees are enough to bring the 1 back to 13.
#
# Why, then, do these methods work so well on networks? Because the axes of a network are not arbitrary. They are weights, and weights that belong to rare words, to early layers or to biases really do have gradients of different sizes. Whether *more* than a diagonal pays off is a live question: Shampoo, SOAP and Muon work with whole matrices (notebook 11 has the literature).
#
# Turn the ravine yourself, and watch the two rates in the lower right panel meet. Then try the other scenarios; the next two sections explain them.

# %%
explorers.rmsprop()

# %% [markdown]
# - **Along the axes**, then **Turned by 45°.** The two rates start far apart in the first, and cannot be told apart in the second. Somewhere between 0° and 20° most of the advantage goes.
# - **Jitter.** The loss falls fast and then hangs. Lower η to a third, and it hangs at a ninth.
# - **A long first step.** The start at zero, made visible with β₂ = 0.999.
# - **ε takes over.** When ε is larger than all gradients, every coordinate is divided by the same constant, and gradient descent is back.
#
# ## The price: steps that do not shrink
#
# Gradient descent slows down by itself near a minimum, because the gradient gets small. RMSprop divides that away. What is left near the minimum, on a smooth parabola without any noise?

# %%
jitter_guess = practice.predict("03-jitter")
jitter_guess

# %%
etas, lambdas = (axis.ravel() for axis in np.meshgrid([0.1, 0.01, 0.001], [0.1, 1.0, 100.0]))


def distances(optimizer, steps=5000):
    """|θ| on parabolas of curvature λ, one for each setting, after every step."""
    (theta,) = optimizer.params
    return np.abs([optimizer.step([lambdas * theta])[0].copy() for _ in range(steps)])


hopper = optim.RMSprop([np.ones(9)], lr=etas, beta2=0.9)
hops = distances(hopper)
glide = distances(optim.AdaGrad([np.ones(9)], lr=etas))

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
steps = np.arange(1, 5001)
for column, style in zip((3, 4, 5), ("-", "--", ":"), strict=True):  # the three rates at λ = 1
    ax.loglog(steps, hops[:, column], style, color=plotting.COLORS["RMSprop"], label=f"RMSprop, η = {etas[column]:g}")
ax.loglog(steps, glide[:, 3], color=plotting.COLORS["AdaGrad"], label="AdaGrad, η = 0.1")
ax.set(xlabel="step t", ylabel="|θ|", ylim=(1e-6, 2), title="RMSprop ends at a distance of η/2")
ax.legend(loc="lower left")
plotting.show(fig, alt="RMSprop's distance to the minimum levels off at half its rate; AdaGrad's falls.")

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
final_rates = hopper.rule.readings(hopper.state[0], hopper.t)["rate"]
claim("In all nine runs the rate ends at this multiple of 1/λ", final_rates * lambdas, near=2, within=0.01, digits=2)

# %% [markdown]
# AdaGrad, in the same figure, glides in. The sum that kills its rate is also what lets it *land*. RMSprop keeps the rate alive, and hands you the duty to lower it. A schedule does that:

# %% tags=["nbval-check-output"]
landing = [np.ones(1)]
optimizer = optim.RMSprop(landing, lr=0.01, beta2=0.9)
for t in range(5000):
    optimizer.lr = 0.01 * (1 - t / 5000)
    optimizer.step([landing[0]])
claim("With η falling linearly to 0, the last distance is", abs(landing[0].item()), below=1e-5, approx=True)

# %% [markdown]
# (With a memory as long as β₂ = 0.999, and no noise, the rate takes thousands of steps to reach the edge. By then θ may be so small that the computer has rounded it to 0. Noise in the gradient, which every real training has, rules that out.)
#
# ## ε: small print that bites
#
# ε looks like a guard against division by zero. It is also a **threshold**. A coordinate whose $\sqrt v$ is far above ε gets normalised steps. One whose $\sqrt v$ is far below is divided by ε, a constant: for it, RMSprop is SGD with the rate η/ε. And which coordinates fall below first? Those with small gradients, the very ones that were to be rescued.
#
# To make it worse, libraries put ε in different places:
#
# $$\text{outside: }\ \frac{g}{\sqrt v+\varepsilon}\qquad\qquad\text{inside: }\ \frac{g}{\sqrt{v+\varepsilon}}$$
#
# PyTorch has it outside, as Adam's paper does. TensorFlow's RMSprop has had it inside, and optax's has it there by default. Inside, ε competes with $g^2$ and not with $|g|$, so it acts like $\sqrt\varepsilon$ outside. For a gradient of 1e-4 and ε = 1e-5:

# %% tags=["nbval-check-output"]
g, eps = 1e-4, 1e-5
outside, inside = g / (np.sqrt(g**2) + eps), g / np.sqrt(g**2 + eps)
print(f"Steps, in units of η: {outside:.3f} with ε outside, {inside:.4f} inside: {outside / inside:.1f} times shorter.")

# %% [markdown]
# Now over twelve decades, on the task with the rare feature. We keep η = 0.01, a good rate for small ε, and train with both placements. The excess loss is how far the result lies above the best possible.


# %%
def excess_loss(lr, eps, *, inside=False, steps=500):
    theta, v, tail = np.zeros((len(eps), 2)), 0.0, []
    for rows in task.batches(64, steps, seed=0):
        g = task.gradient(theta, rows)
        v = 0.99 * v + 0.01 * g**2
        theta = theta - lr * g / (np.sqrt(v + eps) if inside else np.sqrt(v) + eps)
        tail.append(task.loss(theta))
    return np.mean(tail[-50:], axis=0) - task.loss(task.minimum)


decades = np.logspace(-12, 0, 25)[:, None]
fixed = {place: excess_loss(0.01, decades, inside=place == "inside") for place in ("outside", "inside")}
raised = excess_loss(np.maximum(0.01, 0.65 * decades), decades)

# %%
fig = plotting.figure(7.5, 3.4)
ax = fig.subplots()
for (place, loss), style in zip(fixed.items(), ("-", "--"), strict=True):
    ax.loglog(decades, loss, style, color=plotting.COLORS["RMSprop"], label=f"ε {place} the root, η = 0.01")
ax.loglog(decades[20:], raised[20:], ":", color=plotting.COLORS["SGD"], label="ε outside, η = 0.65 ε: SGD in disguise")
ax.set(xlabel="ε", ylabel="excess loss after 500 steps")
ax.set_title("ε does nothing for many decades, and then everything")
ax.legend()
plotting.show(fig, alt="Excess loss against ε: flat, then rising; the rise begins far earlier with ε inside.")

# %% tags=["nbval-check-output"]
def doubled(loss):
    """The ε at which the excess loss is twice what it is for tiny ε."""
    return np.exp(np.interp(np.log(2 * loss[0]), np.log(loss), np.log(decades[:, 0])))


noise = np.array([task.gradient(task.minimum, rows) for rows in task.batches(64, 500, seed=0)])
rare_size = np.sqrt(np.mean(noise[:, 1] ** 2))
claim("Root mean square of the rare weight's gradient", rare_size, near=0.0045, within=1e-4, digits=2)
claim("ε outside the root: the loss has doubled at", doubled(fixed["outside"]), near=0.0028, within=4e-4, digits=2)
claim("ε inside the root: it has doubled at", doubled(fixed["inside"]), near=3.1e-5, within=4e-6, digits=2)
claim("At ε = 1 it is larger by a factor of", fixed["outside"][-1] / fixed["outside"][0], above=50, approx=True)

# %% [markdown]
# So "ε hardly matters" holds as long as ε is far below the *smallest* typical gradient among the weights you care about. Here that is the rare weight's. Outside the root the trouble starts close to that number; inside, close to its square.
#
# Read the dotted curve too. For a large ε we let η grow along, so that η/ε stays at 0.65, a good rate for SGD on this task. The training works again, at *SGD's* level: the excess loss is several times RMSprop's, because the rare weight is starved again.

# %% tags=["nbval-check-output"]
starved = raised[-1] / fixed["outside"][0]
claim("At ε = 1 the dotted curve stands higher than RMSprop at small ε, by", starved, near=6.8, within=0.2, unit="×")

twins = {"RMSprop": [np.zeros(2)], "SGD": [np.zeros(2)]}
engines = [optim.RMSprop(twins["RMSprop"], lr=65.0, eps=100.0), optim.SGD(twins["SGD"], lr=0.65)]
for rows in task.batches(64, 500, seed=0):
    for engine in engines:
        engine.step([task.gradient(engine.params[0], rows)])
gap = np.abs(twins["RMSprop"][0] - twins["SGD"][0]).max()
claim("RMSprop (η = 65, ε = 100) and SGD (η = 0.65) end at the same weights, to", gap, below=0.01, approx=True)

# %% [markdown]
# This is no curiosity. Inception-v3's best models were trained with RMSprop at ε = 1.0 ([Szegedy et al. 2016](https://arxiv.org/abs/1512.00567), section 8), a threshold far above usual gradients. For every weight whose gradients stay well below one, that was close to plain SGD under another name. And people who carried TensorFlow's recipes to PyTorch number by number saw them fail ([pytorch#23796](https://github.com/pytorch/pytorch/issues/23796)). The timm library keeps an [`RMSpropTF`](https://github.com/huggingface/pytorch-image-models/blob/main/timm/optim/rmsprop_tf.py) for this purpose: ε inside, $v$ starting at one instead of zero, and the rate multiplied in before the momentum.
#
# So when you read "RMSprop" in a recipe, ask three things: where is ε, where does $v$ start, and where does η enter?
#
# ### The centred variant
#
# Graves (2013) divides by the *standard deviation* of the gradient instead of its root mean square:
#
# $$\bar g_t = \beta_2\,\bar g_{t-1} + (1-\beta_2)\,g_t \qquad\qquad \theta_t = \theta_{t-1} - \eta\,\frac{g_t}{\sqrt{v_t-\bar g_t^2}+\varepsilon}$$
#
# If a gradient has mean μ and standard deviation σ, plain RMSprop's step is about $\eta\mu/\sqrt{\mu^2+\sigma^2}$, never above η. The centred one is about $\eta\mu/\sigma$. The surer the direction, the longer the step.

# %% tags=["nbval-check-output"]
noisy = np.random.default_rng(5).normal(1.0, 0.1, size=3000)  # mean 1, standard deviation 0.1
plain = -walk(optim.RMSprop, noisy)
centred = -walk(partial(optim.RMSprop, centered=True), noisy)
claim("Plain RMSprop's mean step is η times", (plain[-1] - plain[-1001]) / 1000, near=1, within=0.02, digits=2)
claim("The centred one's is η times", (centred[-1] - centred[-1001]) / 1000, near=10, within=0.5, digits=2)

# %% [markdown]
# So far so good: a direction that is ten times surer than its noise earns steps ten times longer. Now take the noise away altogether.

# %% tags=["nbval-check-output"]
with np.errstate(invalid="ignore"):
    certain = -walk(partial(optim.RMSprop, centered=True), np.full(4000, 0.1))
claim("Without noise, step 1000 is η times", certain[999] - certain[998], near=152, within=1)
claim("… and the weight is NaN from this step on", int(np.isnan(certain).argmax()) + 1, between=(2000, 4000), approx=True)

# %% [markdown]
# The difference $v-\bar g^2$ of two nearly equal numbers first becomes tiny, and then, by rounding, negative. `torch.optim.RMSprop(centered=True)` does the same in float64, since the formula is the same. Graves was safe: he put ε *inside* the root, and a large one, 1e-4. If you use the centred variant, give it an ε that matters.
#
# ## Four methods, measured
#
# The usual table of optimizers has columns like "smooths gradients: yes". Let us fill it by running, on streams made for the purpose. Steps are in units of η; momentum is the heavy ball at 0.9, and all other numbers are defaults.

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


# %%
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
# - All these methods divide each coordinate's gradient by its usual size. AdaGrad takes the sum of all squares, so its rate dies like $1/\sqrt t$; RMSprop a running average, so its rate lives, and its steps stay about η long.
# - The gain is indifference to *units*: rescale a coordinate, and nothing changes. The limit is the *axes*: turn a ravine by 45°, and nothing is gained.
# - Near a minimum RMSprop hops between −η/2 and η/2. Landing takes a schedule.
# - $v$ starts at zero, uncorrected: the first step is $1/\sqrt{1-\beta_2}$ times η.
# - ε is a threshold. Inside the root it acts like $\sqrt\varepsilon$ outside.

# %%
practice.self_check("03")

# %% [markdown]
# **Next:** [04 Adam](04_adam.ipynb), where the two halves meet.
#
# **Sources.** J. Duchi, E. Hazan and Y. Singer, [*Adaptive subgradient methods for online learning and stochastic optimization*](https://jmlr.org/papers/v12/duchi11a.html), JMLR 12, 2011. G. Hinton with N. Srivastava and K. Swersky, [*Neural networks for machine learning*, lecture 6e](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), 2012; usually cited as T. Tieleman and G. Hinton, *Lecture 6.5 – rmsprop*. A. Graves, [*Generating sequences with recurrent neural networks*](https://arxiv.org/abs/1308.0850), 2013, equations 38 to 45, for the centred variant. C. Szegedy et al., [*Rethinking the Inception architecture*](https://arxiv.org/abs/1512.00567), CVPR 2016. On where ε stands: the threads [pytorch#23796](https://github.com/pytorch/pytorch/issues/23796) and [jax#1427](https://github.com/jax-ml/jax/pull/1427).
