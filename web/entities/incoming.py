"""What refers to an entity: grouped by property, counted, a sample of each.

A hub must answer as fast as a leaf, so nothing here reads more than a bounded number of triples:
a thing with few references is counted exactly in one query; for one with many, each property
that may point at its class is counted up to a limit (a full count of 100,000 took 59 ms, a count
up to 1,000 takes 0.4 ms).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from rdflib.namespace import RDF

from kg.ontology import Ontology
from kg.rdf import Iri, Literal, Term
from kg.store import Graph, rows
from kg.vocab import DIP, OA
from web.asking import ask
from web.names import Names, Thing

COUNTED = 1_000  # references that are counted exactly; beyond, "more than"
SAMPLE = 10  # of each property, on the page of the entity

# Claims have sections of their own, and selectors are no reading matter.
_APART = {str(each) for each in (RDF.subject, RDF.predicate, OA.hasSelector, OA.hasSource)}
_CLAIMED = (str(RDF.object), str(DIP.attributedTo), str(DIP.statedIn))


@dataclass(frozen=True, slots=True)
class References:
    """References by one property: a count (at most `COUNTED` + 1) and the first few subjects."""

    predicate: Iri
    count: int
    subjects: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """References by one property, as a page shows them.

    `name` is the property read backwards; `more` the address of the whole list.
    """

    name: str
    count: int
    things: tuple[Thing, ...]
    more: str
    sparql: str

    @property
    def counted(self) -> bool:
        """Whether `count` is exact."""
        return self.count <= COUNTED


def references(
    graph: Graph, ontology: Ontology, iri: Iri, kinds: frozenset[str]
) -> tuple[References, ...]:
    """Who refers to `iri`, a thing of these classes; the most frequent property first."""
    counted = _counts(rows(graph, ask("web.entities", "incoming", entity=iri, limit=COUNTED + 1)))
    if sum(counted.values()) > COUNTED:
        counted = _counts(rows(graph, _hub(ontology, iri, kinds)))
    kept = {name: n for name, n in counted.items() if n and name not in _APART}
    return tuple(
        References(name, n, tuple(sample(graph, iri, name, 0, SAMPLE)))
        for name, n in sorted(kept.items(), key=lambda each: (each[0] in _CLAIMED, -each[1], each))
    )


def _hub(ontology: Ontology, iri: Iri, kinds: frozenset[str]) -> str:
    """Counts for each property that may point at a thing of these classes."""
    candidates = sorted(
        each.iri
        for each in ontology.properties.values()
        if each.kind in ("entity", "any")
        and each.iri not in _APART
        and (not each.range or not kinds or each.range & kinds)
    )
    counts = " UNION ".join(
        ask("web.entities", "incoming_count", entity=iri, property=each, limit=COUNTED + 1)
        for each in candidates
    )
    return f"SELECT ?p ?n WHERE {{ {counts} }}"


def sample(graph: Graph, iri: Iri, predicate: Iri, offset: int, limit: int) -> Iterator[Iri]:
    """One page of the subjects that refer to `iri` by `predicate`, in the order of the store."""
    for row in rows(graph, listing(iri, predicate, offset, limit)):
        yield str(row["s"])


def listing(iri: Iri, predicate: Iri, offset: int, limit: int) -> str:
    """The query for one page of references."""
    return ask(
        "web.entities",
        "incoming_page",
        entity=iri,
        property=predicate,
        offset=offset,
        limit=limit,
    )


def groups(
    iri: Iri, found: Iterable[References], names: Names, listed: Container[str] = ()
) -> tuple[Group, ...]:
    """The groups of a page; things of the properties `listed` stand elsewhere on it already."""
    return tuple(
        Group(
            name=inverse(each.predicate, names),
            count=each.count,
            things=()
            if each.predicate in listed
            else tuple(names.thing(subject) for subject in each.subjects),
            more=names.links.at("/references", iri=iri, by=each.predicate),
            sparql=names.links.sparql(listing(iri, each.predicate, 0, 100)),
        )
        for each in found
    )


def inverse(predicate: Iri, names: Names) -> str:
    """What to call `predicate` when it is read from its value."""
    term = names.ontology.find(predicate)
    return getattr(term, "inverse_label", "") or f"{names.term(predicate)} of"


def _counts(found: Iterable[dict[str, Term]]) -> dict[Iri, int]:
    return {str(row["p"]): _number(row["n"]) for row in found if "p" in row}


def _number(term: Term) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
