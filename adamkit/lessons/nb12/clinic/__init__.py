"""A clinic: small seeded trainings that are sick in one known way, and healthy ones to compare with.

    from adamkit.lessons.nb12 import clinic

    case = clinic.CASES["plateau"]
    sick = case.run(seed=0)
    sick.losses, sick.readings                  # what a `diagnostics.Monitor` saw
    cured = case.run(seed=0, treatment="decay")
    case.measure(cured), case.cured(cured)      # the figure that decides, and the verdict

Each run takes about a second on one processor. A case also holds treatments that do *not* help, because knowing them
is half of a diagnosis. Needs torch, no widget library.
"""

import importlib

#: Public name → module. Loaded when first asked for, so that `records` can be read without torch.
_PLACES = {
    "CASES": "ward",
    "HEALTHY": "ward",
    "case": "ward",
    "Case": "patient",
    "Run": "patient",
    "Treatment": "patient",
    "Plan": "plan",
    "train": "plan",
    "visit": "visits",
    "Visit": "visits",
    "Chart": "visits",
}

__all__ = ["CASES", "HEALTHY", "Case", "Chart", "Plan", "Run", "Treatment", "Visit", "case", "train", "visit"]


def __getattr__(name):
    if name in _PLACES:
        value = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
