"""Cases whose cause is the learning rate: too high, rising too early, never falling, at the edge of stability."""

from functools import cache

import numpy as np
import torch

from adamkit import schedules, torch_optim
from adamkit.lessons.nb12.clinic.patient import Case, Treatment
from adamkit.lessons.nb12.clinic.plan import Plan, shuffled, whole
from adamkit.training.data import digits
from adamkit.training.models import MLP

all_digits = cache(digits)


def to_zero(steps, warmup=0):
    """Linear warmup from 1/(warmup+1), then a cosine to zero."""
    return schedules.warmup_cosine(warmup=warmup, total=steps, start=1 / (warmup + 1))


def uncorrected_adam(params, **hypers):
    """Adam without bias correction, as BERT's published code has it."""
    return torch_optim.Adam(params, correct_m=False, correct_v=False, **hypers)


def _immature():
    return Plan(
        model=lambda: MLP((64, 64, 64, 64, 10)),
        feed=shuffled(all_digits(), 64),
        lr=0.025,
        steps=240,
        optimizer=uncorrected_adam,
        schedule=to_zero(240),
    )


IMMATURE_V = Case(
    name="immature_v",
    disease="rate_too_high",
    story="Adam as an old code base has it, without bias correction. A colleague uses the same rate with torch's Adam "
    "and is happy. Here the loss explodes within the first dozen steps.",
    plan=_immature(),
    treatments={
        "warmup": Treatment("warm up over 120 steps", {"schedule": to_zero(240, warmup=120)}, True,
                            "the first steps, up to 6.6 times too long, come at a fraction of the rate; at the end "
                            "of the ramp they are still three times too long, and the loss climbs for a while"),
        "lower rate": Treatment("a fifth of the rate", {"lr": 0.005}, True, "five times shorter steps, for ever"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, True,
                             "v is filled within some twenty steps, and √(1−β₂) is no longer so small"),
        "bias correction": Treatment("switch the correction on", {"optimizer": torch.optim.Adam}, True,
                                     "it is what the correction is for"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "a smaller gradient makes m and √v smaller alike; the step stays"),
        "larger ε": Treatment("ε from 1e-8 to 1e-6", {"hypers": {"eps": 1e-6}}, False,
                              "√v is still far above it"),
    },
    good=0.3,
)  # fmt: skip


def _too_high():
    return Plan(
        model=lambda: MLP((64, 64, 64, 64, 10), activation="gelu"),
        feed=shuffled(all_digits(), 64),
        lr=0.2,
        steps=240,
        schedule=to_zero(240),
    )


TOO_HIGH = Case(
    name="too_high",
    disease="rate_too_high",
    story="torch's Adam with all defaults but the rate, which came from a table for SGD. The loss jumps to a hundred "
    "and comes back to something that is no use to anybody.",
    plan=_too_high(),
    treatments={
        "lower rate": Treatment("a tenth of the rate", {"lr": 0.02}, True, "the only thing wrong was the rate"),
        "warmup": Treatment("warm up over 80 steps", {"schedule": to_zero(240, warmup=80)}, False,
                            "it puts the explosion off until the rate has arrived"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "Adam divides by the gradient's size anyway"),
        "β₂ 0.95": Treatment("β₂ from 0.999 to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, False,
                             "v is not the problem, the rate is"),
    },
    good=0.2,
)  # fmt: skip


def _plateau():
    """Small batches and long steps: the noise of the batches holds the loss up, far from where rounding decides."""
    return Plan(model=lambda: MLP((64, 64, 64, 10)), feed=shuffled(all_digits(), 8), lr=0.04, steps=400)


PLATEAU = Case(
    name="plateau",
    disease="plateau",
    story="The loss fell quickly in the first steps. Since then it jitters about the same level.",
    plan=_plateau(),
    treatments={
        "decay": Treatment("cosine to zero", {"schedule": to_zero(400)}, True,
                           "the weights circle their goal at a distance set by the rate; a falling rate lets them in"),
        "lower rate": Treatment("a tenth of the rate, constant", {"lr": 0.004}, True,
                                "a smaller circle; at a larger task it would also travel more slowly"),
        "warmup": Treatment("warm up over 100 steps", {"schedule": schedules.linear_warmup(warmup=100)}, False,
                            "the start was not the problem"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "the noise is in the direction as well as in the length"),
        "higher rate": Treatment("twice the rate", {"lr": 0.08}, False, "a larger circle"),
        "longer": Treatment("twice as many steps", {"steps": 800}, False, "it is not short of time"),
    },
    measure=lambda run: run.late(0.5),
    measured="mean training loss of the second half of the run",
    good=0.3,
)  # fmt: skip


def one_hot_loss(outputs, targets):
    """Squared distance to the one-hot targets, averaged over rows."""
    return (outputs - targets).square().sum(dim=1).mean()


def _edge():
    data = all_digits()
    targets = torch.nn.functional.one_hot(data.y_train[:400], 10).to(data.dtype)
    return Plan(
        model=lambda: MLP((64, 32, 10), activation="tanh"),
        feed=whole(data.x_train[:400], targets),
        loss=one_hot_loss,
        lr=0.02,
        steps=200,
        hypers={"betas": (0.9, 0.9)},
    )


OSCILLATION = Case(
    name="oscillation",
    disease="oscillation",
    story="All rows in every batch, so no noise at all. And yet the loss goes up and down from step to step.",
    plan=_edge(),
    treatments={
        "lower rate": Treatment("a tenth of the rate", {"lr": 0.002}, True,
                                "the swings are a tenth as wide, too small to turn the loss back; it ends higher"),
        "decay": Treatment("cosine to zero", {"schedule": to_zero(200)}, True, "the swings shrink with the rate"),
        "clipping": Treatment("clip the gradient to norm 1", {"clip": 1.0}, False,
                              "the step does not depend on the gradient's length"),
        "β₂ 0.999": Treatment("β₂ from 0.9 to 0.999", {"hypers": {"betas": (0.9, 0.999)}}, True,
                              "v still holds the gradients of the first steps, so every step is short and the loss "
                              "ends higher"),
    },
    measure=lambda run: swing(run),
    measured="how far the loss turns back at each step, as a share of its level, in the second half of the run",
    good=0.01,
)  # fmt: skip


def swing(run):
    """How far the loss turns back from step to step, as a share of its level; the mean over the second half of a run.

    Between two changes of opposite sign the smaller one is a swing there and back; between two of the same sign the
    loss went on its way, which counts as 0.
    """
    losses = run.losses[len(run.losses) // 2 :]
    before, after = np.diff(losses)[:-1], np.diff(losses)[1:]
    back = np.where(before * after < 0, np.minimum(np.abs(before), np.abs(after)), 0.0)
    return float(back.mean() / losses.mean())


CASES = (IMMATURE_V, TOO_HIGH, PLATEAU, OSCILLATION)
