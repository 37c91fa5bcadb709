"""What the environment check advises depends on where the notebook runs."""

import sys
from importlib import metadata

import pytest

from adamkit import environment

PLACES = {"lab": {}, "hub": {"JUPYTERHUB_USER": "ada"}, "VS Code": {"VSCODE_PID": "1"},
          "Colab": {"COLAB_RELEASE_TAG": "release-colab"}}


@pytest.fixture(params=PLACES)
def here(request, monkeypatch):
    for name in ("COLAB_RELEASE_TAG", "VSCODE_PID", "VSCODE_CWD", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in PLACES[request.param].items():
        monkeypatch.setenv(name, value)
    return request.param


def test_the_place_is_recognised_and_a_complete_one_needs_nothing(here):
    assert environment.place() == here
    report = environment.check()
    assert report.ok, report
    assert ("jupyterlab" in {finding.name for finding in report}) == (here in ("lab", "hub"))


def test_remedies_are_those_of_the_place(here, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(environment.metadata, "version", missing)
    monkeypatch.setitem(sys.modules, "torch", None)
    report = environment.check()
    words = {"lab": "make lab", "hub": "whoever runs this server", "VS Code": "make install", "Colab": "%pip install"}
    advised = [finding.remedy for finding in report if not finding.ok]
    assert len(advised) >= 6
    assert all(words[here] in remedy for remedy in advised), advised
    assert here == "lab" or not any("make lab" in remedy for remedy in advised)
    assert "✗ torch: missing" in repr(report)
