"""A step of a matrix by its singular values: what arrives in the gradient, what each optimizer makes of it."""

from functools import lru_cache

import numpy as np

from adamkit import plotting, rules
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.explorers.panels import axes, label

SIZE, STEPS = 8, 100
RATES = np.geomspace(1e-2, 100, 17)  # each optimizer runs at all of them, and the best is shown
RULES = {
    "Momentum": rules.Momentum(form="ema").replace(lr=RATES),
    "Adam": rules.Adam(beta2=0.99).replace(lr=RATES),
    "Muon": rules.Muon(weight_decay=0.0).replace(lr=RATES),
}
TASKS = {"inputs": "inputs of unequal size", "entries": "every entry for itself"}


class Spectrum(Explorer):
    """Momentum, Adam and Muon on a quadratic of one 8 × 8 matrix, each at the best of seventeen rates.

    Controls: ``task`` ("inputs": rows share the curvature of correlated inputs; "entries": every entry has a
    curvature of its own), ``angle`` by which the inputs are turned against the coordinates, ``decades`` between the
    largest and the smallest curvature, ``which`` optimizer's step is taken apart, ``step`` of the run, and
    ``polynomial``, the Newton–Schulz steps of Muon.
    """

    title = "A step, by its singular values"
    opening = "Inputs turned"
    controls = {
        "task": Choice(TASKS, "inputs", label="task"),
        "angle": Slider(0, 45, 45, step=1, label="inputs turned by", unit="°"),
        "decades": Slider(0, 5, 4, step=0.25, label="curvatures span", unit="decades"),
        "which": Choice({name: name for name in RULES}, "Muon", label="take apart"),
        "step": Slider(1, STEPS, 5, integer=True, label="step t"),
        "polynomial": Slider(1, 10, 5, integer=True, label="Newton–Schulz steps"),
    }
    scenarios = {
        "Inputs turned": Scenario(
            {},
            "The gradient's singular values (grey) span decades; Muon's step (coloured) has all of them near one size. "
            "On the right it is far ahead. Now press “Along the axes”, and watch Adam.",
        ),
        "Along the axes": Scenario(
            {"angle": 0, "which": "Adam"},
            "The same curvatures, but each belongs to one coordinate of the input, that is, to one column. Adam has a "
            "rate for every entry, so it can follow, and ends lowest. Turn the inputs slowly and see it lose that.",
        ),
        "Adam, turned": Scenario(
            {"which": "Adam"},
            "Adam's step has nearly the same size in every entry, and its singular values still span a wide range: "
            "the weak directions are left behind. Entries are not directions.",
        ),
        "Two steps of the polynomial": Scenario(
            {"polynomial": 2},
            "Only the strong directions have come near one; the weak ones have caught up by a factor of ten or so. On "
            "this task that is enough: Muon keeps its lead. Lower the number to one and raise it to ten.",
        ),
        "Every entry for itself": Scenario(
            {"task": "entries", "decades": 3},
            "No input ties the entries of a column together, so directions of the matrix mean nothing. Muon ends "
            "highest, and Adam lowest.",
        ),
    }

    def draw(self, values):
        """Singular values on the left, losses on the right."""
        figure = plotting.figure(680, 320)
        self._bars, self._loss = axes(figure, 60, 14, 290, 254), axes(figure, 420, 14, 246, 254)
        self._bars.set(xlim=(0.4, SIZE + 0.6), ylim=(1e-6, 3), yscale="log", xticks=range(1, SIZE + 1))
        label(self._bars, "singular value (grey: of the gradient, coloured: of the step)", "relative to the largest")
        grey = {"color": plotting.QUIET, "lw": 7, "alpha": 0.55, "solid_capstyle": "butt"}
        (self._gradient,) = self._bars.plot([], [], **grey)
        (self._taken,) = self._bars.plot([], [], lw=7, solid_capstyle="butt")
        self._loss.set(xlim=(0, STEPS), ylim=(1e-7, 3), yscale="log")
        label(self._loss, "step", "loss, as a share of the first")
        self._curves = {name: self._loss.plot([], [], color=plotting.COLORS[name], lw=1.7, label=name)[0]
                        for name in RULES}
        (self._now,) = self._loss.plot([], [], ":", color=plotting.QUIET, lw=1)
        self._loss.legend(loc="lower left", fontsize=8)
        moving = [self._gradient, self._taken, self._now, *self._curves.values()]
        return Picture(figure, moving, alt="Singular values of a gradient and of the step made of it; losses of "
                       "momentum, Adam and Muon at their best rates.")

    def show(self, values):
        """Run the three, and take one step of one of them apart."""
        kind = values["task"], values["angle"], values["decades"]
        runs = {name: best_run(name, *kind, values["polynomial"] if name == "Muon" else 5) for name in RULES}
        for name, run in runs.items():
            self._curves[name].set_data(np.arange(STEPS + 1), run.losses)
        chosen, step = runs[values["which"]], values["step"]
        for line, matrix, shift in ((self._gradient, chosen.gradients[step - 1], -0.17),
                                    (self._taken, chosen.taken[step - 1], 0.17)):
            line.set_data(*_bars(singular_values(matrix), shift))
        self._taken.set_color(plotting.COLORS[values["which"]])
        self._now.set_data([step, step], [1e-7, 3])
        idle = ("angle",) if values["task"] == "entries" else ()
        return Shown(_caption(runs, values["which"], step), idle)


