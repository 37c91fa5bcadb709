"""Notebook 03, AdaGrad and RMSprop."""

from adamkit.practice.content.nb03.exercises import EXERCISES
from adamkit.practice.content.nb03.interviews import INTERVIEWS
from adamkit.practice.content.nb03.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
