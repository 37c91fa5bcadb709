"""01-minibatch-gradient, from its statement."""

# %% right: the formula
def minibatch_gradient(w, X, y, rows):
    A, b = X[rows], y[rows]
    return A.T @ (A @ w - b) / len(rows)

# %% right: a mean over rows
def minibatch_gradient(w, X, y, rows):
    r = X[rows] @ w - y[rows]
    return np.mean(r[:, None] * X[rows], axis=0)

# %% right: einsum
def minibatch_gradient(w, X, y, rows):
    A = X[rows]
    return np.einsum("i,ij->j", np.einsum("ij,j->i", A, w) - y[rows], A) / A.shape[0]

# %% right: a loop
def minibatch_gradient(w, X, y, rows):
    total = np.zeros_like(w)
    for i in rows:
        total += (X[i] @ w - y[i]) * X[i]
    return total / len(rows)

# %% right: counts as weights
def minibatch_gradient(w, X, y, rows):
    counts = np.bincount(rows, minlength=len(y))
    return (counts * (X @ w - y)) @ X / counts.sum()

# %% right: take, and a row from the left
def minibatch_gradient(w, X, y, rows):
    A = np.take(X, rows, axis=0)
    return (A @ w - np.take(y, rows)) @ A / np.size(rows)

# %% right: a list back
def minibatch_gradient(w, X, y, rows):
    return [float(sum((X[i] @ w - y[i]) * X[i, j] for i in rows) / len(rows)) for j in range(len(w))]

# %% right: autograd
def minibatch_gradient(w, X, y, rows):
    import torch
    w = torch.tensor(np.array(w), requires_grad=True)
    A, b = torch.tensor(np.array(X[rows])), torch.tensor(np.array(y[rows]))
    ((A @ w - b) ** 2).mean().div(2).backward()
    return w.grad

# %% right: the normal equations
def minibatch_gradient(w, X, y, rows):
    A = X[rows]
    return (A.T @ A @ w - A.T @ y[rows]) / len(A)

# %% wrong: the sum
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows])

# %% wrong: of all rows
def minibatch_gradient(w, X, y, rows):
    return X.T @ (X @ w - y) / len(y)

# %% wrong: divided by n
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(y)

# %% wrong: twice
def minibatch_gradient(w, X, y, rows):
    return 2 * X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)

# %% wrong: half
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows]) / (2 * len(rows))

# %% wrong: the sign
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (y[rows] - X[rows] @ w) / len(rows)

# %% wrong: repeated rows once
def minibatch_gradient(w, X, y, rows):
    rows = np.unique(rows)
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)

# %% wrong: repeated rows once, divided by all
def minibatch_gradient(w, X, y, rows):
    once = np.unique(rows)
    return X[once].T @ (X[once] @ w - y[once]) / len(rows)

# %% wrong: a mask
def minibatch_gradient(w, X, y, rows):
    mask = np.isin(np.arange(len(y)), rows)
    return X[mask].T @ (X[mask] @ w - y[mask]) / mask.sum()

# %% wrong: += with an index list
def minibatch_gradient(w, X, y, rows):
    counts = np.zeros(len(y))
    counts[rows] += 1
    return (counts * (X @ w - y)) @ X / len(rows)

# %% wrong: divided by d
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows]) / X.shape[1]

# %% wrong: the first rows
def minibatch_gradient(w, X, y, rows):
    b = len(rows)
    return X[:b].T @ (X[:b] @ w - y[:b]) / b

# %% wrong: y not drawn
def minibatch_gradient(w, X, y, rows):
    b = len(rows)
    return X[rows].T @ (X[rows] @ w - y[:b]) / b

# %% wrong: a slice from the first to the last
def minibatch_gradient(w, X, y, rows):
    s = slice(min(rows), max(rows) + 1)
    return X[s].T @ (X[s] @ w - y[s]) / len(rows)

# %% wrong: sorted y
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[np.sort(rows)]) / len(rows)

# %% wrong: without w
def minibatch_gradient(w, X, y, rows):
    return -X[rows].T @ y[rows] / len(rows)

# %% wrong: without y
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w) / len(rows)

# %% wrong: the loss
def minibatch_gradient(w, X, y, rows):
    return np.sum((X[rows] @ w - y[rows]) ** 2) / (2 * len(rows))

# %% wrong: the signs of the residuals
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ np.sign(X[rows] @ w - y[rows]) / len(rows)

# %% wrong: a column
def minibatch_gradient(w, X, y, rows):
    return (X[rows].T @ (X[rows] @ w - y[rows]) / len(rows))[:, None]

