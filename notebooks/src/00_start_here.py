# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 00 · Start here
#
# You have called `torch.optim.Adam` a thousand times. This series is for the day when you have to *explain* it: to an interviewer, to a colleague, or to a loss curve that will not move.
#
# **After this notebook you can**
#
# - *run* a live picture, a prediction, a claim and an exercise, the four things every notebook is made of;
# - *see* what four optimizers do from a starting point that you choose;
# - *find* the notebook where your own series should begin;
# - *compare*, weeks from now, your first answer to a hard question with your last.
#
# About 25 minutes. Builds on nothing but Python and some calculus.
#
# > **The question.** A transformer's loss has been flat for 10 000 steps under Adam with its defaults. What is Adam doing? Why might it stall? What would you change? And why do some people finish with SGD?

# %% [markdown]
# ## Who this is for
#
# Machine-learning engineers, research engineers and data scientists who train models and are about to be asked about it. Optimizer questions come up because they separate people who have *used* a tool from people who know what it does. They start easily ("explain Adam") and then go down ("so are the first steps too small or too large without the correction?"). Each step down is a section of this series.
#
# You do not need to believe us, nor anybody else: even the paper that introduced Adam prints a bound on its step that a short run breaks ([04](04_adam.ipynb) does it). So what a notebook rests on is measured in a cell beside the sentence, derived on the page, or carries its source; and where the literature is divided we say so.
#
# ## Your first answer
#
# Read the question above again, and answer it **now**, in five sentences, as you would in an interview. Do not look anything up. Your text stays on your disk and goes nowhere else; it is kept for [the interview practice](14_interview.ipynb) at the end of the series.

# %%
from adamkit import environment, practice
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.live.pulse import Pulse

practice.opening_answer()

# %% [markdown]
# ## Is everything working?
#
# Run the next cell: click into it and press <kbd>Shift</kbd>+<kbd>Enter</kbd>. Each line with a cross comes with its remedy.

# %%
environment.check()

# %% [markdown]
# A version number says that a package is installed. It does not say that a slider will move. This does: the box below turns green when your browser and this kernel have exchanged a message in both directions.

# %%
Pulse()

# %% [markdown]
# If it stays grey, the widgets of this page are not connected. Close the page and start again with `make lab`, which puts JupyterLab and the kernel into one environment. On GitHub or any other static page it stays grey by nature: there is no kernel to answer. You can still read everything, with pictures in place of live figures. To look before you install, there are the project's published pages (`make site` builds the same): on them the pictures move, from recordings, in any browser.

# %% [markdown]
# ## How the series works
#
# **Keys.** <kbd>Shift</kbd>+<kbd>Enter</kbd> runs a cell and moves on. <kbd>Esc</kbd> then <kbd>A</kbd> or <kbd>B</kbd> adds a cell above or below. <kbd>0</kbd> <kbd>0</kbd> restarts the kernel. Every notebook runs from top to bottom without stopping, so *Run → Run All Cells* is always safe, but it also shows you every answer: for a first reading go cell by cell. With the tab key you reach every slider; the arrow keys move it.
#
# **Predictions.** Before a result, you are asked to commit yourself. A wrong guess costs nothing, and it makes you read the answer.

# %%
warm_up = practice.predict("00-same-rate")
warm_up

# %% [markdown]
# **Claims.** A ✓ stands for a measurement that has just been made: the sentence, and what was found. When the measurement no longer supports the sentence, the cell fails, and so does our test-suite. A figure that differs a little between processors is printed with ≈, and with the bound that it has to keep. Here are the two claims that settle your guess:

# %% tags=["nbval-check-output"]
import numpy as np

from adamkit import optim

weights = [np.zeros(2)]
adam = optim.Adam(weights, lr=0.01)
for _ in range(10):
    adam.step([np.array([1000.0, 0.001])])

claim("After ten steps of Adam, a gradient of 1000 has moved its weight by", abs(weights[0][0]), near=0.1, within=1e-4)
claim("… and a gradient of 0.001 has moved its weight by", abs(weights[0][1]), near=0.1, within=1e-4)

# %%
warm_up.reveal()

# %% [markdown]
# **Exercises.** You write code, `check` answers at once. When something is wrong it tries the slips that people usually make and tells you which of them reproduces your numbers. Untouched exercises say so and let the notebook run on. Here is a small one.

# %%
average = practice.exercise("00-average")
average


# %%
def average_gradient(gradients):
    return ...  # a list of arrays of one shape → their mean


average.check(average_gradient)

# %% [markdown]
# `average.hint()` opens one hint at a time, `average.solution()` shows ours.
#
# **Live pictures.** Drag a slider and the picture moves with it. Drag on the surface to choose where everybody starts. Each picture has a few named scenarios: buttons that set all sliders and say what to look for.
#
# ## Four optimizers, one starting point
#
# Press the scenarios one after the other. Then drag the start into a corner that looks unpleasant, and see who suffers.

# %%
explorers.race()

