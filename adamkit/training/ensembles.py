"""Many trainings at once: one for each setting of the hyper-parameters, and for each seed.

A `Rule` whose hyper-parameters are arrays of shape (n,) stands for n settings. Here they train together: parameters
carry a leading axis, forward and backward passes become batched matrix products, and the rule updates all of them in
the same few operations. Settings that share a seed start from the same weights and see the same mini-batches, so that
nothing but the hyper-parameters differs.

    rule = grid(Adam(), lr=np.geomspace(1e-4, 1, 9), beta2=[0.9, 0.99, 0.999])
    history = train(rule, tasks.digits_mlp(), steps=300, batch_size=64, seed=(0, 1, 2))
    history.last("test_loss").reshape(9, 3)
"""

import contextlib
from dataclasses import dataclass

import numpy as np
import torch
from torch.func import functional_call, stack_module_state, vmap

from adamkit.rules.arrays import is_array
from adamkit.training.data import batches
from adamkit.waiting import told

#: Rows evaluated at once: few enough that the activations of a large ensemble stay near the processor.
CHUNK = 64


@dataclass(frozen=True, eq=False)
class History:
    """What happened to each of n settings under each of s seeds, measured at k moments.

    Attributes:
        steps: steps taken at each moment, shape (k,); the first is 0, the last the end of training.
        train_loss, test_loss: mean loss over all training rows and over all test rows, or over as many of them as
            the task says (`Task.measured`), shape (k, s, n).
        test_accuracy: share of the test rows that are classified correctly, shape (k, s, n); of text, share of the
            characters.
        batch_loss: loss of each mini-batch, before the step that it caused, shape (steps, s, n).
        diverged_at: first step (from 1) whose mini-batch loss was not finite, 0 for none, shape (s, n).
    """

    steps: np.ndarray
    train_loss: np.ndarray
    test_loss: np.ndarray
    test_accuracy: np.ndarray
    batch_loss: np.ndarray
    diverged_at: np.ndarray

    @property
    def diverged(self):
        """True where the loss stopped being a finite number at some step or at the end, shape (s, n)."""
        return (self.diverged_at > 0) | ~np.isfinite(self.train_loss[-1])

    def last(self, name):
        """The final "train_loss", "test_loss" or "test_accuracy", averaged over seeds, shape (n,); NaN if any diverged.

        A diverged network gives the same answer for every row, so its accuracy would read as chance: it is NaN too.
        """
        if name not in ("train_loss", "test_loss", "test_accuracy"):
            raise ValueError(f"name={name!r} is not one of train_loss, test_loss, test_accuracy")
        return np.where(self.diverged, np.nan, getattr(self, name)[-1]).mean(axis=0)


def grid(rule, **values):
    """``rule`` for every combination of the given values: n = the product of their lengths.

    The last named varies fastest, so results of shape (n,) fold with ``.reshape(len(first), len(second), …)``.
    """
    if not values:
        raise ValueError("grid needs at least one hyper-parameter with its values, such as lr=[0.01, 0.1]")
    axes = np.meshgrid(*(np.asarray(axis, dtype=float) for axis in values.values()), indexing="ij")
    return rule.replace(**{name: axis.ravel() for name, axis in zip(values, axes, strict=True)})


def one_at_a_time(rule, **values):
    """``rule`` with one hyper-parameter changed at a time: n = the sum of the lengths.

    Returns:
        (rule, slices): the settings in the order given, and for each name the slice of its settings.
    """
    if not values:
        raise ValueError("one_at_a_time needs at least one hyper-parameter with its values, such as lr=[0.01, 0.1]")
    lengths = [len(axis) for axis in values.values()]
    ends = np.cumsum(lengths)
    slices = {name: slice(end - length, end) for name, end, length in zip(values, ends, lengths, strict=True)}
    columns = {}
    for name, axis in values.items():
        columns[name] = np.full(ends[-1], getattr(rule, name), dtype=float)
        columns[name][slices[name]] = axis
    return rule.replace(**columns), slices


