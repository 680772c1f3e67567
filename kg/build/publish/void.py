"""The graph's description of itself in VoID (W3C Interest Group Note, 2011-03-03), as quads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rdflib.namespace import FOAF, RDF, VOID, XSD

from kg.build.lines.census import Census
from kg.build.publish.dcat import describe_catalogue
from kg.build.publish.examples import describe_queries
from kg.build.publish.publication import Publication
from kg.model.rdf import Iri, Literal, Quad, line
from kg.queries import SavedQuery


def described(
    publication: Publication, census: Census, queries: Sequence[SavedQuery]
) -> tuple[list[str], Census]:
    """The lines of `graph/meta`, and the census that they tell: that of the graph and of these
    lines, so that what is counted at the endpoint is what it says of itself.
    """
    # How many lines there are is a matter of names, not of numbers, so this ends.
    told: list[str] = []
    whole = census
    while (found := _lines(publication, whole, queries)) != told:
        told, whole = found, census.joined(found)
    return told, whole


def _lines(publication: Publication, census: Census, queries: Sequence[SavedQuery]) -> list[str]:
    quads = (
        *describe_catalogue(publication),
        *describe_queries(publication, queries),
        *_describe(publication, census),
    )
    return sorted(f"{line(each)}\n" for each in quads)


def _describe(publication: Publication, census: Census) -> Iterator[Quad]:
    base, dataset, say = publication.minter.base, publication.dataset, publication.say
    yield say(dataset, RDF.type, VOID.Dataset)
    yield say(dataset, FOAF.homepage, base)
    yield say(dataset, VOID.sparqlEndpoint, f"{base}sparql")
    yield say(dataset, VOID.uriSpace, Literal(f"{base}id/"))
    for each in publication.ontology.vocabularies:
        yield say(dataset, VOID.vocabulary, each.namespace)
    yield say(dataset, VOID.triples, whole(census.triples))
    yield say(dataset, VOID.distinctSubjects, whole(census.subjects))
    yield say(dataset, VOID.classes, whole(len(census.classes)))
    yield say(dataset, VOID.properties, whole(len(census.properties)))
    yield from _properties(publication, dataset, census.properties)
    within = census.within
    for iri, count in census.classes.items():
        part = f"{dataset}/class/{_local(iri, publication.ontology.prefixes)}"
        yield say(dataset, VOID.classPartition, part)
        yield say(part, VOID["class"], iri)
        yield say(part, VOID.entities, whole(count))
        yield say(part, VOID.triples, whole(sum(within[iri].values())))
        yield from _properties(publication, part, within[iri])
    for iri, count in census.graphs.items():
        yield say(dataset, VOID.subset, iri)
        yield say(iri, RDF.type, VOID.Dataset)
        yield say(iri, VOID.triples, whole(count))


def _properties(
    publication: Publication, dataset: Iri, counts: Mapping[Iri, int]
) -> Iterator[Quad]:
    """What a data set has of each property; VoID nests, so a class's instances are one as well."""
    say = publication.say
    for iri, count in counts.items():
        part = f"{dataset}/property/{_local(iri, publication.ontology.prefixes)}"
        yield say(dataset, VOID.propertyPartition, part)
        yield say(part, VOID.property, iri)
        yield say(part, VOID.triples, whole(count))


def whole(number: int) -> Literal:
    return Literal(str(number), str(XSD.integer))


def _local(iri: str, prefixes: Mapping[str, str]) -> str:
    """A CURIE with a dash for its colon, which names a partition in an IRI."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and iri[len(namespace) :].isalnum():
            return f"{prefix}-{iri[len(namespace) :]}"
    return iri.replace("://", "-").translate({ord(mark): "-" for mark in "/#:?&=%"})
