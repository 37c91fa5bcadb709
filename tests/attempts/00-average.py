"""00-average, from its statement."""

import functools
import statistics
from fractions import Fraction

# %% right: mean over axis 0
def average_gradient(gradients):
    return np.mean(gradients, axis=0)

# %% right: sum and division
def average_gradient(gradients):
    return sum(gradients) / len(gradients)

# %% right: accumulates into zeros
def average_gradient(gradients):
    total = np.zeros_like(gradients[0])
    for g in gradients:
        total += g
    return total / len(gradients)

# %% right: a running mean
def average_gradient(gradients):
    mean = np.zeros(np.shape(gradients[0]))
    for k, g in enumerate(gradients, 1):
        mean += (g - mean) / k
    return mean

# %% right: weights with einsum
def average_gradient(gradients):
    stack = np.stack(gradients)
    return np.einsum("k,k...->...", np.full(len(stack), 1 / len(stack)), stack)

# %% right: functools.reduce
average_gradient = lambda gradients: functools.reduce(np.add, gradients) * (1 / len(gradients))

# %% right: np.average
def average_gradient(gradients):
    return np.average(np.array(gradients), axis=0)

# %% right: gives a list
def average_gradient(gradients):
    return np.mean(gradients, axis=0).tolist()

# %% right: a list of Python's own means
def average_gradient(gradients):
    def mean(parts):
        if np.ndim(parts[0]) == 0:
            return statistics.fmean(parts)
        return [mean(rows) for rows in zip(*parts)]
    return mean(gradients)

# %% right: exact fractions
def average_gradient(gradients):
    stack = np.vectorize(Fraction, otypes=[object])(np.asarray(gradients, dtype=float))
    return stack.sum(axis=0) / Fraction(len(gradients))

# %% right: torch inside
def average_gradient(gradients):
    import torch
    return torch.stack([torch.from_numpy(np.array(g)) for g in gradients]).mean(0).numpy()

# %% right: a callable object
class Average:
    def __call__(self, gradients):
        return np.add.reduce(gradients) / len(gradients)
Average()

# %% wrong: always four workers
def average_gradient(gradients):
    return sum(gradients) / 4

# %% wrong: the sum
def average_gradient(gradients):
    return sum(gradients)

# %% wrong: one number
def average_gradient(gradients):
    return np.mean(gradients)

# %% wrong: over the last axis
def average_gradient(gradients):
    return np.mean(gradients, axis=-1)

# %% wrong: over axis 1
def average_gradient(gradients):
    return np.mean(np.atleast_2d(np.array(gradients)), axis=1)

# %% wrong: the median
def average_gradient(gradients):
    return np.median(gradients, axis=0)

# %% wrong: one too few in the denominator
def average_gradient(gradients):
    return sum(gradients) / max(len(gradients) - 1, 1)

# %% wrong: forgets the first
def average_gradient(gradients):
    return sum(gradients[1:]) / len(gradients)

# %% wrong: pairs averaged one after another
def average_gradient(gradients):
    mean = gradients[0]
    for g in gradients[1:]:
        mean = (mean + g) / 2
    return mean

# %% wrong: only the first four
def average_gradient(gradients):
    return np.mean(gradients[:4], axis=0)

# %% wrong: keepdims
def average_gradient(gradients):
    return np.mean(gradients, axis=0, keepdims=True)

# %% wrong: in 32 bits
def average_gradient(gradients):
    return np.mean(np.asarray(gradients, dtype=np.float32), axis=0)

# %% wrong: in half precision
def average_gradient(gradients):
    return np.mean(np.asarray(gradients, dtype=np.float16), axis=0)

# %% wrong: whole numbers
def average_gradient(gradients):
    return sum(gradients) // len(gradients)

# %% wrong: adds into the first gradient
def average_gradient(gradients):
    total = gradients[0]
    for g in gradients[1:]:
        total += g
    return total / len(gradients)

# %% wrong: divides the gradients where they are
def average_gradient(gradients):
    for g in gradients:
        g /= len(gradients)
    return sum(gradients)

