# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 · Momentum
#
# **After this notebook you can**
#
# - *translate* between the spellings of momentum (heavy ball, average, torch's, Nesterov's), and *say* which of them walk the same path;
# - *read* an exponential average as a filter: its window, its half-life, what it lets through and what it holds back;
# - *derive* the best β and η for a quadratic, and *explain* where κ turns into √κ;
# - *predict* whether a ball will creep, swing or fly off, one curvature at a time;
# - *answer* whether momentum makes the noise around a minimum smaller.
#
# About 50 minutes. Builds on [01 SGD](01_sgd.ipynb); runs without it.
#
# > **The question.** Momentum averages gradients, and averaging removes noise. So at the same speed downhill, momentum should settle into a smaller cloud around the minimum than plain SGD. Does it?

# %%
import numpy as np

from adamkit import descent, explorers, optim, plotting, practice, surfaces, theory
from adamkit.claims import claim
from adamkit.rules import SGD, Momentum, Nesterov

# %%
cloud_guess = practice.predict("02-cloud")
cloud_guess

# %% [markdown]
# ## A ball with mass
#
# Gradient descent has no memory. At every step it looks at the slope, moves, and forgets. In a ravine that is a bad habit: the slope points at the wall, so it moves from wall to wall, and what it gained along the floor on the way is forgotten too.
#
# A ball that rolls has **momentum**. It keeps a share β of its velocity, and the slope only changes that velocity:
#
# $$b_t = \beta\, b_{t-1} + g_t \qquad\qquad \theta_t = \theta_{t-1} - \eta\, b_t$$
#
# This is Polyak's **heavy ball** of 1964. The buffer $b$ starts at zero. With β = 0 the ball weighs nothing, and we are back at gradient descent.
#
# Try it before you read on. The scenarios put both sliders into telling places; the arrows are the ball's velocity, drawn at twice its length. Blue is the ball, grey is plain SGD. The small plot on the right will make sense later; for now, watch the path.

# %%
explorers.momentum()

# %% [markdown]
# Two things are worth seeing twice. Along the floor, where the slope always points the same way, the ball gets faster and faster, up to ten times the speed of SGD at β = 0.9. And with β = 0.98 it does not stop where it should: it swings. Both come from one line of arithmetic, and this notebook takes it apart.
#
# ## One idea, several spellings
#
# If you look momentum up in three places, you will find three formulas. Some of them are the same path in other units. Some are not. It pays to know which, because a learning rate copied from one to another can be wrong by a factor of ten.
#
# Here are the two most common ones, written out. The heavy ball *accumulates* gradients. The other form *averages* them, and is the one that Adam uses for its $m$.


# %%
def heavy_ball(gradient, theta, steps, lr, beta):
    b, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        b = beta * b + gradient(theta)
        theta = theta - lr * b
        path.append(theta)
    return np.array(path)


def averaged(gradient, theta, steps, lr, beta, m=0.0):
    path = [theta]
    for _ in range(steps):
        m = beta * m + (1 - beta) * gradient(theta)
        theta = theta - lr * m
        path.append(theta)
    return np.array(path)


# %% [markdown]
# Compare the two recursions from zero: after every step $m = (1-\beta)\,b$. The average is the sum in smaller units. So the average walks the heavy ball's path if its rate is larger by $1/(1-\beta)$. The number
#
# $$\eta_{\text{eff}} = \frac{\eta}{1-\beta}$$
#
# is the heavy ball's **effective rate**: on a steady slope it moves like plain gradient descent at $\eta_{\text{eff}}$.
#
# Nothing here assumed a quadratic, so let us test the equality on a bent valley.

# %% tags=["nbval-check-output"]
banana = surfaces.rosenbrock()
ball = heavy_ball(banana.gradient, banana.start, 500, lr=2e-4, beta=0.9)
average = averaged(banana.gradient, banana.start, 500, lr=2e-4 / (1 - 0.9), beta=0.9)
claim("The heavy ball at η and the average at η/(1−β) are the same path, to", np.abs(ball - average).max(), below=1e-12)

ours = descent.run(Momentum(lr=2e-4, momentum=0.9), banana, steps=500).positions
claim("… and so is adamkit's Momentum, to", np.abs(ball - ours).max(), below=1e-12)

# %% [markdown]
# **Your turn.** Keep an average, and still walk the heavy ball's path.

# %%
heavy_exercise = practice.exercise("02-heavy-ball")
heavy_exercise


# %%
def heavy_ball_step(theta, m, g, lr, beta):
    return ...  # the new theta, the new m


heavy_exercise.check(heavy_ball_step)

# %% [markdown]
# ### Two spellings that differ when you least expect it
#
# **The rate inside.** Sutskever et al. (2013), and Keras, put η *into* the buffer: $v \leftarrow \beta v - \eta g$, then $\theta \leftarrow \theta + v$. As long as η stays constant this is the heavy ball. But now let a schedule cut η to a tenth. With the rate outside, as in torch, the whole velocity is scaled down at once. With the rate inside, the ball coasts on with what it has.


