"""The ontology as a page, and each of its terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.ontology import Class, Concept, Ontology, Property, Scheme, Term, Vocabulary
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.links import Links
from web.site.names import Thing

SAMPLE = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A term in the list of all. `anchor` is its id on the page, empty where that is taken;
    `count` is None where the release has no such count.
    """

    anchor: str
    name: str
    label: str
    definition: str
    href: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of one sort."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One vocabulary: its header, and its terms in groups. `iri` is its namespace."""

    prefix: str
    title: str
    description: str
    version: str
    iri: Iri
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """The whole ontology: the vocabularies that were laid over one another, the last first, and
    the terms of others that they use.
    """

    parts: tuple[Part, ...]
    reused: Group

    @property
    def own(self) -> Part:
        """The project's vocabulary."""
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Relation:
    """How a term stands to others: `name` says how, `targets` are where they are described."""

    name: str
    targets: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class TermPage:
    """All that the page of a term shows.

    `sort` is class, property, concept or scheme; `relations` are domain, range, superclasses,
    alignments; `count` is how often this release uses the term, `uses` the first things that do.
    """

    iri: Iri
    sort: str
    label: str
    inverse: str
    definition: str
    example: str
    turtle: bool
    relations: tuple[Relation, ...]
    count: int | None
    uses: tuple[Thing, ...]
    more: str | None
    sparql: str


def ontology_page(site: Site) -> OntologyPage:
    ontology, links = site.ontology, site.links()
    counts = _counts(site)

    anchored: set[str] = set()

    def line(term: Term) -> Line:
        anchor = "" if term.name in anchored else term.name  # a concept may be in two schemes
        anchored.add(term.name)
        return Line(
            anchor, term.name, term.label, term.definition, _href(term.iri, links),
            counts.get(term.iri),
        )  # fmt: skip

    def lines(terms: Iterable[Term]) -> tuple[Line, ...]:
        return tuple(map(line, terms))

    def part(each: Vocabulary) -> Part:
        def of(terms: Iterable[Term]) -> tuple[Line, ...]:
            return lines(term for term in terms if term.iri.startswith(each.namespace))

        groups = [
            Group(f"{each.prefix}-classes", "Classes", of(ontology.classes.values())),
            Group(f"{each.prefix}-properties", "Properties", of(ontology.properties.values())),
        ]
        groups += [
            Group(
                f"{each.prefix}-{scheme.name}",
                f"Concepts: {scheme.label}",
                of(ontology.vocabulary[name] for name in scheme.concepts),
            )
            for scheme in ontology.schemes.values()
        ]
        return Part(
            prefix=each.prefix,
            title=each.header.get("dcterms:title", f"The terms of {each.prefix}:"),
            description=each.header.get("dcterms:description", ""),
            version=each.header.get("owl:versionInfo", ""),
            iri=each.namespace,
            groups=tuple(group for group in groups if group.lines),
        )

    parts = [part(each) for each in reversed(ontology.vocabularies)]
    return OntologyPage(
        parts=tuple(each for each in parts if each.groups),
        reused=Group("reused", "Terms of other vocabularies", lines(_reused(ontology))),
    )


def _reused(ontology: Ontology) -> Iterator[Term]:
    terms: tuple[Term, ...] = (*ontology.classes.values(), *ontology.properties.values())
    return (each for each in terms if not ontology.names.owns(each.iri))


def term_page(site: Site, term: Term) -> TermPage:
    links = site.links()
    query = ask("web.terms", _QUERY[type(term)], term=term.iri, limit=SAMPLE)
    found = [str(row["s"]) for row in rows(site.graph, query)]
    names = site.names(found)
    segment = term.segment if isinstance(term, Class) else ""
    return TermPage(
        iri=term.iri,
        sort=type(term).__name__.lower(),
        label=term.label,
        inverse=term.inverse_label if isinstance(term, Property) else "",
        definition=term.definition,
        example=term.example,
        turtle=isinstance(term, Class | Property),
        relations=tuple(_relations(site, term, links)),
        count=_counts(site).get(term.iri),
        uses=tuple(names.thing(each) for each in dict.fromkeys(found)),
        more=links.at(f"/page/{segment}/") if segment and found else None,
        sparql=links.sparql(query),
    )


_QUERY: Mapping[type, str] = {
    Class: "instances",
    Property: "subjects",
    Concept: "concept",
    Scheme: "scheme",
}


def _counts(site: Site) -> dict[Iri, int]:
    counts = site.graph.release.manifest.counts
    return {**counts.properties, **counts.classes}


def _relations(site: Site, term: Term, links: Links) -> Iterable[Relation]:
    ontology = site.ontology

    def targets(names: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
        tables = (ontology.classes, ontology.properties, ontology.vocabulary, ontology.schemes)
        found = []
        for name in names:
            known = next((table[name] for table in tables if name in table), None)
            found.append(
                (known.label if known else name, _href(known.iri, links) if known else None)
            )
        return tuple(found)

    if isinstance(term, Class):
        yield Relation("kind of", targets(term.superclasses))
        below = [each.name for each in ontology.subclasses(term.name) if each.name != term.name]
        yield Relation("kinds", targets(below))
    if isinstance(term, Property):
        yield Relation("goes from", targets(sorted(term.domain)))
        yield Relation("to", targets(sorted(term.range)))
        yield Relation(
            "values", tuple((ontology.names.curie(each), each) for each in term.datatypes)
        )
        yield Relation("concepts of", targets([term.scheme] if term.scheme else []))
        yield Relation("narrows", targets(term.superproperties))
    if isinstance(term, Concept):
        yield Relation("in", targets(term.schemes))
        yield Relation("broader", targets(term.broader))
    if isinstance(term, Scheme):
        yield Relation("concepts", targets(term.concepts))
    for relation in dict.fromkeys(each.relation for each in term.alignments):
        same = [each.target for each in term.alignments if each.relation == relation]
        yield Relation(
            _words(relation), tuple((ontology.names.curie(each), links.to(each)) for each in same)
        )


def _words(relation: str) -> str:
    """`skos:closeMatch` → `close match`, `rdfs:subClassOf` → `sub class of`."""
    return re.sub("(?=[A-Z])", " ", relation.partition(":")[2]).lower()


def _href(iri: Iri, links: Links) -> str:
    return links.at(f"/ontology/{links.names.short(iri)}")
