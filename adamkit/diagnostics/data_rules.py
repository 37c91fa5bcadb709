"""Rules for losses that depend on which batch comes: wrong labels, no shuffling."""

import numpy as np

from adamkit.diagnostics.report import CannotTell
from adamkit.diagnostics.signals import echo, robust_deviation
from adamkit.diagnostics.speaking import CHECKLIST, found
from adamkit.numbers import percent, written

#: A batch this many robust deviations above the others stands out; sound batches in fixed order reach 6.
STANDS_OUT = 15.0
#: Batches that follow each other are alike above this correlation; sound ones in fixed order stay below 0.4.
ALIKE = 0.5
#: Mean of the losses in medians, above which a few of them decide it.
HEAVY = 10.0


def bad_data(signals):
    """bad_data: some batches stand out at each visit, or batches that follow each other are alike."""
    if not signals.enough or not signals.loss.min() >= 0:
        return []
    numbered = np.isfinite(signals.batch).all() and 4 <= len(np.unique(signals.batch)) <= len(signals) / 2
    if numbered:
        return _outliers(signals, *_by_batch(signals, signals.residual)) or _unshuffled(signals)
    return _periodic(signals) or _repeats(signals) or _alike(signals) or _heavy(signals)


def _by_batch(signals, residual):
    """Numbers of the batches, mean residual of each, its smallest, and visits, after the first sixth of the run."""
    later = np.arange(len(signals)) >= len(signals) // 6
    ids = np.unique(signals.batch[later])
    own = [residual[later & (signals.batch == number)] for number in ids]
    return ids.astype(int), np.array([r.mean() for r in own]), np.array([r.min() for r in own]), \
        np.array([len(r) for r in own])


def _outliers(signals, ids, means, least, visits):
    spread = max(robust_deviation(means), 1e-9 * abs(signals.start))
    usual = np.median(means)
    bad = np.flatnonzero((means > usual + STANDS_OUT * spread) & (least > usual + STANDS_OUT / 3 * spread)
                         & (means > min(signals.level, 0.5 * signals.start)) & (means > 0.05 * abs(signals.start))
                         & (visits > 1))
    if not len(bad) or len(bad) > len(ids) / 3:
        return []
    names = ", ".join(map(str, ids[bad][:5])) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
    worst = bad[np.argmax(means[bad])]
    steps = signals.step[signals.batch == ids[worst]]
    return [found(signals, "bad_data", f"The loss jumps whenever batch {names} comes.",
                  (f"Batch {ids[worst]} lies {written(means[worst])} above the loss around it, at each of its "
                   f"{visits[worst]} visits (steps {', '.join(map(str, steps[-4:]))}).",
                   f"That is {written((means[worst] - np.median(means)) / spread)} times the usual scatter between "
                   "batches, and it does not wear off."), steps)]


