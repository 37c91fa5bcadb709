# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 14 · Interview practice
#
# **After this notebook you can**
#
# - *answer* three full problems aloud, and *back* each answer with an experiment that you have run;
# - *write* AdamW into a blank cell against the clock, and *find* the bugs in somebody else's;
# - *count* the memory and the time of one training step in eight minutes, and *carry* a recipe over to a model fifty times as large;
# - *hold* a mock interview, *grade* yourself honestly, and *say* which section of the series to read again;
# - *keep* what you have learned, with cards that come back when you are about to forget them.
#
# About 140 minutes for all seven problems and a mock interview. Hardly anybody should take them in one go:
#
# | you have | take |
# |---|---|
# | ten minutes | one bug hunt (problem 5), or the cards |
# | an hour | problems 1 (the correction, 22 minutes) and 4 (code, 19), and of 5 the seven curves and one hunt (17) |
# | another hour | the other talks, 2 and 3 (35), and of the work at the board 6 or 7 (13, 9) |
# | an evening | 4 to 7 (67), then one mock interview of five questions (15) |
# | ten minutes on most days after | a mock interview of three questions, or the cards |
#
# Builds on all the others; runs without them.
#
# > **The question.** In notebook 00 you were asked why a transformer's loss is flat for 10 000 steps under default Adam. What would you say now? (You can answer it at the end, whether you did then or not.)
#
# An answer in an interview has three layers. The first is the sentence that most people give. The second is the figure or the derivation that shows you have looked. The third is the limit: when it does *not* hold, and how you would find out. This notebook trains the second and the third.

# %%
import numpy as np

from adamkit import optim, plotting, practice, theory
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.lessons.nb12 import clinic

# %% [markdown]
# ## Three problems to talk through
#
# Each takes eight minutes at a whiteboard. Say your answer aloud first, or type it and save it; it stays on your disk. Open a hint only when you are stuck, and the model answer only when you are done. Then run the experiment below it: an answer that you have seen happen is hard to forget.
#
# ### Problem 1: the correction

# %%
practice.problem("14-derivation")

# %% [markdown]
# **The experiment.** The derivation claims that $\mathbb{E}[m_t]=(1-\beta_1^t)\,\mathbb{E}[g]$ under one assumption, equal means, and that independence is not needed. So take it at its word, twice. In the first ten thousand streams each gradient leans on the one before it, and all means are 1: the assumption holds, the one that most people add does not. In the second the noise is the same and the mean falls by 3 percent a step, as a gradient's may on the way to a minimum. Does $\hat m$ still tell the mean of today?

# %%
rng = np.random.default_rng(0)
falling = 0.97 ** np.arange(40)
noise, m_equal, m_falling = rng.normal(size=10_000), np.zeros(10_000), np.zeros(10_000)
mean_equal, mean_falling = [], []
for t in range(1, 41):
    noise = 0.8 * noise + 0.6 * rng.normal(size=10_000)  # variance 1, correlated in time
    m_equal = 0.9 * m_equal + 0.1 * (1.0 + noise)
    m_falling = 0.9 * m_falling + 0.1 * (falling[t - 1] + noise)
    mean_equal.append(m_equal.mean() / (1 - 0.9**t))
    mean_falling.append(m_falling.mean() / (1 - 0.9**t))
gap = np.abs(np.array(mean_equal) - 1)[5:].max()
late = mean_falling[-1] / falling[-1]

# %% tags=["nbval-check-output"]
claim("Correlated gradients, equal means: from step 6 on, m̂ misses the mean by", gap, below=0.06, approx=True)
claim("Means that fall by 3% a step: m̂ at step 40 is today's mean, times", late, between=(1.2, 1.45), approx=True)

# %% [markdown]
# The first holds, to the noise of ten thousand streams, and independence was not needed. The second does not, and no correction could make it: $\hat m$ is an average over the last ten steps or so, and the mean of ten steps ago was a third higher. The correction repairs the start at zero and nothing else. That is the sentence to add unasked: *stationary* is an assumption about the training, and at best nearly true while anything is learned.
#
# Now the second half, which decides the grade. Choose before you look.

# %%
forgotten = practice.predict("14-forgotten-one")
forgotten

# %% tags=["nbval-check-output"]
def first_step(**settings):
    theta = [np.zeros(1)]
    optim.Adam(theta, lr=1.0, eps=0.0, **settings).step([np.array([-0.37])])
    return theta[0].item()


