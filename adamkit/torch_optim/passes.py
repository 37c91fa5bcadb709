"""Which recorded operations go into one pass over memory: those that torch has one function for.

    x + c·y        torch.add with alpha
    x + c·(a·b)    torch.addcmul
    x + c·(a / b)  torch.addcdiv
    (1−c)·a + c·b  torch.lerp, and a + c·(b − a)

Constant factors of a and b go into c.
"""

import math
from itertools import chain
from typing import Any, NamedTuple

import torch

SINGLE = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum,
          "sqrt": torch.sqrt, "sign": torch.sign, "abs": torch.abs, "reciprocal": torch.reciprocal,
          "shift": torch.add, "scale": torch.mul, "over": torch.div}  # the last three with a constant
SUMS = {None: (torch.add, "alpha"), "mul": (torch.addcmul, "value"), "div": (torch.addcdiv, "value")}

#: Weights add up to 1 when they miss it by no more than the rounding of 1 − β.
ROUNDING = 2.0**-52


class Pass(NamedTuple):
    """A call of one torch function.

    Attributes:
        node: index of what it computes.
        reads: indices of the nodes it reads, the function's first arguments.
        function, constants, options: what to call, with which further arguments.
    """

    node: int
    reads: tuple
    function: Any
    constants: tuple
    options: dict


def passes(nodes, results):
    """The passes in order.

    Args:
        nodes: the recording, a list of `tape.Node`.
        results: indices of the nodes that must be computed.
    """
    found, wanted = [], set(results)
    uses = [0] * len(nodes)  # what is read once may be computed along with its reader
    for index in chain(results, *(node.reads for node in nodes)):
        uses[index] += 1
    for index in reversed(range(len(nodes))):
        if index in wanted and nodes[index].name != "given":
            found.append(_one_pass(nodes, index, uses))
            wanted.update(found[-1].reads)
    return found[::-1]


def _one_pass(nodes, index, uses):
    name, reads, constant = nodes[index]
    if name not in ("add", "sub"):
        return Pass(index, reads, SINGLE[name], () if constant is None else (constant,), {})
    first, second = reads
    sign = 1.0 if name == "add" else -1.0
    (a, of_a, saved_a), (b, of_b, saved_b) = _bare(nodes, first, uses), _bare(nodes, second, uses)
    joins = nodes[b].name in SUMS and uses[b] == 1
    if saved_a and saved_b and not joins and abs(of_a + sign * of_b - 1) < ROUNDING:
        return Pass(index, (a, b), torch.lerp, (sign * of_b,), {})
    if name == "add" and nodes[b].name == "sub" and nodes[b].reads[1] == first and uses[b] == 1:
        return Pass(index, (first, nodes[b].reads[0]), torch.lerp, (of_b,), {})
    ways = [(first, *_term(nodes, second, uses))]
    if name == "add":
        ways.append((second, *_term(nodes, first, uses)))
    other, factor, product, parts, _ = max(ways, key=lambda way: way[-1])
    function, option = SUMS[product]
    return Pass(index, (other, *parts), function, (), {option: sign * factor})


def _term(nodes, index, uses):
    """A summand as factor · product of parts: (factor, "mul" or "div" or None, parts, operations saved)."""
    index, factor, saved = _bare(nodes, index, uses)
    name = nodes[index].name
    if name not in SUMS or uses[index] > 1:
        return factor, None, (index,), saved
    (a, of_a, saved_a), (b, of_b, saved_b) = (_bare(nodes, part, uses) for part in nodes[index].reads)
    factor *= of_a * of_b if name == "mul" else quotient(of_a, of_b)
    return factor, name, (a, b), saved + 1 + saved_a + saved_b


def _bare(nodes, index, uses):
    """A node without the constant factors that nothing else reads: (index, factor, operations saved)."""
    factor, saved = 1.0, 0
    while uses[index] == 1 and nodes[index].name in ("scale", "over"):
        name, (inner,), constant = nodes[index]
        factor = factor * constant if name == "scale" else quotient(factor, constant)
        index, saved = inner, saved + 1
    return index, factor, saved


def quotient(a, b):
    """a/b, also where b is 0: ∞ or NaN then, as tensors have it and Python's numbers do not."""
    return a / b if b else a * math.copysign(math.inf, b)
