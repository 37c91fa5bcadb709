"""A slip that every exercise about an optimizer knows: what was handed over is as it was."""

from adamkit.practice.exercises import Mistake


class Still:
    """Takes any arguments, and moves nothing."""

    def __init__(self, params, **hypers):
        self.t = 0

    def step(self, grads):
        self.t += 1


NEVER_MOVED = Mistake(
    "the parameters never moved",
    "The arrays that were handed over are after each `step` what they were before. Three slips do that: "
    "`p = p - …` and `params[i] = params[i] - …`, which make a new array while the caller still holds the old one; "
    "copies made in `__init__`; and a change that is worked out and never subtracted. Write `p -= …` or "
    "`p[...] = …`, on the arrays that came in.",
    Still,
)
