"""The sentences of `momentum`, `momentum_map` and `adam_surface`; see `test_scenario_sentences`."""

import numpy as np
from scenario_tools import data, first_below, flips, height, loss, moved, number_after, path

from adamkit import descent, rules, surfaces, theory
from adamkit.lessons.nb02 import speed_map
from adamkit.lessons.nb02.damping import ball_rate
from adamkit.lessons.nb02.momentum import _strength

ALL = np.inf


def _factors(ball, **values):
    """Factors a step of floor and wall by theory."""
    now = moved(ball, **values).values if values else ball.values
    strengths = _strength(now) * np.array([1.0, now["kappa"]])
    return np.array([ball_rate(now["form"], strength, now["beta"]) for strength in strengths])


def _off_flat(ball):
    """The smaller of the two factors over √β with β one slider position lower."""
    below = max(stop for stop in ball.controls["beta"].stops() if stop < ball.values["beta"])
    return _factors(ball, beta=below).min() / np.sqrt(below)


def _next_edge(ball):
    below = max(stop for stop in ball.controls["lr"].stops() if stop < ball.values["lr"])
    return _factors(ball, lr=below).max()


def _gain(ball):
    """The lowest factor that another η of the slider gives, over that of the scenario, less one."""
    now = _factors(ball).max()
    return min(_factors(ball, lr=rate).max() for rate in ball.controls["lr"].stops()) / now - 1


def _best_rate(ball):
    """The scenario's factor over the lowest on a grid of η and β."""
    lrs, betas = np.meshgrid(np.linspace(0.05, 0.16, 111), np.linspace(0.2, 0.8, 121))
    rates = [theory.heavy_ball_rate(lrs, betas, curvature) for curvature in (1.0, 25.0)]
    return _factors(ball).max() / np.maximum(*rates).min()


def _roughness(places):
    """How much of a path's movement is lost to turning: length over root mean square distance from its middle."""
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1).sum()
    return steps / np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean())


MOMENTUM = {
    "Mass in a ravine": {
        "SGD at the best η for this ravine": (
            lambda e: e.values["beside"] == "best" and theory.best_lr(1.0, 100.0) * 101 / 2, 0.999, 1.001),
        "It jumps from wall to wall": (lambda e: flips(path(e, "SGD")[:100, 1]), 0.99, 1),
        "and creeps along the floor": (lambda e: flips(path(e, "SGD")[:, 0]), 0, 0),
        "The ball has a quarter of that η": (lambda e: e.values["lr"] / theory.best_lr(1.0, 100.0), 0.24, 0.26),
        "It swings too": (lambda e: "Floor swings" in e.caption and "Wall swings" in e.caption, 1, 1),
        "but arrives": (lambda e: first_below(loss(e, "Momentum"), 1e-3 * loss(e, "Momentum")[0])
                        / first_below(loss(e, "SGD"), 1e-3 * loss(e, "SGD")[0]), 0, 0.5),
        "Press play": None,
    },
    "Too much memory": {
        "It swings for long, and through the minimum": (lambda e: flips(path(e, "Momentum")[:, 0]) * 200, 8, 60),
        "Both dots on the small curve lie on one flat piece": (lambda e: np.ptp(_factors(e)), 0, 1e-9),
        "its distance shrinks by √β a step, whatever the curvature": (
            lambda e: _factors(e).max() / np.sqrt(e.values["beta"]), 0.99999, 1.00001),
        "Move η: nothing is gained": (_gain, -1e-9, 0),
    },
    "The best of both": {
        "η = 1/9 and β = 4/9": (lambda e: max(abs(9 * e.values["lr"] - 1), abs(9 * e.values["beta"] - 4)), 0, 0.01),
        "best in the long run for κ = 25": (_best_rate, 0, 1.001),
        "Floor and wall stand at the ends of the flat piece": (lambda e: np.ptp(_factors(e)), 0, 1e-9),
        "Lower β a little and both dots climb off it": (_off_flat, 1.02, 2),
        "raise it and the whole piece rises": (
            lambda e: np.diff([_factors(e).max(), _factors(e, beta=0.5).min()])[0], 0.02, 0.1),
    },
    "Over the edge": {
        "Just above 2(1+β)/κ = 0.152": (lambda e: e.values["lr"] / theory.heavy_ball_limit(0.9, 25.0), 1.0001, 1.01),
        "the ball jumps from wall to wall, further each time": (
            lambda e: flips(path(e, "Momentum")[:40, 1]), 0.9, 1),
        "Plain SGD would have left at 0.08": (lambda e: theory.max_stable_lr(e.values["kappa"]), 0.0799, 0.0801),
        "Move η down by one position": (_next_edge, 0, 0.999),
    },
    "Nesterov": {
        "The settings of “Too much memory”": (lambda e: {
            name: value for name, value in e.values.items() if name != "form"} == {
            name: value for name, value in _other(e, "Too much memory").items() if name != "form"}, 1, 1),
        "The flat piece has become a slope": (lambda e: np.diff(_factors(e))[0], -1, -0.1),
        "Nesterov keeps less of its velocity": (lambda e: np.diff(
            e.values["beta"] * (1 - e.values["lr"] * np.array([1.0, e.values["kappa"]])))[0], -1, -0.1),
    },
    "Noise": {
        "A round bowl, both begin at the minimum, same η, same noise": (
            lambda e: (e.values["kappa"], e.values["start"], e.values["beside"]) == (1, (0.0, 0.0), "same"), 1, 1),
        "The average's path is smooth, SGD's rough": (
            lambda e: _roughness(path(e, "SGD")) / _roughness(path(e, "Momentum")), 2, 20),
        "Whose cloud is wider?": (
            lambda e: number_after("SGD", e.caption) / number_after("Momentum", e.caption), 1, 1.2),
        "Read the sentence below": None,
    },
}  # fmt: skip


