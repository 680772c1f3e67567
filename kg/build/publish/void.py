"""The graph's description of itself: VoID and DCAT, as pure functions to quads.

Sources: VoID (W3C Interest Group Note, 2011-03-03), DCAT 3 §6.6 to §6.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, VOID, XSD

from kg.build.lines.census import Census
from kg.model.formats import BY_EXTENSION
from kg.model.iris import Minter
from kg.model.rdf import Literal, Quad, Term
from kg.ontology import Ontology
from kg.store.manifest import File

_IANA = "https://www.iana.org/assignments/media-types/"
_SPDX = "http://spdx.org/rdf/terms#"


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publisher says of the graph as a whole."""

    minter: Minter
    title: str
    description: str
    licence: str
    ontology: Ontology

    @property
    def dataset(self) -> str:
        return self.minter.entity("dataset/chancery")

    @property
    def reserved(self) -> tuple[str, ...]:
        """How the subjects begin that `describe_dataset` describes."""
        return f"<{self.dataset}>", f"<{self.dataset}/", f"<{self.minter.graph('')}"


def _whole(number: int) -> Literal:
    return Literal(str(number), str(XSD.integer))


def describe_dataset(publication: Publication, census: Census) -> Iterator[Quad]:
    """The data set with its counts, for `graph/meta`; the counts leave that graph itself out."""
    base, dataset, graph = publication.minter.base, publication.dataset, publication.minter.meta

    def say(subject: str, predicate: str, value: Term) -> Quad:
        return Quad(subject, predicate, value, graph)

    yield say(dataset, RDF.type, VOID.Dataset)
    yield say(dataset, RDF.type, DCAT.Dataset)
    yield say(dataset, RDFS.label, Literal(publication.title, language="en"))
    yield say(dataset, DCTERMS.title, Literal(publication.title, language="en"))
    yield say(dataset, DCTERMS.description, Literal(publication.description, language="en"))
    yield say(dataset, DCTERMS.license, publication.licence)
    yield say(dataset, FOAF.homepage, base)
    yield say(dataset, VOID.sparqlEndpoint, f"{base}sparql")
    yield say(dataset, VOID.uriSpace, Literal(f"{base}id/"))
    for each in publication.ontology.vocabularies:
        yield say(dataset, VOID.vocabulary, each.namespace)
    yield say(dataset, VOID.triples, _whole(census.triples))
    yield say(dataset, VOID.distinctSubjects, _whole(census.subjects))
    yield say(dataset, VOID.classes, _whole(len(census.classes)))
    yield say(dataset, VOID.properties, _whole(len(census.properties)))
    for iri, count in census.classes.items():
        part = f"{dataset}/class/{_local(iri, publication.ontology.prefixes)}"
        yield say(dataset, VOID.classPartition, part)
        yield say(part, VOID["class"], iri)
        yield say(part, VOID.entities, _whole(count))
    for iri, count in census.properties.items():
        part = f"{dataset}/property/{_local(iri, publication.ontology.prefixes)}"
        yield say(dataset, VOID.propertyPartition, part)
        yield say(part, VOID.property, iri)
        yield say(part, VOID.triples, _whole(count))
    for iri, count in census.graphs.items():
        yield say(dataset, VOID.subset, iri)
        yield say(iri, RDF.type, VOID.Dataset)
        yield say(iri, VOID.triples, _whole(count))


def describe_dumps(publication: Publication, dumps: Iterable[File]) -> Iterator[Quad]:
    """The files of a release, which cannot describe themselves from inside."""
    base, dataset, graph = publication.minter.base, publication.dataset, publication.minter.meta
    for dump in dumps:
        url = f"{base}dumps/{dump.name}"
        extension = dump.name.removesuffix(".gz").rpartition(".")[2]
        checksum = f"{url}#sha256"
        yield Quad(dataset, VOID.dataDump, url, graph)
        yield Quad(dataset, DCAT.distribution, url, graph)
        yield Quad(url, RDF.type, DCAT.Distribution, graph)
        yield Quad(url, DCAT.downloadURL, url, graph)
        yield Quad(url, DCAT.mediaType, _IANA + BY_EXTENSION[extension].media_type, graph)
        if dump.name.endswith(".gz"):
            yield Quad(url, DCAT.compressFormat, _IANA + "application/gzip", graph)
        size = Literal(str(dump.size), str(XSD.nonNegativeInteger))
        yield Quad(url, DCAT.byteSize, size, graph)
        yield Quad(url, _SPDX + "checksum", checksum, graph)
        yield Quad(checksum, RDF.type, _SPDX + "Checksum", graph)
        yield Quad(checksum, _SPDX + "algorithm", _SPDX + "checksumAlgorithm_sha256", graph)
        digest = Literal(dump.sha256, str(XSD.hexBinary))
        yield Quad(checksum, _SPDX + "checksumValue", digest, graph)


def _local(iri: str, prefixes: Mapping[str, str]) -> str:
    """A CURIE with a dash for its colon, which names a partition in an IRI."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and iri[len(namespace) :].isalnum():
            return f"{prefix}-{iri[len(namespace) :]}"
    return iri.replace("://", "-").translate({ord(mark): "-" for mark in "/#:?&=%"})