# %%
def rate_inside(gradient, theta, rates, beta):
    v, path = np.zeros_like(theta), [theta]
    for lr in rates:
        v = beta * v - lr * gradient(theta)
        theta = theta + v
        path.append(theta)
    return np.array(path)


def drop(step):  # a schedule: a tenth of the rate from step 300 on
    return np.where(step < 300, 1.0, 0.1)


# %% tags=["nbval-check-output"]
inside = rate_inside(banana.gradient, banana.start, np.full(500, 2e-4), beta=0.9)
claim("At a constant rate, inside and outside are the same path, to", np.abs(inside - ball).max(), below=1e-12)

inside = rate_inside(banana.gradient, banana.start, 2e-4 * drop(np.arange(500)), beta=0.9)
outside = descent.run(Momentum(lr=2e-4, momentum=0.9), banana, steps=500, schedule=drop).positions
after = [np.linalg.norm(path[301] - path[300]) for path in (inside, outside)]
claim("Right after the drop, the rate inside moves further, by", after[0] / after[1], near=9.1, within=0.2, unit="×")

# %% [markdown]
# **torch's dampening.** `torch.optim.SGD` has an argument `dampening` τ: $b \leftarrow \beta b + (1-\tau)g$. With τ = β this reads like the average. It is not quite, because torch's *first* buffer is the gradient itself, undamped. Put differently: it is an average that starts at the first gradient instead of at zero.

# %% tags=["nbval-check-output"]
damped = descent.run(Momentum(lr=2e-3, momentum=0.9, form="torch", dampening=0.9), banana, steps=500).positions
from_zero = averaged(banana.gradient, banana.start, 500, lr=2e-3, beta=0.9)
from_first = averaged(banana.gradient, banana.start, 500, lr=2e-3, beta=0.9, m=banana.gradient(banana.start))
first_steps = np.linalg.norm(damped[1] - damped[0]) / np.linalg.norm(from_zero[1] - from_zero[0])
claim("With dampening 0.9 torch's first step is longer than the average's, by", first_steps, near=10, within=1e-9)
claim("torch's path is the average begun at the first gradient, to", np.abs(damped - from_first).max(), below=1e-12)

# %% [markdown]
# Which start is better? An average from zero begins slowly: after one step it holds a tenth of its weight, and it needs 44 steps to hold 99%. An average from the first gradient is at full strength at once, but it trusts that one gradient as if it had seen it for ever. Adam will choose a third way in 04: start at zero, and divide by the weight collected so far.
#
# Here is the family, with what has been shown and what comes below:
#
# | spelling | memory | step | the heavy ball's path? |
# |---|---|---|---|
# | heavy ball; `torch.optim.SGD(momentum=β)` | b ← βb + g | θ ← θ − ηb | it is the heavy ball |
# | average | m ← βm + (1−β)g | θ ← θ − ηm | yes, with η/(1−β) |
# | rate inside | v ← βv − ηg | θ ← θ + v | yes, while η is constant |
# | torch with `dampening=β` | b ← g, then βb + (1−β)g | θ ← θ − ηb | no: an average that starts at g₁ |
# | Nesterov | b ← βb + g | θ ← θ − η(g + βb) | no, for any η and β |
#
# ## The average as a filter
#
# Unroll the average and every old gradient shows its weight: $m_t = \sum_k (1-\beta)\beta^k\, g_{t-k}$. Feed it a single 1 followed by zeros, and out come exactly these weights. Engineers call that the **impulse response**, and it tells everything about a filter of this kind.


# %%
def ema(signal, beta):
    m, out = 0.0, []
    for g in signal:
        m = beta * m + (1 - beta) * g
        out.append(m)
    return np.array(out)


impulse = np.zeros(200)
impulse[0] = 1.0
response = ema(impulse, beta=0.9)

# %% tags=["nbval-check-output"]
claim("The response to an impulse is (1−β)βᵏ, to", np.abs(response - 0.1 * 0.9 ** np.arange(200)).max(), below=1e-12)
claim("The share of the weight that lies in the window, the last 1/(1−β) = 10 steps", response[:10].sum(), near=0.65, within=0.005)
claim("The mean age of what is remembered, β/(1−β) steps", (np.arange(200) * response).sum(), near=9, within=1e-3)

# %% [markdown]
# So "β = 0.9 averages the last ten gradients" is a fair rule of thumb: two thirds of the weight lie there. Another number is often handier: the **half-life**, after which a gradient's weight has fallen to one half. Work it out before you read any further.

# %%
half_life = practice.exercise("02-half-life")
half_life

# %%
half_lives = ...  # a list of three numbers, for β = 0.9, 0.99, 0.999
half_life.check(half_lives)

# %% [markdown]
# A filter is best known by what it does to a *rhythm*. A gradient that always points the same way has no rhythm at all. One that flips at each step has the fastest rhythm there is. Guess what is left of it.

# %%
alternating_guess = practice.predict("02-alternating")
alternating_guess

# %% [markdown]
# We send cosines of every frequency through the average, and compare their strength before and after.

