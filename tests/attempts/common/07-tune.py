"""More attempts at 07-tune, which stand on the code that those of tests/attempts/07-tune.py share."""

# %% right: five decades and a half from below, then thirds
def tune(train):
    seen = {}
    def ask(lr):
        if lr not in seen and len(seen) < 10:
            seen[lr] = train(lr)
        return seen.get(lr, float("inf"))
    best = min((1e-3, 1e-1, 1e1), key=ask)
    for factor in (10, 3, 3**0.5):
        best = min((best / factor, best, best * factor), key=ask)
    return min(seen, key=seen.get)

# %% right: the edge by bisection on the exponent, then down from it
def tune(train):
    seen, low, high = {}, -4.0, 2.0
    ask = lambda e: seen.setdefault(e, train(10.0**e))
    if np.isinf(ask(low)):
        return 10.0**low
    for _ in range(5):
        middle = (low + high) / 2
        low, high = (middle, high) if np.isfinite(ask(middle)) else (low, middle)
    for back in (0.15, 0.3, 0.45, 0.6):
        ask(max(low - back, -4.0))
    return 10.0 ** min(seen, key=seen.get)

# %% right: seven decades, then quarters above the best
def tune(train):
    losses = {}
    for k in range(-4, 3):
        losses[10.0**k] = train(10.0**k)
    start = min(losses, key=losses.get)
    for k in (0.25, 0.5, -0.25):
        losses[start * 10**k] = train(start * 10**k)
    return min(losses, key=losses.get)

# %% wrong: the first that is finite from above
def tune(train):
    for k in range(4, -6, -1):
        if np.isfinite(train(10 ** (k / 2))):
            return 10 ** (k / 2)
    return 1e-4

# %% wrong: three rates
def tune(train):
    return min((1e-3, 1e-2, 1e-1), key=train)

# %% wrong: the rate where the loss fell most between neighbours
def tune(train):
    rates = 10.0 ** np.linspace(-4, 2, 10)
    losses = np.array([train(r) for r in rates])
    drops = np.nan_to_num(losses[:-1] - losses[1:], nan=-np.inf, neginf=-np.inf)
    return rates[1:][drops.argmax()]

# %% wrong: the inverse of the best rate
def tune(train):
    return 1 / min(10.0 ** np.linspace(-4, 2, 10), key=train)

# %% wrong: a parabola's top, untried
def tune(train):
    x = np.linspace(-4, 2, 10)
    y = np.array([train(10.0**k) for k in x])
    ok = np.isfinite(y)
    a, b, _ = np.polyfit(x[ok], y[ok], 2) if ok.sum() > 2 else (1, 0, 0)
    return float(10 ** np.clip(-b / (2 * a), -4, 2))
