"""Exercises of notebook 08: AMSGrad, the trust ratio."""

import numpy as np

from adamkit.practice.cases import Case, odd_optimizer_cases, optimizer_case
from adamkit.practice.content.nb08 import slips
from adamkit.practice.content.still import NEVER_MOVED
from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import step_optimizer


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


AMSGRAD = Exercise(
    key="08-amsgrad",
    title="AMSGrad: one line more",
    statement="""
        Turn Adam into AMSGrad, as `torch.optim.Adam(amsgrad=True)` has it: keep, for each coordinate, the largest
        *uncorrected* v so far, and let it take the place of v in the step. The corrections stay as they are. `step`
        changes the parameters **in place**. Copy your Adam from notebook 04, or
        `practice.exercise("04-adam").solution()`.

        ```python
        class AMSGrad:
            def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
                ...

            def step(self, grads):
                ...
        ```
    """,
    solution_code=AMSGrad,
    cases=_amsgrad_cases,
    how=step_optimizer,
    minutes=6,
    mistakes=(
        Mistake("this is Adam", "The divisor still shrinks when gradients do. Keep the largest v, in an "
                "array of its own: `self.v_max = self.v` is a second name for v, and shrinks with it.", slips.PlainAdam,
                seen="Chainer on one of its processors, in 2019 (pull request 7661)"),
        Mistake(
            "the maximum of the corrected v",
            "You keep the largest v̂ = v/(1 − β₂ᵗ). That is optax's form. A noisy early v̂ can then rule for good. torch "
            "keeps the largest v and divides it by today's 1 − β₂ᵗ.",
            slips.MaximumOfCorrected,
            seen="torch's own documentation in 2024, beside code that did otherwise (issue 142323)",
        ),
        Mistake(
            "the maximum goes back into v",
            "You average into the maximum itself. v must go on as in Adam, beside it: otherwise one large gradient is "
            "remembered in full and every later one is added on top.",
            slips.MaximumGoesIntoV,
        ),
        Mistake(
            "no bias correction",
            "This is the algorithm as the paper prints it. torch corrects both moments.",
            slips.NoCorrection,
        ),
        Mistake(
            "the maximum is not corrected",
            "v_max starts at zero as v does, and is divided by 1 − β₂ᵗ too.",
            slips.MaximumUncorrected,
        ),
        Mistake(
            "m is not corrected",
            "v is, and m is not: your first steps are a tenth of their length at β₁ = 0.9. Correct both, or neither.",
            slips.MomentumUncorrected,
        ),
        Mistake(
            "ε added before the correction",
            "The maximum is right. But ε joins √v before it is corrected; torch has corrected first since 2019.",
            slips.EpsBeforeCorrection,
        ),
        Mistake(
            "one maximum for all coordinates",
            "`np.max` makes one number of a whole array. `np.maximum` compares element by element.",
            slips.OneMaximumForAll,
        ),
        Mistake("the smallest v", "`minimum` makes the steps grow. Keep the largest.", slips.Minimum),
        Mistake(
            "the maximum of g²",
            "You keep the largest square instead of the largest *average* of squares. One outlier would then stop a "
            "coordinate for good.",
            slips.MaximumOfSquares,
        ),
        Mistake("the maximum of m", "It is v that must not shrink. m has a sign, and must be free.", slips.MaximumOfM),
        NEVER_MOVED,
    ),
    hints=(
        "One more array for each parameter, zero at first, of its shape.",
        "Between the line of v and the line of v̂: v_max ← max(v_max, v), element by element.",
    ),
    explanation="One line and four more bytes for each parameter. In front of the root stands v_max instead of v.",
)


def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / length if size > 0 and length > 0 else 1.0


def _guarded(ratio):
    def wrong(theta, update):
        size, length = np.linalg.norm(theta), np.linalg.norm(update)
        return ratio(theta, update, size, length) if size > 0 and length > 0 else 1.0

    return wrong


def _unguarded(theta, update):
    return np.linalg.norm(theta) / np.linalg.norm(update)


