"""Exercises of notebook 13: the line of the proof that breaks, the brackets that break it, and regret."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake, NumberExercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance

BROKEN_LINE = NumberExercise(
    key="13-broken-line",
    title="which line breaks?",
    statement="""
        One coordinate, β₁ = 0, rate αₜ = α/√t. Write aₜ = √v̂ₜ/αₜ, so the update is θₜ₊₁ = θₜ − gₜ/aₜ. Write
        dₜ = (θₜ − θ*)², and assume dₜ ≤ D² for all t. All losses are convex. Here is the heart of the proof, as five
        lines; ∑ runs over t = 1 … n, and ∑′ over t = 2 … n. Exactly one line is not justified.

        1. fₜ(θₜ) − fₜ(θ*) ≤ gₜ(θₜ − θ*)
        2. gₜ(θₜ − θ*) = ½aₜ(dₜ − dₜ₊₁) + gₜ²/(2aₜ)
        3. ∑ aₜ(dₜ − dₜ₊₁) = a₁d₁ + ∑′(aₜ − aₜ₋₁)dₜ − aₙdₙ₊₁
        4. … ≤ a₁D² + ∑′(aₜ − aₜ₋₁)D²
        5. … = aₙD²

        ```python
        practice.exercise("13-broken-line").check(...)  # the number of the line
        ```
    """,
    solution_code=4,
    tolerance=Tolerance(rtol=0, atol=1e-9),
    minutes=10,
    mistakes=(
        Mistake(
            "line 1 holds",
            "A convex function lies above its tangent: f(θ*) ≥ f(θ) + g(θ* − θ). Rearranged, that is line 1.",
            1,
        ),
        Mistake(
            "line 2 holds",
            "Square both sides of θₜ₊₁ − θ* = (θₜ − θ*) − gₜ/aₜ and multiply by aₜ/2. With a projection onto a convex "
            "set, = becomes ≤, which is as good.",
            2,
        ),
        Mistake(
            "line 3 holds",
            "It only collects the terms with the same dₜ: summation by parts. Write it out for n = 2.",
            3,
        ),
        Mistake(
            "line 5 holds",
            "The sum of differences telescopes, whatever the signs: a₁ + (a₂ − a₁) + … + (aₙ − aₙ₋₁) = aₙ.",
            5,
        ),
    ),
    hints=(
        "Three of the lines are identities. Which two are inequalities?",
        "When may one replace dₜ by something larger? Look at the factor in front of it.",
    ),
    worked="""
        **Line 4.** Replacing dₜ by the larger D² makes (aₜ − aₜ₋₁)·dₜ larger only if aₜ − aₜ₋₁ ≥ 0. For AdaGrad that
        holds: aₜ is the root of a growing sum. Adam's v̂ forgets. After a large gradient √v̂ₜ shrinks, faster than
        1/αₜ grows, and the bracket is negative. (Dropping −aₙdₙ₊₁ on the way is fine: it is not positive.)
    """,
)


def negative_brackets(g, beta2):
    t = np.arange(1, len(g) + 1)
    v, kept = 0.0, []
    for g_t in g:
        v = beta2 * v + (1 - beta2) * g_t**2
        kept.append(v)
    v_hat = np.array(kept) / (1 - beta2**t)
    return int((np.diff(np.sqrt(v_hat * t)) < 0).sum())


def counted(*, corrected=True, root=True, with_rate=True, power=0.5, at_most=False, swapped=False, squares=True):
    """A solution with one thing done otherwise."""

    def count(g, beta2):
        t = np.arange(1, len(g) + 1)
        old = 1 - beta2 if swapped else beta2
        v, kept = 0.0, []
        for g_t in g:
            v = old * v + (1 - old) * (g_t**2 if squares else abs(g_t))
            kept.append(v)
        a = np.array(kept) / ((1 - beta2**t) if corrected else 1)
        a = (np.sqrt(a) if root else a) * (t**power if with_rate else 1)
        return int((np.diff(a) <= 0).sum() if at_most else (np.diff(a) < 0).sum())

    return count


def growing_instead(g, beta2):
    return len(g) - 1 - negative_brackets(g, beta2)


def as_share(g, beta2):
    return negative_brackets(g, beta2) / (len(g) - 1)


def bracket_cases(rng):
    """Reddi's stream, constant and zero gradients, noise, spikes; short and long memories."""
    reddi = np.resize([3.0, -1.0, -1.0], 199)
    spikes = np.where(np.arange(120) % 25 == 0, 10.0, 0.1)
    return [
        Case("Reddi's stream", {"g": reddi, "beta2": 0.1}),
        Case("a few steps of it", {"g": reddi[:5], "beta2": 0.1}),
        Case("Reddi's stream, long memory", {"g": reddi, "beta2": 0.99}),
        Case("noise", {"g": rng.normal(size=150), "beta2": 0.9}),
        Case("noise, long memory", {"g": rng.normal(size=150), "beta2": 0.97}),
        Case("rare spikes", {"g": spikes, "beta2": 0.95}),
        Case("a constant gradient", {"g": np.full(20, 0.5), "beta2": 0.9}),
        Case("silence after a start", {"g": np.r_[rng.normal(size=5), np.zeros(30)], "beta2": 0.9}),
        Case("a long stream", {"g": np.where(rng.uniform(size=2000) < 0.01, 5.0, 0.1), "beta2": 0.99}),
        Case("silence, then noise", {"g": np.r_[np.zeros(4), rng.normal(size=40)], "beta2": 0.8}),
        Case("a single gradient", {"g": np.array([2.0]), "beta2": 0.9}),
    ]


