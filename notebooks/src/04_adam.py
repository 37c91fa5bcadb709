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
# - *predict* the first step, and *prove* a bound on every later one;
# - *say* what each of the four numbers η, β₁, β₂, ε does, and which of them deserves your tuning budget.
#
# About 95 minutes. Builds on [01 SGD](01_sgd.ipynb), [02 momentum](02_momentum.ipynb) and [03 RMSprop](03_rmsprop.ipynb); runs without them.
#
# > **The question.** Adam starts its two averages at zero, so at first both are too small. Suppose you leave the correction out. Are the first *steps* too small, or too large?

# %%
import numpy as np

from adamkit import optim, plotting, practice
from adamkit.claims import claim
from adamkit.lessons import explorers

# %% [markdown]
# ## Two averages
#
# Adam watches the gradient $g_t$ of each parameter and keeps two running averages of it:
#
# $$m_t = \beta_1 m_{t-1} + (1-\beta_1)\,g_t \qquad\qquad v_t = \beta_2 v_{t-1} + (1-\beta_2)\,g_t^2$$
#
# The **first moment** $m$ says where the gradient points on average. This is momentum, from notebook 02. The **second moment** $v$ says how large the gradient usually is. This is RMSprop, from notebook 03. Nothing else is remembered: two numbers for each parameter.
#
# The step is η times their ratio, $m$ over the root of $v$, so that a weight whose gradients agree moves by about η.
#
# Both start at zero, and that is where the trouble begins. Commit to an answer now. A guess you have written down teaches you more than an answer you have read.

# %%
first_steps = practice.predict("04-first-step")
first_steps

# %% [markdown]
# Unroll the first recursion and its weights become visible:
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
# Suppose that all gradients have **the same mean**. Then we can pull that mean out of the sum,
#
# $$\mathbb{E}[m_t] = (1-\beta_1)\sum_{i=1}^{t}\beta_1^{\,t-i}\;\mathbb{E}[g_i] = (1-\beta_1^t)\;\mathbb{E}[g]$$
#
# so dividing by $1-\beta_1^t$ removes the bias exactly. If they also have **the same mean square**, the algebra with $g^2$ in place of $g$ gives $\mathbb{E}[v_t]=(1-\beta_2^t)\,\mathbb{E}[g^2]$. Hence
#
# $$\hat m_t = \frac{m_t}{1-\beta_1^t} \qquad\qquad \hat v_t = \frac{v_t}{1-\beta_2^t}$$
#
# If the means drift, a remainder stays. The paper (section 3) writes it as ζ and argues that it is small, because old gradients have small weights.
#
# Algebra is easy to nod at. So let us also measure it: 2000 streams of noisy gradients with mean 1 and standard deviation 2, hence $\mathbb{E}[g]=1$ and $\mathbb{E}[g^2]=5$.

# %%
rng = np.random.default_rng(0)
last = 10_000
m, v = np.zeros(2000), np.zeros(2000)
at, means, errors = np.unique(np.geomspace(1, last, 40).astype(int)), [], []
for t in range(1, last + 1):
    g = rng.normal(1.0, 2.0, size=2000)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    if t in at:
        means.append((m.mean(), v.mean() / 5))  # as shares of the true 1 and 5
        errors.append((m.std() / np.sqrt(2000), v.std() / 5 / np.sqrt(2000)))
means, errors = np.array(means), np.array(errors)

# %% [markdown]
# Each point is the mean over all streams, as a share of the truth. Its bar is four standard errors wide on either side, so a correct formula should pass through nearly every bar.

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
for column, (name, beta, color) in enumerate((("m", 0.9, "Momentum"), ("v", 0.999, "RMSprop"))):
    color = plotting.COLORS[color]
    ax.errorbar(at, means[:, column], 4 * errors[:, column], fmt=".", ms=5, color=color, label=f"{name}, β = {beta}")
    ax.plot(np.arange(1, last + 1), 1 - beta ** np.arange(1, last + 1), color=color, lw=1)
    arrived = int(np.ceil(np.log(0.01) / np.log(beta)))
    ax.plot(arrived, 0.99, "o", ms=9, mfc="none", color=color)
    ax.annotate(f"99% at step {arrived}", (arrived, 0.99), (arrived, 0.75), ha="center", color=color, fontsize=9)
ax.set(xscale="log", xlabel="step t", ylabel="share of the true mean")
ax.set_title("The two averages forget their zero at very different speeds")
ax.legend(loc="center left")
plotting.show(fig, alt="Measured means of m and v lie on one minus beta to the t; m arrives at step 44, v at 4603.")

# %% tags=["nbval-check-output"]
z = np.abs(means - (1 - np.array([0.9, 0.999]) ** at[:, None])) / errors
claim(f"Largest of {z.size} deviations from 1 − βᵗ, in standard errors", z.max(), below=5, approx=True)
t = np.arange(1, 10_001)
for beta, step in ((0.9, 44), (0.999, 4603)):
    claim(f"1 − βᵗ first reaches 0.99 for β = {beta} at step", int(t[1 - beta**t >= 0.99][0]), equals=step)

# %% [markdown]
# $m$ needs 44 steps, $v$ a hundred times as many: after 60 steps it has collected 6% of its weight.
#
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
# Now back to the opening question. Both moments are too small at first. That is where one is tempted to stop, and to conclude that the first steps are too small. But the step is a *ratio*:
#
# $$\Delta\theta_t = -\,\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\varepsilon}$$
#
# Without corrections the numerator is too small by $1-\beta_1^t$ and the denominator by $\sqrt{1-\beta_2^t}$. What the step suffers is the quotient of the two, for any stream of gradients (as long as ε is negligible):
#
# $$\frac{\text{uncorrected step}}{\text{corrected step}} = \frac{1-\beta_1^t}{\sqrt{1-\beta_2^t}}$$
#
# So much for the algebra. The measurement: 10 000 steps on a noisy stream, with and without corrections, ε = 0.


