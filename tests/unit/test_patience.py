"""A cell that takes long says below it how long it will, to a reader and to nobody else."""

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from adamkit import waiting
from adamkit.practice import patience

ROOT = Path(__file__).resolve().parents[2]
SLOW = SimpleNamespace(raw_cell="train()\n")


@pytest.fixture
def screen(monkeypatch):
    """What stands below the cell, one entry for each time it was written."""
    shown = []
    monkeypatch.setattr(waiting, "say", lambda line, words: shown.append(words) or "line")
    monkeypatch.setattr(patience, "PATIENCE", 0.01)
    monkeypatch.setattr(patience, "PAUSE", 0.01)
    monkeypatch.setattr(patience, "known_seconds", lambda: {patience.digest("train()"): 40})
    return shown


def until(condition):
    while not condition():  # pytest-timeout ends it
        time.sleep(0.005)


@pytest.mark.parametrize("success", [True, False])
def test_a_slow_cell_has_a_line_while_it_runs_and_leaves_nothing(screen, success):
    clock = patience.CellClock()
    clock.begin(SLOW)
    until(lambda: len(screen) > 2)
    assert waiting.SPOKEN_FOR.is_set()
    assert screen[0].startswith("This cell computes: about 40 s left")
    clock.end(SimpleNamespace(success=success))
    until(lambda: screen[-1] == "")
    assert not waiting.SPOKEN_FOR.is_set()


def test_a_cell_that_is_quick_or_unknown_says_nothing(screen, monkeypatch):
    clock = patience.CellClock()
    monkeypatch.setattr(patience, "PATIENCE", 600)
    for cell in (SLOW, SimpleNamespace(raw_cell="print(1)")):
        clock.begin(cell)
        clock.end(SimpleNamespace(success=True))
    assert screen == []


def test_a_machine_twice_as_slow_is_learned(screen, monkeypatch):
    clock, now = patience.CellClock(), [0.0]
    monkeypatch.setattr(patience, "PATIENCE", 600)
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    for _ in range(8):
        clock.begin(SLOW)
        now[0] += 80
        clock.end(SimpleNamespace(success=True))
    assert clock.pace == pytest.approx(2, abs=0.01)


def test_what_is_said():
    assert patience.words(10, 30.2).startswith("This cell computes: about 20 s left (")
    assert "12 s so far, longer than expected" in patience.words(12, 8)


def test_a_build_is_not_watched():
    patience.attend()
    assert "IPython" not in sys.modules or not hasattr(sys.modules["IPython"].get_ipython(), "adamkit_clock")


def test_the_cells_listed_are_cells_of_the_notebooks():
    books = [nbformat.read(path, as_version=4) for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")]
    cells = {patience.digest(cell.source) for book in books for cell in book.cells if cell.cell_type == "code"}
    assert patience.known_seconds().keys() <= cells
