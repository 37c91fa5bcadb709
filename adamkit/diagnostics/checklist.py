"""A checklist for the minute before a long training: the data first, then the loss, the gradients and the step.

    print(checklist(model, optimizer, loader, classes=10))

Needs torch and the standard library alone: copy this file and ``trial.py`` into your project if you like.
"""

import math
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from adamkit.diagnostics.trial import WALK, Trial, has_targets, taken, tensors, unregistered, wants_closure

#: Of the length of a weight matrix: the step that moves it by less than the first does not train, by more destroys.
STEP = (1e-5, 0.1)
#: Share of ln(classes) by which the first loss may be off; share of the first loss that is "by heart".
FIRST_LOSS, BY_HEART = 0.35, 0.2
#: Classes in a batch, as a share of what chance would bring: below this the order is not random.
MIXED = 0.6
#: The target that cross_entropy leaves out unless it is told another.
IGNORED = -100
DROPOUT, BATCH_NORM = (torch.nn.modules.dropout._DropoutNd,), torch.nn.modules.batchnorm._BatchNorm


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
    def unasked(self):
        """Names of the lines that could not be asked; their details say what is missing."""
        return [line.name for line in self.lines if line.passed is None]

    @property
    def passed(self):
        """True if no line failed; a line that could not be asked does not count."""
        return not self.failed

    def __str__(self):
        return "\n".join(map(str, self.lines))

    __repr__ = __str__


def checklist(model, optimizer, batches, *, loss=F.cross_entropy, classes=None, validation=None, steps=200, look=20):
    """Ask what can be asked before a training begins. Works on copies: model and optimizer stay as they are.

    Args:
        model: torch module, freshly made, before ``torch.compile``.
        optimizer: torch optimizer that was made for it, at the rate that training will reach; or several, as a list.
        batches: iterable of batches, such as a DataLoader. A batch may be (inputs, targets); a longer tuple, whose last
            part is the targets and whose others the model is called with; a dict, with which the model is called by
            name, its targets under "labels", "targets" or "y". Anything else needs a loss of (model, batch).
        loss: (outputs, targets) → scalar tensor; or (model, batch) → scalar tensor: the first parameter is then called
            ``model``. A dict's model may return its own, as ``outputs.loss``, and then this one is not asked.
        classes: number of classes of a cross-entropy, 2 or more; None leaves three lines out.
        validation: iterable of batches like those, or None.
        steps: updates in which one batch should be learned by heart, 1 or more; dropout layers rest meanwhile.
        look: batches that are looked at, 1 or more.

    Returns:
        `Checklist`; print it. A check that raises counts as failed, with what it raised. What it cannot see: a
        schedule, a gradient scaler, train() and eval() during the run, labels that are consistently wrong, a target
        that leaks into its own inputs.

    The idea of the lines on ln(classes) and on a single batch: A. Karpathy, "A recipe for training neural networks",
    2019.
    """
    for name, value, least in (("steps", steps, 1), ("look", look, 1), ("classes", classes, 2)):
        if not (value is None and name == "classes") and (not isinstance(value, int) or value < least):
            raise ValueError(f"{name}={value!r} must be a whole number, {least} or more")
    lazy = [name for name, p in model.named_parameters() if isinstance(p, torch.nn.parameter.UninitializedParameter)]
    if lazy:
        raise ValueError(f"model has parameters without a shape ({_few(lazy)}): call it once, on a batch, before this")
    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        held_out = None if validation is None else taken(validation, look, "validation", device)
        optimizers = list(optimizer) if isinstance(optimizer, list | tuple) else [optimizer]
        trial = Trial(model, optimizers, taken(batches, look, "batches", device), loss, classes, held_out, steps)
        _ = trial.takes_model  # raises if there is no telling how such a batch becomes a loss
        return Checklist(tuple(_line(name, check, trial) for name, check in CHECKS.items()))


def _line(name, check, trial):
    try:
        passed, detail = check(trial)
    except Exception as problem:
        return Line(name, False, f"{type(problem).__name__}: {problem}")
    return Line(name, passed, detail)


