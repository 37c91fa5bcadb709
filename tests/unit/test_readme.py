"""What the README promises works as it is written there."""

import re

import numpy as np
import pytest


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def numbers(root):
    """Of the notebooks there are; one that is not written yet leaves a gap."""
    return sorted(path.name[:2] for path in (root / "notebooks" / "src").glob("[0-9][0-9]_*.py"))


def test_the_example_reaches_the_minimum(readme):
    (example,) = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    names = {}
    exec(example, names)
    np.testing.assert_allclose(names["theta"], 0, atol=1e-2)


def test_every_make_command_it_names_exists(readme, root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", readme))
    assert {"lab", "test"} <= named <= targets


def test_every_notebook_of_the_series_is_on_the_map(readme, root):
    rows = re.findall(r"^\| (\d\d) \|", readme, flags=re.MULTILINE)
    assert rows == numbers(root)


@pytest.mark.parametrize(("file", "first"), [("README.md", 0), ("notebooks/src/00_start_here.py", 1)])
def test_both_maps_promise_the_minutes_and_the_title_that_the_notebook_itself_does(root, file, first):
    text = (root / file).read_text(encoding="utf-8")
    row = r"^(?:# )?\| (\d\d) \| \[(.*?)\]\((?:notebooks/)?(\S+)\.ipynb\) \| (\d+) \|"
    rows = re.findall(row, text, flags=re.MULTILINE)
    assert [row[0] for row in rows] == numbers(root)[first:]
    for number, title, name, minutes in rows:
        source = (root / f"notebooks/src/{name}.py").read_text(encoding="utf-8")
        (promised,) = re.findall(r"^# About (\d+) minutes", source, flags=re.MULTILINE)
        assert (name[:2], f"# # {number} · {title}" in source, promised) == (number, True, minutes)


def test_the_hours_of_the_whole_series_are_the_sum_of_its_notebooks(root):
    sources = [path.read_text(encoding="utf-8") for path in (root / "notebooks" / "src").glob("[0-9][0-9]_*.py")]
    minutes = [int(re.search(r"^# About (\d+) minutes", text, flags=re.MULTILINE).group(1)) for text in sources]
    (hours,) = re.findall(r"about (\d+) hours of reading", "\n".join(sources))
    assert int(hours) == round(sum(minutes) / 60)
