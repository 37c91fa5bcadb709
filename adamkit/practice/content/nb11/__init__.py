"""Practice for notebook 11, Scaling up."""

from adamkit.practice.content.nb11.exercises import EXERCISES
from adamkit.practice.content.nb11.interviews import INTERVIEWS
from adamkit.practice.content.nb11.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
