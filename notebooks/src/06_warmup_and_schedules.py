# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Warmup and schedules
#
# **After this notebook you can**
#
# - *write* the common schedules as pure functions of the step, and *hand* them to PyTorch;
# - *say* what warmup buys, and *show* it on a transformer that you train in seconds;
# - *weigh* three explanations of warmup, each against an experiment;
# - *choose* a way down: cosine, straight line, or stable and then down;
# - *avoid* five bugs that cost people real runs.
#
# About 100 minutes. Builds on [04 Adam](04_adam.ipynb); runs without it.
#
# > **The question.** Two people train the same transformer with Adam at the same peak rate, for the same 160 steps. One starts at the peak. The other spends half of the steps climbing up to it. After 160 steps one model has begun to read: what it predicts depends on what came before. The other knows how frequent each letter is, and nothing else. Which is which, and what happened?
#
# (The transformer is a **post-LN** one: it normalises *after* each residual sum, x ← norm(x + f(x)), as in 2017. So every signal and every gradient passes through all the norms. Most models today are **pre-LN**, x ← x + f(norm(x)): the residual path itself is left alone. We shall train both.)

# %%
import numpy as np

from adamkit import optim, plotting, practice, schedules, theory
from adamkit.claims import claim
from adamkit.lessons import explorers
from adamkit.lessons.nb06.two_layers import two_layers
from adamkit.rules import Adam, RAdam

# %%
half_lost = practice.predict("06-half-lost")
half_lost

# %% [markdown]
# ## A schedule is a function of the step
#
# A schedule multiplies the learning rate by a factor that depends on the step, and on nothing else:
#
# $$\eta_t = \eta_{\text{peak}}\cdot s(t),\qquad t = 0, 1, 2, \ldots$$
#
# Two conventions hide in this line. The factor is **relative** to the peak, so a schedule can be carried from one model to another. And $t$ counts from **0** here, because PyTorch's `LambdaLR` does; Adam's own $t$ counts from 1.
#
# The simplest useful one goes up in a straight line and down in a straight line. It is the smaller of two ratios:

# %%
def up_and_down(step, warmup, total):
    return max(0, min(step / warmup, (total - step) / (total - warmup)))


print([round(up_and_down(step, warmup=4, total=12), 2) for step in range(15)])

# %% [markdown]
# No object, no state, no history. (And no answer at `warmup=0`, where it divides by zero; the exercise below asks you to do better.) Such a function can be plotted before training, tested, and asked about any step in any order. The package has some. Each can be called with a step, which gives a factor, or with its settings alone, which gives a function of the step to keep: `schedules.linear_warmup(3, warmup=10)` is the number 0.3, and `schedules.linear_warmup(warmup=10)` a schedule. With `start=` the ramp begins above 0. We shall often write `start=1/(W+1)`, so that no step is spent at the rate 0. (torch's `ReduceLROnPlateau` is of another kind: it watches the loss, so it has a memory.)

# %% tags=["nbval-check-output"]
steps = np.arange(15)
linear = schedules.warmup_linear(warmup=4, total=12)
gap = np.abs(linear(steps) - [up_and_down(step, 4, 12) for step in steps]).max()
claim("Our line of Python and adamkit's warmup_linear differ by", gap, below=1e-12, approx=True)

# %% [markdown]
# **Your turn.** Warmup and cosine, the schedule of GPT-3 and LLaMA. The ramp is as above. After it the factor falls along half a cosine from 1 to a *floor*, and stays there:
#
# $$s(t)=s_{\min}+(1-s_{\min})\,\tfrac12\bigl(1+\cos \pi p\bigr),\qquad p=\frac{t-\text{warmup}}{\text{total}-\text{warmup}}\ \text{, at most } 1$$

# %%
cosine_exercise = practice.exercise("06-warmup-cosine")
cosine_exercise


# %%
def warmup_cosine(step, warmup, total, floor):
    return ...  # the factor at this step


cosine_exercise.check(warmup_cosine)

# %% [markdown]
# ### In PyTorch
#
# `LambdaLR` takes any such function. It sets the rate of step 0 when it is made, and the next rate each time you call its `step()`, *after* the optimizer's.

# %%
import torch
from torch.optim import lr_scheduler

torch.set_num_threads(1)  # our models are small: a second thread would wait more than it works

weight = torch.nn.Parameter(torch.zeros(3))
optimizer = torch.optim.AdamW([weight], lr=3e-4)
cosine = schedules.warmup_cosine(warmup=100, total=1000, floor=0.1, start=0.01)
scheduler = lr_scheduler.LambdaLR(optimizer, cosine)  # or, shorter: cosine.as_lambda_lr(optimizer)
seen = []
for _ in range(1000):
    seen.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()

# %% [markdown]
# PyTorch can also build this schedule from its own parts: a `LinearLR`, then a `CosineAnnealingLR`, joined by a `SequentialLR`. If our formula is right, the two agree at every step.

# %% tags=["nbval-check-output"]
def rates_under(make_scheduler, steps):
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(3))], lr=3e-4)
    scheduler = make_scheduler(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)


def from_parts(optimizer):
    ramp = lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters=100)
    decay = lr_scheduler.CosineAnnealingLR(optimizer, T_max=900, eta_min=3e-5)
    return lr_scheduler.SequentialLR(optimizer, [ramp, decay], milestones=[100])


gap = np.abs(seen - rates_under(from_parts, 1000)).max()
claim("Over 1000 steps the two rates differ by at most", gap, below=1e-14, approx=True)

# %% [markdown]
# ## The family
#
# The schedules of this section share a ramp, and differ in how they come down and in what they must know in advance. (Not every recipe has a ramp: T5's "warm-up steps" are 10 000 steps at a constant 0.01, and the first ResNets on ImageNet had none.)

# %%
family = {
    "constant": schedules.linear_warmup(warmup=100),
    "inverse square root": schedules.warmup_inverse_sqrt(warmup=100),
    "linear": schedules.warmup_linear(warmup=100, total=1000),
    "cosine": schedules.warmup_cosine(warmup=100, total=1000, floor=0.1),
    "stable, then decay": schedules.warmup_stable_decay(warmup=100, total=1000, decay=200),
    "staircase": schedules.step_decay(milestones=[500, 750], warmup=100),
}
steps = np.arange(1201)
fig = plotting.figure(8.4, 4.1)
for ax, (name, schedule) in zip(fig.subplots(2, 3, sharex=True, sharey=True).flat, family.items(), strict=True):
    ax.plot(steps, schedule(steps), color=plotting.INK)
    ax.axvline(1000, color="tab:red", linewidth=1, linestyle=":")
    ax.set_title(name)
fig.suptitle("One way up, six ways on", x=0.01, ha="left")
fig.supxlabel("step t (dotted: the planned end)", fontsize=10, color=plotting.QUIET)
fig.supylabel("factor s(t)", fontsize=10, color=plotting.QUIET)
plotting.show(fig, alt="Six schedules with the same ramp: three arrive at the planned end, three go on past it.")

# %% [markdown]
# **Try it.** *Stable, then decay* is one number longer than `up_and_down`: write it in one line, as the smallest of three, with `warmup`, `total` and `decay` as its arguments, and compare it with `family["stable, then decay"]` on `steps`. They should agree to rounding. (The third ratio falls from 1 to 0 over the last `decay` steps; below 0 nothing goes.)
#
# Look at the dotted line. The straight line, the cosine and the late decay arrive there; the drops of the staircase were placed by somebody who knew it. Only the constant rate and the inverse square root ask nothing about the future: a virtue if you do not know yet how long you will train.
#
# | schedule | must know the end? | used by |
# |---|---|---|
# | constant | no | short runs, debugging |
# | inverse square root | no | the original Transformer |
# | linear | yes | BERT, OPT |
# | cosine | yes | GPT-3, LLaMA, nanoGPT |
# | stable, then decay | only when the decay begins | MiniCPM, DeepSeek-V3 (a variant) |
# | staircase | yes | ResNets: a tenth, a few times (at first, whenever the error stood still) |
#
# ### The original Transformer's
#
# [Vaswani et al. 2017](https://arxiv.org/abs/1706.03762), section 5.3, give an absolute rate, with the model's width in it and the step $s$ counted from 1:
#
# $$\eta_s = d_{\text{model}}^{-1/2}\cdot\min\bigl(s^{-1/2},\; s\cdot \text{warmup}^{-3/2}\bigr)$$
#
# The first branch falls, the second rises. They meet at $s=\text{warmup}$, where both are $1/\sqrt{\text{warmup}}$. It is a rate, not a factor: whoever hands it to `LambdaLR` and leaves `lr=1e-3` in the optimizer trains at a thousandth of what was meant. What is its peak?

