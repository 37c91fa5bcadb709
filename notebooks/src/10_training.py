# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Training on a GPU
#
# **After this notebook you can**
#
# - *train* a network on whatever the machine has, and *watch*, pause and steer it while it runs;
# - *put* groups, a clip and a schedule around a bare training loop, in the right order;
# - *account* for every byte of a training: weights, gradients, state, activations;
# - *stop* a run and *resume* it to the same curve, bit for bit;
# - *say* what an optimizer step costs at least, and how far from that your optimizer is.
#
# About 110 minutes. Builds on [05 AdamW](05_adamw.ipynb) and [06 Warmup and schedules](06_warmup_and_schedules.ipynb); runs without them, with or without a GPU.
#
# > **The question.** A language model of 7 billion parameters, in 16-bit numbers, is 14 GB. You have a GPU of 80 GB. You start training with AdamW, in the mixed precision of a large-scale trainer, one sentence at a time, and the first step runs out of memory. Who took the other 66 GB? (And a colleague says: I called `model.to(torch.bfloat16)`, took `torch.optim.AdamW`, and it fits. Is that true, and is it the same?)
#
# **What was run.** We had no GPU. Every figure on this page was measured on a CPU, most of them on yours if you run it, or is arithmetic, as the bills of billions of parameters are. Weights, gradients and state are the same bytes on any device; activations can differ where a device uses other kernels. What needs CUDA (the preset for it, the memory snapshot) or several GPUs is written as one uses it, and said to be *not run here* where it stands.

# %%
import contextlib
import copy
import tempfile
from pathlib import Path

import numpy as np
import torch

from adamkit import plotting, practice, rules, schedules, torch_optim
from adamkit.claims import claim
from adamkit.dashboard import Dashboard
from adamkit.lessons import explorers
from adamkit.theory import memory
from adamkit.torch_optim import tape
from adamkit.training import Control, Watcher, checkpoints, cost, data, devices, fit, presets, report, step_cost

torch.set_num_threads(1)  # on a CPU, models this small are faster with one thread

# %% [markdown]
# ## What is here?
#
# Nothing in this notebook needs a particular device. `"auto"` takes an NVIDIA GPU (CUDA) if there is one, else Apple's (MPS), else the CPU. If you name one that is missing you get an error, and no silent fall-back that somebody discovers the next morning.

# %%
place = devices.device("auto")
print(devices.describe("auto"))

# %%
try:
    devices.device("cuda:77")
except ValueError as refusal:
    print(refusal)

# %% [markdown]
# ## A CNN, live
#
# A *preset* is a task with sizes that fit the device: small for a CPU, larger for a GPU, with mixed precision there. The first task is the digits, 8 × 8 pixels, for a small convolutional network. `fit` trains it, and hands each step to a *watcher*. The dashboard is one.
#
# While it runs, press **Pause**, look at the curves, and go on. Move the slider, and the rate changes from the next step. The buttons work although the cell is busy: the browser's messages reach the kernel in a thread of their own (from ipykernel 7 on; with an older one the board says so), and the loop looks at them between two steps. Press **Stop**, and the run ends cleanly, with all it has learned.

# %%
images = presets.digits()
cnn = images.task.fresh_model(seed=0)
board = Dashboard(total=images.steps, title="CNN on digits")
optimizer = torch_optim.AdamW(cnn.parameters(), lr=images.lr, weight_decay=0.1)
seen = fit(cnn, images.task, optimizer, watchers=[board], control=board.control, **images.options)

# %% [markdown]
# Six curves, and each answers a question that you will ask in trouble. The **loss** and its average: does it learn? The **rate**: is the schedule what I think it is? The **gradient norm**, before clipping: are there spikes? The **update/weight ratio**, $\lVert\Delta\theta\rVert/\lVert\theta\rVert$: does a step move the weights by a thousandth or by a tenth of their size? **Throughput** and **memory**: am I using what I have? (On a CPU the memory is that of the whole process; on CUDA it is the allocator's peak.)
#
# Look at the fourth curve beside the second. Adam's steps have a length of their own, so the ratio rises and falls with the rate. But it falls much further than the rate does. Why? The gradient has shrunk along the way, and $v$, which remembers a thousand steps, still holds the large gradients of the beginning: the steps get shorter than η says. If that is the reason, then a $v$ that forgets sooner should follow the rate more closely. (And if you have moved the slider, or pressed Stop, the first cell trains once more without the board: the figures below are those of the planned run.)

# %%
def alone(preset, betas=(0.9, 0.999)):
    """(model, history) of a run that nobody steers."""
    model = preset.task.fresh_model(seed=0)
    optimizer = torch_optim.AdamW(model.parameters(), lr=preset.lr, betas=betas, weight_decay=0.1)
    return model, fit(model, preset.task, optimizer, **preset.options)


def as_planned(history, preset):
    planned = [preset.lr * preset.options["schedule"](step) for step in range(preset.steps)]
    return len(history) == preset.steps and np.allclose(history.rate, planned)


if not as_planned(seen, images):
    cnn, seen = alone(images)

# %%
def extra_fall(history):
    """How many times further the update/weight ratio falls than the rate, from its peak to the last ten steps."""
    fallen = [curve.max() / curve[-10:].mean() for curve in (history.update_ratio, history.rate)]
    return fallen[0] / fallen[1]


_, forgets = alone(images, betas=(0.9, 0.95))

# %% tags=["nbval-check-output"]
claim("Test accuracy of the CNN", seen.evaluations[-1][1]["test_accuracy"], above=0.95, approx=True)
claim("The update/weight ratio falls further than the rate, times", extra_fall(seen), above=5, approx=True)
claim("… with β₂ = 0.95 instead of 0.999, times", extra_fall(forgets), between=(1.5, 5), approx=True)

# %% [markdown]
# So in this run the memory of $v$ is a good part of it (one seed; and how the length of θ changed, the other half of the quotient, we did not look at). What is left fits notebook 04's section on signal and noise: steps also shorten when successive gradients stop agreeing.
#
# ## A GPT, live
#
# The second task is text: Python's own documentation (the language reference of 3.11, which comes with the package, so that your losses are ours), read one character at a time by a transformer. On a CPU the model has two layers and a hundred thousand parameters, and takes a few seconds. On CUDA the preset is nanoGPT's size for characters, some ten million, in bf16, and compiled where Triton and a C compiler are found.

# %%
writing = presets.characters()
gpt = writing.task.fresh_model(seed=0)
board = Dashboard(total=writing.steps, title="GPT on Python's documentation")
optimizer = torch_optim.AdamW(gpt.parameters(), lr=writing.lr, weight_decay=0.1)
read = fit(gpt, writing.task, optimizer, watchers=[board], control=board.control, **writing.options)

# %% tags=["nbval-check-output"]
if not as_planned(read, writing):
    gpt, read = alone(writing)  # as above: somebody steered
text = writing.task.data
counts = np.bincount(text.y_train.flatten(), minlength=text.classes) + 1
by_frequency = -np.log(counts / counts.sum())[text.y_test.flatten()].mean()
gained = by_frequency - read.evaluations[-1][1]["test_loss"]
claim("Its loss is below that of guessing by frequency, in nats a character, by", gained, above=0.8, approx=True)

# %% [markdown]
# ## What stands around the step
#
# Inside `fit` is a loop of five lines: for each batch, clear the gradients, forward, backward, step. Three things separate it from a loop that people run for weeks: **groups**, so that only matrices decay (notebook 05), a **schedule** (06), and a **clip**.
#
# A clip is a limit on the length of the whole gradient. If its norm, over all parameters together, is above the limit, it is scaled down to it. The direction stays. GPT-3, LLaMA and DeepSeek-V3 all used 1.0 (notebook 06 has the table). Why should it help Adam, which ignores the scale of its gradients? Because a *constant* factor cancels in $\hat m/\sqrt{\hat v}$, but one spike does not: it enters $m$ at once, and stays in $v$ for a thousand steps.

# %%
loop_exercise = practice.exercise("10-loop")
loop_exercise


# %%
def train(model, batches, loss, peak, schedule, weight_decay, clip):
    return ...  # the losses, one for each batch


loop_exercise.check(train)

# %% [markdown]
# `fit` takes the schedule and the clip as arguments, and puts them where you did: the rate is set before the step, and the clip stands between backward and step. The groups it leaves to you, because they belong to the optimizer that you hand it. (The runs in this notebook have one group, to keep their cells short.) From here to the section on LoRA all experiments use the CPU's preset *on the CPU*, whatever your machine has, so that the figures are the same for everybody. If your GPT is the GPU's, this cell trains its small sister as well.

