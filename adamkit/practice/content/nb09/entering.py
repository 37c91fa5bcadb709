"""Exercise of notebook 09: tune, judge, pair."""

import math

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, NotAttempted, Unusable, refuse_non_function
from adamkit.practice.values import Tolerance, settled


def enter(train, rates, tuning_seeds, seeds, rival):
    means = [np.mean([train(rate, seed) for seed in tuning_seeds]) for rate in rates]
    best = rates[int(np.argmin(means))]
    losses = np.array([train(best, seed) for seed in seeds])
    gains = np.asarray(rival) - losses
    return best, gains.mean() / (gains.std(ddof=1) / np.sqrt(len(gains)))


def _variant(*, tuned=None, judged=None, score=None):
    """A wrong one: another way to choose, other runs to report, or another statistic."""
    tuned = tuned or _best_mean
    judged = judged or (lambda train, best, tuning_seeds, seeds: [train(best, seed) for seed in seeds])
    score = score or _paired

    def wrong(train, rates, tuning_seeds, seeds, rival):
        best = tuned(train, rates, tuning_seeds, seeds)
        losses = np.array(judged(train, best, tuning_seeds, seeds))
        return best, score(np.asarray(rival, dtype=float)[: len(losses)], losses)

    return wrong


def _table(train, rates, seeds):
    return np.array([[train(rate, seed) for seed in seeds] for rate in rates])


def _best_mean(train, rates, tuning_seeds, seeds):
    return rates[int(_table(train, rates, tuning_seeds).mean(axis=1).argmin())]


def _paired(rival, losses, *, ddof=1):
    gains = rival - losses
    return gains.mean() / (gains.std(ddof=ddof) / math.sqrt(len(gains)))


def _unpaired(rival, losses):
    error = math.sqrt((rival.var(ddof=1) + losses.var(ddof=1)) / len(losses))
    return (rival.mean() - losses.mean()) / error


def _finite_only(train, rates, tuning_seeds, seeds):
    table = _table(train, rates, tuning_seeds)
    return rates[int(np.nanmean(np.where(np.isfinite(table), table, np.nan), axis=1).argmin())]


MISTAKES = (
    Mistake("tuned on what is reported", "You choose the rate on the seeds of the report. The best of several rates on "
            "those seeds is partly luck, and the luck goes into the result.",
            _variant(tuned=lambda train, rates, tuning_seeds, seeds: _best_mean(train, rates, seeds, seeds))),
    Mistake("tuned on all seeds", "Choose on the tuning seeds alone. The others must have had no say.",
            _variant(tuned=lambda train, rates, tuning_seeds, seeds: _best_mean(
                train, rates, [*tuning_seeds, *seeds], seeds))),
    Mistake("one seed decides", "You choose by the first tuning seed only. Average over all of them.",
            _variant(tuned=lambda train, rates, tuning_seeds, seeds: _best_mean(
                train, rates, tuning_seeds[:1], seeds))),
    Mistake("the luckiest run decides", "You choose the rate with the single lowest loss. Choose by the mean: a rate "
            "that is best once and bad otherwise is no good rate.",
            _variant(tuned=lambda train, rates, tuning_seeds, seeds: rates[
                int(_table(train, rates, tuning_seeds).min(axis=1).argmin())])),
    Mistake("the largest mean", "You take the rate with the *largest* mean loss.",
            _variant(tuned=lambda train, rates, tuning_seeds, seeds: rates[
                int(_table(train, rates, tuning_seeds).mean(axis=1).argmax())])),
    Mistake("diverged runs left out", "You average over the runs that did not diverge. A rate that loses a run would "
            "win by the runs that it kept.", _variant(tuned=_finite_only)),
    Mistake("the tuning runs reported", "You report the losses of the tuning seeds. They were chosen for being low.",
            _variant(judged=lambda train, best, tuning_seeds, seeds: [train(best, seed) for seed in tuning_seeds])),
    Mistake("not paired", "You divide by the standard error of two independent means. Seeds are shared: take the "
            "differences first, seed by seed, and the error of *their* mean.", _variant(score=_unpaired)),
    Mistake("spread of the population", "`std()` without `ddof=1` divides by n. From a handful of pairs that is too "
            "small, and t too large.", _variant(score=lambda rival, losses: _paired(rival, losses, ddof=0))),
    Mistake("the spread, not the error", "You divide by the standard deviation of the differences. The mean of n "
            "differences is √n times surer.",
            _variant(score=lambda rival, losses: (rival - losses).mean() / (rival - losses).std(ddof=1))),
    Mistake("mine minus the rival's", "The sign: a loss below the rival's is to count as a positive lead.",
            _variant(score=lambda rival, losses: _paired(losses, rival))),
    Mistake("the mean difference alone", "You return the mean of the differences. Divide it by its standard error.",
            _variant(score=lambda rival, losses: (rival - losses).mean())),
    Mistake("divided by n", "The standard error is the deviation over √n, not over n.",
            _variant(score=lambda rival, losses: _paired(rival, losses) * math.sqrt(len(losses)))),
)