# %%
def steps_of(stream, **settings):
    """Adam's steps on a stream of gradients, in units of η."""
    theta = [np.zeros(1)]
    adam = optim.Adam(theta, lr=1.0, **{"eps": 0.0, **settings})
    return np.diff([0.0] + [adam.step([np.array([g])])[0].item() for g in stream])


stream = np.random.default_rng(3).normal(1.0, 2.0, size=10_000)
with_both = steps_of(stream)
measured = steps_of(stream, correct_m=False, correct_v=False) / with_both
ratio = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)

# %% tags=["nbval-check-output"]
apart = np.abs(measured - ratio).max()
claim("Measured and predicted ratio differ, over 10 000 steps, by at most", apart, below=1e-6, approx=True)
claim("Without corrections the first step is too LARGE, by a factor of", measured[0], near=3.16, within=0.01)
claim("The excess keeps growing; it peaks at step", t[measured.argmax()], equals=12)
claim("… where the step is too large by a factor of", measured.max(), near=6.57, within=0.01)
claim("At step 1000 the factor is still", measured[999], near=1.26, within=0.01)
only_m, only_v = (steps_of(stream[:1], **{off: False}) / with_both[0] for off in ("correct_v", "correct_m"))
claim("Correct only m, and the first step is too large by", only_m, near=31.6, within=0.1)
claim("Correct only v, and the first step is too small: a factor of", only_v, near=0.1, within=0.001)

# %%
first_steps.reveal()

# %% [markdown]
# So the correction protects you from steps that are too *large*, and it needs to do so for one to two thousand steps: at step 1000 they would still be a quarter too long.
#
# What does the paper say? Section 6.4 has it right: uncorrected runs become unstable for β₂ close to 1. Section 3 has a slip. It speaks of "a small value of β₂; however it is exactly this case of small β₂ where a lack of initialisation bias correction would lead to initial steps that are much larger". The sentence is true of β₂ *near one*. Do not quote it as it stands; notebook 13 reads the paper line by line.
#
# Are they always too large? The first ratio is $(1-\beta_1)/\sqrt{1-\beta_2}$. It drops below one as soon as $\sqrt{1-\beta_2} > 1-\beta_1$, that is, when β₂ has a *shorter memory* than is usual:

# %%
fig = plotting.figure(8, 3.4)
ax = fig.subplots()
for beta2, shade in zip((0.9999, 0.999, 0.99, 0.95, 0.9), np.linspace(0.0, 0.75, 5), strict=True):
    ax.loglog(t, (1 - 0.9**t) / np.sqrt(1 - beta2**t), color=str(shade), label=f"β₂ = {beta2}")
ax.axhline(1, color=plotting.COLORS["Adam"], linewidth=1, linestyle=":", label="corrected")
ax.set(xlabel="step t", ylabel="uncorrected / corrected", title="Uncorrected Adam overshoots if v's memory is long")
ax.legend()
plotting.show(fig, alt="Uncorrected over corrected step: the longer v's memory, the larger the overshoot.")

# %% tags=["nbval-check-output"]
ratios = {}
for beta2 in (0.99, 0.95, 0.9):
    uncorrected = steps_of(stream[:500], beta2=beta2, correct_m=False, correct_v=False)
    ratios[beta2] = uncorrected / steps_of(stream[:500], beta2=beta2)
claim("With β₂ = 0.99 the two errors cancel at t = 1: the ratio is", ratios[0.99][0], near=1, within=1e-9)
claim("With β₂ = 0.95 (GPT-3's choice) the uncorrected first step is", ratios[0.95][0], near=0.447, within=0.001)
claim("… later the ratio peaks at", ratios[0.95].max(), near=1.10, within=0.01)
claim("With β₂ = 0.9 the largest ratio in 500 steps is", ratios[0.9].max(), near=1, within=1e-9)

# %% [markdown]
# BERT's published code leaves the correction out altogether and warms its rate up over 10 000 steps. The warmup hides the overshoot, so the two are partly doing the same job. Notebook 06 measures how far that goes.
#
# ### What the correction does not correct
#
# $\hat v$ is right on average. The step divides by its *root*, and the root of an average of few numbers is too small on average: the root bends downwards, so $\mathbb{E}\sqrt{\hat v} \le \sqrt{\mathbb{E}\,\hat v}$ (Jensen's inequality). At $t=1$, $\sqrt{\hat v_1}$ is just $|g_1|$. Pure noise of size 1:

# %% tags=["nbval-check-output"]
v, few = np.zeros(20_000), {}
for t_now in range(1, 101):
    v = 0.999 * v + 0.001 * rng.normal(size=20_000) ** 2
    few[t_now] = np.sqrt(v / (1 - 0.999**t_now))
claim("t = 1: mean of v̂, whose truth is 1", np.mean(few[1] ** 2), near=1, within=0.05, digits=2)
claim("t = 1: mean of √v̂", few[1].mean(), near=np.sqrt(2 / np.pi), within=0.015, digits=2)
claim("t = 10: mean of 1/√v̂", np.mean(1 / few[10]), near=1.083, within=0.02, digits=2)
spread = np.std(1 / few[10]) / np.mean(1 / few[10])
claim("t = 10: spread of 1/√v̂ from weight to weight, over its mean", spread, near=0.25, within=0.03, digits=2)

# %% [markdown]
# So the *rate* of a weight, η/√v̂, is too large on average while $v$ has seen few gradients, and differs from weight to weight by chance. RAdam (notebook 08) starts from this. Are the first *steps* too long and uneven, then? That does not follow: $\hat m$ is made of the same gradients, and where chance makes $\hat v$ small it makes $\hat m$ small too. At $t=1$ the two cancel exactly. Notebook 06 measures the steps.
#
# ## See the moments
#
# Below, you choose a stream of gradients and watch what Adam makes of it: $m$ and $v$, raw and corrected, and the step that results. It opens without corrections; switch them on. Then try the scenarios, and break it yourself.

