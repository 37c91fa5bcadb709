"""What is a rate for each coordinate worth? RMSprop in a ravine that can be turned."""

from functools import lru_cache

import numpy as np

from adamkit import descent, plotting, rules, surfaces
from adamkit.explorers.base import Picture, Scenario, Shown
from adamkit.explorers.controls import Point, Slider
from adamkit.explorers.landscape import Landscape, SurfaceExplorer
from adamkit.explorers.panels import LossPanel, axes, label

STEPS = 200
ARRIVED = 1e-3  # share of the loss at the start
LEAST, MOST = 1e-4, 1e4  # limits of the axis of rates


class RMSpropRavine(SurfaceExplorer):
    """RMSprop beside gradient descent at a tuned rate; below the losses, the rate of each coordinate.

    Controls: ``angle`` of the ravine in degrees, ``kappa``, and RMSprop's ``lr``, ``beta2`` and
    ``eps``; ``start``, which the reader drags.
    """

    title = "RMSprop in a ravine"
    opening = "Along the axes"
    longest = (
        "Below a thousandth of the first loss: RMSprop at step 123, and not for good; gradient descent at step 116 "
        "(within 200 steps)."
    )
    controls = {
        "angle": Slider(0, 90, 0, step=1, label="ravine turned by", unit="°"),
        "kappa": Slider(1, 1000, 100, log=True, label="κ", help="how much steeper the ravine is across than along"),
        "lr": Slider(1e-3, 10, 0.1, log=True, label="η of RMSprop"),
        "beta2": Slider(0, 0.9999, 0.99, decay=True, label="β₂", help="memory of the squared gradient"),
        "eps": Slider(1e-12, 1e3, 1e-8, log=True, label="ε", help="added to √v"),
        "start": Point(),
    }
    scenarios = {
        "Along the axes": Scenario(
            {},
            "Below right, the two coordinates get rates far apart: the steep one a small rate, the flat one a large "
            "one. RMSprop goes almost straight; gradient descent zigzags, though its rate is the best of sixty.",
        ),
        "Turned by 45°": Scenario(
            {"angle": 45},
            "The same ravine, turned. Now both coordinates see the same gradients, and the two rates lie on top of "
            "each other: nothing is left to adapt. (The spike: v has forgotten the walls, and the rate has drifted "
            "past the edge of stability, 2/κ.) Move the angle slowly from 0 and watch the rates meet.",
        ),
        "Jitter": Scenario(
            {"lr": 0.3, "beta2": 0.9},
            "RMSprop arrives in a few steps and then hops across the minimum, because its steps do not get shorter. "
            "Lower η, and the loss at which it hangs falls with η².",
        ),
        "A long first step": Scenario(
            {"beta2": 0.999, "lr": 0.05},
            "v starts at zero and β₂ fills it slowly, so the first step is 32 times η long, and the second 22 times. "
            "Raise β₂ further. Adam's correction is made for this.",
        ),
        "ε takes over": Scenario(
            {"eps": 1000.0, "lr": 10.0},
            "ε is larger than √v almost everywhere, so both rates are close to η/ε: RMSprop has become gradient "
            "descent. Lower ε and watch the two rates part.",
        ),
    }

    def draw(self, values):
        """The ravine on the left; losses and the rates of the two coordinates on the right."""
        figure = plotting.figure(680, 340)
        colors = {name: plotting.COLORS[name] for name in ("SGD", "RMSprop")}
        self._land = Landscape(axes(figure, 34, 10, 396, 304), colors)
        self._land.paths["SGD"].set_linewidth(0.9)
        self._loss = LossPanel(axes(figure, 486, 10, 180, 142), colors, STEPS)
        self._loss.ax.set_xlabel("")
        self._loss.ax.tick_params(labelbottom=False)
        names = {"SGD": "gradient descent, tuned", "RMSprop": "RMSprop"}
        self._loss.ax.legend([self._loss.lines[name] for name in names], names.values(), fontsize=7, loc="upper right")
        self._draw_rates(axes(figure, 486, 166, 180, 140), colors)
        film = self.film(*self._rates, steps=STEPS, seconds=5)
        return Picture(
            figure,
            [*self._land.moving, *self._loss.moving, *self._rates, self._best],
            alt="Paths of RMSprop and gradient descent over a ravine, their losses, and the rate of each coordinate.",
            playback=film,
            handle=self._land.start,
        )

    def _draw_rates(self, ax, colors):
        ax.set_yscale("log")
        ax.set_xlim(0, STEPS)
        ax.set_ylim(LEAST, MOST)
        ax.grid(True, color=plotting.GRID, lw=0.7)
        label(ax, "step", "η/(√v + ε)")
        self._rates = [ax.plot([], [], style, color=colors["RMSprop"], lw=1.6)[0] for style in ("-", "--")]
        (self._best,) = ax.plot([], [], color=colors["SGD"], lw=1.3)
        ax.legend(self._rates, ["rate for x", "rate for y"], fontsize=7, loc="upper center", ncols=2)

    def show(self, values):
        """Run both from the same start."""
        surface = _ravine(values["kappa"], values["angle"])
        start, repaint = self.begin(values, surface)
        best = tuned_rate(values["kappa"])
        racers = {
            "SGD": rules.SGD(lr=best),
            "RMSprop": rules.RMSprop(lr=values["lr"], beta2=values["beta2"], eps=values["eps"]),
        }
        runs = {name: descent.run(rule, surface, start, steps=STEPS) for name, rule in racers.items()}
        for name, run in runs.items():
            self._land.place_path(name, run.positions)
            self._loss.place(name, run.losses)
        for line, rates in zip(self._rates, runs["RMSprop"].readings["rate"].T, strict=True):
            line.set_data(np.arange(1, STEPS + 1), np.clip(rates, LEAST, MOST))
        self._best.set_data([0, STEPS], [best, best])
        return Shown(_arrivals(runs), (), STEPS, repaint)



