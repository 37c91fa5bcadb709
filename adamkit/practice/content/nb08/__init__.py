"""Notebook 08, variants: one line changed."""

from adamkit.practice.content.nb08.exercises import EXERCISES
from adamkit.practice.content.nb08.interviews import INTERVIEWS
from adamkit.practice.content.nb08.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
