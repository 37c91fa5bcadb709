"""The JupyterHub recipe: what it starts exists, and the trial measures what it says."""

import os
import re
import sys
from pathlib import Path

import pytest
from traitlets.config import Config

TRIAL = {
    "date": "2026-11-24", "machine": "2 cores", "load_before": 1.0, "load_highest": 9.0, "notebook": "04_adam.ipynb",
    "apart": 3.0, "seconds": 60.0, "class": {"hub": 160.0, "peak": 2048.0, "servers_only": 512.0},
    "users": [{"name": "student01", "login": 0.1, "server": 7.0, "run": 14.0, "cells": 49, "errors": 0,
               "memory": {"server": 130.0, "kernel": 600.0}}],
}


@pytest.fixture
def recipe(root, tmp_path, monkeypatch):
    """recipe(**environment) → the configuration that JupyterHub would read."""

    def read(**environment):
        for name in [name for name in os.environ if name.startswith("ADAM_HUB_")]:
            monkeypatch.delenv(name)
        for name, value in {"ADAM_HUB_STATE": str(tmp_path / "state"), **environment}.items():
            monkeypatch.setenv(name, value)
        file, config = root / "docs" / "hub" / "jupyterhub_config.py", Config()
        monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"),
             {"get_config": lambda: config, "__file__": str(file)})
        return config

    return read


def test_without_a_password_the_hub_does_not_start(recipe):
    with pytest.raises(KeyError, match="ADAM_HUB_PASSWORD"):
        recipe()


def test_what_each_server_is_started_with_exists(recipe, root):
    config = recipe(ADAM_HUB_PASSWORD="a long phrase")
    python, script = config.Spawner.cmd
    assert Path(python).parent == root / ".venv" / "bin"
    assert Path(script).is_file()
    assert config.Spawner.default_url.rsplit("/", 1)[1] in os.listdir(root / "notebooks")
    assert "--allow-root" not in config.Spawner.args


def test_a_name_cannot_leave_the_folder_of_its_user(recipe):
    pattern = recipe(ADAM_HUB_PASSWORD="a long phrase").Authenticator.username_pattern
    assert re.match(pattern, "anna-2")
    for name in ("../anna", "anna/..", "Anna", "", "a" * 40):
        assert not re.match(pattern, name)


def test_a_student_gets_missing_notebooks_and_keeps_what_is_there(root, tmp_path, monkeypatch):
    started = []
    monkeypatch.syspath_prepend(str(root / "docs" / "hub"))
    import start_server

    monkeypatch.setattr(start_server.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(start_server.os, "execv", lambda path, command: started.append(command))
    monkeypatch.setenv("ADAMKIT_HOME", "")
    monkeypatch.delenv("ADAMKIT_HOME")
    mine = tmp_path / "notebooks" / "04_adam.ipynb"
    mine.parent.mkdir()
    mine.write_text("my answers", encoding="utf-8")
    start_server.main(["--port=1"])
    assert mine.read_text(encoding="utf-8") == "my answers"
    assert (tmp_path / "notebooks" / "00_start_here.ipynb").is_file()
    assert os.environ["ADAMKIT_HOME"] == str(tmp_path / "progress")
    assert started[0][1:] == [f"--ServerApp.root_dir={mine.parent}", "--port=1"]


def test_the_trials_table_has_a_line_for_each_user_and_the_whole():
    import hub_trial

    lines = hub_trial.table(TRIAL).splitlines()
    assert sum(line.startswith("student") for line in lines) == 1
    assert "3 s apart" in lines[1]
    assert "at most 2.0 GiB" in lines[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_grows_by_what_a_process_takes():
    import hub_memory

    before = hub_memory.pss(os.getpid())
    block = bytearray(os.urandom(1 << 16) * 1024)  # 64 MiB
    assert hub_memory.pss(os.getpid()) - before == pytest.approx(64, abs=16)
    assert len(block) == 1 << 26
    assert hub_memory.pss(2**30) == 0
