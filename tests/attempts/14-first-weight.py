import math

# %% right: two formulas
def first_weight(beta, t, corrected):
    if corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta ** t)
    return beta ** (t - 1)

# %% right: a conditional expression
first_weight = lambda beta, t, corrected: beta ** (t - 1) * ((1 - beta) / (1 - beta ** t) if corrected else 1)

# %% right: the average of a stream 1, 0, 0, …
def first_weight(beta, t, corrected):
    m = 0.0 if corrected else 1.0
    for k in range(t):
        g = 1.0 if k == 0 else 0.0
        m = beta * m + (1 - beta) * g
    return m / (1 - beta ** t) if corrected else m

# %% right: weights normalised
def first_weight(beta, t, corrected):
    if not corrected:
        return np.float64(beta) ** (t - 1)
    weights = np.power(float(beta), np.arange(t))
    return weights[-1] / weights.sum()

# %% right: logarithms and expm1
def first_weight(beta, t, corrected):
    if beta == 0:
        return 1.0 if t == 1 else 0.0
    below = -math.expm1(t * math.log(beta))
    return math.exp((t - 1) * math.log(beta)) * ((1 - beta) / below if corrected else 1.0)

# %% right: fractions
def first_weight(beta, t, corrected):
    from fractions import Fraction
    b = Fraction(float(beta))
    return float(b ** (t - 1) * (1 - b) / (1 - b ** t)) if corrected else float(b ** (t - 1))

# %% right: a recursion
def first_weight(beta, t, corrected):
    def plain(t):
        return 1.0 if t == 1 else beta * plain(t - 1)
    if corrected:
        return plain(t) / sum(beta ** k for k in range(t))
    return plain(t)

# %% right: two averages, the first gradient is moved by one
def first_weight(beta, t, corrected):
    def average(first):
        m = 0.0 if corrected else first
        for k in range(0 if corrected else 1, t):
            m = beta * m + (1 - beta) * (first if k == 0 else 3.0)
        return m / (1 - beta ** t) if corrected else m
    return average(1.0) - average(0.0)

# %% right: torch
def first_weight(beta, t, corrected):
    import torch
    b = torch.tensor(float(beta), dtype=torch.float64)
    w = b.pow(t - 1)
    return (w * (1 - b) / (1 - b.pow(t)) if corrected else w).item()

# %% wrong: corrected is ignored, always the corrected one
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t)

# %% wrong: corrected is ignored, always the other
def first_weight(beta, t, corrected):
    return beta ** (t - 1)

# %% wrong: exchanged
def first_weight(beta, t, corrected):
    if not corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta ** t)
    return beta ** (t - 1)

# %% wrong: not corrected
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) if corrected else beta ** (t - 1)

# %% wrong: t from 0
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** t / (1 - beta ** (t + 1)) if corrected else beta ** t

# %% wrong: t from 0, begun at g₁
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** t

# %% wrong: t from 0, corrected
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** t / (1 - beta ** t) if corrected else beta ** (t - 1)

# %% wrong: begun at g₁ and g₁ added again
def first_weight(beta, t, corrected):
    if corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta ** t)
    return beta ** t + (1 - beta) * beta ** (t - 1) + beta ** t * 0.01

# %% wrong: begun at g₁, scaled by 1 − β
def first_weight(beta, t, corrected):
    if corrected:
        return (1 - beta) * beta ** (t - 1) / (1 - beta ** t)
    return (1 - beta) * beta ** (t - 1)

# %% wrong: the last gradient's weight
def first_weight(beta, t, corrected):
    return (1 - beta) / (1 - beta ** t) if corrected else (1 - beta if t > 1 else 1.0)

# %% wrong: the correction's exponent is off
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** (t + 1)) if corrected else beta ** (t - 1)

# %% wrong: one over t
def first_weight(beta, t, corrected):
    return 1 / t if corrected else beta ** (t - 1)

# %% wrong: the sum of weights
def first_weight(beta, t, corrected):
    return 1 - beta ** t if corrected else 1.0

# %% wrong: the rest of the weights
def first_weight(beta, t, corrected):
    return 1 - ((1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1))

