# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Diagnosing training
#
# **After this notebook you can**
#
# - *check* a training before it starts, in a minute, with lines that you can paste into your own project;
# - *attach* a monitor to any PyTorch training and *read* what it says;
# - *name* the disease behind a loss curve, from a few signs;
# - *choose* the treatment that works, and *say* which popular ones do nothing;
# - *explain* why clipping helps an optimizer that ignores the size of the gradient.
#
# About 75 minutes. Builds on [04 Adam](04_adam.ipynb) and [06 Warmup and schedules](06_warmup_and_schedules.ipynb); runs without them.
#
# > **The question.** A loss that was fine for 150 steps turns to NaN. A colleague says: clip the gradient, and raise ε. What do you look at first, and what will the colleague's advice do?

# %%
import numpy as np
import torch
from IPython.display import display

from adamkit import clinic, diagnostics, explorers, optim, plotting, practice, training
from adamkit.claims import claim

# %%
clip_guess = practice.predict("10-clipping-explosion")
clip_guess

# %% [markdown]
# ## A monitor
#
# A loss is one number a step. It says *that* something is wrong and seldom *what*. The monitor writes down a few numbers more, for each layer: the norm of the gradient, the norm of the weights, and above all the **update/weight ratio** $\lVert\Delta\theta\rVert/\lVert\theta\rVert$. It says how far a step moves a layer, in units of the layer itself. Around a thousandth is usual. A tenth rewrites the layer within ten steps.
#
# It works with any model and any optimizer. Two lines and one call:

