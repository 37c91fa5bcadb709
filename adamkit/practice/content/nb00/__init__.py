"""Notebook 00, start here."""

from adamkit.practice import question_files
from adamkit.practice.content import TITLES
from adamkit.practice.content.nb00.exercises import EXERCISES

PREDICTIONS, INTERVIEWS, SELF_CHECK, PRE_QUIZ, OPENING = question_files.beside(__file__, TITLES)

__all__ = ["EXERCISES", "INTERVIEWS", "OPENING", "PREDICTIONS", "PRE_QUIZ", "SELF_CHECK"]
