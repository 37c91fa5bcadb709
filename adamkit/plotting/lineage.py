"""A map of which method descends from which, and a line of years."""

import textwrap

from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from adamkit.plotting.colors import GRID, INK, QUIET, color_of

BOX = (0.86, 0.8)  # of a column, of a row


def draw_family(ax, methods):
    """Boxes with what each method changed, and a curve from each parent to its child.

    Args:
        ax: empty matplotlib Axes; its frame is taken away.
        methods: objects with ``name``, ``year``, ``change``, ``rule``, ``place`` (column, row from the top) and
            ``parents``, names that stand further left.
    """
    places = {method.name: method.place for method in methods}
    _settle(ax, [x for x, _ in places.values()], [y for _, y in places.values()])
    for method in methods:
        for parent in method.parents:
            _curve(ax, places[parent], method.place, color_of(method.rule or method.name))
    for method in methods:
        _box(ax, method)


def _settle(ax, columns, rows):
    ax.set_axis_off()
    ax.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    ax.set_ylim(max(rows) + 0.5, min(rows) - 0.5)


def _curve(ax, start, end, color):
    """Level at both ends, from the right edge of the parent to the left edge of the child."""
    (x0, y0), (x1, y1) = (start[0] + BOX[0] / 2, start[1]), (end[0] - BOX[0] / 2, end[1])
    bend = 0.14 + 0.5 * (x1 - x0 - 0.14)
    points = [(x0, y0), (x0 + bend, y0), (x1 - bend, y1), (x1, y1)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ax.add_patch(PathPatch(path, facecolor="none", edgecolor=color, linewidth=1.3, alpha=0.75, zorder=1))


def _box(ax, method):
    x, y = method.place
    width, height = BOX
    color = color_of(method.rule or method.name)
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, mutation_aspect=4, zorder=2,
                                boxstyle="round,pad=0,rounding_size=0.03", facecolor="white", edgecolor=color))
    size = min(8.5, 94 / len(method.name))  # the year has a place beside it
    left, right, words = x - width / 2 + 0.05, x + width / 2 - 0.05, {"va": "center", "zorder": 3}
    ax.text(left, y - 0.2, method.name, fontsize=size, weight="bold", color=color, **words)
    ax.text(right, y - 0.2, str(method.year), fontsize=7, color=QUIET, ha="right", **words)
    ax.text(left, y + 0.17, textwrap.fill(method.change, 24), fontsize=7, color=INK, linespacing=0.95, **words)


def draw_history(ax, methods, *, until):
    """One line for each method, the years along a spine from the top: dates, names, what was new, and who.

    The gaps between years are drawn shorter than they are. A year is written once.

    Args:
        ax: empty matplotlib Axes; its frame is taken away.
        methods: objects with ``name``, ``year``, ``change``, ``by`` and ``rule``, in order of their years.
        until: the year at the open end of the spine.
    """
    heights, y, last = [], 0.0, None
    for method in methods:
        years = 0 if last is None else method.year - last
        y += 0 if last is None else 1 + 0.35 * (years > 1) + 0.5 * (years > 10)
        heights.append(y)
        last = method.year
    ax.set_axis_off()
    ax.set_xlim(0, 10)
    bottom = y + (until > last)
    ax.set_ylim(bottom + 0.8, -0.8)
    ax.plot([1, 1], [0, bottom + 0.5], color=GRID, linewidth=3, zorder=1)
    if until > last:
        ax.text(0.78, bottom, str(until), ha="right", va="center", fontsize=9, color=QUIET)
    last = None
    for method, y in zip(methods, heights, strict=True):
        color = color_of(method.rule or method.name)
        if method.year != last:
            ax.text(0.78, y, str(method.year), ha="right", va="center", fontsize=9, color=QUIET)
        ax.plot([1], [y], "o", color=color, markersize=7, zorder=2)
        ax.text(1.25, y, method.name, va="center", fontsize=9.5, weight="bold", color=color)
        ax.text(3.2, y, method.change, va="center", fontsize=9, color=INK)
        ax.text(6.6, y, method.by, va="center", fontsize=9, color=QUIET)
        last = method.year
