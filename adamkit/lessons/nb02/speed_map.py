"""The (η, β) plane of a ravine as a coloured map: measured speed, theory's boundary, the best place."""

from functools import lru_cache

import numpy as np

from adamkit import descent, rules, surfaces, theory
from adamkit.explorers.panels import label

STEPS = 240
LRS = np.geomspace(1e-3, 1, 72)
GAPS = np.linspace(0, 2.1, 56)  # −log₁₀(1−β): 0 is β = 0, 2 is β = 0.99
FEWEST, MOST = 2.0, 2000.0  # steps to a tenth of the distance: ends of the colour scale
LOST = "#d9dbde"
OVER = "#b3261e"


class SpeedMap:
    """The coloured plane: axes in log₁₀ η and −log₁₀(1−β), so that it is a plain image."""

    def __init__(self, ax, scale):
        self._shown = None
        x, y = np.log10(LRS), GAPS
        across, up = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2  # the image's edges lie half a cell outside its centres
        extent = (x[0] - across, x[-1] + across, y[0] - up, y[-1] + up)
        look = {"cmap": speed_colors(), "vmin": np.log10(FEWEST), "vmax": np.log10(MOST)}
        nothing = np.zeros((len(GAPS), len(LRS)))
        self.image = ax.imshow(nothing, origin="lower", extent=extent, aspect="auto", interpolation="nearest", **look)
        ax.set_facecolor(LOST)
        ax.grid(False)
        ax.set_xticks([-3, -2, -1, 0], ["0.001", "0.01", "0.1", "1"])
        betas = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
        ax.set_yticks([-np.log10(1 - beta) for beta in betas], [f"{beta:g}" for beta in betas])
        label(ax, "learning rate η", "β")
        self.edge = ax.plot([], [], color=OVER, lw=1.8, zorder=3)[0]
        self.star = ax.plot([], [], "*", color="white", mec="#222222", mew=0.9, ms=12, zorder=4)[0]
        self.cell = ax.plot([], [], "o", color="none", mec="#ffffff", mew=2.4, ms=14, zorder=6)[0]
        self.ring = ax.plot([], [], "o", color="none", mec="#222222", mew=1, ms=17, zorder=5)[0]
        self.moving = [self.image, self.edge, self.star, self.ring, self.cell]
        steps = (2, 5, 20, 100, 500, 2000)
        bar = ax.figure.colorbar(self.image, cax=scale, orientation="horizontal", ticks=np.log10(steps))
        bar.set_ticklabels([str(count) for count in steps])
        label(scale, "steps to a tenth of the distance; grey: diverges; red: theory")

    def show(self, form, kappa):
        """Another map, its boundary and its best place, if form or κ have changed."""
        if self._shown == (form, kappa):
            return
        self._shown = (form, kappa)
        with np.errstate(invalid="ignore"):
            self.image.set_data(np.log10(steps_to_a_tenth(form, kappa)))
        betas = 1 - 10.0**-GAPS
        limit = theory.nesterov_limit if form == "nesterov" else theory.heavy_ball_limit
        self.edge.set_data(np.log10(limit(betas, kappa)), GAPS)
        lr, beta = best_of(form, kappa)
        self.star.set_data([np.log10(lr)], [-np.log10(1 - beta)])

    def place(self, lr, beta):
        """Mark one cell."""
        for ring in (self.cell, self.ring):
            ring.set_data([np.log10(lr)], [-np.log10(1 - beta)])


def measured_rates(losses):
    """Factor per step on the distance from losses (n, steps + 1) of a quadratic; NaN where a run diverged.

    From the largest loss in the last third over that in the third before it: taking the largest makes swings drop out.
    """
    third = (losses.shape[1] - 1) // 3
    late, early = losses[:, -third:].max(axis=1), losses[:, -2 * third : -third].max(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (late / early) ** (0.5 / third)  # the loss falls like the distance squared


@lru_cache(maxsize=32)
def steps_to_a_tenth(form, kappa):
    """Steps that shrink the distance tenfold, for every (β, η) of the map; NaN where it does not shrink."""
    hypers, shape = descent.grid(momentum=1 - 10.0**-GAPS, lr=LRS)
    rule = rules.Nesterov(**hypers) if form == "nesterov" else rules.Momentum(**hypers)
    losses = descent.sweep(rule, ravine(kappa), steps=STEPS, keep="losses").losses
    rates = measured_rates(losses).reshape(shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(rates < 1, -1 / np.log10(rates), np.nan)


def best_of(form, kappa):
    """(η, β) of the best rate for curvatures 1 and κ: Polyak 1964; for Nesterov, Lessard et al. 2016, proposition 1."""
    if form == "heavy_ball":
        lr, beta, _ = theory.momentum_best(1, kappa)
        return lr, beta
    root = np.sqrt(3 * kappa + 1)
    return 4 / (3 * kappa + 1), (root - 2) / (root + 2)


def speed_colors():
    """Few steps light, many dark, diverged grey."""
    from matplotlib import colormaps

    return colormaps["viridis_r"].with_extremes(bad=LOST)


@lru_cache(maxsize=64)
def ravine(kappa):
    """One ravine for each κ, so that a picture can tell whether it changed."""
    return surfaces.ravine(kappa=kappa)
