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
# - *predict* whether a ball will creep, swing, flip or fly off, one curvature at a time, from two roots;
# - *derive* the best β and η for a quadratic, *explain* where κ turns into √κ, and *say* what "best" leaves out;
# - *translate* between the spellings of momentum (heavy ball, average, torch's, Nesterov's);
# - *answer* whether momentum makes the noise around a minimum smaller.
#
# About 50 minutes. Builds on [01 SGD](01_sgd.ipynb); runs without it.
#
# > **The question.** Momentum averages gradients, and averaging removes noise. So at the same speed downhill, momentum should settle into a smaller cloud around the minimum than plain SGD. Does it?

# %%
import numpy as np

from adamkit import descent, plotting, practice, surfaces
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.rules import SGD, Momentum, Nesterov

# %%
cloud_guess = practice.predict("02-cloud")
cloud_guess

# %% [markdown]
# Keep your guess; the last section settles it.
#
# ## A ball with mass
#
# A **ravine** is a bowl with two very different curvatures: small along its **floor**, large across, between its **walls**. Their ratio is κ. Gradient descent, at the rate that is best for it, jumps from wall to wall there (01), and along the floor it gathers no speed: each step forgets the one before it.
#
# A ball that rolls has **momentum**. It keeps a share β of its velocity, and the slope only changes that velocity:
#
# $$b_t = \beta\, b_{t-1} + g_t \qquad\qquad \theta_t = \theta_{t-1} - \eta\, b_t$$
#
# This is Polyak's **heavy ball** of 1964. The buffer $b$ starts at zero, and costs one number for each parameter. With β = 0 we are back at gradient descent.


# %%
def heavy_ball(gradient, theta, steps, lr, beta):
    b, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        b = beta * b + gradient(theta)
        theta = theta - lr * b
        path.append(theta)
    return np.array(path)


# %% [markdown]
# Try it before you read on. Blue is the ball, grey is plain SGD; the arrows are the ball's velocity, drawn at twice its length. The small plot on the right will make sense later; for now, watch the paths.

# %%
explorers.momentum()

# %% [markdown]
# On a slope that never ends $b$ would settle at $g/(1-\beta)$, and the ball at ten times the speed of SGD if β = 0.9. So $\eta/(1-\beta)$ is its **effective rate**. And where the ground is curved enough, it swings. Both come from one line of arithmetic.
#
# ## Creep, swing, flip, fly off
#
# On a bowl of curvature λ the gradient is $\lambda\theta$. Replace $b$ by $(\theta_{t-1}-\theta_t)/\eta$ and one equation remains:
#
# $$\theta_{t+1} = (1+\beta-\eta\lambda)\,\theta_t - \beta\,\theta_{t-1}$$
#
# Try $\theta_t = z^t$. Then $z$ must solve
#
# $$z^2-(1+\beta-\eta\lambda)\,z+\beta=0$$
#
# Every path is a mixture $A z_1^t+B z_2^t$ of the two solutions (if they are two), so in the long run the distance shrinks by the larger $|z|$ at each step. Before you compute it, a guess about where it reaches one:

# %%
limit_guess = practice.predict("02-largest-lr")
limit_guess

# %% [markdown]
# **Your turn.** This function is the heart of the notebook, and one line long.

# %%
roots = practice.exercise("02-roots")
roots


# %%
def factor(eta_lam, beta):
    return ...  # the larger |z|


roots.check(factor)


# %% [markdown]
# Ours, and beside it what the ball does:


# %%
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()


# %% tags=["nbval-check-output"]
strengths = np.linspace(3.5, 3.9, 401)  # of ηλ, on a bowl of curvature 1
ends = np.abs(heavy_ball(lambda theta: theta, np.ones(401), 500, strengths, 0.9)[-1])
claim("With β = 0.9 the ball comes nearer up to an ηλ of", strengths[ends < 1].max(), near=3.8, within=0.01, digits=2)
claim("There the larger root has the size", factor(3.8, 0.9), near=1, within=1e-6)

# %%
limit_guess.reveal()

# %% [markdown]
# The limit is $2(1+\beta)/\lambda$: at $z=-1$ the equation reads $1+(1+\beta-\eta\lambda)+\beta=0$. What happens below it shows when the two roots are drawn in the complex plane. While ηλ grows from zero, they leave 1 and β, meet at √β, run round the circle to −√β, and part again.

# %%
fig = plotting.figure(9, 3.7)
left, right = fig.subplots(1, 2, width_ratios=(1, 1.35))
blue, sweep = plotting.COLORS["Momentum"], np.linspace(0, 3.4, 1500)
pairs = np.array([np.roots([1, -(1.64 - x), 0.64]) for x in sweep]).ravel()  # β = 0.64, so √β = 0.8
turn = np.linspace(0, 2 * np.pi, 200)
left.plot(np.cos(turn), np.sin(turn), ":", color="tab:red", linewidth=1)
left.plot(pairs.real, pairs.imag, ".", color=blue, markersize=3)
for z, words, place in ((0.64, "β", (-4, 6)), (1, "1", (7, 6)), (0.8, "√β", (-11, -13)), (-1, "−1", (-7, 6))):
    left.plot(z, 0, "o", color="#222222", markersize=4)
    left.annotate(words, (z, 0), place, textcoords="offset points", ha="center", fontsize=9)
