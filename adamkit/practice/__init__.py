"""Practice: exercises that name your mistake, predictions, self-checks, interview boxes.

    practice.exercise("04-adam")                  its statement
    practice.exercise("04-adam").check(Adam)      the verdict on your class
    practice.predict("04-first-step")             a guess first; .reveal() afterwards
    practice.self_check("04")                     three questions
    practice.interview("04-bias-correction")      question, answer, trap, follow-up
    practice.opening_answer()                     the opening question; your answer is kept
    practice.pre_quiz()                           where to start

Content is in `adamkit.practice.content`, one module a notebook; the machinery beside it knows no
content. Importing this loads neither torch nor a widget library.
"""

from adamkit.practice import catalogue

__all__ = ["exercise", "interview", "opening_answer", "pre_quiz", "predict", "self_check"]


def exercise(key):
    """The exercise with this key, such as ``"04-adam"``. Raises LookupError, listing those there are."""
    return catalogue.find("EXERCISES", key)


def predict(key):
    """The prediction with this key, such as ``"04-first-step"``. Raises LookupError."""
    return catalogue.find("PREDICTIONS", key)


def interview(key):
    """The interview box with this key, such as ``"04-bias-correction"``. Raises LookupError."""
    return catalogue.find("INTERVIEWS", key)


def self_check(notebook):
    """The three closing questions of a notebook, given as ``"04"`` or 4. Raises LookupError."""
    return catalogue.module(notebook).SELF_CHECK


def pre_quiz():
    """The questions of notebook 00 that suggest where to start."""
    return catalogue.module("00").PRE_QUIZ


def opening_answer():
    """The opening question of notebook 00; `.compare()` shows the first answer again."""
    return catalogue.module("00").OPENING
