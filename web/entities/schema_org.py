"""An entity in the words of schema.org, for the head of its page, by the ontology's alignments."""

from __future__ import annotations

from collections.abc import Container, Iterator

from rdflib.namespace import SDO

from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Property
from kg.ontology.terms import Term as Word
from web.site.dates import CUT
from web.site.names import Names
from web.site.subject import Subject

_CLOSE = {
    "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass", "owl:equivalentProperty",
    "skos:exactMatch", "skos:closeMatch",
}  # fmt: skip


def described(
    subject: Subject,
    name: str,
    sentence: str,
    names: Names,
    doubted: Container[tuple[Iri, Term]] = (),
) -> dict[str, object]:
    """The entity; without what is `doubted`, as a reader of schema.org sees no dispute."""
    thing: dict[str, object] = {
        "@id": subject.iri,
        "@type": next(_types(subject, names), "Thing"),
        "name": name,
        "description": sentence,
        "alternateName": [each.value for each in subject.other_names],
        "sameAs": list(subject.same_as),
    }
    found: dict[str, list[object]] = {}
    for iri, values in subject.facts.items():
        term = names.ontology.find(iri)
        if isinstance(term, Property) and term.claimable:
            for key in _words(term):
                firm = (each for each in values if (iri, each) not in doubted)
                found.setdefault(key, []).extend(_value(each, names) for each in firm)
    thing |= {k: v[0] if isinstance(v[0], str) else v for k, v in found.items() if v}
    if subject.position:
        latitude, longitude = subject.position
        thing["geo"] = {
            "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude
        }  # fmt: skip
    return thing


def _types(subject: Subject, names: Names) -> Iterator[str]:
    """The most general first: schema.org gives an Event dates and a place, but no TravelAction."""
    for iri in subject.types:
        term = names.ontology.find(iri)
        for each in reversed(names.ontology.above(term.name) if term else ()):
            yield from _words(each)


def _words(term: Word) -> Iterator[str]:
    """What schema.org calls a term."""
    for each in term.alignments:
        if each.relation in _CLOSE and each.target.startswith(str(SDO)):
            yield each.target.removeprefix(str(SDO))


def _value(term: Term, names: Names) -> object:
    if isinstance(term, Literal):
        return term.value[:CUT]
    return {"@id": term, "name": names.thing(term).label}