neither = first_step(correct_m=False, correct_v=False)
claim("Neither corrected: the first step is η times", neither, near=3.16, within=0.01)
claim("Only m corrected", first_step(correct_v=False), near=31.6, within=0.1)
claim("Only v corrected", first_step(correct_m=False), near=0.1, within=1e-6)
ratio = theory.uncorrected_step_ratio(np.arange(1, 5000))
claim("Neither: the largest factor", ratio.max(), near=6.57, within=0.01)
claim("… at step", int(ratio.argmax()) + 1, equals=12)

# %%
forgotten.reveal()

# %% [markdown]
# The picture below is the fastest way to answer the follow-ups. It opens on a constant gradient with both corrections off: at which step is the step longest? Switch them on one by one, and move β₂ until the first step is too *short*. Then take the spike, and see which of the two moments remembers it.

# %%
explorers.moments(correct_m=False, correct_v=False)

# %% [markdown]
# A good interviewer goes on: *why not start the averages at the first gradient?* It is unbiased as well. Work out the weight that the first gradient keeps.

# %%
weight_exercise = practice.exercise("14-first-weight")
weight_exercise


# %%
def first_weight(beta, t, corrected):
    return ...  # the weight of the first gradient after t steps


weight_exercise.check(first_weight)

# %% [markdown]
# It is not the bias that separates the two. It is the variance. We let both estimate a second moment of 1 from noise, and look at how far they stray at step 100.

# %% tags=["nbval-check-output"]
squares = rng.normal(size=(100, 20_000)) ** 2
corrected, begun = 0.001 * squares[0], squares[0]
for g2 in squares[1:]:
    corrected = 0.999 * corrected + 0.001 * g2
    begun = 0.999 * begun + 0.001 * g2
corrected /= 1 - 0.999**100
claim("Both have the right mean, to", max(abs(corrected.mean() - 1), abs(begun.mean() - 1)), below=0.05, approx=True)
spread = begun.std() / corrected.std()
claim("Begun at the first gradient it strays further, by a factor of", spread, near=9, within=0.4, digits=1)

# %% [markdown]
# ### Problem 2: two recommendations

# %%
practice.problem("14-choice")

# %% [markdown]
# **The experiment.** We have no ImageNet here and no data centre. What fits on two processor cores is the *shape* of the comparison: a small transformer on text, each optimizer with several rates. A comparison at one rate would say more about the rate than about the optimizer, so look at the lowest point of each curve. (The half with batch norm on images is in [notebook 07](07_adam_or_sgd.ipynb), with more rates and three seeds, and ends in a tie.)

# %%
from adamkit.rules import AdamW, Nesterov
from adamkit.lessons.nb07 import duel

rates = {"SGD + Nesterov": np.array([0.1, 0.3, 0.5, 1.0]), "AdamW": np.array([0.003, 0.01, 0.03, 0.1])}
text = {
    "SGD + Nesterov": duel.read_text(Nesterov(lr=rates["SGD + Nesterov"]), steps=150, seed=(0, 1)).test_loss[-1],
    "AdamW": duel.read_text(AdamW(lr=rates["AdamW"]), steps=150, seed=(0, 1)).test_loss[-1],
}

# %%
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
for name, key in (("SGD + Nesterov", "Nesterov"), ("AdamW", "AdamW")):
    loss = text[name].mean(axis=0)
    ax.semilogx(rates[name], loss, "o-", color=plotting.COLORS[key], label=name)
    for rate in rates[name][np.isnan(loss)]:
        ax.text(rate, 2.82, "diverged", color=plotting.COLORS[key], ha="center", va="top", rotation=90)
ax.set(xlabel="peak rate η", ylabel="test loss (nats)", title="On text the best AdamW is ahead of the best SGD")
ax.set_xlim(right=1.3)
ax.legend(loc="lower right")
plotting.show(fig, alt="AdamW's lowest test loss is below SGD's; SGD diverges at its highest rate.")

# %% tags=["nbval-check-output"]
best = {name: np.nanmin(losses, axis=1) for name, losses in text.items()}  # for each seed
lead = best["SGD + Nesterov"] - best["AdamW"]
claim("Text: AdamW's best loss is lower in both seeds, by", lead, above=0.04, approx=True)

# %% [markdown]
# On text the optimizer makes a difference that survives tuning. 150 steps of a tiny model do not speak for a language model: the experiment shows a direction, and the published recipes carry the weight.
#
# Look at the *width* of the two valleys before you say that Adam forgives a wrong rate. The rates of the sweep lie a factor of about three apart (near the best one closer). What does a rate about a third of the best cost, and one of three times?