# %%
frequencies = np.linspace(0.05, np.pi, 24)
waves = np.cos(frequencies * np.arange(4000)[:, None])  # (steps, frequencies)


def measured_gain(beta):
    late = ema(waves, beta)[2000:]
    return np.sqrt((late**2).mean(axis=0) / (waves[2000:] ** 2).mean(axis=0))


# %%
fig = plotting.figure(8.5, 3.2)
left, right = fig.subplots(1, 2)
for beta, shade in ((0.5, "#a9bdf5"), (0.9, plotting.COLORS["Momentum"]), (0.98, "#172f75")):
    left.plot((1 - beta) * beta ** np.arange(60), color=shade, label=f"β = {beta}")
    right.plot(frequencies / np.pi, theory.ema_gain(beta, frequencies), color=shade)
    right.plot(frequencies / np.pi, measured_gain(beta), ".", color=shade)
left.set(xlabel="age k of a gradient", ylabel="weight (1 − β)βᵏ", title="Long memory, small weights", ylim=(0, 0.25))
right.set(xlabel="frequency ω/π (1: flips at each step)", ylabel="gain", title="Drift passes, zig-zag does not")
right.set_yscale("log")
left.legend()
plotting.show(fig, alt="Weights of past gradients by age, and gain by frequency: high frequencies are held back.")

# %% tags=["nbval-check-output"]
gain = measured_gain(0.9)
misses = np.abs(gain - theory.ema_gain(0.9, frequencies))
claim("Measured and predicted gain differ, at all frequencies, by at most", misses.max(), below=0.01, approx=True)
claim("Gain on an alternating gradient at β = 0.9, which is (1−β)/(1+β) = 1/19", gain[-1], near=1 / 19, within=1e-6)
white = np.random.default_rng(0).normal(size=(4000, 500))
noise_left = ema(white, 0.9)[200:].var()
claim("Share of the variance of white noise that is left, also 1/19", noise_left, near=1 / 19, within=0.001, digits=2)

# %%
alternating_guess.reveal()

# %% [markdown]
# Now think of the ravine. Along the floor the gradient keeps its sign: gain 1. Across it the gradient flips whenever a step is too long: gain 1/19. In the heavy ball's units both numbers are ten times larger, so it *amplifies the floor ten times and halves the zig-zag*. That is the whole trick of momentum, in one sentence.
#
# Keep the last claim in mind too. The average has 19 times less noise variance than the gradient. Does the cloud shrink with it? We come back to that at the end.
#
# ## Creep, swing, fly off
#
# A filter in the open is half of the story. In training, the output moves θ, and θ decides the next gradient: a feedback loop. On a bowl of curvature λ we can solve it. Replace $b$ by $(\theta_{t-1}-\theta_t)/\eta$ and one equation remains:
#
# $$\theta_{t+1} = (1+\beta-\eta\lambda)\,\theta_t - \beta\,\theta_{t-1}$$
#
# Try $\theta_t = z^t$. Then $z$ must solve $z^2-(1+\beta-\eta\lambda)z+\beta=0$. The larger of the two roots, in absolute value, is the factor by which the distance shrinks at each step. Before we look at it, a guess about where it reaches one:

# %%
limit_guess = practice.predict("02-largest-lr")
limit_guess

# %% tags=["nbval-check-output"]
bowl = surfaces.ravine(kappa=1)  # curvature 1 in every direction
rates = np.linspace(1, 4, 1501)
ends = descent.sweep(Momentum(lr=rates, momentum=0.9), bowl, steps=2000).final_loss
heavy_edge = rates[ends < bowl.value(bowl.start)].max()
claim("With β = 0.9 the heavy ball is stable up to ηλ = 2(1+β), measured", heavy_edge, near=3.8, within=0.005)

# %%
limit_guess.reveal()

# %% [markdown]
# Below the limit there are two ways to converge. The product of the two roots is β. If they are real, one of them is larger than √β, and the ball **creeps** (it is *over-damped*). If they are a complex pair, both have the absolute value √β exactly, and the ball **swings** (*under-damped*). The border, where both roots equal √β, is *critical damping*:
#
# $$\beta_{\text{crit}} = (1-\sqrt{\eta\lambda})^2$$

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
blue = plotting.COLORS["Momentum"]
for beta, shade, name in ((0.3, "#a9bdf5", "over-damped"), (0.64, blue, "critical"), (0.95, "#172f75", "under-damped")):
    path = heavy_ball(lambda theta: theta, np.array([1.0]), 120, lr=0.04, beta=beta)
    ax.plot(path, color=shade, label=f"β = {beta}: {name}")
ax.axhline(0, color="tab:red", linewidth=1, linestyle=":")
ax.set(xlabel="step t", ylabel="distance θ", title="Too little memory creeps, too much swings (ηλ = 0.04)")
ax.legend()
plotting.show(fig, alt="Distance by step: over-damped creeps, critical arrives first, under-damped swings.")

