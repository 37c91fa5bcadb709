"""01-power-iteration, from its statement: multiply, divide by the length, then vᵀHv/vᵀv."""

from functools import reduce

# %% right: the loop
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% right: without the division, kept in range by the largest entry
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.abs(v).max()
    return v @ (H @ v) / (v @ v)

# %% right: a while loop and np.dot
def largest_curvature(H, v, rounds):
    left = rounds
    while left:
        v = np.dot(H, v)
        v = v / np.sqrt(np.dot(v, v))
        left -= 1
    return np.dot(v, np.dot(H, v)) / np.dot(v, v)

# %% right: the product kept from the round before
def largest_curvature(H, v, rounds):
    Hv = H @ v
    for _ in range(rounds):
        v = Hv / np.linalg.norm(Hv)
        Hv = H @ v
    return v @ Hv / (v @ v)

# %% right: reduce
def largest_curvature(H, v, rounds):
    def once(u, _):
        w = H @ u
        return w / np.linalg.norm(w)
    v = reduce(once, range(rounds), v)
    return (v * (H @ v)).sum() / (v**2).sum()

# %% right: recursion
def largest_curvature(H, v, rounds):
    if rounds == 0:
        return (v @ H @ v) / (v @ v)
    w = H @ v
    return largest_curvature(H, w / np.linalg.norm(w), rounds - 1)

# %% right: lists
def largest_curvature(H, v, rounds):
    H, v = np.asarray(H).tolist(), np.asarray(v).tolist()
    product = lambda u: [sum(a * b for a, b in zip(row, u)) for row in H]
    for _ in range(rounds):
        w = product(v)
        length = sum(x * x for x in w) ** 0.5
        v = [x / length for x in w]
    return sum(a * b for a, b in zip(v, product(v))) / sum(x * x for x in v)

# %% right: torch inside
def largest_curvature(H, v, rounds):
    import torch
    H, v = torch.tensor(np.asarray(H)), torch.tensor(np.asarray(v))
    for _ in range(rounds):
        v = torch.nn.functional.normalize(H @ v, dim=0)
    return (v @ H @ v / (v @ v)).item()

# %% right: einsum, and a column
def largest_curvature(H, v, rounds):
    column = np.asarray(v, dtype=float).reshape(-1, 1).copy()
    for _ in range(rounds):
        column = H @ column
        column /= np.linalg.norm(column)
    return float(np.einsum("ij,ik,kj->", column, H, column) / np.einsum("ij,ij->", column, column))

# %% wrong: divided by the square of the length
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / (v @ v)
    return v @ H @ v

# %% wrong: divided by the sum
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / v.sum()
    return v @ H @ v

# %% wrong: vᵀHv of the vector given
def largest_curvature(H, v, rounds):
    start = v
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return start @ H @ start / (start @ start)

# %% wrong: normalised once, at the start
def largest_curvature(H, v, rounds):
    v = v / np.linalg.norm(v)
    for _ in range(rounds):
        v = H @ v
    return v @ H @ v

# %% wrong: not divided when no round is made
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v

# %% wrong: always ten rounds
def largest_curvature(H, v, rounds):
    for _ in range(10):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: until it changes no more
def largest_curvature(H, v, rounds):
    for _ in range(10_000):
        w = H @ v
        v = w / np.linalg.norm(w)
    return v @ H @ v / (v @ v)

# %% wrong: the largest entry of Hv
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return np.abs(H @ v).max()

# %% wrong: the absolute value
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return abs(v @ H @ v / (v @ v))

# %% wrong: H squared
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ (H @ v)
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: elementwise product
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = (H * v).sum(axis=0)
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: the diagonal alone
def largest_curvature(H, v, rounds):
    d = np.diag(H)
    for _ in range(rounds):
        v = d * v
        v = v / np.linalg.norm(v)
    return v @ (d * v) / (v @ v)

# %% wrong: the trace
def largest_curvature(H, v, rounds):
    return np.trace(H)

# %% wrong: the norm of H
def largest_curvature(H, v, rounds):
    return np.linalg.norm(H)

# %% wrong: the largest eigenvalue, with its sign
def largest_curvature(H, v, rounds):
    return np.linalg.eigvalsh(H)[-1]