# %%
small = presets.characters("cpu")
task = small.task


def fresh(lr=small.lr):
    model = task.fresh_model(seed=0)
    return model, torch_optim.AdamW(model.parameters(), lr=lr, weight_decay=0.1)


little = gpt
if place.type != "cpu":
    little, optimizer = fresh()
    fit(little, task, optimizer, device="cpu", **small.options)


# %% [markdown]
# ### A batch in parts
#
# A batch that does not fit can be cut into parts. Each part goes forward and backward, the gradients add up, and the step comes once, at the end. This is *accumulation*: the same step, with only a part's activations in memory at a time. The same? With two conditions: each part must count by its rows, and nothing may depend on which rows go together, as batch norm does (or on random numbers that the parts draw anew, as dropout does).

# %% tags=["nbval-check-output"]
losses = {}
for parts in (1, 4):
    model, optimizer = fresh()
    losses[parts] = fit(model, task, optimizer, steps=12, batch_size=32, accumulate=parts, device="cpu").loss
gap = np.abs(losses[1] - losses[4]).max()
claim("32 rows at once or in four parts: over 12 steps the losses differ by", gap, below=1e-3, approx=True)

# %%
accumulation_exercise = practice.exercise("10-accumulate")
accumulation_exercise


# %%
def whole_gradient(parts, gradient):
    return ...  # the mean gradient over all rows of all parts


accumulation_exercise.check(whole_gradient)

# %% [markdown]
# The mistake that this exercise is about stood in widely used trainers until [2024](https://huggingface.co/blog/gradient_accumulation): they averaged the means of parts whose lengths differed. It is invisible when all parts are alike.
#
# ## Stop, and go on
#
# A long run is interrupted sooner or later. What must a checkpoint hold so that the resumed run takes *the same* steps? Everything that the next step depends on: weights and buffers, the optimizer's state with its count $t$, the place in the schedule, the place in the data, and the random numbers. `fit` keeps all of it in one file, which is replaced whole or not at all, so that a crash while writing leaves the old one.
#
# We train 80 steps in one go. Then again, with a watcher that presses Stop after step 40; and then everything is made anew and goes on from the file.

# %%
schedule = schedules.warmup_cosine(warmup=15, total=80, floor=0.1)
plan = {"steps": 80, "batch_size": 32, "schedule": schedule, "device": "cpu", "evaluate_every": 80}


class StopAfter(Watcher):
    def __init__(self, step):
        self.step, self.control = step, Control()

    def on_step(self, record):
        if record.step == self.step:
            self.control.stop()


# %%
model, optimizer = fresh(lr=0.01)
whole = fit(model, task, optimizer, **plan)

folder, stopping = tempfile.TemporaryDirectory(), StopAfter(40)
path = Path(folder.name) / "run.pt"
stopped, optimizer = fresh(lr=0.01)
half = fit(stopped, task, optimizer, checkpoint=path, watchers=[stopping], control=stopping.control, **plan)
at_40 = checkpoints.load(path)  # kept for later

again, optimizer = fresh(lr=0.01)
resumed = fit(again, task, optimizer, checkpoint=path, resume=True, **plan)

# %% tags=["nbval-check-output"]
claim("Steps before the stop", len(half), equals=40)
claim("Losses of the resumed run and of the uninterrupted one, bit for bit", resumed.loss, equals=whole.loss, within=0)
weights = [torch.nn.utils.parameters_to_vector(one.parameters()) for one in (again, model)]
claim("… and the weights at the end", weights[0], equals=weights[1], within=0)

# %% [markdown]
# On one CPU this is exact. On a GPU some kernels add in an order that varies, and two *uninterrupted* runs may differ in the last digits; then a resumed one may differ by as much.
#
# If you write your own snapshots, mind one trap. `state_dict()` hands out the optimizer's tensors themselves. A file is a copy; a snapshot kept in memory is not, unless you copy it.

# %% tags=["nbval-check-output"]
weight = torch.nn.Parameter(torch.ones(3))
weight.grad = torch.ones(3)
optimizer = torch.optim.AdamW([weight])
optimizer.step()
snapshot, safe = optimizer.state_dict(), copy.deepcopy(optimizer.state_dict())
optimizer.step()
claim("m in the copy", safe["state"][0]["exp_avg"][0].item(), near=0.1, within=1e-6)
moved = snapshot["state"][0]["exp_avg"][0].item()
claim("m in the snapshot has moved on with the optimizer", moved, near=0.19, within=1e-6)

# %% [markdown]
# Now leave one thing out. We take the file as it was at step 40, and empty the optimizer's state. Weights, batches, rate and random numbers are all as they were.

# %%
weights_only = practice.predict("10-weights-only")
weights_only

# %%
at_40["optimizer"]["state"] = {}  # the moments are lost, and t is 0 again
checkpoints.save(path, at_40)
model, optimizer = fresh(lr=0.01)
forgetful = fit(model, task, optimizer, checkpoint=path, resume=True, **plan)

# %%
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
ax.plot(whole.step, whole.loss, color=plotting.QUIET, linewidth=3.5, alpha=0.45, label="never interrupted")
ax.plot(resumed.step, resumed.loss, color=plotting.COLORS["AdamW"], linewidth=1, label="resumed, everything restored")
ax.plot(forgetful.step[39:], forgetful.loss[39:], color="tab:red", label="resumed without the optimizer's state")
ax.axvline(40, color=plotting.QUIET, linewidth=1, linestyle=":")
ax.set(xlabel="step", ylabel="mini-batch loss", xlim=(20, 81), ylim=(2.3, 3.5))
ax.set_title("Resumed without its state, the loss jumps")
plotting.outside_legend(ax)
plotting.show(fig, alt="The resumed curve lies on the uninterrupted one; without the state the loss jumps.")

# %% tags=["nbval-check-output"]
above = forgetful.loss[40:] - whole.loss[40:]
claim("The first loss is the same, since the weights are: gap", abs(above[0]), below=1e-6, approx=True)
claim("After one step from an empty state it is higher by", above[1], above=0.3, approx=True)
claim("… over the next ten steps, on average, by", above[1:11].mean(), above=0.08, approx=True)
claim("… and over the last twenty still by", above[20:].mean(), above=0.005, approx=True)

# %%
weights_only.reveal()

# %% [markdown]
# How much it hurts depends on the rate. 0.01 is three times the preset's rate, and we chose it because a step of ±η hurts more there. The same accident at a third of the rate, where a step of ±η does less damage, with two orders of the batches:

# %%
def accident(lr, seed):
    """(the run without it, by how much the loss is higher after the state was lost at step 40)."""
    path.unlink(missing_ok=True)
    model, optimizer = fresh(lr)
    steady = fit(model, task, optimizer, seed=seed, **plan)
    (model, optimizer), stopping = fresh(lr), StopAfter(40)
    fit(model, task, optimizer, seed=seed, checkpoint=path, watchers=[stopping], control=stopping.control, **plan)
    damaged = checkpoints.load(path)
    damaged["optimizer"]["state"] = {}
    checkpoints.save(path, damaged)
    model, optimizer = fresh(lr)
    forgetful = fit(model, task, optimizer, seed=seed, checkpoint=path, resume=True, **plan)
    return steady, forgetful.loss[40:] - steady.loss[40:]


runs, higher = zip(*(accident(0.003, seed) for seed in (0, 1)), strict=True)

# %% tags=["nbval-check-output"]
claim("At 0.003 the loss after one step is higher by", np.array(higher)[:, 1], between=(0, 0.2), approx=True)
claim("… and over the last twenty it is lower than without the accident, by",
      -np.array(higher)[:, 20:].mean(axis=1), above=0.03, approx=True)
slower = runs[0].loss[60:].mean() - whole.loss[60:].mean()
claim("Without any accident, 0.003 ends higher than 0.01, by", slower, above=0.03, approx=True)

# %% [markdown]
# Here a fresh start even helped. 0.003 is too low for so short a run, as the last line shows, and a fresh start begins with steps of full length; that, we think, is why. It is no method: one small model and eighty steps. But do not believe either that a lost state ruins every run. It cost more at the higher of our two rates.
#
# ## Who took the memory?
#
# Back to the opening question. Between the end of a forward pass and the optimizer's step, up to five kinds of numbers lie in memory: the **weights**, a **gradient** for each, the optimizer's **state**, with some trainers a **float32 copy** of the weights, and the **activations** that the backward pass needs. We count them one by one, starting with what an optimizer remembers. Measured, after a real step, as a multiple of the parameters' own bytes in float32:

