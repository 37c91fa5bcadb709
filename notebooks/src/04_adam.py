# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · Adam
#
# **After this notebook you can**
#
# - *derive* the two bias corrections, and say under which assumption they are exact;
# - *write* Adam from memory, and *prove* that your version is torch's;
# - *predict* the first step, and *bound* every later one;
# - *say* what each of the four numbers η, β₁, β₂, ε does, and which of them deserves your tuning budget.
#
# About 60 minutes. Builds on [01 SGD](01_sgd.ipynb), [02 momentum](02_momentum.ipynb) and [03 RMSprop](03_rmsprop.ipynb); runs without them.
#
# > **The question.** Adam starts its two averages at zero, so at first both are too small. Suppose you leave the correction out. Are the first *steps* too small, or too large?

# %%
import numpy as np

from adamkit import explorers, optim, plotting, practice, theory
from adamkit.claims import claim

# %% [markdown]
# Commit to an answer now. A guess you have written down teaches you more than an answer you have read.

# %%
first_steps = practice.predict("04-first-step")
first_steps

# %% [markdown]
# ## Two averages
#
# Adam watches the gradient $g_t$ of each parameter and keeps two running averages of it:
#
# $$m_t = \beta_1 m_{t-1} + (1-\beta_1)\,g_t \qquad\qquad v_t = \beta_2 v_{t-1} + (1-\beta_2)\,g_t^2$$
#
# The **first moment** $m$ says where the gradient points on average. This is momentum, from notebook 02. The **second moment** $v$ says how large the gradient usually is. This is RMSprop, from notebook 03. Nothing else is remembered: two numbers for each parameter.
#
# Both start at zero, and that is where the trouble begins. Unroll the first recursion and the weights become visible:
#
# $$m_t = (1-\beta_1)\sum_{i=1}^{t}\beta_1^{\,t-i}\,g_i$$
#
# The newest gradient has weight $1-\beta_1$, the one before it $\beta_1(1-\beta_1)$, and so on. An average should have weights that add up to one. Do these?

# %%
beta1, t = 0.9, 10
weights = (1 - beta1) * beta1 ** (t - np.arange(1, t + 1))
claim("Ten weights add up to 1 − β₁¹⁰", weights.sum(), near=1 - beta1**10, within=1e-12, digits=4)

# %% [markdown]
# They add up to $1-\beta_1^t$: the geometric sum. The missing weight $\beta_1^t$ still sits on the zero we started from.
#
# ### The correction
#
# Suppose that the gradients are **stationary**: each $g_i$ has the same mean. Then we can pull that mean out of the sum,
#
# $$\mathbb{E}[m_t] = (1-\beta_1)\sum_{i=1}^{t}\beta_1^{\,t-i}\;\mathbb{E}[g_i] = (1-\beta_1^t)\;\mathbb{E}[g]$$
#
# so dividing by $1-\beta_1^t$ removes the bias exactly. The same algebra with $g^2$ in place of $g$ gives $\mathbb{E}[v_t]=(1-\beta_2^t)\,\mathbb{E}[g^2]$. Hence
#
# $$\hat m_t = \frac{m_t}{1-\beta_1^t} \qquad\qquad \hat v_t = \frac{v_t}{1-\beta_2^t}$$
#
# If the mean drifts, a remainder stays. The paper (section 3) writes it as ζ and argues that it is small, because old gradients have small weights.
#
# Algebra is easy to nod at. So let us also measure it: 10 000 streams of noisy gradients with mean 1 and standard deviation 2, hence $\mathbb{E}[g]=1$ and $\mathbb{E}[g^2]=5$.

# %%
rng = np.random.default_rng(0)
steps = np.arange(1, 61)
g = rng.normal(1.0, 2.0, size=(10_000, len(steps)))


def moments(g, beta1=0.9, beta2=0.999):
    m = np.zeros(len(g))
    v = np.zeros(len(g))
    for g_t in g.T:
        m = beta1 * m + (1 - beta1) * g_t
        v = beta2 * v + (1 - beta2) * g_t**2
        yield m, v


