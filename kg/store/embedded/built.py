"""A store read in this process: for the build's own queries, which can be trusted to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions, RdfFormat, Store, serialize


class BuiltStore:
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
            yield tuple(
                "" if term is None else getattr(term, "value", str(term)) for term in solution
            )

    def triples(self) -> bytes:
        """Every triple of every graph, as N-Triples."""
        triples = (quad.triple for quad in self._store)
        content = serialize(triples, format=RdfFormat.N_TRIPLES)
        return content or b""
