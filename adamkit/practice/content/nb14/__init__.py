"""Practice for notebook 14, Interview practice."""

from adamkit.practice.content.nb14.exercises import EXERCISES
from adamkit.practice.content.nb14.one_step import systems
from adamkit.practice.content.nb14.problems import PROBLEMS
from adamkit.practice.content.nb14.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK
from adamkit.practice.content.nb14.scale import SCALE

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "PROBLEMS", "SCALE", "SELF_CHECK", "systems"]
