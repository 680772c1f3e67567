"""`kg serve`: for the time being one request after another, by Werkzeug."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys

from werkzeug.serving import make_server

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store import Graph
from web.app import create_app


class PortInUse(ChanceryError):
    """Another program listens where the server should."""


def serve(settings: Settings, graph: Graph) -> None:
    """Serve `graph` until SIGINT or SIGTERM.

    Raises:
        PortInUse: the port is taken.
    """
    host, port = _free(settings.host, settings.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    server = make_server(host, port, create_app(settings, graph), threaded=True)
    shown = f"[{host}]" if ":" in host else host  # RFC 3986 §3.2.2
    print(f"Serving http://{shown}:{port}/ (Ctrl-C ends it)", flush=True)  # noqa: T201 - the command's word
    server.serve_forever()


def _free(host: str, port: int) -> tuple[str, int]:
    """The numeric address of the host, and the port, or where it is 0 one that is free."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # Of a name's addresses that of IPv4, as `localhost` is 127.0.0.1 to most who type it.
        family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.create_server(address, family=family) as probe:
            return str(address[0]), int(probe.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"port {port} of {host} is in use; give another with --port") from error
        # Where there is a number, the message repeats host and port.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise ChanceryError(f"cannot listen on {host}:{port}: {why}") from error
