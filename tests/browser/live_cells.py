"""The part of a notebook that lives in the front end: cells that show something live, and what these need.

`make nbval` runs every cell already, in a kernel. In the browser, where the same computation would teach nothing new,
the cells that show an explorer, a question, an exercise or a dashboard are run, with the cells that give them their
names. Which cells these are is read off the code: needed is what binds a name that a needed cell after it reads.
"""

import ast

LIVE = {"explorers", "practice", "Dashboard", "environment"}
#: Methods of what `practice` made earlier; they show something below the cell that calls them.
ANSWERS = {"check", "reveal"}


def live_part(notebook):
    """Turn the other code cells of a notebook (nbformat, in place) into raw text; returns how many are left."""
    kept, needed = 0, set()
    for cell in reversed(notebook.cells):
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        bound, read = names(tree)
        if shows_something(tree) or bound & needed:
            kept, needed = kept + 1, (needed - bound) | read
        else:
            cell.cell_type = "raw"
            for key in ("outputs", "execution_count"):
                cell.pop(key, None)
    return kept


def shows_something(tree):
    """True for a cell that calls into the live parts, or asks what they made to answer."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    live = any(isinstance(part, ast.Name) and part.id in LIVE for func in called for part in ast.walk(func))
    return live or any(isinstance(func, ast.Attribute) and func.attr in ANSWERS for func in called)


def names(tree):
    """(names that a cell binds, names that it reads); a container that it changes in place is both."""
    bound, read = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.AugAssign):
            read |= {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
    return bound, read
