"""Exercises of notebook 06: two schedules as functions of the step; resuming and the first steps are beside it."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.content.nb06.first_steps import STEP_LENGTH
from adamkit.practice.content.nb06.resume import RESUME
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.values import Tolerance

#: A factor in single precision is as good: a rate needs no more.
SINGLE = Tolerance(rtol=1e-6, atol=1e-7)


def every_step(function, case, transcript):
    """Play of a schedule: one call for each step, or each of some where there are many, and far past its end."""
    plays.refuse_non_function(function)
    settings = list(case.args.values())
    warmup = case.args["warmup"]
    end = case.args.get("total", 4 * warmup)
    some = range(2 * end + 3) if end < 200 else range(0, 2 * end, end // 7)
    for step in sorted({*some, warmup, warmup + 1, end, end + 1, end + 3_000_000}):
        yield f"step {step}", function(step, *settings)


def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    progress = min((step - warmup) / (total - warmup), 1.0)
    return floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * progress))


def _cosine_variant(*, ramp=lambda s, w: s / w, progress=None, clamp=True, shape=None):
    """A wrong warmup_cosine: one of its parts replaced."""
    progress = progress or (lambda s, w, t: (s - w) / (t - w))
    shape = shape or (lambda p, floor: floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * p)))

    def wrong(step, warmup, total, floor):
        if step < warmup:
            return ramp(step, warmup)
        p = progress(step, warmup, total)
        return shape(min(p, 1.0) if clamp else p, floor)

    return wrong


def _zero_after_the_end(step, warmup, total, floor):
    return warmup_cosine(step, warmup, total, floor) if step <= total else 0.0


def _half_wave(p):
    return 0.5 * (1 + np.cos(np.pi * p))


def _ramp_times_cosine(step, warmup, total, floor):
    ramp = min(step / warmup, 1.0) if warmup else 1.0
    return ramp * (floor + (1 - floor) * _half_wave(min(step / total, 1.0)))


def _cosine_cases(rng):
    def case(name, warmup, total, floor):
        return plays.Case(name, {"warmup": warmup, "total": total, "floor": floor})

    warmup = int(rng.integers(5, 12))
    return [
        case("a floor of a tenth", warmup, warmup + int(rng.integers(15, 30)), 0.1),
        case("down to zero", 4, 20, 0.0),
        case("no warmup at all", 0, 12, 0.2),
        case("a warmup of one step", 1, 9, 0.0),
        case("a decay of one step", 6, 7, 0.5),
        case("the same, to another floor", 6, 7, 0.001),
        case("a long training", 12_000, 15_000, 0.01),
        case("a floor as high as the peak", 3, 9, 1.0),
    ]


WARMUP_COSINE = Exercise(
    key="06-warmup-cosine",
    title="warmup and cosine",
    statement="""
        Write `warmup_cosine(step, warmup, total, floor)`: the factor on the peak rate at one step, counted from 0. It
        rises in a straight line from 0 at step 0 to 1 at step `warmup`, falls along half a cosine to `floor` at step
        `total`, and stays there however long training goes on. `0 ≤ warmup < total`.

        ```python
        def warmup_cosine(step, warmup, total, floor):
            return ...
        ```
    """,
    solution_code=warmup_cosine,
    cases=_cosine_cases,
    how=every_step,
    tolerance=SINGLE,
    mistakes=(
        Mistake(
            "no clamp at the end",
            "Up to `total` all is well. After it the cosine climbs again, back to 1. Training that runs longer than "
            "planned gets its rate back just when it should land. Stop the progress at 1.",
            _cosine_variant(clamp=False),
            seen="torch's CosineAnnealingLR, by design; the schedule that UniRL built on it (pull request 223)",
        ),
        Mistake(
            "the decay is measured from step 0",
            "You use step/total. When the warmup ends, that cosine is already part of the way down, so the factor "
            "jumps. The progress is 0 at `warmup` and 1 at `total`.",
            _cosine_variant(progress=lambda s, w, t: s / t),
            seen="fairchem (pull request 1967), PaddleDetection until 2021 (pull request 4611)",
        ),
        Mistake(
            "the decay lasts total steps",
            "You divide by `total`, but the decay has only total − warmup steps. It arrives at the floor too late.",
            _cosine_variant(progress=lambda s, w, t: (s - w) / t),
        ),
        Mistake(
            "the floor is added",
            "floor + ½(1+cos) begins at 1 + floor. Squeeze the cosine into the room above the floor: "
            "floor + (1 − floor)·½(1+cos).",
            _cosine_variant(shape=lambda p, floor: floor + _half_wave(p)),
        ),
        Mistake(
            "the floor cuts the curve",
            "max(floor, …) runs into the floor with a kink, and stays there for the last part of training. The cosine "
            "should end at the floor.",
            _cosine_variant(shape=lambda p, floor: max(floor, _half_wave(p))),
        ),
        Mistake(
            "no floor",
            "Your curve ends at 0 whatever the floor is.",
            _cosine_variant(shape=lambda p, floor: _half_wave(p)),
        ),
        Mistake(
            "zero after the end",
            "From `total` on the factor is the floor. Yours drops to 0 one step later.",
            _zero_after_the_end,
        ),
        Mistake(
            "the cosine itself",
            "cos(πp) goes from 1 to −1. With a floor of 0 your rate is negative in the second half, and training goes "
            "uphill. Shift and halve it: ½(1 + cos πp).",
            _cosine_variant(shape=lambda p, floor: floor + (1 - floor) * np.cos(np.pi * p)),
        ),
        Mistake(
            "a quarter of a wave",
            "cos(πp/2) reaches zero at full speed. The half wave ½(1 + cos πp) is flat at both ends.",
            _cosine_variant(shape=lambda p, floor: floor + (1 - floor) * np.cos(np.pi * p / 2)),
        ),
        Mistake(
            "the decay is over too early",
            "You divide the *whole* step by total − warmup, so the steps of the warmup are counted into the decay: the "
            "factor jumps at `warmup` and is at the floor `warmup` steps too soon. The decay counts step − warmup.",
            _cosine_variant(progress=lambda s, w, t: s / (t - w)),
            seen="the S5 sequence models' training code (issue 11)",
        ),
        Mistake(
            "the warmup only shortens the cosine",
            "There is no ramp: your cosine starts at 1, ends `warmup` steps too soon, and then climbs again.",
            lambda step, warmup, total, floor: floor + (1 - floor) * _half_wave(step / (total - warmup)),
            seen="UniRL until 2026 (pull request 223)",
        ),
        Mistake(
            "ramp and cosine are multiplied",
            "The cosine already falls while the ramp rises, so the factor never reaches 1. One after the other: the "
            "cosine begins at `warmup`. (torch's ChainedScheduler multiplies; SequentialLR is the one to take.)",
            _ramp_times_cosine,
        ),
        Mistake(
            "the ramp is one step early",
            "(step + 1)/warmup: the peak comes at step warmup − 1, and step 0 is not 0. A sound choice in practice, "
            "but not the one asked for here.",
            _cosine_variant(ramp=lambda s, w: (s + 1) / w),
        ),
        Mistake(
            "the ramp of nanoGPT",
            "(step + 1)/(warmup + 1) wastes no step at rate 0, and it is what nanoGPT does. Asked for is a line from 0 "
            "at step 0.",
            _cosine_variant(ramp=lambda s, w: (s + 1) / (w + 1)),
        ),
    ),
    hints=(
        "Two cases: before `warmup` a ratio of two numbers; after it, a progress p from 0 to 1.",
        "p = (step − warmup)/(total − warmup), but never more than 1.",
        "½(1 + cos πp) falls from 1 to 0. Squeeze it between 1 and the floor.",
    ),
    explanation="The clamp is one `min`. Without it everything looks right until somebody trains longer.",
    minutes=8,
)


def inverse_sqrt(step, warmup):
    if step < warmup:
        return step / warmup
    return np.sqrt(warmup / step)


def _unscaled(step, warmup):
    return step / warmup if step < warmup else step**-0.5


def _paper_without_its_scale(step, warmup):
    return min(max(step, 1) ** -0.5, step * warmup**-1.5)


def _no_root(step, warmup):
    return step / warmup if step < warmup else warmup / step


def _counted_from_the_peak(step, warmup):
    return step / warmup if step < warmup else (step - warmup + 1) ** -0.5


def _larger_of_the_two(step, warmup):
    return max(step / warmup, np.sqrt(warmup / max(step, 1)))


def _one_step_early(step, warmup):
    return inverse_sqrt(step + 1, warmup)


def _root_in_the_ramp(step, warmup):
    return np.sqrt(step / warmup) if step < warmup else np.sqrt(warmup / step)


def _no_ramp(step, warmup):
    return 1.0 if step < warmup else np.sqrt(warmup / step)


def _inverse_sqrt_cases(rng):
    lengths = {"a random warmup": int(rng.integers(8, 20)), "four steps": 4, "a warmup of one step": 1, "30 steps": 30,
               "a long warmup": 12_000}  # fmt: skip
    return [plays.Case(name, {"warmup": warmup}) for name, warmup in lengths.items()]


INVERSE_SQRT = Exercise(
    key="06-inverse-sqrt",
    title="inverse square root",
    statement="""
        Write `inverse_sqrt(step, warmup)`: the factor at one step, counted from 0. A straight line from 0 at step 0 to
        its peak, exactly 1, at step `warmup ≥ 1`; from there it falls like one over the square root of the step. The
        two pieces must meet.

        ```python
        def inverse_sqrt(step, warmup):
            return ...
        ```
    """,
    solution_code=inverse_sqrt,
    cases=_inverse_sqrt_cases,
    how=every_step,
    tolerance=SINGLE,
    mistakes=(
        Mistake(
            "the pieces do not meet",
            "After the warmup you return 1/√step, which at step `warmup` is 1/√warmup and not 1. Scale it so that it "
            "is 1 there.",
            _unscaled,
        ),
        Mistake(
            "the paper's formula without its scale",
            "min(step^−½, step·warmup^−1.5) has the right shape, but its peak is 1/√warmup. In the paper the factor "
            "d_model^−½ comes on top, and no other rate. Here the peak is 1.",
            _paper_without_its_scale,
        ),
        Mistake("the root is missing", "You decay like 1/step. Asked is one over its square root.", _no_root),
        Mistake(
            "the decay counts from the peak",
            "1/√(step − warmup + 1) falls by 30% in the first step after the peak. The step counts from the start of "
            "training, so that a long warmup is followed by a slow decay.",
            _counted_from_the_peak,
        ),
        Mistake(
            "the larger of the two",
            "`max` takes the upper branch on both sides. It must be `min`.",
            _larger_of_the_two,
        ),
        Mistake(
            "one step early",
            "Your count begins at 1, as in the paper. Here step 0 gives 0, and the peak is at step `warmup`.",
            _one_step_early,
        ),
        Mistake("a root in the ramp", "Before the peak it is a straight line, step/warmup.", _root_in_the_ramp),
        Mistake(
            "no ramp",
            "Before the peak yours is 1 from the first step on, as T5's published schedule is. Here the ramp is the "
            "warmup.",
            _no_ramp,
        ),
    ),
    hints=(
        "Both pieces are 1 at step `warmup`. Write each as a ratio of step and warmup.",
        "The second is √(warmup/step).",
    ),
    explanation="Equally: min(step/warmup, √(warmup/step)), with care at step 0.",
    minutes=5,
)

EXERCISES = (WARMUP_COSINE, INVERSE_SQRT, STEP_LENGTH, RESUME)
