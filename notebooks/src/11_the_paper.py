# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 · The paper, ten years on
#
# **After this notebook you can**
#
# - *name* what was new in Kingma and Ba's paper, section by section, and what was not;
# - *point* at the line of its convergence proof that breaks, and *show* a sequence that breaks it;
# - *reproduce* two of its experiments at small scale, and say which finding carries over;
# - *weigh* a claim that something replaces Adam.
#
# About 50 minutes. Builds on [04 Adam](04_adam.ipynb) and [05 AdamW](05_adamw.ipynb); runs without them. Keep [the paper](https://arxiv.org/abs/1412.6980) open beside it.
#
# > **The question.** One of the most used methods in machine learning rests on a theorem whose proof is wrong. How can both be true?

# %%
import numpy as np

from adamkit import explorers, optim, plotting, practice, rules, theory
from adamkit.claims import claim

# %% [markdown]
# ## Sections 1 and 2: what was new
#
# Momentum dates from 1964, RMSprop from 2012. The paper's additions are the *form* of the combination (the average of $g$ over the root of the average of $g^2$), the *bias correction*, *defaults* that travel (η = 1e-3, β₁ = 0.9, β₂ = 0.999, ε = 1e-8), and AdaMax in section 7.
#
# Section 2.1 states bounds for the length of a step: $\eta(1-\beta_1)/\sqrt{1-\beta_2}$ where $1-\beta_1 > \sqrt{1-\beta_2}$, and η otherwise. Notebook 04 broke the first with a gradient that grows by β₂/β₁ each step. Here is the proof by execution once more, and the second bound as well.


# %%
def last_step(optimizer, stream, **settings):
    """Length of the last step on a stream of gradients, in units of η."""
    theta = [np.zeros(1)]
    engine = optimizer(theta, lr=1.0, eps=0.0, **settings)
    for g in stream:
        before = theta[0].copy()
        engine.step([np.array([g])])
    return abs(theta[0] - before).item()


def worst(beta1, beta2):
    silence = np.full(20_000, 1e-150)  # as good as zero
    growing = (beta2 / beta1) ** np.arange(-3000, 1.0)
    return np.maximum(np.r_[silence, growing], 1e-150)


# %%
# NBVAL_CHECK_OUTPUT
claim("Bound of section 2.1 at the defaults, in η", theory.paper_step_bound(), near=3.16, within=0.01)
claim("Step on a growing stream, in η", last_step(optim.Adam, worst(0.9, 0.999)), near=7.27, within=0.01)
claim("The supremum, in η", theory.largest_adam_step(), near=7.27, within=0.01)
claim("(0.9, 0.95): the bound says", theory.paper_step_bound(0.9, 0.95), equals=1.0)
claim("(0.9, 0.95): growth reaches", last_step(optim.Adam, worst(0.9, 0.95), beta2=0.95), near=1.16, within=0.01)

# %% [markdown]
# Neither bound holds. As a rule of thumb ("a step is about η, whatever the gradient's scale") section 2.1 remains the best sentence ever written about Adam. As an inequality it needs $\sqrt{1-\beta_1^2/\beta_2}$ in the denominator.
#
# ## Section 3: the correction, and a slip
#
# The derivation of $1-\beta^t$ is sound. One sentence is not: for sparse gradients it recommends a *small* β₂, in order to average over many gradients. The memory of an average is $1/(1-\beta_2)$ steps, so many gradients need a *large* one. Section 6.4 of the same paper has it the right way round.
#
# Section 5 then makes a remark that deserves a run. Set β₁ = 0, let β₂ go to 1, and lower the rate as $\eta/\sqrt t$. Then $\hat v_t$ is the plain mean of the squares, $t\,\hat v_t$ their sum, and Adam *is* AdaGrad. Without the correction it is nothing of the kind.

