"""Reddi's problem: a large slope now and then, small ones against it, and the step of the proof that they break."""

import math

import numpy as np

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.explorers.panels import axes, label
from adamkit.numbers import round_up, signed, tick

LENGTHS = {"300": "300", "3000": "3000", "10000": "10000"}
NAMES = ("Adam", "AMSGrad")
RISES, FALLS = "#b9c0c8", plotting.INK
MOST_BARS = 320
LEAST_REGRET = 1e-4  # less is drawn at the bottom edge


class OnlineProblem(Explorer):
    """Linear losses on [−1, 1]: slope C at every P-th step, slope −1 at all others (after Reddi et al. 2018).

    Controls: ``C``, ``period`` P, ``beta1``, ``beta2``, ``lr`` (α in α/√t), ``steps`` ("300" … "10000").
    """

    title = "Reddi's problem"
    opening = "The counterexample"
    longest = (
        "The slopes cancel, and every point is as good. Adam ends at +0.98, average regret −0.00727; AMSGrad ends at "
        "−0.98, average regret −0.00727. 9999 of 9999 brackets are negative."
    )
    controls = {
        "C": Slider(1, 200, 3, log=True, label="large slope C", help="the loss C·x comes at every P-th step"),
        "period": Slider(2, 101, 3, integer=True, log=True, label="period P", help="all other losses are −x"),
        "beta1": Slider(0, 0.999, 0, decay=True, label="β₁"),
        "beta2": Slider(0, 0.9999, 0.1, decay=True, label="β₂"),
        "lr": Slider(0.05, 5, 1, log=True, label="α", help="the rate at step t is α/√t, as in the theorem"),
        "steps": Choice(LENGTHS, "300", label="steps"),
    }
    scenarios = {
        "The counterexample": Scenario(
            {},
            "The best point is −1. Adam walks to +1, the worst, and its regret does not fall. On the right, two of "
            "three brackets are below zero. Move β₂ up and find where Adam turns round.",
        ),
        "Adam's defaults": Scenario(
            {"beta1": 0.9, "beta2": 0.999, "steps": "3000"},
            "The same problem, β₁ = 0.9 and β₂ = 0.999: Adam goes to −1 and its regret dies out. In the end two of "
            "three brackets are negative all the same. That breaks the proof; the method is unharmed.",
        ),
        "A rare large slope": Scenario(
            {"C": 41, "period": 41, "beta1": 0.9, "beta2": 0.99, "lr": 2.0, "steps": "10000"},
            "A problem made for larger β₂: from one large slope to the next √v falls by a fifth, so the forty small "
            "steps grow and outweigh the one. Adam ends on the wrong side. Raise β₂ to 0.999.",
        ),
        "Nearly AdaGrad": Scenario(
            {"beta2": 0.9999},
            "With β₁ = 0 and β₂ near 1, v̂ is the plain mean of all squares, and Adam with α/√t is AdaGrad. No bracket "
            "is negative: here the proof's step holds. Lower β₂ until the first one falls.",
        ),
    }

    def draw(self, values):
        """x and its average regret on the left, the last brackets on the right."""
        figure = plotting.figure(680, 340)
        place, regret = axes(figure, 50, 10, 278, 138), axes(figure, 50, 166, 278, 134)
        self._brackets = axes(figure, 394, 10, 262, 290)
        self._brackets.yaxis.set_major_formatter(lambda height, _: tick(height))
        place.set_ylim(-1.1, 1.1)
        regret.set_yscale("log")
        for ax in (place, regret):
            ax.set_xscale("log")
            ax.grid(True, color=plotting.GRID, lw=0.7)
        place.tick_params(labelbottom=False)
        label(place, y="x")
        label(regret, "step t", "average regret")
        label(self._brackets, "step t", "bracket √v̂ₜ/αₜ − √v̂ₜ₋₁/αₜ₋₁")
        self._left = (place, regret)
        (self._best,) = place.plot([], [], color=plotting.QUIET, lw=1, ls=(0, (3, 3)))
        self._paths, self._regrets = ({name: _curve(ax, name) for name in NAMES} for ax in (place, regret))
        lines = [*self._paths.values(), self._best]
        self._legend = place.legend(lines, [*NAMES, "best point"], fontsize=7, loc="upper left")
        self._draw_brackets()
        self._frame = None
        return Picture(
            figure,
            [*self._paths.values(), *self._regrets.values(), self._best, *self._bars],
            alt="Adam and AMSGrad on Reddi's problem: where they are, their regret, and the proof’s brackets.",
        )

    def _draw_brackets(self):
        ax = self._brackets
        ax.axhline(0, color=plotting.QUIET, lw=0.8)
        self._bars = [ax.plot([], [], color=color, lw=2.2)[0] for color in (RISES, FALLS)]
        ax.legend(self._bars, ["≥ 0: the proof may go on", "< 0: here it breaks"], fontsize=7, loc="upper right")

    def show(self, values):
        """Play the problem and draw what came of it."""
        steps, period = int(values["steps"]), values["period"]
        slopes = np.full(steps, -1.0)
        slopes[::period] = values["C"]
        paths, brackets = play(slopes, values["lr"], values["beta1"], values["beta2"])
        t = np.arange(1, steps + 1)
        regrets = {name: average_regret(path, slopes) for name, path in paths.items()}
        for name, path in paths.items():
            self._paths[name].set_data(t, path)
            self._regrets[name].set_data(t, np.maximum(regrets[name], LEAST_REGRET))
        net = values["C"] - (period - 1)
        best = None if abs(net) < 1e-9 else -math.copysign(1, net)
        self._best.set_visible(best is not None)
        self._best.set_data([1, steps], [best or 0, best or 0])
        shown = brackets[-min(max(24, 3 * period), MOST_BARS, steps - 1) :]
        first = steps - len(shown) + 1
        for bar, chosen in zip(self._bars, (shown >= 0, shown < 0), strict=True):
            bar.set_data(*_bars(np.flatnonzero(chosen) + first, shown[chosen]))
        moved = self._fit(shown, steps, _decades(np.concatenate(list(regrets.values()))), best)
        return Shown(_caption(paths, regrets, brackets, best), (), 0, moved)

    def _fit(self, shown, steps, decades, best):
        """Limits around regrets and bars, rounded so that they seldom change; True if they did."""
        low, high = round_up(shown.min()), round_up(shown.max())
        corner = "lower right" if best == 1 else "upper left"  # where the paths seldom go
        frame = (steps, len(shown), low, high, decades, corner)
        if frame == self._frame:
            return False
        self._frame = frame
        for ax in self._left:
            ax.set_xlim(1, steps)
        self._left[1].set_ylim(*decades)
        self._legend.set_loc(corner)
        self._brackets.set_xlim(steps - len(shown), steps + 1)
        self._brackets.set_ylim(min(low, -0.1 * high), max(high, -0.1 * low) * 1.25)
        return True


