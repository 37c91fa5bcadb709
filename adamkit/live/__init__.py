"""Matplotlib pictures that move in a notebook at interactive speed.

    from adamkit.live import LiveFigure

    line, = ax.plot(x, y)
    picture = LiveFigure(fig, moving=[line], alt="A falling loss.")
    picture                       # the last line of a cell shows it
    line.set_data(x, 2 * y)
    picture.refresh()             # the curve moves, about 0.3 ms

Matplotlib paints the scenery once: axes, ticks, legend, heat-map. The artists named in ``moving``
are left out of it; the browser draws those onto a canvas from pixel coordinates that Python sends.
The author keeps working with ordinary matplotlib artists, and without a browser the same figure is
an ordinary picture.

The files: `figure` holds the widget, `artists` (with `strokes` and `fills`) what can move and how it
is described, `paint` the scenery, `playback` and `pointer` what their names say; `busy` makes widgets
answer while a cell runs. The .js files beside them are one module, joined in the order of `assets`.
"""

from adamkit.live.busy import answer_while_busy
from adamkit.live.figure import LiveFigure
from adamkit.live.playback import Playback
from adamkit.live.pointer import PointerEvent
from adamkit.live.strokes import arrows, point_arrows

__all__ = ["LiveFigure", "Playback", "PointerEvent", "answer_while_busy", "arrows", "point_arrows"]
