"""Exercises of notebook 03: AdaGrad, RMSprop, and an experiment with a rescaled gradient."""

from functools import partial

import numpy as np

from adamkit import optim
from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.content.nb03.published import ADAGRAD_PUBLISHED, RMSPROP_PUBLISHED
from adamkit.practice.content.nb03.slips import ADAGRAD, RMSPROP
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import step_optimizer


class AdaGrad:
    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params, self.lr, self.eps = params, lr, eps
        self.s = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for p, g, s in zip(self.params, grads, self.s):
            s += g * g
            p -= self.lr * g / (np.sqrt(s) + self.eps)


class RMSprop:
    def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8):
        self.params, self.lr, self.beta2, self.eps = params, lr, beta2, eps
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for p, g, v in zip(self.params, grads, self.v):
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            p -= self.lr * g / (np.sqrt(v) + self.eps)


def cases(rng, **others):
    """Defaults, several shapes, one element, zero and tiny gradients, a large ε, float32; ``others`` for one more."""
    return [
        optimizer_case("one parameter, the default settings", rng, [(3,)], steps=5),
        optimizer_case("two parameters of one shape", rng, [(2, 2), (2, 2)], steps=4, lr=0.1),
        optimizer_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=4, lr=0.1),
        optimizer_case("many steps", rng, [(3,)], steps=60, lr=0.1, **others),
        *odd_optimizer_cases(rng),
    ]


ADAGRAD_CLASS = Exercise(
    key="03-adagrad",
    title="AdaGrad",
    statement="""
        Write AdaGrad for a list of NumPy arrays: s ← s + g², then θ ← θ − η·g/(√s + ε), all element by element.
        `step` gets one gradient for each parameter, changes the parameters **in place**, and leaves the gradients
        alone.

        ```python
        class AdaGrad:
            def __init__(self, params, lr=0.01, eps=1e-10):
                ...

            def step(self, grads):
                ...
        ```

        Then `practice.exercise("03-adagrad").check(AdaGrad)`: the class itself.
    """,
    solution_code=AdaGrad,
    cases=cases,
    how=step_optimizer,
    minutes=8,
    mistakes=(*ADAGRAD, *ADAGRAD_PUBLISHED),
    hints=(
        "What must outlive a step? One array s for each parameter, of its shape, zero at first.",
        "In `step`, loop over `zip(self.params, grads, self.s)`. Two lines in the loop are enough.",
        "`s += g * g` and `p -= …` write into the arrays that the lists hold.",
    ),
    explanation="""
        Two lines in the loop. `s += …` changes the array in the list; `s = s + …` would only rename it, and the next
        step would find the old one.
    """,
)

RMSPROP_CLASS = Exercise(
    key="03-rmsprop",
    title="RMSprop",
    statement="""
        Now let the memory fade: v ← β₂v + (1 − β₂)g², then θ ← θ − η·g/(√v + ε). v starts at zero, and ε stands
        outside the root. As before, `step` changes the parameters in place.

        ```python
        class RMSprop:
            def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8):
                ...

            def step(self, grads):
                ...
        ```

        Then `practice.exercise("03-rmsprop").check(RMSprop)`.
    """,
    solution_code=RMSprop,
    cases=partial(cases, beta2=0.9),
    how=step_optimizer,
    minutes=5,
    mistakes=(*RMSPROP, *RMSPROP_PUBLISHED),
    hints=(
        "Your AdaGrad needs one more argument and one changed line.",
        "`v[...] = …` writes into the array that the list holds; `v = …` would only rename it.",
    ),
    explanation="One line has changed: the sum became an average. In torch.optim.RMSprop β₂ is called `alpha`.",
)


def rescaling_gap(make, gradients, scale):
    def path(gradients):
        theta = np.zeros(2)
        optimizer = make([theta])
        places = []
        for g in gradients:
            optimizer.step([g])
            places.append(theta.copy())
        return np.array(places)

    rescaled = gradients * np.array([scale, 1.0])
    return np.abs(path(rescaled) - path(gradients)).max()


def places(make, gradients, theta=None):
    """θ after each step, (steps, 2)."""
    theta = np.zeros(2) if theta is None else theta
    optimizer = make([theta])
    return np.array([optimizer.step([g])[0].copy() for g in gradients])


def gap(make, gradients, factors, measure):
    """``measure`` of the difference between the run with the gradients times ``factors`` and the plain one."""
    return measure(places(make, gradients * np.array(factors)) - places(make, gradients))


def largest(difference):
    return np.abs(difference).max()


def without_a_fresh_optimizer(make, gradients, scale):
    theta = np.zeros(2)
    optimizer = make([theta])
    first = np.array([optimizer.step([g])[0].copy() for g in gradients])
    theta[...] = 0
    second = np.array([optimizer.step([g * np.array([scale, 1.0])])[0].copy() for g in gradients])
    return largest(second - first)


def without_a_fresh_start(make, gradients, scale):
    theta = np.zeros(2)
    return largest(-places(make, gradients, theta) + places(make, gradients * np.array([scale, 1.0]), theta))


class UnitSteps:
    """Steps of one length along the gradient: what one coordinate does changes the other."""

    def __init__(self, params, lr):
        self.params, self.lr = params, lr

    def step(self, grads):
        for p, g in zip(self.params, grads):
            p -= self.lr * g / np.sqrt(np.sum(g * g))
        return self.params


