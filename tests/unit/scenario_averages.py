"""The sentences of `moments`, `decay`, `schedule` and `online_problem`; see `test_scenario_sentences`."""

import numpy as np
from scenario_tools import data, first_below, height, moved, number_after

from adamkit import theory
from adamkit.lessons.nb06.schedule import LOST, RUNS, STEPS, build
from adamkit.lessons.nb06.two_layers import two_layers
from adamkit.lessons.nb08 import online_problem

ALL = np.inf


def _line(moments, name):
    return height(moments._lines[name])


def _step(moments, **values):
    return _line(moved(moments, **values), "step")


def _spike(moments):
    """Where the spike is."""
    return int(_step(moments).argmax())


def _memory(moments, name):
    """Steps after the spike until a curve has fallen to a third."""
    curve = _line(moments, name)[_spike(moments) :]
    return first_below(curve, curve[0] / 3)


MOMENTS = {
    "Constant gradient": {
        "m and v creep up from zero, each at its own pace": (
            lambda e: (_line(e, "m")[0] < 0.11) and (_line(e, "v")[0] < 0.04) and _line(e, "m")[50] > _line(e, "v")[50],
            1, 1),
        "corrected, both are right from the first step": (
            lambda e: max(np.abs(_line(e, name) - 1).max() for name in ("m_hat", "v_hat")), 0, 1e-9),
        "every step is exactly η": (lambda e: np.abs(_step(e) - 1).max(), 0, 1e-7),
        "Now switch off “correct v”, then both": (lambda e: _step(e, correct_v=False)[0], 30, 32),
    },
    "No correction": {
        "Both averages too small": (
            lambda e: max((_line(e, name)[:100] / _line(e, "g")[-1]).max() for name in ("m_hat", "v_hat")), 0, 1),
        "the step is too large: √v is further behind than m": (
            lambda e: (_line(e, "m_hat")[:100] / _line(e, "v_hat")[:100]).min(), 1.001, ALL),
        "It starts at 3.16 η and climbs": (lambda e: _step(e)[0], 3.155, 3.165),
        "to its peak at step 12": (lambda e: _step(e).argmax() + 1, 12, 12),
    },
    "Alternating signs": {
        "m nearly cancels": (lambda e: np.abs(_line(e, "m_hat")[50:]).max(), 0, 0.06),
        "v does not": (lambda e: _line(e, "v_hat").min(), 0.999, 1.001),
        "The gradients stay as large as ever": (lambda e: np.nanmax(np.abs(_line(e, "g")[-6:])), 1, 1),
        "the steps shrink to almost nothing": (lambda e: np.abs(_step(e)[-20:]).max(), 0, 0.06),
    },
    "One spike after silence": {
        "The step jumps to more than 2 η": (lambda e: _step(e).max(), 2.01, 3),
        "then dies away over the memory of m: some ten steps": (lambda e: _memory(e, "m_hat"), 8, 13),
        "v remembers the spike a hundred times longer": (
            lambda e: np.log(0.9) / np.log(0.999), 90, 110),
    },
    "Worst case": {
        "Gradients that grow by β₂/β₁ a step": (lambda e: np.divide(*_line(e, "g")[[-1, -2]]), 1.1099, 1.1101),
        "keep m fresh and v behind": (lambda e: _line(e, "m_hat")[-1] / _line(e, "v_hat")[-1], 5, 8),
        "The step climbs towards 7.27 η": (lambda e: theory.largest_adam_step(0.9, 0.999), 7.265, 7.275),
        "more than twice the bound in the paper": (
            lambda e: _step(e)[-1] / theory.paper_step_bound(0.9, 0.999), 2.01, 3),
    },
    "Tiny gradients": {
        "as long as gradients stay well above ε the steps do not notice": (
            lambda e: np.ptp([_step(e, scale=scale)[-1] for scale in (1e3, 1.0, 1e-5)]), 0, 0.002),
        "Down here ε is a tenth of √v̂": (lambda e: e.values["eps"] / _line(e, "v_hat").max(), 0.099, 0.101),
        "the steps begin to shrink": (lambda e: _step(e)[-1], 0.85, 0.95),
    },
}  # fmt: skip