def _finite(trial):
    if not any(map(tensors, trial.batches)):
        return None, f"no tensors to be seen in batches of type {type(trial.batches[0]).__name__}"
    bad = [number for number, batch in enumerate(trial.batches)
           if not all(part.isfinite().all() for part in tensors(batch))]
    return not bad, f"batches {_few(bad)} hold NaN or infinity" if bad else f"{len(trial.batches)} batches looked at"


def _varied(trial):
    seen = [row for batch in trial.batches for row in trial.rows(batch)]
    if not seen:
        return None, "no rows to be seen"
    different = len(set(seen))
    return different > len(seen) / 2, f"{different} different among {len(seen)}"


def _class_numbers(trial):
    """Class numbers of each batch as one long tensor, those left out excepted; or why there are none."""
    if trial.classes is None:
        return None, "classes not given"
    if not has_targets(trial.batches[0]):
        return None, "the batches have no targets of their own"
    targets = [trial.parts(batch)[1] for batch in trial.batches]
    if not all(torch.is_tensor(t) and not t.is_floating_point() for t in targets):
        return None, "the targets are no class numbers"
    return [t.flatten()[t.flatten() != IGNORED] for t in targets], ""


def _targets(trial):
    numbers, why = _class_numbers(trial)
    if numbers is None:
        return None, why
    known = torch.cat(numbers)
    if not len(known):
        return False, f"all of them are {IGNORED}, which cross_entropy leaves out"
    low, high = int(known.min()), int(known.max())
    return low >= 0 and high < trial.classes and low < high, f"they run from {low} to {high}"


def _mixed(trial):
    numbers, why = _class_numbers(trial)
    if numbers is None or len(numbers) < 3:
        return None, why or "needs three batches"
    counts = torch.stack([torch.bincount(t, minlength=trial.classes).float() for t in numbers])
    chances = counts.sum(dim=0) / counts.sum()
    by_chance = (1 - (1 - chances) ** counts.sum(dim=1, keepdim=True)).sum(dim=1)
    seen = (counts > 0).sum(dim=1)
    detail = f"{seen.float().mean():.1f} classes in a batch, {by_chance.mean():.1f} by chance"
    return bool((seen / by_chance).mean() > MIXED), detail


def _apart(trial):
    if trial.validation is None:
        return None, "validation not given"
    known = {row for batch in trial.batches for row in trial.rows(batch)}
    again = sum(row in known for batch in trial.validation for row in trial.rows(batch))
    return not again, f"{again} of its rows are among the training rows looked at"


def _shapes(trial):
    pairs = [f"{left} meets {right}" for left, right in trial.broadcasts]
    return not pairs, f"{_few(pairs)}: every row is compared with every other" if pairs else "no row meets another"


def _scores(trial):
    kind = getattr(trial.loss, "__name__", type(trial.loss).__name__)
    named = {"cross_entropy": "softmax", "CrossEntropyLoss": "softmax", "binary_cross_entropy_with_logits": "sigmoid",
             "BCEWithLogitsLoss": "sigmoid"}
    if kind not in named or trial.takes_model:
        return None, "the loss is not known to want scores"
    model, _ = trial.fresh()
    with torch.no_grad():
        out = trial.outputs(model, trial.batches[0])
    out = getattr(out, "logits", out)
    if not torch.is_tensor(out) or out.ndim < 1 or out.numel() < 8:
        return None, "the outputs are no tensor of scores"
    inside = bool(((out >= 0) & (out <= 1)).all())
    if named[kind] == "softmax":
        inside = inside and out.ndim > 1 and bool((out.sum(dim=1) - 1).abs().max() < 1e-3)
    return not inside, f"they are probabilities already, and {kind} takes a {named[kind]} itself" if inside else (
        f"from {out.min().item():.2g} to {out.max().item():.2g}")


