"""`kg serve`: the app on Granian, in one process; queries run in others (`kg.store`)."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.store import OpenGraph, ServedGraph
from web.app import create_app
from web.serving import rendering
from web.serving.access import AccessLog
from web.serving.front import Front

GRACE = 5.0  # seconds that requests have to end by themselves, once the server is to stop
THREADS = 128  # more than queries may run and wait, so that refusals never queue


class PortInUse(ChanceryError):
    """Another program listens where the server should."""


def serve(settings: Settings, open_graph: OpenGraph) -> None:
    """Serve the graph that `open_graph` opens until SIGINT or SIGTERM.

    Raises:
        PortInUse: the port is taken.
        ChanceryError: there is no release that can be opened.
    """
    host, port = _free(settings.host, settings.port)
    graph = open_graph(settings, project_ontology(settings).prefixes, rendering.prepare)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(graph, settings, host, port))
    finally:
        graph.close()


async def _run(graph: ServedGraph, settings: Settings, host: str, port: int) -> None:
    app = create_app(settings, graph)
    log = AccessLog(settings.access_log)
    gc.freeze()  # a full collection would stop the loop to scan objects that live on anyway
    threads = ThreadPoolExecutor(THREADS, "request")
    server = Server(
        # A form may write each byte of a query as three.
        Front(app, graph, threads, log, largest=4 * settings.query_bytes),
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http1_settings=HTTP1Settings(header_read_timeout=int(1000 * settings.request_timeout)),
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    serving = loop.create_task(server.serve())

    def stop() -> None:
        loop.call_soon(server.stop)
        loop.call_later(GRACE, abandon)

    def abandon() -> None:
        loop.set_exception_handler(lambda *_: None)  # requests that are cut off raise
        serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    announcing = loop.create_task(_announce(host, port))
    with closing(log), suppress(asyncio.CancelledError):
        await serving
    announcing.cancel()
    # What still runs in them ends with the query processes, which are closed next.
    threads.shutdown(wait=False, cancel_futures=True)


async def _announce(host: str, port: int) -> None:
    """Say where the server is once it listens, which it does some time after its start."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            break
    shown = f"[{host}]" if ":" in host else host  # RFC 3986 §3.2.2
    print(f"Serving http://{shown}:{port}/ (Ctrl-C ends it)", flush=True)  # noqa: T201 - the command's word


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