def _ends(decay, name, **values):
    """(θ₁, θ₂) at the end, the mean of the pairs."""
    return np.array([part[-1] for part in data(moved(decay, **values)._paths[name])])


def _diagonal(decay, name):
    """Largest distance of a path from the diagonal."""
    return np.abs(np.subtract(*data(decay._paths[name]))).max()


def _noticed(decay, name):
    """How much the end moves between scales of 0.01 and of 100 for both weights."""
    ends = [_ends(decay, name, scale1=scale, scale2=scale).mean() for scale in (0.01, 100.0)]
    return abs(ends[1] - ends[0])


def _same_clouds(decay):
    """Largest difference of the two clouds and paths, wherever the other controls stand."""
    found = []
    for values in ({}, {"lr": 0.1}, {"scale1": 100.0, "scale2": 1e-3}, {"signal": 2.0}):
        moved(decay, **values)
        found += [np.abs(np.subtract(data(lines["Adam"]), data(lines["AdamW"]))).max()
                  for lines in (decay._paths, decay._clouds)]  # fmt: skip
    return max(found)


DECAY = {
    "A thousandfold": {
        "Both weights see noise and nothing else": (lambda e: e.values["signal"], 0, 0),
        "AdamW shrinks them alike and walks down the diagonal": (lambda e: _diagonal(e, "AdamW"), 0, 0.05),
        "Adam + L2 drops the quiet weight at full speed": (lambda e: _ends(e, "Adam")[0], -0.2, 0.15),
        "and spares the loud one": (lambda e: _ends(e, "Adam")[1], 0.85, 1),
        "Bring the two scales together": (lambda e: np.ptp(_ends(e, "Adam", scale1=1.0, scale2=1.0)), 0, 0.1),
    },
    "Equal scales": {
        "Both paths lie on the diagonal": (lambda e: max(_diagonal(e, name) for name in ("Adam", "AdamW")), 0, 0.06),
        "at this scale they are about equally fast": (
            lambda e: np.abs(_ends(e, "Adam") - _ends(e, "AdamW")).max(), 0, 0.05),
        "Now move both scales down to 0.01, then up to 100": (lambda e: _noticed(e, "Adam"), 0.5, 2),
        "Only one of the two rules notices": (lambda e: _noticed(e, "AdamW"), 0, 0.02),
    },
    "A signal to keep": {
        "The data want both weights at 1, equally strongly for their noise": (lambda e: e.values["signal"], 1, 1),
        "AdamW gives both the same shrinkage": (lambda e: np.ptp(_ends(e, "AdamW")), 0, 0.05),
        "Adam + L2 throws away the one whose gradients are small": (lambda e: _ends(e, "Adam")[0], -0.2, 0.3),
        "and hardly regularises the other": (lambda e: _ends(e, "Adam")[1], 0.9, 1),
    },
    "No decay": {
        "λ = 0: the two rules are one": (lambda e: e.values["weight_decay"], 0, 0),
        "Both means stay where they began": (
            lambda e: max(np.abs(_ends(e, name) - 1).max() for name in ("Adam", "AdamW")), 0, 0.02),
        "the two clouds are the same, whatever else you move, so no test at λ = 0 can tell": (_same_clouds, 0, 0),
    },
}  # fmt: skip


def _runs(schedule, **values):
    """(rates, losses, curvatures) of the schedule's 64 runs."""
    now = moved(schedule, **values).values
    rates = now["peak"] * np.asarray(build(now)(np.arange(STEPS)), float)
    return rates, *two_layers(rates, noise=now["noise"], runs=RUNS, seed=2)


def _lost(schedule, **values):
    """How many runs are lost at the end."""
    losses = _runs(schedule, **values)[1]
    return int((~(losses[-1] < LOST)).sum())


