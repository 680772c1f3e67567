"""Messages longer than a socket takes at once, between the server and its query processes."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import uvloop

from kg.model.settings import Settings
from kg.store.embedded.frames import Frame, Inbox, encode
from kg.store.embedded.lane import Lane, Outcome
from kg.store.embedded.pool import Child, Zygote
from kg.store.query import Cancel
from tests.endpoint.conftest import Open, asked

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 400"


@pytest.fixture
def crumbling() -> Iterator[Callable[[Zygote], Child]]:
    """Forks children whose answers arrive in crumbs, as from a machine that is short of time."""
    with ExitStack() as open_sockets:

        def fork(zygote: Zygote) -> Child:
            child = zygote.fork()
            near, far = (open_sockets.enter_context(each) for each in socket.socketpair())
            real, child.channel = child.channel, near
            open_sockets.enter_context(real)
            threading.Thread(target=_relay, args=(far, real, 1 << 18), daemon=True).start()
            threading.Thread(target=_relay, args=(real, far, 1000), daemon=True).start()
            return child

        yield fork


def _relay(source: socket.socket, sink: socket.socket, size: int) -> None:
    try:
        while part := source.recv(1 << 18):
            for start in range(0, len(part), size):
                sink.sendall(part[start : start + size])
    except OSError:  # the other side is gone
        pass


def test_answer_in_parts(opened: Open, crumbling: Callable[[Zygote], Child]) -> None:
    """A long answer is the same in whatever parts the kernel hands it over."""
    zygote = opened()
    child = zygote.fork()
    whole = child.ask(asked(ROWS), deadline=time.monotonic() + 20)
    child.end(idle=True)

    async def ask() -> list[Outcome]:
        lane = Lane(lambda: crumbling(zygote), size=2, spare=2, queue=10)
        try:
            return [await lane.ask(asked(ROWS), 20, 20, Cancel(), lambda: None) for _ in range(5)]
        finally:
            lane.close()

    def run() -> list[Outcome]:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(ask())

    assert whole is not None
    assert len(whole.body) > 50_000
    with ThreadPoolExecutor() as executor:  # the tests' own thread may have a browser's loop
        outcomes = executor.submit(run).result()
    for outcome in outcomes:
        assert outcome.reply is not None
        assert outcome.reply.body == whole.body


def test_longest_query(server: str) -> None:
    """A query as long as the setting allows is more than a socket holds, and is answered."""
    text = "ASK { ?s ?p ?o } #"
    query = text + "x" * (Settings().query_bytes - len(text))
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    request = urllib.request.Request(f"{server}/sparql", query.encode(), headers)
    for _ in range(3):
        with urllib.request.urlopen(request, timeout=20) as response:
            assert response.read() == b"true"


def test_message_byte_by_byte() -> None:
    """The head may be cut as well as the body, and one message may follow another."""
    near, far = socket.socketpair()
    with near, far:
        near.setblocking(False)
        inbox = Inbox(near)
        for frame in (Frame({"a": 1}, b"body"), Frame({}), Frame({"error": "é"})):
            *parts, last = (bytes([each]) for each in encode(frame))
            for part in parts:
                far.sendall(part)
                assert inbox.read() is None
            assert inbox.read() is None  # nothing has come
            far.sendall(last)
            assert inbox.read() == frame
        far.close()
        with pytest.raises(EOFError):
            inbox.read()
