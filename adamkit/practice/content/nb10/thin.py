"""Exercise of notebook 10: what a LoRA layer computes."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


def lora_layer(x, weight, a, b, alpha):
    rank = len(a)
    return x @ weight.T + alpha / rank * (x @ a.T) @ b.T


def _scaled(scale):
    """A wrong lora_layer: another factor before the correction, from α and r."""
    return lambda x, weight, a, b, alpha: x @ weight.T + scale(alpha, len(a)) * (x @ a.T) @ b.T


def _cases(rng):
    def case(name, rows, inputs, outputs, rank, alpha, *, start=False):
        b = np.zeros((outputs, rank)) if start else rng.normal(size=(outputs, rank))
        return Case(name, {"x": rng.normal(size=(rows, inputs)), "weight": rng.normal(size=(outputs, inputs)),
                           "a": rng.normal(size=(rank, inputs)), "b": b, "alpha": alpha})  # fmt: skip

    return [
        case("rank 2, α = 3", 5, 4, 6, 2, 3.0),
        case("a square matrix", 3, 5, 5, 2, 8.0),
        case("rank 1", 4, 3, 2, 1, 16.0),
        case("α = r", 2, 6, 4, 3, 3),
        case("the start, where B is 0", 3, 4, 5, 2, 16, start=True),
        case("one row, one output", 1, 3, 1, 1, 0.5),
        case("a rank as high as the matrix", 6, 3, 4, 3, 7.0),
        case("as many rows as inputs, outputs and ranks", 2, 2, 2, 2, 5.0),
    ]


LORA = Exercise(
    key="10-lora",
    title="a thin correction",
    statement="""
        A LoRA layer. `x` holds a row for each input, (rows, in); `weight` is W, (out, in), frozen; `a` is A, (r, in),
        and `b` is B, (out, r), and these two are trained. Return the layer's outputs, (rows, out): for each row
        $Wx + \\frac{\\alpha}{r}BAx$. The rank r is to be read off the arrays.

        ```python
        def lora_layer(x, weight, a, b, alpha):
            return ...
        ```
    """,
    solution_code=lora_layer,
    cases=_cases,
    minutes=4,
    mistakes=(
        Mistake("without the factor", "You add BAx as it is. α/r stands before it.", _scaled(lambda al, r: 1)),
        Mistake("α alone", "You multiply by α, and forgot to divide by the rank.", _scaled(lambda al, r: al)),
        Mistake("1/r alone", "You divide by the rank, and forgot α.", _scaled(lambda al, r: 1 / r)),
        Mistake("upside down", "The factor is α/r, not r/α.", _scaled(lambda al, r: r / al)),
        Mistake("over the root of the rank", "α/√r is a later proposal, by Kalajdzievski. The paper's factor is α/r.",
                _scaled(lambda al, r: al / np.sqrt(r))),
        Mistake("over the inputs", "You divide by the number of inputs. The rank is the *other* side of A, its rows.",
                lambda x, weight, a, b, alpha: x @ weight.T + alpha / a.shape[1] * (x @ a.T) @ b.T),
        Mistake("the correction alone", "Wx is missing: the frozen matrix still does its work.",
                lambda x, weight, a, b, alpha: alpha / len(a) * (x @ a.T) @ b.T),
        Mistake("the frozen matrix alone", "BAx is missing.", lambda x, weight, a, b, alpha: x @ weight.T),
        Mistake("everything is scaled", "α/r stands before the correction alone. Wx keeps its size.",
                lambda x, weight, a, b, alpha: alpha / len(a) * (x @ weight.T + (x @ a.T) @ b.T)),
        Mistake("subtracted", "The correction is added.", _scaled(lambda al, r: -al / r)),
    ),
    hints=("A row times a matrix from the right: `x @ weight.T` is Wx for every row.",
           "First `x @ a.T`, which is thin, (rows, r); then `@ b.T`. The rank is `len(a)`."),
    explanation="""
        The order of the products matters for time: `(x @ a.T) @ b.T` never makes the (out, in) matrix BA. Merging does,
        once, when training is over.
    """,
)  # fmt: skip