left.set(aspect="equal", xlabel="real part", ylabel="imaginary part", title="The two roots (β = 0.64)")
wide = np.geomspace(0.003, 4, 500)
for beta, shade in ((0, plotting.COLORS["SGD"]), (0.3, "#a9bdf5"), (0.64, blue), (0.9, "#172f75")):
    right.semilogx(wide, [factor(x, beta) for x in wide], color=shade, label=f"β = {beta}")
right.plot((0.2**2, 1.8**2), (0.8, 0.8), "o", color=blue, markersize=4, label="(1 ∓ √0.64)²")
right.axhline(1, color="tab:red", linestyle=":", linewidth=1)
right.set(xlabel="ηλ", ylabel="factor per step", ylim=(0, 1.15), title="While the ball swings, the factor is √β")
right.legend(loc="lower left")
plotting.show(fig, alt="Two roots meet at √β, run round a circle, part again; a flat piece at √β.")

# %% [markdown]
# The product of the two roots is β, always. So there are three ways to converge:
#
# | ηλ | roots | the ball | factor |
# |---|---|---|---|
# | below $(1-\sqrt\beta)^2$ | real, positive | **creeps** in from one side (over-damped) | above √β |
# | from there to $(1+\sqrt\beta)^2$ | a complex pair, on the circle | **swings** (under-damped) | √β, *whatever η and λ are* |
# | from there to $2(1+\beta)$ | real, negative | **flips** sides at every step | above √β |
# | beyond | one below −1 | **flies off** | above 1 |
#
# At β = 0 the middle row shrinks to the point ηλ = 1: gradient descent creeps below it and flips above. The middle row is the surprise. A stiffer spring makes a weight bob faster (a swing takes $2\pi/\omega$ steps, with $\cos\omega=(1+\beta-\eta\lambda)/2\sqrt\beta$), but only friction brings it to rest; here 1 − β is the friction, and it is the same in all directions. Measured, over a range of sixty curvatures:

# %% tags=["nbval-check-output"]
curvatures = np.geomspace(0.05, 3.2, 60)  # with η = 1; for β = 0.8 swinging reaches from 0.011 to 3.59
path = np.abs(heavy_ball(lambda theta: curvatures * theta, np.ones(60), 400, 1.0, 0.8))
late = (path[300:400].max(axis=0) / path[200:300].max(axis=0)) ** (1 / 100)  # largest of many: swings drop out
claim("Sixty curvatures, one factor: √0.8 = 0.894, measured", late, near=np.sqrt(0.8), within=0.01)

# %% [markdown]
# ### The best β
#
# Look at the curves on the right. For two curvatures gradient descent has a single best η, at which both have the same factor: one creeps, the other flips (01). Momentum has a whole **flat piece**, from $(1-\sqrt\beta)^2$ to $(1+\sqrt\beta)^2$. A lower β makes it deeper, but also narrower. So take the smallest β whose flat piece still holds all curvatures, from $\lambda_{\min}$ at one end to $\lambda_{\max}$ at the other:
#
# $$\eta\lambda_{\min} = (1-\sqrt\beta)^2,\qquad \eta\lambda_{\max}=(1+\sqrt\beta)^2$$
#
# Divide one by the other, take the root, and with $\kappa=\lambda_{\max}/\lambda_{\min}$ you have
#
# $$\sqrt{\beta^\star} = \frac{\sqrt\kappa-1}{\sqrt\kappa+1}\qquad\qquad \eta^\star = \frac{4}{(\sqrt{\lambda_{\min}}+\sqrt{\lambda_{\max}})^2}$$
#
# and $\sqrt{\beta^\star}$ is also the factor per step. Gradient descent had $(\kappa-1)/(\kappa+1)$: the same formula with **√κ in place of κ**. Does a blind search with `factor` find the same, for κ = 100?

# %% tags=["nbval-check-output"]
betas, strengths = np.linspace(0.55, 0.8, 51), np.linspace(2.8, 3.8, 51)  # strengths: η·λmax
slowest = np.array([[max(factor(x / 100, beta), factor(x, beta)) for x in strengths] for beta in betas])
row, column = np.unravel_index(slowest.argmin(), slowest.shape)
claim("The β of the best of 2601 pairs, near (9/11)² = 0.669", betas[row], near=0.669, within=0.011, digits=2)
claim("… its η·λmax, near 400/121 = 3.31", strengths[column], near=3.306, within=0.041, digits=2)
claim("… and its factor, near 9/11 = 0.818", slowest.min(), near=0.818, within=0.01, digits=2)