# %% [markdown]
# Look at the first scenario for a minute. A million times less loss is the finishing line, each racer runs at the best of 61 rates (of those that never double the first loss, the one whose loss, on a logarithmic scale, is lowest on average), and the table says that Adam arrives at step 124, momentum at 132, RMSprop at step 8, and SGD not at all. Before you draw a conclusion, let us look at what the four *did*. The same race, in a cell:

# %%
from adamkit import descent, rules, surfaces  # rules: the same optimizers, made to walk on surfaces

ravine = surfaces.ravine(kappa=100)  # across the valley 100 times as curved as along it
racers = {
    "SGD": rules.SGD(lr=0.018),
    "Momentum": rules.Momentum(lr=0.0056, momentum=0.9),
    "RMSprop": rules.RMSprop(lr=0.056, beta2=0.999),
    "Adam": rules.Adam(lr=0.26),
}
runs = {name: descent.run(rule, ravine, steps=300) for name, rule in racers.items()}


# %% tags=["nbval-check-output"]
def last_swing(run, size):  # the last step that crosses the valley, and ends further than ``size`` beyond the floor
    across = run.positions[:, 1]
    return np.flatnonzero((across[1:] * across[:-1] < 0) & (abs(across[1:]) > size)).max() + 1


def arrival(run):  # the step from which the loss stays below a millionth of the first; 301 for never
    return np.flatnonzero(~(run.losses <= 1e-6 * run.losses[0])).max() + 1


print("           arrives at   last swing above 0.01   first step, in units of η   way left at step 100")
for name, run in runs.items():
    along, first = run.positions[:, 0], abs(run.steps_taken[0, 0]) / run.rule.lr
    left = abs(along[100] / along[0])
    print(f"{name:9}  {arrival(run):10}   {last_swing(run, 0.01):21}   {first:26.1f}   {left:20.2f}")
longer = np.array([last_swing(runs["Momentum"], size) / last_swing(runs["SGD"], size) for size in (0.1, 0.01, 0.001)])
claim("Momentum's swings last longer than SGD's, counted down to 0.1, 0.01, 0.001, by", longer, between=(1.8, 4.2))

# %% [markdown]
# So all four swing across the valley. **SGD** jumps from wall to wall at every step, but the jumps die out within some twenty; what ruins it is the rest, the crawl along the floor, of which a sixth is still before it after 100 steps. **Momentum** swings two to four times as long, depending on how you count, and arrives. **Adam** starts with a step of exactly η on each axis, whatever the slope.
#
# And **RMSprop**? Its very first step is 32 times η, and the next ones are longer than η too. It is no accident of this start: drag the white dot, and it arrives as soon from anywhere. But give it the correction that Adam applies to v, and the miracle is gone, at each of 61 rates (here the best is the one that arrives soonest):

# %% tags=["nbval-check-output"]
claim("RMSprop's first step is longer than η, by", abs(runs["RMSprop"].steps_taken[0]) / 0.056, near=31.6, within=0.1)


def arrivals(rule, start=None):  # the same, for many runs at once
    losses = descent.sweep(rule, ravine, start=start, steps=300, keep="losses").losses
    above = ~(losses <= 1e-6 * losses[:, :1])
    return 301 - above[:, ::-1].argmax(axis=1)


starts = np.random.default_rng(0).uniform((-3.4, -2.9), (3.4, 2.9), size=(200, 2))
everywhere = arrivals(rules.RMSprop(lr=0.056, beta2=0.999), starts)
claim("From 200 random starts RMSprop needs this many steps", everywhere, between=(2, 15))
rates = np.geomspace(1e-4, 10, 61)
corrected, adam = rules.Adam(lr=rates, beta1=0.0), rules.Adam(lr=rates)
claim("With Adam's correction, at the best of 61 rates, it needs", int(arrivals(corrected).min()), between=(39, 47))
best = {rule: np.array([arrivals(rule, start).min() for start in starts[:40]]) for rule in (corrected, adam)}
claim("… from 40 of the starts, in the median", np.median(best[corrected]), between=(15, 35))
claim("… where Adam, at the best of 61, needs", best[adam], between=(105, 130))
as_long = rules.Adam(lr=np.array([0.056 * 31.6]), beta1=0.0)
claim("Corrected, but with the same first step: 301 is never", int(arrivals(as_long)[0]), equals=301)

# %% [markdown]
# So the eight steps come from something that RMSprop *lacks*. With it RMSprop needs five times as many from here (from other starts half as many again, or dozens of times as many), though from most still fewer than Adam. Nor is it the long first step alone: corrected, at an η that makes the first step just as long, it never arrives. Why does the lack make the first step 32 times η, and why do the next ones shrink so fast? Why is it often said that such steps are too *short*? And would you want them at the start of a real training, where hardly any loss is a ravine along the axes, and nobody has searched 61 rates first? Keep these questions: [03](03_rmsprop.ipynb) and [04](04_adam.ipynb) answer them, and derive the 31.6 in two lines.
#
# Two more sights are worth your time. On the saddle, Adam keeps its pace where SGD nearly stands still: it divides the tiny gradient across the ridge by its own size, and so moves off the ridge by about η from the first step on. (Exactly *on* the ridge there is no such gradient, and its steps fade like SGD's.) With noise nobody stops at the minimum: at a constant rate everyone jitters, and the more the larger the learning rate.
#
# Do not conclude that one of them is *best*. On a surface with two coordinates you can make any of them win, even by a flaw, as you have just seen. A fair comparison gives each the same freedom, on real tasks, over several seeds ([notebook 07](07_adam_or_sgd.ipynb)).

