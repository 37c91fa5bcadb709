"""Decay inside the gradient or beside it: two weights whose gradients differ in scale."""

from functools import lru_cache

import numpy as np

from adamkit import plotting, rules
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Slider, Toggle
from adamkit.explorers.panels import axes, label
from adamkit.live import Playback

STEPS = 200
COPIES = 24  # pairs of weights, each with its own noise; the lines are their mean
RULES = {"Adam": "Adam + L2", "AdamW": "AdamW"}
VIEW = (-0.15, 1.25)


class Decay(Explorer):
    """Two weights that start at 1, under Adam with L2 and under AdamW.

    The gradient of weight i is ``scale_i`` times (noise + ``signal``·(θ − 1)): noise alone carries no
    information, and a signal wants the weight to stay at 1.

    Controls: ``scale1`` and ``scale2`` of the gradients, ``weight_decay`` λ, ``lr`` η, ``signal``,
    and ``cloud``, which shows each of the 24 pairs behind the mean.
    """

    title = "Decay by gradient scale"
    opening = "A thousandfold"
    longest = (
        "θ₁ and θ₂ after 200 steps, mean of 24: Adam + L2 −0.06 and −0.92; AdamW −0.45 and −0.45. (1 − ηλ)ᵗ is 0.45."
    )
    controls = {
        "scale1": Slider(1e-3, 100, 0.01, log=True, label="gradient scale of θ₁", unit="×"),
        "scale2": Slider(1e-3, 100, 10, log=True, label="gradient scale of θ₂", unit="×"),
        "weight_decay": Slider(1e-3, 10, 0.5, log=True, zero=True, label="λ", help="as in torch: multiplied by η"),
        "lr": Slider(1e-4, 0.1, 8e-3, log=True, label="η"),
        "signal": Slider(0, 3, 0, step=0.05, label="signal", help="how strongly the data want the weights at 1"),
        "cloud": Toggle(True, label="each pair"),
    }
    scenarios = {
        "A thousandfold": Scenario(
            {},
            "Both weights see noise and nothing else. AdamW shrinks them alike and walks down the diagonal. Adam + L2 "
            "drops the quiet weight at full speed and spares the loud one. Bring the two scales together.",
        ),
        "Equal scales": Scenario(
            {"scale1": 1.0, "scale2": 1.0},
            "Both paths lie on the diagonal, and at this scale they are about equally fast: the two rules look "
            "alike. Now move both scales down to 0.01, then up to 100. Only one of the two rules notices.",
        ),
        "A signal to keep": Scenario(
            {"signal": 1.0, "lr": 0.02, "scale1": 0.1},
            "The data want both weights at 1, equally strongly for their noise. AdamW gives both the same shrinkage. "
            "Adam + L2 throws away the one whose gradients are small, and hardly regularises the other.",
        ),
        "No decay": Scenario(
            {"weight_decay": 0.0},
            "λ = 0: the two rules are one. Both means stay where they began and the two clouds are the same, whatever "
            "else you move, so no test at λ = 0 can tell the rules apart.",
        ),
    }

    def draw(self, values):
        """The plane of the two weights on the left; each weight over the steps on the right."""
        figure = plotting.figure(680, 340)
        plane = axes(figure, 46, 10, 300, 288)
        plane.set(xlim=VIEW, ylim=VIEW)
        plane.plot([0, 1], [0, 1], color=plotting.GRID, lw=1.2, zorder=1)
        plane.plot([0, 1], [0, 1], "+", color=plotting.QUIET, ms=8, zorder=2)
        label(plane, "θ₁", "θ₂")
        colors = {name: plotting.COLORS[name] for name in RULES}
        self._clouds = {
            name: plane.plot([], [], ".", color=color, ms=4, alpha=0.4, zorder=2)[0] for name, color in colors.items()
        }
        self._paths = {name: plane.plot([], [], color=color, lw=1.8, zorder=4)[0] for name, color in colors.items()}
        self._heads = heads = {
            name: plane.plot([], [], "o", color=color, mec="white", ms=7, zorder=5)[0] for name, color in colors.items()
        }
        plane.legend(self._paths.values(), RULES.values(), fontsize=8, loc="lower right")
        self._draw_times(figure, colors)
        times = [line for weight in self._times for line in weight.values()]
        film = Playback(
            lines=[*self._paths.values(), *times],
            heads=[(heads[name], self._paths[name]) for name in RULES],
            steps=STEPS,
            seconds=5,
        )
        return Picture(
            figure,
            [*self._clouds.values(), *self._paths.values(), *heads.values(), *times, *self._laws],
            alt="Two weights shrinking under Adam with L2 and under AdamW, in their plane and over the steps.",
            playback=film,
        )

    def _draw_times(self, figure, colors):
        self._times, self._laws = [], []
        for place, name in ((10, "θ₁"), (162, "θ₂")):
            ax = axes(figure, 402, place, 266, 136)
            ax.set(xlim=(0, STEPS), ylim=VIEW)
            ax.grid(True, color=plotting.GRID, lw=0.7)
            ax.tick_params(labelbottom=place > 10)
            label(ax, "step t" if place > 10 else None, name)
            self._laws.append(ax.plot([], [], color="#222222", lw=1, ls=(0, (2, 2)), zorder=5)[0])
            self._times.append({rule: ax.plot([], [], color=color, lw=1.6)[0] for rule, color in colors.items()})
            if place == 10:
                ax.legend(self._laws, ["(1 − ηλ)ᵗ"], fontsize=8, loc="upper right")

    def show(self, values):
        """Run both rules on the same noise."""
        scales = np.array([values["scale1"], values["scale2"]])
        step = np.arange(STEPS + 1)
        ends = {}
        for name in RULES:
            run = walk(name, scales, values["lr"], values["weight_decay"], values["signal"])
            mean = run.mean(axis=1)
            ends[name] = mean[-1]
            self._paths[name].set_data(*mean.T)
            self._heads[name].set_data(*mean[-1:].T)
            self._clouds[name].set_data(*run[-1].T)
            self._clouds[name].set_visible(values["cloud"])
            for lines, weight in zip(self._times, mean.T, strict=True):
                lines[name].set_data(step, weight)
        for law in self._laws:
            law.set_data(step, (1 - values["lr"] * values["weight_decay"]) ** step)
        # Without decay both rules divide the scales away.
        return Shown(_caption(ends, values), () if values["weight_decay"] else ("scale1", "scale2"), STEPS)


