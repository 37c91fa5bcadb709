# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Gradient descent and SGD
#
# **After this notebook you can**
#
# - *derive* the largest stable learning rate, and the best one, from the curvature;
# - *measure* the largest curvature of a network in ten lines, and *say* what training does to it;
# - *explain* what a mini-batch does to the gradient, and when a constant rate can converge and when it cannot;
# - *show*, each with an experiment and its control, three things that slow plain SGD: noise, uneven curvature, saddles; and *say* which cure works against which.
#
# About 70 minutes. Builds on calculus and eigenvalues, and nothing else in the series.
#
# > **The question.** A feature is present in one row out of a hundred. You train a logistic regression with plain SGD, at a rate that suits the common features. When their weights have been learned, how far has the rare one come?

# %%
import numpy as np

from adamkit import plotting, practice, surfaces, tasks
from adamkit.claims import claim
from adamkit.lessons import explorers

# %%
rare_guess = practice.predict("01-rare-feature")
rare_guess

# %% [markdown]
# Keep your guess. It is settled in the second half, under "Three problems".
#
# ## One rule
#
# The gradient $g = \nabla f(\theta)$ points uphill. So go the other way, by a step proportional to it:
#
# $$\theta_{t} = \theta_{t-1} - \eta\, g_t$$
#
# The **learning rate** η turns a slope into a distance. It is the only number to choose, and this notebook is about how much hangs on it.
#
# **Your turn.** One line. The checker watches for the classic slips.

# %%
gd_exercise = practice.exercise("01-gd-step")
gd_exercise


# %%
def gd_step(theta, gradient, lr):
    return ...  # the new theta


gd_exercise.check(gd_step)

# %% [markdown]
# With a loop around that line we have gradient descent, whole. `theta` may be an array, and `lr` one for each entry: then many runs go side by side.


