"""Remembers what the reader has done, when a reader is there; see `store.reader_is_here`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adamkit.practice.store import Shelf, StoreError, reader_is_here

_MOMENT = timedelta(seconds=3)


def now():
    """The time as text: UTC, to the second, sortable."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def note(topic, key, value):
    """Keep one small fact. Returns "" or a sentence for the reader when it could not be kept."""
    if not reader_is_here():
        return ""
    shelf = Shelf(topic)
    try:
        shelf.put(key, {"when": now(), **value})
    except StoreError as reason:
        return str(reason)
    return shelf.notice


def note_pass(key, verdict):
    """Remember a passed exercise; the first time counts. Returns the verdict, with a note on trouble."""
    if not reader_is_here():
        return verdict
    shelf = Shelf("exercises")
    try:
        shelf.update(lambda entries: entries.setdefault(key, {"when": now()}))
    except StoreError as reason:
        return replace(verdict, body=f"{verdict.body}\n\nThe pass was not recorded. {reason}".strip())
    return replace(verdict, body=f"{verdict.body}\n\n{shelf.notice}".strip()) if shelf.notice else verdict


def note_text(key, text):
    """Keep an answer in the reader's words beside earlier ones. Returns a sentence, or ""."""
    if not reader_is_here():
        return ""
    try:
        shelf = keep_text(key, text)
    except StoreError as reason:
        return str(reason)
    return shelf.notice or "Your answer is kept."


def keep_text(key, text):
    """Append an answer to its history. Raises `StoreError`.

    The same text twice in a row is kept once, and a text that goes on where one of a moment ago broke off replaces it.
    """

    def append(entries):
        history = entries[key] = _versions(entries.get(key, []))
        if history and text.startswith(history[-1]["text"]) and _just_now(history[-1].get("when")):
            history.pop()
        if not history or history[-1]["text"] != text:
            history.append({"when": now(), "text": text})

    shelf = Shelf("answers")
    shelf.update(append)
    return shelf


def _just_now(when):
    try:
        return timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(when) < _MOMENT
    except (TypeError, ValueError):  # edited by hand
        return False


def texts(key):
    """(history, notice): the kept answers, oldest first, as dicts with ``when`` and ``text``."""
    shelf = Shelf("answers")
    try:
        history = _versions(shelf.entries().get(key, []))
    except StoreError as reason:
        return [], str(reason)
    return history, shelf.notice


def _versions(kept):
    """The history as a list of dicts, whatever someone who edited the file by hand made of it."""
    items = kept if isinstance(kept, list) else [kept]
    items = [{"when": "", "text": item} if isinstance(item, str) else item for item in items]
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("text"), str)]