# %% [markdown]
# **A puzzle.** Let the ball run at exactly the best pair, and measure its factor along the floor: 0.829 over steps 50 to 100, 0.824 over the next hundred. Not 0.818. Is the theory wrong? Look at the picture of the roots, and think before you read on.

# %% tags=["nbval-check-output"]
rate = 9 / 11
distance = np.abs(heavy_ball(lambda theta: theta, 1.0, 200, 4 / 121, rate**2))
claim("Measured, step 50 to 100", (distance[100] / distance[50]) ** (1 / 50), near=0.829, within=0.001)
claim("… and from step 100 to 200", (distance[200] / distance[100]) ** (1 / 100), near=0.824, within=0.001)
line = distance / rate ** np.arange(201)
bends = np.abs(np.diff(line, n=2)).max()
claim("distance/ρᵗ is a straight line: its second differences are at most", bends, below=1e-10)
claim("… which climbs at every step by", line[1] - line[0], near=2 / 11, within=1e-9)

# %% [markdown]
# At this pair the two roots *coincide*, and then the solution is not $\rho^t$ but $(A+Bt)\,\rho^t$. The "best" pair sits exactly where the factor t appears. So it is best in the long run, and *not* for a given number of steps. How much does that matter? Steps until the loss has fallen by a million, from three starts. To be fair, gradient descent is searched over 201 rates, the ball and Nesterov (see below) over one grid of η and β. The five columns in the middle are the ball's.


# %%
def fewest_steps(rule, kappa, start, steps=450):
    losses = descent.sweep(rule, surfaces.ravine(kappa=kappa), start=start, steps=steps, keep="losses").losses
    above = ~(losses <= 1e-6 * losses[:, :1])
    arrival = np.where(above[:, -1], np.inf, above.shape[1] - above[:, ::-1].argmax(axis=1))
    return int(arrival.min()), arrival.argmin()


def race(kappa, start):
    root = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    corner = Momentum(lr=np.array([(1 + root) ** 2 / kappa]), momentum=root**2)
    grid, _ = descent.grid(lr=np.linspace(0.3, 3.9, 73) / kappa, momentum=np.linspace(0, 0.98, 50))
    count, place = fewest_steps(Momentum(**grid), kappa, start)
    return {
        "descent": fewest_steps(SGD(lr=np.linspace(1.5, 2, 201) / kappa), kappa, start, 4 * kappa + 40)[0],
        "best pair": fewest_steps(corner, kappa, start)[0],
        "searched": count,
        "its β": f"{grid['momentum'][place]:.2f}",
        "its η/η*": f"{grid['lr'][place] / corner.lr[0]:.2f}",
        "β = 0.9": fewest_steps(Momentum(lr=np.linspace(0.01, 3.7, 370) / kappa, momentum=0.9), kappa, start)[0],
        "Nesterov": fewest_steps(Nesterov(**grid), kappa, start)[0],
    }


# %% tags=["nbval-check-output"]
cases = [(kappa, start) for kappa in (10, 100, 1000) for start in ((1, 1), (1, 0.1), (0.1, 1))]  # along, across
table = [race(*case) for case in cases]
print("   κ   start      " + "   ".join(table[0]))
for (kappa, start), row in zip(cases, table, strict=True):
    print(f"{kappa:4d}   {start!s:8}   " + "   ".join(f"{value:>{len(name)}}" for name, value in row.items()))
searched = np.array([row["searched"] for row in table])
gain = np.array([row["descent"] for row in table]) / searched
backing_off = searched / [row["best pair"] for row in table]
claim("The ball's lead over gradient descent, three starts: at κ = 10", gain[:3], between=(1.6, 3.6), digits=2)
claim("… at κ = 1000", gain[6:], between=(6, 27), digits=2)
claim("A searched pair takes this share of the best pair's steps", backing_off, between=(0.28, 0.82), digits=2)
rival = searched / [row["Nesterov"] for row in table]
claim("… and this share of Nesterov's", rival, between=(0.6, 1.8), digits=2)

# %% [markdown]
# Searched for its start, a pair near the "best" one arrives in a third to three quarters of its steps. From another start it can be the slower one. (Gradient descent gains too: at κ = 1000 its best rate in the long run needs 3454.) Even plain β = 0.9 overtakes the "best" pair at κ = 1000. At κ = 10 it needs more than three times as many steps as gradient descent: too much memory costs as well. Nesterov is within a factor of 1.6 of the searched ball: ahead where most of the way is across the valley, behind where it is along it.
#
# Can one do better than √κ? Not in general: for methods that see one gradient at a time and combine what they have seen, and with coordinates enough, √κ steps are the order that none can beat (Y. Nesterov, *Introductory lectures on convex optimization*, 2004, section 2.1). What is left to gain is the shape of the ravine itself, and changing *that* is the subject of 03.
#
# ### The whole map
#
# In practice nobody knows $\lambda_{\min}$ and $\lambda_{\max}$. So it matters less where the best point is than what lies *around* it. Click into the map: every cell is a training.

