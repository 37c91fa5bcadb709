import math

import numpy as np

# %% right: decades, then three between
def tune(train):
    seen = {10.0 ** k: train(10.0 ** k) for k in range(-4, 3)}
    best = min(seen, key=seen.get)
    for factor in (10 ** (1 / 3), 10 ** (-1 / 3), 10 ** (1 / 6)):
        lr = min(seen, key=seen.get) * factor if factor == 10 ** (1 / 6) else best * factor
        seen[lr] = train(lr)
    return min(seen, key=seen.get)

# %% right: bisection between what learns and what is lost
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
    best = min(seen, key=seen.get)
    for lr in (best / 1.6, best * 1.3, best / 1.25, best / 2.5):
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

# %% right: half decades, upwards from the middle, until the loss is lost
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
    low, high, tried = math.log(1e-4), math.log(100), []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append(train(math.exp(middle)))
        low, high = (low, middle) if math.isinf(tried[-1]) else (middle, high)
    return min(tried)

# %% wrong: the logarithm comes back
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1]

# %% wrong: the worst of the finite ones
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return max(pair for pair in tried if not math.isinf(pair[0]))[1]

# %% wrong: the last rate
def tune(train):
    low, high = -4.0, 2.0
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if math.isinf(train(10 ** middle)) else (middle, high)
    return 10 ** high

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

# %% wrong: half of the best, untried, for safety's sake
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)[1] / 10

# %% wrong: twice the best, untried
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return 3 * min(tried)[1]

# %% wrong: found once, remembered for every network
FOUND = []
def tune(train):
    if not FOUND:
        low, high, tried = -4.0, 2.0, []
        for _ in range(10):
            middle = (low + high) / 2
            tried.append((train(10 ** middle), 10 ** middle))
            low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
        FOUND.append(min(tried)[1])
    return FOUND[0]

# %% wrong: ten rates at random
def tune(train):
    rates = 10 ** np.random.default_rng(1).uniform(-4, 2, size=10)
    return min((train(lr), lr) for lr in rates)[1]

# %% wrong: the rate and its loss
def tune(train):
    low, high, tried = -4.0, 2.0, []
    for _ in range(10):
        middle = (low + high) / 2
        tried.append((train(10 ** middle), 10 ** middle))
        low, high = (low, middle) if math.isinf(tried[-1][0]) else (middle, high)
    return min(tried)
