"""Exercise 01-power-iteration: the largest curvature from products with the Hessian alone."""

import numpy as np

from adamkit.practice import plays
from adamkit.practice.exercises import Exercise, Mistake


def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)


def _not_normalised(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
    return v @ H @ v


def _length_of_the_product(H, v, rounds):
    for _ in range(rounds):
        v = H @ v / np.linalg.norm(H @ v)
    return np.linalg.norm(H @ v)


def _length_of_the_vector(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
    return np.linalg.norm(v)


def _one_round_fewer(H, v, rounds):
    return largest_curvature(H, v, rounds - 1)


def _one_round_more(H, v, rounds):
    return largest_curvature(H, v, rounds + 1)


def _smallest(H, v, rounds):
    return largest_curvature(np.linalg.inv(H), v, rounds) ** -1


def _exact(H, v, rounds):
    values = np.linalg.eigvalsh(H)
    return values[np.abs(values).argmax()]


def _cases(rng):
    """Hessians with known eigenvalues, turned at random; the largest in size may be negative, or huge."""

    def case(name, eigenvalues, rounds):
        turned, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
        H = turned @ np.diag(eigenvalues) @ turned.T
        return plays.Case(name, {"H": (H + H.T) / 2, "v": rng.normal(size=len(eigenvalues)), "rounds": rounds})

    return [
        case("a ravine in two dimensions", [1.0, 20.0], 5),
        case("five dimensions, one round", [0.1, 0.5, 1.0, 3.0, 4.0], 1),
        case("the same size of problem, eight rounds", [0.1, 0.5, 1.0, 3.0, 4.0], 8),
        case("a negative eigenvalue that is the largest in size", [1.0, 2.0, -6.0], 12),
        case("one dimension", [3.0], 2),
        case("a large curvature and many rounds", [100.0, 4000.0], 120),
        case("forty rounds, and still on the way", [3.0, 3.2, 1.0], 40),
        case("no round at all: the curvature along v", [1.0, 9.0], 0),
    ]


POWER_ITERATION = Exercise(
    key="01-power-iteration",
    title="the largest curvature by power iteration",
    statement="""
        Write `largest_curvature(H, v, rounds)`. In each round multiply `v` by `H` and divide it by its length.
        After `rounds` rounds return the curvature along the direction that `v` has then, vᵀHv/vᵀv. Use `H` only
        in products with a vector: for a network, products are all you can get.

        ```python
        def largest_curvature(H, v, rounds):
            return ...
        ```
    """,
    solution_code=largest_curvature,
    cases=_cases,
    minutes=6,
    mistakes=(
        Mistake(
            "the vector is not normalised",
            "vᵀHv is a curvature only for a vector of length one. Without the division v grows like λʳ, and in the end "
            "overflows.",
            _not_normalised,
        ),
        Mistake(
            "the length of Hv instead of vᵀHv",
            "‖Hv‖ tends to |λ|: the sign is lost, and a saddle looks like a minimum. Return vᵀHv.",
            _length_of_the_product,
        ),
        Mistake("the length of v", "You return ‖v‖, which grows like |λ|ʳ. Return vᵀHv/vᵀv.", _length_of_the_vector),
        Mistake("one round too few", "v has to be multiplied by H exactly `rounds` times.", _one_round_fewer),
        Mistake("one round too many", "v has to be multiplied by H exactly `rounds` times.", _one_round_more),
        Mistake(
            "the smallest curvature",
            "With the inverse of H the *smallest* |λ| wins. And nobody can invert the Hessian of a network.",
            _smallest,
        ),
        Mistake(
            "the exact eigenvalue",
            "That is where the iteration leads, from a full eigenvalue decomposition. Here only products with H are "
            "allowed, and the answer after few rounds is not exact yet.",
            _exact,
        ),
    ),
    hints=(
        "A loop of two lines: v = H @ v, then divide v by np.linalg.norm(v).",
        "After the loop v points nearly along the winner. For an eigenvector of length one, vᵀHv = λ.",
    ),
    explanation="""
        The component of v along eigenvector i grows like |λᵢ|ʳ, so the ratio between the second and the first falls
        like |λ₂/λ₁|ʳ, and the error of vᵀHv like its square.
    """,
)

EXERCISES = (POWER_ITERATION,)