# %%
# NBVAL_CHECK_OUTPUT
stream = np.random.default_rng(0).normal(size=(300, 5))
places = {name: [np.zeros(5)] for name in ("AdaGrad", "corrected", "raw")}
limit = {"lr": 0.1, "beta1": 0.0, "beta2": 1 - 1e-9, "eps": 0.0}
adagrad = optim.AdaGrad(places["AdaGrad"], lr=0.1, eps=0.0)
corrected = optim.Adam(places["corrected"], **limit)
raw = optim.Adam(places["raw"], **limit, correct_m=False, correct_v=False)
for t, g in enumerate(stream, start=1):
    corrected.lr = raw.lr = 0.1 / t**0.5
    for engine in (adagrad, corrected, raw):
        engine.step([g])
goal = places["AdaGrad"][0]
claim("Adam in the limit is AdaGrad, to", np.abs(places["corrected"][0] - goal).max(), below=1e-6, digits=None)
claim("Without correction it ends this far away", np.abs(places["raw"][0] - goal).max(), above=1000, digits=None)

# %% [markdown]
# ## Section 4: the theorem
#
# The setting is a game. At step $t$ you choose $\theta_t$, then a convex loss $f_t$ is revealed, and you pay $f_t(\theta_t)$. Your **regret** is what you paid, less what the best *fixed* θ would have paid in hindsight. Theorem 4.1 claims, for bounded gradients, bounded distances and the rate $\alpha/\sqrt t$, that the regret grows no faster than $\sqrt T$. The average regret should then go to zero.
#
# Here is the heart of the proof. Read it slowly; one line is not justified.

# %%
broken_line = practice.exercise("11-broken-line")
broken_line

# %%
line = ...  # the number of the line
broken_line.check(line)

# %% [markdown]
# Now a sequence that breaks it. Reddi, Kale and Kumar (2018) use linear losses on $[-1, 1]$: slope 3, then −1, −1, and again. In three steps a fixed $x$ pays $x$, so $x=-1$ is best. Take β₁ = 0 and β₂ = 1/(1+3²) = 0.1. All assumptions of the theorem hold.


# %%
def play(rule, slopes, alpha=1.0):
    """x before each step, and √v̂ₜ/αₜ, for linear losses on [−1, 1]."""
    x, state, path, a = 0.0, rule.init(0.0), [], []
    for t, slope in enumerate(slopes.tolist(), start=1):
        path.append(x)
        x, state = rule.swap(lr=alpha / t**0.5).update(slope, x, state, t)
        x = min(max(x, -1.0), 1.0)
        a.append(rule.readings(state, t)["v_hat"] ** 0.5 * t**0.5 / alpha)
    return np.array(path), np.array(a)


slopes = np.resize([3.0, -1.0, -1.0], 3000)
path, a = play(rules.Adam(beta1=0.0, beta2=0.1, eps=0.0), slopes)
brackets = np.diff(a)

# %%
# NBVAL_CHECK_OUTPUT
claim("Among the first 198 brackets, negative are", int((brackets[:198] < 0).sum()), equals=132)
claim("Adam ends at x =", path[-1], near=0.995, within=0.002)
regret = np.sum(slopes * (path + 1))  # against x = −1
claim("Average regret after 3000 steps", regret / 3000, near=0.68, within=0.01, digits=2)

# %% [markdown]
# Two of three brackets are negative: after a 3, $v$ forgets faster than $\sqrt t$ grows. Put numbers into the broken line. With $d_t = (x_t+1)^2 \le 4$, the sum that the proof bounds, and its bound:

# %%
# NBVAL_CHECK_OUTPUT
d = (path + 1) ** 2
before_bound = a[0] * d[0] + np.sum(brackets * d[1:])
after_bound = a[-1] * 4
claim("Line 4 claims that this sum", before_bound, near=6955, within=10, digits=3)
claim("… is at most", after_bound, near=227, within=1, digits=3)

# %% [markdown]
# It is thirty times too large. The rest of the proof has a crack too. Lemma 10.3 says $\sum_t \sqrt{g_t^2/t} \le 2\,G_\infty \lVert g_{1:T}\rVert_2$. Look at the units: multiply all gradients by $c$, and the left side grows by $c$, the right one by $c^2$. So it must fail for small gradients.