# %%
explorers.moments(correct_m=False, correct_v=False, steps="3000", log_time=True)

# %% [markdown]
# Three things to look for:
#
# - **No correction** and **Constant gradient.** The hump from the figure above, and how it vanishes: with both corrections every step is exactly η.
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
# From here on we use the package. `adamkit` holds each update rule **once** and runs it on two engines, NumPy and PyTorch. You have just seen all of its Adam; here is how the file says it. (`divide` is `/`. The rules call it by name because it also takes plain floats with a zero divisor.)

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
# The checks in the test-suite are stricter than these two lines: every parameter *and* every moment, with weight decay on, with a large ε so that its place shows, over several shapes. A slip like ε inside the root is easy to miss when ε is 1e-8 and the gradients are of order one: on the task above it moves the parameters by 1e-7, which a test in float32, or with a tolerance of 1e-6, lets pass.

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
# This is one reason why a default such as η = 1e-3 is a usable first guess on many problems: whatever the loss is measured in, a weight moves by about η. It is no more than a first guess. How long a step the *weights* bear, the loss does not say (notebook 03, "The unit of a parameter"), and on the task at the end of this notebook 1e-3 ends more than twice as high as 1e-2.
#
# It also tells what **clipping** can and cannot do. If every step's gradients are scaled by the same factor, Adam does not notice. A clip by the global norm scales some steps and not others, and that Adam does notice: a clipped spike enters $v$ with a bounded square. Notebook 12 shows where this helps.
#
# ### ε is a floor
#
# When the gradients of a parameter fall below ε, the denominator stops shrinking with them. Below the floor Adam becomes momentum with the rate η/ε, and tiny gradients mean tiny steps again.

# %%
scales = np.logspace(-14, 2, 33)


def first_step(g, eps):
    theta = [np.zeros_like(g)]
    return -optim.Adam(theta, lr=1.0, eps=eps).step([g])[0]


fig = plotting.figure(8, 3)
ax = fig.subplots()
for eps, style in (("1e-4", ":"), ("1e-8", "-"), ("1e-12", "--")):
    ax.loglog(scales, first_step(scales, float(eps)), style, color=plotting.COLORS["Adam"], label=f"ε = {eps}")
    ax.plot(float(eps), 0.5, "o", ms=7, mfc="none", color=plotting.COLORS["Adam"])
ax.set(xlabel="size of the gradient |g|", ylabel="first step / η", title="ε is where Adam starts to see the size")
ax.legend()
plotting.show(fig, alt="Adam's first step by gradient size: η above epsilon, half at epsilon, proportional below.")

# %% [markdown]
# **Two ε's under one name.** The paper's section 2 mentions a faster form, which puts both corrections into the rate:
#
# $$\theta \leftarrow \theta - \eta\,\frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t}\;\frac{m}{\sqrt v+\hat\varepsilon}$$
#
# It is the same update with $\hat\varepsilon=\varepsilon\sqrt{1-\beta_2^t}$. TensorFlow and Keras use this form with a *constant* $\hat\varepsilon$, and say so in their documentation ("epsilon hat"). At $t=1$ their number acts like one $1/\sqrt{1-\beta_2}=32$ times larger in PyTorch, and the difference fades with the correction. A steady gradient of 1e-6, and 1e-7 (Keras' default) in both places:


# %%
def with_epsilon(hat, g=1e-6, eps=1e-7, steps=5000):
    m, v, t = 0.0, 0.0, np.arange(1, steps + 1)
    lengths = []
    for root, weight in zip(np.sqrt(1 - 0.999**t), 1 - 0.9**t, strict=True):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        lengths.append(root / weight * m / (np.sqrt(v) + (eps if hat else eps * root)))
    return np.array(lengths)


# %% tags=["nbval-check-output"]
pytorch, keras = with_epsilon(hat=False), with_epsilon(hat=True)
claim("ε as in PyTorch: step 1 is η times", pytorch[0], near=0.909, within=0.001)
claim("ε̂ as in Keras: step 1 is η times", keras[0], near=0.240, within=0.001)
claim("At step 5000 the two differ, relatively, by", 1 - keras[-1] / pytorch[-1], below=0.01, approx=True)

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
# A spike is one large gradient. But $m$ averages about ten of them, so it would like *several* large gradients; and $v$ should still be small. A stream that **grows** does both. How fast should it grow, and how far does that get? This can be proved in five lines. Write $a_i=(1-\beta_1)\beta_1^{t-i}$ and $b_i=(1-\beta_2)\beta_2^{t-i}$ for the weights in $m=\sum a_i g_i$ and $v=\sum b_i g_i^2$. Then, by Cauchy–Schwarz,
#
# $$m^2=\Big(\sum_i \frac{a_i}{\sqrt{b_i}}\cdot\sqrt{b_i}\,g_i\Big)^2 \;\le\; \sum_i\frac{a_i^2}{b_i}\;\cdot\;\sum_i b_i\,g_i^2 \;=\; \Big(\sum_i\frac{a_i^2}{b_i}\Big)\,v ,$$
#
# so $|m|/\sqrt v$ never exceeds the root of $\sum_i a_i^2/b_i$, whatever the gradients are. That sum is geometric, with the ratio $\beta_1^2/\beta_2$. If $\beta_1^2<\beta_2$ it converges, and when $t$ is large, so that the corrections are 1,
#
# $$\sup\,\frac{|\Delta\theta|}{\eta} = \sqrt{\sum_i\frac{a_i^2}{b_i}} = \frac{1-\beta_1}{\sqrt{(1-\beta_2)\,(1-\beta_1^2/\beta_2)}} .$$
#
# (Before that the bound of step $t$ is the root of the sum's first $t$ terms, times $\sqrt{1-\beta_2^t}/(1-\beta_1^t)$: 1 at $t=1$, and it only rises.) Equality asks for $\sqrt{b_i}\,g_i$ in proportion to $a_i/\sqrt{b_i}$, hence $g_i \propto a_i/b_i \propto (\beta_2/\beta_1)^i$: each gradient larger than the last by the factor β₂/β₁, which is 1.11. Does Adam agree? We let it walk the proof's stream, and 500 random ones.

