"""What the reader's pointer did, in data coordinates."""

from dataclasses import dataclass

KINDS = ("click", "drag", "move", "release")


@dataclass(frozen=True)
class PointerEvent:
    """One event on the picture.

    Attributes:
        kind: "click" when the button goes down, "drag" while it is held, "release" when it comes
            up, "move" without a button (sent only if the callback asked for it).
        axes: index of the axes in ``figure.axes``. A drag keeps the axes it began in.
        x, y: data coordinates in those axes; a drag that leaves the axes stays at their edge.
    """

    kind: str
    axes: int
    x: float
    y: float


def read_pointer(message, figure):
    """A message from the browser as a `PointerEvent`; None when it makes no sense.

    The browser sends figure pixels with y downwards; the axes' own transform inverts them, so log
    scales and aspect ratios need no special care.
    """
    kind, index = message.get("kind"), message.get("axes")
    if kind not in KINDS or not isinstance(index, int) or not 0 <= index < len(figure.axes):
        return None
    height = figure.bbox.height
    inverse = figure.axes[index].transData.inverted()
    x, y = inverse.transform((float(message["x"]), height - float(message["y"])))
    return PointerEvent(kind, index, float(x), float(y))