# %%
torch.manual_seed(0)
data = training.data.digits()
model = training.models.MLP((64, 64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
monitor = diagnostics.Monitor(model, optimizer)

for rows in training.data.batches(len(data.x_train), 64, 200, seed=0):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(data.x_train[rows]), data.y_train[rows])
    loss.backward()
    optimizer.step()
    monitor.observe(loss=loss)

# %%
# NBVAL_CHECK_OUTPUT
report = monitor.report()
claim("Diseases that the report names in a healthy run", len(report.diseases), equals=0)
ratios = monitor.records()["update_ratio"]
middle = float(np.median(ratios))
claim("The median update/weight ratio over layers and steps", middle, between=(1e-4, 2e-2), digits=None)

# %% [markdown]
# A report that finds something in every run is worth nothing. Ours was tuned on the sick runs of this notebook at some seeds, and tested at others; on healthy runs it has to keep silent.
#
# ## Before you start: a checklist
#
# Most failures of training are not failures of the optimizer. So the list begins with the data and ends with the step. It works on copies: your model stays as it was. `diagnostics/checklist.py` needs torch alone; copy it into your own project.

# %%
fresh = training.models.MLP((64, 64, 10))
drawn = training.data.batches(len(data.x_train), 64, 20, seed=1)
batches = [(data.x_train[rows], data.y_train[rows]) for rows in drawn]
healthy = diagnostics.checklist(fresh, torch.optim.Adam(fresh.parameters(), lr=3e-3), batches, classes=10)
print(healthy)

# %% [markdown]
# Now plant two defects, as they happen on a Friday: one layer was left out of the optimizer, and the rows come sorted by class.

# %%
forgotten = torch.optim.Adam(list(fresh.parameters())[:2], lr=3e-3)
order = data.y_train.argsort()
in_order = [(data.x_train[order[at : at + 64]], data.y_train[order[at : at + 64]]) for at in range(0, 1280, 64)]
sick = diagnostics.checklist(fresh, forgotten, in_order, classes=10)
print(sick)

# %%
# NBVAL_CHECK_OUTPUT
claim("The healthy start passes every line", healthy.passed)
claim("With two defects planted at least two lines fail", len(sick.failed), above=1, digits=None)

# %% [markdown]
# ## The ward
#
# Sixteen small trainings, each sick in one way. Every one is seeded, takes about half a second, and comes with treatments: those that help, and those that people try all the same. For each we run it as it came and with one treatment, from the same weights on the same batches, and we claim two things: the report *names* the disease from the sick run alone, and the treatment *cures* it.


# %%
def see(name, treatment, title):
    visit = clinic.visit(name, treatment)
    alt = f"Loss as it came and with {treatment}; gradient norm and update ratios of the sick run."
    display(plotting.show(visit.figure(title), alt=alt))
    return visit


def stands(visit, disease):
    claim(f"{visit.case.name}: the report names “{visit.named}”", bool(visit.named == disease))
    claim(f"… and with “{visit.treated.treatment}” the run is cured", visit.cured)


# %% [markdown]
# ### The loss explodes early
#
# Two patients with the same first symptom. The first is Adam without bias correction, as some old code has it.

# %%
immature = see("immature_v", "warmup", "Warmup cures an immature v")

# %%
# NBVAL_CHECK_OUTPUT
stands(immature, "rate_too_high")

# %%
clip_guess.reveal()

# %%
clinic.Chart("immature_v")

# %% [markdown]
# The chart holds the figures of three seeds, recorded with the script of the clinic. Read the rows that say *no*: they are the half of a diagnosis that most advice leaves out.
#
# The second patient has a correct Adam, and a rate that came from a table for SGD. (`too_high.figure("…")` draws its curves; the chart says it shorter.)

# %%
too_high = clinic.visit("too_high", "lower rate")

# %%
# NBVAL_CHECK_OUTPUT
stands(too_high, "rate_too_high")

# %%
clinic.Chart("too_high")

# %% [markdown]
# Here warmup does *not* help: it puts the explosion off until the rate has arrived. So the treatment tells the two apart. If the trouble is over once v has filled, it was v; if it comes back with the rate, it was the rate.
#
# ### A plateau after a quick drop
#
# The loss fell in fifty steps and has jittered about one level since. Look at the ratio on the right: the steps are long, every layer moves by some percent, and nothing comes of it. It circles.

# %%
plateau = see("plateau", "decay", "It circles its goal; a falling rate lets it in")

# %%
# NBVAL_CHECK_OUTPUT
stands(plateau, "plateau")

# %%
clinic.Chart("plateau")

# %% [markdown]
# “Train longer” is the row to remember. It is what one does by default, and it does nothing here.
#
# ### Oscillation
#
# All rows in every batch, so there is no noise. The loss goes up and down at each step all the same: the rate is above the edge of stability for some direction (notebook 01).

# %%
oscillation = see("oscillation", "lower rate", "Without noise, swinging means: over the edge")

# %%
# NBVAL_CHECK_OUTPUT
stands(oscillation, "oscillation")

# %%
clinic.Chart("oscillation")

# %% [markdown]
# Smooth is not the same as fast: at a tenth of the rate the curve lies higher after 200 steps. A rate that falls *through* the edge has both.
#
# ### The data at fault
#
# A spike that comes back at the same distance is a batch, not an optimizer. One of the 42 batches of an epoch lost its labels:

# %%
mislabelled = see("mislabelled", "fix the data", "A spike every 42 steps is a batch")

# %%
# NBVAL_CHECK_OUTPUT
stands(mislabelled, "bad_data")
spikes = diagnostics.spikes(mislabelled.sick.readings)
distances = np.diff([spike.step for spike in spikes])
claim("Most common distance between two spikes, in steps", int(np.bincount(distances).argmax()), equals=42)

# %%
unshuffled = see("unshuffled", "shuffle", "Rows in the order of their classes")

# %%
# NBVAL_CHECK_OUTPUT
stands(unshuffled, "bad_data")

# %%
clinic.Chart("unshuffled")

# %% [markdown]
# Clipping, a lower rate, more momentum: no treatment of the optimizer cures data. This is why the checklist starts there.
#
# ### Training falls, validation does not
#
# Sixty rows for a network that could learn sixty thousand. The optimizer does exactly what it was asked to do.

# %%
overfitting = see("overfitting", "more data", "Not the optimizer's business")

# %%
# NBVAL_CHECK_OUTPUT
stands(overfitting, "overfitting")

# %%
clinic.Chart("overfitting")

# %% [markdown]
# ### NaN, late
#
# Now the opening question. All was well for 150 steps. The monitor names the first parameter and the step, before the optimizer has spread the NaN over everything.

# %%
nan = see("log_of_zero", "fused loss", "A logarithm of zero")

# %%
# NBVAL_CHECK_OUTPUT
stands(nan, "non_finite")
first = int(np.flatnonzero(~np.isfinite(nan.sick.losses))[0])
claim("The loss was finite for more than a hundred steps", bool(first > 100))

# %%
clinic.Chart("log_of_zero")

# %% [markdown]
# The colleague's advice does nothing. A NaN clipped is a NaN: the norm is NaN, and so is everything divided by it. And ε stands under √v̂, where it cannot reach the loss. The softmax underflowed to zero, and the code took its logarithm. The cure is in the code: `log_softmax`, or `cross_entropy` on the raw scores.
#
# ε *is* the cure for another NaN. In float16 the default 1e-8 rounds to zero, v rounds to zero where gradients are small, and Adam divides zero by zero at its second step:

# %%
half = see("half_precision", "larger ε", "In float16 the default ε is zero")

# %%
# NBVAL_CHECK_OUTPUT
stands(half, "non_finite")
claim("1e-8 in half precision is", torch.tensor(1e-8).half().item(), equals=0.0)

# %% [markdown]
# And clipping is the cure for a third: SGD, which moves in proportion to the gradient, and one batch from a broken file.

# %%
exploded = clinic.visit("exploded", "clipping")

# %%
# NBVAL_CHECK_OUTPUT
stands(exploded, "non_finite")

# %% [markdown]
# Three NaNs, three cures, and none cures another. Ask for the *first* non-finite number before you treat anything.
#
# ### Flat from the start
#
# Nothing has moved. The gradients are there, nothing is frozen. What does the ratio say?

# %%
flat = see("flat", "warmup in steps", "A ratio near zero: the rate never left the ground")

# %%
# NBVAL_CHECK_OUTPUT
stands(flat, "flat_from_start")
largest = np.nanmax(flat.sick.readings["update_ratio"])
claim("Largest update/weight ratio of the sick run", float(largest), below=1e-3, digits=None)

# %% [markdown]
# Somebody gave a warmup in *epochs* to a schedule that counts *steps*, or the other way round. At every step the rate is a tiny share of its peak. One look at the rate would have shown it; people look at the loss.
#
# ### Layers at different speeds
#
# Two layers of sigmoids under SGD. The gradient of the first layer is a small fraction of that of the last, and SGD moves in proportion. Adam divides the difference away.

# %%
vanishing = see("vanishing", "Adam", "One layer crawls; Adam brings it along")

# %%
# NBVAL_CHECK_OUTPUT
stands(vanishing, "uneven_layers")

# %%
uneven = clinic.visit("uneven_groups", "one rate")

# %%
# NBVAL_CHECK_OUTPUT
stands(uneven, "uneven_layers")

# %% [markdown]
# The second one made its own trouble: layer-wise rates belong to fine-tuning, and this network starts from scratch.
#
# ### Fine-tuning that forgets
#
# A network reads digits well. It is fine-tuned on sixty images from a scanner that is not aligned: all are shifted by a pixel. The validation rows are the old ones. A guess first.

# %%
layers_guess = practice.predict("10-which-layers")
layers_guess

# %%
forgetting = see("forgetting", "lower rate", "What was learned is lost within a few steps")

# %%
# NBVAL_CHECK_OUTPUT
stands(forgetting, "forgetting")

# %%
clinic.Chart("forgetting")

# %%
layers_guess.reveal()

# %% [markdown]
# **Layer-wise rate decay** gives early layers a smaller rate, on the idea that they are general. When the *input* has changed, they are what must move. Held back, the later layers have to bend around them, and more is forgotten, not less, on all three seeds. The rule of thumb is about new labels on old inputs. What helps here is old data mixed in, or a lower rate.
#
# ### The plateau of notebook 00
#
# A transformer falls for a dozen steps and is flat ever after. “Adam with its defaults”, asked the opening of this series. At 0.001 we could not bring this about in our small model. At 0.04, post-LN and without warmup, it comes on every seed.

# %%
stuck = see("stuck_transformer", "warmup", "The first steps destroyed it; warmup spares it")

# %%
# NBVAL_CHECK_OUTPUT
stands(stuck, "plateau")
first_steps = np.nanmax(stuck.sick.readings["update_ratio"][:5])
claim("In its first five steps some layer moved by more than a tenth of its own length", bool(first_steps > 0.1))

# %%
clinic.Chart("stuck_transformer")

# %% [markdown]
# The level is the clue: it is that of letter frequencies. The network no longer reads its input. This plateau does not circle a goal, so no decay will let it in; the rate of this run *does* fall to zero. Clipping and β₂ do nothing. What was broken in the first steps has to be prevented in the first steps.
#
# ### It falls, then it climbs
#
# Warmup over a hundred steps, then a constant rate. The loss falls while the rate rises, and climbs when it has arrived. The third of the three big interview problems, live:

# %%
climbs = see("climbs", "lower rate", "It falls while the rate rises, and climbs when it has arrived")

# %%
# NBVAL_CHECK_OUTPUT
stands(climbs, "climbs_after_warmup")

# %%
clinic.Chart("climbs")

# %% [markdown]
# Only the lower rate cures it on all seeds. A longer warmup puts the climb off. Clipping does not touch it. A lower β₂, often recommended, does not either.
#
# ## Why clipping helps an optimizer that ignores the gradient's size
#
# Adam's step is m̂/√v̂: multiply every gradient by a thousand and nothing changes but the weight of ε. So what is there to clip?

# %%
garbage_guess = practice.predict("10-one-batch")
garbage_guess


# %%
def walk(gradients, clip=np.inf):
    theta = np.zeros(1)
    adam = optim.Adam([theta], lr=1.0)
    lengths = []
    for g in gradients:
        before = theta.copy()
        adam.step([np.array([g * min(1.0, clip / abs(g))])])
        lengths.append(abs(theta - before).item())
    return np.array(lengths)


rng = np.random.default_rng(0)
steady = 1 + 0.2 * rng.normal(size=1000)
spiky = steady.copy()
spiky[300] = 1000.0  # one batch of garbage

# %%
fig = plotting.figure(7.5, 3)
ax = fig.subplots()
ax.plot(walk(steady), color=plotting.QUIET, label="steady gradients")
ax.plot(walk(spiky), color="tab:red", label="one gradient 1000 times too large")
ax.plot(walk(spiky, clip=2.0), color=plotting.COLORS["Adam"], linestyle="--", label="the same, clipped at 2")
ax.set(xlabel="step", ylabel="length of the step / η", title="A spike is over in a step; v remembers it for hundreds")
ax.legend(loc="center right")
plotting.show(fig, alt="After a spike Adam's steps shrink to a few percent and stay short; with clipping they do not.")

# %%
# NBVAL_CHECK_OUTPUT
changed = np.abs(walk(1000 * steady) - walk(steady)).max()
claim("A constant factor of 1000 changes no step by more than", changed, below=1e-6, digits=None)
after = walk(spiky)[350:400].mean() / walk(steady)[350:400].mean()
claim("Fifty steps after the spike the steps have this share of their length", after, below=0.1, digits=None)
clipped = walk(spiky, clip=2.0)[350:400].mean() / walk(steady)[350:400].mean()
claim("… with clipping this one", clipped, between=(0.95, 1.05), digits=None)

# %% [markdown]
# A *constant* scale cancels. A *spike* does not, because numerator and denominator forget at different speeds: m after ten steps, v after seven hundred. No step is long, nothing explodes, and yet the training stands still for hundreds of steps. Clipping keeps the spike out of v. That is all it does for Adam, and it is worth having.

# %%
garbage_guess.reveal()

# %% [markdown]
# ## A ladder of questions
#
# Ask them in this order. The early ones are cheap, and their answers make the later ones meaningless.

# %%
from adamkit.clinic.ladder import LADDER

fig = plotting.figure(9, 6.8)
plotting.draw_ladder(fig.add_axes((0, 0, 1, 1)), LADDER)
plotting.show(fig, alt="Ten questions from checklist to uneven layers; each yes leads to a disease and what to do.")

# %% [markdown]
# ## Mystery runs
#
# Now you. You see what the monitor saw and nothing else. Name the disease, choose a treatment, watch the treated run. Some patients are healthy.

# %%
explorers.mystery()

# %% [markdown]
# Three of them are graded.

# %%
first_patient = practice.exercise("10-mystery-1")
first_patient

# %%
disease, treatment = ..., ...
first_patient.check(disease, treatment)

# %%
second_patient = practice.exercise("10-mystery-2")
second_patient

# %%
disease, treatment = ..., ...
second_patient.check(disease, treatment)

# %%
third_patient = practice.exercise("10-mystery-3")
third_patient

# %%
disease, treatment = ..., ...
third_patient.check(disease, treatment)

# %% [markdown]
# ## In the interview

# %%
practice.interview("10-flat-loss")

# %%
practice.interview("10-falls-then-climbs")

# %% [markdown]
# ## Recap
#
# - First the data, then the code, then the rate, and the optimizer last.
# - The update/weight ratio tells more than the loss: near zero nothing is learned, a tenth destroys.
# - Ask for the first non-finite number; clipping and ε cure one kind of NaN each.
# - Warmup cures a young v and a violent start, not a rate that is too high.
# - Clipping helps Adam by keeping spikes out of v, not by shortening steps.

# %%
practice.self_check("10")

# %% [markdown]
# **Next:** [11 The paper, ten years on](11_the_paper.ipynb), where all of this began.
#
# **Sources.** A. Karpathy, [*A recipe for training neural networks*](https://karpathy.github.io/2019/04/25/recipe/), 2019: data first, one batch by heart, the first loss. J. Howard and S. Ruder, [*Universal language model fine-tuning*](https://arxiv.org/abs/1801.06146), ACL 2018: layer-wise rates. R. Pascanu, T. Mikolov and Y. Bengio, [*On the difficulty of training recurrent neural networks*](https://arxiv.org/abs/1211.5063), ICML 2013: clipping. R. Xiong et al., [*On layer normalization in the transformer architecture*](https://arxiv.org/abs/2002.04745), ICML 2020: why post-LN needs warmup. J. Cohen et al., [*Adaptive gradient methods at the edge of stability*](https://arxiv.org/abs/2207.14484), 2022: oscillation.
