import math

import numpy as np

# %% right: a loop
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * (-(p @ p) / (p @ g))
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% right: weights, the newest last
def switch_rate(steps, gradients, beta1, beta2):
    P, G = np.array(steps), np.array(gradients)
    rates = -(P * P).sum(axis=1) / (P * G).sum(axis=1)
    weights = beta2 ** np.arange(len(rates))[::-1]
    return (1 - beta1) * np.sum(weights * rates) / np.sum(weights)

# %% right: einsum and average
def switch_rate(steps, gradients, beta1, beta2):
    P, G = np.stack(list(steps)), np.stack(list(gradients))
    rates = np.einsum("ij,ij->i", P, P) / -np.einsum("ij,ij->i", P, G)
    return (1 - beta1) * np.average(rates, weights=[beta2 ** k for k in range(len(rates) - 1, -1, -1)])

# %% right: plain Python
def switch_rate(steps, gradients, beta1, beta2):
    rate, n = 0.0, 0
    for p, g in zip(list(steps), list(gradients), strict=True):
        n += 1
        above = sum(float(a) * float(a) for a in p)
        below = -sum(float(a) * float(b) for a, b in zip(p, g))
        rate += (1 - beta2) * (above / below - rate)
    return float(rate / (1 - math.pow(beta2, n)) * (1 - beta1))

# %% right: the length of p over the projected length of g
def switch_rate(steps, gradients, beta1, beta2):
    m = 0
    for t in range(len(steps)):
        length = np.linalg.norm(steps[t])
        along = np.dot(-gradients[t], steps[t] / length)
        m = m * beta2 + length / along * (1 - beta2)
    return m / (1 - beta2 ** (t + 1)) * (1 - beta1)

# %% right: a running corrected average
def switch_rate(steps, gradients, beta1, beta2):
    corrected, power = 0.0, 1.0
    for i, p in enumerate(steps):
        rate = np.vdot(p, p) / np.vdot(p, -gradients[i])
        power *= beta2
        share = (1 - beta2) / (1 - power)
        corrected = corrected + share * (rate - corrected)
    return corrected - beta1 * corrected

# %% right: torch
def switch_rate(steps, gradients, beta1, beta2):
    import torch
    average = torch.zeros((), dtype=torch.float64)
    for p, g in zip(steps, gradients):
        p, g = torch.as_tensor(p), torch.as_tensor(g)
        average = average.lerp(torch.dot(p, p) / -torch.dot(p, g), 1 - beta2)
    return ((1 - beta1) * average / (1 - beta2 ** len(steps))).item()

# %% right: reduce
def switch_rate(steps, gradients, beta1, beta2):
    from functools import reduce
    rates = [-np.inner(p, p) / np.inner(g, p) for p, g in zip(steps, gradients)]
    return np.array((1 - beta1) * reduce(lambda a, r: beta2 * a + (1 - beta2) * r, rates, 0.0) / (1 - beta2 ** len(rates)))

# %% right: recursion from the newest
def switch_rate(steps, gradients, beta1, beta2):
    def average(n):
        if n == 0:
            return 0.0
        p, g = steps[n - 1], gradients[n - 1]
        return beta2 * average(n - 1) - (1 - beta2) * np.sum(p ** 2) / np.sum(p * g)
    return average(len(steps)) * (1 - beta1) / (1 - beta2 ** len(steps))

