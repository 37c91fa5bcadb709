"""Practice for notebook 07, Adam or SGD?"""

from adamkit.practice import question_files
from adamkit.practice.content.nb07.budget import TUNE
from adamkit.practice.content.nb07.exercises import ARGUE, MATCHING

EXERCISES = (TUNE, MATCHING, ARGUE)
PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
