"""The shape of the code: which part may know which, how long a piece may be, what a file may not name."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "adamkit"

NUMERICS = {"rules", "schedules", "surfaces", "theory", "quantization", "tasks", "arguments", "files",
            "waiting", "numbers"}
NUMPY_WING = NUMERICS | {"optim", "descent"}
TORCH_WING = {"torch_optim", "training", "diagnostics"}
PICTURES = NUMPY_WING | {"plotting", "live"}
#: Part → the other parts it may import. Parts that are not listed stand on top and may import anything.
MAY_IMPORT = {
    **dict.fromkeys(NUMERICS, NUMERICS),
    "optim": NUMERICS,
    "descent": NUMERICS | {"optim"},
    "plotting": NUMPY_WING,
    "live": NUMPY_WING | {"plotting"},
    "torch_optim": NUMPY_WING,
    "training": NUMPY_WING | {"torch_optim"},
    "diagnostics": NUMPY_WING | {"torch_optim", "training", "plotting"},
    "explorers": PICTURES,
    "server": set(),
    "claims": NUMPY_WING,
}
WIDGETLESS = NUMPY_WING | TORCH_WING | {"plotting"}
WIDGETS = {"ipywidgets", "anywidget", "IPython"}

#: Lines of a file: a test file may hold a longer list of sentences about one subject.
LONGEST_FILE = {"adamkit": 300, "tools": 300, "tests": 400}
LONGEST_FUNCTION = 50


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def part(path):
    """Such as "rules" for adamkit/rules/adam.py, "optim" for adamkit/optim.py, "" for adamkit/__init__.py."""
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if name == "__init__" else name


def dotted(path):
    """Module name of a file: adamkit.rules for adamkit/rules/__init__.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path, *, everywhere):
    """Full names that a file imports, but for type checkers: when it is loaded, or ``everywhere``, in functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in running(tree, functions=everywhere):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from names_of(node, package)


def names_of(node, package):
    """``from a import b`` as a.b: b may be a module, and where it is not, a is still its beginning."""
    above = package.split(".")
    base = ".".join(above[: len(above) - node.level + 1]) if node.level else ""
    source = ".".join(filter(None, [base, node.module]))
    yield from (f"{source}.{alias.name}" for alias in node.names)


def running(node, *, functions):
    """Every node that runs: all but type-checking blocks and, where only loading counts, the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not functions:
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from running(child, functions=functions)


def tracked():
    """Files that git knows or would add; none outside a checkout."""
    answer = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    files = [ROOT / line for line in answer.stdout.splitlines()]
    return [path for path in files if path.is_file()]


def test_the_library_imports_no_lesson():
    lessons = [f"{path.relative_to(ROOT)} imports {name}" for path in modules() if part(path) != "lessons"
               for name in imported(path, everywhere=True) if name.startswith("adamkit.lessons")]
    assert lessons == []


def test_each_part_imports_only_parts_below_it():
    upward = []
    for path in modules():
        for name in imported(path, everywhere=True):
            pieces = name.split(".")
            allowed = MAY_IMPORT.get(part(path))
            if allowed is None or pieces[0] != "adamkit" or not importable(".".join(pieces[:2])):
                continue
            if pieces[1] not in allowed | {part(path)}:
                upward.append(f"{path.relative_to(ROOT)} imports {name}")
    assert upward == []


#: What remains of them in `adamkit.practice`: models make the widget that shows them, and the sandbox chooses its way.
REMAINING = {"copied", "sandbox", "threads", "reviewing", "study", "widgets", "hunts", "hunt_widgets", "mock",
             "mock_pages", "mock_widgets"}


@pytest.mark.parametrize("everywhere", [False, True], ids=["when loaded", "at any time"])
def test_no_two_modules_import_each_other(everywhere):
    known = {dotted(path): path for path in modules()}
    edges = {name: {module_of(target, known) for target in imported(path, everywhere=everywhere)} - {None, name}
             for name, path in known.items()}
    left = {f"adamkit.practice.{name}" for name in REMAINING} if everywhere else set()
    assert set(circles(edges)) == left


