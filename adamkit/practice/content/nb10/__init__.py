"""Practice for notebook 10, Training on a GPU."""

from adamkit.practice.content.nb10.exercises import EXERCISES
from adamkit.practice.content.nb10.interviews import INTERVIEWS
from adamkit.practice.content.nb10.questions import PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
