#: as of 07-tune
import math

import numpy as np


def search(train):
    """Ten trainings: six to the edge of what learns, four a third below it."""
    low, high, tried = -4.0, 2.3, []
    for _ in range(6):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return tried + [(train(10 ** (high - back)), 10 ** (high - back)) for back in (0.5, 0.3, 0.4, 0.6)]

# %% right: decades, then three between
def tune(train):
    seen = {10.0 ** k: train(10.0 ** k) for k in range(-4, 3)}
    best = min(seen, key=seen.get)
    for factor in (10 ** (1 / 3), 10 ** (-1 / 3), 10 ** (1 / 6)):
        lr = min(seen, key=seen.get) * factor if factor == 10 ** (1 / 6) else best * factor
        seen[lr] = train(lr)
    return min(seen, key=seen.get)

# %% wrong: bisection to the edge, and no further
def tune(train):
    low, high, tried = math.log(1e-4), math.log(100), []
    for _ in range(10):
        middle = (low + high) / 2
        loss = train(math.exp(middle))
        tried.append((loss, math.exp(middle)))
        if math.isinf(loss):
            high = middle
        else:
            low = middle
    return min(tried)[1]

# %% right: down from the top by factors of three to the first that does not diverge, then around it
def tune(train):
    seen = {}
    def loss(lr):
        if lr not in seen:
            seen[lr] = train(lr)
        return seen[lr]
    low, high = 1e-4, 100.0
    while len(seen) < 6:
        middle = np.sqrt(low * high)
        if np.isfinite(loss(middle)):
            low = middle
        else:
            high = middle
    for lr in (low / 2, low / 3, low / 2.5, low / 1.5):
        loss(lr)
    return min(seen, key=seen.get)

# %% right: golden section on the logarithm, infinity counts as high
def tune(train):
    tried = {}
    def f(x):
        tried[10 ** x] = train(10 ** x)
        return tried[10 ** x]
    ratio = (math.sqrt(5) - 1) / 2
    a, b = -4.0, 2.0
    c, d = b - ratio * (b - a), a + ratio * (b - a)
    fc, fd = f(c), f(d)
    while len(tried) < 10:
        if fc <= fd or math.isinf(fd):
            b, d, fd = d, c, fc
            c = b - ratio * (b - a)
            fc = f(c)
        else:
            a, c, fc = c, d, fd
            d = a + ratio * (b - a)
            fd = f(d)
    return min(tried, key=tried.get)

# %% right: a recursion that narrows around the best
def tune(train):
    tried = []
    def sweep(rates):
        for lr in rates:
            tried.append((train(lr), lr))
        return min(tried)[1]
    best = sweep(np.logspace(-4, 2, 7))
    best = sweep([best * 3, best / 3])
    return sweep([best * 1.6])

# %% right: a class that keeps the budget
class Budget:
    def __init__(self, train):
        self.train, self.book = train, []
    def __call__(self, lr):
        self.book.append((self.train(lr), lr))
        return self.book[-1][0]
    @property
    def best(self):
        return min(self.book)[1]
def tune(train):
    run = Budget(train)
    for lr in [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]:
        run(lr)
    for _ in range(1):
        top = run.best
        run(top * 10 ** 0.5)
        run(top / 10 ** 0.5)
    run(run.best * 10 ** 0.25)
    return float(run.best)

# %% right: bisection, then a little lower than the edge
def tune(train):
    low, high, results = -4.0, 2.0, {}
    for _ in range(7):
        middle = (low + high) / 2
        results[middle] = train(10 ** middle)
        low, high = (low, middle) if results[middle] == float("inf") else (middle, high)
    for back in (0.15, 0.3, 0.45):
        results[low - back] = train(10 ** (low - back))
    return 10 ** min(results, key=results.get)

# %% wrong: the edge again, from three rates
def tune(train):
    losses = {}
    for lr in (1e-3, 1e-1, 1e1):
        losses[lr] = train(lr)
    finite = [lr for lr in losses if losses[lr] < float("inf")]
    low = max(finite, default=1e-5)
    high = min([lr for lr in losses if lr not in finite], default=1e3)
    while len(losses) < 10:
        lr = (low * high) ** 0.5
        losses[lr] = train(lr)
        if losses[lr] < float("inf"):
            low = lr
        else:
            high = lr
    return min(losses.items(), key=lambda pair: pair[1])[0]

# %% right: the best lies a third below the edge
def tune(train):
    low, high, seen = -4.0, 2.3, {}
    for _ in range(6):
        middle = (low + high) / 2
        seen[middle] = train(10 ** middle)
        low, high = (low, middle) if seen[middle] == math.inf else (middle, high)
    for x in (high - 0.5, high - 0.3, high - 0.4):
        seen[x] = train(10 ** x)
    return 10 ** min(seen, key=seen.get)

