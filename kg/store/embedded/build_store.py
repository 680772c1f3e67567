"""A store read in this process: for the build's own queries, which can be trusted to end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple
from rdflib.namespace import XSD
from rdflib.term import Node


class BuildStore:
    """The finished store in `directory`, opened for reading."""

    def __init__(self, directory: Path) -> None:
        self._store = Store.read_only(str(directory))

    def exceeds(self, triples: int) -> bool:
        """Whether it holds more than that, which takes far less time than to count them all."""
        return any(self.select(f"SELECT ?s {{ ?s ?p ?o }} OFFSET {triples} LIMIT 1"))

    def select(self, text: str) -> Iterator[tuple[str, ...]]:
        """The solutions of a SELECT query over all graphs, as the plain text of each term."""
        solutions = self._store.query(text, use_default_graph_as_union=True)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("select() takes a SELECT query")
        for solution in solutions:
            yield tuple(getattr(term, "value", "") for term in solution)

    def first(self, text: str, base: str, prefixes: Mapping[str, str]) -> dict[str, str]:
        """The first solution of a project's own query, by variable; empty where there is none."""
        try:
            solutions = self._store.query(
                text, base_iri=base, prefixes=dict(prefixes), use_default_graph_as_union=True
            )
            if not isinstance(solutions, QuerySolutions):
                return {}
            names = [each.value for each in solutions.variables]
            found = zip(names, next(solutions, ()), strict=False)
            return {name: getattr(term, "value", "") for name, term in found if term is not None}
        except (OSError, RuntimeError, SyntaxError, ValueError):  # as the engine raises them
            return {}

    def graph(self) -> rdflib.Graph:
        """Every triple, for rdflib: term by term, as its parser takes the square of the length of
        a literal.
        """
        graph = rdflib.Graph()
        for quad in self._store:
            subject, predicate, value = map(_term, quad.triple)
            graph.add((subject, predicate, value))
        return graph


def _term(term: NamedNode | BlankNode | Literal | Triple) -> Node:
    match term:
        case NamedNode(value=value):
            return rdflib.URIRef(value)
        case Literal(value=value, language=str(language)):
            return rdflib.Literal(value, lang=language)
        case Literal(value=value, datatype=datatype) if datatype.value != str(XSD.string):
            return rdflib.Literal(value, datatype=rdflib.URIRef(datatype.value))
        case Literal(value=value):
            return rdflib.Literal(value)
        case BlankNode(value=value):
            return rdflib.BNode(value)
    raise TypeError(f"{term} is no term of RDF 1.1")
