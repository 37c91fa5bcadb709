"""The Anki deck: notes that keep their identity, and formulas that MathJax sets."""

import json
import re
import sqlite3
import warnings
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from adamkit.practice import anki, bank, cards
from adamkit.practice.store import StoreError
from adamkit.practice.tex import tex


@dataclass(frozen=True)
class Asked:
    id: str = "first-step"
    question: str = "What is $m̂/√v̂$ at $t = 1$, if <b>g</b> & all are positive?"
    answer: str = "It is *one*: $(1 − β₁)g$ over $√((1 − β₂)g²)$ after correction."
    trap: str = "Saying $0.1$."
    follow_up: str = "And without it?"
    pattern: str = "bias correction"
    difficulty: int = 2
    shown_in: str = "04_adam#The trap"
    source: str = "Kingma & Ba 2015"


def contents(path, folder):
    """(notes as (guid, fields, tags, model), decks, models, number of cards) of an .apkg file."""
    with zipfile.ZipFile(path) as file:
        assert file.read("media") == b"{}"
        file.extract("collection.anki2", folder)
    with closing(sqlite3.connect(folder / "collection.anki2")) as database:
        notes = database.execute("select guid, flds, tags, mid from notes order by id").fetchall()
        decks, models = (json.loads(text) for text in database.execute("select decks, models from col").fetchone())
        (count,) = database.execute("select count(*) from cards").fetchone()
    return notes, decks, models, count


def test_every_question_of_the_bank_becomes_one_card(tmp_path):
    path = cards.save_deck(tmp_path / "adam.apkg")
    notes, decks, models, count = contents(path, tmp_path)
    questions = bank.questions()
    assert len(notes) == count == len(questions)
    assert decks[str(anki.DECK_ID)]["name"] == "The Adam notebooks"
    assert [field["name"] for field in models[str(anki.MODEL_ID)]["flds"]][:2] == ["Question", "Answer"]
    assert len({guid for guid, *_ in notes}) == len(notes)


def test_a_changed_question_keeps_its_identity_so_that_a_new_deck_updates_it(tmp_path):
    changed = replace(Asked(), question="Reworded?", answer="Better.", difficulty=3)
    first, *_ = contents(anki.save_deck(tmp_path / "a.apkg", [Asked()]), tmp_path)
    second, *_ = contents(anki.save_deck(tmp_path / "b.apkg", [Asked("another"), changed]), tmp_path)
    assert first[0][0] == second[1][0]
    assert first[0][3] == second[1][3] == anki.MODEL_ID
    assert first[0][1] != second[1][1]
    assert second[0][0] != second[1][0]


def test_formulas_are_mathjax_and_the_rest_is_escaped_html(tmp_path):
    notes, *_ = contents(anki.save_deck(tmp_path / "a.apkg", [Asked()]), tmp_path)
    question, answer, trap, *_, where, source = notes[0][1].split("\x1f")
    assert r"\(\hat{m}/\sqrt{\hat{v}}\)" in question
    assert "&lt;b&gt;g&lt;/b&gt; &amp; all" in question
    assert "<em>one</em>" in answer
    assert r"\sqrt{(1 - \beta _{2})g^{2}}" in answer
    assert trap == r"<p>Saying \(0.1\).</p>"
    assert (where, source) == ("04_adam: The trap", "<p>Kingma &amp; Ba 2015</p>")
    assert notes[0][2].split() == ["adam::bias-correction", "adam::difficulty-2"]


def test_every_formula_of_the_bank_is_written_in_ascii_latex_with_its_braces_closed():
    known = re.compile(r"\\(?:[A-Za-z]+|[|%#&$,])")
    for question in bank.questions():
        page = "".join(anki.fields(question))
        assert "$" not in page.replace("\\$", ""), question.id
        for formula in re.findall(r"\\\((.*?)\\\)", page):
            assert formula.isascii(), (question.id, formula)
            assert formula.count("{") == formula.count("}"), (question.id, formula)
            assert "\\" not in known.sub("", formula), (question.id, formula)


def test_no_library_warns_about_the_html_of_the_bank(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cards.save_deck(tmp_path / "adam.apkg")


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("θ ← θ − η·m̂/(√v̂ + ε)", r"\theta \leftarrow \theta - \eta \cdot \hat{m}/(\sqrt{\hat{v}} + \epsilon )"),
        ("m_t/(1 − β₁ᵗ)", r"m_t/(1 - \beta _{1}^{t})"),
        ("√(1 − (a + b)²) + 1", r"\sqrt{1 - (a + b)^{2}} + 1"),
        ("λ_{max} ≤ 2/η", r"\lambda _{\max } \le 2/\eta"),
        ("θ_{new}", r"\theta _{\text{new}}"),
        ("sign(g) · lr", r"\operatorname{sign}(g) \cdot \text{lr}"),
        ("10⁻⁸", r"10^{- 8}"),
        ("1e-8", r"1\cdot 10^{-8}"),
        ("50%", r"50\%"),
        ("√(a", r"\sqrt{a}"),
        ("", ""),
    ],
)
def test_a_formula_in_unicode_becomes_latex(formula, latex):
    assert tex(formula) == latex


def test_an_empty_deck_is_refused(tmp_path):
    with pytest.raises(ValueError, match="leaves the deck empty"):
        anki.save_deck(tmp_path / "a.apkg", [])


def test_any_characters_survive(tmp_path):
    odd = Asked(question="a\x1fb\x00 ‮ \ud800 😀 {{Answer}} </div><script>x</script>")
    notes, _, _, count = contents(anki.save_deck(tmp_path / "a.apkg", [odd]), tmp_path)
    fields = notes[0][1].split("\x1f")
    assert count == 1
    assert len(fields) == 6
    assert "😀" in fields[0]
    assert "<script" not in fields[0]


def test_a_disk_without_space_for_the_database_is_explained_and_leaves_the_older_deck_whole(tmp_path, full_disk):
    path = anki.save_deck(tmp_path / "a.apkg", [Asked()])
    before = path.read_bytes()
    with full_disk("sqlite3.connect"), pytest.raises(StoreError, match="Is the disk full"):
        anki.save_deck(path, [Asked("other")])
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.apkg"]
