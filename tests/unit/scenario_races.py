"""The sentences of `race`, `noise` and `rmsprop`, each with what it is measured by and the bounds that it must keep."""

import numpy as np
from scenario_tools import arrivals, first_below, flips, height, loss, moved, path, racers, sizes, swings

from adamkit import descent, rules, surfaces, theory
from adamkit.lessons.nb00.race import _surface as race_surface
from adamkit.lessons.nb01.noise import _surface as noise_surface
from adamkit.lessons.nb01.noise import expected_loss

ALL = np.inf


def _surface(race):
    return race_surface(race.values["surface"])


def _turned(race):
    (a, b), (_, c) = _surface(race).hessian(np.zeros(2))
    return np.degrees(0.5 * np.arctan2(2 * b, a - c)) % 90


def _as_before(race):
    """Largest relative change of SGD's and Momentum's losses by the turn."""
    now = racers(race)
    before = racers(moved(race, surface="ravine"))
    return max(np.abs(now[name].losses - before[name].losses).max() for name in ("SGD", "Momentum"))


def _first_step(race, name):
    """Length of the first step in units of η."""
    run = racers(race)[name]
    return sizes(run.steps_taken)[0] / run.rule.lr


def _shrink(race):
    """The jitter at half the rate in shares of that at the rate, of the optimizer that gains least."""
    tails = [{name: run.losses[150:].mean() for name, run in racers(moved(race, times=times)).items()}
             for times in (1.0, 0.5)]  # fmt: skip
    return max(tails[1][name] / tails[0][name] for name in tails[0])


def _slower(race):
    """Steps to 3% of the first loss at a tenth of the rate over those at the rate, of the least slowed optimizer."""
    steps = [{name: first_below(run.losses, 0.03 * run.losses[0]) for name, run in racers(moved(race, times=t)).items()}
             for t in (1.0, 0.1)]  # fmt: skip
    return min(steps[1][name] / steps[0][name] for name in steps[0])


def _ends(race, name):
    return racers(race)[name].losses[-1]


RACE = {
    "Ravine": {
        "the curvature is 100 times that": (
            lambda e: _surface(e).curvatures()[-1] / _surface(e).curvatures()[0], 99, 101),
        "SGD's swings soon die out": (lambda e: swings(racers(e)["SGD"]), 1, 40),
        "then it crawls": (lambda e: first_below(racers(e)["SGD"].losses, 1e-2), 100, ALL),
        "Momentum swings longest": (lambda e: swings(racers(e)["Momentum"]) / max(
            swings(run) for name, run in racers(e).items() if name != "Momentum"), 1.01, ALL),
        "and arrives": (lambda e: arrivals(e)["Momentum"], 1, 300),
        "RMSprop's first step is 32 times its η": (lambda e: _first_step(e, "RMSprop"), 31.5, 32.4),
        "Why?": None, "Press play": None,
    },
    "Turned ravine": {
        "turned by 45°": (_turned, 44.9, 45.1),
        "SGD and Momentum do exactly as before": (_as_before, 0, 1e-6),
        "RMSprop, which works axis by axis, has lost its advantage": (lambda e: arrivals(e)["RMSprop"], 301, ALL),
        "What does Adam still have?": (lambda e: arrivals(e)["Adam"], 1, 200),
    },
    "Saddle": {
        "All at η = 0.05": (lambda e: {run.rule.lr for run in racers(e).values()} == {0.05}, 1, 1),
        "a hair's breadth beside the ridge": (lambda e: abs(_surface(e).start[1]), 0, 0.05),
        "The gradient fades there, and SGD fades with it": (
            lambda e: sizes(racers(e)["SGD"].steps_taken).min() / sizes(racers(e)["SGD"].steps_taken)[0], 0, 0.1),
        "Adam divides the small gradient across the ridge by its own size, and walks off at once": (
            lambda e: abs(racers(e)["Adam"].steps_taken[0, 1]) / 0.05, 0.95, 1.001),
        "RMSprop's first step, 32 η on each axis, leaps past the saddle": (
            lambda e: abs(racers(e)["RMSprop"].steps_taken[0]).min() / 0.05, 31, 32.1),
    },
    "One rate for all": {
        "SGD's steps scale with the gradient": (
            lambda e: _first_step(e, "SGD") / sizes(racers(e)["SGD"].gradients)[0], 0.99, 1.01),
        "Adam's do not": (
            lambda e: _first_step(e, "Adam") / sizes(racers(e)["Adam"].gradients)[0], 0, 0.01),
        "Raise “η for all”": (lambda e: racers(moved(e, lr=0.3))["SGD"].diverged_at or np.inf, 1, 20),
        "who wakes up": (lambda e: _ends(e, "Adam") / _ends(moved(e, lr=0.3), "Adam"), 10, ALL),
    },
    "Cliff": {
        "a wall with a gradient 1000 times larger": (
            lambda e: np.nanmax(sizes(racers(e)["Momentum"].gradients)) / sizes(racers(e)["SGD"].gradients).min(),
            900, 1100),
        "SGD does not get to the edge in 300 steps": (lambda e: racers(e)["SGD"].positions[:, 0].max(), -9, -0.5),
        "Momentum does, and is thrown out of the picture": (
            lambda e: racers(e)["Momentum"].positions[:, 0].max() / e._land.ax.get_xlim()[1], 1.01, ALL),
        "Why is Adam not?": (lambda e: racers(e)["Adam"].positions[:, 0].max() / e._land.ax.get_xlim()[1], 0, 0.7),
    },
    "Noise": {
        "With noise nobody arrives": (lambda e: min(arrivals(e).values()), 301, ALL),
        "Each settles into a jitter whose size its η decides": (_shrink, 0, 0.8),
        "and the jitter shrinks, but so does the speed": (_slower, 3, ALL),
    },
}  # fmt: skip


