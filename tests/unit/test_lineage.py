"""Where the optimizers come from: the table is whole, and its pictures show all of it."""

from itertools import pairwise
from pathlib import Path

from adamkit import plotting, rules
from adamkit.lessons.nb08 import lineage

BY_NAME = {method.name: method for method in lineage.HISTORY}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_the_history_runs_forward_and_names_each_method_once():
    years = [method.year for method in lineage.HISTORY]
    assert years == sorted(years)
    assert (years[0], years[-1]) == (1951, 2026)
    assert len(BY_NAME) == len(lineage.HISTORY)


def test_every_parent_is_older_or_from_the_same_paper_and_stands_further_left():
    for method in lineage.FAMILY:
        for parent in method.parents:
            assert BY_NAME[parent].year <= method.year
            assert BY_NAME[parent].place[0] < method.place[0]


def test_every_rule_of_the_package_is_in_the_history():
    built = {method.rule for method in lineage.HISTORY} - {""}
    assert built == set(rules.__all__) - {"Rule"}


def test_notebook_08_counts_the_methods_that_the_map_shows_as_children_of_adam():
    """Its title and its alt text are written by hand: another entry with a place on the map makes them untrue."""
    family = {"Adam"}
    for _ in lineage.FAMILY:
        family |= {method.name for method in lineage.FAMILY if family & set(method.parents)}
    number = ("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")[len(family) - 1 - 7]
    text = (Path(__file__).parents[2] / "notebooks/src/08_one_line_changed.py").read_text(encoding="utf-8")
    assert f'"{number} descend from Adam; Lion and Muon grow from momentum"' in text
    assert f"{number.lower()} methods come from Adam, Lion and Muon from momentum" in text
    assert {m.name for m in lineage.FAMILY if m.parents == ("Momentum",) and m.year > 2020} == {"Lion", "Muon"}


def test_every_entry_has_a_source():
    for method in lineage.HISTORY:
        assert method.url.startswith("https://")
        assert len(method.title) > 5


def test_the_map_has_a_box_for_each_method_and_a_curve_for_each_parent():
    ax = plotting.figure(9, 5).subplots()
    lineage.draw_family(ax, lineage.FAMILY)
    assert {method.name for method in lineage.FAMILY} <= set(texts(ax))
    parents = sum(len(method.parents) for method in lineage.FAMILY)
    assert len(ax.patches) == parents + len(lineage.FAMILY)


def test_boxes_of_the_map_do_not_touch():
    places = [method.place for method in lineage.FAMILY]
    for i, (x, y) in enumerate(places):
        assert all(abs(x - x2) >= 1 or abs(y - y2) >= 1 for x2, y2 in places[:i])


def test_the_line_of_years_says_each_year_once_and_ends_open():
    ax = plotting.figure(8, 6).subplots()
    lineage.draw_history(ax, lineage.HISTORY[:-1], until=2026)
    years = [word for word in texts(ax) if word.isdigit()]
    assert sorted(years) == [str(year) for year in sorted({m.year for m in lineage.HISTORY[:-1]} | {2026})]


def test_lines_of_the_history_keep_the_order_and_do_not_overlap():
    ax = plotting.figure(8, 6).subplots()
    lineage.draw_history(ax, lineage.HISTORY, until=2026)
    names = [text for text in ax.texts if text.get_text() in BY_NAME]
    heights = [text.get_position()[1] for text in names if text.get_position()[0] == 1.25]
    assert len(heights) == len(lineage.HISTORY)
    assert all(later - earlier >= 1 for earlier, later in pairwise(heights))
