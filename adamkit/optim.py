"""Engine 1, NumPy: the update rules of `adamkit.rules`, applied to a list of arrays in place.

    params = [np.zeros((3, 2)), np.zeros(2)]
    adam = Adam(params, lr=0.01)
    adam.step(grads)                  # changes the arrays in params, and returns them

Every class has the hyper-parameters of its rule, with the rule's defaults. Array hyper-parameters of
shape (n,) run n experiments at once, over parameters with a leading axis of n.

Arrays are used as what they hold: views are fine where they do not overlap, bytes may stand in either order, and of
a subclass, such as np.matrix or np.memmap, only the numbers count. A masked array is refused: its mask would not.
"""

import inspect
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from adamkit import rules
from adamkit.arguments import bound


class Optimizer:
    """A rule at work on a list of NumPy arrays. Its subclasses bring the rule.

    Attributes:
        params: the arrays, changed in place by `step`.
        rule: the `adamkit.rules.Rule`; assign ``optimizer.rule.replace(…)`` to change a hyper-parameter.
        state: the rule's state for each array, in the order of ``params``.
        t: steps taken, 0 at the start.
    """

    def __init__(self, params, rule):
        self.params = _checked_params(params, rule)
        self._rule = rule
        self.state = [_own(self._rule_for(p).init(p), p) for p in map(_numbers, self.params)]
        self.t = 0

    @property
    def rule(self):
        """The rule with its present hyper-parameters."""
        return self._rule

    @rule.setter
    def rule(self, rule):
        if type(rule) is not type(self._rule):
            raise TypeError(f"{type(self).__name__}: rule must stay a {type(self._rule).__name__}, got {rule!r}")
        for i, p in enumerate(self.params):
            rule.check_fits(f"params[{i}]", p.shape)
        self._rule = rule

    @property
    def lr(self):
        """The learning rate η; assign to it between steps, as a schedule does."""
        return self._rule.lr

    @lr.setter
    def lr(self, value):
        self.rule = self._rule.replace(lr=value)

    def step(self, grads):
        """One update of every array, in place.

        Args:
            grads: one array for each parameter, of its shape and dtype; for one of rank 0 a NumPy number will do.
                NaN and infinity go into the state and the parameter, and stay there: in their own place, or, with
                a rule that looks at whole tensors, in all of it. No warning is given.

        Returns:
            ``params``, the same arrays.

        Raises:
            TypeError, ValueError: number, shapes or dtypes do not fit. Nothing has changed then.
        """
        grads = _checked_grads(self.params, grads)
        self.t += 1
        with np.errstate(all="ignore"):  # what is not finite is taken as it comes, here and in torch
            for i, (p, g) in enumerate(zip(map(_numbers, self.params), grads, strict=True)):
                theta, state = self._rule_for(p).update(_wide(g), _wide(p), self._wide_state(i), self.t)
                self.state[i] = _own(state, p, g)
                p[...] = theta
        return self.params

    def _wide_state(self, i):
        state = self.state[i]
        return type(state)(*map(_wide, state))

    def _rule_for(self, p):
        """The rule, its array hyper-parameters shaped for p, and as precise as p, or float32 if p is less."""
        precision = np.promote_types(p.dtype, np.float32)
        return self._rule.shaped(p.ndim, lambda value: np.asarray(value, dtype=precision))

    def __repr__(self):
        return f"{self._rule!r} after {self.t} steps on {len(self.params)} arrays"


def engine(rule_type):
    """The optimizer class of a rule: the same hyper-parameters, after ``params``."""
    name = rule_type.__name__
    own = inspect.signature(rule_type)
    first = [inspect.Parameter(word, inspect.Parameter.POSITIONAL_OR_KEYWORD) for word in ("self", "params")]
    signature = inspect.Signature([*first, *own.parameters.values()])

    def __init__(self, *args, **hypers):
        given = bound(f"{name}.__init__()", signature, self, *args, **hypers)
        Optimizer.__init__(self, given.pop("params"), rule_type(**given))

    __init__.__signature__ = signature  # what help() and completion show
    return type(name, (Optimizer,), {"__init__": __init__, "__doc__": _doc(rule_type), "__module__": __name__})


