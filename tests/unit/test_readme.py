"""What the README promises works as it is written there."""

import re

import numpy as np
import pytest


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


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


def test_every_notebook_of_the_series_is_on_the_map(readme):
    rows = re.findall(r"^\| (\d\d) \|", readme, flags=re.MULTILINE)
    assert rows == [f"{number:02}" for number in range(13)]