# %%
names = ["SGD", "Momentum", "Lion", "Muon", "AdamW", "Adam8bit", "Adafactor"]
state = {name: cost.state_bytes(cost.on_matrices(name)) / 4 for name in names}
fig = plotting.figure(7, 2.9)
ax = fig.subplots()
bars = ax.barh(names, state.values(), color=[plotting.COLORS[name] for name in names], height=0.62)
ax.bar_label(bars, [f"{share:.2g} ×" for share in state.values()], padding=4)
ax.set(xlabel="bytes of state / bytes of parameters", xlim=(0, 2.3))
ax.set_title("AdamW remembers twice the model, SGD nothing")
ax.invert_yaxis()
plotting.show(fig, alt="State over parameters: SGD 0, momentum, Lion and Muon 1, AdamW 2, 8-bit 0.5, Adafactor near 0.")

# %% tags=["nbval-check-output"]
for name, times in {"SGD": 0, "Momentum": 1, "Lion": 1, "AdamW": 2}.items():
    claim(f"{name}: state, as a multiple of the parameters", state[name], equals=times)
claim("8-bit Adam: one scale for 256 numbers, biases in float32", state["Adam8bit"], near=0.511, within=0.001)
claim("Adafactor, rows and columns of matrices", state["Adafactor"], below=0.01, approx=True)

# %% [markdown]
# So much for the state. Now a whole bill, by hand, before anybody computes one for you:

# %%
bill_exercise = practice.exercise("10-bill")
bill_exercise

# %%
bill_exercise.check(...)

# %% [markdown]
# The 0.5 of 8-bit Adam is 2 bytes instead of 8, three quarters less, and this is the figure that is quoted. Before you carry it to a whole training:

# %%
eight_bits = practice.predict("10-eight-bits")
eight_bits

# %% tags=["nbval-check-output"]
seven = {name: memory.budget(7e9, optimizer=name) for name in ("AdamW", "Adam8bit")}
bill = seven["AdamW"]
print(f"7 B with AdamW, no activations: {bill.total / 1e9:.0f} GB, of which weights in use {bill.weights / 1e9:.0f}")
print(f"… and {(bill.master + bill.state) / 1e9:.0f} the optimizer's own: copy, m and v")
print(f"8-bit state shrinks the total by {1 - seven['Adam8bit'].total / bill.total:.1%}")

# %%
eight_bits.reveal()

# %% [markdown]
# So three quarters of this bill belong to the optimizer, and the model that you wanted to train is an eighth of it. 14 GB of weights, 14 of gradients, 28 of copy, 56 of moments: 112 GB, and no activation yet.
#
# *This* bill, for there are four, and it is a good question who makes which copy:
#
# | called | weights | gradient | copy | m, v | bytes | who makes the 16-bit numbers and the copy |
# |---|---|---|---|---|---|---|
# | float32 | 4 | 4 | – | 4 + 4 | 16 | nobody |
# | autocast | 4 (+ 2) | 4 | – | 4 + 4 | 16 (+ 2) | autocast casts weights for each product, and the graph keeps the casts for the backward pass; no second set of weights that the optimizer would see |
# | mixed, with a copy | 2 | 2 | 4 | 4 + 4 | 16 | the trainer, as ZeRO (DeepSpeed) counts it: its optimizer holds the float32 copy, steps that, and rounds it into the model. [Megatron](https://docs.nvidia.com/megatron-core/developer-guide/latest/distrib_optimizer.html) adds up its gradients in float32 as well: 18 |
# | bf16 alone | 2 | 2 | – | 2 + 2 | 8 | `model.to(torch.bfloat16)`; `torch.optim` makes its state in the type of the weights, and never makes a copy |
#
# On one device mixed precision with a copy saves nothing beside float32 but activations and time. And the colleague is right that it fits: 8 bytes a parameter are 56 GB.

# %% tags=["nbval-check-output"]
each = {  # bytes a parameter: weight, gradient, copy, m and v
    "float32": (4, 4, 0, 8),
    "autocast": (4 + 2, 4, 0, 8),
    "mixed, with a copy": (2, 2, 4, 8),
    "bf16 alone": (2, 2, 0, 4),
}
print({way: f"{7 * sum(parts)} GB" for way, parts in each.items()})
package = [memory.budget(7e9, precision=way).total / 1e9 for way in memory.PRECISIONS]
claim("The package's bills, in GB", package, equals=[7.0 * sum(parts) for parts in each.values()], within=1e-9)
layer = torch.nn.Linear(64, 64).to(torch.bfloat16)
optimizer = torch.optim.AdamW(layer.parameters())
layer(torch.randn(8, 64).to(torch.bfloat16)).square().mean().backward()
optimizer.step()
kept = [layer.weight, layer.weight.grad, *(optimizer.state[layer.weight][name] for name in ("exp_avg", "exp_avg_sq"))]
claim("bf16 under torch's AdamW: bytes a parameter", sum(x.element_size() for x in kept), equals=8)

# %% [markdown]
# Is it the same? A bf16 number has 8 significant bits, so that just below 1 its neighbours are 1/256 apart, just above it 1/128. What is smaller than half of that is rounded away. Two places in Adam add something small to something large: the weight, and v, which takes in a thousandth. We train a small model for a hundred steps in float32, and then go on from there with a low rate, as at the end of a schedule: once in float32, once in bf16 alone.

# %%
def went_on(dtype=torch.float32, rounded=(), lr=3e-5):
    """(fall of the test loss over 60 steps, share of the weights that moved); ``rounded``: what is kept in bf16."""
    model = copy.deepcopy(started).to(dtype)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.0)
    with torch.no_grad():
        start = task.loss(model(task.data.x_test).float(), task.data.y_test).item()
        before = [p.clone() for p in model.parameters()]
    for rows in data.batches(len(task.data.x_train), 32, 60, seed=0):
        optimizer.zero_grad()
        task.loss(model(task.data.x_train[rows]), task.data.y_train[rows]).backward()
        optimizer.step()
        for p in model.parameters():
            kept = {"weights": [p.data], "moments": [optimizer.state[p][name] for name in ("exp_avg", "exp_avg_sq")]}
            for numbers in (numbers for part in rounded for numbers in kept[part]):
                numbers.copy_(numbers.bfloat16())
    with torch.no_grad():
        fallen = start - task.loss(model(task.data.x_test).float(), task.data.y_test).item()
    moved = sum((p != q).sum().item() for p, q in zip(model.parameters(), before, strict=True))
    return fallen, moved / sum(p.numel() for p in before)


started, optimizer = fresh()
fit(started, task, optimizer, steps=100, batch_size=32, device="cpu")
(exact, all_moved), (rounded, some_moved) = went_on(), went_on(torch.bfloat16)
parts = {part: went_on(rounded=[part])[0] for part in ("weights", "moments")}  # the rest in float32

# %% tags=["nbval-check-output"]
slow = torch.ones((), dtype=torch.bfloat16)
for _ in range(1000):
    slow *= 0.999  # what v does where no gradient comes
claim("A v of 1 in bf16, after 1000 steps of β₂ = 0.999 without a gradient", slow.item(), equals=1.0)
claim("60 steps at 0.00003 in float32: the test loss falls by", exact, above=0.015, approx=True)
claim("… in bf16 alone it falls by this share of that", rounded / exact, below=0.6, approx=True)
claim("… float32 throughout, but the weights rounded after each step: this share", parts["weights"] / exact, below=0.6,
      approx=True)
claim("… but m and v rounded after each step", parts["moments"] / exact, above=0.8, approx=True)
claim("Share of the weights that have moved: float32", all_moved, above=0.95, approx=True)
claim("… bf16 alone", some_moved, below=0.25, approx=True)

# %% [markdown]
# So it fits, and it is another training: most of the weights stand still, and that is what costs here. Rounded moments cost little in sixty steps, though with β₂ = 0.999 a v in bf16 cannot decay, which may show in longer runs. At a higher rate more steps survive the rounding; at the end of a schedule the small ones should do their work, and do not. This is why large trainers pay 4 bytes for a copy (or round at random, or keep the rounded-off rest).
#
# One bar for each optimizer, in your hands. The arithmetic is checked against real optimizers, real layers and their real graphs in the package's tests. Before you press *The same with LoRA*, say which of the parts will shrink.

# %%
explorers.memory()

# %% [markdown]
# Things to try:
#
# - *7 B with AdamW*, then the room of a GPU from 80 GB downwards. Just below 56 GB no bar fits any more, not even that of SGD, which remembers nothing. What fills those 56?
# - *Eight GPUs*, and take back one part after the other. Which of them costs most to hold eight times?
# - *A large batch*: find the number of tokens at which activations are half of AdamW's bill. Then press *recompute*, which the next section explains.

