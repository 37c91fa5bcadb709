"""Notebook 00, start here."""

from adamkit.practice.content.nb00.exercises import EXERCISES
from adamkit.practice.content.nb00.opening import INTERVIEWS, OPENING
from adamkit.practice.content.nb00.pre_quiz import PRE_QUIZ
from adamkit.practice.content.nb00.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "OPENING", "PREDICTIONS", "PRE_QUIZ", "SELF_CHECK"]
