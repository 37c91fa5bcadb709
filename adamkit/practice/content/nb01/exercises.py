"""Exercises of notebook 01: one step, the largest stable rate, a mini-batch gradient."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake, NumberExercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance


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
        Case("a rate above 1", {"theta": draw(3), "gradient": draw(3), "lr": 2.5}),
    ]


GD_STEP = Exercise(
    key="01-gd-step",
    title="one step of gradient descent",
    statement="""
        Write one step downhill. θ and the gradient are arrays of one shape (or two numbers); the function
        returns the **new** θ and leaves the old one as it is.

        ```python
        def gd_step(theta, gradient, lr):
            return ...
        ```
    """,
    solution_code=gd_step,
    cases=step_cases,
    minutes=2,
    mistakes=(
        Mistake("the sign is flipped", "You climb. The gradient points uphill: subtract.", lambda x, g, lr: x + lr * g),
        Mistake(
            "the learning rate is forgotten",
            "You step by the whole gradient: multiply it by lr.",
            lambda x, g, lr: x - g,
        ),
        Mistake(
            "the step instead of the new θ", "You return lr·g, the step. Subtract it from θ.", lambda x, g, lr: lr * g
        ),
        Mistake("the step instead of the new θ, with its sign", "You return −lr·g. Add θ.", lambda x, g, lr: -lr * g),
        Mistake(
            "divided by the learning rate",
            "A larger learning rate must give a longer step: multiply the gradient by lr.",
            lambda x, g, lr: x - g / lr,
        ),
        Mistake(
            "θ is multiplied by the learning rate",
            "Only the gradient is multiplied by lr.",
            lambda x, g, lr: lr * (x - g),
        ),
        Mistake(
            "only the sign of the gradient is used",
            "Plain gradient descent takes longer steps on steeper ground. (The sign alone is another method, "
            "near to Adam.)",
            lambda x, g, lr: x - lr * np.sign(g),
        ),
        Mistake(
            "the gradient is normalised",
            "You divide by the gradient's length. Plain gradient descent takes longer steps on steeper ground.",
            lambda x, g, lr: x - lr * g / (np.linalg.norm(g) or 1.0),
        ),
    ),
    hints=("The gradient points uphill, in the direction of the steepest climb.", "θ ← θ − η·g"),
    explanation="`theta -= lr * gradient` would give the same numbers, and change an array that belongs to the caller.",
)

# The valley of surfaces.ravine(kappa=20, angle=45); its eigenvalues are 1 and 20.
VALLEY = ((10.5, -9.5), (-9.5, 10.5))

LARGEST_STABLE_LR = NumberExercise(
    key="01-largest-stable-lr",
    title="the largest stable learning rate",
    statement=f"""
        A quadratic loss has the Hessian [[{VALLEY[0][0]}, {VALLEY[0][1]}], [{VALLEY[1][0]},
        {VALLEY[1][1]}]]: a ravine with κ = 20, turned by 45°. Up to which learning rate does gradient
        descent stay stable? First by theory; then set the explorer to this ravine, move the slider until
        the path begins to grow, and see whether you were right.

        ```python
        largest_stable_lr = ...
        stable.check(largest_stable_lr)
        ```
    """,
    solution_code=0.1,
    tolerance=Tolerance(rtol=0.025, atol=0),
    minutes=5,
    mistakes=(
        Mistake(
            "1/λ_max",
            "At η = 1/λ_max the most curved direction is solved in one step: stable, but not the limit. "
            "Stability ends where |1 − ηλ| = 1.",
            0.05,
        ),
        Mistake("2/λ_min", "The most curved direction breaks first: use the largest eigenvalue.", 2.0),
        Mistake(
            "the best rate, not the largest",
            "2/(λ_max + λ_min) is the rate that converges fastest. Just above it still converges, up to 2/λ_max.",
            2 / 21,
        ),
        Mistake(
            "an entry of the Hessian instead of its eigenvalue",
            "10.5 is the curvature along an axis. The most curved direction of this ravine is a diagonal, with "
            "λ_max = 20.",
            2 / 10.5,
        ),
        Mistake(
            "λ_max itself",
            "The larger the curvature, the smaller the rate must be: λ_max belongs below the line.",
            20.0,
        ),
    ),
    hints=(
        "Along an eigenvector a step multiplies the error by 1 − ηλ. When does that not grow?",
        "The eigenvectors are the diagonals, (1, 1) and (1, −1). Multiply the matrix with each.",
        "The eigenvalues are 10.5 − 9.5 and 10.5 + 9.5.",
    ),
    worked="""
        Along an eigenvector with eigenvalue λ a step multiplies the distance to the minimum by 1 − ηλ,
        which shrinks it as long as |1 − ηλ| < 1, so η < 2/λ. All directions must shrink: η < 2/λ_max. The
        Hessian times (1, −1) is (20, −20), so λ_max = 20, and the limit is 2/20 = 0.1.
    """,
)


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
    return [
        data(8, 3, [1, 4, 6], "three rows of eight"),
        data(8, 3, [0, 2, 7], "three rows of eight others"),
        data(8, 3, [5], "one row"),
        data(6, 2, [0, 1, 2, 3, 4, 5], "all rows"),
        data(7, 3, [2, 2, 5, 2], "a row drawn three times"),
        data(5, 1, [0, 3], "one feature"),
        data(6, 3, [1, 2, 3], "a perfect fit", exact=True),
        data(9, 4, [0, 7, 8], "32-bit numbers", np.float32),
        zeros,
    ]


def of_sum(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows])


def on_all_rows(w, X, y, rows):
    return X.T @ (X @ w - y) / len(y)


def without_repeats(w, X, y, rows):
    return minibatch_gradient(w, X, y, np.unique(rows))


def residual_alone(w, X, y, rows):
    return np.full_like(w, np.mean(X[rows] @ w - y[rows]))


MINIBATCH_GRADIENT = Exercise(
    key="01-minibatch-gradient",
    title="a mini-batch gradient",
    statement="""
        Least squares: on a batch of B rows the loss is L(w) = 1/(2B) · Σ (xᵢ·w − yᵢ)². Write its gradient.
        `X` has the shape (n, d), `y` (n,), `w` (d,), and `rows` holds the indices of the batch; a row may
        be drawn more than once, and then counts that often. No loop is needed.

        ```python
        def minibatch_gradient(w, X, y, rows):
            return ...
        ```
    """,
    solution_code=minibatch_gradient,
    cases=batch_cases,
    minutes=6,
    mistakes=(
        Mistake(
            "the sum instead of the mean",
            "The loss is an average over the batch, so divide by B. With a sum, a larger batch would need a "
            "smaller rate.",
            of_sum,
        ),
        Mistake(
            "divided by n instead of B",
            "You divide by the number of all rows. The average is over the batch: divide by len(rows).",
            lambda w, X, y, rows: of_sum(w, X, y, rows) / len(y),
        ),
        Mistake(
            "a factor of 2",
            "That is the gradient of the loss without its ½: the 2 from the square cancels the 2 below the line.",
            lambda w, X, y, rows: 2 * minibatch_gradient(w, X, y, rows),
        ),
        Mistake(
            "the factor ½ twice",
            "The square's derivative brings a 2, which cancels the ½ in the loss.",
            lambda w, X, y, rows: minibatch_gradient(w, X, y, rows) / 2,
        ),
        Mistake(
            "the sign is flipped",
            "Your residual is y − Xw, so this points downhill. The gradient has Xw − y.",
            lambda w, X, y, rows: -minibatch_gradient(w, X, y, rows),
        ),
        Mistake("all rows are used", "`rows` is ignored: take X[rows] and y[rows].", on_all_rows),
        Mistake(
            "repeated rows are counted once",
            "A row that was drawn three times has three votes. Index with `rows` as it is.",
            without_repeats,
        ),
        Mistake(
            "y is missing",
            "The residual is the prediction minus the target: X[rows] @ w − y[rows].",
            lambda w, X, y, rows: X[rows].T @ (X[rows] @ w) / len(rows),
        ),
        Mistake(
            "X is missing",
            "That is the mean residual. By the chain rule each residual is multiplied by its row xᵢ.",
            residual_alone,
        ),
    ),
    hints=(
        "For one row: what is the derivative of ½(x·w − y)² with respect to w?",
        "(x·w − y)·x. For a batch, average this over its rows.",
        "With the residual r of shape (B,), the sum of r_i·x_i is `X[rows].T @ r`.",
    ),
    explanation="""
        The chain rule gives (xᵢ·w − yᵢ)·xᵢ for a row, and the batch averages. The average over *all*
        batches is the full gradient: a mini-batch gradient is right on average, and noisy.
    """,
)

EXERCISES = (GD_STEP, LARGEST_STABLE_LR, MINIBATCH_GRADIENT)