BRACKETS = Exercise(
    key="13-brackets",
    title="count the negative brackets",
    statement="""
        For a stream of gradients `g`, shape (T,), of one parameter: how many of the T − 1 brackets
        √v̂ₜ/αₜ − √v̂ₜ₋₁/αₜ₋₁, t = 2 … T, are negative? v starts at zero and is bias-corrected, and αₜ = α/√t. (α > 0
        changes no sign: take 1.) Return a whole number.

        ```python
        def negative_brackets(g, beta2):
            return ...
        ```
    """,
    solution_code=negative_brackets,
    cases=bracket_cases,
    minutes=8,
    mistakes=(
        Mistake("no bias correction", "Divide v by 1 − β₂ᵗ: raw, v climbs from zero.", counted(corrected=False)),
        Mistake("√t is missing", "The rate falls, so dividing by αₜ = α/√t multiplies √v̂ₜ by √t.",
                counted(with_rate=False)),
        Mistake("divided by √t", "αₜ stands in the denominator: √v̂ₜ/αₜ = √t·√v̂ₜ/α.", counted(power=-0.5)),
        Mistake("αₜ = α/t", "The theorem takes αₜ = α/√t. You have multiplied by t.", counted(power=1.0)),
        Mistake("√ forgotten", "The bracket holds √v̂, not v̂.", counted(root=False)),
        Mistake("zero counted as negative", "A bracket of exactly 0 breaks nothing: count < 0.", counted(at_most=True)),
        Mistake("the weights are swapped", "v ← β₂v + (1 − β₂)g²: β₂ belongs to the old v.", counted(swapped=True)),
        Mistake("v fed with |g|", "v averages the squares g².", counted(squares=False)),
        Mistake("the others are counted", "These are the brackets that are *not* negative.", growing_instead),
        Mistake("a share instead of a number", "Return how many, not which share.", as_share),
    ),
    hints=(
        "A loop over g that keeps v after each step; then arrays: t = 1 … T, v̂ = v/(1 − β₂ᵗ).",
        "`np.diff(a)` gives a₂ − a₁, a₃ − a₂, …: T − 1 numbers.",
    ),
    explanation="""
        On Reddi's stream two brackets of three are negative: every step after the large gradient lets √v̂ fall faster
        than √t grows. With β₂ = 0.99 the count is smaller, and not zero.
    """,
)


