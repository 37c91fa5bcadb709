"""Exercise of notebook 12: the first number of a monitor, how far a step moves each layer."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


def update_ratios(before, after):
    ratios = []
    for old, new in zip(before, after):
        length = np.linalg.norm(old)
        ratios.append(np.linalg.norm(new - old) / length if length > 0 else np.nan)
    return np.array(ratios)


def _each(ratio):
    """A wrong update_ratios: some other ratio of a layer before and after."""

    def wrong(before, after):
        with np.errstate(all="ignore"):
            return np.array([ratio(old, new) if np.any(old) else np.nan for old, new in zip(before, after)])

    return wrong


def _together(before, after):
    whole = [np.concatenate([layer.ravel() for layer in layers]) for layers in (before, after)]
    return np.full(len(before), np.linalg.norm(whole[1] - whole[0]) / np.linalg.norm(whole[0]))


def _of_zeros(value):
    def wrong(before, after):
        return np.nan_to_num(update_ratios(before, after), nan=value)

    return wrong


def _first_singular(x):
    return np.linalg.norm(x, 2) if x.ndim == 2 else np.linalg.norm(x)


def _ratio_cases(rng):
    def case(name, *shapes, step=0.01, dtype=float, zeros=(), still=()):
        before = [rng.normal(size=shape).astype(dtype) for shape in shapes]
        for place in zeros:
            before[place][...] = 0
        after = [(old + (place not in still) * step * rng.normal(size=old.shape)).astype(dtype)
                 for place, old in enumerate(before)]  # fmt: skip
        return Case(name, {"before": before, "after": after})

    turned = Case("a layer that turns and keeps its length",
                  {"before": [np.array([[3.0, 0.0], [0.0, 4.0]])], "after": [np.array([[0.0, 3.0], [4.0, 0.0]])]})
    return [
        case("two matrices and a bias", (4, 3), (3,), (5, 4), step=0.3),
        case("a convolution and a number", (2, 3, 3, 3), ()),
        turned,
        case("a layer that stands still", (3, 2), (4,), still=(0,)),
        case("a bias of zeros that moves, and one that does not", (3,), (2, 2), (2,), zeros=(0, 2), still=(2,)),
        case("steps longer than the weights", (6,), (3, 3), step=5.0),
        case("32-bit numbers", (8, 4), (4,), dtype=np.float32),
    ]  # fmt: skip


RATIO = Exercise(
    key="12-update-ratio",
    title="the update/weight ratio",
    statement="""
        The first number of a monitor. `before` and `after` are lists of arrays, the weights of each layer before and
        after one step. Return, for each layer, the length of its step over its length before it, ‖Δθ‖/‖θ‖. Lengths
        are square roots of sums of squares over *all* numbers of the layer, whatever its shape. A layer whose weights
        are all zero before the step has no length to compare with: give `np.nan` for it.

        ```python
        def update_ratios(before, after):
            return ...  # one number for each layer
        ```
    """,
    solution_code=update_ratios,
    cases=_ratio_cases,
    minutes=5,
    mistakes=(
        Mistake(
            "the lengths are subtracted",
            "You compare ‖after‖ with ‖before‖. A layer that turns without growing has not moved by that count. Take "
            "the difference first, and its length then.",
            _each(lambda old, new: abs(np.linalg.norm(new) - np.linalg.norm(old)) / np.linalg.norm(old)),
        ),
        Mistake(
            "over the weights after the step",
            "You divide by the length after the step. The ratio asks how far the step went, for the layer it found.",
            _each(lambda old, new: np.linalg.norm(new - old) / np.linalg.norm(new)),
        ),
        Mistake(
            "squares without a root",
            "This is the ratio of the sums of squares. A step of a thousandth then looks like a millionth.",
            _each(lambda old, new: ((new - old) ** 2).sum() / (old**2).sum()),
        ),
        Mistake(
            "a mean of ratios",
            "You divide number by number and average. One weight near zero then decides for its whole layer. Lengths "
            "first, one division a layer.",
            _each(lambda old, new: np.abs((new - old) / old).mean()),
        ),
        Mistake(
            "the largest singular value",
            "`np.linalg.norm(x, 2)` of a *matrix* is its largest singular value. Without the 2 it is the root of the "
            "sum of all squares, for any shape.",
            _each(lambda old, new: _first_singular(new - old) / _first_singular(old)),
        ),
        Mistake(
            "absolute values instead of squares",
            "You add up absolute values. Asked are square roots of sums of squares.",
            _each(lambda old, new: np.abs(new - old).sum() / np.abs(old).sum()),
        ),
        Mistake(
            "upside down",
            "You divide the weights by the step.",
            _each(lambda old, new: np.linalg.norm(old) / np.linalg.norm(new - old)),
        ),
        Mistake(
            "one ratio for all layers",
            "You put all layers into one vector. A small layer that is overwritten vanishes in it, and that is the one "
            "that you are looking for.",
            _together,
        ),
        Mistake("a layer of zeros has the ratio 0", "A layer of zeros has no length: `np.nan`, and not 0, which would "
                "say that it stands still.", _of_zeros(0.0)),
        Mistake("a layer of zeros has the ratio infinity", "A layer of zeros has no length: `np.nan`. Infinity would "
                "raise an alarm for every bias at its first step.", _of_zeros(np.inf)),
    ),
    hints=(
        "Subtract first, then take the length of the difference.",
        "`np.linalg.norm(x)`, without a second argument, is the root of the sum of squares, whatever the shape.",
    ),
    explanation="""
        In a training: copy the weights before `step()`, compare after it. The copy is what a monitor costs.
    """,
)  # fmt: skip