# %%
explorers.momentum_map()

# %% tags=["nbval-check-output"]
strengths = np.geomspace(0.001, 4, 800)  # η·λmax for κ = 25
slow = {beta: np.array([max(factor(x / 25, beta), factor(x, beta)) for x in strengths]) for beta in (0, 0.9)}
good = {beta: strengths[np.log(factors) < 0.9 * np.log(factors.min())] for beta, factors in slow.items()}
span = {beta: etas.max() / etas.min() for beta, etas in good.items()}
claim("β = 0.9: the η that give 90% of its best speed span a factor of", span[0.9], above=50, digits=2)
claim("β = 0: they span a factor of", span[0], below=1.3, digits=2)

# %% [markdown]
# In the bottom row, gradient descent, only a narrow band of η is any good. In the row of β = 0.9 the colour hardly changes over a factor of forty and more. It is not the best colour on the map, but you cannot miss it. **A β above the best one buys room for a wrong η**, and the price is speed where κ is small. (Where κ is above 1400, 0.9 is no longer above the best, and the room is gone.)
#
# ## What the average does, and what the loop does with it
#
# Scale the buffer down, $m_t=\beta m_{t-1}+(1-\beta)g_t$, and it is an **exponential average**: $m_t = \sum_k (1-\beta)\beta^k\, g_{t-k}$. Adam's $m$ is this one. Two numbers describe its memory: the *window* $1/(1-\beta)$, ten gradients at β = 0.9, which hold two thirds of the weight; and the *half-life* $\ln\tfrac12/\ln\beta$, 6.6 steps. A third is what it does to a rhythm:

# %%
alternating_guess = practice.predict("02-alternating")
alternating_guess


# %% tags=["nbval-check-output"]
def ema(signal, beta=0.9):
    m, out = 0.0, []
    for g in signal:
        m = beta * m + (1 - beta) * g
        out.append(m)
    return np.array(out)


claim("The last ten gradients hold this share of the weight", ema([1] + 199 * [0])[:10].sum(), near=0.651, within=1e-3)
flips = ema([(-1) ** t for t in range(400)])
claim("What is left of one that flips at each step, (1−β)/(1+β) = 1/19", abs(flips[-1]), near=1 / 19, within=1e-6)
white = ema(np.random.default_rng(0).normal(size=(4000, 500)))[200:].var()
claim("Share of the variance of white noise that is left, also 1/19", white, near=1 / 19, within=0.001, digits=2)

# %%
alternating_guess.reveal()

# %% [markdown]
# In the heavy ball's units all this is ten times larger: what keeps its sign is amplified ten times, what flips is halved. That is how momentum is usually explained: it boosts the floor and damps the zig-zag. Of the *filter*, fed with a given signal, it is true. But training is a **closed loop**: the output moves θ, and θ decides the next gradient.

# %%
zigzag_guess = practice.predict("02-zigzag")
zigzag_guess

# %% [markdown]
# Across a valley, from a distance of 0.8, at four strengths ηλ. At κ = 100, 1.98 is gradient descent's best, and 3.31 with β = 0.67 the ball's. How far out does it get, and from which step on does it stay within a hundredth of the start?

# %% tags=["nbval-check-output"]
def across(eta_lam, beta, steps=400):
    distance = np.abs(heavy_ball(lambda theta: theta, 0.8, steps, eta_lam, beta))
    return distance.max(), np.flatnonzero(distance > 0.008).max() + 1


gd_best, ball_best, best_beta = 200 / 101, 400 / 121, 81 / 121
print("how far out, and calm from step" + "".join(f"   ηλ = {x:4.2f}  " for x in (1.0, gd_best, 2.5, ball_best)))
calm_at = {}
for beta in (0, 0.3, best_beta, 0.9):
    print(f"                       β = {beta:4.2f}", end="")
    for eta_lam in (1.0, gd_best, 2.5, ball_best):
        stable = eta_lam < 2 * (1 + beta)
        farthest, calm_at[beta, eta_lam] = across(eta_lam, beta) if stable else (np.inf, 0)
        print(f"   {farthest:.2f} {calm_at[beta, eta_lam]:7d}" if stable else "      flies off", end="")
    print()
claim("At gradient descent's best rate the zig-zag lasts, in steps", calm_at[0, gd_best], near=231, within=1)
claim("… with β = 0.67 at the same rate", calm_at[best_beta, gd_best], near=24, within=1)
claim("At ηλ = 1 it takes gradient descent a step", calm_at[0, 1.0], equals=1)
claim("… and the ball, with β = 0.67", calm_at[best_beta, 1.0], near=23, within=1)
claim("At the ball's best pair it grows, from 0.8, to", across(ball_best, best_beta)[0], near=2.97, within=0.01)
claim("… and lasts, in steps", calm_at[best_beta, ball_best], near=45, within=1)

