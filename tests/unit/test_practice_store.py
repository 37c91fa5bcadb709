"""What the reader writes survives crashes, damage, two kernels and full disks."""

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import types

import pytest

from adamkit.lessons.nb00 import OPENING
from adamkit.practice import progress, store, widgets
from adamkit.practice.store import Shelf, StoreError


@pytest.fixture
def shelf(reader):
    return Shelf("answers")


def test_nothing_is_written_before_something_is_kept(shelf):
    assert shelf.entries() == {}
    assert not store.home().exists()


def test_what_is_kept_is_read_back_by_another_shelf_as_readable_json(shelf):
    shelf.put("00-opening", "η · m̂ / √v̂")
    assert Shelf("answers").entries() == {"00-opening": "η · m̂ / √v̂"}
    content = json.loads(shelf.path.read_text(encoding="utf-8"))
    assert content == {"version": store.VERSION, "entries": {"00-opening": "η · m̂ / √v̂"}}
    assert "m̂" in shelf.path.read_text(encoding="utf-8")


def test_without_adamkit_home_the_folder_is_the_systems_place_for_user_data(monkeypatch):
    import platformdirs

    monkeypatch.delenv("ADAMKIT_HOME")
    assert str(store.home()) == platformdirs.user_data_dir("adamkit", appauthor=False)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"version": 1}',
        b'{"version": "x", "entries": {}}',
        b'{"version": 1, "entries": []}',
    ],
)
def test_a_damaged_file_is_set_aside_and_reported_never_overwritten(shelf, damage):
    shelf.put("a", 1)
    shelf.path.write_bytes(damage)
    assert shelf.entries() == {}
    aside = shelf.path.with_name("answers.damaged-1.json")
    assert aside.read_bytes() == damage
    assert str(aside) in shelf.notice
    shelf.put("b", 2)
    assert shelf.notice == ""
    assert shelf.entries() == {"b": 2}


def test_a_second_damaged_file_gets_another_name(shelf):
    for content in (b"first", b"second"):
        shelf.put("a", 1)
        shelf.path.write_bytes(content)
        shelf.update(lambda entries: None)
        assert "set aside" in shelf.notice
    kept = [shelf.path.with_name(f"answers.damaged-{n}.json").read_bytes() for n in (1, 2)]
    assert kept == [b"first", b"second"]


def test_a_file_of_a_newer_version_is_left_alone(shelf):
    shelf.put("a", 1)
    newer = json.dumps({"version": store.VERSION + 1, "entries": {"a": 1}})
    shelf.path.write_text(newer)
    with pytest.raises(StoreError, match="newer adamkit"):
        shelf.put("b", 2)
    with pytest.raises(StoreError, match="newer adamkit"):
        shelf.entries()
    assert shelf.path.read_text() == newer


WRITER = """
import sys
from adamkit.practice.store import Shelf
for i in range(40):
    Shelf("answers").put(f"{sys.argv[1]}-{i}", i)
"""


def test_two_processes_that_write_at_once_lose_nothing(shelf):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name]) for name in ("left", "right")]
    assert [writer.wait(timeout=900) for writer in writers] == [0, 0]
    assert shelf.entries() == {f"{name}-{i}": i for name in ("left", "right") for i in range(40)}
    assert not list(store.home().glob("*.tmp"))


def test_a_crash_while_writing_leaves_the_old_file(shelf, monkeypatch):
    shelf.put("a", 1)
    with pytest.raises(TypeError):
        shelf.put("b", object())  # not JSON: fails before anything is written
    with pytest.raises(ValueError, match="JSON compliant"):
        shelf.put("b", float("nan"))
    assert shelf.entries() == {"a": 1}


def test_a_place_that_cannot_be_a_folder_is_explained(shelf, reader):
    reader.write_text("in the way")
    for use in (shelf.entries, lambda: shelf.put("a", 1)):
        with pytest.raises(StoreError, match="ADAMKIT_HOME"):
            use()
    assert progress.texts("00-opening")[0] == []


