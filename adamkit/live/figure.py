"""`LiveFigure`: a matplotlib figure whose named artists move in the browser."""

import base64
import threading
import time
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.image import AxesImage

from adamkit.live import artists, assets, fills, strokes  # noqa: F401 - strokes registers its kinds
from adamkit.live.busy import answer_while_busy
from adamkit.live.colab import VIEW, widget_metadata
from adamkit.live.paint import paint
from adamkit.live.pointer import read_pointer

HERE = Path(__file__).parent
LARGEST_RATIO = 3.0
STORED_RATIO = 1.5


class LiveFigure(anywidget.AnyWidget):
    """A figure in a notebook cell that follows its artists, at about 30–60 frames a second.

    Args:
        figure: matplotlib Figure. One figure pixel (``figure.dpi`` to the inch) is one CSS pixel.
        moving: artists that will move: lines (with markers), scatter points, `arrows`, short
            texts, images, filled areas. All else is scenery.
        alt: what the picture shows, in a sentence, for those who cannot see it.
        playback: a `Playback`, if the picture has a play button.
        handle: the moving line whose first point the reader drags; the arrow keys move it too.

    Move artists as usual (``set_data``, ``set_offsets``, ``set_text`` …), then call `refresh`. After
    any other change (limits, title, heat-map in the scenery) call `redraw`, which costs a full
    matplotlib drawing. Both may be called from a cell that is still running and from callbacks,
    which JupyterLab runs in another thread.

    Without a browser nothing is lost: `png` and the notebook's stored output are the whole figure.
    """

    _esm = assets.script(main=HERE / "view.js")
    _css = assets.join([HERE / "live.css"])

    _scene = traitlets.Dict().tag(sync=True, echo_update=False)
    _background = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    _styles: traitlets.List = traitlets.List().tag(sync=True, echo_update=False)
    _images = traitlets.Dict().tag(sync=True, echo_update=False)
    _frame = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    _plays = traitlets.Int(0).tag(sync=True, echo_update=False)
    _wholes = traitlets.Int(0).tag(sync=True, echo_update=False)
    _seen = traitlets.Int(0).tag(sync=True, echo_update=False)

    def __init__(self, figure, moving=(), *, alt, playback=None, handle=None):
        self.figure, self.moving, self.alt = figure, list(moving), _checked_alt(alt)
        self.lock = threading.RLock()
        self._ratio, self._last_refresh, self._listeners, self._image_data = 1.0, 0.0, [], {}
        self._playback, self._handle, self._hover, self._grab = playback, handle, False, None
        self._playback_steps = playback.steps if playback else 0
        self._check_moving()
        super().__init__()
        answer_while_busy(self)
        self.on_msg(self._receive)
        self.redraw()

    def refresh(self, *, at_most=None):
        """Send where the moving artists are now.

        Args:
            at_most: frames a second, for loops that would call more often than anyone can see; a
                call that comes too early sends nothing. End such a loop with a plain ``refresh()``.

        Returns:
            True if a frame was sent.
        """
        now = time.monotonic()
        if at_most and now - self._last_refresh < 1 / at_most:
            return False
        with self.lock, self.hold_sync():
            self._last_refresh = now
            self._collect()
        return True

    def redraw(self):
        """Paint the scenery again, then send it together with the moving artists."""
        with self.lock, self.hold_sync():
            self._background = paint(self.figure, ratio=self._ratio, without=self.moving)
            self._collect()
            self._scene = self._describe()

    def play(self):
        """Start the film from its beginning, in every browser that shows the picture."""
        self._plays += 1

    @property
    def playback_steps(self):
        """Steps that the counter beside the play button counts to."""
        return self._playback_steps

    @playback_steps.setter
    def playback_steps(self, steps):
        self._playback_steps = int(steps)
        if self._playback and self._scene:
            self._scene = self._describe()

    def on_pointer(self, callback, *, hover=False, axes=None):
        """Call ``callback(event)`` with a `PointerEvent` for each click, drag and release.

        Args:
            callback: runs in a widget thread; it may move artists and call `refresh`.
            hover: also report moves without a button.
            axes: indices of the axes over which the pointer becomes a hand; all of them when left out.
        """
        with self.lock:
            self._listeners.append(callback)
            self._grab = axes
            self._hover = self._hover or hover
            self._scene = self._describe()

    def png(self, *, ratio=STORED_RATIO):
        """The whole figure, moving artists included, as the bytes of a PNG."""
        with self.lock:
            return paint(self.figure, ratio=ratio, compact=True)

    def plain_text(self):
        """What a terminal shows instead of the picture."""
        return f"Live picture: {self.alt}"

    def _repr_mimebundle_(self, **kwargs):
        width = round(self.figure.bbox.width)
        picture = base64.b64encode(self.png()).decode("ascii")
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        data = {"text/plain": self.plain_text(), "image/png": picture, VIEW: view}
        return data, {"image/png": {"width": width, "alt": self.alt}} | widget_metadata()

    def _check_moving(self):
        for artist in self.moving:
            artists.style(artist)  # refuses kinds that cannot move
            if artist.figure is not self.figure:
                raise ValueError(f"LiveFigure: the moving artist {artist!r} belongs to another figure")
        if self._handle is not None and not any(artist is self._handle for artist in self.moving):
            raise ValueError("LiveFigure: handle must be one of the moving artists")
        if self._playback:
            self._playback.describe(self.moving)

    def _describe(self):
        """What the browser must know about the scenery."""
        width, height = float(self.figure.bbox.width), float(self.figure.bbox.height)
        axes = self.figure.axes
        boxes = [[ax.bbox.x0, height - ax.bbox.y1, ax.bbox.width, ax.bbox.height] for ax in axes]
        places = {id(artist): place for place, artist in enumerate(self.moving)}
        film = self._playback.describe(self.moving) | {"steps": self.playback_steps} if self._playback else None
        return {
            "width": width,
            "height": height,
            "alt": self.alt,
            "boxes": [[float(number) for number in box] for box in boxes],
            "axes": [axes.index(artist.axes) if artist.axes in axes else -1 for artist in self.moving],
            "pointer": bool(self._listeners),
            "hover": self._hover,
            "grab": list(range(len(axes)) if self._grab is None else self._grab),
            "handle": places.get(id(self._handle), -1),
            "playback": film,
        }

    def _collect(self):
        """Styles, images and numbers of the moving artists into the synchronised traits."""
        height = self.figure.bbox.height
        rows = [artists.places(artist, height) for artist in self.moving]
        sizes = np.array([len(part) for part in rows], np.float32)
        self._styles = [artists.look(artist) for artist in self.moving]
        self._collect_images()
        self._frame = np.concatenate([sizes, *rows]).tobytes()

    def _collect_images(self):
        """Send an image's colours only when its array or colour scale was replaced."""
        for place, artist in enumerate(self.moving):
            if not isinstance(artist, AxesImage):
                continue
            now = (artist.get_array(), artist.get_clim(), artist.get_cmap())
            before = self._image_data.get(place)
            if before is None or before[0] is not now[0] or before[1:] != now[1:]:
                self._image_data[place] = now
                rgba = fills.image_pixels(artist)
                entry = {"width": rgba.shape[1], "height": rgba.shape[0], "rgba": rgba.tobytes()}
                self._images = {**self._images, str(place): entry}

    def _receive(self, _widget, message, _buffers):
        """One message from the browser, answered with exactly one: the frame it led to.

        The browser waits for the answer before it sends the newest state of what the reader moved
        meanwhile. So no message is computed that nobody will see, and nothing queues up.
        """
        with self.lock, self.hold_sync():
            try:
                self._handle_message(message)
            finally:
                self._seen = int(message.get("seq", 0))

    def _handle_message(self, message):
        if message.get("resend"):
            self.send_state(["_background", "_frame", "_images"])
        if "ratio" in message:
            self._sharpen(float(message["ratio"]))
        events = [read_pointer(part, self.figure) for part in message.get("pointer", ())]
        self._handle_events([event for event in events if event])

    def _handle_events(self, events):
        for event in events:
            for listener in self._listeners:
                listener(event)

    def _sharpen(self, ratio):
        """Repaint the scenery for a screen with more pixels than the last one."""
        ratio = min(ratio, LARGEST_RATIO)
        if ratio > self._ratio * 1.05:
            self._ratio = ratio
            self.redraw()


def _checked_alt(alt):
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"LiveFigure: alt={alt!r} is not allowed; it must say in a sentence what the picture shows")
    return alt.strip()