def average_regret(x, slopes):
    return (np.sum(slopes * x) + np.abs(np.sum(slopes))) / len(x)


def regret_cases(rng):
    """Reddi's slopes, the other sign, slopes that cancel or are zero, one step, a player who foresees."""
    reddi = np.resize([3.0, -1.0, -1.0], 30)
    foreseen = rng.normal(size=12)
    return [
        Case("always at +1", {"x": np.ones(30), "slopes": reddi}),
        Case("always at the best point", {"x": -np.ones(30), "slopes": reddi}),
        Case("the best point is +1", {"x": rng.uniform(-1, 1, 20), "slopes": -np.resize([3.0, -1.0, -1.0], 20)}),
        Case("slopes that cancel", {"x": rng.uniform(-1, 1, 10), "slopes": np.resize([1.0, -1.0], 10)}),
        Case("one step", {"x": np.array([0.5]), "slopes": np.array([2.0])}),
        Case("steps at which nothing is paid", {"x": rng.uniform(-1, 1, 9), "slopes": np.resize([2.0, 0.0, -3.0], 9)}),
        Case("a player who foresees each slope", {"x": -np.sign(foreseen), "slopes": foreseen}),
        Case("a long game", {"x": rng.uniform(-1, 1, 3000), "slopes": rng.normal(0.1, 1, size=3000)}),
        Case("random slopes", {"x": rng.uniform(-1, 1, 50), "slopes": rng.normal(size=50)}),
        Case("random slopes that lean one way", {"x": rng.uniform(-1, 1, 40), "slopes": rng.normal(1, 2, size=40)}),
    ]


REGRET = Exercise(
    key="13-regret",
    title="average regret",
    statement="""
        At step t you stand at x[t] in [−1, 1] and pay slopes[t]·x[t]. The **regret** is what you paid in all, less
        what the best *single* point of [−1, 1], chosen in hindsight, would have paid in all. Return regret/T, one
        number. Both arrays have the shape (T,).

        ```python
        def average_regret(x, slopes):
            return ...
        ```
    """,
    solution_code=average_regret,
    cases=regret_cases,
    minutes=5,
    mistakes=(
        Mistake("the loss alone", "That is what you paid. Subtract what the best fixed point would have paid.",
                lambda x, slopes: np.sum(slopes * x) / len(x)),
        Mistake("a new best point at every step", "You compare with a rival who moves each step. Regret allows it one "
                "point for all steps: sum the slopes first, then take the best x.",
                lambda x, slopes: (np.sum(slopes * x) + np.sum(np.abs(slopes))) / len(x)),
        Mistake("the best point is always −1", "If the slopes add up to less than zero, the best point is +1.",
                lambda x, slopes: (np.sum(slopes * x) + np.sum(slopes)) / len(x)),
        Mistake("the sum, not the average", "Divide by the number of steps.",
                lambda x, slopes: np.sum(slopes * x) + np.abs(np.sum(slopes))),
        Mistake("the sign is flipped", "Regret is yours minus the best, and never negative for a player who stays put.",
                lambda x, slopes: -(np.sum(slopes * x) + np.abs(np.sum(slopes))) / len(x)),
        Mistake("the best loss is added", "The best point pays −|∑ slopes|. Subtracting it adds |∑ slopes|.",
                lambda x, slopes: (np.sum(slopes * x) - np.abs(np.sum(slopes))) / len(x)),
    ),
    hints=(
        "A fixed point x pays x·∑ slopes in all. Which x in [−1, 1] makes that least?",
        "The least is −|∑ slopes|.",
    ),
    explanation="""
        The best fixed point is −sign(∑ slopes) and pays −|∑ slopes|. A method that stays at +1 on Reddi's slopes
        loses 1 in every three steps where −1 gains 1: 2/3 a step.
    """,
)

EXERCISES = (BROKEN_LINE, BRACKETS, REGRET)