# %%
for name, losses in text.items():
    place = int(np.nanargmin(losses.mean(axis=0)))
    print(f"{name}: best rate {rates[name][place]:g}. Test loss above its own, for the two seeds:")
    for other in (place - 1, place + 1):
        print(f"  at {rates[name][other]:g}:", np.round(losses[:, other] - losses[:, place], 2))

# %% [markdown]
# So below its best rate AdamW is the less forgiving of the two here, and above it the more forgiving: the direction is the same on both seeds; how much, so coarse a grid does not say. At 1 SGD diverges, as the picture shows. “Adam forgives a wrong rate” is half a sentence: say in which direction. Another sentence, that its best rate moves less from one task to the next, our searches do not carry far either: without one of the tasks the two scatter alike ([notebook 07](07_adam_or_sgd.ipynb)). What does hold is that Adam's best rate does not follow the scale of the loss.
#
# Interviewers go on by changing one condition at a time. Rehearse that with the adviser: it answers from the experiments of this series and from published ones, says how sure it is, and names the evidence for each reason. Say your own recommendation first. Then open *ResNet on images* and *A transformer from scratch*, and change single answers: fewer runs, less memory, fine-tuning. Which change turns the choice, and which only a number?

# %%
explorers.adviser()

# %% tags=["nbval-check-output"]
from adamkit.lessons.nb07.advice import advise

gpt, resnet = advise(), advise(network="cnn")
print(f"GPT-2: {gpt.choice}, {gpt.confidence}\nResNet-50: {resnet.choice}, {resnet.confidence}")
hurried = advise(network="cnn", runs="one")
print(f"ResNet-50 with a single run to spend: {hurried.choice}, {hurried.confidence}")

# %% [markdown]
# The adviser is sure of one half and not of the other, and a good answer is graded in the same way. It has no opinion beyond its evidence, so argue with it: which of its rows would your own experience overrule?
#
# One difference you should have noticed: for a transformer from scratch it says 3e-4 and two percent of warmup, and the model answer says 6e-4 and 2000 steps. The adviser was not told a size, and starts low, with "three times the rate" as the next run; the model answer names one, 124 million. Both are starting points for a sweep. Say so, and the interviewer has nothing to hold against either number.

# %% [markdown]
# ### Problem 3: it falls, then climbs
#
# A bet comes first this time, because the model answer gives it away. A transformer small enough to train in seconds falls during its warmup, and climbs when the rate has arrived at its height. Which of three changes would you bet on?

# %%
cure = practice.predict("14-which-cure")
cure

# %%
practice.problem("14-climb")

# %% [markdown]
# **The experiment.** Our small transformer needs a much higher rate to fall ill than a real one: 0.08, where a real one might at 1e-3. The number does not carry over. The way to find it out does.

# %%
climbs = clinic.CASES["climbs"]
print(climbs.story)
runs = {name: climbs.run(seed=0, treatment=name) for name in (None, "lower rate", "longer warmup", "clipping")}

# %%
fig = plotting.figure(7.6, 3.4)
ax = fig.subplots()
for (name, run), color in zip(runs.items(), ("tab:red", "tab:blue", "tab:orange", "tab:gray"), strict=True):
    smooth = np.convolve(run.losses, np.ones(20) / 20, "valid")
    ax.plot(np.arange(20, len(run.losses) + 1), smooth, color=color, label=name or "as it is")
ax.axvline(100, color=plotting.INK, linewidth=1, linestyle=":", label="end of warmup")
ax.axvline(300, color="tab:orange", linewidth=1, linestyle=":", label="end of the longer one")
ax.set(xlabel="step t", ylabel="training loss, mean of 20 steps", ylim=(2.35, 3.6))
ax.set_title("Only the lower rate does not climb")
plotting.outside_legend(ax)
plotting.show(fig, alt="A third of the rate falls and stays low; the longer warmup falls, then climbs, as the others.")

# %% tags=["nbval-check-output"]
sick = np.convolve(runs[None].losses, np.ones(20) / 20, "valid")
claim("The sick run ends above its own minimum by", runs[None].late() - sick.min(), above=0.08, approx=True)
others = np.array([runs[name].late() for name in (None, "longer warmup", "clipping")])
claim("The lower rate ends below all the others, by", others - runs["lower rate"].late(), above=0.1, approx=True)
gained = {name: run.losses[80:100].mean() - run.losses[-100:].mean() for name, run in runs.items()}
claim("After step 100 the lower rate gains", gained.pop("lower rate"), above=0.1, approx=True)
claim("… and the others", list(gained.values()), below=0.1, approx=True)
twins = np.abs(runs["lower rate"].losses[:100] - runs["longer warmup"].losses[:100]).max()
claim("Up to step 100 lower rate and longer warmup are one run, to", twins, below=0.01, approx=True)

