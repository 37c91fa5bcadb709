"""What has moved since the first edition is found under its old name, and is the same object."""

import importlib
import subprocess
import sys

import pytest

import adamkit
from adamkit import moved
from adamkit.lessons import explorers as listed


@pytest.mark.parametrize(("old", "new"), moved.MOVED.items())
def test_an_old_name_gives_the_module_itself(old, new):
    assert importlib.import_module(old) is importlib.import_module(new)
    assert importlib.import_module(new).__spec__.name == new


def test_a_module_below_an_old_name_is_not_loaded_twice():
    from adamkit.clinic import verdicts
    from adamkit.lessons.nb12.clinic import verdicts as itself

    assert verdicts is itself
    assert adamkit.clinic.verdicts is itself


@pytest.mark.parametrize("name", listed.ALL)
def test_an_explorer_is_found_where_the_first_edition_had_it(name):
    from adamkit import explorers

    assert getattr(explorers, name) is getattr(listed, name)


def test_what_nobody_knows_is_refused_as_ever():
    with pytest.raises(ModuleNotFoundError, match=r"adamkit\.clinics"):
        importlib.import_module("adamkit.clinics")
    with pytest.raises(AttributeError, match="nothing"):
        adamkit.nothing  # noqa: B018


def test_old_names_come_first_in_a_fresh_interpreter_too():
    program = "from adamkit.clinic import patient; from adamkit.training.advice import advise; print(advise().choice)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "AdamW", done.stderr
