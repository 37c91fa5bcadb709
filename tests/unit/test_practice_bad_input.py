"""Bad input and bad places: a clear sentence, and nothing lost."""

import errno
import os

import pytest

from adamkit.lessons.nb00 import OPENING
from adamkit.practice import anki, cards, plan
from adamkit.practice.store import Shelf, StoreError

pytestmark = pytest.mark.usefixtures("reader")


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000_000, "a\x00b\x1b[31m\r\n\u2028", "‮ right to left", "😀 m̂ ∑ 漢字", '"}],\\u0000{', "</script><b>"],
    ids=["five megabytes", "control characters", "direction", "other scripts", "JSON", "HTML"],
)
def test_an_answer_of_any_size_and_characters_comes_back_as_it_was(text):
    assert OPENING.save(text)[0] == "good"
    assert OPENING.history()[-1]["text"] == text


def test_half_a_character_is_replaced_and_the_rest_of_the_answer_is_kept():
    assert OPENING.save("before \ud83d after")[0] == "good"
    assert OPENING.history()[-1]["text"] == "before ? after"


@pytest.mark.parametrize(("call", "error"), [
    *(("tempfile.mkstemp", error) for error in (errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT)),
    ("os.fsync", errno.ENOSPC), ("os.replace", errno.ENOSPC),
])  # fmt: skip
def test_a_place_that_takes_no_files_is_explained_everywhere_and_what_was_kept_stays(tmp_path, full_disk, call, error):
    deck, shelf = cards.Cards(), Shelf("answers")
    first = deck.due()[:1]
    kept = [lambda: deck.rate(first[0].id, "good"), lambda: plan.mark("0-duck"), lambda: shelf.put("a", 1)]
    exported = [lambda: plan.save_calendar(tmp_path / "a.ics"), lambda: anki.save_deck(tmp_path / "a.apkg", first)]
    for write in (plan.start, *kept, *exported):
        write()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(before) >= 5
    with full_disk(call, error):
        for writers, untouched in ((kept, "Nothing on disk was changed"), (exported, "there before is untouched")):
            for write in writers:
                with pytest.raises(StoreError, match=f"{os.strerror(error)}.*{untouched}"):
                    write()
        assert OPENING.save("text")[0] == "bad"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_numbers_that_json_does_not_know_do_not_block_the_file():
    Shelf("plan").put("a", 1)
    Shelf("plan").path.write_text('{"version": 1, "entries": {"a": 1e999, "b": NaN, "c": 2.5}}')
    plan.mark("0-duck")
    entries = Shelf("plan").entries()
    assert (entries["a"], entries["b"], entries["c"]) == ("1e999", "NaN", 2.5)
