"""Adam on a surface: its path, and how little the length of its steps cares about steepness."""

from functools import lru_cache

import numpy as np

from adamkit import descent, plotting, rules, surfaces
from adamkit.explorers.base import Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Point, Slider, Toggle
from adamkit.explorers.landscape import Landscape, SurfaceExplorer
from adamkit.explorers.panels import LossPanel, axes, label
from adamkit.numbers import short

STEPS = 300
SURFACES = {
    "cliff": "plateau and cliff",
    "ravine": "ravine",
    "saddle": "saddle",
    "monkey_saddle": "monkey saddle",
    "rosenbrock": "Rosenbrock's banana",
    "beale": "Beale's plains",
    "himmelblau": "four minima",
    "rastrigin": "egg box",
    "two_minima": "sharp and flat minimum",
}
GRADIENT = "#9aa3ad"


class AdamWalk(SurfaceExplorer):
    """Adam alone, with the sizes of its gradients and of its steps.

    Controls: ``surface``, ``lr``, ``beta1``, ``beta2``, ``eps``, ``corrected`` (both bias corrections),
    ``noise`` (standard deviation added to each gradient coordinate), ``start``.
    """

    title = "Adam on a surface"
    opening = "Plateau and cliff"
    longest = (
        "Gradients: from 4.1e-100 to 2.2e12, a factor of 3.4e102. Steps: at most 0.00956 η. Last loss: 1.6e-100."
    )
    controls = {
        "surface": Choice(SURFACES, label="surface"),
        "lr": Slider(1e-4, 3, 0.05, log=True, label="learning rate η"),
        "beta1": Slider(0, 0.999, 0.9, decay=True, label="β₁"),
        "beta2": Slider(0, 0.9999, 0.999, decay=True, label="β₂"),
        "eps": Slider(1e-12, 10, 1e-8, log=True, label="ε"),
        "noise": Slider(0.01, 30, 0, log=True, zero=True, label="gradient noise σ"),
        "corrected": Toggle(True, label="bias correction"),
        "start": Point(),
    }
    scenarios = {
        "Plateau and cliff": Scenario(
            {"surface": "cliff"},
            "Compare the two lower curves: the gradient jumps several hundredfold at the edge, the step does not. "
            "After it, v remembers the edge, and the steps stay short for long.",
            play=True,
        ),
        "No momentum": Scenario(
            {"surface": "ravine", "beta1": 0.0},
            "β₁ = 0: the last gradient alone decides the direction. Raise β₁ and watch the path gain weight, "
            "until it swings around the minimum.",
        ),
        "Short memory": Scenario(
            {"surface": "ravine", "beta2": 0.5, "lr": 0.1},
            "With β₂ = 0.5, √v̂ is hardly more than the last gradient's size, so the steps stop shrinking, however near "
            "the minimum is: Adam circles it and cannot settle. Raise β₂.",
        ),
        "ε in charge": Scenario(
            {"surface": "cliff", "eps": 10.0, "lr": 0.1},
            "√v̂ never reaches a tenth of this ε, so Adam is momentum with rate η/ε: slow where gradients are small, it "
            "stays on the plateau. Lower ε, decade by decade, and watch it turn into Adam, which crosses the edge.",
        ),
        "No correction": Scenario(
            {"surface": "saddle", "corrected": False},
            "Without bias correction the first steps are several times η: it leaps off at the start. Switch the "
            "correction on again.",
        ),
    }

    def draw(self, values):
        """A surface with the path; loss; sizes of gradients and steps."""
        figure = plotting.figure(680, 340)
        left = axes(figure, 34, 10, 396, 304)
        upper, lower = axes(figure, 486, 10, 180, 132), axes(figure, 486, 176, 180, 128)
        colors = {"Adam": plotting.COLORS["Adam"]}
        self._land, self._loss = Landscape(left, colors), LossPanel(upper, colors, STEPS)
        upper.set_xlabel("")
        self._gradient, self._step = self._sizes(lower)
        film = self.film(self._gradient, self._step, steps=STEPS, seconds=5)
        return Picture(
            figure,
            [*self._land.moving, *self._loss.moving, self._gradient, self._step],
            alt="Adam's path over a surface, its loss, and the sizes of its gradients and steps over time.",
            playback=film,
            handle=self._land.start,
        )

    def _sizes(self, ax):
        ax.set_yscale("log")
        ax.set(xlim=(0, STEPS), ylim=(1e-4, 1e3))
        ax.grid(True, color=plotting.GRID, lw=0.7)
        label(ax, "step", "size")
        gradient = ax.plot([], [], color=GRADIENT, lw=1.4, label="gradient")[0]
        step = ax.plot([], [], color=plotting.COLORS["Adam"], lw=1.8, label="step / η")[0]
        ax.legend(loc="upper right", fontsize=8, handlelength=1.2, ncols=2, labelcolor=plotting.QUIET, columnspacing=1)
        return gradient, step

    def show(self, values):
        """One run of Adam."""
        surface = _surface(values["surface"])
        start, repaint = self.begin(values, surface)
        corrected = values["corrected"]
        hypers = {name: values[name] for name in ("lr", "beta1", "beta2", "eps")}
        rule = rules.Adam(**hypers, correct_m=corrected, correct_v=corrected)
        run = descent.run(rule, surface, start, steps=STEPS, noise=values["noise"], seed=1)
        self._land.place_path("Adam", run.positions)
        self._loss.place("Adam", run.losses)
        gradients, steps = largest(run.gradients), largest(run.steps_taken) / values["lr"]
        t = np.arange(STEPS + 1)
        self._gradient.set_data(t, np.append(gradients[:1], np.maximum(gradients, 1e-9)))
        self._step.set_data(t, np.append(steps[:1], np.maximum(steps, 1e-9)))
        return Shown(_caption(run, gradients, steps), (), STEPS, repaint)



@lru_cache(maxsize=16)
def _surface(name):
    return surfaces.ALL[name]()


def largest(vectors):
    """The larger coordinate of each row by size, (steps, 2) → (steps,)."""
    return np.abs(vectors).max(axis=1)


def _caption(run, gradients, steps):
    if run.diverged_at is not None:
        return f"Diverged at step {run.diverged_at}."
    nonzero = gradients[gradients > 0]
    if not len(nonzero):
        return "The gradient is zero here: nothing moves."
    low, high = nonzero.min(), nonzero.max()
    return (
        f"Gradients: from {short(low)} to {short(high)}, a factor of {short(high / low)}. "
        f"Steps: at most {steps.max():.3g} η. Last loss: {short(run.losses[-1])}."
    )
