"""Practice for notebook 06, Warmup and schedules."""

from adamkit.practice.content.nb06.exercises import EXERCISES
from adamkit.practice.content.nb06.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
