"""Exercise 02-nesterov: the class, and what people write instead."""

from functools import partial

import numpy as np

from adamkit.practice.cases import odd_optimizer_cases, optimizer_case
from adamkit.practice.content.still import NEVER_MOVED
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import step_optimizer


class Nesterov:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params, self.lr, self.beta = params, lr, beta
        self.b = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.b[i] = self.beta * self.b[i] + g
            p -= self.lr * (g + self.beta * self.b[i])


class _Wrong(Nesterov):
    """A Nesterov whose buffer or direction is made in another way."""

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            old = self.b[i]
            self.b[i] = self.gather(old, g)
            p -= self.lr * self.direction(g, old, self.b[i])

    def gather(self, b, g):
        return self.beta * b + g

    def direction(self, g, old, new):
        return g + self.beta * new


class _HeavyBall(_Wrong):
    def direction(self, g, old, new):
        return new


class _NoGradient(_Wrong):
    def direction(self, g, old, new):
        return self.beta * new


class _BufferAndMore(_Wrong):
    def direction(self, g, old, new):
        return new + self.beta * new


class _Averaged(_Wrong):
    def gather(self, b, g):
        return self.beta * b + (1 - self.beta) * g


class _OneBuffer(Nesterov):
    def step(self, grads):
        for p, g in zip(self.params, grads):
            self.b[0] = self.beta * self.b[0] + g
            p -= self.lr * (g + self.beta * self.b[0])


class _LookAheadKept(_Wrong):
    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.b[i] = g + self.beta * self.gather(self.b[i], g)
            p -= self.lr * self.b[i]


class _AddedBefore(_Wrong):
    def gather(self, b, g):
        return self.beta * b + (g + self.beta * b)

    def direction(self, g, old, new):
        return new


class _NewVelocityTwice(_Wrong):
    def direction(self, g, old, new):
        return self.beta**2 * new + (1 + self.beta) * g


class _Uphill(_Wrong):
    def direction(self, g, old, new):
        return -(g + self.beta * new)


def _optimizer_cases(rng):
    case = partial(optimizer_case, rng=rng, steps=6)
    return [
        case("one vector", shapes=[(3,)], lr=0.1, beta=0.9),
        case("two parameters of one shape", shapes=[(2,), (2,)], lr=0.05, beta=0.5),
        case("a matrix and a single number", shapes=[(3, 2), (1,)], lr=0.02, beta=0.99),
        case("β = 0: plain gradient descent", shapes=[(2,)], lr=0.1, beta=0.0),
        case("the default settings", shapes=[(2,)]),
        *odd_optimizer_cases(rng, eps=False),
    ]


NESTEROV = Exercise(
    key="02-nesterov",
    title="Nesterov momentum",
    statement="""
        Write the class `Nesterov(params, lr=0.01, beta=0.9)`. `step(grads)` changes the arrays in `params` in
        place. Use the form that needs no second point: b ← βb + g, then θ ← θ − lr·(g + βb). One buffer for each
        parameter, zero at the start.

        ```python
        class Nesterov:
            def __init__(self, params, lr=0.01, beta=0.9): ...

            def step(self, grads):
                return ...
        ```
    """,
    solution_code=Nesterov,
    cases=_optimizer_cases,
    how=step_optimizer,
    mistakes=(
        Mistake(
            "this is the heavy ball",
            "You step along the buffer b. Nesterov steps along g + βb: the new gradient counts twice, once inside b "
            "and once on its own. (With b from *before* this step, g + βb is the heavy ball too: it is the new b.)",
            _HeavyBall,
        ),
        Mistake("the gradient itself is missing", "You step along βb alone. The direction is g + βb.", _NoGradient),
        Mistake(
            "the buffer in place of the gradient",
            "You step along b + βb. The first term is the gradient g itself, not the buffer.",
            _BufferAndMore,
        ),
        Mistake(
            "the buffer averages",
            "Your buffer is βb + (1−β)g. In this form it accumulates: βb + g. With an average the gradient and the "
            "buffer no longer have the same scale, and no rescaling of lr repairs both at once.",
            _Averaged,
        ),
        Mistake("one buffer for all", "Each parameter needs a buffer of its own; yours share one.", _OneBuffer),
        Mistake(
            "the look-ahead is kept in the buffer",
            "You write g + βb back into the buffer. It is the direction of this step only; the buffer stays βb + g. "
            "In-place operations do this by accident.",
            _LookAheadKept,
            seen="the torch version of Google's scalable Shampoo (issue 1711 of google-research)",
        ),
        Mistake(
            "the buffer is added to the gradient first",
            "You add βb to the gradient before the buffer takes it in, so the old buffer counts twice: b ← 2βb + g, "
            "which grows without end for β above ½. The buffer takes in g alone.",
            _AddedBefore,
            seen="a first draft for MLX, with an averaging buffer (pull request 87)",
        ),
        Mistake(
            "β² times the new buffer",
            "β²b + (1 + β)g is right with the b from *before* this step. With the new b, which holds g already, g "
            "enters a third time. The order of two lines decides.",
            _NewVelocityTwice,
            seen="a widely read textbook's code",
        ),
        Mistake("uphill", "The gradient points uphill, so subtract.", _Uphill),
        NEVER_MOVED,
    ),
    hints=(
        "Begin with the heavy ball: a list of zero buffers, b ← βb + g, p −= lr·b. Only one line changes.",
        "The direction is g + βb, with the b that has already seen g.",
    ),
    explanation="After the update, βb is what the momentum will do next; g + βb takes that move in advance.",
    minutes=6,
)