# %%
def descend(gradient, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        theta = theta - lr * gradient(theta)
        path.append(theta)
    return np.array(path)


# %% [markdown]
# Let it walk on the simplest bowl there is, the parabola $f(\theta)=\tfrac12\lambda\theta^2$ with λ = 1, at three rates.

# %%
fig = plotting.figure(8.5, 2.8)
ground = np.linspace(-1.35, 1.35, 200)
cases = (0.3, "creeps"), (1.7, "swings and settles"), (2.1, "swings away")
for ax, (lr, words) in zip(fig.subplots(1, 3), cases, strict=True):
    path = descend(lambda theta: theta, 1.0 if lr < 2 else 0.5, lr, 10)
    ax.plot(ground, ground**2 / 2, color="#999999", linewidth=1)
    ax.plot(path, path**2 / 2, "o-", color=plotting.COLORS["SGD"], markersize=4, linewidth=1)
    ax.plot(path[0], path[0] ** 2 / 2, "o", color="tab:red", markersize=6)
    ax.set(xlabel="θ", title=f"η = {lr}: {words}", xlim=(-1.35, 1.35), ylim=(-0.05, 0.95))
fig.axes[0].set_ylabel("f(θ)")
plotting.show(fig, alt="Ten steps on a parabola from the red dot: from one side, from side to side inwards, outwards.")

# %% [markdown]
# ## How large may η be?
#
# The gradient of that bowl is $\lambda\theta$, so one step multiplies the distance to the minimum by a constant:
#
# $$\theta_t = (1-\eta\lambda)\,\theta_{t-1}$$
#
# All of gradient descent on a bowl is in that factor. It shrinks the distance when $|1-\eta\lambda|<1$, that is for $0<\eta<2/\lambda$. Below $1/\lambda$ the path creeps in from one side. Between $1/\lambda$ and $2/\lambda$ it overshoots and comes back from the other side. Above $2/\lambda$ each overshoot is larger than the last: the three pictures, in that order.
#
# **Why a bowl?** Because near a minimum a smooth loss looks like one, unless it is flatter than that: by Taylor's formula $f(\theta)\approx f(\theta^\star)+\tfrac12(\theta-\theta^\star)^\top H(\theta-\theta^\star)$, where $H$, the **Hessian**, holds the second derivatives. The gradient there is $H(\theta-\theta^\star)$. And in many dimensions such a bowl is a set of one-dimensional ones. Write the distance in the eigenvectors of $H$, $\theta-\theta^\star=\sum_i c_i u_i$ with $Hu_i=\lambda_i u_i$, and a step does
#
# $$\sum_i c_i u_i \;\longmapsto\; (I-\eta H)\sum_i c_i u_i \;=\; \sum_i (1-\eta\lambda_i)\,c_i u_i$$
#
# Each coefficient has a factor of its own, and they all share one η. The **most curved** direction blows up first:
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# How sharp is this edge?

# %%
edge_guess = practice.predict("01-too-large")
edge_guess

# %% tags=["nbval-check-output"]
walk = descend(lambda theta: theta, np.ones(2), np.array([0.95, 1.05]) * 2, 100)  # five percent below, five above
claim("Five percent below the limit, 100 steps multiply the distance by", abs(walk[-1, 0]), near=0.9**100, within="1%")
claim("Five percent above it, they multiply the distance by", abs(walk[-1, 1]), near=1.1**100, within="1%", digits=3)

# %%
edge_guess.reveal()

# %% [markdown]
# A constant factor, applied again and again, is merciless. Even one percent decides. Here is a **ravine**: a bowl with curvature 1 along its floor and 20 across, from wall to wall. Four rates around its limit of 2/20, and for each the share of steps that jump from one wall to the other:

# %% tags=["nbval-check-output"]
curvatures = np.array([1.0, 20.0])
shares = np.array([0.45, 0.95, 0.99, 1.01])
paths = descend(lambda theta: curvatures * theta, np.ones((4, 2)), shares[:, None] * 2 / 20, 200)
losses = (curvatures * paths**2 / 2).sum(axis=-1)  # (steps + 1, rates)
jumps = (paths[1:, :, 1] * paths[:-1, :, 1] < 0).mean(axis=0)
growth = np.abs(paths[-1, :, 1] / paths[-2, :, 1])  # distance from the floor, over that of the step before
print("η over the limit   loss after 200 steps   steps that cross   distance from the floor, per step")
for row in zip(shares, losses[-1], jumps, growth, strict=True):
    print("{:16.2f}   {:20.2g}   {:16.0%}   × {:.2f}".format(*row))
smallest_fall = -np.diff(losses[:, 2]).max()
claim("At 0.99 of the limit the loss falls at every step, at least by", smallest_fall, above=0, digits=1)

# %% [markdown]
# At 0.99 of the limit every step goes from wall to wall, and yet the loss falls steadily: on a bowl it does not care on which side you stand. At 1.01 it is already leaving. Nor do the crossings warn you: at 0.95, by far the fastest of the four, every step crosses as well. What changes on the way to the limit is how much of a swing is *left* after a step: 0.90 of it, then 0.98, then 1.02.
#
# On a bowl, then, and without noise, swinging means that $\eta\lambda$ is above 1 for some direction, and a swing that grows means that it is above 2. Swinging does not mean "too high": in a moment the *best* rate turns out to swing. And it never means "too low".
#
# Use your hands. In the explorer, bring η slowly up to the edge and past it. Then raise κ, the curvature across: the edge comes down with it, and at any rate that is still stable the progress along the floor becomes slow: at most 2/κ of the distance a step.

# %%
explorers.noise()

# %%
stable = practice.exercise("01-largest-stable-lr")
stable

# %%
largest_stable_lr = ...  # a number: by theory first, then check it with the slider
stable.check(largest_stable_lr)

# %% [markdown]
# ### The best rate, and why ravines are slow
#
# The most curved direction wants a small η. The flattest, whose factor is $1-\eta\lambda_{\min}$, wants a large one. The best compromise makes both equally slow, $1-\eta\lambda_{\min} = \eta\lambda_{\max}-1$:
#
# $$\eta^\star=\frac{2}{\lambda_{\min}+\lambda_{\max}}\qquad\text{with factor}\qquad \rho=\frac{\kappa-1}{\kappa+1},\quad \kappa=\frac{\lambda_{\max}}{\lambda_{\min}}$$
#
# The number κ is the **condition number**: how many times more curved the most curved direction is than the flattest. Sixty rates, side by side, and for each the measured factor per step:

# %%
rates = np.linspace(0.05, 1.02, 60) * 2 / 20
paths = descend(lambda theta: curvatures * theta, np.ones((60, 2)), rates[:, None], 400)
distance = np.linalg.norm(paths, axis=-1)
measured = (distance[400] / distance[300]) ** (1 / 100)
predicted = np.abs(1 - rates[:, None] * curvatures).max(axis=1)

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
ax.plot(rates, predicted, color="black", linewidth=1, label="theory: the larger of |1 − ηλ|")
ax.plot(rates, measured, ".", color=plotting.COLORS["SGD"], label="measured, steps 300 to 400")
ax.axvline(2 / 21, color="tab:green", linestyle=":", label="best η = 2/(λ$_{min}$ + λ$_{max}$)")
ax.axvline(2 / 20, color="tab:red", linestyle=":", label="limit 2/λ$_{max}$")
ax.set(xlabel="learning rate η", ylabel="factor per step", title="The best rate sits just under the cliff")
ax.legend()
plotting.show(fig, alt="Measured factors lie on the theoretical V-shaped curve; the best rate is close to the limit.")

# %% tags=["nbval-check-output"]
claim("Over all sixty rates, theory is off by", np.abs(measured - predicted).max(), below=1e-3, approx=True)
fastest = rates[measured.argmin()] / (2 / 20)  # two neighbouring rates are 0.0164 apart
claim("The fastest of the sixty, as a share of the limit, near 20/21", fastest, near=20 / 21, within=0.02, digits=2)
best = descend(lambda theta: curvatures * theta, np.ones(2), 2 / 21, 60)[:, 1]
claim("At the best rate, steps of 60 that cross the valley", int((best[1:] * best[:-1] < 0).sum()), equals=60)

# %% [markdown]
# The fastest rate of all swings in the most curved direction at *every* step. That is what being fast costs here.
#
# Even at its best, gradient descent pays for κ. How much?

# %%
ravine_guess = practice.predict("01-ravine")
ravine_guess

# %% [markdown]
# Steps until the loss has fallen by a million (so the distance by a thousand), each ravine at *its own* best rate:


# %%
def steps_needed(kappa):
    curvatures = np.array([1.0, kappa])
    path = descend(lambda theta: curvatures * theta, np.ones(2), 2 / (1 + kappa), 4 * kappa)
    losses = (curvatures * path**2).sum(axis=1)
    return int(np.argmax(losses < 1e-6 * losses[0]))


# %% tags=["nbval-check-output"]
needed = {kappa: steps_needed(kappa) for kappa in (3, 10, 30, 100, 300, 1000)}
for kappa, count in needed.items():
    print(f"κ = {kappa:4d}: {count:4d} steps")
claim("A hundred times the κ needs this many times the steps", needed[1000] / needed[10], between=(95, 105))

# %%
ravine_guess.reveal()

# %% [markdown]
# Momentum, in the next notebook, turns κ into √κ.
#
# ## The edge of a network
#
# "On a network I do not know the eigenvalues." But you can measure the largest one. Multiply almost any vector by $H$ again and again, and normalise: in each round the component along $u_i$ grows in proportion to $|\lambda_i|$, so the direction of the largest $|\lambda|$ wins. That is **power iteration**. When the vector has turned, $v^\top Hv$ is the eigenvalue, with its sign.
#
# **Your turn**, with a matrix that is given.

# %%
power = practice.exercise("01-power-iteration")
power


# %%
def largest_curvature(H, v, rounds):
    return ...  # the eigenvalue that v has found after so many rounds


power.check(largest_curvature)

# %% [markdown]
# For a network nobody writes $H$ down: 24 hidden units on the digits give 1810 weights, so three million entries. But only products $Hv$ are needed, and those are a gradient of a number: $Hv=\nabla\,(g^\top v)$ with $v$ held fixed. Two calls of autograd (the idea of exact products is B. Pearlmutter's, 1994).

# %%
import torch
from sklearn.datasets import load_digits

torch.set_num_threads(1)  # for so small a network a second thread costs more than it brings
digits = load_digits()
pixels = torch.tensor(digits.data[:300] / 16)
pixels = pixels - pixels.mean(dim=0)
targets = torch.nn.functional.one_hot(torch.tensor(digits.target[:300]), 10).double()


def loss_of(net):
    return ((net(pixels) - targets) ** 2).sum(dim=1).mean() / 2


def sharpness(net, v, rounds):  # the largest curvature, and a vector that points along it
    weights = list(net.parameters())
    g = torch.cat([part.flatten() for part in torch.autograd.grad(loss_of(net), weights, create_graph=True)])
    for _ in range(rounds):
        v = v / v.norm()
        Hv = torch.cat([part.flatten() for part in torch.autograd.grad(g @ v, weights, retain_graph=True)])
        largest, v = (v @ Hv).item(), Hv
    return largest, v


# %% [markdown]
# Now train with plain full-batch gradient descent, and look at the curvature every ten steps. The vector is kept from one look to the next, so a few rounds are enough.

# %%
sharpening_guess = practice.predict("01-edge")
sharpening_guess


# %%
def train(lr, seed, steps=800):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(64, 24), torch.nn.Tanh(), torch.nn.Linear(24, 10)).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    v, losses, curved = torch.randn(1810, dtype=torch.float64), [], []
    for step in range(steps):
        if step % 10 == 0:
            value, v = sharpness(net, v, 4 if step else 30)
            curved.append(value)
        optimizer.zero_grad()
        loss = loss_of(net)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses), np.array(curved)


