"""The kernel socket without Nagle's algorithm."""

import logging
from types import SimpleNamespace

import pytest
from tornado.iostream import StreamClosedError

from adamkit import server


@pytest.fixture
def connection(monkeypatch):
    """A connection that never talks to a kernel, and the list of what was asked of its socket."""
    monkeypatch.setattr(server.STOCK, "connect", lambda self: "connected")
    made = object.__new__(server.PromptConnection)
    made._trait_values = {"websocket_handler": None, "log": logging.getLogger("test")}
    asked = []
    handler = SimpleNamespace(set_nodelay=asked.append)
    monkeypatch.setattr(server.PromptConnection, "websocket_handler", handler)
    monkeypatch.setattr(server.PromptConnection, "log", logging.getLogger("test"))
    return made, handler, asked


def test_the_socket_is_told_to_send_at_once(connection):
    made, _, asked = connection
    assert made.connect() == "connected"
    assert asked == [True]


@pytest.mark.parametrize("error", [StreamClosedError(), AttributeError("no stream")])
def test_a_socket_that_is_gone_already_is_no_error(connection, error):
    made, handler, _ = connection

    def gone(_):
        raise error

    handler.set_nodelay = gone
    assert made.connect() == "connected"


def a_server(connection_class):
    settings = {server.SETTING: connection_class}
    return SimpleNamespace(web_app=SimpleNamespace(settings=settings), log=logging.getLogger("test"))


def test_the_extension_replaces_the_stock_connection_and_no_other():
    class Own(server.STOCK):
        pass

    stock, own = a_server(server.STOCK), a_server(Own)
    server._load_jupyter_server_extension(stock)
    server._load_jupyter_server_extension(own)
    assert stock.web_app.settings[server.SETTING] is server.PromptConnection
    assert own.web_app.settings[server.SETTING] is Own
    assert server._jupyter_server_extension_points() == [{"module": "adamkit.server"}]
