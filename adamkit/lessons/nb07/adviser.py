"""Six questions, a recommendation, and the evidence behind each of its reasons."""

import textwrap

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice
from adamkit.lessons.nb07.advice import QUESTIONS, advise

WIDTH, HEIGHT = 680, 510
#: How sure the advice is → words and colour.
SURE = {
    "firm": ("experiment, literature and custom agree", "#1a7f37"),
    "fair": ("evidence points this way; the other choice would do", "#b45309"),
    "open": ("the evidence does not decide; this is the easier start", "#c62828"),
}
COPY = "a configuration (to copy it: adviser = explorers.adviser(…), then print(adviser.advice.code))"
LINE = 13.2  # pixels from one line of small text to the next
#: How much larger than its smallest the text may be: a short answer fills the page, a long one still fits on it.
SCALES = (1.2, 1.1, 1.0)


class Adviser(Explorer):
    """Answer six questions, read the advice of `adamkit.lessons.nb07.advice.advise` with its reasons and evidence.

    Controls: the six questions. ``explorer.advice`` is the answer as an object; ``print(explorer.advice.code)`` gives
    its configuration to copy.
    """

    title = "Adviser"
    opening = "A transformer from scratch"
    longest = (
        "AdaGrad for the tables, AdamW for the rest (fair). Decided by: transformers; sparsity; fine-tuning; "
        "final accuracy; data size."
    )
    controls = {name: Choice(question.answers, label=question.text) for name, question in QUESTIONS.items()}
    scenarios = {
        "A transformer from scratch": Scenario(
            {},
            "The firmest advice there is here. Read which experiment each reason stands on, then change one answer at "
            "a time: which of them change the choice, and which only its numbers?",
        ),
        "ResNet on images": Scenario(
            {"network": "cnn"},
            "SGD, but only “fair”: our digits and the published recipes say tie. Now cut the tuning to one or two runs "
            "and see what becomes of it.",
        ),
        "Fine-tune on one small GPU": Scenario(
            {"stage": "finetune", "memory": "tight", "data": "small", "runs": "one"},
            "Memory decides before anything else. Give it memory again: all weights train, at a tenth of the rate.",
        ),
        "Recommender with huge tables": Scenario(
            {"network": "mlp", "sparse": "yes", "data": "huge"},
            "Two kinds of parameters, two optimizers. The row on sparsity says how small our measured gain was.",
        ),
        "An LSTM, well tuned": Scenario(
            {"network": "lstm", "runs": "many"},
            "With fifty runs, what to try next is SGD: on our text a well-tuned SGD ended a little lower "
            "than AdamW, on short sequences higher.",
        ),
    }

    @property
    def advice(self):
        """The advice for the present answers, an `adamkit.lessons.nb07.advice.Advice`."""
        return advise(**self.values)

    def draw(self, values):
        """An empty page; every answer writes it anew."""
        figure = plotting.figure(WIDTH, HEIGHT)
        self._page = figure.add_axes((0, 0, 1, 1))
        self._page.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self._page.set_axis_off()
        return Picture(figure, [], alt="The recommended optimizer, its reasons with their evidence, and code.")

    def show(self, values):
        """Write the advice on the page."""
        advice = advise(**values)
        for text in list(self._page.texts):
            text.remove()
        pages = (_Page(advice, scale) for scale in SCALES)
        page = next((page for page in pages if page.end < HEIGHT - 12), _Page(advice, SCALES[-1]))
        for x, y, text, look in page.lines:
            # A dollar sign would start mathematics.
            self._page.text(x, y, text.replace("$", r"\$"), va="center", **look)
        decided = "; ".join(f"{reason.row}" for reason in advice.reasons)
        return Shown(f"{advice.choice} ({advice.confidence}). Decided by: {decided}.", repaint=True)


class _Page:
    """The lines of an advice, placed from top to bottom with text ``scale`` times its smallest size.

    Attributes:
        lines: (x, y, text, look) of each.
        end: height of the last one.
    """

    def __init__(self, advice, scale):
        self.scale, self.end, self.lines = scale, 0, []
        words, color = SURE[advice.confidence]
        self._write(16, 26, advice.choice, size=14.5, weight="bold")
        self._write(16, 26 + 20 * scale, f"{advice.confidence}: {words}", size=8.6, color=color)
        self._code(advice, self._reasons(advice, 26 + 48 * scale) + 12)

    def _reasons(self, advice, y):
        """Each reason in ink, and below it the row of the table in the quiet colour; returns where they end."""
        for reason in advice.reasons:
            y = self._block(16, y, reason.text, columns=104, color=plotting.INK, size=8.6)
            y = self._block(28, y, f"{reason.row}: {reason.evidence}", columns=115, color=plotting.QUIET, size=7.2) + 6
        return y

    def _code(self, advice, y):
        """The configuration without its imports, in a fixed-width face, and what to try next."""
        self._write(16, y, COPY, size=7.4, color=plotting.QUIET)
        y += 18 * self.scale
        for line in advice.code.split("\n\n", 2)[-1].strip().splitlines():
            for piece in _folded(line, 93):
                self._write(20, y, piece, size=6.8, family="monospace")
                y += 11.6 * self.scale
        self._block(16, y + 12, f"To try next: {advice.then}", columns=104, color=plotting.INK, size=8.6)

    def _block(self, x, y, text, *, columns, **look):
        """Text broken into lines; returns where the next block may begin."""
        for line in textwrap.wrap(text, int(columns / self.scale)):
            self._write(x, y, line, **look)
            y += (LINE if look["size"] > 8 else LINE - 2.4) * self.scale
        return y

    def _write(self, x, y, text, *, size, color=plotting.INK, **look):
        self.lines.append((x, y, text, {"fontsize": size * self.scale, "color": color, **look}))
        self.end = max(self.end, y)


def _folded(line, columns):
    """A line of code, folded where it is too wide, its continuation indented."""
    if len(line) <= columns:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, columns, subsequent_indent=indent, drop_whitespace=True, break_long_words=False)
