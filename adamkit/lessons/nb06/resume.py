"""Exercise 06-resume: a scheduler that goes on where it was, and the ways in which it does not."""

import copy
import itertools
import math
import numbers

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise

words = words_of(__name__)


class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
        self.t = 0

    def lr(self):
        return self.peak * self.schedule(self.t)

    def step(self):
        self.t += 1

    def state_dict(self):
        return {"t": self.t}

    def load_state_dict(self, state):
        self.t = state["t"]


def interrupted_run(factory, case, transcript):
    """Play: some steps and a checkpoint; then the old scheduler runs on beside another that has loaded it.

    Each rate is asked for twice, since only `step` may move it. A third scheduler of another kind takes
    its own steps in between: what belongs to one must not stand on the class.
    """
    plays.refuse_non_function(factory, wants="the class itself, `Scheduler` and not `Scheduler(…)`")
    args = case.args
    schedule = _hill(args["warmup"], args["total"])
    scheduler = factory(schedule, args["peak"])
    _refuse_strangers(scheduler)
    another = factory(_hill(7, 1000), 2 * args["peak"])
    other = _walk(another, itertools.count(), "rate of step {} of another one")
    yield from _walk(scheduler, range(args["checkpoint"]), "rate of step {}")
    yield from _first(other, 4)
    saved = scheduler.state_dict()
    if saved is ...:
        raise plays.NotAttempted("its `state_dict` returns `...`")
    old = _walk(scheduler, range(args["checkpoint"], args["total"]), "rate of step {} of the old one")
    yield from _first(old, 2 * args["lost"])
    resumed = factory(schedule, args["peak"])
    yield from _walk(resumed, range(args["before"]), "rate of step {} of one that will load")
    yield f"rate of step {args['before']} of one that will load, asked before it does", resumed.lr()
    kept = _kept(saved)
    resumed.load_state_dict(copy.deepcopy(kept))
    for moment in _walk(resumed, range(args["checkpoint"], args["total"]), "rate of step {}, resumed"):
        yield moment
        yield from _first(other, 1)
        yield from _first(old, 3)
    resumed.load_state_dict(kept)
    resumed.step()
    yield f"rate of step {args['checkpoint'] + 1}, loaded once more", resumed.lr()


def _hill(warmup, total):
    """Up in a straight line and down along half a cosine."""
    return lambda t: t / warmup if t < warmup else 0.5 + 0.5 * math.cos(math.pi * (t - warmup) / (total - warmup))


def _walk(scheduler, steps, label):
    for step in steps:
        yield label.format(step), scheduler.lr()
        yield f"{label.format(step)}, asked again", scheduler.lr()
        scheduler.step()


def _first(moments, count):
    return list(itertools.islice(moments, count))


def _refuse_strangers(scheduler):
    for name in ("lr", "step", "state_dict", "load_state_dict"):
        if not callable(getattr(scheduler, name, None)):
            raise plays.Unusable(f"what your code builds has no method `{name}`.")


def _kept(state):
    """What a checkpoint keeps of a state: a copy, of plain things only."""
    if not isinstance(state, dict):
        kind = type(state).__name__
        raise plays.Unusable(f"`state_dict()` must return a dict; yours returned a value of type {kind}.")
    strangers = [name for name, value in state.items() if not _is_plain(value)]
    if strangers:
        kind = type(state[strangers[0]]).__name__
        raise plays.Unusable(
            f"`state_dict()` returned a value of type {kind} under the key {strangers[0]!r}. Keep plain numbers in it: "
            "a checkpoint is a file, and the other scheduler gets its schedule from its constructor."
        )
    return copy.deepcopy(state)


def _is_plain(value):
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return value is None or isinstance(value, (numbers.Number, np.generic, np.ndarray, str)) or hasattr(value, "detach")


def _cases(rng):
    def case(name, warmup, total, peak, checkpoint, lost, before=0):
        values = {"warmup": warmup, "total": total, "peak": peak, "checkpoint": checkpoint, "lost": lost}
        return plays.Case(name, {**values, "before": before})

    return [
        case("stopped during the decay", 5, 25, 0.1, int(rng.integers(12, 18)), 3),
        case("stopped during the warmup", 10, 20, 0.02, 4, 2),
        case("stopped right after the checkpoint", 4, 16, 3.0, 9, 0),
        case("stopped before the first step", 3, 10, 0.5, 0, 2),
        case("loaded by one that has taken steps", 3, 14, 0.5, 6, 1, before=4),
        case("back to the first step", 3, 10, 0.5, 0, 0, before=5),
        case("a long training", 20, 280, 0.2, 262, 2),
    ]


RESUME = Exercise(**words("06-resume", Scheduler), cases=_cases, how=interrupted_run)
