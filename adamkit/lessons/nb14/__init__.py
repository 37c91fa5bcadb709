"""Practice for notebook 14, Interview practice."""

from adamkit.lessons.nb14.exercises import EXERCISES
from adamkit.lessons.nb14.one_step import systems
from adamkit.practice import problem_files, question_files

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)
PROBLEMS, SCALE = problem_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "PROBLEMS", "SCALE", "SELF_CHECK", "systems"]