def train(rule, task, *, steps, batch_size=64, seed=0, schedule=None, eval_every=None, exceptions=None):
    """Train every setting of ``rule`` on ``task``, together.

    Args:
        rule: an `adamkit.rules` rule; hyper-parameters of shape (n,) make n settings, plain numbers make one.
        task: a `Task`; training happens where its data is, in its precision.
        steps: updates of each setting, 0 or more.
        batch_size: rows a step, drawn without replacement epoch by epoch; None for all rows.
        seed: one number, or s different numbers for s starts (weights and mini-batches) of each setting.
        schedule: (step from 0) → factor on the learning rate: a number, or an array (n,) with one for each setting.
        eval_every: measure on all rows each so many steps; by default at the start and at the end only.
        exceptions: parameter name → another rule for that parameter, with as many settings: Muon takes the hidden
            matrices alone and leaves the rest to AdamW.

    Returns:
        `History`. A setting that diverges goes on as NaN and disturbs no other. A rule that trains at one point and is
        judged at another (`ScheduleFreeAdamW.average`) is measured there.

    On the CPU it runs in one thread (see `one_thread`), and leaves torch's setting as it was.
    """
    with one_thread():
        return _train(_Ensemble(rule, task, seed, exceptions or {}), steps, batch_size, schedule, eval_every)


@contextlib.contextmanager
def one_thread():
    """torch in one thread on the CPU for a while.

    The operations here are small and many. At each, a second thread gains a third at best; on a machine with other work
    it waits for its core every time. Measured on two busy cores: 27 ms a step with one thread, over a second with two.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _train(ensemble, steps, batch_size, schedule, eval_every):
    if steps < 0 or (eval_every is not None and eval_every < 1):
        raise ValueError(f"steps={steps!r} must be 0 or more and eval_every={eval_every!r} at least 1")
    data = ensemble.data
    order = [batches(len(data.x_train), batch_size, steps, seed=one) for one in ensemble.seeds]
    order = torch.stack(order, dim=1).to(data.x_train.device)
    moments, readings, losses = [], [], []
    for step in told(range(steps + 1)):
        if step in (0, steps) or (eval_every and step % eval_every == 0):
            moments.append(step)
            readings.append(ensemble.measure())
        if step < steps:
            factor = 1.0 if schedule is None else schedule(step)
            losses.append(ensemble.step(order[step], factor))
    return _history(moments, readings, losses, ensemble)


class _Ensemble:
    """s × n networks: parameters of shape (s·n, …), seeds varying slowest, and the rule's state beside them."""

    def __init__(self, rule, task, seed, exceptions):
        self.task, self.data = task, task.data
        self.seeds = _checked_seeds(seed)
        self.settings = rule.batch_size or 1
        models = [task.fresh_model(one) for one in self.seeds]
        stacked, _ = stack_module_state(models)
        self.names = list(stacked)
        self.thetas = [stacked[name].detach().repeat_interleave(self.settings, dim=0) for name in self.names]
        self.skeleton = models[0]
        _check_exceptions(exceptions, rule, self.names)
        self.rules = [self._spread(exceptions.get(name, rule)) for name in self.names]
        self.states = [self._shaped(rule, theta).init(theta) for rule, theta in self._pairs()]
        self.t = 0

    def _spread(self, rule):
        """The rule with one set of hyper-parameters for each network."""
        return rule.replace(**{name: self._for_all(value) for name, value in rule.hypers().items()
                               if is_array(value) or name == "lr"})

    def _pairs(self):
        return zip(self.rules, self.thetas, strict=True)

    def _for_all(self, value):
        """One value, or n of them, as s·n of them: seeds slowest."""
        values = np.broadcast_to(np.asarray(value, dtype=float), self.settings)
        return np.tile(values, len(self.seeds))

    def _shaped(self, rule, theta):
        return rule.shaped(theta.ndim, lambda value: torch.as_tensor(value).to(theta))

    def _folded(self, thetas):
        """Parameters by name with seeds and settings as two axes, (s, n, …)."""
        fold = (len(self.seeds), self.settings)
        return {name: theta.reshape(fold + theta.shape[1:]) for name, theta in zip(self.names, thetas, strict=True)}

    def _outputs(self, thetas, x, *, own_rows):
        """Outputs of all networks (s, n, rows, …); ``own_rows`` when x holds rows for each seed, (s, rows, …)."""
        def one(parameters, inputs):
            return functional_call(self.skeleton, parameters, (inputs,))

        over_settings = vmap(one, in_dims=(0, None))
        return vmap(over_settings, in_dims=(0, 0 if own_rows else None))(self._folded(thetas), x)

    def step(self, rows, factor):
        """One update with the mini-batches ``rows`` (s, batch); their losses before it, (s, n)."""
        leaves = [theta.requires_grad_() for theta in self.thetas]
        outputs = self._outputs(leaves, self.data.x_train[rows], own_rows=True)
        losses = self._losses(outputs, self.data.y_train[rows], own_rows=True)
        # The networks share nothing, so the gradient of the sum holds the gradient of each.
        gradients = torch.autograd.grad(losses.sum(), leaves)
        self.t += 1
        factors = self._for_all(factor)
        with torch.no_grad():
            for i, (rule, theta) in enumerate(self._pairs()):
                now = self._shaped(rule.swap(lr=rule.lr * factors), theta)
                self.thetas[i], self.states[i] = now.update(gradients[i], theta.detach(), self.states[i], self.t)
        return losses.detach()

    def _losses(self, outputs, targets, *, own_rows):
        over_settings = vmap(self.task.loss, in_dims=(0, None))
        return vmap(over_settings, in_dims=(0, 0 if own_rows else None))(outputs, targets)

    @torch.no_grad()
    def measure(self):
        """(training loss, test loss, test accuracy), each (s, n), over the rows that the task measures."""
        first = slice(self.task.measured)
        thetas = self._judged()
        train_loss, _ = self._over_rows(thetas, self.data.x_train[first], self.data.y_train[first])
        return train_loss, *self._over_rows(thetas, self.data.x_test[first], self.data.y_test[first])

    def _judged(self):
        """The parameters to measure at: those trained, or the average that a rule says to keep."""
        return [self._shaped(rule, theta).average(theta, state) if hasattr(rule, "average") else theta
                for (rule, theta), state in zip(self._pairs(), self.states, strict=True)]

    def _over_rows(self, thetas, x, y):
        """Mean loss and accuracy over these rows, chunk by chunk."""
        loss = hits = 0.0
        for inputs, targets in zip(x.split(CHUNK), y.split(CHUNK), strict=True):
            outputs = self._outputs(thetas, inputs, own_rows=False)
            loss = loss + self._losses(outputs, targets, own_rows=False) * len(targets)
            hits = hits + (outputs.argmax(dim=-1) == targets).flatten(2).sum(dim=-1)
        return loss / len(y), hits / y.numel()


