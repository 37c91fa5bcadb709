"""The recipes of CONTRIBUTING.md, put into a copy word for word, leave everything green that they could break.

The ordinary run tries what each adds by its name; with ADAMKIT_FULL=1 the files of tests that a recipe could turn red
run whole.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from slices import FULL

ROOT = Path(__file__).parents[2]
#: What a block's first line says: a path, and where in that file it goes.
HEAD = re.compile(r"# (\S+\.(?:py|toml))(?:, (with the imports|as the first|in \w+|before \w+))?\n")
#: Files of tests that a recipe could turn red, and by what the ordinary run picks from them: names of what is new,
#: and files that look at everything at once.
FILES = ("variants_engines optim_matrix torch_optim_loading torch_optim_classes rules training_resume variants_papers "
         "lineage plotting structure surfaces explorers explorers_teach explorers_manners scenario_sentences bank "
         "practice_questions question_files exercises_all exercise_files mutations short_path")
CHOSEN = ("SignSGD or NormalisedSGD or signsgd or normalised or test_lineage or Booth or fading or race or tuned_rate "
          "or test_bank or 02-twice or self_check or 02-window or nb02 or fits_on_a_screen or one_subject or one_way "
          "or each_other or distinct")


def blocks():
    """(path, place, text) of every block with a head, in the order of the recipes."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for _, _, body in re.findall(r"^( *)(`{3,4})(?:python|toml)\n(.*?)^\1\2\n", text, re.MULTILINE | re.DOTALL):
        body = textwrap.dedent(body)
        head = HEAD.match(body)
        if head:
            yield head[1], head[2] or "", body[head.end():]


def put(folder, path, place, text):
    """One block into the copy."""
    target = folder / path
    if not target.exists() and not place:
        target.write_text(text, encoding="utf-8")
        return
    before = target.read_text(encoding="utf-8")
    gap = "\n\n\n" if path.endswith(".py") else "\n\n"
    if place == "with the imports":
        after = imported(before, text.strip())
    elif place == "as the first":
        after = text.strip() + "\n\n" + before
    elif place.startswith("in "):
        after = listed(before, place.removeprefix("in "), text.strip())
    elif place.startswith("before "):
        start = before.index(f"\n{place.removeprefix('before ')} = ")
        after = before[:start].rstrip() + gap + text.strip() + "\n" + before[start:]
    else:
        after = before.rstrip() + gap + text
    target.write_text(after, encoding="utf-8")


def imported(source, line):
    """The line in its alphabetical place, or instead of the one that imports from the same module."""
    lines, module = source.splitlines(), line.partition(" import ")[0] + " import "
    places = [i for i, other in enumerate(lines) if other.startswith("from adamkit.")]
    same = [i for i in places if lines[i].startswith(module)]
    if same:
        lines[same[0]] = line
    else:
        lines.insert(next((i for i in places if lines[i] > line), places[-1] + 1), line)
    return "\n".join(lines) + "\n"


def listed(source, name, text):
    """The text as the last of a list, tuple or dict of the module."""
    node = next(node.value for node in ast.parse(source).body
                if isinstance(node, ast.Assign) and node.targets[0].id == name)
    lines = source.splitlines(keepends=True)
    row, column = node.end_lineno - 1, len(lines[node.end_lineno - 1].encode()[:node.end_col_offset].decode()) - 1
    head = "".join(lines[:row]) + lines[row][:column]
    comma = "" if head.rstrip()[-1] in ",([{" else ","
    if lines[row][:column].strip():  # the bracket closes in a line of its own, or behind the last entry
        text = f"{comma} {text.rstrip(',')}"
    else:
        text = f"{comma}{textwrap.indent(text, '    ')}\n"
    return head + text + lines[row][column:] + "".join(lines[row + 1:])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The tree with every recipe followed."""
    folder = tmp_path_factory.mktemp("recipes") / "copy"
    ignored = shutil.ignore_patterns("*.pyc", "__pycache__", "*.ipynb", "store_1_0_0", ".hypothesis")
    for part in ("adamkit", "tests", "tools", "docs", "notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    for block in blocks():
        put(folder, *block)
    return folder


def answer(copy, *command):
    environment = {**os.environ, "PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-m", *command], cwd=copy, env=environment, capture_output=True, text=True,
                          check=False)
    return done.returncode, (done.stdout + done.stderr)[-5000:]


def test_the_map_names_every_part_of_the_package_and_nothing_else():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The map")[2].partition("\nOutside")[0]
    heads = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `") and "…" not in row]
    named = [name for head in heads for name in re.findall(r"`(\w+/?)`", head)]
    there = [f"{path.name}/" if path.is_dir() else path.stem for path in (ROOT / "adamkit").iterdir()
             if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.name != "__init__.py"]
    assert sorted(named) == sorted(there)


def test_every_kind_of_contribution_has_its_blocks():
    paths = {path for path, _, _ in blocks()}
    assert {"adamkit/rules/signsgd.py", "adamkit/rules/normalised.py", "adamkit/surfaces/classics.py",
            "adamkit/lessons/nb04/fading.py", "adamkit/lessons/nb00/race.py",
            "adamkit/practice/bank/bias_correction.toml", "adamkit/lessons/nb02/questions.toml",
            "adamkit/lessons/nb02/exercises.toml", "adamkit/lessons/nb02/exercises.py"} <= paths


def test_what_was_added_is_tidy(copy):
    pytest.importorskip("ruff")
    code, said = answer(copy, "ruff", "check", "--no-cache", ".")
    assert code == 0, said


@pytest.mark.slow
def test_what_a_recipe_could_break_stays_green(copy):
    paths = [f"tests/unit/test_{name}.py" for name in FILES.split()]
    chosen = [] if FULL else ["-m", "not slow", "-k", CHOSEN]
    code, said = answer(copy, "pytest", "-q", "-p", "no:cacheprovider", *chosen, *paths)
    assert code == 0, said
    assert int(re.search(r"(\d+) passed", said)[1]) > 150
