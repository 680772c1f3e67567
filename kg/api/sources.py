"""Where a graph is asked: a release on this machine, or an endpoint on the web."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from kg import __version__
from kg.model.errors import ChanceryError
from kg.store import Graph, Query, QuerySyntax
from kg.store.diagnosis import explain
from kg.store.release import SCHEMA

_PATIENCE = 300  # seconds
_PROBLEM = 1 << 16  # bytes of an error that are read


class NotAnswered(ChanceryError):
    """A query that is none, or an endpoint that refuses it or is silent."""


class Source(Protocol):
    """What answers queries. `tables` is where its tables lie: a folder or a URL ending in `/`."""

    tables: str

    def answer(self, query: str, accept: Sequence[str]) -> bytes: ...

    def schema(self) -> bytes:
        """The description of its tables."""
        ...


class Local:
    """A release here."""

    def __init__(self, graph: Graph, base: str, prefixes: Mapping[str, str]) -> None:
        self._graph, self._base, self._prefixes = graph, base, prefixes
        self.tables = f"{graph.release.tables}/"

    def answer(self, query: str, accept: Sequence[str]) -> bytes:
        try:
            asked = Query(text=query, accept=tuple(accept), base=self._base)
            return self._graph.answer(asked).read()
        except QuerySyntax as error:
            detail, more = explain(error, query, self._prefixes)
            raise NotAnswered("\n".join(filter(None, (detail, more.get("excerpt"))))) from None

    def schema(self) -> bytes:
        return (self._graph.release.tables / SCHEMA).read_bytes()


class Remote:
    """An endpoint by its URL (SPARQL 1.1 Protocol §2.1.3)."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}sparql" if url.endswith("/") else url
        self.tables = f"{self._url.rpartition('/')[0]}/tables/"

    def answer(self, query: str, accept: Sequence[str]) -> bytes:
        headers = {"Content-Type": "application/sparql-query", "Accept": ", ".join(accept)}
        return self._read(self._url, headers, query.encode())

    def schema(self) -> bytes:
        return self._read(f"{self.tables}{SCHEMA}", {})

    def _read(self, url: str, headers: dict[str, str], content: bytes | None = None) -> bytes:
        headers |= {"User-Agent": f"chancery/{__version__}"}
        request = Request(url, content, headers)  # noqa: S310 - http or https, as `kg.open` saw
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
                return bytes(answer.read())
        except HTTPError as error:
            with error:
                raise NotAnswered(f"{url}: {_told(error)}") from None
        except OSError as error:
            raise NotAnswered(f"{url} does not answer: {error}") from None


def _told(error: HTTPError) -> str:
    """What an RFC 9457 document says, or the status."""
    text = error.read(_PROBLEM).decode("utf-8", "replace")
    try:
        told = json.loads(text)
        return "\n".join(told[each] for each in ("title", "detail", "excerpt") if each in told)
    except (ValueError, TypeError):
        return f"{error.code} {error.reason}"