def _other(explorer, scenario):
    return explorer._defaults() | explorer.checked(explorer.scenarios[scenario].values)


def _speed(form, kappa, lr, beta):
    """Factor a step by theory."""
    rate = theory.nesterov_rate if form == "nesterov" else theory.heavy_ball_rate
    return max(rate(lr, beta, 1.0), rate(lr, beta, kappa))


def _row(chart):
    """Spread of the factor along the row of β = 0.9, from 0.003 to 0.15."""
    rates = [_speed("heavy_ball", 25.0, lr, 0.9) for lr in np.linspace(0.003, 0.15, 50)]
    return np.ptp(rates)


def _bottom(chart):
    """The lowest factor of the bottom row, at any η, over that of the scenario."""
    return min(_speed("heavy_ball", 25.0, lr, 0.0) for lr in np.linspace(0.01, 0.08, 400)) / _speed(
        "heavy_ball", 25.0, chart.values["lr"], 0.0)


MAP = {
    "The best cell": {
        "The cell nearest to the star": (lambda e: np.hypot(*np.subtract(
            data(e._map.cell), data(e._map.star))).max(), 0, 0.02),
        "Left of it the floor creeps, right of it the walls flip, above it everything swings": (lambda e: [
            word in moved(e, **values).caption for word, values in (
                ("floor creeps", {"lr": 0.08}), ("wall flips", {"lr": 0.112}),
                ("floor swings, the wall swings", {"lr": 0.11, "beta": 0.6}))] == [True] * 3, 1, 1),
        "one side of it is a cliff": (lambda e: "diverges" in moved(e, lr=0.13).caption, 1, 1),
        "Click around it": None,
    },
    "What most people use": {
        "β = 0.9 is not the fastest": (
            lambda e: np.log(_speed("heavy_ball", 25.0, *speed_map.best_of("heavy_ball", 25.0)))
                                       / np.log(_speed("heavy_ball", 25.0, 0.02, 0.9)), 3, 12),
        "equally fast for all η from 0.003 to 0.15": (_row, 0, 1e-6),
        "A larger β than the best buys room for a wrong η": (lambda e: theory.heavy_ball_limit(0.9, 25.0)
                                                              / theory.heavy_ball_limit(4 / 9, 25.0), 1.2, 1.5),
    },
    "No momentum": {
        "gradient descent at its best, 2/(1+κ)": (_bottom, 0.999, 1.001),
        "Compare its colour with the star's": (lambda e: np.log(_speed("heavy_ball", 25.0, 1 / 9, 4 / 9)) / np.log(
            _speed("heavy_ball", 25.0, e.values["lr"], 0.0)), 4, 6),
        "Raise κ and watch the star climb while the bottom row goes dark": (
            lambda e: np.diff([data(e._map.star)[1][0], data(moved(e, kappa=100)._map.star)[1][0]])[0], 0.1, 2),
    },
    "Nesterov": {
        "The boundary leans to the left": (
            lambda e: theory.nesterov_limit(0.9, 25.0) / theory.nesterov_limit(0.1, 25.0), 0, 0.8),
        "Switch the form back and forth": (
            lambda e: theory.heavy_ball_limit(0.9, 25.0) / theory.heavy_ball_limit(0.1, 25.0), 1.5, 2),
    },
}  # fmt: skip