m, v = (np.array(moment) for moment in zip(*moments(g), strict=True))  # (steps, streams)

# %% [markdown]
# Each point below is the mean over all streams. Its bar is four standard errors wide on either side, so a correct formula should pass through nearly every bar.

# %%
fig = plotting.figure(8, 3)
for ax, moment, mean, beta, name in zip(fig.subplots(1, 2), (m, v), (1, 5), (0.9, 0.999), "mv", strict=True):
    error = 4 * moment.std(axis=1) / np.sqrt(moment.shape[1])
    ax.errorbar(steps, moment.mean(axis=1), error, fmt=".", markersize=4, label=f"measured mean of {name}")
    ax.plot(steps, mean * (1 - beta**steps), color="black", linewidth=1, label=f"(1 − βᵗ) · {mean}")
    ax.set(xlabel="step t", title=f"{name} forgets its zero, β = {beta}")
    ax.legend()
plotting.show(fig, alt="Means of m and v over many streams lie on the formula, one minus beta to the t.")

# %%
for moment, mean, beta, name in ((m, 1, 0.9, "m"), (v, 5, 0.999, "v")):
    error = moment.std(axis=1) / np.sqrt(moment.shape[1])
    z = np.abs(moment.mean(axis=1) - mean * (1 - beta**steps)) / error
    claim(f"E[{name}ₜ]: largest of 60 deviations, in standard errors", z.max(), below=4, approx=True)

# %% [markdown]
# Look at the two vertical axes. After 60 steps $m$ has arrived, while $v$ has collected only 6% of its weight. The two averages forget their zero at very different speeds:

# %% tags=["nbval-check-output"]
claim("1 − βᵗ first reaches 0.99 for β = 0.9 at step", theory.steps_until_corrected(0.9), equals=44)
claim("1 − βᵗ first reaches 0.99 for β = 0.999 at step", theory.steps_until_corrected(0.999), equals=4603)
claim("Share of its weight that v has collected after 60 steps", v[-1].mean() / 5, near=0.058, within=0.001, digits=2)

# %% [markdown]
# **Your turn.** Write the factor that turns a raw moment into a corrected one. It is one line, and the place where an off-by-one hides.

# %%
correction = practice.exercise("04-bias-correction")
correction


# %%
def correction_factor(beta, t):
    return ...  # your line here


correction.check(correction_factor)

# %% [markdown]
# ## The trap
#
# Now back to the opening question. Both moments are too small at first. Most explanations stop there and conclude that the first steps are too small. But the step is a *ratio*:
#
# $$\Delta\theta_t = -\,\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\varepsilon}$$
#
# Without corrections the numerator is too small by $1-\beta_1^t$ and the denominator by $\sqrt{1-\beta_2^t}$. What the step suffers is the quotient of the two, for any stream of gradients (as long as ε is negligible):
#
# $$\frac{\text{uncorrected step}}{\text{corrected step}} = \frac{1-\beta_1^t}{\sqrt{1-\beta_2^t}}$$

# %% tags=["nbval-check-output"]
t = np.arange(1, 10_001)
ratio = theory.uncorrected_step_ratio(t, 0.9, 0.999)
claim("Without corrections the first step is too LARGE, by a factor of", ratio[0], near=3.16, within=0.01)
claim("The excess keeps growing; it peaks at step", t[ratio.argmax()], equals=12)
claim("… where the step is too large by a factor of", ratio.max(), near=6.57, within=0.01)
claim("At step 1000 the factor is still", ratio[999], near=1.26, within=0.01)
for switched_off, wrong in (("correct_v", 31.6), ("correct_m", 0.1)):
    theta = [np.zeros(1)]
    optim.Adam(theta, lr=1.0, **{switched_off: False}).step([np.ones(1)])
    claim(f"{switched_off}=False: the first step is η times", -theta[0].item(), near=wrong, within="1%")

# %%
first_steps.reveal()

