"""Rules for losses that depend on which batch comes: wrong labels, no shuffling."""

import numpy as np

from adamkit.diagnostics.report import CannotTell, Finding
from adamkit.diagnostics.signals import percent, robust_deviation, written

#: A batch this many robust deviations above the others stands out; sound batches in fixed order reach 6.
STANDS_OUT = 15.0
#: Batches that follow each other are alike above this correlation; sound ones in fixed order stay below 0.4.
ALIKE = 0.5


def bad_data(signals):
    """bad_data: some batches stand out at each visit, or batches that follow each other are alike."""
    if not signals.enough:
        return []
    numbered = np.isfinite(signals.batch).all() and 4 <= len(np.unique(signals.batch)) <= len(signals) / 2
    if numbered:
        return _outliers(signals, *_by_batch(signals)) or _unshuffled(signals, *_by_batch(signals))
    return _periodic(signals) or _alike(signals)


def _by_batch(signals):
    """Numbers of the batches, mean residual of each, and its smallest, after the first sixth of the run."""
    later = np.arange(len(signals)) >= len(signals) // 6
    ids = np.unique(signals.batch[later])
    own = [signals.residual[later & (signals.batch == number)] for number in ids]
    return ids.astype(int), np.array([r.mean() for r in own]), np.array([r.min() for r in own]), \
        np.array([len(r) for r in own])


def _outliers(signals, ids, means, least, visits):
    spread = max(robust_deviation(means), 1e-9 * abs(signals.start))
    limit = np.median(means) + STANDS_OUT * spread
    bad = np.flatnonzero((least > limit) & (means > signals.level) & (means > 0.05 * abs(signals.start)) & (visits > 1))
    if not len(bad) or len(bad) > len(ids) / 3:
        return []
    names = ", ".join(map(str, ids[bad][:5])) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
    worst = bad[np.argmax(means[bad])]
    steps = signals.step[signals.batch == ids[worst]]
    return [Finding("bad_data", f"The loss jumps whenever batch {names} comes.",
                    (f"Batch {ids[worst]} lies {written(means[worst])} above the loss around it, at each of its "
                     f"{visits[worst]} visits (steps {', '.join(map(str, steps[-4:]))}).",
                     f"That is {written((means[worst] - np.median(means)) / spread)} times the usual scatter between "
                     "batches, and it does not wear off."),
                    "The batch itself: wrong labels, broken rows, rows of another kind. The optimizer is not at fault.",
                    ("Look at the rows and labels of that batch.", "Repair or remove them.",
                     "Clipping only dampens what it does; a lower rate hides it."), steps)]


def _unshuffled(signals, ids, means, least, visits):
    later = np.arange(len(signals)) >= len(signals) // 6
    rest = signals.residual[later]
    if len(ids) < 8 or rest.std() == 0 or np.ptp(means) == 0:
        return []
    explained = float((visits * means**2).sum() / (rest**2).sum())
    alike = float(np.corrcoef(means, np.roll(means, 1))[0, 1])
    size = float(rest.std() / max(signals.smooth[later].mean(), 1e-12))
    if not (alike >= ALIKE and explained >= 0.6 and size >= 0.1):
        return []
    return [Finding("bad_data", "The loss saws up and down in the same way in every epoch.",
                    (f"{percent(min(explained, 1))} of its scatter is decided by the place of the batch in the epoch.",
                     f"Neighbouring batches are alike: their mean losses correlate by {alike:.2f}; in shuffled data by "
                     "about 0."),
                    "The data come in an order: by class, by source, by length. The model follows each stretch and "
                    "forgets the one before.",
                    ("Shuffle the rows anew in every epoch.", "Check the sampler: shuffle=True, and a seed per epoch.",
                     "Mix sources within a batch."), (signals.step[0], signals.step[-1]))]


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
    return [Finding("bad_data", f"The loss jumps every {period} steps.",
                    (f"Steps {', '.join(map(str, signals.step[rows][:5]))}: "
                     f"{written(signals.residual[rows].mean())} above the loss around them.",),
                    "If an epoch has as many steps, one batch is broken: wrong labels, or rows of another kind.",
                    ("Look at the batch of these steps.", "Pass batch=… to Monitor.observe, to see it named."),
                    signals.step[rows])]


def _alike(signals):
    half = signals.residual[len(signals) // 6 :]
    if half.std() == 0 or half.std() < 0.3 * signals.smooth[len(signals) // 6 :].mean():
        return []
    correlation = float(np.corrcoef(half[1:], half[:-1])[0, 1])
    if correlation < ALIKE:
        return []
    return [CannotTell("bad_data", f"The loss wanders ({percent(half.std() / signals.smooth.mean())} of its level, "
                       f"neighbours correlate by {correlation:.2f}): data in an order do that, but not only they.",
                       "Pass batch=<place in the epoch> to Monitor.observe.")]
