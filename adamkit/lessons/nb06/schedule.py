"""Build a schedule, and see what it does to a network whose curvature depends on how it was trained."""

import numpy as np

from adamkit import plotting, schedules
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider, Toggle
from adamkit.explorers.panels import axes, label
from adamkit.lessons.nb06.two_layers import two_layers
from adamkit.numbers import short

STEPS, RUNS, SINGLE = 400, 64, 5
LOST = 1e3  # a loss that no run comes back from
LOWEST = 1e-9  # losses below this are drawn at it
KINDS = {
    "constant": "constant after the warmup",
    "cosine": "cosine",
    "linear": "linear decay",
    "inverse_sqrt": "inverse square root",
    "stable_decay": "stable, then decay",
    "staircase": "staircase",
}
ENDLESS = ("constant", "inverse_sqrt")
LIMIT = "tab:red"


def build(values):
    """The schedule that the controls describe. Raises ValueError where `adamkit.schedules` does."""
    warmup, total, floor = values["warmup"], values["total"], values["floor"]
    kind = values["kind"]
    if kind == "constant":
        return schedules.linear_warmup(warmup=warmup)
    if kind == "inverse_sqrt":
        return schedules.warmup_inverse_sqrt(warmup=max(warmup, 1))
    horizon = {"warmup": warmup, "total": total, "floor": floor}
    if kind == "linear":
        return schedules.warmup_linear(**horizon)
    if kind == "stable_decay":
        return schedules.warmup_stable_decay(**horizon, decay=min(total // 5, max(total - warmup, 0)))
    cosine = schedules.warmup_cosine(**horizon)
    if kind == "staircase":
        return schedules.step_decay(milestones=[total // 2, 3 * total // 4], warmup=warmup)
    return cosine if values["clamp"] else climbing(warmup, total, floor)


def climbing(warmup, total, floor):
    """A cosine as it is often written, without a clamp at its end."""

    def factor(step):
        wave = np.cos(np.pi * (step - warmup) / max(total - warmup, 1))
        return np.where(step < warmup, step / max(warmup, 1), floor + (1 - floor) * (1 + wave) / 2)

    return factor


class ScheduleBuilder(Explorer):
    """A schedule above; below, what SGD does under it on `two_layers`, for 64 runs.

    Controls: ``kind``, ``peak`` (the largest rate), ``warmup`` and ``total`` in steps (the run always takes 400),
    ``floor`` (last factor), ``clamp`` (a cosine stops at its end), ``noise`` (of the labels).
    """

    title = "Schedule builder"
    opening = "With warmup"
    longest = (
        "Mean loss over the last 40 steps: 0.00069. Curvature: 16 at the start, 2.0 at the end. Largest rate 0.0123. "
        "40 of 64 runs diverged: the curves end where half of them had, the figures are of the rest."
    )
    controls = {
        "kind": Choice(KINDS, label="schedule", value="cosine"),
        "peak": Slider(0.01, 1, 0.6, log=True, label="peak rate η"),
        "warmup": Slider(0, 400, 80, integer=True, step=5, label="warmup", unit=" steps"),
        "total": Slider(50, 400, 400, integer=True, step=10, label="total", unit=" steps", help="warmup included"),
        "floor": Slider(0, 0.5, 0.0, step=0.01, label="floor", help="the last factor, as a share of the peak"),
        "noise": Slider(0.01, 1, 0.3, log=True, zero=True, label="label noise σ"),
        "clamp": Toggle(True, label="the cosine stops at its end"),
    }
    scenarios = {
        "With warmup": Scenario(
            {},
            "The curvature begins at 16. While the rate climbs, the red limit 2/η comes down on it, and it gives way: "
            "to 2, the flattest minimum there is. Then the decay quietens the noise, and the loss falls with η.",
        ),
        "Without": Scenario(
            {"warmup": 0},
            "The same peak, and nothing else changed. The first step is already far above the limit 2/16 = 0.125. "
            "All runs are lost within a few steps. Now raise the warmup, five steps at a time.",
        ),
        "Never decay": Scenario(
            {"kind": "constant", "warmup": 50, "peak": 0.3, "noise": 0.3},
            "The loss arrives and stays: a cloud that grows with η, and with the curvature, so that η = 0.05, which "
            "stays where it is sharp, is no better. Choose any decay and see the loss fall at the end. How early does "
            "it have to begin?",
        ),
        "Stable, then decay": Scenario(
            {"kind": "stable_decay", "warmup": 50, "peak": 0.3},
            "For most of the run it looks no better than a constant rate. The last fifth makes all the difference.",
        ),
        "It climbs again": Scenario(
            {"total": 200, "warmup": 40, "clamp": False, "peak": 0.3},
            "A cosine without a clamp, in a run that lasts longer than its total. After step 200 the rate returns, and "
            "so does the loss. Switch the clamp on.",
        ),
        "A small rate": Scenario(
            {"peak": 0.05, "warmup": 0},
            "A rate that needs no warmup. The loss comes down as well. But the curvature stays close to 16: training "
            "has gone to the nearest minimum. Raise the peak past 2/16 = 0.125, to 0.2: all runs are thrown out of it, "
            "to curvature 2, and settle there. At 0.3 they are lost.",
        ),
    }

    def draw(self, values):
        """The factor above, loss and curvature below."""
        figure = plotting.figure(680, 372)
        shape, loss = axes(figure, 52, 10, 616, 118), axes(figure, 52, 176, 268, 154)
        bend = axes(figure, 400, 176, 268, 154)
        for ax in (shape, loss, bend):
            ax.set_xlim(0, STEPS)
            ax.grid(True, color=plotting.GRID, lw=0.7)
        shape.set_ylim(0, 1.08)
        label(shape, "step", "η / peak")
        _logarithmic(loss, (1e-4, 1e3), f"loss, mean of {RUNS} runs")
        _logarithmic(bend, (1, 200), "curvature u² + v²")
        bend.text(1, 1.03, "limit 2/η", transform=bend.transAxes, color=LIMIT, fontsize=8.5, ha="right", va="bottom")
        self._factor = shape.plot([], [], color=plotting.INK, lw=2.2, zorder=4)[0]
        self._marks = [shape.plot([], [], color=plotting.QUIET, lw=1, ls=(0, (3, 2)))[0] for _ in range(2)]
        self._names = [shape.text(0, 0, "", fontsize=8, color=plotting.QUIET) for _ in range(2)]
        self._limit = bend.plot([], [], color=LIMIT, lw=1.3, ls=(0, (4, 2)), zorder=5)[0]
        self._single = [bend.plot([], [], color=plotting.INK, lw=0.7, alpha=0.25)[0] for _ in range(SINGLE)]
        self._loss, self._bend = (ax.plot([], [], color=plotting.INK, lw=1.7, zorder=4)[0] for ax in (loss, bend))
        moving = [self._factor, *self._marks, *self._names, self._limit, *self._single, self._loss, self._bend]
        words = f"A learning-rate schedule, and below it the loss and the curvature of {RUNS} runs."
        return Picture(figure, moving, alt=words)

    def show(self, values):
        """Build the schedule and run under it, or say why it is refused."""
        self._place_marks(values)
        try:
            factors = np.asarray(build(values)(np.arange(STEPS)), dtype=float)
        except ValueError as refusal:
            for line in (self._factor, self._limit, self._loss, self._bend, *self._single):
                line.set_data([], [])
            return Shown(f"Refused: {refusal}.", _idle(values, refused=True))
        rates = values["peak"] * factors
        runs = two_layers(rates, noise=values["noise"], runs=RUNS, seed=2)
        self._factor.set_data(np.arange(STEPS), factors)
        self._limit.set_data(np.arange(STEPS), 2 / np.maximum(rates, 1e-9))
        self._place_runs(*runs)
        return Shown(_caption(rates, *runs, values["noise"]), _idle(values))

    def _place_runs(self, losses, curvatures):
        """Loss as the mean of the runs still alive, curvature as their median and a few of them."""
        steps = np.arange(STEPS + 1)
        alive = losses < LOST  # False for NaN
        count = alive.sum(axis=1)
        most = count > RUNS // 2
        loss = np.where(alive, losses, 0).sum(axis=1) / np.maximum(count, 1)
        self._loss.set_data(steps[most], np.maximum(loss[most], LOWEST))
        bend = np.median(np.where(alive, curvatures, np.inf), axis=1)
        self._bend.set_data(steps[most], bend[most])
        for line, curve, lives in zip(self._single, curvatures.T, alive.T):
            line.set_data(steps, np.where(lives, curve, np.nan))

    def _place_marks(self, values):
        """Where the warmup ends and where the schedule does."""
        total = 0 if values["kind"] in ENDLESS else values["total"]
        ends = (("end of warmup", values["warmup"], 0.05), ("total", total, 0.93))
        for mark, name, (words, at, height) in zip(self._marks, self._names, ends):
            shown = 0 < at < STEPS
            mark.set_data([at, at] if shown else [], [0, 1.08] if shown else [])
            name.set_text(words if shown else "")
            late = at > STEPS - 56  # no room on the right
            name.set_ha("right" if late else "left")
            name.set_position((at - 4 if late else at + 4, height))


def _logarithmic(ax, limits, name):
    ax.set_yscale("log")
    ax.set_ylim(*limits)
    label(ax, "step", name)


def _idle(values, refused=False):
    """Controls that change nothing with this kind of schedule, or while it is refused."""
    kind = values["kind"]
    idle = ["clamp"] * (kind != "cosine" or values["total"] == STEPS or refused)
    idle += ["total"] * (kind in ENDLESS) + ["floor"] * (kind in (*ENDLESS, "staircase") or refused)
    return (*idle, *["peak", "noise"] * refused)


def _caption(rates, losses, curvatures, noise):
    """What came of it, in a sentence."""
    alive = losses[-1] < LOST  # False for NaN
    if not alive.any():
        alike = "" if noise else ", all alike without noise,"
        return f"All {RUNS} runs{alike} diverged."
    gone = RUNS - alive.sum()
    lost = f" {gone} of {RUNS} runs diverged." if gone else ""
    if gone >= RUNS // 2:
        lost = f" {gone} of {RUNS} runs diverged: the curves end where half of them had, the figures are of the rest."
    late = np.mean(losses[-40:, alive])
    bends = np.median(curvatures[-1, alive])
    return (
        f"Mean loss over the last 40 steps: {short(late)}. Curvature: {curvatures[0, 0]:.0f} at the start, "
        f"{bends:.1f} at the end. Largest rate {rates.max():.2g}.{lost}"
    )