# %%
beta1, beta2, last = 0.9, 0.999, 300
i = np.arange(1, last + 1)
a, b = (1 - beta1) * beta1 ** (last - i), (1 - beta2) * beta2 ** (last - i)
bound = np.sqrt((a**2 / b).sum()) * np.sqrt(1 - beta2**last) / (1 - beta1**last)  # corrections of step 300 included
spread = 10.0 ** np.random.default_rng(0).uniform(-3, 3, size=(500, last))
signs = np.random.default_rng(1).choice([-1.0, 1.0], size=(500, last))


def last_steps(streams):
    theta = [np.zeros(len(streams))]
    adam = optim.Adam(theta, lr=1.0, eps=0.0)
    for g in streams.T:
        before = theta[0].copy()
        adam.step([g])
    return np.abs(theta[0] - before)


# %% tags=["nbval-check-output"]
terms = (1 - beta1) ** 2 / (1 - beta2) * (beta1**2 / beta2) ** np.arange(10_000)
bounds = np.sqrt(np.cumsum(terms) * (1 - beta2**t)) / (1 - beta1**t)  # for t = 1 … 10 000
claim("The bound of step 10 000: η times", bounds[-1], near=7.27, within=0.01)
claim("Its smallest rise from one step to the next, up to t = 4000", np.diff(bounds[:4000]).min(), above=0, approx=True)
claim("At step 300 no step can be longer than η times", bound, near=3.70, within=0.01)
claim("The stream a/b reaches this share of the bound", last_steps((a / b)[None])[0] / bound, near=1, within=1e-6)
random_steps = last_steps(spread * signs) / bound
claim("The longest of 500 random streams, in shares of it", random_steps.max(), below=1, approx=True)
growing = np.r_[silence, (0.999 / 0.9) ** np.arange(-3000, 1.0)]
claim("After a long silence the growing stream makes a step of η times", largest_step(growing), near=7.27, within=0.01)
slower = np.r_[silence, (0.95 / 0.9) ** np.arange(-3000, 1.0)]
claim("With β₂ = 0.95 and its own growth, η times", largest_step(slower, beta2=0.95), near=1.16, within=0.01)

# %%
worst_case.reveal()

# %% [markdown]
# The paper's bound is broken by a factor of more than two. Is this a curiosity? It need not start from silence. Here is a stream as a training might make it: 5000 gradients of size 1 and either sign, and then each gradient 5 or 11 per cent larger than the last, as in a loss that starts to explode.

# %%
usual = np.random.default_rng(0).choice([-1.0, 1.0], size=5000)
growth = {(rate, beta2): np.abs(steps_of(np.r_[usual, rate ** np.arange(1, 61)], beta2=beta2)[-60:])
          for rate in (1.05, 1.11) for beta2 in (0.999, 0.95)}

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
for (rate, beta2), path in growth.items():
    style = {"color": plotting.COLORS["Adam"], "ls": "-" if beta2 == 0.999 else ":", "lw": 2.2 if rate == 1.11 else 1.2}
    ax.plot(np.arange(1, 61), path, **style, label=f"{100 * (rate - 1):.0f}% a step, β₂ = {beta2}")
ax.axhline(3.16, color=plotting.QUIET, lw=1, ls="--")
ax.text(1, 3.3, "the paper's bound", fontsize=9, color=plotting.QUIET)
ax.set(xlabel="steps since the gradients began to grow", ylabel="step / η")
ax.set_title("Growing gradients carry Adam past the bound")
ax.legend(loc="lower right", bbox_to_anchor=(1, 0.2), ncols=2)
plotting.show(fig, alt="Adam's step while gradients grow: up to 7 η at β₂ = 0.999, hardly above 1 η at 0.95.")

# %% tags=["nbval-check-output"]
claim("Growth of 11%, β₂ = 0.999: after 40 steps, η times", growth[1.11, 0.999][39], near=7.1, within=0.1, digits=2)
claim("Growth of 5%: after 40 steps, η times", growth[1.05, 0.999][39], near=4.0, within=0.1, digits=2)
longest = max(growth[rate, 0.95].max() for rate in (1.05, 1.11))
claim("With β₂ = 0.95 the longest of both is η times", longest, near=1.16, within=0.02)

# %% [markdown]
# Adam can take its longest steps in the worst moment. With β₂ = 0.95, which GPT-3 and LLaMA used ([Brown et al. 2020](https://arxiv.org/abs/2005.14165), [Touvron et al. 2023](https://arxiv.org/abs/2302.13971); neither paper says why), the longest step is hardly longer than η. The explorer above has the proof's stream under **Worst case**.

# %% [markdown]
# ### Signal and noise
#
# Between the extremes there is a useful reading. If the gradient has mean μ and standard deviation σ, then for slow averages $\hat m \approx \mu$ and $\hat v \approx \mu^2+\sigma^2$:
#
# $$\frac{|\hat m|}{\sqrt{\hat v}} \approx \frac{1}{\sqrt{1+(\sigma/\mu)^2}}$$
#
# A parameter whose gradient is steady moves by η each step. A parameter that only sees noise moves by little, and in random directions. The paper calls this ratio a *signal-to-noise ratio*: it shrinks near a minimum, which acts like an automatic decay of the rate, though only partly, since $m$ never averages the noise away. What remains for pure noise?