# %% [markdown]
# So the correction protects you from steps that are too *large*, and it needs to do so for about a thousand steps. Section 3 of the paper says the same: with β₂ close to 1, lack of correction leads to initial steps that are much larger.
#
# Is it always so? The first ratio is $(1-\beta_1)/\sqrt{1-\beta_2}$. It drops below one as soon as $\sqrt{1-\beta_2} > 1-\beta_1$, that is when β₂ is *shorter-sighted* than you would usually make it:

# %%
fig = plotting.figure(8, 3.4)
ax = fig.subplots()
for beta2, shade in zip((0.9999, 0.999, 0.98, 0.95, 0.9), np.linspace(0.0, 0.75, 5), strict=True):
    ax.loglog(t, theory.uncorrected_step_ratio(t, 0.9, beta2), color=str(shade), label=f"β₂ = {beta2}")
ax.axhline(1, color="tab:red", linewidth=1, linestyle=":")
ax.set(xlabel="step t", ylabel="uncorrected / corrected", title="Uncorrected Adam overshoots if β₂ is long-sighted")
ax.legend()
plotting.show(fig, alt="Uncorrected over corrected step, for five values of beta2: only long memories overshoot.")

# %% tags=["nbval-check-output"]
first = {beta2: float(theory.uncorrected_step_ratio(1, 0.9, beta2)) for beta2 in (0.99, 0.98, 0.95, 0.9)}
claim("With β₂ = 0.99 the two errors cancel at t = 1: the ratio is", first[0.99], near=1, within=1e-9)
claim("With β₂ = 0.95 (GPT-3's choice) the uncorrected first step is", first[0.95], near=0.447, within=0.001)
claim("… later it peaks at", theory.uncorrected_step_ratio(t, 0.9, 0.95).max(), near=1.10, within=0.01)
claim("With β₂ = 0.9 the largest ratio is", theory.uncorrected_step_ratio(t, 0.9, 0.9).max(), between=(0, 1))

# %% [markdown]
# BERT's published code leaves the correction out altogether and warms its rate up over 10 000 steps. The warmup hides the overshoot, so the two are partly doing the same job. Notebook 06 measures how far that goes.
#
# ## See the moments
#
# Below, you choose a stream of gradients and watch what Adam makes of it: $m$ and $v$, raw and corrected, and the step that results. Try the scenarios first. Then break it yourself.

# %%
explorers.moments()

# %% [markdown]
# Three things to look for:
#
# - **Constant gradient.** With both corrections on, every step is exactly η. Switch them off and you see the hump from the figure above.
# - **Alternating signs.** $m$ nearly cancels, $v$ does not. The steps shrink although the gradients stay large.
# - **One spike after silence.** The step jumps, then decays over the memory of $m$, while $v$ remembers the spike a hundred times longer.

# %% [markdown]
# ## Write it
#
# You now have every line of the algorithm. For each parameter, with $t$ counted from **one**:
#
# $$\begin{aligned} m &\leftarrow \beta_1 m + (1-\beta_1) g & \hat m &= m/(1-\beta_1^t)\\ v &\leftarrow \beta_2 v + (1-\beta_2) g^2 & \hat v &= v/(1-\beta_2^t) \end{aligned} \qquad \theta \leftarrow \theta - \eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon}$$
#
# Write it as a class before you scroll: the next section shows ours. This is the exercise that interviewers set. Ten lines are enough.

# %%
adam_exercise = practice.exercise("04-adam")
adam_exercise


# %%
class MyAdam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        ...

    def step(self, grads):
        return ...  # update self.params in place


adam_exercise.check(MyAdam)

# %% [markdown]
# Stuck? `adam_exercise.hint()` opens one hint at a time. `adam_exercise.solution()` shows ours, folded.

# %% [markdown]
# ## Ours, and torch's
#
# Here is the algorithm once more, as a plain function. Compare each line with its equation.


