"""`make lab` and what stands behind it: the environment, the reader's copies, the first page."""

import importlib
import json
import subprocess
import sys

import environment
import lab
import pytest


def book(*cells):
    """Text of a notebook with these (source, output) code cells."""
    code = [{"cell_type": "code", "source": source, "outputs": [output], "execution_count": 3, "metadata": {}}
            for source, output in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code})


def test_the_readers_copies_are_made_once_and_never_overwritten(tmp_path):
    source, target = tmp_path / "notebooks", tmp_path / "work"
    source.mkdir()
    (source / "01_a.ipynb").write_text(book(), encoding="utf-8")
    assert lab.copy_notebooks(source, target) == (["01_a.ipynb"], [])
    (target / "01_a.ipynb").write_text("my answer", encoding="utf-8")
    (source / "01_a.ipynb").write_text("update", encoding="utf-8")
    (source / "02_b.ipynb").write_text(book(), encoding="utf-8")
    assert lab.copy_notebooks(source, target) == (["02_b.ipynb"], ["01_a.ipynb"])
    assert (target / "01_a.ipynb").read_text(encoding="utf-8") == "my answer"
    assert sorted(path.name for path in target.iterdir()) == ["01_a.ipynb", "02_b.ipynb"]


def test_a_copy_answers_no_question_unless_asked_to_and_shows_its_explorers(tmp_path):
    source = tmp_path / "notebooks"
    source.mkdir()
    text = book(("claim('four', 4)", "four: 4"), ("import x\nexplorers.race()", "picture"))
    (source / "01_a.ipynb").write_text(text, encoding="utf-8")
    for folder, outputs in (("plain", False), ("full", True)):
        lab.copy_notebooks(source, tmp_path / folder, outputs=outputs)
    plain, full = (json.loads((tmp_path / name / "01_a.ipynb").read_text("utf-8")) for name in ("plain", "full"))
    assert full == json.loads(text)
    assert [(cell["outputs"], cell["execution_count"]) for cell in plain["cells"]] == [([], None), (["picture"], 3)]
    assert [cell["source"] for cell in plain["cells"]] == [cell["source"] for cell in full["cells"]]


def test_copies_under_an_earlier_number_stay_and_are_told_the_new_one(tmp_path, capsys):
    source, target = tmp_path / "notebooks", tmp_path / "work"
    source.mkdir()
    target.mkdir()
    for name in ("09_new", "10_training", "12_diagnosis"):
        (source / f"{name}.ipynb").write_text(book(), encoding="utf-8")
    for name in ("08_variants", "09_training", "10_diagnosis", "09_new", "77_my_own"):
        (target / f"{name}.ipynb").write_text(f"mine: {name}", encoding="utf-8")
    lab.report(lab.copy_notebooks(source, target), lab.renumbered(source, target))
    told = capsys.readouterr().out
    assert "09_training.ipynb is 10_training.ipynb now. Yours stays" in told
    assert "10_diagnosis.ipynb is 12_diagnosis.ipynb now." in told
    assert "08_variants.ipynb is 08_one_line_changed.ipynb and 09_memory_averages_matrices.ipynb now." in told
    assert "77_my_own" not in told
    for name in ("08_variants", "09_training", "10_diagnosis", "09_new", "77_my_own"):
        assert (target / f"{name}.ipynb").read_text(encoding="utf-8") == f"mine: {name}"
    assert json.loads((target / "10_training.ipynb").read_text(encoding="utf-8")) == json.loads(book())


def test_every_notebook_can_be_copied(tmp_path, root):
    lab.copy_notebooks(root / "notebooks", tmp_path / "work")
    copied = sorted((tmp_path / "work").glob("*.ipynb"))
    assert [path.name for path in copied] == sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    for path in copied:
        assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4


@pytest.fixture
def launched(monkeypatch):
    """The command that `lab.main` would start JupyterLab with."""
    commands = []
    monkeypatch.setattr(lab.subprocess, "call", lambda command, **kwargs: commands.append(command) or 0)
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(lab, "settle", lambda prefix: None)
    return commands


