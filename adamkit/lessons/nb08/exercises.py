"""Exercises of notebook 08: AMSGrad, the trust ratio."""

import numpy as np

from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import step_optimizer

words = words_of(__name__)


class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.v_max = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for p, g, m, v, v_max in zip(self.params, grads, self.m, self.v, self.v_max):
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            v_max[...] = np.maximum(v_max, v)  # the line that Adam does not have
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v_max / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def _amsgrad_case(name, rng, shapes, *, steps, loud=2, **rest):
    """Random gradients, the first ``loud`` of which are twenty times larger, so that the maximum matters."""
    return optimizer_case(name, rng, shapes, steps=steps, scale=np.where(np.arange(steps) < loud, 20.0, 1.0), **rest)


def _amsgrad_cases(rng):
    return [
        _amsgrad_case("large gradients first", rng, [(3,)], steps=12, lr=0.1, beta2=0.9),
        _amsgrad_case("the default settings", rng, [(4,)], steps=6),
        _amsgrad_case("parameters of several shapes", rng, [(4,), (2, 3), (1,)], steps=10, lr=0.1, beta2=0.8),
        _amsgrad_case("many steps", rng, [(3,)], steps=60, lr=0.1, beta1=0.5, beta2=0.95),
        _amsgrad_case("a large ε, large gradients first", rng, [(5,)], steps=10, lr=0.1, beta2=0.9, eps=0.1),
        _amsgrad_case("more axes", rng, [(2, 3, 4), (2, 2, 2, 2)], steps=7, lr=0.1, beta2=0.8),
        _amsgrad_case("no large gradient at all", rng, [(3,)], steps=8, loud=0, lr=0.1, beta2=0.9),
        _amsgrad_case("32 bits, large gradients first", rng, [(3, 2)], steps=8, dtype=np.float32, lr=0.1, beta2=0.9),
        *odd_optimizer_cases(rng, beta2=0.9),
    ]


AMSGRAD = Exercise(**words("08-amsgrad", AMSGrad), cases=_amsgrad_cases, how=step_optimizer)


def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / length if size > 0 and length > 0 else 1.0


def _ratio_cases(rng):
    def case(name, shape, theta=1.0, update=1.0):
        arrays = {"theta": theta * rng.normal(size=shape), "update": update * rng.normal(size=shape)}
        return Case(name, arrays)

    return [
        case("a matrix", (4, 3)),
        case("a vector", (7,)),
        case("large weights", (5, 5), theta=100.0),
        case("a small update", (2, 3), update=1e-3),
        case("weights that are zero, as biases are at first", (6,), theta=0.0),
        case("an update of zero", (3, 2), update=0.0),
        case("three axes", (2, 3, 4)),
        case("one number", (1,)),
        case("four axes, many numbers", (3, 4, 5, 6)),
        case("tiny weights", (4, 2), theta=1e-9),
        case("a tiny update", (3, 3), update=1e-9),
        case("both of them tiny", (2, 4), theta=1e-8, update=1e-7),
        Case("a zero among the weights", {"theta": np.array([0.0, 1.0, -3.0]), "update": rng.normal(size=3)}),
        Case("a zero in the update", {"theta": rng.normal(size=3), "update": np.array([0.0, 0.1, 0.5])}),
        Case("sums of zero", {"theta": np.array([[1.0, -1.0], [2.0, -2.0]]), "update": np.eye(2) - np.eye(2)[::-1]}),
        Case("stored column by column", {name: rng.normal(size=(5, 3)).T for name in ("theta", "update")}),
    ]


TRUST_RATIO = Exercise(**words("08-trust-ratio", trust_ratio), cases=_ratio_cases)

EXERCISES = (AMSGRAD, TRUST_RATIO)