def _limit(noise):
    return theory.max_stable_lr(float(np.max(noise_curvatures(noise))))


def noise_curvatures(noise):
    """Curvatures at the minimum that the run is nearest to, ascending."""
    values = noise.values
    surface = noise_surface(values["surface"], values["kappa"], values["angle"])
    last = path(noise, "SGD")[np.isfinite(path(noise, "SGD")).all(axis=1)][-1]
    return surface.curvatures(surface.minima[np.argmin(((surface.minima - last) ** 2).sum(axis=1))])


def _zigzag(noise):
    """Factor on the distance across the valley from step to step, negative where it changes sides."""
    across = path(noise, "SGD")[:60, 1]
    return np.median(across[1:] / across[:-1])


def _level(noise):
    return expected_loss(noise.values, noise_curvatures(noise))


def _tail(noise):
    return height(noise._loss.lines["SGD"])[200:].mean()


def _draws(noise):
    """Largest measured level over the smallest, of all draws."""
    tails = [_tail(moved(noise, draw=draw)) for draw in range(1, 21)]
    return max(tails) / min(tails)


def _tenth(noise):
    """Steps that take the distance along the floor to a tenth."""
    along = np.abs(path(noise, "SGD")[:, 0])
    return first_below(along, along[0] / 10)


def _unsettled(noise):
    """Smallest distance from side to side, of the last steps at the rates of the slider from 0.105 to 0.22."""
    rates = [stop for stop in noise.controls["lr"].stops() if 0.105 <= stop <= 0.22]
    return min(np.ptp(path(moved(noise, lr=rate), "SGD")[-20:], axis=0).max() for rate in rates)


NOISE = {
    "Just below the limit": {
        "η is 1.5% under 2/λ_max": (lambda e: 1 - e.values["lr"] / _limit(e), 0.0149, 0.0151),
        "every step overshoots and still shrinks a little": (_zigzag, -0.99, -0.9),
        "Push η over the limit and watch the zig-zag grow": (lambda e: _zigzag(moved(e, lr=0.11)), -ALL, -1.05),
    },
    "Just above": {
        "2% over the limit": (lambda e: e.values["lr"] / _limit(e), 1.0199, 1.0201),
        "the same zig-zag, growing": (_zigzag, -1.1, -1.01),
        "Nothing else is wrong": None,
        "turn the valley: the limit does not move": (lambda e: _limit(moved(e, angle=57)) / 0.1, 0.9999, 1.0001),
    },
    "Steep walls": {
        "κ = 150 forces η below 2/150": (lambda e: _limit(e) * 150 / 2, 0.9999, 1.0001),
        "where the curvature is 1": (lambda e: noise_curvatures(e)[0], 0.9999, 1.0001),
        "takes 1.3% off the distance a step": (lambda e: 1 - np.divide(*path(e, "SGD")[[11, 10], 0]), 0.01295, 0.01305),
        "176 steps for a factor of ten": (_tenth, 175, 177),
        "One rate cannot serve both directions": (
            lambda e: height(moved(e, lr=0.02)._loss.lines["SGD"])[20] / height(e._loss.lines["SGD"])[0], 100, ALL),
    },
    "Noise": {
        "the loss stops falling at a level that theory knows": (lambda e: _tail(e) / _level(e), 0.9, 1.1),
        "Double B and the level halves": (lambda e: _level(e) / _level(moved(e, batch=2)), 1.99, 2.01),
        "halve η instead and it falls by a little more": (lambda e: _level(e) / _level(moved(e, lr=0.015)), 2.1, 2.4),
        "Other draws scatter about it": (_draws, 1.5, 4),
    },
    "Two minima": {
        "The left minimum has curvature 20": (lambda e: noise_curvatures(e)[-1], 19.99, 20.01),
        "with an η above 0.1 no path settles there": (_unsettled, 0.05, ALL),
        "this one jumps from side to side for ever": (
            lambda e: np.mean(np.sign(path(e, "SGD")[200:-1, 1]) != np.sign(path(e, "SGD")[201:, 1])), 0.95, 1),
        "at 0.3 it is thrown out": (lambda e: path(moved(e, lr=0.3), "SGD")[-1, 0], 0.9, 1.1),
        "Lower η and it settles": (lambda e: height(moved(e, lr=0.05)._loss.lines["SGD"])[-1], 0, 1e-6),
        "Drag the start around": None,
    },
}  # fmt: skip