def play(slopes, lr, beta1, beta2):
    """Adam (with bias correction, ε = 0) and AMSGrad on the losses slopes[t−1]·x over [−1, 1], rate lr/√t, from 0.

    A linear loss has the same gradient everywhere, so the moments need no walk: they come first, as arrays.

    Returns:
        (paths, brackets): {name: x before each step, (steps,)}, and √v̂_t/α_t − √v̂_{t−1}/α_{t−1} of Adam for t ≥ 2.
    """
    t = np.arange(1, len(slopes) + 1)
    m, v = _average(slopes, beta1), _average(slopes**2, beta2)
    m_hat, weight = m / (1 - beta1**t), 1 - beta2**t
    roots = {"Adam": np.sqrt(v / weight), "AMSGrad": np.sqrt(np.maximum.accumulate(v) / weight)}
    paths = {name: _walk(lr / np.sqrt(t) * m_hat / root) for name, root in roots.items()}
    return paths, np.diff(roots["Adam"] * np.sqrt(t) / lr)


def average_regret(path, slopes):
    """(loss so far − loss of the best fixed point of [−1, 1] so far)/t, for each t; shape (steps,)."""
    regret = np.cumsum(path * slopes) + np.abs(np.cumsum(slopes))
    return regret / np.arange(1, len(slopes) + 1)


def _curve(ax, name):
    """An empty line; AMSGrad's is dashed and on top, so that both are seen where they coincide."""
    styles = {"Adam": {"lw": 1.8}, "AMSGrad": {"lw": 1.8, "ls": (0, (3, 2))}}
    return ax.plot([], [], color=plotting.COLORS[name], **styles[name])[0]


def _average(values, beta):
    """Exponential average from zero, (steps,)."""
    kept, average = [], 0.0
    for value in values.tolist():
        average = beta * average + (1 - beta) * value
        kept.append(average)
    return np.array(kept)


def _walk(steps):
    """x before each step, from 0, kept in [−1, 1]."""
    path, x = [], 0.0
    for step in steps.tolist():
        path.append(x)
        x = min(max(x - step, -1.0), 1.0)
    return np.array(path)


def _bars(t, heights):
    """Vertical strokes from zero as one broken line."""
    gap = np.full(len(t), np.nan)
    return np.stack([t, t, gap], axis=1).ravel(), np.stack([0 * heights, heights, gap], axis=1).ravel()


def _decades(regrets):
    """Whole decades around the regrets."""
    low, high = (math.log10(max(limit, LEAST_REGRET)) for limit in (regrets.min(), regrets.max()))
    return 10.0 ** math.floor(low), 10.0 ** math.ceil(high)


def _caption(paths, regrets, brackets, best):
    where = "the slopes cancel, and every point is as good" if best is None else "the best point is " + signed(best, 0)
    ends = [f"{name} ends at {signed(paths[name][-1], 2)}, average regret {regrets[name][-1]:.3g}" for name in NAMES]
    negative = int((brackets < 0).sum())
    return f"{where[0].upper()}{where[1:]}. {'; '.join(ends)}. {negative} of {len(brackets)} brackets are negative."
