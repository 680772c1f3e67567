"""Releases in RDF, as versions of one data set: DCAT 3 §11.1, PROV-O, SPDX's checksums."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, PROV, RDF, XSD

from kg.model.formats import kind_of
from kg.model.rdf import Iri, Literal, Term
from kg.store.release import Release
from web.releases.page import ReleasePage
from web.site import Site
from web.site.citing.releases import address
from web.site.files import Published

_DCAT = "http://www.w3.org/ns/dcat#"
_IANA = "https://www.iana.org/assignments/media-types/"
_SPDX = "http://spdx.org/rdf/terms#"
Triple = tuple[Iri, Iri, Term]


def described(site: Site, *releases: Release) -> Iterator[Triple]:
    """The data set with `releases` as its versions."""
    dataset = site.minter.entity("dataset/chancery")
    yield dataset, RDF.type, f"{_DCAT}Dataset"
    yield dataset, DCTERMS.title, Literal(site.settings.title, language="en")
    current = address(site, site.releases.current.id)
    yield dataset, f"{_DCAT}hasCurrentVersion", current
    for each in releases:
        iri, built = address(site, each.id), each.manifest.built
        yield dataset, f"{_DCAT}hasVersion", iri
        yield iri, RDF.type, f"{_DCAT}Dataset"
        yield iri, RDF.type, PROV.Entity
        yield iri, f"{_DCAT}isVersionOf", dataset
        yield iri, f"{_DCAT}version", Literal(each.id)
        yield iri, DCTERMS.identifier, Literal(each.id)
        title = f"{each.manifest.title}, release {each.id[:12]}"
        yield iri, DCTERMS.title, Literal(title, language="en")
        yield iri, DCTERMS.issued, Literal(built, str(XSD.dateTime))
        yield iri, PROV.generatedAtTime, Literal(built, str(XSD.dateTime))
        yield iri, DCTERMS.license, site.settings.licence
        before, _ = site.releases.around(each)
        if before:
            yield iri, f"{_DCAT}previousVersion", address(site, before.id)
            yield iri, PROV.wasRevisionOf, address(site, before.id)


def distributed(page: ReleasePage) -> Iterator[Triple]:
    """Its files, and how it is to be cited."""
    iri = page.iri
    note = page.citation.parts[0]
    yield iri, DCTERMS.bibliographicCitation, Literal(note.note.striptags())
    if page.listed.doi:
        yield (
            iri,
            DCTERMS.identifier,
            Literal(f"https://doi.org/{page.listed.doi}", str(XSD.anyURI)),
        )
    for each in page.files:
        yield from _distribution(iri, each)
    for credit in page.credits:
        yield iri, DCTERMS.source, credit.url


def _distribution(release: Iri, file: Published) -> Iterator[Triple]:
    url = f"{release}{file.name}"
    checksum = f"{url}#sha256"
    yield release, f"{_DCAT}distribution", url
    yield url, RDF.type, f"{_DCAT}Distribution"
    yield url, DCTERMS.title, Literal(file.name)
    yield url, f"{_DCAT}downloadURL", url
    yield url, f"{_DCAT}accessURL", release
    yield url, f"{_DCAT}mediaType", _IANA + kind_of(file.name.removesuffix(".gz"))[1]
    if file.name.endswith(".gz"):
        yield url, f"{_DCAT}compressFormat", f"{_IANA}application/gzip"
    yield url, f"{_DCAT}byteSize", Literal(str(file.size), str(XSD.nonNegativeInteger))
    yield url, f"{_SPDX}checksum", checksum
    yield checksum, RDF.type, f"{_SPDX}Checksum"
    yield checksum, f"{_SPDX}algorithm", f"{_SPDX}checksumAlgorithm_sha256"
    yield checksum, f"{_SPDX}checksumValue", Literal(file.sha256, str(XSD.hexBinary))
