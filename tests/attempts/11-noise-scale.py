"""11-noise-scale, from its statement."""

import math

def noise_scale(small_gradients, large_gradients, small, large):
    s = (small_gradients ** 2).sum(axis=1).mean()
    b = (large_gradients ** 2).sum(axis=1).mean()
    signal = (large * b - small * s) / (large - small)
    noise = (s - b) / (1 / small - 1 / large)
    return noise / signal

# %% right: as the equations say

# %% right: by lists
def noise_scale(small_gradients, large_gradients, small, large):
    squares = []
    for gradients in (small_gradients, large_gradients):
        squares.append(sum(float(g @ g) for g in gradients) / len(gradients))
    s, b = squares
    noise = (s - b) * small * large / (large - small)
    return noise / (b - noise / large)

# %% right: a linear system
def noise_scale(small_gradients, large_gradients, small, large):
    right = [np.mean(np.linalg.norm(g, axis=1) ** 2) for g in (small_gradients, large_gradients)]
    signal, noise = np.linalg.solve([[1, 1 / small], [1, 1 / large]], right)
    return noise / signal

# %% right: a fitted line
def noise_scale(small_gradients, large_gradients, small, large):
    y = [np.einsum("ij,ij->", g, g) / len(g) for g in (small_gradients, large_gradients)]
    slope, intercept = np.polyfit([1 / small, 1 / large], y, 1)
    return slope / intercept

# %% right: in one formula
def noise_scale(small_gradients, large_gradients, small, large):
    s, b = (np.square(g).sum(1).mean() for g in (small_gradients, large_gradients))
    return small * large * (s - b) / (large * b - small * s)

# %% right: torch
def noise_scale(small_gradients, large_gradients, small, large):
    import torch
    s, b = (torch.as_tensor(g).pow(2).sum(1).mean().item() for g in (small_gradients, large_gradients))
    g2 = (large * b - small * s) / (large - small)
    return (s - g2) * small / g2

# %% right: noise first, then the signal from the small batch
def noise_scale(small_gradients, large_gradients, small, large):
    def mean_square(gradients):
        return np.sum(np.asarray(gradients) ** 2) / len(gradients)
    noise = (mean_square(small_gradients) - mean_square(large_gradients)) / (1 / small - 1 / large)
    return noise / (mean_square(small_gradients) - noise / small)

# %% right: fsum
def noise_scale(small_gradients, large_gradients, small, large):
    s = math.fsum((small_gradients ** 2).ravel()) / small_gradients.shape[0]
    b = math.fsum((large_gradients ** 2).ravel()) / large_gradients.shape[0]
    return ((s - b) / (large - small)) * small * large / ((large * b - small * s) / (large - small))

# %% right: a zero-dimensional array
def noise_scale(small_gradients, large_gradients, small, large):
    s, b = np.mean((small_gradients ** 2).sum(-1)), np.mean((large_gradients ** 2).sum(-1))
    return np.array((s - b) / (1 / small - 1 / large) / ((large * b - small * s) / (large - small)))

# %% wrong: the difference over the large one
#~ return noise / signal => return (s - b) / b

# %% wrong: the ratio of the square norms
#~ return noise / signal => return s / b

# %% wrong: the ratio times the small batch
#~ return noise / signal => return small * s / b

# %% wrong: the root
#~ return noise / signal => return math.sqrt(abs(noise / signal))

# %% wrong: never negative
#~ return noise / signal => return max(noise, 0) / max(signal, s)

# %% wrong: in batches, not rows
#~ return noise / signal => return noise / signal / small

# %% wrong: in large batches
#~ return noise / signal => return noise / signal / large

# %% wrong: signal with the sizes exchanged
#~ (large * b - small * s) => (small * b - large * s)

# %% wrong: signal divided by the large batch
#~ / (large - small) => / large

# %% wrong: signal divided by the sum
#~ / (large - small) => / (large + small)

# %% wrong: noise as if the large batch had none
#~ (s - b) / (1 / small - 1 / large) => (s - b) * small

# %% wrong: noise plus
#~ (1 / small - 1 / large) => (1 / small + 1 / large)

# %% wrong: variance among the small gradients only
#~ noise = (s - b) / (1 / small - 1 / large) => noise = small_gradients.var(axis=0).sum()

# %% wrong: variance among the small gradients, as of a row, from the mean of the few
#~ noise = (s - b) / (1 / small - 1 / large) => noise = small * small_gradients.var(axis=0).sum()

# %% wrong: the large mean as the signal
#~ signal = (large * b - small * s) / (large - small) => signal = (large_gradients.mean(axis=0) ** 2).sum()

# %% wrong: all gradients' mean as the signal
#~ signal = (large * b - small * s) / (large - small) => signal = (np.vstack([small_gradients, large_gradients]).mean(0) ** 2).sum()

# %% wrong: sums over batches, not means
#~ s = (small_gradients ** 2).sum(axis=1).mean() => s = (small_gradients ** 2).sum()
#~ b = (large_gradients ** 2).sum(axis=1).mean() => b = (large_gradients ** 2).sum()

# %% wrong: over the wrong axis
#~ s = (small_gradients ** 2).sum(axis=1).mean() => s = (small_gradients ** 2).sum(axis=0).mean()
#~ b = (large_gradients ** 2).sum(axis=1).mean() => b = (large_gradients ** 2).sum(axis=0).mean()

# %% wrong: the first batch of each
#~ s = (small_gradients ** 2).sum(axis=1).mean() => s = (small_gradients[0] ** 2).sum()
#~ b = (large_gradients ** 2).sum(axis=1).mean() => b = (large_gradients[0] ** 2).sum()

# %% wrong: the median
#~ s = (small_gradients ** 2).sum(axis=1).mean() => s = np.median((small_gradients ** 2).sum(axis=1))

# %% wrong: absolute values
#~ s = (small_gradients ** 2).sum(axis=1).mean() => s = abs(small_gradients).sum(axis=1).mean()
#~ b = (large_gradients ** 2).sum(axis=1).mean() => b = abs(large_gradients).sum(axis=1).mean()

# %% wrong: the sizes are taken from the arrays
#~ signal = => small, large = len(small_gradients), len(large_gradients) + 1\n    signal =

# %% wrong: both numbers
#~ return noise / signal => return noise, signal

# %% wrong: rounded to rows
#~ return noise / signal => return round(float(noise / signal))

# %% right: least squares, an array of one axis element taken
def noise_scale(small_gradients, large_gradients, small, large):
    rows, right = [], []
    for grads, size in [(small_gradients, small), (large_gradients, large)]:
        for g in grads:
            rows.append((1.0, 1.0 / size)); right.append(np.dot(g, g))
    g2, tr = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    return tr / g2

# %% right: a closure and fractions
from fractions import Fraction as F
def noise_scale(small_gradients, large_gradients, small, large):
    mean = lambda m: sum((F(float(v)) ** 2 for v in np.ravel(m)), F(0)) / len(m)
    s, l = mean(small_gradients), mean(large_gradients)
    t = (s - l) / (F(1, int(small)) - F(1, int(large)))
    return t / (s - t / int(small))

# %% wrong: the absolute value
#~ return noise / signal => return abs(noise / signal)

# %% wrong: noise never below zero
#~ return noise / signal => return max(noise, 0.0) / signal

# %% wrong: signal never below zero
#~ return noise / signal => return noise / max(signal, 1e-12)

# %% wrong: a signal below zero is infinite noise
#~ return noise / signal => return noise / signal if signal > 0 else float("inf")

# %% wrong: NaN where the noise is below zero
#~ return noise / signal => return noise / signal if noise > 0 else float("nan")
