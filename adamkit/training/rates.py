"""The learning rate of each step: the optimizer's own, times a schedule, times a hand."""

import contextlib
import math
import numbers

import torch


class Rates:
    """Sets the rates of an optimizer for one step, and puts back what the schedule wants to find.

    Args:
        optimizer: whose ``param_groups`` hold the rates.
        schedule: None; a function step (from 0) → factor; or a torch scheduler on this optimizer.
    """

    def __init__(self, optimizer, schedule=None):
        self.optimizer = optimizer
        self.scheduler, self.factor = None, None
        if isinstance(schedule, torch.optim.lr_scheduler.ReduceLROnPlateau):
            raise TypeError("schedule=ReduceLROnPlateau(…) follows a measurement; allowed are schedules that follow "
                            "the step. A watcher can set control.rate_factor from an evaluation instead")
        if isinstance(schedule, torch.optim.lr_scheduler.LRScheduler):
            if schedule.optimizer is not optimizer:
                raise ValueError("schedule is a scheduler of another optimizer; make it with the one given to fit")
            self.scheduler = schedule
        elif schedule is not None:
            if not callable(schedule):
                raise TypeError(f"schedule={schedule!r} must be a function step → factor, a torch scheduler, or None")
            self.factor = schedule
            self.at(0)

    def at(self, step):
        """The schedule's factor at ``step``, from 0."""
        if self.factor is None:
            return 1.0
        factor = self.factor(step)
        if not isinstance(factor, numbers.Real) or not 0 <= factor < math.inf:
            raise ValueError(f"schedule: the factor at step {step} is {factor!r}; it must be a finite number ≥ 0")
        return float(factor)

    @contextlib.contextmanager
    def of_step(self, step, by_hand=1.0):
        """Inside, the groups hold the rates of ``step`` (from 0); afterwards a torch scheduler has gone one further.

        Yields the first group's rate.
        """
        groups = self.optimizer.param_groups
        before = [group["lr"] for group in groups]
        factor = self.at(step) * by_hand
        if factor != 1:
            for group, rate in zip(groups, before, strict=True):
                group["lr"] = rate * factor
        try:
            yield groups[0]["lr"]
        finally:
            for group, rate in zip(groups, before, strict=True):
                group["lr"] = rate
        if self.scheduler is not None:
            self.scheduler.step()

    def state(self):
        """For a checkpoint: a torch scheduler's state. Functions of the step need none."""
        return None if self.scheduler is None else self.scheduler.state_dict()

    def restore(self, found):
        """Go on from `state`."""
        if (found is None) != (self.scheduler is None):
            was, now = ("no torch scheduler", "one") if found is None else ("a torch scheduler", "none")
            raise ValueError(f"the checkpoint was made with {was}, and schedule is {now}")
        if found is not None:
            self.scheduler.load_state_dict(found)
