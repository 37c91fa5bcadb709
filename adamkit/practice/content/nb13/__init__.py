"""Notebook 13, the paper."""

from adamkit.practice import question_files
from adamkit.practice.content.nb13.exercises import EXERCISES

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
