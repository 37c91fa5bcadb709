"""Practice for notebook 10, Training on a GPU."""

from adamkit.practice import question_files
from adamkit.practice.content.nb10.exercises import EXERCISES

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
