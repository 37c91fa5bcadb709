"""Exercise of notebook 09: tune, judge, pair."""

import copy
import math

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case, NotAttempted, Unusable, note_changes, refuse_non_function
from adamkit.practice.values import Tolerance, settled

words = words_of(__name__)


def enter(train, rates, tuning_seeds, seeds, rival):
    means = [np.mean([train(rate, seed) for seed in tuning_seeds]) for rate in rates]
    best = rates[int(np.argmin(means))]
    losses = np.array([train(best, seed) for seed in seeds])
    gains = np.asarray(rival) - losses
    return best, gains.mean() / (gains.std(ddof=1) / np.sqrt(len(gains)))


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

    given = {name: case.args[name] for name in ("rates", "tuning_seeds", "seeds", "rival")}
    fed = copy.deepcopy(list(given.values()))
    answer = function(train, *fed)
    if answer is Ellipsis:
        raise NotAttempted("it returns `...`")
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Unusable("it must return two things: the rate that it chose, and t.")
    yield "the rate", answer[0]
    yield "t", _number(answer[1])
    others = {rate for rate, seed in asked if seed in seeds} - {_key(settled(answer[0]), 0)[0]}
    yield "rates, beside the chosen one, that the seeds of the report were spent on", len(others)
    note_changes(transcript, given, fed)


def _key(rate, seed):
    """(rate, seed) as plain numbers; a rate that came through float32 or a list of texts finds nothing."""
    rate = settled(rate)
    try:
        return math.nan if np.iscomplexobj(rate) else float(rate), int(seed)
    except (TypeError, ValueError):
        return None, None


def _number(value):
    """A number of one element as a plain float: `t` may come as an array with a single entry."""
    value = settled(value)
    return float(value) if isinstance(value, np.ndarray) and value.size == 1 else value


def _cases(rng):
    def case(name, *, rates=5, tuning=3, report=5, diverges=False, spread=0.3):
        chosen = (10.0 ** rng.uniform(-3, 0, size=rates)).tolist()
        first, second = list(range(100, 100 + tuning)), rng.permutation(50)[:report].tolist()
        valley = (np.arange(rates) - rng.integers(1, rates - 1)) ** 2 * 0.15
        seeds = {seed: rng.normal() for seed in first + second}
        losses = {(rate, seed): float(3 + valley[i] + seeds[seed] + spread * rng.normal())
                  for i, rate in enumerate(chosen) for seed in seeds}
        if diverges:  # at the rate that is best by its other tuning runs, one is lost
            means = [np.mean([losses[rate, seed] for seed in first[:-1]]) for rate in chosen]
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
    **words("09-enter", enter), cases=_cases, how=tuned_judged_paired, tolerance=Tolerance(rtol=1e-6, atol=1e-9)
)
