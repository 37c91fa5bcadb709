"""A picture of a run: the loss, how far each layer moves, the gradients, and v against g²."""

import numpy as np

#: Layers that get a line of their own; of more, evenly spaced ones do.
LINES = 8


def draw(readings, report=None):
    """A matplotlib Figure of the readings, in the look of the series.

    Args:
        readings: `Readings`.
        report: a `Report` on them; the steps of its findings are marked, and its first symptom is the title.

    Returns:
        Figure with four panels: loss (and validation), update/weight ratio, gradient norm and effective rate of up
        to eight layers.
    """
    from adamkit import plotting

    fig = plotting.figure(9.6, 6.0)
    (loss, update), (gradient, rate) = fig.subplots(2, 2)
    _loss(loss, readings, plotting)
    chosen = np.unique(np.linspace(0, len(readings.layers) - 1, min(LINES, len(readings.layers))).astype(int))
    _layers(update, readings, "update_ratio", chosen, title="How far a step moves a layer", label="‖Δθ‖ / ‖θ‖")
    update.axhspan(1e-3, 1e-2, color=plotting.GRID, zorder=0, lw=0)
    _layers(gradient, readings, "gradient_norm", chosen, title="Gradient norm, before clipping", label="‖g‖")
    _rates(rate, readings, chosen)
    if len(chosen):
        plotting.outside_legend(update, fontsize=7)
    if report is not None:
        _mark(fig, loss, report, plotting)
    fig.alt = f"Loss, update sizes, gradient norms and effective rates of a run of {len(readings)} steps."
    return fig


def _loss(ax, readings, plotting):
    finite = np.isfinite(readings.loss)
    ax.plot(readings.step[finite], readings.loss[finite], color=plotting.INK, lw=1, label="training")
    known = np.isfinite(readings.validation)
    if known.any():
        ax.plot(readings.step[known], readings.validation[known], "o-", ms=3, lw=1, color=plotting.COLORS["Adam"],
                label="validation")
        ax.legend()
    _log_if(ax, readings.loss[finite])
    ax.set(xlabel="step", ylabel="loss")
    ax.set_title("Loss")


def _layers(ax, readings, name, chosen, *, title, label):
    for index in chosen:
        values = readings[name][:, index]
        good = np.isfinite(values) & (values > 0)
        ax.plot(readings.step[good], values[good], lw=0.8, label=readings.layers[index])
    ax.set(xlabel="step", ylabel=label)
    if (readings[name] > 0).any():
        ax.set_yscale("log")
    ax.set_title(title)


def _rates(ax, readings, chosen):
    """The range of effective rates of each layer, as a band."""
    for index in chosen:
        low, high = readings.rate_low[:, index], readings.rate_high[:, index]
        good = np.isfinite(low) & np.isfinite(high) & (low > 0)
        ax.fill_between(readings.step[good], low[good], high[good], alpha=0.15, lw=0)
    good = readings.rate > 0
    ax.plot(readings.step[good], readings.rate[good], color="black", lw=1.2, label="η")
    if good.any():
        ax.set_yscale("log")
        ax.legend()
    ax.set(xlabel="step", ylabel="η / (√v̂ + ε)")
    ax.set_title("Effective rates: smallest to largest, a band a layer")


def _log_if(ax, values):
    """A logarithmic axis where the values span more than a factor of thirty."""
    positive = values[values > 0]
    if len(positive) and len(positive) == len(values) and positive.max() > 30 * np.median(positive):
        ax.set_yscale("log")


def _mark(fig, ax, report, plotting):
    for finding in report.findings[:1]:
        for step in finding.steps[:6]:
            ax.axvline(step, color=plotting.COLORS["SGD"], lw=0.8, ls=":")
        fig.suptitle(f"{finding.disease}: {finding.symptom}")
