"""A kernel socket without Nagle's algorithm, which widgets on JupyterLab need to be fluid.

The stock server lets the operating system hold back small messages until the last one is
acknowledged. With delayed acknowledgements that costs about 40 ms a message, and it caps every
widget, whoever wrote it, at 15–18 frames a second. This one sends at once. Use it either way:

    jupyter lab --ServerApp.kernel_websocket_connection_class=adamkit.server.PromptConnection
    jupyter lab --ServerApp.jpserver_extensions=adamkit.server=True

Without it everything works, only slower.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.iostream import StreamClosedError

STOCK = ZMQChannelsWebsocketConnection
SETTING = "kernel_websocket_connection_class"


class PromptConnection(STOCK):
    """The stock connection between browser and kernel, with TCP_NODELAY."""

    def connect(self):
        """Connect as usual, after telling the socket to send small messages at once."""
        try:
            self.websocket_handler.set_nodelay(True)
        except (AttributeError, StreamClosedError):
            self.log.debug("adamkit: the browser's socket is gone already; nothing to speed up")
        return super().connect()


def _jupyter_server_extension_points():
    """How jupyter_server finds the extension below."""
    return [{"module": "adamkit.server"}]


def _load_jupyter_server_extension(server):
    """Use `PromptConnection` unless somebody chose a connection class of their own."""
    settings = server.web_app.settings
    if settings.get(SETTING) is STOCK:
        settings[SETTING] = PromptConnection
        server.log.info("adamkit: small kernel messages are sent at once (TCP_NODELAY)")
