"""Exercise of notebook 11: the gradient noise scale from two batch sizes."""

import numpy as np

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


def noise_scale(small_gradients, large_gradients, small, large):
    small_square = np.mean(np.sum(small_gradients**2, axis=1))
    large_square = np.mean(np.sum(large_gradients**2, axis=1))
    signal = (large * large_square - small * small_square) / (large - small)
    noise = (small_square - large_square) / (1 / small - 1 / large)
    return noise / signal


def _squares(small_gradients, large_gradients):
    return (np.mean(np.sum(g**2, axis=1)) for g in (small_gradients, large_gradients))


def _from_squares(formula):
    def made(small_gradients, large_gradients, small, large):
        return formula(*_squares(small_gradients, large_gradients), small, large)

    return made


def _signal(s, b, small, large):
    return (large * b - small * s) / (large - small)


def _noise(s, b, small, large):
    return (s - b) / (1 / small - 1 / large)


def _of_the_mean(small_gradients, large_gradients, small, large):
    s, b = (np.sum(g.mean(axis=0) ** 2) for g in (small_gradients, large_gradients))
    return _noise(s, b, small, large) / _signal(s, b, small, large)


def _not_summed(small_gradients, large_gradients, small, large):
    s, b = (np.mean(g**2) for g in (small_gradients, large_gradients))
    return _noise(s, b, small, large) / np.mean((large * b - small * s * small_gradients.shape[1]) / (large - small))


def _norms(small_gradients, large_gradients, small, large):
    s, b = (np.mean(np.sqrt(np.sum(g**2, axis=1))) for g in (small_gradients, large_gradients))
    return _noise(s, b, small, large) / _signal(s, b, small, large)


def _norms_squared(small_gradients, large_gradients, small, large):
    s, b = (np.mean(np.sqrt(np.sum(g**2, axis=1))) ** 2 for g in (small_gradients, large_gradients))
    return _noise(s, b, small, large) / _signal(s, b, small, large)


def _gradient_cases(rng):
    def case(name, small, large, draws=(60, 40), size=30, mean=0.5):
        true = rng.normal(size=size) * mean
        grads = [true + rng.normal(size=(n, size)) * rng.uniform(0.5, 2, size=size) / np.sqrt(batch)
                 for n, batch in zip(draws, (small, large))]
        return Case(name, {"small_gradients": grads[0], "large_gradients": grads[1], "small": small, "large": large})

    return [
        case("batches of 8 and 128", 8, 128),
        case("batches of 1 and 64", 1, 64),
        case("neighbouring sizes", 16, 32, draws=(400, 300)),
        case("one large batch only", 4, 256, draws=(50, 1)),
        case("much noise", 8, 512, mean=0.1, draws=(100, 100)),
        case("few parameters", 2, 32, size=3, mean=1.0),
        case("random sizes", int(rng.integers(2, 10)), int(rng.integers(50, 100))),
    ]


NOISE = Exercise(
    key="11-noise-scale",
    title="the noise scale from two batch sizes",
    statement=r"""
        `small_gradients` holds the gradients of several batches of `small` rows, one a line; `large_gradients` those of
        batches of `large` rows, taken at the same weights. The mean of $|g_B|^2$ over batches of $B$ rows is
        $|G|^2 + \operatorname{tr}\Sigma/B$. Solve the two equations, and return the noise scale
        $\operatorname{tr}\Sigma/|G|^2$, in rows.

        ```python
        def noise_scale(small_gradients, large_gradients, small, large):
            return ...
        ```
    """,
    solution_code=noise_scale,
    cases=_gradient_cases,
    minutes=6,
    mistakes=(
        Mistake("tr Σ alone", "That is tr Σ. Divide it by |G|².", _from_squares(_noise)),
        Mistake("|G|² alone", "That is |G|². The noise scale is tr Σ over it.", _from_squares(_signal)),
        Mistake("upside down", "You give |G|²/tr Σ: the quotient the other way round.",
                _from_squares(lambda *a: _signal(*a) / _noise(*a))),
        Mistake(
            "the large batch is taken for the truth",
            "You divide by the large batch's square norm. It still holds tr Σ/B, which can be most of it: solve for "
            "|G|² as well.",
            _from_squares(lambda s, b, small, large: _noise(s, b, small, large) / b),
        ),
        Mistake(
            "the square of the mean gradient",
            "You average the gradients first and square then. The noise cancels before it was measured: square each "
            "batch's gradient, then average.",
            _of_the_mean,
        ),
        Mistake("norms, not their squares", "The equation is about the *square* of the norm.", _norms),
        Mistake("the square of the mean norm",
                "The mean of the squares is asked for: square first, then average. The other order is smaller.",
                _norms_squared),
        Mistake(
            "noise in proportion to the batch",
            "You solved with tr Σ·B. The noise of a mean over B rows is tr Σ/B.",
            _from_squares(lambda s, b, small, large: (s - b) / (large - small) / _signal(s, b, small, large)),
        ),
    ),
    hints=(
        "`np.mean(np.sum(small_gradients**2, axis=1))` is the left side for `small`.",
        "Subtract the two equations: |G|² falls out, and tr Σ times (1/small − 1/large) remains.",
        "Multiply each by its batch size and subtract: tr Σ falls out.",
    ),
    explanation="""
        Both solutions are unbiased; their quotient is not, and with few batches |G|² can even come out negative.
        Average both over steps before you divide.
    """,
)
