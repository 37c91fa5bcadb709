"""Sliders wired to pictures that move: one explorer for each question.

    from adamkit.lessons import explorers

    race = explorers.race()           # the last line of a cell shows it
    race.set(lr=0.1)                  # the same as moving the slider; works without a browser
    race.scenario("Ravine")           # the same as pressing the button
    race.figure                       # the matplotlib figure

Each name below is a class made from `adamkit.explorers.base.Explorer`; calling it makes one explorer, and keywords
set its opening values: ``explorers.race(surface="beale")``.
"""

import importlib

#: Name → (folder, class): ``explorers.race`` is the class Race of ``nb00/race.py``, loaded when it is first asked for.
#: The folder is that of the notebook which shows it first.
ALL = {
    "race": ("nb00", "Race"),
    "noise": ("nb01", "NoisyDescent"),
    "momentum": ("nb02", "HeavyBall"),
    "momentum_map": ("nb02", "RateMap"),
    "rmsprop": ("nb03", "RMSpropRavine"),
    "moments": ("nb04", "Moments"),
    "adam_surface": ("nb04", "AdamWalk"),
    "decay": ("nb05", "Decay"),
    "schedule": ("nb06", "ScheduleBuilder"),
    "adviser": ("nb07", "Adviser"),
    "online_problem": ("nb08", "OnlineProblem"),
    "quantiser": ("nb09", "Quantiser"),
    "spectrum": ("nb09", "Spectrum"),
    "memory": ("nb10", "MemoryBudget"),
    "scale": ("nb11", "ScaledRun"),
    "mystery": ("nb12", "Mystery"),
}

__all__ = ["ALL", *ALL]


def __getattr__(name):
    """Load an explorer's class the first time it is asked for."""
    if name in ALL:
        folder, cls = ALL[name]
        return getattr(importlib.import_module(f"{__package__}.{folder}.{name}"), cls)
    raise AttributeError(f"there is no explorer {name!r}; there are {', '.join(ALL)}")
