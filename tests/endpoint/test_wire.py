"""HTTP on the wire: what only raw bytes on a socket can ask of the server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.endpoint.test_server import asked, fetch, processes, raw, wait_until
from tests.endpoint.test_soak import family
from tests.http_client import http_client

ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    b"Content-Type: application/sparql-query\r\n"
)
LAST = b"Connection: close\r\n\r\n"
# What the start says: what this machine cannot give, and what it opens.
STARTS = ("kg: queries are less confined", "kg: opening release ")
YES = b'{"head":{},"boolean":true}'


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def connect(server: str) -> socket.socket:
    host, port = server.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


@pytest.mark.parametrize(("bytes_", "expected"), [(60_000, 200), (70_000, 414)])
def test_a_long_address(server: str, bytes_: int, expected: int) -> None:
    """An address past 64 KB gets 414, as docs/clients.md says; the same by POST is answered."""
    query = b"ASK%7B%7D%23" + b"x" * bytes_
    answer = raw(server, b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: x\r\n" + LAST)
    assert status(answer) == expected
    body = b"ASK{}#" + b"x" * bytes_
    posted = raw(server, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert status(posted) == 200
    assert posted.endswith(YES)


def test_too_many_headers(server: str) -> None:
    """Headers past any need get 431."""
    headers = b"".join(b"X-%d: y\r\n" % number for number in range(300))
    assert status(raw(server, ASK + headers + LAST)) == 431


def test_pipelined_requests(server: str) -> None:
    """Requests sent in one go are answered in their order (RFC 9112 §9.3.2)."""
    other = b"GET /sparql?query=ASK%7B%20%3Ca%3Aa%3E%20%3Ca%3Ab%3E%201%7D HTTP/1.1\r\nHost: x\r\n"
    answer = raw(server, ASK + b"\r\n" + other + b"\r\n" + ASK + LAST)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    bodies = [part[:26] for part in answer.split(b'{"head"')[1:]]
    assert [b"true" in each for each in bodies] == [True, False, True]


def test_a_body_in_chunks(server: str) -> None:
    """A body without a length is read by its chunks (RFC 9112 §7.1)."""
    chunks = b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
    answer = raw(server, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert status(answer) == 200
    assert answer.endswith(YES)


def test_a_post_without_a_body(server: str) -> None:
    """With neither length nor chunks there is no body (RFC 9112 §6.3): an empty query, 400."""
    answer = raw(server, POST + b"\r\nASK {}")
    assert status(answer) == 400
    assert b"/problems/query-syntax" in answer


def test_expectations(server: str) -> None:
    """Who waits for 100 (Continue) before the body gets it (RFC 9110 §10.1.1)."""
    with connect(server) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")


def test_contradicting_lengths(server: str) -> None:
    """Two lengths get 400: a request must not mean different things to a proxy and to us."""
    answer = raw(server, POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}")
    assert status(answer) == 400
    assert YES not in answer


def test_slow_clients(serving: Callable[..., str], project: Path) -> None:
    """Who sends headers or a body too slowly is let go; who asks meanwhile is served."""
    server = serving(project, KG_REQUEST_TIMEOUT="1")
    start = time.monotonic()
    with connect(server) as headers, connect(server) as body:
        headers.sendall(b"GET /sparql HTTP/1.1\r\nHost:")
        body.sendall(POST + b"Content-Length: 100\r\n\r\nASK")
        assert fetch(f"{server}/health")[0] == 200
        answer = body.recv(10_000)
        assert status(answer) == 408
        assert b"content-type: application/problem+json" in answer.lower()
        assert b"/problems/request-timeout" in answer
        assert headers.recv(1000) == b""
    assert 0.9 < time.monotonic() - start < 8


def test_slow_readers(serving: Callable[..., str], project: Path) -> None:
    """An answer that its client does not take counts among that client's queries until it goes."""
    server = serving(project, KG_CLIENT_QUERIES="2")
    large = "SELECT * { ?a ?b ?c . ?d dip:place ?f } LIMIT 60000"
    readers = []
    for number in range(2):
        reader = connect(server)
        path = asked("", f"{large} # {number}")
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert reader.recv(15) == b"HTTP/1.1 200 OK"
        readers.append(reader)
    status_, _, body = fetch(asked(server, large))
    assert status_ == 429
    assert b"/problems/client-limit" in body
    neighbour = {"REMOTE_ADDR": "127.0.0.9"}
    page = http_client(server).get("/page/place/sochi", environ_overrides=neighbour)
    assert page.status_code == 200
    for reader in readers:
        reader.close()
    wait_until(lambda: fetch(asked(server, "ASK {}"))[0] == 200, 10)
    assert fetch(asked(server, large))[0] == 200


def test_nobody_keeps_the_server_from_ending(release: Release, project: Path) -> None:
    """SIGTERM ends it within seconds and without a word, whoever is slow or has a query running."""
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(project), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        assert started.stdout is not None
        server = started.stdout.readline().split()[1].rstrip("/")
        large = asked("", "SELECT * { ?a ?b ?c . ?d dip:place ?f } LIMIT 60000")
        endless = asked("", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        with connect(server) as reader, connect(server) as writer, connect(server) as asker:
            reader.sendall(f"GET {large} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(15) == b"HTTP/1.1 200 OK"
            writer.sendall(POST + b"Content-Length: 100\r\n\r\nASK")
            asker.sendall(f"GET {endless} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wait_until(lambda: processes(server)["busy"] == 1, 5)
            children = family(started.pid)
            started.terminate()
            _, said = started.communicate(timeout=12)
    assert started.returncode == 0
    assert all(line.startswith(STARTS) for line in said.splitlines()), said
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in children), 5)


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [(None, 0, None), ("bytes=0-9", 0, 10), ("bytes=-5", -5, None),
                                 ("bytes=100000-300000", 100_000, 300_001)],
)  # fmt: skip
def test_files(
    server: str, release: Release, wanted: str | None, start: int, end: int | None
) -> None:
    """A dump comes whole or in part, byte for byte, with its length in advance."""
    content = (release.dumps / "chancery.ttl").read_bytes()[start:end]
    headers = {} if wanted is None else {"Range": wanted}
    status, given, body = fetch(f"{server}/dumps/chancery.ttl", **headers)
    assert status == (200 if wanted is None else 206)
    assert int(given["content-length"]) == len(content)
    assert given["content-type"] == "text/turtle; charset=utf-8"
    assert body == content


def test_head_of_a_file(server: str, release: Release) -> None:
    """HEAD tells the length of a file and sends none of it."""
    size = (release.dumps / "chancery.ttl").stat().st_size
    answer = raw(server, b"HEAD /dumps/chancery.ttl HTTP/1.1\r\nHost: x\r\n" + LAST)
    assert status(answer) == 200
    assert f"content-length: {size}\r\n".encode() in answer.lower()
    assert answer.endswith(b"\r\n\r\n")
