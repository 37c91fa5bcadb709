"""Notebook 01, gradient descent and SGD."""

from adamkit.lessons.nb01.exercises import EXERCISES
from adamkit.practice import question_files

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
