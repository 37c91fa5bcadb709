"""Notebook 04, Adam."""

from adamkit.practice.content.nb04.exercises import EXERCISES
from adamkit.practice.content.nb04.interviews import INTERVIEWS
from adamkit.practice.content.nb04.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