# %% tags=["nbval-check-output"]
betas = np.linspace(0, 0.98, 99)
losses = descent.sweep(Momentum(lr=np.full(99, 0.04), momentum=betas), bowl, steps=1500, keep="losses").losses
arrival = (losses > 1e-12 * losses[:, :1]).sum(axis=1)  # steps that are still above a millionth of the distance
first = betas[arrival.argmin()]
claim("Of 99 values, the β that arrives first; (1 − √0.04)² is 0.64", first, near=0.64, within=0.05, digits=2)

# %% [markdown]
# The surprise is in the swinging case. The factor is √β, **whatever η and λ are**. A steeper direction swings faster, but it does not die out faster. Let us measure that for many curvatures at once:

# %%
strengths = np.geomspace(0.02, 3.9, 60)
wide = np.geomspace(0.001, 4, 400)


def factor(beta):
    losses = descent.sweep(Momentum(lr=strengths, momentum=np.full(60, beta)), bowl, steps=300, keep="losses").losses
    late, early = losses[:, 200:].max(axis=1), losses[:, 100:201].max(axis=1)
    return (late / early) ** (1 / 200)  # 100 steps, and the loss is the distance squared


# %%
fig = plotting.figure(7, 3.4)
ax = fig.subplots()
for beta, shade in ((0, plotting.COLORS["SGD"]), (0.5, "#a9bdf5"), (0.8, plotting.COLORS["Momentum"])):
    ax.semilogx(wide, theory.heavy_ball_rate(wide, beta, 1.0), color=shade, label=f"β = {beta}")
    if beta:
        ax.semilogx(strengths, factor(beta), ".", color=shade)
        ax.axhline(np.sqrt(beta), color=shade, linewidth=0.8, linestyle=":")
ax.set(xlabel="ηλ", ylabel="factor per step", ylim=(0, 1.1), title="While the ball swings, the factor is √β")
ax.legend(loc="lower left")
plotting.show(fig, alt="Factor per step over ηλ: one sharp minimum without momentum, a flat floor at √β with it.")

# %% tags=["nbval-check-output"]
swings = theory.damping(strengths, 0.8, 1.0) < -0.05
claim("Curvatures in the swinging range, of 60", int(swings.sum()), above=30)
misses = np.abs(factor(0.8)[swings] - np.sqrt(0.8))
claim("Over all of them the measured factor is √0.8 = 0.894, within", misses.max(), below=0.01, approx=True)

# %% [markdown]
# Why is that so? The product of the two roots is β, and no curvature enters it. When the ball swings, the roots are a conjugate pair and share β evenly: √β each. When it creeps they share it unevenly, and the slow one sets the pace. A picture for it: a stiffer spring makes a weight bob faster, but only friction brings it to rest. Here 1 − β is the friction, and it is the same in all directions.
#
# Go back to the explorer for a minute: the small plot at the lower right is this curve, and its two dots are the floor and the walls of your ravine.
#
# ### The best β
#
# Look at the flat piece. Gradient descent has a single best point, where two lines cross. Momentum has a whole **floor**, from $(1-\sqrt\beta)^2$ to $(1+\sqrt\beta)^2$, and every curvature on it converges equally fast. A lower β makes the floor deeper, but also narrower. So take the smallest β whose floor still holds all curvatures, from $\lambda_{\min}$ to $\lambda_{\max}$:
#
# $$\eta\lambda_{\min} = (1-\sqrt\beta)^2,\qquad \eta\lambda_{\max}=(1+\sqrt\beta)^2$$
#
# Divide one by the other, take the root, and with $\kappa=\lambda_{\max}/\lambda_{\min}$ you have
#
# $$\sqrt{\beta^\star} = \frac{\sqrt\kappa-1}{\sqrt\kappa+1}\qquad\qquad \eta^\star = \frac{4}{(\sqrt{\lambda_{\min}}+\sqrt{\lambda_{\max}})^2}$$
#
# and $\sqrt{\beta^\star}$ is also the factor per step. Compare it with gradient descent's $(\kappa-1)/(\kappa+1)$: the same formula, with **√κ in place of κ**.

# %% tags=["nbval-check-output"]
lr, beta, rate = theory.momentum_best(1, 100)
ends = theory.heavy_ball_rate(lr, beta, np.array([1.0, 100.0]))
claim("Floor and wall both have it: they differ by", abs(ends[0] - ends[1]), below=1e-6, approx=True)
distance = np.abs(heavy_ball(lambda theta: theta, np.array([1.0]), 200, lr, beta)[:, 0])
claim("Measured on the floor, step 50 to 100", (distance[100] / distance[50]) ** (1 / 50), near=0.829, within=0.001)
claim("… and from step 100 to 200", (distance[200] / distance[100]) ** (1 / 100), near=0.824, within=0.001)
kappa = ((1 + np.sqrt(0.9)) / (1 - np.sqrt(0.9))) ** 2
claim("The other way round: β = 0.9 is the best for a κ of", kappa, near=1442, within=1, digits=4)

