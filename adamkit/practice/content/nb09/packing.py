"""Exercise of notebook 09: a block of numbers into bytes and back."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case, call_function
from adamkit.practice.values import Tolerance


def pack(x, table):
    largest = np.abs(x).max()
    scale = largest if largest > 0 else 1.0
    codes = np.abs(x[:, None] / scale - table).argmin(axis=1)
    return codes, scale * table[codes]


def _variant(*, scale=None, codes=None, back=None):
    """A wrong pack: one of its parts replaced."""
    scale = scale or (lambda x: np.abs(x).max() or 1.0)
    codes = codes or (lambda x, s, table: np.abs(x[:, None] / s - table).argmin(axis=1))
    back = back or (lambda c, s, table: s * table[c])

    def wrong(x, table):
        s = scale(x)
        c = codes(x, s, table)
        return c, back(c, s, table)

    return wrong


def _downwards(x, s, table):
    return np.clip(np.searchsorted(table, x / s, side="right") - 1, 0, len(table) - 1)


def _upwards(x, s, table):
    return np.clip(np.searchsorted(table, x / s), 0, len(table) - 1)


def _nearest_in_size(x, s, table):
    return np.abs(np.abs(x[:, None] / s) - np.abs(table)).argmin(axis=1)


def _even_steps(x, s, table):
    low, high = table.min(), table.max()
    return np.clip(np.round((x / s - low) / (high - low) * (len(table) - 1)), 0, len(table) - 1).astype(int)


def _in_logarithms(x, s, table):
    sizes, values = np.log(np.maximum(np.abs(x) / s, 1e-12)), np.log(np.maximum(np.abs(table), 1e-12))
    same_side = np.sign(x)[:, None] * np.sign(table) >= 0
    return np.where(same_side, np.abs(sizes[:, None] - values), np.inf).argmin(axis=1)


def pack_a_block(function, case, transcript):
    """Play: the places and what comes back; of a block of zeros what comes back alone, since any place will do."""
    for label, returned in call_function(function, case, transcript):
        nothing = not case.args["x"].any() and isinstance(returned, (tuple, list)) and len(returned) == 2
        yield (label, returned) if not nothing else ("what comes back", 0.0 + np.asarray(returned[1]))


def _cases(rng):
    small = np.array([-1.0, -0.3, -0.1, -0.01, 0.0, 0.01, 0.1, 0.3, 1.0])
    even = np.linspace(-1, 1, 17)
    bare = np.array([-1.0, -0.4, -0.15, 0.2, 1.0])
    positive = np.concatenate([[0.0], np.geomspace(1e-4, 1, 15)])

    def case(name, x, table):
        return Case(name, {"x": np.asarray(x, dtype=float), "table": table})

    wide = np.exp(2 * rng.normal(size=12)) * rng.normal(size=12)
    return [
        case("numbers of many sizes", wide, small),
        case("a table without signs", wide**2, positive),
        case("evenly spaced values", rng.normal(size=9), even),
        case("the largest is negative", [-4.0, 1.0, 0.0, 0.3, -0.03], small),
        case("one outlier", [1000.0, 1.0, -2.0, 0.5], small),
        case("all of them small", [0.02, -0.3, 0.1, 0.004], small),
        case("nothing but zeros", np.zeros(5), small),
        case("very small numbers", 1e-12 * rng.normal(size=6), small),
        case("a table of 256 values", np.exp(rng.normal(size=40)) * rng.normal(size=40), _bytes(rng)),
        case("one number", [rng.normal() + 3.0], small),
        case("equal numbers", [-0.7, -0.7, -0.7], small),
        case("equal numbers, a table without signs", [0.7, 0.7, 0.7, 0.7], positive),
        case("a table without 0", [2.0, -0.5, 0.0, 0.8, -1.2], bare),
    ]


def _bytes(rng):
    """256 ascending values from −1 to 1 that lie closer about 0."""
    sizes = np.sort(rng.uniform(size=126)) ** 3
    return np.concatenate([[-1.0], -sizes[::-1], [0.0, 0.001 * sizes[sizes > 0][0]], sizes, [1.0]])


PACKING = Exercise(
    key="09-pack",
    title="a block into bytes and back",
    statement="""
        One block of 8-bit Adam's memory, in NumPy. `x` (shape (n,)) holds its numbers, `table` the ascending values
        that can be stored, between −1 and 1. Divide by the largest absolute value of the block. For each number store
        the *place* of the nearest value of the table (count from 0; of two that are equally near, either). Then undo
        it. Return both: the places, and the numbers that come back. A block of zeros must come back as zeros, whatever
        the places.

        ```python
        def pack(x, table):
            return ...  # two arrays: the places, and what comes back
        ```
    """,
    solution_code=pack,
    cases=_cases,
    how=pack_a_block,
    tolerance=Tolerance(rtol=1e-9, atol=1e-20),
    minutes=4,
    mistakes=(
        Mistake(
            "the scale is the largest, not the largest absolute value",
            "With a large negative number in the block, x/max(x) leaves the table. Take the largest of |x|.",
            _variant(scale=lambda x: x.max() or 1.0),
        ),
        Mistake(
            "the next value below",
            "You take the largest value of the table that is not above x. Rounding down moves every number the same "
            "way, and v would be too small at each step. Take the nearest.",
            _variant(codes=_downwards),
        ),
        Mistake(
            "the next value above",
            "`searchsorted` on the table itself gives the next value above. Use the borders half-way between values, "
            "or the smallest distance.",
            _variant(codes=_upwards),
        ),
        Mistake(
            "nearest in size, whatever the sign",
            "You compare |x| with |table|, so numbers can come back with the other sign.",
            _variant(codes=_nearest_in_size),
        ),
        Mistake(
            "the table is taken for even",
            "You compute the place by rounding, which is right for evenly spaced values only. A dynamic table is not.",
            _variant(codes=_even_steps),
        ),
        Mistake(
            "nearest in the logarithm",
            "You compare logarithms, which makes the relative error smallest. A sensible idea, but 8-bit Adam takes "
            "the nearest value.",
            _variant(codes=_in_logarithms),
        ),
        Mistake(
            "the scale is forgotten on the way back",
            "What comes back is between −1 and 1. Multiply it by the scale of the block.",
            _variant(back=lambda c, s, table: table[c]),
        ),
        Mistake(
            "the root of the mean square as scale",
            "Numbers above the scale would fall off the end of the table. The scale is the largest |x|.",
            _variant(scale=lambda x: np.sqrt(np.mean(x**2)) or 1.0),
        ),
    ),
    hints=(
        "Three lines: the scale, the places, the way back.",
        "`np.abs(x[:, None] / scale - table)` is a matrix of distances, one row for each number. `argmin(axis=1)`.",
    ),
    explanation="""
        The package finds places with `searchsorted` on the 255 borders half-way between neighbours: the same answer
        but for ties, without the matrix of distances. For a block of zeros `argmin` makes place 0 of 0/0 = NaN, and
        0 times anything comes back as 0. Do not count on it: in FP8 a NaN is stored as a NaN, and code with blocks
        has had just that (slime, pull request 2256; kernels-community, issue 681).
    """,
)
