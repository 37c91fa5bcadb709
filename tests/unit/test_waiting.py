"""A long computation says how far it is, to a reader and to nobody else."""

import IPython.display
import pytest

from adamkit import waiting


@pytest.fixture
def screen(monkeypatch):
    """What stands below the cell, one entry for each time it was written; a clock that a loop can turn."""
    shown, clock = [], [0.0]

    class Line:
        def update(self, bundle, raw):
            shown.append(bundle["text/plain"])

    def display(bundle, raw, display_id):
        shown.append(bundle["text/plain"])
        return Line()

    monkeypatch.setattr(IPython.display, "display", display)
    monkeypatch.setattr(waiting, "attended", lambda: True)
    monkeypatch.setattr(waiting.time, "monotonic", lambda: clock[0])
    return shown, clock


def test_what_is_quick_says_nothing(screen):
    shown, clock = screen
    for _ in waiting.told(range(10)):
        clock[0] += 0.2
    assert shown == []


def test_what_is_slow_says_how_far_it_is_and_leaves_nothing(screen):
    shown, clock = screen
    seen = []
    for item in waiting.told(range(20), "runs"):
        seen.append(item)
        clock[0] += 1.0
    assert seen == list(range(20))
    assert shown[0].startswith("4 of 20 runs, about 16 s left")
    assert shown[-2].startswith("19 of 20 runs, about 1 s left")
    assert shown[-1] == ""


def test_an_interrupted_loop_leaves_nothing_either(screen):
    shown, clock = screen
    loop = waiting.told(range(20))
    for _ in range(10):
        next(loop)
        clock[0] += 1.0
    with pytest.raises(KeyboardInterrupt):
        loop.throw(KeyboardInterrupt)
    assert len(shown) > 2
    assert shown[-1] == ""


def test_a_script_and_a_build_are_not_told():
    assert not waiting.attended()
    assert list(waiting.told("abc")) == ["a", "b", "c"]
