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
# - *predict* how fast gradient descent converges in a ravine, and check the prediction;
# - *explain* what a mini-batch does to the gradient, and what the learning rate does to its noise;
# - *show*, each with its own experiment, the three problems of plain SGD that momentum, RMSprop and Adam were built to solve.
#
# About 45 minutes. Builds on calculus, and nothing else in the series.
#
# > **The question.** A feature is present in one row out of a hundred. You train a logistic regression with plain SGD, at a rate that suits the common features. When their weights have been learned, how far has the rare one come?

# %%
import numpy as np

from adamkit import descent, explorers, plotting, practice, surfaces, tasks, theory
from adamkit.claims import claim
from adamkit.rules import SGD

# %%
rare_guess = practice.predict("01-rare-feature")
rare_guess

# %% [markdown]
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
# ## How large may η be?
#
# Take the simplest bowl, $f(\theta)=\tfrac12\lambda\theta^2$. Its gradient is $\lambda\theta$, so one step multiplies the distance to the minimum by a constant:
#
# $$\theta_t = (1-\eta\lambda)\,\theta_{t-1}$$
#
# All of gradient descent on a bowl is in that factor. It shrinks the distance when $|1-\eta\lambda|<1$, that is for $0<\eta<2/\lambda$. Below $1/\lambda$ the path creeps in from one side. Between $1/\lambda$ and $2/\lambda$ it overshoots and comes back from the other side. Above $2/\lambda$ each overshoot is larger than the last.
#
# In many dimensions a bowl $\tfrac12\theta^\top H\theta$ is a set of such one-dimensional problems, one for each eigenvalue of $H$. They all share one η. The **steepest** direction blows up first:
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# How sharp is this edge?

# %%
edge_guess = practice.predict("01-too-large")
edge_guess

# %% [markdown]
# A ravine, four rates around the edge, 200 steps:

# %% tags=["nbval-check-output"]
ravine = surfaces.ravine(kappa=20)
eigenvalues = np.linalg.eigvalsh(ravine.hessian(ravine.start))
edge = theory.max_stable_lr(eigenvalues.max())
rates = edge * np.array([0.5, 0.99, 1.01, 1.5])
sweep = descent.sweep(SGD(lr=rates), ravine, steps=200, keep="losses")
for share, losses in zip(rates / edge, sweep.losses, strict=True):
    end = f"{losses[-1]:.2g}" if losses[-1] < 1e9 else "diverged"
    print(f"η = {share:.2f} of the limit: loss {losses[0]:.2f} → {end}")

# %% [markdown]
# One percent below the limit it converges, though slowly. One percent above, it leaves. The loss gives no gentle warning in between. The *path* does: near the edge it jumps from wall to wall of the ravine. Swinging means that the rate is too high for some direction. It never means that it is too low.

# %% tags=["nbval-check-output"]
final = sweep.losses[:, -1] / sweep.losses[:, 0]
claim("At 0.99 of the limit the loss has shrunk to a share of", final[1], below=0.1, approx=True)
claim("At 1.01 of the limit the loss has grown by a factor of", final[2], above=10, approx=True)

# %% [markdown]
# The prediction was about a parabola, five percent above the limit. Two hundred steps at one percent above already show the same thing: a constant factor, applied again and again, is merciless.

# %%
edge_guess.reveal()

# %% [markdown]
# Then use your hands. In the explorer, bring η slowly up to the edge and past it. Then raise κ: the walls get steeper, the edge comes down with them, and at any rate that is still stable the progress along the valley dies. The noise slider comes into play further down.

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
# The steep direction wants a small η. The flat direction, whose factor is $1-\eta\lambda_{\min}$, wants a large one. The best compromise makes both equally slow, $1-\eta\lambda_{\min} = \eta\lambda_{\max}-1$:
#
# $$\eta^\star=\frac{2}{\lambda_{\min}+\lambda_{\max}}\qquad\text{with factor}\qquad \rho=\frac{\kappa-1}{\kappa+1},\quad \kappa=\frac{\lambda_{\max}}{\lambda_{\min}}$$
#
# The number κ is the **condition number**: how many times steeper the steepest direction is than the flattest. We can check the whole formula in one batched run: sixty rates, and for each the measured factor per step.

