"""Gradient descent under its limits: curvature, learning rate, and the noise of small batches."""

from functools import lru_cache

import numpy as np

from adamkit import descent, plotting, rules, surfaces, theory
from adamkit.explorers.base import Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Point, Slider
from adamkit.explorers.landscape import Landscape, SurfaceExplorer
from adamkit.explorers.panels import LossPanel, axes, label, stage
from adamkit.numbers import short

STEPS = 400
SURFACES = {
    "ravine": "ravine",
    "saddle": "saddle",
    "rosenbrock": "Rosenbrock's banana",
    "beale": "Beale's plains",
    "himmelblau": "four minima",
    "cliff": "plateau and cliff",
    "two_minima": "sharp and flat minimum",
}
THEORY = "#b4232c"


class NoisyDescent(SurfaceExplorer):
    """Plain SGD on a surface, with the stability limit of the minimum it is nearest to.

    Controls: ``surface``, ``lr``, ``kappa`` and ``angle`` (of the ravine), ``noise`` (standard deviation
    σ of one example's gradient, per coordinate), ``batch`` (B examples averaged: noise σ/√B),
    ``draw`` (which random numbers), ``start``.
    """

    title = "Gradient descent and its limits"
    opening = "Just below the limit"
    longest = (
        "Limit 2/λ_max = 0.00167; η is 0.000503 × that. Mean loss of the second half: 1.6e-10 (theory: 0.00029)."
    )
    controls = {
        "surface": Choice(SURFACES, label="surface"),
        "lr": Slider(1e-3, 3, 0.05, log=True, label="learning rate η"),
        "kappa": Slider(1, 200, 20, log=True, label="curvature across κ", help="along the valley it is 1"),
        "angle": Slider(0, 90, 0, step=1, label="rotation", unit="°"),
        "noise": Slider(0.1, 30, 0, log=True, zero=True, label="noise σ of one example"),
        "batch": Slider(1, 1024, 1, log=True, integer=True, label="batch size B"),
        "draw": Slider(1, 20, 1, integer=True, label="draw of the noise"),
        "start": Point(),
    }
    scenarios = {
        "Just below the limit": Scenario(
            {"lr": 0.0985},
            "η is 1.5% under 2/λ_max. Across the valley every step overshoots and still shrinks a little. "
            "Push η over the limit and watch the zig-zag grow instead.",
            play=True,
        ),
        "Just above": Scenario(
            {"lr": 0.102},
            "2% over the limit: the same zig-zag, growing. Nothing else is wrong. "
            "Now turn the valley: the limit does not move.",
            play=True,
        ),
        "Steep walls": Scenario(
            {"kappa": 150, "lr": 0.013},
            "κ = 150 forces η below 2/150. Along the floor, where the curvature is 1, so small an η takes 1.3% off the "
            "distance a step: 176 steps for a factor of ten. One rate cannot serve both directions.",
        ),
        "Noise": Scenario(
            {"noise": 4, "lr": 0.03, "draw": 16},
            "With noise the loss stops falling at a level that theory knows (dashed). Double B and the level halves; "
            "halve η instead and it falls by a little more. Other draws scatter about it.",
        ),
        "Two minima": Scenario(
            {"surface": "two_minima", "lr": 0.15},
            "The left minimum has curvature 20, so with an η above 0.1 no path settles there: this one jumps from side "
            "to side for ever, and at 0.3 it is thrown out. Lower η and it settles. Drag the start around.",
        ),
    }

    def draw(self, values):
        """A surface with one path; the loss with its expected level; where η stands on the scale of ηλ."""
        figure, left, right, spare = stage()
        spare.remove()
        colors = {"SGD": plotting.COLORS["SGD"]}
        self._land = Landscape(left, colors, width=1.2)
        self._loss = LossPanel(right, colors, STEPS)
        self._level = right.plot([], [], "--", color=THEORY, lw=1.3, zorder=3)[0]
        self._gauge = Gauge(axes(figure, 462, 254, 204, 26))
        film = self.film(steps=STEPS, seconds=4)
        return Picture(
            figure,
            [*self._land.moving, *self._loss.moving, self._level, *self._gauge.moving],
            alt="The path of SGD over a surface, its loss by step, and its learning rate beside the stability limit.",
            playback=film,
            handle=self._land.start,
        )

    def show(self, values):
        """One run, and what theory says about it."""
        surface = _surface(values["surface"], values["kappa"], values["angle"])
        # One frame for every κ: the axes stay while the reader moves it.
        start, repaint = self.begin(values, surface, framed=_surface(values["surface"], self.controls["kappa"].high, 0))
        spread = values["noise"] / np.sqrt(values["batch"])
        run = descent.run(
            rules.SGD(lr=values["lr"]), surface, start, steps=STEPS, noise=spread, seed=int(values["draw"])
        )
        self._land.place_path("SGD", run.positions)
        self._loss.place("SGD", run.losses)
        curvatures = nearest_curvatures(run)
        level = expected_loss(values, curvatures)
        self._level.set_data([0, STEPS], [level, level])
        self._gauge.place(values["lr"], curvatures)
        ravine, noisy = values["surface"] == "ravine", values["noise"] > 0
        idle = ("kappa", "angle") * (not ravine) + ("batch", "draw") * (not noisy)
        return Shown(_caption(run, values["lr"], curvatures, level), idle, STEPS, repaint)



