"""What a confined child must still be able to do, with all of Linux's locks and the plain way."""

from __future__ import annotations

import errno
import mmap
import os
import select
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from kg.store.embedded import confine
from kg.store.release import Release
from tests.endpoint.confined import MEGABYTE, confined

if not confine.LINUX:
    pytest.skip("Linux alone confines", allow_module_level=True)
both_ways = pytest.mark.parametrize("filtered", [True, False], ids=["locked", "plain"])
# By its words: pyoxigraph 0.5 ends the process where dates of several types are sorted as such.
QUERY = "SELECT ?n { ?s ?p ?n } ORDER BY STR(?n)"


@pytest.fixture(scope="module")
def store() -> Store:
    """A thousand quads in memory."""
    made = Store()
    node = NamedNode("http://example.org/n")
    made.extend(Quad(node, node, Literal(number)) for number in range(1000))
    return made


def answered(store: Store) -> tuple[int, int]:
    """The sizes of an answer as bytes and through a file in memory."""
    content = selected(store).serialize(format=QueryResultsFormat.CSV)
    assert content is not None
    spool = os.memfd_create("answer")
    selected(store).serialize(f"/dev/fd/{spool}", QueryResultsFormat.CSV)
    return len(content), os.fstat(spool).st_size


def selected(store: Store) -> QuerySolutions:
    solutions = store.query(QUERY, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return solutions


@both_ways
def test_a_store_in_memory(store: Store, filtered: bool) -> None:
    """The engine answers, in bytes and into a file in memory, which it opens by its name."""
    size = len("n\r\n") + sum(len(f"{number}\r\n") for number in range(1000))
    assert confined(lambda: answered(store), filtered=filtered).result == (size, size)


@both_ways
@pytest.mark.parametrize("first", ["opened", "confined"])
def test_a_store_on_disk(release: Release, filtered: bool, first: str) -> None:
    """A store on disk answers, opened before the confinement or after it: its threads work."""
    opened: list[Store] = []

    def open_store() -> None:
        opened.append(Store.read_only(str(release.directory / "store")))

    def work() -> tuple[int, int]:
        if not opened:
            open_store()
        return answered(opened[0])

    before = open_store if first == "opened" else lambda: None
    ended = confined(work, before=before, readable=[release.directory], filtered=filtered)
    size = len(
        selected(Store.read_only(str(release.directory / "store"))).serialize(
            format=QueryResultsFormat.CSV
        )
        or b""
    )
    assert size > 10_000
    assert ended.result == (size, size)


@both_ways
def test_a_connection(filtered: bool) -> None:
    """A connection that is handed over is watched, read, answered, and handed on with a file."""
    front, child = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with socket.create_server(("127.0.0.1", 0)) as listener, front, child:
        client = socket.create_connection(listener.getsockname())
        connection, _ = listener.accept()
        client.sendall(b"ASK")
        socket.send_fds(front, [b"1"], [connection.fileno()])
        connection.close()

        def serve() -> object:
            epoll = select.epoll()
            epoll.register(child, select.EPOLLIN)
            assert epoll.poll(5)
            _, (given,), _, _ = socket.recv_fds(child, 16, 1)
            os.set_blocking(given, False)
            epoll.register(given, select.EPOLLIN)
            assert [each for each, _ in epoll.poll(5)] == [given]
            assert os.read(given, 100) == b"ASK"
            os.write(given, b"true,")
            body = os.memfd_create("answer", os.MFD_CLOEXEC)
            os.write(body, b"the file")
            os.sendfile(given, body, 0, 8)
            socket.send_fds(child, [b"2"], [given, body])
            return "served"

        assert confined(serve, filtered=filtered).result == "served"
        message, descriptors, _, _ = socket.recv_fds(front, 16, 2)
        assert message == b"2"
        assert os.pread(descriptors[1], 100, 0) == b"the file"
        for each in descriptors:
            os.close(each)
        with client, client.makefile("rb") as received:
            assert received.read() == b"true,the file"


@both_ways
def test_what_python_needs(tmp_path: Path, filtered: bool) -> None:
    """Threads, time, chance, shared memory, a database to read, and a module that comes late."""
    with sqlite3.connect(tmp_path / "search.sqlite") as database:
        database.execute("CREATE TABLE t AS SELECT 42 AS n")
    database.close()
    shared = mmap.mmap(-1, 4096)

    def work() -> object:
        thread = threading.Thread(target=lambda: shared.write(b"written"))
        thread.start()
        thread.join()
        time.sleep(0.001)
        sys.modules.pop("colorsys", None)
        import colorsys  # noqa: PLC0415 - that it can be is the question

        with sqlite3.connect(f"file:{tmp_path / 'search.sqlite'}?mode=ro", uri=True) as read:
            rows = read.execute("SELECT n FROM t").fetchall()
        return rows, len(os.urandom(8)), colorsys.__name__

    readable = [tmp_path, *confine.libraries()]
    ended = confined(work, readable=readable, filtered=filtered)
    assert ended.result == ([(42,)], 8, "colorsys")
    assert shared[:7] == b"written"


@both_ways
@pytest.mark.parametrize("end", [os.abort, lambda: os.kill(os.getpid(), signal.SIGABRT)])
def test_an_abort(end: Callable[[], None], filtered: bool) -> None:
    """A process that gives up ends by the signal that says so."""
    assert confined(end, filtered=filtered).status == -signal.SIGABRT


@both_ways
def test_an_answer_past_the_cap(store: Store, filtered: bool) -> None:
    """The kernel stops a file in memory at the cap, and the child lives on."""

    def work() -> object:
        spool = os.memfd_create("answer")
        with pytest.raises(OSError, match=rf"os error {errno.EFBIG}"):
            selected(store).serialize(f"/dev/fd/{spool}", QueryResultsFormat.CSV)
        with pytest.raises(OSError, match="File too large"):
            os.pwrite(spool, b"x", 1000)
        return os.fstat(spool).st_size

    assert confined(work, answer=1000, filtered=filtered).result == 1000


@both_ways
def test_memory_past_the_cap(store: Store, filtered: bool) -> None:
    """Python's own code gets a MemoryError at the cap; the engine ends, and says why."""

    def python() -> object:
        with pytest.raises(MemoryError):
            bytearray(1024 * MEGABYTE)  # past what the test's own process holds unused
        return len(bytearray(32 * MEGABYTE))

    def engine() -> object:
        query = "SELECT ?a ?b { ?s ?p ?a . ?t ?q ?b . ?u ?r ?c } ORDER BY ?b"
        return store.query(query).serialize(format=QueryResultsFormat.CSV)

    limits = {"memory": 64 * MEGABYTE}
    assert confined(python, filtered=filtered, **limits).result == 32 * MEGABYTE
    ended = confined(engine, filtered=filtered, **limits)
    assert ended.status == -signal.SIGABRT
    assert "memory allocation" in ended.words


@both_ways
def test_words(filtered: bool, capfd: pytest.CaptureFixture[str]) -> None:
    """What is printed natively goes to the given file; Python's own errors to the server's."""

    def before() -> None:
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)  # pytest has taken it

    def work() -> None:
        os.write(2, b"thread 'main' panicked")
        sys.stderr.write("Traceback\n")

    assert confined(work, before=before, filtered=filtered).words == "thread 'main' panicked"
    assert capfd.readouterr().err == "Traceback\n"


@both_ways
def test_an_upload(app: Flask, filtered: bool) -> None:
    """The application takes a form with a large file, for which it has no directory."""

    body = (
        b'--x\r\nContent-Disposition: form-data; name="queries"; filename="queries.json"\r\n\r\n'
        + bytes(MEGABYTE)
        + b"\r\n--x--\r\n"
    )

    def work() -> int:
        kind = "multipart/form-data; boundary=x"
        return app.test_client().post("/reconcile", data=body, content_type=kind).status_code

    readable = [Path(__file__).parents[2] / "web", *confine.libraries()]
    assert confined(work, readable=readable, filtered=filtered).result == 200
