"""A ball with mass in a ravine: what β and η do to its path, and what theory says about it."""

import numpy as np

from adamkit import descent, plotting, rules, theory
from adamkit.explorers.base import Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Point, Slider
from adamkit.explorers.landscape import Landscape, SurfaceExplorer
from adamkit.explorers.panels import LossPanel, axes
from adamkit.lessons.nb02.damping import RatePanel, ball_rate, motion
from adamkit.lessons.nb02.speed_map import ravine
from adamkit.live import arrows, point_arrows
from adamkit.numbers import short

STEPS = 200
#: Steps whose velocity is drawn: close together where the ball starts.
ARROWS_AT = (1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 29, 36, 44, 53)
LONGER = 2  # arrows are drawn so many times the step
FORMS = {"heavy_ball": "heavy ball: b ← βb + g", "ema": "average: b ← βb + (1−β)g", "nesterov": "Nesterov"}
BESIDE = {
    "same": "at the same η",
    "best": "at its own best η",
    "effective": "at η/(1−β)",
    "nobody": "hidden",
}


def ball_rule(form, lr, beta):
    """The rule of the ball; ``form`` is "heavy_ball", "ema" or "nesterov"."""
    if form == "nesterov":
        return rules.Nesterov(lr=lr, momentum=beta)
    return rules.Momentum(lr=lr, momentum=beta, form=form)


