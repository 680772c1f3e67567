"""The graph in a catalogue: DCAT 3 as DCAT-AP 3.0.1 wants it, as pure functions to quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, VOID, XSD, Namespace

from kg.build.publish.publication import Publication
from kg.model.formats import BY_EXTENSION
from kg.model.rdf import Iri, Literal, Quad
from kg.store.manifest import File

_IANA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_KEYWORDS = 12


def describe_catalogue(publication: Publication) -> Iterator[Quad]:
    """The data set, the service that answers for it, a catalogue of both, and who publishes it."""
    base, dataset, say = publication.minter.base, publication.dataset, publication.say
    catalogue, service, publisher, contact = (
        f"{dataset}/{each}" for each in ("catalogue", "service", "publisher", "contact")
    )
    titles = {dataset: publication.title, catalogue: f"{publication.title}: catalogue",
              service: f"{publication.title}: SPARQL endpoint"}  # fmt: skip
    for each, title in titles.items():
        yield from _titled(publication, each, title)
        yield say(each, DCTERMS.description, _text(publication, publication.description))
        yield say(each, DCTERMS.license, publication.licence)
        yield say(each, DCTERMS.publisher, publisher)
    yield say(dataset, RDF.type, DCAT.Dataset)
    yield say(dataset, DCTERMS.identifier, Literal(dataset))
    yield say(dataset, DCAT.landingPage, base)
    for each in _keywords(publication):
        yield say(dataset, DCAT.keyword, _text(publication, each))
        yield say(service, DCAT.keyword, _text(publication, each))
    yield say(catalogue, RDF.type, DCAT.Catalog)
    yield say(catalogue, FOAF.homepage, base)
    yield say(catalogue, DCAT.dataset, dataset)
    yield say(catalogue, DCAT.service, service)
    yield say(service, RDF.type, DCAT.DataService)
    yield say(service, DCAT.endpointURL, f"{base}sparql")
    yield say(service, DCAT.endpointDescription, f"{base}sparql")
    yield say(service, DCAT.servesDataset, dataset)
    yield say(service, DCTERMS.conformsTo, _PROTOCOL)
    yield say(publisher, RDF.type, FOAF.Agent)
    yield say(publisher, RDFS.label, Literal(publication.publisher))
    yield say(publisher, FOAF.name, Literal(publication.publisher))
    if publication.contact:
        means = "hasEmail" if publication.contact.startswith("mailto:") else "hasURL"
        yield say(contact, RDF.type, _VCARD.Kind)
        yield say(contact, RDFS.label, Literal(publication.publisher))
        yield say(contact, _VCARD.fn, Literal(publication.publisher))
        yield say(contact, _VCARD[means], publication.contact)
        for each in (dataset, service):
            yield say(each, DCAT.contactPoint, contact)


def describe_dumps(
    publication: Publication, dumps: Iterable[File], graphs: Iterable[Iri]
) -> Iterator[Quad]:
    """The files of a release, which cannot describe themselves from inside: of the whole, and of
    each of its `graphs`, which is a data set within it; and what the IRIs of others stand for.
    """
    base, dataset, say = publication.minter.base, publication.dataset, publication.say
    parts = {f"graph-{publication.name(iri).replace('/', '-')}.ttl.gz": iri for iri in graphs}
    for dump in dumps:
        part = parts.get(dump.name)
        if part:
            yield from _part(publication, part)
        yield say(part or dataset, VOID.dataDump, f"{base}dumps/{dump.name}")
        yield say(part or dataset, DCAT.distribution, f"{base}dumps/{dump.name}")
        yield from _distribution(publication, dump)
    language = f"{_LANGUAGES}{publication.language.partition('-')[0]}"
    for each in (dataset, f"{dataset}/catalogue"):
        yield say(each, DCTERMS.language, language)
    yield say(language, RDF.type, DCTERMS.LinguisticSystem)
    yield say(publication.licence, RDF.type, DCTERMS.LicenseDocument)
    yield say(_PROTOCOL, RDF.type, DCTERMS.Standard)
    yield say(base, RDF.type, FOAF.Document)


def _part(publication: Publication, iri: Iri) -> Iterator[Quad]:
    dataset, say = publication.dataset, publication.say
    yield say(iri, RDF.type, DCAT.Dataset)
    yield from _titled(publication, iri, f"{publication.title}: {publication.name(iri)}")
    said = f"The named graph “{publication.name(iri)}” of it. {publication.description}"
    yield say(iri, DCTERMS.description, _text(publication, said))
    yield say(iri, DCTERMS.publisher, f"{dataset}/publisher")
    yield say(iri, DCTERMS.license, publication.licence)
    yield say(iri, DCTERMS.isPartOf, dataset)
    yield say(dataset, DCTERMS.hasPart, iri)


def _distribution(publication: Publication, dump: File) -> Iterator[Quad]:
    base, say = publication.minter.base, publication.say
    url = f"{base}dumps/{dump.name}"
    checksum, algorithm = f"{url}#sha256", str(_SPDX.checksumAlgorithm_sha256)
    written = BY_EXTENSION[dump.name.removesuffix(".gz").rpartition(".")[2]]
    packed = dump.name.endswith(".gz")
    yield say(url, RDF.type, DCAT.Distribution)
    yield from _titled(publication, url, dump.name)
    told = f"{written.label}{', packed by gzip' if packed else ''}"
    yield say(url, DCTERMS.description, _text(publication, told))
    yield say(url, DCTERMS.license, publication.licence)
    yield say(url, DCAT.accessURL, f"{base}dumps/")
    yield say(url, DCAT.downloadURL, url)
    media = _IANA + written.media_type
    yield say(url, DCAT.mediaType, media)
    yield say(url, DCTERMS["format"], media)
    yield say(media, RDF.type, DCTERMS.MediaTypeOrExtent)
    yield say(media, RDF.type, DCTERMS.MediaType)
    if packed:
        yield say(url, DCAT.compressFormat, _IANA + "application/gzip")
        yield say(_IANA + "application/gzip", RDF.type, DCTERMS.MediaType)
    yield say(url, DCAT.byteSize, Literal(str(dump.size), str(XSD.nonNegativeInteger)))
    yield say(url, _SPDX.checksum, checksum)
    yield say(checksum, RDF.type, _SPDX.Checksum)
    yield say(checksum, _SPDX.algorithm, algorithm)
    yield say(checksum, _SPDX.checksumValue, Literal(dump.sha256, str(XSD.hexBinary)))
    yield say(algorithm, RDF.type, _SPDX.ChecksumAlgorithm)


def _titled(publication: Publication, subject: Iri, title: str) -> Iterator[Quad]:
    for each in (RDFS.label, DCTERMS.title):
        yield publication.say(subject, each, _text(publication, title))


def _text(publication: Publication, text: str) -> Literal:
    return Literal(text, language=publication.language)


def _keywords(publication: Publication) -> list[str]:
    """What several of the things are called that the graph is about."""
    ontology = publication.ontology
    kinds = (each for each in ontology.segments.values() if not ontology.is_base(each))
    ranked = sorted(kinds, key=lambda each: (each.order, each.name))[:_KEYWORDS]
    return sorted({each.plural or f"{each.label}s" for each in ranked})
