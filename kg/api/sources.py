"""Where a graph is asked: a release on this machine, or an endpoint on the web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from kg.remote import NotAnswered, read
from kg.store import Graph, Query, QuerySyntax
from kg.store.diagnosis import explain
from kg.store.release import SCHEMA

_PATIENCE = 300  # seconds


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
        return read(self._url, ", ".join(accept), query, patience=_PATIENCE)

    def schema(self) -> bytes:
        return read(f"{self.tables}{SCHEMA}", "*/*", patience=_PATIENCE)