network_rates, seeds = (0.3, 0.7, 0.9), (0, 1, 2)
trained = {(lr, seed): train(lr, seed) for lr in network_rates for seed in seeds}

# %%
fig = plotting.figure(8.5, 3.2)
left, right = fig.subplots(1, 2)
for lr, color in zip(network_rates, ("#9aa5b1", "#3f6fd1", "#b4232c"), strict=True):
    for seed in seeds:
        losses, curved = trained[lr, seed]
        left.semilogy(losses, color=color, linewidth=0.8, label=f"η = {lr}" if not seed else None)
        right.plot(np.arange(0, 800, 10), curved, color=color, linewidth=0.8)
    right.plot((0, 800), (2 / lr, 2 / lr), color=color, linestyle=":")
    right.text(815, 2 / lr, f"2/{lr}", color=color, va="center", fontsize=9)
left.set(xlabel="step", ylabel="loss", title="The loss jumps, and falls")
right.set(xlabel="step", ylabel="largest curvature λ$_{max}$", xlim=(-20, 930))
right.set_title("Curvature climbs past 2/η, and returns")
left.legend()
plotting.show(fig, alt="Loss and largest curvature of a network: curvature rises past 2/η, falls back, and hovers.")

# %% tags=["nbval-check-output"]
start = np.array([curved[0] for _, curved in trained.values()])
claim("Before the first step λmax is, over the seeds", start, below=2, approx=True)
over = np.array([trained[lr, seed][1].max() * lr / 2 for lr in (0.7, 0.9) for seed in seeds])
claim("At η = 0.7 and 0.9, all seeds, λmax climbs to this multiple of 2/η", over, between=(1, 1.5), approx=True)
late = {key: (curved * key[0] / 2)[40:].mean() for key, (_, curved) in trained.items()}  # λ_max over 2/η, steps 400 on
above = np.array([late[lr, seed] for lr in (0.7, 0.9) for seed in seeds])
claim("… and later settles at this multiple of 2/η", above, between=(0.9, 1.12), approx=True)
rises = np.array([(np.diff(trained[lr, seed][0]) > 0).sum() for lr in (0.7, 0.9) for seed in seeds])
claim("… and so many of the 800 steps raise the loss", rises, above=50, approx=True)
falls = np.array([trained[lr, seed][0][-1] / trained[lr, seed][0][100] for lr in (0.7, 0.9) for seed in seeds])
claim("… though from step 100 to 800 the loss falls to a share of", falls, below=0.75, approx=True)
calm = np.array([(np.diff(trained[0.3, seed][0]) > 0).sum() for seed in seeds])
claim("At η = 0.3, still far from its edge, no step raises the loss", calm, equals=np.zeros(3, dtype=int))

# %%
sharpening_guess.reveal()

