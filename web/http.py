"""A request and a response as plain values, so that the endpoint knows no web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import mmap

from kg.store import Cancel

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent. Names of `headers` are in lower case; `query` is the raw string after
    `?`; `client` identifies the sender for limits."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    client: str = ""
    cancel: Cancel = field(default_factory=Cancel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What goes back. A large `body` may be a memory map: take slices of it."""

    status: int
    headers: Headers = ()
    body: bytes | mmap = b""
