"""Exercises of notebook 01: one step, the largest stable rate, a mini-batch gradient, the largest curvature."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance

words = words_of(__name__)


def gd_step(theta, gradient, lr):
    return theta - lr * gradient


def step_cases(rng):
    """A vector, matrices in both orders, numbers, zero, tiny and partly silent gradients, 32 bits, a long step."""

    def draw(*shape, dtype=np.float64):
        return rng.normal(size=shape).astype(dtype)

    return [
        Case("a vector", {"theta": draw(3), "gradient": draw(3), "lr": 0.1}),
        Case("a matrix", {"theta": draw(4, 2), "gradient": 50 * draw(4, 2), "lr": 1e-3}),
        Case("one number", {"theta": 2.0, "gradient": -3.0, "lr": 0.5}),
        Case("one element", {"theta": draw(1), "gradient": draw(1), "lr": 0.25}),
        Case("one number of NumPy's", {"theta": np.float64(rng.normal()), "gradient": np.float64(3.0), "lr": 0.5}),
        Case("a matrix in Fortran order", {"theta": np.asfortranarray(draw(2, 3)), "gradient": draw(2, 3), "lr": 0.1}),
        Case("three axes", {"theta": draw(2, 2, 2), "gradient": draw(2, 2, 2), "lr": 0.1}),
        Case("a tiny gradient, and a coordinate without one",
             {"theta": draw(2), "gradient": np.array([1e-5, 0.0]), "lr": 0.1}),
        Case("a zero gradient", {"theta": draw(3), "gradient": np.zeros(3), "lr": 0.1}),
        Case("32-bit numbers", {"theta": draw(5, dtype=np.float32), "gradient": draw(5, dtype=np.float32), "lr": 0.2}),
        Case("a rate of zero", {"theta": draw(3), "gradient": draw(3), "lr": 0.0}),
        Case("a rate above 1", {"theta": draw(3), "gradient": draw(3), "lr": 2.5}),
    ]


GD_STEP = Exercise(**words("01-gd-step", gd_step), cases=step_cases)

LARGEST_STABLE_LR = NumberExercise(**words("01-largest-stable-lr", 0.1), tolerance=Tolerance(rtol=0.025, atol=0))


def minibatch_gradient(w, X, y, rows):
    residual = X[rows] @ w - y[rows]
    return X[rows].T @ residual / len(rows)


def batch_cases(rng):
    """Batches of one row, of some (one shape, other numbers), of all, with a row twice; one feature; exact; 32 bits;
    zeros.
    """

    def data(n, d, rows, name, dtype=np.float64, *, exact=False):
        X, w = rng.normal(size=(n, d)).astype(dtype), rng.normal(size=d).astype(dtype)
        y = X @ w if exact else rng.normal(size=n).astype(dtype)
        return Case(name, {"w": w, "X": X, "y": y, "rows": np.array(rows)})

    zeros = data(8, 3, [0, 3, 6], "a target, a row and a weight of zero")
    zeros.args["y"][3], zeros.args["X"][6], zeros.args["w"][1] = 0, 0, 0
    far = data(6, 2, [3, 5], "targets in the thousands, X stored column by column")
    far.args["y"][...] *= 1e3
    far.args["X"] = np.asfortranarray(far.args["X"])
    return [
        data(8, 3, [1, 4, 6], "three rows of eight"),
        data(8, 3, [0, 2, 7], "three rows of eight others"),
        data(8, 3, [5], "one row"),
        data(6, 2, [0, 1, 2, 3, 4, 5], "all rows"),
        far,
        data(7, 3, [2, 2, 5, 2], "a row drawn three times"),
        data(5, 1, [0, 3], "one feature"),
        data(6, 3, [1, 2, 3], "a perfect fit", exact=True),
        data(9, 4, [0, 7, 8], "32-bit numbers", np.float32),
        zeros,
    ]


MINIBATCH_GRADIENT = Exercise(**words("01-minibatch-gradient", minibatch_gradient), cases=batch_cases)


def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)


def curvature_cases(rng):
    """Hessians with known eigenvalues, turned at random; the largest in size may be negative, or huge."""

    def case(name, eigenvalues, rounds, length=1.0):
        turned, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
        H = turned @ np.diag(eigenvalues) @ turned.T
        return Case(name, {"H": (H + H.T) / 2, "v": length * rng.normal(size=len(eigenvalues)), "rounds": rounds})

    return [
        case("a ravine in two dimensions", [1.0, 20.0], 5),
        case("five dimensions, one round", [0.1, 0.5, 1.0, 3.0, 4.0], 1),
        case("the same size of problem, eight rounds", [0.1, 0.5, 1.0, 3.0, 4.0], 8),
        case("a negative eigenvalue that is the largest in size", [1.0, 2.0, -6.0], 12),
        case("one dimension", [3.0], 2),
        case("a large curvature and many rounds", [100.0, 4000.0], 120),
        case("forty rounds, and still on the way", [3.0, 3.2, 1.0], 40, length=20.0),
        case("no round at all: the curvature along v", [1.0, 9.0], 0),
    ]


POWER_ITERATION = Exercise(**words("01-power-iteration", largest_curvature), cases=curvature_cases)

EXERCISES = (GD_STEP, LARGEST_STABLE_LR, MINIBATCH_GRADIENT, POWER_ITERATION)
