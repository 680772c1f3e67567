"""Queries and answers: what goes into the store's query side, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from mmap import mmap
from types import MappingProxyType
from typing import NamedTuple, Protocol

from kg.model.formats import BY_EXTENSION, GRAPH_TYPES, RESULT_TYPES
from kg.model.rdf import Iri, Term
from kg.store import solutions
from kg.store.preflight import Seen
from kg.store.release import Release


class Query(NamedTuple):
    """A SPARQL 1.1 query and how to run it.

    `accept` lists media types, best first; the first that suits the form of the query is taken.
    `default_graphs` and `named_graphs` are the dataset of SPARQL 1.1 Protocol §2.1.4; None stands
    for the union of all graphs, and for all of them. `timeout` in seconds can only shorten the
    setting's. `base` resolves relative IRIs. A `trusted` query is a page's or a project's own: the
    engine gets it unseen. `seen` is what `preflight.check` told, where it was called already.
    """

    text: str
    accept: tuple[str, ...] = (*RESULT_TYPES, *GRAPH_TYPES)
    bindings: Mapping[str, Term] = MappingProxyType({})
    default_graphs: tuple[Iri, ...] | None = None
    named_graphs: tuple[Iri, ...] | None = None
    timeout: float | None = None
    base: str | None = None
    trusted: bool = False
    seen: Seen | None = None


class Answer(NamedTuple):
    """A complete result: its bytes, their media type, the seconds that the query took, and the
    id of the release that it was asked of.

    `content` may be a memory map, so take slices of large ones.
    """

    content: bytes | mmap
    media_type: str
    seconds: float
    release: str

    def read(self) -> bytes:
        return self.content[:]


class Graph(Protocol):
    """A published graph that answers queries."""

    @property
    def release(self) -> Release: ...

    def answer(self, query: Query) -> Answer:
        """Run `query`.

        Raises:
            QueryError: there is no complete answer.
        """
        ...


def rows(graph: Graph, text: str, **bindings: Term) -> list[dict[str, Term]]:
    """The solutions of a SELECT query, as plain terms; an unbound variable is not in its row.

    `bindings` fix variables before the query runs; each must be one that the query projects.

    Raises:
        QueryError: there is no complete answer.
    """
    return table(graph, Query(text=text, bindings=bindings, trusted=True))[1]


def table(graph: Graph, query: Query) -> tuple[list[str], list[dict[str, Term]]]:
    """The variables of a SELECT query in their order, and its solutions as in `rows`."""
    answer = graph.answer(query._replace(accept=(BY_EXTENSION["tsv"].media_type,)))
    return solutions.read(answer.read().decode())
