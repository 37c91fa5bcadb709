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
# - *hold* a mock interview against the clock, and *grade* yourself honestly;
# - *say* where your answers are lean, and which section of the series to read again;
# - *keep* what you have learned, with cards that come back when you are about to forget them.
#
# About 75 minutes for the three problems. The ward behind the third and the mock interview are for another evening, and the cards for a few minutes on most days. Builds on all the others; runs without them.
#
# > **The question.** You answered one in notebook 00, weeks ago perhaps. What would you say now?
#
# An answer in an interview has three layers. The first is the sentence that most people give. The second is the figure or the derivation that shows you have looked. The third is the limit: when it does *not* hold, and how you would find out. This notebook trains the second and the third.

# %%
import numpy as np

from adamkit import clinic, explorers, optim, plotting, practice, theory
from adamkit.claims import claim

# %% [markdown]
# ## Three problems
#
# Each takes five to eight minutes at a whiteboard. Say your answer aloud first, or type it and save it; it stays on your disk. Open a hint only when you are stuck, and the model answer only when you are done. Then run the experiment below it: an answer that you have seen happen is hard to forget.
#
# ### Problem 1: the correction

# %%
practice.problem("14-derivation")

# %% [markdown]
# **The experiment.** The derivation claims that $\mathbb{E}[m_t]=(1-\beta_1^t)\,\mathbb{E}[g]$ under one assumption, equal means, and that independence is not needed. So the streams here are *correlated*: each gradient leans on the one before it. Equal means, dependent noise, ten thousand streams.

# %%
rng = np.random.default_rng(0)
noise = rng.normal(size=10_000)
m, raw_share = np.zeros(10_000), []
for _ in range(40):
    noise = 0.8 * noise + 0.6 * rng.normal(size=10_000)  # variance 1, correlated in time
    m = 0.9 * m + 0.1 * (1.0 + noise)
    raw_share.append(m.mean())
gap = np.abs(np.array(raw_share) - (1 - 0.9 ** np.arange(1, 41))).max()

# %% tags=["nbval-check-output"]
claim("Correlated gradients: the mean of m and 1 − β₁ᵗ differ by", gap, below=0.04, approx=True)

# %% [markdown]
# The measure of such a difference is the standard error, at most a hundredth here, so 0.04 is four of them. The formula holds, and the assumption that most people add, independent gradients, was not needed.
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
# The picture below is the fastest way to answer the follow-ups. Take the scenario with a constant gradient, switch the corrections off one by one, and move β₂ until the first step is too *short*. Then take the spike, and see which of the two moments remembers it.

# %%
explorers.moments()

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
# **The experiment.** We have no ImageNet here and no data centre. What fits on two processor cores is the *shape* of the comparison: a small transformer on text and a small network with batch norm on images, each optimizer with several rates. A comparison at one rate would say more about the rate than about the optimizer, so look at the lowest point of each curve.

# %%
from adamkit.rules import AdamW, Nesterov
from adamkit.training import duel

