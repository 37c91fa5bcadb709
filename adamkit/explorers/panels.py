"""Pieces that explorers share: the stage with its three axes, a loss plot, a small table."""

import numpy as np

from adamkit import plotting

LOWEST = 1e-10  # losses below this are drawn at the bottom edge


def stage():
    """A figure with wide axes on the left, and on the right a plot above a table.

    Returns:
        figure, left, right, below: 680 × 340 pixels, laid out by hand so that nothing moves when
        numbers change.
    """
    figure = plotting.figure(680, 340)
    left = axes(figure, 34, 10, 396, 304)
    right = axes(figure, 486, 10, 180, 164)
    below = axes(figure, 448, 214, 224, 122)
    below.set_axis_off()
    return figure, left, right, below


def axes(figure, x, y, width, height):
    """Axes at a place given in figure pixels from the top left corner."""
    w, h = figure.bbox.width, figure.bbox.height
    ax = figure.add_axes((x / w, 1 - (y + height) / h, width / w, height / h))
    ax.tick_params(labelsize=8, length=3, pad=2, color=plotting.QUIET, labelcolor=plotting.QUIET)
    ax.spines[:].set(color="#c3cad2", linewidth=0.8, visible=True)
    return ax


def label(ax, x=None, y=None):
    """Axis labels in the quiet colour."""
    if x is not None:
        ax.set_xlabel(x, fontsize=8.5, color=plotting.QUIET, labelpad=2)
    if y is not None:
        ax.set_ylabel(y, fontsize=8.5, color=plotting.QUIET, labelpad=2)


class LossPanel:
    """Loss by step on a log axis whose limits depend on the surface alone, so that nothing jumps."""

    def __init__(self, ax, colors, steps):
        self.ax, self._top = ax, None
        ax.set_yscale("log")
        ax.set_xlim(0, steps)
        ax.grid(True, color=plotting.GRID, lw=0.7)
        ax.set_axisbelow(True)
        label(ax, "step", "loss")
        self.lines = {name: ax.plot([], [], color=color, lw=1.6, zorder=4)[0] for name, color in colors.items()}
        self.moving = list(self.lines.values())

    def frame(self, surface, decades=9):
        """Set the limits for a surface; True if they changed."""
        (x0, x1), (y0, y1) = surface.view
        corners = [(x, y) for x in (x0, x1, (x0 + x1) / 2) for y in (y0, y1, (y0 + y1) / 2)]
        top = 10.0 ** np.ceil(np.log10(surface.value(corners).max()))
        if top == self._top:
            return False
        self._top = top
        self.ax.set_ylim(top * 10.0**-decades, top * 3)
        return True

    def place(self, name, losses):
        """One curve; NaN where the run has diverged; None hides it."""
        self.lines[name].set_visible(losses is not None)
        if losses is not None:
            self.lines[name].set_data(np.arange(len(losses)), np.maximum(losses, LOWEST))


class Table:
    """A few rows of words and numbers that change with every frame.

    Args:
        ax: axes without frame; the table fills it.
        heads: column titles.
        names: possible rows; each has a place only while it is shown.
        colors: name → colour of its first word.
        places: where columns begin (first) or end (others), as shares of the width.
    """

    def __init__(self, ax, heads, names, colors, places=(0.08, 0.65, 1.0)):
        ax.set_xlim(0, 1)
        ax.set_ylim(len(names) + 1, 0)
        sides = ["left"] + ["right"] * (len(heads) - 1)
        for x, side, head in zip(places, sides, heads, strict=True):
            ax.text(x, 0.5, head, ha=side, va="center", fontsize=8, color=plotting.QUIET)
        self.rows = {
            name: [ax.text(x, 0, "", ha=side, va="center", fontsize=8.5) for x, side in zip(places, sides, strict=True)]
            for name in names
        }
        self.dots = {name: ax.plot([], [], "o", color=colors[name], ms=6)[0] for name in names}
        self._dot_at = places[0] - 0.05
        self.moving = [artist for name in names for artist in (self.dots[name], *self.rows[name])]

    def place(self, rows):
        """Show these rows, {name: (texts, …)}, from the top."""
        order = {name: line for line, name in enumerate(rows)}
        for name, texts in self.rows.items():
            shown = name in order
            self.dots[name].set_visible(shown)
            if shown:
                self.dots[name].set_data([self._dot_at], [order[name] + 1.5])
            for text, words in zip(texts, rows.get(name, [""] * len(texts)), strict=True):
                text.set_visible(shown)
                text.set_text(words)
                text.set_y(order.get(name, 0) + 1.5)