class Run:
    """Of one optimizer at its best rate: losses (steps + 1,), gradients and steps (steps, 8, 8)."""

    def __init__(self, losses, gradients, taken, rate):
        self.losses, self.gradients, self.taken, self.rate = losses, gradients, taken, rate


@lru_cache(maxsize=64)
def best_run(name, task, angle, decades, polynomial):
    """The `Run` with the lowest last loss of the rates tried; the rate falls to zero in a straight line."""
    rule = RULES[name].replace(steps=polynomial) if name == "Muon" else RULES[name]
    curvature, goal = quadratic(task, angle, decades)
    theta = np.zeros((len(RATES), SIZE, SIZE))
    state, losses, gradients, taken = rule.init(theta), [], [], []
    for t in range(1, STEPS + 2):
        g = curvature(theta - goal)
        losses.append(((theta - goal) * g).mean(axis=(1, 2)) / 2)
        if t > STEPS:
            break
        before, now = theta, rule.swap(lr=rule.lr * (1 - (t - 1) / STEPS)).shaped(theta.ndim)
        with np.errstate(all="ignore"):
            theta, state = now.update(g, theta, state, t)
        gradients.append(g)
        taken.append(before - theta)
    losses = np.array(losses)
    best = int(np.nanargmin(np.where(np.isfinite(losses[-1]), losses[-1], np.inf)))
    pick = (losses[:, best] / losses[0, best], np.array(gradients)[:, best], np.array(taken)[:, best], RATES[best])
    return Run(*pick)


@lru_cache(maxsize=64)
def quadratic(task, angle, decades):
    """(Δ → gradient, the minimum): mean loss ½⟨Δ, gradient(Δ)⟩, in which every curvature has an equal share."""
    rng = np.random.default_rng(0)
    far = rng.normal(size=(SIZE, SIZE))
    if task == "entries":
        scale = 10.0 ** (-decades * rng.uniform(size=(SIZE, SIZE)))
        return lambda delta: delta * scale, far
    basis, scale = turned(angle), np.logspace(0, -decades, SIZE)
    covariance = (basis * scale) @ basis.T
    return lambda delta: delta @ covariance, far @ (basis * scale**-0.5) @ basis.T


def turned(angle):
    """An orthogonal 8 × 8 matrix: each pair of coordinates in turn is rotated by ``angle`` degrees."""
    basis, (c, s) = np.eye(SIZE), (np.cos(np.radians(angle)), np.sin(np.radians(angle)))
    for i in range(SIZE):
        for j in range(i):
            basis[:, [i, j]] = basis[:, [i, j]] @ np.array([[c, -s], [s, c]])
    return basis


def singular_values(matrix):
    """Largest first, relative to the largest."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return values / max(values[0], 1e-300)


def _bars(values, shift):
    """Bars from the bottom of the picture as one broken line."""
    x = np.arange(1, SIZE + 1) + shift
    low, gap = np.full(SIZE, 1e-7), np.full(SIZE, np.nan)
    return np.stack([x, x, gap], axis=1).ravel(), np.stack([low, np.maximum(values, 1e-7), gap], axis=1).ravel()


def _caption(runs, which, step):
    ends = ", ".join(f"{name} {run.losses[-1]:.1e}" for name, run in runs.items())
    values = singular_values(runs[which].taken[step - 1])
    return (f"Loss at the end, as a share of the first: {ends}. In step {step} of {which} the smallest singular value "
            f"is {values[-1]:.2g} of the largest.")
