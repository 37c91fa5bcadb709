"""Practice for notebook 10, Training on a GPU."""

from adamkit.lessons.nb10.exercises import EXERCISES
from adamkit.practice import question_files

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
