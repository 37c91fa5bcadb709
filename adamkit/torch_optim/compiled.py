"""``compile=True``: the rule compiled into one loop a tensor, all of them in one call.

On the CPU it is the recorded step that is compiled (see `graphs`), elsewhere, and for what cannot be recorded, the
rule's text.
"""

from itertools import count
from types import FunctionType

import torch

from adamkit.rules.arrays import is_off
from adamkit.torch_optim import graphs, plain

#: One loop over memory for each tensor. Several tensors in one loop read and write more streams than a processor
#: fetches ahead. The sizes of the arguments were checked before the call, so it need not check them again.
CPU_OPTIONS = {"cpp.max_horizontal_fusion_size": 1, "size_asserts": False}
_numbers = count()


def compiled_advance():
    """A compiled counterpart of `plain.advance`: a recorded step where it can be, else the compiled text."""
    steps, text = {}, _compiled_text()

    def advance(rule, params, grads, states, t):
        if params[0].ndim == 0:  # never mixed with others; see update_in_place
            return plain.advance(rule, params, grads, states, t)
        recording = _recording(rule, params, grads, states, t)
        if recording is None:
            return text(rule, params, grads, states, t)
        constants = torch.tensor(recording.constants, dtype=params[0].dtype)
        tensors = [constants]
        for one in zip(grads, params, states, strict=True):
            tensors += one[:2]
            tensors += [x for x in one[2] if x is not None]
        kind = (recording.plan, params[0].dtype, torch.get_num_threads(), *[p.numel() for p in params])
        if kind not in steps:
            steps[kind] = _kernel(graphs.module(recording.plan, len(params)), tensors)
        steps[kind](*tensors)
        return [{} for _ in params]

    return advance


def _kernel(module, tensors):
    """The graph compiled for tensors like these. `torch.compile` ends here too, but would look at all of them anew,
    before every call, to see whether they still fit.
    """
    from torch import _inductor

    return _inductor.compile(module, [x.detach() for x in tensors], options=CPU_OPTIONS)


def _recording(rule, params, grads, states, t):
    """The step that all these parameters take; None where there is no such step, or no plain row of numbers in memory.

    Of a kernel's arguments all but the shapes must then be the same: device, precision, order in memory.
    """
    if params[0].device.type != "cpu" or params[0].dtype not in plain.RECORDED or not plain.is_divisible(rule):
        return None
    used = plain.in_use(states[0])
    if not all(map(plain.is_flat, params, grads, states)) or any(plain.in_use(state) != used for state in states):
        return None
    try:
        return graphs.recording(rule, t, used)
    except (TypeError, AttributeError):
        return None


def _compiled_text():
    """The rule's own text, compiled.

    The step number and the hyper-parameters go in as one float64 tensor, because `torch.compile` bakes Python numbers
    into the kernel and would compile anew whenever one changes. The factors that depend on t alone were worked out
    before (`Rule.at`): inside the kernel they would be worked out once a coordinate. A hyper-parameter that is 0
    stays a number, so that what it switches off is left out.
    """
    compiled = {kind: torch.compile(_own_code(_advance), dynamic=False, fullgraph=True, options=options)
                for kind, options in (("cpu", CPU_OPTIONS), ("other", None))}

    def advance(rule, params, grads, states, t):
        names, numbers, fixed = _changing(rule, t)
        run = compiled["cpu" if params[0].device.type == "cpu" else "other"]
        return run(fixed, tuple(vars(fixed)), names, torch.tensor(numbers, dtype=torch.float64), params, grads, states)

    return advance


def _advance(rule, attributes, names, numbers, params, grads, states):
    """The step, with the changing numbers back in their places."""
    values = dict(zip(names, numbers.unbind(), strict=True))
    values["known"] = tuple(values.pop(("known", i), value) for i, value in enumerate(rule.known))
    t = values.pop("t", None)
    rule = _filled(rule, attributes, values)
    return [plain.update_in_place(rule, p, g, state, t) for p, g, state in zip(params, grads, states, strict=True)]


def _filled(rule, attributes, values):
    """``rule.swap(**values)``, one attribute at a time: torch 2.9 cannot compile a copy of ``__dict__``."""
    twin = object.__new__(type(rule))
    for name in attributes:
        object.__setattr__(twin, name, values[name] if name in values else getattr(rule, name))
    return twin


def _changing(rule, t):
    """Names and values of the numbers that may change from step to step, and the rule without them."""
    found = {name: value for name, value in rule.hypers().items() if _may_change(name, value)}
    known = {("known", i): value for i, value in enumerate(rule.known) if _is_number(value)}
    fixed = rule.swap(**dict.fromkeys(found), known=tuple(None if _is_number(value) else value for value in rule.known))
    found |= known if t is None else {**known, "t": t}
    return tuple(found), list(found.values()), fixed


def _may_change(name, value):
    """False for what the kernel is made for: a term that 0 switches off, a whole number that shapes the computation."""
    return _is_number(value) and (name == "lr" or not (is_off(value) or isinstance(value, int)))


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _own_code(function):
    """The function with code of its own: torch counts recompilations, and gives up, by code object.

    Each optimizer may so compile for its own shapes without using up the allowance of another.
    """
    code = function.__code__.replace(co_name=f"{function.__name__}_{next(_numbers)}")
    return FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
