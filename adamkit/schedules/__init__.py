"""Learning-rate schedules: step → factor on the peak rate.

Steps are counted from 0, as `torch.optim.lr_scheduler.LambdaLR` counts them: ``factor(0)`` acts on
the first optimizer step. Each schedule can be called in two ways:

    warmup_cosine(250, warmup=100, total=1000)            # the factor at step 250 (or at an array of steps)
    schedule = warmup_cosine(warmup=100, total=1000)      # a Schedule: schedule(250), schedule.as_lambda_lr(optimizer)

**Step 0.** A warmup from ``start=0`` gives the first step a rate of 0: that batch is spent on the
moments alone. Common, and what most published code does; ``start=1/(warmup + 1)`` makes the ramp
(step + 1)/(warmup + 1), as in nanoGPT, and wastes nothing.

**After the end** every schedule with a ``total`` stays at its ``floor``. A cosine without that clamp
climbs back to 1.

**Resuming** needs nothing but the step: the factor depends on no history.
"""

from adamkit.schedules.base import Schedule
from adamkit.schedules.kinds import (
    constant,
    linear_warmup,
    step_decay,
    transformer,
    warmup_cosine,
    warmup_inverse_sqrt,
    warmup_linear,
    warmup_stable_decay,
)

#: Name → schedule.
ALL = {
    "constant": constant,
    "linear_warmup": linear_warmup,
    "warmup_cosine": warmup_cosine,
    "warmup_inverse_sqrt": warmup_inverse_sqrt,
    "warmup_linear": warmup_linear,
    "warmup_stable_decay": warmup_stable_decay,
    "step_decay": step_decay,
    "transformer": transformer,
}

__all__ = ["ALL", "Schedule", *ALL]
