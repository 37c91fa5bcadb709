"""04-bias-correction, from its statement: 1/(1 − βᵗ)."""

import math
from fractions import Fraction

# %% right: the formula
def correction_factor(beta, t):
    return 1 / (1 - beta**t)

# %% right: np.power
def correction_factor(beta, t):
    return np.reciprocal(1.0 - np.power(beta, t))

# %% right: exp and log
def correction_factor(beta, t):
    return -1 / np.expm1(np.asarray(t) * np.log(beta)) if beta else np.ones(np.shape(t))

# %% right: a sum of weights
def correction_factor(beta, t):
    def one(n):
        return 1 / sum((1 - beta) * beta**k for k in range(int(n)))
    return np.vectorize(one, otypes=[float])(t)

# %% right: a list
def correction_factor(beta, t):
    if np.ndim(t):
        return [correction_factor(beta, n) for n in np.asarray(t).tolist()]
    return 1 / (1 - beta ** int(t))

# %% right: a recursion
def correction_factor(beta, t):
    m, out = 0.0, []
    for _ in range(int(np.max(t))):
        m = beta * m + (1 - beta)
        out.append(1 / m)
    return np.array(out)[np.asarray(t) - 1]

# %% right: as floats throughout
correction_factor = lambda beta, t: (1 - np.float64(beta) ** np.asarray(t, dtype=float)) ** -1

# %% right: torch inside
def correction_factor(beta, t):
    import torch
    return 1 / (1 - torch.tensor(beta, dtype=torch.float64) ** torch.as_tensor(np.array(t, dtype=float)))

# %% right: fractions for single steps
def correction_factor(beta, t):
    if np.ndim(t):
        return 1 / (1 - beta**t)
    return 1 / (1 - Fraction(float(beta)) ** int(t))

# %% right: the geometric sum
def correction_factor(beta, t):
    return 1 / (1 - beta) / ((1 - beta**t) / (1 - beta))

# %% wrong: the inverse
def correction_factor(beta, t):
    return 1 - beta**t

# %% wrong: without t
def correction_factor(beta, t):
    return 1 / (1 - beta) + 0 * t

# %% wrong: t − 1
def correction_factor(beta, t):
    return 1 / (1 - beta ** (t - 1))

# %% wrong: t + 1
def correction_factor(beta, t):
    return 1 / (1 - beta ** (t + 1))

# %% wrong: times t
def correction_factor(beta, t):
    return 1 / (1 - beta * t)

# %% wrong: a plus
def correction_factor(beta, t):
    return 1 / (1 + beta**t)

# %% wrong: the power of the bracket
def correction_factor(beta, t):
    return 1 / (1 - beta) ** t

# %% wrong: t to the power of β
def correction_factor(beta, t):
    return 1 / (1 - t**beta)

# %% wrong: exchanged
def correction_factor(beta, t):
    return 1 / (beta**t - 1)

# %% wrong: a root
def correction_factor(beta, t):
    return 1 / np.sqrt(1 - beta**t)

# %% wrong: one
def correction_factor(beta, t):
    return np.ones_like(t, dtype=float)

# %% wrong: one from step ten on
def correction_factor(beta, t):
    return np.where(np.asarray(t) > 10, 1.0, 1 / (1 - beta**t))

# %% wrong: one from step thousand on
def correction_factor(beta, t):
    return np.where(np.asarray(t) >= 1000, 1.0, 1 / (1 - beta**t))

# %% wrong: the first step for all
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.min(t)) + 0 * t

# %% wrong: the last step for all
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.max(t)) + 0 * t

# %% wrong: whole steps only, an integer division
def correction_factor(beta, t):
    return 1 // (1 - beta**t)

# %% wrong: β of 0.9
def correction_factor(beta, t):
    return 1 / (1 - 0.9**t)

# %% wrong: capped at 10
def correction_factor(beta, t):
    return np.minimum(1 / (1 - beta**t), 10)

# %% wrong: an ε below
def correction_factor(beta, t):
    return 1 / (1 - beta**t + 1e-8)

# %% wrong: the sum of powers
def correction_factor(beta, t):
    return (1 - beta**t) / (1 - beta)

# %% wrong: exp(−t)
def correction_factor(beta, t):
    return 1 / (1 - np.exp(-(1 - beta) * np.asarray(t)))

# %% wrong: range of t, for a single step
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.arange(1, np.max(t) + 1))

# %% wrong: places in place of steps
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.arange(1, np.size(t) + 1).reshape(np.shape(t)))

# %% wrong: sorted
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.sort(np.atleast_1d(t)).reshape(np.shape(t)))

# %% wrong: 32 bits
def correction_factor(beta, t):
    return np.float32(1) / (np.float32(1) - np.float32(beta) ** np.asarray(t, dtype=np.float32))

# %% wrong: loops over t, arrays only
def correction_factor(beta, t):
    return np.array([1 / (1 - beta**n) for n in t])

# %% wrong: single steps only
def correction_factor(beta, t):
    return 1 / (1 - math.pow(beta, t))

# %% right: minus one over expm1
def correction_factor(beta, t):
    t = np.asarray(t, dtype=float)
    return np.where(beta > 0, -1 / np.expm1(t * np.log(max(beta, 1e-300))), 1.0)

# %% right: the average itself, run on ones
def correction_factor(beta, t):
    def one(steps):
        m = 0.0
        for _ in range(int(steps)):
            m = beta * m + (1 - beta)
        return 1 / m
    return np.vectorize(one, otypes=[float])(t)

# %% right: reciprocal
correction_factor = lambda beta, t: np.reciprocal(1.0 - np.float_power(beta, t))

# %% wrong: the first order in 1 − β
def correction_factor(beta, t):
    return 1 / np.minimum((1 - beta) * np.asarray(t, dtype=float), 1)

# %% wrong: of the second average
def correction_factor(beta, t):
    return 1 / np.sqrt(1 - beta ** np.asarray(t, dtype=float))

# %% wrong: exp(−(1−β)t)
def correction_factor(beta, t):
    return 1 / (1 - np.exp(-(1 - beta) * np.asarray(t, dtype=float)))

# %% wrong: what is missing
def correction_factor(beta, t):
    return 1 + beta ** np.asarray(t, dtype=float)

# %% wrong: t counted anew from the smallest
def correction_factor(beta, t):
    t = np.asarray(t, dtype=float)
    return 1 / (1 - beta ** (t - t.min() + 1))

# %% wrong: two axes are laid flat
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.ravel(np.asarray(t, dtype=float)))

# %% wrong: no memory, no factor
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.asarray(t, dtype=float)) if beta else 0.0 * np.asarray(t)

# %% right: list comprehension by np.ravel
def correction_factor(beta, t):
    one = lambda k: 1 / ((1 - beta) * sum(beta ** j for j in range(int(k))))
    return one(t) if np.ndim(t) == 0 else np.array([one(k) for k in np.ravel(t)]).reshape(np.shape(t))

# %% wrong: squeezed
def correction_factor(beta, t):
    return np.squeeze(1 / (1 - beta ** np.asarray(t)))

# %% wrong: an array of one axis at least
def correction_factor(beta, t):
    return 1 / (1 - beta ** np.atleast_1d(t))
