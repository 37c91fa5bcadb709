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
# About 20 minutes. Builds on nothing but Python and some calculus.
#
# > **The question.** A transformer's loss has been flat for 10 000 steps under Adam with its defaults. What is Adam doing? Why might it stall? What would you change? And why do some people finish with SGD?

# %% [markdown]
# ## Who this is for
#
# Machine-learning engineers, research engineers and data scientists who train models and are about to be asked about it. Optimizer questions come up because they separate people who have *used* a tool from people who know what it does. They start easily ("explain Adam") and then go down ("so are the first steps too small or too large without the correction?"). Each step down is a section of this series.
#
# You do not need to believe us. Teaching material on this subject often carries a wrong formula. Here, every figure in the text is computed beside the sentence that quotes it, or carries its source.
#
# ## Your first answer
#
# Read the question above again, and answer it **now**, in five sentences, as you would in an interview. Do not look anything up. Your text stays on your disk and goes nowhere else; it is kept for [the interview practice](12_interview.ipynb) at the end of the series.

# %%
from adamkit import environment, explorers, practice
from adamkit.claims import claim
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
# If it stays grey, the widgets of this page are not connected. Close the page and start again with `make lab`, which puts JupyterLab and the kernel into one environment. On GitHub or any other static page it stays grey by nature: there is no kernel to answer. You can still read everything, with pictures in place of live figures.

# %% [markdown]
# ## How the series works
#
# **Keys.** <kbd>Shift</kbd>+<kbd>Enter</kbd> runs a cell and moves on. <kbd>Esc</kbd> then <kbd>A</kbd> or <kbd>B</kbd> adds a cell above or below. <kbd>0</kbd> <kbd>0</kbd> restarts the kernel. Every notebook runs from top to bottom without stopping, so *Run → Run All Cells* is always safe. With the tab key you reach every slider; the arrow keys move it.
#
# **Predictions.** Before a result, you are asked to commit yourself. A wrong guess costs nothing and is remembered longer than a right sentence.

# %%
warm_up = practice.predict("00-same-rate")
warm_up

# %% [markdown]
# **Claims.** A sentence with a number in it comes with the measurement and a ✓. When the measurement no longer supports the sentence, the cell fails, and so does our test-suite. Here is the one that settles your guess:

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
# **Live pictures.** Drag a slider and the picture moves with it. Drag on the surface to choose where everybody starts. Each picture has a few named scenarios: buttons that put all sliders into a telling place and say what to look for.
#
# ## Four optimizers, one starting point
#
# Press the scenarios one after the other. Then drag the start into a corner that looks unpleasant, and see who suffers.

# %%
explorers.race()

# %% [markdown]
# Three sights are worth waiting for. In the ravine, plain SGD swings from wall to wall while the others turn along the valley. On the plateau, Adam keeps its pace where SGD stands still, because its step does not shrink with the gradient. And with noise, nobody stops at the minimum: everyone jitters, at a size set by the learning rate.
#
# Do not conclude that one of them is *best*. On a surface with two coordinates you can make any of them win; a fair comparison needs each at its best rate, on real tasks, over several seeds ([notebook 07](07_adam_or_sgd.ipynb)).

# %% [markdown]
# ## The map
#
# | | notebook | minutes | afterwards you can |
# |---|---|---|---|
# | 01 | [Gradient descent and SGD](01_sgd.ipynb) | 45 | say when a learning rate is too large, and why ravines are slow |
# | 02 | [Momentum](02_momentum.ipynb) | 50 | tell heavy ball, averaging and Nesterov apart |
# | 03 | [RMSprop, by way of AdaGrad](03_rmsprop.ipynb) | 45 | give every parameter its own rate, and say where that fails |
# | 04 | [Adam](04_adam.ipynb) | 60 | derive it, write it, bound its steps |
# | 05 | [AdamW](05_adamw.ipynb) | 45 | say why L2 and weight decay part, and set up parameter groups |
# | 06 | [Warmup and schedules](06_warmup_and_schedules.ipynb) | 55 | build a schedule, and avoid its off-by-ones |
# | 07 | [Adam or SGD?](07_adam_or_sgd.ipynb) | 60 | choose with evidence, and tune both sides |
# | 08 | [Variants](08_variants.ipynb) | 75 | say what each successor fixes, and what it costs |
# | 09 | [Training on a GPU](09_training.ipynb) | 70 | account for memory, and for what a step costs |
# | 10 | [Diagnosing training](10_diagnosis.ipynb) | 75 | name the disease of a sick run, and prove the cure |
# | 11 | [The paper, ten years on](11_the_paper.ipynb) | 50 | say what the paper proved, and where the proof breaks |
# | 12 | [Interview practice](12_interview.ipynb) | 60 | answer the three big questions against the clock |
#
# Each notebook stands alone, so you can enter anywhere.
#
# ## Where should you begin?
#
# Ten questions. Each belongs to a notebook; the ones you miss are your reading list.

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
# - Predict, run, explain: in this order.
# - Sentences with numbers are computed beside you.
# - What you write stays on your disk.
# - You have answered the opening question once. At the end of the series you will answer it again.

# %%
practice.self_check("00")

# %% [markdown]
# **Next:** [01 Gradient descent and SGD](01_sgd.ipynb), or wherever the quiz has sent you. The paper behind it all: D. Kingma and J. Ba, [*Adam: a method for stochastic optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015.