# %% wrong: a start of its own
def largest_curvature(H, v, rounds):
    v = np.ones(len(v))
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: a random start
def largest_curvature(H, v, rounds):
    v = np.random.default_rng().normal(size=len(v))
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: the curvature of the round before
def largest_curvature(H, v, rounds):
    value = v @ H @ v / (v @ v)
    for _ in range(rounds):
        value = v @ H @ v / (v @ v)
        v = H @ v
        v = v / np.linalg.norm(v)
    return value

# %% wrong: the mean over the rounds
def largest_curvature(H, v, rounds):
    values = [v @ H @ v / (v @ v)]
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
        values.append(v @ H @ v)
    return np.mean(values)

# %% wrong: the largest over the rounds
def largest_curvature(H, v, rounds):
    values = [v @ H @ v / (v @ v)]
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
        values.append(v @ H @ v)
    return max(values)

# %% wrong: into the input
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v[:] = H @ v
        v /= np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% wrong: the direction in place of the curvature
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v

# %% wrong: half precision
def largest_curvature(H, v, rounds):
    H, v = np.asarray(H, dtype=np.float16), np.asarray(v, dtype=np.float16)
    for _ in range(rounds):
        v = H @ v
        v = v / np.abs(v).max()
    return float(v @ H @ v / (v @ v))

# %% wrong: twenty rounds at most
def largest_curvature(H, v, rounds):
    for _ in range(min(rounds, 20)):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)

# %% right: a while, counting down, and vdot
def largest_curvature(H, v, rounds):
    while rounds:
        v, rounds = H @ v, rounds - 1
        v = v / np.sqrt(np.vdot(v, v))
    return float(np.vdot(v, H @ v) / np.vdot(v, v))

# %% right: a class with __matmul__ in mind: H used by products of columns
def largest_curvature(H, v, rounds):
    u = np.array(v, dtype=float).reshape(-1, 1)
    for _ in range(rounds):
        u = H @ u
        u /= np.linalg.norm(u)
    return ((u.T @ (H @ u)) / (u.T @ u)).item()

# %% right: accumulate
from itertools import accumulate
def largest_curvature(H, v, rounds):
    unit = lambda u: u / np.linalg.norm(u)
    *_, u = accumulate(range(rounds), lambda u, _: unit(H @ u), initial=np.array(v, dtype=float))
    return u @ (H @ u) / (u @ u)

# %% wrong: the length of the last product
def largest_curvature(H, v, rounds):
    size = 0.0
    for _ in range(rounds):
        v = H @ v
        size = np.linalg.norm(v)
        v = v / size
    return size

# %% wrong: shifted against negative curvature
def largest_curvature(H, v, rounds):
    shift = np.abs(np.diag(H)).max() if isinstance(H, np.ndarray) else 0.0
    for _ in range(rounds):
        v = H @ v + shift * v
        v = v / np.linalg.norm(v)
    return v @ (H @ v) / (v @ v)

# %% wrong: one round more
def largest_curvature(H, v, rounds):
    for _ in range(rounds + 1):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ (H @ v)

# %% wrong: not divided at the end
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v / np.linalg.norm(v)
    return v @ (H @ v) / np.linalg.norm(v)

# %% wrong: begins from a unit vector where v is long
def largest_curvature(H, v, rounds):
    v = np.sign(v) if np.linalg.norm(v) > 2 else v
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ (H @ v) / (v @ v)

# %% wrong: curvature below zero is none
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return max(0.0, v @ (H @ v) / (v @ v))

# %% wrong: symmetric halves
def largest_curvature(H, v, rounds):
    H = np.tril(H)
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v @ (H @ v) / (v @ v)

# %% right: a generator of unit vectors
from itertools import islice
def largest_curvature(H, v, rounds):
    def walk(u):
        while True:
            yield u
            u = H @ u
            u = u / np.sqrt(u @ u)
    u = next(islice(walk(np.asarray(v, dtype=float)), rounds, None))
    return float(u @ H @ u / (u @ u))

# %% wrong: the ratio of the largest entries
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = H @ v
        v = v / np.linalg.norm(v)
    i = np.argmax(np.abs(v))
    return (H @ v)[i] / v[i]

# %% wrong: v kept positive
def largest_curvature(H, v, rounds):
    for _ in range(rounds):
        v = np.abs(H @ v)
        v = v / np.linalg.norm(v)
    return v @ H @ v / (v @ v)