# %% [markdown]
# ### Activations, counted
#
# Weights, gradients and state do not depend on the batch. Activations do, and with many rows in a small model they are nearly everything. PyTorch lets you listen to what its graph keeps: a pair of hooks is called with each tensor that is put aside in the forward pass, and with each that is taken out again in the backward pass. The first of them is all one needs for a count. Two traps: a piece of memory may be saved several times, or in several views, and must count once, whole; and weights are saved as well, but lie in memory anyway.

# %%
def kept_bytes(model, forward):
    """Bytes that a forward pass keeps for the backward pass, each piece of memory once, without the weights."""
    own, kept = {p.untyped_storage().data_ptr() for p in model.parameters()}, {}

    def note(tensor):
        place = tensor.untyped_storage().data_ptr()
        if place not in own:
            kept[place] = tensor.untyped_storage().nbytes(), tensor  # held, lest its place be given away
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        graph = forward()
    del graph
    return sum(size for size, _ in kept.values())


# %% [markdown]
# We count for our small GPT, for batches of 1 to 128 rows, in float32 and under *autocast*, which runs matrix products in bf16. What else it does depends on the device: on CUDA it takes norms, softmax and the loss to float32, on a CPU only the loss, and the others work in whatever type they are given.


# %%
def activations(batch, bf16=False):
    """Bytes that our small GPT keeps for the backward pass."""
    inputs, targets = task.data.x_train[:batch].clone(), task.data.y_train[:batch].clone()  # not a view of all rows
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        return kept_bytes(model, lambda: task.loss(model(inputs), targets))


batches = [1, 2, 4, 8, 16, 32, 64, 128]
plain = np.array([activations(batch) for batch in batches])
cast = np.array([activations(batch, bf16=True) for batch in batches])
fixed = sum(16 * p.numel() for p in model.parameters())  # weight, gradient, m and v in float32

# %%
fig = plotting.figure(7.4, 3.3)
ax = fig.subplots()
ax.plot(batches, plain / 2**20, "o-", color=plotting.INK, label="activations, float32")
ax.plot(batches, cast / 2**20, "s-", color="tab:orange", label="activations, autocast to bf16")
ax.axhline(fixed / 2**20, color=plotting.COLORS["AdamW"], label="weights, gradients, m and v")
ax.set(xscale="log", yscale="log", xlabel="batch, in rows of 32 characters", ylabel="memory, MiB")
ax.set(xticks=batches, xticklabels=batches, yticks=[0.25, 1, 4, 16], yticklabels=[0.25, 1, 4, 16])
ax.minorticks_off()
ax.set_title("From seven rows on, activations weigh more")
plotting.outside_legend(ax)
plotting.show(fig, alt="Activations grow in proportion to the batch and pass weights, gradients and state at 7 rows.")

# %% tags=["nbval-check-output"]
per_row = np.diff(plain) / np.diff(batches)
claim("Each further row costs the same, to within", np.ptp(per_row) / per_row.mean(), below=0.001, approx=True)
crossing = next(batch for batch in range(1, 129) if activations(batch) > fixed)
claim("Activations pass weights, gradients, m and v at a batch of", crossing, near=7, within=1, digits=1)
claim("At 128 rows autocast saves a share of them of", 1 - cast[-1] / plain[-1], between=(0.2, 0.3), approx=True)
claim("… with one row it needs more: the cast weights are kept too; times", cast[0] / plain[0], above=1.2, approx=True)

# %% [markdown]
# "bf16 halves the memory" is wrong twice here. Autocast does not touch weights, gradients or state. And of the activations those shrink that go into matrix products or come out of them; our tiny width leaves a large share to attention's scores and norms, which are float32 here because the mask that is added and the residual path are. In wide layers with fused attention a layer keeps 16 numbers for each token and unit of width (after [Korthikanti et al. 2022](https://arxiv.org/abs/2205.05198), without dropout), 64 bytes in float32. Autocast leaves the inputs of the two norms at four bytes and the other fourteen numbers at two, which makes 36; where queries, keys and values are three layers, each keeps its own cast of their common input, and it is 40. The saving is seven sixteenths or three eighths; the explorer counts the second.
#
# **float16** is another matter. bf16 has the range of float32; float16 has not: its largest number is 65 504, beyond it lies infinity, below some 3e-8 zero, and gradients can be as small. So the loss is multiplied by a large factor before the backward pass, and the gradients are divided by it afterwards. A `GradScaler` does both, skips a step whose gradients overflowed, and then halves its factor. What people get wrong is the order. The clip must see the gradients *without* the factor:


