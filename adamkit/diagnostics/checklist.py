"""A checklist for the minute before a long training: the data first, then the loss, the gradients and the step.

    print(checklist(model, optimizer, loader, classes=10))

Needs torch and the standard library alone: copy this file into your project if you like.
"""

import copy
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch

#: Of the length of a weight matrix: the step that moves it by less than the first does not train, by more destroys.
STEP = (1e-5, 0.1)
#: Share of ln(classes) by which the first loss may be off; share of the first loss that is "by heart".
FIRST_LOSS, BY_HEART = 0.35, 0.2
#: Classes in a batch, as a share of what chance would bring: below this the order is not random.
MIXED = 0.6
#: Optimizer steps of the trial in which gradients and steps are looked at.
WALK = 5


@dataclass(frozen=True)
class Line:
    """One question and its answer: ``passed`` is True, False, or None where it could not be asked."""

    name: str
    passed: bool | None
    detail: str

    def __str__(self):
        return f"{ {True: '✓', False: '✗', None: '–'}[self.passed] } {self.name}: {self.detail}"


@dataclass(frozen=True)
class Checklist:
    """The lines of `checklist`, in order."""

    lines: tuple[Line, ...]

    @property
    def failed(self):
        """Names of the lines that did not pass."""
        return [line.name for line in self.lines if line.passed is False]

    @property
    def passed(self):
        """True if no line failed; a line that could not be asked does not count."""
        return not self.failed

    def __str__(self):
        return "\n".join(map(str, self.lines))

    __repr__ = __str__


def checklist(model, optimizer, batches, *, loss=torch.nn.functional.cross_entropy, classes=None, validation=None,
              steps=200, look=20):  # fmt: skip
    """Ask what can be asked before a training begins. Works on copies: model and optimizer stay as they are.

    Args:
        model: torch module, freshly made, before ``torch.compile``.
        optimizer: torch optimizer that was made for it, at the rate that training will reach.
        batches: iterable of (inputs, targets), such as a DataLoader; on the device of the model.
        loss: (outputs, targets) → scalar tensor.
        classes: number of classes of a cross-entropy, 2 or more; None leaves three lines out.
        validation: iterable of (inputs, targets), or None.
        steps: updates in which one batch should be learned by heart, 1 or more.
        look: batches that are looked at, 1 or more.

    Returns:
        `Checklist`; print it. A check that raises counts as failed, with what it raised.

    The idea of the lines on ln(classes) and on a single batch: A. Karpathy, "A recipe for training neural networks",
    2019.
    """
    for name, value, least in (("steps", steps, 1), ("look", look, 1), ("classes", classes, 2)):
        if not (value is None and name == "classes") and (not isinstance(value, int) or value < least):
            raise ValueError(f"{name}={value!r} must be a whole number, {least} or more")
    held_out = None if validation is None else _taken(validation, look, "validation")
    trial = _Trial(model, optimizer, _taken(batches, look, "batches"), loss, classes, held_out, steps)
    with torch.random.fork_rng(devices=[]):
        return Checklist(tuple(_line(name, check, trial) for name, check in CHECKS.items()))


def _taken(batches, look, name):
    taken = [tuple(batch) for batch in itertools.islice(iter(batches), look)]
    if not taken or any(len(batch) != 2 or not all(map(torch.is_tensor, batch)) for batch in taken):
        raise ValueError(f"{name} must give pairs of tensors (inputs, targets), at least one")
    return taken


def _line(name, check, trial):
    try:
        passed, detail = check(trial)
    except Exception as problem:
        return Line(name, False, f"{type(problem).__name__}: {problem}")
    return Line(name, passed, detail)