# %%
zigzag_guess.reveal()

# %% [markdown]
# So does momentum damp the zig-zag? The filter's $(1-\beta)/(1+\beta)$ appears nowhere. What the roots told holds: while the ball swings, √β of a swing is left after each step, *whatever its curvature*. A zig-zag that would last for long, near gradient descent's limit, is over sooner, ten times at β = 0.67. A swing that would be over at once, at ηλ = 1, is dragged out. And at rates at which gradient descent flies off the ball is still stable. There, at its best pair, the zig-zag first *grows* to almost four times its size, and then goes as fast as everything else: momentum **tolerates** it, and in return the floor is fast at this η. Say this in an interview, and the roots if they ask why.
#
# ## How libraries spell it
#
# A learning rate copied from one spelling to another can be wrong by a factor of ten.
#
# | spelling | memory | step | the heavy ball's path? |
# |---|---|---|---|
# | heavy ball; `torch.optim.SGD(momentum=β)` | b ← βb + g | θ ← θ − ηb | it is the heavy ball |
# | average | m ← βm + (1−β)g | θ ← θ − ηm | yes, with η/(1−β): from zero, m = (1−β)b |
# | rate inside (Sutskever et al. 2013, Keras) | v ← βv − ηg | θ ← θ + v | yes, while η is constant |
# | torch with `dampening=β` | b ← g, then βb + (1−β)g | θ ← θ − ηb | no: an average begun at g₁, not at 0 |
# | Nesterov; torch with `nesterov=True` | b ← βb + g | θ ← θ − η(g + βb) | no, for any β > 0 |
#
# With the rate inside, a schedule that cuts η to a tenth lets the ball coast on (a *rise* is worse: Goyal et al. 2017). In torch `momentum` is 0 unless you set it, `nesterov=True` needs a positive `momentum` and no `dampening`, and `weight_decay` enters the buffer with the gradient (05). On a bent valley, which is no quadratic:

# %% tags=["nbval-check-output"]
banana = surfaces.rosenbrock()
ball = heavy_ball(banana.gradient, banana.start, 500, lr=2e-4, beta=0.9)
m, theta = np.zeros(2), banana.start
for _ in range(500):
    m = 0.9 * m + 0.1 * banana.gradient(theta)
    theta = theta - 2e-3 * m
claim("The average at η/(1−β) ends where the heavy ball at η does, to", np.abs(theta - ball[-1]).max(), below=1e-12)

coasting, stopped = 0.9 * (ball[300] - ball[299]) - 2e-5 * banana.gradient(ball[300]), 0.1 * (ball[301] - ball[300])
further = np.linalg.norm(coasting) / np.linalg.norm(stopped)
claim("η cut to a tenth: with the rate inside, the next step is longer by", further, near=9.1, within=0.2, unit="×")

# %% [markdown]
# ## Nesterov: look before you step
#
# The heavy ball measures the slope where it *is*, although it already knows that $-\eta\beta b$ will carry it on. Nesterov's idea of 1983: measure where you are *about to be*.
#
# $$\theta_{t} = y_{t-1} - \eta\,\nabla f(y_{t-1}) \qquad\qquad y_t = \theta_t + \beta\,(\theta_t-\theta_{t-1})$$

# %%
slope = np.array([1.0, 12.0])  # a ravine's curvatures
here, carried = np.array([-2.0, 0.5]), np.array([0.9, -0.75])  # where we are, and where βb will carry us
fig = plotting.figure(8.5, 3)
x, y = np.meshgrid(np.linspace(-2.4, 0.4, 90), np.linspace(-0.8, 0.8, 70))
for ax, name, at in zip(fig.subplots(1, 2), ("Momentum", "Nesterov"), (here, here + carried), strict=True):
    ax.contour(x, y, slope[0] * x**2 + slope[1] * y**2, levels=12, colors="#c9ced4", linewidths=0.7)
    arrows = ((here, carried, "#8a939c"), (here + carried, -0.08 * slope * at, plotting.COLORS[name]))
    for tail, move, color in arrows:
        ax.annotate("", tail + move, tail, arrowprops={"arrowstyle": "->", "color": color, "lw": 2})
    ax.plot(*here, "o", color="#222222", markersize=5)
    ax.plot(*at, "s", color=plotting.COLORS[name], markersize=5, label="the slope is measured here")
    ax.set(xlabel="along the valley", title={"Momentum": "Heavy ball", "Nesterov": "Nesterov"}[name])
    ax.legend(loc="upper right")
fig.axes[0].set_ylabel("across")
plotting.show(fig, alt="After the same carried move the heavy ball steps further out; Nesterov's gradient turns back.")