# %% [markdown]
# ## The map
#
# | | notebook | minutes | afterwards you can |
# |---|---|---|---|
# | 01 | [Gradient descent and SGD](01_sgd.ipynb) | 70 | say when a learning rate is too large, measure the curvature of a network, and say what noise does |
# | 02 | [Momentum](02_momentum.ipynb) | 50 | predict how a ball moves from two roots, and tell heavy ball, averaging and Nesterov apart |
# | 03 | [RMSprop, by way of AdaGrad](03_rmsprop.ipynb) | 90 | give every parameter its own rate, and say where that fails |
# | 04 | [Adam](04_adam.ipynb) | 95 | derive it, write it, bound its steps |
# | 05 | [AdamW](05_adamw.ipynb) | 75 | say why L2 and weight decay part, and set up parameter groups |
# | 06 | [Warmup and schedules](06_warmup_and_schedules.ipynb) | 100 | build a schedule, and avoid five bugs |
# | 07 | [Adam or SGD?](07_adam_or_sgd.ipynb) | 105 | choose with evidence, and tune both sides |
# | 08 | [Variants 1: one line changed](08_one_line_changed.ipynb) | 80 | compare two optimizers so that the result means something |
# | 09 | [Variants 2: memory, averages, matrices](09_memory_averages_matrices.ipynb) | 90 | say what each successor fixes, and what it costs |
# | 10 | [Training on a GPU](10_training.ipynb) | 110 | account for memory, and for what a step costs |
# | 11 | [Scaling up](11_scaling_up.ipynb) | 80 | carry settings to a larger batch, width or data, and say how sure you are |
# | 12 | [Diagnosing training](12_diagnosis.ipynb) | 110 | name the disease of a sick run, and prove the cure |
# | 13 | [The paper, ten years on](13_the_paper.ipynb) | 65 | say what the paper proved, and where the proof breaks |
# | 14 | [Interview practice](14_interview.ipynb) | 140 | answer, write, debug and count against the clock |
#
# Together, with this one: about 21 hours of reading, running and writing, so a fortnight of evenings. Each notebook stands alone, so you can enter anywhere.
#
# ### The interview is in two days
#
# Three hours, in this order. Read only these sections, write before you look, and speak the answers aloud.
#
# | minutes | section | so that you can |
# |---|---|---|
# | 15 | here: your first answer, and the eleven questions below | know what to skip |
# | 20 | [01](01_sgd.ipynb): *How large may η be?* | prove $\eta<2/\lambda_{\max}$, and say what κ costs |
# | 15 | [02](02_momentum.ipynb): *Creep, swing, flip, fly off* and *The best β* | say what momentum does, and what it does not |
# | 15 | [03](03_rmsprop.ipynb): *RMSprop: let the memory fade* and *Where it ends: axes* | say where a rate for each parameter helps |
# | 45 | [04](04_adam.ipynb): from *Two averages* to *How long is a step?*, with the exercise of ten lines | write Adam, derive its correction, bound its step |
# | 15 | [05](05_adamw.ipynb): *What Adam does to a penalty* and *The line that moves* | tell AdamW from L2 |
# | 15 | [06](06_warmup_and_schedules.ipynb): *Why? Three explanations* | say why warmup, and how sure we are |
# | 10 | [07](07_adam_or_sgd.ipynb): *(c) A long tail of classes*, *The table, with its evidence* and *What the literature says* | say when SGD is enough |
# | 5 | [12](12_diagnosis.ipynb): the checklist and *The plateau of notebook 00* | debug aloud |
# | 25 | [14](14_interview.ipynb): one mock interview against the clock | hear yourself |
#
# ## Where should you begin?
#
# Eleven questions. Each belongs to a notebook; the ones you miss are your reading list.

# %%
practice.pre_quiz()

# %% [markdown]
# What you have done, and what is due, is kept on your disk, and nowhere else. Come back to this cell when you return:

# %%
practice.progress_panel()

# %% [markdown]
# ## In the interview

# %%
practice.interview("00-plateau")

# %% [markdown]
# ## Recap
#
# - A guess that you have written down is worth more than an answer that you have read.
# - A picture of a race shows one surface, one start and one way of tuning: RMSprop's eight steps came from the lack of a correction.
# - A flat loss has many causes. Ask at *which value* it is flat, and what each cause would make you see.
# - You have answered the opening question once. At the end of the series you will answer it again.

# %%
practice.self_check("00")

# %% [markdown]
# **Next:** [01 Gradient descent and SGD](01_sgd.ipynb), or wherever the quiz has sent you. The paper behind it all: D. Kingma and J. Ba, [*Adam: a method for stochastic optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015.
