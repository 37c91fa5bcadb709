"""Cards: the schedule of FSRS, kept on disk through clocks, kernels and damage."""

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import fsrs
import pytest

from adamkit.practice import cards
from adamkit.practice.cards import NEW_A_DAY, RATINGS, Cards
from adamkit.practice.store import Shelf


@dataclass(frozen=True)
class Asked:
    id: str
    question: str = "What is $m̂$?"
    answer: str = "An average, corrected."


DAY = timedelta(days=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BANK = tuple(Asked(f"q{i:02}") for i in range(25))


@pytest.fixture
def deck(reader):
    return Cards(BANK)


def ids(questions):
    return [question.id for question in questions]


def test_a_fresh_deck_offers_a_days_share_of_new_cards_in_the_order_of_the_bank(deck):
    assert ids(deck.due(at=NOON)) == ids(BANK[:NEW_A_DAY])
    counts = deck.counts(at=NOON)
    assert (counts.due, counts.new, counts.resting, counts.next_due) == (0, 25, 0, None)


def test_new_cards_are_rationed_by_the_day_and_reviews_are_not(deck):
    for question in deck.due(at=NOON):
        deck.rate(question.id, "easy", at=NOON)
    assert deck.due(at=NOON + timedelta(minutes=5)) == []
    assert ids(deck.due(at=NOON + DAY)) == ids(BANK[NEW_A_DAY : 2 * NEW_A_DAY])
    later = deck.due(at=NOON + 30 * DAY)
    assert ids(later) == ids(BANK[: 2 * NEW_A_DAY])


@pytest.mark.parametrize("grades", list(itertools.product(RATINGS, repeat=3)), ids="-".join)
def test_the_schedule_is_the_one_of_the_library(deck, grades):
    scheduler = fsrs.Scheduler(enable_fuzzing=False, maximum_interval=cards.LONGEST)
    reference, at = fsrs.Card(due=NOON), NOON
    for grade in grades:
        reference, _ = scheduler.review_card(reference, fsrs.Rating[grade.capitalize()], at)
        result = deck.rate("q00", grade, at=at)
        assert result.due == reference.due
        assert result.interval == reference.due - at
        at = reference.due
    kept = Shelf("cards").entries()["q00"]
    assert kept["stability"] == pytest.approx(reference.stability, rel=1e-12)
    assert [grade for _, grade in kept["reviews"]] == list(grades)


def test_a_preview_promises_what_a_grade_does_and_changes_nothing(deck):
    deck.rate("q00", "good", at=NOON)
    before = Shelf("cards").path.read_bytes()
    promised = deck.preview("q00", at=NOON + DAY)
    assert Shelf("cards").path.read_bytes() == before
    for grade in RATINGS:
        Shelf("cards").path.write_bytes(before)
        assert deck.rate("q00", grade, at=NOON + DAY).interval == promised[grade]
    assert promised["again"] < promised["hard"] <= promised["good"] < promised["easy"]


def test_recalling_lengthens_the_interval_until_its_longest_and_forgetting_ends_it(deck):
    at, intervals = NOON, []
    for _ in range(7):
        intervals.append(deck.rate("q00", "good", at=at).interval)
        at += intervals[-1]
    assert intervals == sorted(intervals)
    assert intervals[-1] / DAY == cards.LONGEST
    assert deck.rate("q00", "again", at=at).interval == timedelta(minutes=10)


def test_the_longest_overdue_card_comes_first(deck):
    for key, day in (("q03", 2), ("q01", 0), ("q02", 1)):
        deck.rate(key, "easy", at=NOON + day * DAY)
    assert ids(deck.due(at=NOON + 20 * DAY))[:3] == ["q01", "q02", "q03"]


def test_another_kernel_continues_where_this_one_is(deck):
    deck.rate("q00", "good", at=NOON)
    assert Cards(BANK).preview("q00", at=NOON) == deck.preview("q00", at=NOON)
    assert [at for at, _ in Shelf("cards").entries()["q00"]["reviews"]] == ["2026-03-01T12:00:00Z"]


def test_a_card_that_left_the_bank_keeps_its_history(deck):
    deck.rate("q00", "good", at=NOON)
    smaller = Cards(BANK[1:])
    smaller.rate("q01", "good", at=NOON)
    assert set(Shelf("cards").entries()) == {"q00", "q01"}
    assert smaller.counts(at=NOON).new == 23


def test_times_of_any_zone_mean_the_same_moment(deck):
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    assert deck.rate("q00", "easy", at=there).due == Cards(BANK).rate("q01", "easy", at=NOON).due


@pytest.mark.parametrize("at", [datetime(2026, 3, 1), "2026-03-01", 0], ids=str)
def test_a_time_without_its_zone_is_refused(deck, at):
    with pytest.raises(ValueError, match="datetime with a time zone"):
        deck.rate("q00", "good", at=at)


@pytest.mark.parametrize("rating", ["Good", "", None, 3, "perfect"])
def test_an_unknown_grade_is_refused_and_nothing_is_written(deck, rating):
    with pytest.raises(ValueError, match="'again', 'hard', 'good', 'easy'"):
        deck.rate("q00", rating, at=NOON)
    assert not Shelf("cards").path.exists()


def test_an_unknown_card_is_refused(deck):
    with pytest.raises(LookupError, match="'q99'"):
        deck.rate("q99", "good", at=NOON)


def test_two_questions_of_one_id_are_refused():
    with pytest.raises(ValueError, match="2 cards have only 1"):
        Cards([Asked("a"), Asked("a")])


# --- clocks ---


def test_a_clock_set_back_makes_the_card_due_and_the_review_counts_as_on_the_same_day(deck):
    deck.rate("q00", "easy", at=NOON + 3000 * DAY)
    assert "q00" in ids(deck.due(at=NOON))
    result = deck.rate("q00", "good", at=NOON)
    assert NOON < result.due <= NOON + cards.LONGEST * DAY
    assert "q00" not in ids(deck.due(at=NOON + timedelta(minutes=1)))
    assert len(Shelf("cards").entries()["q00"]["reviews"]) == 2


def test_a_clock_corrected_by_minutes_changes_no_schedule(deck):
    due = deck.rate("q00", "easy", at=NOON).due
    assert "q00" not in ids(deck.due(at=NOON - timedelta(minutes=20)))
    again = deck.rate("q00", "easy", at=NOON - timedelta(minutes=20))
    assert again.due >= due


def test_a_clock_that_jumps_far_ahead_and_back_never_hides_a_card_for_good(deck):
    for years in (0, 50, -30, 0):
        at = NOON + timedelta(days=365 * years)
        deck.rate("q00", "good", at=at)
        assert "q00" in ids(deck.due(at=at + (cards.LONGEST + 1) * DAY))


# --- the file ---


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "text",
        [],
        {},
        {"state": 9},
        {"state": 2, "step": None, "stability": -1, "difficulty": 5, "due": "x", "last_review": "x"},
        {"state": 2, "step": None, "stability": 1e400, "difficulty": 5, "due": NOON.isoformat(),
         "last_review": NOON.isoformat()},
        {"state": 2, "step": None, "stability": 5, "difficulty": 5, "due": "2026-03-01", "last_review": "2026-03-01"},
        {"state": 3, "step": None, "stability": 5, "difficulty": 5, "due": NOON.isoformat(),
         "last_review": NOON.isoformat()},
        {"state": 2, "step": None, "stability": 5, "difficulty": 5, "due": NOON.isoformat(),
         "last_review": NOON.isoformat(), "reviews": [[1]]},
    ],
    ids=lambda entry: json.dumps(entry, default=str)[:40],
)
def test_an_entry_that_makes_no_sense_counts_as_new_and_is_not_thrown_away(deck, entry):
    path = Shelf("cards").path
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, "entries": {"q00": entry}}).replace("Infinity", "1e400"))
    assert "q00" in ids(deck.due(at=NOON))
    assert deck.rate("q00", "good", at=NOON).interval == timedelta(minutes=10)
    kept = Shelf("cards").entries()["q00"]
    assert len(kept["reviews"]) == 1
    assert entry is None or "unreadable" in kept


