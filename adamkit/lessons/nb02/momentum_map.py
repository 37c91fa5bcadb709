"""How fast is each pair (η, β)? A map measured in one batched run, and the run behind each of its cells."""

import numpy as np

from adamkit import descent, plotting, rules, theory
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.explorers.landscape import Landscape
from adamkit.explorers.panels import LossPanel, axes
from adamkit.lessons.nb02.damping import motion
from adamkit.lessons.nb02.speed_map import LRS, STEPS, SpeedMap, measured_rates, ravine
from adamkit.live import Playback

FORMS = {"heavy_ball": "heavy ball", "nesterov": "Nesterov"}


class RateMap(Explorer):
    """The (η, β) plane of a ravine, coloured by how fast each pair converges.

    Controls: ``form`` of the momentum, ``kappa`` (the curvatures are 1 and κ), and ``lr`` and ``beta``,
    the cell whose run is shown; clicking or dragging on the map sets these two.
    """

    title = "Which η and β?"
    opening = "The best cell"
    longest = (
        "This cell: measured 0.998 a step, theory 198.000. The floor diverges, the wall diverges. "
        "Largest η here: 0.051."
    )
    controls = {
        "form": Choice(FORMS, label="momentum"),
        "kappa": Slider(4, 200, 25, log=True, label="curvature across κ"),
        "lr": Slider(1e-3, 1, 0.11, log=True, label="learning rate η"),
        "beta": Slider(0, 0.992, 0.44, decay=True, label="β"),
    }
    scenarios = {
        "The best cell": Scenario(
            {},
            "The cell nearest to the star. Left of it the floor creeps, right of it the walls flip, above it "
            "everything swings. Click around it: the fastest place is a narrow corner, and one side of it is a cliff.",
        ),
        "What most people use": Scenario(
            {"beta": 0.9, "lr": 0.02},
            "β = 0.9 is not the fastest for this ravine. But look along its row: equally fast for all η from 0.003 to "
            "0.15. A larger β than the best buys room for a wrong η.",
        ),
        "No momentum": Scenario(
            {"beta": 0, "lr": 0.0769},
            "The bottom row is gradient descent at its best, 2/(1+κ). Compare its colour with the star's. Raise κ and "
            "watch the star climb while the bottom row goes dark.",
        ),
        "Nesterov": Scenario(
            {"form": "nesterov", "beta": 0.63, "lr": 0.0526},
            "The boundary leans to the left: with the look-ahead, more momentum means a smaller largest η. Switch the "
            "form back and forth.",
        ),
    }

    def draw(self, values):
        """The map on the left with its colour scale below; on the right the path and the loss of one cell."""
        figure = plotting.figure(680, 340)
        self._map = SpeedMap(axes(figure, 52, 10, 318, 236), axes(figure, 52, 294, 318, 8))
        colors = {name: plotting.COLORS[name] for name in ("Momentum", "Nesterov")}
        self._land = Landscape(axes(figure, 404, 10, 264, 180), colors)
        self._land.start.set_visible(False)  # every run starts at the same place, which cannot be dragged
        self._loss = LossPanel(axes(figure, 442, 214, 226, 90), colors, STEPS)
        film = Playback(
            lines=[*self._land.paths.values(), *self._loss.lines.values()],
            heads=[(self._land.heads[name], self._land.paths[name]) for name in colors],
            steps=STEPS,
            seconds=5,
        )
        return Picture(
            figure,
            [*self._map.moving, *self._land.moving, *self._loss.moving],
            alt="Convergence speed over learning rate and beta with theory's boundary; one cell's path and loss.",
            playback=film,
            handle=self._map.cell,
        )

    def show(self, values):
        """Colour the map if it is another one, and run the chosen cell."""
        form, kappa, lr, beta = (values[name] for name in ("form", "kappa", "lr", "beta"))
        surface = ravine(kappa)
        self._map.show(form, kappa)
        self._map.place(lr, beta)
        name = "Nesterov" if form == "nesterov" else "Momentum"
        rule = getattr(rules, name)(lr=lr, momentum=beta)
        run = descent.run(rule, surface, steps=STEPS)
        repaint = self._land.show(surface)
        repaint |= self._loss.frame(surface)
        for path in self._land.paths:
            self._land.place_path(path, run.positions if path == name else None)
            self._loss.place(path, run.losses if path == name else None)
        return Shown(caption(form, kappa, lr, beta, run), (), STEPS, repaint)

    def point(self, event):
        """Click or drag on the map: that cell's run is shown."""
        if event.axes != 0 or event.kind == "move":
            return None
        lr = float(np.clip(10.0**event.x, LRS[0], LRS[-1]))
        gap = float(np.clip(10.0**-event.y, 0.008, 1))  # 1 − β
        return {"lr": float(f"{lr:.3g}"), "beta": 1 - float(f"{gap:.3g}")}


def caption(form, kappa, lr, beta, run):
    """The cell in words: measured and predicted factor, and what floor and wall do."""
    rate = theory.nesterov_rate if form == "nesterov" else theory.heavy_ball_rate
    told = max(rate(lr, beta, 1.0), rate(lr, beta, kappa))
    limit = (theory.nesterov_limit if form == "nesterov" else theory.heavy_ball_limit)(beta, kappa)
    measured = measured_rates(run.losses[None])[0]
    met = "diverges" if run.diverged_at is not None or not measured < 1 else f"measured {measured:.3f} a step"
    floor, wall = motion(form, lr, beta), motion(form, lr * kappa, beta)
    return f"This cell: {met}, theory {told:.3f}. The floor {floor}, the wall {wall}. Largest η here: {limit:.2g}."
