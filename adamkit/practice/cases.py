"""The situations in which an attempt is checked, and makers of those that a whole kind of exercise needs."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Case:
    """One situation to check.

    Args:
        name: what is special about it, for the reader ("two parameters of one shape").
        args: what the function is called with, in order, or for an optimizer ``{"params": [...]}``.
        hypers: for an optimizer: the keyword arguments of its constructor.
        grads: for an optimizer: one list of gradients for each step.
        views: for an optimizer: parameters and gradients are parts of larger arrays, or lie in Fortran order.
        beside: for an optimizer: a second one, built after the first step of this one, that steps in turn with it
            as many times.
        alone: what it means when cases with such a sentence go wrong and all others are right.
    """

    name: str
    args: dict = field(default_factory=dict)
    hypers: dict = field(default_factory=dict)
    grads: list = field(default_factory=list)
    views: bool = False
    beside: "Case | None" = None
    alone: str = ""


def optimizer_case(name, rng, shapes, *, steps, spread=1.0, scale=1.0, quiet=0, dtype=np.float64, views=False,
                   beside=None, alone="", **hypers):  # fmt: skip
    """A case with random parameters and gradients for an optimizer.

    Args:
        name, hypers, views, beside, alone: see `Case`.
        rng: where the numbers come from.
        shapes: of the parameters.
        steps: how many gradients there are for each.
        spread, scale: standard deviation of parameters and of gradients; ``scale`` may be one number for each step.
        quiet: so many gradients are zero before the first that is not.
        dtype: of all of them.
    """
    params = [(spread * rng.normal(size=shape)).astype(dtype) for shape in shapes]
    grads = [[(size * rng.normal(size=shape)).astype(dtype) for shape in shapes]
             for size in np.broadcast_to(scale, steps)]  # fmt: skip
    for g in (g for step in grads[:quiet] for g in step):
        g[...] = 0
    return Case(name, {"params": params}, hypers, grads, views, beside, alone)


def odd_optimizer_cases(rng, *, eps=True, **hypers):
    """What every optimizer's step must stand, whatever its rule.

    Args:
        rng: where the numbers come from.
        eps: the rule has an ε: also one that is large, and gradients of its size.
        hypers: of all these optimizers, such as ``weight_decay``; the rate is 0.1.
    """
    hypers = {"lr": 0.1, **hypers}
    cases = [
        optimizer_case("gradients that are zero at first", rng, [(2,)], steps=4, quiet=2, **hypers),
        _falls_silent(rng, hypers),
        optimizer_case("one number", rng, [(1,)], steps=3, **hypers),
        optimizer_case("32-bit numbers", rng, [(3, 2)], steps=5, dtype=np.float32, **hypers),
        optimizer_case("five parameters, some of one shape or of one size", rng,
                       [(2, 3), (2, 3), (3, 2), (6,), (2, 1, 3)], steps=3, **hypers),
        optimizer_case("parameters in Fortran order, and parts of larger arrays", rng, [(2, 3), (3, 2), (2, 2, 2)],
                       steps=3, views=True, alone=_COPIES, **hypers),
        optimizer_case("130 steps, gradients of all sizes", rng, [(3,)], steps=130,
                       scale=10.0 ** rng.uniform(-3, 3, 130), **hypers),
        _biases(rng, hypers),
        _two_in_turn(rng, hypers),
    ]  # fmt: skip
    if eps:
        cases += [
            optimizer_case("a large ε", rng, [(5,)], steps=6, **{**hypers, "eps": 0.1}),
            optimizer_case("tiny gradients", rng, [(3,)], steps=4, scale=1e-7, **{**hypers, "eps": 1e-8}),
        ]
    return cases


def _falls_silent(rng, hypers):
    """Zeros after numbers, for all coordinates in three steps and for one of them in every step but the first."""
    case = optimizer_case("gradients that fall silent, one coordinate for good", rng, [(3,), (2, 2)], steps=8,
                          alone=_SILENT, **hypers)  # fmt: skip
    for step, grads in enumerate(case.grads):
        for g in grads:
            g[...] *= step < 3 or step > 5
            g.flat[0] *= step == 0
    return case


def _biases(rng, hypers):
    """Equal parameters that begin at zero, beside one of another precision; each gradient but the first comes twice.

    The first gradient of the last is zero, and so it is at zero still when its second one comes.
    """
    case = optimizer_case("two biases that begin at zero, beside 32-bit weights; gradients that come twice", rng,
                          [(2, 2), (3,), (3,)], steps=5, **hypers)  # fmt: skip
    case.args["params"][0] = case.args["params"][0].astype(np.float32)
    for bias in case.args["params"][1:]:
        bias[...] = 0
    for step, grads in enumerate(case.grads):
        grads[0] = grads[0].astype(np.float32)
        if step in (2, 4):
            for g, before in zip(grads, case.grads[step - 1], strict=True):
                g[...] = before
    case.grads[0][-1][...] = 0
    return case


def _two_in_turn(rng, hypers):
    """Two optimizers of one class, of the same shapes and of other settings."""
    shapes, other = [(2,), (2,)], {**hypers, "lr": 0.03}
    second = optimizer_case("the second optimizer", rng, shapes, steps=5, **other)
    return optimizer_case("two optimizers that step in turn", rng, shapes, steps=5, beside=second, alone=_SHARED,
                          **hypers)  # fmt: skip


_COPIES = (
    "All else is right. So it is the memory: `flatten`, and `reshape` or `ravel` of an array that does not lie in one "
    "piece, give a copy, and what is written into it is lost."
)
_SILENT = (
    "All else is right. So it is the zeros: a gradient of 0 is a gradient like any other. It enters every average, "
    "which fades, and the parameter moves on by what is remembered."
)
_SHARED = (
    "All else is right. So it is what two objects share: something is kept on the class, in a global variable, or in a "
    "default argument, where it belongs to `self`."
)
