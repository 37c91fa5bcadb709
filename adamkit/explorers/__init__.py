"""What an explorer is made of: sliders wired to a picture that moves. The explorers: `adamkit.lessons.explorers`.

    base        the class that every explorer is made from: controls, scenarios, `draw`, `show`
    controls    sliders, choices, switches, points: what they take, and where they stop
    view        the widget: both of them on a page, in step with the kernel
    landscape   a surface seen from above, and paths over it
    panels      the stage with its axes, a loss plot, a small table
"""


def __getattr__(name):
    raise AttributeError(f"adamkit.explorers has no {name!r}; the explorers themselves: "
                         "from adamkit.lessons import explorers")
