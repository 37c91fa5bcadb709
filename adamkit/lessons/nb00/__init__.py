"""Notebook 00, start here."""

from adamkit.lessons.nb00.exercises import EXERCISES
from adamkit.practice import question_files
from adamkit.practice.titles import TITLES

PREDICTIONS, INTERVIEWS, SELF_CHECK, PRE_QUIZ, OPENING = question_files.beside(__file__, TITLES)

__all__ = ["EXERCISES", "INTERVIEWS", "OPENING", "PREDICTIONS", "PRE_QUIZ", "SELF_CHECK"]