# %%
lam_min, lam_max = eigenvalues
rates = np.linspace(0.05, 1.02, 60) * edge
losses = descent.sweep(SGD(lr=rates), ravine, steps=400, keep="losses").losses
measured = (losses[:, 400] / losses[:, 300]) ** (1 / 200)  # the loss shrinks with the square of the distance
predicted = np.maximum(abs(1 - rates * lam_min), abs(1 - rates * lam_max))

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
ax.plot(rates, predicted, color="black", linewidth=1, label="theory: max over eigenvalues of |1 − ηλ|")
ax.plot(rates, measured, ".", color=plotting.COLORS["SGD"], label="measured, steps 300 to 400")
ax.axvline(theory.best_lr(lam_min, lam_max), color="tab:green", linestyle=":", label="best η = 2/(λmin + λmax)")
ax.axvline(edge, color="tab:red", linestyle=":", label="limit 2/λmax")
ax.set(xlabel="learning rate η", ylabel="factor per step", title="The best rate sits just under the cliff")
ax.legend()
plotting.show(fig, alt="Measured factors lie on the theoretical V-shaped curve; the best rate is close to the limit.")

# %% tags=["nbval-check-output"]
claim("Over all sixty rates, theory is off by", np.abs(measured - predicted).max(), below=1e-3, approx=True)
fastest = rates[measured.argmin()] / edge  # two rates of the sixty are 0.0164 apart
claim("The fastest of the sixty, as a share of the limit, near 20/21", fastest, near=20 / 21, within=0.02, digits=2)
claim("… and its factor, near (κ−1)/(κ+1) = 0.905", measured.min(), near=19 / 21, within=0.005, digits=2)

# %% [markdown]
# Even at its best, gradient descent pays for κ. How much?

# %%
ravine_guess = practice.predict("01-ravine")
ravine_guess

# %% [markdown]
# The number of steps to bring the loss of a ravine down by a million, each ravine with *its own* best rate:

# %%
kappas = np.array([3, 10, 30, 100, 300])


def steps_needed(kappa):
    valley = surfaces.ravine(kappa=kappa)
    lows = np.linalg.eigvalsh(valley.hessian(valley.start))
    losses = descent.run(SGD(lr=theory.best_lr(*lows)), valley, start=(1.0, 1.0), steps=3000).losses
    return np.argmax(losses < 1e-6 * losses[0])


needed = np.array([steps_needed(kappa) for kappa in kappas])

# %% tags=["nbval-check-output"]
for kappa, count in zip(kappas, needed, strict=True):
    print(f"κ = {kappa:3d}: {count:4d} steps")
claim("Ten times the κ needs this many times the steps", needed[3] / needed[1], between=(8, 12), digits=2)

# %% [markdown]
# Let us hold the guess against it.

# %%
ravine_guess.reveal()

# %% [markdown]
# This zig-zag across the ravine is the problem that notebook 02 attacks. Momentum will turn κ into √κ.

# %% [markdown]
# ## The S in SGD
#
# Nobody computes the gradient over the whole data set. One takes a **mini-batch** of $B$ rows and averages over them:
#
# $$g = \frac1B\sum_{i\in\text{batch}} \nabla f_i(\theta)$$
#
# The average has the right mean: the estimate is *unbiased*. Its variance falls like $1/B$. So four times the batch gives half the noise, for four times the work.

# %%
least_squares = tasks.least_squares(rows=4096, weights=np.ones(8), seed=0)
theta = np.zeros(8)
full = least_squares.gradient(theta)
rng = np.random.default_rng(0)


def noise_of(batch, draws=2000):
    rows = rng.integers(0, 4096, size=(draws, batch))  # a mini-batch for each draw
    errors = least_squares.gradient(np.tile(theta, (draws, 1)), rows) - full
    return np.sqrt(np.mean(errors**2))


noise = {batch: noise_of(batch) for batch in (4, 16, 64)}