rates = {"SGD + Nesterov": np.array([0.1, 0.3, 0.5, 1.0]), "AdamW": np.array([0.003, 0.01, 0.03, 0.1])}
text = {
    "SGD + Nesterov": duel.read_text(Nesterov(lr=rates["SGD + Nesterov"]), steps=150, seed=(0, 1)).test_loss[-1],
    "AdamW": duel.read_text(AdamW(lr=rates["AdamW"]), steps=150, seed=(0, 1)).test_loss[-1],
}
images = {
    "SGD + Nesterov": duel.read_digits(duel.sgd_nesterov, [0.05, 0.2], seed=(0,))["test_accuracy"],
    "AdamW": duel.read_digits(duel.adamw, [0.003, 0.01], seed=(0,))["test_accuracy"],
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
for name, scores in images.items():
    claim(f"Images, batch norm: accuracy of {name} at its best rate", scores.max(), above=0.97, approx=True)

# %% [markdown]
# On text the optimizer makes a difference that survives tuning. On these images both arrive, which two rates and one seed cannot say of ImageNet, as 150 steps cannot of a language model: the experiment shows a direction, and the published recipes carry the weight.
#
# Look at the *width* of the two valleys before you say that Adam forgives a wrong rate. The rates of the sweep lie a factor of about three apart. What does a step to the left of the best one cost?

# %%
for name, losses in text.items():
    place = int(np.nanargmin(losses.mean(axis=0)))
    print(f"{name}: best rate {rates[name][place]:g}; at {rates[name][place - 1]:g} the loss is higher, by seed, by",
          np.round(losses[:, place - 1] - losses[:, place], 2))

# %% [markdown]
# So AdamW's rate is not the forgiving one here. What other experiments of this series support is another sentence: its best rate moves less from one task to the next ([notebook 07](07_adam_or_sgd.ipynb)).
#
# Interviewers go on by changing one condition at a time. Rehearse that with the adviser: it answers from the experiments of this series and from published ones, says how sure it is, and names the evidence for each reason. Say your own recommendation first. Then open *ResNet on images* and *A transformer from scratch*, and change single answers: fewer runs, less memory, fine-tuning. Which change turns the choice, and which only a number?

# %%
explorers.adviser()

# %% tags=["nbval-check-output"]
from adamkit.training.advice import advise

gpt, resnet = advise(), advise(network="cnn")
print(f"GPT-2: {gpt.choice}, {gpt.confidence}\nResNet-50: {resnet.choice}, {resnet.confidence}")
hurried = advise(network="cnn", runs="one")
print(f"ResNet-50 with a single run to spend: {hurried.choice}, {hurried.confidence}")

# %% [markdown]
# The adviser is sure of one half and not of the other, and a good answer is graded in the same way. It has no opinion beyond its evidence, so argue with it: which of its rows would your own experience overrule?
#
# One difference you should have noticed: for a transformer from scratch it says 3e-4 and two percent of warmup, and the model answer says 6e-4 and 2000 steps. The adviser was not told a size, and starts low, with "three times the rate" as the next run; the model answer names one, 124 million. Both are starting points for a sweep. Say so, and the interviewer has nothing to hold against either number.
#
# The follow-up that comes most often after this problem is about memory. At the board, one counts bytes for each parameter.

# %%
bytes_exercise = practice.exercise("14-bytes")
bytes_exercise


# %%
def training_bytes(weight, gradient, master, state, devices):
    return ...  # bytes for each parameter on one device


bytes_exercise.check(training_bytes)

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
ax.set_title("Only the lower rate goes on learning")
plotting.outside_legend(ax)
plotting.show(fig, alt="After step 100 only the run with a third of the rate goes on falling.")

# %% tags=["nbval-check-output"]
sick = np.convolve(runs[None].losses, np.ones(20) / 20, "valid")
claim("The sick run ends above its own minimum by", runs[None].late() - sick.min(), above=0.1, approx=True)
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
# Look at the blue and the orange curve once more. Up to step 100 they are one run: a third of the way up a ramp of 300 steps to 0.08 is the whole way up a ramp of 100 steps to a third of it. Blue stays at that rate, and its loss goes on falling. Orange's rate goes on rising, and its loss climbs. Only the rate separates them, and no other pair here could have shown that so cleanly.
#
# Nothing here proves that every climbing run has too high a rate. It shows how to ask: the same seed, one change, and a bet beforehand. The schedules behind the cure are in [06](06_warmup_and_schedules.ipynb).
#
# Nor does it prove that "a longer warmup only postpones the peak". In this run it did, and no more than that was shown. Whether a warmup changes what a network can bear is contested. [Gilmer et al. 2021](https://arxiv.org/abs/2110.04369) found that a warmup leads training out of sharp regions into flatter ones, which bear a higher rate; [Kalra and Barkeshli 2024](https://arxiv.org/abs/2406.09405) hold this to be its main benefit. Orange had 300 steps of warmup and 100 at the peak, red 100 and 300. A fair test gives both the same number of steps *at the peak*.

# %%
from adamkit import schedules

fair = climbs.follow(climbs.plan.changed(steps=600, schedule=schedules.linear_warmup(warmup=300)))
smooth = np.convolve(fair.losses, np.ones(20) / 20, "valid")

# %% tags=["nbval-check-output"]
claim("300 steps at the peak after a long warmup: above its own minimum by", fair.late() - smooth.min(), above=0.15,
      approx=True)
apart = fair.losses[-100:].mean() - runs[None].losses[-100:].mean()
claim("… and away from the short warmup's, after as many such steps, by", apart, between=(-0.25, 0.25), approx=True)

# %% [markdown]
# Here it climbs to about the same level, so in *this* model the longer warmup has not changed what the network bears. One seed, one small model: enough to say "in our run", and no more.
#
# In an interview you are not told which disease it is. So here is the ward: sixty patients, runs that were recorded, sick ones and healthy ones. Patient 1 is an old acquaintance: by which two signs do you know him? Then take patients 2 to 16. Read the panels aloud, name your diagnosis *with the signs it rests on*, and only then treat.

# %%
explorers.mystery()

# %% [markdown]
# ## Mistakes that were published
#
# "Write Adam on the board" is also a question about bugs, because the interviewer looks for the slips that people make. They are not made by beginners alone. The checkers of this series know the following ones from public code, most with the thread in which it was found, and nearly all of these programs ran without an error. They are of four kinds: most shipped; a few stood in documentation beside code that was right, some were caught in review, and some are no slips at all but choices, such as BERT's Adam without correction. (One incident can stand for several lines.) Unfold a notebook's list, pick three lines, and say what a run with each of these mistakes would look like.

# %% tags=["nbval-check-output"]
published = practice.published_mistakes()
kinds = {kind: len(rows) for kind, rows in published.by_kind().items()}
claim("Mistakes in public places that the checkers know", len(published.rows), above=40)
claim("… of which shipped in code", kinds.pop("shipped"), above=30)
print(", ".join(f"{kind}: {count}" for kind, count in kinds.items()))

# %%
published

# %% [markdown]
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
# That is a wrong rate, no more, and a sweep over the rate repairs it without anybody knowing. This is why a loss curve proves nothing about an implementation, and a comparison in float64 does.
#
# ## The mock interview
#
# Now with a clock. Choose a pattern, or any, and begin. Your text is kept at every keystroke. The clock cuts nobody off; when it turns red, come to an end. Then read the model answer and grade your own: *strong*, *lean* or *no*. At the end you get a list of what to revisit, with links.
#
# Grade strictly. The questions that you call strong come back last.

# %%
practice.mock_interview()

# %% [markdown]
# The questions come from a bank of almost a hundred, in ten patterns. Each has a one-minute answer, the trap in it, the follow-up, the section of this series that shows it, and its source. The bank is a folder of plain text files that anyone can extend; the test-suite checks every entry.

# %% tags=["nbval-check-output"]
from adamkit.practice import bank

for pattern in bank.load():
    print(f"{pattern.name:16} {len(pattern.questions):3}")

# %% [markdown]
# `make cheatsheet` turns the bank into a few pages to print: per pattern the question, the trap and the place. What is on it should be what you stumble over, not what you know, so cross out freely.
#
# ## Keep it
#
# What you can say today will be gone in three weeks, unless you recall it in between, at growing intervals. Two tools do the book-keeping.
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
# **Scaling the rate with the size.** You have seen that a best rate belongs to a width. There is a way to write initialisation and rates for each layer so that the best rate of a small model is that of a large one: G. Yang et al., [*Tensor Programs V*](https://arxiv.org/abs/2203.03466), 2022 (μP). Ask while reading: what do Adam's steps of size η do to an output that sums over the width? And beside it S. McCandlish et al., [*An empirical model of large-batch training*](https://arxiv.org/abs/1812.06162), 2018: up to which batch is a larger one worth its price?
#
# **Beyond LoRA.** [Notebook 10](10_training.ipynb) has low-rank adaptation, and measures which rate it wants. What it leaves out: T. Dettmers et al., [*QLoRA*](https://arxiv.org/abs/2305.14314), 2023, where the frozen weights take four bits, and D. Kalajdzievski, [*A rank stabilization scaling factor*](https://arxiv.org/abs/2312.03732), 2023, on dividing by the root of the rank. Ask of the second: does our formula for the first step agree with it?
#
# **The original Transformer's training recipe.** You know now what every number in section 5.3 of A. Vaswani et al., [*Attention is all you need*](https://arxiv.org/abs/1706.03762), 2017, is there for: β₂ of 0.98, ε of 1e-9, 4000 steps of warmup, the inverse square root, the width in the rate. Reread it with the question which of them came from post-LN, and which would still be there in a model of today.
#
# **Batch normalisation.** It made deep networks trainable with plain SGD by keeping activations, and with them gradients, at one scale. A weight in front of it has no length that matters, so decay acts on its *effective rate* and not on its size. Begin with S. Ioffe and C. Szegedy, [*Batch normalization*](https://arxiv.org/abs/1502.03167), 2015, then ask what weight decay does to a scale-invariant weight, and why Adam and SGD answer differently.
#
# ## In the interview

# %%
practice.interview("14-do-not-know")

# %% [markdown]
# ## Recap
#
# - Sentence, figure, limit: the three layers of an answer.
# - Derive the factors, then look at the ratio: too large, 3.16 and then 6.57.
# - Recommend with reasons, and say which of them are evidence.
# - One change at a time, with a bet before each.
# - Recall aloud, at growing intervals.

# %%
practice.self_check("14")

# %% [markdown]
# **Next:** a colleague who asks you to explain Adam. Or [the beginning](00_start_here.ipynb), for whatever the mock interview found lean.
#
# **Sources.** D. Kingma and J. Ba, [*Adam*](https://arxiv.org/abs/1412.6980), ICLR 2015, section 3. The published recipes: torchvision's ResNet-50 weights V1 and V2; R. Wightman et al., [*ResNet strikes back*](https://arxiv.org/abs/2110.00476), 2021; T. Brown et al., [*GPT-3*](https://arxiv.org/abs/2005.14165), 2020. F. Kunstner et al., [*Noise is not the main factor*](https://arxiv.org/abs/2304.13960), ICLR 2023. J. Ye, J. Su and Y. Cao, *A stochastic shortest path algorithm for optimizing spaced repetition scheduling*, KDD 2022. Every question of the bank names its own source.