def _check_exceptions(exceptions, rule, names):
    """Refuse a name that no parameter has, and a rule for another number of settings."""
    unknown = sorted(set(exceptions) - set(names))
    if unknown:
        raise ValueError(f"exceptions names {unknown}; the parameters are {names}")
    for name, other in exceptions.items():
        if other.batch_size != rule.batch_size:
            raise ValueError(f"exceptions[{name!r}] has {other.batch_size} settings; {rule.batch_size} are trained")


def _checked_seeds(seed):
    """The seeds as a tuple of different integers."""
    seeds = tuple(np.atleast_1d(seed).tolist())
    if not seeds or len(set(seeds)) < len(seeds) or not all(type(one) is int and one >= 0 for one in seeds):
        raise ValueError(f"seed={seed!r} must be a whole number ≥ 0, or several different ones")
    return seeds


def _history(moments, readings, losses, ensemble):
    """The collected tensors as one `History` of NumPy arrays."""
    train_loss, test_loss, accuracy = (torch.stack(column).cpu().numpy() for column in zip(*readings, strict=True))
    shape = (len(ensemble.seeds), ensemble.settings)
    batch_loss = torch.stack(losses).cpu().numpy() if losses else np.empty((0, *shape))
    broken = ~np.isfinite(batch_loss)
    first = np.where(broken.any(axis=0), broken.argmax(axis=0) + 1, 0) if losses else np.zeros(shape, dtype=int)
    return History(np.array(moments), train_loss, test_loss, accuracy, batch_loss, first)
