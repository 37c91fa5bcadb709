"""Which recorded operations go into one pass over memory: those that torch has one function for.

    x + c·y        torch.add with alpha
    x + c·(a·b)    torch.addcmul
    x + c·(a / b)  torch.addcdiv
"""

from typing import Any, NamedTuple

import torch

SINGLE = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum,
          "sqrt": torch.sqrt, "sign": torch.sign, "abs": torch.abs, "reciprocal": torch.reciprocal,
          "shift": torch.add, "scale": torch.mul, "over": torch.div}  # the last three with a constant
SUMS = {None: (torch.add, "alpha"), "mul": (torch.addcmul, "value"), "div": (torch.addcdiv, "value")}


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


def passes(nodes, results, uses):
    """The passes in order.

    Args:
        nodes: the recording, a list of `tape.Node`.
        results: indices of the nodes that must be computed.
        uses: how often each node is read. What is read once may be computed along with its reader.
    """
    found, wanted = [], set(results)
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
    ways = [(first, *_term(nodes, second, uses))]
    if name == "add":
        ways.append((second, *_term(nodes, first, uses)))
    other, factor, product, parts, _ = max(ways, key=lambda way: way[-1])
    function, option = SUMS[product]
    return Pass(index, (other, *parts), function, (), {option: factor if name == "add" else -factor})


def _term(nodes, index, uses):
    """A summand as factor · product of parts: (factor, "mul" or "div" or None, parts, operations saved)."""
    factor, saved = 1.0, 0
    while nodes[index].name == "scale" and uses[index] == 1:
        factor, index, saved = factor * nodes[index].constant, nodes[index].reads[0], saved + 1
    if nodes[index].name in SUMS and uses[index] == 1:
        return factor, nodes[index].name, nodes[index].reads, saved + 1
    return factor, None, (index,), saved
