"""Reads what a site answers over HTTP."""

from __future__ import annotations

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from kg import __version__
from kg.model.errors import ChanceryError

_PROBLEM = 1 << 16  # bytes of an error that are read


class NotAnswered(ChanceryError):
    """A site that refuses what it is asked for, or is silent; the message says why."""


def read(
    url: str, accept: str, query: str | None = None, *, patience: float, most: int | None = None
) -> bytes:
    """The answer of an http(s) `url` in one of the media types `accept`; to a SPARQL query, if any
    is given (SPARQL 1.1 Protocol §2.1.3). Of an answer of more than `most` bytes, one more is read.

    Raises:
        NotAnswered: there is none; with what a problem document says (RFC 9457).
    """
    headers = {"Accept": accept, "User-Agent": f"chancery/{__version__}"}
    if query is not None:
        headers["Content-Type"] = "application/sparql-query"
    request = Request(url, None if query is None else query.encode(), headers)  # noqa: S310 - as callers saw
    try:
        with urlopen(request, timeout=patience) as answer:  # noqa: S310 - as above
            return bytes(answer.read(-1 if most is None else most + 1))
    except HTTPError as error:
        with error:
            raise NotAnswered(_told(error)) from None
    except OSError as error:
        raise NotAnswered(f"{url.partition('?')[0]} does not answer: {error}") from None


def _told(error: HTTPError) -> str:
    """What the problem document says, or the status."""
    text = error.read(_PROBLEM).decode("utf-8", "replace")
    try:
        told = json.loads(text)
        return "\n".join(told[each] for each in ("title", "detail", "excerpt") if each in told)
    except (ValueError, TypeError):
        return f"{error.code} {error.reason}"