# %%
cure.reveal()

# %% [markdown]
# Look at the blue and the orange curve once more. Up to step 100 they are one run: a third of the way up a ramp of 300 steps to 0.08 is the whole way up a ramp of 100 steps to a third of it. Blue stays at that rate; its loss falls further and stays low. Orange's rate goes on rising; its loss falls too, until step 200, and then climbs. Only the rate separates them, and no other pair here could have shown that so cleanly.
#
# Nothing here proves that every climbing run has too high a rate. It shows how to ask: the same seed, one change, and a bet beforehand. The schedules behind the cure are in [06](06_warmup_and_schedules.ipynb).
#
# Nor does it prove that "a longer warmup only postpones the peak". In this run it did, and no more than that was shown. Whether a warmup changes what a network can bear is contested. [Gilmer et al. 2021](https://arxiv.org/abs/2110.04369) found that a warmup leads training out of sharp regions into flatter ones, which bear a higher rate; [Kalra and Barkeshli 2024](https://arxiv.org/abs/2406.09405) call that rate its main benefit. Orange had 300 steps of warmup and 100 at the peak, red 100 and 300. A fair test gives both the same number of steps *at the peak*.

# %%
from adamkit import schedules

fair = climbs.follow(climbs.plan.changed(steps=600, schedule=schedules.linear_warmup(warmup=300)))
smooth = np.convolve(fair.losses, np.ones(20) / 20, "valid")

# %% tags=["nbval-check-output"]
claim("300 steps at the peak after a long warmup: above its own minimum by", fair.late() - smooth.min(), above=0.15,
      approx=True)
apart = fair.losses[-100:].mean() - runs[None].losses[-100:].mean()
claim("… and away from the short warmup's, after as many such steps, by", apart, between=(-0.3, 0.3), approx=True)

# %% [markdown]
# Here it climbs to about the same level, so in *this* model the longer warmup has not changed what the network bears. One seed, one small model: enough to say "in our run", and no more.
#
# In an interview you are not told which disease it is. So here is the ward: sixty patients, runs that were recorded, sick ones and healthy ones. Patient 1 is an old acquaintance: by which two signs do you know him? Then take patients 2 to 16. Read the panels aloud, name your diagnosis *with the signs it rests on*, and only then treat.

# %%
explorers.mystery()

# %% [markdown]
# ## Four problems at the keyboard
#
# The rest of an interview loop is work: code, other people's code, a calculation, a decision. Each problem has a clock that only you see; nothing is timed but you, and nothing stops when it is over.
#
# ### Problem 4: AdamW from a blank cell

# %%
practice.problem("14-code")

# %% [markdown]
# Start the clock, and write. Do not look at notebook 05, and do not run anything before you would hand it in: at a whiteboard nobody runs it for you.

# %%
practice.clock(12)


# %%
class AdamW:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        ...

    def step(self, grads):
        ...


judge = practice.exercise("05-adamw")
judge.check(AdamW)

# %% [markdown]
# When it has passed, or the clock is red, compare. Of an interviewer's notes the code is the smaller half: the sentences in the model answer above, said while you write, show that a line is understood and not remembered. What they write down as well: did you name the state before you wrote; did you ask which convention the decay has; did you test anything, and with $\lambda>0$?

# %%
judge.solution()

# %% [markdown]
# ### Problem 5: find the bugs
#
# "Write Adam on the board" is also a question about bugs, because the interviewer looks for the slips that people make. They are not made by beginners alone. The checkers of this series know the following ones from public code, most with the thread in which it was found, and nearly all of these programs ran without an error. They are of four kinds: most shipped; a few stood in documentation beside code that was right, some were caught in review, and some are no slips at all but choices, such as BERT's Adam without correction. (One incident can stand for several lines.) Unfold a notebook's list, pick three lines, and say what a run with each of these mistakes would look like; the hunt below has answers to compare with.

# %% tags=["nbval-check-output"]
published = practice.published_mistakes()
kinds = {kind: len(rows) for kind, rows in published.by_kind().items()}
claim("Mistakes in public places that the checkers know", len(published.rows), above=40)
claim("… of which shipped in code", kinds.pop("shipped"), above=30)
print(", ".join(f"{kind}: {count}" for kind, count in kinds.items()))