# %% wrong: a gradient for each row
def minibatch_gradient(w, X, y, rows):
    return (X[rows] @ w - y[rows])[:, None] * X[rows]

# %% wrong: the last row only
def minibatch_gradient(w, X, y, rows):
    i = rows[-1]
    return (X[i] @ w - y[i]) * X[i]

# %% wrong: broadcast, a square of residuals
def minibatch_gradient(w, X, y, rows):
    return (X[rows].T @ (X[rows] @ w[:, None] - y[rows])).mean(axis=1) / 1

# %% wrong: centred
def minibatch_gradient(w, X, y, rows):
    A = X[rows] - X[rows].mean(axis=0)
    return A.T @ (A @ w - y[rows]) / len(rows)

# %% wrong: B − 1
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows]) / max(len(rows) - 1, 1)

# %% wrong: 32 bits
def minibatch_gradient(w, X, y, rows):
    A = X[rows].astype(np.float32)
    return A.T @ (A @ w.astype(np.float32) - y[rows].astype(np.float32)) / len(rows)

# %% wrong: remembered by shapes
SEEN = {}
def minibatch_gradient(w, X, y, rows):
    key = X.shape, len(rows)
    if key not in SEEN:
        SEEN[key] = X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)
    return SEEN[key]

# %% right: a sum of outer products
def minibatch_gradient(w, X, y, rows):
    A, B = np.asarray(X)[rows], len(rows)
    return (A.T @ A / B) @ w - A.T @ np.asarray(y)[rows] / B

# %% right: bincount
def minibatch_gradient(w, X, y, rows):
    times = np.bincount(np.asarray(rows, dtype=int), minlength=len(y))
    return (times * (X @ w - y)) @ X / times.sum()

# %% right: differences of the loss, exact for a parabola
def minibatch_gradient(w, X, y, rows):
    loss = lambda v: np.mean((X[rows] @ v - y[rows]) ** 2) / 2
    return np.array([(loss(w + e) - loss(w - e)) / 2 for e in np.eye(len(w))])

# %% wrong: the residual cut at one
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ np.clip(X[rows] @ w - y[rows], -1, 1) / len(rows)

# %% wrong: a ridge besides
def minibatch_gradient(w, X, y, rows):
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(rows) + 1e-3 * w

# %% wrong: neighbours that are equal count once
def minibatch_gradient(w, X, y, rows):
    rows = np.asarray(rows)
    rows = rows[np.append(True, rows[1:] != rows[:-1])]
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)

# %% wrong: negative places count from the end of the batch
def minibatch_gradient(w, X, y, rows):
    A, b = X[rows], y[rows]
    return A[: len(set(rows))].T @ (A @ w - b)[: len(set(rows))] / len(rows)

# %% wrong: rows whose target is zero are left out
def minibatch_gradient(w, X, y, rows):
    rows = [r for r in rows if y[r] != 0]
    return X[rows].T @ (X[rows] @ w - y[rows]) / max(len(rows), 1)

# %% wrong: one row is not divided, none is squeezed
def minibatch_gradient(w, X, y, rows):
    A = np.squeeze(X[rows])
    return A.T @ (A @ w - y[rows]) / len(rows) if A.ndim == 2 else A * (A @ w - y[rows]).sum() * 2

# %% wrong: weights of zero are pruned
def minibatch_gradient(w, X, y, rows):
    return np.where(w == 0, 0, X[rows].T @ (X[rows] @ w - y[rows]) / len(rows))

# %% right: a matrix form on augmented data
def minibatch_gradient(w, X, y, rows):
    A = np.column_stack([X, y])[np.asarray(rows)]
    r = A @ np.append(w, -1.0)
    return (r @ A[:, :-1]) / r.size

# %% right: a Counter with weights
from collections import Counter
def minibatch_gradient(w, X, y, rows):
    count = Counter(int(i) for i in rows)
    return sum(k * (X[i] @ w - y[i]) * X[i] for i, k in count.items()) / sum(count.values())

# %% wrong: the residual written into y
def minibatch_gradient(w, X, y, rows):
    y -= X @ w
    return -X[rows].T @ y[rows] / len(rows)

# %% wrong: the numbers of X in the order of the memory
def minibatch_gradient(w, X, y, rows):
    X = X.ravel(order="K").reshape(X.shape)
    return X[rows].T @ (X[rows] @ w - y[rows]) / len(rows)

# %% wrong: residuals cut at a hundred
def minibatch_gradient(w, X, y, rows):
    r = np.clip(X[rows] @ w - y[rows], -100, 100)
    return X[rows].T @ r / len(rows)
