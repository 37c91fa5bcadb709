"""The 21-day plan: its dates, its ticks, and the calendar file."""

import re
from datetime import date, datetime, timedelta

import icalendar
import pytest
from refusals import each, refused

from adamkit.practice import plan
from adamkit.practice.store import Shelf
from adamkit.practice.study import StudyPlan

FIRST = date(2026, 3, 1)


pytestmark = pytest.mark.usefixtures("reader")


def events(path):
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_the_plan_has_the_days_and_tasks_of_spaced_practice():
    assert plan.DAYS == (0, 3, 7, 14, 21)
    by_day = {day: [task.title for task in plan.TASKS if task.day == day] for day in plan.DAYS}
    assert [len(by_day[day]) for day in plan.DAYS] == [2, 2, 2, 3, 2]
    assert "rubber duck" in by_day[0][1]
    assert all(5 <= task.minutes <= 8 for task in plan.TASKS if task.day == 14)
    assert next(task.minutes for task in plan.TASKS if task.day == 21) == 3
    assert len({task.key for task in plan.TASKS}) == len(plan.TASKS)


def test_the_start_is_kept_and_may_be_moved_without_losing_what_is_done():
    assert plan.standing().start is None
    assert plan.standing().due() == []
    plan.start(FIRST)
    plan.mark("0-duck")
    moved = plan.start(FIRST + timedelta(days=5))
    assert moved.start == FIRST + timedelta(days=5)
    assert set(moved.done) == {"0-duck"}


def test_what_is_due_are_the_open_tasks_whose_day_has_come():
    plan.start(FIRST)
    plan.mark("0-update")
    due = plan.standing().due(today=FIRST + timedelta(days=3))
    assert [task.key for task in due] == ["0-duck", "3-adamw", "3-ten-lines"]
    assert plan.standing().coming(today=FIRST + timedelta(days=3)) == FIRST + timedelta(days=7)
    assert plan.standing().coming(today=FIRST + timedelta(days=21)) is None


def test_a_clock_set_back_before_the_start_asks_for_nothing():
    plan.start(FIRST)
    before = FIRST - timedelta(days=400)
    assert plan.standing().due(today=before) == []
    assert "It begins on 2026-03-01" in StudyPlan().summary(today=before)


def test_a_task_can_be_opened_again_and_a_strange_one_is_refused():
    plan.mark("7-transformers")
    plan.mark("7-transformers", done=False)
    assert plan.standing().done == {}
    with pytest.raises(LookupError, match="0-update"):
        plan.mark("8-nothing")


test_what_is_no_date_is_refused = refused(
    *each(plan.start, r"day={} .*date\(2026, 3, 31\)", "2026-03-01", 3, datetime(2026, 3, 1), date(9999, 12, 31)))


@pytest.mark.parametrize("entries", [{"start": 5, "done": [], "moved": "x", "id": 7}, {"start": "yesterday"}])
def test_entries_that_someone_edited_by_hand_do_no_harm(entries, tmp_path):
    Shelf("plan").update(lambda kept: kept.update(entries))
    assert plan.standing().start is None
    assert plan.start(FIRST).start == FIRST
    plan.mark("0-duck")
    assert len(events(plan.save_calendar(tmp_path / "a.ics"))) == 5


# --- the calendar file ---


def test_the_calendar_has_one_whole_day_entry_for_each_day_of_the_plan(tmp_path):
    plan.start(FIRST)
    path = plan.save_calendar(tmp_path / "adam.ics")
    assert path == tmp_path / "adam.ics"
    found = events(path)
    assert [event.decoded("dtstart") for event in found] == [FIRST + timedelta(days=day) for day in plan.DAYS]
    assert [event.decoded("dtend") - event.decoded("dtstart") for event in found] == [timedelta(days=1)] * 5
    for day, event in zip(plan.DAYS, found, strict=True):
        for task in plan.TASKS:
            assert (task.title in str(event["description"])) == (task.day == day)
        assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=9)


def test_the_calendar_file_keeps_to_the_rules_of_rfc_5545(tmp_path):
    raw = plan.save_calendar(tmp_path / "adam.ics").read_bytes()
    lines = raw.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert len(re.findall(rb"\r\nUID:", raw)) == len(re.findall(rb"\r\nDTSTAMP:\d{8}T\d{6}Z", raw)) == 5


def test_a_plan_that_was_moved_moves_its_entries_instead_of_adding_new_ones(tmp_path):
    plan.start(FIRST)
    before = events(plan.save_calendar(tmp_path / "a.ics"))
    plan.start(FIRST + timedelta(days=2))
    after = events(plan.save_calendar(tmp_path / "b.ics"))
    assert [e["uid"] for e in before] == [e["uid"] for e in after]
    assert [int(e["sequence"]) for e in after] == [int(e["sequence"]) + 1 for e in before]


def test_saving_the_calendar_of_a_plan_that_has_not_begun_begins_it_today(tmp_path):
    found = events(plan.save_calendar(tmp_path / "a.ics"))
    assert plan.standing().start == found[0].decoded("dtstart")
    assert abs((plan.standing().start - date.today()).days) <= 1


def test_plans_of_two_readers_have_different_entries(tmp_path, monkeypatch):
    mine = {event["uid"] for event in events(plan.save_calendar(tmp_path / "a.ics"))}
    monkeypatch.setenv("ADAMKIT_HOME", str(tmp_path / "other"))
    assert not mine & {event["uid"] for event in events(plan.save_calendar(tmp_path / "b.ics"))}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("adam.txt", r"must end in \.ics"), ("missing/adam.ics", "there is no folder"), ("folder.ics", "is a folder")],
)
def test_a_path_that_will_not_do_is_refused_with_the_reason(tmp_path, name, sentence):
    (tmp_path / "folder.ics").mkdir()
    with pytest.raises(ValueError, match=sentence):
        plan.save_calendar(tmp_path / name)


# --- the plan in a notebook ---


def test_the_page_shows_every_task_and_after_the_start_its_date():
    shown = StudyPlan()
    assert all(task.title in shown.html() and task.title in shown.text() for task in plan.TASKS)
    assert "Not begun" in shown.text()
    plan.start(FIRST)
    assert "day 21, 2026-03-22" in shown.text()


def test_ticks_are_kept_and_the_button_goes_once_the_plan_has_begun():
    box = StudyPlan().widget()
    _, begin, *rows, said = box.children
    begin.click()
    assert plan.standing().start is not None
    assert begin.layout.display == "none"
    rows[1].children[0].value = True
    assert set(plan.standing().done) == {"0-duck"}
    assert "Write the update from memory" in said.value
    assert StudyPlan().widget().children[3].children[0].value is True


def test_a_tick_that_cannot_be_kept_is_taken_back_and_explained(reader):
    box = StudyPlan().widget()
    reader.write_text("in the way")
    tick = box.children[2].children[0]
    tick.value = True
    assert tick.value is False
    assert "Not kept" in box.children[-1].value


def test_when_all_is_done_it_says_so():
    plan.start(FIRST)
    for task in plan.TASKS:
        plan.mark(task.key)
    assert StudyPlan().summary() == "All done. The cards go on."