# %% tags=["nbval-check-output"]
claim("Four times the batch divides the gradient's noise by", noise[4] / noise[16], near=2, within=0.1, digits=1)
claim("Sixteen times the batch divides it by", noise[4] / noise[64], near=4, within=0.2, digits=1)

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
# ### Noise never lets go
#
# Averaging makes the noise smaller. It never makes it zero, and that has a consequence that surprises people who watch their first loss curve flatten out.
#
# With noise in the gradient, a constant rate cannot converge. It arrives at a *cloud* around the minimum. On a bowl of curvature λ, with gradient noise of variance $\sigma^2/B$, the recursion $\theta_t=(1-\eta\lambda)\theta_{t-1}-\eta\xi_t$ settles where its variance reproduces itself:
#
# $$\operatorname{Var}[\theta]=\frac{\eta\,\sigma^2/B}{\lambda\,(2-\eta\lambda)}\;\approx\;\frac{\eta\,\sigma^2}{2\lambda B}$$
#
# For small η the cloud depends on the quotient η/B alone. Double the rate and double the batch, and you get the same cloud in half the steps.

# %%
cloud_guess = practice.predict("01-batch-noise")
cloud_guess


# %%
def cloud(lr, batch, sigma=1.0, lam=1.0, walkers=4000, steps=400):
    rng = np.random.default_rng(3)
    theta = np.zeros(walkers)
    for _ in range(steps):
        g = lam * theta + sigma / np.sqrt(batch) * rng.normal(size=walkers)
        theta = theta - lr * g
    return theta.var()


settings = [(0.05, 1), (0.1, 1), (0.2, 1), (0.4, 1), (0.2, 2), (0.4, 4), (1.0, 1)]
table = [(*pair, cloud(*pair), theory.stationary_variance(pair[0], 1.0, 1.0, pair[1])) for pair in settings]

# %% tags=["nbval-check-output"]
print("   η  batch  measured  theory")
for lr, batch, measured_var, predicted_var in table:
    print(f"{lr:.2f}  {batch:4d}  {measured_var:8.3f}  {predicted_var:6.3f}")
worst = max(abs(measured_var / predicted_var - 1) for *_, measured_var, predicted_var in table)
claim("Measured and predicted variance differ at most by a share of", worst, below=0.1, approx=True)

# %%
cloud_guess.reveal()

# %% [markdown]
# Read the table from the bottom. At ηλ = 1 a single step throws away all memory, and the cloud is as wide as the noise itself. In the two rows with a larger batch, rate and batch have grown together, and the cloud has hardly moved. This is the *linear scaling rule* of large-batch training ([Goyal et al. 2017](https://arxiv.org/abs/1706.02677)) in its simplest form, and the formula also says where it must end: the denominator $2-\eta\lambda$ goes to zero at the edge of stability, and there no batch is large enough.
#
# This is why learning rates *decay*. A large η crosses the landscape, a small one settles. Notebook 06 is about how to get from the one to the other.
#
# ## Three problems, three experiments
#
# Plain SGD is not a bad optimizer. But three situations hurt it, and each later notebook exists because of one of them.
#
# ### Problem 1: noise
#
# You have just seen it. Averaging over past gradients looks like the natural cure, and momentum does average. Whether it really cools the cloud is a question for notebook 02, and the answer surprises.
#
# ### Problem 2: one rate for all parameters
#
# Here is the opening question. A logistic regression has one feature that is on in every row, and one that is on in 1% of the rows. In 99 of 100 rows the rare weight's gradient is exactly zero, so its *average* gradient is about a hundred times smaller. Plain SGD multiplies all gradients by the same η.

# %%
rare = tasks.rare_feature_logistic(seed=0)
theta, learned = np.zeros(2), []
for rows in rare.batches(64, 3000, seed=0):
    theta = theta - 0.5 * rare.gradient(theta, rows)
    learned.append(theta / rare.minimum)
learned = np.array(learned)

# %%
fig = plotting.figure(7, 3)
ax = fig.subplots()
ax.plot(learned[:, 0], color=plotting.COLORS["SGD"], label="feature in every row")
ax.plot(learned[:, 1], color="tab:red", label="feature in 1% of the rows")
ax.set(xlabel="step", ylabel="share of the final weight", title="One learning rate starves the rare feature")
ax.legend()
plotting.show(fig, alt="The common weight arrives within a hundred steps; the rare one climbs slowly for thousands.")

# %% tags=["nbval-check-output"]
arrived = int(np.argmax(learned[:, 0] > 0.95))
claim("The common weight has reached 95 percent at step", arrived, between=(15, 35))
claim("At that moment the rare weight's share is", learned[arrived, 1], between=(0.01, 0.06), digits=2)

# %%
rare_guess.reveal()