# %%
# NBVAL_CHECK_OUTPUT
g, t = np.full(1000, 0.1), np.arange(1, 1001)
claim("Lemma 10.3, gradients of 0.1: the left side", np.sum(np.sqrt(g**2 / t)), near=6.18, within=0.01)
claim("… should be at most", 2 * g.max() * np.linalg.norm(g), near=0.632, within=0.001)

# %% [markdown]
# Does the counterexample mean that *your* Adam diverges? Predict.

# %%
defaults = practice.predict("11-defaults")
defaults

# %%
# NBVAL_CHECK_OUTPUT
usual, a_usual = play(rules.Adam(eps=0.0), slopes)
claim("Adam with its defaults ends at x =", usual[-1], near=-1, within=1e-9)
claim("Its average regret is", np.sum(slopes * (usual + 1)) / 3000, below=0.01, digits=None)
claim("Negative brackets among its last 300", int((np.diff(a_usual)[-300:] < 0).sum()), equals=200)

# %%
defaults.reveal()

# %% [markdown]
# A broken proof is not a broken method: with the defaults, two of three brackets are negative as well, and all is fine. The order of quantifiers decides. For every $\beta_1 < \sqrt{\beta_2}$ there *is* a problem on which Adam fails (Reddi et al. 2018). For a fixed problem, a large enough β₂ converges to a neighbourhood ([Zhang et al. 2022](https://arxiv.org/abs/2208.09632)). Explore both directions.

# %%
explorers.online_problem()

# %% [markdown]
# **Your turn.** Two small functions, which give you the numbers of the explorer.

# %%
count_brackets = practice.exercise("11-brackets")
count_brackets


# %%
def negative_brackets(g, beta2):
    return ...


count_brackets.check(negative_brackets)

# %%
regret_exercise = practice.exercise("11-regret")
regret_exercise


# %%
def average_regret(x, slopes):
    return ...


regret_exercise.check(average_regret)

# %% [markdown]
# ## Section 6: the experiments
#
# Figure 1 of the paper trains a logistic regression on MNIST with the rate $\eta/\sqrt t$. We take the 8×8 digits, 300 steps of 128 rows, and seven rates *for each* method. Before you see it:

# %%
accuracy_guess = practice.predict("11-test-accuracy")
accuracy_guess

# %%
from adamkit.training import ensembles, tasks

rates = np.logspace(-2, 1, 7)
methods = {name: getattr(rules, name)(lr=rates) for name in ("Nesterov", "AdaGrad", "RMSprop", "Adam")}
settings = {"steps": 300, "batch_size": 128, "seed": (0, 1), "eval_every": 30}
settings["schedule"] = lambda step: (step + 1) ** -0.5
runs = {name: ensembles.train(rule, tasks.digits_mlp(hidden=()), **settings) for name, rule in methods.items()}
best = {name: int(np.nanargmin(run.last("train_loss"))) for name, run in runs.items()}

# %%
fig = plotting.figure(8.5, 3.4)
left, right = fig.subplots(1, 2, sharey=True)
for name, run in runs.items():
    left.semilogy(run.steps, run.train_loss[:, :, best[name]].mean(axis=1), color=plotting.COLORS[name], label=name)
    right.loglog(rates, run.last("train_loss"), ".-", color=plotting.COLORS[name])
left.set(xlabel="step t", ylabel="training loss", title="Each at its best rate")
right.set(xlabel="rate η (falling as η/√t)", title="What the rate does")
left.legend()
plotting.show(fig, alt="Training loss: Adam lowest, then Nesterov, RMSprop and AdaGrad; best rates differ widely.")

# %%
# NBVAL_CHECK_OUTPUT
losses = {name: run.last("train_loss")[best[name]] for name, run in runs.items()}
scores = np.array([run.last("test_accuracy")[best[name]] for name, run in runs.items()])
claim("Adam's loss against Nesterov's", losses["Adam"] / losses["Nesterov"], below=0.7, digits=None)
claim("Nesterov's loss against AdaGrad's", losses["Nesterov"] / losses["AdaGrad"], below=0.6, digits=None)
claim("Adam's loss against RMSprop's", losses["Adam"] / losses["RMSprop"], below=0.3, digits=None)
apart = rates[max(best.values())] / rates[min(best.values())]
claim("The largest best rate against the smallest", apart, above=10, digits=None)
claim("No best rate lies at the edge of the sweep", bool(all(0 < i < 6 for i in best.values())))
claim("Test accuracy of RMSprop and Adam differs by less than", abs(scores[2] - scores[3]), below=0.01, digits=None)