# %% right: walk up by decades until it is worse, then between
def tune(train):
    lrs = [1e-4]
    losses = [train(lrs[0])]
    while len(lrs) < 7 and losses[-1] == min(losses):
        lrs.append(lrs[-1] * 10)
        losses.append(train(lrs[-1]))
    best = lrs[int(np.argmin(losses))]
    for factor in (2.5, 0.4):
        lrs.append(best * factor)
        losses.append(train(lrs[-1]))
    return np.array(lrs)[np.argmin(losses)]

# %% right: walk down from the top by decades, then golden thirds
def tune(train):
    pairs, lr = [], 100.0
    while len(pairs) < 7:
        pairs.append((train(lr), lr))
        if len(pairs) > 1 and pairs[-1][0] > pairs[-2][0]:
            break
        lr /= 10
    best = min(pairs)[1]
    pairs += [(train(best * f), best * f) for f in (10 ** 0.35, 10 ** -0.35, 10 ** -0.15)]
    return min(pairs)[1]

# %% right: decimal fractions
def tune(train):
    from fractions import Fraction
    seen = {}
    for k in range(-4, 3):
        lr = Fraction(10) ** k
        seen[lr] = train(lr)
    best = min(seen, key=seen.get)
    for lr in (best * Fraction(5, 2), best * Fraction(2, 5)):
        seen[lr] = train(lr)
    return min(seen, key=seen.get)

# %% wrong: eleven trainings
def tune(train):
    tried = [(train(lr), lr) for lr in np.logspace(-4, 2, 11)]
    return min(tried)[1]

# %% wrong: sixty trainings
def tune(train):
    tried = [(train(lr), lr) for lr in np.logspace(-4, 2, 60)]
    return min(tried)[1]

# %% wrong: trains until it is refused, and hides the refusal
def tune(train):
    tried = []
    for lr in np.logspace(2, -4, 60):
        try:
            tried.append((train(lr), lr))
        except Exception:
            tried.append((float("inf"), lr))
    return min(tried)[1]

# %% wrong: decades alone
def tune(train):
    tried = [(train(10.0 ** k), 10.0 ** k) for k in range(-4, 3)]
    return min(tried)[1]

# %% wrong: an even sweep of ten
def tune(train):
    tried = [(train(lr), lr) for lr in np.geomspace(1e-4, 100, 10)]
    return min(tried)[1]

# %% wrong: an even sweep, not in the logarithm
def tune(train):
    tried = [(train(lr), lr) for lr in np.linspace(1e-4, 100, 10)]
    return min(tried)[1]

# %% wrong: the loss comes back
def tune(train):
    return min(search(train))[0]

# %% wrong: the logarithm comes back
def tune(train):
    return math.log10(min(search(train))[1])

# %% wrong: the worst of the finite ones
def tune(train):
    tried = search(train)
    return max(pair for pair in tried if not math.isinf(pair[0]))[1]

# %% wrong: the last rate
def tune(train):
    return search(train)[-1][1]

# %% wrong: a tenth
def tune(train):
    return 0.1

# %% wrong: torch's default of a hundredth, after ten trainings
def tune(train):
    for lr in np.logspace(-4, 2, 10):
        train(lr)
    return 0.01

# %% wrong: ten thousandth
def tune(train):
    return 1e-4

# %% wrong: the lower half is not searched
def tune(train):
    low, high, tried = -1.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1]

# %% wrong: the upper half is not searched
def tune(train):
    low, high, tried = -4.0, -1.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1]

# %% wrong: bisection the wrong way
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (middle, high) if math.isinf(tried[-1][0]) else (low, middle)
    return min(tried)[1]

# %% wrong: bisection not in the logarithm
def tune(train):
    low, high, tried = 1e-4, 100.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(middle), middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1]

# %% wrong: five steps of bisection
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(4):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1]

# %% wrong: a tenth of the best, untried, for safety's sake
def tune(train):
    tried = search(train)
    return min(tried)[1] / 10

# %% wrong: three times the best, untried
def tune(train):
    tried = search(train)
    return 3 * min(tried)[1]

# %% wrong: found once, remembered for every network
FOUND = []
def tune(train):
    FOUND.append(FOUND[0] if FOUND else min(search(train))[1])
    return FOUND[0]

# %% wrong: ten rates at random
def tune(train):
    rates = 10 ** np.random.default_rng(1).uniform(-4, 2, size=10)
    return min((train(lr), lr) for lr in rates)[1]

# %% wrong: the rate and its loss
def tune(train):
    tried = search(train)
    return min(tried)

# %% wrong: the second best
def tune(train):
    return sorted(search(train))[1][1]

# %% wrong: the mean of the two best
def tune(train):
    first, second = sorted(search(train))[:2]
    return (first[1] + second[1]) / 2

# %% wrong: two digits
def tune(train):
    return float(f"{min(search(train))[1]:.1g}")

# %% wrong: searched, then a hundredth
def tune(train):
    search(train)
    return 0.01