# %% [markdown]
# Three things to take along. At the start λ$_{\max}$ is below 2, so all three rates are within their limit. But here training *raises* the curvature (progressive sharpening), until it has passed 2/η, or until training ends: the run at 0.3 is still on its way. Beyond 2/η the swing grows by a factor in each step, but from almost nothing. So in most of the six runs λ$_{\max}$ climbs on for some ninety to a hundred and seventy steps, by up to some 30 percent, before the swing is large enough to show in the loss, as a jump. Then the run neither diverges, as it would on a bowl, nor goes back to calm: λ$_{\max}$ falls back, and hovers at the edge, the loss goes up at every few steps, and down in the long run. Cohen et al. ([2021](https://arxiv.org/abs/2103.00065)) found this on many networks trained with full batches and called it the **edge of stability**; why the swings themselves push the curvature down again, Damian, Nichani and Lee ([2022](https://arxiv.org/abs/2209.15594)) explain. So 2/λ$_{\max}$ is not only a limit for η. The other way round, η sets the curvature at which training can stay.
#
# That is for full batches. Under mini-batches the curvature usually stays below 2/η, the more so the smaller the batch (A. Andreyev and P. Beneventano, [2024](https://arxiv.org/abs/2412.20553), find another quantity at the edge), and adaptive methods have an edge of their own (Cohen et al. [2022](https://arxiv.org/abs/2207.14484)). The practical rule stands: raise η until the loss no longer falls in the long run, step back once, and let the rate fall towards the end.
#
# ## The S in SGD
#
# A gradient over the whole data set costs a pass over the data. For small data one pays it, as above. For large data one takes a **mini-batch** of $B$ rows and averages over them:
#
# $$g = \frac1B\sum_{i\in\text{batch}} \nabla f_i(\theta)$$
#
# The average has the right mean: the estimate is *unbiased*. When rows are drawn independently, its variance falls like $1/B$. So four times the batch gives half the noise, for four times the work. (In practice one shuffles the data and walks through it, an *epoch*, without putting rows back. Within an epoch the batches then have no row in common, and their noise partly cancels. Here rows are put back, which is easier to compute with.)

# %%
least_squares = tasks.least_squares(rows=4096, weights=np.ones(8), seed=0)
rng = np.random.default_rng(0)


def noise_of(batch, draws=2000):
    rows = rng.integers(0, 4096, size=(draws, batch))  # a mini-batch for each draw
    errors = least_squares.gradient(np.zeros((draws, 8)), rows) - least_squares.gradient(np.zeros(8))
    return np.sqrt(np.mean(errors**2))


noise = {batch: noise_of(batch) for batch in (4, 16, 64)}

# %% tags=["nbval-check-output"]
claim("Four times the batch divides the gradient's noise by", noise[4] / noise[16], near=2, within=0.1, digits=2)
claim("Sixteen times the batch divides it by", noise[4] / noise[64], near=4, within=0.2, digits=2)

# %% [markdown]
# **Your turn.** Write the mini-batch gradient of the least-squares loss $\frac{1}{2B}\lVert Xw-y\rVert^2$. Two slips are common here: forgetting to divide by the batch, and dividing by the number of rows in the whole data set.

# %%
minibatch = practice.exercise("01-minibatch-gradient")
minibatch


# %%
def minibatch_gradient(w, X, y, rows):
    return ...  # gradient of the mean loss over X[rows], y[rows]


minibatch.check(minibatch_gradient)

# %% [markdown]
# ### Can a constant rate converge?
#
# It depends on the noise *at the minimum*. Two regressions, equal but for one thing: in the first the targets hold noise that no weight can explain, in the second there is a weight that fits every row. SGD with batches of four and a constant rate, five data sets each:


# %%
def distance_left(noise, seed):
    task = tasks.least_squares(noise=noise, seed=seed)
    theta = np.zeros(2)
    for rows in task.batches(4, 2000, seed=seed):
        theta = theta - 0.1 * task.gradient(theta, rows)
    return np.linalg.norm(theta - task.minimum)


# %% tags=["nbval-check-output"]
noisy = np.array([distance_left(0.5, seed) for seed in range(5)])
claim("Targets with noise: after 2000 steps SGD is this far from the minimum", noisy, above=0.005, digits=2)
exact = np.array([distance_left(0.0, seed) for seed in range(5)])
claim("Targets that one weight fits exactly: this far", exact, below=1e-10)

# %% [markdown]
# In the second case *one* θ is best for every row, so there every mini-batch gradient is zero, and the noise dies out as SGD comes near. This is called **interpolation**. It is the case of networks with enough parameters to fit all their training data. For convex losses that can be fitted so, a constant rate that is small enough is proved to converge as fast as with the full gradient, up to constants (the smaller the batch, the smaller it may have to be; [Vaswani, Bach and Schmidt 2018](https://arxiv.org/abs/1810.07288)).
#
# When the noise does *not* vanish at the minimum, because labels are noisy or the model is too small to fit every row, a constant rate ends in a **cloud**. How wide it is, guess first:

# %%
cloud_guess = practice.predict("01-batch-noise")
cloud_guess

# %% [markdown]
# On a bowl of curvature λ let the mini-batch gradient be $\lambda\theta+\xi$, with noise ξ of mean 0 and variance $\sigma^2/B$, the same everywhere and new in each step. Then $\theta_{t+1}=(1-\eta\lambda)\,\theta_t-\eta\,\xi_t$. The two terms are independent, so their variances add:
#
# $$V_{t+1}=(1-\eta\lambda)^2\,V_t+\eta^2\,\sigma^2/B$$
#
# It settles where $V_{t+1}=V_t=V$. Solve for $V$:
#
# $$V=\frac{\eta\,\sigma^2/B}{\lambda\,(2-\eta\lambda)}\;\approx\;\frac{\eta\,\sigma^2}{2\lambda B}\qquad\text{and in the loss}\qquad \tfrac12\lambda V\;\approx\;\frac{\eta\,\sigma^2}{4B}$$
#
# For small η the cloud depends on the quotient η/B alone. And what it costs in loss then hardly depends on the curvature: with equal noise, each direction pays the same, as long as $\eta\lambda$ is small.


# %%
def cloud(lr, batch, steps=400, walkers=4000):  # λ = 1 and σ = 1; each walker has noise of its own
    rng = np.random.default_rng(3)
    theta = np.zeros(walkers)
    for _ in range(steps):
        theta = theta - lr * (theta + rng.normal(size=walkers) / np.sqrt(batch))
    return theta.var()