# %% [markdown]
# The measured factor is a little worse than 0.818 and improves slowly. Is the theory wrong? No: at exactly this point the two roots *coincide*, and then the solution is not $\rho^t$ but $(A+Bt)\,\rho^t$. Divide the distance by $\rho^t$ and what is left should be a straight line in t:

# %% tags=["nbval-check-output"]
line = distance / rate ** np.arange(201)
claim("distance/ρᵗ bends nowhere: its second differences are at most", np.abs(np.diff(line, n=2)).max(), below=1e-10)
claim("… and it climbs at every step by", line[1] - line[0], near=2 / 11, within=1e-9)

# %% [markdown]
# Now the race that 01 announced. Each ravine, each method at its own best setting: how many steps until the loss has fallen by a million?

# %%
kappas = np.array([3, 10, 30, 100, 300, 1000])


def steps_needed(rule, kappa):
    losses = descent.run(rule, surfaces.ravine(kappa=kappa), start=(1.0, 1.0), steps=4000).losses
    return np.flatnonzero(losses > 1e-6 * losses[0]).max() + 1


descents = [steps_needed(SGD(lr=theory.best_lr(1, kappa)), kappa) for kappa in kappas]
best = [theory.momentum_best(1, kappa) for kappa in kappas]
balls = [steps_needed(Momentum(lr=lr, momentum=beta), kappa) for kappa, (lr, beta, _) in zip(kappas, best, strict=True)]

# %% tags=["nbval-check-output"]
print("     κ   gradient descent   heavy ball   best β")
for row in zip(kappas, descents, balls, best, strict=True):
    print(f"{row[0]:6d}   {row[1]:16d}   {row[2]:10d}   {row[3][1]:6.3f}")
claim("From κ = 10 to 1000 gradient descent's steps grow by", descents[5] / descents[1], between=(90, 110), unit="×")
claim("… and the heavy ball's by", balls[5] / balls[1], between=(9, 14), unit="×")

# %% [markdown]
# A hundred times the condition number costs gradient descent a hundred times the steps, and the heavy ball about ten times (a little more, because of the factor t that we just met). At κ = 3 there is hardly anything to win. At κ = 1000 the ball needs a seventeenth. So the worse the ravine, the more momentum is worth, and the closer to 1 its β should be.
#
# Can one do still better? Not by much. For methods of this kind, which see one gradient at a time and combine what they have seen, √κ steps are the order that no method can beat in general (Y. Nesterov, *Introductory lectures on convex optimization*, 2004, section 2.1). Momentum is already at that limit; what is left to gain is the shape of the ravine itself, and changing *that* is the subject of 03.
#
# ### The whole map
#
# In practice nobody knows $\lambda_{\min}$ and $\lambda_{\max}$. So it matters less where the best point is than what lies *around* it. Here is every pair of η and β on a ravine with κ = 20: 3500 trainings, in one batch.

# %%
ravine = surfaces.ravine(kappa=20)
betas, rates = np.linspace(0, 0.98, 50), np.geomspace(1e-3, 1, 70)
hypers, shape = descent.grid(momentum=betas, lr=rates)
losses = descent.sweep(Momentum(**hypers), ravine, steps=300, keep="losses").losses
late, early = losses[:, 200:].max(axis=1), losses[:, 100:201].max(axis=1)
factors = (late / early) ** (1 / 200)
to_a_tenth = np.full(factors.shape, np.nan)
to_a_tenth[factors < 1] = np.minimum(-1 / np.log10(factors[factors < 1]), 2000)  # steps to a tenth

# %%
lr, beta, _ = theory.momentum_best(1, 20)
fig = plotting.figure(7.5, 4)
ax = fig.subplots()
speed = to_a_tenth.reshape(shape)
plotting.draw_map(ax, rates, betas, speed, label="steps to a tenth of the distance", mark_best=False)
ax.plot(theory.heavy_ball_limit(betas, 20), betas, color="tab:red", label="η = 2(1 + β)/λmax")
ax.plot((1 - np.sqrt(betas)) ** 2, betas, color="black", linestyle=":", label="floor critically damped")
ax.plot(lr, beta, "*", color="white", markeredgecolor="black", markersize=14, label="best, by theory")
ax.set(xlabel="learning rate η", ylabel="β", title="The best place is a corner between creeping and flying off")
ax.legend(loc="lower left")
plotting.show(fig, alt="Speed over η and β: divergence begins at theory's line; the fastest cells lie at the star.")

# %% tags=["nbval-check-output"]
etas, mus = hypers["lr"], hypers["momentum"]
predicted = np.maximum(theory.heavy_ball_rate(etas, mus, 1), theory.heavy_ball_rate(etas, mus, 20))
share = etas / theory.heavy_ball_limit(mus, 20)  # of the largest stable rate
claim("The slowest factor among pairs below 0.97 of the limit", factors[share < 0.97].max(), below=1, digits=5)
claim("Pairs above 1.03 of the limit that converge", int((factors[share > 1.03] < 1).sum()), equals=0)
typical = np.median(np.abs(factors - predicted)[share < 0.97])
claim("Measured and predicted factor: median difference", typical, below=0.003, approx=True)
claim("The fastest of all pairs has a β of", mus[np.nanargmin(to_a_tenth)], near=beta, within=0.1, digits=1)
level = etas[(np.abs(mus - 0.9) < 1e-9) & (np.abs(factors - np.sqrt(0.9)) < 0.01)]  # in the row of β = 0.9
claim("At β = 0.9 the factor is √β over a range of η as wide as", level.max() / level.min(), above=50, digits=1)

