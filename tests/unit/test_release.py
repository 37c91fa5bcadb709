"""One version and one date, wherever they are written."""

import re
import tomllib
from datetime import date

import pytest
import yaml

import adamkit


@pytest.fixture(scope="module")
def newest(root):
    """(version, date) of the newest release in the changelog."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, flags=re.M)[0]


def test_the_package_takes_its_version_from_its_source(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "adamkit.__version__"}


def test_changelog_and_citation_speak_of_that_version(root, newest):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert newest[0] == adamkit.__version__ == citation["version"]
    assert date.fromisoformat(newest[1]) == citation["date-released"]


def test_releases_stand_in_the_changelog_newest_first(root):
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = [tuple(map(int, one.split("."))) for one in re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, flags=re.M)]
    assert versions == sorted(versions, reverse=True)
    assert set(re.findall(r"^### (.+)$", text, flags=re.M)) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed",
                                                                "Security"}


def test_binder_builds_the_tested_environment_and_can_run_its_last_step(root):
    script = root / "postBuild"
    assert (root / "environment.yml").is_file()
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    assert '{"adamkit.server": true}' in script.read_text(encoding="utf-8")


def test_all_that_lies_beside_the_code_goes_into_the_wheel(root):
    package = root / "adamkit"
    taken = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    packed = {path for pattern in taken["adamkit"] for path in package.glob(pattern)}
    beside = {path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert package / "lessons/nb04/exercises.toml" in packed
    assert sorted(beside - packed) == []