# %% tags=["nbval-check-output"]
original = schedules.transformer(d_model=512, warmup=4000)
rates = original(np.arange(20_000))
claim("The largest rate of the base model, times 10⁴", 1e4 * rates.max(), near=6.99, within=0.01)
claim("It is reached after this many steps", int(rates.argmax()) + 1, equals=4000)
claim("After four times the warmup it has fallen to a share of", rates[15_999] / rates.max(), near=0.5, within=1e-9)

# %%
sqrt_exercise = practice.exercise("06-inverse-sqrt")
sqrt_exercise


# %%
def inverse_sqrt(step, warmup):
    return ...  # 0 at step 0, exactly 1 at step warmup, then falling like 1/√step


sqrt_exercise.check(inverse_sqrt)

# %% [markdown]
# ## What warmup buys
#
# Now the opening question. The task is small and real: predict the next character of Python's own documentation, which is on your disk already. The model is a transformer of two layers and width 32, once post-LN and once pre-LN.
#
# We train a whole map: four peak rates, three lengths of warmup, two seeds, each with a cosine to zero over 160 steps. That is 24 transformers for each version, trained side by side in one go.

# %%
from adamkit import training

peaks, warmups = [0.003, 0.01, 0.02, 0.04], [0, 16, 80]
settings = [(peak, warmup) for peak in peaks for warmup in warmups]
rule = Adam(lr=np.array([peak for peak, _ in settings]))
ramps = [schedules.warmup_cosine(warmup=warmup, total=160, start=1 / (warmup + 1)) for _, warmup in settings]


def train_map(norm):
    task = training.tasks.next_character(norm=norm)
    factors = lambda step: [ramp(step) for ramp in ramps]  # one for each setting
    return training.ensembles.train(rule, task, steps=160, batch_size=16, seed=(0, 1), schedule=factors)


histories = {norm: train_map(norm) for norm in ("pre", "post")}
final = {norm: run.test_loss[-1].reshape(2, 4, 3) for norm, run in histories.items()}  # seed, peak, warmup

# %% [markdown]
# A yardstick first. A model that knows only how frequent each character is, and nothing of what came before, reaches a certain loss. Anything near that number has not learned to read. (A *nat* is the unit of a cross-entropy with natural logarithms.)

# %%
text = training.text.characters()
counts = np.bincount(text.y_train.flatten(), minlength=text.classes) + 1
frequencies_only = -np.log(counts / counts.sum())[text.y_test.flatten()].mean()
print(f"Loss of guessing by frequency alone: {frequencies_only:.1f} nats per character")

# %% [markdown]
# The number in each cell of the maps is the final test loss in nats per character, the mean of two seeds. Bright is good.

# %%
fig = plotting.figure(8.6, 3.4)
titles = {"pre": "Pre-LN: at high rates warmup helps", "post": "Post-LN: at the highest rate it decides"}
for ax, norm in zip(fig.subplots(1, 2), titles, strict=True):
    mean = final[norm].mean(axis=0)
    ax.imshow(mean, cmap="viridis_r", vmin=2.4, vmax=3.2, aspect="auto")
    for (row, column), loss in np.ndenumerate(mean):
        ax.text(column, row, f"{loss:.2f}", ha="center", va="center", color="white" if loss > 2.75 else "black")
    ax.set(xticks=range(3), xticklabels=warmups, yticks=range(4), yticklabels=peaks, title=titles[norm])
    ax.set(xlabel="steps of warmup, out of 160", ylabel="peak rate η")
    ax.grid(False)
plotting.show(fig, alt="Test loss by peak rate and warmup: alike at the lowest rate, lower with warmup at the highest.")

# %% tags=["nbval-check-output"]
low, high = 0, 3  # the smallest and the largest peak rate
apart = {norm: np.median(np.abs(losses[0] - losses[1])) for norm, losses in final.items()}
claim("How far two seeds end apart: the middle of the 12 cells, pre-LN and post-LN", list(apart.values()), below=0.06,
      approx=True)
for norm in ("pre", "post"):
    none, _, most = final[norm][:, low].mean(axis=0)
    claim(f"{norm}-LN, peak 0.003: 80 steps of warmup or none, apart by", abs(most - none), below=0.06, approx=True)
gain = final["pre"][:, high, 0] - final["pre"][:, high, 2]
claim("pre-LN, peak 0.04: 80 steps of warmup lower the mean loss by", gain.mean(), above=0.1, approx=True)
stuck, freed = final["post"][:, high, 0], final["post"][:, high, 2]
learned = frequencies_only - np.array([stuck, freed])  # below guessing by frequency, in nats
claim("post-LN, peak 0.04, no warmup: nats below guessing by frequency, both seeds", learned[0], below=0.2, approx=True)
claim("… with 80 steps of warmup: nats below it", learned[1], above=0.3, approx=True)

# %%
half_lost.reveal()

# %% [markdown]
# Two seeds of one cell end some hundredths apart, so do not read differences smaller than that. In the top row the rate is low, and 80 steps of warmup end where none does. (Sixteen end no better: for pre-LN a little worse, and we do not know why.) Further down it matters more and more: at 0.01, the best peak of the column without warmup, it gains nothing for post-LN and a little for pre-LN; at 0.04 it gains most. So where a rate is low, a long warmup does next to nothing, and a short one did pre-LN a little harm. What warmup does is make more rates safe. And does that make the **best** result better, once the rate is tuned for each column?

# %% tags=["nbval-check-output"]
best = {norm: final[norm].mean(axis=0).min(axis=0) for norm in final}  # the best peak of each column
gain = {norm: losses[0] - losses[2] for norm, losses in best.items()}  # 80 steps of warmup against none
claim("pre-LN: warmup lowers the best loss by", gain["pre"], above=0.02, approx=True)
claim("post-LN: by how much it changes the best loss, up or down", abs(gain["post"]), below=0.06, approx=True)
cost = final["post"].mean(axis=0)[2] - best["post"][0]  # of a peak of 0.02, against the best without warmup
claim("post-LN: without warmup a peak of 0.02 instead of 0.01 costs", cost[0], above=0.05, approx=True)
claim("… and with 80 steps of warmup (below zero, it gains)", cost[2], below=0.05, approx=True)

# %% [markdown]
# A little, for one of the two models, at this tiny scale; and with two seeds a little is not much. The robust gain is the other one: the range of rates that work. Without warmup the post-LN model has its best peak at 0.01, and twice that costs. With warmup, twice that is as good. If you cannot afford to tune, this is what warmup buys.
#
# ### The damage is done in the first steps
#
# Where does the doomed run go wrong? The loss alone is a poor witness, so we ask a second one: do the predictions still *depend on the input*? For 64 test windows, take the predicted distribution at every position, and measure how far these differ from their average (in total variation, between 0 and 1). At 0 the prediction is the same whatever came before. A high value proves nothing: an untrained network scores high too, since other inputs give other random outputs. A value near 0 says that almost nothing gets through at that moment; whether it comes back, only later steps tell.
#
# The two runs of the opening question again, one seed, in an ordinary PyTorch loop. (Their losses are those of the map.)

# %%
task = training.tasks.next_character(norm="post")
probe = task.data.x_test[:64]


def dependence(model):
    """How much the predictions differ from place to place, from 0 to 1."""
    with torch.no_grad():
        p = torch.softmax(model(probe), dim=-1).flatten(0, 1)
    return 0.5 * (p - p.mean(dim=0)).abs().sum(dim=-1).mean().item()


# %%
def watch(warmup, seed=1, steps=60):
    model = task.fresh_model(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.04)
    schedule = schedules.warmup_cosine(warmup=warmup, total=160, start=1 / (warmup + 1))
    scheduler = schedule.as_lambda_lr(optimizer)
    seen = [dependence(model)]
    for rows in training.data.batches(len(task.data.x_train), 16, steps, seed=seed):
        optimizer.zero_grad()
        task.loss(model(task.data.x_train[rows]), task.data.y_train[rows]).backward()
        optimizer.step()
        scheduler.step()
        seen.append(dependence(model))
    return seen


watched = {warmup: watch(warmup) for warmup in (0, 80)}

# %%
fig = plotting.figure(8.6, 3.2)
left, right = fig.subplots(1, 2)
for warmup, dashes in ((0, "--"), (80, "-")):
    losses = histories["post"].batch_loss[:60, 1, settings.index((0.04, warmup))]
    style = {"color": plotting.COLORS["Adam"], "linestyle": dashes, "linewidth": 1.4}
    left.plot(np.arange(60), losses, label=f"{warmup} steps of warmup" if warmup else "no warmup", **style)
    right.plot(watched[warmup], **style)
left.axhline(frequencies_only, color="tab:red", linestyle=":", label="frequency alone", zorder=3)
left.set(xlabel="step", ylabel="mini-batch loss (nats per character)", xlim=(0, 60), ylim=(2.5, 5))
left.set_title("The doomed run soon looks as good …")
right.set(xlabel="step", ylabel="dependence on the input (0 to 1)", xlim=(0, 60), ylim=(0, 0.5))
right.set_title("… but the input no longer matters")
left.legend()
plotting.show(fig, alt="Without warmup (dashed) the loss stays at letter frequencies, and the input stops mattering.")