def _rates(rmsprop):
    return np.array([height(line) for line in rmsprop._rates])


def _steps(rmsprop):
    """Length of each step in units of η, larger coordinate."""
    return np.abs(np.diff(path(rmsprop, "RMSprop"), axis=0)).max(axis=1) / rmsprop.values["lr"]


def _detour(rmsprop, name):
    """Length of the path until a tenth of the first distance is left, over the straight way."""
    places = path(rmsprop, name)
    end = first_below(np.linalg.norm(places, axis=1), 0.1 * np.linalg.norm(places[0]))
    lengths = np.linalg.norm(np.diff(places[: end + 1], axis=0), axis=1)
    return lengths.sum() / np.linalg.norm(places[end] - places[0])


def _apart(rmsprop, angle):
    """How far apart the two rates lie at this angle, as a power of e."""
    return np.median(np.abs(np.log(np.divide(*_rates(moved(rmsprop, angle=angle))))))


def _hang(rmsprop, lr):
    return loss(moved(rmsprop, lr=lr), "RMSprop")[-50:].mean()


RMSPROP = {
    "Along the axes": {
        "the two coordinates get rates far apart": (lambda e: np.divide(*_rates(e))[:50].min(), 10, ALL),
        "RMSprop goes almost straight": (lambda e: _detour(e, "RMSprop"), 1, 1.6),
        "gradient descent zigzags": (lambda e: flips(path(e, "SGD")[:100, 1]), 0.95, 1),
        "though its rate is the best of sixty": (lambda e: len(np.linspace(1, 2, 60, endpoint=False)), 60, 60),
    },
    "Turned by 45°": {
        "The same ravine, turned": (lambda e: e.values["angle"], 45, 45),
        "nothing is left to adapt": (lambda e: np.abs(np.log(np.divide(*_rates(e)))).max(), 0, 0.2),
        "past the edge of stability, 2/κ": (lambda e: _rates(e).max() * e.values["kappa"] / 2, 1, 3),
        "Move the angle slowly from 0 and watch the rates meet": (
            lambda e: max(np.diff([_apart(e, angle) for angle in (0, 15, 30, 45)])), -ALL, -0.1),
    },
    "Jitter": {
        "RMSprop arrives in a few steps": (
            lambda e: first_below(loss(e, "RMSprop"), 1e-3 * loss(e, "RMSprop")[0]), 2, 9),
        "then hops across the minimum, because its steps do not get shorter": (
            lambda e: _steps(e)[-50:].mean(), 0.95, 1.05),
        "the loss at which it hangs falls with η²": (lambda e: _hang(e, 0.3) / _hang(e, 0.1), 8.5, 9.5),
    },
    "A long first step": {
        "the first step is 32 times η long": (lambda e: _steps(e)[0], 31.5, 32.4),
        "and the second 22 times": (lambda e: _steps(e)[1], 21.5, 22.4),
        "Raise β₂ further": (lambda e: _steps(moved(e, beta2=0.9999))[0], 99, 101),
        "Adam's correction is made for this": (lambda e: sizes(descent.run(rules.Adam(
            lr=1.0, beta1=0.0, beta2=0.999), surfaces.ravine(kappa=100), steps=1).steps_taken)[0], 0.99, 1.01),
    },
    "ε takes over": {
        "ε is larger than √v almost everywhere": (
            lambda e: np.mean(e.values["lr"] / _rates(e) - e.values["eps"] < e.values["eps"]), 0.95, 1),
        "both rates are close to η/ε": (
            lambda e: np.abs(np.log(_rates(e) * e.values["eps"] / e.values["lr"])).max(), 0, 0.1),
        "Lower ε and watch the two rates part": (lambda e: np.divide(*_rates(moved(e, eps=1e-3)))[:5].max(), 3, ALL),
    },
}  # fmt: skip

TABLE = {"race": RACE, "noise": NOISE, "rmsprop": RMSPROP}
