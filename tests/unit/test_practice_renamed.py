"""What a reader did under the numbers of an earlier version stands under today's; store_1_0_0 was written by 1.0.0."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adamkit import practice
from adamkit.practice import catalogue, panel, plan, progress, renamed, store
from adamkit.practice.cards import Cards
from adamkit.practice.mock import last_grades
from adamkit.practice.store import Shelf, StoreError

OLD = Path(__file__).with_name("store_1_0_0")
TOPICS = sorted(path.stem for path in OLD.glob("*.json"))
MOVING = ("answers", "exercises", "predictions", "quizzes")
SHELVES = ("EXERCISES", "PREDICTIONS", "INTERVIEWS", "PROBLEMS")
#: Every name of 1.0.0 that has another one today.
GIVEN_UP = {old: renamed.today(old) for version in renamed.MOVES for old in renamed._names(version)}


@pytest.fixture
def reader(reader):
    """The folder of a reader who has done everything in 1.0.0."""
    return shutil.copytree(OLD, reader)


def written(topic, folder=OLD):
    return json.loads((folder / f"{topic}.json").read_text(encoding="utf-8"))


def keep(topic, entries, version=1):
    """Put a file of some version in place."""
    store.home().mkdir(exist_ok=True)
    Shelf(topic).path.write_text(json.dumps({"version": version, "entries": entries}), encoding="utf-8")


def keys(shelf):
    return {entry.key: entry for entry in catalogue.everything(shelf)}


def test_the_store_of_1_0_0_holds_all_that_1_0_0_kept():
    assert {written(topic)["version"] for topic in TOPICS} == {1}
    kept = {name for topic in MOVING for name in written(topic)["entries"]}
    assert {GIVEN_UP[old] for old in set(GIVEN_UP) - kept} <= set(keys("INTERVIEWS"))  # boxes keep nothing


def test_everything_that_was_done_is_still_done(reader):
    rows = {row.notebook: row for row in panel.read().rows}
    new_since = {"01": 1, "02": 1, "06": 1, "09": 2, "10": 1, "11": 4, "12": 3}  # exercises that 1.0.0 did not have
    assert {n: row.exercises - row.done for n, row in rows.items() if row.done != row.exercises} == new_since
    assert {n for n, row in rows.items() if row.right != 3} == {"09", "11"}  # notebooks that 1.0.0 did not have
    assert progress.texts("14-climb")[0][-1]["text"] == "Better thoughts on 12-climb."
    assert progress.texts("00-opening")[0][0]["text"] == "The rate, I think."
    assert {"09-pack", "10-loop", "12-mystery-1", "13-regret", "14-bytes"} <= set(Shelf("exercises").entries())


def test_the_pre_quiz_sends_to_the_notebooks_that_answer_what_was_missed(reader):
    assert panel.read().missed == ("01", "02", "03", "04", "05", "06", "07", "09", "10", "12")


def test_cards_interviews_drafts_and_the_plan_go_by_other_names_and_stay(reader):
    for topic in set(TOPICS) - set(MOVING):
        assert Shelf(topic).entries() == written(topic)["entries"]
    assert plan.standing().done.keys() == {"0-update", "14-derivation"}  # of day 14, not of notebook 14
    assert Cards().counts().new == len(Cards().questions) - 7
    assert list(last_grades().values()) == ["lean"]


@pytest.mark.parametrize("topic", MOVING)
def test_each_name_of_1_0_0_is_one_that_there_is_today(reader, topic):
    known = {key for shelf in SHELVES for key in keys(shelf)} | {"00-pre-quiz", "00-opening", *catalogue.notebooks()}
    assert set(Shelf(topic).entries()) <= known
    assert len(Shelf(topic).entries()) == len(written(topic)["entries"])


def test_reading_leaves_the_file_alone_and_the_next_change_moves_it_once(reader):
    before = written("quizzes", reader)
    first = Shelf("quizzes").entries()
    assert written("quizzes", reader) == before
    for _ in range(2):
        assert Shelf("quizzes").update(lambda entries: None) == first
        assert written("quizzes", reader) == {"version": store.VERSION, "entries": first}
    assert first["12"] == before["entries"]["10"]


def test_a_folder_that_cannot_be_written_shows_what_was_done(reader, full_disk):
    assert "10-loop" in Shelf("exercises").entries()
    with full_disk(error=errno.EROFS), pytest.raises(StoreError, match="Read-only"):
        Shelf("exercises").put("10-bill", {})
    assert written("exercises", reader) == written("exercises")


KILLED = """
import os, sys
from adamkit.practice import store
topics, call, number = sys.argv[1].split(","), sys.argv[2], int(sys.argv[3])
real, count = getattr(os, call), 0

