"""Exercises of notebook 03: AdaGrad, RMSprop, and an experiment with a rescaled gradient."""

from functools import partial

import numpy as np

from adamkit import optim
from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import step_optimizer

words = words_of(__name__)


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


ADAGRAD_CLASS = Exercise(**words("03-adagrad", AdaGrad), cases=cases, how=step_optimizer)

RMSPROP_CLASS = Exercise(**words("03-rmsprop", RMSprop), cases=partial(cases, beta2=0.9), how=step_optimizer)


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
        one("momentum", optim.Momentum, 25, -2.5, lr=0.01),
        one("SGD, coordinate 0 switched off", optim.SGD, 6, 0.0, lr=0.1),
        one("AdaGrad with a large ε", optim.AdaGrad, 12, 1e-3, lr=0.1, eps=0.01),
        one("Adam with a large ε", optim.Adam, 12, 1e-3, lr=0.1, eps=0.01),
        one("Adam with L2, which feels where it stands", optim.Adam, 12, 10.0, lr=0.1, weight_decay=0.5),
    ]


RESCALE = Exercise(**words("03-rescale", rescaling_gap), cases=rescale_cases)

EXERCISES = (ADAGRAD_CLASS, RMSPROP_CLASS, RESCALE)
