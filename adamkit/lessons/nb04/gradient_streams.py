"""Streams of gradients of one parameter, made to show what Adam's two averages do with them."""

import numpy as np

STREAMS = {
    "constant": "constant",
    "alternating": "alternating signs",
    "noisy": "noise around 1",
    "spike": "one spike after silence",
    "sparse": "a spike every 20 steps",
    "growing": "growing by β₂/β₁ a step",
    "flip": "the sign flips half-way",
    "own": "your own, repeated",
}


def stream(kind, steps, *, beta1=0.9, beta2=0.999, own=(1.0,)):
    """Gradients g₁ … g_steps, (steps,), with largest size about 1 (``own``: as typed).

    Args:
        kind: key of `STREAMS`. "growing" is the worst case for Adam's step when β₁² < β₂; where β₁ is
            nearly 0, growth is held at 10 a step.
        own: the numbers that "own" repeats.
    """
    t = np.arange(steps)
    if kind == "constant":
        return np.ones(steps)
    if kind == "alternating":
        return np.where(t % 2, -1.0, 1.0)
    if kind == "noisy":
        return 1 + 2 * np.random.default_rng(4).standard_normal(steps)
    if kind == "spike":
        return (t == 2 * steps // 3).astype(float)
    if kind == "sparse":
        return (t % 20 == 0).astype(float)
    if kind == "flip":
        return np.where(t < steps / 2, 1.0, -1.0)
    if kind == "own":
        return np.resize(np.asarray(own, float), steps)
    return growing(steps, beta1, beta2)


def growing(steps, beta1, beta2):
    """A geometric stream g_t ∝ (β₂/β₁)ᵗ that ends, or for β₁ > β₂ begins, at 1."""
    growth = np.log(np.clip(beta2 / max(beta1, 1e-9), 0.1, 10.0))
    powers = growth * np.arange(steps)
    return np.exp(powers - powers.max())
