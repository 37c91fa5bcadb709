"""Which optimizer gets there, and how? Several run from one start on one surface."""

from functools import cache, lru_cache

import numpy as np

from adamkit import descent, plotting, rules, schedules, surfaces
from adamkit.explorers.base import Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, MultiChoice, Point, Slider
from adamkit.explorers.landscape import Landscape, SurfaceExplorer
from adamkit.explorers.panels import LossPanel, Table, stage
from adamkit.numbers import short

NAMES = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "AdamW")
STEPS = 300
SURFACES = {
    "ravine": "ravine, κ = 100",
    "turned_ravine": "the same, turned by 45°",
    "saddle": "saddle",
    "monkey_saddle": "monkey saddle",
    "rosenbrock": "Rosenbrock's banana",
    "beale": "Beale's plains",
    "himmelblau": "four minima",
    "rastrigin": "egg box",
    "cliff": "plateau and cliff",
    "two_minima": "sharp and flat minimum",
}
RATES = np.geomspace(1e-4, 10, 61)


@cache
def knobs(name):
    """Which sliders set something of a racer: field of its rule → slider.

    β₁ is also the momentum of a rule that has one by itself: Momentum and Nesterov, not RMSprop.
    """
    hypers = getattr(rules, name)().hypers()
    known = {"beta1": "beta1", "momentum": "beta1", "beta2": "beta2", "eps": "eps"}
    return {field: knob for field, knob in known.items() if hypers.get(field, 0) > 0}