# %%
def clipped(unscale_first):
    """Norm of the gradient that reaches the step, clipped at 1; the gradient itself is longer than that."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(4, 1)
    optimizer, scaler = torch.optim.SGD(layer.parameters(), lr=0.1), torch.amp.GradScaler("cpu")
    scaler.scale(layer(torch.randn(8, 4)).square().sum()).backward()
    if unscale_first:
        scaler.unscale_(optimizer)
    torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
    if not unscale_first:
        scaler.unscale_(optimizer)
    # … and then scaler.step(optimizer), scaler.update()
    return torch.nn.utils.clip_grad_norm_(layer.parameters(), float("inf")).item()


# %% tags=["nbval-check-output"]
claim("A gradient of 2e-8 in float16", torch.tensor(2e-8).half().item(), equals=0.0)
claim("… and multiplied by 65 536", (torch.tensor(2e-8) * 65536).half().item(), near=0.00131, within=1e-5)
claim("scale, backward, unscale, clip: the step gets a gradient of norm", clipped(True), near=1, within=1e-4)
claim("scale, backward, clip, unscale: times 65 536", clipped(False) * 65536, near=1, within=1e-4)

# %% [markdown]
# In the wrong order next to nothing is left. SGD then stands still, and everybody looks for the reason. Adam divides a factor away and may go on for a while; but a norm of 0.000015 over a hundred million weights is about 1.5e-9 for each, a seventh of ε = 1e-8, and then its steps are an eighth as long.
#
# ### Memory over one step
#
# The bill says how much, not *when*. The same hooks tell that as well. The forward pass puts activations aside; the backward pass takes them out, the last first, and lets go of them; a gradient appears when it is complete; and the optimizer makes its state in its first step. So follow two steps, event by event.


# %%
def state_bytes(optimizer):
    return sum(x.nbytes for kept in optimizer.state.values() for x in kept.values() if torch.is_tensor(x) and x.ndim)


class Ledger:
    """Activations, gradients and state in bytes, noted at every event of a step."""

    def __init__(self, model, optimizer):
        self.own, self.held = {p.untyped_storage().data_ptr() for p in model.parameters()}, {}
        self.now, self.events = {"state": state_bytes(optimizer), "gradients": 0, "activations": 0}, []

    def note(self, part, size):
        self.now[part] += size
        self.events.append(dict(self.now))

    def put_aside(self, tensor):
        place = tensor.untyped_storage().data_ptr()
        if place not in self.own and place not in self.held:
            self.held[place] = [0, tensor]
            self.note("activations", tensor.untyped_storage().nbytes())
        if place in self.held:
            self.held[place][0] += 1  # one more that will take it out
        return tensor


# %%
def take_out(ledger, tensor):
    place = tensor.untyped_storage().data_ptr()
    if place in ledger.held:
        ledger.held[place][0] -= 1
        if not ledger.held[place][0]:
            ledger.note("activations", -ledger.held.pop(place)[1].untyped_storage().nbytes())
    return tensor


def followed(model, optimizer, loss):
    """(events of one step, number of those that belong to its forward pass)."""
    ledger = Ledger(model, optimizer)
    hooks = [p.register_post_accumulate_grad_hook(lambda p: ledger.note("gradients", p.grad.nbytes))
             for p in model.parameters()]
    optimizer.zero_grad()
    with torch.autograd.graph.saved_tensors_hooks(ledger.put_aside, lambda tensor: take_out(ledger, tensor)):
        error = loss()
    forward = len(ledger.events)
    error.backward()
    optimizer.step()
    ledger.note("state", state_bytes(optimizer) - ledger.now["state"])
    for hook in hooks:
        hook.remove()
    return ledger.events, forward


# %%
steps_guess = practice.predict("10-second-step")
steps_guess

# %%
model, optimizer = fresh()
inputs, targets = task.data.x_train[:16].clone(), task.data.y_train[:16].clone()
both = [followed(model, optimizer, lambda: task.loss(model(inputs), targets)) for _ in range(2)]
weights = sum(p.nbytes for p in model.parameters())

# %%
events = [event for step, _ in both for event in step]
parts = {"weights": [weights] * len(events)} | {part: [event[part] for event in events] for part in events[0]}
colors = [plotting.QUIET, plotting.COLORS["AdamW"], "tab:blue", "tab:orange"]
fig = plotting.figure(8, 3.2)
ax = fig.subplots()
ax.stackplot(range(len(events)), np.array(list(parts.values())) / 2**20, labels=parts, colors=colors, step="post")
for number, (_, forward) in enumerate(both):
    begin = number * len(both[0][0])
    for at, phase in ((0, "forward"), (forward, "backward")):
        ax.axvline(begin + at, color=plotting.INK, linewidth=0.8, linestyle=":")
        ax.annotate(phase, (begin + at, 5.5), (4, 0), textcoords="offset points", fontsize=9)
ax.set(xlabel="event: a tensor is put aside, let go of, or made", ylabel="memory, MiB", ylim=(0, 6.2))
ax.set_title("The second step needs more than the first")
plotting.outside_legend(ax)
alt = "Activations climb and fall in each step; gradients appear as they go; state stays from step one on."
plotting.show(fig, alt=alt)

# %% tags=["nbval-check-output"]
totals = [np.array([sum(event.values()) for event in step]) for step, _ in both]
late = [int(total.argmax()) - forward + 1 for total, (_, forward) in zip(totals, both, strict=True)]
claim("Events between the end of the forward pass and the peak of memory, in both steps", late, equals=[0, 0])
peak = both[1][0][both[1][1] - 1]["activations"]
count = kept_bytes(model, lambda: task.loss(model(inputs), targets))
claim("Activations at the peak, over those that were counted above", peak / count, equals=1.0)
higher = (totals[1].max() - totals[0].max()) / sum(p.numel() for p in model.parameters())
claim("The peak of the second step is higher, in bytes a parameter, by", higher, equals=8.0)

# %%
steps_guess.reveal()

# %% [markdown]
# Read two more things off the picture. In a step of one part gradients never lie beside all activations: as one kind grows, the other shrinks, so of these four kinds the peak is weights, state and activations, and less than the bill adds up to. (Where activations are small beside the weights, as with one sentence at a time, it moves to the end of the backward pass, and the bill is right: weights, gradients, state. With accumulation the first part's gradients do lie under the second part's activations, and with `zero_grad(set_to_none=False)` the last step's under the next forward pass.) And the tallest part is the one that recomputation cuts down:

# %% [markdown]
# **Recomputation** (also *activation* or *gradient checkpointing*) takes the other way: forget, and compute again. A block's inner activations are thrown away after the forward pass. Only its input is kept, and when the backward pass arrives at the block, the block is run forward once more. The price is time, and it can be counted without a clock: PyTorch counts the operations of its matrix products.

# %%
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode


def forward(tokens, recompute):
    x = (model.characters(tokens) + model.places.weight[: tokens.shape[-1]]).flatten(0, 1)
    for block in model.blocks:
        run = (lambda *inputs, block=block: checkpoint(block, *inputs, use_reentrant=False)) if recompute else block
        x = run(x, tokens.shape[-1])
    return model.head(model.norm(x)).unflatten(0, tokens.shape)


def price(recompute):
    """(bytes kept for the backward pass, operations of a forward and a backward pass), with 128 rows."""
    tokens, targets = task.data.x_train[:128].clone(), task.data.y_train[:128].clone()
    kept = kept_bytes(model, lambda: task.loss(forward(tokens, recompute), targets))
    with FlopCounterMode(display=False) as counted:
        task.loss(forward(tokens, recompute), targets).backward()
    return kept, counted.get_total_flops()


(kept, work), (kept_less, more_work) = price(False), price(True)

# %% tags=["nbval-check-output"]
claim("Recomputing both blocks keeps, at the end of the forward pass, this share of the activations", kept_less / kept,
      between=(0.1, 0.25), approx=True)
claim("… and makes a step longer, in operations, by", more_work / work - 1, between=(0.15, 1 / 3), approx=True)

# %% [markdown]
# A backward pass does twice the work of a forward pass, so a step is three, and one forward pass more is a third at most. Here it is less, for PyTorch stops the second pass of a block as soon as it has what the backward pass needs, and the head is not run again. At the end of the forward pass five sixths of the activations are gone, for a fifth more work. The *peak* falls by less: in the backward pass one block's inner activations lie there again, and here a block is nearly half of all. With many layers one of them is little, and it is a good bargain where activations are what does not fit.
#
# `amp="bf16"` and `compile=True` are two more arguments of `fit`, and the CUDA preset of the GPT sets both where it can. Compiling makes the first steps long and the others shorter; on a CPU it needs a C++ compiler. How much either gains depends on the device, so look at the throughput on your own dashboard, with and without.
#
# ### The largest batch that fits
#
# You want the batch as large as the GPU allows. The straight line above predicts it, and one tries near the prediction, because an allocator rounds up and kernels need room of their own. When a step does not fit, `fit` says what a step needs and what to change. Here a loss that pretends to be a full GPU:

# %%
def full(outputs, targets):
    raise torch.OutOfMemoryError("CUDA out of memory")


model, optimizer = fresh()
try:
    fit(model, task, optimizer, steps=1, batch_size=64, loss=full, device="cpu")
except devices.OutOfMemory as advice:
    print(advice)

# %% [markdown]
# Three things in it deserve a second look. `accumulate=2` keeps the step as it was; a smaller batch does not: it is noisier, and may want another rate. The saving of bf16 is a fraction: our tiny model saved about a quarter. And "in use" means the whole process on a CPU, Python and PyTorch included, so that here the rest is *not* activations; on a GPU it mostly is.

# %%
batch_exercise = practice.exercise("10-largest-batch")
batch_exercise


# %%
def largest_batch(fits):
    return ...  # doubling, then bisection


batch_exercise.check(largest_batch)

# %% [markdown]
# The same search, on our small GPT and a machine that we imagine to have 32 MiB, by the bill, which counts gradients beside all activations (by the ledger two rows more would fit). On a real one, `fits` is a `try` around two steps of `fit`, with `except devices.OutOfMemory: return False`.

# %% tags=["nbval-check-output"]
room, tried = 32 * 2**20, []


def fits(batch):
    tried.append(batch)
    return fixed + activations(batch) <= room


found = cost.largest_that_fits(fits)
claim("The batch that was found leaves free, in KiB", (room - fixed - activations(found)) / 1024, above=0, approx=True)
claim("… and one row more lacks", (fixed + activations(found + 1) - room) / 1024, above=0, approx=True)
by_line = (room - fixed) / (plain[-1] / batches[-1])
claim("The straight line of the figure predicts it to within", abs(found / by_line - 1), below=0.02, approx=True)
claim("Tries that it took", len(tried), between=(10, 16), approx=True)

# %% [markdown]
# Leave some room below the answer. The first step of the optimizer makes its state, so try two; an evaluation may be larger, texts differ in length. And the largest batch that fits is a limit of the machine; whether it trains well is another question.
#
# ### LoRA: state only for what is trained
#
# *Low-rank adaptation* ([Hu et al. 2021](https://arxiv.org/abs/2106.09685)) freezes a trained model and puts a thin correction beside its matrices:
#
# $$h = Wx + \frac{\alpha}{r}\,BAx,\qquad A\in\mathbb R^{r\times\text{in}},\quad B\in\mathbb R^{\text{out}\times r},\quad B=0\text{ at the start}$$
#
# $W$ has no gradient, so it has no state. The centre of it is one line, and it is yours:

# %%
lora_exercise = practice.exercise("10-lora")
lora_exercise


# %%
def lora_layer(x, weight, a, b, alpha):
    return ...


lora_exercise.check(lora_layer)

# %% [markdown]
# Around the line stands a module, and a function that puts one beside every linear layer of a model. (`training.lora` is the same with more care, for shared weights and odd layers.)


# %%
class Thin(torch.nn.Module):
    """A frozen linear layer, and a correction of rank r that is trained."""

    def __init__(self, base, rank, alpha):
        super().__init__()
        self.base, self.scale = base, alpha / rank
        self.a = torch.nn.Parameter(torch.empty(rank, base.in_features).uniform_(-1, 1) / base.in_features**0.5)
        self.b = torch.nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.a.T) @ self.b.T


def with_lora(model, rank, alpha):
    """Freeze a model and put a `Thin` around each of its linear layers → what the optimizer gets."""
    model.requires_grad_(False)
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is torch.nn.Linear:
                setattr(module, name, Thin(child, rank, alpha))
    return [p for p in model.parameters() if p.requires_grad]


# %% [markdown]
# We teach the small GPT to read Python *code* instead of Python's documentation: the source of `argparse`, on your disk too. Once by training all of it, with ranks 4 and 16 at α = r, and with rank 4 at α = 16. Each gets four rates, because a comparison at one rate would be about the rate; it is chosen on the rows that are reported, so small differences count for little. Before you look at the figure, guess: if thin matrices wanted the same rate as thick ones, the valleys would lie one above the other. Do they?

# %%
import argparse

length = little.context + 1
numbers = task.data.encode(Path(argparse.__file__).read_text(encoding="utf-8"))
windows = numbers[: len(numbers) // length * length].reshape(-1, length)
windows = windows[torch.randperm(len(windows), generator=torch.Generator().manual_seed(0))]
code, held_out = windows[64:], windows[:64]


def batch_of_code(number):
    rows = torch.randint(len(code), (32,), generator=torch.Generator().manual_seed(number))
    return code[rows, :-1], code[rows, 1:]


def loss_on_code(model):
    with torch.no_grad():
        return task.loss(model(held_out[:, :-1]), held_out[:, 1:]).item()


# %%
def adapt(lr, rank=0, alpha=0):
    """(loss on code after 45 steps, model, numbers trained, bytes of state); rank 0 trains everything."""
    torch.manual_seed(0)  # A starts at random
    model = copy.deepcopy(little)
    params = with_lora(model, rank, alpha) if rank else list(model.parameters())
    optimizer = torch_optim.AdamW(params, lr=lr)
    schedule = schedules.warmup_cosine(warmup=6, total=45)
    fit(model, batch_of_code, optimizer, steps=45, loss=task.loss, schedule=schedule, clip=1.0, device="cpu")
    return loss_on_code(model), model, sum(p.numel() for p in params), devices.optimizer_bytes(optimizer)


ways = {"everything": (0, 0), "rank 16": (16, 16), "rank 4": (4, 4), "rank 4, α = 16": (4, 16)}
rates = {way: np.array([0.002, 0.006, 0.02, 0.06]) * (3 if way == "rank 4" else 1) for way in ways}
tried = {way: [adapt(lr, *given) for lr in rates[way]] for way, given in ways.items()}
best = {way: min(runs, key=lambda run: run[0]) for way, runs in tried.items()}

# %%
fig = plotting.figure(7.6, 3.2)
ax = fig.subplots()
for way, color in zip(ways, (plotting.COLORS["AdamW"], "tab:blue", "tab:orange", "tab:brown"), strict=True):
    ax.plot(rates[way], [run[0] for run in tried[way]], "o-", color=color, label=way)
ax.axhline(loss_on_code(little), color=plotting.QUIET, linestyle=":", label="before")
marks = [0.002, 0.006, 0.02, 0.06, 0.18]
ax.set(xscale="log", xticks=marks, xticklabels=marks, xlabel="peak learning rate η")
ax.set(ylabel="loss on code", ylim=(1.5, 2.6))
ax.minorticks_off()
ax.set_title("Thin corrections want another rate, and end a little worse")
plotting.outside_legend(ax)
plotting.show(fig, alt="Loss on code by rate: all trained, best near 0.005; rank 16 and rank 4 at α = 16 near 0.015; "
              "rank 4 above 0.02.")

# %%
for way, (loss, _, trained, held) in best.items():
    print(f"{way:<15}{trained:>8,} trained, {held / 1024:>6.1f} KiB of state, "
          f"loss on code {loss_on_code(little):.2f} → {loss:.2f}")

# %% tags=["nbval-check-output"]
(_, _, all_trained, all_state), (_, thin, thin_trained, thin_state) = best["everything"], best["rank 4"]
claim("LoRA: bytes of state for each trained number", thin_state / thin_trained, near=8, within=0.02, digits=2)
ratio = thin_state / all_state / (thin_trained / all_trained)
claim("The state shrinks as the trained numbers do: ratio of the two", ratio, near=1, within=0.01, digits=2)
claim("Share of the numbers that rank 4 trains", thin_trained / all_trained, below=0.1, approx=True)
gains = {way: loss_on_code(little) - run[0] for way, run in best.items()}
claim("Rank 4 learns to read code: its loss falls by", gains["rank 4"], above=0.2, approx=True)
claim("Each at its best rate, rank 16 gains more than rank 4, by", gains["rank 16"] - gains["rank 4"], above=0.01,
      approx=True)
claim("… and everything more than rank 16, by", gains["everything"] - gains["rank 16"], above=0.005, approx=True)

# %% [markdown]
# The valleys do not lie one above the other. (The grid of rank 4 had to lie three times as high, lest its best be the last.) The state has shrunk by the same factor as the number of trained parameters, as it must. Rank 4 has not caught up with full training in 45 steps, and rank 16 nearly has. (One seed, a small model, a text far from the first. On large models and near tasks the authors report no loss in quality; that is their result, and not ours.)
#
# And LoRA wants a rate of its own. At the start $B=0$, so an Adam step moves each entry of $B$ by ±η, and an entry of the matrix by a sum of $r$ entries of $A$ times ±η. Those start uniform in $\pm1/\sqrt{\text{in}}$, so the matrix moves by about
#
# $$\frac{\alpha}{r}\;\eta\;\sqrt{\frac{r}{3\cdot\text{in}}}$$
#
# where full training would move it by η. What the rank does to that depends on how α is set, and both ways are in use. With $\alpha=r$, as here, it is $\eta\sqrt{r/(3\,\text{in})}$: the smaller the rank, the *shorter* the step. With a **fixed** α, as in the paper and in many configurations (`lora_alpha=16`), it is $\eta\,\alpha/\sqrt{3\,r\,\text{in}}$: the smaller the rank, the *longer* the step. (The paper sets it so in order to tune less when r varies.) With $\alpha\propto\sqrt r$ it does not depend on the rank, and that is the scaling that [Kalajdzievski 2023](https://arxiv.org/abs/2312.03732) proposes. So before you carry over a rate from one rank to another, look up which α stood beside it.

# %%
def first_move(rank, alpha):
    """How far the first step moves a matrix with 64 inputs (rms), over η."""
    torch.manual_seed(0)
    model = copy.deepcopy(little)
    optimizer = torch_optim.AdamW(with_lora(model, rank, alpha), lr=0.01)
    fit(model, batch_of_code, optimizer, steps=1, loss=task.loss, device="cpu")
    layer = model.blocks[0].attention.inputs
    return (layer.scale * layer.b @ layer.a).square().mean().sqrt().item() / 0.01


ranks = np.array([1, 4, 16])
moved = {alpha: np.array([first_move(int(rank), alpha or int(rank)) for rank in ranks]) for alpha in (None, 16)}
formula = {alpha: (alpha or ranks) / ranks * np.sqrt(ranks / (3 * 64)) for alpha in moved}
print("rank", *ranks, "  α = r:", *np.round(moved[None], 2), "  α = 16:", *np.round(moved[16], 2))

# %% tags=["nbval-check-output"]
for alpha, name in {None: "α = r", 16: "α = 16"}.items():
    share = moved[alpha] / formula[alpha]
    claim(f"{name}: measured over formula, ranks 1, 4, 16", share, near=1, within=0.15, digits=1)

# %% [markdown]
# Does the formula explain the figure? If all wanted first steps of one length, then each should want full training's rate divided by the formula's factor. A grid with steps of 3.3 is coarse, so we take the bottom of a parabola through the best point and its two neighbours.


# %%
def bottom(rates, losses):
    """The rate at the bottom of a parabola through the best point of the grid and its neighbours, over log η."""
    best = np.clip(np.argmin(losses), 1, len(rates) - 2)
    near = slice(best - 1, best + 2)
    a, b, _ = np.polyfit(np.log(rates[near]), np.array(losses)[near], 2)
    return np.exp(-b / (2 * a))


wanted = {way: bottom(rates[way], [run[0] for run in runs]) for way, runs in tried.items()}
wanted = {way: rate / wanted["everything"] for way, rate in wanted.items() if way != "everything"}
for way, factor in wanted.items():
    rank, alpha = ways[way]
    print(f"{way:<15} wants the rate of full training times {factor:.1f}; "
          f"the formula says {(192 * rank) ** 0.5 / alpha:.1f}")

# %% tags=["nbval-check-output"]
ends = [max(runs[0][0], runs[-1][0]) - best[way][0] for way, runs in tried.items()]
claim("In each way a rate at an end of its grid is worse than the best, by", ends, above=0.02, approx=True)
share = np.array([factor / (192 * ways[way][0]) ** 0.5 * ways[way][1] for way, factor in wanted.items()])
claim("Measured over formula, for the three", share, between=(0.4, 2.5), approx=True)
claim("Rank 4 wants a rate that falls as α grows from 4 to 16, by a factor of",
      wanted["rank 4"] / wanted["rank 4, α = 16"], above=1.3, approx=True)

# %% [markdown]
# So the formula gives the size to a factor of two. Of its directions we see two, rank at α = r and α at rank 4; at α = 16 ranks 16 and 4 want one rate here, where it says twice as much. More cannot be asked of it: it speaks of the *first* step of $B$ alone, a best rate is about forty-five steps, and the grid is coarse. (192 is for the layers with 64 inputs; the MLP's second matrix has 256. And later $B$ is no longer 0, so that $A$ moves the matrix as well.) Take from it in which direction to try when the rank or α changes, and how far to look, and sweep there.

# %% [markdown]
# When training is over the correction folds into the matrix, and the layer is as fast as before.

# %% tags=["nbval-check-output"]
with torch.no_grad():
    corrected = thin(held_out[:, :-1])
    for layer in [module for module in thin.modules() if isinstance(module, Thin)]:
        layer.base.weight += layer.scale * layer.b @ layer.a
        layer.b.zero_()
    folded = thin(held_out[:, :-1])
apart = ((folded - corrected).abs().max() / corrected.abs().max()).item()
claim("Merged, it gives the same outputs, to a relative", apart, below=1e-3, approx=True)

# %% [markdown]
# ## What a step costs
#
# Now time. An AdamW step does about a dozen operations for each parameter. That sounds like arithmetic, and it is not. The step must *read* $g$, $m$, $v$, $\theta$ and *write* $m$, $v$, $\theta$: seven float32 numbers, 28 bytes. As a step of its own, however it is programmed, it cannot take less time than memory needs to deliver them:
#
# $$t_{\min} = \frac{28\ \text{bytes}\times\text{parameters}}{\text{bandwidth}}$$
#
# The bandwidth of your machine can be measured: $a \leftarrow a + s\,b$ on two long vectors moves twelve bytes an element and does nothing else.

# %%
limit = step_cost.bandwidth(place, megabytes=128, repeats=30)
print(f"This machine moves {limit / 1e9:.0f} GB/s, so 10 M parameters take at least {28e7 / limit * 1e3:.2f} ms")

# %%
foreach = practice.predict("10-foreach")
foreach

# %% [markdown]
# Five ways to the same step. A **loop** over tensors, one operation after the other. **foreach**, one operation over all tensors. **fused**, one kernel for all. adamkit's **plain** version, whose rule is written to be read; and the same **compiled** by `torch.compile` (left out of the next cell on a CPU, where it needs a C++ compiler). On a GPU the cell also tries 8-bit state. First on your machine, then beside a report that comes with the package.

# %%
on_cpu = place.type == "cpu"
ways = ["for-loop", "foreach", "fused", "plain"] + ["compiled", "8-bit"] * (not on_cpu)
mine = []
for parameters in (1_000_000, 10_000_000) + (100_000_000,) * (not on_cpu):
    for way in ways:
        with contextlib.suppress(RuntimeError, MemoryError, ValueError, TypeError):  # no memory, or no such kernel
            taken = step_cost.measure(way, parameters=parameters, device=place, limit=limit, repeats=9)
            mine.append(taken.to_dict())
print(report.table({"steps": mine}))

# %% [markdown]
# The report was made by a script that needs no notebook: `python -m adamkit.training.report --out mine.json`. It trains both demos, measures this table for 1, 10 and 100 million parameters where memory allows, and notes device, versions and date. Run it on any machine you have, and load it with `report.load("mine.json")`.
#
# One report ships with the package, and it is a CPU's. **No GPU's is shipped, because we had none to measure on**, and a figure from a data sheet is not a measurement. The right place for one is in the cell above, from yours.

# %% tags=["nbval-check-output"]
shipped = report.shipped()
claim("One report comes with the package, that of a", ", ".join(shipped), equals="cpu")
cpu = shipped["cpu"]
times = {(row["way"], row["parameters"]): 1 / row["share"] for row in cpu["steps"]}  # in units of t_min
print(report.title(cpu))

# %%
labels = {"plain": "adamkit, plain", "foreach": "foreach", "for-loop": "loop", "compiled": "compiled", "fused": "fused"}
palette = dict(zip(labels, ["tab:red", "tab:orange", "tab:brown", "tab:blue", "tab:green"], strict=True))
sizes = [1e6, 1e7, 1e8]
fig = plotting.figure(8, 3.9)
ax = fig.subplots()
for way, color in palette.items():
    ax.plot(sizes, [times[way, size] for size in sizes], "o-", color=color, label=labels[way])
    own = [(row["parameters"], 1 / row["share"]) for row in mine if row["way"] == way]
    ax.plot(*zip(*own, strict=True), "D", color=color, markersize=8, fillstyle="none") if own else None
ax.plot([], [], "D", color=plotting.QUIET, markersize=8, fillstyle="none", label="your machine, now")
top = 1.5 * max([8.0] + [1 / row["share"] for row in mine if row["way"] in palette])
ticks = [factor for factor in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500) if factor < top]
ax.axhline(1, color=plotting.INK, linewidth=1, linestyle="--", label="28 bytes / bandwidth")
ax.set(xscale="log", yscale="log", xlabel="parameters", ylabel="time of a step / shortest possible", ylim=(0.7, top))
ax.set(yticks=ticks, yticklabels=ticks, title="In the report fused and compiled run at the speed of memory")
ax.minorticks_off()
plotting.outside_legend(ax)
plotting.show(fig, alt="Step time over the limit: fused and compiled near 1, plain and loop near 3, foreach 3 to 7.")

# %% [markdown]
# Filled dots: the shipped report, one CPU thread. Open diamonds: your machine, just now, with whatever else it was doing. On a GPU expect the diamonds on the left to stand high: a million parameters are moved in microseconds there, and launching the kernels takes longer than that.

# %% tags=["nbval-check-output"]
big = 100_000_000
print("In units of the shortest possible step, 100 M parameters:")
for way, factor in {"fused": 0.98, "compiled": 1.06, "plain": 2.92, "for-loop": 3.58, "foreach": 7.07}.items():
    claim(step_cost.WAYS[way].label, times[way, big], near=factor, within=0.01)
for size, factor in {10_000_000: 1.08, 1_000_000: 1.12}.items():
    over = times["compiled", size] / times["fused", size]
    claim(f"compiled over fused with {size // 1_000_000} M parameters", over, near=factor, within=0.01)
extra = [(times["compiled", size] - times["fused", size]) * size for size in (1_000_000, 10_000_000, 100_000_000)]
claim("What compiled takes longer, with 100 M over with 1 M parameters", extra[2] / extra[0], above=20, approx=True)
few = 1_000_000
taken = {row["way"]: row["milliseconds"] for row in cpu["steps"] if row["parameters"] == few}
ratio = [times["foreach", size] / times["for-loop", size] for size in (1_000_000, 10_000_000, 100_000_000)]
claim("foreach over the loop, with 1, 10, 100 M parameters", ratio, near=[1.04, 1.25, 1.98], within=0.01)
claim("8-bit state, 1 M parameters, times as long as fused", taken["8-bit"] / taken["fused"], near=181, within=1)

# %%
foreach.reveal()

# %% [markdown]
# The factor of the loop can be predicted with a pencil; what is measured lies 6, 9 and 25 percent above it, with 1, 10 and 100 M parameters. Torch's loop version makes eight passes over each tensor: decay (read $\theta$, write $\theta$), $m$ (read $m$ and $g$, write $m$), $v$ in two passes (2 and 3 numbers), a root, a division and the addition of ε (2 each), and the update (read $\theta$, $m$ and the denominator, write $\theta$). Twenty numbers where seven must move.

# %% tags=["nbval-check-output"]
counted = 2 + 3 + 2 + 3 + 2 + 2 + 2 + 4
print(f"Numbers that the loop moves, over the seven that must move: {counted} / 7 = {counted / 7:.2f}")
measured = [times["for-loop", size] for size in (1_000_000, 10_000_000, 100_000_000)]
claim("Measured with 1, 10 and 100 M parameters", measured, near=[3.02, 3.11, 3.58], within=0.01)
joined = tape.Tape(rules.AdamW(lr=1e-3, weight_decay=0.01).at(7), 7)
claim("Passes of adamkit's plain version", len(joined.calls), equals=8)
claim("… and its time with 10 M parameters", times["plain", 10_000_000], near=3.08, within=0.01)

# %% [markdown]
# Five remarks on the chart.
#
# - **A point below 1** is no miracle. The limit is itself a measurement, and some percent of noise go both ways; with 1 M parameters part of the numbers may also stay in the cache.
# - **Plain** would need twice as many passes if each operation of the rule made a tensor of its own. adamkit writes down once a step which operations the rule asks for, joins those that torch has one function for, and overwrites what nobody reads any more. Eight passes are left, as in torch's loop. With 1 M parameters some fixed cost shows, the writing down we suppose.
# - **Compiled** is the same recording, made into one loop that reads and writes every number once. $\eta\lambda$, $1-\beta_1$ and both corrections are known before the loop begins, and one division a coordinate is left, so the loop should wait for memory alone. It takes about a tenth longer than fused at each of the three sizes. So the cause is not the Python around the call, which would be a fixed time and vanish among 100 M parameters; what it is in the compiled loop we have not measured.
# - **foreach** saves calls, and on a GPU each call is a launch. Here nothing is launched, and with 100 M parameters it is the slowest of the five. A default that is right on one device can be wrong on another.
# - **8-bit state** should win this race, since it must move 16 bytes instead of 28. Uncompiled, on a CPU, it takes 180 times as long as fused. Traffic cannot explain that, it would be some five hundred passes. In a profile of one step (the last of the tools below) most of the time went to `bucketize`, which finds the nearest of 256 codes by a search for each number. A small state is only fast where packing is cheap, inside one kernel.
#
# ## Before you believe a clock, and when memory runs out
#
# Four tools that one reaches for on a GPU. The lines with `cuda` are *not run here*; the profiler we ran in a script, on the CPU.
#
# ```python
# torch.cuda.synchronize()                        # a launch returns at once: wait before you look at a clock, and after
#
# torch.cuda.reset_peak_memory_stats()
# train_step()
# torch.cuda.max_memory_allocated()               # tensors at their peak: what this notebook counts
# torch.cuda.max_memory_reserved()                # what the allocator took for them: more, where it is in pieces
#
# torch.cuda.memory._record_memory_history(max_entries=100_000)
# train_step()
# torch.cuda.memory._dump_snapshot("step.pickle")  # drop the file on pytorch.org/memory_viz: our picture, with names
#
# with torch.profiler.profile() as seen:           # after a few steps, so that warm-up and compilation are over
#     train_step()
# print(seen.key_averages().table(sort_by="self_cpu_time_total", row_limit=10))
# ```
#
# Allocated near reserved, and still out of memory: something must go. Reserved far above allocated: the memory is in pieces, and `PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True` (newer versions also read `PYTORCH_ALLOC_CONF`) is worth a try before anything is cut.
#
# ## More than one GPU, more than one machine
#
# The notebook ends here and a script begins, because each GPU needs a process of its own. With this in `train.py`:
#
# ```python
# from adamkit.training import presets
# from adamkit.training import distributed, fit
# from adamkit.torch_optim import AdamW
#
# with distributed.processes():                  # joins the others; alone it does nothing
#     preset = presets.characters()
#     model = preset.task.fresh_model(seed=0)
#     optimizer = AdamW(model.parameters(), lr=preset.lr, weight_decay=0.1)
#     fit(model, preset.task, optimizer, checkpoint="run.pt", resume=True, **preset.options)
# ```
#
# start it with
#
# ```
# torchrun --nproc-per-node 8 train.py                                     # one machine, eight GPUs
# torchrun --nnodes 2 --nproc-per-node 8 --rdzv-id 1 --rdzv-backend c10d \
#          --rdzv-endpoint first-machine:29500 train.py                    # the same line on each of two machines
# ```
#
# Every process holds the whole model and takes its share of each batch. **DistributedDataParallel** averages the gradients, so all of them take the same step: for `fit`, eight GPUs are an accumulation of eight parts that happen at once. With accumulation the averaging has to wait for the last part, or every part sends all gradients over the wire. `fit` does that; in a loop of your own it is `with model.no_sync():` around all parts but the last, forward included. Only the first process writes and draws. `--nproc-per-node 2` works on a laptop without a GPU as well.
#
# If the model does not fit on one GPU, shard it. **FSDP2** spreads weights, gradients and state over the processes, and gathers a layer when it is used. The model must never lie whole on any of them, so it begins on the *meta* device, where tensors have a shape and no numbers. Four steps: make it there, shard it, give each process room for its own part, and only then fill in numbers. The optimizer comes last, so that its state is made in shards too:
#
# ```python
# import torch
# from torch.distributed.fsdp import fully_shard
# from adamkit.training import presets
# from adamkit.training import devices, distributed, fit
# from adamkit.torch_optim import AdamW
#
# with distributed.processes():                       # also gives each process a GPU of its own
#     preset = presets.characters()
#     with torch.device("meta"):
#         model = preset.task.make_model()            # shapes, no numbers
#     for block in model.blocks:
#         fully_shard(block)
#     fully_shard(model)
#     model.to_empty(device=devices.device("auto"))   # room for this process's part; what is in it is arbitrary
#     for module in model.modules():
#         if hasattr(module, "reset_parameters"):
#             module.reset_parameters()               # torch's own starts, each process its part
#     for block in model.blocks:
#         block.attention.future.fill_(-torch.inf).triu_(1)
#     optimizer = AdamW(model.parameters(), lr=preset.lr, weight_decay=0.1)
#     fit(model, preset.task, optimizer, **{**preset.options, "compile": False})
# ```
#
# The last two lines before the optimizer are the trap of this recipe. `to_empty` empties *everything*, buffers too, and here the causal mask is one. A module without `reset_parameters` keeps whatever lay in that memory. A model that is to start from trained weights reads them here, each process its part, with `torch.distributed.checkpoint`. We ran these lines in two processes of a CPU (with the preset for one): each held half of the 108 800 numbers, and the loss fell.
#
# What is tested: that two processes on a CPU take the steps of one, replicated (with AdamW and LAMB) or sharded (with these, momentum, Adafactor and Schedule-Free AdamW). What is not: a run on several GPUs, which we did not have. Two limits that you will meet: a sharded model needs `torch.distributed.checkpoint` instead of `checkpoint=`, and 8-bit Adam refuses shards, because a block of 256 could lie in two processes. Both refusals come as a sentence that says so.
#
# ## In the interview

# %%
practice.interview("10-where-is-the-memory")

# %%
practice.interview("10-step-cost")

# %%
practice.interview("10-resume")

# %% [markdown]
# ## Recap
#
# - Around the step: groups, schedule, clip, in the order rate, clear, backward, clip, step.
# - AdamW in mixed precision with a float32 copy, which the trainer makes: 16 bytes a parameter by ZeRO's count, 2 of them the weights in use. A bf16 model under `torch.optim` takes 8, and rounds small steps away.
# - Where activations are the larger part, memory peaks where the forward pass ends, in the second step: weights, state, activations. In float16: unscale, then clip.
# - Recomputation trades a third of a step, at most, for most of the activations, where there are many layers. Activations come on top, and grow with the batch.
# - 8-bit state cuts the state by three quarters, and the bill by 37%. LoRA cuts gradients, copy and state to slivers; its rate depends on the rank and on α.
# - A checkpoint holds all that the next step depends on. Test it: stop, resume, compare bit for bit.
# - A step is limited by memory traffic: 28 bytes a parameter. A loop of operations needs three times as long, on one CPU thread.

# %%
practice.self_check("10")

# %% [markdown]
# **Next:** [11 Scaling up](11_scaling_up.ipynb): which of your numbers survive when the model, the batch and the data grow.
#
# **Sources.** E. J. Hu et al., [*LoRA*](https://arxiv.org/abs/2106.09685), 2021. S. Rajbhandari et al., [*ZeRO: memory optimizations toward training trillion parameter models*](https://arxiv.org/abs/1910.02054), 2020, for the 16 bytes and the stages of sharding. V. Korthikanti et al., [*Reducing activation recomputation in large transformer models*](https://arxiv.org/abs/2205.05198), 2022, for the activations of a layer. T. Dettmers et al., [*8-bit optimizers via block-wise quantization*](https://arxiv.org/abs/2110.02861), 2022. P. Micikevicius et al., [*Mixed precision training*](https://arxiv.org/abs/1710.03740), 2018, for the float32 copy. J. D. McCalpin, [*STREAM*](https://www.cs.virginia.edu/stream/), for the measurement of bandwidth. A. Karpathy, [nanoGPT](https://github.com/karpathy/nanoGPT), for the size of the character model.
