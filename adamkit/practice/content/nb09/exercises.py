"""Exercises of notebook 09."""

from adamkit.practice.content.nb09.entering import ENTERING
from adamkit.practice.content.nb09.orthogonal import ORTHOGONAL
from adamkit.practice.content.nb09.packing import PACKING

EXERCISES = (PACKING, ORTHOGONAL, ENTERING)
