"""Scale a run: the sheet of settings that follows from size, batch and tokens, and the memory under ZeRO 0 to 3."""

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.explorers.panels import axes, label
from adamkit.numbers import written
from adamkit.theory import memory, scaling

WIDTH, HEIGHT = 680, 430
#: The tuned run: GPT-3's smallest (Brown et al. 2020, table 2.1 and appendix B), its warmup in full batches.
SIZE, TUNED = 0.125, scaling.Run(batch=0.5e6, tokens=300e9, lr=6e-4, warmup=750)
#: For SGD a rate that is only something to multiply: nobody has tuned one for this model.
SGD = scaling.Run(batch=0.5e6, tokens=300e9, lr=0.1, warmup=750)

#: Setting → (rule, source, how sure) for each optimizer. κ: ratio of the batches, r: of the widths, D: tokens.
ROWS = {
    "η, hidden matrices": {"AdamW": ("× √κ / r", "Malladi 2022, Yang 2022", "fair; Marek: less"),
                           "SGD": ("× κ", "Goyal 2017, Yang 2022", "fair")},
    "η, inputs, biases, norms": {"AdamW": ("× √κ", "Malladi 2022, Yang 2022", "fair; Marek: less"),
                                 "SGD": ("× κ r", "Goyal 2017, Yang 2022", "fair")},
    "β₁": {"AdamW": ("to the power κ", "Malladi 2022", "open: few change it"), "SGD": ("stays", "custom", "open")},
    "β₂": {"AdamW": ("to the power κ", "Marek 2025", "fair"), "SGD": None},
    "ε": {"AdamW": ("/ √κ", "Malladi 2022", "open: by width too?"), "SGD": None},
    "λ": {"AdamW": ("ηλ ∝ batch / D", "Wang & Aitchison 2025", "fair; the share itself?"),
          "SGD": ("ηλ ∝ batch / D", "by analogy", "open")},
    "1/(ηλ), share of the run": {"AdamW": ("kept", "Wang & Aitchison 2025", "open: Bergsma 2025"),
                                 "SGD": ("kept", "by analogy", "open")},
    "warmup, steps": {"AdamW": ("same tokens", "custom", "open"), "SGD": ("same tokens", "custom", "open")},
    "steps": {"AdamW": ("D / batch", "arithmetic", "exact"), "SGD": ("D / batch", "arithmetic", "exact")},
}
COLUMNS = {"setting": 12, "tuned": 162, "scaled": 228, "rule": 294, "source": 394, "how sure": 552}
STAGES = {"nothing": "0: nothing", "state": "1: state", "gradients": "2: and gradients", "weights": "3: and weights"}


