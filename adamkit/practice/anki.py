"""The question bank as a deck for Anki, with formulas that Anki's MathJax sets.

Every note has an identity that depends on the question's id alone, so importing a newer deck updates the cards that
are there and keeps their history. The deck holds the questions; the schedule is Anki's own.
"""

import io
import itertools
import sqlite3
import tempfile
import time
import unicodedata
import zipfile
from contextlib import closing
from pathlib import Path

from adamkit.practice import formulas
from adamkit.practice.present import escape
from adamkit.practice.store import StoreError, export
from adamkit.practice.tex import tex

#: Anki tells decks and kinds of notes apart by these numbers. They were drawn once, and must never change.
DECK_ID, MODEL_ID = 1_734_907_518, 1_586_224_093
_FIELDS = ("Question", "Answer", "Trap", "Follow-up", "Where", "Source")
_FRONT = "<div class=question>{{Question}}</div>"
_BACK = """{{FrontSide}}<hr id=answer>{{Answer}}
{{#Trap}}<h4>The trap</h4>{{Trap}}{{/Trap}}
{{#Follow-up}}<h4>The follow-up</h4>{{Follow-up}}{{/Follow-up}}
<p class=where>{{Where}} · {{Source}}</p>"""
_LOOK = """.card { font-family: sans-serif; font-size: 18px; text-align: left; max-width: 42em; margin: 0 auto; }
.question { font-weight: bold; } h4 { margin: 1em 0 0; } .where { opacity: 0.65; font-size: 0.8em; }"""


def save_deck(path, questions):
    """Write questions as an Anki deck.

    Args:
        path: where to; must end in .apkg, in a folder that exists.
        questions: the bank's questions, or objects with the same fields.

    Returns:
        The absolute path.

    Raises:
        ValueError: the path will not do, or there are no questions.
        StoreError: the file could not be written; one that was there before is untouched.
    """
    questions = tuple(questions)
    if not questions:
        raise ValueError("questions=() leaves the deck empty; give at least one.")
    try:
        content = _packed(questions)
    except (OSError, sqlite3.Error) as reason:
        raise StoreError(f"The deck could not be made: {reason}. Is the disk full? Nothing was changed.") from reason
    return export(path, ".apkg", content)


def _packed(questions):
    """The bytes of the deck."""
    import genanki

    deck = genanki.Deck(DECK_ID, "The Adam notebooks", "Interview questions on Adam and its relatives")
    model = genanki.Model(
        MODEL_ID,
        "The Adam notebooks: question",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Question", "qfmt": _FRONT, "afmt": _BACK}],
        css=_LOOK,
    )
    for question in questions:
        deck.add_note(genanki.Note(
            model, fields(question), guid=genanki.guid_for("adamkit", question.id), tags=_tags(question)
        ))
    return _zipped(genanki.Package(deck))


def _zipped(package):
    """The deck as Anki wants it: a zipped SQLite database. (The library's own writer leaves its database behind.)"""
    now, packed = time.time(), io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="adamkit-anki-") as folder:
        database = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(database)) as connection:
            package.write_to_db(connection.cursor(), now, itertools.count(int(1000 * now)))
            connection.commit()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.write(database, "collection.anki2")
            file.writestr("media", "{}")
    return packed.getvalue()


def fields(question):
    """The six fields of a note, as HTML with ``\\(…\\)`` for each formula."""
    texts = [getattr(question, name, "") for name in ("question", "answer", "trap", "follow_up")]
    where = str(getattr(question, "shown_in", "")).replace("#", ": ")
    return [*map(as_html, texts), escape(where), as_html(getattr(question, "source", ""))]


def as_html(text):
    """Markdown with ``$formulas$`` → HTML in which MathJax finds them."""
    # Anki divides fields by a control character, and a database holds no half of a character pair.
    odd = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs")} - {"\n", "\t"}
    text = text.translate({ord(sign): "\ufffd" for sign in odd})
    return formulas.html(text, lambda formula: f"\\({escape(tex(formula))}\\)")


def _tags(question):
    """Tags for a filtered deck: the pattern and the difficulty, without the spaces that Anki does not allow."""
    pattern = "-".join(str(getattr(question, "pattern", "")).split())
    difficulty = getattr(question, "difficulty", "")
    return [f"adam::{tag}" for tag in (pattern, difficulty and f"difficulty-{difficulty}") if tag]