# %%
published

# %% [markdown]
# **Seven curves.** Here is AdamW with six bugs, one at a time, beside the right one: a small network on digits, the same start, the same batches, the same rate of 0.003. The programs are those of the bug hunt below, in which the bugs are stored as small edits of the right text.

# %%
from sklearn.datasets import load_digits

from adamkit.practice import programs

adamw = next(program for program in programs.load() if program.id == "adamw")
pixels, labels = load_digits().data / 16, load_digits().target

# %%
def losses(source, seed, lr=0.003, steps=300):
    """Training losses of a network 64-32-10 under the AdamW of this source text."""
    exec(source, space := {"np": np})
    rng, kept = np.random.default_rng(seed), []
    w1, b1, w2, b2 = params = [rng.normal(size=(64, 32)) / 8, np.zeros(32), rng.normal(size=(32, 10)) / 6, np.zeros(10)]
    optimizer = space["AdamW"](params, lr=lr)
    for _ in range(steps):
        rows = rng.integers(0, len(pixels), 64)
        x, y = pixels[rows], np.eye(10)[labels[rows]]
        hidden = np.maximum(x @ w1 + b1, 0)
        share = np.exp(hidden @ w2 + b2)
        share /= share.sum(axis=1, keepdims=True)
        kept.append(-np.log((share * y).sum(axis=1)).mean())
        up = (share - y) / len(x)
        down = up @ w2.T * (hidden > 0)
        optimizer.step([x.T @ down, down.sum(axis=0), hidden.T @ up, up.sum(axis=0)])
    return np.array(kept)


# %%
bugs = {bug.name: bug for bug in adamw.bugs}
letters = dict(zip("ABCDEFG", (
    "both are corrected with β₁", "the decay comes after the step", "the decay is not multiplied by the rate", "right",
    "v is fed with m", "the decay stands in the gradient", "the mean moves by β₁ instead of 1 − β₁",
), strict=True))  # fmt: skip
sources = {name: adamw.planted([bugs[name]] if name in bugs else []) for name in letters.values()}
curves = {name: np.array([losses(source, seed) for seed in range(3)]) for name, source in sources.items()}

# %%
fig = plotting.figure(7.6, 3.6)
ax = fig.subplots()
for number, (letter, name) in enumerate(letters.items()):
    smooth = np.convolve(curves[name].mean(axis=0), np.ones(20) / 20, "valid")
    ax.semilogy(np.arange(20, 301), smooth, color=f"C{number}", label=letter, linestyle=":" if letter == "B" else "-",
                linewidth=3.5 if letter == "B" else 1.5)
ax.set(xlabel="step t", ylabel="training loss, mean of 20 steps and 3 seeds")
ax.set_title("Seven curves, one program is right: which?")
plotting.outside_legend(ax)
plotting.show(fig, alt="Seven falling loss curves. C ends highest; B and D lie on one another.")

# %% [markdown]
# The six, in no order: the decay stands in the gradient; v is fed with m; the decay is not multiplied by the rate; the mean moves by $\beta_1$ instead of $1-\beta_1$; both averages are corrected with $\beta_1$; the decay comes after the step. Give each a letter, on paper. Then say which curve is the right one.

# %%
curve = practice.predict("14-seven-curves")
curve

# %%
for letter, name in letters.items():
    print(f"{letter}  ends at {curves[name][:, -50:].mean():.2f}: {name}")

# %% tags=["nbval-check-output"]
ends = {name: runs[:, -50:].mean(axis=1) for name, runs in curves.items()}  # for each seed
for name in ("both are corrected with β₁", "v is fed with m"):
    claim(f"Bug: {name}; it ends at so many times the right loss", ends[name] / ends["right"], below=0.75, approx=True)
slightly = ends["the mean moves by β₁ instead of 1 − β₁"] / ends["right"]
claim("Bug: the mean moves by β₁; times the right loss", slightly, below=0.98, approx=True)
tripled = np.array([losses(sources["right"], seed, lr=0.01)[-50:].mean() for seed in range(3)])
claim("The right program at 0.01 instead of 0.003: times the right loss", tripled / ends["right"], below=0.6,
      approx=True)
twins = np.abs(curves["the decay comes after the step"] - curves["right"]).max()
claim("Decay after the step: its curve differs from the right one by at most", twins, below=0.003, approx=True)