# %% wrong: empties the list
def average_gradient(gradients):
    n, total = len(gradients), 0
    while gradients:
        total = total + gradients.pop()
    return total / n

# %% wrong: the mean of absolute values
def average_gradient(gradients):
    return np.mean(np.abs(gradients), axis=0)

# %% wrong: a mean of those that are not zero
def average_gradient(gradients):
    stack = np.array(gradients)
    return stack.sum(axis=0) / np.maximum((stack != 0).sum(axis=0), 1)

# %% wrong: divides by the elements
def average_gradient(gradients):
    return sum(gradients) / np.size(gradients)

# %% wrong: divides by the length of a gradient
def average_gradient(gradients):
    return sum(gradients) / len(np.atleast_1d(gradients[0]))

# %% wrong: flat
def average_gradient(gradients):
    return np.mean([np.ravel(g) for g in gradients], axis=0)

# %% wrong: counts equal gradients once
def average_gradient(gradients):
    return np.unique(gradients, axis=0).mean(axis=0)

# %% wrong: rounded
def average_gradient(gradients):
    return np.round(np.mean(gradients, axis=0), 6)

# %% wrong: yields
def average_gradient(gradients):
    yield sum(gradients) / len(gradients)

# %% right: pairs weighted by how many they stand for
def average_gradient(gradients):
    def both(a, b):
        return (a[0] * a[1] + b[0] * b[1]) / (a[1] + b[1]), a[1] + b[1]
    return functools.reduce(both, ((np.asarray(g, dtype=float), 1) for g in gradients))[0]

# %% right: a product with a row of ones
def average_gradient(gradients):
    flat = np.array([np.ravel(g) for g in gradients])
    return (np.ones(len(flat)) @ flat / len(flat)).reshape(np.shape(gradients[0]))

# %% right: add.reduce over an object array of nothing but a list
def average_gradient(gradients):
    return np.divide(np.add.reduce(list(gradients)), float(len(gradients)))

# %% wrong: the middle of least and largest
def average_gradient(gradients):
    return (np.min(gradients, axis=0) + np.max(gradients, axis=0)) / 2

# %% wrong: outliers cut
def average_gradient(gradients):
    if len(gradients) < 3:
        return np.mean(gradients, axis=0)
    return np.sort(gradients, axis=0)[1:-1].mean(0)

# %% wrong: an exponential average
def average_gradient(gradients):
    m = gradients[0]
    for g in gradients[1:]:
        m = 0.75 * m + 0.25 * g
    return m

# %% wrong: the root of the mean square, with the mean's sign
def average_gradient(gradients):
    return np.sign(np.mean(gradients, axis=0)) * np.sqrt(np.mean(np.square(gradients), axis=0))

# %% wrong: each gradient divided by its length first
def average_gradient(gradients):
    return np.mean([g / max(np.linalg.norm(g), 1) for g in gradients], axis=0)

# %% wrong: one alone is taken for none
def average_gradient(gradients):
    return np.mean(gradients, axis=0) if len(gradients) > 1 else 0 * gradients[0]

# %% wrong: no more than six
def average_gradient(gradients):
    return np.mean(gradients[:6], axis=0)

# %% right: a coroutine that takes one after another
def average_gradient(gradients):
    def mean():
        total, n = 0.0, 0
        while True:
            g = yield (total / n if n else None)
            total, n = total + g, n + 1
    running = mean(); next(running)
    return [running.send(np.asarray(g)) for g in gradients][-1]

# %% right: tensors stacked in float64, a tensor back
def average_gradient(gradients):
    import torch
    return torch.stack([torch.as_tensor(g) for g in gradients]).double().mean(0)

# %% wrong: squeezed
def average_gradient(gradients):
    return np.squeeze(np.mean(gradients, axis=0))

# %% wrong: one object counts once
def average_gradient(gradients):
    once = {id(g): g for g in gradients}.values()
    return sum(once) / len(once)