# %% [markdown]
# Read the map row by row. In the bottom row, gradient descent, only a narrow band of η is any good. In the row of β = 0.9 the colour is the same over more than a factor of fifty in η. It is not the best colour on the map, but you cannot miss it. **A β above the best one buys room for a wrong η.** That, and not the exact optimum, is why 0.9 is such a popular number.
#
# Click into the map. The run behind each cell appears beside it.

# %%
explorers.momentum_map()

# %% [markdown]
# ## Nesterov: look before you step
#
# The heavy ball measures the slope where it *is*, although it already knows that βb will carry it on. Nesterov's idea of 1983: measure where you are *about to be*.
#
# $$\theta_{t} = y_{t-1} - \eta\,\nabla f(y_{t-1}) \qquad\qquad y_t = \theta_t + \beta\,(\theta_t-\theta_{t-1})$$
#
# Here are two sequences, the points θ and the look-ahead points y. The original lets β grow with t; deep learning keeps it constant. And code rarely shows either line. In torch you find $b \leftarrow \beta b + g$ and $\theta \leftarrow \theta - \eta\,(g+\beta b)$. The reason is a change of variable: torch's θ *is* the look-ahead point y. Seen from there the gradient is just the gradient.


# %%
def nesterov_1983(gradient, start, steps, lr, beta):
    theta, ahead = start, start
    path = [ahead]
    for _ in range(steps):
        before, theta = theta, ahead - lr * gradient(ahead)
        ahead = theta + beta * (theta - before)
        path.append(ahead)
    return np.array(path)


# %% tags=["nbval-check-output"]
original = nesterov_1983(banana.gradient, banana.start, 500, lr=2e-4, beta=0.9)
modern = descent.run(Nesterov(lr=2e-4, momentum=0.9), banana, steps=500).positions
claim("The look-ahead points of 1983 and torch's form are one path, to", np.abs(original - modern).max(), below=1e-12)

# %%
nesterov_exercise = practice.exercise("02-nesterov")
nesterov_exercise


# %%
class MyNesterov:
    def __init__(self, params, lr=0.01, beta=0.9):
        ...

    def step(self, grads):
        return ...  # change self.params in place


nesterov_exercise.check(MyNesterov)

# %% [markdown]
# ### Not a rescaled heavy ball
#
# Is it a heavy ball in disguise, at some other η and β? Solve it on a bowl as before, and the equation for $z$ is
#
# $$z^2-(1+\beta)(1-\eta\lambda)\,z+\beta(1-\eta\lambda)=0$$
#
# Put $\beta' = \beta(1-\eta\lambda)$ and this is the heavy ball's equation, with the *same* η and the momentum β′. So on one bowl only the first step tells the two apart. But β′ depends on the **curvature**. Where the ground is flat, Nesterov keeps all its momentum; where $\eta\lambda=1$ it keeps none. No single β does that for two curvatures at once.

# %% tags=["nbval-check-output"]
lr, beta, lam = 0.1, 0.9, 1.0
path = nesterov_1983(lambda theta: lam * theta, np.array([1.0]), 200, lr, beta)[:, 0]
own = beta * (1 - lr * lam)  # the momentum that this curvature sees
recursion = (1 + own - lr * lam) * path[1:-1] - own * path[:-2]
miss = np.abs(path[2:] - recursion).max()
claim("On one curvature Nesterov obeys the heavy ball's recursion with β(1−ηλ), to", miss, below=1e-12)

# %% [markdown]
# Now let a heavy ball try to follow. It may choose, among nearly 20 000 pairs of η and β, the one whose path stays nearest to Nesterov's, first on a bowl with a single curvature, then on a ravine with two.


# %%
def nearest_heavy_ball(kappa):
    surface = surfaces.ravine(kappa=kappa)
    target = descent.run(Nesterov(lr=0.1, momentum=0.9), surface, start=(1.0, 1.0), steps=40).positions
    hypers, _ = descent.grid(lr=np.linspace(0.02, 0.42, 201), momentum=np.linspace(0.01, 0.98, 98))
    paths = descent.sweep(Momentum(**hypers), surface, start=(1.0, 1.0), steps=40, keep="path").positions
    return np.nanmin(np.abs(paths - target).max(axis=(1, 2)))


# %% tags=["nbval-check-output"]
claim("On one curvature the nearest heavy ball strays by", nearest_heavy_ball(1), near=0.083, within=0.002)
claim("On curvatures 1 and 10 the nearest one strays by", nearest_heavy_ball(10), above=0.3, digits=2)