class Gauge:
    """A scale of ηλ with its three zones, and a mark for each curvature of the minimum."""

    ZONES = ((1e-4, 1, "#cfe8d5", "glides"), (1, 2, "#f6e3b4", "swings"), (2, 30, "#f3c9c6", "diverges"))

    def __init__(self, ax):
        ax.set_xscale("log")
        ax.set_xlim(8e-3, 24)
        ax.set_ylim(0, 1)
        ax.set_yticks([])
        ax.set_xticks([0.01, 0.1, 1, 2, 10], ["0.01", "0.1", "1", "2", "10"])
        ax.minorticks_off()
        ax.grid(False)
        label(ax, "ηλ:  ○ flattest,  ● most curved")
        for low, high, color, _ in self.ZONES:
            ax.axvspan(low, high, color=color, lw=0, zorder=0)
        words = zip(self.ZONES, (0.09, 1.15, 3.6), ("center", "center", "left"), strict=True)
        for (_, _, _, word), x, side in words:
            ax.text(x, 1.12, word, ha=side, va="bottom", fontsize=8, color=plotting.QUIET)
        self.floor = ax.plot([], [], "o", color="white", mec=plotting.INK, mew=1.6, ms=8, zorder=3)[0]
        self.wall = ax.plot([], [], "o", color=plotting.INK, mec="white", mew=1, ms=9, zorder=3)[0]
        self.moving = [self.floor, self.wall]

    def place(self, lr, curvatures):
        """Open dot for the smallest curvature, full dot for the largest."""
        low, high = self.floor.axes.get_xlim()
        for dot, curvature in ((self.floor, curvatures[0]), (self.wall, curvatures[-1])):
            dot.set_data([min(max(lr * curvature, low * 1.1), high / 1.1)], [0.5])


def nearest_curvatures(run):
    """Eigenvalues of the Hessian, ascending, at the minimum nearest to the run's last finite position."""
    minima = run.surface.minima
    last = run.positions[np.isfinite(run.positions).all(axis=1)][-1]
    return run.surface.curvatures(minima[np.argmin(((minima - last) ** 2).sum(axis=1))])


def expected_loss(values, curvatures):
    """½Σλ·Var θ once the run has settled on the ravine; NaN elsewhere, without noise, or beyond the limit."""
    if values["surface"] != "ravine" or not values["noise"]:
        return np.nan
    variances = [theory.stationary_variance(values["lr"], lam, values["noise"], values["batch"]) for lam in curvatures]
    level = 0.5 * float(np.dot(curvatures, variances))
    return level if np.isfinite(level) else np.nan


@lru_cache(maxsize=64)
def _surface(name, kappa, angle):
    return surfaces.ravine(kappa=kappa, angle=angle) if name == "ravine" else surfaces.ALL[name]()


def _caption(run, lr, curvatures, level):
    limit = theory.max_stable_lr(float(curvatures[-1]))
    words = f"Limit 2/λ_max = {limit:.3g}; η is {lr / limit:.3g} × that."
    if run.diverged_at is not None:
        return f"{words} Diverged at step {run.diverged_at}."
    tail = f" (theory: {short(level)})" if np.isfinite(level) else ""
    return f"{words} Mean loss of the second half: {short(run.losses[STEPS // 2 :].mean())}{tail}."
