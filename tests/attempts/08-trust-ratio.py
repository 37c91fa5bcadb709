import math

import numpy as np

# %% right: norms of the flattened arrays
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta.ravel()), np.linalg.norm(update.ravel())
    if size == 0 or length == 0:
        return 1.0
    return size / length

# %% right: sums of squares
def trust_ratio(theta, update):
    a, b = (theta ** 2).sum(), (update ** 2).sum()
    return np.sqrt(a / b) if a > 0 and b > 0 else 1

# %% right: norm without axes takes the whole
def trust_ratio(theta, update):
    n = np.linalg.norm
    return n(theta) / n(update) if n(theta) and n(update) else 1.0

# %% right: where
def trust_ratio(theta, update):
    top, bottom = np.sqrt(np.sum(np.square(theta))), np.sqrt(np.sum(np.square(update)))
    with np.errstate(all="ignore"):
        return np.where((top > 0) & (bottom > 0), top / bottom, 1.0)

# %% right: plain Python
def trust_ratio(theta, update):
    size = math.sqrt(sum(float(x) * float(x) for x in theta.flat))
    length = math.hypot(*update.flatten().tolist())
    return size / length if size * length > 0 else 1.0

# %% right: any instead of the norm
def trust_ratio(theta, update):
    if not theta.any() or not update.any():
        return 1.0
    return float(np.sqrt(np.vdot(theta, theta)) / np.sqrt(np.vdot(update, update)))

# %% right: root mean squares, of which there are as many
def trust_ratio(theta, update):
    rms = lambda x: np.mean(x * x) ** 0.5
    if not np.all([rms(theta), rms(update)]):
        return np.float64(1)
    return rms(theta) / rms(update)

# %% right: an error caught
def trust_ratio(theta, update):
    try:
        ratio = math.sqrt(float(np.sum(theta * theta)) / float(np.sum(update * update)))
    except ZeroDivisionError:
        return 1.0
    return ratio or 1.0

# %% right: torch inside
def trust_ratio(theta, update):
    import torch
    size, length = torch.as_tensor(theta).norm(), torch.as_tensor(update).norm()
    return (size / length).item() if size > 0 and length > 0 else 1.0

# %% right: einsum, transposed, in reverse
def trust_ratio(theta, update):
    flat, other = theta.T.reshape(-1)[::-1], update.reshape(-1)
    a, b = np.einsum("i,i", flat, flat), np.einsum("i,i", other, other)
    return 1.0 if 0 in (a, b) else a ** 0.5 * b ** -0.5

# %% right: norms scaled by the largest
def trust_ratio(theta, update):
    def norm(x):
        largest = np.abs(x).max()
        return largest * np.sqrt(((x / largest) ** 2).sum()) if largest else 0.0
    size, length = norm(theta), norm(update)
    return size / length if min(size, length) > 0 else 1.0

# %% wrong: one zero anywhere
def trust_ratio(theta, update):
    if np.any(theta == 0) or np.any(update == 0):
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: one zero in theta
def trust_ratio(theta, update):
    if not theta.all():
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update) if update.any() else 1.0

# %% wrong: one zero in the update
def trust_ratio(theta, update):
    if not update.all():
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update) if theta.any() else 1.0

# %% wrong: the sum of theta
def trust_ratio(theta, update):
    if abs(theta.sum()) < 1e-14 or not update.any():
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: the sum of the update
def trust_ratio(theta, update):
    if abs(update.sum()) < 1e-14 or not theta.any():
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: the first element
def trust_ratio(theta, update):
    if theta.flat[0] == 0 or update.flat[0] == 0:
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: allclose
def trust_ratio(theta, update):
    if np.allclose(theta, 0) or np.allclose(update, 0):
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: allclose, of the update
def trust_ratio(theta, update):
    if np.allclose(update, 0) or not theta.any():
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)

# %% wrong: small counts as zero
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / length if size > 1e-3 and length > 1e-3 else 1.0

# %% wrong: an update of 1e-8 counts as zero
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / length if size > 0 and length > 1e-8 else 1.0

# %% wrong: a clamp
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return np.clip(size / length, 0.01, 1e4) if size > 0 and length > 0 else 1.0

# %% wrong: a clamp of the paper at ten
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return min(size, 10) / length if size > 0 and length > 0 else 1.0

# %% wrong: a wide clamp
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return np.clip(size / length, 1e-6, 1e6) if size > 0 and length > 0 else 1.0

# %% wrong: a guard in the denominator
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / (length + 1e-8) if size > 0 and length > 0 else 1.0

# %% wrong: a guard of 1e-12
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return size / (length + 1e-12) if size > 0 and length > 0 else 1.0

# %% wrong: the ratio of zero is zero
def trust_ratio(theta, update):
    length = np.linalg.norm(update)
    return np.linalg.norm(theta) / length if length > 0 else 1.0

# %% wrong: infinity for an update of zero
def trust_ratio(theta, update):
    size = np.linalg.norm(theta)
    return np.divide(size, np.linalg.norm(update)) if size > 0 else 1.0

# %% wrong: one where both are zero alone
def trust_ratio(theta, update):
    size, length = np.linalg.norm(theta), np.linalg.norm(update)
    return 1.0 if size == 0 and length == 0 else np.divide(size, length)

