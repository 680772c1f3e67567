"""What the editor offers besides its box: examples to start from, and a short link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.ontology import Ontology
from kg.queries import SavedQuery
from web.site import Site, short
from web.site.catalogue import grouped
from web.sparql.operations import listed_first


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the editor offers, with the address that asks it."""

    title: str
    question: str
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What the template `sparql/editor.html` reads besides its editor.

    `first` is a query to begin with; `examples` are saved queries with the values of their
    examples, by group; `short` is the short link to the query at hand, empty without one.
    """

    first: str
    examples: Mapping[str, tuple[Example, ...]]
    short: str


def offer(site: Site, query: str) -> Offer:
    """What the editor offers a reader who has `query` in it."""
    groups = {
        group: tuple(_examples(site, queries))
        for group, queries in grouped(site.graph.release).items()
    }
    return Offer(
        _first(site.ontology), groups, site.links().at(f"/s/{short.encode(query)}") if query else ""
    )


def _first(ontology: Ontology) -> str:
    variable, kind = listed_first(ontology)
    return (
        f"SELECT {variable} ?label WHERE {{\n  {variable} a {kind} ; rdfs:label ?label .\n}}\n"
        "ORDER BY ?label\nLIMIT 20"
    )


def _examples(site: Site, queries: Iterable[SavedQuery]) -> Iterator[Example]:
    for query in queries:
        text = query.standalone(query.bind(query.examples, site.terms))
        yield Example(query.title, query.question, site.links().sparql(text))
