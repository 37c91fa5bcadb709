"""The rule's text, recorded once a step and replayed on many pieces of a tensor, without new memory.

A rule reads like its equations, and so each of its operations makes a tensor, which costs a pass over memory that
nobody asked for. Recorded on stand-ins first, the same operations can be looked at before they run: β·m + (1−β)·g is
then two passes instead of three, x − η·(a / b) is one instead of three, and a new moment is written over the old one.
The results differ from the rule's own by rounding. What a stand-in cannot do, such as a comparison, ends the recording
with a `TypeError`, and the rule runs as it reads.
"""

from itertools import compress
from typing import Any, NamedTuple

import torch

from adamkit.torch_optim.passes import passes


class Node(NamedTuple):
    """An operation of the recording: its name, the numbers of the nodes it reads, and a constant."""

    name: str
    reads: tuple = ()
    constant: Any = None


class Recorded:
    """A stand-in for a tensor: arithmetic on it is written down."""

    __slots__ = ("index", "nodes")
    __array_ufunc__ = None  # NumPy's functions shall refuse it

    def __init__(self, nodes, index):
        self.nodes, self.index = nodes, index

    def _note(self, name, constant=None):
        return self._noted(Node(name, (self.index,), constant))

    def _noted(self, node):
        self.nodes.append(node)
        return Recorded(self.nodes, len(self.nodes) - 1)

    def _with(self, other, name, by_constant=None):
        if isinstance(other, Recorded):
            return self._noted(Node(name, (self.index, other.index)))
        if by_constant is None or isinstance(other, bool) or not isinstance(other, int | float):
            return NotImplemented
        return self._note(by_constant, float(other))

    def __add__(self, other):
        return self._with(other, "add", "shift")

    def __sub__(self, other):
        return self._with(-other if isinstance(other, int | float) else other, "sub", "shift")

    def __mul__(self, other):
        return self._with(other, "mul", "scale")

    def __truediv__(self, other):
        return self._with(other, "div", "over")

    __radd__, __rmul__ = __add__, __mul__

    def maximum(self, other):
        """The larger of two, element by element."""
        return self._with(other, "maximum")

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self._note("reciprocal") * other

    def __neg__(self):
        return self._note("scale", -1.0)

    def __abs__(self):
        return self._note("abs")

    def sqrt(self):
        """√x."""
        return self._note("sqrt")

    def sign(self):
        """−1, 0 or 1."""
        return self._note("sign")

    def __bool__(self):
        raise TypeError("a recorded tensor has no value yet")


class Tape:
    """The operations of one step of a rule, ready to run on pieces.

    Args:
        rule: elementwise, its hyper-parameters plain numbers.
        t: the step number.
        used: for each field of the state, whether it is in use; all are if nothing is said.

    Raises:
        TypeError, AttributeError: the rule does something that cannot be recorded.
    """

    def __init__(self, rule, t, used=None):
        self.calls, self.moves, self.spare = _plan(*record(rule, t, used))
        self.room = []

    def run_on_pieces(self, size, tensors):
        """One step on tensors (g, θ, used state…) of one shape, all but g in place, ``size`` numbers at a time."""
        length = tensors[0].numel()
        spare = self._spare_tensors(min(size, length), tensors[0].dtype)
        if length <= size:
            self._run([*tensors, *(x.view(tensors[0].shape) for x in spare)])
            return
        for piece in zip(*(x.view(-1).split(size) for x in tensors), strict=True):
            self._run([*piece, *(x[: len(piece[0])] for x in spare)])

    def _spare_tensors(self, size, dtype):
        # Kept for the step's other tensors; not in a functools.cache, which would keep every step's tape alive.
        if not self.room or self.room[0].dtype != dtype or len(self.room[0]) < size:
            self.room = [torch.empty(size, dtype=dtype) for _ in range(self.spare)]
        return [x[:size] for x in self.room]

    def _run(self, at):
        for function, reads, constants, options, out in self.calls:
            function(*[at[i] for i in reads], *constants, out=at[out], **options)
        for source, target in self.moves:
            at[target].copy_(at[source])


def record(rule, t, used=None):
    """One step on stand-ins → the nodes, of which the first are g, θ and the state in use, and those of the results.

    Raises:
        TypeError, AttributeError: the rule does something that cannot be recorded.
    """
    used = used or (True,) * len(rule.State._fields)
    given = 2 + sum(used)
    nodes = [Node("given")] * given
    g, theta, *rest = (Recorded(nodes, i) for i in range(given))
    theta, new = rule.update(g, theta, rule.State(*(rest.pop(0) if one else None for one in used)), t)
    if any(value is not None and not one for value, one in zip(new, used, strict=True)):
        raise TypeError("a field of the state begins with this step")
    results = [_index_of(value) for value in (theta, *compress(new, used))]
    if any(result < given and result != home for home, result in enumerate(results, start=1)):
        raise TypeError("a step hands a tensor on under another name")
    return nodes, results


def _index_of(value):
    if not isinstance(value, Recorded):
        raise TypeError(f"a step ended in {value!r}, which was not computed from the tensors")
    return value.index


def _plan(nodes, results):
    """Calls in order, copies after them, and how many spare tensors they need.

    Places 0 … k hold g, θ and the state; those after them are spare. What is computed is written over something that
    nothing reads any more: a result over its old value, the rest over what it was computed from. A result that finds
    its old value still in use waits in a spare place, never in that of another result.
    """
    given = sum(node.name == "given" for node in nodes)
    order = passes(nodes, results)
    last = {index: when for when, one in enumerate(order) for index in one.reads}
    last |= dict.fromkeys(results, len(order))
    place = {i: i for i in range(given)}
    holds, free, calls = dict(place), [], []
    for when, one in enumerate(order):
        dying = [place[i] for i in dict.fromkeys(one.reads) if last[i] == when and place[i] != 0]
        homes = [home for home, result in enumerate(results, start=1)
                 if result == one.node and last.get(holds[home], -1) <= when]
        target = (homes or [i for i in dying if i >= given or one.node not in results] or free or [len(holds)])[0]
        free = [spare for spare in {*free, *dying} - {target} if spare >= given]
        place[one.node], holds[target] = target, one.node
        calls.append((one.function, [place[i] for i in one.reads], one.constants, one.options, target))
    moves = [(place[result], home) for home, result in enumerate(results, start=1) if place[result] != home]
    return calls, moves, len(holds) - given
