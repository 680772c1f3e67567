"""The head of a response: what is written, what is added, and what never passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.serving.wire.sending import CONTINUE, dated, head


@pytest.mark.parametrize(
    ("status", "headers", "length", "keep", "version", "expected"),
    [
        (200, [("A", "b"), ("A", "c")], 5, True, "1.1",
         b"HTTP/1.1 200 OK\r\na: b\r\na: c\r\ncontent-length: 5\r\n\r\n"),
        (200, [("content-length", "7")], 5, True, "1.1",
         b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n"),
        (200, [("A", "b"), ("Content-Length", "7")], 5, True, "1.1",
         b"HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 7\r\n\r\n"),
        (200, [("X-Content-Length", "7")], 0, True, "1.1",
         b"HTTP/1.1 200 OK\r\nx-content-length: 7\r\ncontent-length: 0\r\n\r\n"),
        (304, [("ETag", '"a"')], None, True, "1.1",
         b'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n'),
        (204, [], 0, True, "1.1", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (400, [], 0, False, "1.1",
         b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        (200, [], 0, True, "1.0",
         b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n"),
        (200, [], 0, False, "1.0",
         b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        (299, [], None, True, "1.1", b"HTTP/1.1 299 \r\n\r\n"),
        (200, [("A", "\xfc")], None, True, "1.1", b"HTTP/1.1 200 OK\r\na: \xfc\r\n\r\n"),
    ],
)  # fmt: skip
def test_heads(
    status: int, headers: list[tuple[str, str]], length: int | None, keep: bool, version: str,
    expected: bytes,
) -> None:  # fmt: skip
    """Length and persistence are told where they must be, once, and nowhere else."""
    assert head(status, headers, length, keep=keep, version=version) == expected


LINE = st.text(st.characters(min_codepoint=0, max_codepoint=300), max_size=6)


@given(st.lists(st.tuples(LINE, LINE), max_size=4), st.sampled_from("\r\n\0"))
def test_no_value_ends_a_line(headers: list[tuple[str, str]], bad: str) -> None:
    """CR, LF and NUL in a name or value raise, so that no field and no response is forged."""
    for forged in ([*headers, ("A", f"b{bad}c")], [(f"A{bad}", ""), *headers]):
        with pytest.raises(ValueError, match=r"holds CR|latin-1"):
            head(200, forged, 0, keep=True)


def test_constants() -> None:
    """The date is that of RFC 9110 §5.6.7; 100 (Continue) has no fields."""
    assert dated(784111777) == b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    assert CONTINUE == b"HTTP/1.1 100 Continue\r\n\r\n"
