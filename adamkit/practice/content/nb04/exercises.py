"""Exercises of notebook 04: the correction factor, the whole class, three steps by hand."""

import numpy as np

from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.content.nb04.mistakes import MISTAKES
from adamkit.practice.exercises import Exercise, Mistake, NumberExercise
from adamkit.practice.plays import step_optimizer
from adamkit.practice.values import Tolerance


def correction_factor(beta, t):
    # After t steps the weights (1−β)βᵗ⁻ⁱ, i = 1…t, sum to 1 − βᵗ; dividing by that sum makes an average of them.
    return 1 / (1 - beta**t)


def factor_cases(rng):
    """Single steps, the defaults, no memory at all, and many steps at once."""
    cases = [
        Case("the first step", {"beta": 0.9, "t": 1}),
        Case("the slow average at its first step", {"beta": 0.999, "t": 1}),
        Case("after a while", {"beta": 0.9, "t": 12}),
        Case("almost full", {"beta": 0.999, "t": 4603}),
        Case("no memory", {"beta": 0.0, "t": 1}),
        Case("many steps at once", {"beta": 0.95, "t": np.arange(1, 41)}),
        Case("some steps, in no order", {"beta": 0.99, "t": np.array([7, 500, 1, 32])}),
        Case("an array of one step", {"beta": 0.9, "t": np.array([3])}),
    ]
    for _ in range(3):
        cases.append(Case("random", {"beta": float(rng.uniform(0.5, 0.999)), "t": int(rng.integers(2, 60))}))
    return cases


BIAS_CORRECTION = Exercise(
    key="04-bias-correction",
    title="the bias-correction factor",
    statement="""
        After t steps on a constant gradient g, the average m_t = β·m + (1 − β)·g, begun at zero, is too small.
        Write `correction_factor(beta, t)`: the number by which m_t must be **multiplied** to give back g.
        `t` counts from 1 and may be an array of steps.

        ```python
        def correction_factor(beta, t):
            return ...
        ```
    """,
    solution_code=correction_factor,
    cases=factor_cases,
    minutes=3,
    mistakes=(
        Mistake(
            "the weight instead of the factor",
            "1 − βᵗ is the share of g that m_t has collected. To undo it, divide by it: the factor is its inverse.",
            lambda beta, t: 1 - beta**t,
            seen="ConvNetJS's Adam, which multiplied by it (pull requests 70 and 107)",
        ),
        Mistake(
            "t is missing",
            "1/(1 − β) does not depend on t, but m_t is most in need of correction at t = 1 and hardly at t = 1000.",
            lambda beta, t: 1 / (1 - beta) + 0 * t,
        ),
        Mistake(
            "t starts at 0",
            "You use βᵗ⁻¹: at t = 1 that is 1, and 1/(1 − 1) is infinite. After the first step one gradient is in.",
            lambda beta, t: 1 / (1 - beta ** (t - 1)),
        ),
        Mistake(
            "t is one too large",
            "You use βᵗ⁺¹: at t = 1, m holds (1 − β)g, so the factor is 1/(1 − β).",
            lambda beta, t: 1 / (1 - beta ** (t + 1)),
        ),
        Mistake(
            "β·t instead of βᵗ",
            "The zero at the start is multiplied by β at every step: after t steps its weight is βᵗ, a power.",
            lambda beta, t: 1 / (1 - beta * t),
        ),
        Mistake(
            "a root too many",
            "The root belongs to Adam's denominator, where √v̂ stands. v itself is corrected by 1 − β₂ᵗ without a root.",
            lambda beta, t: 1 / np.sqrt(1 - beta**t),
        ),
        Mistake(
            "(1 − β)ᵗ instead of 1 − βᵗ",
            "The power belongs to β alone. At t = 1 the two agree, so try t = 2: the weights are β(1 − β) and 1 − β.",
            lambda beta, t: 1 / (1 - beta) ** t,
            seen="PennyLane's documentation of Adam until 2021 (pull request 1929)",
        ),
        Mistake(
            "βᵗ instead of 1 − βᵗ",
            "βᵗ is the weight that the zero at the start still has. The gradients have the rest, 1 − βᵗ.",
            lambda beta, t: 1 / beta**t,
        ),
    ),
    hints=(
        "Do it for t = 1: m₁ = β·0 + (1 − β)g. What must you multiply by to get g?",
        "For t = 2, m₂ = β(1 − β)g + (1 − β)g. Factor out (1 − β)g, and look at the sum that is left: 1 + β.",
        "The sum 1 + β + … + βᵗ⁻¹ is (1 − βᵗ)/(1 − β).",
    ),
    explanation="""
        m_t = (1 − β)(g_t + βg_{t−1} + … + βᵗ⁻¹g₁). The weights are a geometric series with the sum 1 − βᵗ.
        For a constant gradient m_t = (1 − βᵗ)g; for a random one with a steady mean, E[m_t] = (1 − βᵗ)E[g].
        The same holds for v and g².
    """,
)


