"""Spikes of the loss, and whether v lagged behind g² just before them.

Wortsman, Dettmers et al. 2023 (section 3.4) report that loss spikes of CLIP models follow 1 to 8 steps after v
underestimates g²: after the root mean square of g/√v̂ of a layer rises above 2.3.
"""

from dataclasses import dataclass

import numpy as np

from adamkit.diagnostics.signals import Signals, robust_deviation
from adamkit.numbers import written

#: A spike stands this many robust deviations, and this share of the level, above the loss around it.
HIGH, SHARE = 8.0, 0.5
#: Where to look for the lag, in steps before the spike, and how large it must be.
BEFORE, LAGGED = 8, 2.3


@dataclass(frozen=True)
class Spike:
    """A loss far above those around it.

    Attributes:
        step, loss, around: where, how high, and the running median there.
        lag: largest g/√v̂ (root mean square of a layer) in the 1 to 8 steps before; NaN if unknown.
        lag_step, layer: where that was.
        seen: in how many of these steps g/√v̂ was measured.
    """

    step: int
    loss: float
    around: float
    lag: float = np.nan
    lag_step: int = 0
    layer: str | None = None
    seen: int = 0

    @property
    def foretold(self):
        """True if v lagged behind g² before the spike."""
        return self.lag >= LAGGED


def spikes(readings):
    """Spikes of the training loss, as a list of `Spike` in the order of their steps; neighbours count as one."""
    signals = readings if isinstance(readings, Signals) else Signals(readings)
    if not signals.enough:
        return []
    high = (signals.residual > HIGH * robust_deviation(signals.residual)) & (signals.residual > SHARE * signals.smooth)
    rows = np.flatnonzero(high)
    rows = rows[np.diff(rows, prepend=-BEFORE - 1) > BEFORE]
    return [Spike(int(signals.step[row]), float(signals.loss[row]), float(signals.smooth[row]), *_lag(signals, row))
            for row in rows if row >= BEFORE]


def _lag(signals, row):
    """Largest surprise in the steps before a row, its step, its layer, and in how many of them it was measured."""
    at = signals.rows[row]
    seen = signals.readings.surprise[at - BEFORE : at]
    if not np.isfinite(seen).any():
        return np.nan, 0, None, 0
    place, layer = np.unravel_index(np.nanargmax(seen), seen.shape)
    step = int(signals.readings.step[at - BEFORE + place])
    return float(seen[place, layer]), step, signals.readings.layers[layer], int(np.isfinite(seen).any(axis=1).sum())


def notes(signals):
    """A sentence on each of the highest three spikes."""
    found = sorted(spikes(signals), key=lambda spike: spike.loss, reverse=True)[:3]
    return tuple(_sentence(spike) for spike in found)


def _sentence(spike):
    text = f"Spike at step {spike.step}: loss {written(spike.loss)} where {written(spike.around)} was usual"
    if spike.foretold:
        return text + (f"; v lagged behind g² at step {spike.lag_step} in {spike.layer} (g/√v̂ was "
                       f"{written(spike.lag)}, about 1 is usual). A smaller β₂ lets v follow sooner.")
    if np.isfinite(spike.lag):
        where = "in the" if spike.seen == BEFORE else f"where it was measured, in {spike.seen} of the"
        return text + f"; v had kept up with g² {where} {BEFORE} steps before (g/√v̂ at most {written(spike.lag)})."
    return text + "."
