import math

import numpy as np

# %% right: the closed form
def step_length(t, beta1):
    return math.sqrt((1 - beta1) / (1 + beta1) * (1 + beta1**t) / (1 - beta1**t))

# %% right: weights in a list
def step_length(t, beta1):
    squares = [((1 - beta1) * beta1**k) ** 2 for k in range(t)]
    return sum(squares) ** 0.5 / (1 - beta1**t)

# %% right: a norm
def step_length(t, beta1):
    return np.linalg.norm((1 - beta1) * np.power(float(beta1), np.arange(t))) / (1 - beta1**t)

# %% right: the variance as a recursion
def step_length(t, beta1):
    variance = 0.0
    for _ in range(t):
        variance = beta1**2 * variance + (1 - beta1) ** 2
    return math.sqrt(variance) / (1 - beta1**t)

# %% right: weights normalised by their sum
def step_length(t, beta1):
    weights = beta1 ** np.arange(t)
    weights = weights / weights.sum()
    return np.sqrt(weights @ weights)

# %% right: geometric series by hand
def step_length(t, beta1):
    m_square = (1 - beta1) ** 2 * (1 - beta1 ** (2 * t)) / (1 - beta1**2)
    return (m_square / (1 - beta1**t) ** 2) ** 0.5

# %% right: torch
def step_length(t, beta1):
    import torch
    weights = (1 - beta1) * torch.tensor(float(beta1), dtype=torch.float64) ** torch.arange(t)
    return (weights.square().sum().sqrt() / (1 - beta1**t)).item()

# %% right: math.hypot over all weights
def step_length(t, beta1):
    return math.hypot(*[(1 - beta1) * beta1**k for k in range(t)]) / (1 - beta1**t)

# %% right: oldest weight first
def step_length(t, beta1):
    total, weight = 0.0, (1 - beta1) * beta1 ** (t - 1)
    for k in range(t):
        total += ((1 - beta1) * beta1 ** (t - 1 - k)) ** 2
    return np.float64(total) ** 0.5 / (1 - beta1**t)

# %% wrong: always one
def step_length(t, beta1):
    return 1.0

# %% wrong: the settled variance
def step_length(t, beta1):
    return (1 - beta1) / (1 + beta1)

# %% wrong: no correction, closed form
def step_length(t, beta1):
    return math.sqrt((1 - beta1) / (1 + beta1) * (1 - beta1 ** (2 * t)))

# %% wrong: upside down at the end
def step_length(t, beta1):
    return math.sqrt((1 - beta1) / (1 + beta1) * (1 - beta1**t) / (1 + beta1**t))

# %% wrong: no root over the whole
def step_length(t, beta1):
    return (1 - beta1) / (1 + beta1) * (1 + beta1**t) / (1 - beta1**t)

# %% wrong: a mean instead of a sum
def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.mean(weights**2)) / (1 - beta1**t)

# %% wrong: absolute values
def step_length(t, beta1):
    return np.sum((1 - beta1) * beta1 ** np.arange(t))

# %% wrong: the first factor is missing
def step_length(t, beta1):
    return math.sqrt((1 + beta1**t) / (1 - beta1**t))

# %% wrong: exponent t minus one in the correction
def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - beta1 ** max(t - 1, 1))

# %% wrong: corrected with the square
def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - beta1 ** (2 * t))

# %% wrong: beta of the other moment
def step_length(t, beta1):
    weights = (1 - 0.999) * 0.999 ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / (1 - 0.999**t)

# %% wrong: 0.9 whatever is asked
def step_length(t, beta1):
    return math.sqrt(0.1 / 1.9 * (1 + 0.9**t) / (1 - 0.9**t))

# %% wrong: drawn with too few samples
def step_length(t, beta1):
    rng = np.random.default_rng(0)
    m = np.zeros(1000)
    for _ in range(t):
        m = beta1 * m + (1 - beta1) * rng.normal(size=1000)
    return np.sqrt(np.mean(m**2)) / (1 - beta1**t)

