"""Alters a solution mechanically, one place at a time, as a slip of the pen would.

``mutants(source)`` gives every altered version of a function or a class: another operator, a constant off by one or
by ten, operands exchanged or dropped, one name written for another, a call left out, statements dropped or exchanged,
a comparison turned. Each carries a label that shows the statement before and after.

Three kinds of change cannot matter and are not made: a constant of another type but the same value, the order of
statements that have no name in common, the order of the arguments of ``max`` and ``min``.
"""

import ast
import copy
from dataclasses import dataclass

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
#: A name that is called, and what is written instead of it.
TWINS = {"max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "zeros_like": "ones_like",
         "ones_like": "zeros_like", "zeros": "ones", "ones": "zeros", "sum": "mean", "mean": "sum", "sin": "cos",
         "cos": "sin", "sqrt": "square", "square": "sqrt", "abs": "sign", "sign": "abs", "any": "all", "all": "any",
         "append": "insert", "argmax": "argmin", "argmin": "argmax", "floor": "ceil", "ceil": "floor",
         "exp": "log", "log": "exp", "diff": "cumsum", "cumsum": "diff"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """An altered solution: its text, and the altered statement before and after."""

    label: str
    source: str


def mutants(source):
    """Every altered version of ``source``, each once, in the order of the text."""
    tree = _without_docstrings(ast.parse(source))
    found, seen = [], {ast.unparse(tree)}
    for path, node in _nodes(tree):
        for changed in _alterations(node, tree):
            altered = _with(tree, path, changed)
            text = ast.unparse(ast.fix_missing_locations(altered))
            if text not in seen:
                seen.add(text)
                found.append(Mutant(_label(ast.unparse(tree), text), text))
    return _numbered(found)


def _without_docstrings(tree):
    """The same program: what a docstring says changes nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
    return tree


def _nodes(node, path=()):
    """(path, node) of every node: the path is a list of (field, index or None) from the root."""
    yield path, node
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _nodes(value, (*path, (name, None)))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _nodes(item, (*path, (name, index)))


def _with(tree, path, changed):
    """A copy of the tree in which the node at ``path`` is replaced."""
    altered = copy.deepcopy(tree)
    node = altered
    for name, index in path[:-1]:
        node = getattr(node, name) if index is None else getattr(node, name)[index]
    if not path:
        return changed
    name, index = path[-1]
    if index is None:
        setattr(node, name, changed)
    else:
        getattr(node, name)[index] = changed
    return altered


def _alterations(node, tree):
    """What could stand in place of a node, by its kind."""
    for kind, alter in _KINDS:
        if isinstance(node, kind):
            yield from alter(node, tree)


def _binary(node, tree):
    for kind in ARITHMETIC:
        yield ast.BinOp(node.left, kind(), node.right)
    if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.MatMult)):
        yield ast.BinOp(node.right, node.op, node.left)
    yield node.left
    yield node.right


def _augmented(node, tree):
    for kind in ARITHMETIC[:4]:
        yield ast.AugAssign(node.target, kind(), node.value)
    yield ast.Assign([node.target], node.value, lineno=0)


def _unary(node, tree):
    yield node.operand


def _boolean(node, tree):
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    yield from node.values


def _comparison(node, tree):
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        yield ast.Compare(node.left, [ast.NotIn() if isinstance(node.ops[0], ast.In) else ast.In()], node.comparators)
    elif isinstance(node.ops[0], COMPARISONS):
        for kind in COMPARISONS:
            yield ast.Compare(node.left, [kind()], node.comparators)


def _constant(node, tree):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        others = (value + 1, value - 1, -value, 0, 1, 10 * value, value / 10, 2 * value)
        yield from (ast.Constant(other) for other in others if other != value)
    elif isinstance(value, str):
        yield ast.Constant(value + "_")


def _name(node, tree):
    """Each other argument or local name of the functions, where a value is read."""
    if isinstance(node.ctx, ast.Load):
        others = _local_names(tree)
        if node.id in others:
            yield from (ast.Name(other, ast.Load()) for other in others if other != node.id)


def _local_names(tree):
    arguments = {arg.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for arg in (*n.args, *n.kwonlyargs)}
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return sorted((arguments | stored) - {"self"})


def _attribute(node, tree):
    """``self.beta1`` → ``self.beta2``, and every other attribute that the class sets."""
    if isinstance(node.value, ast.Name) and node.value.id == "self" and isinstance(node.ctx, ast.Load):
        own = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
        if node.attr in own:
            yield from (ast.Attribute(node.value, other, ast.Load()) for other in sorted(own - {node.attr}))


def _call(node, tree):
    """The call left out; a function or method exchanged for its twin; arguments exchanged; one left out."""
    if node.args:
        yield node.args[0]
    elif isinstance(node.func, ast.Attribute):
        yield node.func.value
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    if name in TWINS:
        twin = copy.deepcopy(node)
        if isinstance(twin.func, ast.Attribute):
            twin.func.attr = TWINS[name]
        else:
            twin.func.id = TWINS[name]
        yield twin
    if len(node.args) > 1:
        if name not in ("max", "min", "maximum", "minimum"):
            yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        for index in range(len(node.args)):
            yield ast.Call(node.func, node.args[:index] + node.args[index + 1 :], node.keywords)
    for index in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, node.keywords[:index] + node.keywords[index + 1 :])


def _subscript(node, tree):
    """The index left out, or moved by one; a bound of a slice left out."""
    yield node.value
    if isinstance(node.slice, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node.slice, name):
                yield ast.Subscript(node.value, _with(node.slice, ((name, None),), None), node.ctx)
    elif not isinstance(node.slice, (ast.Constant, ast.Tuple)):
        yield ast.Subscript(node.value, ast.BinOp(node.slice, ast.Sub(), ast.Constant(1)), node.ctx)


def _tuple(node, tree):
    """Neighbours exchanged where a value is made."""
    if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for i in range(len(node.elts) - 1):
            items = [*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]]
            yield type(node)(items, ast.Load())


def _condition(node, tree):
    """The condition turned, or always or never true."""
    for test in (ast.UnaryOp(ast.Not(), node.test), ast.Constant(True), ast.Constant(False)):
        altered = copy.deepcopy(node)
        altered.test = test
        if not (isinstance(node, ast.While) and isinstance(test, ast.Constant) and test.value):
            yield altered


def _comprehension(node, tree):
    """A filter of a comprehension left out or turned."""
    for index, test in enumerate(node.ifs):
        yield ast.comprehension(node.target, node.iter, node.ifs[:index] + node.ifs[index + 1 :], node.is_async)
        turned = [*node.ifs[:index], ast.UnaryOp(ast.Not(), test), *node.ifs[index + 1 :]]
        yield ast.comprehension(node.target, node.iter, turned, node.is_async)


def _block(node, tree):
    """A statement left out, or exchanged with the next, in every block of a function, loop or condition."""
    for name in ("body", "orelse"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for i, statement in enumerate(block):
            if not isinstance(statement, ast.FunctionDef):
                yield _reblocked(node, name, [*block[:i], ast.Pass(), *block[i + 1 :]])
        for i in range(len(block) - 1):
            if not _independent(*block[i : i + 2]):
                yield _reblocked(node, name, [*block[:i], block[i + 1], block[i], *block[i + 2 :]])


def _independent(first, second):
    """True when two statements have no name in common that one of them changes, and neither leaves the function."""
    if any(isinstance(n, (ast.Return, ast.Expr, ast.Raise)) for s in (first, second) for n in (s, *_inner(s))):
        return False
    (read, written), (read_too, written_too) = _names_of(first), _names_of(second)
    return not (written & (read_too | written_too) or written_too & read)


def _inner(statement):
    """What runs with a statement; the body of a function that it only defines does not."""
    return () if isinstance(statement, ast.FunctionDef) else ast.walk(statement)


def _names_of(statement):
    """(read, written): names and attributes of self; what is written into counts as written."""
    read, written = set(), set()
    for node in ast.walk(statement):
        name = _place(node)
        if name:
            (written if isinstance(node.ctx, ast.Store) else read).add(name)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            written.add(_place(node.value))
        if isinstance(node, ast.AugAssign):
            read.add(_place(node.target))
        if isinstance(node, ast.FunctionDef):
            written.add(node.name)
    inner = {_place(c.target) for c in ast.walk(statement) if isinstance(c, ast.comprehension)}
    return read - inner - {None, "self"}, written - inner - {None}


def _place(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return f"self.{node.attr}"
    return None


def _reblocked(node, name, block):
    altered = copy.copy(node)
    setattr(altered, name, block)
    return altered


_KINDS = (
    (ast.BinOp, _binary),
    (ast.AugAssign, _augmented),
    (ast.UnaryOp, _unary),
    (ast.BoolOp, _boolean),
    (ast.Compare, _comparison),
    (ast.Constant, _constant),
    (ast.Name, _name),
    (ast.Attribute, _attribute),
    (ast.Call, _call),
    (ast.Subscript, _subscript),
    ((ast.Tuple, ast.List), _tuple),
    ((ast.If, ast.IfExp, ast.While), _condition),
    (ast.comprehension, _comprehension),
    ((ast.FunctionDef, ast.For, ast.While, ast.If, ast.With), _block),
)


def _label(before, after):
    """The lines that differ, before → after."""
    old, new = before.splitlines(), after.splitlines()
    start = next((i for i, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    was, now = ("; ".join(line.strip() for line in lines[start : len(lines) - end]) for lines in (old, new))
    return f"{was} → {now}"


def _numbered(found):
    """Labels made unique: two equal statements may be altered alike."""
    counts, named = {}, []
    for mutant in found:
        counts[mutant.label] = number = counts.get(mutant.label, 0) + 1
        named.append(mutant if number == 1 else Mutant(f"{mutant.label} ({number})", mutant.source))
    return named


def altered_values(answer):
    """(label, value) of wrong answers to a question whose answer is a number or a list of numbers."""
    changes = {"its negative": lambda x: -x, "ten times": lambda x: 10 * x, "a tenth": lambda x: x / 10,
               "twice": lambda x: 2 * x, "half": lambda x: x / 2, "one more": lambda x: x + 1,
               "one less": lambda x: x - 1, "zero": lambda x: 0 * x, "inverse": lambda x: 1 / x if x else 1.0,
               "square": lambda x: x * x, "10% more": lambda x: 1.1 * x}  # fmt: skip
    if not isinstance(answer, (list, tuple)):
        yield from ((name, change(answer)) for name, change in changes.items())
        return
    answer = list(answer)
    for i, item in enumerate(answer):
        others = ((name, change(item)) for name, change in changes.items())
        yield from ((f"number {i + 1}: {name}", [*answer[:i], other, *answer[i + 1 :]]) for name, other in others)
        yield f"number {i + 1} left out", answer[:i] + answer[i + 1 :]
    for i in range(len(answer) - 1):
        yield f"numbers {i + 1} and {i + 2} exchanged", [*answer[:i], answer[i + 1], answer[i], *answer[i + 2 :]]