def _bend(schedule, **values):
    """Median curvature at the end, of the runs that are left."""
    _, losses, curvatures = _runs(schedule, **values)
    return np.median(curvatures[-1, losses[-1] < LOST])


def _late(schedule, last=40, **values):
    losses = _runs(schedule, **values)[1]
    return losses[-last:, losses[-1] < LOST].mean()


def _fall_with_rate(schedule):
    """Correlation of the logarithms of loss and rate while the rate decays."""
    rates, losses, _ = _runs(schedule)
    part = slice(150, 390)
    return np.corrcoef(np.log(rates[part]), np.log(np.mean(losses[1:], axis=1)[part]))[0, 1]


def _constant(schedule, peak, steps):
    """Mean loss in these steps at a constant rate after the same warmup."""
    losses = _runs(schedule, kind="constant", peak=peak)[1]
    return losses[steps].mean()


SCHEDULE = {
    "With warmup": {
        "The curvature begins at 16": (lambda e: _runs(e)[2][0].max(), 15.99, 16.01),
        "the red limit 2/η comes down on it, and it gives way: to 2, the flattest minimum there is": (_bend, 1.95, 2.1),
        "Then the decay quietens the noise, and the loss falls with η": (_fall_with_rate, 0.95, 1),
    },
    "Without": {
        "The same peak, and nothing else changed": (
            lambda e: {k for k, v in e.values.items() if v != e._defaults()[k]} == {"warmup"}, 1, 1),
        "The first step is already far above the limit 2/16 = 0.125": (lambda e: _runs(e)[0][0] / 0.125, 4, 6),
        "All runs are lost within a few steps": (
            lambda e: first_below((_runs(e)[1] < LOST).sum(axis=1), 1), 1, 12),
        "Now raise the warmup, five steps at a time": (lambda e: e.controls["warmup"].step, 5, 5),
    },
    "Never decay": {
        "The loss arrives and stays": (lambda e: _late(e, 50) / _runs(e)[1][150:200].mean(), 0.8, 1.25),
        "a cloud that grows with η": (lambda e: _late(e, 100, peak=0.6) / _late(e, 100, peak=0.3), 2, 8),
        "and with the curvature, so that η = 0.05": (lambda e: _late(e, peak=0.05) / _late(e, peak=0.3), 1, 2),
        "which stays where it is sharp, is no better": (lambda e: _bend(e, peak=0.05), 12, 16),
        "Choose any decay and see the loss fall at the end": (lambda e: max(
            _late(e, 20, kind=kind) / _constant(e, 0.3, slice(-20, None))
            for kind in ("cosine", "linear", "stable_decay", "staircase")), 0, 0.5),
        "How early does it have to begin?": None,
    },
    "Stable, then decay": {
        "For most of the run it looks no better than a constant rate": (
            lambda e: _runs(e)[1][200:300].mean() / _constant(e, 0.3, slice(200, 300)), 0.95, 1.05),
        "The last fifth makes all the difference": (
            lambda e: _runs(e)[1][-20:].mean() / _constant(e, 0.3, slice(-20, None)), 0, 0.2),
    },
    "It climbs again": {
        "a run that lasts longer than its total": (lambda e: STEPS / e.values["total"], 1.01, ALL),
        "After step 200 the rate returns": (lambda e: _runs(e)[0][300] / max(_runs(e)[0][200], 1e-3), 50, ALL),
        "and so does the loss": (
            lambda e: _runs(e)[1][-60:].mean() / _runs(e)[1][190:210].mean(), 5, ALL),
        "Switch the clamp on": (lambda e: _late(e) / _late(e, clamp=True), 5, ALL),
    },
    "A small rate": {
        "A rate that needs no warmup": (_lost, 0, 0),
        "The loss comes down as well": (lambda e: _late(e) / _runs(e)[1][0].mean(), 0, 0.01),
        "But the curvature stays close to 16": (_bend, 15, 16),
        "Raise the peak past 2/16 = 0.125, to 0.2": (lambda e: _lost(e, peak=0.2), 0, 0),
        "all runs are thrown out of it, to curvature 2, and settle there": (lambda e: _bend(e, peak=0.2), 1.9, 2.4),
        "At 0.3 they are lost": (lambda e: _lost(e, peak=0.3), 64, 64),
    },
}  # fmt: skip


