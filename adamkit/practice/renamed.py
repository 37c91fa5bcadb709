"""Names that notebooks and their questions had in earlier versions, and what becomes of a reader's entries under them.

A number means another notebook before and after a change of the map: "10" was the clinic, and is the training. So
names move by the version of the file that they stand in (`store.VERSION`), never by how they look, and only those
move that such a version knew.
"""

#: Version of a file → (old number of a notebook, new one, names that moved with it) in the version after it. The
#: self-check of a notebook is kept under its number alone.
MOVES = {
    1: (
        ("09", "10", "accumulate bill largest-batch loop eight-bits foreach weights-only "
                     "resume step-cost where-is-the-memory"),
        ("10", "12", "mystery-1 mystery-2 mystery-3 clipping-explosion one-batch which-layers "
                     "falls-then-climbs flat-loss"),
        ("11", "13", "brackets broken-line regret defaults grid test-accuracy "
                     "is-the-proof-wrong what-replaces-adam what-was-new"),
        ("12", "14", "bytes first-weight forgotten-one which-cure do-not-know choice climb derivation"),
    ),
}
#: Topics whose entries stand under names that begin with the number of a notebook. (The plan's begin with a day.)
_TOPICS = ("exercises", "predictions", "quizzes", "answers")


def today(key):
    """The name that a name of an earlier version has now; None for one that no version gave up."""
    found = None
    for version in MOVES:
        found = _names(version).get(found or key, found)
    return found


def brought_up(topic, version, entries, *, to):
    """The entries of a file of ``version`` as version ``to`` names them; nothing is dropped, whatever they hold."""
    for old in range(max(version, 1), to):
        entries = _moved(_names(old), entries) if topic in _TOPICS else entries
        if topic == "quizzes":
            entries = {key: _suggesting(_numbers(old), value) for key, value in entries.items()}
    return entries


def _numbers(version):
    return {old: new for old, new, _ in MOVES[version]}


def _names(version):
    """Old name → new name, for one change of the map."""
    return _numbers(version) | {f"{old}-{name}": f"{new}-{name}"
                                for old, new, names in MOVES[version] for name in names.split()}


def _moved(names, entries):
    """All at once, so that one move cannot carry what another has put there; a taken place keeps what it holds."""
    result = {key: value for key, value in entries.items() if key not in names}
    for old, new in names.items():
        if old not in entries:
            continue
        if new not in result:
            result[new] = entries[old]
        elif isinstance(result[new], list) and isinstance(entries[old], list):  # two histories of answers
            result[new] = sorted(entries[old] + result[new], key=_when)
        else:
            result[_free(f"{old}, earlier", result)] = entries[old]
    return result


def _free(name, taken):
    while name in taken:
        name += "'"
    return name


def _when(version):
    when = version.get("when") if isinstance(version, dict) else None
    return when if isinstance(when, str) else ""


def _suggesting(numbers, result):
    """The result of a quiz; notebooks that it sends the reader to are named as they are now."""
    missed = result.get("missed") if isinstance(result, dict) else None
    if not isinstance(missed, list):
        return result
    return {**result, "missed": [numbers.get(n, n) if isinstance(n, str) else n for n in missed]}
