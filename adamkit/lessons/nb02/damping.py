"""How a ball with momentum moves along one curvature, and the panel that shows it."""

import numpy as np

from adamkit import plotting, theory
from adamkit.explorers.panels import label

STRENGTHS = np.geomspace(1e-3, 10, 161)  # of ηλ, for the curve


def ball_rate(form, strength, beta):
    """Factor per step on the distance, by theory; ``strength`` is ηλ with the η of the heavy ball."""
    rate = theory.nesterov_rate if form == "nesterov" else theory.heavy_ball_rate
    return rate(strength, beta, 1.0)


def motion(form, strength, beta):
    """What the ball does along one curvature: "creeps", "swings", "flips" or "diverges"."""
    if ball_rate(form, strength, beta) >= 1:
        return "diverges"
    # Nesterov on one curvature is a heavy ball whose momentum is β(1−ηλ).
    own = beta * (1 - strength) if form == "nesterov" else beta
    middle = 1 + own - strength  # sum of the two roots
    if middle**2 < 4 * own:
        return "swings"
    return "creeps" if middle > 0 else "flips"


class RatePanel:
    """Factor per step against ηλ, with a dot for the ravine's floor and one for its walls."""

    def __init__(self, ax, colors):
        self.colors = colors
        ax.set_xscale("log")
        ax.set_xlim(STRENGTHS[0], STRENGTHS[-1])
        ax.set_ylim(0, 1.25)
        ax.axhspan(1, 1.25, color="#f6dfda", lw=0)
        ax.grid(True, color=plotting.GRID, lw=0.7)
        label(ax, "ηλ   (average: (1−β)ηλ)", "factor per step")
        self.curve = ax.plot([], [], lw=1.6, zorder=3)[0]
        self.dots = ax.plot([], [], "o", color="white", mec=plotting.INK, mew=1.6, ms=7, zorder=5)[0]
        self.names = [ax.text(0, 0, "", ha="center", va="bottom", fontsize=8, color=plotting.QUIET) for _ in range(2)]
        self.moving = [self.curve, self.dots, *self.names]

    def place(self, name, form, beta, strengths):
        """The curve for β, and the dots at the two strengths; those outside the panel stop at its edge."""
        self.curve.set_color(self.colors[name])
        self.curve.set_data(STRENGTHS, np.minimum(ball_rate(form, STRENGTHS, beta), 2.0))
        x = np.clip(strengths, STRENGTHS[0], STRENGTHS[-1])
        y = np.minimum(ball_rate(form, strengths, beta), 1.2)
        self.dots.set_data(x, y)
        close = abs(np.log(x[1] / x[0])) < 1.2  # their names would run into each other
        for words, text, across, up in zip(("floor", "wall"), self.names, x, y):
            second = close and words == "wall"
            lift = (-0.4 if second else -0.25) if up > 1.05 else -0.25 if second else 0.07
            text.set_text(words)
            text.set_position((min(max(across, 2e-3), 5), up + lift))
