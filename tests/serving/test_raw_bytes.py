"""Bytes at random, whole or broken requests among them: no answer is a fault of the server's."""

from __future__ import annotations

import re
import socket

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.endpoint.test_fuzz import OWN
from tests.endpoint.test_server import _children, _pid
from tests.serving.caller import Caller

WORDS = st.sampled_from([
    b"GET ", b"POST ", b"HEAD ", b"OPTIONS ", b"PRI ", b"/", b"*", b"/sparql?query=ASK%7B%7D",
    b"http://a/health", b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0", b"\r\n", b"\r\n\r\n", b"\n",
    b"\r",
    b"Host: a\r\n", b"Host: \r\n", b"Content-Length: 6\r\n", b"Content-Length: -1\r\n", b"ASK {}",
    b"Transfer-Encoding: chunked\r\n", b"6\r\nASK {}\r\n", b"0\r\n\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close\r\n", b"Content-Type: application/sparql-query\r\n", b"Range: bytes=0-",
    b"If-None-Match: *\r\n", b"Accept: ", b"%00", b"\0", b"\xff", b";q=", b'"', b":", b" ",
])  # fmt: skip
BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(WORDS, st.binary(max_size=3)), max_size=16).map(b"".join),
)


@settings(
    max_examples=300, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=BYTES)
def test_bytes_at_random(server: str, data: bytes) -> None:
    """Each status is a client's fault or success, and the front and its nursery live on."""
    received = b""
    with Caller(server, timeout=20) as caller:
        caller.socket.sendall(data)
        caller.socket.shutdown(socket.SHUT_WR)
        while part := caller.socket.recv(1 << 16):
            received += part
    statuses = [int(each) for each in re.findall(rb"(?:\A|\n|\})HTTP/1\.1 (\d{3}) ", received)]
    assert not received or statuses, received
    assert all(each < 500 or each in (*OWN, 501, 505) for each in statuses), received


def test_no_process_died(server: str) -> None:
    """After all of that health is told, and the server has its nursery."""
    with Caller(server) as caller:
        assert caller.ask("/health").json["ready"] is True
    assert _children(_pid(server))
