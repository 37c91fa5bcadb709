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

#: Public name → (module, class). Modules are loaded when an explorer is first asked for.
ALL = {
    "race": ("adamkit.lessons.nb00.race", "Race"),
    "noise": ("adamkit.lessons.nb01.noise", "NoisyDescent"),
    "momentum": ("adamkit.lessons.nb02.momentum", "HeavyBall"),
    "momentum_map": ("adamkit.lessons.nb02.momentum_map", "RateMap"),
    "moments": ("adamkit.lessons.nb04.moments", "Moments"),
    "adam_surface": ("adamkit.lessons.nb04.adam_surface", "AdamWalk"),
    "rmsprop": ("adamkit.lessons.nb03.rmsprop", "RMSpropRavine"),
    "decay": ("adamkit.lessons.nb05.decay", "Decay"),
    "schedule": ("adamkit.lessons.nb06.schedule", "ScheduleBuilder"),
    "online_problem": ("adamkit.lessons.nb08.online_problem", "OnlineProblem"),
    "adviser": ("adamkit.lessons.nb07.adviser", "Adviser"),
    "mystery": ("adamkit.lessons.nb12.mystery", "Mystery"),
    "quantiser": ("adamkit.lessons.nb09.quantiser", "Quantiser"),
    "spectrum": ("adamkit.lessons.nb09.spectrum", "Spectrum"),
    "memory": ("adamkit.lessons.nb10.memory", "MemoryBudget"),
    "scale": ("adamkit.lessons.nb11.scale", "ScaledRun"),
}

__all__ = ["ALL", *ALL]


def __getattr__(name):
    """Load an explorer's class the first time it is asked for."""
    if name in ALL:
        module, cls = ALL[name]
        return getattr(importlib.import_module(module), cls)
    raise AttributeError(f"there is no explorer {name!r}; there are {', '.join(ALL)}")
