"""The picture of a whole run that stays in the stored notebook."""

import textwrap

from matplotlib.ticker import FuncFormatter, MaxNLocator

from adamkit import plotting
from adamkit.dashboard.panels import LOSS, wants_log
from adamkit.numbers import tick

WIDTH, ROW = 900, 176
RAW, LINE, DOTS = "#9db8e8", "#3f6ce8", "#c63707"


def draw(panels, texts, series, smoothed, evaluations, *, title):
    """A matplotlib Figure with one axes for each panel that has a value.

    Args:
        panels: sequence of `Panel`.
        texts: what stands beside the title of each.
        series: field → `Series`, in the panels' own units.
        smoothed: the smoothed loss, a `Series`.
        evaluations: list of (step, loss), drawn as dots beside the loss.
        title: one line above the charts.
    """
    shown = [(panel, text) for panel, text in zip(panels, texts, strict=True) if len(series[panel.field].curve()[0])]
    columns = min(3, max(1, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    figure = plotting.figure(WIDTH, ROW * rows + 34)
    heading = textwrap.fill(title, 10 * WIDTH // 63)  # a character is about 6.2 pixels wide
    figure.suptitle(heading, x=0.01, ha="left", fontsize=9, fontweight="normal")
    for place, (panel, text) in enumerate(shown, 1):
        ax = figure.add_subplot(rows, columns, place)
        extra = (smoothed, evaluations) if panel is LOSS else (None, ())
        _draw_panel(ax, panel, series[panel.field], *extra)
        ax.set_title(f"{panel.label}  {text}", fontsize=9)
        if place > len(shown) - columns:
            ax.set_xlabel("step", fontsize=9)
    return figure


def _draw_panel(ax, panel, series, smoothed, evaluations):
    steps, low, mean, high = series.curve()
    ax.fill_between(steps, low * panel.scale, high * panel.scale, color=RAW, alpha=0.45, linewidth=0)
    ax.plot(steps, mean * panel.scale, color=RAW if smoothed else LINE, linewidth=1.1, label="each step")
    if smoothed is not None:
        smooth = smoothed.curve()
        ax.plot(smooth[0], smooth[2], color=LINE, linewidth=1.7, label="smoothed")
    if evaluations:
        ax.plot(*zip(*evaluations, strict=True), "o", color=DOTS, markersize=3.5, label="evaluation")
    if smoothed is not None:
        ax.legend(fontsize=7, loc="best", handlelength=1.2, framealpha=0.7)
    if wants_log(panel, mean):
        plotting.log_axis(ax, most=4)
    else:
        if panel.zero:
            ax.set_ylim(0, 1.12 * max(high.max() * panel.scale, 1e-12))
        ax.yaxis.set_major_locator(MaxNLocator(4))
        top = ax.get_ylim()[1]
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, top)))
    ax.tick_params(labelsize=8)
    ax.margins(x=0.02)