def test_the_lab_opens_the_first_notebook_and_keeps_its_token(launched):
    assert lab.main(["--no-browser"]) == 0
    command = launched[0]
    assert command[1:3] == ["-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    assert command[-1] == "--no-browser"
    assert not [argument for argument in command if "token" in argument or "password" in argument]
    assert "--ContentsManager.hide_globs=src" in command


def test_jupyterlab_starts_without_a_question_and_what_was_set_before_stays(tmp_path, capsys):
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"of:another": {"size": 3}}', encoding="utf-8")
    lab.settle(tmp_path)
    before = path.read_bytes()
    lab.settle(tmp_path)
    assert path.read_bytes() == before
    assert json.loads(before) == {"of:another": {"size": 3}, **lab.QUIET}
    path.write_text("no JSON", encoding="utf-8")
    lab.settle(tmp_path)
    assert "keeps its own defaults" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "no JSON"


def test_the_lab_as_root_names_the_way_to_go_on(launched, monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(SystemExit, match="LAB_ARGS=--allow-root"):
        lab.main([])
    assert lab.main(["--allow-root"]) == 0


def test_the_socket_that_the_lab_asks_for_exists_and_is_a_kernel_connection():
    module, name = lab.SOCKET.partition("=")[2].rsplit(".", 1)
    chosen = getattr(importlib.import_module(module), name)
    from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection

    assert issubclass(chosen, BaseKernelWebsocketConnection)


@pytest.fixture
def old_python(monkeypatch):
    monkeypatch.setattr(environment, "version_of", lambda name: {"python3": (3, 9), "python3.12": (3, 12)}.get(name))


def test_an_old_python3_is_passed_over_for_a_newer_one(old_python):
    assert environment.choose("") == "python3.12"


def test_an_old_python_asked_for_by_name_is_refused_with_the_remedy(old_python):
    with pytest.raises(environment.Remedy, match=r"need Python 3\.11 or newer \(python3 is 3\.9\).*PYTHON=python3\.12"):
        environment.choose("python3")


def test_no_python_at_all_is_said(old_python):
    with pytest.raises(environment.Remedy, match="none found"):
        environment.choose("python4")


def test_asking_for_another_python_than_the_environment_has_keeps_both(monkeypatch):
    monkeypatch.setattr(environment, "version_of", {"inside": (3, 11), "python3.13": (3, 13)}.get)
    with pytest.raises(environment.Remedy, match=r"made with Python 3\.11.*VENV=\.venv-3\.13"):
        environment.check_matches("inside", "python3.13", ".venv")
    with pytest.raises(environment.Remedy, match=r"PYTHON=python9 is not found"):
        environment.check_matches("inside", "python9", ".venv")
    environment.check_matches("inside", "", ".venv")


def test_a_broken_environment_is_named():
    with pytest.raises(environment.Remedy, match=r"\.venv holds no working Python"):
        environment.check_matches("no-such-python", "", ".venv")


def test_a_python_without_venv_gets_the_name_of_the_package_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "choose", lambda wanted: sys.executable)
    monkeypatch.setattr(environment.subprocess, "run",
                        lambda *args, **kwargs: subprocess.CompletedProcess(args, 1, stdout=b"3 11"))
    monkeypatch.setattr(environment, "version_of", lambda name: (3, 11))
    with pytest.raises(environment.Remedy, match=r"apt-get install python3\.11-venv"):
        environment.create(str(tmp_path / "venv"), "")


def test_what_was_installed_is_remembered_and_each_extra_is_added_once(tmp_path, monkeypatch):
    installs = []
    python = environment.interpreter(str(tmp_path))
    monkeypatch.setattr(environment.os.path, "exists", lambda path, real=environment.os.path.exists: (
        path == python or real(path)))
    monkeypatch.setattr(environment, "version_of", lambda name: (3, 11))
    monkeypatch.setattr(environment, "install", lambda python, extras: installs.append(extras))
    for extras in ((), (), ("test", "site"), ("site",), (), ("test", "site")):
        environment.ensure(str(tmp_path), "", extras)
    assert installs == [[], ["site", "test"]]
    monkeypatch.setattr(environment, "fingerprint", lambda version: "other")
    environment.ensure(str(tmp_path), "")
    assert installs[2:] == [["site", "test"]]


def test_an_environment_made_only_in_part_is_named(tmp_path):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n', encoding="utf-8")  # a Python without pip
    python.chmod(0o755)
    with pytest.raises(environment.Remedy, match="made only in part"):
        environment.install(str(python), [])


