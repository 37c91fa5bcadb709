"""Exercise of notebook 10: a bare training loop gets groups, a clip and a schedule."""

import math

from adamkit.practice.content.nb10.networks import cases, watch_the_weights
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.values import Tolerance


def train(model, batches, loss, peak, schedule, weight_decay, clip):
    import torch

    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimizer, losses = torch.optim.AdamW(groups), []
    for step, (inputs, targets) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = peak * schedule(step)
        optimizer.zero_grad()
        error = loss(model(inputs), targets)
        error.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(error.item())
    return losses


def two_groups(model, decay):
    """As the solution groups them."""
    params = list(model.parameters())
    return [{"params": [p for p in params if p.ndim >= 2], "weight_decay": decay},
            {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]


def by_norm(params, clip):
    """One norm for all gradients together."""
    from torch.nn.utils import clip_grad_norm_

    clip_grad_norm_(params, clip)


def wrong(*, groups=two_groups, clipped=by_norm, factor=lambda schedule, step: schedule(step), optimizer="AdamW",
          clear=True, compound=False, scheduled=slice(None), clip_steps=math.inf):
    """The solution with one of its parts replaced."""

    def train(model, batches, loss, peak, schedule, weight_decay, clip):
        import torch

        made, losses = getattr(torch.optim, optimizer)(groups(model, weight_decay), lr=peak), []
        for step, (inputs, targets) in enumerate(batches):
            for group in made.param_groups[scheduled]:
                group["lr"] = (group["lr"] if compound else peak) * factor(schedule, step)
            if clear:
                made.zero_grad()
            error = loss(model(inputs), targets)
            error.backward()
            if step < clip_steps:
                clipped(list(model.parameters()), clip)
            made.step()
            losses.append(error.item())
        return losses

    return train


def _by_value(params, clip):
    from torch.nn.utils import clip_grad_value_

    clip_grad_value_(params, clip)


def _each_by_itself(params, clip):
    for p in params:
        by_norm([p], clip)


def _to_length(params, clip):
    """Also lengthens what is short."""
    norm = sum(float((p.grad**2).sum()) for p in params) ** 0.5
    for p in params:
        p.grad *= clip / norm


def _default_decay(model, decay):
    groups = two_groups(model, decay)
    del groups[1]["weight_decay"]
    return groups


def _swapped(model, decay):
    groups = two_groups(model, decay)
    groups[0]["weight_decay"], groups[1]["weight_decay"] = 0.0, decay
    return groups


LOOP = Exercise(
    key="10-loop",
    title="what stands around the step",
    statement="""
        The loop at the end of this box trains, and lacks three things. Put them in.

        1. **Groups**: only parameters with two or more dimensions decay, with `weight_decay`; the others do not at all.
           Dimensions count, and not names.
        2. **Clip**: the gradient of all parameters together gets at most the norm `clip`, in every step.
        3. **Schedule**: step 0, 1, 2, … uses the rate `peak * schedule(step)`, in every group.

        The optimizer is `torch.optim.AdamW` with its own betas and ε. `schedule` is a function of the step, as in
        notebook 06. `model` is trained in place, and the losses before each step come back as a list.

        ```
        def train(model, batches, loss, peak, schedule, weight_decay, clip):
            losses = []
            optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=weight_decay)
            for inputs, targets in batches:
                optimizer.zero_grad()
                error = loss(model(inputs), targets)
                error.backward()
                optimizer.step()
                losses.append(error.item())
            return losses
        ```

        Hand in the function with all three:

        ```python
        def train(model, batches, loss, peak, schedule, weight_decay, clip):
            return ...  # the losses, one for each batch
        ```
    """,
    solution_code=train,
    cases=cases,
    how=watch_the_weights,
    tolerance=Tolerance(rtol=2e-5, atol=3e-6),
    minutes=10,
    mistakes=(
        Mistake(
            "as it was handed out",
            "This is still the bare loop: one group, no clip, no schedule.",
            wrong(groups=lambda m, d: [{"params": list(m.parameters()), "weight_decay": d}],
                  clipped=lambda params, clip: None, factor=lambda schedule, step: 1.0),
        ),
        Mistake(
            "the clip does not reach the step",
            "Your step is taken with the full gradient. Either nothing clips, or it stands in the wrong place: before "
            "`backward()` there is no gradient yet, and after `step()` it is too late. It belongs between the two. Or "
            "it was handed a generator that was used up before: `model.parameters()` can be walked through once.",
            wrong(clipped=lambda params, clip: None),
        ),
        Mistake(
            "only the first step is clipped",
            "`model.parameters()` is a generator. Kept in a variable it is used up after the first clip, and later "
            "ones have nothing to clip. Call it anew each time, or make a list of it.",
            wrong(clip_steps=1),
        ),
        Mistake(
            "each value is clipped",
            "`clip_grad_value_` cuts each number by itself, which turns the gradient. Asked is a shorter gradient of "
            "the same direction: `clip_grad_norm_`.",
            wrong(clipped=_by_value),
        ),
        Mistake(
            "each tensor is clipped by itself",
            "You call the clip for one parameter at a time, so each has a norm of its own. Hand it all parameters at "
            "once: one norm, one factor.",
            wrong(clipped=_each_by_itself),
        ),
        Mistake(
            "short gradients are lengthened",
            "You scale every gradient to the norm `clip`. Only longer ones are scaled down; the factor is at most 1.",
            wrong(clipped=_to_length),
        ),
        Mistake(
            "gradients pile up",
            "Without `zero_grad()` each backward pass adds to the gradients of all before it.",
            wrong(clear=False),
        ),
        Mistake(
            "the rate stays at its peak",
            "Nothing applies the schedule. Write the rate into `optimizer.param_groups` before each step, or use a "
            "`LambdaLR` and call its `step()`.",
            wrong(factor=lambda schedule, step: 1.0),
        ),
        Mistake(
            "the schedule is one step ahead",
            "Your first step already uses schedule(1). Set the rate before the step and advance the schedule after it.",
            wrong(factor=lambda schedule, step: schedule(step + 1)),
        ),
        Mistake(
            "the schedule is one step behind",
            "Your second step still uses schedule(0). The factor belongs to the step that is about to be taken.",
            wrong(factor=lambda schedule, step: schedule(max(step - 1, 0))),
        ),
        Mistake(
            "factors multiply up",
            "You multiply the rate of the step before. The factor is relative to the peak: peak × schedule(step). With "
            "a schedule that begins at 0, yours would stay at 0 for ever.",
            wrong(compound=True),
        ),
        Mistake(
            "only the first group is scheduled",
            "`param_groups[0]` is only one of two. The other keeps its rate, and biases and norms train at the peak.",
            wrong(scheduled=slice(1)),
        ),
        Mistake(
            "everything decays",
            "Biases and the scales of norms have one dimension. They need a group with `weight_decay=0.0`.",
            wrong(groups=lambda m, d: [{"params": list(m.parameters()), "weight_decay": d}]),
        ),
        Mistake(
            "the second group has torch's default decay",
            "A group without `weight_decay` gets AdamW's own, 0.01, and not 0.",
            wrong(groups=_default_decay),
        ),
        Mistake("the groups are swapped", "The vectors decay and the matrices do not. Exchange the two.",
                wrong(groups=_swapped)),
        Mistake(
            "the vectors are in no group",
            "Biases and scales are never trained: they are in neither group. Have you walked twice through one "
            "`model.parameters()`? It is a generator, and empty after the first time. Make a list of it.",
            wrong(groups=lambda m, d: two_groups(m, d)[:1]),
        ),
        Mistake("nothing decays", "`weight_decay` reaches no group.", wrong(groups=lambda m, d: two_groups(m, 0.0))),
        Mistake(
            "the decay is in the gradient",
            "`torch.optim.Adam` adds λθ to the gradient, and its divisor then undoes most of it (notebook 05). Take "
            "`AdamW`.",
            wrong(optimizer="Adam"),
        ),
    ),
    hints=(
        "Two lists of parameters, by `p.ndim`; two dicts with `params` and `weight_decay`.",
        "`torch.nn.utils.clip_grad_norm_(model.parameters(), clip)` stands between `backward()` and `step()`.",
        'Before each step: `for group in optimizer.param_groups: group["lr"] = peak * schedule(step)`.',
    ),
    explanation="""
        The order is always the same: rate, clear, backward, clip, step. With accumulation the clip still comes once,
        after the last part; in mixed precision with a gradient scaler it comes after the unscaling.
    """,
)