# %% wrong: the ratio of lengths
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * np.linalg.norm(p) / np.linalg.norm(g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: p projected onto g
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ g) / (g @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the absolute value of each rate
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * (p @ p) / abs(p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: steps that go uphill are left out
def switch_rate(steps, gradients, beta1, beta2):
    average, n = 0.0, 0
    for p, g in zip(steps, gradients):
        if p @ g < 0:
            n += 1
            average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta2 ** n) if n else 0.0

# %% wrong: the last step alone
def switch_rate(steps, gradients, beta1, beta2):
    p, g = steps[-1], gradients[-1]
    return -(1 - beta1) * (p @ p) / (p @ g)

# %% wrong: a plain mean
def switch_rate(steps, gradients, beta1, beta2):
    return (1 - beta1) * np.mean([-(p @ p) / (p @ g) for p, g in zip(steps, gradients)])

# %% wrong: a median
def switch_rate(steps, gradients, beta1, beta2):
    return (1 - beta1) * np.median([-(p @ p) / (p @ g) for p, g in zip(steps, gradients)])

# %% wrong: the average begun at the first rate
def switch_rate(steps, gradients, beta1, beta2):
    rates = [-(p @ p) / (p @ g) for p, g in zip(steps, gradients)]
    average = rates[0]
    for rate in rates[1:]:
        average = beta2 * average + (1 - beta2) * rate
    return (1 - beta1) * average

# %% wrong: begun at the first rate, and corrected
def switch_rate(steps, gradients, beta1, beta2):
    rates = [-(p @ p) / (p @ g) for p, g in zip(steps, gradients)]
    average = rates[0]
    for rate in rates[1:]:
        average = beta2 * average + (1 - beta2) * rate
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: numerators and denominators averaged apart
def switch_rate(steps, gradients, beta1, beta2):
    above = below = 0.0
    for p, g in zip(steps, gradients):
        above = beta2 * above + (1 - beta2) * (p @ p)
        below = beta2 * below - (1 - beta2) * (p @ g)
    return (1 - beta1) * above / below

# %% wrong: the oldest weighs most
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps[::-1], gradients[::-1]):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the correction one step behind
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta2 ** (len(steps) + 1))

# %% wrong: corrected with the other beta
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta1 ** len(steps))

# %% wrong: betas exchanged
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta1 * average - (1 - beta1) * (p @ p) / (p @ g)
    return (1 - beta2) * average / (1 - beta1 ** len(steps))

# %% wrong: betas by heart
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = 0.999 * average - 0.001 * (p @ p) / (p @ g)
    return 0.1 * average / (1 - 0.999 ** len(steps))

# %% wrong: divided by 1 − β₁
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return average / (1 - beta1) / (1 - beta2 ** len(steps))

# %% wrong: the vectors laid end to end
def switch_rate(steps, gradients, beta1, beta2):
    p, g = np.concatenate(steps), np.concatenate(gradients)
    return -(1 - beta1) * (p @ p) / (p @ g)

# %% wrong: the mean of p/g over the coordinates
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * np.mean(p / g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the first coordinate
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * p[0] / g[0]
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the first ten coordinates
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        p, g = p[:10], g[:10]
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the last twenty steps
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    steps, gradients = steps[-20:], gradients[-20:]
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: the average goes on from call to call
BOOK = {"average": 0.0, "n": 0}
def switch_rate(steps, gradients, beta1, beta2):
    for p, g in zip(steps, gradients):
        BOOK["average"] = beta2 * BOOK["average"] - (1 - beta2) * (p @ p) / (p @ g)
        BOOK["n"] += 1
    return (1 - beta1) * BOOK["average"] / (1 - beta2 ** BOOK["n"])

# %% wrong: an absolute value at the end
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g)
    return abs((1 - beta1) * average / (1 - beta2 ** len(steps)))

# %% wrong: a guard in the denominator
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average - (1 - beta2) * (p @ p) / (p @ g - 1e-4)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% wrong: no rate above one
def switch_rate(steps, gradients, beta1, beta2):
    average = 0.0
    for p, g in zip(steps, gradients):
        average = beta2 * average + (1 - beta2) * min(-(p @ p) / (p @ g), 1.0)
    return (1 - beta1) * average / (1 - beta2 ** len(steps))

# %% right: Horner's form
def switch_rate(steps, gradients, beta1, beta2):
    total = 0.0
    for p, g in zip(steps, gradients):
        total = beta2 * total - (p @ p) / (p @ g)
    n = len(steps)
    return (1 - beta1) * total * (1 - beta2) / (1 - beta2**n)

