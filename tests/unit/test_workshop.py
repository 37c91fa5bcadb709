"""The workshop guide: its minutes add up, and what it names exists."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from adamkit.lessons import explorers
from adamkit.practice import catalogue

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "workshop.md").read_text(encoding="utf-8")
LENGTHS = {"90 minutes": 90, "Half a day": 240, "Two days": 480}  # minutes; of each day, for the last
SHELVES = ("EXERCISES", "PREDICTIONS", "INTERVIEWS", "PROBLEMS")


def timetables():
    """(title, [(minutes after midnight or the start, length)]) for each table that has a column of minutes."""
    for section in GUIDE.split("\n## ")[1:]:
        title = section.splitlines()[0]
        for table in re.split(r"\n\s*\n", section):
            rows = re.findall(r"^\| (\d+):(\d\d) \| (\d+) \|", table, flags=re.M)
            if rows:
                yield title, [(60 * int(hours) + int(minutes), int(length)) for hours, minutes, length in rows]


def section_of(number):
    """The advice for one notebook."""
    return re.search(rf"^### {number} · .*?(?=^##)", GUIDE, flags=re.M | re.S).group()


def keys():
    return sorted({entry.key for shelf in SHELVES for entry in catalogue.everything(shelf)})


def covered():
    """Sources of the notebooks that the guide has a section for."""
    numbers = re.findall(r"^### (\d\d) · ", GUIDE, flags=re.M)
    return [path.stem for number in numbers for path in (ROOT / "notebooks" / "src").glob(f"{number}_*.py")]


def test_there_are_three_formats_and_the_last_has_two_days():
    assert [title for title, _ in timetables()] == ["90 minutes", "Half a day", "Two days", "Two days"]


@pytest.mark.parametrize(("title", "rows"), list(timetables()))
def test_each_timetable_adds_up_and_leaves_no_gap(title, rows):
    assert sum(length for _, length in rows) == LENGTHS[title]
    for (begin, length), (following, _) in pairwise(rows):
        assert begin + length == following


def test_every_exercise_prediction_and_box_that_the_guide_names_exists():
    named = set(re.findall(r"`(\d\d-[a-z-]+)`", GUIDE))
    assert len(named) > 40
    assert not named - set(keys())


def test_every_scenario_that_the_guide_names_belongs_to_its_explorer():
    found = 0
    for name, rest in re.findall(r"[Ee]xplorer `(\w+)`(?:, |\.)([^.|:;]*)", GUIDE):
        scenarios = getattr(explorers, name).scenarios
        for scenario in re.findall(r"\*\*(.+?)\*\*", rest):
            found += 1
            assert scenario in scenarios, f"explorer {name} has no scenario {scenario!r}"
    assert found > 20


@pytest.mark.parametrize("name", covered())
def test_advice_on_a_notebook_is_complete_and_quotes_the_minutes_it_promises(name):
    advice = section_of(name[:2])
    source = (ROOT / "notebooks" / "src" / f"{name}.py").read_text(encoding="utf-8")
    promised = re.search(r"^# About (\d+) minutes", source, flags=re.M).group(1)
    assert f"*Alone: {promised} minutes" in advice
    for entry in ("Show live", "Ask", "Usual misunderstandings", "Exercises", "Skip"):
        assert f"- **{entry}.**" in advice


def test_minutes_quoted_for_an_exercise_are_those_of_its_box():
    minutes = {exercise.key: exercise.minutes for exercise in catalogue.everything("EXERCISES")}
    quoted = re.findall(r"`(\d\d-[a-z-]+)` \((\d+)", GUIDE)
    assert len(quoted) > 25
    assert {key: int(number) for key, number in quoted if key in minutes and minutes[key] != int(number)} == {}
