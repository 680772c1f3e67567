"""What bytes of a client can be: a whole request, a part of one, or none that can be served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.model.errors import ChanceryError


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of a body, of a request line, and of all fields together; lines of fields."""

    body: int
    line: int = 65_536
    fields: int = 16_384
    lines: int = 128


class Arrived(NamedTuple):
    """One whole request, which took the first `length` bytes.

    `path` and `query` are percent-encoded still; they and `fields` hold bytes as Latin-1. Names are
    in lower case. `keep`: the client wants the connection to persist after the answer.
    """

    method: str
    path: str
    query: str
    fields: Mapping[str, str]
    body: bytes
    keep: bool
    length: int
    version: str


class Incomplete(NamedTuple):
    """More has to come.

    Before `need` more bytes the request cannot be whole. `body`: its head is. `expects`: the client
    waits for 100 (Continue) before it sends the body (RFC 9110 §10.1.1).
    """

    need: int
    body: bool
    expects: bool


class Refused(ChanceryError):
    """No request that can be served; the connection closes after the answer.

    `slug` names the kind of problem, `detail` says what was found.
    """

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
