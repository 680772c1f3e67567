"""From a response to bytes (RFC 9112 §4 and §5)."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import formatdate
from functools import cache, lru_cache
from http import HTTPStatus

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def head(
    status: int,
    headers: Iterable[tuple[str, str]],
    length: int | None,
    *,
    keep: bool,
    version: str = "1.1",
) -> bytes:
    """The status line and the fields, after which the body may follow.

    Date is missing: `dated` may be put behind the first line. Content-Length says `length`, where
    the headers say nothing and the status can have one. `version` is the request's: who speaks
    HTTP/1.0 must be told that the connection persists (RFC 9112 §9.3).

    Raises:
        ValueError: a name or value holds CR, LF or NUL, or is not Latin-1.
    """
    # In lower case, as HTTP/2 has them (RFC 9113 §8.2.1): one spelling everywhere.
    lines = [f"{name.lower()}: {value}\r\n" for name, value in headers]
    fields = "".join(lines)
    # RFC 9110 §5.5: whoever could write one of the three could write a response of their own.
    if fields.count("\r") != len(lines) or fields.count("\n") != len(lines) or "\0" in fields:
        raise ValueError("a response's field holds CR, LF or NUL")
    told = length is None or "\ncontent-length:" in f"\n{fields}"
    if not told and status >= 200 and status != 204:  # RFC 9110 §8.6
        fields += f"content-length: {length}\r\n"
    if not keep:
        fields += "connection: close\r\n"
    elif version == "1.0":
        fields += "connection: keep-alive\r\n"
    return f"{_status_line(status)}{fields}\r\n".encode("latin-1")


@cache
def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
    return f"HTTP/1.1 {status} {phrase}\r\n"


@lru_cache(maxsize=1)
def dated(seconds: int) -> bytes:
    """The field Date (RFC 9110 §6.6.1) of the Unix time `seconds`."""
    return f"date: {formatdate(seconds, usegmt=True)}\r\n".encode()