def fatal(*args, **kwargs):
    global count
    count += 1
    if count == number:
        os._exit(9)  # as a kill: nothing is tidied up
    return real(*args, **kwargs)

setattr(os, call, fatal)
for topic in topics:
    store.Shelf(topic).update(lambda entries: entries.setdefault("mine", topic))
"""


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", range(1, len(MOVING) + 1))
def test_a_kill_at_any_file_loses_nothing_and_the_next_run_completes(reader, call, number):
    wanted = {topic: Shelf(topic).entries() | {"mine": topic} for topic in MOVING}

    def run(at):
        arguments = [sys.executable, "-c", KILLED, ",".join(MOVING), call, str(at)]
        return subprocess.run(arguments, timeout=900, check=False).returncode

    assert run(number) == 9
    assert [written(topic, reader)["version"] for topic in MOVING] == [
        store.VERSION if place < number else 1 for place, _ in enumerate(MOVING, 1)]
    for topic in MOVING:
        assert wanted[topic] == Shelf(topic).entries() | {"mine": topic}
    assert run(0) == 0
    assert {topic: written(topic, reader)["entries"] for topic in MOVING} == wanted


def test_old_and_new_names_in_one_file_lose_neither(reader):
    keep("exercises", {"09-loop": {"when": "1"}, "10-loop": {"when": "2"}, "10-mystery-1": 3, "12-mystery-1": 4})
    kept = Shelf("exercises").entries()
    assert kept["10-loop"] == {"when": "2"}
    assert kept["12-mystery-1"] == 4
    assert sorted(map(str, kept.values())) == ["3", "4", "{'when': '1'}", "{'when': '2'}"]
    assert Shelf("exercises").update(lambda entries: None) == Shelf("exercises").entries() == kept


def test_two_histories_of_one_answer_become_one_in_order(reader):
    at = lambda when: {"when": when, "text": f"of {when}"}
    keep("answers", {"12-climb": [at("2026-01"), at("2026-03")], "14-climb": [at("2026-02"), "undated"]})
    assert [version["text"] for version in progress.texts("14-climb")[0]] == [
        "undated", "of 2026-01", "of 2026-02", "of 2026-03"]


def test_the_same_number_means_two_notebooks_and_the_version_of_the_file_decides(reader):
    of_two = {"09": "nine", "10": "ten"}
    for version, wanted in ((1, {"10": "nine", "12": "ten"}), (2, of_two), (store.VERSION, of_two)):
        keep("quizzes", {"09": "nine", "10": "ten"}, version)
        assert Shelf("quizzes").entries() == wanted


@pytest.mark.parametrize("value", [None, 3, "text", [], [1, {}], {"missed": 5}, {"missed": [1, None, "09"]}])
def test_entries_that_someone_edited_by_hand_are_carried_over_as_they_are(reader, value):
    for topic in MOVING:
        keep(topic, {"09-loop": value, "00-pre-quiz": value, "somebody's": value})
        kept = Shelf(topic).entries()
        assert kept["10-loop"] == kept["somebody's"] or topic == "quizzes"
        assert len(kept) == 3


def test_one_entry_goes_through_every_version_that_lies_between(reader):
    for version, old in ((1, "08-pack"), (2, "08-pack"), (store.VERSION, "09-pack")):
        keep("exercises", {old: version}, version)
        assert Shelf("exercises").entries() == {"09-pack": version}
    keep("predictions", {"08-zeros": 1, "09-eight-bits": 2}, 1)
    assert Shelf("predictions").entries() == {"09-zeros": 1, "10-eight-bits": 2}


@pytest.mark.parametrize("shelf", SHELVES)
def test_a_name_of_an_earlier_version_still_finds_what_it_named(shelf):
    entries = keys(shelf)
    old = {key for key, now in GIVEN_UP.items() if now in entries and key not in entries}
    assert old
    assert {key: catalogue.find(shelf, key) for key in old} == {key: entries[GIVEN_UP[key]] for key in old}


def test_a_copy_made_before_can_still_be_checked_and_counts(reader):
    (reader / "exercises.json").unlink()
    assert practice.exercise("09-bill").check(26.0).passed
    assert [*Shelf("exercises").entries()] == ["10-bill"]


def test_every_number_that_was_given_up_is_another_notebook_now():
    assert {old for moves in renamed.MOVES.values() for old, _, _ in moves} <= set(catalogue.notebooks())
    with pytest.raises(LookupError, match=r"no practice for notebook '15'; there is for 00, 01"):
        practice.self_check("15")
