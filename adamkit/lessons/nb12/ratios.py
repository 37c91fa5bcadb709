"""Exercise of notebook 12: the first number of a monitor, how far a step moves each layer."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise
from adamkit.practice.plays import Case

words = words_of(__name__)


def update_ratios(before, after):
    ratios = []
    for old, new in zip(before, after):
        length = np.linalg.norm(old)
        ratios.append(np.linalg.norm(new - old) / length if length > 0 else np.nan)
    return np.array(ratios)


def _ratio_cases(rng):
    def case(name, *shapes, step=0.01, dtype=float, zeros=(), still=()):
        before = [np.array(rng.normal(size=shape), dtype) for shape in shapes]
        for place in zeros:
            before[place][...] = 0
        after = [np.array(old + (place not in still) * step * rng.normal(size=old.shape), dtype)
                 for place, old in enumerate(before)]  # fmt: skip
        return Case(name, {"before": before, "after": after})

    turned = Case("a layer that turns and keeps its length",
                  {"before": [np.array([[3.0, 0.0], [0.0, 4.0]])], "after": [np.array([[0.0, 3.0], [4.0, 0.0]])]})
    cancel, tiny, wiped = np.array([0.0, 2.0, -2.0]), 1e-9 * rng.normal(size=(2, 2)), rng.normal(size=4)
    odd = Case("weights that cancel, that are tiny, that are wiped out",
               {"before": [cancel, tiny, wiped], "after": [cancel + 0.1, 1.5 * tiny, 0 * wiped]})
    columns = case("one of both stored column by column", (3, 4), (2, 3, 2), step=0.1)
    columns.args["after"] = [np.asfortranarray(new) for new in columns.args["after"]]
    return [
        case("two matrices and a bias", (4, 3), (3,), (5, 4), step=0.3),
        case("a convolution and a number", (2, 3, 3, 3), ()),
        turned,
        odd,
        columns,
        case("eight layers", *[(2, 2), (3,)] * 4),
        case("a layer that stands still", (3, 2), (4,), still=(0,)),
        case("a bias of zeros that moves, and one that does not", (3,), (2, 2), (2,), zeros=(0, 2), still=(2,)),
        case("steps longer than the weights", (6,), (3, 3), step=5.0),
        case("32-bit numbers", (8, 4), (4,), dtype=np.float32),
    ]  # fmt: skip


RATIO = Exercise(**words("12-update-ratio", update_ratios), cases=_ratio_cases)
