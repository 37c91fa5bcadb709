"""The path of three hours in notebook 00 leads to sections that exist, and takes three hours."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "notebooks" / "src"
START = (SOURCES / "00_start_here.py").read_text(encoding="utf-8")
PATH = START[START.index("### The interview is in two days"):START.index("## Where should you begin?")]
ROWS = re.findall(r"^# \| (\d+) \| (.+?) \|", PATH, flags=re.MULTILINE)


def test_the_short_path_takes_three_hours():
    assert sum(int(minutes) for minutes, _ in ROWS) == 180


@pytest.mark.parametrize("row", [text for _, text in ROWS if "](" in text])
def test_a_section_of_the_short_path_is_a_heading_of_its_notebook(row):
    notebook = re.search(r"\]\((\w+)\.ipynb\)", row).group(1)
    source = (SOURCES / f"{notebook}.py").read_text(encoding="utf-8")
    headings = re.findall(r"^# #{2,} (.+?)\s*$", source, flags=re.MULTILINE)
    assert [name for name in re.findall(r"\*(.+?)\*", row) if name not in headings] == []