# %% [markdown]
# Code rarely shows either line. In torch you find $b \leftarrow \beta b + g$ and $\theta \leftarrow \theta - \eta\,(g+\beta b)$, with a plain gradient. Where is the look-ahead? Call the last move $\eta\,b_t=\theta_{t-1}-\theta_t$. Then $y_t=\theta_t-\eta\beta\,b_t$, and with $g_t=\nabla f(y_{t-1})$
#
# $$\eta\,b_t=\theta_{t-1}-y_{t-1}+\eta g_t=\eta\beta\,b_{t-1}+\eta g_t\quad\Rightarrow\quad b_t=\beta b_{t-1}+g_t$$
# $$y_t=\theta_t-\eta\beta\,b_t=y_{t-1}-\eta g_t-\eta\beta\,b_t=y_{t-1}-\eta\,(g_t+\beta b_t)$$
#
# So torch's parameters *are* the look-ahead points y.


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
import torch

paths = {
    "momentum=0.9": ball,
    "momentum=0.9, nesterov=True": nesterov_1983(banana.gradient, banana.start, 500, lr=2e-4, beta=0.9),
}
for name, path in paths.items():
    theta = torch.tensor(banana.start)
    optimizer = torch.optim.SGD([theta], lr=2e-4, momentum=0.9, nesterov="nesterov" in name)
    for _ in range(500):
        theta.grad = torch.tensor(banana.gradient(theta.numpy()))
        optimizer.step()
    gap = np.abs(theta.numpy() - path[-1]).max()
    claim(f"After 500 steps torch.optim.SGD({name}) and ours agree, to", gap, below=1e-12)

# %% [markdown]
# (To write it as a class, `practice.exercise("02-nesterov")` has a checker for you; six minutes more.)
#
# Is it a heavy ball in disguise? On a bowl its equation is
#
# $$z^2-(1+\beta)(1-\eta\lambda)\,z+\beta(1-\eta\lambda)=0$$
#
# Put $\beta' = \beta(1-\eta\lambda)$ and this is the heavy ball's equation, with the *same* η and the momentum β′. But β′ depends on the **curvature**: where the ground is flat, Nesterov keeps all its momentum; where $\eta\lambda=1$ it keeps none. No single β does that for two curvatures at once. The price is a lower ceiling, $2(1+\beta)/(1+2\beta)$ for ηλ:

# %% tags=["nbval-check-output"]
strengths = np.linspace(1.2, 1.5, 601)
ends = np.abs(nesterov_1983(lambda theta: strengths * theta, np.ones(601), 500, 1.0, 0.9)[-1])
claim("With β = 0.9 Nesterov converges up to an ηλ of", strengths[ends < 1].max(), near=3.8 / 2.8, within=0.005)
path = nesterov_1983(lambda theta: theta, 1.0, 200, 0.1, 0.9)
own = 0.9 * (1 - 0.1)  # the momentum that this curvature sees
miss = np.abs(path[2:] - ((1 + own - 0.1) * path[1:-1] - own * path[:-2])).max()
claim("On one curvature it obeys the heavy ball's recursion with β(1−ηλ), to", miss, below=1e-12)

# %% [markdown]
# ### What the look-ahead buys: a guarantee
#
# All formulas for the best β were for quadratics. For *every* smooth convex function Nesterov's method, with a β that grows, brings the loss down like $1/t^2$, where gradient descent guarantees $1/t$; and when $\lambda_{\min}>0$, with $\eta=1/\lambda_{\max}$ and the constant $\beta=(\sqrt\kappa-1)/(\sqrt\kappa+1)$, like $(1-1/\sqrt\kappa)^t$. That is *acceleration*: √κ, for all of them.
#
# The heavy ball converges on such functions too, if η and β are small enough (without strong convexity, its average; Ghadimi, Feyzmahdavian and Johansson 2014). What it lacks is the *accelerated* guarantee: whatever η and β, either it is no faster than order κ on quadratics, or there is a smooth, strongly convex function on which it cycles for ever (Goujaud, Taylor and Dieuleveut 2023). Here is a famous example (Lessard, Recht and Packard 2016): curvature 25, then 1, then 25 again, the best pair for exactly these curvatures, and a start at 3.3.


# %%
def bent(theta):  # the gradient; its own slope, the curvature, is 1 between θ = 1 and 2
    return np.where(theta < 1, 25 * theta, np.where(theta < 2, theta + 24, 25 * theta - 24))


trapped = heavy_ball(bent, 3.3, 3000, lr=1 / 9, beta=4 / 9)
arrived = nesterov_1983(bent, 3.3, 3000, lr=1 / 25, beta=4 / 6)