# %% [markdown]
# Language is made of rare features: most words are rare. Raise η for the rare weight's sake, and the common ones become unstable or noisy. The way out is a rate *for each parameter*, and that is RMSprop (notebook 03). How much this matters on data with a long tail is measured in notebook 07.
#
# ### Problem 3: saddles and ravines
#
# The ravine you know by now. A **saddle** is flat in the middle: downhill on two sides, uphill on the others. Ours is $f=\tfrac12x^2+\tfrac14(y^2-1)^2$. Near the origin it curves down in $y$ with curvature one, so a step multiplies $y$ by $1+\eta$. Start at distance δ from the ridge, and to get as far as 0.1 takes
#
# $$t \approx \frac{\ln(0.1/\delta)}{\ln(1+\eta)}\ \text{steps.}$$
#
# Without noise, a start *on* the ridge never leaves. With noise, a random push does what the gradient cannot, and then the same exponential growth takes over. So the noise that we deplored a minute ago now sets us free.

# %%
saddle_guess = practice.predict("01-saddle")
saddle_guess

# %%
saddle = surfaces.saddle()
distances = np.logspace(-12, -2, 11)


def escape_time(distance, noise):
    path = descent.run(SGD(lr=0.1), saddle, start=(1.0, distance), steps=400, noise=noise, seed=5).positions
    left = np.abs(path[:, 1]) > 0.1
    return left.argmax() if left.any() else np.nan


times = {noise: [escape_time(distance, noise) for distance in distances] for noise in (0.0, 1e-6, 1e-3, 1e-1)}

# %%
fig = plotting.figure(7, 3)
ax = fig.subplots()
for (noise, counts), shade in zip(times.items(), np.linspace(0, 0.7, 4), strict=True):
    label = f"gradient noise {noise:g}".replace("e-0", "e-")
    ax.semilogx(distances, counts, "o-", markersize=3, color=str(shade), label=label)
ax.semilogx(distances, np.log(0.1 / distances) / np.log(1.1), ":", color="tab:red", label="theory, no noise")
ax.set(xlabel="distance from the ridge", ylabel="steps to escape", title="Noise caps the time spent at a saddle")
ax.legend()
plotting.show(fig, alt="Escape time grows with the logarithm of one over the distance; with noise it levels off.")

# %% tags=["nbval-check-output"]
theory_times = np.log(0.1 / distances) / np.log(1.1)
claim("Without noise, theory is off by", np.abs(times[0.0] - theory_times).max(), below=1.01, unit="steps", approx=True)
further = times[0.0][0] - times[0.0][3]  # from 10⁻¹² instead of 10⁻⁹
claim("A thousand times closer to the ridge costs, in further steps", further, near=72.5, within=1.01, digits=2)

# %%
saddle_guess.reveal()

# %% [markdown]
# Look at the red line and the dots on it: a straight line on a logarithmic axis. A thousand times closer to the ridge costs only a fixed number of steps more, about 72 at this rate, because growth by a factor forgets its beginnings quickly. Each level of noise cuts the line off at its own height: from there on it does not matter how exactly you started on the ridge.
#
# In two dimensions one has to aim at a saddle to hit it. In a million dimensions saddles are common, and it is their long flat approach that costs time, not a true standstill.
#
# ## In the interview

# %%
practice.interview("01-learning-rate")

# %%
practice.interview("01-plain-sgd")

# %% [markdown]
# ## Recap
#
# - On a bowl one step multiplies the distance by $1-\eta\lambda$: stable for $\eta<2/\lambda_{\max}$, best at $2/(\lambda_{\min}+\lambda_{\max})$.
# - A ravine of condition number κ costs a number of steps proportional to κ.
# - A mini-batch gradient is unbiased; its noise falls like $1/\sqrt B$, and at a constant rate leaves a cloud of variance about $\eta\sigma^2/(2\lambda B)$.
# - Plain SGD has three problems: noise, one rate for all, and ravines and saddles.

# %%
practice.self_check("01")

# %% [markdown]
# **Next:** [02 Momentum](02_momentum.ipynb), which gives the ball some mass.
#
# **Sources.** H. Robbins and S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics 22, 1951. B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964, for the rates on quadratics. L. Bottou, F. Curtis and J. Nocedal, [*Optimization methods for large-scale machine learning*](https://arxiv.org/abs/1606.04838), SIAM Review 2018, for SGD's noise. G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), Distill 2017, for eigenvalue pictures you can move.
