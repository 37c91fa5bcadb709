"""Notebook 01, gradient descent and SGD."""

from adamkit.practice.content.nb01.exercises import EXERCISES
from adamkit.practice.content.nb01.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
