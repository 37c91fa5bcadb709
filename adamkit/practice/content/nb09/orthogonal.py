"""Exercise of notebook 09: Newton–Schulz, the centre of Muon."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance


def orthogonal(M, steps):
    size = np.sqrt((M**2).sum())
    X = M / size if size > 0 else M
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X - 4.7750 * A @ X + 2.0315 * A @ A @ X
    return X


def _variant(*, scale=None, turn=None, after=None):
    """A wrong one: another first division, another step, or something done at the end."""
    scale = scale or np.linalg.norm
    turn = turn or _turn

    def wrong(M, steps):
        size = scale(M)
        X = M / size if size > 0 else M
        for _ in range(steps):
            X = turn(X)
        return X if after is None else after(X, size)

    return wrong


def _turn(X, a=3.4445, b=-4.7750, c=2.0315):
    A = X @ X.T
    return a * X + (b * A + c * A @ A) @ X


def _entrywise(X):
    return 3.4445 * X - 4.7750 * X**3 + 2.0315 * X**5


def _signs_lost(X):
    return _turn(X, b=4.7750)


def _one_product_short(X):
    A = X @ X.T
    return 3.4445 * X + (-4.7750 * A + 2.0315 * A) @ X


def _powers_of_two_and_three(X):
    A = X @ X.T
    return 3.4445 * X + (-4.7750 * A @ A + 2.0315 * A @ A @ A) @ X


def _swapped(X):
    return _turn(X, b=2.0315, c=-4.7750)


def _a_of_the_start(M, steps):
    X = M / (np.linalg.norm(M) or 1.0)
    A = X @ X.T
    for _ in range(steps):
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X


def _by_decomposition(M, steps):
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    return (U * (s > 0)) @ Vt


def _always_five(M, steps):
    return orthogonal(M, 5)


def _classical(X):
    return 1.5 * X - 0.5 * X @ X.T @ X


def _unscaled_zero(M, steps):
    X = M / np.linalg.norm(M)
    for _ in range(steps):
        X = _turn(X)
    return X


def _cases(rng):
    def case(name, M, steps=5):
        return Case(name, {"M": np.asarray(M, dtype=float), "steps": steps})

    return [
        case("a wide matrix", rng.normal(size=(3, 5))),
        case("a tall matrix", rng.normal(size=(5, 3))),
        case("a square matrix, one step", 4 * rng.normal(size=(4, 4)), 1),
        case("a square matrix, two steps", 4 * rng.normal(size=(4, 4)), 2),
        case("numbers in the thousands", 1e3 * rng.normal(size=(3, 4))),
        case("a norm below 1", 0.1 * rng.normal(size=(3, 4)), 2),
        case("singular values of very different size", np.diag([1.0, 0.1, 0.01]) @ rng.normal(size=(3, 3)), 5),
        case("rank one", np.outer(rng.normal(size=4), rng.normal(size=3))),
        case("one row", rng.normal(size=(1, 4)) + 2.0, 3),
        case("nothing but zeros", np.zeros((2, 3))),
        case("ten steps", rng.normal(size=(3, 6)), 10),
    ]


ORTHOGONAL = Exercise(
    key="09-newton-schulz",
    title="a matrix made orthogonal, by products alone",
    statement="""
        In NumPy, for a matrix `M` (shape (r, c), of any shape). Divide it by its norm, the root of the sum of the
        squares of its entries. Then `steps` times: $X \\leftarrow 3.4445\\,X - 4.7750\\,XX^\\top X +
        2.0315\\,(XX^\\top)^2X$. Return the last $X$, of the shape of `M`. A matrix of zeros must come back as zeros.

        ```python
        def orthogonal(M, steps):
            return ...
        ```
    """,
    solution_code=orthogonal,
    cases=_cases,
    tolerance=Tolerance(rtol=2e-5, atol=2e-5),
    minutes=6,
    mistakes=(
        Mistake(
            "entry by entry",
            "`X**3` and `X * X` work on entries. The powers are products of matrices, `X @ X.T @ X`: only those reach "
            "the singular values.",
            _variant(turn=_entrywise),
        ),
        Mistake(
            "no division at first",
            "You do not divide by the norm. A singular value far above 1 is thrown out by the fifth power.",
            _variant(scale=lambda M: 1.0),
        ),
        Mistake(
            "divided by the largest singular value",
            "You divide by the largest singular value (`np.linalg.norm(M, 2)`). A sensible choice, but it costs a "
            "decomposition; asked for is the root of the sum of squares, which is never smaller.",
            _variant(scale=lambda M: np.linalg.norm(M, 2)),
        ),
        Mistake(
            "divided by the largest entry",
            "You divide by the largest |entry|. The largest singular value can still be above 1.",
            _variant(scale=lambda M: np.abs(M).max()),
        ),
        Mistake(
            "divided by the sum of squares",
            "The norm is the *root* of the sum of squares.",
            _variant(scale=lambda M: (M**2).sum()),
        ),
        Mistake("all signs plus", "The middle coefficient is negative: −4.7750.", _variant(turn=_signs_lost)),
        Mistake("the two coefficients exchanged", "−4.7750 belongs to the third power, 2.0315 to the fifth.",
                _variant(turn=_swapped)),
        Mistake("the square of XXᵀ is missing", "2.0315 belongs to (XXᵀ)²X; you multiply by XXᵀ only once.",
                _variant(turn=_one_product_short)),
        Mistake("the fifth and the seventh power", "You have (XXᵀ)² and (XXᵀ)³: powers five and seven. Asked for are "
                "three and five.", _variant(turn=_powers_of_two_and_three)),
        Mistake("XXᵀ of the start, kept", "A = XXᵀ must be made anew in every step: X has changed.", _a_of_the_start),
        Mistake("by decomposition", "You return UVᵀ itself. That is where Newton–Schulz is heading; asked for is where "
                "it is after `steps` steps.", _by_decomposition),
        Mistake("always five", "You take five steps, whatever `steps` says.", _always_five),
        Mistake("the classical polynomial", "You use 1.5 X − 0.5 XXᵀX. It converges to 1, but slowly from below.",
                _variant(turn=_classical)),
        Mistake("the norm put back", "At the end you multiply by the norm again. The size is what was to be forgotten.",
                _variant(after=lambda X, size: X * size)),
        Mistake("zeros divided by zero", "For a matrix of zeros the norm is 0, and 0/0 is NaN. Leave it as it is.",
                _unscaled_zero),
    ),
    hints=(
        "Let `A = X @ X.T` once in each step; then the step is `a * X + b * A @ X + c * A @ A @ X`.",
        "`np.linalg.norm(M)` is the root of the sum of squares. What if it is 0?",
    ),
    explanation="""
        Libraries divide by the norm plus 1e-7, or by the norm but at least 1e-7, and turn a tall matrix first, so that
        $XX^\\top$ is the smaller of the two products: the result is the same, since $(XX^\\top)X=X(X^\\top X)$.
    """,
)