def race_rule(name, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The rule of one racer, with those of the three that it has; AdamW decays with λ = 0.01."""
    given = {"beta1": beta1, "beta2": beta2, "eps": eps}
    return getattr(rules, name)(lr=lr, **{field: given[knob] for field, knob in knobs(name).items()})


@lru_cache(maxsize=128)
def tuned_rate(name, surface_name):
    """The best of 61 rates from 1e-4 to 10 for one optimizer on one surface, at its other defaults.

    Best is lowest mean log loss over the race, from the surface's own start and without noise: it
    rewards arriving early. A rate that ever doubles the first loss is out: it would be luck. One
    batched run of about 20 ms.
    """
    surface = _surface(surface_name)
    sweep = descent.sweep(race_rule(name, RATES), surface, steps=STEPS, keep="losses")
    losses = np.nan_to_num(sweep.losses, nan=np.inf)
    scores = np.log(np.maximum(losses, 1e-9)).mean(axis=1)
    scores[losses.max(axis=1) > 2 * losses[:, 0]] = np.inf
    return float(f"{RATES[np.argmin(scores)]:.2g}")


class Race(SurfaceExplorer):
    """Optimizers race on a surface; the reader drags the start.

    Controls: ``optimizers``, ``surface``, ``rates`` ("tuned": each at its own best rate for the
    surface, times ``times``; "same": all at ``lr``), ``beta1``, ``beta2``, ``eps``, ``warmup`` in
    steps, ``noise`` (standard deviation added to each gradient coordinate), ``start``.
    """

    title = "Optimizers race"
    opening = "Ravine"
    longest = f"Arrived, at a millionth of the first loss: {' (300), '.join(NAMES)} (300)."
    controls = {
        "optimizers": MultiChoice(
            NAMES, ("SGD", "Momentum", "RMSprop", "Adam"), colors={name: plotting.COLORS[name] for name in NAMES}
        ),
        "surface": Choice(SURFACES, label="surface"),
        "rates": Choice(
            {"tuned": "each its own best", "same": "the same for all"},
            label="learning rates η",
            help="“Each its own best” is the winner of a sweep over 61 rates on this surface",
        ),
        "times": Slider(0.1, 10, 1, log=True, label="times the best rate", unit="×"),
        "lr": Slider(1e-4, 10, 0.05, log=True, label="η for all"),
        "beta1": Slider(0, 0.99, 0.9, step=0.01, label="β₁, momentum", help="Adam's β₁ and the momentum of SGD's kin"),
        "beta2": Slider(0, 0.9999, 0.999, decay=True, label="β₂", help="memory of the squared gradient: Adam, RMSprop"),
        "eps": Slider(1e-12, 1, 1e-8, log=True, label="ε", help="floor under the root of the squared gradient"),
        "noise": Slider(0.01, 10, 0, log=True, zero=True, label="gradient noise σ"),
        "warmup": Slider(0, 100, 0, integer=True, label="warmup", unit=" steps"),
        "start": Point(),
    }
    scenarios = {
        "Ravine": Scenario(
            {"surface": "ravine"},
            "Across the valley the curvature is 100 times that along it. SGD's swings soon die out, then it crawls. "
            "Momentum swings longest, and arrives. RMSprop's first step is 32 times its η. Why? Press play, then drag "
            "the white dot.",
            play=True,
        ),
        "Turned ravine": Scenario(
            {"surface": "turned_ravine"},
            "The same valley, turned by 45°. SGD and Momentum do exactly as before. RMSprop, which works axis by axis, "
            "has lost its advantage. What does Adam still have?",
            play=True,
        ),
        "Saddle": Scenario(
            {"surface": "saddle", "rates": "same", "lr": 0.05},
            "All at η = 0.05, a hair's breadth beside the ridge. The gradient fades there, and SGD fades with it. "
            "Adam divides the small gradient across the ridge by its own size, and walks off at once. RMSprop's first "
            "step, 32 η on each axis, leaps past the saddle.",
            play=True,
        ),
        "One rate for all": Scenario(
            {"surface": "rosenbrock", "rates": "same", "lr": 0.002},
            "One η means different things: SGD's steps scale with the gradient, Adam's do not. Raise “η for all” "
            "and watch who leaves the picture and who wakes up.",
        ),
        "Cliff": Scenario(
            {"surface": "cliff", "rates": "same", "lr": 0.1, "optimizers": ("SGD", "Momentum", "Adam")},
            "A plateau, then a wall with a gradient 1000 times larger. At this rate SGD does not get to the edge "
            "in 300 steps. Momentum does, and is thrown out of the picture. Why is Adam not?",
            play=True,
        ),
        "Noise": Scenario(
            {"surface": "ravine", "noise": 2.0},
            "With noise nobody arrives. Each settles into a jitter whose size its η decides: lower “times the best "
            "rate” and the jitter shrinks, but so does the speed.",
        ),
    }

    def draw(self, values):
        """A surface with paths on the left; losses and a table of results on the right."""
        figure, left, right, below = stage()
        colors = {name: plotting.COLORS[name] for name in NAMES}
        self._land = Landscape(left, colors)
        self._loss = LossPanel(right, colors, STEPS)
        self._table = Table(below, ("", "η", "10⁻⁶ or loss"), NAMES, colors)
        film = self.film(steps=STEPS, seconds=5)
        return Picture(
            figure,
            [*self._land.moving, *self._loss.moving, *self._table.moving],
            alt="Paths of several optimizers over a surface seen from above, their losses by step, and a table.",
            playback=film,
            handle=self._land.start,
        )

    def show(self, values):
        """Run every chosen optimizer."""
        surface = _surface(values["surface"])
        start, repaint = self.begin(values, surface)
        rows, results = {}, {}
        for name in NAMES:
            run = self._run(name, values, surface, start) if name in values["optimizers"] else None
            self._land.place_path(name, run.positions if run else None)
            self._loss.place(name, run.losses if run else None)
            if run:
                results[name] = run
                rows[name] = (name, short(run.rule.lr), outcome(run))
        self._table.place(rows)
        return Shown(ranking(results), self._idle(values), STEPS, repaint)


    def _run(self, name, values, surface, start):
        tuned = values["rates"] == "tuned"
        lr = tuned_rate(name, values["surface"]) * values["times"] if tuned else values["lr"]
        rule = race_rule(name, lr, values["beta1"], values["beta2"], values["eps"])
        schedule = schedules.linear_warmup(warmup=values["warmup"]) if values["warmup"] else None
        return descent.run(rule, surface, start, steps=STEPS, noise=values["noise"], schedule=schedule, seed=1)

    def _idle(self, values):
        chosen = set(values["optimizers"])
        if not chosen:
            return ("rates", "times", "lr", "beta1", "beta2", "eps", "noise", "warmup")
        idle = ["lr" if values["rates"] == "tuned" else "times"]
        used = {knob for name in chosen for knob in knobs(name).values()}
        return (*idle, *(knob for knob in ("beta1", "beta2", "eps") if knob not in used))


@lru_cache(maxsize=16)
def _surface(name):
    if "ravine" in name:
        return surfaces.ravine(kappa=100, angle=45 if name == "turned_ravine" else 0)
    return surfaces.ALL[name]()


def arrival(run):
    """The step from which the loss stays within a millionth of the first, or None."""
    above = np.flatnonzero(~(run.losses <= 1e-6 * run.losses[0]))
    step = int(above[-1]) + 1 if len(above) else 0
    return step if step <= STEPS else None


def outcome(run):
    """Arrival, divergence or the last loss, in a few characters."""
    if run.diverged_at is not None:
        return f"lost at {run.diverged_at}"
    step = arrival(run)
    return short(run.losses[-1]) if step is None else f"step {step}"


def ranking(runs):
    """Who arrived, in what order; else who came nearest."""
    if not runs:
        return "Nobody runs: choose an optimizer."
    steps = {name: arrival(run) for name, run in runs.items() if arrival(run) is not None}
    if steps:
        order = ", ".join(f"{name} ({step})" for name, step in sorted(steps.items(), key=lambda item: item[1]))
        return f"Arrived, at a millionth of the first loss: {order}."
    alive = {name: run.losses[-1] for name, run in runs.items() if run.diverged_at is None}
    if not alive:
        return "All of them diverged."
    best = min(alive, key=alive.get)
    return f"Nobody arrived at a millionth of the first loss. Lowest after {STEPS} steps: {best}, {short(alive[best])}."
