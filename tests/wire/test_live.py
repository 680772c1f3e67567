"""The table on a live server: the status, whether the connection stays, and not a byte more."""

from __future__ import annotations

import re
import socket

import pytest

from tests.wire.table import BOUNDS, EXPECTING, GET, HOST, PARTS, QUERY, READ, REFUSED
from web.serving.wire.arriving import Arrived, arrive
from web.site.problems import kinds

HEALTH = b"GET /health HTTP/1.1\r\n" + HOST


def connect(server: str) -> socket.socket:
    host, port = server.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_answered_and_ends(server: str, name: str) -> None:
    """What breaks the clause gets its problem, once, and no request after it is served."""
    slug, data = REFUSED[name]
    with connect(server) as connection:
        connection.sendall(data + b"\r\n\r\n" + HEALTH + b"\r\n")
        answer = rest(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % kinds()[slug].status)
    assert b"\r\nconnection: close" in head.lower()
    assert b"\r\ndate: " in head.lower()
    assert b"\r\ncontent-type: application/problem+json" in head.lower()
    assert b"\r\ncontent-length: %d\r\n" % len(body) in head.lower() + b"\r\n"
    assert b"/problems/" + slug.encode() in body


@pytest.mark.parametrize("name", READ)
def test_a_request_is_answered_to_its_end(server: str, name: str) -> None:
    """A request is answered once, to its length; the next one where the connection persists."""
    data, _ = READ[name]
    request = arrive(data, BOUNDS)
    assert isinstance(request, Arrived)
    last = HEALTH + b"Connection: close\r\n\r\n"
    with connect(server) as connection:
        connection.sendall(data + last)
        answer = rest(connection)
    assert answer.count(b"HTTP/1.1 ") == 1 + request.keep
    head, _, after = answer.partition(b"\r\n\r\n")
    assert int(head.split(b" ")[1]) < 500
    assert (b"\r\nconnection: close" in head.lower()) is not request.keep
    assert b"\r\ndate: " in head.lower()
    if request.version == "1.0" and request.keep:
        assert b"\r\nconnection: keep-alive" in head.lower()
    if request.keep:
        body, _, following = after.rpartition(b"HTTP/1.1 ")
        assert following.startswith(b"200 OK\r\n")
        told = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
        assert len(body) == (int(told[1]) if told and request.method != "HEAD" else 0)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_ends_is_refused(server: str, name: str) -> None:
    """Whoever closes their side within a request gets 400 (RFC 9112 §8), and is not served."""
    data, part = PARTS[name]
    with connect(server) as connection:
        connection.sendall(data)
        if part.expects:
            assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.shutdown(socket.SHUT_WR)
        answer = rest(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"/problems/bad-message" in answer


@pytest.mark.parametrize("step", [1, 7, 64])
def test_byte_by_byte(server: str, step: int) -> None:
    """Three requests in small pieces, whose bounds are none of theirs, are three answers."""
    kind = b"Content-Type: application/sparql-query\r\n"
    posted = EXPECTING.replace(b"Expect: 100-continue\r\n", kind)
    data = posted + QUERY + GET + b"\r\n" + HEALTH + b"Connection: close\r\n\r\n"
    with connect(server) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), step):
            connection.sendall(data[start : start + step])
        answer = rest(connection)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3


def test_nobody_is_asked_twice_to_continue(server: str) -> None:
    """100 (Continue) is sent once, before the body, and not to who has sent it already."""
    with connect(server) as connection:
        connection.sendall(EXPECTING)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for byte in QUERY:
            connection.sendall(bytes([byte]))
        connection.sendall(EXPECTING + QUERY + HEALTH + b"Connection: close\r\n\r\n")
        answer = rest(connection)
    assert answer.count(b"HTTP/1.1 ") == 3
    assert b"HTTP/1.1 100" not in answer


def test_nothing_sent_gets_nothing(server: str) -> None:
    """A connection that closes before its first byte is closed without a word."""
    with connect(server) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert rest(connection) == b""