def _detrended(loss, period):
    """The loss beside its mean over a period around each step."""
    padded = np.pad(loss, (period // 2, period - 1 - period // 2), mode="edge")
    return loss - np.convolve(padded, np.ones(period) / period, mode="valid")


def _unshuffled(signals):
    later = np.arange(len(signals)) >= len(signals) // 6
    ids = np.unique(signals.batch)
    if len(ids) < 8:
        return []
    beside = _detrended(signals.loss, len(ids))
    rest = beside[later]
    _, means, _, visits = _by_batch(signals, beside)
    if rest.std() == 0 or np.ptp(means) == 0:
        return []
    explained = float((visits * means**2).sum() / (rest**2).sum())
    alike = float(np.corrcoef(means, np.roll(means, 1))[0, 1])
    size = float(rest.std() / max(signals.smooth[later].mean(), 1e-12))
    if explained >= 0.9 and signals.measures and signals.fell < 0.1 and not (alike >= ALIKE and size >= 0.1):
        return [CannotTell("bad_data", f"The place in the epoch decides {percent(min(explained, 1))} of the loss's "
                           "scatter, and the loss does not fall: data in an order do that, and a model that has "
                           "ceased to learn.", f"Shuffle the rows in each epoch; {CHECKLIST} counts the classes in a "
                           "batch.")]
    if not (alike >= ALIKE and explained >= 0.6 and size >= 0.1):
        return []
    return [found(signals, "bad_data/order", "The loss saws up and down in the same way in every epoch.",
                  (f"{percent(min(explained, 1))} of its scatter is decided by the place of the batch in the epoch.",
                   f"Neighbouring batches are alike: their mean losses correlate by {alike:.2f}; in shuffled data by "
                   "about 0."), (signals.step[0], signals.step[-1]))]


def _periodic(signals):
    """Without numbers of batches: jumps that come back at equal distances."""
    spread = robust_deviation(signals.residual)
    rows = np.flatnonzero((signals.residual > STANDS_OUT * spread) & (signals.residual > signals.smooth))
    if len(rows) < 4:
        return []
    gaps = np.diff(signals.step[rows])
    period = int(np.median(gaps))
    if period < 4 or np.abs(gaps - period).max() > 0:
        return []
    return [found(signals, "bad_data/periodic", f"The loss jumps every {period} steps.",
                  [f"Steps {', '.join(map(str, signals.step[rows][:5]))}: "
                   f"{written(signals.residual[rows].mean())} above the loss around them."], signals.step[rows])]


def _repeats(signals):
    """Without numbers of batches: a saw that comes back at one distance, under a rate that does not."""
    rate = signals.rate
    if (np.diff(rate) > 0.05 * np.nanmax(rate, initial=0.0)).sum() >= 2:
        return []  # restarts
    rest = signals.loss - np.polyval(np.polyfit(signals.step, signals.loss, 2), signals.step)
    rest = rest[len(rest) // 4 :]
    level = float(np.median(signals.loss[len(signals) // 4 :]))
    if rest.std() < 0.015 * level or echo(rest, 1) < ALIKE or len(rest) < 60:
        return []
    lags = np.arange(8, len(rest) // 3)
    echoes = np.array([echo(rest, lag) for lag in lags])
    period, best = int(lags[echoes.argmax()]), float(echoes.max())
    between = float(min(echo(rest, lag) for lag in range(max(2, period // 4), period)))
    if best < (0.6 if rest.std() > 0.3 * level else 0.8) or between > 0.2:
        return []
    if not signals.chance:
        return [CannotTell("bad_data", f"The loss repeats itself every {period} steps: data in an order do that, and "
                           "targets that are renewed at that distance.",
                           f"Pass batch=<place in the epoch> to Monitor.observe; {CHECKLIST} looks at the order.")]
    return [found(signals, "bad_data/order", f"The loss repeats itself every {period} steps.",
                  [f"Losses {period} steps apart correlate by {best:.2f}, neighbours by {echo(rest, 1):.2f}.",
                   f"The scatter is {percent(rest.std() / level)} of the level."],
                  (signals.step[0], signals.step[-1]))]


def _heavy(signals):
    """A few batches carry most of the loss, at the end as at the start."""
    half = signals.loss[len(signals) // 2 :]
    usual, mean = float(np.median(half)), float(half.mean())
    if not usual > 0 or mean < HEAVY * usual or mean < 0.1 * signals.part(0, 0.5).mean():
        return []
    return [CannotTell("bad_data", f"A few batches carry the loss: its mean over the second half is {written(mean)}, "
                       f"its median {written(usual)}. Rows with outlying targets do that, in another unit or wrong, "
                       "and noise with heavy tails.", "Pass batch=<place in the epoch> to Monitor.observe; look at the "
                       "largest targets.")]


def _alike(signals):
    half = signals.residual[len(signals) // 6 :]
    if half.std() == 0 or half.std() < 0.3 * signals.smooth[len(signals) // 6 :].mean():
        return []
    correlation = echo(half)
    if correlation < ALIKE:
        return []
    return [CannotTell("bad_data", f"The loss wanders ({percent(half.std() / signals.smooth.mean())} of its level, "
                       f"neighbours correlate by {correlation:.2f}): data in an order do that, but not only they.",
                       f"Pass batch=<place in the epoch> to Monitor.observe; {CHECKLIST} counts the classes in a "
                       "batch.")]
