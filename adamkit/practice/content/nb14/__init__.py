"""Practice for notebook 14, Interview practice."""

from adamkit.practice import question_files
from adamkit.practice.content.nb14.exercises import EXERCISES
from adamkit.practice.content.nb14.one_step import systems
from adamkit.practice.content.nb14.problems import PROBLEMS
from adamkit.practice.content.nb14.scale import SCALE

PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "PROBLEMS", "SCALE", "SELF_CHECK", "systems"]
