"""What an explorer is made of: sliders wired to a picture that moves. The explorers: `adamkit.lessons.explorers`.

    base        the class that every explorer is made from: controls, scenarios, `draw`, `show`
    controls    sliders, choices, switches, points: what they take, and where they stop
    view        the widget: both of them on a page, in step with the kernel
    landscape   a surface seen from above, and paths over it
    panels      the stage with its axes, a loss plot, a small table
"""

import importlib


def __getattr__(name):
    """``explorers.race`` of the first edition is that of `adamkit.lessons.explorers`."""
    return getattr(importlib.import_module("adamkit.lessons.explorers"), name)
