"""Exercise of notebook 09: a bare training loop gets groups, a clip and a schedule."""

import copy

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, refuse_non_function
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
          clear=True, compound=False, scheduled=slice(None)):
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


def watch_the_weights(function, case, transcript):
    """Play: train a copy of the model; the moments are its weights, as the forward pass after each step sees them."""
    refuse_non_function(function)
    args = case.args
    model, seen = copy.deepcopy(args["model"]), []

    def weights():
        return np.concatenate([p.detach().numpy().ravel() for p in model.parameters()])

    hook = model.register_forward_pre_hook(lambda *_: seen.append(weights()))
    returned = function(model, list(args["batches"]), args["loss"], *(args[name] for name in SETTINGS))
    hook.remove()
    yield "the returned losses", returned
    for step, found in enumerate([*seen[1:], weights()], start=1):
        yield f"the weights after step {step}", found


SETTINGS = ("peak", "schedule", "weight_decay", "clip")


def cases(rng):
    """Networks with batches whose gradients differ much in size, so that some are clipped and some are not."""
    import torch
    from torch import nn

    from adamkit import schedules

    class Norm(nn.Module):
        """A matrix, a norm and a bias."""

        def __init__(self):
            super().__init__()
            self.mix, self.norm = nn.Linear(4, 4), nn.LayerNorm(4)

        def forward(self, x):
            return self.norm(self.mix(x))

    images = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))

    def case(name, model, shape, *, steps, **settings):
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        draw = lambda *size: torch.randn(*size, generator=generator, dtype=torch.float64)
        model = model.double()
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(draw(*p.shape))
        sizes = [0.05, 3.0, 0.5, 10.0, 0.1]
        outputs = model(draw(6, *shape)).shape[1:]
        batches = [(draw(6, *shape), sizes[step % 5] * draw(6, *outputs)) for step in range(steps)]
        loss = lambda found, wanted: ((found - wanted) ** 2).mean() * wanted.abs().mean()
        return Case(name, {"model": model, "batches": batches, "loss": loss, **settings})

    ramp = schedules.warmup_cosine(warmup=3, total=9, floor=0.1)
    early = schedules.warmup_cosine(warmup=2, total=8, start=0.3)
    return [
        case("a matrix and a norm", Norm(), (4,), steps=10, peak=0.05, schedule=ramp, weight_decay=0.5, clip=0.5),
        case("two layers", nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), (3,), steps=9, peak=0.1,
             schedule=early, weight_decay=0.3, clip=0.2),
        case("a convolution", images, (1, 4, 4), steps=8, peak=0.02, schedule=early, weight_decay=1.0, clip=1.0),
    ]


LOOP = Exercise(
    key="09-loop",
    title="what stands around the step",
    statement="""
        The loop at the end of this box trains, and lacks three things. Put them in.

        1. **Groups**: only parameters with two or more dimensions decay, with `weight_decay`; the others do not at all.
        2. **Clip**: the gradient of all parameters together gets at most the norm `clip`, in every step.
        3. **Schedule**: step 0, 1, 2, … uses the rate `peak * schedule(step)`, in every group.

        The optimizer is `torch.optim.AdamW` with its own betas and ε. `schedule` is a function of the step, as in
        notebook 06. `model` is trained in place, and the losses before each step come back as a list.

        ```
        def train(model, batches, loss, peak, schedule, weight_decay, clip):
            params, losses = model.parameters(), []
            optimizer = torch.optim.AdamW(params, lr=peak, weight_decay=weight_decay)
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
    tolerance=Tolerance(rtol=1e-5, atol=1e-7),
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
            "`backward()` there is no gradient yet, and after `step()` it is too late. It belongs between the two.",
            wrong(clipped=lambda params, clip: None),
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