# %%
curve.reveal()

# %% [markdown]
# Three of the six bugs end *below* the right program. A and E do by far: both make $\hat v$ too small and the steps too long, and on an easy task at a rate below the best one, longer steps are what is missing: the right program at 0.01 does as well. G does by some percent: its first step is nine times too long, the tenth still half as long again, and later it has next to no momentum, which this task does not miss. Whoever debugs by the loss would keep the bug and delete the repair. And B nobody can see: what it changes is of the order of $\eta^2\lambda$.
#
# What does see it? Twenty steps on random gradients, in float64, beside an implementation that others have tested:

# %%
import torch

grads = np.random.default_rng(0).normal(size=(20, 5))


def end(source):
    exec(source, space := {"np": np})
    params = [np.ones(5)]
    optimizer = space["AdamW"](params, lr=0.003)
    for g in grads:
        optimizer.step([g])
    return params[0]


theta = torch.nn.Parameter(torch.ones(5, dtype=torch.float64))
reference = torch.optim.AdamW([theta], lr=0.003, weight_decay=0.01)
for g in grads:
    theta.grad = torch.from_numpy(g.copy())
    reference.step()

# %% tags=["nbval-check-output"]
apart = {name: np.abs(end(source) - theta.detach().numpy()).max() for name, source in sources.items()}
claim("The right program differs from torch's after 20 steps by", apart.pop("right"), below=1e-14)
claim("The nearest of the six bugs, by", min(apart.values()), between=(2e-7, 1e-6))

# %% [markdown]
# Between right and almost right lie more than seven orders of magnitude, and no seed, no rate and no patience comes into it. Say this when you are asked how you would test an optimizer.
#
# Some mistakes are a rate in disguise. OLMo-core's skip-step AdamW kept its step counter at one, with $\beta_2=0.95$. The correction then never fades, and late steps keep the factor that belongs to the first:

# %% tags=["nbval-check-output"]
def late_step(beta2, stuck):
    """Length of the 5000th step, over η, on a constant gradient; stuck: corrected as if t were always 1."""
    m = v = 0.0
    for t in range(1, 5001):
        m, v, power = 0.9 * m + 0.1, beta2 * v + 1 - beta2, 1 if stuck else t
        step = m / (1 - 0.9**power) / np.sqrt(v / (1 - beta2**power))
    return step


for beta2, factor in ((0.95, 2.24), (0.999, 0.316)):
    ratio = late_step(beta2, stuck=True) / late_step(beta2, stuck=False)
    claim(f"A counter stuck at 1, betas 0.9 and {beta2}: late steps, times as long", ratio, near=factor, within=0.005)

# %% [markdown]
# Late in training that is a wrong rate and little more (the decay, which uses the right one, is then too weak or too strong beside it), and a sweep over the rate hides it. This is why a loss curve proves nothing about an implementation, and a comparison in float64 does.
#
# **The hunt.** Sixteen programs of 6 to 18 lines, optimizers and training loops, each with one to three bugs of the kind that published code has had. The task in the box is the measure: what it says is no bug. Mark the lines, say why, then let it be judged: any line of the statement will do, and where a line is missing, one beside the gap. With a kernel, click the numbers; without one, write the lines into the cell below. Begin with one that is seen at a glance.

# %%
easy = practice.bug_hunt(seed=0, level=1)
easy

# %%
easy.check(...)  # such as easy.check(7), or with the reason: easy.check({7: "v is never updated"})

# %% [markdown]
# Level 2 has one bug or two. This is the length and the kind that an interview has, and five minutes is what you get.

# %%
practice.clock(5)

# %%
usual = practice.bug_hunt(seed=12, level=2)
usual

# %%
usual.check(...)

# %% [markdown]
# A mark says where. What it is worth shows in the repair: your line in place of theirs, run beside the right program. Any text that gives the right numbers will do.

# %%
usual.repair(...)  # such as usual.repair({4: "self.decay = 0.99"}); "" deletes a line

# %% [markdown]
# Level 3: two or three, one of them well hidden. Here the clock is of no use; a list of what *must* hold is.

# %%
hard = practice.bug_hunt(seed=3, level=3)
hard

# %%
hard.check(...)

# %% [markdown]
# `.hint()` says how many there are, then what a run would show, then where to look; `.solution()` has the right text. Other seeds draw other bugs: 16 in a row go through all programs. Does each of them *matter*? `.difference()` runs the program and its right version on the same numbers.

