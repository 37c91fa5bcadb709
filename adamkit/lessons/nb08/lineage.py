"""Where the optimizers come from: what each changed in which parent, when, where it was published; its two pictures.

    from adamkit.lessons.nb08 import lineage
    lineage.draw_family(ax, lineage.FAMILY)                 # which method descends from which
    lineage.draw_history(ax, lineage.HISTORY, until=2026)   # a line of years

A parent here is what a method's own paper builds on, or says that it changes.
"""

import textwrap
from typing import NamedTuple

from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from adamkit.plotting import GRID, INK, QUIET, color_of


class Method(NamedTuple):
    """One optimizer.

    Attributes:
        name: as in the text.
        year: of the first public version: the preprint where there is one.
        change: what is new against its parents, in a few words.
        by: authors. title, url: of the source.
        parents: names of the methods it changes.
        place: (column, row) on the map, rows from the top; None for methods that only the history names.
        rule: name in `adamkit.rules`, "" for what is not built here.
    """

    name: str
    year: int
    change: str
    by: str
    title: str
    url: str
    parents: tuple = ()
    place: tuple | None = None
    rule: str = ""


BOX = (0.86, 0.8)  # of a column, of a row
ARXIV = "https://arxiv.org/abs/"

METHODS = (
    Method("SGD", 1951, "noisy slopes will do", "Robbins & Monro", "A stochastic approximation method",
           "https://doi.org/10.1214/aoms/1177729586", (), (0, 3.0), "SGD"),
    Method("Momentum", 1964, "keeps its direction", "Polyak",
           "Some methods of speeding up the convergence of iteration methods",
           "https://doi.org/10.1016/0041-5553(64)90137-5", ("SGD",), (1, 4.5), "Momentum"),
    Method("Nesterov", 1983, "looks ahead", "Nesterov",
           "A method of solving a convex programming problem with convergence rate O(1/k²)",
           "https://www.mathnet.ru/eng/dan46009", ("Momentum",), (2, 5.25), "Nesterov"),
    Method("Delta-bar-delta", 1988, "rates follow signs", "Jacobs",
           "Increased rates of convergence through learning rate adaptation",
           "https://doi.org/10.1016/0893-6080(88)90003-2", (), (0, 0.6)),
    Method("Rprop", 1993, "only the sign", "Riedmiller & Braun",
           "A direct adaptive method for faster backpropagation learning: the RPROP algorithm",
           "https://doi.org/10.1109/ICNN.1993.298623", ("Delta-bar-delta",), (1, 0.3)),
    Method("AdaGrad", 2011, "a rate for each weight", "Duchi, Hazan & Singer",
           "Adaptive subgradient methods for online learning and stochastic optimization",
           "https://jmlr.org/papers/v12/duchi11a.html", ("SGD",), (1, 1.5), "AdaGrad"),
    Method("RMSprop", 2012, "mean, not sum, of g²", "Tieleman & Hinton", "Lecture 6.5, rmsprop",
           "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf", ("AdaGrad", "Rprop"), (2, 1.5),
           "RMSprop"),
    Method("Adam", 2014, "both, bias-corrected", "Kingma & Ba", "Adam: a method for stochastic optimization",
           ARXIV + "1412.6980", ("RMSprop", "Momentum"), (3, 2.6), "Adam"),
    Method("AdaMax", 2014, "largest g, not mean g²", "Kingma & Ba", "Adam, section 7.1", ARXIV + "1412.6980",
           ("Adam",), (4, 2.1), "AdaMax"),
    Method("NAdam", 2016, "looks ahead", "Dozat", "Incorporating Nesterov momentum into Adam",
           "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ", ("Adam", "Nesterov"), (4, 5.25), "NAdam"),
    Method("LARS", 2017, "a rate for each layer", "You, Gitman & Ginsburg",
           "Large batch training of convolutional networks", ARXIV + "1708.03888", ("Momentum",), (2, 8.6)),
    Method("AdamW", 2017, "decay set apart", "Loshchilov & Hutter", "Decoupled weight decay regularization",
           ARXIV + "1711.05101", ("Adam",), (4, 3.15), "AdamW"),
    Method("AMSGrad", 2018, "v never shrinks", "Reddi, Kale & Kumar", "On the convergence of Adam and beyond",
           ARXIV + "1904.09237", ("Adam",), (4, 0), "AMSGrad"),
    Method("Adafactor", 2018, "v as rows × columns", "Shazeer & Stern",
           "Adafactor: adaptive learning rates with sublinear memory cost", ARXIV + "1804.04235", ("Adam",), (4, 4.2),
           "Adafactor"),
    Method("LAMB", 2019, "a rate for each layer", "You et al.",
           "Large batch optimization for deep learning: training BERT in 76 minutes", ARXIV + "1904.00962",
           ("Adam", "LARS"), (4, 6.5), "LAMB"),
    Method("RAdam", 2019, "waits for v", "Liu et al.", "On the variance of the adaptive learning rate and beyond",
           ARXIV + "1908.03265", ("Adam",), (4, 1.05), "RAdam"),
    Method("8-bit Adam", 2021, "one byte a moment", "Dettmers et al.",
           "8-bit optimizers via block-wise quantization", ARXIV + "2110.02861", ("AdamW",), (5, 3.7), "Adam8bit"),
    Method("Lion", 2023, "only the sign", "Chen et al.", "Symbolic discovery of optimization algorithms",
           ARXIV + "2302.06675", ("Momentum",), (2, 6.4), "Lion"),
    Method("Schedule-Free", 2024, "averages, not decay", "Defazio et al.", "The road less scheduled",
           ARXIV + "2405.15682", ("AdamW",), (5, 2.6), "ScheduleFreeAdamW"),
    Method("Muon", 2024, "orthogonal steps", "Jordan et al.",
           "Muon: an optimizer for hidden layers in neural networks", "https://kellerjordan.github.io/posts/muon/",
           ("Momentum",), (2, 7.5), "Muon"),
    Method("SOAP", 2024, "Adam in Shampoo's eigenbasis", "Vyas et al.",
           "SOAP: improving and stabilizing Shampoo using Adam", ARXIV + "2409.11321"),
    Method("Muon at scale", 2025, "steps of AdamW's size, decay", "Liu et al.", "Muon is scalable for LLM training",
           ARXIV + "2502.16982"),
    Method("A fair race", 2025, "tuned alike, gains shrink with size", "Wen et al.",
           "Fantastic pretraining optimizers and where to find them", ARXIV + "2509.02046"),
    Method("Adam, again", 2026, "converges if β₂ suits the problem", "Zhang et al.",
           "Adam converges without any modification on update rules", ARXIV + "2603.02092"),
)

