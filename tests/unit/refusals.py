"""A table of calls, each with the words in which it is refused, is a test."""

import re

import pytest


def refused(*rows, error=ValueError):
    """A test of each row, (call, words) or (call, error, words): the error's message holds the words, a pattern."""
    rows = [(call, (*kind, error)[0], words) for call, *kind, words in rows]

    @pytest.mark.parametrize(("call", "error", "words"), rows, ids=[words for *_, words in rows])
    def test(call, error, words):
        with pytest.raises(error, match=words):
            call()

    return test


def each(call, words, *values):
    """A row for each of the values: given to the call, it is refused in these words, where {} is the value."""
    return [(lambda value=value: call(value), words.replace("{}", re.escape(repr(value)))) for value in values]


def assert_refused(call, *words, error=ValueError):
    """The call is refused, and the error's message holds all of the words, to the letter."""
    with pytest.raises(error) as refusal:
        call()
    assert [part for part in words if part not in str(refusal.value)] == [], refusal.value