# %% tags=["nbval-check-output"]
share = {warmup: np.array(seen) / seen[0] for warmup, seen in watched.items()}
claim("The untrained network scores", watched[0][0], above=0.2, approx=True)
claim("No warmup: after a single step the share of it that is left is", share[0][1], below=0.25, approx=True)
claim("… and after ten steps", share[0][10], below=0.02, approx=True)
claim("With warmup the share falls as low as", min(share[80]), above=0.05, approx=True)
claim("… and after 60 steps it is", share[80][60], above=0.5, approx=True)
early = histories["post"].batch_loss[5:10].mean(axis=(0, 1))  # steps 6 to 10, mean of two seeds
doomed, spared = (early[settings.index((0.04, warmup))] for warmup in (0, 80))
claim("In steps 6 to 10 the doomed run has the lower loss, by", spared - doomed, above=0, approx=True)

# %% [markdown]
# (The run with warmup is not spared either. In some fifteen steps it loses about as much as the other in its first one, but then it comes back.)
#
# In the first step nearly every weight moved by 0.04, against the sign of its own gradient. (Only the embeddings of characters that the batch did not hold stood still.) Why should that cut off the input? A guess: what all contexts have in common, the letter frequencies, is the most consistent part of the first gradients, so all layers at once learn to say the same thing. The guess can be tested. Our output layer has no bias; give it one, and start that at the log frequencies, so that there is nothing of the kind left to learn.

# %%
class Informed(torch.nn.Module):  # its scores begin at the log frequencies
    def __init__(self, model):
        super().__init__()
        self.model = model
        self.bias = torch.nn.Parameter(torch.tensor(np.log(counts / counts.sum()), dtype=torch.float32))

    def forward(self, x):
        return self.model(x) + self.bias


