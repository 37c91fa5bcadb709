"""A training under way: steps, and what is done between them."""

import math
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import torch

from adamkit.training import checkpoints, devices, randomness, sources
from adamkit.training.control import GLANCE, Control, Interrupts
from adamkit.training.distributed import World
from adamkit.training.feed import rows_of, targets_of
from adamkit.training.history import History, Record
from adamkit.training.rates import Rates
from adamkit.training.readout import Readout
from adamkit.training.stepping import Stepper


@dataclass(eq=False)
class Run:
    """All that a training needs; `fit` makes one and calls `go`.

    ``model`` is the module itself: what is saved, and what is evaluated. The stepper may call it compiled, or
    replicated. ``step`` counts the steps done.
    """

    model: torch.nn.Module
    optimizer: torch.optim.Optimizer
    feed: object
    stepper: Stepper
    rates: Rates
    readout: Readout
    world: World
    interrupts: Interrupts
    history: History
    steps: int
    device: torch.device
    ratio_every: int
    evaluate_every: int
    evaluate: object = None
    watchers: tuple = ()
    control: Control = field(default_factory=Control)
    checkpoint: Path | None = None
    checkpoint_every: int | None = None
    step: int = 0
    by_hand: float = 1.0
    whole: bool = True  # False while a step is being taken

    def go(self):
        """Train to the end, whatever that is, and close the watchers."""
        try:
            try:
                self.history.ended = self._all_steps()
            except KeyboardInterrupt:  # the second press
                self.history.ended = "interrupted"
            if self.whole:
                self._save()
        finally:
            for watcher in self.watchers:
                watcher.close(self.history)
        return self.history

    def _all_steps(self):
        """Step after step; answers how it ended."""
        if not any(module.training for module in self.model.modules()):
            self.model.train()  # as a whole: a part that is in evaluation mode was put there, and stays
        if hasattr(self.optimizer, "train"):
            self.optimizer.train()  # schedule-free optimizers keep other weights for use than for training
        self.readout.start()
        while self.step < self.steps:
            ended = self._look_at_control()
            if ended:
                self._report(everything=True)
                return ended
            self.whole = False
            self._take_step()
            self.whole = True
            self._report()
            self._evaluate_if_due()
            if self.checkpoint_every and self.step % self.checkpoint_every == 0:
                self._save()
        self._report(everything=True)
        return "finished"

    def _look_at_control(self):
        """Wait while paused; answers "stopped" or "interrupted" if the run should end here, else None.

        Between processes, the first one's control counts, and an interrupt of any.
        """
        first, control = self.world.first, self.control
        resting = False
        while True:
            interrupted, stopped, paused, self.by_hand = self.world.agree(
                self.interrupts.asked, first and control.stopped, first and control.paused,
                control.rate_factor if first else 0.0)
            if interrupted or stopped or not paused:
                break
            if not resting:
                self._report(everything=True)
            resting = True
            control.wait() if first else time.sleep(GLANCE)
        if resting:
            self.readout.start()
        return "interrupted" if interrupted else "stopped" if stopped else None

    def _take_step(self):
        parts = self.feed.take()
        measure = self.step % self.ratio_every == 0
        try:
            rate, values = self.stepper.take(parts, self.rates.of_step(self.step, self.by_hand),
                                             measure_update=measure)
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
            raise devices.out_of_memory(error, self.model, self.optimizer, self.device, rows=sum(rows_of(parts)),
                                        accumulate=len(parts)) from error
        self.step += 1
        about = (self.step, rate, sum(rows_of(parts)), targets_of(parts))
        self.readout.push(about, self.world.mean(values))

    def _report(self, *, everything=False):
        """Hand the steps that can be read to the history and the watchers."""
        for (step, rate, rows, targets), numbers, duration, seconds in self.readout.take(everything=everything):
            loss, grad_norm, moved, size = numbers
            speed = self.world.size / duration if duration > 0 else math.inf
            ratio = moved / size if size else math.inf
            record = Record(step, loss, float(rate), grad_norm, ratio, rows * speed, targets * speed,
                            devices.memory_in_use(self.device), seconds)
            self.history.append(record)
            for watcher in self.watchers:
                watcher.on_step(record)

    def _evaluate_if_due(self):
        if self.evaluate is None or (self.step % self.evaluate_every and self.step != self.steps):
            return
        self._report(everything=True)
        with randomness.untouched(self.device), evaluating(self.model, self.optimizer):
            values = {name: float(value) for name, value in self.evaluate(self.model).items()}
        self.history.evaluations.append((self.step, values))
        for watcher in self.watchers:
            watcher.on_evaluation(self.step, values)
        self.readout.start()

    def _save(self):
        """Write the checkpoint, in the first process."""
        if self.checkpoint is None:
            return
        self._report(everything=True)
        everyone = self.world.gather({"random": randomness.state(self.device), "feed": self.feed.state()})
        if self.world.first:
            checkpoints.save(self.checkpoint, self._content(everyone))
        self.world.wait()
        self.readout.start()

    def _content(self, everyone):
        return {
            "step": self.step,
            "settings": self.history.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rates": self.rates.state(),
            "processes": everyone,
            "history": self.history.to_dict(),
        }

    def resume(self):
        """Go on from the checkpoint, if it is there; if one is wanted, see first that it can be written and read."""
        if self.checkpoint is None:
            return
        checkpoints.readable(self._content([]))
        for reason in sources.inexact(getattr(self.feed, "source", None)):
            warnings.warn(f"a training that is stopped and resumed will not be the same: {reason}", stacklevel=3)
        if not self.checkpoint.exists():
            return
        found = checkpoints.load(self.checkpoint)
        checkpoints.check_same_training(self.checkpoint, found, self.history.settings, self.steps, self.model,
                                        self.optimizer)
        if len(found["processes"]) != self.world.size:
            raise checkpoints.CheckpointError(f"{self.checkpoint}: made by {len(found['processes'])} processes, and "
                                              f"now there are {self.world.size}")
        own = found["processes"][self.world.rank]
        others = list(checkpoints.kept_values(found["optimizer"], self.optimizer, scheduled=found["rates"] is not None))
        try:
            self.feed.restore(own["feed"])
            self.rates.restore(found["rates"])
            self.optimizer.load_state_dict(found["optimizer"])
        except (ValueError, KeyError) as reason:
            raise checkpoints.CheckpointError(f"{self.checkpoint}: {reason}") from reason
        self.model.load_state_dict(found["model"])
        if others:
            told = ", ".join(f"{name}={was!r} (given was {given!r})" for name, was, given in others)
            warnings.warn(f"resume goes on with the checkpoint's {told}; to change it, set optimizer.param_groups in a "
                          "watcher or give a schedule", stacklevel=3)
        randomness.restore(own["random"], self.device)
        before = History.from_dict(found["history"])
        before.settings, before.ended = self.history.settings, None
        self.history, self.step = before, found["step"]
        self.readout.seconds = float(before.seconds[-1]) if len(before) else 0.0


class evaluating:
    """Inside, the model is in evaluation mode, without gradients, and the optimizer's weights are those for use."""

    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def __enter__(self):
        self.modes = {module: module.training for module in self.model.modules()}
        self.model.eval()
        if hasattr(self.optimizer, "eval"):
            self.optimizer.eval()
        self.no_grad = torch.no_grad()
        self.no_grad.__enter__()

    def __exit__(self, *error):
        self.no_grad.__exit__(*error)
        for module, mode in self.modes.items():
            module.training = mode
            if hasattr(module, "reshard"):  # FSDP2 keeps what a forward pass gathered, until a backward pass
                module.reshard()
        if hasattr(self.optimizer, "train"):
            self.optimizer.train()