def _played(online, **values):
    """(paths, brackets, slopes) of Reddi's problem."""
    now = moved(online, **values).values
    slopes = np.full(int(now["steps"]), -1.0)
    slopes[:: now["period"]] = now["C"]
    return *online_problem.play(slopes, now["lr"], now["beta1"], now["beta2"]), slopes


def _end(online, **values):
    return _played(online, **values)[0]["Adam"][-1]


def _regret(online, **values):
    paths, _, slopes = _played(online, **values)
    return online_problem.average_regret(paths["Adam"], slopes)


def _negative(online, last=None, **values):
    """Share of the (last) brackets that is negative."""
    brackets = _played(online, **values)[1]
    return np.mean(brackets[-(last or len(brackets)) :] < 0)


def _root(online):
    """The root of v, as it falls from one large slope to just before the next."""
    slopes, beta2 = _played(online)[2], online.values["beta2"]
    v = np.sqrt(np.array(online_problem._average(slopes**2, beta2)))
    large = np.flatnonzero(slopes > 0)[-3]
    return v[large + 40] / v[large]


ONLINE = {
    "The counterexample": {
        "The best point is −1": (lambda e: number_after("best point is", e.caption), -1, -1),
        "Adam walks to +1, the worst": (_end, 0.9, 1),
        "and its regret does not fall": (lambda e: _regret(e)[-1] / _regret(e)[20], 0.95, 2),
        "two of three brackets are below zero": (_negative, 0.65, 0.68),
        "Move β₂ up and find where Adam turns round": (lambda e: _end(e, beta2=0.99), -1, -0.9),
    },
    "Adam's defaults": {
        "β₁ = 0.9 and β₂ = 0.999": (lambda e: (e.values["beta1"], e.values["beta2"]) == (0.9, 0.999), 1, 1),
        "Adam goes to −1": (_end, -1, -0.99),
        "and its regret dies out": (lambda e: _regret(e)[-1], 0, 0.005),
        "two of three brackets are negative all the same": (lambda e: _negative(e, last=300), 0.65, 0.68),
        "That breaks the proof": None,
    },
    "A rare large slope": {
        "from one large slope to the next √v falls by a fifth": (_root, 0.78, 0.84),
        "the forty small steps": (lambda e: e.values["period"] - 1, 40, 40),
        "Adam ends on the wrong side": (_end, 0.9, 1),
        "Raise β₂ to 0.999": (lambda e: _end(e, beta2=0.999), -1, -0.9),
    },
    "Nearly AdaGrad": {
        "With β₁ = 0 and β₂ near 1": (lambda e: 1 - e.values["beta2"] + e.values["beta1"], 0, 0.0002),
        "v̂ is the plain mean of all squares, and Adam with α/√t is AdaGrad": (lambda e: np.abs(
            _played(e)[0]["Adam"] - _adagrad(e)).max(), 0, 0.01),
        "No bracket is negative": (_negative, 0, 0),
        "Lower β₂ until the first one falls": (lambda e: _negative(e, beta2=0.9), 0.3, 1),
    },
}  # fmt: skip


def _adagrad(online):
    """x before each step of AdaGrad with rate α on the same slopes."""
    slopes = _played(online)[2]
    return online_problem._walk(online.values["lr"] * slopes / np.sqrt(np.cumsum(slopes**2)))


TABLE = {"moments": MOMENTS, "decay": DECAY, "schedule": SCHEDULE, "online_problem": ONLINE}
