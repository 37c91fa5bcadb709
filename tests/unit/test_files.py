"""A file is written whole or not at all."""

import os
import time

import pytest

from adamkit.files import ABANDONED, write_atomically


def test_the_content_arrives_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "run.json"
    write_atomically(path, lambda file: file.write(b"one"))
    write_atomically(str(path), lambda file: file.write(b"two"))
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, full_disk, call):
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    with full_disk(call), pytest.raises(OSError, match="No space left"):
        write_atomically(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_what_the_writer_raises_passes_through_and_leaves_nothing(tmp_path, kind):
    def half(file):
        file.write(b"hal")
        raise kind("stopped")

    with pytest.raises(kind):
        write_atomically(tmp_path / "run.json", half)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_the_old_content_until_all_of_the_new_is_there(tmp_path):
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    seen = []

    def slowly(file):
        file.write(b"n")
        file.flush()
        seen.append(path.read_bytes())
        file.write(b"ew")

    write_atomically(path, slowly)
    assert (seen, path.read_bytes()) == ([b"old"], b"new")


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "nowhere" / "run.json", lambda file: None)


def test_what_killed_writers_left_is_cleared_when_it_is_old_and_nothing_else_is(tmp_path):
    names = {".a.json.x1.new": ABANDONED + 60, ".a.json.x2.new": 60, ".b.json.x3.new": ABANDONED + 60,
             "a.json.new": ABANDONED + 60}
    for name, age in names.items():
        (tmp_path / name).write_text("half", encoding="utf-8")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    write_atomically(tmp_path / "a.json", lambda file: file.write(b"whole"))
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".a.json.x2.new", ".b.json.x3.new", "a.json", "a.json.new"]
    assert (tmp_path / "a.json").read_bytes() == b"whole"