# %% tags=["nbval-check-output"]
noise = np.random.default_rng(2).normal(size=(4000, 1000))  # 4000 steps, 1000 parameters
theta = [np.zeros(1000)]
adam_noise = optim.Adam(theta, lr=1.0)
path = np.array([adam_noise.step([g_t])[0].copy() for g_t in noise])
rms = np.sqrt(np.mean(np.diff(path[-1000:], axis=0) ** 2))
claim("On pure noise the typical step is still η times", rms, near=np.sqrt(0.1 / 1.9), within=0.005, digits=2)

# %% [markdown]
# The value is $\sqrt{(1-\beta_1)/(1+\beta_1)} = 0.23$ at β₁ = 0.9. So in noise Adam is close to *SGD with momentum at the rate η/σ*: √v̂ hardly moves, and the typical step is a quarter of η, whatever the gradient's scale and however near the minimum. Adam at a constant rate never comes to rest, and to land, η itself must fall. That is what schedules are for (notebook 06).
#
# How far does noise carry a weight in 1000 steps?

# %%
noise_walk = practice.predict("04-noise-walk")
noise_walk

# %% tags=["nbval-check-output"]
away = np.sqrt(np.mean(path[[99, 999, 3999]] ** 2, axis=1)) / np.sqrt([100, 1000, 4000])
claim("Distance after 100, 1000 and 4000 steps of noise, over η√T", away, near=1, within=0.06, digits=2)

# %%
noise_walk.reveal()

# %% [markdown]
# Successive steps share their gradients through $m$, so they lean the same way for a while. In the end each gradient has been counted with weights that add up to one: the walk is that of steps of a full η.
#
# And near a minimum? On ½θ² with noise of size 1, Adam should then settle in the cloud of notebook 03, of size √(η/2), *whatever* β₁ is. The steps alone depend on it.

# %% tags=["nbval-check-output"]
beta1 = np.array([0.0, 0.9, 0.99])
theta, places, rng = [np.zeros((3, 200))], [], np.random.default_rng(0)
adam_near = optim.Adam(theta, lr=0.003, beta1=beta1)
for _ in range(6000):
    adam_near.step([theta[0] + rng.normal(size=(3, 200))])
    places.append(theta[0].copy())
cloud = np.std(places[2000:], axis=(0, 2)) / np.sqrt(0.003 / 2)
claim("β₁ = 0, 0.9, 0.99: the cloud's size over √(η/2)", cloud, near=1, within=0.1, digits=2)
rms = np.sqrt(np.mean(np.diff(places[2000:], axis=0) ** 2, axis=(0, 2))) / 0.003
claim("… a step, over η√((1 − β₁)/(1 + β₁))", rms / np.sqrt((1 - beta1) / (1 + beta1)), near=1, within=0.03, digits=2)

# %% [markdown]
# So a larger β₁ buys smoother steps, not a better landing.
#
# ### Batch size
#
# The gradient that Adam sees is the mean over a batch of B rows. Its mean μ does not depend on B, its variance is σ²/B. So $v$ does not measure "the gradient of a row" but $\mu^2+\sigma^2/B$, and the drift of a weight is
#
# $$\eta\,\frac{\mu}{\sqrt{\mu^2+\sigma^2/B}} \;\approx\; \eta\,\frac{\mu}{\sigma}\sqrt B\quad\text{as long as noise dominates.}$$


# %%
def drift(batch, mean=0.1, std=1.0, steps=2000):
    """Mean step towards the signal, in units of η, over 1000 parameters, after 1000 steps to settle."""
    rng, theta = np.random.default_rng(batch), [np.zeros(1000)]
    adam = optim.Adam(theta, lr=1.0)
    for step in range(steps):
        if step == 1000:
            settled = theta[0].copy()
        adam.step([rng.normal(mean, std / np.sqrt(batch), size=1000)])
    return -(theta[0] - settled).mean() / (steps - 1000)


drifts = {batch: drift(batch) for batch in (1, 4, 16, 64, 256, 1024)}

# %% tags=["nbval-check-output"]
claim("Four rows in place of one: the drift grows by a factor of", drifts[4] / drifts[1], near=2, within=0.2, digits=2)
claim("1024 in place of 256: by", drifts[1024] / drifts[256], near=1.13, within=0.05, digits=2)
formula = np.array([0.1 / np.sqrt(0.01 + 1 / batch) for batch in drifts])
claim("All six, over the formula", np.array(list(drifts.values())) / formula, near=1, within=0.05, digits=2)

# %% [markdown]
# Four times the batch doubles the progress of a step, and an epoch has a quarter of the steps. Doubling η too keeps the progress of an epoch: this is the **square-root rule**, η in proportion to √B, which [Malladi et al. 2022](https://arxiv.org/abs/2205.10287) derive with care, betas and ε included. (SGD's step does not divide by the noise; its rule is linear.) It ends where the signal dominates: there a larger batch buys nothing, and a larger η only longer steps.
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
# Now let it walk. Drag the start; move η, β₁, β₂ and ε. Watch the two curves in the lower right: in the first thirty steps the gradient fades sevenfold, and Adam's speed hardly changes; at the edge it jumps several hundredfold, and the step does not. And then? Behind the edge lies a gentle floor, and Adam crawls over it at a hundredth of η: $v$ remembers the edge.

# %%
explorers.adam_surface()

# %% [markdown]
# So "Adam does not see the gradient's scale" holds for a scale that *stays*. After a sudden large gradient it is slow, for as long as $v$ remembers. How long is that? "A thousand steps, $1/(1-\beta_2)$" is too short an answer: in a thousand steps $v$ falls by the factor e, its root by √e only. A spike 1000 times as large as the usual gradient leaves a $v$ 1000 times too large, since it enters with the weight 0.001.

