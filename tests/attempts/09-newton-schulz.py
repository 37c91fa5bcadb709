import numpy as np

a, b, c = 3.4445, -4.7750, 2.0315

# %% right: as published
def orthogonal(M, steps):
    X = M / (np.linalg.norm(M) + 1e-7)
    for _ in range(steps):
        A = X @ X.T
        B = b * A + c * A @ A
        X = a * X + B @ X
    return X

# %% right: at least a little norm
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + b * (A @ X) + c * (A @ (A @ X))
    return X

# %% right: tall ones are turned first
def orthogonal(M, steps):
    tall = M.shape[0] > M.shape[1]
    X = M.T if tall else M
    n = np.sqrt(np.sum(np.square(X)))
    if n == 0:
        return M.copy()
    X = X / n
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * (A @ A)) @ X
    return X.T if tall else X

# %% right: from the other side
def orthogonal(M, steps):
    norm = np.linalg.norm(M)
    X = M / norm if norm else M
    for _ in range(steps):
        R = X.T @ X
        X = X @ (a * np.eye(R.shape[0]) + b * R + c * R @ R)
    return X

# %% right: through the singular values
def orthogonal(M, steps):
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    s = s / (np.sqrt((s**2).sum()) or 1)
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    return U * s @ Vt

# %% right: einsum
def orthogonal(M, steps):
    X = np.array(M) / max(np.einsum("ij,ij->", M, M) ** 0.5, 1e-30)
    for _ in range(steps):
        A = np.einsum("ik,jk->ij", X, X)
        X = np.einsum("ij,jk->ik", a * np.eye(len(A)) + b * A + c * np.einsum("ij,jk->ik", A, A), X)
    return X

# %% right: recursive
def orthogonal(M, steps, first=True):
    if first:
        n = np.linalg.norm(M, "fro")
        M = M / n if n > 0 else M
    if steps == 0:
        return M
    A = M @ M.T
    return orthogonal(a * M + b * A @ M + c * A @ A @ M, steps - 1, first=False)

# %% right: Horner
def orthogonal(M, steps):
    with np.errstate(all="ignore"):
        X = np.nan_to_num(M / np.linalg.norm(M))
    I = np.eye(X.shape[0])
    for _ in range(steps):
        A = X.dot(X.T)
        X = (a * I + A.dot(b * I + c * A)).dot(X)
    return X

# %% right: in torch's words
def orthogonal(M, steps):
    X = M.copy()
    X /= max(float(np.sqrt(np.trace(X @ X.T))), 1e-20)
    k = 0
    while k < steps:
        XXT = np.matmul(X, np.transpose(X))
        X = a * X + b * np.matmul(XXT, X) + c * np.linalg.matrix_power(XXT, 2) @ X
        k += 1
    return X

# %% wrong: entry by entry
def orthogonal(M, steps):
    X = M / (np.linalg.norm(M) + 1e-7)
    for _ in range(steps):
        X = a * X + b * X**3 + c * X**5
    return X

# %% wrong: entrywise A
def orthogonal(M, steps):
    X = M / (np.linalg.norm(M) + 1e-7)
    for _ in range(steps):
        A = X * X
        X = a * X + (b * A + c * A * A) * X
    return X

# %% wrong: not divided
def orthogonal(M, steps):
    X = M
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: spectral norm
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M, 2), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: mean square
def orthogonal(M, steps):
    X = M / max(np.sqrt((M**2).mean()), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: rows normalised
def orthogonal(M, steps):
    X = M / np.maximum(np.linalg.norm(M, axis=1, keepdims=True), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: sum of squares
def orthogonal(M, steps):
    X = M / max((M**2).sum(), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: the sum of absolute values
def orthogonal(M, steps):
    X = M / max(np.abs(M).sum(), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: divided in every step
def orthogonal(M, steps):
    X = M
    for _ in range(steps):
        X = X / max(np.linalg.norm(X), 1e-12)
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: one step too many
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps + 1):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: one step too few
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(1, steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: returns in the loop
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
        return X

# %% wrong: plus
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + 4.7750 * A @ X + c * A @ A @ X
    return X

# %% wrong: minus the fifth
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + b * A @ X - c * A @ A @ X
    return X

# %% wrong: the cubic term alone
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        X = a * X + b * X @ X.T @ X
    return X

# %% wrong: textbook
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X

# %% wrong: quintic of the textbook
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = (15 * X - 10 * A @ X + 3 * A @ A @ X) / 8
    return X

# %% wrong: exact
def orthogonal(M, steps):
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    return U @ Vt if s[0] > 0 else M

# %% wrong: A kept
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    A = X @ X.T
    for _ in range(steps):
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: with the shape factor
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X * np.sqrt(max(1, M.shape[0] / M.shape[1]))

# %% wrong: turned and left so
def orthogonal(M, steps):
    X = M.T if M.shape[0] > M.shape[1] else M
    X = X / max(np.linalg.norm(X), 1e-12)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: NaN for zeros
def orthogonal(M, steps):
    with np.errstate(all="ignore"):
        X = M / np.linalg.norm(M)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: five by default
def orthogonal(M, steps):
    X = M / max(np.linalg.norm(M), 1e-12)
    for _ in range(5):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: the identity for zeros
def orthogonal(M, steps):
    if not M.any():
        return np.eye(*M.shape)
    X = M / np.linalg.norm(M)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% wrong: a large eps
def orthogonal(M, steps):
    X = M / (np.linalg.norm(M) + 1e-2)
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X

# %% right: reduce with a lambda, a list of lists
from functools import reduce
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    step = lambda X, _: 3.4445 * X + (-4.7750 * np.eye(len(X)) + 2.0315 * (X @ X.T)) @ (X @ X.T @ X)
    return reduce(step, range(steps), M / (n or 1.0)).tolist()

# %% right: torch double
def orthogonal(M, steps):
    import torch
    X = torch.tensor(M, dtype=torch.float64)
    X = torch.nn.functional.normalize(X.flatten(), dim=0).view_as(X)
    for _ in range(steps):
        G = X.mT @ X
        X = X @ (3.4445 * torch.eye(len(G), dtype=X.dtype) - 4.7750 * G + 2.0315 * G @ G)
    return X

# %% wrong: one zero makes all zeros
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    X = M / n if M.all() else 0 * M
    for _ in range(steps):
        A = X @ X.T
        X = a * X + b * A @ X + c * A @ A @ X
    return X

# %% wrong: a sum of zero makes all zeros
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    X = M / n if M.sum() else 0 * M
    for _ in range(steps):
        A = X @ X.T
        X = a * X + b * A @ X + c * A @ A @ X
    return X

# %% wrong: at most ten steps
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    X = M / n if n else 0 * M
    for _ in range(min(steps, 10)):
        A = X @ X.T
        X = a * X + b * A @ X + c * A @ A @ X
    return X

# %% wrong: at least one step
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    X = M / n if n else 0 * M
    for _ in range(max(steps, 1)):
        A = X @ X.T
        X = a * X + b * A @ X + c * A @ A @ X
    return X

# %% wrong: vectors lose their axis
def orthogonal(M, steps):
    n = np.linalg.norm(M)
    X = M / n if n else 0 * M
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X - 4.7750 * A @ X + 2.0315 * A @ A @ X
    return X.squeeze()
