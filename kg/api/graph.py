"""A graph to ask."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Self

from kg.api.claims import Claim, Claims
from kg.api.rows import Row, Rows
from kg.api.sources import Source
from kg.api.values import Iri, Value, value_of
from kg.model.formats import BY_EXTENSION
from kg.model.rdf import Term, text_of
from kg.store import solutions

if TYPE_CHECKING:
    import rdflib

_TSV, _JSON, _TRIPLES = (BY_EXTENSION[each].media_type for each in ("tsv", "json", "nt"))


class Graph:
    """A graph, wherever it is: `kg.open` opens one.

    >>> graph.ask("ASK { ?person a dip:Person }")
    True
    """

    def __init__(self, source: Source, held: IO[bytes] | None = None) -> None:
        self._source = source
        self.close = weakref.finalize(self, held.close) if held else lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, query: str, **given: str) -> Rows:
        """The answer to a SELECT query; `given` fixes variables to IRIs.

        >>> place = "http://localhost:8000/id/place/sochi"
        >>> graph.rows("SELECT ?name { ?place rdfs:label ?name }", place=place)[0]["name"]
        'Sochi'
        """
        if given:
            names = " ".join(f"?{name}" for name in given)
            query += f"\nVALUES ({names}) {{ ({' '.join(map(text_of, given.values()))}) }}"
        columns, found = solutions.read(self._source.answer(query, [_TSV]).decode())
        return Rows(columns, (_row(columns, each) for each in found))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return bool(json.loads(self._source.answer(query, [_JSON]))["boolean"])

    def triples(self, query: str) -> rdflib.Graph:
        """The answer to a CONSTRUCT or DESCRIBE query, as a graph of rdflib.

        >>> place = "http://localhost:8000/id/place/sochi"
        >>> len(graph.triples(f"CONSTRUCT {{ ?s ?p <{place}> }} {{ ?s ?p <{place}> }}")) > 0
        True
        """
        import rdflib as module  # noqa: PLC0415 - takes a tenth of a second

        return module.Graph().parse(self._source.answer(query, [_TRIPLES]), format="nt")

    def claims(
        self,
        *,
        about: str = "",
        property: str = "",  # noqa: A002 - as claims have it
        source: str = "",
        value: str = "",
    ) -> Iterator[Claim]:
        """Claims in the order of their IRIs: of one subject or `property`, with one value, or
        stated in one document or record; each by its IRI, empty leaves all in.

        >>> visit = "http://localhost:8000/id/visit/kerry-russia-2015-05"
        >>> place = "https://w3id.org/chancery/ns#place"
        >>> for claim in graph.claims(about=visit, property=place):
        ...     print(claim.value, claim.accepted, claim.source, claim.quote)
        Moscow False Kerry in Russia for another reset traveled to Moscow
        Russia False John Kerry in Russia going to Russia
        Sochi True John Kerry in Russia is in Sochi
        Sochi True Travel record 3568 None
        """
        return Claims(self).found(about=about, property=property, source=source, value=value)

    def claim(self, iri: str) -> Claim:
        """One claim.

        >>> claim = graph.claim("http://localhost:8000/id/claim/another-reset/9")
        >>> claim.evidence[0].start, claim.evidence[0].end
        (65, 83)

        Raises:
            KeyError: the graph has none of that IRI.
        """
        return Claims(self).read([Iri(iri)])[0]

    def tables(self) -> list[str]:
        """The names of the tables of the release."""
        found = json.loads(self._source.schema())["tables"]
        return [str(each["url"]).removesuffix(".csv") for each in found]

    def table(self, name: str, format: str = "parquet") -> str:  # noqa: A002 - as DuckDB calls it
        """Where a table is, for pandas, polars or DuckDB to read: a path or a URL.

        >>> import pandas
        >>> pandas.read_csv(graph.table("people", "csv"))["label"].str.contains("Kerry").any()
        np.True_
        """
        return f"{self._source.tables}{name}.{format}"


def _row(columns: list[str], found: dict[str, Term]) -> Row:
    values: dict[str, Value | None] = dict.fromkeys(columns)
    return values | {name: value_of(each) for name, each in found.items()}
