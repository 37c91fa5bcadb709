"""One colour, and one marker, for each optimizer in every notebook.

The first seven share many plots. They were searched for: at least 3:1 in contrast with white and
with #111111, and as far apart as possible for full vision and for the three dichromacies (a test
holds the distances). The variants meet in fewer plots, where they are labelled at the line too.
"""

from adamkit import rules

LOOKS = {
    "SGD": ("#737979", "o"),
    "Momentum": ("#3f6ce8", "s"),
    "Nesterov": ("#16a0b3", "v"),
    "AdaGrad": ("#b38533", "^"),
    "RMSprop": ("#c63707", "D"),
    "Adam": ("#14793a", "P"),
    "AdamW": ("#954aaa", "X"),
    "AMSGrad": ("#5a8f1f", "*"),
    "NAdam": ("#0e8f6e", "<"),
    "RAdam": ("#a8662a", ">"),
    "LAMB": ("#c0486b", "h"),
    "AdaMax": ("#8a7a1e", "p"),
    "Lion": ("#cf6a12", "d"),
    "Adafactor": ("#5b6ab0", "8"),
    "ScheduleFreeAdamW": ("#b03fa5", "H"),
    "Muon": ("#d03848", "s"),
    "Adam8bit": ("#2b8f9c", "D"),
}
#: For rules of `adamkit.rules` without a look of their own, in turn.
SPARE = (("#7a5bd0", "v"), ("#4f7f52", "^"), ("#a3506a", "s"), ("#1f7fc4", "D"), ("#8b6b4a", "o"), ("#6f7d2a", "p"))
_others = [kind.__name__ for kind in rules.ALL if kind.__name__ not in LOOKS]
LOOKS |= {name: SPARE[i % len(SPARE)] for i, name in enumerate(_others)}

COLORS = {name: color for name, (color, _) in LOOKS.items()}
MARKERS = {name: marker for name, (_, marker) in LOOKS.items()}

#: Titles and thick lines; labels and ticks; grid lines.
INK, QUIET, GRID = "#1f2933", "#4b5563", "#e5e9ee"

#: Heights of a surface, low to high: pale, so that every optimizer's colour stands out.
SURFACE = ("#a9c4dd", "#d3e1ed", "#eef3f7", "#fbfaf6")


def color_of(rule):
    """Colour of a rule, a rule's class, or a name; ink for what has none."""
    kind = rule if isinstance(rule, (str, type)) else type(rule)
    return COLORS.get(kind if isinstance(kind, str) else kind.__name__, INK)
