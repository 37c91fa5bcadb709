import math

import numpy as np

# %% right: two branches
def inverse_sqrt(step, warmup):
    if step < warmup:
        return step / warmup
    return math.sqrt(warmup / step)

# %% right: the smaller of two
def inverse_sqrt(step, warmup):
    return min(step / warmup, (warmup / max(step, 1)) ** 0.5)

# %% right: as in the paper, scaled
def inverse_sqrt(step, warmup):
    if step == 0:
        return 0.0
    return warmup ** 0.5 * min(step ** -0.5, step * warmup ** -1.5)

# %% right: NumPy, a 0-d array
def inverse_sqrt(step, warmup):
    with np.errstate(divide="ignore"):
        return np.minimum(np.asarray(step) / warmup, np.sqrt(np.float64(warmup) / np.float64(step)))

# %% right: logarithms
def inverse_sqrt(step, warmup):
    if step <= warmup:
        return np.float64(step) / np.float64(warmup)
    return np.exp(0.5 * (np.log(warmup) - np.log(step)))

# %% right: torch in single precision
def inverse_sqrt(step, warmup):
    import torch
    if step < warmup:
        return step / warmup
    return torch.sqrt(torch.tensor(float(warmup)) / step).item()

# %% right: a torch scalar
def inverse_sqrt(step, warmup):
    import torch
    step = torch.as_tensor(float(step), dtype=torch.float64)
    return torch.where(step < warmup, step / warmup, torch.rsqrt(step / warmup))

# %% right: fractions
def inverse_sqrt(step, warmup):
    from fractions import Fraction
    up = Fraction(int(step), int(warmup))
    return up if up <= 1 else float(1 / up) ** 0.5

# %% right: a whole number at the peak
def inverse_sqrt(step, warmup):
    if step == warmup:
        return 1
    return step / warmup if step < warmup else 1 / math.sqrt(step / warmup)

# %% right: math.hypot and isqrt-free, a lambda
inverse_sqrt = lambda step, warmup: (step < warmup) * step / warmup + (step >= warmup) * (warmup / max(step, warmup)) ** .5

# %% wrong: the branches do not meet
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else 1 / math.sqrt(step)

# %% wrong: it falls from the end of warmup as if counted anew
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else 1 / math.sqrt(step - warmup + 1)

# %% wrong: one over the step
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else warmup / step

# %% wrong: the cube root
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else (warmup / step) ** (1 / 3)

# %% wrong: the square
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else (warmup / step) ** 2

# %% wrong: the larger of two
def inverse_sqrt(step, warmup):
    return max(step / warmup, (warmup / max(step, 1)) ** 0.5)

# %% wrong: steps counted from one
def inverse_sqrt(step, warmup):
    step = step + 1
    return min(step / warmup, (warmup / step) ** 0.5)

# %% wrong: it falls from step plus one
def inverse_sqrt(step, warmup):
    return step / warmup if step <= warmup else math.sqrt(warmup / (step + 1))

# %% wrong: step 0 is left out of the straight line
def inverse_sqrt(step, warmup):
    if step == 0:
        return 1.0
    return min(step / warmup, (warmup / step) ** 0.5)

# %% wrong: a curved way up
def inverse_sqrt(step, warmup):
    return (step / warmup) ** 0.5 if step < warmup else (warmup / step) ** 0.5

# %% wrong: a quadratic way up
def inverse_sqrt(step, warmup):
    return (step / warmup) ** 2 if step < warmup else (warmup / step) ** 0.5

# %% wrong: whole steps on the way up
def inverse_sqrt(step, warmup):
    return step // warmup if step < warmup else (warmup / step) ** 0.5

# %% wrong: the paper's own scale
def inverse_sqrt(step, warmup):
    return min(max(step, 1) ** -0.5, step * warmup ** -1.5)

# %% wrong: never below a hundredth
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else max((warmup / step) ** 0.5, 0.01)

# %% wrong: never below a thousandth
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else max((warmup / step) ** 0.5, 1e-3)

# %% wrong: a warmup of one is none
def inverse_sqrt(step, warmup):
    if warmup == 1:
        return 1 / math.sqrt(max(step, 1))
    return step / warmup if step < warmup else (warmup / step) ** 0.5

# %% wrong: remembered by the step
def inverse_sqrt(step, warmup, seen={}):
    return seen.setdefault(step, step / warmup if step < warmup else (warmup / step) ** 0.5)

# %% wrong: remembered by the warmup
def inverse_sqrt(step, warmup, seen={}):
    return seen.setdefault(warmup, step / warmup if step < warmup else (warmup / step) ** 0.5)

# %% wrong: the whole root
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else math.isqrt(warmup) / math.isqrt(step)

# %% wrong: it ends
def inverse_sqrt(step, warmup):
    if step > 1000 * warmup:
        return 0.0
    return step / warmup if step < warmup else (warmup / step) ** 0.5

# %% wrong: a straight line down
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else max(0.0, 2 - step / warmup)

# %% wrong: constant after warmup
def inverse_sqrt(step, warmup):
    return min(step / warmup, 1.0)

# %% wrong: a guard that shifts the numbers
def inverse_sqrt(step, warmup):
    return step / (warmup + 1e-3) if step < warmup else (warmup / (step + 1e-3)) ** 0.5

# %% wrong: no warmup longer than a thousand
def inverse_sqrt(step, warmup):
    warmup = min(warmup, 1000)
    return step / warmup if step < warmup else (warmup / step) ** 0.5

# %% right: a power with a sign
def inverse_sqrt(step, warmup):
    return (step / warmup) ** (1.0 if step <= warmup else -0.5)

# %% right: NumPy's where on a safe denominator
def inverse_sqrt(step, warmup):
    return float(np.where(step < warmup, step / warmup, np.sqrt(warmup / np.maximum(step, warmup))))

# %% right: decimals
from decimal import Decimal
def inverse_sqrt(step, warmup):
    step, warmup = Decimal(int(step)), Decimal(int(warmup))
    return float(step / warmup if step < warmup else (warmup / step).sqrt())

# %% wrong: the fourth root of the square
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else (warmup / step) ** 0.45

# %% wrong: it falls from twice the warmup
def inverse_sqrt(step, warmup):
    return min(step / warmup, 1.0, (2 * warmup / max(step, 1)) ** 0.5)

# %% wrong: a sine on the way up
def inverse_sqrt(step, warmup):
    return np.sin(np.pi / 2 * step / warmup) if step < warmup else (warmup / step) ** 0.5

# %% wrong: warmup plus one
def inverse_sqrt(step, warmup):
    return step / (warmup + 1) if step <= warmup else (warmup / step) ** 0.5

# %% wrong: an average of the two pieces about the peak
def inverse_sqrt(step, warmup):
    up, down = step / warmup, (warmup / max(step, 1)) ** 0.5
    return (up**-8 + down**-8) ** -0.125 if step else 0.0

# %% wrong: nothing after a hundred warmups
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else (warmup / step) ** 0.5 * (step < 100 * warmup)

# %% wrong: whole division past the peak
def inverse_sqrt(step, warmup):
    return step / warmup if step < warmup else (1 / (step // warmup)) ** 0.5
