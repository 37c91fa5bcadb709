"""Practice for notebook 14, Interview practice."""

from adamkit.practice import problem_files, question_files
from adamkit.practice.content.nb14.exercises import EXERCISES
from adamkit.practice.content.nb14.one_step import systems

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)
PROBLEMS, SCALE = problem_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "PROBLEMS", "SCALE", "SELF_CHECK", "systems"]
