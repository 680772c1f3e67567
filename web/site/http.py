"""A request and a response as plain values, so that the endpoint knows no web framework."""

from __future__ import annotations

from collections.abc import Mapping
from mmap import mmap
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from web.site import etags

Headers = tuple[tuple[str, str], ...]
# The Fetch standard §3.2: what is published is for the scripts of any site, redirects, files and
# problems included; §3.6: no browser may take it for something else than it says it is.
OPEN: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match, Range"),
    ("Access-Control-Expose-Headers", "Content-Range, ETag, Link, Retry-After"),
)
_OF_CONTENT = frozenset({"Content-Type", "Content-Length", "Content-Encoding"})


# The header fields of a request, by their names in lower case.
Fields = Mapping[str, str]


class Request(NamedTuple):
    """What a client sent. `query` is the raw string after `?`, one character for a byte."""

    method: str
    query: str
    headers: Fields
    body: bytes = b""


class Response(NamedTuple):
    """What goes back. A large `body` may be a memory map: take slices of it.

    `log` holds what the access log says of it beyond its status and length.
    """

    status: int
    headers: Headers = ()
    body: bytes | mmap = b""
    log: Mapping[str, Any] = MappingProxyType({})


def conditional(response: Response, method: str, headers: Fields) -> Response:
    """The response without its body, where the client has it already or did not ask for it."""
    held = headers.get("if-none-match")
    if held and response.status == 200 and method in ("GET", "HEAD"):
        tag = next((value for name, value in response.headers if name == "ETag"), None)
        if tag and etags.matches(held, tag):
            # RFC 9110 §15.4.5: a 304 has the fields of a 200, save those that describe content.
            fields = tuple(each for each in response.headers if each[0] not in _OF_CONTENT)
            return Response(status=304, headers=fields, log=response.log)
    return response._replace(body=b"") if method == "HEAD" else response


def link(address: str, parameters: Mapping[str, str], relation: str) -> str:
    """One link of a `Link` header (RFC 8288 §3)."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f'<{address}{query}>; rel="{relation}"'
