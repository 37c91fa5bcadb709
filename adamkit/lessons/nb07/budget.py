"""Exercise 07-tune: find SGD's rate with ten trainings, without knowing even its order of magnitude."""

import math

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function
from adamkit.practice.values import settled

words = words_of(__name__)

BUDGET = 10


def tune(train):
    tried = {}

    def loss(power):
        if power not in tried:
            tried[power] = train(10.0**power)
        return tried[power]

    best = 0.0
    step = -1.0 if loss(-1.0) <= loss(0.0) else 1.0
    while len(tried) < 8 and loss(best + step) <= loss(best):
        best += step
    for near in (best - 0.4, best + 0.4):
        loss(near)
    return 10.0 ** min(tried, key=tried.get)


def _grid(powers):
    """The mistakes that try these powers of ten and no other."""
    def wrong(train):
        losses = {10.0**power: train(10.0**power) for power in powers}
        return min(losses, key=losses.get)

    return wrong


def landscape(best):
    """A tuning curve as the sweeps of this notebook have it: slow far below ``best``, lost three times above it."""

    def loss(lr):
        over = math.log10(lr / best)
        if over > 0.47:
            return math.inf
        return 1 + 0.5 * over**2 if over < 0 else 1 + 2 * over**2

    return loss


class Finding(str):
    """What the checker found, in words that are compared; ``shown`` is told with them and not compared."""

    def __new__(cls, words, shown=""):
        finding = super().__new__(cls, words)
        finding.shown = shown
        return finding

    def __repr__(self):
        return f"{self}: {self.shown}" if self.shown else str(self)


def ten_trainings(function, case, transcript):
    """Play: ``train`` keeps a book, and the answer is judged by the loss that it reaches."""
    refuse_non_function(function)
    best, tried = case.args["best"], {}
    loss, trainings = landscape(best), 0

    def train(lr):
        nonlocal trainings
        rate = _rate(lr)
        if rate is None:
            raise Unusable(f"`train` was called with {lr!r}; a learning rate is a finite number > 0.")
        trainings += 1
        tried[rate] = loss(rate)
        return tried[rate]

    answer = function(train)
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    many = trainings > BUDGET
    yield "the trainings", Finding(f"more than {BUDGET}", trainings) if many else Finding(f"at most {BUDGET}")
    rate = _rate(answer)
    if rate is None:
        raise Unusable(f"it returned {answer!r}; asked for is a learning rate, a finite number > 0.")
    yield f"what comes back, where the best rate is {best:.3g}", _kind_of_answer(rate, tried)
    matched = Finding("a rate that matches Adam, with a loss of 1.06 or less")
    missed = Finding("a rate that does not", f"at {rate:.3g} the loss is {loss(rate):.3g}")
    yield f"the answer, where the best rate is {best:.3g}", matched if loss(rate) <= 1.06 else missed


def _rate(value):
    """A learning rate as a float, or None for what is none."""
    value = settled(value)
    try:
        rate = math.nan if isinstance(value, (bool, str)) or np.iscomplexobj(value) else float(value)
    except (TypeError, ValueError):
        return None
    return rate if 0 < rate < math.inf else None


def _kind_of_answer(rate, tried):
    """Which of the rates that were tried an answer is."""
    same = [lr for lr in tried if math.isclose(lr, rate, rel_tol=1e-6)]
    if not same:
        return Finding("a loss" if rate in tried.values() else "a rate never tried", f"{rate:.3g}")
    if tried[same[0]] == min(tried.values()):
        return Finding("the best rate that was tried")
    words = "the rate that was tried last" if same[0] == [*tried][-1] else "another of the rates tried"
    return Finding(words, f"{rate:.3g}, with a loss of {tried[same[0]]:.3g}; the best had {min(tried.values()):.3g}")


def _cases(rng):
    places = [*np.logspace(-4, 2, 67), 10 ** rng.uniform(-3, 1)]
    return [Case(f"a task whose best rate is {best:.2g}", {"best": float(best)}) for best in places]


TUNE = Exercise(**words("07-tune", tune), cases=_cases, how=ten_trainings)
