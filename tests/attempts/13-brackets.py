import itertools
import math


def v_hat(g, beta2):
    v, out = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        out.append(v / (1 - beta2 ** t))
    return np.array(out)

# %% right: arrays and diff
def negative_brackets(g, beta2):
    t = np.arange(1, len(g) + 1)
    return int(np.sum(np.diff(np.sqrt(v_hat(g, beta2)) * np.sqrt(t)) < 0))

# %% right: a loop
def negative_brackets(g, beta2):
    v, before, count = 0.0, None, 0
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x ** 2
        now = math.sqrt(v / (1 - beta2 ** t)) * math.sqrt(t)
        if before is not None and now - before < 0:
            count += 1
        before = now
    return count

# %% right: NumPy's whole number
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, g.size + 1))
    return np.count_nonzero(a[1:] < a[:-1])

# %% right: the sum of truth values
def negative_brackets(g, beta2):
    a = (v_hat(g, beta2) * (1 + np.arange(len(g)))) ** 0.5
    return (a[1:] - a[:-1] < 0).sum()

# %% right: pairwise
def negative_brackets(g, beta2):
    a = [math.sqrt(v * t) for t, v in enumerate(v_hat(g, beta2).tolist(), 1)]
    return sum(y < x for x, y in itertools.pairwise(a))

# %% right: weights in a matrix
def negative_brackets(g, beta2):
    T = len(g)
    k = np.arange(T)
    W = np.tril(beta2 ** np.clip(k[:, None] - k, 0, None) * (1 - beta2))
    v = (W @ g ** 2) / (1 - beta2 ** (k + 1))
    alpha = 0.01 / np.sqrt(k + 1)
    return len(np.flatnonzero(np.diff(np.sqrt(v) / alpha) < 0))

# %% right: a 0-d array, from accumulate
def negative_brackets(g, beta2):
    vs = list(itertools.accumulate(g, lambda v, x: beta2 * v + (1 - beta2) * x * x, initial=0.0))[1:]
    t = np.arange(1, len(vs) + 1)
    a = np.sqrt(np.array(vs) / (1 - beta2 ** t)) / (1 / np.sqrt(t))
    return np.asarray((np.diff(a) < 0).sum())

# %% right: torch inside
def negative_brackets(g, beta2):
    import torch
    g = torch.as_tensor(np.array(g))
    v, rows = torch.zeros((), dtype=g.dtype), []
    for t in range(len(g)):
        v = v * beta2 + g[t].square() * (1 - beta2)
        rows.append((v / (1 - beta2 ** (t + 1)) * (t + 1)).sqrt())
    return int((torch.stack(rows).diff() < 0).sum())

# %% right: a weighted mean, anew at every t
def negative_brackets(g, beta2):
    def a(t):
        w = beta2 ** np.arange(t - 1, -1, -1.0)
        return np.sqrt(np.average(g[:t] ** 2, weights=w) * t)
    return sum(1 for t in range(2, len(g) + 1) if a(t) < a(t - 1))

# %% wrong: no correction
def negative_brackets(g, beta2):
    v, a = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        a.append(math.sqrt(v * t))
    return int((np.diff(a) < 0).sum())

# %% wrong: the rate does not fall
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2))) < 0).sum())

# %% wrong: the rate falls like 1/t
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2)) * np.arange(1, len(g) + 1)) < 0).sum())

# %% wrong: the rate grows
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2)) / np.sqrt(np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: v in place of its root
def negative_brackets(g, beta2):
    return int((np.diff(v_hat(g, beta2) * np.sqrt(np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: t counted from 0
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(len(g)))) < 0).sum())

# %% wrong: t counted from 2
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(2, len(g) + 2))) < 0).sum())

# %% wrong: the positive ones
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))) > 0).sum())

# %% wrong: those at zero are counted
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))) <= 0).sum())

# %% wrong: a bracket too many, from zero
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((np.diff(a, append=0) < 0).sum())

# %% wrong: the first bracket is left out
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((np.diff(a[1:]) < 0).sum())

# %% wrong: the last bracket is left out
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((np.diff(a[:-1]) < 0).sum())

# %% wrong: the share of them
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return float((np.diff(a) < 0).mean())

# %% wrong: any of them
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((np.diff(a) < 0).any())

# %% wrong: which they are
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return np.flatnonzero(np.diff(a) < 0)

# %% wrong: the truth values
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return np.diff(a) < 0

# %% wrong: falls below the largest so far
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((a < np.maximum.accumulate(a)).sum())

# %% wrong: the sum of them
def negative_brackets(g, beta2):
    d = np.diff(np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1)))
    return d[d < 0].sum()

# %% wrong: small ones do not count
def negative_brackets(g, beta2):
    a = np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))
    return int((np.diff(a) < -1e-3).sum())

# %% wrong: gradients in place of their squares
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(np.sqrt(np.abs(g)), beta2) * np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: v begins at the first square, and is corrected
def negative_brackets(g, beta2):
    v, a = g[0] ** 2, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        a.append(math.sqrt(v / (1 - beta2 ** t) * t))
    return int((np.diff(a) < 0).sum())

