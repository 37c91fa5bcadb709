"""Where the memory of a training goes: a bar for each optimizer, and the line that it must not cross."""

import numpy as np

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider, Toggle
from adamkit.explorers.panels import axes, label
from adamkit.numbers import round_up, written
from adamkit.theory.memory import PRECISIONS, budget

GB = 1e9
ROWS = {"AdamW": "AdamW", "Lion": "momentum, Lion", "Adam8bit": "8-bit AdamW", "Adafactor": "Adafactor", "SGD": "SGD"}
PARTS = {"weights": "#1f2933", "gradients": "#7d93ad", "master": "#c2a878", "state": None, "activations": "#c9d1da"}
NAMES = {"weights": "weights", "gradients": "gradients", "master": "float32 copy", "state": "the optimizer's state",
         "activations": "activations"}
SPREADS = {"nothing": "nothing", "state": "state", "gradients": "state, gradients", "weights": "all (FSDP)"}


class MemoryBudget(Explorer):
    """Bytes on one GPU, counted by `adamkit.theory.memory.budget`, for five optimizers at once.

    Controls: ``billions`` of parameters, ``precision``, ``rank`` of LoRA (0 trains everything), ``gpus`` and what is
    ``spread`` over them, ``tokens`` in the batch of one GPU, ``recompute`` activations, and the ``room`` of a GPU.
    """

    title = "Memory"
    opening = "7 B with AdamW"
    longest = (
        "AdamW, GB: weights 1000, gradients 0.0014, float32 copy 0.0014, the optimizer's state 0.0028, "
        "activations 5156; 100.00% is trained. What fits in 28.5 GB: momentum, Lion; 8-bit AdamW; Adafactor; SGD."
    )
    controls = {
        "billions": Slider(0.01, 500, 7, log=True, label="parameters", unit=" B"),
        "precision": Choice({name: kind.label for name, kind in PRECISIONS.items()}, "mixed", label="precision"),
        "rank": Slider(1, 256, 0, log=True, zero=True, integer=True, label="LoRA rank", help="0: train everything"),
        "gpus": Slider(1, 1024, 8, log=True, integer=True, label="GPUs", help="each holds all that is not spread"),
        "spread": Choice(SPREADS, "nothing", label="spread over them"),
        "tokens": Slider(256, 262_144, 0, log=True, zero=True, integer=True, label="tokens", help="a step, on one GPU"),
        "recompute": Toggle(False, label="recompute", help="activations again in the backward pass, layer by layer"),
        "room": Slider(4, 192, 80, log=True, label="a GPU has", unit=" GB"),
    }
    scenarios = {
        "7 B with AdamW": Scenario(
            {},
            "Sixteen bytes a parameter, and only two of them are the weights in use. The state alone is four times as "
            "large as the weights. No single GPU of 80 GB holds this, however small the batch.",
        ),
        "The same with LoRA": Scenario(
            {"rank": 16, "room": 24},
            "The weights stay where they are; gradients, copy and state shrink to slivers, because only thin matrices "
            "are trained. Now all five bars are alike: the optimizer no longer matters for memory.",
        ),
        "8-bit state": Scenario(
            {"billions": 1.3, "room": 16},
            "Compare the third bar with the first. Two bytes replace eight, and the bar loses not three quarters but "
            "under two fifths: weights, gradients and the copy are still there.",
        ),
        "Autocast": Scenario(
            {"precision": "autocast", "billions": 1.3, "tokens": 8192, "room": 24},
            "Switch between float32 and autocast. Gradients and state do not change by a byte, and the weights grow by "
            "their casts, which the backward pass needs. The activations shrink by three eighths, and only they do.",
        ),
        "Eight GPUs": Scenario(
            {"spread": "weights"},
            "Each GPU keeps an eighth of everything (FSDP). Take back one part after the other: with “nothing” each of "
            "the eight holds all of it, and AdamW fits on none.",
        ),
        "A large batch": Scenario(
            {"billions": 1.3, "tokens": 32_768},
            "The pale part grows with the batch, whatever the optimizer. Switch “recompute” on: activations come back "
            "one layer at a time, for a second forward pass, about a third more arithmetic.",
        ),
    }

    def draw(self, values):
        """One row for each optimizer, five parts each, and the line of what a GPU has."""
        figure = plotting.figure(680, 300)
        self._ax = ax = axes(figure, 126, 34, 530, 222)
        ax.set(yticks=range(len(ROWS)), yticklabels=list(ROWS.values()), ylim=(len(ROWS) - 0.5, -0.5))
        ax.tick_params(axis="y", length=0, labelsize=9)
        ax.grid(True, axis="x", color=plotting.GRID, lw=0.7)
        ax.set_axisbelow(True)
        label(ax, "GB on each GPU")
        self._bars = {row: {part: self._bar(color or plotting.COLORS[row]) for part, color in PARTS.items()}
                      for row in ROWS}
        self._totals = {row: ax.text(0, place, "", ha="right", va="center", fontsize=8.5, color=plotting.INK)
                        for place, row in enumerate(ROWS)}
        self._line = ax.axvline(0, color=plotting.COLORS["RMSprop"], lw=1.4, ls=(0, (4, 2)), zorder=6)
        keys = {**dict(zip(NAMES.values(), self._bars["AdamW"].values(), strict=True)), "what a GPU has": self._line}
        figure.legend(keys.values(), keys, loc="upper left", bbox_to_anchor=(2 / 680, 1.0), ncols=6, fontsize=8,
                      frameon=False, handlelength=1.1, columnspacing=1.2, handletextpad=0.5)
        self._limit = None
        bars = [bar for row in self._bars.values() for bar in row.values()]
        return Picture(figure, [*bars, self._line, *self._totals.values()],
                       alt="Stacked bars of the memory on one GPU for five optimizers, and the memory that it has.")

    def _bar(self, color):
        return self._ax.plot([], [], color=color, lw=17, solid_capstyle="butt", zorder=3)[0]

    def show(self, values):
        """Count, and stack the parts."""
        counted = {row: count(row, values) for row in ROWS}
        largest = max(values["room"], *(one.total / GB for one in counted.values()))
        limit = round_up(largest * 1.14)
        repaint, self._limit = limit != self._limit, limit
        self._ax.set_xlim(0, limit)
        for place, (row, one) in enumerate(counted.items()):
            ends = np.cumsum([0.0, *(getattr(one, part) / GB for part in PARTS)])
            for bar, left, right in zip(self._bars[row].values(), ends[:-1], ends[1:], strict=True):
                bar.set_data([left, right], [place, place])
            self._totals[row].set_position((limit * 0.99, place))
            self._totals[row].set_text(f"{written(ends[-1])} {'✓' if ends[-1] <= values['room'] else '✗'}")
        self._line.set_xdata([values["room"]] * 2)
        idle = ["spread"] * (values["gpus"] == 1) + ["gpus"] * (values["spread"] == "nothing")
        idle += ["recompute"] * (values["tokens"] == 0)
        return Shown(_caption(counted, values), tuple(idle), repaint=repaint)


def count(row, values):
    """The `Budget` of one bar."""
    return budget(values["billions"] * 1e9, optimizer=row, precision=values["precision"], rank=values["rank"],
                  devices=values["gpus"], spread=values["spread"], tokens=values["tokens"],
                  recompute=values["recompute"])


def _caption(counted, values):
    adamw = counted["AdamW"]
    parts = ", ".join(f"{NAMES[part]} {written(getattr(adamw, part) / GB)}" for part in PARTS if getattr(adamw, part))
    fits = [ROWS[row] for row, one in counted.items() if one.total <= values["room"] * GB]
    verdict = "all five" if len(fits) == len(ROWS) else "; ".join(fits) or "none"
    share = f"; {adamw.trained / (values['billions'] * 1e9):.2%} is trained" if values["rank"] else ""
    return f"AdamW, GB: {parts}{share}. What fits in {values['room']:.3g} GB: {verdict}."