class Adam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def adam_cases(rng):
    """Defaults and other betas, equal and unequal shapes, one element, zero and tiny gradients, float32."""
    return [
        optimizer_case("one parameter, the default settings", rng, [(3,)], steps=5),
        optimizer_case("two parameters of one shape", rng, [(2, 2), (2, 2)], steps=4, lr=0.1),
        optimizer_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=4, lr=0.01),
        optimizer_case("other betas, many steps", rng, [(3,)], steps=60, lr=0.1, beta1=0.8, beta2=0.95),
        *odd_optimizer_cases(rng),
    ]


ADAM = Exercise(
    key="04-adam",
    title="Adam in ten lines",
    statement="""
        Write Adam as in the paper's algorithm 1, for a list of NumPy arrays. `step` gets one gradient for
        each parameter, changes the parameters **in place**, and leaves the gradients alone.

        ```python
        class Adam:
            def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
                ...

            def step(self, grads):
                ...
        ```

        Then `practice.exercise("04-adam").check(Adam)`: the class itself.
    """,
    solution_code=Adam,
    cases=adam_cases,
    how=step_optimizer,
    minutes=15,
    mistakes=MISTAKES,
    hints=(
        "What must outlive a step? An m and a v for each parameter, of its shape, zero at first; and the "
        "step number t.",
        "In `step`: raise t once. Then, for each parameter, four lines in the order of the paper: m, v, m̂ and v̂, θ.",
        "`p -= …` changes the array that the caller holds; `p = p - …` does not. The same goes for m and v "
        "if you loop over them: write `m[...] = …`.",
    ),
    explanation="""
        Five lines in the loop, one for each line of algorithm 1. `m[...] = …` writes into the array that
        the list holds; `m = …` would only rename it, and the next step would start from zero again.
    """,
)


def three_steps(
    correct_m=True, correct_v=True, *, sign=1.0, root=True, only_sign=False, positions=True, betas=(0.5, 0.75)
):
    """θ after each of three steps from θ = 1 with η = 0.1, ε = 0 and gradients 2, 2, −2; or the steps themselves."""
    beta1, beta2 = betas
    theta, m, v, kept = 1.0, 0.0, 0.0, []
    for t, g in enumerate((2.0, 2.0, -2.0), 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t) if correct_m else m
        v_hat = v / (1 - beta2**t) if correct_v else v
        move = 0.1 * m_hat / (v_hat**0.5 if root else v_hat)
        move = 0.1 * np.sign(g) if only_sign else sign * move
        theta -= move
        kept.append(theta if positions else move)
    return kept


FIRST_THREE_STEPS = NumberExercise(
    key="04-first-three-steps",
    title="three steps by hand",
    statement="""
        One parameter, θ = 1. η = 0.1, β₁ = 0.5, β₂ = 0.75, ε = 0. The gradients are 2, then 2, then −2.
        Work out θ after each of the three steps, on paper, to three digits.

        ```python
        practice.exercise("04-first-three-steps").check([..., ..., ...])
        ```
    """,
    solution_code=three_steps(),
    tolerance=Tolerance(rtol=0, atol=6e-4),
    minutes=5,
    mistakes=(
        Mistake(
            "no bias correction",
            "These are the numbers of m/√v. Divide by 1 − 0.5ᵗ and 1 − 0.75ᵗ.",
            three_steps(False, False),
        ),
        Mistake("only m is corrected", "v starts at zero too: divide it by 1 − 0.75ᵗ.", three_steps(True, False)),
        Mistake("only v is corrected", "m starts at zero too: divide it by 1 − 0.5ᵗ.", three_steps(False, True)),
        Mistake("√ forgotten", "v̂ = 4 at every step, and its root is 2.", three_steps(root=False)),
        Mistake(
            "the sign of the gradient alone",
            "At the third step m̂ still remembers the two gradients of +2: it is −2/7, not −2.",
            three_steps(only_sign=True),
        ),
        Mistake(
            "the sign is flipped", "The step is subtracted: with a positive gradient θ goes down.", three_steps(sign=-1)
        ),
        Mistake("β₁ and β₂ swapped", "β₁ = 0.5 belongs to m, β₂ = 0.75 to v.", three_steps(betas=(0.75, 0.5))),
        Mistake(
            "the steps instead of θ",
            "These are the steps. θ starts at 1, and each step is subtracted.",
            three_steps(positions=False),
        ),
    ),
    hints=(
        "g² is 4 each time. What is v̂, then, at every step? (No long calculation is needed.)",
        "m: 1, then 1.5, then −0.25. Divide by 1 − 0.5ᵗ: 0.5, 0.75, 0.875.",
    ),
    worked="""
        | t | g | m | m̂ | v̂ | step 0.1·m̂/√v̂ | θ |
        |---|---|---|---|---|---|---|
        | 1 | 2 | 1 | 1/0.5 = 2 | 4 | 0.1 | 0.9 |
        | 2 | 2 | 1.5 | 1.5/0.75 = 2 | 4 | 0.1 | 0.8 |
        | 3 | −2 | −0.25 | −0.25/0.875 = −2/7 | 4 | −0.0143 | 0.8143 |

        A constant |g| makes v̂ = g² from the first step on: that is what the correction is for. While the
        sign stays, the step is η; when it turns, momentum shrinks the step to a seventh.
    """,
)

EXERCISES = (BIAS_CORRECTION, ADAM, FIRST_THREE_STEPS)
