"""Exercises of notebook 05: AdamW, its parameter groups, and what λ = 0 hides."""

from functools import partial

import numpy as np

from adamkit.practice.cases import odd_optimizer_cases, optimizer_case
from adamkit.practice.content.nb05.groups import PARAM_GROUPS
from adamkit.practice.content.nb05.mistakes import MISTAKES
from adamkit.practice.exercises import Exercise, Mistake, NumberExercise
from adamkit.practice.plays import step_optimizer
from adamkit.practice.values import Tolerance


class AdamW:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            p -= self.lr * self.weight_decay * p  # the line that Adam does not have
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


adamw_case = partial(optimizer_case, spread=3.0)  # far enough from zero for the decay to show


def adamw_cases(rng):
    """The defaults, strong decay, none, large and tiny gradients, no gradient at all, float32."""
    return [
        adamw_case("one parameter, the default settings", rng, [(3,)], steps=5),
        adamw_case("strong decay", rng, [(4,)], steps=6, lr=0.1, weight_decay=0.5),
        adamw_case("no decay", rng, [(3,)], steps=4, lr=0.1, weight_decay=0.0),
        adamw_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=4, lr=0.01, weight_decay=0.1),
        adamw_case("large gradients", rng, [(3,)], steps=5, scale=1e3, lr=0.1, weight_decay=0.1),
        adamw_case("tiny gradients", rng, [(3,)], steps=5, scale=1e-6, lr=0.1, weight_decay=0.1),
        adamw_case("gradients that are zero", rng, [(2,)], steps=3, scale=0.0, lr=0.1, weight_decay=0.1),
        adamw_case("other betas and a large ε", rng, [(3,)], steps=30, lr=0.1, beta1=0.8, beta2=0.95, eps=0.1),
        *odd_optimizer_cases(rng, weight_decay=0.1),
    ]


ADAMW = Exercise(
    key="05-adamw",
    title="AdamW: one line more",
    statement="""
        Turn Adam into AdamW, as torch has it: each step first shrinks every weight by the factor 1 − ηλ, and
        then does what Adam does. `step` changes the parameters **in place** and leaves the gradients alone.
        Copy your Adam from notebook 04, or `practice.exercise("04-adam").solution()`.

        ```python
        class AdamW:
            def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
                ...

            def step(self, grads):
                ...
        ```

        Then hand over the class itself.
    """,
    solution_code=AdamW,
    cases=adamw_cases,
    how=step_optimizer,
    minutes=6,
    mistakes=MISTAKES,
    hints=(
        "The decay must not pass through m or v. So it cannot stand in the gradient: it acts on p itself.",
        "θ ← θ − ηλθ, before Adam's own step. Both η and λ are in it.",
        "`p -= self.lr * self.weight_decay * p` as the first line of the loop.",
    ),
    explanation="""
        Where the line stands matters little, what it multiplies matters much. In the gradient it would be divided
        by √v̂ with everything else. After the step it would also shrink the step just taken: a difference of the
        order η²λ, small enough for a loss curve not to show it, and large enough for a parity test.
    """,
)


def first_step(*, l2=True, scaled=True, normalised=True, sign=1.0):
    """θ after one step from 1 with η = 0.1 and g = 2: Adam + L2 at λ = 0.5, AdamW at 0.5, AdamW at 0."""
    eta, weight_decay, g = 0.1, 0.5, 2.0
    inside = 1 - eta * (1.0 if normalised else g + weight_decay)
    decay = (eta if scaled else 1.0) * weight_decay * sign
    own_step = eta * (1.0 if normalised else g)
    beside = 1 - decay - own_step
    return [inside if l2 else beside, beside, 1 - own_step]


ZERO_DECAY = NumberExercise(
    key="05-zero-decay",
    title="what a test at λ = 0 cannot see",
    statement="""
        A colleague has written AdamW and tests it with λ = 0: it agrees with Adam to the last digit. Is the test
        worth anything? Do one step by hand. θ = 1, g = 2, η = 0.1, ε = 0, any betas. Where is θ after the
        **first** step of

        1. Adam + L2 with λ = 0.5,
        2. AdamW with λ = 0.5 (torch's convention),
        3. AdamW with λ = 0?

        ```python
        practice.exercise("05-zero-decay").check([..., ..., ...])
        ```

        Then say in one sentence why two of the three agree.
    """,
    solution_code=first_step(),
    tolerance=Tolerance(rtol=0, atol=6e-4),
    minutes=5,
    mistakes=(
        Mistake(
            "both rules decay alike",
            "Under Adam + L2 the gradient is 2 + 0.5·1 = 2.5, and the first step is η·sign(2.5): λ leaves no trace.",
            first_step(l2=False),
        ),
        Mistake(
            "the decay is not multiplied by η",
            "In torch's convention AdamW shrinks by ηλ = 0.05 in a step, not by λ = 0.5.",
            first_step(scaled=False),
        ),
        Mistake(
            "a step of gradient descent",
            "This is θ − ηg. Adam's first step is η·sign(g): m̂/√v̂ = 2/2 = 1.",
            first_step(normalised=False),
        ),
        Mistake(
            "0.95: a weight that grows, or the decay alone",
            "0.95 is 1 + 0.05 − 0.1, a weight that decay makes grow, and also 1 − 0.05, the decay without Adam's step. "
            "Decay pulls θ towards zero, from 1 downwards, and AdamW steps besides.",
            first_step(sign=-1),
        ),
        Mistake(
            "the decay alone, without Adam's step",
            "AdamW decays *and* steps: 0.05 from the decay, 0.1 from Adam.",
            [0.9, 0.95, 1.0],
        ),
    ),
    hints=(
        "The bias-corrected first step of Adam is η·sign(gradient), whatever the gradient's size.",
        "With L2 the gradient is g + λθ = 2.5. What is its sign? With AdamW, first multiply θ by 1 − ηλ.",
    ),
    worked="""
        1. The gradient with L2 is 2.5, so m̂/√v̂ = 1 and θ = 1 − 0.1 = **0.9**. λ has vanished.
        2. θ·(1 − 0.1·0.5) − 0.1 = 0.95 − 0.1 = **0.85**.
        3. θ·(1 − 0) − 0.1 = **0.9**.

        At λ = 0 the line that tells the two rules apart multiplies by one. All three Adams with decay (in the
        gradient, beside it, beside it and forgotten η) are then the same program, so a test at λ = 0 cannot fail
        for the reason it was written. Test decay with λ > 0, over several steps, with gradients of several scales.
    """,
)

EXERCISES = (ADAMW, PARAM_GROUPS, ZERO_DECAY)