def _zero_for_zero(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / length if size > 0 and length > 0 else 0.0


def _eps_below(theta, update):
    return np.linalg.norm(theta) / (np.linalg.norm(update) + 1e-6)


def _clamped(theta, update):
    ratio = trust_ratio(theta, update)
    return min(ratio, 10.0)


def _clamped_norm(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return min(size, 10.0) / length if size > 0 and length > 0 else 1.0


def _spectral(theta, update):
    order = 2 if theta.ndim == 2 else None
    size, length = (np.linalg.norm(x, order) for x in (theta, update))
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
        Case("a zero among the weights", {"theta": np.array([0.0, 1.0, -3.0]), "update": rng.normal(size=3)}),
        Case("a zero in the update", {"theta": rng.normal(size=3), "update": np.array([0.0, 0.1, 0.5])}),
        Case("sums of zero", {"theta": np.array([[1.0, -1.0], [2.0, -2.0]]), "update": np.eye(2) - np.eye(2)[::-1]}),
        Case("stored column by column", {name: rng.normal(size=(5, 3)).T for name in ("theta", "update")}),
    ]


TRUST_RATIO = Exercise(
    key="08-trust-ratio",
    title="the trust ratio",
    statement="""
        LAMB multiplies the step of each tensor by its trust ratio ‖θ‖/‖u‖, where u is the update that Adam proposes
        and ‖·‖ the root of the sum of squares over the whole tensor, whatever its shape. Where one of the two norms is
        zero the ratio is 1, so that biases that start at zero can move. Both arguments are NumPy arrays of one shape,
        and the answer is one number.

        ```python
        def trust_ratio(theta, update):
            return ...
        ```
    """,
    solution_code=trust_ratio,
    cases=_ratio_cases,
    minutes=4,
    mistakes=(
        Mistake(
            "a norm of zero",
            "With θ = 0 your ratio is 0 and the tensor never moves; with u = 0 you divide by zero. LAMB takes 1 in "
            "both cases.",
            _unguarded,
        ),
        Mistake("zero, not one", "A bias that starts at 0 would stay there. The ratio is then 1.", _zero_for_zero),
        Mistake(
            "upside down",
            "‖u‖/‖θ‖ makes large updates larger. It must cancel the length of u: ‖θ‖/‖u‖.",
            _guarded(lambda theta, update, size, length: length / size),
        ),
        Mistake(
            "squares without the root",
            "Σθ²/Σu² is the square of the ratio.",
            _guarded(lambda theta, update, size, length: (size / length) ** 2),
        ),
        Mistake(
            "a ratio for each element",
            "You divide element by element. LAMB has one number for a whole tensor: that is the point.",
            _guarded(lambda theta, update, size, length: np.abs(theta) / np.abs(update)),
        ),
        Mistake(
            "sums of absolute values",
            "That is the 1-norm. LAMB uses the root of the sum of squares.",
            _guarded(lambda theta, update, size, length: np.abs(theta).sum() / np.abs(update).sum()),
        ),
        Mistake(
            "the largest singular value",
            "`norm(x, 2)` of a matrix is its largest singular value. Without the 2 it is the root of the sum of "
            "squares.",
            _spectral,
        ),
        Mistake(
            "clamped at 10",
            "Some libraries stop the ratio (or ‖θ‖) at 10. The published algorithm leaves φ open, and here it is the "
            "norm itself.",
            _clamped,
        ),
        Mistake(
            "‖θ‖ is clamped at 10",
            "You stop the *weights'* norm at 10, so tensors longer than that move by less than their share. The clamp "
            "comes from the paper's first version, where it stood on the ratio.",
            _clamped_norm,
            seen="pytorch-lamb (issue 5), pytorch-optimizer (pull request 65)",
        ),
        Mistake(
            "never above 1",
            "You let the ratio shorten a step and never lengthen it: LAMBC, a later variant. Here φ is the norm "
            "itself.",
            lambda theta, update: min(trust_ratio(theta, update), 1.0),
        ),
        Mistake(
            "ε below the line",
            "‖u‖ + ε instead of a case distinction: with θ = 0 the ratio is 0, and the tensor never moves.",
            _eps_below,
        ),
    ),
    hints=(
        "`np.linalg.norm(x)` flattens an array of any rank when no order is given.",
        "Two norms, one quotient, and one `if`.",
    ),
    explanation="Whatever Adam proposes, the tensor then moves by η‖θ‖: a fixed share of its own size.",
)

EXERCISES = (AMSGRAD, TRUST_RATIO)
