"""A request and a response as plain values, so that the endpoint knows no web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import mmap
from typing import Any, Protocol

from kg.store import Cancel

Headers = tuple[tuple[str, str], ...]


class Fields(Protocol):
    """The header fields of a request, by their names in lower case."""

    def get(self, key: str, default: Any = None, /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent. `query` is the raw string after `?`; `client` identifies the sender
    for limits.
    """

    method: str
    query: str
    headers: Fields
    body: bytes = b""
    client: str = ""
    cancel: Cancel = field(default_factory=Cancel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What goes back. A large `body` may be a memory map: take slices of it.

    `log` holds what the access log says of it beyond its status and length.
    """

    status: int
    headers: Headers = ()
    body: bytes | mmap = b""
    log: Mapping[str, Any] = field(default_factory=dict)