# %% tags=["nbval-check-output"]
gaps = [hunt.difference() for hunt in (easy, usual, hard)]
claim("The three programs above end elsewhere than their right versions, by at least", min(gaps), above=1e-4,
      approx=True)

# %% [markdown]
# ### Problem 6: one step, counted
#
# *How much memory, how long a step?* is asked of everybody who will be given expensive machines. The answer is four products, and the skill is to know which factor belongs in which. First the bytes of one parameter, as at the board:

# %%
bytes_exercise = practice.exercise("14-bytes")
bytes_exercise


# %%
def training_bytes(weight, gradient, master, state, devices):
    return ...  # bytes for each parameter on one device


bytes_exercise.check(training_bytes)

# %% [markdown]
# Now a whole step: eight minutes, pen and paper, two digits. The checker knows the budget of [notebook 10](10_training.ipynb), and for each number the slips that people make.

# %%
practice.clock(8)

# %%
step = practice.systems(seed=0)
step

# %%
step.check(memory=..., activations=..., seconds=..., update=...)

# %% [markdown]
# Another seed is another model on another machine. When you can do it without looking up a rule, answer the two questions that follow it in an interview. *Which of the four numbers falls when I double the devices?* (At the same tokens for each device: memory and update, and of the memory only what is spread. Activations and time stay; what doubles is the batch.) *Is the update worth a faster kernel?* Compare its milliseconds with the seconds above it.
#
# ### Problem 7: scale it
#
# The last one has no code, and separates those who have read recipes from those who have asked of each number where it came from. For each setting: which way, *and how sure are you*? A right answer said too surely is marked. [Notebook 11](11_scaling_up.ipynb), *Scaling up*, has the experiments behind the rules.

# %%
practice.scale_it()

# %%
practice.scale_it().check({"peak rate": ..., "tokens a step": ..., "beta2": ...})  # such as "up, likely"

# %% [markdown]
# What a strong answer sounds like: "The peak goes down, I am sure of that and not of the size: three published 7-billion runs have 1.2e-4 to 4.2e-4, with batches of 2 to 9 million tokens. So I would not take one of them over; I would sweep the rate on three small widths, with the schedule and the batch that I shall use, and extrapolate, or write the network in μP and check with one wider run that it transfers. Decay, betas and clip I leave, because the runs I have read do, and that is convention and no evidence." It names the direction, the spread, the experiment and the limit.
#
# ## The mock interview
#
# Now with a clock. Choose a pattern, or any, and begin. Your text is kept at every keystroke. The clock cuts nobody off; when it turns red, come to an end. Then read the model answer and grade your own: *strong*, *lean* or *no*. At the end you get a list of what to revisit, with links.
#
# Grade strictly. The questions that you call strong come back last.

# %%
practice.mock_interview()

# %% [markdown]
# The questions come from a bank of a hundred, in ten patterns. Each has a one-minute answer, the trap in it, the follow-up, the section of this series that shows it, and its source. The bank is a folder of plain text files that anyone can extend; the test-suite checks every entry.

# %% tags=["nbval-check-output"]
from adamkit.practice import bank

for pattern in bank.load():
    print(f"{pattern.name:16} {len(pattern.questions):3}")

# %% [markdown]
# `make cheatsheet` turns the bank into a few pages to print: per pattern the question, the trap and the place. What is on it should be what you stumble over, not what you know, so cross out freely.
#
# ## Keep it
#
# Much of what you can say today will be gone in three weeks, unless you recall it in between, at growing intervals. Two tools do the book-keeping.
#
# The **cards** hold the questions of the bank. Each grade that you give, here or in the mock interview, decides when the card comes back. The schedule is FSRS, a published algorithm that estimates when your chance of recalling a card has fallen to 90 percent.

# %%
practice.review()

# %% [markdown]
# The **plan** says what to do on days 0, 3, 7, 14 and 21. Some of it is to be done aloud, to a patient listener; a rubber duck will do.

# %%
practice.study_plan()

# %% [markdown]
# Both can leave the notebook. This writes the dates as a calendar file, with a reminder for each day, and the cards as a deck for Anki, in which the formulas are set properly:
#
# ```python
# from adamkit.practice import cards, plan
#
# plan.save_calendar("adam.ics")
# cards.save_deck("adam.apkg")
# ```
#
# And this is how far you are.

# %%
practice.progress_panel()

# %% [markdown]
# ## The opening question again
#
# A transformer's loss, flat for 10 000 steps under default Adam. Answer once more, without looking anything up. When you save, your first answer appears beside the new one, with the rubric.

