"""Practice for notebook 02, Momentum."""

from adamkit.practice.content.nb02 import exercises, roots
from adamkit.practice.content.nb02.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

EXERCISES = (*exercises.EXERCISES, *roots.EXERCISES)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
