# %% right: the formula
def average_regret(x, slopes):
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x)

# %% right: the two ends tried
def average_regret(x, slopes):
    total = slopes.sum()
    return (slopes @ x - min(total, -total)) / x.size

# %% right: a grid of ends and middle
def average_regret(x, slopes):
    best = min(np.sum(slopes * point) for point in (-1.0, 0.0, 1.0))
    return (np.dot(x, slopes) - best) / len(slopes)

# %% right: the best point by its sign
def average_regret(x, slopes):
    star = -np.sign(slopes.sum())
    return np.mean(slopes * (x - star))

# %% right: plain Python
def average_regret(x, slopes):
    paid = sum(float(a) * float(b) for a, b in zip(x, slopes))
    return (paid + abs(sum(map(float, slopes)))) / len(x)

# %% right: means
def average_regret(x, slopes):
    return np.mean(x * slopes) + np.abs(np.mean(slopes))

# %% right: torch
def average_regret(x, slopes):
    import torch
    x, s = torch.from_numpy(np.array(x)), torch.from_numpy(np.array(slopes))
    return (((x * s).sum() + s.sum().abs()) / len(x)).item()

# %% right: exact fractions
def average_regret(x, slopes):
    from fractions import Fraction
    xs, ss = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in slopes]
    return (sum(a * b for a, b in zip(xs, ss)) + abs(sum(ss))) / len(xs)

# %% right: math.fsum and where
def average_regret(x, slopes):
    import math
    t = math.fsum(slopes)
    star = np.where(t > 0, -1.0, 1.0)
    return np.asarray((math.fsum(x * slopes) - star * t) / len(x))

# %% wrong: a best point for each step
def average_regret(x, slopes):
    return (np.sum(slopes * x) + np.sum(np.abs(slopes))) / len(x)

# %% wrong: not divided
def average_regret(x, slopes):
    return np.sum(slopes * x) + abs(np.sum(slopes))

# %% wrong: what was paid
def average_regret(x, slopes):
    return np.mean(slopes * x)

# %% wrong: the best added
def average_regret(x, slopes):
    return (np.sum(slopes * x) - abs(np.sum(slopes))) / len(x)

# %% wrong: the best point is always −1
def average_regret(x, slopes):
    return (np.sum(slopes * x) + np.sum(slopes)) / len(x)

# %% wrong: the best point is always 1
def average_regret(x, slopes):
    return (np.sum(slopes * x) - np.sum(slopes)) / len(x)

# %% wrong: never negative
def average_regret(x, slopes):
    return max(0.0, (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x))

# %% wrong: an absolute value
def average_regret(x, slopes):
    return abs((np.sum(slopes * x) + abs(np.sum(slopes))) / len(x))

# %% wrong: the best of the points visited
def average_regret(x, slopes):
    return (np.sum(slopes * x) - min(np.sum(slopes) * p for p in x)) / len(x)

# %% wrong: the best of [0, 1]
def average_regret(x, slopes):
    return (np.sum(slopes * x) - min(0.0, np.sum(slopes))) / len(x)

# %% wrong: the best of [−1, 0]
def average_regret(x, slopes):
    return (np.sum(slopes * x) - min(0.0, -np.sum(slopes))) / len(x)

# %% wrong: the mean point
def average_regret(x, slopes):
    return (np.sum(slopes * x) - np.sum(slopes) * np.mean(x)) / len(x)

# %% wrong: the last point
def average_regret(x, slopes):
    return (np.sum(slopes * x) - np.sum(slopes) * x[-1]) / len(x)

# %% wrong: shifted by one
def average_regret(x, slopes):
    return (np.sum(slopes[1:] * x[:-1]) + abs(np.sum(slopes))) / len(x)

# %% wrong: divided by T − 1
def average_regret(x, slopes):
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / max(len(x) - 1, 1)

# %% wrong: divided by the root of T
def average_regret(x, slopes):
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x) ** 0.5

# %% wrong: divided by the slopes that are not zero
def average_regret(x, slopes):
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / max(np.count_nonzero(slopes), 1)

