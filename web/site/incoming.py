"""What refers to an entity: grouped by property, counted, a sample of each.

A hub must answer as fast as a leaf, so no query here reads more than `READ` references: the search
index has the counts of whatever has more, made with the release.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib.namespace import RDF

from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Term
from kg.store import Graph, rows
from kg.store.search import SearchIndex
from web.site.asking import ask, together
from web.site.names import Names, Thing

READ = 100  # references; kg.build.publish.search_index counts those of whatever has more
SAMPLE = 10  # of each property, on the page of the entity

CLAIM = str(RDF.subject)  # by which a claim refers to what it is about
# Claims and disagreements have sections of their own, and selectors are no reading matter.
_APART = {CLAIM, *map(str, (RDF.predicate, OA.hasSelector, OA.hasSource, CLM.evidence, CLM.value))}
_CLAIMED = (str(RDF.object), str(CLM.attributedTo), str(CLM.statedIn))


@dataclass(frozen=True, slots=True)
class References:
    """References by one property: how many, and the first few subjects, if they are to be shown.

    `more` says that there are more than `count`.
    """

    predicate: Iri
    count: int
    subjects: tuple[Iri, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """References by one property, as a page shows them.

    `name` is the property read backwards; `counted` says that `count` is exact; `more` is the
    address of the whole list.
    """

    name: str
    count: int
    counted: bool
    things: tuple[Thing, ...]
    more: str
    sparql: str


def query(iri: Iri) -> str:
    """The query for references to `iri`, one more than are read."""
    return ask("web.site", "incoming", entity=iri, limit=READ + 1)


def references(
    graph: Graph, iri: Iri, found: Sequence[Mapping[str, Term]]
) -> tuple[References, ...]:
    """Who refers to `iri`, from what `query` found; the most frequent property first."""
    by: dict[Iri, list[Iri]] = {}
    for row in found:
        by.setdefault(str(row["by"]), []).append(str(row["s"]))
    counts = {name: len(subjects) for name, subjects in by.items()}
    more = False
    if len(found) > READ:
        with SearchIndex.open(graph.release.search) as index:
            known = index.references(iri)
        # Things of other hosts are not in the index.
        more, counts = not known, known or counts
    by |= {name: [] for name in _APART}
    short = [
        name
        for name in counts
        if name not in _APART and len(by.get(name, ())) < min(SAMPLE, counts[name])
    ]
    if short:
        samples = (
            ask("web.site", "sample", entity=iri, property=name, limit=SAMPLE) for name in short
        )
        by |= {name: [] for name in short}
        for row in rows(graph, together(*samples)):
            by[str(row["by"])].append(str(row["s"]))
    ordered = sorted(counts, key=lambda name: (name in _CLAIMED, -counts[name], name))
    return tuple(References(name, counts[name], tuple(by[name][:SAMPLE]), more) for name in ordered)


def sample(graph: Graph, iri: Iri, predicate: Iri, offset: int, limit: int) -> Iterator[Iri]:
    """One page of the subjects that refer to `iri` by `predicate`, in the order of the store."""
    for row in rows(graph, listing(iri, predicate, offset, limit)):
        yield str(row["s"])


def listing(iri: Iri, predicate: Iri, offset: int, limit: int) -> str:
    """The query for one page of references."""
    return ask(
        "web.site",
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
            counted=not each.more,
            things=()
            if each.predicate in listed
            else tuple(names.thing(subject) for subject in each.subjects),
            more=names.links.at("/references", iri=iri, by=each.predicate),
            sparql=names.links.sparql(listing(iri, each.predicate, 0, 100)),
        )
        for each in found
        if each.predicate not in _APART and not _of_evidence(each.predicate, names)
    )


def _of_evidence(predicate: Iri, names: Names) -> bool:
    """Whether only passages have the property, which are no reading matter either."""
    term = names.ontology.find(predicate)
    return getattr(term, "domain", None) == {"Evidence"}


def inverse(predicate: Iri, names: Names) -> str:
    """What to call `predicate` when it is read from its value."""
    term = names.ontology.find(predicate)
    return getattr(term, "inverse_label", "") or f"{names.term(predicate)} of"