# %% tags=["nbval-check-output"]
from adamkit import surfaces

cliff = surfaces.cliff()
theta = [np.array(cliff.start, dtype=float)]
adam_cliff = optim.Adam(theta, lr=0.05)
walked = np.array([theta[0].copy()] + [adam_cliff.step([cliff.gradient(theta[0])])[0].copy() for _ in range(300)])
lengths = np.linalg.norm(np.diff(walked, axis=0), axis=1) / 0.05
slopes = np.array([np.linalg.norm(cliff.gradient(place)) for place in walked])
after = np.abs(steps_of(np.r_[np.ones(5000), 1000.0, np.ones(8000)]))[5000:]  # the spike's own step first
claim("Before the edge (steps 1 to 30) a step, both coordinates together, is η times", lengths[:30],
      between=(1.1, 1.45), approx=True)
claim("… while the gradient has fallen by a factor of", slopes[0] / slopes[30], near=7, within=1, digits=1)
claim("At the edge the gradient rises by a factor of", slopes.max() / slopes[:40].min(), above=200, approx=True)
claim("Behind it (steps 120 to 300) a step is η times", lengths[119:], below=0.02, approx=True)
claim("A spike 1000 times the usual: 200 steps later a step is η times", after[200], near=0.035, within=0.003, digits=2)
claim("… and η/2 again after this many steps", int((after[200:] >= 0.5).argmax() + 200), near=5800, within=50)

# %% [markdown]
# And beside its ancestors. Each optimizer has the colour that it keeps in the whole series.

# %%
explorers.race()

# %% [markdown]
# A race on a two-dimensional surface shows *mechanism*, not merit. Each racer has the best of 61 rates here, and RMSprop is far ahead of Adam. Why? Two suspects: Adam's momentum, which must turn round, and RMSprop's uncorrected start, whose first step is 32 times its η. Take them away, one by one and together. The last three lines are controls: AdaGrad (03), and other starts.

# %%
curvatures, rates = np.array([1.0, 100.0]), np.geomspace(0.01, 3, 100)


def arrivals(kind=optim.Adam, start=(-2.6, 0.8), share=1e-6, **settings):
    """For each of 100 rates the step from which the loss in the ravine stays below this share of the first."""
    theta = [np.tile(start, (100, 1))]
    optimizer, losses = kind(theta, lr=rates, **settings), []
    for _ in range(401):
        losses.append(theta[0] ** 2 @ curvatures)
        optimizer.step([theta[0] * curvatures])
    above = np.array(losses) > share * losses[0]
    return 401 - above[::-1].argmax(axis=0)


def ten_steps(optimizer):
    (theta,) = optimizer.params
    return np.array([optimizer.step([theta * curvatures])[0].copy() for _ in range(10)])


# %% tags=["nbval-check-output"]
full, no_momentum = arrivals().min(), arrivals(beta1=0.0).min()
rmsprop = arrivals(beta1=0.0, correct_v=False).min()
claim("Adam's steps", full, between=(110, 135), approx=True)
claim("Adam without momentum (β₁ = 0) needs fewer, by", full / no_momentum, above=2, unit="×", approx=True)
no_correction = arrivals(correct_v=False).min()
claim("Adam without v's correction needs fewer, by", full / no_correction, between=(1, 1.3), unit="×", approx=True)
claim("Without momentum *and* correction (RMSprop) fewer than without momentum, by", no_momentum / rmsprop, above=5,
      unit="×", approx=True)
start = np.array([-2.6, 0.8])
pair = optim.RMSprop([start.copy()], lr=0.056, beta2=0.999), optim.AdaGrad([start.copy()], lr=0.056 / np.sqrt(0.001))
apart = np.abs(ten_steps(pair[0]) - ten_steps(pair[1])).max()
claim("RMSprop, and AdaGrad at 31.6 times its rate: ten steps apart by", apart, below=0.01, digits=1)
claim("AdaGrad's steps, at all rates from 1 to 3", arrivals(optim.AdaGrad)[rates > 1], below=40)
starts = (-1.0, 0.1), (3.0, 0.3)
slower = np.array([arrivals(beta1=0.0, start=at).min() / arrivals(start=at).min() for at in starts])
claim("From two other starts Adam without momentum needs *more*, by", slower, above=1.1, digits=2)

# %% [markdown]
# Both together, in this race. The correction taken away alone gains a tenth, the momentum alone nearly a factor of three. The two gain a factor of fifteen at a rate that the race of notebook 00 allows (8 steps), and of thirty at the best of these 100 rates, whose first step multiplies the loss three thousand times. Once each coordinate has a rate of its own this bowl is a ravine no longer, and inertia must be turned round. But the control says how little that proves: from where the way along the floor is ten times the way across, Adam is about a fifth faster *with* its momentum. And without its correction RMSprop is, at first, *AdaGrad*: $\sqrt v$ is $\sqrt{0.001\,s}$, which makes η 32 times as large, and the rate falls as the sum grows. In a bowl without noise a rate that begins far too high does no lasting harm: the long steps swell the sum until it fits. Where noise keeps the gradients up it falls like 32η/√t instead, for the thousand steps in which $v$ fills. Notebook 07 compares optimizers with tuned rates on real tasks.
#
# ## Which number deserves your tuning budget?
#
# Adam has four numbers. It is often said that η is very sensitive, β₂ somewhat, β₁ little, ε hardly. Is it true? Guess first.

# %%
knob_guess = practice.predict("04-which-knob")
knob_guess

# %% [markdown]
# The task is small and real: 8×8 images of handwritten digits, a network with one hidden layer, 300 steps on mini-batches of 64. One training looks like this:

# %%
from torch.nn.functional import cross_entropy