def _walk(adam, rule=None, **values):
    """The run of `adam_surface`, or of another rule on its surface."""
    now = adam.values | values
    rule = rule or rules.Adam(**{name: now[name] for name in ("lr", "beta1", "beta2", "eps")})
    return descent.run(rule, surfaces.ALL[now["surface"]](), steps=300)


def _beside_momentum(adam):
    """Largest distance of the path from momentum's at η/ε, in shares of how far it goes."""
    now = adam.values
    rule = rules.Momentum(lr=now["lr"] / now["eps"], momentum=now["beta1"], form="ema")
    own = _walk(adam).positions
    return np.linalg.norm(own - _walk(adam, rule).positions, axis=1).max() / np.ptp(own, axis=0).max()


def _alone(run):
    """|g|/√v̂ after the first 50 steps."""
    return np.abs(run.gradients[50:300]) / np.sqrt(run.readings["v_hat"][50:])


def _edge(adam):
    """The step at which the gradient is largest."""
    return int(height(adam._gradient).argmax())


def _late(adam, **values):
    """Mean loss of the last 50 steps."""
    return loss(moved(adam, **values), "Adam")[-50:].mean()


def _overshoot(adam, beta1):
    """How often the path changes sides along the floor."""
    along = path(moved(adam, beta1=beta1), "Adam")[:, 0]
    return (np.diff(np.sign(along[np.abs(along) > 1e-3])) != 0).sum()


ADAM = {
    "Plateau and cliff": {
        "the gradient jumps several hundredfold at the edge": (
            lambda e: height(e._gradient)[_edge(e)] / height(e._gradient)[: _edge(e)].min(), 300, 1200),
        "the step does not": (lambda e: height(e._step).max(), 0, 1.1),
        "After it, v remembers the edge, and the steps stay short for long": (
            lambda e: height(e._step)[_edge(e) + 20 : _edge(e) + 100].max(), 0, 0.5),
    },
    "No momentum": {
        "β₁ = 0: the last gradient alone decides the direction": (lambda e: np.mean(
            np.sign(_walk(e).steps_taken) == -np.sign(_walk(e).gradients[:300])), 0.99, 1),
        "Raise β₁ and watch the path gain weight, until it swings around the minimum": (
            lambda e: _overshoot(e, 0.97) - _overshoot(e, 0.0), 2, 40),
    },
    "Short memory": {
        "With β₂ = 0.5, √v̂ is hardly more than the last gradient's size": (
            lambda e: np.median(_alone(_walk(e))), 0.7, 1.4),
        "Adam circles it and cannot settle": (lambda e: _late(e), 1e-4, 1),
        "Raise β₂": (lambda e: _late(e) / _late(e, beta2=0.999), 100, ALL),
    },
    "ε in charge": {
        "√v̂ never reaches a tenth of this ε": (
            lambda e: np.sqrt(_walk(e).readings["v_hat"]).max() / e.values["eps"], 0, 0.1),
        "Adam is momentum with rate η/ε": (_beside_momentum, 0, 0.06),
        "it stays on the plateau": (lambda e: path(e, "Adam")[:, 0].max(), -9, -0.5),
        "watch it turn into Adam, which crosses the edge": (lambda e: path(moved(e, eps=0.1), "Adam")[-1, 0], 0.5, 2),
    },
    "No correction": {
        "the first steps are several times η": (lambda e: height(e._step)[:10].max(), 3, 7),
        "Switch the correction on again": (lambda e: height(moved(e, corrected=True)._step)[:10].max(), 0, 1.1),
    },
}  # fmt: skip


TABLE = {"momentum": MOMENTUM, "momentum_map": MAP, "adam_surface": ADAM}
