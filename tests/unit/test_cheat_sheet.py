"""The cheat sheet: every question of the bank is on it, and a missing browser costs the PDF only."""

import cheat_sheet
import pytest

from adamkit.practice import bank


def test_the_page_holds_every_pattern_and_every_place_and_loads_nothing():
    page = cheat_sheet.sheet()
    for pattern in bank.load():
        assert f"<h2>{pattern.name}</h2>" in page
    assert page.count('class="item"') == len(bank.questions())
    assert "http" not in page
    assert "$" not in page
    assert "3.16η" in page
    assert "7.27η" in page


def test_without_a_browser_there_is_a_page_and_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ADAMKIT_CHROMIUM", str(tmp_path / "no-such-browser"))
    assert cheat_sheet.main(tmp_path) == 0
    assert (tmp_path / "cheat_sheet.html").stat().st_size > 10_000
    assert not (tmp_path / "cheat_sheet.pdf").exists()
    assert "No PDF" in capsys.readouterr().out


@pytest.mark.skipif(cheat_sheet.chromium() is None, reason="no Chromium here")
def test_with_a_browser_there_is_a_pdf(tmp_path):
    pytest.importorskip("playwright")
    assert cheat_sheet.main(tmp_path) == 0
    assert (tmp_path / "cheat_sheet.pdf").read_bytes().startswith(b"%PDF")