def module_of(name, known):
    """The module that an imported name is, or lives in; None outside the package."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def circles(edges):
    """Modules that reach themselves."""
    found = []
    for start in edges:
        seen, queue = set(), list(edges[start])
        while queue:
            module = queue.pop()
            if module not in seen:
                seen.add(module)
                queue.extend(edges.get(module, ()))
        if start in seen:
            found.append(start)
    return found


def test_the_numpy_wing_and_the_pictures_load_no_torch():
    loading = [f"{path.relative_to(ROOT)} imports {name}" for path in modules()
               if part(path) in PICTURES | {"", "claims"}
               for name in imported(path, everywhere=False) if name.split(".")[0] == "torch"]
    assert loading == []


def test_numerical_modules_know_no_widgets():
    knowing = [f"{path.relative_to(ROOT)} imports {name}" for path in modules() if part(path) in WIDGETLESS
               for name in imported(path, everywhere=True) if name.split(".")[0] in WIDGETS]
    assert knowing == []


def test_no_module_touches_pyplot_when_loaded():
    touching = [f"{path.relative_to(ROOT)} imports {name}" for path in modules()
                for name in imported(path, everywhere=False) if name.startswith("matplotlib.pyplot")]
    assert touching == []


BLOCKING = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError("not on this machine: " + name)
sys.meta_path.insert(0, Blocker())
import importlib
for name in {names!r}:
    importlib.import_module(name)
assert not {unloaded!r} & set(sys.modules), {unloaded!r} & set(sys.modules)
"""
NOTEBOOK_LIBRARIES = {"ipywidgets", "anywidget", "IPython", "jupyterlab", "platformdirs", "filelock"}


def load(names, *, blocked, unloaded=frozenset()):
    """Import modules in a fresh interpreter in which the ``blocked`` libraries do not exist."""
    present = [name for name in names if importable(name)]
    code = BLOCKING.format(blocked=set(blocked), names=present, unloaded=set(unloaded))
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def importable(name):
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_import_adamkit_loads_nothing_heavy():
    heavy = {"torch", "matplotlib", "ipywidgets", "anywidget", "sklearn", "scipy", "numpy"}
    load(["adamkit"], blocked=set(), unloaded=heavy)


def test_the_numpy_wing_works_where_only_numpy_is_installed():
    blocked = NOTEBOOK_LIBRARIES | {"torch", "matplotlib", "sklearn", "scipy"}
    load([f"adamkit.{name}" for name in sorted(NUMPY_WING)], blocked=blocked)


def test_the_torch_wing_works_where_only_torch_and_numpy_are_installed():
    names = [f"adamkit.{name}" for name in sorted(TORCH_WING)]
    names += [dotted(path) for path in modules() if part(path) in TORCH_WING]
    load(names, blocked=NOTEBOOK_LIBRARIES | {"matplotlib", "sklearn"})


def test_pictures_and_explorers_start_without_torch():
    names = ["adamkit.plotting", "adamkit.live", "adamkit.lessons.explorers", "adamkit.lessons.nb00.race"]
    load(names, blocked=set(), unloaded={"torch"})


@pytest.mark.parametrize("folder", LONGEST_FILE)
def test_a_file_has_one_subject(folder):
    lengths = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n")
               for path in (ROOT / folder).rglob("*.py")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE[folder]} == {}


@pytest.mark.parametrize("folder", LONGEST_FILE)
def test_a_function_fits_on_a_screen(folder):
    long = []
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                doc = len((ast.get_docstring(node) or "").splitlines())
                length = node.end_lineno - node.lineno + 1 - doc
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert long == []


#: A folder of one person's machine, and a host that packages come from: neither belongs in a file of the project.
MACHINE_PATH = re.compile(r"(?<![\w.~$}/])/(?:home|root|Users|work|farm|opt)/\w")
REGISTRY = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs|download\.pytorch|deb\.debian|anaconda\.org)")
TEXT = {".py", ".md", ".ipynb", ".yml", ".yaml", ".toml", ".js", ".css", ".json", ".txt", ".sh", ".cfg", ""}


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry host"])
def test_no_file_names_a_machine_or_a_registry(pattern):
    files = tracked()
    if not files:
        pytest.skip("not a git checkout")
    naming = [f"{path.relative_to(ROOT)} names {match.group()}" for path in files if path.suffix in TEXT
              for match in [pattern.search(path.read_text(encoding="utf-8", errors="ignore"))] if match]
    assert naming == []


def test_the_patterns_find_what_they_are_for():
    assert MACHINE_PATH.search("see " + "/home" + "/ada/notes") is not None
    assert MACHINE_PATH.search("copies in work/, of " + "https://a.b/home/c") is None
    assert REGISTRY.search("https://" + "pypi" + ".org/simple") is not None
