"""``compile=True``: the rule's text, unchanged, compiled into one kernel a tensor."""

from itertools import count
from types import FunctionType

import torch

from adamkit.rules.arrays import is_off
from adamkit.torch_optim import plain

_numbers = count()


def compiled_advance():
    """A compiled counterpart of `plain.advance`.

    The step number and the hyper-parameters go in as 0-d float64 tensors, because `torch.compile`
    bakes Python numbers into the kernel and would compile anew whenever one changes. The factors that
    depend on t alone were worked out before (`Rule.at`): inside the kernel they would be worked out
    once a coordinate. A hyper-parameter that is 0 stays a number, so that what it switches off is left out.
    """
    compiled = torch.compile(_own_code(_advance), dynamic=False, fullgraph=True)

    def advance(rule, params, grads, states, t):
        if params[0].ndim == 0:  # never mixed with others; see update_in_place
            return plain.advance(rule, params, grads, states, t)
        hypers = {name: _as_tensor(value) for name, value in rule.hypers().items() if _may_change(name, value)}
        known = tuple(_as_tensor(value) for value in rule.known)
        return compiled(rule.swap(**hypers, known=known), params, grads, states, _as_tensor(t))

    return advance


def _advance(rule, params, grads, states, t):
    return [plain.update_in_place(rule, p, g, state, t) for p, g, state in zip(params, grads, states, strict=True)]


def _may_change(name, value):
    """False for what the kernel is made for: a term that 0 switches off, a whole number that shapes the computation."""
    return name == "lr" or not (is_off(value) or isinstance(value, int))


def _as_tensor(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return torch.tensor(value, dtype=torch.float64)


def _own_code(function):
    """The function with code of its own: torch counts recompilations, and gives up, by code object.

    Each optimizer may so compile for its own shapes without using up the allowance of another.
    """
    code = function.__code__.replace(co_name=f"{function.__name__}_{next(_numbers)}")
    return FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