# %% wrong: the momentum buffer
def step_length(t, beta1):
    return np.sqrt(np.sum(beta1 ** (2 * np.arange(t))))

# %% wrong: a linear fall
def step_length(t, beta1):
    return max(1 - (1 - beta1) * (t - 1), math.sqrt((1 - beta1) / (1 + beta1)))

# %% wrong: an exponential fall
def step_length(t, beta1):
    end = math.sqrt((1 - beta1) / (1 + beta1))
    return end + (1 - end) * beta1 ** (t - 1)

# %% wrong: the signs cancel
def step_length(t, beta1):
    return 0.0

# %% wrong: an average that starts at the first gradient
def step_length(t, beta1):
    variance = 1.0
    for _ in range(t - 1):
        variance = beta1**2 * variance + (1 - beta1) ** 2
    return math.sqrt(variance)

# %% wrong: the window's mean
def step_length(t, beta1):
    return 1 / math.sqrt(min(t, 1 / (1 - beta1)))

# %% wrong: the sum's square
def step_length(t, beta1):
    weights = (1 - beta1) * beta1 ** np.arange(t)
    return np.sum(weights) ** 2 / (1 - beta1**t) ** 2

# %% wrong: beta and its complement are exchanged
def step_length(t, beta1):
    weights = beta1 * (1 - beta1) ** np.arange(t)
    return np.sqrt(np.sum(weights**2)) / max(1 - (1 - beta1) ** t, 1e-12)

# %% wrong: a tuple with the variance
def step_length(t, beta1):
    s = math.sqrt((1 - beta1) / (1 + beta1) * (1 + beta1**t) / (1 - beta1**t))
    return s * s, s

# %% right: a matrix of weights and its norm
def step_length(t, beta1):
    w = (1 - beta1) * np.power(float(beta1), np.arange(t)) if beta1 else np.array([1.0])
    return float(np.linalg.norm(w) / w.sum())

# %% right: two geometric sums
def step_length(t, beta1):
    ones = sum(beta1**k for k in range(t))
    squares = sum(beta1 ** (2 * k) for k in range(t))
    return squares**0.5 / ones

# %% right: the closed form with powers of NumPy
def step_length(t, beta1):
    b = np.float64(beta1)
    return np.sqrt((1 - b) * (1 + b**t) / ((1 + b) * (1 - b**t)))

# %% wrong: one plus where one minus belongs
def step_length(t, beta1):
    return ((1 + beta1) / (1 - beta1) * (1 - beta1**t) / (1 + beta1**t)) ** 0.5

# %% wrong: the count of gradients
def step_length(t, beta1):
    return 1 / min(t, (1 + beta1) / (1 - beta1)) ** 0.5

# %% wrong: the correction squared
def step_length(t, beta1):
    return ((1 - beta1) / (1 + beta1) * (1 - beta1 ** (2 * t))) ** 0.5 / (1 - beta1**t) ** 2

# %% wrong: t counted from zero
def step_length(t, beta1):
    t = t + 1
    return ((1 - beta1) * (1 + beta1**t) / ((1 + beta1) * (1 - beta1**t))) ** 0.5

# %% wrong: the mean square, without its root
def step_length(t, beta1):
    return (1 - beta1) * (1 + beta1**t) / ((1 + beta1) * (1 - beta1**t))

# %% wrong: no memory counts as none
def step_length(t, beta1):
    b = beta1
    return ((1 - b) * (1 + b**t) / ((1 + b) * (1 - b**t))) ** 0.5 if b else 0.0

# %% wrong: settled after fifty steps
def step_length(t, beta1):
    b, t = beta1, min(t, 50)
    return ((1 - b) * (1 + b**t) / ((1 + b) * (1 - b**t))) ** 0.5

# %% right: impulse response
def step_length(t, beta1):
    E = np.eye(t)
    m = np.zeros(t)
    for row in E: m = beta1 * m + (1 - beta1) * row
    return float(np.linalg.norm(m) / m.sum())