@pytest.fixture
def read_only(shelf, monkeypatch):
    """The shelf, filled, in a folder where nobody may make a file: not even root, whom permissions do not bind."""
    shelf.put("a", 1)
    folder, system = shelf.path.parent, os.open

    def refusing(path, flags, *args, **kwargs):
        if flags & os.O_CREAT and os.path.dirname(path) == str(folder) and not os.path.exists(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return system(path, flags, *args, **kwargs)

    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        monkeypatch.setattr(os, "open", refusing)
    yield shelf
    folder.chmod(0o700)


def test_a_read_only_folder_is_explained_and_can_still_be_read(read_only):
    with pytest.raises(StoreError, match="Permission denied"):
        read_only.put("b", 2)
    assert read_only.entries() == {"a": 1}


def test_a_lock_held_by_another_program_is_explained(shelf, monkeypatch):
    import filelock

    shelf.put("a", 1)
    monkeypatch.setattr(store, "_PATIENCE", 0.2)
    with filelock.FileLock(f"{shelf.path}.lock"), pytest.raises(StoreError, match="Close other notebooks"):
        shelf.put("b", 2)
    assert shelf.entries() == {"a": 1}


def test_every_version_of_an_answer_is_kept_and_repeats_are_not(shelf):
    for text in ("first", "second", "second"):
        assert OPENING.save(text)[0] == "good"
    assert [version["text"] for version in OPENING.history()] == ["first", "second"]
    assert all(version["when"].endswith("Z") for version in OPENING.history())


def test_keystrokes_that_arrive_after_the_click_complete_the_version_that_was_saved(shelf):
    answers = OPENING
    box = widgets.AnswerBox("", answers.save)
    box.area.value = "The ra"
    box.button.click()
    box.area.value = "The rate."  # the browser had held these letters back
    assert [version["text"] for version in answers.history()] == ["The rate."]
    box.saved_at -= 60
    box.area.value = "The rate. And more"  # typed later: kept when Save is pressed, and not before
    assert [version["text"] for version in answers.history()] == ["The rate."]


def test_a_slow_save_is_not_overtaken_by_that_of_a_late_keystroke():
    kept, entered, go_on = [], threading.Event(), threading.Event()

    def save(text):
        if not entered.is_set():
            entered.set()
            go_on.wait(5)
        kept.append(text)
        return "good", "Saved."

    box = widgets.AnswerBox("The ra", save)
    click = threading.Thread(target=box.button.click)
    click.start()
    assert entered.wait(5)
    late = threading.Thread(target=setattr, args=(box.area, "value", "The rate."))
    late.start()
    late.join(0.2)
    go_on.set()
    click.join(5)
    late.join(5)
    assert kept == ["The ra", "The rate."]


def test_a_longer_answer_given_later_is_a_version_of_its_own(shelf):
    answers = OPENING
    Shelf("answers").put("00-opening", [{"when": "2020-01-01T00:00:00Z", "text": "The rate"}, "The rate"])
    answers.save("The rate, I would say")
    assert len(answers.history()) == 3


def test_an_answer_that_cannot_be_saved_is_reported_and_stays_in_the_box(reader):
    reader.write_text("in the way")
    widget = OPENING.widget()
    area, button, said = widget.children[1].children
    area.value = "my long answer"
    button.click()
    assert area.value == "my long answer"
    assert "Not saved" in said.value


def test_an_empty_answer_is_not_saved(shelf):
    assert OPENING.save("  \n")[0] == "calm"
    assert not shelf.path.exists()


def test_entries_that_someone_edited_by_hand_do_no_harm(shelf):
    shelf.put("00-opening", "a text where a list belongs")
    assert OPENING.save("new")[0] == "good"
    assert [version["text"] for version in OPENING.history()] == ["a text where a list belongs", "new"]
    shelf.put("00-opening", [1, {"when": 2}])
    assert OPENING.history() == []


def shell(*, stdin):
    return types.SimpleNamespace(kernel=types.SimpleNamespace(_allow_stdin=stdin))


@pytest.mark.parametrize(
    ("running", "env", "here"),
    [
        (None, {}, False),  # a script
        (None, {"ADAMKIT_HOME": "x"}, True),
        (shell(stdin=True), {}, True),  # JupyterLab
        (shell(stdin=True), {"CI": "1"}, False),
        (shell(stdin=True), {"CI": "1", "ADAMKIT_HOME": "x"}, True),
        (shell(stdin=False), {}, False),  # nbclient, nbval, a build
        (shell(stdin=False), {"ADAMKIT_HOME": "x"}, False),
        (types.SimpleNamespace(), {}, True),  # IPython in a terminal
    ],
)
def test_a_reader_is_here_only_where_someone_can_be_asked(monkeypatch, running, env, here):
    for name in ("CI", "ADAMKIT_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(store, "_shell", lambda: running)
    assert store.reader_is_here() is here


def test_a_pass_is_recorded_once_and_trouble_is_told(reader):
    from adamkit import practice

    exercise = practice.exercise("01-largest-stable-lr")
    assert exercise.check(0.1).passed
    first = Shelf("exercises").entries()
    assert exercise.check(0.1).passed
    assert Shelf("exercises").entries() == first
    assert [*first] == ["01-largest-stable-lr"]
    shutil.rmtree(reader)
    reader.write_text("in the way")
    verdict = exercise.check(0.1)
    assert verdict.passed
    assert "not recorded" in verdict.body
