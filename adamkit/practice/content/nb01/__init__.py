"""Notebook 01, gradient descent and SGD."""

from adamkit.practice.content.nb01 import curvature, exercises
from adamkit.practice.content.nb01.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

EXERCISES = (*exercises.EXERCISES, *curvature.EXERCISES)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
