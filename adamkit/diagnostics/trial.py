"""What the checklist tries a training on: copies of model and optimizer, a few batches, and one way to get a loss.

Needs torch and the standard library alone; goes with ``checklist.py``.
"""

import copy
import inspect
import itertools
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch.overrides import TorchFunctionMode

#: Optimizer steps of the walk in which gradients and steps are looked at.
WALK = 5
#: What the first parameter of a loss is called that takes the model itself.
MODEL = ("model", "net", "network", "module")
#: Keys under which a batch that is a dict may hold its targets.
TARGETS = ("labels", "label", "targets", "target", "y")
#: Functions that broadcast their first two arguments against each other.
BROADCASTING = {"sub", "add", "mul", "div", "rsub", "radd", "rmul", "truediv", "true_divide", "subtract", "eq",
                "maximum", "minimum", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss"}
#: What every module holds for itself.
OWN = set(vars(torch.nn.Module()))


@dataclass(eq=False)
class Trial:
    """What the checks share.

    Attributes:
        optimizers: a list; one is the usual number.
        batches: on the model's device. loss: as the user gave it. validation: a list, or None.
    """

    model: torch.nn.Module
    optimizers: list
    batches: list
    loss: Callable
    classes: int | None
    validation: list | None
    steps: int

    def fresh(self):
        """Copies of model and optimizers that belong to each other."""
        memo = {}
        model, optimizers = copy.deepcopy((self.model, self.optimizers), memo)
        for old, new in zip(self.optimizers, optimizers):
            # torch copies groups and state alone; L-BFGS, for one, needs what else its constructor noted.
            for name in [name for name in vars(old) if name not in vars(new) and not callable(vars(old)[name])]:
                setattr(new, name, copy.deepcopy(vars(old)[name], memo))
        return model, optimizers

    @cached_property
    def takes_model(self):
        """True if the loss is (model, batch) → scalar: by its first parameter's name, or because only that works."""
        given = self.loss.forward if isinstance(self.loss, torch.nn.Module) else self.loss
        if next(iter(_parameters(given)), "") in MODEL:
            return True
        batch = self.batches[0]
        if has_targets(batch) and _works(lambda: self._of_outputs(self.fresh()[0], batch)):
            return False
        works = _works(lambda: self.loss(self.fresh()[0], batch))
        if not works and not has_targets(batch):
            raise ValueError(f"batches of type {type(batch).__name__} without targets need a loss of (model, batch): "
                             "loss=lambda model, batch: …")
        return works

    def parts(self, batch):
        """(inputs, targets) of a batch: inputs as a tuple or dict of what the model is called with."""
        if not isinstance(batch, Mapping):
            return tuple(batch[:-1]), batch[-1]
        key = next((key for key in TARGETS if key in batch), None)
        asked = _parameters(self.model.forward)
        takes_all = any(p.kind is p.VAR_KEYWORD for p in asked.values())
        # A model that computes its own loss asks for the targets too, as "labels".
        inputs = {k: v for k, v in batch.items() if k in asked or (takes_all and k != key)}
        return inputs, None if key is None else batch[key]

    def rows(self, batch):
        """Each row of the inputs of a batch as bytes."""
        named = isinstance(batch, Mapping)
        shown = [v for k, v in batch.items() if k not in TARGETS] if named else (
            self.parts(batch)[0] if has_targets(batch) else batch)
        parts = [part for part in tensors(shown) if part.ndim and len(part) == rows(batch)]
        return [b"".join(content(part[row]) for part in parts) for row in range(rows(batch) if parts else 0)]

    def outputs(self, model, batch):
        """What the model says of a batch: a tensor, or whatever else it returns."""
        inputs, _ = self.parts(batch)
        return model(**inputs) if isinstance(inputs, dict) else model(*inputs)

    def value(self, model, batch):
        """The loss of a batch, a tensor of one number."""
        loss = self._value(model, batch)
        if not torch.is_tensor(loss) or loss.numel() != 1:
            what = f"shape {tuple(loss.shape)}" if torch.is_tensor(loss) else f"type {type(loss).__name__}"
            raise ValueError(f"the loss has {what}; it must be a tensor of one number: take the mean")
        return loss.squeeze()

    def _value(self, model, batch):
        return self.loss(model, batch) if self.takes_model else self._of_outputs(model, batch)

    def _of_outputs(self, model, batch):
        out, targets = self.outputs(model, batch), self.parts(batch)[1]
        own = getattr(out, "loss", None)
        if isinstance(batch, Mapping) and own is not None:
            return own
        return self.loss(getattr(out, "logits", out), targets)

    def step(self, model, optimizers, batch):
        """One update; returns the loss before it."""
        first = []

        def closure():
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss = self.value(model, batch)
            loss.backward()
            first.append(loss.item())
            return loss

        if not any(map(wants_closure, optimizers)):
            closure()
        for optimizer in optimizers:
            optimizer.step(closure) if wants_closure(optimizer) else optimizer.step()
        return first[0]

    @cached_property
    def walk(self):
        """Name of each trainable parameter → (finite, largest |gradient|, median update/weight) of a few steps.

        The ratio is None where the weights begin at 0: there is no length to measure by.
        """
        model, optimizers = self.fresh()
        named = {name: p for name, p in model.named_parameters() if p.requires_grad}
        sizes, ratios = {name: [] for name in named}, {name: [] for name in named}
        for batch in itertools.islice(itertools.cycle(self.batches), WALK):
            before = {name: p.detach().clone() for name, p in named.items()}
            self.step(model, optimizers, batch)
            for name, p in named.items():
                sizes[name].append(_largest(p.grad))
                length = before[name].norm().item()
                ratios[name].append((p.detach() - before[name]).norm().item() / length if length else None)
        return {name: (all(map(math.isfinite, sizes[name])), max(sizes[name]), None if None in ratios[name] else
                       sorted(ratios[name])[WALK // 2]) for name in named}

    @cached_property
    def held_ids(self):
        """Of all tensors that an optimizer has."""
        return {id(p) for optimizer in self.optimizers for group in optimizer.param_groups for p in group["params"]}

    @cached_property
    def held(self):
        """Names of the parameters that an optimizer has, and how many it has that the model does not."""
        ids = self.held_ids
        known = {id(p): name for name, p in self.model.named_parameters()}
        return {known[i] for i in ids if i in known}, len(ids - set(known))

    @cached_property
    def broadcasts(self):
        """Pairs of shapes that met in a loss and made a square of the batch, such as ((64, 1), (64,))."""
        model, _ = self.fresh()
        batch = self.batches[0]
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # torch warns of some of these itself
            if self.takes_model:
                with Broadcasts(rows(batch)) as seen:
                    self.loss(model, batch)
            else:
                out, targets = self.outputs(model, batch), self.parts(batch)[1]
                if getattr(out, "loss", None) is not None:
                    return []
                with Broadcasts(rows(batch)) as seen:
                    self.loss(getattr(out, "logits", out), targets)
        return seen.found


class Broadcasts(TorchFunctionMode):
    """Notes where a tensor of n rows meets one of n numbers and the two make n × n: nearly always a slip.

    Shapes of equal length, such as (n, 1, d) and (1, n, d), were set against each other on purpose, and do not count.
    """

    def __init__(self, n):
        self.n, self.found = n, []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        """Call the function; look at the shapes of its first two arguments."""
        name = getattr(function, "__name__", "").strip("_").removesuffix("_")
        pair = [part for part in [*args, *(kwargs or {}).values()][:2] if torch.is_tensor(part)]
        if name in BROADCASTING and len(pair) == 2 and not any(isinstance(p, torch.nn.Parameter) for p in pair):
            left, right = (tuple(part.shape) for part in pair)
            if len(left) != len(right) and self._square(left, right) and (left, right) not in self.found:
                self.found.append((left, right))
        return function(*args, **(kwargs or {}))

    def _square(self, left, right):
        try:
            both = tuple(torch.broadcast_shapes(left, right))
        except RuntimeError:
            return False
        return both not in (left, right) and both.count(self.n) > max(left.count(self.n), right.count(self.n))


def unregistered(model, held):
    """Names of what modules hold in a list, in a dict or as a plain tensor, and ``parameters()`` therefore misses.

    What an optimizer was given all the same does not count; ``held`` has the ids.
    """
    known = {id(part) for part in [*model.modules(), *model.parameters()]} | held
    wanted = lambda part: ([p for p in part.parameters() if p.requires_grad] if isinstance(part, torch.nn.Module) else
                           [part] if torch.is_tensor(part) and part.requires_grad and part.is_leaf else [])
    missed = []
    for name, module in model.named_modules():
        for key in vars(module).keys() - OWN:
            value = vars(module)[key]
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
            if any(id(part) not in known and not {id(p) for p in wanted(part)} <= known for part in inner):
                missed.append(f"{name}.{key}".lstrip("."))
    return sorted(missed)


def has_targets(batch):
    """True if the batch is a dict, or a list or tuple of two parts or more."""
    return isinstance(batch, Mapping) or (isinstance(batch, list | tuple) and len(batch) > 1)


def rows(batch):
    """Number of rows of a batch: the first length of its first tensor; 0 if it has none."""
    return next((len(part) for part in tensors(batch) if part.ndim), 0)


def tensors(batch):
    """All tensors in a batch, however it is nested."""
    if torch.is_tensor(batch):
        return [batch]
    inner = batch.values() if isinstance(batch, Mapping) else batch if isinstance(batch, list | tuple) else ()
    return [part for value in inner for part in tensors(value)]


def moved(batch, device):
    """The batch, its tensors on the device; itself if they are there."""
    if all(part.device == device for part in tensors(batch)):
        return batch
    if hasattr(batch, "to"):
        return batch.to(device)
    if isinstance(batch, Mapping):
        return {key: moved(value, device) for key, value in batch.items()}
    inner = [moved(value, device) for value in batch]
    return type(batch)(*inner) if hasattr(batch, "_fields") else tuple(inner)


def taken(batches, look, name, device):
    """The first batches, on the device; ValueError if there are none."""
    first = [moved(batch, device) for batch in itertools.islice(iter(batches), look)]
    if not first:
        raise ValueError(f"{name} must give at least one batch")
    return first


def content(part):
    """A row as bytes, whatever its dtype and layout."""
    part = part.detach().cpu()
    part = part.to_dense() if part.layout != torch.strided else part
    return part.contiguous().flatten().view(torch.uint8).numpy().tobytes()


def wants_closure(optimizer):
    """True if step() cannot be called without one, as that of L-BFGS."""
    closure = inspect.signature(type(optimizer).step).parameters.get("closure")
    return closure is not None and closure.default is inspect.Parameter.empty


def _parameters(function):
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # built in
        return {}


def _works(compute):
    try:
        return torch.is_tensor(compute())
    except Exception:
        return False


def _largest(grad):
    if grad is None:
        return 0.0
    grad = grad.coalesce().values() if grad.is_sparse else grad
    return grad.abs().max().item() if grad.numel() else 0.0