etas = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.3, 1.6, 1.8])
measured = {batch: np.array([cloud(lr, batch) for lr in etas]) for batch in (1, 4, 16)}

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
fine = np.linspace(0.03, 1.95, 200)
for (batch, variances), shade in zip(measured.items(), ("#8a939c", "#50565c", "#101214"), strict=True):
    ax.loglog(fine, fine / batch / (2 - fine), color=shade, linewidth=1, label=f"batch {batch}")
    ax.loglog(etas, variances, "o", color=shade, markersize=4)
ax.loglog(fine, fine / 2, ":", color="tab:red", linewidth=1, label="ησ²/2λB for batch 1")
ax.set(xlabel="ηλ", ylabel="variance of θ", title="The cloud grows with η, and shrinks with the batch")
ax.legend()
plotting.show(fig, alt="Variance of the cloud over the rate for three batches; dots on theory's lines.")

# %% tags=["nbval-check-output"]
ratios = np.concatenate([variances * batch * (2 - etas) / etas for batch, variances in measured.items()])
claim("27 settings: measured variance over predicted", ratios, between=(0.9, 1.1))
same = np.array([cloud(0.2, 4), cloud(0.1, 2)]) / cloud(0.05, 1)
claim("Rate and batch both two and four times larger: the variance changes by a factor of", same, between=(1, 1.15))

# %%
cloud_guess.reveal()

# %% [markdown]
# Dots and lines agree as far as 1.8, near the edge at 2, where the cloud explodes. The last claim is one way to read the *linear scaling rule* of large-batch training ([Goyal et al. 2017](https://arxiv.org/abs/1706.02677)): twice the rate with twice the batch gives nearly the same cloud, and each step goes twice as far. The formula also says where it must end, at $\eta\lambda=2$, where no batch is large enough. (In the explorer, the scenario **Noise** shows the level that a cloud costs.) Mind what was assumed: noise of one size everywhere and in all directions. Real gradients are not so kind, and there the rule is a first guess.
#
# ### Rates that fall
#
# A large η crosses the landscape, a small one settles. So let it fall, but how fast? Robbins and Monro gave the answer in 1951, long before there were networks. For problems like this one it is *enough* that
#
# $$\sum_t \eta_t=\infty\quad\text{(it can get anywhere)}\qquad\text{and}\qquad \sum_t\eta_t^2<\infty\quad\text{(the noise it gathers is finite)}$$
#
# Five schedules on the noisy parabola, each with 2000 walkers, that is, runs with noise of their own. All begin at distance 3:

# %%
schedules = {
    "constant: 0.1": lambda t: 0.1,
    "1/√t: 1/(10 + √t)": lambda t: 1 / (10 + np.sqrt(t)),
    "1/t: 1/(9 + t)": lambda t: 1 / (9 + t),
    "1/t, too small: 0.2/(1 + t)": lambda t: 0.2 / (1 + t),
    "1/t²: 10/(9 + t)²": lambda t: 10 / (9 + t) ** 2,
}


def mean_square(schedule, steps=10_000, walkers=2000):
    rng, theta, squares = np.random.default_rng(0), np.full(walkers, 3.0), []
    for t in range(1, steps + 1):
        theta = theta - schedule(t) * (theta + rng.normal(size=walkers))
        squares.append(np.mean(theta**2))
    return np.array(squares)


squares = {name: mean_square(schedule) for name, schedule in schedules.items()}

# %%
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for (name, values), color in zip(squares.items(), ("#444b52", "#1b998b", "#3f6fd1", "#e08a1e", "#b4232c"), strict=True):
    ax.loglog(np.arange(1, 10_001), values, color=color, label=name)
ax.set(xlabel="step t", ylabel="mean squared distance", title="Fall too little and you jitter, too fast and you stop")
ax.legend(loc="lower left")
plotting.show(fig, alt="Mean squared distance by step: constant levels off, 1/t falls like 1/t, 1/t² stops half-way.")

# %% tags=["nbval-check-output"]
last = {name.split(":")[0]: values[-1] for name, values in squares.items()}
claim("Constant rate: the mean square levels off at", last["constant"], near=0.1 / 1.9, within="10%", digits=2)
claim("1/t: at t = 10 000 it is the noise's variance over t, times", 1e4 * last["1/t"], near=1, within=0.15, digits=1)
claim("1/√t: it has fallen to", last["1/√t"], between=(0.003, 0.006), digits=1)
claim("1/t with a factor that is too small: only to", last["1/t, too small"], above=0.15, digits=1)
fifth = mean_square(lambda t: 0.2 / (10 + np.sqrt(t)))[-1]
claim("1/√t with a fifth of its factor, too: to", fifth, below=0.002, digits=1)
claim("1/t²: it stops at", last["1/t²"], above=0.8, digits=2)

# %% [markdown]
# The rate 10/(9 + t)² adds up to about one. So it walks only a part of the way, and stops there for ever. The constant rate has an infinite sum of squares, and jitters. 1/t meets both conditions and is as fast as noise allows, *if* its factor is right: with 0.2/t instead of 1/t it fulfils both conditions too, and after 10 000 steps it is still on its way. To know the right factor one would have to know λ. That speaks for 1/√t, which does not even meet the second condition: it is slower, and forgives a factor that is too small. A fifth of it ends no higher here. And in deep learning, where the number of steps is known beforehand, one often holds the rate up and brings it to zero only at the end (06).
#
# ## Three problems, three experiments
#
# Plain SGD is not a bad optimizer. But three things slow it down.
#
# ### Problem 1: noise
#
# You have just seen it, and two of its cures: a rate that falls, and a larger batch. A third is an average of the *positions* ([09](09_memory_averages_matrices.ipynb) comes to it). Averaging *gradients* sounds like a fourth. Whether momentum cools the cloud is the opening question of 02.
#
# ### Problem 2: uneven curvature
#
# You know the ravine. Now the opening question, which does not look like one. A logistic regression has one feature that is on in every row, and one that is on in 1% of the rows. Here it is, whole: ten data sets, so that nothing hangs on one draw.