# %%
def adam(gradient, theta, steps, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t in range(1, steps + 1):
        g = gradient(theta)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta


# %% [markdown]
# Does it do what `torch.optim.Adam` does? "The loss goes down" proves nothing: many wrong Adams go down too. So we compare the parameters themselves, in float64, after 200 steps on an awkward function.

# %%
import torch


def wavy(theta):  # works for NumPy arrays and for tensors
    return (theta**4).sum() / 4 + (theta[:-1] * theta[1:]).sum()


def wavy_gradient(theta):
    neighbours = np.zeros_like(theta)
    neighbours[:-1] += theta[1:]
    neighbours[1:] += theta[:-1]
    return theta**3 + neighbours


start = np.random.default_rng(1).normal(size=8)
ours = adam(wavy_gradient, start, steps=200, lr=0.01)

# %%
theta = torch.tensor(start, requires_grad=True)
reference = torch.optim.Adam([theta], lr=0.01)
for _ in range(200):
    reference.zero_grad()
    wavy(theta).backward()
    reference.step()

# %% tags=["nbval-check-output"]
gap = np.abs(ours - theta.detach().numpy()).max()
claim("Ten lines of NumPy and torch.optim.Adam agree after 200 steps to", gap, below=1e-12, approx=True)

# %% [markdown]
# From here on we use the package. `adamkit` holds each update rule **once** and runs it on two engines, NumPy and PyTorch. You have just seen all of its Adam; the file is short enough to read now.

# %%
import inspect

from adamkit.rules import Adam

print(inspect.getsource(Adam.adam_step))

# %% tags=["nbval-check-output"]
from adamkit import torch_optim

params = [start.copy()]
numpy_engine = optim.Adam(params, lr=0.01)
for _ in range(200):
    numpy_engine.step([wavy_gradient(params[0])])

twin = torch.tensor(start, requires_grad=True)
torch_engine = torch_optim.Adam([twin], lr=0.01)
for _ in range(200):
    torch_engine.zero_grad()
    wavy(twin).backward()
    torch_engine.step()

claim("adamkit on NumPy is the same path, to", np.abs(params[0] - ours).max(), below=1e-12, approx=True)
claim("adamkit on PyTorch is the same path, to", np.abs(twin.detach().numpy() - ours).max(), below=1e-12, approx=True)

# %% [markdown]
# The checks in the test-suite are stricter than these two lines: every parameter *and* every moment, with weight decay on, with a large ε so that its place shows, over several shapes. A slip like ε inside the root hides completely when ε is 1e-8 and the gradients are of order one.

# %% [markdown]
# ## How long is a step?
#
# Put $t=1$ into the formula. Then $\hat m_1 = g_1$ and $\hat v_1 = g_1^2$, so
#
# $$\Delta\theta_1 = -\,\eta\,\frac{g_1}{|g_1|+\varepsilon} \approx -\,\eta\,\operatorname{sign}(g_1)$$
#
# The size of the gradient has gone. Predict what follows from that.

# %%
tiny_gradient = practice.predict("04-tiny-gradient")
tiny_gradient

# %% tags=["nbval-check-output"]
theta = np.zeros(4)
optim.Adam([theta], lr=0.1).step([np.array([1e6, 1.0, -1e-3, 1e-6])])
print("first step:", np.round(theta, 3))
claim("Gradients of 1e6 and 1e-6 move equally far, to", abs(theta[0] / theta[3]) - 1, below=0.02, approx=True)

# %%
tiny_gradient.reveal()

# %% [markdown]
# So much for the first step. What about all the later ones?

# %%
scaled_loss = practice.predict("04-scaled-loss")
scaled_loss

# %% tags=["nbval-check-output"]
path = adam(wavy_gradient, start, steps=200, lr=0.01, eps=0.0)
scaled = adam(lambda theta: 1000 * wavy_gradient(theta), start, steps=200, lr=0.01, eps=0.0)
claim("With ε = 0, 1000 times the loss walks the same path, to", np.abs(path - scaled).max(), below=1e-9, approx=True)

# %%
scaled_loss.reveal()

# %% [markdown]
# This is why people can carry η = 1e-3 from one problem to the next, and why *clipping* changes nothing for Adam if it scales every gradient by the same factor. Notebook 10 shows where clipping still helps.
#
# ### ε is a floor
#
# When the gradients of a parameter fall below ε, the denominator stops shrinking with them. Below the floor Adam becomes momentum with the rate η/ε, and tiny gradients mean tiny steps again.

# %%
scales = np.logspace(-14, 2, 65)
fig = plotting.figure(8, 3)
ax = fig.subplots()
for eps, style in (("1e-4", ":"), ("1e-8", "-"), ("1e-12", "--")):
    ax.loglog(scales, scales / (scales + float(eps)), style, color=plotting.COLORS["Adam"], label=f"ε = {eps}")
ax.set(xlabel="size of the gradient |g|", ylabel="first step / η", title="ε is where Adam starts to see the size")
ax.legend()
plotting.show(fig, alt="First step over learning rate, by gradient size: flat above epsilon, proportional below.")

# %% [markdown]
# ### The longest step
#
# Is η the *longest* possible step? For a steady gradient the step is η. For noise it is shorter. The paper (section 2.1) goes further and states a bound: $|\Delta\theta| \le \eta\,(1-\beta_1)/\sqrt{1-\beta_2}$ when $1-\beta_1 > \sqrt{1-\beta_2}$, which is 3.16η at the defaults. The worst case it describes is a gradient that stays zero for a long time and then comes alive.

# %% tags=["nbval-check-output"]
def largest_step(stream, beta1=0.9, beta2=0.999):
    """Length of Adam's last step on a stream of gradients, in units of η."""
    theta = [np.zeros(1)]
    adam = optim.Adam(theta, lr=1.0, beta1=beta1, beta2=beta2, eps=0.0)
    for g in stream:
        before = theta[0].copy()
        adam.step([np.array([g])])
    return abs(theta[0] - before).item()


silence = np.full(20_000, 1e-150)  # as good as zero, but its square is not
spike = np.r_[silence, 1.0]
claim("One spike after long silence moves the parameter by η times", largest_step(spike), near=3.16, within=0.01)

# %% [markdown]
# So far the paper is right. Now guess what is worse than a spike after silence.

# %%
worst_case = practice.predict("04-largest-step")
worst_case

# %% [markdown]
# A spike is one large gradient. But $m$ averages about ten of them, so it would like *several* large gradients; and $v$ should still be small. A stream that **grows** does both. Cauchy–Schwarz gives the best growth: each gradient larger than the last by the factor β₂/β₁, and
#
# $$\sup\,\frac{|\Delta\theta|}{\eta} = \frac{1-\beta_1}{\sqrt{(1-\beta_2)\,(1-\beta_1^2/\beta_2)}}\qquad\text{for }\beta_1^2<\beta_2 .$$

# %% tags=["nbval-check-output"]
growing = np.r_[silence, (0.999 / 0.9) ** np.arange(-3000, 1.0)]
claim("The paper's bound at the defaults: η times", theory.paper_step_bound(0.9, 0.999), near=3.16, within=0.01)
claim("A growing stream of gradients makes a step of η times", largest_step(growing), near=7.27, within=0.01)
claim("… which is the true supremum", theory.largest_adam_step(0.9, 0.999), near=7.27, within=0.01)
claim("With β₂ = 0.95 the supremum is only", theory.largest_adam_step(0.9, 0.95), near=1.16, within=0.01)

# %%
worst_case.reveal()

# %% [markdown]
# The paper's bound is broken by a factor of more than two. Is this a curiosity? A loss that starts to explode produces exactly such a stream: each gradient a bit larger than the last. Adam then takes its longest steps in the worst moment. A smaller β₂ is the cheap insurance, and large language models buy it: GPT-3 and LLaMA were trained with β₂ = 0.95 ([Brown et al. 2020](https://arxiv.org/abs/2005.14165), [Touvron et al. 2023](https://arxiv.org/abs/2302.13971)).

# %% [markdown]
# ### Signal and noise
#
# Between the extremes there is a useful reading. If the gradient has mean μ and standard deviation σ, then for slow averages $\hat m \approx \mu$ and $\hat v \approx \mu^2+\sigma^2$:
#
# $$\frac{|\hat m|}{\sqrt{\hat v}} \approx \frac{1}{\sqrt{1+(\sigma/\mu)^2}}$$
#
# A parameter whose gradient keeps its sign moves by η each step. A parameter that only sees noise moves by little, and in random directions. The paper calls this ratio a *signal-to-noise ratio*: it shrinks near a minimum, which acts like an automatic decay of the rate, though only partly, since $m$ never averages the noise away. What remains for pure noise?

# %% tags=["nbval-check-output"]
noise = np.random.default_rng(2).normal(size=(4000, 1000))  # 4000 steps, 1000 parameters
theta = [np.zeros(1000)]
adam_noise = optim.Adam(theta, lr=1.0)
path = np.array([adam_noise.step([g_t])[0].copy() for g_t in noise])
rms = np.sqrt(np.mean(np.diff(path[-1000:], axis=0) ** 2))
claim("On pure noise the typical step is still η times", rms, near=np.sqrt(0.1 / 1.9), within=0.005, digits=2)

# %% [markdown]
# The value is $\sqrt{(1-\beta_1)/(1+\beta_1)} = 0.23$ at β₁ = 0.9. Adam at a constant rate never comes to rest: near the minimum it jitters by a fixed fraction of η. To land, η itself must fall. That is what schedules are for (notebook 06).
#
# **By hand.** Three steps on paper, with betas that make the arithmetic kind. Use the Python prompt if you like, but not an optimizer.

# %%
by_hand = practice.exercise("04-first-three-steps")
by_hand

# %%
first_three_steps = ...  # a list of three numbers: θ after steps 1, 2 and 3
by_hand.check(first_three_steps)

# %% [markdown]
# ## Adam on a surface
#
# Now let it walk. Drag the start; move η, β₁, β₂ and ε. Watch one thing in particular: how little Adam's *speed* cares about steepness. It crosses a plateau about as fast as a slope.

# %%
explorers.adam_surface()

# %% [markdown]
# And beside its ancestors. Each optimizer has the colour that it keeps in the whole series.

# %%
explorers.race()

# %% [markdown]
# A race on a two-dimensional surface shows *mechanism*, not merit. Which optimizer wins depends on the rates you gave them; notebook 07 compares them with tuned rates on real tasks.

# %% [markdown]
# ## Which number deserves your tuning budget?
#
# Adam has four numbers. A table that circulates says: η is very sensitive, β₂ somewhat, β₁ little, ε hardly. Is it true? Guess first.

# %%
knob_guess = practice.predict("04-which-knob")
knob_guess

# %% [markdown]
# The task is small and real: 8×8 images of handwritten digits, a network with one hidden layer, 300 steps. We choose a good rate, then turn **one knob at a time** through its whole range, with two seeds. That is 98 trainings. They run as *one* batched training, because a rule in `adamkit` accepts an array for each of its numbers.

# %%
from adamkit.training import ensembles, tasks

ranges = {
    "lr": np.logspace(-5, 0.5, 12),
    "beta1": 1 - np.logspace(0, -2.5, 12),
    "beta2": 1 - np.logspace(0, -5, 12),
    "eps": np.logspace(-12, 0, 13),
}
chosen = Adam(lr=0.03, beta1=0.9, beta2=0.999, eps=1e-8)
settings, rows = ensembles.one_at_a_time(chosen, **ranges)
history = ensembles.train(settings, tasks.digits_mlp(), steps=300, batch_size=64, seed=(0, 1))
curves = {name: history.last("test_loss")[rows[name]] for name in ranges}

# %%
fig = plotting.figure(8.5, 5)
greek = {"lr": "learning rate η", "beta1": "1 − β₁", "beta2": "1 − β₂", "eps": "ε"}
for ax, (name, values) in zip(fig.subplots(2, 2, sharey=True).flat, ranges.items(), strict=True):
    x = 1 - values if name.startswith("beta") else values
    ax.loglog(x, np.nan_to_num(curves[name], nan=1e9), "o-", markersize=4, color=plotting.COLORS["Adam"])
    usual = getattr(chosen, name)
    ax.axvline(1 - usual if name.startswith("beta") else usual, color="grey", linestyle=":")
    ax.set(xlabel=greek[name], ylim=(0.02, 10))
    ax.set_ylabel("test loss" if name in ("lr", "beta2") else "")
fig.suptitle("Only the learning rate has a narrow valley")
plotting.show(fig, alt="Test loss: a narrow valley over the learning rate, wide floors over beta1, beta2 and epsilon.")

# %% [markdown]
# The dotted lines mark the values at which the other knobs were held. How wide is each valley? Count the decades over which the knob may wander before the test loss is three times the best of its row.


# %%
def decades(name):
    x = 1 - ranges[name] if name.startswith("beta") else ranges[name]
    good = x[curves[name] < 3 * np.nanmin(curves[name])]
    return np.log10(good.max() / good.min())


widths = {name: decades(name) for name in ranges}

# %% tags=["nbval-check-output"]
claim("The learning rate may wander over so many decades", widths["lr"], below=2.6, approx=True)
claim("1 − β₁, whose scale ends at 1", widths["beta1"], below=2.6, approx=True)
claim("1 − β₂", widths["beta2"], above=3, approx=True)
claim("ε", widths["eps"], above=9, approx=True)
lost = ~(np.r_[curves["beta2"][0], curves["lr"][-1]] < 2.3)
claim("Trainings with β₂ = 0 or the largest η that end above a random guess's 2.3, or at NaN", int(lost.sum()), equals=2)

# %%
knob_guess.reveal()

# %% [markdown]
# So the table is right about η and ε, and about β₁. Its entry for β₂ deserves a correction: on this task β₂ matters *little until it falls too low*, and then everything is lost. You can say where the cliff must be. The supremum of a step, which we met above, is finite only for $\beta_2 > \beta_1^2$; with β₁ = 0.9 that is 0.81. Below, $v$ forgets faster than $m$: it can be nearly zero while $m$ still carries an old large gradient, and the quotient has no bound.

# %% tags=["nbval-check-output"]
falling = 10.0 ** -np.arange(0, 80.0)
claim("Falling gradients, β₂ = 0.5: step 80, over η", largest_step(falling, beta2=0.5), above=1e6, approx=True)
claim("The same, β₂ = 0.999: step 80, over η", largest_step(falling, beta2=0.999), below=1, approx=True)

# %% [markdown]
# One caution. This is one small network at one batch size. What carries over is the order of business: tune η first, over decades; leave β₁ alone; lower β₂ towards 0.95 when batches are large or the loss spikes; and touch ε only when gradients are tiny, or when a recipe you reproduce says so.
#
# ## In the interview

# %%
practice.interview("04-explain-adam")

# %%
practice.interview("04-bias-correction")

# %%
practice.interview("04-largest-step")

# %% [markdown]
# ## Recap
#
# - Two averages, $m$ of $g$ and $v$ of $g^2$, each divided by the weight it has collected, $1-\beta^t$.
# - Without the corrections the steps are too *large* at the defaults: 3.16 times at first, 6.57 times at step 12.
# - The first step is η·sign(g). Later ones stay below 7.27η at the defaults, not below the 3.16η of the paper.
# - Scaling the loss changes nothing until ε notices.
# - Tune η. Keep $\beta_2 > \beta_1^2$.

# %%
practice.self_check("04")

# %% [markdown]
# **Next:** [05 AdamW](05_adamw.ipynb), where one line moves and weight decay starts to work.
#
# **Sources.** D. Kingma and J. Ba, [*Adam: a method for stochastic optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015: algorithm 1, the bounds in section 2.1, the correction in section 3. T. Tieleman and G. Hinton, lecture 6.5, *rmsprop*, 2012. J. Devlin et al., [*BERT*](https://arxiv.org/abs/1810.04805), 2019, whose released code runs without the correction. The supremum of a step is derived above with Cauchy–Schwarz and is checked in the test-suite.