class HeavyBall(SurfaceExplorer):
    """One ball in a ravine, with plain SGD beside it.

    Controls: ``form`` (of the momentum), ``lr``, ``beta``, ``kappa`` (the ravine's curvatures are 1 and
    κ), ``beside`` (which SGD runs along), ``noise`` (standard deviation added to each gradient
    coordinate), ``start``.
    """

    title = "A ball with mass"
    opening = "Mass in a ravine"
    longest = "Floor diverges, factor 1998.000 a step. Wall diverges, factor 1998.000 a step. Effective rate 0.00011."
    controls = {
        "form": Choice(FORMS, label="momentum"),
        "lr": Slider(1e-4, 10, 0.02, log=True, label="learning rate η"),
        "beta": Slider(0, 0.999, 0.9, decay=True, label="β", help="the share of its velocity that the ball keeps"),
        "kappa": Slider(1, 200, 25, log=True, label="curvature across κ"),
        "beside": Choice(BESIDE, label="plain SGD"),
        "noise": Slider(0.01, 10, 0, log=True, zero=True, label="gradient noise σ"),
        "start": Point(),
    }
    scenarios = {
        "Mass in a ravine": Scenario(
            {"kappa": 100, "lr": 0.005, "beside": "best"},
            "Grey: SGD at the best η for this ravine. It jumps from wall to wall, and creeps along the floor. The ball "
            "has a quarter of that η. It swings too, but arrives. Press play.",
            play=True,
        ),
        "Too much memory": Scenario(
            {"beta": 0.98, "beside": "nobody"},
            "It swings for long, and through the minimum. Both dots on the small curve lie on one flat piece: while "
            "the ball swings, its distance shrinks by √β a step, whatever the curvature. Move η: nothing is gained.",
            play=True,
        ),
        "The best of both": Scenario(
            {"lr": 0.1111, "beta": 0.445, "beside": "nobody"},
            "η = 1/9 and β = 4/9, best in the long run for κ = 25. Floor and wall stand at the ends of the flat piece. "
            "Lower β a little and both dots climb off it; raise it and the whole piece rises.",
            play=True,
        ),
        "Over the edge": Scenario(
            {"lr": 0.1525, "beside": "nobody"},
            "Just above 2(1+β)/κ = 0.152 the ball jumps from wall to wall, further each time. Plain SGD would have "
            "left at 0.08. Move η down by one position.",
        ),
        "Nesterov": Scenario(
            {"form": "nesterov", "beta": 0.98, "beside": "nobody"},
            "The settings of “Too much memory”, with the look-ahead. The flat piece has become a slope: where the "
            "ground is steeper, Nesterov keeps less of its velocity.",
            play=True,
        ),
        "Noise": Scenario(
            {"form": "ema", "lr": 0.1, "noise": 5.0, "kappa": 1, "start": (0.0, 0.0)},
            "A round bowl, both begin at the minimum, same η, same noise. The average's path is smooth, SGD's rough. "
            "Whose cloud is wider? Read the sentence below, then move β.",
        ),
    }

    def draw(self, values):
        """The ravine on the left; on the right losses, and the factor per step over ηλ."""
        figure = plotting.figure(680, 340)
        left, right = axes(figure, 34, 10, 396, 304), axes(figure, 486, 10, 180, 122)
        colors = {name: plotting.COLORS[name] for name in ("SGD", "Momentum", "Nesterov")}
        self._land = Landscape(left, colors)
        for name in ("Momentum", "Nesterov"):
            self._land.heads[name].set_markersize(12)
        self._arrows = arrows(left, np.zeros((len(ARROWS_AT), 2)), color="#222222", zorder=5)
        self._loss = LossPanel(right, colors, STEPS)
        self._law = right.plot([], [], color="#222222", lw=1, ls=(0, (2, 2)), zorder=5)[0]
        self._rates = RatePanel(axes(figure, 486, 182, 180, 120), colors)
        film = self.film(steps=STEPS, seconds=6)
        return Picture(
            figure,
            [*self._land.moving, self._arrows, *self._loss.moving, self._law, *self._rates.moving],
            alt="A ball's path through a ravine with velocity arrows, and its loss and its factor per step.",
            playback=film,
            handle=self._land.start,
        )

    def show(self, values):
        """Run the ball, and SGD if it is wanted."""
        surface = ravine(values["kappa"])
        start, repaint = self.begin(values, surface)
        name = "Nesterov" if values["form"] == "nesterov" else "Momentum"
        runs = {name: self._run(ball_rule(values["form"], values["lr"], values["beta"]), values, surface, start)}
        if values["beside"] != "nobody":
            runs["SGD"] = self._run(rules.SGD(lr=_sgd_rate(values)), values, surface, start)
        for path in self._land.paths:
            self._land.place_path(path, runs[path].positions if path in runs else None)
            self._loss.place(path, runs[path].losses if path in runs else None)
        self._place_arrows(runs[name])
        self._arrows.set_visible(values["noise"] == 0)
        strengths = _strength(values) * np.array([1.0, values["kappa"]])
        self._place_law(runs[name], values, strengths)
        self._rates.place(name, values["form"], values["beta"], strengths)
        caption = _spread(runs) if values["noise"] else _motion(values, strengths)
        return Shown(caption, (), STEPS, repaint)


    def _run(self, rule, values, surface, start):
        return descent.run(rule, surface, start, steps=STEPS, noise=values["noise"], seed=1)

    def _place_arrows(self, run):
        at = np.array(ARROWS_AT)
        tails, vectors = run.positions[at], LONGER * run.steps_taken[at - 1]
        gone = ~np.isfinite(tails).all(axis=1) | ~np.isfinite(vectors).all(axis=1)
        tails[gone], vectors[gone] = 0, 0
        point_arrows(self._arrows, tails, vectors)

    def _place_law(self, run, values, strengths):
        """The loss that the slowest direction's rate alone would give, from the start on."""
        rate = ball_rate(values["form"], strengths, values["beta"]).max()
        with np.errstate(over="ignore", invalid="ignore"):  # also 0 · ∞, from a start at the minimum
            self._law.set_data(np.arange(STEPS + 1), run.losses[0] * rate ** (2.0 * np.arange(STEPS + 1)))
        self._law.set_visible(values["noise"] == 0)


def _strength(values):
    """η as the heavy ball counts it: the average's η is 1/(1−β) times larger for the same path."""
    return values["lr"] * (1 - values["beta"]) if values["form"] == "ema" else values["lr"]


def _sgd_rate(values):
    if values["beside"] == "best":
        return theory.best_lr(1.0, values["kappa"])
    if values["beside"] == "same":
        return values["lr"]
    return _strength(values) / (1 - values["beta"])


def _motion(values, strengths):
    """What the ball does along the floor and along the walls."""
    form, beta = values["form"], values["beta"]
    words = [
        f"{name} {motion(form, strength, beta)}, factor {ball_rate(form, strength, beta):.3f} a step."
        for name, strength in zip(("Floor", "Wall"), strengths)
    ]
    return " ".join(words) + f" Effective rate {short(_strength(values) / (1 - beta))}."


def _spread(runs):
    """Distance from the minimum over the second half of the steps, for each path."""
    late = {name: np.linalg.norm(run.positions[STEPS // 2 :], axis=1) for name, run in runs.items()}
    sizes = [f"{name} {short(np.sqrt(np.mean(distance**2)), 3)}" for name, distance in late.items()]
    return f"Root mean square distance from the minimum in the second half: {', '.join(sizes)}."
