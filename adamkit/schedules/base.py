"""How a schedule is called, checked, and handed to PyTorch."""

import functools
import inspect
import numbers
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adamkit.arguments import whole


@dataclass(frozen=True, eq=False, repr=False)
class Schedule:
    """A schedule with its parameters filled in: call it with a step (or an array of steps) for the factor."""

    function: Callable
    parameters: dict

    def __post_init__(self):
        self.function(0, **self.parameters)  # refuses bad parameters now, not at the first step

    @property
    def name(self):
        """Such as "warmup_cosine"."""
        return self.function.__name__

    def __call__(self, step):
        """The factor at ``step`` ≥ 0: a float, or an array for an array of steps."""
        return self.function(step, **self.parameters)

    def __repr__(self):
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.parameters.items())})"

    def as_lambda_lr(self, optimizer, *, last_epoch=-1):
        """A `torch.optim.lr_scheduler.LambdaLR` that multiplies each group's rate by the factor.

        Call its ``step()`` after every optimizer step. ``last_epoch`` is LambdaLR's: the index of
        the last step done, when resuming without a scheduler's state dict. That state dict holds
        plain numbers only, so it loads with ``weights_only=True``.
        """
        from torch.optim.lr_scheduler import LambdaLR

        # A lambda, because LambdaLR would copy the attributes of a callable object into its state dict.
        return LambdaLR(optimizer, lambda step: self(step), last_epoch=last_epoch)


def schedule(formula):
    """Turn ``formula(steps: float array, *, parameters) → array`` into a schedule with both ways of calling."""
    signature = inspect.signature(formula)
    known = list(signature.parameters)[1:]

    @functools.wraps(formula)
    def called(step=None, **parameters):
        unknown = sorted(set(parameters) - set(known))
        if unknown:
            raise TypeError(f"{formula.__name__} has no parameter {unknown}; it has {known}")
        if step is None:
            return Schedule(called, parameters)
        factors = formula(step_numbers(step), **parameters)
        return factors if np.ndim(step) else float(factors)

    return called


def step_numbers(step):
    """``step`` as a float array; refused unless whole and ≥ 0."""
    steps = np.asarray(step)
    if steps.dtype.kind not in "iuf" or (steps < 0).any() or (steps != np.floor(steps)).any():
        raise ValueError(f"step={step!r} must be a whole number ≥ 0 (or an array of them); the first step is 0")
    return steps.astype(float)


def share(name, value):
    """Refuse a factor outside [0, 1]."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{name}={value!r} must be a number from 0 to 1")


def horizon(warmup, total, start, floor):
    """Refuse a warmup that does not fit into the run, and shares outside [0, 1]."""
    whole("warmup", warmup, 0)
    whole("total", total, 1)
    share("start", start)
    share("floor", floor)
    if total < warmup:
        raise ValueError(f"total={total} must be at least warmup={warmup}: total counts all steps, warmup included")
