"""Serving where the system is not Linux: the app by Werkzeug's server, in threads of one process.

Nothing ends a query that takes too long, and nobody's requests are counted.
"""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable

from werkzeug.serving import make_server

from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store.embedded import opening
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.release import Release
from web.app import create_app


def serve(settings: Settings, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve the current release on `listener` until SIGINT or SIGTERM; call `announce` first.

    Raises:
        ChanceryError: it cannot be opened.
    """
    release = Release.current(settings.directory)
    ontology = project_ontology(settings)
    store = opening.open_store(release, settings)
    graph = EmbeddedGraph(release, settings, ontology.prefixes, store, ontology.former)
    graph.open()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    host, port = listener.getsockname()[:2]
    app = create_app(settings, graph)
    server = make_server(host, port, app, threaded=True, fd=listener.fileno())
    announce()
    server.serve_forever()
