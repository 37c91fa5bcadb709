"""The same eight treatments for every patient, so that a reader who does not know the disease can choose.

A slot stands for one of the case's own treatments where it has one of that kind, and for a general one where it has
not. Where there is nothing to do (data that is sound, β₂ in SGD) the slot holds no treatment.
"""

import torch

from adamkit import schedules
from adamkit.lessons.nb12.clinic.patient import Treatment

#: Slot → names that a case gives to its treatments of that kind.
NAMES = {
    "lower": ("lower rate",),
    "warmup": ("warmup",),
    "decay": ("decay", "cosine"),
    "clip": ("clipping",),
    "beta2": ("β₂ 0.95", "β₂ 0.98"),
    "eps": ("larger ε",),
    "data": ("fix the data", "shuffle", "more data", "replay"),
    "code": ("fused loss", "float32 weights", "one rate", "warmup in steps", "bias correction", "other activation"),
}


def own(case, slot):
    """Name of the case's own treatment for a slot, or None."""
    return next((name for name in NAMES[slot] if name in case.treatments), None)


def general(plan, slot):
    """A general `Treatment` of a plan, or None where there is nothing to change."""
    adaptive = plan.optimizer is not torch.optim.SGD
    if slot == "lower":
        return Treatment("a tenth of the rate", {"lr": plan.lr / 10}, None)
    if slot == "warmup":
        steps = plan.steps // 4
        return Treatment(
            f"warm up over {steps} steps", {"schedule": _times(plan, schedules.linear_warmup, steps)}, None
        )
    if slot == "decay" and plan.schedule is None:
        return Treatment("cosine to zero", {"schedule": schedules.warmup_cosine(warmup=0, total=plan.steps)}, None)
    if slot == "clip":
        return Treatment("clip the gradient to norm 1", {"clip": 1.0}, None)
    if slot == "beta2" and adaptive:
        return Treatment("β₂ to 0.95", {"hypers": {"betas": (0.9, 0.95)}}, None)
    if slot == "eps" and adaptive:
        return Treatment("ε to 1e-3", {"hypers": {"eps": 1e-3}}, None)
    return None


def _times(plan, schedule, steps):
    ramp = schedule(warmup=steps)
    if plan.schedule is None:
        return ramp
    return lambda step: plan.schedule(step) * ramp(step)
