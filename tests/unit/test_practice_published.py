"""Mistakes with a source: told to the reader, and gathered into one table."""

import re

from adamkit import practice
from adamkit.practice import catalogue
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.published import PublishedMistakes


def test_the_verdict_says_where_published_code_has_the_mistake():
    adam, name = practice.exercise("04-adam"), "t counts parameters instead of steps"
    (counts,) = [mistake for mistake in adam.mistakes if mistake.name == name]
    verdict = adam.check(counts.made)
    assert verdict.mistake == name
    assert "Published code has it too:" in verdict.body
    assert "flashlight (issue 143)" in verdict.body


def test_a_mistake_without_a_source_says_nothing_of_published_code():
    assert Mistake("uphill", "Subtract.", None).body == "Subtract."


def test_the_table_holds_every_mistake_with_a_source_and_no_other():
    table = practice.published_mistakes()
    exercises = [e for e in catalogue.everything("EXERCISES") if isinstance(e, Exercise)]
    sourced = {(e.key, m.name) for e in exercises for m in e.mistakes if m.seen}
    assert {(key, name) for key, name, _ in table.rows} == sourced
    assert len(sourced) >= 30
    assert {key[:2] for key, _ in sourced} >= {"02", "03", "04", "05", "06", "08"}


def test_most_sources_name_a_thread_that_can_be_looked_up():
    seen = [where for _, _, where in practice.published_mistakes().rows]
    threads = [where for where in seen if re.search(r"(issue|pull requests?) \d+", where)]
    assert len(threads) > 0.7 * len(seen)


def test_what_never_shipped_is_not_counted_among_what_did():
    kinds = practice.published_mistakes().by_kind()
    assert sum(map(len, kinds.values())) == len(practice.published_mistakes().rows)
    assert all(kinds.values())
    for _, name, where in kinds["shipped"]:
        elsewhere = re.search(r"^[^,;]*(documentation|draft|proposed)", where) or where.endswith("on purpose")
        assert not elsewhere, name


def test_a_source_is_a_phrase_that_ends_without_a_full_stop():
    for _, name, where in practice.published_mistakes().rows:
        assert not where.endswith("."), name


def test_the_table_escapes_what_it_shows():
    table = PublishedMistakes((("k", "a < b", "x & y"),))
    assert "a &lt; b" in table.html()
    assert "x &amp; y" in table.html()
    assert table.text() == "k: a < b. x & y."