def train(model, optimizer, rate, steps, seed):
    """Test loss after training at ``rate(step)``."""
    for step, rows in enumerate(training.data.batches(len(task.data.x_train), 16, steps, seed=seed)):
        optimizer.param_groups[0]["lr"] = rate(step)
        optimizer.zero_grad()
        task.loss(model(task.data.x_train[rows]), task.data.y_train[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        return task.loss(model(task.data.x_test[:256]), task.data.y_test[:256]).item()


rate, informed = (lambda step: 0.04 * schedules.warmup_cosine(step, warmup=0, total=160)), []
for seed in range(3):
    model = Informed(task.fresh_model(seed))
    informed.append(train(model, torch.optim.Adam(model.parameters()), rate, 160, seed))

# %% tags=["nbval-check-output"]
gained = frequencies_only - np.array(informed)
claim("Frequencies known from the start, no warmup: nats below guessing by them, mean", gained.mean(), below=0.35,
      approx=True)
claim("… and in the worst of three seeds", gained.min(), below=0.2, approx=True)

# %% [markdown]
# The run with warmup gained 0.6 of a nat here. So the guess explains a part at best: with the frequencies given for nothing, the run still gains far less than warmup gives it. What exactly the first steps destroy we do not know.
#
# *When* the damage is done can be said more exactly. And can it be repaired? Train some more runs. They take one step at the peak, or five, and only then begin a schedule of 160 steps, a climb of 80 and the cosine: back to the same peak, or to a lower one; with Adam's state as it is, with m or v emptied, or with both emptied and the count of steps, which the bias corrections use, set back to 0 (we shall call that a fresh Adam).

# %%
rescue_guess = practice.predict("06-rescue")
rescue_guess


# %%
def rescue(first, peak, state, seed):
    """Test loss after some steps at 0.04 and then warmup and cosine, with Adam's old state or a new one."""
    model, climb = task.fresh_model(seed), schedules.warmup_cosine(warmup=80, total=160, start=1 / 81)
    optimizer = torch.optim.Adam(model.parameters())

    def rate(step):
        for kept in optimizer.state.values() if step == first else ():
            for half in ("exp_avg", "exp_avg_sq"):
                if state in (half, "fresh"):
                    kept[half].zero_()
            if state == "fresh":
                kept["step"].zero_()
        return 0.04 if step < first else peak * climb(step - first)

    return train(model, optimizer, rate, first + 160, seed)


plans = {"1 step, then 0.04": (1, 0.04, "old"), "5 steps, then 0.04": (5, 0.04, "old"),
         "5, then 0.003": (5, 0.003, "old"), "5, then 0.003, m emptied": (5, 0.003, "exp_avg"),
         "5, then 0.003, v emptied": (5, 0.003, "exp_avg_sq"), "5, then 0.04, fresh": (5, 0.04, "fresh"),
         "5, then 0.003, fresh": (5, 0.003, "fresh")}
below = {plan: frequencies_only - np.array([rescue(*how, seed) for seed in (0, 1)]) for plan, how in plans.items()}

# %% tags=["nbval-check-output"]
once, five, low_rate, no_m, no_v, high, fresh = below.values()  # nats below guessing by frequency, two seeds each
claim("One step at the peak, then the warmup: nats below guessing by frequency", once.mean(), above=0.15, approx=True)
claim("Five steps, then the warmup to the same peak", five.mean(), below=0.25, approx=True)
claim("… which one step had left behind by", (once - five).mean(), above=0.1, approx=True)
claim("Five steps, then a peak of 0.003 with a fresh Adam, both seeds", fresh, above=0.3, approx=True)
claim("… which is further than with the old state, on average by", (fresh - low_rate).mean(), above=0.05, approx=True)
claim("… than with m alone emptied, or v alone, by", [(fresh - no_m).mean(), (fresh - no_v).mean()], above=0.05,
      approx=True)
claim("… and than with a fresh Adam and the peak of 0.04, by", (fresh - high).mean(), above=0.05, approx=True)

# %%
rescue_guess.reveal()

# %% [markdown]
# One step hurts, and can be survived. After five, the warmup back to the same peak does not bring the model back. Is it lost, then? No: a low peak *with a fresh Adam* does, to some four fifths of what an undamaged run gains at that peak. With the old state the same low rate does worse, and hardly moves one of our two runs.
#
# Which half of the state is to blame? It is tempting to say v, which forgets only over a thousand steps, and keeps the steps short; Kalra and Barkeshli (below) say so. But with v alone emptied *our* run does not come back either. (Its count of steps goes on, where a fresh Adam's begins anew: so its first steps are up to 2.4 times too long. We did not take that apart.) And what is left in m? After twenty more steps m is 0.9²⁰ times the old m, plus what the newer gradients have added. Compare the two parts in each coordinate, for m and likewise for v:

# %% tags=["nbval-check-output"]
def still_old(seed):
    """Shares of the coordinates in which m, and v, hold more of the first five gradients than of the next twenty."""
    model, climb, held = task.fresh_model(seed), schedules.warmup_cosine(warmup=80, total=160, start=1 / 81), []
    optimizer = torch.optim.Adam(model.parameters())

    def rate(step):
        if step in (5, 25):
            held.append([torch.cat([kept[half].flatten() for kept in optimizer.state.values()])
                         for half in ("exp_avg", "exp_avg_sq")])
        return 0.04 if step < 5 else 0.003 * climb(step - 5)

    train(model, optimizer, rate, 26, seed)
    (m, v), (m_now, v_now) = held
    pairs = ((0.9**20 * m, m_now), (0.999**20 * v, v_now))
    return [(old.abs() > (now - old).abs()).double().mean().item() for old, now in pairs]


in_m, in_v = np.transpose([still_old(seed) for seed in (0, 1)])
claim("Twenty steps on, share of the coordinates in which v is mostly the first gradients", in_v, above=0.5,
      approx=True)
claim("… and in which m is", in_m, above=0.2, approx=True)

# %% [markdown]
# In most coordinates v is still mostly the first gradients, and in a third of all or more so is m. There it goes on pushing where they pointed; empty v alone, and that push is divided by a small root: probably that is why this does worse than the old state whole. (Empty m alone, and v keeps the steps short as before. The runs show only *that* either fails.) And the fresh Adam needs its low peak: back at 0.04 it falls behind. So *this* run needs both, a lower peak *and* a fresh state. (One model, thrown in one way, with two seeds.)
#
# If your loss falls quickly and then sits at the entropy of the labels, this is a picture to remember.
#
# ## Why? Three explanations
#
# ### 1. The second moment is a poor estimate at first
#
# Adam divides by $\sqrt{\hat v}$. After $t$ steps $\hat v_t$ averages about $t$ squared gradients, so at first it is a very noisy number. Now and then it is close to zero by chance, and there its inverse root is enormous. [Liu et al. 2020](https://arxiv.org/abs/1908.03265) (RAdam) made this precise. If gradients are pure noise with variance σ², and $\hat v$ is a plain average of ρ of them, then ρ·v̂/σ² follows a χ² distribution, and the *adaptive rate* $1/\sqrt{\hat v}$ has the variance
#
# $$\operatorname{Var}\Bigl[\frac{\sigma}{\sqrt{\hat v}}\Bigr]=\frac{\rho}{\rho-2}-\frac{\rho}{2}\left(\frac{\Gamma(\frac{\rho-1}{2})}{\Gamma(\frac{\rho}{2})}\right)^{2}$$
#
# It is infinite for ρ ≤ 2. An exponential average is not a plain one, so they match it with a plain average of $\rho_t=\rho_\infty-2t\beta_2^t/(1-\beta_2^t)$ values, where $\rho_\infty = 2/(1-\beta_2)-1$. Formula and match are easy to check, on 50 000 parameters that see nothing but noise. (The measured points begin at step 5: up to step 4 the sampling error of such a variance is infinite, however many parameters one takes. And far beyond the picture, after some $5/(1-\beta_2)$ steps, the curve is level: then ρ hardly grows any more.)

# %%
variance_guess = practice.predict("06-first-rate")
variance_guess

# %%
rng = np.random.default_rng(0)
m, v = np.zeros(50_000), np.zeros(50_000)
rate_variance, step_rms = [], []
for t in range(1, 301):
    g = rng.normal(size=50_000)
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    rate_variance.append(np.var(1 / np.sqrt(v_hat)))
    step_rms.append(np.sqrt(np.mean(m_hat**2 / v_hat)))

# %%
t = np.arange(1, 301)
predicted = theory.adaptive_rate_variance(theory.rho(t))
shown = np.unique(np.geomspace(5, 300, 26).astype(int))
fig = plotting.figure(7, 3.2)
ax = fig.subplots()
ax.loglog(t[2:], predicted[2:], color="black", linewidth=1.2, label="formula; infinite for t = 1 and 2")
measured = np.array(rate_variance)[shown - 1]
ax.loglog(shown, measured, "o", color=plotting.COLORS["Adam"], markersize=4, label="measured, 50 000 parameters")
ax.set(xlabel="step t", ylabel="variance of 1/√v̂ (σ = 1)")
ax.set_title("Over 300 steps the variance falls to about 1/(2t)")
ax.legend()
plotting.show(fig, alt="The variance of the adaptive rate falls steeply; measured points lie on the formula.")

# %% tags=["nbval-check-output"]
error = np.abs(np.array(rate_variance)[9:] / predicted[9:] - 1)
claim("From step 10 on, formula and measurement differ, in percent, by at most", 100 * error.max(), below=8, digits=2)
claim("The formula's variance at t = 10", predicted[9], near=0.0757, within=0.0001)
claim("… and at t = 100, where 1/(2t) = 0.005", predicted[99], near=0.00528, within=0.00001)

# %% [markdown]
# So the variance is real. RAdam multiplies the step by a factor that would keep the variance at its final value, with an approximation of the formula that is simpler to compute:
#
# $$r_t=\sqrt{\frac{(\rho_t-4)(\rho_t-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho_t}}\quad\text{where } \rho_t>4$$
#
# And before? With the usual β₂, $\rho_t$ is just below t at first, so for four steps there is no such factor. RAdam then leaves the denominator out and takes a plain momentum step, $\eta\,\hat m$. (torch waits until ρ_t > 5.) The size of that step depends on the size of the gradient, as SGD's does:

# %% tags=["nbval-check-output"]
for scale in (0.01, 100.0):
    theta = np.zeros(1)
    optim.RAdam([theta], lr=0.001).step([np.array([scale])])
    claim(f"RAdam's first step at η = 0.001, where the gradient is {scale:g}: in units of η", -theta[0] / 0.001,
          near=scale, within="1%")

# %% [markdown]
# Where gradients are small, RAdam stands nearly still for four steps; where they are large it has the very trouble that Adam was to cure. Now look again at what was computed: the variance of the *rate*. Nobody takes a rate, as Ma and Yarats (below) object. One takes a **step**, and numerator and denominator are made of the same gradients.

# %% tags=["nbval-check-output"]
claim("At t = 1, where the rate has infinite variance, the rms step is η times", step_rms[0], near=1, within=1e-12)
first = rng.normal(size=50_000)
theta = np.zeros(50_000)
optim.Adam([theta], lr=1.0, eps=0.0).step([first])
claim("… and each of 50 000 steps is η long, to", np.abs(np.abs(theta) - 1).max(), below=1e-12, approx=True)

# %%
variance_guess.reveal()

# %% [markdown]
# ### 2. The first steps are long
#
# This is the answer of [Ma and Yarats 2021](https://arxiv.org/abs/1910.04209): look at the size of the update. When gradients are noise, a settled Adam takes short steps, because $m$ averages over about twenty of them: $\sqrt{(1-\beta_1)/(1+\beta_1)}\,\eta = 0.23\,\eta$ (notebook 04). But at $t=1$ there is nothing to average. All parameters move by the full η at once, each against one noisy gradient. How fast do the steps become shorter? **Your turn:** derive it.

# %%
length_exercise = practice.exercise("06-step-length")
length_exercise


# %%
def step_length(t, beta1):
    return ...  # the rms of m̂ at step t, where gradients are noise of variance 1


length_exercise.check(step_length)

# %% [markdown]
# In m̂ the gradient that is k steps old has the weight $(1-\beta_1)\beta_1^k/(1-\beta_1^t)$. The squares of these weights are a geometric series. Its sum is
#
# $$\Bigl(\frac{\text{rms step}}{\eta}\Bigr)^2\approx\frac{(1-\beta_1)^2}{(1-\beta_1^t)^2}\cdot\frac{1-\beta_1^{2t}}{1-\beta_1^2}=\frac{1-\beta_1}{1+\beta_1}\cdot\frac{1+\beta_1^t}{1-\beta_1^t}$$

# %%
expected = np.sqrt(0.1 / 1.9 * (1 + 0.9**t) / (1 - 0.9**t))
fig = plotting.figure(7, 3)
ax = fig.subplots()
ax.plot(t, expected, color="black", linewidth=1.2, label="formula")
ax.plot(t[::3], step_rms[::3], "o", color=plotting.COLORS["Adam"], markersize=3, label="measured")
ax.set(xlabel="step t", ylabel="rms step / η", xlim=(0, 101), ylim=(0, 1.05))
ax.set_title("On noise, Adam's first step is four times as long as its later ones")
ax.legend()
plotting.show(fig, alt="The typical step falls from η at step 1 to 0.23 η within about thirty steps.")

# %% tags=["nbval-check-output"]
ratio = step_rms[0] / step_rms[99]
claim("The first step is longer than the hundredth by a factor of", ratio, near=4.36, within=0.1, digits=2)
error = np.abs(np.array(step_rms) / expected - 1).max()
claim("Formula and measurement differ, in percent, by at most", 100 * error, below=5, digits=2)

# %% [markdown]
# With β₁ = 0.9 the excess is over after some thirty steps. And yet Ma and Yarats advise a plain linear ramp over $2/(1-\beta_2)$ steps, 2000 at the default, which in their experiments does as well as RAdam. Where does β₂ come from? Not from the length of the steps. Seen as a schedule, RAdam's factor *is* a warmup, as they show. Count, as they do, the steps that a warmup costs, $\sum_t (1-s(t))$: for a ramp it is half of its length.

# %% tags=["nbval-check-output"]
for beta2 in (0.99, 0.999):
    cost = np.nansum(1 - theory.rectification(np.arange(1, 100_001), beta2))
    claim(f"β₂ = {beta2}: steps that RAdam's factor costs, over the 1/(1 − β₂) of the plain ramp", cost * (1 - beta2),
          near=1.03, within=0.01)

# %% [markdown]
# So the ramp of $2/(1-\beta_2)$ steps is the one that costs as much as RAdam does (its first four steps, which have no factor, not counted), about as many steps as v remembers. The ramp is a length to start from, not one that explanation 2 would give. (At β₂ = 0.95 it would be 40, and recipes with 0.95 take 2000.)
#
# There is another schedule in disguise. Notebook 04 left Adam's bias corrections out and found steps that are too long by $(1-\beta_1^t)/\sqrt{1-\beta_2^t}$. That is a function of the step, and so it is a *schedule*: uncorrected Adam is Adam under this schedule. Exactly so, if ε is 0:

# %% tags=["nbval-check-output"]
gradients = np.random.default_rng(1).normal(size=(500, 8))
plain, scheduled = [np.zeros(8)], [np.zeros(8)]
uncorrected = optim.Adam(plain, lr=0.01, eps=0.0, correct_m=False, correct_v=False)
corrected = optim.Adam(scheduled, lr=0.01, eps=0.0)
for step, g in enumerate(gradients, 1):
    uncorrected.step([g])
    corrected.lr = 0.01 * theory.uncorrected_step_ratio(step)
    corrected.step([g])
claim("After 500 steps the two paths are the same, to", np.abs(plain[0] - scheduled[0]).max(), below=1e-12, approx=True)

# %% [markdown]
# That schedule starts at 3.2, climbs to 6.6 at step 12, and comes down to 1 over thousands of steps: the opposite of a warmup. BERT's released code lives with it, and warms up over 10 000 steps. Is that long enough to hide it? The two factors multiply. Beside them, RAdam's factor and the plain ramp:

# %% tags=["nbval-check-output"]
t_long = np.arange(1, 20_001)
excess = theory.uncorrected_step_ratio(t_long)
fig = plotting.figure(8.6, 3.3)
left, right = fig.subplots(1, 2)
rectified = theory.rectification(t_long)
left.semilogx(t_long, rectified, color=plotting.color_of("RAdam"), label="RAdam's factor, from step 5")
left.semilogx(t_long, np.minimum(1, t_long / 2000), "--", color=plotting.INK, label="ramp over 2000 steps")
left.set(xlabel="step t", ylabel="factor on η", title="RAdam's factor is a warmup")
for warmup, style in ((0, ":"), (100, "-."), (1000, "--"), (10_000, "-")):
    product = np.minimum(1, t_long / max(warmup, 1)) * excess
    right.semilogx(t_long, product, style, color=plotting.COLORS["Adam"], label=f"{warmup} steps")
    claim(f"Uncorrected, {warmup} steps of warmup: the largest factor is", product.max(), above=1)
right.axhline(1, color=plotting.QUIET, linewidth=0.8)
right.set(xlabel="step t", ylabel="factor on η", title="No bias correction: an overshoot")
left.legend(loc="upper left")
right.legend(title="warmup")
plotting.show(fig, alt="Left: RAdam's factor climbs like a ramp. Right: without correction a short warmup overshoots.")

# %% [markdown]
# With 10 000 steps of warmup the overshoot is gone (the solid curve passes 1 by 0.002 percent); with 100 it is more than threefold. So if you port a recipe that has no bias correction, do not shorten its warmup.
#
# ### 3. Curvature
#
# Both explanations so far are about Adam. But warmup also helps SGD, which has no $v$ at all: [Goyal et al. 2017](https://arxiv.org/abs/1706.02677) used it to train ResNet-50 with momentum SGD on batches of 8192, and lost no accuracy. So there must be more to it.
#
# Remember the limit of notebook 01: the rate must stay below 2/λ, where λ is the largest curvature. On a bowl λ is fixed. In a network it is not, for training itself can move to a place where the curvature is smaller. The smallest network that can do this has two weights and no nonlinearity: $\hat y = u\,v$, with the loss $\tfrac12(uv-y)^2$. The label $y$ is 1 plus noise of standard deviation σ = 0.3, new in each step, as from a mini-batch. Every point of the hyperbola $uv=1$ is a minimum. They fit equally well, but the curvature across the valley is $u^2+v^2$: from 2 at $u=v=1$ to as much as you like.
#
# We start at $u=4, v=0$, where the curvature is 16 and the limit is $2/16=0.125$. Under gradient descent the difference $u^2-v^2$ is multiplied in each step by $1-\eta^2(uv-y)^2$. While the run is quiet that factor is close to 1: without noise, training ends at the minimum next to the start. (Noise alone flattens too, slowly, because a noisy residual is never zero. So we run σ = 0 and σ = 0.1 beside it.) When η is above the limit, $uv$ swings about; each swing shrinks the difference, and training moves along the valley to flatter ground, where the swinging stops. [Lewkowycz et al. 2020](https://arxiv.org/abs/2003.02218) call it the catapult. In this network it works up to about *twice* the limit, 4/λ; beyond that the swing grows faster than the ground flattens. (For ReLU networks they report more, about 12/λ.)
#
# Here are two runs without noise at constant rates, one below the limit and one above it:

# %% tags=["nbval-check-output"]
def descend(rate, steps=60):
    u, v = 4.0, 0.0
    path = [(u, v)]
    for _ in range(steps):
        slope = u * v - 1
        u, v = u - rate * slope * v, v - rate * slope * u
        path.append((u, v))
    return np.array(path)


paths = {"quiet": descend(0.1), "swinging": descend(0.15)}
for name, path in paths.items():
    u, v = path[-1]
    claim(f"The {name} run ends on the hyperbola, to", abs(u * v - 1), below=0.01, approx=True)
    print(f"  … where the curvature is {u * u + v * v:.1f}")
claim("Where the swinging run ends the limit 2/λ is", 2 / np.sum(paths["swinging"][-1] ** 2), above=0.15)

# %%
u, v = np.meshgrid(np.linspace(0.7, 5, 300), np.linspace(-0.6, 1.4, 200))
fig = plotting.figure(7.5, 3.4)
ax = fig.subplots()
ax.contour(u, v, np.log10((u * v - 1) ** 2 / 2 + 1e-3), levels=10, colors=plotting.QUIET, linewidths=0.4,
           linestyles="solid")
valley = np.linspace(0.7, 5, 200)
ax.plot(valley, 1 / valley, color="tab:red", linewidth=1.2, label="uv = 1: every point is a minimum")
for (name, path), style in zip(paths.items(), ("s-", "o-"), strict=True):
    ax.plot(*path.T, style, color=plotting.COLORS["SGD"], markersize=4, linewidth=0.9,
            markerfacecolor="white" if name == "quiet" else None,
            label={"quiet": "η = 0.1, below 2/λ", "swinging": "η = 0.15, above it"}[name])
ax.plot(1, 1, "k*", markersize=9, label="the flattest minimum, λ = 2")
ax.text(4.07, -0.05, "start, λ = 16", fontsize=9)
ax.set(xlabel="u", ylabel="v", xlim=(0.7, 5), ylim=(-0.6, 1.4))
ax.set_title("Above the limit the run swings to flatter ground")
plotting.outside_legend(ax)
plotting.show(fig, alt="The plane of u and v: the quiet run stays at u = 4, the swinging one crosses to smaller u.")

# %% [markdown]
# Both runs jump over the hyperbola. The quiet one jumps back by less each time, and settles next to where it began. For the other one the jumps grow at first, and together they take it to the left, until the ground is flat enough for its rate; there it settles.

# %%
toy_guess = practice.predict("06-toy-peak")
toy_guess

# %%
grid = np.arange(0.05, 2, 0.025)


def highest_peak(warmup, noise):
    """The highest peak up to which all runs survive 400 steps of SGD with noisy labels, mean of three draws."""
    shape = schedules.warmup_cosine(warmup=warmup, total=400)(np.arange(400))
    survives = [[np.isfinite(two_layers(peak * shape, noise=noise, seed=seed)[0][-1]).all() for peak in grid]
                for seed in range(3)]
    return grid[np.argmin(survives, axis=1) - 1].mean()


lengths = [0, 10, 25, 50, 100, 200]
tolerated = {noise: [highest_peak(warmup, noise) for warmup in lengths] for noise in (0, 0.1, 0.3)}

# %%
fig = plotting.figure(6.5, 3.2)
ax = fig.subplots()
for (noise, peaks_survived), style in zip(tolerated.items(), ("v:", "s--", "o-"), strict=True):
    ax.plot(lengths, peaks_survived, style, color=plotting.INK, label=f"label noise σ = {noise}")
ax.axhline(2 / 16, color="tab:red", linewidth=1, linestyle=":", label="2/λ at the start")
ax.axhline(4 / 16, color="tab:red", linewidth=1, linestyle="--", label="4/λ: the catapult's limit")
ax.axhline(2 / 2, color=plotting.QUIET, linewidth=1, linestyle="-.", label="2/λ at the flattest minimum")
ax.set(xlabel="steps of warmup, out of 400", ylabel="highest peak η that survives", ylim=(0, None))
ax.set_title("Warmup multiplies the rate that plain SGD can take")
plotting.outside_legend(ax)
plotting.show(fig, alt="The highest surviving peak grows with warmup up to 100 steps, later and less without noise.")

# %% tags=["nbval-check-output"]
bare = [peaks_survived[0] for peaks_survived in tolerated.values()]
claim("Without warmup, with each σ, the highest peak lies between 2/λ and 4/λ, λ = 16", bare, between=(2 / 16, 4 / 16))
claim("σ = 0.3: a hundred steps of warmup raise it to", tolerated[0.3][4], near=0.88, within=0.05, digits=2)
claim("σ = 0.1: to", tolerated[0.1][4], near=1.07, within=0.08)
claim("σ = 0: to, and with two hundred steps to", tolerated[0][4:], between=(0.3, 0.55))
ramp = schedules.warmup_cosine(warmup=100, total=400)(np.arange(400))
for noise, peak, flattest in ((0.3, 0.6, 2), (0.3, 0.12, 9.4), (0, 0.12, 16.1)):
    _, curvature = two_layers(peak * ramp, noise=noise)
    claim(f"σ = {noise}, peak {peak}, 100 steps of warmup: from 16 the curvature goes to", np.median(curvature[-1]),
          near=flattest, within=0.3, digits=2)

# %%
toy_guess.reveal()

# %% [markdown]
# Read the three lines together. Warmup raises the limit in each of them, but without noise only by a long climb: something must push the weights off the valley's floor before they can swing, and noise does that. How much noise is best? With a short climb, up to 50 steps, σ = 0.3, perhaps because there is little time to start a swing. With a long one σ = 0.1: there the peak goes beyond $2/2=1$, the limit at the flattest minimum, while at σ = 0.3 noise throws some run out below it. (How can a run survive beyond *every* limit? As at the start: between 2/λ and 4/λ it swings and is not lost, and the cosine lets it settle.) And the last two ticks are the controls: below the limit the curvature stays at 16 without noise, and with σ = 0.3 noise alone takes it to 9.4.
#
# This is, with two weights, what [Kalra and Barkeshli 2024](https://arxiv.org/abs/2406.09405) report for real networks, with SGD and with Adam: most of what warmup gives comes from tolerating a higher peak. For SGD it depends on the start: some networks grow flatter by themselves, others would grow sharper, and there the rising rate forces training into flatter regions. For Adam what counts is the curvature *after* the division by √v̂: it starts high and falls by itself, and a slow ramp gives it the time. It fits our two maps: the gain is at high rates.
#
# Other causes are being discussed beside it. [Kosson et al. 2024](https://arxiv.org/abs/2410.23922) look at how far the weights *turn* in the first updates of a GPT, and at how small the critical batch still is then. [Xiong et al. 2020](https://arxiv.org/abs/2002.04745) show that in post-LN transformers the gradients near the output are large at initialisation, and that pre-LN ones can be trained without warmup; post-LN needed it with plain SGD, too. Our maps agree as far as they go: post-LN falls off the cliff, pre-LN slides. (For Adam large gradients alone cannot be the reason, since it divides their size away. But they stay in v for long after, as the rescue showed.)
#
# ### On the run itself
#
# The three explanations were tried on noise and on two weights. Try the first two on the run that was lost (the third cannot be taken off alone: whatever lowers the first rates lowers it too): post-LN, peak 0.04, no warmup. Explanation 2 says that the first steps are too long, by a known factor. Take off *that factor alone*. But whoever does so also lowers the first rates, so beside it runs a control: a straight ramp that costs as many steps. Explanation 1 says: multiply by RAdam's factor.

# %%
cosine_alone = schedules.warmup_cosine(warmup=0, total=160)
shorter = lambda step: np.sqrt((1 - 0.9 ** (step + 1)) / (1 + 0.9 ** (step + 1)))
straight = schedules.linear_warmup(warmup=16, start=1 / 17)


def cured(rule, schedule):
    """Nats below guessing by frequency after 160 steps: an array of settings times five seeds."""
    run = training.ensembles.train(rule, task, steps=160, batch_size=16, seed=range(5), schedule=schedule)
    return frequencies_only - run.test_loss[-1].T


three = lambda step: cosine_alone(step) * np.array([1, shorter(step), straight(step)])
nothing, shortened, ramped = cured(Adam(lr=np.full(3, 0.04)), three)
(rectified,) = cured(RAdam(lr=np.array([0.04])), cosine_alone)

# %% tags=["nbval-check-output"]
costs = [np.sum(1 - factor(np.arange(160))) for factor in (shorter, straight)]
claim("Steps that the excess and the ramp cost", costs, near=8, within=0.2)
claim("Nothing changed: nats below guessing by frequency, mean of five seeds", nothing.mean(), below=0.15, approx=True)
claim("The excess length taken off: mean", shortened.mean(), above=0.2, approx=True)
claim("… from the worst seed to the best", np.ptp(shortened), above=0.1, approx=True)
claim("A straight ramp of 16 steps instead: mean", ramped.mean(), above=0.1, approx=True)
apart = shortened - ramped
claim("… and the first is ahead of the second, in pairs, on average by", apart.mean(), between=(-0.3, 0.6), approx=True)
print(f"  its standard error ≈ {apart.std(ddof=1) / 5**0.5:.2f}")
claim("RAdam: each seed", rectified, above=0.4, approx=True)
claim("RAdam's factor at the last step", theory.rectification(160), near=0.27, within=0.01, digits=2)

# %% [markdown]
# So explanation 2 may be a part: without its excess the run learns, unevenly from seed to seed. But a straight ramp that costs the same eight steps helps too. It may help less; five seeds, with the standard error that you see, cannot say. (Nor are these gradients noise, so the excess is not exactly theirs.) RAdam saves all five seeds. But its factor has only reached 0.27 when the run ends, so after its first five steps (this one waits for ρ > 5, as torch does), which are plain momentum, the rate never came near 0.04. In the map, a peak of 0.01 without any warmup does as well or better. In a short run RAdam is a lower rate at least as much as it is a warmup.
#
# What to say when asked? Explanation 1 is a true statement about a *rate*; on pure noise the step is not wild at all. (What remains of it: a coordinate whose gradient is tiny and all noise moves by η like the informative ones.) Explanation 2 is about the step itself, but only about Adam. Explanation 3 covers SGD too. They do not exclude each other.
#
# ## Build one yourself
#
# The upper curve is the schedule; below, 64 runs of the two-weight network under it. Watch the dashed limit 2/η come down on the curvature. The run always lasts 400 steps, whatever you choose as the total.

# %%
explorers.schedule()

# %% [markdown]
# Things to try:
#
# - In *With warmup*, shorten the warmup until the first runs are lost. Then lower the peak until they come back. That is the trade, felt by hand.
# - In *Never decay*, move the peak and watch the height of the plateau. Then pick *linear decay*.
# - Set the total below the warmup and read what the package says.

# %% [markdown]
# ## How to come down
#
# Why decay at all? Because noise never lets go. At a constant rate SGD settles into a cloud whose variance is proportional to η (notebook 01), and Adam's steps stay a fixed share of η (notebook 04). A large rate travels far, and a small one comes to rest.
#
# The transformer again, pre-LN, this time for 400 steps: forty of warmup, and four ways on from there. A schedule should be judged at its own best peak, so each was trained at seven peaks, with five seeds. That takes minutes, so it stands in a file (`tools/sweep_ways_down.py` made it). The ways:

# %%
ramp = {"warmup": 40, "start": 1 / 41}
ways = {
    "constant": schedules.linear_warmup(**ramp),
    "cosine": schedules.warmup_cosine(total=400, **ramp),
    "linear": schedules.warmup_linear(total=400, **ramp),
    "stable, then decay": schedules.warmup_stable_decay(total=400, decay=80, **ramp),
}
sweep = training.stored.load("ways_down", "adamkit.lessons.nb06")
losses = sweep["test_loss"]  # seed, moment, peak, way
ends, at_001 = losses[:, -1], losses[:, :, list(sweep["peaks"]).index(0.01)]

# %%
fig = plotting.figure(9, 3.6)
left, right = fig.subplots(1, 2, width_ratios=(1, 1.5), sharey=True)
styles = ({"color": "black", "marker": "o"}, {"color": "tab:blue", "marker": "s"},
          {"color": "tab:purple", "marker": "^"}, {"color": "tab:red", "marker": "D"})
for way, (name, look) in enumerate(zip(ways, styles, strict=True)):
    for ax, x, shown in ((left, sweep["peaks"], ends), (right, sweep["steps"], at_001)):
        seeds = shown[..., way]
        ax.plot(x, seeds.mean(axis=0), markersize=4, label=name, **look)
        ax.fill_between(x, seeds.min(axis=0), seeds.max(axis=0), color=look["color"], alpha=0.1, linewidth=0)
left.set(xscale="log", xlabel="peak rate", ylabel="test loss (nats per character)")
left.set_title("A late decay ends lowest")
left.set_xticks([0.0025, 0.005, 0.01, 0.02], labels=["0.0025", "0.005", "0.01", "0.02"])
left.minorticks_off()
right.axvline(320, color="tab:red", linewidth=1, linestyle=":")
right.set(xlabel="step (the first 75 are left out)", xlim=(75, 408), ylim=(2.15, 2.8))
right.set_title("Peak 0.01: the lead comes with the decay (dotted)")
right.legend()
plotting.show(
    fig, alt="Left: stable-then-decay has the lowest valley. Right: it follows the constant rate, then drops.")

# %% tags=["nbval-check-output"]
black, blue, purple, red = np.moveaxis(at_001[:, 8], 1, 0)  # step 320; one loss a seed
claim("Peak 0.01, step 320: cosine and straight line are ahead of constant, on average by",
      np.mean(black - (blue + purple) / 2), above=0.02, digits=3)
for way, name in enumerate(("cosine", "linear", "stable, then decay"), start=1):
    lead = ends[:, 4, 0] - ends[:, 4, way]
    claim(f"Peak 0.01: {name} ends below constant in every seed, by", lead, above=0, digits=3)
best = dict(zip(ways, ends.mean(axis=0).argmin(axis=0), strict=True))  # name → index of its best peak
print("Best peaks:", {name: float(sweep["peaks"][index]) for name, index in best.items()})
elsewhere = [np.delete(ends, seed, axis=0).mean(axis=0).argmin(axis=0) for seed in range(5)]  # as the other four choose
own = {name: np.array([ends[seed, elsewhere[seed][way], way] for seed in range(5)]) for way, name in enumerate(ways)}
for name in ("constant", "linear", "cosine"):
    lead = own[name] - own["stable, then decay"]
    claim(f"Each at its own best peak: stable-then-decay is below {name}, by", lead, above=0, digits=3)
for name in ("cosine", "linear"):
    lead = own[name] - own["constant"]
    claim(f"… and {name} above constant, on average by", lead.mean(), above=0, digits=3)

# %% [markdown]
# And a slice of the file, trained now: two of the ways at peak 0.01, two seeds.

# %% tags=["nbval-check-output"]
pair = ["constant", "stable, then decay"]
now = training.ensembles.train(
    Adam(lr=np.array([0.01, 0.01])), training.tasks.next_character(), steps=400, batch_size=16, seed=(0, 1),
    schedule=lambda t: [ways[name](t) for name in pair], eval_every=40,
).test_loss  # moment, seed, way
claim("Before the decay, at step 320, the two are the same run, to", np.abs(now[8, :, 0] - now[8, :, 1]).max(),
      below=1e-4, approx=True)
claim("Both end where the file says, to", np.abs(now[-1] - ends[:2, 4][:, [0, 3]]).max(), below=0.05, approx=True)
claim("The last 80 steps put stable-then-decay below constant by", now[-1, :, 0] - now[-1, :, 1], above=0.01,
      approx=True)

# %% [markdown]
# Follow the black curve and the red one. For 320 steps they are the same run: same rate, same batches, same weights. Then the red rate falls, and the loss falls faster than it did before, although the steps become *shorter*. The usual reading: the weights had been circling around a better place, at a distance set by η, and now they are let in. (Wen et al. 2024, [arXiv 2410.05192](https://arxiv.org/abs/2410.05192), call it a river valley: a high rate moves fast along the river while it bounces between the banks, and the decay lets it down to the water.) The cosine and the straight line have been taking that gain in small portions all along: they lead when the red decay begins, and no longer when it ends.
#
# And which curve? At peak 0.01 all three end below the constant rate. But that peak suits some of them better than others, as the left panel shows: the constant rate is at its best at about a third of it, stable-then-decay at half, cosine and straight line there. Each at its own best peak, stable-then-decay leads the rest in every seed, by 0.06 to 0.09 of a nat on average, and neither the cosine nor the straight line is better than the constant rate on average. (Each seed stands at the peak that the *other four* choose, as notebook 07 will demand.) So the *shape* of the decay is worth more than its presence here, and a comparison at a single peak would have told another story. (400 steps and one tiny model: a warning about comparisons, not a ranking.) In practice it also matters what you know in advance:
#
# - **You know the number of steps.** A straight line or a cosine. Go to *zero*: in [Bergsma et al. 2025](https://arxiv.org/abs/2502.15938), at the best peak and from compute-optimal amounts of data on, a straight line to zero beat a decay to a tenth, by more the longer a model was trained, and [Defazio et al. 2023](https://arxiv.org/abs/2310.07831) find linear decay as good as cosine or better over a wide benchmark. (Cautions: below a tenth the *loss* falls, but downstream scores can suffer, say Hägele et al., below. And Bergsma et al. found the line ahead of the other schedules they tried, unlike our run.)
# - **You do not, or you want several checkpoints.** Stable, then decay. From any point of the plateau you can branch off a decay and have a finished model, and go on from the plateau later. MiniCPM ([Hu et al. 2024](https://arxiv.org/abs/2404.06395)) gave it the name WSD and decays over the last tenth. [Hägele et al. 2024](https://arxiv.org/abs/2405.18392) find it on a par with cosine at larger scale.
# - **You fine-tune for a short time.** BERT's fine-tuning script is the usual model: up over the first tenth of the steps, then a straight line to zero. (Its code counts the line from step 0, so the rate drops by a tenth when the ramp ends.)
#
# ## Five bugs that bite
#
# ### Step 0 has η = 0
#
# A ramp from 0 gives the first step the rate 0. The batch is read, the gradient computed, the moments filled, and no weight moves. Harmless in a run of 100 000 steps, but puzzling in a test that takes one step and checks that something changed.

# %% tags=["nbval-check-output"]
weight = torch.nn.Parameter(torch.ones(1))
optimizer = torch.optim.Adam([weight], lr=0.1)
scheduler = schedules.linear_warmup(warmup=10).as_lambda_lr(optimizer)
weight.grad = torch.ones(1)
optimizer.step()
claim("After the first step under a ramp from 0 the weight has moved by", abs(weight.item() - 1), equals=0.0)
first_factor = schedules.linear_warmup(0, warmup=10, start=1 / 11)  # (t+1)/(W+1), as in nanoGPT
claim("With start = 1/(W+1) and W = 10, the first factor is", first_factor, near=1 / 11, within=1e-12)

# %% [markdown]
# ### The cosine that comes back
#
# You planned 100 000 steps and wrote the cosine without the `min`. The loss still falls, so you let it run to 150 000.

# %%
cosine_guess = practice.predict("06-cosine-end")
cosine_guess

# %% tags=["nbval-check-output"]
def without_clamp(step, warmup=2000, total=100_000):
    return 0.5 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))


