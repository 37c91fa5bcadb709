"""Sliders wired to pictures that move: one explorer for each question.

    from adamkit import explorers

    race = explorers.race()           # the last line of a cell shows it
    race.set(lr=0.1)                  # the same as moving the slider; works without a browser
    race.scenario("Ravine")           # the same as pressing the button
    race.figure                       # the matplotlib figure

Each name below is a class made from `base.Explorer`; calling it makes one explorer, and keywords
set its opening values: ``explorers.race(surface="beale")``.
"""

import importlib

#: Public name → (module, class). Modules are loaded when an explorer is first asked for.
ALL = {
    "race": ("racing", "Race"),
    "noise": ("noisy_descent", "NoisyDescent"),
    "momentum": ("heavy_ball", "HeavyBall"),
    "momentum_map": ("rate_map", "RateMap"),
    "moments": ("adam_moments", "Moments"),
    "adam_surface": ("adam_walk", "AdamWalk"),
    "rmsprop": ("turned_ravine", "RMSpropRavine"),
    "decay": ("decay_by_scale", "Decay"),
    "schedule": ("schedule_builder", "ScheduleBuilder"),
    "online_problem": ("reddi", "OnlineProblem"),
    "adviser": ("advising", "Adviser"),
    "mystery": ("mystery_runs", "Mystery"),
    "quantiser": ("eight_bits", "Quantiser"),
    "spectrum": ("matrix_steps", "Spectrum"),
    "memory": ("memory_budget", "MemoryBudget"),
    "scale": ("scaled_run", "ScaledRun"),
}

__all__ = ["ALL", *ALL]


def __getattr__(name):
    """Load an explorer's class the first time it is asked for."""
    if name in ALL:
        module, cls = ALL[name]
        return getattr(importlib.import_module(f"{__name__}.{module}"), cls)
    raise AttributeError(f"there is no explorer {name!r}; there are {', '.join(ALL)}")