# %% wrong: the regret at each step
def average_regret(x, slopes):
    t = np.arange(1, len(x) + 1)
    return (np.cumsum(slopes * x) + np.abs(np.cumsum(slopes))) / t

# %% wrong: the largest regret on the way
def average_regret(x, slopes):
    t = np.arange(1, len(x) + 1)
    return ((np.cumsum(slopes * x) + np.abs(np.cumsum(slopes))) / t).max()

# %% wrong: the sum of signs
def average_regret(x, slopes):
    return (np.sum(slopes * x) - np.sum(slopes) * -np.sign(np.sign(slopes).sum())) / len(x)

# %% wrong: the sign of the last slope
def average_regret(x, slopes):
    return (np.sum(slopes * x) + np.sum(slopes) * np.sign(slopes[-1])) / len(x)

# %% wrong: a coarse grid without the ends
def average_regret(x, slopes):
    return (np.sum(slopes * x) - min(np.sum(slopes) * p for p in np.linspace(-0.99, 0.99, 199))) / len(x)

# %% wrong: x cut to a smaller set
def average_regret(x, slopes):
    return (np.sum(slopes * np.clip(x, -0.9, 0.9)) + abs(np.sum(slopes))) / len(x)

# %% wrong: the first hundred steps
def average_regret(x, slopes):
    x, slopes = x[:100], slopes[:100]
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x)

# %% wrong: it begins after the first step
def average_regret(x, slopes):
    x, slopes = (x[1:], slopes[1:]) if len(x) > 1 else (x, slopes)
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x)

# %% wrong: it adds up from call to call
PAID = [0.0]
def average_regret(x, slopes):
    PAID[0] += np.sum(slopes * x)
    return (PAID[0] + abs(np.sum(slopes))) / len(x)

# %% wrong: slopes scaled in place
def average_regret(x, slopes):
    slopes *= 1.0 / len(x)
    return np.sum(slopes * x) + abs(np.sum(slopes))

# %% wrong: single precision
def average_regret(x, slopes):
    x, slopes = x.astype(np.float32), slopes.astype(np.float32)
    return (np.sum(slopes * x) + abs(np.sum(slopes))) / len(x)

# %% right: absolute value of the sum of slopes
def average_regret(x, slopes):
    return float(np.dot(x, slopes) + abs(np.sum(slopes))) / len(x)

# %% right: a linear program by hand
def average_regret(x, slopes):
    paid = [a * b for a, b in zip(map(float, x), map(float, slopes))]
    total = sum(map(float, slopes))
    best = min(total * point for point in (-1.0, 0.0, 1.0))
    return (sum(paid) - best) / len(paid)

# %% right: differences to the best point, averaged
def average_regret(x, slopes):
    star = -np.sign(np.sum(slopes))
    return np.mean((np.asarray(x) - star) * np.asarray(slopes))

# %% wrong: of absolute slopes
def average_regret(x, slopes):
    return (np.dot(x, slopes) + np.abs(slopes).sum()) / len(x)

# %% wrong: the best of the corner and of where one stood last
def average_regret(x, slopes):
    best = min(np.sum(slopes) * p for p in (1.0, float(x[-1])))
    return (np.dot(x, slopes) - best) / len(x)

# %% wrong: squared
def average_regret(x, slopes):
    return ((np.dot(x, slopes) + abs(np.sum(slopes))) / len(x)) ** 2

# %% wrong: the mean slope's point, not its corner
def average_regret(x, slopes):
    point = -np.clip(np.mean(slopes), -1, 1)
    return (np.dot(x, slopes) - point * np.sum(slopes)) / len(x)

# %% wrong: half of the steps
def average_regret(x, slopes):
    k = max(len(x) // 2, 1)
    x, slopes = x[-k:], slopes[-k:]
    return (np.dot(x, slopes) + abs(np.sum(slopes))) / k

# %% wrong: slopes that sum to zero have no best point, and no regret
def average_regret(x, slopes):
    return (np.dot(x, slopes) + abs(np.sum(slopes))) / len(x) if np.sum(slopes) else 0.0

# %% wrong: one step has no hindsight
def average_regret(x, slopes):
    return (np.dot(x, slopes) + abs(np.sum(slopes))) / len(x) if len(x) > 1 else 0.0
