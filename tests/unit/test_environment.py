"""One tested set of versions, and the four files that speak of it agree."""

import re
import subprocess
import sys
import tomllib

import lowest
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pins(root):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def declared(project):
    extras = project["optional-dependencies"].values()
    found = [Requirement(line) for line in project["dependencies"] + [line for extra in extras for line in extra]]
    return [requirement for requirement in found if requirement.name != "adamkit"]


def test_every_line_of_the_lock_is_one_exact_version(pins):
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==\d[\w.]*", line)] == []


def test_the_lock_is_sorted_and_names_nothing_twice(pins):
    assert pins == sorted(pins, key=str.lower)
    names = [canonicalize_name(line.split("==")[0]) for line in pins]
    assert len(names) == len(set(names))


def test_every_declared_dependency_is_locked_inside_its_range(project, pins):
    locked = {canonicalize_name(name): version for name, version in (line.split("==") for line in pins)}
    for requirement in declared(project):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is missing from constraints.txt: run tools/lock.py"
        assert requirement.specifier.contains(version), f"{requirement} does not admit the locked {version}"


def test_every_dependency_says_the_oldest_version_that_works(project):
    lines = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    lines = [line for line in lines if not line.startswith("adamkit")]
    here = {line for line in lines if "sys_platform" not in line or sys.platform == "linux"}  # one stands in two extras
    assert len(lowest.pins(lines)) == len(here)
    assert lowest.pins(["numpy>=2.0,<3", "torch>=2.9", "nothing>=1; sys_platform == 'none'"]) == [
        "numpy==2.0", "torch==2.9",
    ]  # fmt: skip
    for line in ("numpy", "numpy<3", "numpy==2.0"):
        with pytest.raises(ValueError, match="must have one lower bound"):
            lowest.pins([line])


def test_conda_installs_the_locked_versions_and_the_package(root, pins):
    entries = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    through_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    assert through_pip == [*pins, "-e ."]


def test_conda_takes_a_python_that_the_package_admits(root, project):
    entries = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    version = next(entry.split("=")[1] for entry in entries if str(entry).startswith("python="))
    assert Requirement(f"python{project['requires-python']}").specifier.contains(f"{version}.0")


def test_the_oldest_python_is_the_same_everywhere(root, project):
    oldest = project["requires-python"].removeprefix(">=")
    script = (root / "tools" / "environment.py").read_text(encoding="utf-8")
    assert f"OLDEST = ({oldest.replace('.', ', ')})" in script
    assert f"Python {oldest} or newer" in (root / "README.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"][0] == oldest


def test_the_installed_versions_are_importable_without_a_warning():
    code = "import warnings; warnings.simplefilter('error'); import adamkit"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == ""