# %%
fig = plotting.figure(7, 2.8)
ax = fig.subplots()
ax.plot(trapped[:41], "o-", markersize=3, color=plotting.COLORS["Momentum"], label="heavy ball, η = 1/9, β = 4/9")
ax.plot(arrived[:41], "s-", markersize=3, color=plotting.COLORS["Nesterov"], label="Nesterov, η = 1/25, β = 2/3")
ax.axhline(0, color="tab:red", linewidth=1, linestyle=":")
ax.set(xlabel="step t", ylabel="θ", ylim=(-3.6, 4.9), title="Tuned for quadratics, the heavy ball can cycle for ever")
ax.legend(loc="upper right", ncols=2)
plotting.show(fig, alt="On a convex function the heavy ball repeats three points for ever; Nesterov reaches zero.")

# %% tags=["nbval-check-output"]
drift = np.abs(trapped[-3:] - trapped[-6:-3]).max()
claim("After 3000 steps the heavy ball still visits the same three points, to", drift, below=1e-9)
claim("… and the nearest of them is this far from the minimum", np.abs(trapped[-3:]).min(), near=0.647, within=0.001)
claim("Nesterov is as near as", abs(arrived[-1]), below=1e-12)
starts = np.linspace(-6, 6, 1201)
caught = np.abs(heavy_ball(bent, starts, 3000, lr=1 / 9, beta=4 / 9)[-3:]).min(axis=0) > 0.1
claim("Of 1201 starts between −6 and 6 this share ends so", caught.mean(), near=0.117, within=0.01, digits=2)
lost = np.abs(nesterov_1983(bent, starts, 3000, lr=1 / 25, beta=4 / 6)[-1]).max()
claim("Nesterov's distance from the minimum, after the worst of them", lost, below=1e-12)

# %% [markdown]
# From most starts the ball does arrive; a guarantee has to cover the others too. (That Nesterov needs only a few steps is an accident: with η = 1/25 the outer pieces have $1-\eta\lambda=0$.) Deep networks are not even convex. Few set β from a condition number there ([YellowFin](https://arxiv.org/abs/1706.03471) estimates one as it goes); the practical rule is β = 0.9 or a bit more, then search for η.
#
# ## Does momentum cool the cloud?
#
# Back to the opening question. In 01 plain SGD with noisy gradients settled into a cloud of variance $\eta\sigma^2/(\lambda(2-\eta\lambda))$. The averaged gradient has 19 times less noise variance. Here are both at the same η, which for the average *is* the effective rate: 10 000 walkers each, with noise of their own of variance 1, on a bowl of curvature 1.


