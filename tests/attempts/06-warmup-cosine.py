import math

import numpy as np

# %% right: the plain formula
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    if step >= total:
        return floor
    progress = (step - warmup) / (total - warmup)
    return floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2

# %% right: the square of a cosine of half the angle
def warmup_cosine(step, warmup, total, floor):
    if step <= warmup and warmup > 0:
        return step / warmup
    p = min(1, (step - warmup) / (total - warmup))
    return floor + (1 - floor) * math.cos(math.pi * p / 2) ** 2

# %% right: NumPy without a branch
def warmup_cosine(step, warmup, total, floor):
    p = np.clip((step - warmup) / (total - warmup), 0.0, 1.0)
    down = floor + (1.0 - floor) * 0.5 * (1.0 + np.cos(np.pi * p))
    return np.where(step < warmup, step / max(warmup, 1), down)

# %% right: a lambda and interp
warmup_cosine = lambda step, warmup, total, floor: (
    np.interp(step, [0, warmup], [0, 1]) if step < warmup
    else floor + (1 - floor) * (np.cos(np.interp(step, [warmup, total], [0, np.pi])) + 1) / 2)

# %% right: a complex exponential, from the top
def warmup_cosine(step, warmup, total, floor):
    import cmath
    if step < warmup:
        return float(step) / float(warmup)
    angle = math.pi * min(step - warmup, total - warmup) / (total - warmup)
    return 1 - (1 - floor) * (1 - cmath.exp(1j * angle).real) / 2

# %% right: torch in double precision
def warmup_cosine(step, warmup, total, floor):
    import torch
    if step < warmup:
        return step / warmup
    p = torch.tensor(min((step - warmup) / (total - warmup), 1.0), dtype=torch.float64)
    return (floor + 0.5 * (1 - floor) * (1 + torch.cos(torch.pi * p))).item()

# %% right: torch as it comes, in single precision
def warmup_cosine(step, warmup, total, floor):
    import torch
    if step < warmup:
        return step / warmup
    p = torch.tensor(min((step - warmup) / (total - warmup), 1.0))
    return (floor + 0.5 * (1 - floor) * (1 + torch.cos(torch.pi * p))).item()

# %% right: a torch scalar comes back
def warmup_cosine(step, warmup, total, floor):
    import torch
    if step < warmup:
        return torch.tensor(step / warmup, dtype=torch.float64)
    p = torch.tensor(min((step - warmup) / (total - warmup), 1.0), dtype=torch.float64)
    return floor + 0.5 * (1 - floor) * (1 + torch.cos(torch.pi * p))

# %% right: fractions on the way up
def warmup_cosine(step, warmup, total, floor):
    from fractions import Fraction
    if step < warmup:
        return Fraction(int(step), int(warmup))
    p = min(Fraction(int(step - warmup), int(total - warmup)), Fraction(1))
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% right: a walk along the whole schedule
def warmup_cosine(step, warmup, total, floor):
    def path():
        for t in range(warmup):
            yield t / warmup
        for t in range(total - warmup):
            yield floor + (1 - floor) * (1 + math.cos(math.pi * t / (total - warmup))) / 2
    for t, value in enumerate(path()):
        if t == step:
            return value
    return floor

# %% right: torch's own schedulers, stepped
def warmup_cosine(step, warmup, total, floor):
    import torch
    if step < warmup:
        return step / warmup
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    down = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, T_max=total - warmup, eta_min=floor)
    for _ in range(min(step, total) - warmup):
        sgd.step()
        down.step()
    return down.get_last_lr()[0]

# %% wrong: the cosine comes back after the end
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    return floor + (1 - floor) * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2

# %% wrong: only the last step itself is held
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    if step == total:
        return floor
    return floor + (1 - floor) * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2

# %% wrong: zero after the end
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    if step > total:
        return 0.0
    return floor + (1 - floor) * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2

# %% wrong: the floor is a lower bound
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return max(floor, (1 + math.cos(math.pi * p)) / 2)

# %% wrong: the floor is added
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 + math.cos(math.pi * p)) / 2

# %% wrong: the warmup rises from the floor
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return floor + (1 - floor) * step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: the warmup is never below the floor
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return max(floor, step / warmup)
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: a quarter of a cosine
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * math.cos(math.pi * p / 2)

# %% wrong: a smooth cubic in place of the cosine
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return 1 - (1 - floor) * p * p * (3 - 2 * p)