def rescale_cases(rng):
    """Optimizers that notice a rescaling, and some that do not; few and many steps; scales above and below 1."""

    def one(name, rule, steps, scale, **hypers):
        def make(params):
            return rule(params, **hypers)

        return Case(name, {"make": make, "gradients": rng.normal(1, 1, (steps, 2)), "scale": scale})

    there_and_back = np.repeat([[1.0, 1.0], [-1.0, -1.0]], 5, axis=0) * rng.uniform(0.5, 1.5, (10, 1))
    turning = one("SGD, gradients that change their sign half-way", optim.SGD, 10, 3.0, lr=0.1)
    turning.args["gradients"] = there_and_back
    across = one("steps of one length, mostly along coordinate 1", UnitSteps, 9, 1000.0, lr=0.1)
    across.args["gradients"][:, 1] += 5.0
    return [
        turning,
        across,
        one("SGD, coordinate 0 a thousand times steeper", optim.SGD, 8, 1000.0, lr=0.1),
        one("SGD, coordinate 0 ten times flatter", optim.SGD, 30, 0.1, lr=0.1),
        one("RMSprop without ε", optim.RMSprop, 20, 1000.0, lr=0.1, eps=0.0),
        one("RMSprop with a large ε", optim.RMSprop, 20, 1000.0, lr=0.1, beta2=0.9, eps=0.1),
        one("RMSprop, one step", optim.RMSprop, 1, 0.01, lr=0.1, eps=1e-3),
        one("momentum", optim.Momentum, 25, -2.0, lr=0.01),
        one("AdaGrad with a large ε", optim.AdaGrad, 12, 1e-3, lr=0.1, eps=0.01),
        one("Adam with a large ε", optim.Adam, 12, 1e-3, lr=0.1, eps=0.01),
        one("Adam with L2, which feels where it stands", optim.Adam, 12, 10.0, lr=0.1, weight_decay=0.5),
    ]


RESCALE = Exercise(
    key="03-rescale",
    title="does it notice a rescaling?",
    statement="""
        An experiment to write: how far apart do two runs get when the gradient of **coordinate 0** is multiplied by
        `scale` in the second? `make(params)` builds an optimizer for a list of arrays, and `.step([g])` moves them.
        `gradients` has the shape (steps, 2), and both runs start from θ = (0, 0). Return one number: the largest
        |difference| between the two paths, over all steps and both coordinates.

        ```python
        def rescaling_gap(make, gradients, scale):
            return ...
        ```

        When it passes, try it: `rescaling_gap(lambda params: optim.RMSprop(params), gradients, 1000)`, and the same
        with `optim.SGD`.
    """,
    solution_code=rescaling_gap,
    cases=rescale_cases,
    minutes=10,
    mistakes=(
        Mistake(
            "both coordinates are rescaled",
            "You multiply the whole gradient. Only coordinate 0 is asked for: multiply by `np.array([scale, 1.0])`.",
            lambda make, gradients, scale: gap(make, gradients, (scale, scale), largest),
        ),
        Mistake(
            "the wrong coordinate is rescaled",
            "Coordinate 0 is the first column, `gradients[:, 0]`.",
            lambda make, gradients, scale: gap(make, gradients, (1.0, scale), largest),
        ),
        Mistake(
            "only the end is compared",
            "You compare the last places alone. If you do keep a list of places: the optimizer changes θ in place, so "
            "append `theta.copy()`, or the list holds one array many times.",
            lambda make, gradients, scale: gap(make, gradients, (scale, 1.0), lambda apart: largest(apart[-1])),
        ),
        Mistake(
            "one optimizer for both runs",
            "The second run inherits the first one's memory. Call `make` once for each run.",
            without_a_fresh_optimizer,
        ),
        Mistake(
            "the second run starts where the first ended",
            "The optimizer changes θ in place. Give each run its own `np.zeros(2)`.",
            without_a_fresh_start,
        ),
        Mistake(
            "the sign is kept",
            "The largest difference may be a negative one: take `np.abs` first.",
            lambda make, gradients, scale: gap(make, gradients, (scale, 1.0), np.max),
        ),
        Mistake(
            "only coordinate 0 is compared",
            "A rule may look at the whole gradient, and then coordinate 1 moves otherwise too. Compare both.",
            lambda make, gradients, scale: gap(make, gradients, (scale, 1.0), lambda apart: largest(apart[:, 0])),
        ),
        Mistake(
            "the mean instead of the largest",
            "You average the differences. The largest one is asked for: `.max()`.",
            lambda make, gradients, scale: gap(make, gradients, (scale, 1.0), lambda apart: np.abs(apart).mean()),
        ),
    ),
    hints=(
        "Write a helper that takes gradients and returns the path: a fresh θ, a fresh optimizer, a loop.",
        "The optimizer moves θ in place. To remember where it was, append `theta.copy()`.",
        "`gradients * np.array([scale, 1.0])` multiplies the first column alone.",
    ),
    explanation="""
        For SGD the gap grows with the scale. For RMSprop it is mere round-off when ε = 0, and tiny when ε is tiny:
        √v grows by the same factor as g. So the scale of a coordinate's *gradient* needs no tuning. The unit of the
        weight itself is another matter: η is a length in it.
    """,
)

EXERCISES = (ADAGRAD_CLASS, RMSPROP_CLASS, RESCALE)
