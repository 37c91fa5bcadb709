"""A sign of life: does a message from the browser reach this kernel, and does the answer come back?"""

import anywidget
import traitlets

from adamkit.live.colab import VIEW, widget_metadata

SCRIPT = """
export default {
  render({ model, el }) {
    const box = document.createElement("div");
    box.setAttribute("role", "status");
    box.style.cssText = "display:inline-block;padding:.4em .8em;border-radius:6px;color:#fff;font-weight:600";
    const show = () => {
      const alive = model.get("answered");
      box.style.background = alive ? "#1b7f3b" : "#6b6b6b";
      box.textContent = alive ? "✓ Browser and kernel are talking" : "Waiting for the kernel …";
    };
    model.on("change:answered", show);
    show();
    el.appendChild(box);
    model.send({ ping: true });
  },
};
"""

WAITING = "Waiting for the browser: run this cell in JupyterLab."


class Pulse(anywidget.AnyWidget):
    """A box that turns green once the browser has sent a message and received the kernel's answer."""

    _esm = SCRIPT
    answered = traitlets.Bool(False).tag(sync=True)

    def __init__(self):
        super().__init__()
        self.on_msg(self._answer)

    def _answer(self, _widget, message, _buffers):
        self.answered = self.answered or bool(message.get("ping"))

    def _repr_mimebundle_(self, **kwargs):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        grey = "display:inline-block;padding:.4em .8em;border-radius:6px;color:#fff;background:#6b6b6b"
        static = f"<div style='{grey}'>{WAITING}</div>"
        return {"text/plain": WAITING, "text/html": static, VIEW: view}, widget_metadata()
