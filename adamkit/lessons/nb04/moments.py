"""What Adam makes of a stream of gradients: m and v, raw and corrected, and the step."""

import numpy as np

from adamkit import plotting, rules
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Numbers, Slider, Toggle
from adamkit.explorers.panels import axes, label
from adamkit.lessons.nb04.gradient_streams import STREAMS, stream
from adamkit.live import Playback
from adamkit.numbers import round_up, short

LENGTHS = {"30": "30", "100": "100", "300": "300", "1000": "1000", "3000": "3000"}
GRADIENT = "#b9c0c8"
# m is momentum, v is RMSprop: they keep their colours.
FIRST, SECOND, STEP = (plotting.COLORS[name] for name in ("Momentum", "RMSprop", "Adam"))
ROWS = (("g", "m", "m_hat"), ("g_size", "v", "v_hat"), ("fair", "step"))


class Moments(Explorer):
    """One parameter's gradients, and Adam's bookkeeping of them.

    Controls: ``stream`` (key of `gradient_streams.STREAMS`), ``own`` (numbers for the stream "own"),
    ``scale`` (factor on all gradients), ``beta1``, ``beta2``, ``eps``, ``correct_m``, ``correct_v``,
    ``steps`` ("30" … "3000"), ``log_time``.
    """

    title = "Adam's two averages"
    opening = "Constant gradient"
    longest = "Largest step: 1.23e-11 η, at t = 3000. Last: −1.23e-11 η."
    controls = {
        "stream": Choice(STREAMS, label="gradients"),
        "steps": Choice(LENGTHS, "100", label="steps"),
        "beta1": Slider(0, 0.999, 0.9, decay=True, label="β₁", help="memory of m: about 1/(1−β₁) steps"),
        "beta2": Slider(0, 0.9999, 0.999, decay=True, label="β₂", help="memory of v: about 1/(1−β₂) steps"),
        "scale": Slider(1e-9, 1e3, 1, log=True, label="scale of the gradients", unit="×"),
        "eps": Slider(1e-12, 1, 1e-8, log=True, label="ε"),
        "correct_m": Toggle(True, label="correct m"),
        "correct_v": Toggle(True, label="correct v"),
        "log_time": Toggle(False, label="logarithmic time"),
        "own": Numbers((1, 0, 0, -1), label="your own gradients", most=60),
    }
    scenarios = {
        "Constant gradient": Scenario(
            {},
            "m and v creep up from zero, each at its own pace; corrected, both are right from the first step, and "
            "every step is exactly η. Now switch off “correct v”, then both.",
        ),
        "No correction": Scenario(
            {"correct_m": False, "correct_v": False, "steps": "3000", "log_time": True},
            "Both averages too small, and yet the step is too large: √v is further behind than m. "
            "It starts at 3.16 η and climbs to its peak at step 12.",
        ),
        "Alternating signs": Scenario(
            {"stream": "alternating"},
            "m nearly cancels, v does not. The gradients stay as large as ever and the steps shrink to almost nothing.",
        ),
        "One spike after silence": Scenario(
            {"stream": "spike", "steps": "1000"},
            "The step jumps to more than 2 η, then dies away over the memory of m: some ten steps. "
            "v remembers the spike a hundred times longer.",
        ),
        "Worst case": Scenario(
            {"stream": "growing", "steps": "3000"},
            "Gradients that grow by β₂/β₁ a step keep m fresh and v behind. The step climbs towards 7.27 η, more than "
            "twice the bound in the paper.",
        ),
        "Tiny gradients": Scenario(
            {"scale": 1e-7},
            "Move “scale”: as long as gradients stay well above ε the steps do not notice. Down here ε is a tenth of "
            "√v̂, and the steps begin to shrink.",
        ),
    }

    def draw(self, values):
        """Three plots above one another: gradient and m, its size and √v, and the step."""
        figure = plotting.figure(680, 372)
        tops, words = (10, 124, 238), ("g, m", "√v", "step / η")
        self._axes = [axes(figure, 58, top, 518, 94) for top in tops]
        for ax, word in zip(self._axes, words, strict=True):
            ax.grid(True, color=plotting.GRID, lw=0.7)
            label(ax, y=word)
            ax.yaxis.set_label_coords(-0.09, 0.5)
            ax.yaxis.set_major_formatter(lambda number, _: short(number, 3))
            ax.tick_params(labelbottom=ax is self._axes[-1])
        label(self._axes[-1], "step t")
        self._lines = self._make_lines()
        for ax, names in zip(self._axes, ROWS, strict=True):
            self._key(ax, names)
        self._frame = None
        lines = list(self._lines.values())
        return Picture(
            figure,
            lines,
            alt="Gradients of one parameter with Adam's averages of them, and the steps that result, over time.",
            playback=Playback([self._lines[name] for name in self._lines if not name.startswith("g")], seconds=4),
        )

    def _make_lines(self):
        top, middle, bottom = self._axes
        thin, dashed = {"lw": 1.2}, {"lw": 1.3, "ls": (0, (4, 2.5))}
        return {
            "g": top.plot([], [], color=GRADIENT, label="gradient g", **thin)[0],
            "m": top.plot([], [], color=FIRST, label="m", **dashed)[0],
            "m_hat": top.plot([], [], color=FIRST, lw=2, label="m̂ in use")[0],
            "g_size": middle.plot([], [], color=GRADIENT, label="|g|", **thin)[0],
            "v": middle.plot([], [], color=SECOND, label="√v", **dashed)[0],
            "v_hat": middle.plot([], [], color=SECOND, lw=2, label="√v̂ in use")[0],
            "fair": bottom.plot([], [], color=GRADIENT, label="corrected", lw=1.3, ls=(0, (4, 2.5)))[0],
            "step": bottom.plot([], [], color=STEP, lw=2, label="step")[0],
        }

    def _key(self, ax, names):
        lines = [self._lines[name] for name in names]
        ax.legend(
            handles=lines,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.04),
            fontsize=8,
            handlelength=1.4,
            labelcolor=plotting.QUIET,
            borderaxespad=0,
        )

    def show(self, values):
        """Feed the stream to the rule and draw what it kept."""
        steps = int(values["steps"])
        kind, beta1, beta2 = values["stream"], values["beta1"], values["beta2"]
        g = values["scale"] * stream(kind, steps, beta1=beta1, beta2=beta2, own=values["own"])
        book = bookkeeping(g, beta1, beta2, values["eps"], values["correct_m"], values["correct_v"])
        t = np.arange(1, steps + 1)
        for name in ("m", "m_hat", "v", "v_hat", "fair", "step"):
            self._lines[name].set_data(t, book[name])
        self._lines["g"].set_data(*stems(t, g))
        self._lines["g_size"].set_data(*stems(t, np.abs(g)))
        largest = first_largest(np.abs(book["step"]))
        caption = f"Largest step: {abs(book['step'][largest]):.3g} η, at t = {largest + 1}."
        caption += f" Last: {short(book['step'][-1], 3)} η."
        idle = ["own"] * (kind != "own")
        idle += ["correct_m"] * unfelt(beta1, t, book["m"], book["step"])
        idle += ["correct_v"] * unfelt(beta2, t, book["v"], book["step"])
        return Shown(caption, tuple(idle), steps, self._fit(g, book, steps, values["log_time"]))

    def _fit(self, g, book, steps, log_time):
        """Limits wide enough for everything, rounded so that they seldom change; True if they did."""
        everything = [(g, book["m"], book["m_hat"]), (g, book["v"], book["v_hat"]), (book["fair"], book["step"])]
        heights = [round_up(max(np.abs(part).max() for part in parts)) or 1.0 for parts in everything]
        signed = [any((part < 0).any() for part in parts) for parts in everything]
        signed[1] = False
        frame = (steps, log_time, *heights, *signed)
        if frame == self._frame:
            return False
        self._frame = frame
        for ax, height, both in zip(self._axes, heights, signed, strict=True):
            ax.set_xscale("log" if log_time else "linear")
            ax.set_xlim(*((0.9, steps) if log_time else (0, steps + 0.5)))
            ax.set_ylim(-1.12 * height if both else -0.06 * height, 1.12 * height)
        return True


