"""Gradient descent to Adam and beyond: update rules written once, as their papers write them.

Parts are loaded when they are first used, so ``import adamkit`` is instant and pulls in neither torch nor
matplotlib nor a widget library:

    from adamkit import optim, surfaces        # needs NumPy only
    from adamkit import torch_optim            # the same rules as torch.optim.Optimizer
"""

import importlib

from adamkit import moved

__version__ = "1.0.0"

PARTS = (
    "claims",
    "descent",
    "diagnostics",
    "explorers",
    "live",
    "optim",
    "plotting",
    "practice",
    "quantization",
    "rules",
    "schedules",
    "server",
    "surfaces",
    "tasks",
    "theory",
    "torch_optim",
    "training",
)


def __getattr__(name):
    """Load a part of the package the first time it is asked for."""
    if name in PARTS or f"{__name__}.{name}" in moved.MOVED:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'adamkit' has no attribute {name!r}; it has {', '.join(PARTS)}")


moved.follow()


def __dir__():
    return sorted({*globals(), *PARTS})
