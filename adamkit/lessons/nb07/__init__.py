"""Practice for notebook 07, Adam or SGD?"""

from adamkit.lessons.nb07.budget import TUNE
from adamkit.lessons.nb07.exercises import ARGUE, MATCHING
from adamkit.practice import question_files

EXERCISES = (TUNE, MATCHING, ARGUE)
PREDICTIONS, INTERVIEWS, SELF_CHECK, *_ = question_files.beside(__file__)

__all__ = ["EXERCISES", "INTERVIEWS", "PREDICTIONS", "SELF_CHECK"]