claim("At the planned end the factor is", without_clamp(100_000), near=0, within=1e-12)
claim("At step 150 000 it is", without_clamp(150_000), near=0.516, within=0.001)
claim("At step 198 000 it is", without_clamp(198_000), near=1, within=1e-12)
claim("adamkit's stays at 0", schedules.warmup_cosine(150_000, warmup=2000, total=100_000), equals=0.0)
torch_cosine = rates_under(lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=100), 201) / 3e-4
claim("torch's CosineAnnealingLR, run to twice its T_max, is back at", torch_cosine[200], near=1, within=1e-6)

# %%
cosine_guess.reveal()

# %% [markdown]
# ### A total shorter than the warmup
#
# Someone tries out the first 500 steps of a run, and leaves `warmup=2000` and the total as they were. All of it is then a ramp. The loss falls slowly, nothing looks broken, and the peak is never reached. Setting `total=500` as well makes it no better: a schedule that asks `if step < warmup` first stays on its ramp, and our own line of Python above gives 0 at each of the 500, because its second ratio is negative. Ask for an error instead.

# %% tags=["nbval-check-output"]
try:
    schedules.warmup_cosine(warmup=2000, total=500)
except ValueError as refusal:
    print(refusal)
reached = up_and_down(499, warmup=2000, total=10_000)
claim("Without the check, the last of the 500 steps has a factor of", reached, near=0.25, within=0.001)
most = max(up_and_down(step, warmup=2000, total=500) for step in range(500))
claim("With total=500 as well, our line of Python gives at most", most, equals=0)

