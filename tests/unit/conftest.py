"""What takes long to make is made once a file: explorers, and the process in which altered solutions are tried."""

import functools

import pytest


@pytest.fixture(scope="module")
def made():
    """The explorer of a name, drawn: each once."""
    from adamkit.lessons import explorers

    @functools.cache
    def make(name):
        explorer = getattr(explorers, name)()
        assert explorer.figure is not None
        return explorer
    return make


@pytest.fixture(scope="module")
def workshop():
    """Where altered solutions are tried."""
    from mutant_trials import Workshop

    opened = Workshop()
    yield opened
    opened.close()
