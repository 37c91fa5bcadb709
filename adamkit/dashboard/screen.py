"""Where a board is shown: the widget while it runs, and the stored picture afterwards."""

import base64
import uuid

from IPython.display import display, update_display

from adamkit import plotting
from adamkit.dashboard.view import DashboardView
from adamkit.live.colab import VIEW, widget_metadata


class Screen:
    """The view of a board and the outputs that show it.

    An output that was made before the training holds no picture. All outputs share a name, under which
    the notebook gives them the picture of the run when it is over.
    """

    def __init__(self, board):
        self.board, self.view = board, DashboardView(board)
        self._name, self._shown = uuid.uuid4().hex, False

    def show(self):
        """Show the board in the output of the cell that is running."""
        data, metadata = self.bundle()
        display(data, metadata=metadata, raw=True, display_id=self._name)
        self._shown = True

    def frame(self):
        """Send the newest state to the browser."""
        self.view.send_frame()

    def close(self):
        """Send the last state, and replace the stored pictures."""
        self.view.send_frame()
        if self._shown:
            data, metadata = self.bundle()
            update_display(data, metadata=metadata, raw=True, display_id=self._name)

    def bundle(self):
        """(data, metadata): the live view, the picture, and a line of text that is the same in every run."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        data = {"text/plain": f"Dashboard: {self.board.title}", VIEW: view}
        if not self.board.step:
            return data, widget_metadata()  # nothing to draw yet, and drawing takes longer than a few steps
        png, (width, height) = plotting.showing.small_png(self.board.figure())
        data["image/png"] = base64.b64encode(png).decode("ascii")
        return data, {"image/png": {"alt": self.board.alt, "width": width, "height": height}} | widget_metadata()