# %% right: stacked inner products by einsum
def switch_rate(steps, gradients, beta1, beta2):
    P, G = np.stack(steps), np.stack(gradients)
    gamma = -np.einsum("ij,ij->i", P, P) / np.einsum("ij,ij->i", P, G)
    w = np.float_power(beta2, np.arange(len(P))[::-1])
    return (1 - beta1) * (w @ gamma) / w.sum()

# %% right: cosines
def switch_rate(steps, gradients, beta1, beta2):
    lam = 0.0
    for p, g in zip(steps, gradients):
        size = np.linalg.norm(p)
        lam = beta2 * lam + (1 - beta2) * size / -np.dot(g, p / size)
    return (1 - beta1) * lam / (1 - beta2 ** len(steps))

# %% wrong: the largest of them
def switch_rate(steps, gradients, beta1, beta2):
    return (1 - beta1) * max(-(p @ p) / (p @ g) for p, g in zip(steps, gradients))

# %% wrong: the harmonic average
def switch_rate(steps, gradients, beta1, beta2):
    m = 0.0
    for p, g in zip(steps, gradients):
        m = beta2 * m + (1 - beta2) * -(p @ g) / (p @ p)
    return (1 - beta1) / (m / (1 - beta2 ** len(steps)))

# %% wrong: a correction by n, not by a power
def switch_rate(steps, gradients, beta1, beta2):
    m = 0.0
    for p, g in zip(steps, gradients):
        m = beta2 * m + (1 - beta2) * -(p @ p) / (p @ g)
    return (1 - beta1) * m / min(1.0, (1 - beta2) * len(steps))

# %% wrong: uphill steps turned round
def switch_rate(steps, gradients, beta1, beta2):
    m = 0.0
    for p, g in zip(steps, gradients):
        m = beta2 * m + (1 - beta2) * (p @ p) / abs(p @ g)
    return (1 - beta1) * m / (1 - beta2 ** len(steps))

# %% wrong: the gradients one step early
def switch_rate(steps, gradients, beta1, beta2):
    m, n = 0.0, 0
    for p, g in zip(steps[1:] or steps, gradients):
        m, n = beta2 * m + (1 - beta2) * -(p @ p) / (p @ g), n + 1
    return (1 - beta1) * m / (1 - beta2**n)

# %% wrong: a single step has no average
def switch_rate(steps, gradients, beta1, beta2):
    if len(steps) < 2:
        return 0.0
    m = 0.0
    for p, g in zip(steps, gradients):
        m = beta2 * m + (1 - beta2) * -(p @ p) / (p @ g)
    return (1 - beta1) * m / (1 - beta2 ** len(steps))

# %% wrong: the first step is skipped
def switch_rate(steps, gradients, beta1, beta2):
    m = 0.0
    for p, g in list(zip(steps, gradients))[1:] or zip(steps, gradients):
        m = beta2 * m + (1 - beta2) * -(p @ p) / (p @ g)
    return (1 - beta1) * m / (1 - beta2 ** max(len(steps) - 1, 1))

# %% right: lstsq of each
def switch_rate(steps, gradients, beta1, beta2):
    rates = [np.linalg.lstsq(np.array([[-(p @ g)]]), np.array([p @ p]), rcond=None)[0][0] for p, g in zip(steps, gradients)]
    n = len(rates); w = np.array([beta2 ** (n - 1 - i) for i in range(n)])
    return np.dot(w, rates) / w.sum() * (1 - beta1)

# %% wrong: corrected each time, recursively
def switch_rate(steps, gradients, beta1, beta2):
    s = 0
    for t, (p, g) in enumerate(zip(steps, gradients), 1):
        s = (beta2 * s + (1 - beta2) * -(p @ p) / (p @ g)) / (1 - beta2**t)
    return s * (1 - beta1)
