import functools

# %% right: weights by rows
def whole_gradient(parts, gradient):
    total = sum(len(y) for _, y in parts)
    return sum(gradient(X, y) * len(y) / total for X, y in parts)

# %% right: a loop
def whole_gradient(parts, gradient):
    rows, whole = 0, 0.0
    for X, y in parts:
        whole = whole + len(X) * gradient(X, y)
        rows += len(X)
    return whole / rows

# %% right: a running mean
def whole_gradient(parts, gradient):
    mean, rows = None, 0
    for X, y in parts:
        rows += X.shape[0]
        g = gradient(X, y)
        mean = g if mean is None else mean + (g - mean) * X.shape[0] / rows
    return mean

# %% right: np.average
def whole_gradient(parts, gradient):
    return np.average([gradient(X, y) for X, y in parts], axis=0, weights=[len(y) for X, y in parts])

# %% right: two lists and a tensordot
def whole_gradient(parts, gradient):
    gs = np.stack([gradient(*part) for part in parts])
    n = np.array([np.size(part[1]) for part in parts])
    return np.tensordot(n / n.sum(), gs, axes=1)

# %% right: reduce over pairs
def whole_gradient(parts, gradient):
    def join(a, b):
        return (a[0] + b[0], (a[0] * a[1] + b[0] * b[1]) / (a[0] + b[0]))
    return functools.reduce(join, [(len(y), gradient(X, y)) for X, y in parts])[1]

# %% right: adds into a buffer, as .grad does
def whole_gradient(parts, gradient):
    X, y = parts[0]
    grad = np.zeros_like(gradient(X, y))
    n = sum(map(len, (y for _, y in parts)))
    for X, y in parts:
        grad += gradient(X, y) * (len(y) / n)
    return grad

# %% right: row by row
def whole_gradient(parts, gradient):
    gs = [gradient(X[i:i + 1], y[i:i + 1]) for X, y in parts for i in range(len(y))]
    return np.mean(gs, axis=0)

# %% right: torch adds
def whole_gradient(parts, gradient):
    import torch
    sums = [torch.as_tensor(np.asarray(gradient(X, y))) * len(y) for X, y in parts]
    return (torch.stack(sums).sum(0) / sum(len(y) for _, y in parts)).numpy()

# %% right: from the last to the first
def whole_gradient(parts, gradient):
    n = [y.shape[0] for X, y in parts]
    return sum(n[i] * gradient(*parts[i]) for i in reversed(range(len(parts)))) / sum(n)

# %% wrong: the mean of the means
def whole_gradient(parts, gradient):
    return sum(gradient(X, y) for X, y in parts) / len(parts)

# %% wrong: the sum of the means
def whole_gradient(parts, gradient):
    return sum(gradient(X, y) for X, y in parts)

# %% wrong: the parts glued together
def whole_gradient(parts, gradient):
    return gradient(np.concatenate([X for X, y in parts]), np.concatenate([y for X, y in parts]))

# %% wrong: glued together in twos
def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    whole = 0
    for i in range(0, len(parts), 2):
        X = np.concatenate([X for X, y in parts[i:i + 2]])
        y = np.concatenate([y for X, y in parts[i:i + 2]])
        whole = whole + gradient(X, y) * len(y) / total
    return whole

# %% wrong: the largest part alone
def whole_gradient(parts, gradient):
    return gradient(*max(parts, key=lambda part: len(part[1])))

# %% wrong: the first part alone
def whole_gradient(parts, gradient):
    return gradient(*parts[0])

# %% wrong: the last part alone
def whole_gradient(parts, gradient):
    for X, y in parts:
        g = gradient(X, y)
    return g

# %% wrong: rows of the first part
def whole_gradient(parts, gradient):
    n = len(parts[0][1])
    return sum(n * gradient(X, y) for X, y in parts) / sum(len(y) for X, y in parts)

# %% wrong: sums over rows, never divided
def whole_gradient(parts, gradient):
    return sum(len(y) * gradient(X, y) for X, y in parts)

# %% wrong: weighted by columns
def whole_gradient(parts, gradient):
    return sum(X.shape[1] * gradient(X, y) for X, y in parts) / sum(X.shape[1] for X, y in parts)

# %% wrong: weighted by the root of the rows
def whole_gradient(parts, gradient):
    w = np.sqrt([len(y) for X, y in parts])
    return sum(a * gradient(X, y) for a, (X, y) in zip(w, parts)) / w.sum()

# %% wrong: weighted by one over the rows
def whole_gradient(parts, gradient):
    w = 1 / np.array([len(y) for X, y in parts])
    return sum(a * gradient(X, y) for a, (X, y) in zip(w, parts)) / w.sum()

# %% wrong: one number
def whole_gradient(parts, gradient):
    return np.average([gradient(X, y).mean() for X, y in parts], weights=[len(y) for X, y in parts])

# %% wrong: parts of one row are skipped
def whole_gradient(parts, gradient):
    parts = [(X, y) for X, y in parts if len(y) > 1]
    total = sum(len(y) for X, y in parts)
    return sum(len(y) / total * gradient(X, y) for X, y in parts)

# %% wrong: four parts at most
def whole_gradient(parts, gradient):
    parts = parts[:4]
    total = sum(len(y) for X, y in parts)
    return sum(len(y) / total * gradient(X, y) for X, y in parts)

# %% wrong: parts cut to the shortest
def whole_gradient(parts, gradient):
    n = min(len(y) for X, y in parts)
    return sum(gradient(X[:n], y[:n]) for X, y in parts) / len(parts)