def bookkeeping(g, beta1, beta2, eps, correct_m, correct_v):
    """What `adamkit.rules.Adam` keeps of gradients g, (steps,).

    Returns:
        arrays (steps,): m; m_hat, as used (corrected or not); v and v_hat, both as roots; step in
        units of η, downhill for positive gradients counted positive; fair, the step with both
        corrections.
    """
    rule = rules.Adam(lr=1.0, beta1=beta1, beta2=beta2, eps=eps, correct_m=correct_m, correct_v=correct_v)
    state, states = rule.init(0.0), []
    for t, gradient in enumerate(g.tolist(), start=1):
        _, state = rule.update(gradient, 0.0, state, t)
        states.append(state)
    m, v = np.array(states).T
    t = np.arange(1.0, len(g) + 1)
    kept = rule.State(m, v)
    used = rule.readings(kept, t)
    fair = rule.replace(correct_m=True, correct_v=True).readings(kept, t)
    return {
        "m": m,
        "m_hat": used["m_hat"],
        "v": np.sqrt(v),
        "v_hat": np.sqrt(used["v_hat"]),
        "step": used["rate"] * used["m_hat"],
        "fair": fair["rate"] * fair["m_hat"],
    }


def unfelt(beta, t, *curves):
    """True where the correction 1/(1−βᵗ) is over before any of these curves has risen from zero."""
    grown = 1 / (1 - beta**t) - 1
    return all(np.abs(grown * curve).max() <= 1e-5 * np.abs(curve).max() for curve in curves)


def stems(t, heights):
    """Vertical strokes from zero as one broken line; a plain line where strokes would merge."""
    if len(t) > 300:
        return t, heights
    gap = np.full(len(t), np.nan)
    return np.stack([t, t, gap], axis=1).ravel(), np.stack([0 * heights, heights, gap], axis=1).ravel()


def first_largest(sizes):
    """Index of the largest, the first of those that differ only by rounding."""
    return int(np.argmax(sizes >= sizes.max() * (1 - 1e-9)))