# %% wrong: a root in the correction
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t) ** 0.5 if corrected else beta ** (t - 1)

# %% wrong: multiplied by the correction
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) * (1 - beta ** t) if corrected else beta ** (t - 1)

# %% wrong: β by heart
def first_weight(beta, t, corrected):
    return 0.1 * 0.9 ** (t - 1) / (1 - 0.9 ** t) if corrected else 0.9 ** (t - 1)

# %% wrong: never below a millionth
def first_weight(beta, t, corrected):
    return max(1e-6, (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1))

# %% wrong: forgotten after a hundred steps
def first_weight(beta, t, corrected):
    if t > 100:
        return 0.0
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1)

# %% wrong: an exponential in place of the power
def first_weight(beta, t, corrected):
    w = math.exp(-(1 - beta) * (t - 1))
    return w * (1 - beta) / (1 - beta ** t) if corrected else w

# %% wrong: a step too late
def first_weight(beta, t, corrected):
    t = max(t - 1, 1)
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1)

# %% wrong: rounded
def first_weight(beta, t, corrected):
    return round((1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1), 4)

# %% wrong: corrected by comparison with a text
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected == "yes" else beta ** (t - 1)

# %% wrong: remembered without the flag
def first_weight(beta, t, corrected, seen={}):
    value = (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1)
    return seen.setdefault((beta, t), value)

# %% wrong: remembered without t
def first_weight(beta, t, corrected, seen={}):
    value = (1 - beta) * beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1)
    return seen.setdefault((beta, corrected), value)

# %% wrong: the corrected average begun at g₁
def first_weight(beta, t, corrected):
    return beta ** (t - 1) / (1 - beta ** t) if corrected else beta ** (t - 1)

# %% right: a stream through one loop
def first_weight(beta, t, corrected):
    m = 0.0 if corrected else 1.0
    for k in range(1, t + 1):
        if corrected or k > 1:
            m = beta * m + (1 - beta) * (k == 1)
    return m / (1 - beta**t) if corrected else m

# %% right: the ratio of the two, by a geometric sum
def first_weight(beta, t, corrected):
    power = beta ** (t - 1)
    return power / sum(beta**k for k in range(t)) if corrected else power

# %% right: a table of both
def first_weight(beta, t, corrected):
    return {True: (1 - beta) * beta ** (t - 1) / (1 - beta**t), False: beta ** (t - 1)}[bool(corrected)]

# %% wrong: the gap of the two
def first_weight(beta, t, corrected):
    a, b = beta ** (t - 1), (1 - beta) * beta ** (t - 1) / (1 - beta**t)
    return b if corrected else a - b

# %% wrong: corrected twice
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta**t) ** 2 if corrected else beta ** (t - 1)

# %% wrong: begun at g₁, and corrected as well
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta**t) if corrected else min(1.0, beta ** (t - 1) / (1 - beta**t))

# %% wrong: one for the first step alone
def first_weight(beta, t, corrected):
    return 1.0 if t == 1 else (1 - beta) * beta ** (t - 1) if corrected else beta ** (t - 1)

# %% wrong: never below a hundredth where it was begun
def first_weight(beta, t, corrected):
    return (1 - beta) * beta ** (t - 1) / (1 - beta**t) if corrected else max(beta ** (t - 1), 0.01)

# %% wrong: whole after the first step
def first_weight(beta, t, corrected):
    if t == 1:
        return 1 - beta if corrected else 1.0
    return (1 - beta) * beta ** (t - 1) / (1 - beta**t) if corrected else beta ** (t - 1)

# %% right: a match
def first_weight(beta, t, corrected):
    match bool(corrected):
        case True: return np.float64(beta) ** (t - 1) / sum(beta**k for k in range(t))
        case False: return pow(beta, t - 1)

# %% right: a table indexed by the flag, an array of no axes
def first_weight(beta, t, corrected):
    return np.where(corrected, (1 - beta) / (1 - beta**t), 1.0) * beta ** (t - 1)

# %% wrong: one over t for the first two steps
def first_weight(beta, t, corrected):
    return 1 / t if corrected and t < 3 else ((1 - beta) * beta ** (t - 1) / (1 - beta**t) if corrected else beta ** (t - 1))
