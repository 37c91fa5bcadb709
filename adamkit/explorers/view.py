"""The live view of an explorer: a `LiveFigure` with scenario buttons and controls around it."""

from pathlib import Path

import traitlets

from adamkit.live import LiveFigure, assets

HERE = Path(__file__).parent
STYLE = Path(assets.__file__).parent / "live.css"


class ExplorerView(LiveFigure):
    """One explorer in the browser.

    The browser sends what the reader changed; the explorer computes; one message carries the new
    frame, the values it belongs to, and the sentence below it. A value that is refused (only the
    typed list can be) comes back as a notice, and the picture stays as it was.
    """

    _esm = assets.script(HERE / "widgets.js", HERE / "controls.js", main=HERE / "explorer.js")
    _css = assets.join([STYLE, HERE / "explorer.css"])

    _controls: traitlets.List = traitlets.List().tag(sync=True, echo_update=False)
    _scenarios: traitlets.List = traitlets.List().tag(sync=True, echo_update=False)
    _values = traitlets.Dict().tag(sync=True, echo_update=False)
    _texts = traitlets.Dict().tag(sync=True, echo_update=False)
    _chosen = traitlets.Unicode("").tag(sync=True, echo_update=False)
    _look = traitlets.Unicode("").tag(sync=True, echo_update=False)
    _left = traitlets.Unicode("").tag(sync=True, echo_update=False)
    _room = traitlets.Dict().tag(sync=True, echo_update=False)
    _caption = traitlets.Unicode("").tag(sync=True, echo_update=False)
    _notice = traitlets.Unicode("").tag(sync=True, echo_update=False)
    _idle: traitlets.List = traitlets.List().tag(sync=True, echo_update=False)
    _title = traitlets.Unicode("").tag(sync=True, echo_update=False)

    def __init__(self, explorer, picture):
        self.explorer, self._wanted = explorer, {}
        super().__init__(
            picture.figure, picture.moving, alt=picture.alt, playback=picture.playback, handle=picture.handle
        )
        self.lock = explorer.lock  # one lock for both, so that two threads cannot wait for each other
        with self.hold_sync():
            self._title = explorer.title
            self._controls = [{"name": name} | control.describe() for name, control in explorer.controls.items()]
            self._scenarios = list(explorer.scenarios)
            looks = [f"{_prefix(name)}{scenario.look}" for name, scenario in explorer.scenarios.items()]
            self._room = {"looks": looks, "caption": explorer.longest, "last": explorer.caption_last}
            if explorer.takes_points:
                self.on_pointer(self._pointed, axes=[0])  # every explorer's first axes are the ones to take hold of
            self.follow(repaint=False)

    def follow(self, *, repaint=None):
        """Send where the explorer now stands."""
        explorer, shown = self.explorer, self.explorer.shown
        self._values = {name: _plain(value) for name, value in explorer.values.items()}
        self._texts = {name: control.text(explorer.values[name]) for name, control in explorer.controls.items()}
        untouched, chosen = explorer.untouched, explorer.chosen
        self._chosen, self._look = chosen if untouched else "", explorer.look
        self._left = _prefix(chosen) if chosen and not untouched else ""
        self._caption, self._idle, self._notice = shown.caption, list(shown.idle), ""
        self.playback_steps = shown.steps
        self._wholes = explorer.fresh
        if shown.repaint if repaint is None else repaint:
            self.redraw()
        else:
            self.refresh()

    def plain_text(self):
        """What a terminal shows instead."""
        return self.explorer.plain_text()

    def _handle_events(self, events):
        """Several events of one message (press, drag, release) make one computation."""
        super()._handle_events(events)
        wanted, self._wanted = self._wanted, {}
        if wanted:
            self.explorer.set(**wanted)

    def _pointed(self, event):
        self._wanted |= self.explorer.point(event) or {}

    def _handle_message(self, message):
        super()._handle_message(message)
        explorer = self.explorer
        if message.get("reset"):
            explorer.reset()
        if message.get("scenario") in explorer.scenarios:
            explorer.scenario(message["scenario"])
            if explorer.scenarios[message["scenario"]].play:
                self.play()
        if values := message.get("values"):
            self._set_from_browser(values)

    def _set_from_browser(self, values):
        try:
            values = self.explorer.checked(values)
        except (TypeError, ValueError) as refusal:
            self._notice = self._spoken(str(refusal))
        else:
            self.explorer.set(**values)

    def _spoken(self, refusal):
        """A refusal with the label that the reader sees in place of the control's name in code."""
        name, equals, rest = refusal.partition("=")
        control = self.explorer.controls.get(name)
        return f"“{control.label}”: {rest}" if equals and control and control.label else refusal


def _prefix(scenario):
    """What stands before the sentence of a scenario that the controls have left."""
    return f"Scenario “{scenario}”: "


def _plain(value):
    return list(value) if isinstance(value, tuple) else value
