"""Practice for notebook 12, Interview practice."""

from adamkit.practice.content.nb12.exercises import EXERCISES
from adamkit.practice.content.nb12.problems import PROBLEMS
from adamkit.practice.content.nb12.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "PROBLEMS", "SELF_CHECK"]
