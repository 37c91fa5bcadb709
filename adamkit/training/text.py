"""Text that needs no network: Python's own documentation, or a file the reader names, as windows of characters."""

import collections
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from adamkit.arguments import whole
from adamkit.training.data import Classification

#: Stands for every character that is not in the alphabet.
OTHER = "\N{REPLACEMENT CHARACTER}"
#: Length of the pieces that are held out for testing, in characters: a piece is long against any context.
PIECE = 2048
#: The text of `documentation`; the README beside it says whose it is.
DOCUMENTATION = Path(__file__).parent / "texts" / "python_reference.txt.gz"


@dataclass(frozen=True, eq=False)
class Text(Classification):
    """Windows of a text: ``x`` holds the numbers of (rows, context) characters, ``y`` those of the characters after.

    So every position of a row is an example: all characters up to it, and the one that follows. ``classes`` is the
    size of the alphabet.

    Attributes:
        alphabet: character number i is ``alphabet[i]``; number 0 stands for all that are not in it.
    """

    alphabet: str = OTHER

    def encode(self, text):
        """Numbers of the characters of ``text``, in lower case, shape (len(text),), int64."""
        numbers = {character: number for number, character in enumerate(self.alphabet)}
        return torch.tensor([numbers.get(character, 0) for character in text.lower()], dtype=torch.int64)

    def decode(self, numbers):
        """The text that these numbers stand for."""
        return "".join(self.alphabet[number] for number in torch.as_tensor(numbers).flatten().tolist())


def documentation():
    """The language reference that CPython 3.11 carries for ``help("for")``, about 0.46 MB of English.

    Every Python has one (``pydoc_data.topics``), but each version its own, and every number trained on it would differ.
    So one of them comes with adamkit. Copyright Python Software Foundation.
    """
    return gzip.decompress(DOCUMENTATION.read_bytes()).decode("utf-8")


def characters(path=None, *, context=16, alphabet=56, test_share=0.1, test_rows=256, seed=0):
    """A text, in lower case, cut into windows to learn the next character from.

    The text is cut into pieces of 2048 characters; some of them, drawn by ``seed``, are held out. So no tested
    character stands in a training window, yet both parts are drawn from the whole text. Training windows follow
    each other without overlap, and are then shuffled.

    Args:
        path: a text file in UTF-8 to learn from; Python's documentation by default (see `documentation`).
        context: length of a window in characters, 1 or more.
        alphabet: number of different characters to keep, 2 or more, `OTHER` included: the most frequent ones.
        test_share: share of the pieces to hold out, in (0, 1); at least one piece is.
        test_rows: number of tested windows to keep, 1 or more; fewer if the text gives fewer.
        seed: of the split and of the shuffling.

    Returns:
        `Text`, on the CPU.

    Raises:
        ValueError: for bad arguments, and for a text that gives no window to train on or to test on.
    """
    for name, value, low in (("context", context, 1), ("alphabet", alphabet, 2), ("test_rows", test_rows, 1)):
        whole(name, value, low)
    if not 0 < test_share < 1:
        raise ValueError(f"test_share={test_share!r} must be between 0 and 1, both excluded")
    text = (documentation() if path is None else Path(path).read_text(encoding="utf-8")).lower()
    frequent = [character for character, _ in collections.Counter(text).most_common(alphabet - 1)]
    letters = OTHER + "".join(sorted(set(frequent) - {OTHER}))
    rng = np.random.default_rng(seed)
    train, test = (_windows(pieces, context, letters, rng) for pieces in _split(text, test_share, rng))
    for part, use in ((train, "train"), (test, "test")):
        if not len(part):
            raise ValueError(f"the text has {len(text)} characters, which leave no window of {context} to {use} on")
    test = test[:test_rows]
    return Text(train[:, :-1], train[:, 1:], test[:, :-1], test[:, 1:], classes=len(letters), alphabet=letters)


def _split(text, test_share, rng):
    """Pieces of the text to train on and pieces to test on, each in the order of the text."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    held_out = np.zeros(len(pieces), dtype=bool)
    held_out[rng.permutation(len(pieces))[: max(1, round(test_share * len(pieces)))]] = True
    return ([piece for piece, out in zip(pieces, held_out, strict=True) if out == part] for part in (False, True))


def _windows(pieces, context, letters, rng):
    """Windows of context + 1 characters in random order, shape (rows, context + 1); neighbours share one character."""
    numbers = {letter: number for number, letter in enumerate(letters)}
    rows = []
    for piece in pieces:
        encoded = torch.tensor([numbers.get(character, 0) for character in piece], dtype=torch.int64)
        if len(encoded) > context:
            rows.append(encoded.unfold(0, context + 1, context))
    if not rows:
        return torch.empty(0, context + 1, dtype=torch.int64)
    return torch.cat(rows)[torch.from_numpy(rng.permutation(sum(map(len, rows))))]