def tuned_judged_paired(function, case, transcript):
    """Play: `train` looks a loss up; the rate and t come back. The seeds of the report must not be spent on others."""
    refuse_non_function(function)
    losses, seeds = case.args["losses"], case.args["seeds"]
    asked = set()

    def train(rate, seed):
        key = _key(rate, seed)
        if key not in losses:
            raise Unusable(f"`train` was called with rate={rate!r}, seed={seed!r}; it knows the rates and seeds that "
                           "your function is given.")
        asked.add(key)
        return losses[key]

    answer = function(train, list(case.args["rates"]), list(case.args["tuning_seeds"]), list(seeds),
                      np.array(case.args["rival"]))
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Unusable("it must return two things: the rate that it chose, and t.")
    yield "the rate", answer[0]
    yield "t", _number(answer[1])
    others = {rate for rate, seed in asked if seed in seeds} - {_key(settled(answer[0]), 0)[0]}
    yield "rates, beside the chosen one, that the seeds of the report were spent on", len(others)


def _key(rate, seed):
    """(rate, seed) as plain numbers; a rate that came through float32 or a list of texts finds nothing."""
    try:
        return float(rate), int(seed)
    except (TypeError, ValueError):
        return None, None


def _number(value):
    """A number of one element as a plain float: `t` may come as an array with a single entry."""
    value = settled(value)
    return float(value) if isinstance(value, np.ndarray) and value.size == 1 else value


def _cases(rng):
    def case(name, *, rates=5, tuning=3, report=5, diverges=False, spread=0.3):
        chosen = np.sort(10.0 ** rng.uniform(-3, 0, size=rates)).tolist()
        first, second = list(range(100, 100 + tuning)), list(range(report))
        valley = (np.arange(rates) - rng.integers(1, rates - 1)) ** 2 * 0.15
        seeds = {seed: rng.normal() for seed in first + second}
        losses = {(rate, seed): float(3 + valley[i] + seeds[seed] + spread * rng.normal())
                  for i, rate in enumerate(chosen) for seed in seeds}
        if diverges:  # at the rate that is best otherwise, one tuning run is lost
            means = [np.mean([losses[rate, seed] for seed in first]) for rate in chosen]
            losses[chosen[int(np.argmin(means))], first[-1]] = math.inf
        rival = np.array([3.2 + seeds[seed] + spread * rng.normal() for seed in second])
        return Case(name, {"losses": losses, "rates": chosen, "tuning_seeds": first, "seeds": second, "rival": rival})

    return [
        case("five rates"),
        case("nine rates, ten seeds to report", rates=9, report=10),
        case("a rate that diverges once", diverges=True),
        case("another that does", rates=4, tuning=2, diverges=True),
        case("two pairs only", report=2),
        case("seeds that differ little", spread=1.0),
        *(case(f"another table, {k}", rates=6, tuning=4, report=6, spread=0.6) for k in range(12)),
    ]


ENTERING = Exercise(
    key="09-enter",
    title="tune, judge, pair",
    statement="""
        You want to know whether your optimizer beats a rival. `train(rate, seed)` trains it and returns the final loss,
        `inf` if the run diverged. Choose, of `rates` (a list), the one with the lowest *mean* loss over `tuning_seeds`;
        a rate of which a run diverges is out. Then train at that rate, and at no other, with each of `seeds`. `rival`
        (an array) has the rival's losses for the same seeds in the same order. Return the rate and
        $t$: the mean of the differences, rival's loss minus yours, over its standard error (the sample's deviation,
        divided by $n-1$ under the root, over $\\sqrt n$).

        ```python
        def enter(train, rates, tuning_seeds, seeds, rival):
            return ...  # the rate, t
        ```
    """,
    solution_code=enter,
    cases=_cases,
    how=tuned_judged_paired,
    tolerance=Tolerance(rtol=1e-6, atol=1e-9),
    minutes=8,
    mistakes=MISTAKES,
    hints=(
        "Three lines: a mean for each rate, the rate at the place of the smallest, the losses at that rate.",
        "Subtract before you average: `gains = rival - losses`. Then `gains.mean()` and `gains.std(ddof=1)`.",
    ),
    explanation="""
        The seed is the same start and the same batches for both, so what it does to both drops out of the difference;
        unpaired, it would stand in the error. What the function cannot see is how many rivals you tried before you
        called it: that is for you to count.
    """,
)