# %%
def chance(X, theta):  # of the label 1
    return 1 / (1 + np.exp(-X @ theta))


def draw(seed, rows=4000):
    rng = np.random.default_rng(seed)
    X = np.stack([rng.choice([-1.0, 1.0], rows), np.zeros(rows)], axis=1)  # the common feature, and the rare one
    X[rng.permutation(rows)[: rows // 100], 1] = 1
    return X, rng.random(rows) < chance(X, np.array([1.0, 2.0]))


# %%
def gradient(theta, X, y):
    return X.T @ (chance(X, theta) - y) / len(y)


def hessian(theta, X):
    p = chance(X, theta)
    return (X.T * (p * (1 - p))) @ X / len(X)


def minimum(X, y):
    theta = np.zeros(2)
    for _ in range(20):  # Newton's method: with two weights the Hessian can be inverted
        theta = theta - np.linalg.solve(hessian(theta, X), gradient(theta, X, y))
    return theta


datasets = [draw(seed) for seed in range(10)]
minima = np.array([minimum(X, y) for X, y in datasets])

# %% [markdown]
# In 99 of 100 rows the rare weight's gradient is exactly zero, so its *average* gradient is small: at the start 0.0034 in expectation, against 0.23 for the common one, some seventy times more. But its curvature is smaller too. Here is the Hessian where training starts:

# %% tags=["nbval-check-output"]
H = hessian(np.zeros(2), datasets[0][0])
print(np.round(H, 4) + 0.0)
claim("So the condition number at the start is", np.linalg.cond(H), near=100, within=0.1)
claim("… and the largest stable rate, 2/λmax", 2 / np.linalg.eigvalsh(H).max(), near=8, within=0.1)

# %% [markdown]
# **The rare feature is a ravine**, with κ = 100 at the start, whose axes are the coordinates. A feature that occurs in few rows adds to the curvature in few rows only. So everything from above applies: how much of the trouble is only that η = 0.5, "a rate that suits the common features", is far below the limit of 8? Let us give SGD every chance: a rate near the limit, that rate cut to 0.5 after 300 steps (the cure of problem 1), and momentum. Beside them, a rate for each weight.


# %%
def learn(lr, beta=0.0, later=None, seed=0, steps=3000, start=(0.0, 0.0)):
    (X, y), rng = datasets[seed], np.random.default_rng(seed)
    theta, b, path = np.array(start), np.zeros(2), []
    for t in range(steps):
        rows = rng.integers(0, len(y), 64)
        b = beta * b + gradient(theta, X[rows], y[rows])
        theta = theta - (later if later and t >= 300 else lr) * b
        path.append(theta)
    return np.array(path)


settings = {
    "SGD, η = 0.5": {"lr": 0.5},
    "SGD, η = 7": {"lr": 7.0},
    "SGD, η = 7, later 0.5": {"lr": 7.0, "later": 0.5},
    "momentum 0.9, η = 0.5": {"lr": 0.5, "beta": 0.9},
    "η = 0.5 and 20": {"lr": np.array([0.5, 20.0])},
}
runs = {name: np.array([learn(**options, seed=seed) for seed in range(10)]) for name, options in settings.items()}
shares = {name: paths / minima[:, None] for name, paths in runs.items()}  # (data sets, steps, 2), of the final weights

# %%
fig = plotting.figure(9, 2.9)
findings = {
    "SGD, η = 0.5": "0.5: the rare one starves",
    "SGD, η = 7": "7: the common one jitters",
    "η = 0.5 and 20": "0.5, 20: the rare jitters",
}
for ax, (name, finding) in zip(fig.subplots(1, 3, sharey=True), findings.items(), strict=True):
    ax.plot(shares[name][0, :1000, 0], color=plotting.COLORS["SGD"], linewidth=0.8, label="feature in every row")
    ax.plot(shares[name][0, :1000, 1], color="tab:red", linewidth=0.8, label="in 1% of the rows")
    ax.set(xlabel="step", title=f"η = {finding}", ylim=(-0.6, 2.9))
fig.axes[0].set_ylabel("share of the final weight")
fig.axes[0].legend(loc="upper left")
plotting.show(fig, alt="At 0.5 the rare weight climbs slowly, at 7 the common one jitters, at 0.5 and 20 the rare.")


# %%
def excess(paths, steps):  # mean loss above the minimum, in thousandths, one number for each data set
    def loss(theta, X, y):
        return np.logaddexp(0, np.where(y, -1, 1) * (X @ theta)).mean()

    per_set = zip(paths, minima, datasets, strict=True)
    return np.array([1000 * np.mean([loss(at, *data) - loss(best, *data) for at in path[steps]])
                     for path, best, data in per_set])


early = {name: excess(paths, slice(100, 300, 5)) for name, paths in runs.items()}
late = {name: excess(paths, slice(2500, 3000, 10)) for name, paths in runs.items()}
halfway = {name: np.median((share[:, :, 1] > 0.5).argmax(axis=1) + 1) for name, share in shares.items()}
jitter = {name: share[:, -500:].std(axis=1).mean(axis=0) for name, share in shares.items()}  # of each weight
print("ten data sets           rare half-way   jitter at the end    thousandths of loss above the minimum")
print("                              at step   common      rare    steps 100 to 300   last 500")
for name in settings:
    numbers = halfway[name], *jitter[name], early[name].mean(), late[name].mean()
    print("{:22}  ≈ {:11.0f}   ≈ {:.2f}    ≈ {:.2f}   ≈ {:14.1f}   ≈ {:6.1f}".format(name, *numbers))

# %% tags=["nbval-check-output"]
slow = shares["SGD, η = 0.5"]
arrived = (slow[:, :, 0] > 0.95).argmax(axis=1)
claim("η = 0.5, ten data sets: the common weight has reached 95 percent after steps", arrived + 1, between=(8, 110))
then = slow[np.arange(10), arrived, 1]
claim("… and the rare weight's share is then", then, below=0.09, digits=2)
sooner = {name: halfway["SGD, η = 0.5"] / steps for name, steps in halfway.items()}
claim("At η = 7 the rare weight is half-way sooner, by a factor of", sooner["SGD, η = 7"], above=11, digits=2)
louder = early["SGD, η = 7"] / early["SGD, η = 0.5"]
claim("… but early on the loss is higher above the minimum than at 0.5, by", louder.mean(), above=3, digits=2)
claim("Cut to 0.5 after that, it ends at, times the loss of 0.5 throughout",
      late["SGD, η = 7, later 0.5"].mean() / late["SGD, η = 0.5"].mean(), between=(0.7, 1.05), digits=2)
claim("Momentum at η = 0.5: the rare weight is half-way sooner, by", sooner["momentum 0.9, η = 0.5"],
      between=(6, 13), digits=2)
claim("A rate for each weight: the rare one is half-way sooner, by", sooner["η = 0.5 and 20"], above=25, digits=2)
lower = early["SGD, η = 0.5"] / early["η = 0.5 and 20"]
claim("… early on the loss above the minimum is lower than SGD's, by", lower.mean(), above=3, digits=2)
own = jitter["η = 0.5 and 20"] / jitter["SGD, η = 0.5"]
claim("… the common weight jitters as it did, times", own[0], near=1, within=0.05, digits=2)
wide = {name: np.sqrt(np.mean([((learn(**settings[name], seed=seed, steps=20_000, start=minima[seed])[:, 1]
                                 - minima[seed, 1]) ** 2).mean() for seed in range(4)]))
        for name in ("SGD, η = 0.5", "η = 0.5 and 20")}
claim("… and the rare weight's cloud (four data sets, 20 000 steps from the minimum) is wider, times",
      wide["η = 0.5 and 20"] / wide["SGD, η = 0.5"], between=(3.5, 13), digits=1)

# %%
rare_guess.reveal()

# %% [markdown]
# So the answer to the opening question is about two percent. And what is the remedy? A higher η brings the rare weight up more than ten times sooner, but then the common weight, long finished, is thrown about by its noise, and the loss is *worse* for it. That is cured by letting the rate fall: cut at step 300, the run ends where it should. Momentum 0.9 is as quick as a rate ten times larger (02 says why, and why its cloud is smaller here), and triples the common weight's jitter. All three speed *everything* up, so either you bear the noise or you have to know when to stop.
#
# A rate *for each parameter* needs no such moment: the rare weight hurries while the common one rests, and the loss is low early and late. It has a price too. At η = 20 the rare weight's own cloud is about six times as wide, once both have settled; √40 = 6.3 is what the formula says. (The table's last 500 steps are too few to see it at 0.5, where the weight's memory is some 1700 steps long.) But you know what that costs: $\eta\sigma^2/4B$, and the noise σ² of a gradient that is zero in 99 rows of 100 is more than a hundred times smaller. All this works because the axes of this ravine are the coordinates. It is the idea of RMSprop (03), which has to find the rates by itself. Language is made of rare features, most words being rare; how much this matters on data with a long tail is measured in 07.
#
# ### Problem 3: saddles
#
# A **saddle** is flat in the middle: downhill on two sides, uphill on the others. Ours is $f=\tfrac12x^2+\tfrac14(y^2-1)^2$. The line $y=0$ is its **ridge**: start exactly on it and the gradient leads you into the saddle point and no further. Near it the surface curves down in $y$ with curvature one, so a step multiplies $y$ by $1+\eta$.

# %%
saddle = surfaces.saddle()


def on_saddle(theta):
    return np.stack(saddle.gradient_xy(theta[..., 0], theta[..., 1]), axis=-1)


starts = np.array([[-1.4, 1e-1], [-1.4, 1e-3], [-1.4, 1e-6]])
walks = descend(on_saddle, starts, 0.1, 200)

# %%
fig = plotting.figure(8.5, 3.2)
left, right = fig.subplots(1, 2, width_ratios=(1, 1))
x, y = np.meshgrid(np.linspace(-1.7, 1.7, 120), np.linspace(-1.5, 1.5, 120))
left.contour(x, y, saddle.value_xy(x, y), levels=18, cmap="Greys_r", linewidths=0.7)
left.axhline(0, color="tab:red", linewidth=1, linestyle=":")
left.text(1.65, 0.04, "ridge", color="tab:red", ha="right", va="bottom", fontsize=8)
for number, (start, shade) in enumerate(zip(starts, ("#9aa5b1", "#3f6fd1", "#172f75"), strict=True)):
    left.plot(*walks[:, number].T, ".-", color=shade, markersize=3, linewidth=0.8)
    losses = saddle.value_xy(*walks[:, number].T)
    right.plot(losses, color=shade, label=f"{start[1]:g} from the ridge".replace("e-0", "e-"))
left.set(xlabel="x", ylabel="y", title="Three starts beside the ridge")
right.set(xlabel="step", ylabel="loss", title="A plateau, then a second fall")
right.legend()
plotting.show(fig, alt="Paths run along the ridge into the saddle and leave it late; losses have a plateau.")

# %% [markdown]
# The nearer the start is to the ridge, the longer the plateau. How much longer?

# %%
saddle_guess = practice.predict("01-saddle")
saddle_guess

# %% [markdown]
# From a distance δ to a distance of 0.1, by a factor of $1+\eta$ a step:
#
# $$\delta\,(1+\eta)^t = 0.1\qquad\Rightarrow\qquad t = \frac{\ln(0.1/\delta)}{\ln(1+\eta)}$$
#
# Measured without noise and with three sizes of it, 200 runs each; lines are means, bands hold 90% of the runs:


# %%
def escape_times(distances, noise, lr=0.1, runs=200, steps=400):
    rng, y = np.random.default_rng(0), np.tile(distances, (runs, 1))
    times = np.zeros_like(y)
    for t in range(1, steps + 1):
        slope = y * (y**2 - 1) + noise * rng.normal(size=(runs, 1))
        y = y - lr * slope
        times[(np.abs(y) > 0.1) & (times == 0)] = t
    return times


distances = np.logspace(-12, -2, 11)
times = {noise: escape_times(distances, noise) for noise in (0.0, 1e-6, 1e-3, 1e-1)}

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
for (noise, counts), shade in zip(times.items(), np.linspace(0, 0.7, 4), strict=True):
    label = f"gradient noise {noise:g}".replace("e-0", "e-")
    ax.semilogx(distances, counts.mean(axis=0), "o-", markersize=3, color=str(shade), label=label)
    ax.fill_between(distances, *np.percentile(counts, (5, 95), axis=0), color=str(shade), alpha=0.25, linewidth=0)
ax.semilogx(distances, np.log(0.1 / distances) / np.log(1.1), ":", color="tab:red", label="theory, no noise")
ax.set(xlabel="distance δ from the ridge", ylabel="steps to escape", title="Noise caps the time spent at a saddle")
ax.legend()
plotting.show(fig, alt="Mean escape time and its spread: a straight line without noise, levelling off with noise.")

# %% tags=["nbval-check-output"]
theory_times = np.log(0.1 / distances) / np.log(1.1)
off = np.abs(times[0.0][0] - theory_times).max()
claim("Without noise, theory is off by", off, below=1.01, unit="steps", digits=2)
further = int(times[0.0][0, 0] - times[0.0][0, 3])  # from 10⁻¹² instead of 10⁻⁹
claim("A thousand times closer to the ridge costs, in further steps", further, between=(71, 74))
first = times[0.0][0, 0] / times[0.1][:, 0]
shorter = 1 / (1 / first).mean()
claim("Noise of 0.1 shortens the longest escape, on the mean of 200 runs, by", shorter, between=(9, 14), digits=2)
claim("… and in the unluckiest of them, by", first.min(), above=2, digits=2)

# %%
saddle_guess.reveal()

# %% [markdown]
# A straight line on a logarithmic axis: a thousand times closer costs a fixed number of steps, about 72 at this rate, because growth by a factor makes up any factor in a fixed number of steps. With noise, a random push does what the gradient cannot, and then the same growth takes over: it no longer matters how exactly you started on the ridge. The band is wide, though; a single run says little. So the noise of problem 1 is also what frees us here.
#
# In two dimensions one has to aim at a saddle to hit it. In many dimensions, Dauphin et al. ([2014](https://arxiv.org/abs/1406.2572)) argue, saddles are far more common than bad local minima, and what surrounds them are plateaus that *look* like a minimum. The right-hand picture above is the smallest example.
#
# ## In the interview

# %%
practice.interview("01-learning-rate")

# %%
practice.interview("01-plain-sgd")

# %% [markdown]
# ## Recap
#
# - On a bowl one step multiplies the distance by $1-\eta\lambda$: it swings for $\eta\lambda$ between 1 and 2, and is stable for $\eta<2/\lambda_{\max}$. Best is $2/(\lambda_{\min}+\lambda_{\max})$, just below; the cost is proportional to κ.
# - λ$_{\max}$ of a network: power iteration, one call of autograd for each product. Under full-batch training it climbs to 2/η in many networks, overshoots, here by up to some 30 percent, and comes back to hover there.
# - A mini-batch gradient is unbiased; its noise falls like $1/\sqrt B$. Where it vanishes at the minimum, a small enough constant rate converges; where not, it leaves a cloud that costs about $\eta\sigma^2/4B$ in loss for each direction, and the rate must fall.
# - A rare feature is a ravine along the axes. A higher rate or momentum speed up everything, noise included, until the rate falls; a rate for each parameter makes only its own weight noisier.
# - At a saddle the time is a logarithm, and noise caps it.

# %%
practice.self_check("01")

# %% [markdown]
# **Next:** [02 Momentum](02_momentum.ipynb), which gives the ball some mass.
#
# **Sources.** H. Robbins and S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics 22, 1951. L. Bottou, F. Curtis and J. Nocedal, [*Optimization methods for large-scale machine learning*](https://arxiv.org/abs/1606.04838), SIAM Review 2018, for SGD's noise and rates. J. Cohen et al., [*Gradient descent on neural networks typically occurs at the edge of stability*](https://arxiv.org/abs/2103.00065), ICLR 2021. A. Damian, E. Nichani and J. Lee, [*Self-stabilization*](https://arxiv.org/abs/2209.15594), ICLR 2023. B. Pearlmutter, *Fast exact multiplication by the Hessian*, Neural Computation 6, 1994. S. Vaswani, F. Bach and M. Schmidt, [*Fast and faster convergence of SGD for over-parameterized models*](https://arxiv.org/abs/1810.07288), 2018. Y. Dauphin et al., [*Identifying and attacking the saddle point problem*](https://arxiv.org/abs/1406.2572), NeurIPS 2014. G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), Distill 2017, for eigenvalue pictures you can move.
