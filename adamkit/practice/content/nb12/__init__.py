"""Practice for notebook 12, Diagnosing training."""

from adamkit.practice.content.nb12.exercises import EXERCISES
from adamkit.practice.content.nb12.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