# %% [markdown]
# ### Steps of what?
#
# A scheduler counts its own `step()` calls. Three ways to get that wrong: calling it once per *epoch* with totals given in steps; counting *micro-batches* when gradients are accumulated over several of them; and calling `scheduler.step()` before `optimizer.step()`, which skips the first rate (PyTorch warns about that one). The rule: one scheduler step for each optimizer step, right after it, and totals in that unit.

# %% tags=["nbval-check-output"]
tokens, micro_batch, accumulated = 10_000_000, 8192, 4
optimizer_steps = tokens // (micro_batch * accumulated)
counted_in_micro_batches = tokens // micro_batch
last = schedules.warmup_cosine(optimizer_steps, warmup=50, total=counted_in_micro_batches)
claim("With the total counted in micro-batches, the last factor is", last, near=0.89, within=0.01, digits=2)

# %% [markdown]
# ### Resume
#
# The machine dies, you load weights and optimizer, make a new scheduler, and go on. If the scheduler starts at 0, the run warms up again: its rate drops to nothing and climbs back over a model that was already past all this. A schedule that is a function of the step needs one number in the checkpoint.

# %% tags=["nbval-check-output"]
def make(state=None):
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(3))], lr=3e-4)
    if state:
        optimizer.load_state_dict(state)
    return optimizer, schedules.warmup_cosine(warmup=10, total=100).as_lambda_lr(optimizer)