def _first_loss(trial):
    if trial.classes is None:
        return None, "classes not given"
    model, _ = trial.fresh()
    with torch.no_grad():
        first = trial.value(model, trial.batches[0]).item()
    wanted = math.log(trial.classes)
    return abs(first - wanted) < FIRST_LOSS * wanted, f"{first:.2f}, and ln {trial.classes} = {wanted:.2f}"


def _registered(trial):
    missed = unregistered(trial.model, trial.held_ids)
    return not missed, f"not {_few(missed)}: use ModuleList, ModuleDict, Parameter" if missed else "none is held aside"


def _trains(trial):
    parts = [(name, part) for name, part in trial.model.named_modules() if isinstance(part, (*DROPOUT, BATCH_NORM))]
    if not parts:
        return None, "no dropout and no batch norm: the mode makes no difference"
    resting = [name for name, part in parts if not part.training]
    if not trial.model.training:
        return False, "call model.train() first"
    return True, f"but for {_few(resting)}, by your choice" if resting else f"all {len(parts)} such layers"


def _complete(trial):
    trainable = [name for name, p in trial.model.named_parameters() if p.requires_grad]
    held, others = trial.held
    missing = [name for name in trainable if name not in held]
    strange = f"; it has {others} that the model has not" if others else ""
    return not missing, (f"{_few(missing)} left out" if missing else f"all {len(trainable)}") + strange


def _gradients_finite(trial):
    bad = [name for name, (finite, _, _) in trial.walk.items() if not finite]
    return not bad, f"not in {_few(bad)}" if bad else f"in {WALK} steps"


def _gradients_arrive(trial):
    bad = [name for name, (_, largest, _) in trial.walk.items() if largest == 0]
    return not bad, f"none at {_few(bad)}" if bad else f"at all {len(trial.walk)}"


def _step_in_range(trial):
    if any(map(wants_closure, trial.optimizers)):
        return None, "step(closure) takes many steps at once"
    matrices = {name for name, p in trial.model.named_parameters() if p.ndim > 1} & trial.held[0]
    ratios = {name: ratio for name, (_, largest, ratio) in trial.walk.items()
              if name in matrices and largest > 0 and ratio is not None}
    if not ratios:
        return None, "no weight matrix is trained"
    low, high = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
    good = STEP[0] <= ratios[low] and ratios[high] <= STEP[1]
    return good, f"from {ratios[low]:.3g} ({low}) to {ratios[high]:.3g} ({high})"


def _by_heart(trial):
    model, optimizers = trial.fresh()
    for part in model.modules():
        if isinstance(part, DROPOUT):
            part.eval()
    losses = [trial.step(model, optimizers, trial.batches[0]) for _ in range(trial.steps + 1)]
    detail = f"{losses[0]:.3g} before, {losses[-1]:.2g} after {trial.steps} steps"
    if min(losses[0], losses[-1]) < 0:
        return None, f"{detail}: a loss below 0 has no least value that is known"
    falls = losses[-1] < 0.9 * losses[-1 - max(1, len(losses) // 5)]
    learned = losses[-1] < BY_HEART * losses[0]
    return learned, detail + (", and still falling: ask for more steps" if falls and not learned else "")


def _few(names):
    return ", ".join(map(str, names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


#: The lines in order: name → check.
CHECKS = {
    "inputs and targets are finite": _finite,
    "rows differ": _varied,
    "targets are class numbers": _targets,
    "batches are mixed": _mixed,
    "validation rows are new": _apart,
    "outputs and targets have shapes that fit": _shapes,
    "the outputs are scores": _scores,
    "the first loss is near ln(classes)": _first_loss,
    "layers and weights are registered": _registered,
    "the model is in train mode": _trains,
    "the optimizer has every trainable parameter": _complete,
    "gradients are finite": _gradients_finite,
    "a gradient reaches every parameter": _gradients_arrive,
    f"a step moves each matrix by {STEP[0]:g} to {STEP[1]:g} of its length": _step_in_range,
    "one batch can be learned by heart": _by_heart,
}