#: All of them, by year.
HISTORY = tuple(sorted(METHODS, key=lambda method: method.year))
#: The methods on the map.
FAMILY = tuple(method for method in HISTORY if method.place is not None)


def draw_family(ax, methods):
    """Boxes with what each method changed, and a curve from each parent to its child.

    Args:
        ax: empty matplotlib Axes; its frame is taken away.
        methods: objects with ``name``, ``year``, ``change``, ``rule``, ``place`` (column, row from the top) and
            ``parents``, names that stand further left.
    """
    places = {method.name: method.place for method in methods}
    _settle(ax, [x for x, _ in places.values()], [y for _, y in places.values()])
    for method in methods:
        for parent in method.parents:
            _curve(ax, places[parent], method.place, color_of(method.rule or method.name))
    for method in methods:
        _box(ax, method)


def _settle(ax, columns, rows):
    ax.set_axis_off()
    ax.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    ax.set_ylim(max(rows) + 0.5, min(rows) - 0.5)


def _curve(ax, start, end, color):
    """Level at both ends, from the right edge of the parent to the left edge of the child."""
    (x0, y0), (x1, y1) = (start[0] + BOX[0] / 2, start[1]), (end[0] - BOX[0] / 2, end[1])
    bend = 0.14 + 0.5 * (x1 - x0 - 0.14)
    points = [(x0, y0), (x0 + bend, y0), (x1 - bend, y1), (x1, y1)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ax.add_patch(PathPatch(path, facecolor="none", edgecolor=color, linewidth=1.3, alpha=0.75, zorder=1))


def _box(ax, method):
    x, y = method.place
    width, height = BOX
    color = color_of(method.rule or method.name)
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, mutation_aspect=4, zorder=2,
                                boxstyle="round,pad=0,rounding_size=0.03", facecolor="white", edgecolor=color))
    size = min(8.5, 94 / len(method.name))  # the year has a place beside it
    left, right, words = x - width / 2 + 0.05, x + width / 2 - 0.05, {"va": "center", "zorder": 3}
    ax.text(left, y - 0.2, method.name, fontsize=size, weight="bold", color=color, **words)
    ax.text(right, y - 0.2, str(method.year), fontsize=7, color=QUIET, ha="right", **words)
    ax.text(left, y + 0.17, textwrap.fill(method.change, 24), fontsize=7, color=INK, linespacing=0.95, **words)


def draw_history(ax, methods, *, until):
    """One line for each method, the years along a spine from the top: dates, names, what was new, and who.

    The gaps between years are drawn shorter than they are. A year is written once.

    Args:
        ax: empty matplotlib Axes; its frame is taken away.
        methods: objects with ``name``, ``year``, ``change``, ``by`` and ``rule``, in order of their years.
        until: the year at the open end of the spine.
    """
    heights, y, last = [], 0.0, None
    for method in methods:
        years = 0 if last is None else method.year - last
        y += 0 if last is None else 1 + 0.35 * (years > 1) + 0.5 * (years > 10)
        heights.append(y)
        last = method.year
    ax.set_axis_off()
    ax.set_xlim(0, 10)
    bottom = y + (until > last)
    ax.set_ylim(bottom + 0.8, -0.8)
    ax.plot([1, 1], [0, bottom + 0.5], color=GRID, linewidth=3, zorder=1)
    if until > last:
        ax.text(0.78, bottom, str(until), ha="right", va="center", fontsize=9, color=QUIET)
    last = None
    for method, y in zip(methods, heights, strict=True):
        color = color_of(method.rule or method.name)
        if method.year != last:
            ax.text(0.78, y, str(method.year), ha="right", va="center", fontsize=9, color=QUIET)
        ax.plot([1], [y], "o", color=color, markersize=7, zorder=2)
        ax.text(1.25, y, method.name, va="center", fontsize=9.5, weight="bold", color=color)
        ax.text(3.2, y, method.change, va="center", fontsize=9, color=INK)
        ax.text(6.6, y, method.by, va="center", fontsize=9, color=QUIET)
        last = method.year
