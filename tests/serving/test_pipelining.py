"""Requests that are sent before the answer to the last one has come (RFC 9112 §9.3.2)."""

from __future__ import annotations

import socket
from urllib.parse import quote

LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"


def test_behind_a_large_answer(server: str) -> None:
    """What its reader takes slowly keeps nothing back that was sent behind it."""
    host, port = server.removeprefix("http://").split(":")
    head = "HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
    asked = f"GET /sparql?query={quote(LARGE)} {head}" + f"GET /health {head}" * 3
    received = bytearray()
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(asked.encode())
        while received.count(b'"live":true') < 3:
            part = connection.recv(1 << 20)
            assert part, f"closed after {len(received)} bytes"
            received += part
    assert len(received) > 1 << 23
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 4
