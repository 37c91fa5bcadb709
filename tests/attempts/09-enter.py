import math
import statistics

import numpy as np

# %% right: loops
def enter(train, rates, tuning_seeds, seeds, rival):
    best, lowest = None, float("inf")
    for rate in rates:
        total = 0.0
        for seed in tuning_seeds:
            total += train(rate, seed)
        if total / len(tuning_seeds) < lowest:
            best, lowest = rate, total / len(tuning_seeds)
    gains = [theirs - train(best, seed) for theirs, seed in zip(rival, seeds)]
    n = len(gains)
    mean = sum(gains) / n
    deviation = math.sqrt(sum((gain - mean) ** 2 for gain in gains) / (n - 1))
    return best, mean / (deviation / math.sqrt(n))

# %% right: arrays
def enter(train, rates, tuning_seeds, seeds, rival):
    table = np.array([[train(r, s) for s in tuning_seeds] for r in rates])
    rate = rates[table.mean(axis=1).argmin()]
    d = rival - np.array([train(rate, s) for s in seeds])
    return rate, np.sqrt(len(d)) * d.mean() / d.std(ddof=1)

# %% right: statistics
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: statistics.mean(train(r, s) for s in tuning_seeds))
    d = [float(a) - train(rate, s) for a, s in zip(rival, seeds)]
    return rate, statistics.mean(d) / (statistics.stdev(d) / len(d) ** 0.5)

# %% right: sums are as good as means
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: sum(train(r, s) for s in tuning_seeds))
    losses = [train(rate, s) for s in seeds]
    d = np.subtract(rival, losses)
    return rate, d.mean() / np.sqrt(d.var(ddof=1) / d.size)

# %% right: by a dictionary, diverged ones removed
def enter(train, rates, tuning_seeds, seeds, rival):
    means = {}
    for rate in rates:
        losses = [train(rate, seed) for seed in tuning_seeds]
        if all(np.isfinite(losses)):
            means[rate] = np.mean(losses)
    rate = sorted(means, key=means.get)[0]
    mine = np.array([train(rate, seed) for seed in seeds])
    d = np.asarray(rival) - mine
    se = np.sqrt(((d - d.mean()) ** 2).sum() / (len(d) - 1) / len(d))
    return rate, float(d.mean() / se)

# %% right: the same t by the slope's sign turned
def enter(train, rates, tuning_seeds, seeds, rival):
    rates = np.array(rates)
    means = np.array([np.mean([train(r, s) for s in tuning_seeds]) for r in rates])
    rate = rates[means == means.min()][0]
    d = np.array([train(rate, s) for s in seeds]) - rival
    return [rate, -d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))]

# %% right: stopped at the first divergence
def enter(train, rates, tuning_seeds, seeds, rival):
    def score(rate):
        total = 0
        for seed in tuning_seeds:
            loss = train(rate, seed)
            if not math.isfinite(loss):
                return math.inf
            total += loss
        return total
    rate = min(rates, key=score)
    d = rival - [train(rate, seed) for seed in seeds]
    return rate, np.mean(d) / (np.std(d, ddof=1) / np.sqrt(np.size(d)))

# %% right: covariances
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = rates[int(np.argmin([np.mean([train(r, s) for s in tuning_seeds]) for r in rates]))]
    mine = np.array([train(rate, s) for s in seeds])
    C = np.cov(rival, mine)
    variance = C[0, 0] + C[1, 1] - 2 * C[0, 1]
    return rate, (np.mean(rival) - np.mean(mine)) / np.sqrt(variance / len(mine))

# %% right: the chosen one is trained on the seeds twice
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    def gains():
        return np.array([a - train(rate, s) for a, s in zip(rival, seeds)])
    return rate, gains().mean() / gains().std(ddof=1) * np.sqrt(len(seeds))

# %% wrong: tuned on the report
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: tuned on everything
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds + seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: looks at the report of every rate, chooses by tuning
def enter(train, rates, tuning_seeds, seeds, rival):
    tuning = {r: np.mean([train(r, s) for s in tuning_seeds]) for r in rates}
    report = {r: [train(r, s) for s in seeds] for r in rates}
    rate = min(tuning, key=tuning.get)
    d = rival - report[rate]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the rate that beats the rival most
def enter(train, rates, tuning_seeds, seeds, rival):
    def t(r):
        d = rival - [train(r, s) for s in seeds]
        return d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))
    rate = max(rates, key=t)
    return rate, t(rate)

