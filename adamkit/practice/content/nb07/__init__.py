"""Practice for notebook 07, Adam or SGD?"""

from adamkit.practice.content.nb07.budget import TUNE
from adamkit.practice.content.nb07.exercises import ARGUE, MATCHING
from adamkit.practice.content.nb07.questions import INTERVIEWS, PREDICTIONS, SELF_CHECK

EXERCISES = (TUNE, MATCHING, ARGUE)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