# %%
practice.opening_answer().compare()

# %% [markdown]
# ## Where to go next
#
# **Scaling beyond notebook 11.** M. Wortsman et al., [*Small-scale proxies for large-scale Transformer training instabilities*](https://arxiv.org/abs/2309.14322), 2023, make the diseases of large models appear in small ones, by a high rate: growing attention logits, drifting output logits. Ask while reading: which of them could you bring about in our small transformer? And K. Everett et al., [*Scaling exponents across parameterizations and optimizers*](https://arxiv.org/abs/2407.05872), 2024, find that not only μP lets a rate transfer, and that ε has to scale as well.
#
# **Beyond LoRA.** [Notebook 10](10_training.ipynb) has low-rank adaptation, and measures which rate it wants. What it leaves out: T. Dettmers et al., [*QLoRA*](https://arxiv.org/abs/2305.14314), 2023, where the frozen weights take four bits, and D. Kalajdzievski, [*A rank stabilization scaling factor*](https://arxiv.org/abs/2312.03732), 2023, on dividing by the root of the rank. Ask of the second: does our formula for the first step agree with it?
#
# **The original Transformer's training recipe.** You know now what every number in section 5.3 of A. Vaswani et al., [*Attention is all you need*](https://arxiv.org/abs/1706.03762), 2017, is there for: β₂ of 0.98, ε of 1e-9, 4000 steps of warmup, the inverse square root, the width in the rate. Reread it with the question which of them came from post-LN, and which would still be there in a model of today.
#
# **Batch normalisation.** It made deep networks trainable with plain SGD; why is contested ([Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)). A weight in front of it has no length that matters: decay shrinks it, and what that changes is its *effective rate*. Begin with S. Ioffe and C. Szegedy, [*Batch normalization*](https://arxiv.org/abs/1502.03167), 2015, then ask what weight decay does to a scale-invariant weight, and why Adam and SGD answer differently.
#
# ## In the interview

# %%
practice.interview("14-do-not-know")

# %% [markdown]
# ## Recap
#
# - Sentence, figure, limit: the three layers of an answer.
# - Derive the factors, then look at the ratio: too large, 3.16 and then 6.57.
# - Recommend with reasons, and say which of them are evidence; one change at a time, with a bet before each.
# - A loss curve proves nothing about an implementation; a comparison in float64 does.
# - Recall aloud, at growing intervals.

# %%
practice.self_check("14")

# %% [markdown]
# **Next:** a colleague who asks you to explain Adam. Or [the beginning](00_start_here.ipynb), for whatever the mock interview found lean.
#
# **Sources.** D. Kingma and J. Ba, [*Adam*](https://arxiv.org/abs/1412.6980), ICLR 2015, section 3. The published recipes: torchvision's ResNet-50 weights V1 and V2; R. Wightman et al., [*ResNet strikes back*](https://arxiv.org/abs/2110.00476), 2021; T. Brown et al., [*GPT-3*](https://arxiv.org/abs/2005.14165), 2020, table 2.1 and appendix B; H. Touvron et al., [*LLaMA*](https://arxiv.org/abs/2302.13971), 2023, table 2; DeepSeek-AI, [*DeepSeek LLM*](https://arxiv.org/abs/2401.02954), 2024. For problem 7 besides: S. McCandlish et al., [*An empirical model of large-batch training*](https://arxiv.org/abs/1812.06162), 2018; J. Hoffmann et al., [*Chinchilla*](https://arxiv.org/abs/2203.15556), 2022; G. Yang et al., [*Tensor Programs V*](https://arxiv.org/abs/2203.03466), 2022; H. Zhang et al., [*How does critical batch size scale in pre-training?*](https://arxiv.org/abs/2410.21676), 2024; M. Marek et al., [*Small batch size training for language models*](https://arxiv.org/abs/2507.07101), 2025; X. Wang and L. Aitchison, [*How to set AdamW's weight decay*](https://arxiv.org/abs/2405.13698), 2025; Team OLMo, [*2 OLMo 2 Furious*](https://arxiv.org/abs/2501.00656), 2024. The machines of problem 6: the maker's data sheets of A100 and H100. F. Kunstner et al., [*Noise is not the main factor*](https://arxiv.org/abs/2304.13960), ICLR 2023. J. Ye, J. Su and Y. Cao, *A stochastic shortest path algorithm for optimizing spaced repetition scheduling*, KDD 2022. Every question of the bank names its own source.