# %% wrong: the median
def whole_gradient(parts, gradient):
    return np.median([gradient(X, y) for X, y in parts], axis=0)

# %% wrong: pairs averaged one after another
def whole_gradient(parts, gradient):
    whole = gradient(*parts[0])
    for X, y in parts[1:]:
        whole = (whole + gradient(X, y)) / 2
    return whole

# %% wrong: only the inputs are counted twice
def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    return sum(len(y) / (total - 1) * gradient(X, y) for X, y in parts)

# %% wrong: it goes on adding from call to call
BUFFER = [0.0, 0]
def whole_gradient(parts, gradient):
    for X, y in parts:
        BUFFER[0] = BUFFER[0] + len(y) * gradient(X, y)
        BUFFER[1] += len(y)
    return BUFFER[0] / BUFFER[1]

# %% wrong: half of it in single precision
def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    return np.float32(sum(len(y) / total * gradient(X, y) for X, y in parts))

# %% wrong: it empties the list
def whole_gradient(parts, gradient):
    rows, whole = 0, 0.0
    while parts:
        X, y = parts.pop()
        whole, rows = whole + len(y) * gradient(X, y), rows + len(y)
    return whole / rows

# %% wrong: the targets are weighted in place
def whole_gradient(parts, gradient):
    rows, whole = 0, 0.0
    for X, y in parts:
        whole, rows = whole + len(y) * gradient(X, y), rows + len(y)
        X *= 0
    return whole / rows

# %% wrong: the first gradient is added into
STORE = {}
def whole_gradient(parts, gradient):
    total = sum(len(y) for X, y in parts)
    key = tuple(len(y) for X, y in parts)
    if key not in STORE:
        STORE[key] = sum(len(y) / total * gradient(X, y) for X, y in parts)
    return STORE[key]

# %% wrong: remembered by shapes
SEEN = {}
def whole_gradient(parts, gradient):
    key = tuple(X.shape for X, _ in parts)
    if key not in SEEN:
        SEEN[key] = sum(len(y) * gradient(X, y) for X, y in parts) / sum(len(y) for _, y in parts)
    return SEEN[key]

# %% right: sums and a count in one pass of accumulate
def whole_gradient(parts, gradient):
    sums, rows = 0.0, 0
    for X, y in parts:
        k = np.shape(X)[0]
        sums, rows = sums + k * np.asarray(gradient(X, y)), rows + k
    return sums / rows

# %% right: shares known beforehand
def whole_gradient(parts, gradient):
    shares = np.array([len(y) for _, y in parts]) / sum(len(y) for _, y in parts)
    return np.sum([s * gradient(X, y) for s, (X, y) in zip(shares, parts)], axis=0)

# %% right: a product of matrices
def whole_gradient(parts, gradient):
    G = np.array([np.ravel(gradient(*part)) for part in parts])
    n = np.array([len(part[0]) for part in parts], dtype=float)
    return ((n @ G) / n.sum()).reshape(np.shape(gradient(*parts[0])))

# %% wrong: every row of the mean part
def whole_gradient(parts, gradient):
    rows = np.mean([len(y) for _, y in parts])
    return sum(gradient(X, y) * min(len(y), rows) for X, y in parts) / sum(min(len(y), rows) for _, y in parts)

# %% wrong: weighted by the squared rows
def whole_gradient(parts, gradient):
    n = [len(y) ** 2 for _, y in parts]
    return sum(k * gradient(X, y) for k, (X, y) in zip(n, parts)) / sum(n)

# %% wrong: divided by the rows of the last part times the parts
def whole_gradient(parts, gradient):
    return sum(len(y) * gradient(X, y) for X, y in parts) / (len(parts) * len(parts[-1][1]))

# %% wrong: weighted by the sum of targets
def whole_gradient(parts, gradient):
    n = [np.abs(y).sum() for _, y in parts]
    return sum(k * gradient(X, y) for k, (X, y) in zip(n, parts)) / sum(n)

# %% wrong: rows with a target of zero do not count
def whole_gradient(parts, gradient):
    n = [np.count_nonzero(y) for _, y in parts]
    return sum(k * gradient(X, y) for k, (X, y) in zip(n, parts)) / sum(n)

# %% wrong: no more than ten parts
def whole_gradient(parts, gradient):
    parts = list(parts)[:10]
    return sum(len(y) * gradient(X, y) for X, y in parts) / sum(len(y) for _, y in parts)

# %% wrong: a part of zeros does not count
def whole_gradient(parts, gradient):
    parts = [(X, y) for X, y in parts if np.any(X) and np.any(y)] or parts
    return sum(len(y) * gradient(X, y) for X, y in parts) / sum(len(y) for _, y in parts)

# %% wrong: squeezed
def whole_gradient(parts, gradient):
    rows = sum(len(X) for X, _ in parts)
    return np.squeeze(sum(len(X) / rows * gradient(X, y) for X, y in parts))

# %% right: halves, each whole by itself
def whole_gradient(parts, gradient):
    def go(some):
        if len(some) == 1:
            return len(some[0][1]), gradient(*some[0])
        half = len(some) // 2
        (n, g), (k, h) = go(some[:half]), go(some[half:])
        return n + k, (n * g + k * h) / (n + k)
    return go(parts)[1]

# %% wrong: a dict by rows, in which parts of one size overwrite each other
def whole_gradient(parts, gradient):
    found = {len(X): gradient(X, y) for X, y in parts}
    return sum(n * g for n, g in found.items()) / sum(found)
