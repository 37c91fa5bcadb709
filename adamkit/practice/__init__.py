"""Practice: exercises that name your mistake, predictions, self-checks, interview boxes.

    practice.exercise("04-adam")                  its statement
    practice.exercise("04-adam").check(Adam)      the verdict on your class
    practice.predict("04-first-step")             a guess first; .reveal() afterwards
    practice.self_check("04")                     three questions
    practice.interview("04-bias-correction")      question, answer, trap, follow-up
    practice.problem("14-derivation")             a full problem: hints, model answer, rubric
    practice.bug_hunt(seed=0, level=2)            a short program with bugs in it: mark the lines
    practice.systems(seed=0)                      memory and time of a step of a drawn model and machine
    practice.scale_it()                           which settings change from 124 million to 7 billion
    practice.clock(12)                            a clock that counts down
    practice.opening_answer()                     the opening question; your answer is kept
    practice.pre_quiz()                           where to start
    practice.progress_panel()                     what is done, what is due, where to go next
    practice.review()                             the cards that are due, graded by you
    practice.study_plan()                         what to do on days 0, 3, 7, 14 and 21
    practice.mock_interview()                     questions against the clock, graded by you
    practice.published_mistakes()                 which mistakes of the exercises have shipped, and where
    practice.add_bank("my_course/bank")           questions of your own, from TOML files, for all of these

Files to take away: `plan.save_calendar("adam.ics")`, `cards.save_deck("adam.apkg")`.

Content is in `adamkit.lessons`, one module a notebook; the machinery beside it knows no
content. Importing this loads neither torch nor a widget library.
"""

from adamkit.practice import catalogue, patience

__all__ = [
    "add_bank",
    "bug_hunt",
    "clock",
    "exercise",
    "interview",
    "mock_interview",
    "opening_answer",
    "pre_quiz",
    "predict",
    "problem",
    "progress_panel",
    "published_mistakes",
    "review",
    "scale_it",
    "self_check",
    "study_plan",
    "systems",
]


patience.attend()  # where a reader looks on, slow cells of the notebooks say how long they take


def exercise(key):
    """The exercise with this key, such as ``"04-adam"``. Raises LookupError, listing those there are."""
    return catalogue.find("EXERCISES", key)


def predict(key):
    """The prediction with this key, such as ``"04-first-step"``. Raises LookupError."""
    return catalogue.find("PREDICTIONS", key)


def interview(key):
    """The interview box with this key, such as ``"04-bias-correction"``. Raises LookupError."""
    return catalogue.find("INTERVIEWS", key)


def problem(key):
    """The full problem with this key, such as ``"14-derivation"``. Raises LookupError."""
    return catalogue.find("PROBLEMS", key)


def bug_hunt(seed=0, level=2):
    """A short optimizer or training loop with one to three bugs in it; see `hunts.draw` for the arguments."""
    from adamkit.practice import hunts

    return hunts.draw(seed, level)


def systems(seed=0):
    """Memory and time of one step, for a model and a machine drawn by the seed. Raises ValueError."""
    return catalogue.module("14").systems(seed)


def scale_it():
    """A list of settings: which change from 124 million parameters to 7 billion, which way, how surely."""
    return catalogue.module("14").SCALE


def clock(minutes):
    """A clock that is started by a button and counts down from so many minutes; it cuts nobody off.

    Raises ValueError unless 0 < minutes < 1000.
    """
    from adamkit.practice.countdown import Clock

    return Clock(minutes)


def self_check(notebook):
    """The three closing questions of a notebook, given as ``"04"`` or 4, or an added quiz. Raises LookupError."""
    added = catalogue.added("QUIZZES") if isinstance(notebook, str) else {}
    return added[notebook] if notebook in added else catalogue.module(notebook).SELF_CHECK


def pre_quiz():
    """The questions of notebook 00 that suggest where to start."""
    return catalogue.module("00").PRE_QUIZ


def opening_answer():
    """The opening question of notebook 00; `.compare()` shows the first answer again."""
    return catalogue.module("00").OPENING


def progress_panel():
    """What is done in each notebook, what is due today, and where to go next."""
    from adamkit.practice.panel import ProgressPanel

    return ProgressPanel()


def review(pattern=None, difficulty=None):
    """The cards that are due, one at a time: the question, the answer, your grade.

    Args:
        pattern, difficulty: only some of the bank's questions; see `bank.questions`.

    Raises:
        ValueError: there is no such pattern or difficulty.
    """
    from adamkit.practice import bank
    from adamkit.practice.cards import Cards
    from adamkit.practice.reviewing import Review

    return Review(Cards(bank.questions(pattern, difficulty)))


def study_plan():
    """The plan for 21 days; `plan.save_calendar` puts it into a calendar."""
    from adamkit.practice.study import StudyPlan

    return StudyPlan()


def mock_interview(count=5, *, pattern=None, difficulty=None, minutes=2, seed=None):
    """A timed mock interview on questions drawn from the bank; see `mock.draw` for the arguments."""
    from adamkit.practice.mock_pages import MockRoom

    return MockRoom(count, pattern=pattern, difficulty=difficulty, minutes=minutes, seed=seed)


def published_mistakes():
    """The mistakes that the checkers know and that published code has had, each with its source."""
    from adamkit.practice.published import PublishedMistakes

    return PublishedMistakes.gather()


def add_bank(folder):
    """Add a folder of questions to those of the series, until the kernel ends. No Python is needed to write one.

    The folder holds TOML files like those in ``adamkit/practice/bank``, one a pattern (the README there explains every
    field); a file whose ``name`` is a pattern of the series adds to it. Its questions come in `review`, in
    `mock_interview`, among the cards of ``cards.save_deck``, and the grades given to them are kept like all others.

    A file ``questions.toml`` among them holds predictions, interview boxes and a self-check, written as the
    notebooks' own are (`question_files` shows the form): `predict`, `interview` and `self_check` find them by their
    keys. Adding a folder again reads it anew.

    Args:
        folder: path of the folder.

    Returns:
        The ids and keys of what was added, in the order of the files.

    Raises:
        ValueError: there is no such folder, or nothing in it.
        BankError: something in it cannot be used, or has the id of another question: the message (a ValueError's) has
            a line for each problem. Nothing is added then.
    """
    from adamkit.practice import adding

    return adding.add_bank(folder)
