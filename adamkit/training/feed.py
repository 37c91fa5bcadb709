"""Where the batches come from, step by step, in a way that can be taken up again exactly where it was left."""

import math
import warnings
import zlib

import numpy as np
import torch

from adamkit.training import randomness, sources
from adamkit.training.tasks import Task


def feed(batches, *, batch_size, accumulate, seed, device, world):
    """The source of batches that fits: for a `Task`, a function of the number, or anything that can be iterated."""
    if isinstance(batches, Task):
        return TaskFeed(batches, batch_size, accumulate, seed or 0, device, world)
    if hasattr(batches, "__iter__"):
        return IterableFeed(batches, accumulate, device)
    if callable(batches):
        return FunctionFeed(batches, accumulate, device)
    raise TypeError(f"batches={batches!r} must be a Task, an iterable of (inputs, targets), or a function that gives "
                    "them for the number of a batch")


class TaskFeed:
    """Batches of a task's training rows: shuffled, used up, and shuffled again; what is too few for a batch is left.

    Each epoch's order comes from (seed, epoch) alone, so any step's rows can be found without those before. The parts
    of a batch go to the processes of ``world``, and each process cuts its part into micro-batches.
    """

    def __init__(self, task, batch_size, accumulate, seed, device, world):
        rows = len(task.data.x_train)
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or not 1 <= batch_size <= rows:
            raise ValueError(f"batch_size={batch_size!r} must be from 1 to {rows}, the rows to train on")
        if batch_size % world.size:
            raise ValueError(f"batch_size={batch_size} must be a multiple of {world.size}, the number of processes")
        if accumulate > batch_size // world.size:
            raise ValueError(f"accumulate={accumulate} must be at most {batch_size // world.size}: "
                             "no micro-batch may be empty")
        self.inputs, self.targets = task.data.x_train.to(device), task.data.y_train.to(device)
        self.batch_size, self.accumulate, self.seed, self.world = batch_size, accumulate, seed, world
        self.step, self.epoch, self.order = 0, -1, None

    def take(self):
        """The micro-batches of the next step, a list of (inputs, targets)."""
        an_epoch = len(self.inputs) // self.batch_size
        epoch, place = divmod(self.step, an_epoch)
        if epoch != self.epoch:
            order = np.random.default_rng((self.seed, epoch)).permutation(len(self.inputs))
            self.epoch, self.order = epoch, torch.from_numpy(order).to(self.inputs.device)
        self.step += 1
        share = self.batch_size // self.world.size
        start = place * self.batch_size + self.world.rank * share
        parts = self.order[start : start + share].tensor_split(self.accumulate)
        return [(self.inputs[rows], self.targets[rows]) for rows in parts]

    def state(self):
        """What `restore` needs."""
        return {"step": self.step}

    def restore(self, found):
        """Go on after the step that `state` was asked at."""
        self.step = found["step"]


class FunctionFeed:
    """Batches that a function gives for a number from 0."""

    def __init__(self, function, accumulate, device):
        self.function, self.accumulate, self.device = function, accumulate, device
        self.number = 0

    def take(self):
        """The micro-batches of the next step, a list of (inputs, targets)."""
        numbers = range(self.number, self.number + self.accumulate)
        self.number += self.accumulate
        return [_placed(self.function(number), self.device) for number in numbers]

    def state(self):
        """What `restore` needs."""
        return {"number": self.number, "generators": sources.generators(self.function)}

    def restore(self, found):
        """Go on after the step that `state` was asked at."""
        self.number = found["number"]
        if "generators" in found:
            sources.restore(self.function, found["generators"])


class IterableFeed:
    """Batches of a DataLoader, a list, or anything else that can be iterated, again and again.

    Before each epoch, samplers and data sets that have ``set_epoch`` are told its number, from 0.

    To take it up again, the random numbers, and the generators that the source has of its own, are put back to where
    the epoch began, and the batches of the epoch that were used are read once more; a DataLoader that shuffles then
    shuffles as it did. An iterator that can be gone through only once must be made anew, and is read from its start.
    """

    def __init__(self, source, accumulate, device):
        self.source, self.accumulate, self.device = source, accumulate, device
        self.iterator, self.taken, self.begun, self.epoch, self.last = None, 0, None, -1, None

    def take(self):
        """The micro-batches of the next step, a list of (inputs, targets)."""
        return [_placed(self._next(), self.device) for _ in range(self.accumulate)]

    def _next(self):
        if self.iterator is None:
            self._begin()
        batch = next(self.iterator, None)
        if batch is None and self.taken and not hasattr(self.source, "__next__"):
            self._begin()
            batch = next(self.iterator, None)
        if batch is None:
            raise ValueError(f"batches ended after {self.taken} batches; give more, or something that can be iterated "
                             "again, such as a list or a DataLoader")
        self.taken, self.last = self.taken + 1, batch
        return batch

    def _begin(self):
        self.epoch += 1
        self.begun = {"random": randomness.state(), "generators": sources.generators(self.source), "epoch": self.epoch}
        sources.tell_epoch(self.source, self.epoch)
        self.iterator, self.taken = iter(self.source), 0

    def state(self):
        """What `restore` needs."""
        return {"begun": self.begun, "taken": self.taken, "mark": _mark(self.last)}

    def restore(self, found):
        """Go on after the step that `state` was asked at. Moves the random numbers: put them in place afterwards.

        Raises:
            ValueError: the source has other generators than the one before, or fewer batches.
        """
        begun = found["begun"]
        if begun is None:
            return
        if "epoch" not in begun:  # of version 1, which knew of one generator and of no epochs
            begun = {**begun, "generators": {} if begun["own"] is None else {"generator": begun["own"]}, "epoch": 0}
        if begun["epoch"] > 0 and sources.has_persistent_workers(self.source):
            # They drew their seed when they began, in the first epoch, and so must not draw it in this one.
            sources.tell_epoch(self.source, 0)
            next(iter(self.source), None)
        randomness.restore(begun["random"])
        sources.restore(self.source, begun["generators"])
        self.epoch = begun["epoch"] - 1
        self._begin()
        for _ in range(found["taken"]):
            self._next()
        if self.epoch != begun["epoch"]:
            raise ValueError(f"{found['taken']} batches of an epoch were used, and now an epoch has fewer")
        if "mark" in found and found["mark"] != _mark(self.last):
            warnings.warn("resume: the targets of the last batch that was used do not come again as they were. The "
                          "source gives other batches than it did, or draws targets from the random numbers that the "
                          "model draws from too; the training will not go on exactly", stacklevel=5)


def _mark(batch):
    """A number that tells one batch from another by its targets; None without a batch."""
    if batch is None or not torch.is_tensor(batch[1]):
        return None
    return zlib.crc32(batch[1].detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy())


def _placed(batch, device):
    """(inputs, targets) on the device; anything else is refused."""
    if not isinstance(batch, tuple | list) or len(batch) != 2 or not all(map(torch.is_tensor, batch)):
        raise TypeError(f"batches gave {type(batch).__name__}, and must give pairs of tensors (inputs, targets)")
    return tuple(part.to(device, non_blocking=True) for part in batch)


def rows_of(parts):
    """Rows of each micro-batch."""
    return [len(inputs) if inputs.ndim else 1 for inputs, _ in parts]


def targets_of(parts):
    """Targets of all micro-batches together."""
    return sum(math.prod(targets.shape) for _, targets in parts)