# %% [markdown]
# The look-ahead has a price: a lower ceiling for η. For the heavy ball, momentum raised the limit from 2/λ to 3.8/λ. For Nesterov it lowers it:

# %% tags=["nbval-check-output"]
rates = np.linspace(1, 2, 1001)
ends = descent.sweep(Nesterov(lr=rates, momentum=0.9), bowl, steps=2000).final_loss
nesterov_edge = rates[ends < bowl.value(bowl.start)].max()
claim("With β = 0.9 Nesterov is stable up to ηλ = 2(1+β)/(1+2β), measured", nesterov_edge, near=3.8 / 2.8, within=0.003)

# %% [markdown]
# ### What the look-ahead buys
#
# Everything so far was quadratic. Nesterov's method comes with a guarantee for *every* smooth convex function (with a β that grows, or, when $\lambda_{\min}>0$, with the constant β used below). The heavy ball has no such guarantee. Lessard, Recht and Packard (2016) built a function that shows it: convex, with curvature 25 almost everywhere and 1 in between, so $\lambda_{\min}=1$ and $\lambda_{\max}=25$. We give the heavy ball the best η and β for exactly these curvatures.


# %%
def bent(theta):  # the gradient: slope 25, then 1 between θ = 1 and 2, then 25 again
    return np.where(theta < 1, 25 * theta, np.where(theta < 2, theta + 24, 25 * theta - 24))


lr, beta, _ = theory.momentum_best(1, 25)
trapped = heavy_ball(bent, np.array([3.3]), 3000, lr, beta)[:, 0]
arrived = nesterov_1983(bent, np.array([3.3]), 3000, lr=1 / 25, beta=4 / 6)[:, 0]

# %%
fig = plotting.figure(7, 3)
ax = fig.subplots()
ax.plot(trapped[:41], "o-", markersize=3, color=plotting.COLORS["Momentum"], label="heavy ball, η = 1/9, β = 4/9")
ax.plot(arrived[:41], "s-", markersize=3, color=plotting.COLORS["Nesterov"], label="Nesterov, η = 1/25, β = 2/3")
ax.axhline(0, color="tab:red", linewidth=1, linestyle=":")
ax.set(xlabel="step t", ylabel="θ", title="Tuned for quadratics, the heavy ball can circle for ever")
ax.legend(loc="upper right")
plotting.show(fig, alt="On a convex function the heavy ball repeats three points for ever; Nesterov reaches zero.")

# %% tags=["nbval-check-output"]
drift = np.abs(trapped[-3:] - trapped[-6:-3]).max()
claim("After 3000 steps the heavy ball still visits the same three points, to", drift, below=1e-9)
claim("… and the nearest of them is this far from the minimum", np.abs(trapped[-3:]).min(), near=0.647, within=0.001)
claim("Nesterov is as near as", abs(arrived[-1]), below=1e-12)

# %% [markdown]
# So "the best β and η" are best for quadratics, and only there. Deep networks are not even convex. Nobody sets β from a condition number in practice. But the picture of floor and walls survives, and so does the practical rule: β = 0.9 or a bit more, then search for η.
#
# ## Does momentum cool the cloud?
#
# Back to the opening question. In 01 plain SGD with noisy gradients settled into a cloud of variance $\eta\sigma^2/(\lambda(2-\eta\lambda))$. The averaged gradient has 19 times less noise variance. Here are both at the same η, which for the average *is* the effective rate: 20 000 walkers each, on a bowl of curvature 1, with noise of variance 1.


# %%
def cloud(engine, lr, steps=400, walkers=20_000, **settings):
    rng = np.random.default_rng(3)
    theta = np.zeros(walkers)
    optimizer = engine([theta], lr, **settings)
    spreads = []
    for _ in range(steps):
        before = theta.copy()
        optimizer.step([theta + rng.normal(size=walkers)])
        spreads.append((theta.var(), (theta - before).var()))
    return np.mean(spreads[200:], axis=0)  # variance of the cloud, and of one step


rates = (0.05, 0.1, 0.4, 1.0, 1.5)
plain = np.array([cloud(optim.SGD, lr) for lr in rates])
smooth = np.array([cloud(optim.Momentum, lr, momentum=0.9, form="ema") for lr in rates])

# %% tags=["nbval-check-output"]
print("  ηλ     SGD  momentum  their ratio  by theory")
etas, measured = np.array(rates), smooth[:, 0] / plain[:, 0]
told = theory.stationary_variance(0.1 * etas, 1, 1, beta=0.9) / theory.stationary_variance(etas, 1, 1)
for row in zip(rates, plain[:, 0], smooth[:, 0], measured, told, strict=True):
    print(f"{row[0]:.2f}  {row[1]:6.3f}  {row[2]:8.3f}  {row[3]:11.2f}  {row[4]:9.2f}")
claim("At ηλ = 0.1 a step of momentum has less variance, by", plain[1, 1] / smooth[1, 1], near=20, within=0.4, unit="×")
claim("… and yet its cloud has this share of the variance of SGD's", measured[1], near=0.953, within=0.005, digits=2)
claim("Measured and predicted ratios differ by at most", np.abs(measured - told).max(), below=0.01, approx=True)

