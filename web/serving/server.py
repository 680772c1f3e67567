"""`kg serve`: a socket that listens, and who serves on it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from functools import partial
from typing import TextIO

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.release import Release
from web.serving import plain
from web.site.mount import root_of

_WAITING = 4096  # connections that the kernel accepts ahead of the front
_BUFFER = 1 << 18  # bytes that it keeps for a reader; what is more waits in a file in memory


class PortInUse(ChanceryError):
    """Another program listens where the server should."""


def serve(settings: Settings, *, filtered: bool = confine.LINUX) -> None:
    """Serve the current release of the project until SIGINT or SIGTERM.

    `filtered`: children get the kernel's filters.

    Raises:
        PortInUse: the port is taken.
        ChanceryError: there is no release that can be opened.
    """
    with _listener(settings.host, settings.port) as listener:
        host, port = listener.getsockname()[:2]
        if lacking := confine.shortfall():
            _say(f"kg: queries are less confined than they could be: {lacking}", sys.stderr)
        _say(f"kg: opening release {Release.current(settings.directory).id}", sys.stderr)
        shown = f"[{host}]" if ":" in host else host  # RFC 3986 §3.2.2
        address = f"http://{shown}:{port}{root_of(settings.base)}/"
        announce = partial(_say, f"Serving {address} (Ctrl-C ends it)", sys.stdout)
        if confine.LINUX:
            from web.serving import front  # noqa: PLC0415 - it needs calls that only Linux has

            front.serve(settings, listener, announce, filtered=filtered)
        else:
            plain.serve(settings, listener, announce)


def _say(words: str, where: TextIO) -> None:
    print(words, file=where, flush=True)


def _listener(host: str, port: int) -> socket.socket:
    """A socket that listens there; on a free port where that is 0."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # Of a name's addresses that of IPv4, as `localhost` is 127.0.0.1 to most who type it.
        family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        listener = socket.create_server(address, family=family, backlog=_WAITING)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"port {port} of {host} is in use; give another with --port") from error
        # Where there is a number, the message repeats host and port.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise ChanceryError(f"cannot listen on {host}:{port}: {why}") from error
    listener.setblocking(False)
    # Accepted sockets inherit both (tcp(7)).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return listener
