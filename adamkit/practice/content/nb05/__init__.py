"""Notebook 05, AdamW."""

from adamkit.practice.content.nb05.exercises import EXERCISES
from adamkit.practice.content.nb05.interviews import INTERVIEWS
from adamkit.practice.content.nb05.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
