"""The recorded step (see `tape`) as a graph for torch's compiler: one loop over memory for each tensor.

A compiler that reads the rule's own text works out inside the loop what is the same for all coordinates: 1 − β₁, ηλ,
the division of m by 1 − β₁ᵗ. In the recording these numbers are known before the loop begins, and constant factors
have been joined: of AdamW's three divisions for each coordinate one is left.
"""

from typing import NamedTuple

import torch
from torch import fx

from adamkit.torch_optim.passes import passes, quotient
from adamkit.torch_optim.tape import record

#: What a pass computes from the nodes it reads and its constant c.
WITH_CONSTANT = {
    torch.mul: lambda x, c: x * c,
    torch.add: lambda x, c: x + c,
    "sum": lambda x, y, c: x + c * y,
    torch.addcmul: lambda x, a, b, c: x + c * (a * b),
    torch.addcdiv: lambda x, a, b, c: x + c * (a / b),
    torch.lerp: lambda a, b, c: a + c * (b - a),
}


class Recording(NamedTuple):
    """A step without its tensors.

    Attributes:
        plan: what is computed from what: hashable, and equal for all steps that one kernel serves.
        constants: the numbers of this step, in the order of the plan.
    """

    plan: tuple
    constants: list


def recording(rule, t, used):
    """Step ``t`` of a rule whose state has the fields in use that ``used`` says.

    Raises:
        TypeError, AttributeError: the rule does something that cannot be recorded.
    """
    nodes, results = record(rule, t, used)
    calls, constants = [], []
    for one in passes(nodes, results):
        function, own = _without_constant(one)
        calls.append((one.node, function, one.reads, len(own)))
        constants += own
    return Recording((tuple(calls), tuple(results)), constants)


def _without_constant(one):
    """What a pass calls, and its constant in a list, empty where it has none."""
    if one.options:
        return "sum" if one.function is torch.add else one.function, list(one.options.values())
    if one.function is torch.div and one.constants:
        return torch.mul, [quotient(1.0, *one.constants)]
    return one.function, list(one.constants)


def module(plan, count):
    """The planned step for ``count`` parameters, as a module.

    It is called with the constants, one tensor of them, and then g, θ and the used state of each parameter, which
    it overwrites, all but g.
    """
    calls, results = plan
    graph = fx.Graph()
    constants = fx.Proxy(graph.placeholder("constants"))
    for tensors in [[fx.Proxy(graph.placeholder(f"x{i}_{j}")) for j in range(1 + len(results))] for i in range(count)]:
        values, k = dict(enumerate(tensors)), 0
        for node, function, reads, takes in calls:
            own = [constants[k]] if takes else []
            values[node] = (WITH_CONSTANT[function] if takes else function)(*(values[i] for i in reads), *own)
            k += takes
        for home, result in enumerate(results, start=1):
            if result != home:
                tensors[home].copy_(values[result])
    graph.output(())
    return fx.GraphModule(torch.nn.Module(), graph)
