"""Notebook 13, the paper."""

from adamkit.practice.content.nb13.exercises import EXERCISES
from adamkit.practice.content.nb13.interviews import INTERVIEWS
from adamkit.practice.content.nb13.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
