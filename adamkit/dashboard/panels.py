"""The curves of the board: where they come from, how they are called, how their axis runs."""

import math
from dataclasses import dataclass

import numpy as np

#: A positive curve whose highest value is this many times its lowest is easier to read on a logarithmic axis.
LOG_FROM = 8.0


@dataclass(frozen=True)
class Panel:
    """One small chart.

    Attributes:
        field: of a training `Record`.
        label: its title, with the symbol.
        unit: written after numbers.
        log: True, False, or None to decide by the values.
        zero: the axis begins at 0.
        scale: factor from the record's unit to the shown one.
    """

    field: str
    label: str
    unit: str = ""
    log: bool | None = False
    zero: bool = False
    scale: float = 1.0


LOSS = Panel("loss", "loss", log=None)
PACE = Panel("examples_per_second", "throughput", unit="rows/s", zero=True)
PANELS = (
    LOSS,
    Panel("rate", "learning rate η", zero=True),
    Panel("grad_norm", "gradient norm ‖g‖", log=None),
    Panel("update_ratio", "update/weight ‖Δθ‖/‖θ‖", log=None),
    PACE,
    Panel("memory", "memory", unit="MB", zero=True, scale=1e-6),
)
TOKENS = Panel("tokens_per_second", "throughput", unit="tokens/s", zero=True)


def panels_for(record):
    """The panels of a training whose first record this is: rows or tokens a second, as the data has them."""
    counts_tokens = record.tokens_per_second > record.examples_per_second
    return tuple(TOKENS if counts_tokens and p is PACE else p for p in PANELS)


def wants_log(panel, values):
    """Whether the axis of these finite values should be logarithmic."""
    if panel.log is not None or len(values) == 0:
        return bool(panel.log)
    low, high = np.min(values), np.max(values)
    return bool(low > 0 and high > LOG_FROM * low)


def short(value, unit=""):
    """A number as the board writes it: three digits, thousands as k and M: 0.00123, 2.31, 45.2 k tokens/s."""
    if not math.isfinite(value):
        return "–"
    letter = ""
    if abs(value) >= 999.5 and unit:
        factor, letter = (1e6, "M ") if abs(value) >= 999.5e3 else (1e3, "k ")
        value /= factor
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        digits = f"{value:.4g}" if abs(value) >= 999.5 else f"{value:#.3g}".rstrip(".")
    else:
        digits = f"{value:.2e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{digits} {letter}{unit}".strip()
