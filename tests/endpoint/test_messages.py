"""Messages longer than a socket takes at once, between the server and its query processes."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from kg.model.settings import Settings
from kg.store.embedded.loop_thread import LoopThread
from kg.store.embedded.messages import Inbox, Message, encode
from kg.store.embedded.processes import ForkServer, Process
from kg.store.embedded.worker_pool import WorkerPool
from kg.store.query import Cancel
from tests.endpoint.conftest import Open, asked, reply

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 400"


@pytest.fixture
def crumbling() -> Iterator[Callable[[ForkServer], Process]]:
    """Forks workers whose answers arrive in crumbs, as from a machine that is short of time."""
    with ExitStack() as open_sockets:

        def fork(server: ForkServer) -> Process:
            process = server.fork()
            near, far = (open_sockets.enter_context(each) for each in socket.socketpair())
            real, process.channel = process.channel, near
            open_sockets.enter_context(real)
            threading.Thread(target=_relay, args=(far, real, 1 << 18), daemon=True).start()
            threading.Thread(target=_relay, args=(real, far, 1000), daemon=True).start()
            return process

        yield fork


def _relay(source: socket.socket, sink: socket.socket, size: int) -> None:
    try:
        while part := source.recv(1 << 18):
            for start in range(0, len(part), size):
                sink.sendall(part[start : start + size])
    except OSError:  # the other side is gone
        pass


def test_answer_in_parts(opened: Open, crumbling: Callable[[ForkServer], Process]) -> None:
    """A long answer is the same in whatever parts the kernel hands it over."""
    server = opened()
    process = server.fork()
    whole = reply(process, ROWS)
    process.end(kill=False)

    async def ask() -> list[Message]:
        pool = WorkerPool(lambda: crumbling(server), Settings(), spare=2)
        try:
            return [await pool.request(asked(ROWS), 20, Cancel(), lambda: None) for _ in range(5)]
        finally:
            pool.close()

    assert len(whole.body) > 50_000
    with closing(LoopThread()) as loop:
        replies = loop.wait_for(ask())
    assert [each.body for each in replies] == [whole.body] * 5


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
        for message in (Message({"a": 1}, b"body"), Message({}), Message({"error": "é"})):
            *parts, last = (bytes([each]) for each in encode(message))
            for part in parts:
                far.sendall(part)
                assert inbox.read() is None
            assert inbox.read() is None  # nothing has come
            far.sendall(last)
            assert inbox.read() == message
        far.close()
        with pytest.raises(EOFError):
            inbox.read()