# %%
def jitter(eta, beta, steps=400, walkers=10_000):
    rng, path = np.random.default_rng(3), []
    theta = m = np.zeros(walkers)
    for _ in range(steps):
        m = beta * m + (1 - beta) * (theta + rng.normal(size=walkers))
        theta = theta - eta * m
        path.append(theta)
    return np.array(path)[steps // 2 :]  # (steps, walkers), once it has settled


etas = np.array([0.05, 0.1, 0.4, 1.0, 1.5])
plain, smooth = ([jitter(eta, beta) for eta in etas] for beta in (0.0, 0.9))

# %% tags=["nbval-check-output"]
ratio = np.array([b.var() / a.var() for a, b in zip(plain, smooth, strict=True)])
told = (2 - etas) / (2 - etas / 19)
print("  ηλ     SGD  momentum  ratio  by theory")
for row in zip(etas, [a.var() for a in plain], [b.var() for b in smooth], ratio, told, strict=True):
    print("{:4.2f}  {:6.3f}  {:8.3f}  {:5.2f}  {:9.2f}".format(*row))
claim("Measured and predicted ratios differ by at most", np.abs(ratio - told).max(), below=0.02, digits=1)
steps = np.diff(plain[1], axis=0).var() / np.diff(smooth[1], axis=0).var()
claim("At ηλ = 0.1 a step of momentum has less variance, by", steps, near=20, within=1, digits=2, unit="×")
claim("… and yet its cloud has this share of the variance of SGD's", ratio[1], near=0.953, within=0.01, digits=2)

# %%
cloud_guess.reveal()

# %%
fig = plotting.figure(8.5, 2.8)
for ax, paths, name in zip(fig.subplots(1, 2, sharey=True), (plain[1], smooth[1]), ("SGD", "Momentum"), strict=True):
    ax.plot(paths[:, :3], color=plotting.COLORS[name], linewidth=0.9, alpha=0.8)
    ax.axhspan(-paths.std(), paths.std(), color=plotting.COLORS[name], alpha=0.15, linewidth=0)
    ax.set(xlabel="step", title={"SGD": "SGD: rough", "Momentum": "Momentum: smooth, and as wide"}[name])
fig.axes[0].set_ylabel("θ")
plotting.show(fig, alt="Three walkers each: SGD's paths are rough, momentum's smooth; the bands are equally wide.")

# %% [markdown]
# Each push of the noise enters the average with weight $1-\beta$, then stays in it and pushes again: $\beta(1-\beta)$, $\beta^2(1-\beta)$, … The weights add up to one. The ball feels the *whole* push, only spread over about ten steps; if the bowl takes longer than that to respond, spreading changes nothing. Exactly: the recursion is $\theta_{t+1}=a\theta_t-\beta\theta_{t-1}-\eta'\xi_t$ with $\eta'=(1-\beta)\eta$ and $a=1+\beta-\eta'\lambda$. Let $V$ be the variance and $C$ the covariance of neighbours. Multiply the recursion by $\theta_t$, or square it, and take means:
#
# $$C=aV-\beta C,\qquad V=(a^2+\beta^2)\,V-2a\beta\, C+\eta'^2\sigma^2$$
#
# Solved, and divided by SGD's V:
#
# $$\frac{V_{\text{momentum}}}{V_{\text{SGD}}} = \frac{2-\eta\lambda}{2-\eta\lambda\,\frac{1-\beta}{1+\beta}}$$
#
# As ηλ → 0 this tends to 1. It is about one half at ηλ = 1: there SGD's cloud is twice as large, in variance, as the small-rate formula says, and momentum's hardly larger.
#
# Where noise limits the rate, not the walls, SGD at η/(1−β) and the heavy ball at η should behave alike. [Wang et al. (2024)](https://arxiv.org/abs/2307.15196) prove it for small rates, and report little benefit of momentum on ImageNet with small and medium batches and in fine-tuning language models. With large batches the walls limit the rate, and momentum is worth its memory: [Shallue et al. (2019)](https://arxiv.org/abs/1811.03600) find the two alike at small batches, and that momentum still gains from a larger batch where plain SGD no longer does.
#
# What *does* cool the cloud: a smaller η, a larger batch, or an average of the **positions** instead of the gradients (Polyak and Ruppert), which is the heart of Schedule-Free (09).

# %% tags=["nbval-check-output"]
path = jitter(0.1, 0.0, steps=1000, walkers=4000)
share = path.mean(axis=0).var() / path.var()
claim("The mean of 500 positions has this share of the cloud's variance", share, near=0.037, within=0.005, digits=1)

# %% [markdown]
# ## In the interview

# %%
practice.interview("02-explain-momentum")

# %%
practice.interview("02-raise-beta")

# %% [markdown]
# ## Recap
#
# - Two roots with the product β: creep, swing, flip, fly off. While the ball swings, every direction shrinks by √β a step.
# - The best β turns κ into √κ, in the long run; for a budget, a pair beside the best can be faster. A larger β forgives a wrong η, and costs speed where κ is small.
# - The filter damps what flips, to $(1-\beta)/(1+\beta)$. In the closed loop every swing dies out by √β a step: a long zig-zag sooner, a short one later; and momentum *tolerates* rates at which gradient descent flies off.
# - Heavy ball and average are one path, with $\eta/(1-\beta)$ as the rate that counts. Nesterov is another, with the momentum $\beta(1-\eta\lambda)$, a lower ceiling and an accelerated guarantee.
# - At a small ηλ momentum makes the steps quieter, not the cloud smaller.
#
# Exercises for another day: `practice.exercise("02-nesterov")` (6 minutes, a class), `practice.exercise("02-heavy-ball")` (5: keep an average, walk the heavy ball's path), `practice.exercise("02-half-life")` (4, on paper).

# %%
practice.self_check("02")

# %% [markdown]
# **Next:** [03 RMSprop](03_rmsprop.ipynb), which gives each parameter a rate of its own.
#
# **Sources.** B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964: the heavy ball and its rate. Y. Nesterov, *A method for solving the convex programming problem with convergence rate O(1/k²)*, 1983; *Introductory lectures on convex optimization*, 2004, chapter 2. C. Shallue et al., [*Measuring the effects of data parallelism on neural network training*](https://arxiv.org/abs/1811.03600), JMLR 2019. I. Sutskever, J. Martens, G. Dahl and G. Hinton, *On the importance of initialization and momentum in deep learning*, ICML 2013. L. Lessard, B. Recht and A. Packard, [*Analysis and design of optimization algorithms via integral quadratic constraints*](https://arxiv.org/abs/1408.3595), SIAM J. Optim. 2016. E. Ghadimi, H. Feyzmahdavian and M. Johansson, [*Global convergence of the heavy-ball method for convex optimization*](https://arxiv.org/abs/1412.7457), 2014. B. Goujaud, A. Taylor and A. Dieuleveut, [*Provable non-accelerations of the heavy-ball method*](https://arxiv.org/abs/2307.11291), 2023. R. Wang, S. Malladi, T. Wang, K. Lyu and Z. Li, *The marginal value of momentum for small learning rate SGD*, ICLR 2024. B. Polyak and A. Juditsky, *Acceleration of stochastic approximation by averaging*, 1992. G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), Distill 2017: damping per eigenvalue.
