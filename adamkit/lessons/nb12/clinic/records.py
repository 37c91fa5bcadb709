"""What the clinic measured, as a file: every case under every treatment. Needs NumPy only, and trains nothing.

Made by ``tools/record_clinic.py``, which says with what and when in `Records.about`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("records.npz")
#: Curves of a run, one number a step: training loss, norm of the whole gradient before clipping, smallest and largest
#: update/weight ratio of a layer, learning rate.
CURVES = ("loss", "gradient", "update_low", "update_high", "rate")
#: Seeds of which the curves are kept; the figures that decide are kept for three.
SEEDS = (0, 1)


@dataclass(frozen=True, eq=False)
class Records:
    """The content of the file.

    Attributes:
        about: when it was made, with which versions, on what kind of machine.
        cases: name → dict with "disease" (None for a healthy run), "story", "measured", "good", "treatments" (name →
            "text", "why", "helps"), "slots" (slot → name of a treatment or None), and "figures" (name of a treatment,
            "" for none → the figure that decides, for seeds 0, 1, 2; None for NaN).
    """

    about: dict
    cases: dict
    arrays: dict

    def curves(self, case, treatment="", seed=0):
        """Curves of a run by name, each (steps,), to about three digits; and "validation_steps", "validation" (k,)."""
        key = f"{case}/{treatment or ''}/{seed}"
        if f"curves/{key}" not in self.arrays:
            raise ValueError(f"there is no record of case {case!r} under {treatment!r} with seed {seed!r}")
        with np.errstate(over="ignore"):
            curves = 10.0 ** self.arrays[f"curves/{key}"].astype(np.float64)
        steps, losses = self.arrays[f"validation/{key}"]
        return dict(zip(CURVES, curves)) | {"validation_steps": steps.astype(int), "validation": losses}

    def cured(self, case, treatment="", seed=0):
        """True when the figure that decides is below the case's bound."""
        figure = self.cases[case]["figures"][treatment or ""][seed]
        return figure is not None and figure < self.cases[case]["good"]


@cache
def load():
    """The `Records` that come with the package."""
    with np.load(FILE, allow_pickle=False) as stored:
        extra = json.loads(str(stored["extra"]))
        return Records(extra["about"], extra["cases"], {name: stored[name] for name in stored.files if name != "extra"})
