"""Exercise 06-resume: a scheduler that goes on where it was, and the ways in which it does not."""

import json

from adamkit import schedules
from adamkit.practice import plays
from adamkit.practice.exercises import Exercise, Mistake


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


class _NothingRestored(Scheduler):
    def load_state_dict(self, state):
        pass


class _StepRepeated(Scheduler):
    def state_dict(self):
        return {"t": self.t - 1}


class _StepSkipped(Scheduler):
    def load_state_dict(self, state):
        self.t = state["t"] + 1


class _PeakReplaced(Scheduler):
    def state_dict(self):
        return {"t": self.t, "peak": self.lr()}

    def load_state_dict(self, state):
        self.t, self.peak = state["t"], state["peak"]


class _Frozen(Scheduler):
    fixed = None

    def lr(self):
        return super().lr() if self.fixed is None else self.fixed

    def state_dict(self):
        return {"lr": self.lr()}

    def load_state_dict(self, state):
        self.fixed = state["lr"]


class _Live(Scheduler):
    def __init__(self, schedule, peak):
        super().__init__(schedule, peak)
        self.state = {"t": 0}

    def lr(self):
        return self.peak * self.schedule(self.state["t"])

    def step(self):
        self.state["t"] += 1

    def state_dict(self):
        return self.state

    def load_state_dict(self, state):
        self.state = state


class _StartsAtOne(Scheduler):
    def __init__(self, schedule, peak):
        super().__init__(schedule, peak)
        self.t = 1


class _PeakForgotten(Scheduler):
    def lr(self):
        return self.schedule(self.t)


def interrupted_run(factory, case, transcript):
    """Play: some steps, a checkpoint, a few steps more that are lost, then a fresh scheduler that loads it."""
    plays.refuse_non_function(factory, wants="the class itself, `Scheduler` and not `Scheduler(…)`")
    args = case.args
    schedule = schedules.warmup_cosine(warmup=args["warmup"], total=args["total"])
    scheduler = factory(schedule, args["peak"])
    _refuse_strangers(scheduler)
    yield from _walk(scheduler, range(args["checkpoint"]), "rate of step {}")
    saved = scheduler.state_dict()
    if saved is ...:
        raise plays.NotAttempted("its `state_dict` returns `...`")
    lost = range(args["checkpoint"], args["crash"])
    yield from _walk(scheduler, lost, "rate of step {}, after the checkpoint")
    resumed = factory(schedule, args["peak"])
    resumed.load_state_dict(_through_a_file(saved))
    yield from _walk(resumed, range(args["checkpoint"], args["total"]), "rate of step {}, resumed")


def _walk(scheduler, steps, label):
    for step in steps:
        yield label.format(step), scheduler.lr()
        scheduler.step()


def _refuse_strangers(scheduler):
    for name in ("lr", "step", "state_dict", "load_state_dict"):
        if not callable(getattr(scheduler, name, None)):
            raise plays.Unusable(f"what your code builds has no method `{name}`.")


def _through_a_file(state):
    if not isinstance(state, dict):
        kind = type(state).__name__
        raise plays.Unusable(f"`state_dict()` must return a dict; yours returned a value of type {kind}.")
    try:
        return json.loads(json.dumps(state))
    except (TypeError, ValueError) as reason:
        raise plays.Unusable(
            f"what `state_dict()` returned cannot be written to a JSON file: {reason}. Keep plain numbers in it, not "
            "functions: the new scheduler gets its schedule from its constructor."
        ) from None


def _cases(rng):
    def case(name, warmup, total, peak, checkpoint, crash):
        values = {"warmup": warmup, "total": total, "peak": peak, "checkpoint": checkpoint, "crash": crash}
        return plays.Case(name, values)

    late = int(rng.integers(12, 18))
    return [
        case("stopped during the decay", 5, 25, 0.1, late, late + 3),
        case("stopped during the warmup", 10, 20, 0.02, 4, 6),
        case("stopped right after the checkpoint", 4, 16, 1.0, 9, 9),
        case("stopped before the first step", 3, 10, 0.5, 0, 2),
    ]


RESUME = Exercise(
    key="06-resume",
    title="a scheduler that resumes",
    statement="""
        Write the class `Scheduler(schedule, peak)`. `lr()` is the rate of the coming step, peak × schedule(t) with t
        from 0; `step()` moves on by one. `state_dict()` returns what a checkpoint must hold, as a dict of plain
        numbers; a *new* `Scheduler(schedule, peak)` that gets it by `load_state_dict(state)` continues on the same
        path. The old one may run on in the meantime.

        ```python
        class Scheduler:
            def __init__(self, schedule, peak): ...

            def lr(self):
                return ...

            def step(self): ...

            def state_dict(self):
                return ...

            def load_state_dict(self, state): ...
        ```
    """,
    solution_code=Scheduler,
    cases=_cases,
    how=interrupted_run,
    mistakes=(
        Mistake(
            "the warmup starts again",
            "After loading, your count is 0 once more. The resumed run warms up a second time, from a rate of zero, "
            "with weights that needed none.",
            _NothingRestored,
            seen="lightly-train until 2025 (pull request 301), x-modaler (issue 15)",
        ),
        Mistake(
            "one step is repeated",
            "The resumed run begins with the rate of a step that was already taken. When t steps are done, the coming "
            "one is number t.",
            _StepRepeated,
        ),
        Mistake("one step is skipped", "The resumed run begins one step too late in the schedule.", _StepSkipped),
        Mistake(
            "the last rate becomes the peak",
            "You saved the current rate and took it for the peak. The schedule multiplies it again, so the factor "
            "counts twice after one resume, and three times after the next.",
            _PeakReplaced,
        ),
        Mistake(
            "the rate stays where it was",
            "After loading, your rate no longer moves: you kept the number, not the place in the schedule.",
            _Frozen,
        ),
        Mistake(
            "the checkpoint goes on living",
            "`state_dict()` returned the dict that your scheduler itself works with, so the checkpoint changed while "
            "the old run went on. Return a copy.",
            _Live,
        ),
        Mistake("the count starts at 1", "The first step is number 0; yours begins with schedule(1).", _StartsAtOne),
        Mistake("the peak is missing", "`lr()` is a rate: peak × schedule(t).", _PeakForgotten),
    ),
    hints=(
        "A schedule is a function of the step. So what is the least that a checkpoint must hold?",
        "One whole number: how many steps have been taken. Schedule and peak come from the constructor.",
    ),
    explanation="A pure function of the step has no memory, so the step is the whole state.",
    minutes=6,
)