from adamkit.training import ensembles, tasks
from adamkit.training.data import batches

digits = tasks.digits_mlp()
data = digits.data
model = digits.fresh_model(0)  # 64 → 32 → ReLU → 10
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for rows in batches(len(data.x_train), 64, 300, seed=0):
    optimizer.zero_grad()
    cross_entropy(model(data.x_train[rows]), data.y_train[rows]).backward()
    optimizer.step()
one_training = cross_entropy(model(data.x_test), data.y_test).item()

# %% [markdown]
# For a fair comparison of four knobs we turn each by the same *factors*, from a good setting (η = 0.01), one at a time: η, 1 − β₁ and 1 − β₂ over six decades (1 − β₁ cannot exceed 1), ε over twelve. Four seeds each make 176 trainings. They run as *one* batched training, because a rule in `adamkit` accepts an array for each of its numbers.

# %%
factors = 10.0 ** (np.arange(-6, 7) / 2)
wide = 10.0 ** np.array([-4, -2, 0, 2, 4, 5, 6, 7, 8])
turned = {"lr": factors, "beta1": factors[factors < 10.1], "beta2": factors, "eps": wide}
ranges = {"lr": 0.01 * factors, "beta1": 1 - 0.1 * turned["beta1"], "beta2": 1 - 0.001 * factors, "eps": 1e-8 * wide}
settings, rows = ensembles.one_at_a_time(Adam(lr=0.01), **ranges)
history = ensembles.train(settings, digits, steps=300, batch_size=64, seed=(0, 1, 2, 3))
curves = {name: np.nan_to_num(history.last("test_loss")[rows[name]], nan=1e9) for name in ranges}
base = curves["lr"][6]
alone = history.test_loss[-1, 0, rows["lr"]][6]  # seed 0 at the setting of the training above

# %%
fig = plotting.figure(8.5, 3.8)
ax = fig.subplots()
names = {"lr": "η", "beta1": "1 − β₁", "beta2": "1 − β₂", "eps": "ε"}
for (name, label), color, marker in zip(names.items(), ("Adam", "Momentum", "RMSprop", "SGD"), "osD^", strict=True):
    ax.loglog(turned[name], curves[name], marker=marker, ms=5, color=plotting.COLORS[color], label=label)
ax.axhline(2 * base, color=plotting.QUIET, ls=":", lw=1)
ax.text(1.5e3, 2.15 * base, "twice the usual loss", fontsize=9, color=plotting.QUIET)
ax.set(xlabel="factor on the usual value: η = 0.01, β₁ = 0.9, β₂ = 0.999, ε = 1e-8", ylabel="test loss")
ax.set_ylim(0.05, 10)
ax.set_title("On one scale: η has the narrowest valley, then β₁; β₂ and ε hardly matter")
ax.legend(ncols=4, loc="lower right")
plotting.show(fig, alt="Test loss against the factor on each knob: η narrow, 1 − β₁ open to one side, the others flat.")

# %% [markdown]
# How wide is each valley? Count the decades over which the loss stays below twice the usual one. And settle the prediction: a factor of ten, in the worse direction.


# %%
def loss_at(name, decade):
    """Test loss with the knob moved by so many decades, read off the curve between its points."""
    return np.exp(np.interp(decade, np.log10(turned[name]), np.log(curves[name])))


def decades(name):
    x = np.arange(np.log10(turned[name][0]), np.log10(turned[name][-1]) + 1e-9, 0.01)
    return 0.01 * (loss_at(name, x) < 2 * base).sum()


# %% tags=["nbval-check-output"]
claim("The batched training repeats the one above, to", abs(alone / one_training - 1), below=0.1, approx=True)
for name, least, most in (("lr", 1.2, 2.0), ("beta1", 2.0, 2.6), ("beta2", 4, 6.1), ("eps", 9, 12.1)):
    claim(f"{names[name]}: decades below twice the usual loss", decades(name), between=(least, most), approx=True)
claim("A tenth of η multiplies the loss by", loss_at("lr", -1) / base, above=2, approx=True)
each = history.test_loss[-1][:, rows["lr"]]  # (seeds, rates)
tenfold = each[:, 8] / each[:, 6]
claim("… ten times η, in the geometric mean of four seeds, by", np.exp(np.log(tenfold).mean()), above=1.5, approx=True)
print("… in each of them by", *(f"≈ {factor:.1f}" for factor in tenfold))
claim("… a tenth of 1 − β₁, by", loss_at("beta1", -1) / base, between=(1.2, 2), approx=True)
claim("… ten times 1 − β₁, which is no momentum at all, by", loss_at("beta1", 1) / base, below=1.2, approx=True)
others = np.r_[loss_at("beta2", [-1, 1]), loss_at("eps", [-1, 1])] / base
claim("… a tenth or ten times of 1 − β₂ or ε, by", others, below=1.3, approx=True)
lost = ~(history.test_loss[-1][:, rows["beta2"]][:, -1] < 2.3)  # NaN counts
claim("β₂ = 0: of 4 trainings, no better than a random guess's 2.3, or diverged", int(lost.sum()), equals=4)

# %%
knob_guess.reveal()

# %% [markdown]
# What ten times η costs depends on the seed, and on the last bit of the arithmetic: there a training is near its edge. So only the mean is claimed.
#
# So what is often said is right about η and ε, and on this task the wrong way round about the betas. β₁ has a valley not much wider than η's, open on one side: *less* momentum, even none, costs nothing here, and ten times the memory (β₁ = 0.99) costs about half more. (1 − β₁ cannot go beyond a factor of ten, so its width is cut off there.) β₂ does not matter over five decades. At its right end, β₂ = 0, everything is lost.
#
# But "one at a time" has a catch: it turns β₁ at *one* η. A long memory overshoots, and overshooting is a matter of the rate too. The control is the neighbouring rate, with the same factors on 1 − β₁:

# %% tags=["nbval-check-output"]
neighbour, at = ensembles.one_at_a_time(Adam(lr=0.003), beta1=1 - 0.1 * turned["beta1"])
lower = ensembles.train(neighbour, digits, steps=300, batch_size=64, seed=(0, 1, 2, 3)).last("test_loss")[at["beta1"]]
claim("η = 0.003: a tenth of 1 − β₁ multiplies the loss by", lower[4] / lower[6], between=(0.9, 1.3), approx=True)
claim("… no value of β₁, from 0 to 0.9999, by more than", lower.max() / lower[6], below=2, approx=True)

# %% [markdown]
# At a third of the rate ten times the memory costs next to nothing, and no value of β₁ so much as doubles the loss. The two knobs are judged together: whoever raises β₁ should lower η along with it.
#
# ### Is there a cliff at β₁²?
#
# That end has a theory, it seems. The supremum of a step is finite for $\beta_2 > \beta_1^2$, which is 0.81 for β₁ = 0.9. Below, $\sqrt v$ forgets faster than $m$ (by √β₂ a step, against β₁): it can be nearly zero while $m$ still carries an old large gradient, and the quotient has no bound:

# %% tags=["nbval-check-output"]
falling = 10.0 ** -np.arange(0, 80.0)
claim("Falling gradients, β₂ = 0.5: step 80, over η", largest_step(falling, beta2=0.5), above=1e6, approx=True)
claim("The same, β₂ = 0.999: step 80, over η", largest_step(falling, beta2=0.999), below=1, approx=True)

# %% [markdown]
# But gradients that fall tenfold a step, eighty times, are no training. Where does *training* break? The same network at three rates, over a grid of β₂; the figure shows the worse of two seeds:

# %%
low = np.array([0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.81, 0.9, 0.99])
three = np.array([0.001, 0.01, 0.03])
search = ensembles.train(ensembles.grid(Adam(), lr=three, beta2=low), digits, steps=300, batch_size=64, seed=(0, 1))
ends = np.nan_to_num(search.test_loss[-1], nan=np.inf).reshape(2, 3, -1)  # seeds, rates, β₂

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
for column, (rate, style) in enumerate(zip(three, (":", "--", "-"), strict=True)):
    worse = np.minimum(ends[:, column].max(axis=0), 1e3)
    ax.semilogy(low, worse, "o", ls=style, ms=4, color=plotting.COLORS["Adam"], label=f"η = {rate}")
ax.axvline(0.81, color=plotting.QUIET, lw=1)
ax.text(0.815, 200, "β₁²", color=plotting.QUIET, fontsize=9)
ax.set(xlabel="β₂", ylabel="test loss (cut at 1000)", ylim=(0.05, 1100))
ax.set_title("Training breaks below β₁², and where depends on η")
ax.legend(loc="lower left")
plotting.show(fig, alt="Test loss against β₂ at three rates: each breaks below 0.81, a smaller rate later.")

# %% tags=["nbval-check-output"]
lost = (ends[:, 2, low <= 0.5] > 2.3).sum()
claim("η = 0.03, β₂ ≤ 0.5: of 8 trainings, above a random guess's 2.3", int(lost), above=5, approx=True)
claim("η = 0.01, β₂ from 0.75 on: the highest", ends[:, 1, low >= 0.75].max(), below=0.3, approx=True)
claim("η = 0.001, β₂ from 0.2 on: the highest", ends[:, 0, low >= 0.2].max(), below=0.5, approx=True)
claim("η = 0.001, β₂ = 0: trainings that end above a random guess's 2.3", int((ends[:, 0, 0] > 2.3).sum()), equals=2)

# %% [markdown]
# No cliff at 0.81. β₁² is where the *worst case* loses its bound; below it nothing protects you, and whether something happens depends on the stream, above all on η. At a small rate this network trains with β₂ = 0.2. So "β₂ > β₁²" is a condition for a guarantee, not a threshold of training.
#
# One caution. This is one small network at one batch size. What carries over is the order of business: tune η first, over decades; leave β₁ at 0.9, and if you raise it, lower η; keep β₂ well above β₁², and lower it towards 0.95 when batches are large or the loss spikes; and touch ε only when gradients are tiny, or when a recipe you reproduce says so.
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
# - Without the corrections the steps are too *large* at the defaults: 3.16 times at first, 6.57 times at step 12. (The paper's section 3 says "small β₂" where it means large.)
# - The first step is η·sign(g), in noise as well. Later ones stay below 7.27η at the defaults, by Cauchy–Schwarz, not below the 3.16η of the paper.
# - Scaling the loss changes nothing until ε notices. A *sudden* change of scale does: $v$ remembers.
# - In noise later steps are 0.23η, and T of them carry a weight η√T; near a minimum the cloud is as wide for β₁ = 0, 0.9 and 0.99. While noise dominates, a batch B times larger makes the steady part of a step √B times as long.
# - Tune η. $\beta_2 > \beta_1^2$ is what the bound needs; training may break below it.

# %%
practice.self_check("04")

# %% [markdown]
# **Next:** [05 AdamW](05_adamw.ipynb), where one line moves and weight decay starts to work.
#
# **Sources.** D. Kingma and J. Ba, [*Adam: a method for stochastic optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015: algorithm 1, the bounds in section 2.1, the correction in section 3. T. Tieleman and G. Hinton, lecture 6.5, *rmsprop*, 2012. J. Devlin et al., [*BERT*](https://arxiv.org/abs/1810.04805), 2019, whose released code runs without the correction. S. Malladi et al., [*On the SDEs and scaling rules for adaptive gradient algorithms*](https://arxiv.org/abs/2205.10287), NeurIPS 2022. The supremum of a step is proved above.
