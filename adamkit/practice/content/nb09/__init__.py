"""Notebook 09, variants: memory, averages, matrices."""

from adamkit.practice.content.nb09.exercises import EXERCISES
from adamkit.practice.content.nb09.interviews import INTERVIEWS
from adamkit.practice.content.nb09.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
