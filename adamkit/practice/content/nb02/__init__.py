"""Practice for notebook 02, Momentum."""

from adamkit.practice.content.nb02.exercises import EXERCISES
from adamkit.practice.content.nb02.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