@dataclass(eq=False)
class _Trial:
    """What the checks share."""

    model: torch.nn.Module
    optimizer: torch.optim.Optimizer
    batches: list
    loss: Callable
    classes: int | None
    validation: list | None
    steps: int

    def fresh(self):
        """Copies of model and optimizer that belong to each other."""
        return copy.deepcopy((self.model, self.optimizer))

    def step(self, model, optimizer, batch):
        """One update; returns the loss before it."""
        optimizer.zero_grad()
        loss = self.loss(model(batch[0]), batch[1])
        loss.backward()
        optimizer.step()
        return loss.item()

    @cached_property
    def walk(self):
        """Name of each trainable parameter → (finite, largest |gradient|, median update/weight) of a few steps."""
        model, optimizer = self.fresh()
        named = {name: p for name, p in model.named_parameters() if p.requires_grad}
        sizes, ratios = {name: [] for name in named}, {name: [] for name in named}
        for batch in itertools.islice(itertools.cycle(self.batches), WALK):
            before = {name: p.detach().clone() for name, p in named.items()}
            self.step(model, optimizer, batch)
            for name, p in named.items():
                sizes[name].append(0.0 if p.grad is None else p.grad.abs().max().item())
                ratios[name].append(((p.detach() - before[name]).norm() / before[name].norm()).item())
        return {name: (all(map(math.isfinite, sizes[name])), max(sizes[name]), sorted(ratios[name])[WALK // 2])
                for name in named}  # fmt: skip

    @cached_property
    def held(self):
        """Names of the trainable parameters that the optimizer has."""
        ids = {id(p) for group in self.optimizer.param_groups for p in group["params"]}
        return {name for name, p in self.model.named_parameters() if id(p) in ids}


def _finite(trial):
    bad = [number for number, batch in enumerate(trial.batches) if not all(part.isfinite().all() for part in batch)]
    return not bad, f"batches {_few(bad)} hold NaN or infinity" if bad else f"{len(trial.batches)} batches looked at"


def _varied(trial):
    rows = torch.cat([inputs.flatten(1) for inputs, _ in trial.batches])
    different = len({row.cpu().numpy().tobytes() for row in rows})
    return different > len(rows) / 2, f"{different} different among {len(rows)}"


def _targets(trial):
    if trial.classes is None:
        return None, "classes not given"
    targets = torch.cat([targets.flatten() for _, targets in trial.batches])
    if targets.is_floating_point():
        return None, "the targets are no class numbers"
    low, high = int(targets.min()), int(targets.max())
    return low >= 0 and high < trial.classes and low < high, f"they run from {low} to {high}"


def _mixed(trial):
    if trial.classes is None or len(trial.batches) < 3 or trial.batches[0][1].is_floating_point():
        return None, "needs classes and three batches"
    counts = torch.stack([torch.bincount(t.flatten(), minlength=trial.classes).float() for _, t in trial.batches])
    chances = counts.sum(dim=0) / counts.sum()
    by_chance = (1 - (1 - chances) ** counts.sum(dim=1, keepdim=True)).sum(dim=1)
    seen = (counts > 0).sum(dim=1)
    detail = f"{seen.float().mean():.1f} classes in a batch, {by_chance.mean():.1f} by chance"
    return bool((seen / by_chance).mean() > MIXED), detail


def _apart(trial):
    if trial.validation is None:
        return None, "validation not given"
    known = {row.cpu().numpy().tobytes() for inputs, _ in trial.batches for row in inputs}
    again = sum(row.cpu().numpy().tobytes() in known for inputs, _ in trial.validation for row in inputs)
    return not again, f"{again} of its rows are among the training rows looked at"


def _first_loss(trial):
    if trial.classes is None:
        return None, "classes not given"
    model, _ = trial.fresh()
    with torch.no_grad():
        first = trial.loss(model(trial.batches[0][0]), trial.batches[0][1]).item()
    wanted = math.log(trial.classes)
    return abs(first - wanted) < FIRST_LOSS * wanted, f"{first:.2f}, and ln {trial.classes} = {wanted:.2f}"


def _complete(trial):
    trainable = [name for name, p in trial.model.named_parameters() if p.requires_grad]
    missing = [name for name in trainable if name not in trial.held]
    return not missing, f"{_few(missing)} left out" if missing else f"all {len(trainable)}"


def _gradients_finite(trial):
    bad = [name for name, (finite, _, _) in trial.walk.items() if not finite]
    return not bad, f"not in {_few(bad)}" if bad else f"in {WALK} steps"


def _gradients_arrive(trial):
    bad = [name for name, (_, largest, _) in trial.walk.items() if largest == 0]
    return not bad, f"none at {_few(bad)}" if bad else f"at all {len(trial.walk)}"


def _step_in_range(trial):
    matrices = {name for name, p in trial.model.named_parameters() if p.ndim > 1} & trial.held
    ratios = {name: ratio for name, (_, largest, ratio) in trial.walk.items() if name in matrices and largest > 0}
    if not ratios:
        return None, "no weight matrix is trained"
    low, high = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
    good = STEP[0] <= ratios[low] and ratios[high] <= STEP[1]
    return good, f"from {ratios[low]:.1g} ({low}) to {ratios[high]:.1g} ({high})"


def _by_heart(trial):
    model, optimizer = trial.fresh()
    losses = [trial.step(model, optimizer, trial.batches[0]) for _ in range(trial.steps + 1)]
    return losses[-1] < BY_HEART * losses[0], f"{losses[0]:.2f} before, {losses[-1]:.2g} after {trial.steps} steps"


def _few(names):
    return ", ".join(map(str, names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


#: The lines in order: name → check.
CHECKS = {
    "inputs and targets are finite": _finite,
    "rows differ": _varied,
    "targets are class numbers": _targets,
    "batches are mixed": _mixed,
    "validation rows are new": _apart,
    "the first loss is near ln(classes)": _first_loss,
    "the optimizer has every trainable parameter": _complete,
    "gradients are finite": _gradients_finite,
    "a gradient reaches every parameter": _gradients_arrive,
    f"a step moves each matrix by {STEP[0]:g} to {STEP[1]:g} of its length": _step_in_range,
    "one batch can be learned by heart": _by_heart,
}