@lru_cache(maxsize=64)
def _ravine(kappa, angle):
    return surfaces.ravine(kappa=kappa, angle=angle)


@lru_cache(maxsize=64)
def tuned_rate(kappa):
    """The rate, of sixty, at which gradient descent arrives first: 1/κ to the edge of stability 2/κ.

    Of rates that do not arrive in time, the one with the lowest loss at the end.
    """
    rates = np.linspace(1.0, 2.0, 60, endpoint=False) / kappa
    sweep = descent.sweep(rules.SGD(lr=rates), _ravine(kappa, 0), steps=STEPS, keep="losses")
    arrivals = [arrival(losses) for losses in sweep.losses]
    if all(step is None for step in arrivals):
        return float(rates[sweep.final_loss.argmin()])
    return float(rates[min(range(len(rates)), key=lambda i: STEPS + 1 if arrivals[i] is None else arrivals[i])])


def arrival(losses, share=ARRIVED):
    """First step at which the loss is below a share of the first one; None if it never is."""
    below = np.flatnonzero(losses < share * losses[0])
    return int(below[0]) if len(below) else None


def _arrivals(runs):
    words = {"RMSprop": "RMSprop", "SGD": "gradient descent"}
    found = {name: arrival(runs[name].losses) for name in words}
    texts = [f"{words[name]} {_reached(runs[name].losses, step)}" for name, step in found.items()]
    return f"Below a thousandth of the first loss: {texts[0]}; {texts[1]} (within {STEPS} steps)."


def _reached(losses, step):
    """When the loss came below the share, and whether it stayed there."""
    if step is None:
        return "never"
    lasts = np.nanmax(losses[step:]) < ARRIVED * losses[0] and np.isfinite(losses[-1])
    return f"at step {step}" + ("" if lasts else ", and not for good")