optimizer, scheduler = make()
for _ in range(60):
    optimizer.step()
    scheduler.step()
checkpoint = {"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
resumed, forgetful = make(), make(checkpoint["optimizer"])
for part, name in zip(resumed, checkpoint, strict=True):
    part.load_state_dict(checkpoint[name])
claim("Rate before the crash, times 10⁴", 1e4 * optimizer.param_groups[0]["lr"], near=1.24, within=0.01)
claim("… after loading both state dicts", 1e4 * resumed[0].param_groups[0]["lr"], near=1.24, within=0.01)
claim("… with a new scheduler that nobody told", 1e4 * forgetful[0].param_groups[0]["lr"], equals=0.0)

# %%
resume_exercise = practice.exercise("06-resume")
resume_exercise


# %%
class Scheduler:
    def __init__(self, schedule, peak): ...

    def lr(self):
        return ...  # the rate of the coming step

    def step(self): ...

    def state_dict(self):
        return ...  # what a checkpoint must hold

    def load_state_dict(self, state): ...


resume_exercise.check(Scheduler)

# %% [markdown]
# ## What well-known models did
#
# Each row was checked against its paper (nanoGPT: against its code). The pair in brackets is (β₁, β₂), *clip* is the norm at which gradients are clipped, and the steps named first are those of the warmup. What a row does not name, we do not give: look it up, above all the peak, which matters most.
#
# | model | optimizer | schedule |
# |---|---|---|
# | [Transformer](https://arxiv.org/abs/1706.03762), 2017 | Adam (0.9, 0.98), ε 1e-9 | 4000 steps of warmup, inverse square root, peak 7.0e-4 for the base model |
# | [BERT](https://arxiv.org/abs/1810.04805), 2018 | Adam (0.9, 0.999), decay 0.01; in the code ε 1e-6, no bias correction, clip 1 | 10 000 steps, then linear; peak 1e-4 |
# | [GPT-3](https://arxiv.org/abs/2005.14165), 2020 | Adam (0.9, 0.95), ε 1e-8, decay 0.1, clip 1 | warmup over 375 M tokens, cosine to 10% over 260 B tokens, then constant |
# | [OPT](https://arxiv.org/abs/2205.01068), 2022 | AdamW (0.9, 0.95), decay 0.1, clip 1, early on 0.3 | 2000 steps, then **linear** to 10%; changed by hand in flight |
# | [LLaMA](https://arxiv.org/abs/2302.13971) and [Llama 2](https://arxiv.org/abs/2307.09288), 2023 | AdamW (0.9, 0.95), decay 0.1, clip 1 | 2000 steps, then **cosine** to 10% |
# | [Llama 3 405B](https://arxiv.org/abs/2407.21783), 2024 | AdamW | 8000 steps, peak 8e-5, cosine to 8e-7; linear to 0 over the last 40 M tokens only |
# | [MiniCPM](https://arxiv.org/abs/2404.06395), 2024 | Adam | warmup, stable at 0.01 (matrices less: μP), then an exponential decay with better data mixed in, over about the last 10% of the tokens |
# | [DeepSeek-V3](https://arxiv.org/abs/2412.19437), 2024 | AdamW (0.9, 0.95), decay 0.1, clip 1 | 2000 steps, constant 2.2e-4, cosine to 2.2e-5, held, at last 7.3e-6 |
# | [nanoGPT](https://github.com/karpathy/nanoGPT) | AdamW (0.9, 0.95), decay 0.1 on matrices, clip 1 | 2000 steps from (t+1)/(W+1), cosine from 6e-4 to 6e-5 |
#
# Linear decay is BERT's and OPT's; LLaMA 1 and 2 use a cosine. A schedule multiplies AdamW's decay as well, since what acts is ηλ (notebook 05).
#
# ## What did not work
#
# Two experiments did not show what they should.
#
# **Warmup followed by a constant rate.** The first version of the map had no decay. The best result in each column, once the rate is tuned, was then as good without warmup as with it. Here is the slice that holds the best of both columns:

# %%
slice_settings = [(peak, warmup) for peak in (0.003, 0.01) for warmup in (0, 80)]
flat = [schedules.linear_warmup(warmup=warmup, start=1 / (warmup + 1)) for _, warmup in slice_settings]
undecayed = training.ensembles.train(
    Adam(lr=np.array([peak for peak, _ in slice_settings])), training.tasks.next_character(), steps=160, batch_size=16,
    seed=(0, 1), schedule=lambda t: [s(t) for s in flat],
).test_loss[-1].mean(axis=0).reshape(2, 2)

# %% tags=["nbval-check-output"]
without, with_warmup = undecayed.min(axis=0)
gap = abs(without - with_warmup)
claim("Constant rate, tuned: the best losses with and without warmup are apart by", gap, below=0.08, approx=True)

# %% [markdown]
# A likely reason (untested): without decay, the noise of a high rate eats what the high rate has gained. Warmup makes a high peak possible, and decay makes it pay.
#
# **Comparing the ways down in 160 steps.** Is the cosine of the map better than this constant rate, each at its best cell? One would hope so.

# %% tags=["nbval-check-output"]
gap = undecayed.min() - final["pre"].mean(axis=0).min()
claim("The best constant rate ends above the best cosine by only", gap, below=0.05, approx=True)
lead = final["pre"].mean(axis=0)[0, 0] - undecayed[0, 0]
claim("At 0.003, without warmup, the constant rate is even better, by", lead, above=0.05, approx=True)

# %% [markdown]
# A likely reason (untested again): a run that short is limited by how far it travels, more than by its noise, and under a cosine the rates add up to half of what a constant rate gives. So the cosine earns next to nothing yet (a late decay we did not try). The papers above report gains for much longer runs. If your pilot runs are much shorter than the real one, they may tell you that decay is useless.
#
# ## In the interview

# %%
practice.interview("06-why-warmup")

# %%
practice.interview("06-which-schedule")

# %% [markdown]
# ## Recap
#
# - A schedule is a pure function of the step: test it, plot it, keep one integer in the checkpoint.
# - Warmup buys a *higher peak rate*. Where the rate is low, it gains nothing. Our thrown run came back at a low peak with a fresh Adam; emptying m or v alone was not enough.
# - The noisy second moment is at most a part of the reason. Long first steps and high initial curvature are other candidates; SGD with a large batch is warmed up too.
# - Decay makes a high rate pay: in our 400 steps a late decay did; the cosine and the straight line, each at its own best peak, did not on average. Compare schedules each at its own best peak. In long runs, by loss, a straight line to zero (Bergsma et al. 2025).
# - Five bugs: a first step at rate 0, a cosine without a clamp, a total below the warmup, the wrong unit, a resume that warms up again.

# %%
practice.self_check("06")

# %% [markdown]
# **Next:** [07 Adam or SGD?](07_adam_or_sgd.ipynb) puts both on real tasks, each at its best rate.
#
# **Sources.** A. Vaswani et al., [*Attention is all you need*](https://arxiv.org/abs/1706.03762), 2017, section 5.3. P. Goyal et al., [*Accurate, large minibatch SGD*](https://arxiv.org/abs/1706.02677), 2017. I. Loshchilov and F. Hutter, [*SGDR*](https://arxiv.org/abs/1608.03983), ICLR 2017, for the cosine. L. Liu et al., [*On the variance of the adaptive learning rate and beyond*](https://arxiv.org/abs/1908.03265), ICLR 2020. J. Ma and D. Yarats, [*On the adequacy of untuned warmup for adaptive optimization*](https://arxiv.org/abs/1910.04209), AAAI 2021. R. Xiong et al., [*On layer normalization in the Transformer architecture*](https://arxiv.org/abs/2002.04745), ICML 2020. A. Lewkowycz et al., [*The large learning rate phase of deep learning: the catapult mechanism*](https://arxiv.org/abs/2003.02218), 2020. D. Kalra and M. Barkeshli, [*Why warmup the learning rate?*](https://arxiv.org/abs/2406.09405), NeurIPS 2024. K. Wen et al., [*Understanding warmup-stable-decay learning rates: a river valley loss landscape perspective*](https://arxiv.org/abs/2410.05192), 2024. A. Kosson et al., [*Analyzing and reducing the need for learning rate warmup in GPT training*](https://arxiv.org/abs/2410.23922), 2024. S. Hu et al., [*MiniCPM*](https://arxiv.org/abs/2404.06395), 2024. A. Hägele et al., [*Scaling laws and compute-optimal training beyond fixed training durations*](https://arxiv.org/abs/2405.18392), 2024. S. Bergsma et al., [*Straight to zero*](https://arxiv.org/abs/2502.15938), ICLR 2025. A. Defazio et al., [*When, why and how much?*](https://arxiv.org/abs/2310.07831), 2023.
