"""Figures with the look of the series, made without pyplot and without touching its settings."""

import textwrap

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from adamkit.plotting.colors import COLORS, GRID, INK, QUIET
from adamkit.plotting.showing import RATIO, bundle

DPI = 100
#: No one wants a figure of 40 inches: from here on a size is meant in pixels.
PIXELS_FROM = 40

#: Colours of lines that stand for no optimizer.
CYCLE = ("Momentum", "RMSprop", "Adam", "AdamW", "Nesterov", "AdaGrad")
LOOK = {
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "mathtext.fontset": "dejavusans",
    "axes.facecolor": "white",
    "axes.edgecolor": "#c3cad2",
    "axes.linewidth": 0.8,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 10,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=[COLORS[n] for n in CYCLE]),
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": "#c3cad2",
    "ytick.color": "#c3cad2",
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.fancybox": False,
    "legend.fontsize": 9,
    "legend.borderpad": 0.3,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "figure.titlesize": 12,
    "figure.titleweight": "bold",
}


def style():
    """The look of the series as a context, for figures made by other means: ``with plotting.style(): …``."""
    return mpl.rc_context(LOOK)


def figure(width=7.0, height=3.6, *, layout="constrained"):
    """An empty `Picture`; add axes with its ``subplots`` or ``add_axes``.

    Args:
        width, height: in inches of 100 pixels. Numbers from 40 on are pixels: ``figure(640, 350)``.
        layout: matplotlib's layout engine. It leaves alone what ``add_axes`` placed by hand.
    """
    sizes = []
    for name, value in (("width", width), ("height", height)):
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not plain or not 0 < value <= 4000:
            raise ValueError(f"{name}={value!r} must be inches (below {PIXELS_FROM}) or pixels (up to 4000)")
        sizes.append(value / DPI if value >= PIXELS_FROM else value)
    return Picture(figsize=sizes, dpi=DPI, layout=layout)


class PictureAxes(Axes):
    """Axes whose titles, legends and lines keep the look wherever they are added."""

    name = "adamkit"

    def set_title(self, label, *args, **settings):
        """Left, in bold ink, unless told otherwise."""
        with style():
            return super().set_title(label, *args, **settings)

    def fit_title(self, renderer):
        """Break a title that is wider than the axes, so that it covers no neighbour and stays inside the figure."""
        for title in (self.title, self._left_title, self._right_title):
            words = title.get_text()
            if not words:
                continue
            share = self.get_window_extent(renderer).width / title.get_window_extent(renderer).width
            if share < 1 and "\n" not in words:
                title.set_text(textwrap.fill(words, max(int(len(words) * share), 12)))

    def legend(self, *args, **settings):
        """Small, without a frame."""
        with style():
            return super().legend(*args, **settings)

    def plot(self, *args, **settings):
        """Lines of the series' width."""
        with style():
            return super().plot(*args, **settings)


class Picture(Figure):
    """A matplotlib Figure that looks like the series and displays itself in a notebook.

    Attributes:
        alt: what the picture shows, for those who cannot see it; `show` sets it.
        ratio: picture pixels per CSS pixel as stored; lower it where a page holds many noisy curves.
    """

    ratio = RATIO

    def __init__(self, *args, **settings):
        with style():
            super().__init__(*args, **settings)
        FigureCanvasAgg(self)
        self.alt = None

    def add_subplot(self, *args, **settings):
        """As matplotlib's, with the look of the series."""
        with style():
            return _settled(super().add_subplot(*args, **_our_axes(args, settings)))

    def add_axes(self, *args, **settings):
        """As matplotlib's, with the look of the series."""
        with style():
            return _settled(super().add_axes(*args, **_our_axes(args, settings)))

    def suptitle(self, *args, **settings):
        """As matplotlib's, with the look of the series."""
        with style():
            return super().suptitle(*args, **settings)

    def draw(self, renderer):
        """As matplotlib's; a figure laid out by hand needs no layout engine, which would complain."""
        engine = self.get_layout_engine()
        if engine is not None and not any(ax.get_subplotspec() for ax in self.axes):
            engine = self.set_layout_engine("none")
        if engine is not None:
            engine.execute(self)  # for the widths that titles must fit
        for ax in self.axes:
            if isinstance(ax, PictureAxes):
                ax.fit_title(renderer)
        super().draw(renderer)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self)


def _our_axes(args, settings):
    """Settings that ask for `PictureAxes`, unless the caller brought axes or chose a kind."""
    chosen = {"projection", "axes_class", "polar"} & set(settings) or (args and isinstance(args[0], Axes))
    return settings if chosen else {**settings, "axes_class": PictureAxes}


def _settled(ax):
    """Ticks are made when they are first drawn, outside the style: fix theirs now."""
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_tick_params(which="major", length=3, width=0.8, color="#c3cad2", labelcolor=QUIET, labelsize=9)
        axis.set_tick_params(which="minor", length=0)
        axis.set_tick_params(which="both", grid_color=GRID, grid_linewidth=0.7)
    return ax