def test_a_damaged_file_is_set_aside_and_told(deck):
    deck.rate("q00", "good", at=NOON)
    Shelf("cards").path.write_bytes(b"{")
    assert ids(deck.due(at=NOON))[0] == "q00"
    assert "set aside" in deck.notice


WRITER = """
import sys
from dataclasses import make_dataclass
from adamkit.practice.cards import Cards
Asked = make_dataclass("Asked", ["id", "question", "answer"])
deck = Cards([Asked("shared", "?", "!"), Asked(sys.argv[1], "?", "!")])
for _ in range(15):
    deck.rate("shared", "good")
    deck.rate(sys.argv[1], "hard")
"""


def test_two_kernels_that_review_the_same_card_at_once_lose_no_grade(deck):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name]) for name in ("left", "right")]
    assert [writer.wait(timeout=900) for writer in writers] == [0, 0]
    kept = Shelf("cards").entries()
    assert {key: len(entry["reviews"]) for key, entry in kept.items()} == {"shared": 30, "left": 15, "right": 15}


def test_where_no_reader_is_nothing_is_read_or_kept(deck, monkeypatch):
    deck.rate("q00", "easy", at=NOON)
    monkeypatch.setattr(cards, "reader_is_here", lambda: False)
    before = Shelf("cards").path.read_bytes()
    assert ids(deck.due(at=NOON))[0] == "q00"
    deck.rate("q01", "good", at=NOON)
    assert Shelf("cards").path.read_bytes() == before