def _doc(rule_type):
    """The rule's docstring, with ``params`` before its arguments."""
    text = inspect.cleandoc(rule_type.__doc__)  # Python 3.13 stores it so, older ones with the source's indentation
    before, arguments, after = text.partition("\nArgs:\n")
    params = "    params: list of float arrays, not empty; `step` changes them in place.\n"
    names = ", ".join(spec.name for spec in fields(rule_type))
    where = f"\n\nOn NumPy arrays, in place. Hyper-parameters: {names}; see `adamkit.rules.{rule_type.__name__}`.\n"
    return before + (arguments + params + after if arguments else "") + where


def _checked_params(params, rule):
    if not isinstance(params, list | tuple) or len(params) == 0:
        raise TypeError(f"params must be a list of at least one NumPy array, got a {type(params).__name__}")
    for i, p in enumerate(params):
        _check_array(f"params[{i}]", p)
        if p.size == 0:
            raise ValueError(f"params[{i}] has no elements; its shape is {p.shape}")
        if not p.flags.writeable:
            raise ValueError(f"params[{i}] is read-only; step changes the arrays in place")
        for j, other in enumerate(params[:i]):
            if _overlap(p, other):
                raise ValueError(f"params[{i}] shares numbers with params[{j}]; they would be updated twice a step")
        rule.check_fits(f"params[{i}]", p.shape)
    return list(params)


def _checked_grads(params, grads):
    if not isinstance(grads, list | tuple) or len(grads) != len(params):
        got = f"{len(grads)}" if isinstance(grads, list | tuple) else f"a {type(grads).__name__}"
        raise ValueError(f"grads must be a list of {len(params)} arrays, one for each parameter; got {got}")
    grads = [np.asarray(g) if isinstance(g, np.floating) else g for g in grads]
    for i, (p, g) in enumerate(zip(params, grads, strict=True)):
        _check_array(f"grads[{i}]", g)
        if g.shape != p.shape or _native(g.dtype) != _native(p.dtype):
            raise ValueError(f"grads[{i}] is {g.dtype} {g.shape}, and its parameter is {p.dtype} {p.shape}")
    return list(map(_numbers, grads))


def _check_array(what, array):
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{what} must be a NumPy array, got {type(array).__name__}")
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(f"{what} is a masked array, whose mask a step would not heed; give an ordinary array")
    if array.dtype.kind != "f":
        raise TypeError(f"{what} must hold real floating-point numbers, its dtype is {array.dtype}")


def _own(state, p, *others):
    """The state in the parameter's precision (bytes stay bytes), and in memory of its own.

    A rule may hand back g or theta itself. What stands for many elements, such as a row's mean, has 32 bits at least.
    """
    arrays = (None if x is None else _in_precision(x, p) for x in state)
    return type(state)(*(x.copy() if _is_shared(x, (p, *others)) else x for x in arrays))


def _in_precision(x, p):
    if getattr(x, "dtype", None) == np.uint8:
        return x
    dtype = _native(p.dtype)
    return np.asarray(x, dtype=dtype if np.shape(x) == p.shape else np.promote_types(dtype, np.float32))


def _numbers(array):
    """The array without what its class makes of it: np.matrix has another product. It shares its memory."""
    return array if type(array) is np.ndarray else array.view(np.ndarray)


def _wide(x):
    """float16 in 32 bits, for the step: its squares end at 256²."""
    return x.astype(np.float32) if getattr(x, "dtype", None) == np.float16 else x


def _native(dtype):
    """The precision, its bytes in this machine's order."""
    return dtype.newbyteorder("=")


def _overlap(a, b):
    """True when an element of one is an element of the other; in doubt too, for strides of many axes."""
    try:
        return a is b or np.shares_memory(a, b, max_work=1000)
    except np.exceptions.TooHardError:
        return True


def _is_shared(x, others):
    return x is not None and any(np.may_share_memory(x, other) for other in others)


CLASSES = {rule.__name__: engine(rule) for rule in rules.ALL}
globals().update(CLASSES)

if TYPE_CHECKING:
    def __getattr__(name: str) -> Any: ...

__all__ = ["Optimizer", "engine", *CLASSES]
