"""What every update rule is: hyper-parameters, a state, and one step.

A rule is a frozen dataclass whose fields are its hyper-parameters. It owns no parameters and no
state; it only says how they change:

    state = rule.init(theta)
    theta, state = rule.update(g, theta, state, t)        # t = 1, 2, 3, …

``theta``, ``g`` and the fields of ``state`` are plain floats, NumPy arrays or torch tensors. The
same text therefore serves `adamkit.optim`, `adamkit.torch_optim` and the single-number runs behind
the explorers. A field that a rule does not need with its present hyper-parameters is None.

**Batches of experiments.** A hyper-parameter may be an array of shape (n,). Such a rule runs n
experiments at once over parameters with a leading axis n. Before a step the engine calls
``rule.shaped(theta.ndim)``, which turns (n,) into (n, 1, …, 1): left as (n,), NumPy would broadcast
it along the *last* axis, silently and wrongly.

**Precision.** Rules compute in the precision of their arguments. float16 ends at 65504, and so at squares of 256; its
state and parameters are therefore computed in 32 bits by both engines, and only kept in 16.

**A new rule** is one file: a dataclass with its fields, a ``State`` tuple, `init`, `update`, and, if
some numbers depend on t alone, `factors`. Both engines make their class from it; where torch.optim has the
rule too, `torch_names` and `torch_arguments` say what it calls things.
"""

from dataclasses import dataclass, fields
from functools import cache
from typing import ClassVar, NamedTuple

from adamkit.rules.arrays import is_array, is_off
from adamkit.rules.hypers import checked, hyper, rate


class TorchArguments(NamedTuple):
    """How torch's class of a rule is called, where that is not plain from the rule's fields.

    Attributes:
        order: its arguments after ``params``, as in a ``def``: those after ``*`` by name only. A field that is not
            among them is not offered. A default written here is torch's: None stands for the rule's own, and a name
            that belongs to no field for a choice that the class makes, such as ``amsgrad``. Without an order, the
            fields in theirs.
        names: field → torch's argument, where they differ: "eps[0]" is the first of a pair, "-beta2_decay" has the
            other sign. ``betas`` and ``decoupled_weight_decay`` are understood.
        fixed: options that torch's class has and that have one value here. They stand in the groups, so that
            checkpoints say which optimizer they are of.
        own: options that torch's class, or ours of version 1.0.0, does not have: its checkpoints go on with our
            defaults.
    """

    order: str = ""
    names: dict = {}
    fixed: dict = {}
    own: frozenset = frozenset()


@dataclass(frozen=True, eq=False)
class Rule:
    """Base of all update rules. Subclasses add fields, a ``State`` tuple, `init` and `update`.

    Args:
        lr: learning rate η ≥ 0. Like every numeric hyper-parameter, a number or an array (n,).
    """

    lr: float = rate(1e-3)

    #: NamedTuple type of the state of one parameter.
    State: ClassVar[type] = tuple
    #: State field → key in a torch.optim state dict, where torch has the rule.
    torch_names: ClassVar[dict] = {}
    #: How torch's class of the rule is called. Not inherited: a variant's class is not its parent's.
    torch_arguments: ClassVar[TorchArguments] = TorchArguments()
    #: False when a parameter must lie whole in one process.
    takes_parts: ClassVar[bool] = True
    #: True when each coordinate is updated on its own; False when whole tensors are needed.
    elementwise: ClassVar[bool] = True
    #: False when the step number plays no part, and torch keeps no count of steps either.
    counts_steps: ClassVar[bool] = True
    #: Fields of the state that are one number for the whole tensor, long sums, which torch's engine keeps in 64 bits.
    long_sums: ClassVar[frozenset] = frozenset()
    #: What `factors` returned, when an engine has worked it out beforehand (see `at`).
    known: ClassVar[tuple | None] = None

    #: n when hyper-parameters are arrays of shape (n,), None when all are plain numbers.
    batch_size: ClassVar[int | None] = None

    def __post_init__(self):
        owner, mine = type(self).__name__, self.__dict__  # frozen: attributes cannot be assigned
        for name, allowed in _allowed(type(self)):
            mine[name] = checked(owner, name, mine[name], allowed)
        mine["batch_size"] = _common_length(owner, mine)

    def init(self, theta):
        """The state before the first step: one tuple for one parameter array."""
        raise NotImplementedError(f"{type(self).__name__} has no init")

    def update(self, g, theta, state, t):
        """One step: gradient, parameter, state and step number (from 1) → (parameter, state)."""
        raise NotImplementedError(f"{type(self).__name__} has no update")

    def readings(self, state, t):
        """What the state means after step ``t``, by name (m, v, m_hat, …), for plots and tables."""
        return {name: value for name, value in zip(self.State._fields, state, strict=True) if value is not None}

    def factors(self, t):
        """The numbers that depend on the step number alone, such as 1 − β₁ᵗ: a tuple of them."""
        return ()

    def now(self, t):
        """`factors`, from memory where an engine has worked them out already."""
        return self.factors(t) if self.known is None else self.known

    def at(self, t):
        """The same rule, with the factors of step ``t`` worked out: once a step, not once a tensor."""
        return self.swap(known=self.factors(t))

    def with_l2(self, g, theta):
        """g + λθ, the gradient of the loss plus ½λ‖θ‖², for rules that have a ``weight_decay``."""
        return g if is_off(self.weight_decay) else g + self.weight_decay * theta

    def check_fits(self, name, shape):
        """Refuse a parameter without the leading axis that array hyper-parameters need."""
        n = self.batch_size
        if n is not None and (len(shape) == 0 or shape[0] != n):
            raise ValueError(
                f"{type(self).__name__}: hyper-parameters of length {n} run {n} experiments at once, "
                f"so {name} must have a leading axis of {n}, and its shape is {tuple(shape)}"
            )

    def hypers(self):
        """The hyper-parameters by name."""
        return {name: self.__dict__[name] for name, _ in _allowed(type(self))}

    def replace(self, **changes):
        """The same rule with some hyper-parameters changed, checked like new ones."""
        mine = self.hypers()
        unknown = sorted(set(changes) - set(mine))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no hyper-parameter {unknown}; it has {list(mine)}")
        return type(self)(**{**mine, **changes})

    def swap(self, **changes):
        """`replace` without the checks: for engines, once a step, with values already checked."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__, **changes)
        return twin

    def shaped(self, ndim, convert=None):
        """The rule with its arrays (n,) as (n, 1, …, 1), for a parameter of rank ``ndim``.

        ``convert`` is applied to each array first: an engine brings it to the parameter's kind and precision.
        """
        if self.batch_size is None:
            return self
        arrays = {name: value for name, value in self.hypers().items() if is_array(value)}
        if convert is not None:
            arrays = {name: convert(value) for name, value in arrays.items()}
        return self.swap(**{name: value.reshape((-1,) + (1,) * (ndim - 1)) for name, value in arrays.items()})


@cache
def _allowed(rule_type):
    """Names of the hyper-parameters, each with what is allowed."""
    return tuple((spec.name, spec.metadata) for spec in fields(rule_type))


def _common_length(owner, hypers):
    """The length of the array hyper-parameters, None without any; different lengths are refused."""
    lengths = {name: len(value) for name, value in hypers.items() if is_array(value)}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{owner}: array hyper-parameters must have one length, got {lengths}")
    return next(iter(lengths.values()), None)


__all__ = ["Rule", "TorchArguments", "hyper", "rate"]