# %%
accuracy_guess.reveal()

# %% [markdown]
# The paper's finding carries over: Adam and Nesterov in front, AdaGrad behind. So does its gap: the figures show *training* cost. Look at the right panel, too. The best rates differ more than tenfold, so any comparison at one rate can be made to say what you like.
#
# ### Section 6.4: is the correction needed?
#
# Figure 4 varies β₁, β₂, the rate, and the correction. The paper uses a variational autoencoder; we use a small network with a bottleneck, on the same grid. Predict first.

# %%
grid_guess = practice.predict("11-grid")
grid_guess

# %%
alphas, decays = np.logspace(-5, -1, 9), [0.99, 0.999, 0.9999]
bottleneck = tasks.digits_mlp(hidden=(32, 16, 32), activation="tanh")
grid = {}
for on in (True, False):
    rule = ensembles.grid(rules.Adam(correct_m=on, correct_v=on), beta1=[0.0, 0.9], beta2=decays, lr=alphas)
    history = ensembles.train(rule, bottleneck, steps=200, batch_size=64, seed=(0, 1))
    grid[on] = history.last("train_loss").reshape(2, 3, 9)

# %%
fig = plotting.figure(8.5, 4.6)
for row, axes in enumerate(fig.subplots(2, 3, sharex=True, sharey=True)):
    for column, ax in enumerate(axes):
        for on, style in ((True, "-"), (False, "--")):
            label = "corrected" if on else "not corrected"
            ax.loglog(alphas, grid[on][row, column], style, color=plotting.COLORS["Adam"], label=label)
        ax.set_title(f"β₁ = {(0, 0.9)[row]}, β₂ = {decays[column]}")
        ax.set(xlabel="rate η" if row else "", ylabel="" if column else "training loss", ylim=(0.004, 20))
axes[0].legend(loc="lower left")
plotting.show(fig, alt="Loss over the rate: corrected curves are alike; uncorrected ones slide to lower rates.")

# %%
# NBVAL_CHECK_OUTPUT
spots = {on: alphas[np.nanargmin(grid[on][1], axis=1)] for on in grid}
usual_rate = {on: grid[on][1, 2, 6] for on in grid}  # β₂ = 0.9999, η = 0.01
spread = (grid[True][1].max(axis=0) / grid[True][1].min(axis=0))[:6].max()
claim("Corrected, β₁ = 0.9: largest ratio of losses over β₂, rates up to 0.003", spread, below=1.15, digits=None)
claim("Uncorrected: the best rate falls by a factor of", spots[False][0] / spots[False][2], above=3, digits=None)
claim("β₂ = 0.9999, η = 0.01, corrected: loss", usual_rate[True], below=0.1, digits=None)
claim("… not corrected", usual_rate[False], above=1, digits=None)
lost = np.nanmin(grid[False][1], axis=1) / np.nanmin(grid[True][1], axis=1)
claim("Best loss, uncorrected against corrected, at every β₂", lost, below=1.2, digits=None)

# %%
grid_guess.reveal()

# %% [markdown]
# The paper reports instability without the correction for β₂ near 1, and we see it: the dashed curves blow up at rates where the solid ones are at their best. But look at *how*. Below the best rate the solid curves hardly depend on β₂. The dashed ones are the same valley, slid half a decade to the left for each tenfold memory, since $\sqrt{1-\beta_2}$ is what the first steps are too long by. Tune the rate, and nothing is lost on this small task. What the correction buys is that β₂ and η can be chosen separately.
#
# ## Section 7: two extensions
#
# **AdaMax** replaces the root mean square by a fading maximum, $u_t=\max(\beta_2 u_{t-1}, |g_t|)$. The paper bounds its step by η. Almost: gradients that shrink by β₂ a step reach $(1-\beta_1)/(1-\beta_1/\beta_2)$.

