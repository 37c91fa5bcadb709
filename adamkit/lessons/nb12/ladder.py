"""Which question to ask first about a sick run, cheap ones before dear ones, data before optimizer; and its picture."""

import textwrap

from matplotlib.patches import FancyBboxPatch

from adamkit.plotting import INK, QUIET

#: (question, disease, what to do); a yes ends the search, a no leads to the next.
LADDER = (
    (
        "Does a line of the checklist fail?",
        "Data or code",
        "Repair it. Only the line on the step is a matter of the rate.",
    ),
    (
        "Is a number NaN or infinite?",
        "Not finite",
        "Find the first: parameter and step. A loss in the code, float16, or one batch. Clip only for the "
        "last.",
    ),
    (
        "Do spikes come back at one distance?",
        "Bad data",
        "Count the batches of an epoch. Look at that batch by eye.",
    ),
    (
        "Did one spike come late, at no distance?",
        "A late spike",
        "Go back a hundred steps, skip a few hundred batches. Log attention's scores, log Z, g²/v.",
    ),
    (
        "Has nothing moved, ratios near zero?",
        "Flat from the start",
        "Print the rate: a warmup in the wrong unit? Or frozen layers?",
    ),
    (
        "Did it explode within a few dozen steps?",
        "Rate too high",
        "Divide it by ten. Your own Adam? Try torch's: the correction may be missing.",
    ),
    (
        "Did it climb after the warmup was over?",
        "Peak too high",
        "A third of the peak. In our run a longer warmup only put it off.",
    ),
    (
        "Is it flat at a high level, with a violent first step?",
        "A broken start",
        "Warmup or a lower rate from the beginning; later, a low peak with fresh moments.",
    ),
    (
        "Does it swing even on one and the same batch?",
        "Oscillation",
        "Lower the rate, or let it fall to zero: the swings shrink with it.",
    ),
    (
        "Does it jitter about a level, with long steps?",
        "Plateau",
        "Decay the rate to zero. Longer training alone gains little.",
    ),
    (
        "Does training fall and validation rise?",
        "Overfitting, or forgetting",
        "More data, old data mixed in, weight decay, stop earlier.",
    ),
    (
        "Does one layer move far less than the others?",
        "Uneven layers",
        "Adam instead of SGD, another activation, the same rate for all groups.",
    ),
)

LINE, PADDING, GAP = 0.155, 0.07, 0.12  # inches
ASK, ANSWER = (0.05, 3.6), (4.35, 4.6)  # left edge and width of the columns, inches


def draw_ladder(ax, rungs, *, columns=(50, 66)):
    """Draw questions from top to bottom; "no" leads down, "yes" to the right.

    Args:
        ax: an Axes that is emptied of its axes; its height is set to what the text needs, in inches.
        rungs: sequence of (question, disease, what to do), non-empty texts.
        columns: characters a line in the left and in the right boxes, both 10 or more.

    Returns:
        Height of the ladder in inches; make the figure as high.

    Raises:
        ValueError: there is no rung, or one that has not three texts.
    """
    rungs = [tuple(rung) for rung in rungs]
    if not rungs or any(len(rung) != 3 or not all(isinstance(part, str) and part for part in rung) for rung in rungs):
        raise ValueError(f"rungs={rungs!r} must be triples of texts: question, disease, what to do; at least one")
    y = 0.0
    for place, (question, disease, remedy) in enumerate(rungs):
        asked, told = textwrap.wrap(question, columns[0]), textwrap.wrap(remedy, columns[1])
        height = 2 * PADDING + LINE * max(len(asked), len(told) + 1)
        _box(ax, ASK, y, height, asked)
        _box(ax, ANSWER, y, height, [disease, *told], first_bold=True)
        _arrow(ax, (sum(ASK), y + height / 2), (ANSWER[0], y + height / 2), "yes")
        y += height
        if place < len(rungs) - 1:
            _arrow(ax, (ASK[0] + 0.5, y), (ASK[0] + 0.5, y + GAP + 0.06), "no")
            y += GAP + 0.06
    ax.set(xlim=(0, sum(ANSWER) + 0.05), ylim=(y + 0.04, -0.04))
    ax.set_axis_off()
    return y + 0.08


def _box(ax, column, y, height, lines, *, first_bold=False):
    left, width = column
    ax.add_patch(FancyBboxPatch((left, y), width, height, boxstyle="round,pad=0,rounding_size=0.06",
                                facecolor="none", edgecolor=QUIET, linewidth=0.9))
    top = y + (height - LINE * len(lines)) / 2
    for place, line in enumerate(lines):
        ax.text(left + 0.12, top + (place + 0.5) * LINE, line, va="center", fontsize=8.2, color=INK,
                fontweight="bold" if first_bold and place == 0 else "normal")


def _arrow(ax, start, end, word):
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": QUIET, "linewidth": 1.1, "shrinkA": 0,
                                            "shrinkB": 0})
    across = end[0] != start[0]
    ax.text((start[0] + end[0]) / 2 + (0 if across else 0.2), (start[1] + end[1]) / 2 - (0.1 if across else 0), word,
            ha="center", va="center", fontsize=7.6, color=QUIET)