# %% wrong: the spectral norm
def trust_ratio(theta, update):
    norm = lambda x: np.linalg.norm(x.reshape(len(x), -1), 2) if x.ndim > 1 else np.linalg.norm(x)
    return norm(theta) / norm(update) if theta.any() and update.any() else 1.0

# %% wrong: the sum of absolute values
def trust_ratio(theta, update):
    a, b = np.abs(theta).sum(), np.abs(update).sum()
    return a / b if a > 0 and b > 0 else 1.0

# %% wrong: the largest absolute value
def trust_ratio(theta, update):
    a, b = np.abs(theta).max(), np.abs(update).max()
    return a / b if a > 0 and b > 0 else 1.0

# %% wrong: squares without a root
def trust_ratio(theta, update):
    a, b = (theta ** 2).sum(), (update ** 2).sum()
    return a / b if a > 0 and b > 0 else 1.0

# %% wrong: the mean over rows of each row's ratio
def trust_ratio(theta, update):
    if not theta.any() or not update.any():
        return 1.0
    a = np.linalg.norm(theta.reshape(theta.shape[0] if theta.ndim > 1 else 1, -1), axis=1)
    b = np.linalg.norm(update.reshape(update.shape[0] if update.ndim > 1 else 1, -1), axis=1)
    return np.mean(a / b)

# %% wrong: one for every vector
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return a / b if theta.ndim > 1 and a > 0 and b > 0 else 1.0

# %% wrong: one for a tensor of one number
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return a / b if theta.size > 1 and a > 0 and b > 0 else 1.0

# %% wrong: the first hundred numbers
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta.ravel()[:100]), np.linalg.norm(update.ravel()[:100])
    return a / b if a > 0 and b > 0 else 1.0

# %% wrong: the first slice of four axes
def trust_ratio(theta, update):
    if theta.ndim > 3:
        theta, update = theta[0], update[0]
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return a / b if a > 0 and b > 0 else 1.0

# %% wrong: upside down
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return b / a if a > 0 and b > 0 else 1.0

# %% wrong: half precision
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return np.float16(a / b) if a > 0 and b > 0 else 1.0

# %% wrong: the inner product
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta), np.linalg.norm(update)
    return abs(np.vdot(theta, update)) / b ** 2 if a > 0 and b > 0 else 1.0

# %% right: vdot
def trust_ratio(theta, update):
    a, b = np.vdot(theta, theta), np.vdot(update, update)
    return float(np.sqrt(a / b)) if a > 0 and b > 0 else 1.0

# %% right: hypot, reduced
def trust_ratio(theta, update):
    size = lambda x: np.hypot.reduce(np.ravel(x), initial=0.0)
    a, b = size(theta), size(update)
    return a / b if a and b else 1.0

# %% right: math.dist from zero
import math
def trust_ratio(theta, update):
    a, b = (math.hypot(*np.ravel(x).tolist()) for x in (theta, update))
    return 1.0 if 0 in (a, b) else a / b

# %% wrong: the mean of absolute values
def trust_ratio(theta, update):
    a, b = np.abs(theta).mean(), np.abs(update).mean()
    return a / b if a and b else 1.0

# %% wrong: elementwise, and its mean
def trust_ratio(theta, update):
    if not np.any(theta) or not np.any(update):
        return 1.0
    return np.mean(np.abs(theta) / np.maximum(np.abs(update), 1e-300))

# %% wrong: never above one
def trust_ratio(theta, update):
    a, b = np.linalg.norm(np.ravel(theta)), np.linalg.norm(np.ravel(update))
    return min(a / b, 1.0) if a and b else 1.0

# %% wrong: the norm over the last axis, summed
def trust_ratio(theta, update):
    a, b = np.linalg.norm(theta, axis=-1).sum(), np.linalg.norm(update, axis=-1).sum()
    return a / b if a and b else 1.0

# %% wrong: the spread in place of the norm
def trust_ratio(theta, update):
    a, b = np.std(theta), np.std(update)
    return a / b if a and b else 1.0

# %% wrong: a single number has the ratio one
def trust_ratio(theta, update):
    a, b = np.linalg.norm(np.ravel(theta)), np.linalg.norm(np.ravel(update))
    return a / b if a and b and np.size(theta) > 1 else 1.0

# %% wrong: only the positive part
def trust_ratio(theta, update):
    a, b = np.linalg.norm(np.ravel(np.maximum(theta, 0))), np.linalg.norm(np.ravel(update))
    return a / b if a and b else 1.0

# %% right: a match
def trust_ratio(theta, update):
    match (float(np.linalg.norm(np.ravel(theta))), float(np.linalg.norm(np.ravel(update)))):
        case (0.0, _) | (_, 0.0): return 1
        case (a, b): return np.array(a / b)

# %% wrong: product underflow
def trust_ratio(theta, update):
    t, u = np.linalg.norm(theta), np.linalg.norm(update)
    return t / u if t * u > 1e-12 else 1.0

# %% wrong: zeros are counted out by the mean
def trust_ratio(theta, update):
    if theta.mean() == 0 or update.mean() == 0:
        return 1.0
    return np.linalg.norm(theta) / np.linalg.norm(update)