class ScaledRun(Explorer):
    """What `adamkit.theory.scaling.scaled` makes of a tuned run, and `adamkit.theory.memory.budget` of its memory.

    Controls: ``billions`` of parameters, ``batch`` in millions of tokens, ``tokens`` in billions, the ``optimizer``,
    ``devices`` and the ``room`` of one.
    """

    title = "Scale a run"
    opening = "The tuned run"
    controls = {
        "billions": Slider(0.01, 1000, SIZE, log=True, label="parameters", unit=" B"),
        "batch": Slider(0.01, 64, 0.5, log=True, label="batch", unit=" M tokens"),
        "tokens": Slider(1, 30_000, 300, log=True, label="tokens in all", unit=" B"),
        "optimizer": Choice(["AdamW", "SGD"], "AdamW", label="optimizer"),
        "devices": Slider(1, 4096, 8, log=True, integer=True, label="devices"),
        "room": Slider(4, 192, 80, log=True, label="a device has", unit=" GB"),
    }
    scenarios = {
        "The tuned run": Scenario(
            {}, "GPT-3's smallest model as published, and nothing has changed yet. Move one slider: which settings "
                "follow the size, which the batch, which the tokens?"),
        "Four times the batch": Scenario(
            {"batch": 2}, "η doubles, and does not quadruple. Both betas forget sooner in steps, so as late in "
                          "tokens. Now choose SGD: η quadruples."),
        "GPT-3's largest": Scenario(
            {"billions": 175, "batch": 3.2, "devices": 1024},
            "The paper chose 6e-5. The sheet knows the size only, takes r = 11 from it and says 1.4e-4; by the "
            "published widths r is 16, and the rule says 9.5e-5. Expect it right to a factor of two or three. And the "
            "bars: only where the weights are spread too does a device hold its part."),
        "As DeepSeek's 67 B": Scenario(
            {"billions": 67, "batch": 18.9, "tokens": 2000, "devices": 512},
            "They chose 3.2e-4. The rule is two fifths above it, from another team's small model; their own fit, in "
            "the line below, meets it. And what becomes of the betas at 38 times the batch: would you dare?"),
        "Ten times the data": Scenario(
            {"tokens": 3000}, "Beside the number of steps only λ moves, to a tenth, so that the weights go on "
                              "averaging over the same share of the run. Others let that share fall with the tokens "
                              "per parameter (Bergsma 2025)."),
    }

    def draw(self, values):
        """The sheet above, one bar for each stage of ZeRO below."""
        figure = plotting.figure(WIDTH, HEIGHT)
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        page.set_axis_off()
        for head, x in COLUMNS.items():
            page.text(x, 16, head, fontsize=8, color=plotting.QUIET, va="center")
        self._cells = {row: [page.text(x, 38 + 21 * place, "", fontsize=8, color=plotting.INK, va="center")
                             for x in COLUMNS.values()] for place, row in enumerate(ROWS)}
        self._ax = ax = axes(figure, 126, 262, 540, 118)
        ax.set(xscale="log", xlim=(1e-2, 1e5), ylim=(3.6, -0.6), yticks=range(4), yticklabels=STAGES.values())
        ax.tick_params(axis="y", length=0)
        ax.grid(True, axis="x", color=plotting.GRID, lw=0.7)
        ax.set_axisbelow(True)
        label(ax, "weights, gradients, float32 copy and state: GB on each device, by what ZeRO spreads")
        self._bars = [ax.plot([], [], color=plotting.COLORS["AdamW"], lw=13, solid_capstyle="butt")[0] for _ in STAGES]
        self._totals = [ax.text(8e4, place, "", ha="right", va="center", fontsize=8.5) for place in range(4)]
        self._line = ax.axvline(1, color=plotting.COLORS["RMSprop"], lw=1.4, ls=(0, (4, 2)), zorder=6)
        texts = [text for row in self._cells.values() for text in row]
        return Picture(figure, [*texts, *self._bars, self._line, *self._totals],
                       alt="A table of settings before and after scaling, each with rule, source and certainty; bars "
                           "of the memory on each device under ZeRO 0 to 3.")

    def show(self, values):
        """Fill the sheet and the bars."""
        tuned, new = runs(values)
        wider = width_ratio(values)
        before, after = sheet(tuned, 1.0, values["optimizer"]), sheet(new, wider, values["optimizer"])
        for row, cells in self._cells.items():
            about = ROWS[row][values["optimizer"]] or ("", "", "")
            for cell, text in zip(cells, (row, before[row], after[row], *about), strict=True):
                cell.set_text(text)
                cell.set_alpha(1.0 if before[row] else 0.35)
        held = bills(values)
        for place, (bar, text, total) in enumerate(zip(self._bars, self._totals, held, strict=True)):
            bar.set_data([1e-2, max(total, 1e-2)], [place, place])
            bar.set_color(plotting.COLORS["AdamW" if values["optimizer"] == "AdamW" else "SGD"])
            text.set_text(f"{written(total)} {'✓' if total <= values['room'] else '✗'}")
        self._line.set_xdata([values["room"]] * 2)
        return Shown(_caption(values, new, wider))


def width_ratio(values):
    """How many times as wide as the tuned model, for one shape."""
    return memory.shape_of(values["billions"])[0] / memory.shape_of(SIZE)[0]


def runs(values):
    """(the tuned run, the scaled one), both `scaling.Run`."""
    tuned = TUNED if values["optimizer"] == "AdamW" else SGD
    return tuned, scaling.scaled(tuned, wider=width_ratio(values), batch=values["batch"] * 1e6,
                                 tokens=values["tokens"] * 1e9, optimizer=values["optimizer"])


def sheet(run, wider, optimizer):
    """Setting → its value in words; empty where the optimizer has none."""
    adam = optimizer == "AdamW"
    return {
        "η, hidden matrices": written(run.lr), "η, inputs, biases, norms": written(run.lr * wider),
        "β₁": beta(run.beta1), "β₂": beta(run.beta2) if adam else "", "ε": written(run.eps) if adam else "",
        "λ": written(run.weight_decay), "1/(ηλ), share of the run": written(run.timescale / run.steps),
        "warmup, steps": written(run.warmup), "steps": written(run.steps),
    }


def bills(values):
    """GB on each device under ZeRO 0, 1, 2, 3; activations are not counted."""
    optimizer = "AdamW" if values["optimizer"] == "AdamW" else "Momentum"
    return [memory.budget(values["billions"] * 1e9, optimizer=optimizer, devices=values["devices"],
                          spread=stage).total / 1e9 for stage in memory.STAGES]


def beta(value):
    """0.9, 0.9975, 0.0179: digits of the gap to 1 where it is small."""
    return written(value) if value < 0.99 else f"{1 - float(f'{1 - value:.2g}'):.8g}"


def _caption(values, new, wider):
    lr, batch = scaling.deepseek(6 * values["billions"] * 1e9 * values["tokens"] * 1e9)
    fit = f"DeepSeek's fit for this compute: η {written(lr)}, batch {batch / 1e6:.2g} M."
    adam = " The output layer's η goes with the hidden matrices'." if values["optimizer"] == "AdamW" else ""
    if adam and new.beta1 < 0.5:
        adam += f" β₁ = {beta(new.beta1)} is hardly momentum any more."
    return (f"κ = {new.batch / TUNED.batch:.3g}, r = {wider:.3g}; {values['tokens'] / values['billions']:.3g} tokens a "
            f"parameter. {fit}{adam}")
