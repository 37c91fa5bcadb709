"""12-update-ratio, from its statement."""

import math


def length(x):
    return np.sqrt((np.asarray(x, dtype=float) ** 2).sum())


def update_ratios(before, after):
    ratios = []
    for old, new in zip(before, after):
        ratios.append(length(new - old) / length(old) if old.any() else np.nan)
    return ratios

# %% right: a list of numbers
#~ return ratios => return ratios

# %% right: an array
#~ return ratios => return np.array(ratios)

# %% right: a comprehension with np.linalg.norm
def update_ratios(before, after):
    return [np.linalg.norm(b - a) / np.linalg.norm(a) if np.linalg.norm(a) else np.nan for a, b in zip(before, after)]

# %% right: raveled first
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return np.linalg.norm(np.ravel(x))

# %% right: the square roots divided
#~ length(new - old) / length(old) => math.sqrt(float(((new - old) ** 2).sum()) / float((old ** 2).sum()))

# %% right: root mean squares, whose counts cancel
#~ .sum()) => .mean())

# %% right: division by zero let through
def update_ratios(before, after):
    with np.errstate(all="ignore"):
        ratios = np.array([length(b - a) / length(a) for a, b in zip(before, after)])
    ratios[~np.isfinite(ratios)] = np.nan
    return ratios

# %% right: a loop over places
def update_ratios(before, after):
    out = np.full(len(before), np.nan)
    for i in range(len(before)):
        if length(before[i]) > 0:
            out[i] = length(after[i] - before[i]) / length(before[i])
    return out

# %% right: torch does the arithmetic
def update_ratios(before, after):
    import torch
    out = []
    for a, b in zip(before, after):
        a, b = torch.as_tensor(a), torch.as_tensor(b)
        out.append(float((b - a).norm() / a.norm()) if float(a.norm()) else float("nan"))
    return out

# %% right: a tuple
#~ return ratios => return tuple(ratios)

# %% right: the difference the other way round
#~ new - old => old - new

# %% wrong: the difference of lengths
#~ length(new - old) => abs(length(new) - length(old))

# %% wrong: over the new length
#~ / length(old) => / length(new)

# %% wrong: over the mean of both lengths
#~ / length(old) => / (0.5 * (length(old) + length(new)))

# %% wrong: squares
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return (np.asarray(x, dtype=float) ** 2).sum()

# %% wrong: absolute values
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return np.abs(x).sum()

# %% wrong: the largest number
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return np.abs(x).max()

# %% wrong: the length of the first row
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return np.linalg.norm(np.atleast_1d(x)[0])

# %% wrong: mean of ratios
#~ length(new - old) / length(old) => np.mean(np.abs((new - old) / np.where(old == 0, 1, old)))

# %% wrong: median of ratios
#~ length(new - old) / length(old) => np.median(np.abs((new - old) / np.where(old == 0, 1, old)))

# %% wrong: the signed sum
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return abs(np.asarray(x, dtype=float).sum())

# %% wrong: the spectral norm of matrices
#~ return np.sqrt((np.asarray(x, dtype=float) ** 2).sum()) => return np.linalg.norm(x, 2) if x.ndim == 2 else np.linalg.norm(x)

# %% wrong: one number for all
#~ return ratios => return float(np.nanmean(ratios))

# %% wrong: the largest of them
#~ return ratios => return [float(np.nanmax(ratios))] * len(ratios)

# %% wrong: all layers as one vector
def update_ratios(before, after):
    a, b = (np.concatenate([x.ravel() for x in side]) for side in (before, after))
    return [length(b - a) / length(a)] * len(before)

# %% wrong: zero for zeros
#~ else np.nan => else 0.0

# %% wrong: infinity for zeros
#~ else np.nan => else np.inf

# %% wrong: zeros left out
def update_ratios(before, after):
    return [length(b - a) / length(a) for a, b in zip(before, after) if a.any()]

# %% wrong: None for zeros
#~ else np.nan => else None

# %% wrong: a large ratio cut at one
#~ length(new - old) / length(old) => min(1.0, length(new - old) / length(old))

# %% wrong: a tiny number in the denominator
#~ / length(old) if old.any() else np.nan => / (length(old) + 1e-3)

# %% wrong: upside down
#~ length(new - old) / length(old) => length(old) / max(length(new - old), 1e-300)

# %% wrong: in percent
#~ length(new - old) / => 100 * length(new - old) /

# %% wrong: last layer first
#~ return ratios => return ratios[::-1]

# %% wrong: a dict
#~ return ratios => return dict(enumerate(ratios))

# %% wrong: printed, not returned
#~ return ratios => print(ratios)

# %% wrong: the weights are written over
def update_ratios(before, after):
    out = []
    for a, b in zip(before, after):
        b -= a
        out.append(length(b) / length(a) if a.any() else np.nan)
    return out

# %% wrong: a generator
def update_ratios(before, after):
    for a, b in zip(before, after):
        yield length(b - a) / length(a) if a.any() else np.nan

# %% right: hypot reduced, a torch tensor back
def update_ratios(before, after):
    import torch
    def size(x):
        return float(np.hypot.reduce(np.append(np.ravel(x), 0.0)))
    return torch.tensor([size(np.subtract(b, a)) / size(a) if size(a) > 0 else torch.nan for a, b in zip(before, after)],
                        dtype=torch.float64)

# %% right: a class with a method, starmap
from itertools import starmap
class Layer:
    def __init__(self, w): self.w = np.array(w, dtype=np.float64)
    def __sub__(self, o): return Layer(self.w - o.w)
    def __abs__(self): return float(np.linalg.norm(self.w.reshape(-1)))
    def __truediv__(self, o): return abs(self) / abs(o) if abs(o) else float("nan")
def update_ratios(before, after):
    return [*starmap(lambda o, n: (Layer(n) - Layer(o)) / Layer(o), zip(before, after))]

# %% wrong: weights that sum to zero count as none
#~ if old.any() => if old.sum() != 0

# %% wrong: nearly zero counts as zero
#~ if old.any() => if not np.allclose(old, 0)

# %% wrong: a small length counts as none
#~ if old.any() => if length(old) > 1e-8

# %% wrong: only the first number is looked at
#~ if old.any() => if old.flat[0]

# %% wrong: weights that are wiped out count as none
#~ if old.any() => if old.any() and new.any()

# %% wrong: what stands still has no ratio
#~ length(new - old) / length(old) if => (length(new - old) / length(old) or np.nan) if

# %% wrong: numbers in the order of the memory
#~ length(new - old) / => length(new.ravel(order="K") - old.ravel(order="K")) /

# %% right: torch around the same memory
def update_ratios(before, after):
    import torch
    pairs = ((torch.from_numpy(a), torch.from_numpy(b)) for a, b in zip(before, after))
    return torch.stack([(b - a).norm() / a.norm() if a.any() else torch.tensor(torch.nan) for a, b in pairs]).double()

# %% wrong: three layers at most
#~ zip(before, after): => list(zip(before, after))[:3]:
