"""Large matrices of tests: a slice of each in the ordinary run, all of it with ADAMKIT_FULL=1 (`make full`)."""

import os

FULL = bool(os.environ.get("ADAMKIT_FULL"))


def ordinarily(few, everything):
    """``few`` in the ordinary run, ``everything`` in the full one: lists, or numbers of examples."""
    return everything if FULL else few