# %% wrong: one seed
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: train(r, tuning_seeds[0]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: median
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.median([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: best single run
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: min(train(r, s) for s in tuning_seeds))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: safest worst run
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: max(train(r, s) for s in tuning_seeds))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: diverged runs skipped
def enter(train, rates, tuning_seeds, seeds, rival):
    def mean(r):
        losses = [train(r, s) for s in tuning_seeds]
        return np.mean([loss for loss in losses if np.isfinite(loss)] or [np.inf])
    rate = min(rates, key=mean)
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the largest
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = max(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: tuning runs reported
def enter(train, rates, tuning_seeds, seeds, rival):
    means = [np.mean([train(r, s) for s in tuning_seeds]) for r in rates]
    rate = rates[np.argmin(means)]
    d = rival.mean() - np.array([train(rate, s) for s in tuning_seeds])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: unpaired
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    mine = np.array([train(rate, s) for s in seeds])
    return rate, (rival.mean() - mine.mean()) / np.sqrt(rival.var(ddof=1) / len(rival) + mine.var(ddof=1) / len(mine))

# %% wrong: the population's deviation
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std() / np.sqrt(len(d)))

# %% wrong: no root of n
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / d.std(ddof=1)

# %% wrong: over n
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / len(d))

# %% wrong: root of n minus one
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d) - 1))

# %% wrong: the sign
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = np.array([train(rate, s) for s in seeds]) - rival
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the absolute value
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = rival - [train(rate, s) for s in seeds]
    return rate, abs(d.mean()) / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: in percent
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = 1 - np.array([train(rate, s) for s in seeds]) / rival
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: wins counted
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    return rate, sum(train(rate, s) < a for s, a in zip(seeds, rival))

# %% wrong: the mean loss in place of the rate
def enter(train, rates, tuning_seeds, seeds, rival):
    means = {r: np.mean([train(r, s) for s in tuning_seeds]) for r in rates}
    rate = min(means, key=means.get)
    d = rival - [train(rate, s) for s in seeds]
    return means[rate], d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the place in place of the rate
def enter(train, rates, tuning_seeds, seeds, rival):
    k = int(np.argmin([np.mean([train(r, s) for s in tuning_seeds]) for r in rates]))
    d = rival - [train(rates[k], s) for s in seeds]
    return k, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the rate alone
def enter(train, rates, tuning_seeds, seeds, rival):
    return min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))

# %% wrong: seeds sorted against the rival's order
def enter(train, rates, tuning_seeds, seeds, rival):
    rate = min(rates, key=lambda r: np.mean([train(r, s) for s in tuning_seeds]))
    d = np.sort(rival) - np.sort([train(rate, s) for s in seeds])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% right: a dataclass entry
from dataclasses import dataclass
@dataclass(order=True)
class Entry:
    mean: float
    rate: float
def enter(train, rates, tuning_seeds, seeds, rival):
    best = min(Entry(float(np.average([train(r, s) for s in tuning_seeds])), r) for r in rates)
    mine = np.fromiter((train(best.rate, s) for s in seeds), float)
    diff = rival - mine
    return best.rate, float(np.mean(diff) / np.sqrt(np.var(diff, ddof=1) / diff.size))

# %% right: scipy-like by regression on ones, NumPy rate
def enter(train, rates, tuning_seeds, seeds, rival):
    table = np.array([[train(r, s) for s in tuning_seeds] for r in rates])
    rate = np.array(rates)[table.sum(1).argmin()]
    d = np.array(rival) - [train(rate, s) for s in seeds]
    (mu,), (ss,), *_ = np.linalg.lstsq(np.ones((len(d), 1)), d, rcond=None)
    return rate, mu / np.sqrt(ss / (len(d) - 1) / len(d))

# %% wrong: rates cleaned in place
def enter(train, rates, tuning_seeds, seeds, rival):
    for r in list(rates):
        if any(np.isinf(train(r, s)) for s in tuning_seeds): rates.remove(r)
    means = {r: np.mean([train(r, s) for s in tuning_seeds]) for r in rates}
    rate = min(means, key=means.get)
    d = rival - np.array([train(rate, s) for s in seeds])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: seeds shared, a diverged report dropped
def enter(train, rates, tuning_seeds, seeds, rival):
    means = {r: np.mean([train(r, s) for s in tuning_seeds]) for r in rates}
    rate = min(means, key=means.get)
    d = rival - np.array([train(rate, s) for s in range(len(seeds))])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: the last rate of equal rank, sorted rates
def enter(train, rates, tuning_seeds, seeds, rival):
    rates.sort()
    means = {r: np.mean([train(r, s) for s in tuning_seeds]) for r in rates}
    rate = min(means, key=means.get)
    d = rival - np.array([train(rate, s) for s in seeds])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

# %% wrong: stops tuning at the first rate that is worse
def enter(train, rates, tuning_seeds, seeds, rival):
    best, rate = float("inf"), None
    for r in rates:
        m = np.mean([train(r, s) for s in tuning_seeds])
        if m > best: break
        best, rate = m, r
    d = rival - np.array([train(rate, s) for s in seeds])
    return rate, d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))