# %%
cloud_guess.reveal()

# %% [markdown]
# Each push of the noise enters the average with weight $1-\beta$, then stays in it and pushes again: $\beta(1-\beta)$, $\beta^2(1-\beta)$, … The weights add up to one. The ball feels the *whole* push, only spread over about ten steps. If the bowl needs longer than that to respond, and at small ηλ it does, spreading changes nothing. Exactly, with $\eta$ the effective rate:
#
# $$\frac{\operatorname{Var}_{\text{momentum}}}{\operatorname{Var}_{\text{SGD}}} = \frac{2-\eta\lambda}{2-\eta\lambda\,\frac{1-\beta}{1+\beta}}$$
#
# For small ηλ this is 1. It is about one half at ηλ = 1, and a quarter at 1.5. But that is less momentum's merit than SGD's trouble: there SGD is close to its own edge at 2, where it amplifies noise. Momentum has its edge far away.
#
# This has a practical side. Where noise limits the rate, and not the walls, SGD at η/(1−β) and momentum at η should behave alike. [Wang et al. (2024)](https://arxiv.org/abs/2307.15196) prove it for small rates, and report little benefit of momentum on ImageNet with small and medium batches and in fine-tuning language models. With large batches the walls are what limits the rate, and momentum is worth its memory.
#
# So what *does* cool the cloud? A smaller η, a larger batch, or an average of the **positions** instead of the gradients. The last one is Polyak and Ruppert's idea, and it returns in 08 as the heart of Schedule-Free.

# %% tags=["nbval-check-output"]
rng, theta = np.random.default_rng(4), np.zeros(4000)
total = np.zeros(4000)
for t in range(1, 801):
    theta = theta - 0.1 * (theta + rng.normal(size=4000))
    total += theta * (t > 300)  # the sum of the last 500 positions
share = (total / 500).var() / theta.var()
claim("The mean of 500 positions of plain SGD has this share of the cloud's variance", share, near=0.037, within=0.005)

# %% [markdown]
# ## And torch?
#
# Three settings of `torch.optim.SGD`, three rules of this notebook. The rest of the notebook needed NumPy only.

# %% tags=["nbval-check-output"]
import torch

pairs = {
    "momentum=0.9": ({}, Momentum(lr=2e-4)),
    "momentum=0.9, dampening=0.9": ({"dampening": 0.9}, Momentum(lr=2e-4, form="torch", dampening=0.9)),
    "momentum=0.9, nesterov=True": ({"nesterov": True}, Nesterov(lr=2e-4)),
}
for name, (settings, rule) in pairs.items():
    theta = torch.tensor(banana.start)
    optimizer = torch.optim.SGD([theta], lr=2e-4, momentum=0.9, **settings)
    for _ in range(500):
        theta.grad = torch.tensor(banana.gradient(theta.numpy()))
        optimizer.step()
    gap = np.abs(theta.numpy() - descent.run(rule, banana, steps=500).final).max()
    claim(f"torch.optim.SGD({name}) and adamkit agree after 500 steps, to", gap, below=1e-12)

# %% [markdown]
# ## In the interview

# %%
practice.interview("02-explain-momentum")

# %%
practice.interview("02-raise-beta")

# %% [markdown]
# ## Recap
#
# - Heavy ball and average are one path, with $\eta_{\text{eff}}=\eta/(1-\beta)$ as the rate that counts; Nesterov is another path, with a momentum of $\beta(1-\eta\lambda)$.
# - The average passes what stays and damps what flips, to $(1-\beta)/(1+\beta)$.
# - While the ball swings, every direction shrinks by √β a step. The best β turns κ into √κ; a larger one forgives a wrong η.
# - Heavy ball: stable for $\eta<2(1+\beta)/\lambda$. Nesterov: for $\eta<2(1+\beta)/(\lambda(1+2\beta))$.
# - Momentum makes the steps quieter, not the cloud smaller.

# %%
practice.self_check("02")

# %% [markdown]
# **Next:** [03 RMSprop](03_rmsprop.ipynb), which gives each parameter a rate of its own.
#
# **Sources.** B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964: the heavy ball and its rate. Y. Nesterov, *A method for solving the convex programming problem with convergence rate O(1/k²)*, 1983. I. Sutskever, J. Martens, G. Dahl and G. Hinton, *On the importance of initialization and momentum in deep learning*, ICML 2013: the form with the rate inside. L. Lessard, B. Recht and A. Packard, [*Analysis and design of optimization algorithms via integral quadratic constraints*](https://arxiv.org/abs/1408.3595), SIAM J. Optim. 2016: the function on which the heavy ball circles. R. Wang, S. Malladi, T. Wang, K. Lyu and Z. Li, *The marginal value of momentum for small learning rate SGD*, ICLR 2024. B. Polyak and A. Juditsky, *Acceleration of stochastic approximation by averaging*, 1992: averages of positions. G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), Distill 2017: damping per eigenvalue.
