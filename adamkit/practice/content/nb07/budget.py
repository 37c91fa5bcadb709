"""Exercise 07-tune: find SGD's rate with ten trainings, without knowing even its order of magnitude."""

import math

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function

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
    def wrong(train):
        losses = {10.0**power: train(10.0**power) for power in powers}
        return min(losses, key=losses.get)

    return wrong


def _worst_of_them(train):
    tried = {}
    tune(lambda lr: tried.setdefault(lr, train(lr)))
    return max(tried, key=tried.get)


def _the_last_one(train):
    tried = []

    def noted(lr):
        tried.append(lr)
        return train(lr)

    tune(noted)
    return tried[-1]


def _the_loss(train):
    return train(tune(train))


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
    try:
        rate = math.nan if isinstance(value, (bool, str)) else float(value)
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


TUNE = Exercise(
    key="07-tune",
    title="ten trainings",
    statement="""
        Adam has reached a loss of 1.00. Match it with SGD, to 6 percent. `train(lr)` trains a network at that rate and
        returns its final loss, or `inf` when it diverged. You may call it **ten times**, and you know nothing about
        the best rate but that it lies between 10⁻⁴ and 100. As in most sweeps above, a rate that is ten times too low
        only learns slowly; one that is three times too high is lost. Return the best rate that you have tried.

        ```python
        def tune(train):
            return ...
        ```
    """,
    solution_code=tune,
    cases=_cases,
    how=ten_trainings,
    minutes=15,
    mistakes=(
        Mistake(
            "factors of ten, and no finer",
            "You have found the right power of ten and stopped. The best rate may lie half a power away. Keep two "
            "trainings for the neighbours of the best.",
            _grid(range(-4, 3)),
        ),
        Mistake(
            "ten rates, spread evenly",
            "Ten rates on a line from 10⁻⁴ to 100: after the first, all lie between 11 and 100, and five decades go "
            "untried. Rates live on a logarithmic axis.",
            lambda train: min(np.linspace(1e-4, 100, 10), key=train),
        ),
        Mistake(
            "only the usual rates",
            "1, 0.1, 0.01 and 0.001 are habits. In this notebook SGD's best rates went from 0.02 to 10, and yours may "
            "be outside too. When the best is at the edge of what you tried, go on past the edge.",
            _grid([-3, -2.5, -2, -1.5, -1, -0.5, 0]),
        ),
        Mistake(
            "a budget overdrawn",
            "A grid by factors of two over six decades finds it, with twice the trainings. First find the right "
            "power of ten, then refine only there.",
            _grid(np.arange(-4, 2.01, 0.3)),
        ),
        Mistake("the worst one", "You return the rate with the *largest* loss.", _worst_of_them),
        Mistake("the last one", "You return the rate that you tried last, not the best of them.", _the_last_one),
        Mistake(
            "the loss instead of the rate",
            "You return the loss, and train once more to get it. Asked for is the rate.",
            _the_loss,
        ),
        Mistake("no tuning", "You return 0.1 untried. One rate does not fit all tasks, least of all SGD's.",
                lambda train: 0.1),
    ),
    hints=(
        "Work with powers: 10⁰, 10⁻¹, … Two trainings tell you which way to go.",
        "Walk by factors of ten while the loss gets better, and stop when it gets worse.",
        "Spend the last two trainings at ±0.4 powers of ten around the best.",
    ),
    explanation="""
        Coarse first, then fine, always on a logarithmic axis, and never satisfied with an edge. A diverged run is
        information too: it tells you which way to go.
    """,
)