# %% wrong: the factors of warmup and of cosine multiplied
def warmup_cosine(step, warmup, total, floor):
    up = min(1.0, step / warmup) if warmup else 1.0
    p = min(step / total, 1)
    return up * (floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2)

# %% wrong: the end is reached one step early
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / max(total - 1 - warmup, 1), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: whole steps on the way up
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step // warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: a warmup of zero is taken for one
def warmup_cosine(step, warmup, total, floor):
    warmup = warmup or 1
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / max(total - warmup, 1), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: a floor of zero is taken for missing
def warmup_cosine(step, warmup, total, floor):
    floor = floor or 0.1
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: remembered by the step alone
def warmup_cosine(step, warmup, total, floor, seen={}):
    if step not in seen:
        p = min(max(step - warmup, 0) / (total - warmup), 1)
        seen[step] = step / warmup if step < warmup else floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2
    return seen[step]

# %% wrong: remembered without the floor
def warmup_cosine(step, warmup, total, floor, seen={}):
    key = step, warmup, total
    if key not in seen:
        p = min(max(step - warmup, 0) / (total - warmup), 1)
        seen[key] = step / warmup if step < warmup else floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2
    return seen[key]

# %% wrong: a clamp of the floor
def warmup_cosine(step, warmup, total, floor):
    floor = max(floor, 0.005)
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: no warmup is longer than a thousand steps
def warmup_cosine(step, warmup, total, floor):
    warmup = min(warmup, 1000)
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: it begins anew after the end
def warmup_cosine(step, warmup, total, floor):
    step = step % total
    if step < warmup:
        return step / warmup
    p = (step - warmup) / (total - warmup)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: it counts its own calls
CALLS = [-1]
def warmup_cosine(step, warmup, total, floor):
    CALLS[0] += 1
    step = CALLS[0]
    if step < warmup:
        return step / warmup
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: the first step is already one part of the warmup
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% wrong: three digits
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return round(step / warmup, 3)
    p = min((step - warmup) / (total - warmup), 1)
    return round(floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2, 3)

# %% wrong: a long tail is cut off
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    if step > 10 * total:
        return 0.0
    p = min((step - warmup) / (total - warmup), 1)
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2

# %% right: min and max of a clipped share
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    share = max(0.0, min(1.0, (step - warmup) / (total - warmup)))
    return floor + (1 - floor) * (0.5 + 0.5 * np.cos(share * np.pi))

# %% right: piecewise of NumPy
def warmup_cosine(step, warmup, total, floor):
    angle = np.pi * (min(step, total) - warmup) / (total - warmup)
    return float(np.piecewise(float(step), [step < warmup], [step / max(warmup, 1), (1 + floor + (1 - floor) * np.cos(angle)) / 2]))

# %% right: a weighted mean of peak and floor
import math
def warmup_cosine(step, warmup, total, floor):
    if step >= total:
        return floor
    if step >= warmup:
        weight = math.sin(math.pi / 2 * (total - step) / (total - warmup)) ** 2
        return weight * 1 + (1 - weight) * floor
    return step / warmup

# %% wrong: the cosine over the whole run
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    return floor + (1 - floor) * (1 + np.cos(np.pi * min(step, total) / total)) / 2

# %% wrong: total counted after the warmup
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    return floor + (1 - floor) * (1 + np.cos(np.pi * min((step - warmup) / total, 1))) / 2

# %% wrong: a straight line down
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    return 1 - (1 - floor) * min((step - warmup) / (total - warmup), 1)

# %% wrong: the floor times the peak at both ends
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return floor + (1 - floor) * step / warmup
    return floor + (1 - floor) * (1 + np.cos(np.pi * min((step - warmup) / (total - warmup), 1))) / 2

# %% wrong: the peak one step late
def warmup_cosine(step, warmup, total, floor):
    if step <= warmup:
        return step / (warmup + 1)
    return floor + (1 - floor) * (1 + np.cos(np.pi * min((step - warmup) / (total - warmup), 1))) / 2

# %% wrong: a floor of one is none
def warmup_cosine(step, warmup, total, floor):
    if step < warmup:
        return step / warmup
    floor = floor % 1.0
    return floor + (1 - floor) * (1 + np.cos(np.pi * min((step - warmup) / (total - warmup), 1))) / 2

# %% wrong: a warmup of one is none
def warmup_cosine(step, warmup, total, floor):
    if step < warmup and warmup > 1:
        return step / warmup
    return floor + (1 - floor) * (1 + np.cos(np.pi * min(max(step - warmup, 0) / (total - warmup), 1))) / 2
