"""Exercises of notebook 14: two small calculations that interviewers ask for at the board."""

from adamkit.practice import plays
from adamkit.practice.exercises import Exercise, Mistake


def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices


def _byte_cases(rng):
    def case(name, *values):
        return plays.Case(name, dict(zip(("weight", "gradient", "master", "state", "devices"), values)))

    return [
        case("AdamW, mixed precision, one device", 2, 2, 4, 8, 1),
        case("the same on eight devices", 2, 2, 4, 8, 8),
        case("SGD with momentum in float32", 4, 4, 0, 4, 1),
        case("plain SGD with a copy, two devices", 2, 2, 4, 0, 2),
        case("8-bit state, four devices", 2, 2, 4, 2.031, 4),
        case("weights of 4 bytes beside a copy", 4, 2, 4, 8, 100),
        case("odd numbers", *(float(x) for x in rng.uniform(1, 8, 4)), int(rng.integers(2, 64))),
    ]


BYTES = Exercise(
    key="14-bytes",
    title="bytes for each parameter",
    statement="""
        Write `training_bytes(weight, gradient, master, state, devices)`: the bytes for each parameter that one device
        holds, when the float32 master copy and the optimizer's state are sharded over `devices` devices (ZeRO's first
        stage), and weights and gradients are not. The first four are bytes for each parameter.

        ```python
        def training_bytes(weight, gradient, master, state, devices):
            return ...
        ```
    """,
    solution_code=training_bytes,
    cases=_byte_cases,
    mistakes=(
        Mistake("nothing is sharded", "You add everything up. Master copy and state are divided by `devices`.",
                lambda weight, gradient, master, state, devices: weight + gradient + master + state),
        Mistake("everything is sharded", "Weights and gradients are whole on every device at this stage.",
                lambda weight, gradient, master, state, devices: (weight + gradient + master + state) / devices),
        Mistake("only the state is sharded", "The master copy is needed by the update alone, so it is sharded with it.",
                lambda weight, gradient, master, state, devices: weight + gradient + master + state / devices),
        Mistake("the gradient is sharded too", "That is the second stage.",
                lambda weight, gradient, master, state, devices: weight + (gradient + master + state) / devices),
    ),
    hints=("Which numbers does only the update need?", "Those are divided by `devices`; the other two are not."),
    explanation="With 2, 2, 4, 8 it is 16 on one device and 5.5 on eight: 7 billion parameters need 112 GB, then 38.5.",
    minutes=4,
)  # fmt: skip


def first_weight(beta, t, corrected):
    """Weight of the first gradient in the average after t steps."""
    if corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta**t)
    return beta ** (t - 1)


def _weight_cases(rng):
    drawn = float(rng.uniform(0.6, 0.99)), int(rng.integers(2, 40))
    pairs = [(0.9, 1), (0.9, 10), (0.999, 100), (0.5, 3), (0.9, 200), (0.999, 600), drawn]
    return [
        plays.Case(f"β = {beta:.3g}, t = {t}, {'corrected' if corrected else 'begun at the first gradient'}",
                   {"beta": beta, "t": t, "corrected": corrected})
        for place, (beta, t) in enumerate(pairs) for corrected in (place % 2 == 0, place % 2 == 1)
    ]  # fmt: skip


FIRST_WEIGHT = Exercise(
    key="14-first-weight",
    title="the weight of the first gradient",
    statement="""
        Someone proposes to start the average *at the first gradient* (m₁ = g₁) in place of zero with a correction.
        Write `first_weight(beta, t, corrected)`: the weight of g₁ in the average after `t` steps (t from 1), for Adam's
        corrected average if `corrected`, else for the average that was begun at g₁.

        ```python
        def first_weight(beta, t, corrected):
            return ...
        ```
    """,
    solution_code=first_weight,
    cases=_weight_cases,
    mistakes=(
        Mistake("no correction", "For `corrected` you give the raw weight; divide it by 1 − βᵗ.",
                lambda beta, t, corrected: (1 - beta) * beta ** (t - 1) if corrected else beta ** (t - 1)),
        Mistake("one step too many", "After t steps g₁ has been multiplied by β t − 1 times, not t times.",
                lambda beta, t, corrected: (1 - beta) * beta**t / (1 - beta**t) if corrected else beta**t),
        Mistake("neither is corrected", "βᵗ⁻¹ is the weight in the average that was begun at g₁. Look at `corrected`.",
                lambda beta, t, corrected: beta ** (t - 1)),
        Mistake("both are corrected", "An average that was begun at g₁ gave it the weight 1 at t = 1, then β, β², …",
                lambda beta, t, corrected: (1 - beta) * beta ** (t - 1) / (1 - beta**t)),
    ),
    hints=("What is the weight at t = 1? In both cases 1.", "Each further step multiplies an old weight by β.",
           "Begun at g₁: βᵗ⁻¹. Corrected: (1 − β)βᵗ⁻¹/(1 − βᵗ)."),
    explanation="At β = 0.999 and t = 100 it is 0.0095 against 0.906: one mini-batch would rule the denominator.",
    minutes=5,
)  # fmt: skip

EXERCISES = (BYTES, FIRST_WEIGHT)