# %% wrong: v begins at the first square
def negative_brackets(g, beta2):
    v, a = g[0] ** 2, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        a.append(math.sqrt(v * t))
    return int((np.diff(a) < 0).sum())

# %% wrong: β₂ by heart
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, 0.999) * np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: the first hundred steps
def negative_brackets(g, beta2):
    g = g[:100]
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: AMSGrad
def negative_brackets(g, beta2):
    a = np.sqrt(np.maximum.accumulate(v_hat(g, beta2)) * np.arange(1, len(g) + 1))
    return int((np.diff(a) < 0).sum())

# %% wrong: steps without a gradient are left out
def negative_brackets(g, beta2):
    g = g[g != 0]
    return int((np.diff(np.sqrt(v_hat(g, beta2) * np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: the correction one behind
def negative_brackets(g, beta2):
    v, a = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        a.append(math.sqrt(v / (1 - beta2 ** (t + 1)) * t))
    return int((np.diff(a) < 0).sum())

# %% wrong: the weights exchanged
def negative_brackets(g, beta2):
    return int((np.diff(np.sqrt(v_hat(g, 1 - beta2) * np.arange(1, len(g) + 1))) < 0).sum())

# %% wrong: it goes on from call to call
KEPT = [0.0]
def negative_brackets(g, beta2):
    a = []
    for t, x in enumerate(g, 1):
        KEPT[0] = beta2 * KEPT[0] + (1 - beta2) * x * x
        a.append(math.sqrt(KEPT[0] / (1 - beta2 ** t) * t))
    return int((np.diff(a) < 0).sum())

# %% right: a running scalar
def negative_brackets(g, beta2):
    v, before, count = 0.0, None, 0
    for t, x in enumerate(np.asarray(g, dtype=float), 1):
        v = beta2 * v + (1 - beta2) * x * x
        now = (t * v / (1 - beta2**t)) ** 0.5
        count += before is not None and now < before
        before = now
    return count

# %% right: weights cumulated
def negative_brackets(g, beta2):
    g = np.asarray(g, dtype=float)
    v, out = 0.0, []
    for t in range(1, len(g) + 1):
        v += (1 - beta2) / (1 - beta2**t) * (g[t - 1] ** 2 - v)
        out.append(np.sqrt(t) * np.sqrt(v))
    return int(np.count_nonzero(np.diff(out) < 0))

# %% right: len of a filter
def negative_brackets(g, beta2):
    vs, v = [], 0.0
    for x in g:
        v = beta2 * v + (1 - beta2) * float(x) ** 2
        vs.append(v)
    height = lambda t: np.sqrt(vs[t - 1] / (1 - beta2**t)) * t**0.5
    return len([t for t in range(2, len(vs) + 1) if height(t) < height(t - 1)])

# %% wrong: v̂ alone falls
def negative_brackets(g, beta2):
    v, vs = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        vs.append(v / (1 - beta2**t))
    return int((np.diff(vs) < 0).sum())

# %% wrong: runs of negative ones count once
def negative_brackets(g, beta2):
    v, rows = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        rows.append((t * v / (1 - beta2**t)) ** 0.5)
    down = np.diff(rows) < 0
    return int((down[1:] & ~down[:-1]).sum() + down[:1].sum())

# %% wrong: gradients below the one before
def negative_brackets(g, beta2):
    return int((np.diff(np.abs(g)) < 0).sum())

# %% wrong: the rate in the numerator
def negative_brackets(g, beta2):
    v, rows = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        rows.append((v / (1 - beta2**t) / t) ** 0.5)
    return int((np.diff(rows) < 0).sum())

# %% wrong: T − 1 less the negative ones
def negative_brackets(g, beta2):
    v, rows = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        rows.append((t * v / (1 - beta2**t)) ** 0.5)
    return len(g) - 1 - int((np.diff(rows) < 0).sum())

# %% wrong: one gradient has one bracket
def negative_brackets(g, beta2):
    v, rows = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * x
        rows.append((t * v / (1 - beta2**t)) ** 0.5)
    return int((np.diff(rows) < 0).sum()) + (len(g) == 1)

# %% wrong: the signs of the gradients matter
def negative_brackets(g, beta2):
    v, rows = 0.0, []
    for t, x in enumerate(g, 1):
        v = beta2 * v + (1 - beta2) * x * abs(x)
        rows.append((t * max(v, 0) / (1 - beta2**t)) ** 0.5)
    return int((np.diff(rows) < 0).sum())

# %% wrong: ε beside the root
def negative_brackets(g, beta2):
    t = np.arange(1, len(g) + 1)
    return int((np.diff((np.sqrt(v_hat(g, beta2)) + 1e-8) * np.sqrt(t)) < 0).sum())

# %% wrong: v fades twice where the gradient is zero
def negative_brackets(g, beta2):
    v, last, count = 0.0, None, 0
    for t, x in enumerate(g, 1):
        v = (beta2 if x else beta2**2) * v + (1 - beta2) * x * x
        now = math.sqrt(v / (1 - beta2**t) * t)
        count += last is not None and now < last
        last = now
    return count