# %%
# NBVAL_CHECK_OUTPUT
shrinking = 0.999 ** np.arange(3000)
claim("AdaMax moves by η times", last_step(optim.AdaMax, shrinking), near=1.009, within=0.0005, digits=4)

# %% [markdown]
# **Temporal averaging** (7.2) keeps an exponential average of the *weights*, with the same correction. Under the name EMA it is now routine in training image generators.
#
# ## What it left out, and what came of each part
#
# | part of the paper | ten years later |
# |---|---|
# | the update rule, β₁ = 0.9 | unchanged |
# | β₂ = 0.999 | 0.95 in many language models (GPT-3, LLaMA) |
# | bias correction | standard; warmup now guards the start as well ([06](06_warmup_and_schedules.ipynb)) |
# | convergence proof | refuted in 2018; repaired for large β₂ in 2022 |
# | weight decay | not discussed; AdamW, 2017/19 ([05](05_adamw.ipynb)) |
# | test error | hardly shown; debated since Wilson et al. 2017 |
# | AdaMax | rarely used |
# | averaging of weights | rediscovered as EMA |
#
# ## What might replace it
#
# Figures below are the cited authors' own, not ours.
#
# | candidate | reported gain | by whom, and where |
# |---|---|---|
# | Distributed Shampoo | about 28% faster, externally tuned track | AlgoPerf competition, 2024 |
# | Schedule-Free AdamW | about 8% faster, self-tuning track | AlgoPerf competition, 2024 |
# | SOAP | over 40% fewer iterations, 360 to 660 M parameters | [Vyas et al.](https://arxiv.org/abs/2409.11321) |
# | Muon | about 2×, by the authors' scaling law | [Moonlight report](https://arxiv.org/abs/2502.16982) |
# | Muon, SOAP | 1.4× at 0.1 B, 1.1× at 1.2 B, all equally tuned | [Wen et al. 2025](https://arxiv.org/abs/2509.02046) |
#
# Read the last row against the two above it. When AdamW is tuned as carefully as its rival, the gain is smaller, and it shrinks as the model grows. That is the right panel of our own figure, on a larger scale. [Schmidt et al. 2021](https://arxiv.org/abs/2007.01547) ran over 50 000 trainings and found no overall winner. The method may well be replaced; the burden of proof is a fair sweep.
#
# ## In the interview

# %%
practice.interview("11-is-the-proof-wrong")

# %%
practice.interview("11-what-was-new")

# %%
practice.interview("11-what-replaces-adam")

# %% [markdown]
# ## Recap
#
# - New were the combination, the correction, and defaults that travel.
# - The step bounds of section 2.1 fail: 7.27η, not 3.16η.
# - The proof fails where a distance is replaced by its bound in front of a bracket that may be negative.
# - The correction separates β₂ from η. With a tuned rate it is no matter of life and death.
# - Ask of every successor how the baseline was tuned.

# %%
practice.self_check("11")

# %% [markdown]
# **Back to:** [04 Adam](04_adam.ipynb), to write it from memory.
#
# **Sources.** D. Kingma and J. Ba, [*Adam*](https://arxiv.org/abs/1412.6980), ICLR 2015. S. Reddi, S. Kale and S. Kumar, [*On the convergence of Adam and beyond*](https://arxiv.org/abs/1904.09237), ICLR 2018. Y. Zhang et al., [*Adam can converge without any modification on update rules*](https://arxiv.org/abs/2208.09632), NeurIPS 2022. I. Loshchilov and F. Hutter, [*Decoupled weight decay regularization*](https://arxiv.org/abs/1711.05101), ICLR 2019. A. Wilson et al., [*The marginal value of adaptive gradient methods*](https://arxiv.org/abs/1705.08292), NeurIPS 2017. P. Kasimbeg et al., [*Accelerating neural network training: an analysis of the AlgoPerf competition*](https://arxiv.org/abs/2502.15015), 2025.
