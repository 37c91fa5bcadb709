"""Notebook 08, variants: one line changed."""

from adamkit.lessons.nb08.exercises import EXERCISES
from adamkit.practice import question_files

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
