"""Practice for notebook 10, Diagnosing training."""

from adamkit.practice.content.nb10.exercises import EXERCISES
from adamkit.practice.content.nb10.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
