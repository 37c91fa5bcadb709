"""The widget: charts, progress, two buttons and a slider. Numbers go out, wishes come in."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

from adamkit import explorers
from adamkit.dashboard.panels import LOSS, wants_log
from adamkit.explorers.controls import Slider
from adamkit.live import answer_while_busy, assets
from adamkit.live.busy import answers_while_busy

HERE = Path(__file__).parent
EXPLORERS = Path(explorers.__file__).parent
LIVE = Path(assets.__file__).parent
RATE = Slider(0.1, 10, 1, log=True, label="learning rate ×", help="multiplies the scheduled rate from the next step on")
SCRIPTS = [*(LIVE / name for name in assets.BASE), EXPLORERS / "widgets.js", HERE / "charts.js", HERE / "dashboard.js"]
STYLES = [LIVE / "live.css", EXPLORERS / "explorer.css", HERE / "dashboard.css"]


LATE = "Here the buttons act when the cell is done. To end the run now, interrupt the kernel (■)."


class DashboardView(anywidget.AnyWidget):
    """One board in the browser.

    ``_frame`` holds the curves as float32: for each panel, then for the smoothed loss, then for the
    evaluations, the number of points, and as many steps, lowest, mean and highest values.
    """

    _esm = assets.join(SCRIPTS)
    _css = assets.join(STYLES)

    _panels: traitlets.List = traitlets.List().tag(sync=True, echo_update=False)
    _frame = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    _head = traitlets.Dict().tag(sync=True, echo_update=False)
    _rate = traitlets.Dict().tag(sync=True, echo_update=False)
    _seen = traitlets.Int(0).tag(sync=True, echo_update=False)

    def __init__(self, board):
        super().__init__(_rate=RATE.describe())
        self.board = board
        answer_while_busy(self)
        self.on_msg(self._receive)
        self.send_frame()

    def send_frame(self):
        """Bring the browser up to date."""
        with self.board.lock, self.hold_sync():
            self.board.catch_up()
            self._panels = [{"label": panel.label, "zero": panel.zero} for panel in self.board.panels]
            self._frame = self._curves()
            self._head = self._words()

    def _receive(self, _widget, message, _buffers):
        """What the reader pressed. Runs beside the cell: it sets plain values, which the loop looks at."""
        with self.board.lock, self.hold_sync():
            try:
                if message.get("resend"):
                    self.send_state("_frame")
                if self.board.state in ("running", "waiting"):
                    self._obey(message)
                self._head = self._words()
            finally:
                self._seen = int(message.get("seq", 0))

    def _obey(self, message):
        control = self.board.control
        if "rate" in message:
            control.rate_factor = RATE.check("rate", message["rate"])
        if "pause" in message:
            (control.pause if message["pause"] else control.resume)()
        if message.get("stop"):
            control.stop()
            control.resume()

    def _curves(self):
        board = self.board
        parts = []
        for panel in board.panels:
            steps, *values = board.series[panel.field].curve()
            parts.append([steps, *(panel.scale * value for value in values)])
        parts.append(board.smoothed.curve())
        parts.append(np.array(board.evaluations or np.empty((0, 2))).T[[0, 1, 1, 1]])
        numbers = [np.concatenate([[len(part[0])], *part]) for part in parts]
        return np.concatenate(numbers).astype(np.float32).tobytes()

    def _words(self):
        """State, progress and texts."""
        board, control = self.board, self.board.control
        state = board.state
        if state == "running":
            state = "stopping" if control.stopped else "paused" if control.paused else "running"
        return {
            "title": board.title,
            "state": state,
            "step": board.step,
            "first": board.series[LOSS.field].first,
            "total": board.total or 0,
            "line": board.line(),
            "factor": control.rate_factor,
            "texts": board.texts(),
            "logs": [wants_log(p, board.series[p.field].curve()[2]) for p in board.panels],
            "alt": board.alt,
            "note": "" if answers_while_busy() else LATE,
            "late": LATE,
        }