def _caption(ends, values):
    # A mean of −0.004 is written 0.00, and other negative ones with the same sign as on the axes.
    words = [f"{RULES[name]} " + " and ".join(f"{round(number, 2) + 0.0:.2f}".replace("-", "−") for number in end)
             for name, end in ends.items()]
    law = (1 - values["lr"] * values["weight_decay"]) ** STEPS
    return f"θ₁ and θ₂ after {STEPS} steps, mean of {COPIES}: {'; '.join(words)}. (1 − ηλ)ᵗ is {law:.2f}."


def walk(name, scales, lr, weight_decay, signal):
    """Positions of all pairs, (steps + 1, copies, 2), from 1; ``name`` is "Adam" or "AdamW"."""
    rule = getattr(rules, name)(lr=lr, weight_decay=weight_decay)
    theta = np.ones((COPIES, 2))
    state, path = rule.init(theta), np.empty((STEPS + 1, COPIES, 2))
    path[0] = theta
    for t, noise in enumerate(_noise(), 1):
        gradient = scales * (noise + signal * (theta - 1) if signal else noise)
        theta, state = rule.update(gradient, theta, state, t)
        path[t] = theta
    return path


@lru_cache(maxsize=1)
def _noise():
    """Standard normal noise, (steps, copies, 2); opposite signs in pairs, so that means wander less."""
    half = np.random.default_rng(5).normal(size=(STEPS, COPIES // 2, 2))
    return np.concatenate([half, -half], axis=1)
