"""One colour, and one marker, for each optimizer in every notebook.

The first seven share many plots. They were searched for: at least 3:1 in contrast with white and
with #111111, and as far apart as possible for full vision and for the three dichromacies (a test
holds the distances). The variants meet in fewer plots, where they are labelled at the line too.
"""

COLORS = {
    "SGD": "#737979",
    "Momentum": "#3f6ce8",
    "Nesterov": "#16a0b3",
    "AdaGrad": "#b38533",
    "RMSprop": "#c63707",
    "Adam": "#14793a",
    "AdamW": "#954aaa",
    "AMSGrad": "#5a8f1f",
    "NAdam": "#0e8f6e",
    "RAdam": "#a8662a",
    "LAMB": "#c0486b",
    "AdaMax": "#8a7a1e",
    "Lion": "#cf6a12",
    "Adafactor": "#5b6ab0",
    "ScheduleFreeAdamW": "#b03fa5",
    "Muon": "#d03848",
    "Adam8bit": "#2b8f9c",
}

MARKERS = dict(zip(COLORS, "osv^DPX*<>hpd8HsD", strict=True))

#: Titles and thick lines; labels and ticks; grid lines.
INK, QUIET, GRID = "#1f2933", "#4b5563", "#e5e9ee"

#: Heights of a surface, low to high: pale, so that every optimizer's colour stands out.
SURFACE = ("#a9c4dd", "#d3e1ed", "#eef3f7", "#fbfaf6")


def color_of(rule):
    """Colour of a rule, a rule's class, or a name; ink for what has none."""
    kind = rule if isinstance(rule, (str, type)) else type(rule)
    return COLORS.get(kind if isinstance(kind, str) else kind.__name__, INK)
